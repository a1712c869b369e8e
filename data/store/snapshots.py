"""What a publisher sent, byte for byte, and enough about the request to trace it."""

import gzip
import io
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

_DIGITS: Final = 8


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


def is_of(record: bytes, fetch_id: str) -> bool:
    """Whether a fetch's record is the one that was stored: its id ends in its hash.

    An earlier version wrote the first eight digits alone.
    """
    _, _, digits = fetch_id.partition("-")
    return len(digits) >= _DIGITS and sha256(record).hexdigest().startswith(digits)


def documents_in_record(record: bytes) -> list[Copy]:
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


def body_of(packed: bytes, digest: str, size: int) -> bytes | None:
    """The bytes as sent; None where they are not those that the record names.

    Args:
        packed: What lies at `place(digest)`.
        digest: Their SHA-256.
        size: How many they are: no more is ever unpacked.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as opened:
            body = opened.read(size + 1)
    except (OSError, EOFError, zlib.error):
        return None
    return body if sha256(body).hexdigest() == digest else None


def unpacked(entry: Mapping[str, Any], body: bytes) -> Document:
    """The document of one entry of a record, whose bytes were `body`."""
    return Document(
        name=entry["name"],
        url=entry["url"],
        body=body,
        fetched_at=datetime.fromisoformat(entry["fetched_at"]),
        query=entry["query"],
        status=entry["status"],
        headers=entry["headers"],
    )
