"""The JSON that a document holds, within the bounds of what is read."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from data.store import Document
from pipelines import bounds
from pipelines.errors import SourceChanged

MOST_HELD: Final = 16 * 1024 * 1024
"""Bytes of the bodies whose JSON is held at once: decoded, they take some three times that."""
_HELD: ContextVar[dict[int, tuple[bytes, Any]] | None] = ContextVar("held", default=None)
"""By the identity of a body, which is held too so that no other gets it: what it decodes to."""


class _GivenTwice(ValueError):  # noqa: N818
    """A name with two values in one object, of which JSON would take the last in silence."""


def _single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        for name, value in pairs:
            if value != found[name]:
                raise _GivenTwice(repr(name[:40]))
    return found


@contextmanager
def decoded_once() -> Iterator[None]:
    """Decode a document once in the block, which is one run of one source.

    The client asks whether an answer is JSON, the fetch for its last page, and the reader for all
    of it. What is decoded is theirs together, to look at and never to change. Beyond `MOST_HELD`
    it is decoded anew each time.
    """
    before = _HELD.set({})
    try:
        yield
    finally:
        _HELD.reset(before)


def must_be_json(body: bytes, name: str) -> None:
    """Refuse what is no JSON; two values of one name are, and are for the reader to refuse.

    Raises:
        SourceChanged: It is more than is reasonable.
        ValueError: It is none.
        RecursionError: It is nested deeper than anybody means.
    """
    try:
        _decoded(body, name)
    except _GivenTwice:
        json.loads(body)


def decoded(document: Document) -> Any:
    """The JSON that a document holds.

    Raises:
        SourceChanged: It holds none, two values of one name, or more than is reasonable: a file
            brought by hand has passed no other check.
    """
    try:
        return _decoded(document.body, document.name)
    except SourceChanged:
        raise
    except _GivenTwice as error:
        raise SourceChanged(
            f"{document.name} says two things of {error} in one place, and either may be right; "
            "get the file again from its publisher."
        ) from None
    except (ValueError, RecursionError):
        raise SourceChanged(
            f"{document.name} is not JSON; get the file again from its publisher."
        ) from None


def _decoded(body: bytes, name: str) -> Any:
    held = _HELD.get()
    if held is not None and id(body) in held:
        return held[id(body)][1]
    bounds.must_be_fair_json(body, name)
    found = json.loads(body, object_pairs_hook=_single)
    if held is not None and sum(len(one) for one, _ in held.values()) + len(body) <= MOST_HELD:
        held[id(body)] = body, found
    return found
