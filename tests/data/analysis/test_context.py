"""What else was reported around a place: by district, dated, never added up."""

from datetime import date

import pandas as pd
import pytest

from data.analysis import context
from data.schema.tables import BASELINE_POPULATION, CONFLICT_MONTHS, EARTHQUAKES

PAPERS = {
    "source_url": "https://example.org",
    "content_sha256": "0" * 64,
    "locator": "row 1",
    "licence": "public domain",
}


def month(place, start, end, kind="political_violence", fatalities=3):
    return {
        "source": "hapi_conflict_events",
        "place_code": place,
        "event_type": kind,
        "period_start": start,
        "period_end": end,
        "events": 7,
        "fatalities": fatalities,
        **PAPERS,
    }


def quake(name, at, near, size=6.0):
    return {
        "source": "usgs_earthquakes",
        "event_id": name,
        "occurred_at": at,
        "magnitude": size,
        "near_code": near,
        "distance_km": 9,
        **PAPERS,
    }


class Told:
    """A release that was given these tables."""

    def __init__(self, months=(), quakes=(), people=()):
        given = ((CONFLICT_MONTHS, months), (EARTHQUAKES, quakes), (BASELINE_POPULATION, people))
        self._tables = {
            table.name: table.conform(pd.DataFrame(list(rows))) if rows else table.empty()
            for table, rows in given
        }

    def table(self, name):
        return self._tables[name]


DECEMBER = ("2019-12-01", "2019-12-31")
FEBRUARY = ("2020-02-01", "2020-02-29")
FIRST, LAST = date(2020, 2, 1), date(2020, 2, 29)


def test_months_of_the_place_and_of_the_districts_beside_it_are_told():
    """Afrin lies beside Harim; Deir-ez-Zor does not."""
    release = Told(
        [month("SY0703", *DECEMBER), month("SY0203", *FEBRUARY), month("SY0900", *FEBRUARY)]
    )
    found = context.place_context(release, "SY0703", FIRST, LAST)
    assert [(m.place, m.own) for m in found.months] == [("SY0703", True), ("SY0203", False)]
    assert (found.start, found.end) == (date(2019, 12, 3), LAST)


def test_a_month_that_ended_before_the_sixty_days_is_not_told():
    release = Told([month("SY0703", "2019-11-01", "2019-11-30"), month("SY0703", *DECEMBER)])
    found = context.place_context(release, "SY0703", FIRST, LAST)
    assert [m.start for m in found.months] == [date(2019, 12, 1)]


@pytest.mark.parametrize(
    ("place", "district"),
    [("SY070301", "SY0703"), ("SY07", "SY0703"), ("X-SYR-NW", "SY0703"), ("SYR", "SY0703")],
)
def test_a_sub_district_means_its_district_and_a_governorate_all_of_its_own(place, district):
    assert district in context.districts(place)
    assert all(len(code) == 6 for code in context.districts(place))


def test_on_a_past_day_nothing_of_conflict_is_told():
    """Only the newest edition is kept: what it says of February 2020 was not all known then."""
    release = Told([month("SY0703", *FEBRUARY)])
    found = context.place_context(release, "SY0703", FIRST, LAST, known=date(2020, 3, 1))
    assert found.months == ()
    assert found.conflict_omitted


def test_an_earthquake_is_told_where_it_was_near_and_in_time():
    release = Told(
        quakes=[
            quake("near", "2023-02-06T01:17:34Z", "SY0203"),
            quake("far", "2023-02-06T02:00:00Z", "SY1200"),
            quake("later", "2023-03-09T00:00:00Z", "SY0203"),
        ]
    )
    found = context.place_context(release, "SY07", date(2023, 2, 6), date(2023, 3, 8))
    assert [row["event_id"] for row in found.earthquakes] == ["near"]
    past = context.place_context(
        release, "SY07", date(2023, 2, 6), date(2023, 3, 8), date(2023, 2, 5)
    )
    assert past.earthquakes == ()


def test_nothing_fetched_is_said_apart_from_nothing_reported():
    """An empty table is no proof of quiet."""
    nothing = context.place_context(Told(), "SY0703", FIRST, LAST)
    assert not nothing.fetched
    assert not nothing.felt
    quiet = context.place_context(Told([month("SY0900", *FEBRUARY)]), "SY0703", FIRST, LAST)
    assert quiet.fetched
    assert quiet.months == ()


def test_the_worst_months_come_first_and_the_rest_is_counted():
    rows = [
        month("SY0703", f"2020-{n % 2 + 1:02d}-01", f"2020-{n % 2 + 1:02d}-28", fatalities=n)
        for n in range(2)
    ] + [month(code, *FEBRUARY, fatalities=50) for code in sorted(context.districts("SY02"))]
    rows += [month(code, *DECEMBER, fatalities=90) for code in sorted(context.districts("SY02"))]
    found = context.place_context(Told(rows), "SY02", FIRST, LAST)
    assert len(found.months) == context.MOST_ROWS
    assert found.more == len(rows) - context.MOST_ROWS
    assert found.months[0].fatalities == 90


def test_the_newest_population_of_everybody_is_taken():
    def people(gender, ages, year, number):
        return {
            "source": "hapi_population",
            "place_code": "SY0703",
            "gender": gender,
            "age_range": ages,
            "period_start": f"{year}-01-01",
            "period_end": f"{year}-12-31",
            "population": number,
            **PAPERS,
        }

    release = Told(
        people=[
            people("all", "all", 2023, 1),
            people("all", "all", 2024, 2),
            people("f", "all", 2025, 3),
        ]
    )
    assert context.residents(release, "SY0703")["population"] == 2
    assert context.residents(release, "SY0702") is None
