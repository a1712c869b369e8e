"""A share of what a country published, and of nothing else."""

import pytest

from data.analysis import series
from tests import builders


def stock(code, people, **more):
    country = code in ("TUR", "SYR")
    level = {"admin_level": 0, "admin1_code": None} if country else {"admin1_code": code}
    return (
        {"place_code": code, "location_code": "TUR", "value": people, "population_group": "REF"}
        | level
        | more
    )


def test_a_share_has_the_countrys_own_figure_below_it_and_never_a_neighbours():
    """Hatay's Syrians over Gaziantep's would be a number that nobody can read."""
    rows = builders.figures(
        stock("TUR031", 150), stock("TUR027", 196), stock("TUR", 1_000), stock("TUR", 3, gender="f")
    )
    hatay = rows[rows["place_code"].eq("TUR031")]
    ((part, whole),) = series.shares(hatay, rows)
    assert (part["value"], whole["value"], whole["place_code"]) == (150, 1_000, "TUR")


@pytest.mark.parametrize(
    "other",
    [
        {"publisher": "PMM"},
        {"dataset": "Another"},
        {
            "as_of": "2024-12-31",
            "reference_period_end": "2024-12-31",
            "reference_period_start": "2024-01-01",
        },
        {"unit": "families"},
        {"measure": "flow"},
        {"value": 0},
        {"value": 149},
        {"value": None, "missing_reason": "suppressed"},
    ],
)
def test_no_share_is_made_of_what_does_not_belong_together(other):
    rows = builders.figures(stock("TUR031", 150), stock("TUR", 1_000, **other))
    assert list(series.shares(rows[rows["place_code"].eq("TUR031")], rows)) == []
