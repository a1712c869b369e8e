"""What a release names: every file with its hash. The pointer holds one of these, whole."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from data.store import seal
from data.store.problems import StoreBroken

SCHEMA: Final = 2
UNSEALED: Final = 1
"""The layout before manifests carried their own hash; the next publish writes today's."""
EARLIEST: Final = "0.2.0"
"""The earliest version that reads what this one writes: an earlier one would call people who are
present after a return a running count, and knows neither residents nor what was withheld."""
_PATH: Final = re.compile(r"(?:releases|vintages)(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)+\.parquet")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_ID: Final = re.compile(r"[0-9A-Za-z-]*")


@dataclass(frozen=True)
class File:
    """One immutable file of the store."""

    path: str
    sha256: str
    bytes: int
    rows: int

    def __post_init__(self) -> None:
        """Refuse a path or hash that no store writes."""
        # Whoever can write a manifest must not be able to name a file outside of the store.
        if not _PATH.fullmatch(self.path) or not _SHA256.fullmatch(self.sha256):
            raise ValueError("names no file of a store")


@dataclass(frozen=True)
class Manifest:
    """One release.

    Attributes:
        figures: Newest figures by source; files of sources that a publish did not touch stay.
        vintages: Append-only history by source, oldest first.
        tables: Companion tables by name, then by the source that delivered them.
        fetches: The stored fetch that each source's run read, newest last: the last few.
        earlier: A file with the fetches before those, by source, so that a manifest stays small.
        deliveries: The series that each source's runs have ever delivered rows of.
    """

    release: str
    published_at: datetime
    reason: str
    parent: str | None = None
    figures: dict[str, File] = field(default_factory=dict)
    vintages: dict[str, tuple[File, ...]] = field(default_factory=dict)
    tables: dict[str, dict[str, File]] = field(default_factory=dict)
    fetches: dict[str, tuple[str, ...]] = field(default_factory=dict)
    earlier: dict[str, File] = field(default_factory=dict)
    deliveries: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def files(self) -> list[File]:
        """Every file of the release."""
        return [*self.shown(), *self.history()]

    def shown(self) -> list[File]:
        """The files that answer what is known now: without one of them nothing is served."""
        tables = [file for by_source in self.tables.values() for file in by_source.values()]
        return [*self.figures.values(), *tables]

    def history(self) -> list[File]:
        """The files that answer what was known before, and out of which fetch."""
        vintages = [file for files in self.vintages.values() for file in files]
        return [*vintages, *self.earlier.values()]

    def beside(self, source: str, tables: Iterable[str] = ()) -> list[tuple[str, str]]:
        """Every file that a publish of a source is set beside, with its hash, in order.

        Args:
            source: Whose publish.
            tables: Companion tables that it adds rows to, whoever wrote the others.
        """
        series = {source, *self.deliveries.get(source, ())}
        found = [file for name, file in self.figures.items() if name in series]
        found += [f for name, files in self.vintages.items() if name in series for f in files]
        for name, by_source in self.tables.items():
            found += [f for who, f in by_source.items() if who == source or name in tables]
        return sorted((file.path, file.sha256) for file in found)

    def following(self, release: str, at: datetime, reason: str) -> "Manifest":
        """The same content as a release of its own."""
        return replace(self, release=release, published_at=at, reason=reason, parent=self.release)

    def to_bytes(self) -> bytes:
        """As JSON under its own hash, the same bytes for the same release."""
        values = vars(self) | {
            "schema": SCHEMA,
            "earliest": EARLIEST,
            "published_at": self.published_at.isoformat(),
        }
        return seal.sealed(json.dumps(values, default=vars, indent=1, sort_keys=True).encode())


def empty_manifest(at: datetime) -> Manifest:
    """The manifest before any release: it names nothing."""
    return Manifest(release="", published_at=at, reason="empty")


def from_bytes(body: bytes, where: str) -> Manifest:
    """The manifest that `body` holds.

    Raises:
        StoreBroken: Not a manifest, not the bytes that were written, or of a schema that this
            version does not know.
    """
    try:
        values: dict[str, Any] = json.loads(seal.unsealed(body))
        schema = values.pop("schema")
        if schema not in (SCHEMA, UNSEALED):
            needed = values.get("earliest")
            least = f"Nuzuh {needed} or later" if isinstance(needed, str) else "a later Nuzuh"
            from importlib.metadata import version  # reads all that is installed

            raise StoreBroken(f"{where} needs {least}; upgrade this one ({version('nuzuh')}).")
        if seal.is_sealed(body) != (schema == SCHEMA):
            raise seal.Damaged
        at = datetime.fromisoformat(values.pop("published_at")).astimezone(UTC)
        if not _ID.fullmatch(values["release"]):
            raise ValueError("names no release")
        return Manifest(
            published_at=at,
            release=values["release"],
            reason=values["reason"],
            parent=values["parent"],
            figures={k: File(**v) for k, v in values["figures"].items()},
            vintages={k: tuple(File(**f) for f in v) for k, v in values["vintages"].items()},
            tables={
                name: {k: File(**v) for k, v in by.items()} for name, by in values["tables"].items()
            },
            fetches={k: tuple(v) for k, v in values["fetches"].items()},
            earlier={k: File(**v) for k, v in values.get("earlier", {}).items()},
            deliveries={k: tuple(v) for k, v in values.get("deliveries", {}).items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise StoreBroken(f"{where} is not readable or was altered; run `nuzuh repair`.") from None
