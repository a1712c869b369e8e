"""At which level each publisher counts a group, and where two of them can be set side by side.

Nothing here adds figures up: a level that a publisher does not print stays without a figure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from typing import Final

import pandas as pd

from data.analysis.cells import Row
from data.analysis.gap_reasons import Reason, difference
from data.analysis.series import in_series, ordered, whole_counts

COUNTED: Final = ("publisher", "dataset", "measure", "unit", "cumulative_since")
"""What makes one row of the table: who counts, and how."""
CLOSE: Final = timedelta(days=31)
"""Two counts further apart in time are of two situations: a page of gaps sends nobody there."""


@dataclass(frozen=True)
class CountingWay:
    """One publisher's way of counting a group.

    Attributes:
        newest: Its newest figure of each place, by code.
    """

    newest: Mapping[str, Row]

    @property
    def first(self) -> Row:
        """Any of its figures: they share publisher, dataset, kind and unit."""
        return next(iter(self.newest.values()))

    def newest_of(self, codes: Sequence[str]) -> list[Row]:
        """Its newest figures of some places, newest day first."""
        found = [self.newest[code] for code in codes if code in self.newest]
        return sorted(found, key=lambda row: row["as_of"], reverse=True)


@dataclass(frozen=True)
class Meeting:
    """Whether two publishers can be compared at a place, and else where.

    Attributes:
        one: The first publisher's way of counting.
        other: The second's.
        why: Reasons against it at the place itself; none where they can be compared there.
        absent: Publishers without a figure of the place.
        at: The two figures at the nearest place where they can be compared; None for nowhere.
    """

    one: CountingWay
    other: CountingWay
    why: tuple[Reason, ...]
    absent: tuple[str, ...]
    at: tuple[Row, Row] | None


def counting_ways(figures: pd.DataFrame, group: str) -> list[CountingWay]:
    """Each publisher's ways of counting a group as a whole, the one with most places first.

    Args:
        figures: Rows of `tables.FIGURES` of a place, those above it and those within it.
        group: Population group.
    """
    usable = in_series(figures[figures["population_group"].eq(group)])
    usable = usable[usable["value"].notna() & whole_counts(usable)]
    inside = usable["origin_code"].notna() & usable["origin_location_code"].eq(
        usable["location_code"]
    )
    found = [
        CountingWay({str(row["place_code"]): row for row in ordered(part).to_dict("records")})
        for _, part in usable[~inside].groupby(list(COUNTED), dropna=False, sort=True)
    ]
    return sorted(found, key=lambda one: -len(one.newest))


def meetings(found: Sequence[CountingWay], places: Sequence[str]) -> Iterator[Meeting]:
    """Every two publishers of which one counts at the first of some places.

    Args:
        found: As `counting_ways` gives it.
        places: The place itself, then those above it from the nearest on, then those within it.
    """
    here = places[0]
    nearest: dict[frozenset[str], Meeting] = {}
    for one, other in combinations(found, 2):
        who = frozenset(str(way.first["publisher"]) for way in (one, other))
        if len(who) < 2 or not (here in one.newest or here in other.newest):
            continue
        meeting = _meeting(one, other, places)
        held = nearest.get(who)
        if held is None or _rank(meeting, places) < _rank(held, places):
            nearest[who] = meeting
    yield from sorted(nearest.values(), key=lambda meeting: _rank(meeting, places))


def _rank(meeting: Meeting, places: Sequence[str]) -> tuple[int, int]:
    """Of several ways that two publishers count, the closest is given."""
    at = len(places) if meeting.at is None else places.index(str(meeting.at[0]["place_code"]))
    return at, len(meeting.absent)


def _meeting(one: CountingWay, other: CountingWay, places: Sequence[str]) -> Meeting:
    here = places[0]
    pairs = [
        (one.newest[code], other.newest[code])
        for code in places
        if code in one.newest and code in other.newest
    ]
    at = next((pair for pair in pairs if _comparable(*pair)), None)
    absent = tuple(str(way.first["publisher"]) for way in (one, other) if here not in way.newest)
    why: tuple[Reason, ...] = ()
    if not absent and (at is None or at[0]["place_code"] != here):
        why = difference(one.newest[here], other.newest[here]).reasons
    return Meeting(one, other, why, absent, at)


def _comparable(left: Row, right: Row) -> bool:
    """Whether two figures count the same, of about the same time."""
    close = abs(left["as_of"] - right["as_of"]) <= CLOSE
    return bool(close and difference(left, right).gap is not None)
