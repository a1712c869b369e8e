"""The scheduler runs for months on an office's one machine; nobody looks at it."""

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from data.status import freshness
from data.store import Publication, Status, Store, StoreBroken
from pipelines.run import schedule
from tests.builders import figures
from tests.run_contexts import fake_source

START = datetime(2026, 11, 24, tzinfo=UTC)
SOURCE = fake_source("weekly")


class Clock:
    """A clock that moves when somebody sleeps, and stops the loop at its end."""

    def __init__(self, until: timedelta) -> None:
        self.now, self.end = START, START + until

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=max(seconds, 60))
        if self.now >= self.end:
            raise schedule.Stopped


def scheduler(store, clock, outcomes, sources=(SOURCE,)):
    """Runs write the next outcome given, the last one for ever; `runs` says when."""
    runs = []

    def run(source):
        outcome = outcomes[min(len(runs), len(outcomes) - 1)]
        runs.append((source.name, clock()))
        before = store.status(source.name) or Status(source.name)
        store.set_status(before.after(clock(), outcome, "."))
        return int(outcome in ("failed", "held"))

    made = schedule.Scheduler(store, sources, run=run, now=clock, sleep=clock.sleep)
    return made, runs


def until_stopped(made):
    with pytest.raises(schedule.Stopped):
        made.forever()


def hours(runs):
    times = [at for _, at in runs]
    return [(b - a).total_seconds() / 3600 for a, b in pairwise(times)]


def test_a_source_that_never_ran_is_due_at_once_and_then_at_its_cadence(tmp_path):
    clock = Clock(timedelta(days=8))
    made, runs = scheduler(Store(str(tmp_path)), clock, ["published"])
    until_stopped(made)
    assert runs[0][1] == START
    assert len(runs) == 2
    assert timedelta(days=7) <= runs[1][1] - START <= timedelta(days=7, hours=1, minutes=1)


def test_failures_are_tried_again_after_two_hours_doubling_to_a_day(tmp_path):
    clock = Clock(timedelta(days=4))
    made, runs = scheduler(Store(str(tmp_path)), clock, ["failed"])
    until_stopped(made)
    assert [round(h, 1) for h in hours(runs)] == [2, 4, 8, 16, 24, 24]


def test_a_held_answer_waits_for_a_person_at_the_ordinary_cadence(tmp_path):
    """Asking every two hours would store the same doubtful answer a hundred times."""
    clock = Clock(timedelta(days=6))
    made, runs = scheduler(Store(str(tmp_path)), clock, ["held"])
    until_stopped(made)
    assert len(runs) == 1


def test_a_restart_forgets_nothing(tmp_path):
    first = Clock(timedelta(days=2))
    made, runs = scheduler(Store(str(tmp_path)), first, ["published"])
    until_stopped(made)
    again = Clock(timedelta(days=1))
    again.now = first.now
    again.end = again.now + timedelta(days=1)
    made, later = scheduler(Store(str(tmp_path)), again, ["published"])
    until_stopped(made)
    assert len(runs) == 1
    assert later == []


def test_a_run_that_leaves_no_status_is_not_tried_in_a_tight_loop(tmp_path):
    clock, runs = Clock(timedelta(hours=5)), []
    made = schedule.Scheduler(
        Store(str(tmp_path)),
        (SOURCE,),
        run=lambda source: runs.append(("x", clock())) or 1,
        now=clock,
        sleep=clock.sleep,
    )
    until_stopped(made)
    assert len(runs) == 3


def test_a_store_whose_disk_is_gone_is_not_begun_again(tmp_path):
    """What is published into an empty mount point has no vintages, and hides those that return."""
    folder, away = tmp_path / "store", tmp_path / "unmounted"
    store, hourly = Store(str(folder)), replace(SOURCE, cadence=timedelta(hours=1))
    rows = figures({"source": "weekly", "via": "weekly"})
    store.publish(Publication("weekly", rows, "first"), now=START)
    clock, said = Clock(timedelta(hours=8)), []
    made, runs = scheduler(store, clock, ["published"], (hourly,))

    def sleep(seconds):
        clock.sleep(seconds)
        if clock() == START + timedelta(minutes=150):
            folder.rename(away)
        if clock() == START + timedelta(minutes=330):
            assert not folder.exists(), "something was written in the place of the disk"
            away.rename(folder)

    until_stopped(replace(made, sleep=sleep, say=said.append))
    assert [int(h) for h in hours(runs)] == [2, 3, 2]
    assert len(said) == 1, "one line in the log, not one a minute"
    assert "unmounted" in said[0]


@pytest.mark.parametrize("releases", [1, 2])
def test_damage_to_the_store_is_mended_before_the_next_run(tmp_path, releases):
    """A bit flips on a disk that nobody looks at; with one release there is none to go back to."""
    store = Store(str(tmp_path))
    for number in range(releases):
        rows = figures({"source": "weekly", "via": "weekly", "value": number})
        store.publish(Publication("weekly", rows, "run"), now=START + timedelta(seconds=number))
    file = tmp_path / store.current().manifest.figures["weekly"].path
    before = file.read_bytes()
    file.write_bytes(before[:-1] + b"\0")
    clock, mended = Clock(timedelta(minutes=10)), []

    def mend():
        mended.extend(store.repair(lambda source, documents: None, now=clock()))

    made, _ = scheduler(store, clock, ["unchanged"])
    until_stopped(replace(made, mend=mend, say=lambda sentence: None))
    assert [told.mended for told in mended] == [True]
    assert file.read_bytes() == before


