"""Where a file that a person brings comes from; kept with it, so that its numbers can be traced."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

PUBLISHER: Final = "publisher"
PUBLISHED_ON: Final = "published_on"
TYPED_BY: Final = "typed_by"
MAPPING: Final = "mapping"


@dataclass(frozen=True)
class Provenance:
    """What the person stated about the file; None where they stated nothing.

    Attributes:
        publisher: The body whose figures they are.
        address: Where it published them, https://…
        published_on: The day it did.
        typed_by: Who typed or checked the file; kept in the store, never published.
        mapping: What its columns mean, as TOML; for an office's own table.
    """

    publisher: str | None = None
    address: str | None = None
    published_on: date | None = None
    typed_by: str | None = None
    mapping: str | None = None

    def query(self) -> dict[str, str]:
        """As entries of a stored document's query; its address becomes the document's own."""
        entries = {
            PUBLISHER: self.publisher,
            PUBLISHED_ON: self.published_on.isoformat() if self.published_on else None,
            TYPED_BY: self.typed_by,
            MAPPING: self.mapping,
        }
        return {name: text for name, text in entries.items() if text}


def of(query: Mapping[str, str], url: str) -> Provenance:
    """The provenance of a stored document."""
    day = query.get(PUBLISHED_ON)
    return Provenance(
        publisher=query.get(PUBLISHER),
        address=url if url.startswith(("https://", "http://")) else None,
        published_on=date.fromisoformat(day) if day else None,
        typed_by=query.get(TYPED_BY),
        mapping=query.get(MAPPING),
    )
