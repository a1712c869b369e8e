"""What is made once for many readers must be what each of them would have been given alone."""

import inspect
import time
from datetime import UTC, date, datetime
from functools import partial

import pandas as pd
import pytest

from dashboard.session import cached
from dashboard.session.urlstate import View
from data.analysis import map_layers
from data.analysis import series as measures
from data.store import FigureFilter, Publication
from tests import carried
from tests.effort import one_in, tries
from visuals.html.cards import cards as cards_of
from visuals.language.words import LANGUAGES, Words

TODAY = date(2026, 11, 24)
DAYS = (None, date(2020, 2, 11), date(2025, 1, 31))


def cards(view, release):
    return cards_of(view, cached.headlines(release, release.id, view.known, view.day))


def test_a_part_made_for_one_reader_is_never_shown_to_another(release):
    """A number of today on a page as known in 2020, or an Arabic sentence in Turkish: a defect."""
    views = [View(Words(code), known, TODAY) for code in LANGUAGES for known in DAYS]
    for _ in range(2):
        for view in views:
            found = cached.cached_part(partial(cards, view, release), release.id, "test", view.key)
            assert found == cards(view, release)


def test_a_part_is_made_once(release):
    made = []
    view = View(Words("en"), None, TODAY)
    for _ in range(3):
        cached.cached_part(
            lambda: made.append("again") or "text", release.id, "test once", view.key
        )
    assert made == ["again"]


def test_the_layers_of_the_map_keep_no_second_copy_of_a_whole_release(release):
    """11 MB of a server's memory, and as much again while the next release is made."""
    everything = FigureFilter(as_known_on=None, undated=False)
    cached.layers(release, release.id, None, undated=False)
    asked = [question for _, question in cached.figures.asked(release.id)]
    assert ((everything,), ()) not in asked


@pytest.mark.parametrize("known", one_in(len(DAYS), DAYS[::-1]))
def test_a_timeline_shows_at_each_time_what_the_figures_say(release, known):
    """The map of a month is the newest figure of each place of that month, and nothing else."""
    for series, layer in cached.layers(release, release.id, known).items():
        for level in map_layers.levels(layer):
            line = cached.timeline(release, release.id, known, series, level)
            there = layer[map_layers.level_of(layer).eq(level)]
            assert set(line.codes) == set(there["place_code"])
            assert line.largest == there["value"].max()
            # In small every fifth, the newest always: each is a frame of its own to compare.
            for code, rows in list(map_layers.moments(there).items())[:: -tries(1, 5)]:
                expected = measures.newest_by_place(there.loc[rows])
                pd.testing.assert_frame_equal(line.shown[code], expected)
                assert len(expected), "a time without a figure would be an empty map"


def test_what_was_made_of_an_earlier_release_is_let_go(tmp_path, monkeypatch):
    """A dashboard runs for months; kept for each of its releases, their figures would fill it."""
    store = carried.publish(tmp_path)
    monkeypatch.setenv("NUZUH_STORE", store.address)
    cached.reload_store()
    first, made = cached.release(), []

    def make(release):
        return cached.cached_part(lambda: made.append(release.id), release.id, "part", ("reader",))

    make(first)
    cached.reload_store()
    make(cached.release())
    assert made == [first.id], "the same release: made once"
    store.rollback(first.id, now=datetime.now(UTC))
    cached.reload_store()
    second = cached.release()
    assert second.id != first.id
    make(second)
    make(first)
    assert made == [first.id, second.id, first.id]


def test_whatever_is_kept_for_a_release_goes_with_it():
    """One that is forgotten in the lists would grow for as long as the dashboard runs."""
    kept = {
        name
        for name, found in vars(cached).items()
        if callable(found)
        and hasattr(found, "clear")
        and "release_id" in inspect.signature(found).parameters
    }
    assert kept == {found.__name__ for found in (*cached._OF_A_RELEASE, *cached._OF_A_PAGE)}


def test_what_is_made_ahead_is_made_of_the_release_alone():
    """Made of a page of the release before, it would show a number of yesterday as of today."""
    for found in cached._OF_A_RELEASE:
        assert next(iter(inspect.signature(found).parameters)) == "_release"


def test_a_new_release_is_shown_with_its_own_numbers(tmp_path, monkeypatch):
    """What is made ahead of readers is made of the new release, to the last figure."""
    store = carried.publish(tmp_path)
    monkeypatch.setenv("NUZUH_STORE", store.address)
    cached.reload_store()
    before = cached.release()
    view = View(Words("en"), None, TODAY)
    (shown, *_) = cached.headlines(before, before.id, None, TODAY)
    wanted = FigureFilter(figure_id=(shown.figure["figure_id"],))
    one = before.figures(wanted)
    was = f"{one['value'].iat[0]:,}"
    assert was in cards(view, before)
    revised = one.assign(
        value=3_333_333, value_raw="3333333", known_from=pd.NaT, retrieved_at=datetime.now(UTC)
    )
    revision = Publication(str(one["via"].iat[0]), revised, "revised", complete=False)
    assert store.publish(revision, now=datetime.now(UTC)).changed == 1
    cached._current.clear()
    until = time.monotonic() + 60
    while (after := cached.release()).id == before.id:
        assert time.monotonic() < until, "a new release must be shown"
        time.sleep(0.05)
    ahead = cards(view, after)
    assert "3,333,333" in ahead
    assert was not in ahead
    for part in cached._OF_A_RELEASE:
        part.clear()
    assert cards(view, after) == ahead, "as a fresh start would show it"
