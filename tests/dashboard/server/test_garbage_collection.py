"""What is set aside must not hide what readers leave behind: the server runs for months."""

import gc
import subprocess
import sys
import types
import weakref

import pytest

from dashboard.server import garbage_collection
from data import settings


class Ring:
    """An object that holds itself, as what a run leaves behind often does."""

    def __init__(self) -> None:
        self.me = self


def left_behind():
    """A reference to what nobody holds any more, and what is found by a search alone."""
    left = Ring()
    return weakref.ref(left)


def test_memory_is_set_aside_once_for_each_import_and_no_more(monkeypatch):
    """Each time is a full search: at every run it would cost what it spares."""
    garbage_collection.freeze_imports()
    assert not garbage_collection.freeze_imports()
    monkeypatch.setitem(sys.modules, "a_page_opened_for_the_first_time", types.ModuleType("new"))
    assert garbage_collection.freeze_imports()
    assert gc.get_freeze_count() > 10_000, "the libraries are what is set aside"


def test_once_a_minute_the_garbage_of_readers_who_left_is_found(monkeypatch):
    """Streamlit is told not to search after every run, so that somebody has to."""
    garbage_collection.freeze_imports()
    gc.disable()
    try:
        seen = left_behind()
        garbage_collection.freeze_imports()
        assert seen() is not None, "a search at every run is what this spares"
        monkeypatch.setattr(garbage_collection, "PAUSE", -1.0)
        garbage_collection.freeze_imports()
        assert seen() is None
    finally:
        gc.enable()


def test_garbage_of_a_release_that_was_let_go_is_found_at_once():
    """Not a minute later, while the next one's first answers come on top of it."""
    garbage_collection.freeze_imports()
    gc.disable()
    try:
        seen = left_behind()
        garbage_collection.give_back()
        assert seen() is None
    finally:
        gc.enable()


def test_what_a_run_leaves_behind_is_still_found():
    """A reader's session that is gone must not stay in memory for good."""
    garbage_collection.freeze_imports()
    seen = left_behind()
    gc.collect()
    assert seen() is None


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc keeps what is freed")
def test_what_readers_no_longer_need_is_given_back_to_the_system_once_a_minute():
    """On a machine of 1 GB it is what other services lack."""
    said = """
import re
from dashboard.server import garbage_collection

def own():
    return int(re.search(r"Anonymous: +(\\d+)", open("/proc/self/smaps_rollup").read())[1])

garbage_collection.freeze_imports()
held = [bytes(40_000) for _ in range(1_000)]
last = bytes(40_000)  # lies above them, so that the heap does not shrink by itself
before = own()
del held
garbage_collection.PAUSE = -1.0
garbage_collection.freeze_imports()
print(before - own())
"""
    assert int(in_a_process_of_its_own(said)) > 30_000, "kilobytes of the 40,000"


def test_a_server_loads_for_pages_only_what_pages_need():
    """GDAL, the typesetter, Word and the maker of pictures are 56 MB, of which few readers ask."""
    said = """
import sys
import app
from visuals.map import geometry

geometry.of_area("idlib")
print([name for name in ("pyogrio", "typst", "docx", "vl_convert") if name in sys.modules])
"""
    assert in_a_process_of_its_own(said) == "[]"


def in_a_process_of_its_own(said: str) -> str:
    """What a script prints."""
    done = subprocess.run(
        [sys.executable, "-c", said], cwd=settings.ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
