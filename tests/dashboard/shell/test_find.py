"""What the search field answers: the right place in any script, on a link that keeps the reader."""

import json
from urllib.parse import quote

import pytest
from starlette.requests import Request

from dashboard.shell import find


@pytest.fixture
def asked(carried_store, monkeypatch):
    monkeypatch.setenv("NUZUH_STORE", str(carried_store))

    def ask(query):
        scope = {"type": "http", "method": "GET", "path": "/nuzuh/find", "headers": []}
        return json.loads(find.answer(Request(scope | {"query_string": query.encode()})).body)

    return ask


@pytest.mark.parametrize(
    ("typed", "leads"),
    [
        ("dana", "place=SY070301"),
        ("الدانا", "place=SY070301"),
        ("İdlib", "place=SY07"),
        ("hatay", "place=TUR031"),
        ("bab al-hawa", "./border?"),
        ("compare sources", "./compare?"),
        ("brief", "open=send"),
        ("إرسال", "open=send"),
        ("help", "open=welcome"),
        ("light version", "nuzuh/light/en/index.html"),
    ],
)
def test_the_first_answer_is_the_page_that_is_meant(asked, typed, leads):
    assert leads in asked(f"q={quote(typed)}&lang=en")[0]["href"]


def test_a_link_keeps_language_and_day(asked):
    address = asked("q=dana&lang=tr&known=2020-02-11")[0]["href"]
    assert "lang=tr" in address
    assert "known=2020-02-11" in address


def test_a_number_leads_to_the_figures_that_have_it_as_known_on_the_day(asked):
    """OCHA said "over 948,000" on 23 February 2020: it was not known on the eleventh."""
    assert asked("q=948,000&lang=en")[0]["name"] == "over 948,000"
    assert "948,000" not in str(asked("q=948,000&lang=en&known=2020-02-11"))


@pytest.mark.parametrize("typed", ["over 948,000", "948000 kişi", "نحو ٩٤٨٬٠٠٠ نازح"])
def test_a_number_is_found_among_other_words(asked, typed):
    """People paste what a report says of it."""
    assert asked(f"q={quote(typed)}&lang=en")[0]["name"] == "over 948,000"


def test_a_group_leads_to_a_place_where_it_is_counted(asked):
    """Idleb has no refugees: the page would refuse the address and show IDPs instead."""
    address = asked("q=refugees&lang=en")[0]["href"]
    assert "place=TUR031" in address
    assert "group=REF" in address


def test_too_little_finds_nothing_and_too_much_is_cut(asked):
    assert asked("q=x") == []
    assert asked(f"q={'idlib' * 5000}") == []
    assert len(asked("q=al")) <= find.HITS
