"""OCHA's HDX HAPI (v2): how it is asked, and the daily CSV files on HDX that stand in for it.

https://hapi.humdata.org/api/v2/ — no key, but whoever asks must say who they are: the identifier
holds a contact, so it travels as a header and lies in no query, snapshot or message. What a reader
must know:

- an answer has no total; the last page is the short one;
- HAPI refuses whole clouds as bots; the same rows lie on HDX as CSV, refreshed daily, one file for
  the world and one for each country, with "Y" or "True" for yes, with or without byte order mark;
- names that HAPI could not match have no P-code, or a placeholder such as MDG-XXX;
- levels, rounds and sectors stand in one list and are never added.
"""

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from data.gazetteer import places
from data.gazetteer.area import Area
from data.settings import Settings
from data.store import Document
from pipelines import source
from pipelines.errors import SourceChanged, SourceUnavailable
from pipelines.json_documents import decoded
from pipelines.publishers import hdx
from pipelines.publishers.cells import text as cell_text
from pipelines.source import DocumentClient

API: Final = "HAPI"
BASE: Final = "https://hapi.humdata.org/api/v2/"
IDENTIFIER: Final = "X-HDX-HAPI-APP-IDENTIFIER"
LIMIT: Final = 10_000
MOST_PAGES: Final = 60
LEFT_OUT: Final = 0.1
"""Share of rows without a usable place from which the answer is another one than expected."""
_PLACEHOLDER: Final = re.compile(r"-?XXX", re.IGNORECASE)
_WHOLE: Final = re.compile(r"\d{1,18}(\.0+)?")


@dataclass(frozen=True)
class Theme:
    """One table of HAPI.

    Attributes:
        endpoint: Its path.
        stem: What its files on HDX are called: hdx_hapi_<stem>_global.csv.
        slug: HDX's dataset of the whole world.
        needed: Columns without which it cannot be read.
    """

    endpoint: str
    stem: str
    slug: str
    needed: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One row as sent, by either route."""

    cells: Mapping[str, Any]
    document: Document
    where: str

    def text(self, name: str) -> str | None:
        """A cell's text without outer space; None where it says nothing."""
        return cell_text(self.cells.get(name))

    def whole(self, name: str) -> int | None:
        """A cell's whole number.

        Raises:
            SourceChanged: It holds something else.
        """
        printed = self.text(name)
        if printed is None:
            return None
        if not _WHOLE.fullmatch(printed):
            raise SourceChanged(
                f"HAPI sent {printed[:30]!r} as {name} ({self.locator(name)}), which is no number."
            )
        return int(printed.split(".")[0])

    def day(self, name: str) -> date:
        """A cell's day.

        Raises:
            SourceChanged: It holds no day.
        """
        printed = self.text(name) or ""
        try:
            return date.fromisoformat(printed[:10])
        except ValueError:
            raise SourceChanged(
                f"HAPI sent {printed[:30]!r} as {name} ({self.locator(name)}), which is no day."
            ) from None

    def locator(self, name: str) -> str:
        """Where the cell stands in the stored file."""
        return f"{self.document.name}: {self.where}.{name}"

    def value(self) -> dict[str, object]:
        """The value columns of a figure."""
        printed = self.text("population")
        return {
            "value": self.whole("population"),
            "value_raw": printed,
            "missing_reason": None if printed is not None else "not_reported",
        }

    def provenance(self, name: str = "population") -> dict[str, object]:
        """The columns that lead back to the stored file, to the cell of one of its columns."""
        return source.provenance_of(self.document, self.locator(name))


def identifier(settings: Settings) -> str:
    """Who asks, as HAPI wants it: an application and a contact, in base64."""
    return base64.b64encode(f"nuzuh:{settings.contact}".encode()).decode()


def fetch(
    client: DocumentClient, settings: Settings, theme: Theme, asked: Mapping[str, Mapping[str, str]]
) -> list[Document]:
    """A theme, whole from HAPI or else from HDX's CSV files.

    Args:
        client: The way out.
        settings: Names HAPI, HDX and the contact.
        theme: What is wanted.
        asked: A query for each country (ISO3); one of them may be without rows, not all.

    Raises:
        SourceUnavailable: To be had by neither route.
    """
    try:
        documents = [d for c, q in asked.items() for d in _pages(client, settings, theme, c, q)]
        if not any(_data(document) for document in documents):
            raise SourceUnavailable(f"HAPI's {theme.stem} answered with no rows.")
        return documents
    except (SourceUnavailable, SourceChanged) as api:
        try:
            return _from_hdx(client, settings, theme, tuple(asked))
        except (SourceUnavailable, SourceChanged) as files:
            raise SourceUnavailable(f"{api} Nor from HDX: {files}") from None


