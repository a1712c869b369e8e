"""What lies beside the releases and is no part of them: notes of how something fares.

One that is cut, garbled or altered stops nothing. It counts as not there; whoever writes it next
sets the old bytes aside under `damaged/` first, and says so.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import TypeVar

from data.store import seal
from data.store.objects import Objects
from data.store.problems import StoreProblem

T = TypeVar("T")
ASIDE = "damaged"


class Unreadable(ValueError):  # noqa: N818 - reads as a fact where it is raised
    """A side file that is not what was written."""


def read(body: bytes, parse: Callable[[bytes], T]) -> T:
    """What a side file says.

    Raises:
        Unreadable: Its bytes are not those that were written, or mean nothing.
    """
    try:
        return parse(seal.unsealed(body))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unreadable from None


def is_sound(body: bytes, parse: Callable[[bytes], object]) -> bool:
    """Whether a side file is what was written."""
    try:
        read(body, parse)
    except Unreadable:
        return False
    return True


def put(objects: Objects, path: str, body: bytes, parse: Callable[[bytes], object]) -> str | None:
    """Replace a side file whole; where the one before was damaged, the path it was set aside as.

    Raises:
        StoreNotWritable: The disk is full, or the store may not be written.
    """
    before = objects.get_if_there(path)
    damaged = before is not None and not is_sound(before, parse)
    aside = set_aside(objects, path, before) if before is not None and damaged else None
    objects.put(path, seal.sealed(body))
    return aside


def set_aside(objects: Objects, path: str, body: bytes) -> str | None:
    """Keep the bytes of a damaged file under another name; None where even that fails."""
    aside = f"{ASIDE}/{path}.{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
    with suppress(StoreProblem):
        objects.put(aside, body)
        return aside
    return None
