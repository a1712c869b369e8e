"""A difference between two figures: a number, words, or why there is none."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.analysis.comparable import (
    ALIKE,
    BREAKS,
    NOT_COMPARABLE,
    ComparableChange,
    breaks,
    comparable_change,
)
from tests.builders import figures, years
from visuals.language import figure_text
from visuals.language.words import LANGUAGES, Words, catalogue


def pair(first: dict[str, object], second: dict[str, object]) -> list[dict[str, object]]:
    day = {
        "reference_period_start": "2026-01-01",
        "reference_period_end": "2026-12-31",
        "as_of": "2026-12-31",
    }
    frame = figures(first, day | second)
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def test_two_exact_figures_of_one_series_differ_by_a_number():
    assert comparable_change(*pair({"value": 100}, {"value": 140})) == ComparableChange(
        "number", 40
    )


def test_a_rounded_figure_is_never_taken_for_an_exact_one():
    """About 1,400,000 and then 1,453,515: a donor was told of +53,515 returns."""
    found = comparable_change(
        *pair({"value": 1_400_000, "qualifier": "about"}, {"value": 1_453_515})
    )
    assert found == ComparableChange("words", 54_000)
    assert (
        figure_text.change(
            Words("en"), *pair({"value": 1_400_000, "qualifier": "about"}, {"value": 1_453_515})
        )
        == "about 54,000 more than on 31 December 2025"
    )


@pytest.mark.parametrize("qualifier", ["over", "up to", "nearly"])
def test_over_1900000_twice_is_not_unchanged(qualifier: str):
    said = {"value": 1_900_000, "qualifier": qualifier}
    assert comparable_change(*pair(said, said)).reason == "rounded"


def test_a_difference_within_the_rounding_is_none():
    found = comparable_change(
        *pair({"value": 1_400_000, "qualifier": "about"}, {"value": 1_420_000})
    )
    assert found == ComparableChange("not_comparable", None, "rounded")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"measure": "cumulative", "cumulative_since": "2024-12-08"}, "measure"),
        ({"unit": "families"}, "unit"),
        ({"population_group": "REF"}, "group"),
        ({"place_code": "SY02"}, "place"),
        ({"publisher": "IOM"}, "source"),
        ({"origin_code": "SYR", "origin_location_code": "SYR"}, "origin"),
        ({"operation": "another"}, "method"),
        ({"caveat": "method_break"}, "method"),
        ({"caveat": "modelled_split"}, "method"),
        ({"qualifier": "modelled"}, "method"),
        ({"caveat": "partial_coverage"}, "coverage"),
        ({"caveat": "sites_only"}, "coverage"),
        ({"value": None, "missing_reason": "not_reported"}, "missing"),
    ],
)
def test_what_differs_in_kind_is_said_and_not_computed(changed: dict[str, object], reason: str):
    found = comparable_change(*pair({"value": 100}, {"value": 140} | changed))
    assert (found.value, found.reason) == (None, reason)


def test_half_a_year_is_not_compared_with_a_year():
    """UNHCR's 992,509 returns of half of 2025 beside 514,000 of all 2024."""
    year = {"measure": "flow", "population_group": "RDP"}
    half = {"reference_period_start": "2026-01-01", "reference_period_end": "2026-06-30"}
    first, second = pair(year, year | half | {"as_of": "2026-06-30"})
    assert comparable_change(first, second).reason == "period"


def test_a_count_since_a_date_that_falls_breaks_its_line():
    line = years(100, 140, 120, measure="cumulative", cumulative_since="2020-01-01")
    assert breaks(line.to_dict("records")) == {2: "fell"}


def test_a_new_method_breaks_a_line_and_rounding_does_not():
    line = pd.concat([years(100, 140), years(150, caveat="partial_coverage")])
    line["as_of"] = pd.to_datetime(["2023-12-31", "2024-12-31", "2025-12-31"])
    assert breaks(line.to_dict("records")) == {2: "coverage"}
    assert breaks(years(1_400_000, 1_400_000, qualifier="over").to_dict("records")) == {}


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_exact_differences_are_the_publishers_own(left: int, right: int):
    assert comparable_change(*pair({"value": left}, {"value": right})).value == right - left


def test_every_reason_has_words_in_every_language():
    assert set(ALIKE) | BREAKS <= set(NOT_COMPARABLE)
    for language in LANGUAGES:
        assert {f"not_comparable.{r}" for r in NOT_COMPARABLE} <= set(catalogue(language))
