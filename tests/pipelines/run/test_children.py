"""A run that hangs costs the others a minute, and itself its turn; nothing of it is left behind."""

import os
import sys
import time

import pytest

from data.store import Store
from pipelines.run import children
from pipelines.run.children import Children
from tests.run_contexts import fake_source

QUICK, BAD, HANGS, LONG = (fake_source(name) for name in ("quick", "bad", "hangs", "long"))
CODE = {
    "quick": "",
    "bad": "raise SystemExit(1)",
    "hangs": "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)",
    "long": "import time; time.sleep(2)",
}


def command(source, options):
    return [sys.executable, "-c", CODE[source.name]]


@pytest.fixture
def run(tmp_path):
    store, late = Store(str(tmp_path)), []

    def ended(source):
        late.append(source.name)
        children.ended(source, store, 1)

    with Children(5, ended, patience=0.3, command=command) as made:
        made.late_ones, made.store = late, store
        yield made


def test_the_code_of_a_run_is_told(run):
    run.patience = 30
    assert (run(QUICK), run(BAD)) == (0, 1)


def test_a_run_that_hangs_delays_the_next_by_the_patience_and_is_ended(run):
    run.seconds = 1.5
    begun = time.monotonic()
    assert run(HANGS) == 0, "it is not over: the next begins beside it"
    assert time.monotonic() - begun < 1.4
    run.seconds = 30
    run.patience = 30
    assert run(QUICK) == 0
    while not run.late_ones and time.monotonic() < begun + 30:
        run.look()
        time.sleep(0.1)
    assert run.late_ones == ["hangs"]
    status = run.store.status("hangs")
    assert (status.outcome, status.failures) == ("failed", 1)
    assert "NUZUH_DEADLINE" in status.sentence


def test_a_source_that_still_runs_is_not_begun_twice(run):
    run.seconds = 30
    run(LONG)
    before = dict(run._running)
    assert run(LONG) == 0
    assert run._running == before


def test_no_more_run_beside_one_another_than_may(run):
    run.seconds = 30
    begun = time.monotonic()
    CODE.update(dict.fromkeys(("a", "b", "c", "d"), CODE["long"]))
    for name in "abcd":
        run(fake_source(name))
        assert len(run._running) <= children.AT_ONCE
    assert time.monotonic() - begun >= 1.5, "the fourth waited for the first"
    assert run.finish()
    assert not run._running


def test_at_the_end_of_the_block_nothing_is_left(tmp_path):
    with Children(30, lambda source: None, patience=0.3, command=command) as run:
        run(LONG)
        (child,) = run._running.values()
    with pytest.raises(ProcessLookupError):
        os.kill(child.process.pid, 0)


def test_a_run_has_time_beside_its_fetch():
    """The fetch ends itself with a sentence; ended from outside, it could not say why."""
    assert children.most_seconds(1) > 1 + 30
    assert children.most_seconds(1800) == 2400
