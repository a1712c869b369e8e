"""A publisher's footnote stands beside the figures it is about, and beside no other."""

import pandas as pd
import pytest

from data.analysis import footnotes
from data.schema import tables
from tests.builders import figures

REGISTER = tables.SOURCES.cast(
    pd.DataFrame(
        [
            {"source": "unhcr_footnotes", "publisher": "UNHCR"},
            {"source": "other_footnotes", "publisher": "OCHA"},
        ]
    )
)
FIGURE = (
    figures(
        {
            "population_group": "REF",
            "place_code": "TUR",
            "location_code": "TUR",
            "admin_level": 0,
            "admin1_code": None,
            "asylum_location_code": "TUR",
            "origin_code": "SYR",
            "origin_location_code": "SYR",
        }
    )
    .iloc[0]
    .to_dict()
)


def note(**more):
    given = {"source": "unhcr_footnotes", "footnote_id": "1", "text": "Said.", **more}
    return tables.CAVEATS.cast(pd.DataFrame([given]))


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"location_code": "TUR"},
        {"location_code": "TUR", "origin_location_code": "SYR", "population_group": "REF ASY"},
        {"population_group": "ROC"},
        {"years": "2025"},
        {"years": "2012-2026"},
        {"years": "2012 – 2014, 2025"},
        {"years": "since the start"},
    ],
)
def test_a_footnote_about_the_figure_is_found(given):
    assert len(footnotes.about(FIGURE, note(**given), REGISTER)) == 1


@pytest.mark.parametrize(
    "given",
    [
        {"location_code": "LBN"},
        {"origin_location_code": "IRQ"},
        {"population_group": "IDP"},
        {"years": "2024"},
        {"years": "2012-2014"},
        {"source": "other_footnotes"},
    ],
)
def test_a_footnote_about_something_else_is_not(given):
    """A reader would explain a gap with words that were said of another country or year."""
    assert footnotes.about(FIGURE, note(**given), REGISTER).empty


def test_what_is_said_of_the_country_itself_comes_first():
    both = pd.concat([note(footnote_id="1"), note(footnote_id="2", location_code="TUR")])
    found = footnotes.about(FIGURE, both, REGISTER)
    assert found["footnote_id"].tolist() == ["2", "1"]


def test_no_footnotes_is_no_fault():
    assert footnotes.about(FIGURE, tables.CAVEATS.empty(), REGISTER).empty
