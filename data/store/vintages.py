"""The rules by which a number gets a new vintage. Pure: tables in, tables out.

A figure is never overwritten. Its vintages are ordered by (known_from, retrieved_at); the last one
is what is shown now, and the last one known on a day is what was shown then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import pyarrow as arrow
from pyarrow import compute

from data.schema.arrow_rows import in_order, whole, with_columns
from data.schema.tables import FIGURES, keys

STATED_COLUMNS: Final = ("value", "missing_reason", "qualifier", "as_of", "caveat")
"""What a publisher says of a figure; a change in any of these is a new vintage."""
DATED: Final = ("figure_id", "known_from", "value", "missing_reason", "as_of")
"""What makes two dated rows the same vintage."""
ORDER: Final = ["figure_id", "known_from", "retrieved_at"]
_WHEN: Final = ("known_from", "retrieved_at")
WITHDRAWN: Final = "withdrawn"


@dataclass(frozen=True)
class Merge:
    """What one publication adds.

    Attributes:
        added: The new vintages, in the columns of `tables.FIGURES` and no order.
        latest: The last vintage of every figure, withdrawn ones included.
        new: Figures never seen before.
        changed: Figures whose last vintage says something else than before.
        withdrawn: Figures that the source no longer lists.
    """

    added: arrow.Table
    latest: arrow.Table
    new: int
    changed: int
    withdrawn: int


def merge(
    incoming: arrow.Table,
    latest: arrow.Table,
    history: arrow.Table,
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
        parts.append(_gone(incoming, _without(latest, withheld), via, today))
    elif withdrawn:
        parts.append(_gone(incoming, latest.filter(_among(latest, withdrawn)), via, today))
    parts = [part for part in parts if len(part)]
    if not parts:
        return Merge(FIGURES.none, latest, 0, 0, 0)
    added = arrow.concat_tables(parts)
    if not len(latest):
        last = last_of(added)
        return Merge(added, last, len(last), 0, 0)

    touched = compute.is_in(latest["figure_id"], whole(added["figure_id"]))
    seen = latest.filter(touched)
    following = last_of(arrow.concat_tables([seen, added]))
    after = following.take(compute.index_in(seen["figure_id"], whole(following["figure_id"])))
    moved = compute.invert(_alike(seen, after, STATED_COLUMNS))
    withdrawal = compute.fill_null(compute.equal(after["missing_reason"], WITHDRAWN), False)
    gone = _count(compute.and_(withdrawal, moved))
    return Merge(
        added=added,
        latest=arrow.concat_tables([latest.filter(compute.invert(touched)), following]),
        new=len(following) - len(seen),
        changed=_count(moved) - gone,
        withdrawn=gone,
    )


def _unseen(incoming: arrow.Table, history: arrow.Table) -> arrow.Table:
    """The dated rows that are no vintage yet."""
    has_day = incoming["known_from"].is_valid()
    if not compute.any(has_day).as_py():
        return FIGURES.none
    dated = incoming.filter(has_day)
    known = history.filter(compute.is_in(history["figure_id"], whole(dated["figure_id"])))
    return dated.filter(compute.invert(compute.is_in(keys(dated, DATED), keys(known, DATED))))


def last_of(vintages: arrow.Table) -> arrow.Table:
    """The last vintage of each figure."""
    figures = vintages["figure_id"]
    if not len(figures) or compute.count_distinct(figures, mode="all").as_py() == len(figures):
        return vintages
    ordered = in_order(vintages, ORDER)
    figures = whole(ordered["figure_id"])
    followed = compute.equal(figures.slice(0, len(figures) - 1), figures.slice(1))
    return ordered.filter(arrow.concat_arrays([compute.invert(followed), arrow.array([True])]))


def _said_now(incoming: arrow.Table, latest: arrow.Table, via: str, today: date) -> arrow.Table:
    current = incoming["known_from"].is_null()
    said = incoming if compute.all(current).as_py() else incoming.filter(current)
    was = _last(said, latest, ("figure_id", "via", *_WHEN, *STATED_COLUMNS))
    same = compute.and_(was["figure_id"].is_valid(), _alike(said, was, STATED_COLUMNS))
    here = compute.fill_null(compute.equal(was["via"], via), False)
    news = compute.invert(compute.and_(same, here))
    if not compute.any(news).as_py():
        return FIGURES.none
    # Most of an answer was published before and came the same way: no news, and nothing to do.
    said, was, same = said.filter(news), was.filter(news), same.filter(news)
    day = arrow.scalar(today, arrow.date32())
    # The live source takes over a carried number's provenance: known as early as before.
    first = compute.if_else(same, was["known_from"], _not_before(was["known_from"], day))
    return _after(with_columns(said, known_from=first), was)


def _last(rows: arrow.Table, latest: arrow.Table, names: Sequence[str]) -> arrow.Table:
    """What was last known of each row's figure; nulls of one that is new."""
    at = compute.index_in(rows["figure_id"], whole(latest["figure_id"]))
    return latest.select(list(names)).take(at)


