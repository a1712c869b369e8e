"""The JSON that a stored document holds, within the bounds of what is read."""

import json
from typing import Any

from data.store import Document
from pipelines import bounds
from pipelines.errors import SourceChanged


def decoded(document: Document) -> Any:
    """The JSON that a document holds.

    Raises:
        SourceChanged: It holds none, or more than is reasonable: a file brought by hand has passed
            no other check.
    """
    try:
        bounds.must_be_fair_json(document.body, document.name)
        return json.loads(document.body)
    except SourceChanged:
        raise
    except (ValueError, RecursionError):
        raise SourceChanged(
            f"{document.name} is not JSON; get the file again from its publisher."
        ) from None
