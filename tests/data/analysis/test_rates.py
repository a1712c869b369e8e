"""A rate has one source: a number over another body's population is nobody's."""

import pytest

from data.analysis.rates import rates
from tests import builders


def count(group, people, **more):
    return {"population_group": group, "value": people, "place_code": "SY070301", **more}


def found(*rows):
    return list(rates(builders.figures(*rows)))


def test_it_is_of_one_round_with_both_numbers_named():
    """Dana in DTM's round 11: 537,713 displaced; the counts of two rounds are not mixed."""
    (rate,) = found(
        count("IDP", 537_713, reporting_round="11"),
        count("POP", 700_000, reporting_round="11"),
        count("POP", 650_000, reporting_round="10"),
    )
    assert (rate.displaced["value"], rate.everybody["value"]) == (537_713, 700_000)
    assert rate.per_hundred == pytest.approx(76.816, abs=0.001)


@pytest.mark.parametrize(
    "other",
    [
        {"publisher": "UNHCR HQ"},
        {"reporting_round": "10"},
        {"place_code": "SY070302"},
        {"unit": "families"},
        {"category": "residents"},
        {"caveat": "sites_only"},
        {"value": 99},
        {"value": None, "missing_reason": "not_reported"},
        {"as_of": "2024-12-31", "reference_period_end": "2024-12-31"},
    ],
)
def test_no_rate_is_made_of_what_does_not_belong_together(other):
    row = {"publisher": "IOM", "reporting_round": "11"}
    assert found(count("IDP", 100, **row), count("POP", 200, **(row | other))) == []


def test_the_newest_round_of_each_publisher_is_told_once():
    rows = [
        count(group, people, reporting_round=str(n), as_of=day, reference_period_end=day)
        for n, day in ((10, "2025-11-30"), (11, "2025-12-31"))
        for group, people in (("IDP", 100 + n), ("POP", 200))
    ]
    assert [rate.displaced["value"] for rate in found(*rows)] == [111]
