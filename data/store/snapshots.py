"""What a publisher sent, byte for byte, and enough about the request to trace it."""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any


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

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the body; every figure of it names it, so it is worked out once."""
        return sha256(self.body).hexdigest()


@dataclass(frozen=True)
class Copy:
    """What is known of a stored document without opening it."""

    name: str
    url: str
    sha256: str
    bytes: int
    fetched_at: datetime
    content_type: str


def listed(record: bytes) -> list[Copy]:
    """The documents that a fetch's record names."""
    return [
        Copy(
            name=entry["name"],
            url=entry["url"],
            sha256=entry["sha256"],
            bytes=entry["bytes"],
            fetched_at=datetime.fromisoformat(entry["fetched_at"]),
            content_type=str(entry["headers"].get("content-type", "")).split(";")[0].strip(),
        )
        for entry in json.loads(record)
    ]


def place(digest: str) -> str:
    """Where the bytes with that SHA-256 lie below `raw/<source>/`."""
    return f"{digest[:2]}/{digest}.gz"


def packed(document: Document) -> bytes:
    """What to put there: compressed without a time stamp, the same for the same answer."""
    return gzip.compress(document.body, compresslevel=6, mtime=0)


def record(documents: Sequence[Document]) -> bytes:
    """What was asked and how it was answered, in order; the bodies lie apart, by hash."""
    return json.dumps(
        [
            {
                "name": document.name,
                "url": document.url,
                "query": dict(document.query),
                "status": document.status,
                "headers": dict(document.headers),
                "fetched_at": document.fetched_at.isoformat(),
                "sha256": document.sha256,
                "bytes": len(document.body),
            }
            for document in documents
        ],
        indent=1,
        sort_keys=True,
    ).encode()


def unpacked(entry: Mapping[str, Any], body: bytes) -> Document:
    """The document of one entry of a record."""
    return Document(
        name=entry["name"],
        url=entry["url"],
        body=gzip.decompress(body),
        fetched_at=datetime.fromisoformat(entry["fetched_at"]),
        query=entry["query"],
        status=entry["status"],
        headers=entry["headers"],
    )
