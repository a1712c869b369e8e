"""Whether a fetch would say again what is published, told without reading it.

A reading is pure, and a publish that follows it depends on the files it is set beside. So where all
of that is as it was when a reading last ended well, another would end `unchanged`, and none is
made. What is held against then, and nothing else is trusted:

- each document, in order: name, address, query, headers but for their date, SHA-256 of the bytes,
  and of the day it was fetched what the source's reading turns on (`Source.reading_depends_on`);
- the code: every file of the packages `data` and `pipelines`, the tables of places, areas and
  everything else carried there among them, the version of Python, and every installed package;
- what is declared of this source and of all others (the register is written from it);
- the area, and whether the harm check refuses what a public page must not show;
- every file of the release that a publish would be set beside, by path and hash: the figures and
  vintages of each series that the source ever delivered, whoever wrote them last, its tables, and
  who has a row in the register of sources.

What is held for a person, what a person accepted, an answer with dated history of which no reading
has found yet that it brings nothing new, and a release that is not whole are always read.
"""

import json
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from functools import cache
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path
from typing import Final

from data.gazetteer.area import Area
from data.schema.tables import SOURCES
from data.store import Document
from data.store.manifest import Manifest
from pipelines.source import CARRIED, Source

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGES: Final = ("data", "pipelines")
_BEGUN: Final = time.time()
"""Files that are younger may not be those that this process runs."""


def fingerprint(
    source: Source,
    documents: Sequence[Document],
    manifest: Manifest,
    *,
    area: Area,
    public: bool,
    sources: Sequence[Source],
) -> str | None:
    """A hash of all that the outcome of a run depends on; see the module.

    Args:
        source: Whose run.
        documents: What its fetch brought.
        manifest: The release that its figures are, or would be, set beside.
        area: The office's area.
        public: Whether the harm check refuses.
        sources: All sources of the office.

    Returns:
        None where it cannot be told: the reader is none of this project's own, or its files were
        changed since the process began.
    """
    code = _code()
    if code is None or not getattr(source.read, "__module__", "").startswith("pipelines."):
        return None
    told = {
        "documents": [_document(document, source) for document in documents],
        "code": code,
        "declared": [_declared(source), *map(_declared, sources)],
        "area": asdict(area),
        "public": public,
        "beside": manifest.beside(source.name, source.tables),
        "register": _registered(source, manifest),
    }
    return sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def _registered(source: Source, manifest: Manifest) -> list[str]:
    """Who has a row in the register, as far as it decides which rows this source writes."""
    names = sorted(manifest.tables.get(SOURCES.name, {}))
    return names if source.name == CARRIED else [n for n in names if n in (CARRIED, source.name)]


def _document(document: Document, source: Source) -> list[object]:
    headers = {k: v for k, v in document.headers.items() if k.lower() != "date"}
    day = source.reading_depends_on(document.fetched_at.date())
    said = (document.name, document.url, dict(document.query), headers, document.sha256, day)
    return list(said)


def _declared(source: Source) -> dict[str, str]:
    """Each field of a source; a function by its name: its code is hashed with the packages."""
    values = {field.name: getattr(source, field.name) for field in fields(source)}
    return {
        name: f"{value.__module__}.{value.__qualname__}"
        if callable(value) and hasattr(value, "__qualname__")
        else repr(value)
        for name, value in values.items()
    }


@cache
def _code() -> str | None:
    """A hash of this project's reading code and reference tables, and of what it runs on."""
    told = sha256(f"{sys.version}{platform.machine()}".encode())
    for path in _files():
        if path.stat().st_mtime > _BEGUN:
            return None
        told.update(f"\0{path.relative_to(ROOT)}\0".encode() + sha256(path.read_bytes()).digest())
    for package in sorted(f"{d.name} {d.version}" for d in distributions()):
        told.update(f"\0{package}".encode())
    return told.hexdigest()


def _files() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                yield path
