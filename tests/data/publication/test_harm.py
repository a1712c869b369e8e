"""What could hurt somebody must not leave the pipeline, whoever published it first."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from data.publication.harm import HarmFound, Pages, refuse
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


HARMLESS = (
    "<p>IDPs in Idleb: 1,234,567</p>",
    "<td>camps and sites only</td>",
    "<b>in all</b>0944 123456",
    '<a title="Dana, 12,345" href="place-SY070100.html">Dana</a>',
    "<code>SY070100</code>",
    "<style>p{margin:36.2021 37.1343}</style>",
)
HARMFUL = (
    "<p>36.2021, 37.1343</p>",
    "<td>ask +963 944 123 456</td>",
    "<b>tel</b>0944 123456",
    '<circle aria-label="write to somebody@example.org"/>',
    "<li>Atmeh camp</li>",
    "<code>C3871</code>",
)
"""Each is known to hurt by what it says, whatever else stands on its page."""


@given(
    some.lists(
        some.lists(some.sampled_from(HARMLESS + HARMFUL), min_size=1, max_size=5),
        min_size=1,
        max_size=6,
    )
)
def test_a_page_is_refused_for_what_it_says_however_many_pages_came_before(publication):
    """What earlier pages said is not searched again: nothing may hide behind it."""
    pages = Pages()
    for page in publication:
        if set(page) & set(HARMFUL):
            with pytest.raises(HarmFound, match=r"page\.html gives a"):
                pages.refuse("".join(page), "page.html")
        else:
            pages.refuse("".join(page), "page.html")


def test_a_number_that_was_harmless_is_a_telephone_behind_the_word_for_one():
    """The number's own piece is known from the page before; only what stands ahead is new."""
    pages = Pages()
    pages.refuse("<b>in all</b>0944 123456", "first.html")
    with pytest.raises(HarmFound, match=r"second\.html gives a contact"):
        pages.refuse("<b>tel</b>0944 123456", "second.html")


def test_words_before_the_first_tag_are_searched_on_every_page():
    pages = Pages()
    pages.refuse("<p>harmless</p>", "first.html")
    with pytest.raises(HarmFound, match="a position"):
        pages.refuse("36.2021, 37.1343<p>harmless</p>", "second.html")