def rows(documents: Sequence[Document], theme: Theme) -> Iterator[Row]:
    """Each row of either route, those that HAPI itself marks as faulty left out.

    Raises:
        SourceChanged: A column is gone, or there is no row at all.
    """
    seen = False
    for document in documents:
        if document.name.endswith(f"/{hdx.PACKAGE}"):
            continue
        for row in _csv_rows(document, theme) if _is_csv(document) else _api_rows(document, theme):
            seen = True
            if row.text("error") is None:
                yield row
    if not seen:
        raise SourceChanged(f"HAPI's {theme.stem} has no rows; the last figures stay.")


class Placed:
    """Rows by the place their P-codes name; what has none is counted and remarked.

    A name is never matched: a row that HAPI could not give a code has no place here either.
    """

    def __init__(self) -> None:
        self._placed = 0
        self._strangers: dict[str, int] = {}

    def codes(self, row: Row) -> dict[str, object] | None:
        """The place columns of a figure; None where the row's own level has no known code."""
        level = row.whole("admin_level")
        names = ("location_code", "admin1_code", "admin2_code")
        code = row.text(names[level]) if level is not None and level < len(names) else None
        if code is None or _PLACEHOLDER.search(code) or not places.is_known_code(code):
            name = row.text(f"provider_admin{level}_name") or row.text(f"admin{level}_name")
            stranger = code or name or f"level {level}"
            self._strangers[stranger] = self._strangers.get(stranger, 0) + 1
            return None
        found = places.codes(code)
        if found["location_code"] != row.text("location_code") or found["admin_level"] != level:
            raise SourceChanged(
                f"HAPI puts {code} at level {level} of {row.text('location_code')} "
                f"({row.locator(names[level or 0])}); the places table knows it elsewhere."
            )
        self._placed += 1
        return found

    def remarks(self) -> tuple[str, ...]:
        """What was left out, by name.

        Raises:
            SourceChanged: Too much for a few unmatched names.
        """
        lost = sum(self._strangers.values())
        if not lost:
            return ()
        named = ", ".join(sorted(self._strangers)[:8])
        if lost > LEFT_OUT * (lost + self._placed):
            raise SourceChanged(
                f"{lost} of {lost + self._placed} rows of HAPI are of places without a known "
                f"P-code ({named}); add them to data/reference/places."
            )
        return (f"{lost} rows left out, without known P-code: {named}.",)


def rows_of(
    documents: Sequence[Document],
    theme: Theme,
    countries: Sequence[str],
    column: str = "location_code",
) -> list[Row]:
    """The rows whose column names one of some countries (ISO3).

    Raises:
        SourceChanged: There is none.
    """
    found = [row for row in rows(documents, theme) if row.text(column) in countries]
    if not found:
        raise SourceChanged(
            f"HAPI's {theme.stem} has no row of {', '.join(sorted(countries))} any more."
        )
    return found


def given_twice(first: object, second: str) -> SourceChanged:
    """The refusal of one number that stands at two places: the table moved between its pages."""
    return SourceChanged(
        f"HAPI gives one figure twice ({first} and {second}); it will be asked again later."
    )


def placed_once(
    ours: Sequence[Row], same: Sequence[str], number: str = "population"
) -> tuple[list[tuple[Row, dict[str, object]]], tuple[str, ...]]:
    """Rows by the place of their own level, one for each place and kind.

    Args:
        ours: Rows of one fetch.
        same: Columns that, with the place, say what a row counts.
        number: The column that holds the count, for the words of a refusal.

    Returns:
        Rows with the place columns, and what was left out. A place that HAPI gives in parts under
        one code is left out: the parts are nobody's total.

    Raises:
        SourceChanged: One row sent twice.
    """
    placed = Placed()
    found: dict[tuple[object, ...], tuple[Row, dict[str, object]]] = {}
    parts: dict[tuple[object, ...], str] = {}
    for row in ours:
        codes = placed.codes(row)
        if codes is None:
            continue
        key = (codes["place_code"], *(row.text(name) for name in same))
        if key in found:
            other = found[key][0]
            names = ("provider_admin1_name", "provider_admin2_name")
            if all(other.text(name) == row.text(name) for name in names):
                raise given_twice(other.locator(number), row.locator(number))
            parts[key] = str(codes["place_code"])
        found[key] = row, codes
    remarks = placed.remarks()
    if parts:
        named = ", ".join(sorted(set(parts.values())))
        remarks += (f"{len(parts)} numbers left out, given in parts under one code: {named}.",)
    return [one for key, one in found.items() if key not in parts], remarks


