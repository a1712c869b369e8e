"""What takes seconds to make of a release is there before a reader asks, and never old for long."""

import threading
import time

import pytest

from data.publication import prepared
from data.publication.prepared import Answers, Prepared


class Made:
    """A content for each state; making one waits until it may."""

    def __init__(self):
        self.store, self.state, self.made = "a", 1, []
        self.may = threading.Event()
        self.may.set()

    def make(self, key):
        state = key[1]
        assert self.may.wait(20)
        self.made.append((state, threading.current_thread() is threading.main_thread()))
        return state


@pytest.fixture
def content():
    return Made()


@pytest.fixture
def held(content, monkeypatch):
    """Looked after every hundredth of a second."""
    monkeypatch.setattr(prepared, "LOOK", 0.01)
    held = Prepared(lambda key: key[0], lambda: (content.store, content.state), content.make)
    yield held
    content.may.set()
    held.forget()


def until(what):
    end = time.monotonic() + 20
    while not what():
        assert time.monotonic() < end
        time.sleep(0.005)


def page(answers, name):
    return f"{name} of {answers.content}"


def test_a_new_release_is_made_without_a_reader_who_asks(held, content):
    """The first of the morning would else wait for all others."""
    assert held.newest().content == 1
    content.state = 2
    until(lambda: len(content.made) == 2)
    assert content.made == [(1, True), (2, False)], "by a thread, not for a reader"
    until(lambda: held.newest().content == 2)


def test_while_the_next_is_made_readers_are_given_the_one_before_and_do_not_wait(held, content):
    held.newest()
    content.may.clear()
    content.state = 2
    for _ in range(3):
        assert held.newest().content == 1
    content.may.set()
    until(lambda: held.newest().content == 2)


def test_nobody_is_given_the_one_before_for_longer_than_a_while(held, content, monkeypatch):
    """A number of this morning must not stand under "now" because a machine is slow."""
    monkeypatch.setattr(prepared, "PATIENCE", 0.05)
    held.newest()
    content.may.clear()
    content.state = 2
    held.newest()
    time.sleep(0.06)
    threading.Timer(0.05, content.may.set).start()
    assert held.newest().content == 2, "whoever asks then waits"


def test_nobody_is_given_what_was_made_of_another_store(held, content):
    """An area's readers would for half a minute be shown another area's people."""
    held.newest()
    content.may.clear()
    content.store, content.state = "b", 2
    threading.Timer(0.05, content.may.set).start()
    assert held.newest().content == 2


def test_after_a_night_without_readers_nothing_old_is_given(held, content, monkeypatch):
    """Nobody looks any more, so that nobody knows how old it is."""
    held.newest()
    monkeypatch.setattr(prepared, "UNREAD", 0.0)
    until(lambda: held._thread is None)
    content.state = 2
    assert held.newest().content == 2


def test_at_the_end_of_the_process_no_thread_is_left_at_work(held, content):
    """Python ends it within a library, and the library takes the process along."""
    held.newest()
    thread = held._thread
    content.may.clear()
    content.state = 2
    held.newest()
    threading.Timer(0.05, content.may.set).start()
    held._end()
    assert not thread.is_alive()


def test_what_readers_asked_is_there_before_they_ask_it_of_the_next(held, content):
    made = []

    def counted(answers, name):
        made.append((name, answers.content))
        return page(answers, name)

    first = held.newest()
    for name in ("rare", "often", "often"):
        first.of(counted, name)
    content.state = 2
    until(lambda: held.newest().content == 2)
    assert made == [("rare", 1), ("often", 1), ("often", 2), ("rare", 2)], "most asked for first"
    assert held.newest().of(counted, "often") == "often of 2"
    assert len(made) == 4


def test_a_fault_in_the_thread_is_told_to_the_reader_who_asks(held, content, monkeypatch):
    monkeypatch.setattr(prepared, "PATIENCE", 0.0)
    held.newest()

    def harmful(_):
        raise ValueError("may not be shown")

    held._make = harmful
    content.state = 2
    with pytest.raises(ValueError, match="may not be shown"):
        held.newest()
    held._make = content.make
    assert held.newest().content == 2


def test_an_answer_that_failed_is_asked_again_and_stops_no_other(content):
    """A place that the next release no longer has must not keep all other pages from readers."""
    old, new = Answers(1), Answers(2)

    def flaky(answers, name):
        if answers.content == 2 and name == "gone":
            raise LookupError(name)
        return page(answers, name)

    for name in ("gone", "gone", "stays"):
        old.of(flaky, name)
    new.prepare(old)
    assert new._known((flaky, "stays")) is not None
    with pytest.raises(LookupError):
        new.of(flaky, "gone")


def test_strange_questions_do_not_fill_the_memory():
    answers = Answers(1, most=3)
    for number in range(10):
        answers.of(page, f"strange {number}")
        answers.of(page, "usual")
    assert len(answers._answers) == 3
    assert answers.asked()[0] == (page, "usual"), "what is asked again and again stays"


def test_answers_that_need_each_other_are_made_once_however_many_ask():
    made = []

    def whole(answers):
        made.append("whole")
        time.sleep(0.02)
        return "whole"

    def part(answers, number):
        return answers.of(whole), number

    answers = Answers(1)
    threads = [threading.Thread(target=answers.of, args=(part, n)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == ["whole"]
