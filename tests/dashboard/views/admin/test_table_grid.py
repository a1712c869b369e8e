"""What a person chooses on the page is what the reader reads by: no more, no less."""

import json
from datetime import UTC, date, datetime

import pytest

from dashboard.views.admin import table_grid
from data.gazetteer import area
from data.schema.codes import POPULATION_GROUPS, UNITS
from data.store import Document
from pipelines.forms import table_mapping
from pipelines.forms.provenance import Provenance
from pipelines.sources import any_table
from tests import builders

TABLE = """Date,Admin 3 Pcode,Site,IDP individuals,HH
2025-11-15,SY070301,A,600,120
2025-11-15,SY070301,B,410,80
"""


def document(mapping=None):
    provenance = Provenance("ACU", "https://example.org", date(2025, 12, 5), None, mapping)
    now = datetime(2026, 11, 30, tzinfo=UTC)
    return Document("table.csv", provenance.address, TABLE.encode(), now, provenance.query())


@pytest.fixture
def told():
    return table_mapping.described(document())


def test_the_grid_begins_with_what_is_certain_and_leaves_out_the_rest(told):
    assert [table_grid.suggested(column) for column in told["columns"]] == [
        "day",
        "place admin3 code",
        "none",
        "count IDP people",
        "none",
    ]
    assert told["columns"][2]["first"] == ["A", "B"]


def test_what_was_chosen_is_what_is_read(told):
    headings = [column["heading"] for column in told["columns"]]
    chosen = ["day", "place admin3 code", "none", "count IDP people", "count IDP families"]
    made = table_grid.mapping(told["mapping"], headings, chosen)
    text = json.dumps(made, ensure_ascii=False)
    assert "\n" not in text
    reading = any_table.read([document(text)], area.load("idlib"))
    assert list(builders.figures_read(reading)["value"]) == [1_010, 200]
    assert set(builders.figures_read(reading)["caveat"]) == {"sites_only summed_from_parts"}


@pytest.mark.parametrize(
    "chosen",
    [
        ["none", "place admin3 code", "none", "count IDP people", "none"],
        ["day", "none", "none", "count IDP people", "none"],
        ["day", "place community code", "none", "count IDP people", "none"],
        ["day", "place admin3 code", "none", "none", "none"],
        ["day", "place admin3 code", "day", "count IDP people", "none"],
    ],
)
def test_too_little_is_no_mapping(told, chosen):
    headings = [column["heading"] for column in told["columns"]]
    assert table_grid.mapping(told["mapping"], headings, chosen) is None


def test_the_page_offers_what_the_figures_may_be_of():
    assert set(table_grid.GROUPS) <= set(POPULATION_GROUPS)
    assert set(table_grid.UNITS) <= set(UNITS)
    assert table_grid.LEVELS == table_mapping.LEVELS