def _pages(
    client: DocumentClient, settings: Settings, theme: Theme, country: str, query: Mapping[str, str]
) -> Iterator[Document]:
    url = settings.base(API, BASE) + theme.endpoint
    headers = {IDENTIFIER: identifier(settings)}

    def page(number: int) -> Document:
        asked = {**query, "output_format": "json", "limit": str(LIMIT)}
        asked["offset"] = str(number * LIMIT)
        name = f"{theme.stem}-{country}/page-{number + 1}"
        return client.get(url, asked, name=name, headers=headers)

    first = page(0)
    document, number = first, 0
    while True:
        yield document
        if len(_data(document)) < LIMIT:
            break
        number += 1
        if number >= MOST_PAGES:
            raise SourceChanged(f"HAPI's {theme.stem} has more than {MOST_PAGES} pages.")
        document = page(number)
    if number and page(0).sha256 != first.sha256:
        raise SourceUnavailable(
            f"HAPI's {theme.stem} was replaced while its pages were fetched; "
            "it will be asked again later."
        )


def _data(document: Document) -> list[Any]:
    answer = decoded(document)
    found = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise SourceChanged(f"HAPI's answer to {document.name} has no list called data.")
    return found


def _from_hdx(
    client: DocumentClient, settings: Settings, theme: Theme, countries: Sequence[str]
) -> list[Document]:
    """The file of the world, or else the files of the countries; some countries have none."""
    try:
        return list(_files(client, settings, theme, theme.slug))
    except (SourceUnavailable, SourceChanged) as world:
        found: list[Document] = []
        why: Exception = world
        for country in countries:
            try:
                found += _files(client, settings, theme, f"hdx-hapi-{country.lower()}")
            except (SourceUnavailable, SourceChanged) as error:
                why = error
        if not found:
            raise SourceUnavailable(f"{world} {why}" if why is not world else f"{world}") from None
        return found


def _files(client: DocumentClient, settings: Settings, theme: Theme, slug: str) -> list[Document]:
    def pick(among: list[hdx.Resource]) -> list[tuple[str, hdx.Resource]]:
        named = re.compile(rf"hdx_hapi_{theme.stem}(_|\.|$)", re.IGNORECASE)
        ours = [r for r in among if named.search(hdx.file_name(r)) or named.search(r.name)]
        # One file, or one a year; of two with one name the newest upload.
        by_name = {hdx.file_name(r): r for r in reversed(ours)}
        if not by_name:
            # Raises, with what there is.
            hdx.newest(among, slug, named.pattern)
        return [(f"{slug}/{name}", resource) for name, resource in sorted(by_name.items())]

    return list(hdx.fetch_files(client, settings, slug, pick))


def _is_csv(document: Document) -> bool:
    return not document.body.lstrip().startswith((b"{", b"["))


def _csv_rows(document: Document, theme: Theme) -> Iterator[Row]:
    for number, cells in hdx.records(document, theme.needed):
        yield Row(cells, document, f"row {number}")


def _api_rows(document: Document, theme: Theme) -> Iterator[Row]:
    try:
        found = _data(document)
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise SourceChanged(f"{document.name} is neither JSON nor CSV of HAPI.") from None
    for number, cells in enumerate(found):
        absent = [name for name in theme.needed if name not in cells]
        if absent:
            raise SourceChanged(f"HAPI's {theme.stem} no longer sends {', '.join(absent)}.")
        yield Row(cells, document, f"data[{number}]")


def queries(countries: Sequence[str]) -> dict[str, dict[str, str]]:
    """A query for each country (ISO3): all its rows."""
    return {country: {"location_code": country} for country in countries}


def of_area(area: Area) -> tuple[str, ...]:
    """Countries whose parts are asked for: those people flee within, and those with a map."""
    return tuple(dict.fromkeys((*area.origins, *area.boundaries)))
