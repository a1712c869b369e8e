"""The rules by which a number gets a new vintage. Pure: frames in, frames out.

A figure is never overwritten. Its vintages are ordered by (known_from, retrieved_at); the last one
is what is shown now, and the last one known on a day is what was shown then.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as arrow
from pyarrow import compute

from data.schema.contract import whole
from data.schema.tables import FIGURES, is_in

SAID: Final = ("value", "missing_reason", "qualifier", "as_of", "caveat")
"""What a publisher says of a figure; a change in any of these is a new vintage."""
DATED: Final = ("figure_id", "known_from", "value", "missing_reason", "as_of")
"""What makes two dated rows the same vintage."""
ORDER: Final = ["figure_id", "known_from", "retrieved_at"]
WITHDRAWN: Final = "withdrawn"


@dataclass(frozen=True)
class Merge:
    """What one publication adds.

    Attributes:
        added: The new vintages, in the columns of `tables.FIGURES`.
        latest: The last vintage of every figure, withdrawn ones included.
        new: Figures never seen before.
        changed: Figures whose last vintage says something else than before.
        withdrawn: Figures that the source no longer lists.
    """

    added: pd.DataFrame
    latest: pd.DataFrame
    new: int
    changed: int
    withdrawn: int


def merge(
    incoming: pd.DataFrame,
    latest: pd.DataFrame,
    history: pd.DataFrame,
    *,
    via: str,
    complete: bool,
    today: date,
    withheld: frozenset[str] = frozenset(),
    withdrawn: frozenset[str] = frozenset(),
) -> Merge:
    """Set what a run says beside what is known.

    Args:
        incoming: Columns of `tables.FIGURES`. A row without known_from is what the source says
            now; rows with known_from are its dated history, several to a figure.
        latest: The last vintage of each figure of the same `source`.
        history: The columns `DATED` of every vintage so far; asked only of dated rows.
        via: The source whose run this is.
        complete: Whether a figure that `via` delivered before and leaves out now is withdrawn.
        today: Day from which what is new is known.
        withheld: Ids of figures that are left out and yet not withdrawn: a person withheld what
            the source says of them, and what was published stays.
        withdrawn: Ids of figures of `via` that are withdrawn, complete or not.
    """
    parts = [_unseen(incoming, history), _said_now(incoming, latest, via, today)]
    if complete:
        shown = latest[~latest["figure_id"].isin(withheld)] if withheld else latest
        parts.append(_gone(incoming, shown, via, today))
    elif withdrawn:
        parts.append(_gone(incoming, latest[latest["figure_id"].isin(withdrawn)], via, today))
    parts = [part for part in parts if len(part)]
    if not parts:
        return Merge(FIGURES.empty(), latest, 0, 0, 0)
    added = pd.concat(parts) if len(parts) > 1 else parts[0]
    added = added.sort_values(ORDER, ignore_index=True)
    if latest.empty:
        last = last_of(added)
        return Merge(added, last, len(last), 0, 0)

    touched = is_in(latest["figure_id"], added["figure_id"])
    seen = latest[touched]
    following = last_of(pd.concat([seen, added], ignore_index=True))
    words = ["figure_id", *SAID]
    before = seen[words].set_index("figure_id")
    after = following[words].set_index("figure_id").loc[before.index]
    moved = _marks(after, SAID) != _marks(before, SAID)
    gone = (after["missing_reason"] == WITHDRAWN).fillna(False) & moved
    return Merge(
        added=added,
        latest=pd.concat([latest[~touched], following], ignore_index=True),
        new=len(following) - len(before),
        changed=int(moved.sum() - gone.sum()),
        withdrawn=int(gone.sum()),
    )


def _unseen(incoming: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """The dated rows that are no vintage yet."""
    has_day = incoming["known_from"].notna()
    if not has_day.any():
        return FIGURES.empty()
    dated = incoming[has_day]
    known = _marks(history[is_in(history["figure_id"], dated["figure_id"])], DATED)
    return dated[~is_in(_marks(dated, DATED), known)]


def last_of(vintages: pd.DataFrame) -> pd.DataFrame:
    """The last vintage of each figure."""
    if vintages["figure_id"].is_unique:
        return vintages
    ordered = vintages.sort_values(ORDER, kind="stable")
    return ordered.drop_duplicates("figure_id", keep="last").reset_index(drop=True)


def _said_now(incoming: pd.DataFrame, latest: pd.DataFrame, via: str, today: date) -> pd.DataFrame:
    current = incoming["known_from"].isna()
    said = incoming if current.all() else incoming[current]
    same = _as_said(said, latest)
    here = latest.loc[(latest["via"] == via).fillna(False), "figure_id"]
    known = same & is_in(said["figure_id"], here).to_numpy()
    if known.all():
        return FIGURES.empty()
    # Most of an answer was published before and came the same way: no news, and nothing to do.
    said, same = said[~known].copy(), same[~known]
    asked = ["figure_id", "known_from", "retrieved_at"]
    last = latest[asked].set_index("figure_id").reindex(said["figure_id"])
    day = pd.Timestamp(today).as_unit("s")
    before = pd.Series(last["known_from"].to_numpy(), index=said.index)
    # The live source takes over a carried number's provenance: known as early as before.
    said["known_from"] = before.where(same, before.clip(lower=day).fillna(day))
    said["retrieved_at"] = _after(said, last)
    return said


def _as_said(rows: pd.DataFrame, latest: pd.DataFrame) -> "np.ndarray[Any, np.dtype[np.bool_]]":
    """Whether each row says of its figure what its last vintage says."""
    if latest.empty:
        return np.zeros(len(rows), dtype=bool)
    at = compute.index_in(_text(rows["figure_id"]), value_set=_text(latest["figure_id"]))
    same = compute.is_valid(at)
    for name in SAID:
        now, was = _text(rows[name]), _text(latest[name]).take(at)
        same = compute.and_(same, compute.equal(_or_nothing(now), _or_nothing(was)))
    return np.asarray(same.to_numpy(zero_copy_only=False), dtype=bool)


def _gone(incoming: pd.DataFrame, latest: pd.DataFrame, via: str, today: date) -> pd.DataFrame:
    listed = is_in(latest["figure_id"], incoming["figure_id"])
    here = (latest["missing_reason"] != WITHDRAWN).fillna(True)
    lost = (~listed & here & (latest["via"] == via)).fillna(False)
    if not lost.any():
        return FIGURES.empty()
    gone = latest[lost].copy()
    gone["value"] = pd.NA
    gone["value_raw"] = pd.NA
    gone["missing_reason"] = WITHDRAWN
    gone["known_from"] = gone["known_from"].clip(lower=pd.Timestamp(today).as_unit("s"))
    if len(incoming):
        gone["retrieved_at"] = incoming["retrieved_at"].max()
    gone["retrieved_at"] = _after(gone, latest.loc[gone.index])
    return gone


def _after(rows: pd.DataFrame, last: pd.DataFrame) -> "pd.Series[pd.Timestamp]":
    """When each row was retrieved; moved just behind the vintage that it follows on one day.

    The same stored file read by a mended reader says something new without being any newer.
    """
    earlier = last["retrieved_at"].set_axis(rows.index)
    one_day = rows["known_from"].to_numpy() == last["known_from"].to_numpy()
    behind = earlier + pd.Timedelta(microseconds=1)
    tied = pd.Series(one_day, index=rows.index) & (earlier >= rows["retrieved_at"])
    return rows["retrieved_at"].mask(tied, behind)


def _marks(frame: pd.DataFrame, columns: tuple[str, ...]) -> "pd.Series[str]":
    """One text for each row, equal where the columns are equal, nulls included."""
    texts = [_text(frame[name]) for name in columns]
    marks = compute.binary_join_element_wise(*texts, "\x1f", null_handling="replace")
    return pd.Series(marks.to_pandas().array, index=frame.index).astype("string")


def _or_nothing(texts: arrow.Array) -> arrow.Array:
    return compute.fill_null(texts, "")


def _text(values: "pd.Series[Any]") -> arrow.Array:
    """The values as text, a day by its number."""
    found = whole(values)
    if arrow.types.is_timestamp(found.type):
        found = found.cast(arrow.int64())
    return found.cast(arrow.string())
