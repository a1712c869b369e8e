"""What browsers keep: files that the app serves at an address named by their own digest.

An address never changes its content, so a browser asks once and never again. What a page refers
to was put here by that page; after a restart, or on another copy of the app, it is made anew.
"""

import json
from dataclasses import dataclass, field
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from dashboard.server import compression
from dashboard.server.compression import Encoding
from dashboard.theme import minify
from data import settings
from data.gazetteer import area as areas
from data.store import Release, serving
from visuals.map import draw, flows, geometry

PREFIX: Final = "nuzuh/kept/"
SCRIPT: Final = Path(__file__).resolve().parents[1] / "components" / "map.js"
DIGITS: Final = 20
"""Hexadecimal digits of a digest in an address: 80 bits, no two files share them."""


@dataclass(frozen=True)
class HashedAsset:
    """One file, ready to be sent.

    Attributes:
        name: Its digest and ending, the last part of its address.
        media_type: What it is.
        body: As it is.
        packed: Compressed once, in each encoding that browsers take.
    """

    name: str
    media_type: str
    body: bytes = field(repr=False)
    packed: dict[Encoding, bytes] = field(repr=False)

    @property
    def address(self) -> str:
        """Where it is served, seen from any page."""
        return f"./{PREFIX}{self.name}"


_files: dict[str, HashedAsset] = {}


def keep(body: bytes, ending: str, media_type: str) -> HashedAsset:
    """Make a file ready to be served; the same bytes are kept once."""
    name = f"{sha256(body).hexdigest()[:DIGITS]}.{ending}"
    if name not in _files:
        packed: dict[Encoding, bytes] = {
            "br": compression.compress(body, "br", brotli_quality=11),
            "gzip": compression.compress(body, "gzip"),
        }
        _files[name] = HashedAsset(name, media_type, body, packed)
    return _files[name]


def find(name: str) -> HashedAsset | None:
    """The file of that name; None where this release, this version of the app, has none such.

    Raises:
        StoreProblem: It may be of the newest release, which cannot be read.
    """
    if name not in _files:
        script()
        make = {"json": atlas, "svg": ground}.get(name.rpartition(".")[2])
        if make is not None and name not in _files:
            given = settings.load()
            make(serving(given.store, given.cache).current(), given.area)
    return _files.get(name)


def newest_file(ending: str) -> HashedAsset | None:
    """The file of that ending that was made last; None where none was yet."""
    found = [file for name, file in _files.copy().items() if name.endswith(f".{ending}")]
    return found[-1] if found else None


@cache
def script() -> HashedAsset:
    """The map's own script."""
    body = minify.script(SCRIPT.read_text(encoding="utf-8"))
    return keep(body.encode(), "js", "text/javascript; charset=utf-8")


def atlas(release: Release, area: str) -> HashedAsset:
    """What the map keeps of an area: outlines, seats, names."""
    return _atlas(area, geometry.Boundaries.of(release))


def ground(release: Release, area: str) -> HashedAsset:
    """What lies under the arrows of the moves: an area's outlines as a drawing."""
    return _ground(area, geometry.Boundaries.of(release))


@lru_cache(maxsize=4)
def _ground(area: str, boundaries: geometry.Boundaries) -> HashedAsset:
    drawn = flows.outlines(geometry.of_release(boundaries.release, area))
    return keep(drawn.encode(), "svg", "image/svg+xml")


@lru_cache(maxsize=4)
def _atlas(area: str, boundaries: geometry.Boundaries) -> HashedAsset:
    parts: dict[str, Any] = draw.atlas(
        geometry.of_release(boundaries.release, area), areas.load(area).core
    )
    body = json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()
    return keep(body, "json", "application/json")
