"""What a reader gives as columns is what its publisher said, row by row."""

from datetime import UTC, date, datetime

import pytest

from data.schema.contract import ContractBroken
from data.schema.tables import FIGURES
from pipelines.figures import on_day, table_of

DAY = date(2026, 9, 17)


def test_one_value_is_every_rows_and_a_list_has_one_for_each():
    found = table_of(publisher="IOM", value=[7, None], missing_reason=[None, "not_reported"])
    assert found.schema.equals(FIGURES.arrow)
    assert found["publisher"].to_pylist() == ["IOM", "IOM"]
    assert found["value"].to_pylist() == [7, None]
    assert found["place_code"].null_count == 2, "what nobody gave is null, and no column is missing"


def test_what_a_row_says_itself_goes_before_what_all_say():
    """Else the one modelled count of a table would be published as exact."""
    places = [{"place_code": "SY07", "caveat": "mid_year"}, {"place_code": "SY02"}]
    own = [{"qualifier": None, "caveat": "modelled_split"}, {"qualifier": "modelled"}]
    found = table_of(places, own, qualifier="exact").select(["place_code", "qualifier", "caveat"])
    assert found.to_pylist() == [
        {"place_code": "SY07", "qualifier": "exact", "caveat": "modelled_split"},
        {"place_code": "SY02", "qualifier": "modelled", "caveat": None},
    ]


def test_days_moments_and_texts_are_read_as_a_frames_are():
    fetched = datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC)
    found = table_of([on_day(DAY)], retrieved_at=fetched, published_on="2026-09-18", value=["12"])
    (row,) = found.to_pylist()
    assert (row["as_of"], row["reference_period_start"]) == (DAY, DAY)
    assert (row["retrieved_at"], row["published_on"]) == (fetched, date(2026, 9, 18))
    assert row["value"] == 12


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"value": [1.5]}, "value is not integer"),
        ({"value": ["many"]}, "value is not integer"),
        ({"as_of": ["17.9.2026"]}, "as_of is not date"),
        ({"valeu": [1]}, "unknown column valeu"),
        ({"value": ["x"], "as_of": ["y"]}, "as_of is not date.*value is not integer"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_its_column(columns, says):
    with pytest.raises(ContractBroken, match=f"(?s){says}"):
        table_of(**columns)


def test_no_rows_are_a_table_without_rows():
    assert table_of([], publisher="IOM").equals(FIGURES.none)
