"""The sentences on top of the first page: what they say, and what they must not."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from data.analysis.series import SERIES
from data.gazetteer import area as areas
from surges.figures import STILL
from surges.reports import Line
from visuals.language import situation_text
from visuals.language.situation_text import RecentChanges
from visuals.language.words import LANGUAGES, Words

DAY = date(2026, 11, 30)
AREA = areas.load("idlib")
ABOUT = dict.fromkeys(SERIES) | {"population_group": "NEWDISP", "population_status": "all"}
SURGE = SimpleNamespace(
    line=Line("SY02", "people", "cumulative", about=ABOUT),
    report=SimpleNamespace(value=138_750, figures=("a",)),
    made=None,
    rule="flows",
    group="NEWDISP",
    change=None,
    started=date(2026, 11, 6),
    day=date(2026, 11, 20),
)
LATE = SimpleNamespace(untried=False)
UNTRIED = SimpleNamespace(untried=True)


def told(language="en", **given):
    asked = {"surges": (), "newest_report": DAY, "headlines": ()} | given
    return situation_text.sentences(Words(language), AREA, DAY, **asked)


def test_silence_is_not_calm():
    """Nobody published for months: a page that says "no surge" would send a team home."""
    newest_report = DAY - timedelta(days=STILL + 1)
    assert "It is not known" in told(newest_report=newest_report)[0]
    assert "It is not known" in told(newest_report=None)[0]
    assert told(newest_report=DAY - timedelta(days=STILL))[0].startswith("No surge is active")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_surges_number_that_nobody_printed_says_how_it_was_made(language):
    """A reader who cites 196,000 as OCHA's is asked for the page that says so."""
    words = Words(language)
    whole = {**vars(SURGE), "report": SimpleNamespace(value=196_000, figures=("a", "b"))}
    for made in ("difference", "sum"):
        (said, *_) = told(language, surges=(SimpleNamespace(**whole | {"made": made}),))
        number, unit = words.number(196_000), words("unit.people")
        named = words(f"surges.number_{made}", number=number, unit=unit, count=words.number(2))
        assert named in said


def test_a_surge_of_a_low_estimate_says_that_it_is_one():
    """Of the earthquakes' 55,000 and 153,893 one publisher's low estimate stood as its only one."""
    low = {
        **vars(SURGE),
        "line": Line("SY02", "people", "cumulative", about=ABOUT | {"category": "low"}),
    }
    assert "displacement, low estimate" in told(surges=(SimpleNamespace(**low),))[0]


def test_a_surge_says_where_since_when_and_up_to_when():
    said = told(surges=(SURGE, SURGE, SURGE))[0]
    for part in ("Aleppo", "6 November 2026", "20 November 2026", "138,750", "2 more series are"):
        assert part in said
    assert "series" not in told(surges=(SURGE,))[0]


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [("en", 1, "1 source is"), ("ar", 2, "مصدران"), ("ar", 11, "11 مصدراً"), ("tr", 3, "3 kaynak")],
)
def test_late_sources_are_counted_as_the_language_counts(language, count, said):
    assert told(language, late=[LATE] * count + [UNTRIED])[-1].startswith(said)


def test_a_past_day_says_nothing_of_what_is_late_today():
    assert len(told(late=None)) == 1
    assert "1" in told(late=[UNTRIED])[-1], "a fresh machine has asked nobody yet"


def test_nothing_new_since_the_last_visit_is_said_as_well():
    visit = date(2026, 11, 29)
    assert told(lately=RecentChanges(visit, 0))[1] == "Nothing changed since 29 November 2026."
    assert "29 November 2026: 1 figure." in told(lately=RecentChanges(visit, 1))[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_ends_with_its_address(language):
    """Whoever gets it on a phone opens the same page."""
    address = "https://figures.example.org/?lang=ar&known=2026-11-30"
    lines = situation_text.message(Words(language), AREA, told(language), (), address).split("\n")
    assert lines[-1] == address
    assert lines[1] == told(language)[0]
