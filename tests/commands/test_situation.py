"""`nuzuh situation`: the three claims of February 2020, and ages and alternatives of today."""

import json

import pytest
from click.testing import CliRunner

from commands.main import main
from data.schema.tables import FIGURES
from data.store import Store


def told(store: Store, *words: str) -> dict:
    result = CliRunner().invoke(main, ["--store", store.address, "situation", "--json", *words])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    return found | {"headlines": {h["question"]: h for h in found["headlines"]}}


@pytest.mark.parametrize(
    ("words", "question", "value", "qualifier"),
    [
        (("--as-known-on", "2020-02-11"), "newly_displaced", 700_000, "about"),
        (("--as-known-on", "2020-03-06"), "newly_displaced", 1_000_000, "nearly"),
        (("--as-known-on", "2020-02-11", "--undated"), "syrians_turkiye", 3_600_000, "nearly"),
    ],
)
def test_what_the_un_said_in_february_2020_is_found_as_it_was_said(
    store, words, question, value, qualifier
):
    """OCHA on 11 February and 5 March 2020; UNHCR Türkiye's operational update of January 2020."""
    figure = told(store, *words)["headlines"][question]["figure"]
    assert (figure["value"], figure["qualifier"]) == (value, qualifier)
    assert set(figure) == set(FIGURES.names)


def test_four_million_of_all_nationalities_stand_beside_the_syrians(store):
    found = told(store, "--as-known-on", "2020-02-11", "--undated")
    beside = found["headlines"]["syrians_turkiye"]["alternatives"]
    assert (4_000_000, "2020-01-30") in {(row["value"], row["as_of"]) for row in beside}


def test_a_past_day_says_how_many_figures_it_hides_and_shows_them_when_asked(store):
    """ "Nothing known on that day" was untrue: nobody knows when it was published."""
    strict = told(store, "--as-known-on", "2020-02-11")
    wide = told(store, "--as-known-on", "2020-02-11", "--undated")
    assert strict["headlines"]["syrians_turkiye"]["figure"] is None
    assert strict["hidden_without_publication_date"] > 100
    assert wide["hidden_without_publication_date"] == 0
    figure = wide["headlines"]["syrians_turkiye"]["figure"]
    assert "publication_date_unknown" in figure["caveat"]
    assert figure["as_of"] <= "2020-02-11"


def test_what_had_not_happened_yet_is_not_shown_as_undated(store):
    """A figure of a later day cannot have been known, whenever it was published."""
    words = ["--store", store.address, "figures", "--as-known-on", "2020-02-11", "--undated"]
    result = CliRunner().invoke(main, [*words, "--place", "TUR", "--format", "json"])
    assert result.exit_code == 0, result.output
    assert max(row["as_of"] for row in json.loads(result.stdout)) <= "2020-02-11"


def test_no_change_is_computed_from_about(store):
    """Never "+53,515" from "about 1,400,000"."""
    change = told(store)["headlines"]["returned_from_abroad"]["change"]
    assert change["status"] != "number"
    assert change["value"] is None or change["value"] % 1_000 == 0
