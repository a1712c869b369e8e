"""The panel of the map: a place's newest figures, each leading to its provenance."""

import json

import pytest
from starlette.requests import Request

from dashboard.views import place_panel
from data.store import FigureFilter, Store
from visuals.language.words import LANGUAGES


@pytest.fixture
def asked(carried_store, monkeypatch):
    monkeypatch.setenv("NUZUH_STORE", str(carried_store))

    def ask(query):
        scope = {"type": "http", "method": "GET", "path": place_panel.ADDRESS, "headers": []}
        return place_panel.answer(Request(scope | {"query_string": query.encode()}))

    return ask


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_number_is_of_the_place_and_leads_to_its_own_provenance(
    asked, carried_store, language
):
    """A number of the place above or beside would be planned with as if it were this one's."""
    told = json.loads(asked(f"place=SY070301&lang={language}").body)
    own = Store(str(carried_store)).current().figures(FigureFilter(exactly=("SY070301",)))
    named = dict(zip(own["figure_id"], own["value"], strict=True))
    assert 0 < len(told["figures"]) <= place_panel.MOST
    for row in told["figures"]:
        figure = row["href"].rpartition("figure=")[2]
        digits = "".join(c for c in row["value"] if c.isdigit())
        assert int(digits) == named[figure]
        assert f"lang={language}" in row["href"]


def test_a_part_by_category_does_not_stand_beside_the_whole(asked):
    """Of Idleb's 944,801 IDPs 7,554 live in communities; on a small panel both look like IDPs."""
    told = [row["value"] for row in json.loads(asked("place=SY07&lang=en").body)["figures"]]
    assert "944,801" in told
    assert "7,554" not in told


def test_a_past_day_shows_what_was_known_then(asked):
    now = json.loads(asked("place=SY07&lang=en").body)["figures"]
    then = json.loads(asked("place=SY07&lang=en&known=2020-02-26").body)["figures"]
    assert then
    assert then != now
    assert all("known=2020-02-26" in row["href"] for row in then)


def test_what_is_no_place_and_a_store_that_is_away_are_said(asked, monkeypatch, tmp_path):
    assert asked("place=nowhere&lang=en").status_code == 404
    assert asked("lang=en").status_code == 404
    monkeypatch.setenv("NUZUH_STORE", str(tmp_path / "none"))
    assert asked("place=SY07&lang=en").status_code == 503
