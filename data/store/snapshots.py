"""What a publisher sent, byte for byte, and enough about the request to trace it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256


@dataclass(frozen=True)
class Document:
    """One answer, as sent.

    `name` says what was asked within the fetch ("population/origin-SYR/page-1"); `read` finds its
    way by it. `url` and `query` never hold a key.
    """

    name: str
    url: str
    body: bytes
    fetched_at: datetime
    query: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """SHA-256 of the body."""
        return sha256(self.body).hexdigest()
