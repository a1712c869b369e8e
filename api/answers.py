"""The bytes of an answer, with what makes it fresh, citable and bounded."""

import itertools
import tempfile
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from json import dumps, loads
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pandas as pd
import pyarrow
from pyarrow import compute
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from api.answer_cache import LARGEST
from api.limits import Limits
from api.parameters import MOST, Question
from api.problems import Problem
from data.analysis import precedence
from data.publication import exports, licences
from data.schema.contract import Table
from data.schema.tables import FIGURES
from data.store import Release, intact

FOREVER: Final = "public, max-age=31536000, immutable"
FRESH: Final = "no-cache"
"""Kept, but asked about each time: the tag changes with the release."""
RANGED: Final = frozenset({"parquet", "arrow", "xlsx"})
"""Formats read by jumping about in the file: made whole, then handed out in parts."""
SHEET: Final = 200_000
"""Rows of a spreadsheet that is made for whoever asks."""
CACHE_BYTES: Final = 1_000_000_000
"""What made files take on disk before the oldest go."""
TOUCHED: Final = 3_600.0
"""Seconds between two marks that a made file was asked for: each has it hashed again."""
EXPOSED: Final = "ETag, Link, Nuzuh-Release, Nuzuh-Licence, Nuzuh-Attribution, Retry-After"


@dataclass(frozen=True, slots=True)
class Frozen:
    """What an answer is of.

    Attributes:
        release: Whose figures.
        named: Whether the address names the release, so that the answer never changes.
        private: Whether readers sign in: nothing between may keep it.
    """

    release: Release
    named: bool
    private: bool

    def headers(self, request: Request, question: Question) -> dict[str, str]:
        """Tag, release and how long it may be kept."""
        asked = f"{request.url.path}?{question.canonical}"
        digest = sha256(f"{self.release.id} {asked}".encode()).hexdigest()[:24]
        kept = FOREVER if self.named else FRESH
        return {
            "ETag": f'"{digest}"',
            "Cache-Control": kept.replace("public", "private") if self.private else kept,
            "Nuzuh-Release": self.release.id,
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": EXPOSED,
            "Vary": "Accept-Encoding, Authorization",
        }


def unchanged(request: Request, headers: Mapping[str, str]) -> Response | None:
    """304, where whoever asks has this very answer already."""
    tags = request.headers.get("if-none-match", "")
    if tags.strip() == "*" or headers["ETag"] in [
        t.strip().removeprefix("W/") for t in tags.split(",")
    ]:
        return Response(status_code=304, headers=dict(headers))
    return None


