"""What could hurt somebody must not leave the pipeline, whoever published it first."""

import pytest

from data.publication.harm import HarmFound, refuse
from tests import builders


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("provider_admin3_name", "Atmeh camp"),
        ("provider_admin2_name", "مخيم أطمة"),
        ("provider_origin_name", "IDP site 14"),
        ("note", "seen at 36.2021, 37.1343"),
        ("note", "36°12' N"),
        ("note", "ask +963 944 123 456"),
        ("note", "write to somebody@example.org"),
        ("provider_admin3_name", "tel 0944 123456"),
    ],
)
def test_camps_positions_and_contacts_are_refused_with_the_row_named(column, text):
    figures = builders.figures({}, {"place_code": "SYR", "admin_level": 0, "admin1_code": None})
    figures.loc[1, column] = text
    with pytest.raises(HarmFound, match=r"Row 1 \(row 1\)") as raised:
        refuse(figures)
    assert text not in str(raised.value)


@pytest.mark.parametrize("code", ["C3871", "CP000123", "X-SYR-CAMP-ATMEH"])
def test_a_place_that_is_no_area_is_refused(code):
    """Community and camp codes look like any other code in a column of text."""
    with pytest.raises(HarmFound, match="no area"):
        refuse(builders.figures({"place_code": code}))


def test_a_place_finer_than_sub_district_is_refused():
    with pytest.raises(HarmFound, match="finer"):
        refuse(builders.figures({"admin_level": 4}))


def test_ordinary_rows_pass():
    refuse(
        builders.figures(
            {"note": "Revised on 2025-11-10 from 2,646,142 to 2,347,756."},
            {"provider_admin1_name": "Idleb", "note": "camps and sites only"},
            {
                "place_code": "ALL",
                "location_code": "ALL",
                "admin_level": None,
                "admin1_code": None,
            },
        )
    )