def test_a_store_that_does_not_answer_ends_no_scheduler(tmp_path, monkeypatch):
    """A cloud is away for an hour in the night; nobody restarts anything."""
    clock, said = Clock(timedelta(hours=4)), []
    made, runs = scheduler(Store(str(tmp_path)), clock, ["published"])
    statuses = made.store.statuses
    outage = (START + timedelta(hours=1), START + timedelta(hours=2))

    def asked():
        if outage[0] <= clock() <= outage[1]:
            raise StoreBroken("The store cannot be read; check the line.")
        return statuses()

    monkeypatch.setattr(made.store, "statuses", asked)
    until_stopped(replace(made, say=said.append))
    assert len(runs) == 1
    assert said == ["The store cannot be read; check the line."]


def test_a_clock_that_was_a_year_ahead_silences_no_source(tmp_path):
    """A machine without a battery wakes up in 2027, runs once, and then asks for the time."""
    store = Store(str(tmp_path))
    store.set_status(Status("weekly").after(START + timedelta(days=365), "published", "."))
    made, runs = scheduler(store, Clock(timedelta(hours=2)), ["published"])
    until_stopped(made)
    assert [at for _, at in runs] == [START]


def test_a_clock_that_goes_back_a_day_costs_one_question_and_no_silence(tmp_path):
    """What was noted by the wrong clock is not believed, and the next is due a day after that."""
    clock, jumped = Clock(timedelta(days=2)), []
    daily = replace(SOURCE, cadence=timedelta(days=1))
    made, runs = scheduler(Store(str(tmp_path)), clock, ["published"], (daily,))

    def sleep(seconds):
        clock.sleep(seconds)
        if not jumped and clock() >= START + timedelta(hours=3):
            jumped.append(clock())
            clock.now -= timedelta(days=1)

    until_stopped(replace(made, sleep=sleep))
    assert [at.day for _, at in runs] == [24, 23, 24, 25]


def test_once_runs_what_is_due_and_says_whether_all_went_well(tmp_path):
    clock = Clock(timedelta(days=1))
    sources = (SOURCE, fake_source("other"))
    made, runs = scheduler(Store(str(tmp_path)), clock, ["failed", "published"], sources)
    assert made.once() is False
    assert [name for name, _ in runs] == ["weekly", "other"]
    assert made.once() is True
    assert len(runs) == 2


def test_sources_of_one_cadence_do_not_ask_in_step():
    delays = {freshness.jitter(name, fake_source(name).cadence) for name in ("a", "b", "c")}
    assert len(delays) == 3
    assert delays == {freshness.jitter(name, fake_source(name).cadence) for name in ("a", "b", "c")}
    assert max(delays) <= timedelta(hours=1)


def test_a_short_cadence_is_not_stretched_by_failures():
    status = Status("weekly").after(START, "failed", ".")
    hourly = replace(SOURCE, cadence=timedelta(hours=1))
    assert schedule.due_at(hourly, status) == START + timedelta(hours=1)


# One scheduler


def test_a_second_scheduler_says_who_the_first_one_is_and_takes_over_when_it_is_gone(tmp_path):
    """Two units on one store would ask every publisher twice."""
    said = []
    first, second = (schedule.Turn(Store(str(tmp_path)), said.append) for _ in range(2))
    assert first()
    assert not second()
    assert not second()
    assert first()
    (sentence,) = said
    assert "scheduler" in sentence
    assert f"process {os.getpid()} on" in sentence
    assert "waits" in sentence
    first.close()
    assert second()
    second.close()


def test_a_lease_that_is_not_renewed_lapses_and_whoever_lost_it_runs_nothing(tmp_path):
    """A machine that slept wakes up beside the one that took its place."""
    store = Store(str(tmp_path))
    sleeper, other = schedule.Turn(store), schedule.Turn(store)
    assert sleeper()
    claim = sleeper._held
    path = tmp_path / "locks/scheduler.json"
    taken = json.loads(path.read_bytes()) | {"host": "another-machine", "process": 1}
    path.write_text(json.dumps(taken))
    claim.lost = True  # as the next renewal finds
    assert not sleeper()
    taken["until"] = "2020-01-01T00:00:00+00:00"
    path.write_text(json.dumps(taken))
    assert other()
    other.close()


def test_what_a_killed_scheduler_held_is_free_at_once_on_its_own_machine(tmp_path):
    store = Store(str(tmp_path))
    gone = schedule.Turn(store)
    assert gone()
    path = tmp_path / "locks/scheduler.json"
    held = path.read_bytes()
    gone.close()
    path.write_bytes(held)  # killed: nobody let it lapse, and the system dropped the lock
    heir = schedule.Turn(store)
    assert heir()
    heir.close()


def test_without_its_turn_a_scheduler_asks_nobody(tmp_path):
    asked, turns = [], iter([False, True, True, True, True])

    def sleep(seconds):
        if asked:
            raise schedule.Stopped

    scheduler = schedule.Scheduler(
        Store(str(tmp_path)),
        (fake_source(),),
        run=lambda source: asked.append(source.name) or 0,
        sleep=sleep,
        leads=lambda: next(turns),
    )
    with pytest.raises(schedule.Stopped):
        scheduler.forever()
    assert asked == ["example"]
