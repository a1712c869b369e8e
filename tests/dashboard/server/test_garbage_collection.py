"""What is set aside must not hide what readers leave behind: the server runs for months."""

import gc
import sys
import types
import weakref

from dashboard.server import garbage_collection


class Ring:
    """An object that holds itself, as what a run leaves behind often does."""

    def __init__(self) -> None:
        self.me = self


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
        left = Ring()
        seen = weakref.ref(left)
        del left
        garbage_collection.freeze_imports()
        assert seen() is not None, "a search at every run is what this spares"
        monkeypatch.setattr(garbage_collection, "PAUSE", -1.0)
        garbage_collection.freeze_imports()
        assert seen() is None
    finally:
        gc.enable()


def test_what_a_run_leaves_behind_is_still_found():
    """A reader's session that is gone must not stay in memory for good."""
    garbage_collection.freeze_imports()
    left = Ring()
    seen = weakref.ref(left)
    del left
    gc.collect()
    assert seen() is None
