"""Questions of one process share an engine; none hears of another or waits for its faults."""

import multiprocessing
import os
import platform
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import duckdb
import pytest

from data import settings
from data.store import Publication, Store, release
from tests.builders import figures

ASKED = "select sum(value) as people from figures"


@pytest.fixture
def stores(tmp_path):
    """Four stores, of 1, 2, 3 and 4 people."""
    made = []
    for people in range(1, 5):
        store = Store(str(tmp_path / str(people)))
        rows = figures({"value": people})
        store.publish(Publication("s", rows, "test"), now=datetime(2026, 11, 24, tzinfo=UTC))
        made.append(store)
    return made


def people(store):
    return int(store.current().sql(ASKED, [])["people"].iloc[0])


def test_questions_at_the_same_time_are_each_answered_from_their_own_release(stores):
    """Two areas, or a release and the one before it, would otherwise show each other's numbers."""
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(people, stores * 25))
    assert found == [1, 2, 3, 4] * 25


def test_the_engine_is_opened_once_for_a_process(stores, monkeypatch):
    """Opening costs 20 ms of a processor: five times for an answer of the API."""
    people(stores[0])
    monkeypatch.setattr(duckdb, "connect", lambda *_, **__: pytest.fail("opened again"))
    assert [people(store) for store in stores] == [1, 2, 3, 4]


@pytest.mark.parametrize("fault", [duckdb.InternalException, duckdb.FatalException])
def test_an_engine_that_failed_inside_is_not_asked_again(stores, monkeypatch, fault):
    """DuckDB then refuses every question to that engine: all pages would fail until a restart."""
    before = release._engine(os.getpid())

    def failed(*_):
        raise fault("an assertion of DuckDB's own")

    with monkeypatch.context() as patch:
        patch.setattr(release, "_answered", failed)
        with pytest.raises(fault):
            people(stores[0])
    assert people(stores[0]) == 1
    assert release._engine(os.getpid()) is not before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system forks no process")
def test_a_process_that_is_forked_off_is_answered(stores):
    """It has none of the threads of the engine that it was born with, and would wait for them."""
    assert people(stores[2]) == 3
    context = multiprocessing.get_context("fork")
    found = context.Queue()
    child = context.Process(target=lambda: found.put(people(stores[3])))
    child.start()
    assert found.get(timeout=60) == 4
    child.join(30)
    assert child.exitcode == 0


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="DuckDB brings its allocator there")
def test_what_a_question_needed_is_given_back_soon_after_it():
    """Each server of an office kept it until the next question, with 50 readers or with none."""
    said = """
import re, time
from data.store import release

def own():
    return int(re.search(r"Anonymous: +(\\d+)", open("/proc/self/smaps_rollup").read())[1])

with release._connected() as asked:
    asked.execute("select 1").fetchall()
    before = own()
    texts = "select md5(i::varchar) text from range(1000000) numbers(i)"
    asked.execute(f"select count(*) from ({texts} order by text limit 900000)").fetchall()
until = time.monotonic() + 60
while own() - before > 30_000 and time.monotonic() < until:
    time.sleep(0.2)
print(own() - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", said], cwd=settings.ROOT, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 30_000, "kilobytes"


def test_a_duckdb_that_cannot_give_memory_back_answers_all_the_same(stores, monkeypatch):
    """An office's system may have one that was built without its own allocator."""
    opened = duckdb.connect

    class Without:
        def __init__(self, *given, **kept):
            self.engine = opened(*given, **kept)

        def execute(self, asked):
            raise duckdb.CatalogException(f"unrecognized configuration parameter in {asked}")

        def cursor(self):
            return self.engine.cursor()

    monkeypatch.setattr(duckdb, "connect", Without)
    release._engine.cache_clear()
    try:
        assert people(stores[2]) == 3
    finally:
        release._engine.cache_clear()