def _gone(incoming: arrow.Table, latest: arrow.Table, via: str, today: date) -> arrow.Table:
    if not len(latest):
        return FIGURES.none
    lost = compute.and_not(
        compute.fill_null(compute.equal(latest["via"], via), False),
        compute.is_in(latest["figure_id"], whole(incoming["figure_id"])),
    )
    shown = compute.fill_null(compute.not_equal(latest["missing_reason"], WITHDRAWN), True)
    before = latest.filter(compute.and_(lost, shown))
    if not len(before):
        return FIGURES.none
    gone = with_columns(
        before,
        value=arrow.nulls(len(before), arrow.int64()),
        value_raw=arrow.nulls(len(before), arrow.string()),
        missing_reason=arrow.repeat(WITHDRAWN, len(before)),
        known_from=_not_before(before["known_from"], arrow.scalar(today, arrow.date32())),
    )
    if len(incoming):
        newest = compute.max(incoming["retrieved_at"])
        gone = with_columns(gone, retrieved_at=arrow.repeat(newest, len(gone)))
    return _after(gone, before)


def _not_before(days: arrow.ChunkedArray, day: arrow.Scalar) -> arrow.ChunkedArray:
    """The days, or that one where it is later or none is known."""
    return compute.max_element_wise(days, day)


def _after(rows: arrow.Table, last: arrow.Table) -> arrow.Table:
    """The rows; each retrieved just behind the vintage that it follows on one day.

    The same stored file read by a mended reader says something new without being any newer.
    """
    earlier, at = last["retrieved_at"], rows["retrieved_at"]
    tied = compute.and_(
        compute.equal(rows["known_from"], last["known_from"]), compute.greater_equal(earlier, at)
    )
    behind = compute.add(earlier, arrow.scalar(timedelta(microseconds=1)))
    behind = behind.cast(at.type)
    return with_columns(
        rows, retrieved_at=compute.if_else(compute.fill_null(tied, False), behind, at)
    )


def _without(latest: arrow.Table, withheld: frozenset[str]) -> arrow.Table:
    return latest.filter(compute.invert(_among(latest, withheld))) if withheld else latest


def _among(rows: arrow.Table, ids: frozenset[str]) -> arrow.ChunkedArray:
    return compute.is_in(rows["figure_id"], arrow.array(sorted(ids), arrow.string()))


def _alike(now: arrow.Table, was: arrow.Table, names: Sequence[str]) -> arrow.ChunkedArray:
    """Whether the rows, in one order, are equal in each of the columns, nulls included."""
    same = arrow.repeat(True, len(now))
    for name in names:
        one, other = now[name], was[name]
        equal = compute.fill_null(compute.equal(one, other), False)
        nothing = compute.and_(one.is_null(), other.is_null())
        same = compute.and_(same, compute.or_(equal, nothing))
    return same


def _count(held: arrow.ChunkedArray) -> int:
    return int(compute.sum(held).as_py() or 0)
