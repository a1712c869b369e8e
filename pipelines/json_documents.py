"""The JSON that a stored document holds, within the bounds of what is read."""

import json
from typing import Any

from data.store import Document
from pipelines import bounds
from pipelines.errors import SourceChanged


class _GivenTwice(ValueError):  # noqa: N818
    """A name with two values in one object, of which JSON would take the last in silence."""


def _single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        for name, value in pairs:
            if value != found[name]:
                raise _GivenTwice(repr(name[:40]))
    return found


def decoded(document: Document) -> Any:
    """The JSON that a document holds.

    Raises:
        SourceChanged: It holds none, two values of one name, or more than is reasonable: a file
            brought by hand has passed no other check.
    """
    try:
        bounds.must_be_fair_json(document.body, document.name)
        return json.loads(document.body, object_pairs_hook=_single)
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
