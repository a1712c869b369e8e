"""SIGKILL at random moments while publishing, with readers reading all the while.

Twenty-four kills in the suite; `NUZUH_KILLS=200` for as many as docs/deploy.md tells of.
"""

import multiprocessing
import os
import random
import signal
import time
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from data.store import Publication, Store, StoreEmpty, objects
from tests.builders import figures

KILLS = int(os.environ.get("NUZUH_KILLS", "24"))
READERS = 2
STEPS = 32
"""One publish flushes a dozen times (files, folders, the pointer, the kept manifest); a step is
the moment before a flush, or after it."""
NOW = datetime(2026, 11, 24, tzinfo=UTC)
PROCESSES = multiprocessing.get_context("fork")


@cache
def _batches():
    """Made once, before the process that publishes them is forked: each attempt would make them."""
    return [
        figures(*({"source": s, "via": "batch", "value": n} for s in ("first", "second")))
        for n in range(50)
    ]


def _publish(store, batch):
    rows = _batches()[batch % 50]
    store.publish(Publication("batch", rows, str(batch)), now=NOW + timedelta(seconds=batch))


def _publish_for_ever(address, batch, acknowledged, steps, halt):
    """Publish one batch after the other; with `halt`, stand still at that step to be killed."""
    flush, taken = os.fsync, 0

    def step():
        nonlocal taken
        taken += 1
        os.write(steps, b".")
        while taken == halt:
            signal.pause()

    def told(handle):
        step()
        flush(handle)
        step()

    objects.os.fsync = told
    store = Store(address)
    while True:
        batch += 1
        _publish(store, batch)
        os.write(acknowledged, f"{batch}\n".encode())


def _read_for_ever(address, reads, halves, stop):
    """Open the current release again and again and look for half of one."""
    store = Store(address)
    while not stop.wait(0.05):
        try:
            release = store.current()
        except StoreEmpty:
            continue
        shown = release.figures()["value"].tolist()
        with reads.get_lock():
            reads.value += 1
        if len(shown) != 2 or len(set(shown)) != 1 or release.warning:
            with halves.get_lock():
                halves.value += 1


def _killed(address, batch, seed):
    """The batches that one publisher acknowledged before it was killed."""
    moment, exact = seed.randint(1, STEPS), seed.random() < 0.5
    (out, into), (heard, steps) = os.pipe(), os.pipe()
    halt = moment if exact else None
    child = PROCESSES.Process(target=_publish_for_ever, args=(address, batch, into, steps, halt))
    child.start()
    os.close(into)
    os.close(steps)
    # Most of a publish is reckoning; half of the kills fall exactly between two writes.
    for _ in range(moment):
        os.read(heard, 1)
    if not exact:
        time.sleep(seed.uniform(0, 0.02))
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    os.close(heard)
    with os.fdopen(out) as pipe:
        return [int(line) for line in pipe.read().split("\n")[:-1]]


@pytest.mark.wide
def test_kills_lose_nothing_and_show_nothing_half(tmp_path, capsys):
    """A power cut or an impatient administrator must never cost a figure or show half a release."""
    address = str(tmp_path / "store")
    _batches()
    store, seed = Store(address), random.Random(20261124)  # noqa: S311 - moments, not secrets
    reads, halves, stop = PROCESSES.Value("i"), PROCESSES.Value("i"), PROCESSES.Event()
    readers = [
        PROCESSES.Process(target=_read_for_ever, args=(address, reads, halves, stop))
        for _ in range(READERS)
    ]
    for reader in readers:
        reader.start()
    batch = late = 0
    try:
        for kill in range(KILLS):
            told = _killed(address, batch, seed)
            acknowledged = told[-1] if told else batch
            try:
                newest = int(store.current().manifest.reason)
            except StoreEmpty:
                assert acknowledged == 0
                continue
            # Either the last one acknowledged, or the one swapped in before it could be.
            assert newest in (acknowledged, acknowledged + 1)
            assert store.current().warning is None
            assert store.current().figures()["value"].tolist() == [newest % 50] * 2
            late += newest > acknowledged
            batch = newest
            if kill % 20 == 19:
                store.prune(keep=2, younger_than=timedelta(0), now=NOW + timedelta(seconds=batch))
    finally:
        stop.set()
        for reader in readers:
            reader.join(60)
    assert [reader.exitcode for reader in readers] == [0] * READERS
    history = store.current().vintages()
    assert (
        history.groupby("source")["value"].agg(list).tolist()
        == [[n % 50 for n in range(1, batch + 1)]] * 2
    )
    assert halves.value == 0
    assert reads.value > KILLS
    assert 0 < late < KILLS  # the kills fell on both sides of the swap
    with capsys.disabled():
        print(  # noqa: T201 - the tally is what this test is for
            f"\nSIGKILL: {KILLS} kills, {batch} releases, {late} killed between swap and "
            f"acknowledgement, {reads.value} reads, 0 unreadable, 0 half-visible, 0 lost"
        )
