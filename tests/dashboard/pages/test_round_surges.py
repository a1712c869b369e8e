"""Surges between rounds on the pages: cards, the table, one in full, the first page's sentence."""

import pytest

from surges import current, outlook
from tests.dashboard.pages.test_pages import opened, said
from tests.round_figures import GREW, publish
from visuals.language.words import LANGUAGES, Words

DAY = "2026-02-20"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return publish(tmp_path_factory.mktemp("rounds"))


@pytest.fixture(autouse=True)
def _served(store, monkeypatch):
    monkeypatch.setenv("NUZUH_STORE", store.address)
    monkeypatch.setenv("STREAMLIT_CLIENT_SHOW_ERROR_DETAILS", "full")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_a_card_both_counts_and_what_would_end_it(language):
    words = Words(language)
    text = said(opened("surges", lang=language, known=DAY))
    for part in (
        f"{words.place(GREW)}: {words('rounds.arrivals')}",
        words.number(46_000),
        words.number(90_000),
        words("rounds.before_there"),
        words("rounds.against.all"),
    ):
        assert part in text
    assert words.number(41_000) not in text  # of the list that changed later


def test_one_in_full_and_the_first_page_lead_to_the_figures(store):
    found = [a for t in current.of_release(store.current()).threads for a in t.alarms]
    wave = next(alarm for alarm in found if alarm.report.value == 44_000)
    app = opened("surges", lang="en", known=DAY, surge=outlook.key(wave))
    assert "Reported nearby" in said(app)
    bodies = "".join(element.proto.body for element in app.get("html"))
    assert all(f"figure={one}" in bodies for one in wave.report.figures)
    first = said(opened(lang="en", known=DAY))
    assert "Surge between two rounds: Arrivals of IDPs, Dana; 44,000 individuals" in first
    assert "rank by size: 1 of 11" in first
