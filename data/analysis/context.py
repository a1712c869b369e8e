"""What else was reported around a place in a stretch of days: context, never a cause, never people.

Conflict by district and month and earthquakes by nearest district, each as its publisher counts it.
Nothing here is added up: civilian targeting is a part of political violence, and a month is shown
whole though it only overlaps the days asked for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import pandas as pd

from data.gazetteer import nearest, neighbours, places
from data.schema.tables import BASELINE_POPULATION, CONFLICT_MONTHS, EARTHQUAKES
from data.store import Release

BEFORE: Final = timedelta(days=60)
"""How long before a report's first day is looked."""
DISTRICT: Final = 2
FELT_KM: Final = 200
"""Places whose seat is further away than this have no line about an earthquake."""
MOST_ROWS: Final = 12

Row = dict[str, Any]


@dataclass(frozen=True)
class Month:
    """One district and month.

    Attributes:
        place: P-code of the district.
        start: First day of the month.
        own: Whether the district lies in the place that is asked about; else beside it.
        kinds: The row of `tables.CONFLICT_MONTHS` of each kind of event that is shown.
    """

    place: str
    start: date
    own: bool
    kinds: dict[str, Row]

    @property
    def fatalities(self) -> int:
        """People reported killed in political violence; 0 also where nobody says, for the order."""
        found = self.kinds.get("political_violence", {}).get("fatalities")
        return 0 if found is None or pd.isna(found) else int(found)


@dataclass(frozen=True)
class PlaceContext:
    """What was reported around a place.

    Attributes:
        start: First day looked at.
        end: Last day.
        months: Districts and months with a row, the place's own first, then the most killed.
        more: How many further ones there are.
        earthquakes: Rows of `tables.EARTHQUAKES`, newest first.
        fetched: Whether a table of conflict events was ever fetched; if not, no row means nothing.
        felt: The same of earthquakes.
        conflict_omitted: Whether conflict is left out: nobody knows what was known that day.
    """

    start: date
    end: date
    months: tuple[Month, ...]
    more: int
    earthquakes: tuple[Row, ...]
    fetched: bool
    felt: bool
    conflict_omitted: bool = False


def place_context(
    release: Release, place: str, first: date, last: date, known: date | None = None
) -> PlaceContext:
    """What was reported in a place and the districts beside it, from 60 days before to a last day.

    Args:
        release: Where from.
        place: A code of the places table; of a sub-district its district is meant.
        first: First day of the report it stands beside.
        last: Its last day.
        known: The past day that a page shows; None for now. Of conflict only the newest edition is
            kept, so that nothing of it is shown there.
    """
    start = first - BEFORE
    end = last if known is None else min(last, known)
    own = districts(place)
    beside = {
        code
        for one in own
        for code in neighbours.neighbours_of(one)
        if places.level(code) == DISTRICT
    } - own
    conflict = release.table(CONFLICT_MONTHS.name)
    quakes = release.table(EARTHQUAKES.name)
    found = [] if known is not None else _months(conflict, own, beside, start, end)
    return PlaceContext(
        start,
        end,
        tuple(found[:MOST_ROWS]),
        max(0, len(found) - MOST_ROWS),
        tuple(_felt(quakes, own, start, end)),
        fetched=len(conflict) > 0,
        felt=len(quakes) > 0,
        conflict_omitted=known is not None and len(conflict) > 0,
    )


def districts(place: str) -> set[str]:
    """The districts that a place is, lies in, or is made of; empty where it has none."""
    if place in places.region_parts():
        return {code for part in places.region_parts()[place] for code in districts(part)}
    if not places.is_known_code(place):
        return set()
    codes = places.codes(place)
    if codes["admin2_code"] is not None:
        return {str(codes["admin2_code"])}
    table = places.table()
    above = "location_code" if codes["admin_level"] == 0 else "parent_code"
    within = table["admin_level"].eq(DISTRICT).fillna(False) & table[above].eq(place).fillna(False)
    return set(table.loc[within.astype(bool), "place_code"])


def residents(release: Release, place: str) -> Row | None:
    """The newest baseline population of a place: everybody, in one row; None where there is none.

    It is of another publisher and day than any count of displaced, and stands under none.
    """
    table = release.table(BASELINE_POPULATION.name)
    kept = table[
        table["place_code"].eq(place)
        & table["gender"].eq("all")
        & table["age_range"].eq("all")
        & table["population"].notna()
    ]
    if kept.empty:
        return None
    found: Row = kept.sort_values("period_end").iloc[-1].to_dict()
    return found


def _months(
    table: pd.DataFrame, own: Iterable[str], beside: Iterable[str], start: date, end: date
) -> list[Month]:
    wanted = {*own, *beside}
    kept = table[
        table["place_code"].isin(wanted)
        & (table["period_end"] >= pd.Timestamp(start))
        & (table["period_start"] <= pd.Timestamp(end))
    ]
    found = [
        Month(
            str(code),
            pd.Timestamp(month).date(),
            code in set(own),
            {str(row["event_type"]): row for row in part.to_dict("records")},
        )
        for (code, month), part in kept.groupby(["place_code", "period_start"], sort=True)
    ]
    return sorted(found, key=lambda one: (not one.own, -one.fatalities, one.place, one.start))


def _felt(table: pd.DataFrame, own: Iterable[str], start: date, end: date) -> list[Row]:
    """Those whose nearest seat lies within reach of a district's own."""
    first = datetime.combine(start, time.min, tzinfo=UTC)
    after = datetime.combine(end + timedelta(1), time.min, tzinfo=UTC)
    within = table[(table["occurred_at"] >= first) & (table["occurred_at"] < after)]
    rows = within.sort_values("occurred_at", ascending=False).to_dict("records")
    return [row for row in rows if _near(str(row["near_code"]), own)]


def _near(code: str, own: Iterable[str]) -> bool:
    if not places.is_known_code(code):
        return False
    apart = [nearest.kilometres_apart(code, district) for district in own]
    return any(km is not None and km <= FELT_KM for km in apart)
