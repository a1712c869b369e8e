"""The rules by which a number gets a new vintage. Pure: frames in, frames out.

A figure is never overwritten. Its vintages are ordered by (known_from, retrieved_at); the last one
is what is shown now, and the last one known on a day is what was shown then.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from data.tables import FIGURES

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
    """
    dated = incoming[incoming["known_from"].notna()]
    known = _marks(history[history["figure_id"].isin(dated["figure_id"])], DATED)
    unseen = ~_marks(dated, DATED).isin(known)
    parts = [dated[unseen.to_numpy(dtype=bool)], _said_now(incoming, latest, via, today)]
    if complete:
        parts.append(_gone(incoming, latest, via, today))
    added = pd.concat([part for part in parts if len(part)] or [FIGURES.empty()])
    added = added.sort_values(ORDER, ignore_index=True)
    following = last_of(pd.concat([latest, added], ignore_index=True) if len(latest) else added)

    fresh = ~added["figure_id"].isin(latest["figure_id"])
    before = latest.set_index("figure_id")
    after = following.set_index("figure_id")
    both = after.index.intersection(before.index)
    moved = _marks(after.loc[both], SAID) != _marks(before.loc[both], SAID)
    gone = (after.loc[both, "missing_reason"] == WITHDRAWN).fillna(False) & moved
    return Merge(
        added=added,
        latest=following,
        new=int(added.loc[fresh, "figure_id"].nunique()),
        changed=int(moved.sum() - gone.sum()),
        withdrawn=int(gone.sum()),
    )


def last_of(vintages: pd.DataFrame) -> pd.DataFrame:
    """The last vintage of each figure."""
    ordered = vintages.sort_values(ORDER, kind="stable")
    return ordered.drop_duplicates("figure_id", keep="last").reset_index(drop=True)


def _said_now(incoming: pd.DataFrame, latest: pd.DataFrame, via: str, today: date) -> pd.DataFrame:
    said = incoming[incoming["known_from"].isna()].copy()
    if said.empty:
        return said
    last = latest.set_index("figure_id").reindex(said["figure_id"])
    seen = last["source"].notna().to_numpy(dtype=bool)
    same = seen & (_marks(said, SAID).to_numpy() == _marks(last, SAID).to_numpy())
    ours = (last["via"] == via).fillna(False).to_numpy(dtype=bool)
    day = pd.Timestamp(today).as_unit("s")
    before = pd.Series(last["known_from"].to_numpy(), index=said.index)
    # The live source takes over the papers of a number that was carried: known as early as before.
    said["known_from"] = before.where(same, before.clip(lower=day).fillna(day))
    said["retrieved_at"] = _after(said, last)
    return said[~(same & ours)]


def _gone(incoming: pd.DataFrame, latest: pd.DataFrame, via: str, today: date) -> pd.DataFrame:
    listed = latest["figure_id"].isin(incoming["figure_id"])
    here = (latest["missing_reason"] != WITHDRAWN).fillna(True)
    gone = latest[~listed & here & (latest["via"] == via)].copy()
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
    texts = [frame[name].astype("string").fillna("") for name in columns]
    return texts[0].str.cat(texts[1:], sep="\x1f").astype("string")
