"""Made-up rounds of a stock by sub-district, with waves that are known, for tests of surges."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from data.schema import tables
from data.store import Publication, Store
from tests import builders

FIRST = 7
DAYS = [
    *("2025-08-31", "2025-09-30", "2025-10-31", "2025-11-30", "2025-12-31", "2026-01-31"),
    *("2026-02-28", "2026-03-31", "2026-04-30"),
]
LAG = 14
"""Days from a round to its publication."""
PLACES = [f"SY07030{n}" for n in range(1, 7)] + [f"SY07020{n}" for n in range(1, 6)]
GREW, EMPTIED = PLACES[0], PLACES[1]


def series(place, *values, group="IDP", caveats=None, first=FIRST, **more):
    """A place's stock, one round a month; a round without a value does not list the place."""
    caveats = caveats or {}
    return [
        {
            "publisher": "IOM",
            "dataset": "DTM rounds",
            "population_group": group,
            "place_code": place,
            "admin_level": 3,
            "admin2_code": place[:6],
            "admin3_code": place,
            "reference_period_start": DAYS[at],
            "reference_period_end": DAYS[at],
            "as_of": DAYS[at],
            "known_from": pd.Timestamp(DAYS[at]) + pd.Timedelta(days=LAG),
            "published_on": pd.Timestamp(DAYS[at]) + pd.Timedelta(days=LAG),
            "reporting_round": first + at,
            "assessment_type": "BA",
            "value": value,
            "caveat": caveats.get(first + at),
            **more,
        }
        for at, value in enumerate(values)
        if value is not None
    ]


def calm(rounds=6, places=PLACES[1:], caveats=None):
    """Places in which little changes."""
    return [
        row
        for n, place in enumerate(places)
        for row in series(
            place, *[20_000 + 30 * ((n + at) % 3) for at in range(rounds)], caveats=caveats
        )
    ]


def story():
    """A wave, a higher one and its easing; people who leave; then a round that lists other places.

    `GREW` gains 26,000 to the end of December and 44,000 in January, and stays; `EMPTIED` loses
    11,000 in February. The round of March lists other places than the one before.
    """
    changed = {14: "coverage_changed", 15: "coverage_changed"}
    grew = (20_000, 20_010, 19_990, 20_000, 46_000, 90_000, 90_100, 41_000, 41_020)
    emptied = (20_000, 20_010, 19_990, 20_000, 20_010, 20_000, 9_000, 3_000, 3_010)
    return [
        *series(GREW, *grew, caveats=changed),
        *series(EMPTIED, *emptied, caveats=changed),
        *calm(9, PLACES[2:], changed),
    ]


def publish(folder: Path) -> Store:
    """The story in a store."""
    store = Store(str(folder))
    rows = tables.FIGURES.cast(builders.figures(*story()))
    store.publish(Publication("test_source", rows, "test"), now=datetime(2026, 11, 24, tzinfo=UTC))
    return store