def provenance(release: Release, sources: Iterable[str]) -> dict[str, str]:
    """Licence and attribution of some sources, as headers; percent-encoded where not ASCII."""
    register = release.table("sources")
    found = register[register["source"].isin(set(sources))]
    terms = sorted({str(v) for v in found["licence"].dropna()})
    names = sorted({str(v) for v in found["attribution"].dropna()})
    return {
        "Nuzuh-Licence": quote("; ".join(terms), safe=" ;,:/()-."),
        "Nuzuh-Attribution": quote("; ".join(names), safe=" ;,:/()-."),
    }


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows an address of figures gives, in which format."""

    question: Question
    release: Release
    vintages: bool
    public: bool

    @property
    def form(self) -> exports.Format:
        """The format; JSON where none is asked for."""
        return self.question.one("format", "json")  # type: ignore[return-value]

    def found(self, start: str | None = None) -> Iterator[pyarrow.Table]:
        """Pieces of whole places, from one place on."""
        wanted = replace(self.question.wanted, undated=self.question.flag("undated"))
        found = precedence.pieces(
            self.release,
            wanted,
            vintages=self.vintages,
            every_route=self.question.flag("every_route"),
            start=start,
        )
        opened = self.question.one("licence") == "open"
        for rows in found:
            yield _openly_licensed(rows) if opened else rows

    def pieces(self, found: Iterable[pyarrow.Table]) -> Iterator[bytes]:
        """The file, a piece at a time."""
        spatial = exports.FORMS[self.form].spatial
        boundaries = self.release.boundaries() if spatial else None
        if self.form in exports.PIECEMEAL:
            yield from exports.as_pieces(
                found, self.form, boundaries=boundaries, public=self.public
            )
            return
        held, count = [FIGURES.none], 0
        for rows in found:
            held.append(rows)
            count += len(rows)
            if count > SHEET:
                raise Problem(
                    413, f"A spreadsheet of over {SHEET:,} rows; narrow the question or take csv."
                )
        whole = FIGURES.frame(pyarrow.concat_tables(held))
        yield exports.as_bytes(whole, self.form, public=self.public)

    def page(self) -> tuple[pyarrow.Table, str | None]:
        """The rows of one page, and the cursor of the next; None where it is the last.

        Raises:
            Problem: The cursor is of another release, or none of ours.
        """
        limit = max(1, min(int(self.question.one("limit", str(MOST))), MOST))
        start, done = _read_cursor(self.question.one("cursor"), self.release.id)
        # The pieces begin with the whole of the place that the page before ended in.
        found = pyarrow.concat_tables([FIGURES.none, *_first(self.found(start), done + limit + 1)])
        shown = found.slice(0, done + limit)
        page = shown.slice(done)
        if len(found) <= done + limit:
            return page, None
        codes = shown["place_code"].to_pylist()
        return page, _cursor(self.release.id, codes[-1], codes.count(codes[-1]))


def _openly_licensed(rows: pyarrow.Table) -> pyarrow.Table:
    """The rows whose licence lets anybody pass them on."""
    licence = rows["licence"]
    named = [text for text in compute.unique(licence).to_pylist() if licences.is_open(text)]
    return rows.filter(compute.is_in(licence, pyarrow.array(named, pyarrow.string())))


def _first(found: Iterable[pyarrow.Table], wanted: int) -> Iterator[pyarrow.Table]:
    """Pieces until there are so many rows."""
    for rows in found:
        yield rows
        wanted -= len(rows)
        if wanted <= 0:
            return


def streamed(pieces: Iterator[bytes], limits: Limits) -> Iterator[bytes]:
    """The rest of an answer that has begun, each piece made in its turn."""
    while True:
        with limits.further():
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def figures(
    request: Request, rows: Rows, headers: dict[str, str], limits: Limits, folder: Path
) -> Response:
    """The answer to a question about figures: a page, a file in parts, or a stream."""
    media = exports.FORMS[rows.form].mime
    name = f"nuzuh-{rows.release.id}.{exports.FORMS[rows.form].extension}"
    headers = headers | {"Content-Disposition": f'inline; filename="{name}"'}
    if "limit" in rows.question.given or "cursor" in rows.question.given:
        page, following = rows.page()
        body = b"".join(rows.pieces([page]))
        if following:
            url = request.url.include_query_params(cursor=following)
            headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
        return Response(body, headers=headers, media_type=media)
    if rows.form in RANGED:
        path = _made(folder, f"{headers['ETag'].strip(chr(34))}-{name}", rows)
        return FileResponse(path, headers=headers, media_type=media)
    if request.method == "HEAD":
        return Response(headers=headers, media_type=media)
    pieces = rows.pieces(rows.found())
    first = []
    for piece in pieces:
        first.append(piece)
        if sum(map(len, first)) > LARGEST:
            break
    else:
        return Response(b"".join(first), headers=headers, media_type=media)
    going_on = itertools.chain(first, streamed(pieces, limits))
    return StreamingResponse(going_on, headers=headers, media_type=media)


def _made(folder: Path, name: str, rows: Rows) -> Path:
    """The file of an answer, made once for a release.

    Its name ends in the hash of its bytes: one that the disk has damaged since is made anew.
    """
    for path in folder.glob(f"{name}.*"):
        if intact.holds(path, path.suffix.removeprefix(".")):
            if time.time() - path.stat().st_mtime > TOUCHED:
                path.touch()
            return path
        path.unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    digest = sha256()
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as made:
        try:
            for piece in rows.pieces(rows.found()):
                made.write(piece)
                digest.update(piece)
        except BaseException:
            Path(made.name).unlink(missing_ok=True)
            raise
    path = folder / f"{name}.{digest.hexdigest()}"
    Path(made.name).replace(path)
    _sweep(folder, path)
    return path


def _sweep(folder: Path, newest: Path) -> None:
    """Let the files go that were longest not asked for, where all take too much."""
    found = sorted(folder.glob("[!.]*"), key=lambda p: p.stat().st_mtime, reverse=True)
    held = 0
    for path in found:
        held += path.stat().st_size
        if held > CACHE_BYTES and path != newest:
            path.unlink(missing_ok=True)


def _cursor(release: str, place: str, done: int) -> str:
    return urlsafe_b64encode(dumps([release, place, done]).encode()).decode().rstrip("=")


def _read_cursor(text: str, release: str) -> tuple[str | None, int]:
    if not text:
        return None, 0
    try:
        of, place, done = loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not (isinstance(place, str) and isinstance(done, int) and done >= 0):
            raise ValueError
    except (ValueError, TypeError):
        raise Problem(400, "That cursor is none of ours; begin without one.") from None
    if of != release:
        raise Problem(410, f"That cursor is of release {of}; name it, or begin without a cursor.")
    return place, done


def json(found: Any, headers: Mapping[str, str]) -> Response:
    """One JSON document, as the command line prints it."""
    body = dumps(found, ensure_ascii=False, indent=1).encode() + b"\n"
    return Response(body, headers=dict(headers), media_type="application/json")


def table(
    rows: pd.DataFrame, of: Table, question: Question, release: Release, headers: dict[str, str]
) -> Response:
    """Rows of a table that is no table of figures, whole, in the format that is asked for."""
    form: exports.Format = question.one("format", "json")  # type: ignore[assignment]
    if form == "json":
        return json(exports.records(rows, of), headers)
    kind = exports.FORMS[form]
    body = exports.of_table(rows, of, form, release.boundaries() if kind.spatial else None)
    name = f"nuzuh-{of.name}-{release.id}.{kind.extension}"
    headers |= {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(body, headers=headers, media_type=kind.mime)
