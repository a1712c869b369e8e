"""SIGKILL at random moments while publishing, with readers reading all the while."""

import multiprocessing
import os
import random
import signal
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from data.store import Publication, Store, StoreEmpty
from tests.builders import figures

KILLS = 200
NOW = datetime(2026, 11, 24, tzinfo=UTC)
BATCH = [
    figures(*({"source": s, "via": "batch", "value": n} for s in ("first", "second")))
    for n in range(50)
]


def _publish_for_ever(address, batch, acknowledged):
    store = Store(address)
    while True:
        batch += 1
        rows = BATCH[batch % 50]
        store.publish(Publication("batch", rows, str(batch)), now=NOW + timedelta(seconds=batch))
        os.write(acknowledged, f"{batch}\n".encode())


class _Readers:
    """Threads that open the current release again and again and look for half of one."""

    def __init__(self, address):
        self.reads, self.halves, self.stop = 0, [], threading.Event()
        self._threads = [threading.Thread(target=self._read, args=(address,)) for _ in range(2)]
        for thread in self._threads:
            thread.start()

    def _read(self, address):
        store = Store(address)
        while not self.stop.is_set():
            try:
                release = store.current()
            except StoreEmpty:
                continue
            values = set(release.figures()["value"])
            self.reads += 1
            if len(values) != 1 or release.warning:
                self.halves.append((release.id, values, release.warning))

    def join(self):
        self.stop.set()
        for thread in self._threads:
            thread.join()


@pytest.mark.slow
def test_two_hundred_kills_lose_nothing_and_show_nothing_half(tmp_path, capsys):
    address = str(tmp_path / "store")
    store, seed = Store(address), random.Random(20261124)  # noqa: S311 - moments, not secrets
    context = multiprocessing.get_context("fork")
    readers = _Readers(address)
    batch = killed_inside = 0
    try:
        for _ in range(KILLS):
            out, into = os.pipe()
            child = context.Process(target=_publish_for_ever, args=(address, batch, into))
            child.start()
            os.close(into)
            time.sleep(seed.uniform(0.01, 0.25))
            os.kill(child.pid, signal.SIGKILL)
            child.join()
            with os.fdopen(out) as pipe:
                told = [int(line) for line in pipe.read().split("\n")[:-1]]
            try:
                release = store.current()
            except StoreEmpty:
                assert not told
                continue
            newest = int(release.manifest.reason)
            acknowledged = told[-1] if told else batch
            # Either the last one acknowledged, or the one that was swapped in before it could be.
            assert newest in (acknowledged, acknowledged + 1)
            killed_inside += newest == acknowledged
            assert set(release.figures()["value"]) == {newest % 50}
            batch = newest
            if _ % 20 == 0:
                store.prune(keep=2, younger_than=timedelta(0), now=NOW + timedelta(seconds=batch))
    finally:
        readers.join()
    assert readers.halves == []
    assert readers.reads > KILLS
    with capsys.disabled():
        print(  # noqa: T201 - the tally is what this test is for
            f"\nSIGKILL: {KILLS} kills, {batch} releases, {readers.reads} reads, "
            f"0 unreadable, 0 half-visible, 0 lost ({killed_inside} without a late swap)"
        )
