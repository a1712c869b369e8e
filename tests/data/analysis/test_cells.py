"""Every null is a null: one that is taken for a number is shown to people as one."""

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pyarrow
import pytest

from data.analysis.cells import caveats_of, day_of, has_caveat, is_null, none, same_cell
from data.analysis.rows import as_records
from data.schema.tables import FIGURES
from tests import builders

NULLS = [None, pd.NA, pd.NaT, float("nan"), np.float64("nan"), np.datetime64("NaT")]


@pytest.mark.parametrize("null", NULLS, ids=repr)
def test_each_null_is_one(null):
    assert is_null(null)
    assert none(null) is None
    assert not has_caveat({"caveat": null}, "subset")
    assert caveats_of({"caveat": null}) == []


@pytest.mark.parametrize("value", [0, 0.0, "", False, np.int64(0), date(2020, 2, 28)], ids=repr)
def test_what_only_looks_empty_is_a_value(value):
    assert not is_null(value)
    assert none(value) == value


@pytest.mark.parametrize("null", NULLS, ids=repr)
def test_two_nulls_are_alike_and_a_null_is_like_no_value(null):
    assert same_cell(null, None)
    assert same_cell(pd.NA, null)
    assert not same_cell(null, 0)
    assert not same_cell("SYR", null)


def test_a_caveat_is_a_whole_word():
    row = {"caveat": "subset_of_sites partial_coverage"}
    assert not has_caveat(row, "subset")
    assert has_caveat(row, "partial_coverage")


MOMENTS = [date(2020, 2, 28), datetime(2020, 2, 28, 23, 59, tzinfo=UTC),
           pd.Timestamp("2020-02-28 23:59"), np.datetime64("2020-02-28T23:59", "ns"),
           "2020-02-28", "2020-02-28T23:59:00Z"]  # fmt: skip


@pytest.mark.parametrize("moment", MOMENTS, ids=repr)
def test_a_moment_is_of_its_day(moment):
    assert day_of(moment) == date(2020, 2, 28)


def test_rows_of_arrow_are_those_of_a_frame():
    """The page asks in frames and the command in Arrow: a verdict is the same in both."""
    frame = builders.figures(
        {"value": 948_000, "as_of": "2020-02-23", "published_on": "2020-02-24"},
        {"value": None, "missing_reason": "not_reported", "published_on": None},
    )
    arrow = FIGURES.rows(frame)
    assert isinstance(arrow, pyarrow.Table)
    assert as_records(arrow) == as_records(frame)
    assert as_records(arrow)[0]["as_of"].isoformat() == "2020-02-23"
    assert as_records(arrow)[0]["retrieved_at"].tzinfo == UTC
