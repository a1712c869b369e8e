"""A new release must find its first answers made, and an old one must leave nothing behind."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
import streamlit as st

from dashboard.session import release_parts
from dashboard.session.release_parts import ReleasePart, ShownRelease


class Published:
    """As much of a release as choosing which one is shown needs: its name and its age."""

    def __init__(self, number: int, age: timedelta = timedelta()) -> None:
        self.id = f"release {number}"
        self.published_at = datetime.now(UTC) - age


@pytest.fixture
def made():
    """Each answer as it was made: of which release, to which question."""
    return []


@pytest.fixture
def part(made):
    """Something that pages make of a release, kept as they keep it."""

    @ReleasePart
    @st.cache_data(max_entries=64, show_spinner=False)
    def answer(_release, release_id, question, *, exact=False):
        made.append((release_id, question, exact))
        if question == "gone":
            raise KeyError(question)
        return f"{release_id}: {question}"

    answer.clear()
    yield answer
    answer.clear()


def shows(shown, newest, wanted, seconds=10.0):
    """Whether that release is shown before long."""
    until = time.monotonic() + seconds
    while shown.of(newest).id != wanted.id:
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def test_the_next_release_is_shown_once_what_readers_asked_is_answered(part, made):
    """Sixty tabs that move to a release at once all waited for the first of them."""
    one, two = Published(1), Published(2)
    shown = ShownRelease((part,), (part,))
    assert shown.of(one) is one
    part(one, one.id, "Idleb")
    part(one, one.id, "Idleb")
    part(one, one.id, "Dana", exact=True)
    assert shown.of(two) is one, "the release before stays until then"
    assert shows(shown, two, two)
    assert sorted(made[2:]) == [(two.id, "Dana", True), (two.id, "Idleb", False)]
    assert part(two, two.id, "Idleb") == "release 2: Idleb"
    assert len(made) == 4, "the reader who comes first waits for nothing"


def test_what_the_release_before_held_is_given_back_once_the_next_is_shown(part, monkeypatch):
    """Else a server holds two releases' worth for up to a minute after each."""
    held_then = []

    def give_back():
        held_then.append([number for number in (1, 2) if part.asked(f"release {number}")])
        done.set()

    done = threading.Event()
    monkeypatch.setattr(release_parts.garbage_collection, "give_back", give_back)
    one, two = Published(1), Published(2)
    shown = ShownRelease((part,), (part,))
    shown.of(one)
    part(one, one.id, "Idleb")
    assert shows(shown, two, two)
    assert done.wait(10)
    assert held_then == [[2]]


def test_a_question_that_nobody_asked_of_the_last_release_is_not_asked_on(part, made):
    """Else a question of one morning would be answered with every release for ever."""
    shown = ShownRelease((part,), (part,))
    releases = [Published(number) for number in range(1, 4)]
    shown.of(releases[0])
    part(releases[0], releases[0].id, "Idleb")
    for newest in releases[1:]:
        assert shows(shown, newest, newest)
    assert [release_id for release_id, *_ in made] == ["release 1", "release 2"]


def test_an_answer_that_cannot_be_made_does_not_hold_a_release_back(part, made):
    """A series that ended is in the old release and not in the new one."""
    one, two = Published(1), Published(2)
    shown = ShownRelease((part,), (part,))
    shown.of(one)
    with pytest.raises(KeyError):
        part(one, one.id, "gone")
    part(one, one.id, "Idleb")
    assert shows(shown, two, two)
    assert (two.id, "Idleb", False) in made


def test_a_release_is_shown_in_the_end_however_long_its_answers_take(monkeypatch):
    """A number of last hour that stays because a chart is slow is worse than a slow chart."""
    monkeypatch.setattr(release_parts, "SECONDS_AHEAD", 0.2)
    released = threading.Event()

    @ReleasePart
    @st.cache_data(show_spinner=False)
    def slow(_release, release_id):
        return release_id == "release 1" or released.wait(10)

    one, two = Published(1), Published(2)
    shown = ShownRelease((slow,), (slow,))
    shown.of(one)
    slow(one, one.id)
    try:
        assert shown.of(two) is one
        assert shows(shown, two, two, seconds=5.0)
    finally:
        released.set()
        slow.clear()


def test_a_release_of_an_hour_ago_waits_for_nothing(part):
    """Who comes back to a tab at noon must not be shown what was taken back at nine."""
    one, two = Published(1), Published(2, age=timedelta(hours=1))
    shown = ShownRelease((part,), (part,))
    shown.of(one)
    part(one, one.id, "Idleb")
    assert shown.of(two) is two


def test_whoever_changed_the_store_sees_it_at_once(part):
    """An administrator who takes a wrong number back must not be shown it once more."""
    one, two = Published(1), Published(2)
    shown = ShownRelease((part,), (part,))
    shown.of(one)
    part(one, one.id, "Idleb")
    shown.at_once()
    assert shown.of(two) is two


def test_a_release_that_is_taken_back_while_it_waits_is_never_shown(part):
    """The pointer went back: what was prepared meanwhile is no news."""
    one, two = Published(1), Published(2)
    waiting, released = threading.Event(), threading.Event()

    @ReleasePart
    @st.cache_data(show_spinner=False)
    def slow(_release, release_id):
        if release_id == "release 2":
            waiting.set()
            released.wait(10)

    shown = ShownRelease((part, slow), (part, slow))
    shown.of(one)
    slow(one, one.id)
    assert shown.of(two) is one
    assert waiting.wait(5)
    assert shown.of(one) is one
    released.set()
    assert not shows(shown, one, two, seconds=0.3)
    slow.clear()


def test_only_so_many_questions_are_remembered(part, made, monkeypatch):
    """Each place of each reader is a question; a year of them must not fill the memory."""
    monkeypatch.setattr(release_parts, "MOST_REMEMBERED", 3)
    one = Published(1)
    for question in ("a", "b", "c", "a", "d"):
        part(one, one.id, question)
    assert {question for _, ((question,), _) in part.asked(one.id)} == {"c", "a", "d"}
    part(one, one.id, "b")
    assert made[-1] == (one.id, "b", False), "what is forgotten is let go, too"
    part.keep_only(())
    assert part.asked(one.id) == []
    part(one, one.id, "a")
    assert made[-1] == (one.id, "a", False)
