"""When memory is searched for garbage, and what is left out of the search.

Streamlit would search everything at the end of every run of a page (`runner.postScriptGC`). Most of
that are libraries that never become garbage, and what other readers' sessions hold: half of the
processor time of a change went there with one reader, four fifths with two hundred
(docs/speed.md). So what was imported is set aside, and the rest is searched once a minute.

What is freed is given back to the system then: the C library would keep it between what is still
held, and after a release's first views that is a tenth of the server's memory.
"""

import atexit
import ctypes
import gc
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Final

PAUSE: Final = 60.0
"""Seconds between two searches; what readers leave in between are some megabytes."""


@dataclass
class _Settled:
    """How many modules there were when the memory was last set aside, and when it was searched."""

    modules: int = 0
    searched: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


_settled = _Settled()


def freeze_imports() -> bool:
    """Set aside what is in memory, if anything was imported since the last time.

    If not, memory is searched, where that was a minute ago. What is set aside is still freed when
    nobody holds it any more; only rings of objects that hold one another are no longer found, and
    the libraries make those as they are imported.

    Returns:
        Whether it was done now.
    """
    with _settled.lock:
        now = len(sys.modules)
        if now == _settled.modules:
            if time.monotonic() - _settled.searched > PAUSE:
                _search()
                _settled.searched = time.monotonic()
            return False
        if not _settled.modules:
            # At the end everything is looked at again: bindings complain of what is left.
            atexit.register(gc.unfreeze)
        _settled.modules = now
        _search()
        gc.freeze()
        _settled.searched = time.monotonic()
        return True


def give_back() -> None:
    """Find garbage now, and give back what it held: for who has just let go of much."""
    with _settled.lock:
        _search()
        _settled.searched = time.monotonic()


def _search() -> None:
    """Find garbage, and give the pages that nobody uses back to the system."""
    gc.collect()
    _trimmed()(0)


@cache
def _trimmed() -> Callable[[int], int]:
    """The `malloc_trim` of glibc; nothing on a system without it."""
    with suppress(OSError, AttributeError, TypeError):
        found: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
        return found
    return int
