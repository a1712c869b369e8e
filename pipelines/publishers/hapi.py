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
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import compress
from typing import Any, Final, Self

import pandas as pd

from data.gazetteer import places
from data.gazetteer.area import Area
from data.schema.contract import Table
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged, SourceUnavailable
from pipelines.json_documents import decoded
from pipelines.publishers import hdx, rows
from pipelines.publishers.cells import NO_NUMBER, text
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
NO_ERROR: Final = NO_NUMBER | {"[]", "{}", "false"}
"""What the column of errors says where there is none, in lower case."""


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
class Rows(rows.Rows):
    """Rows by either route.

    Attributes:
        left_out: Sentences for the run's report on rows that were never looked at.
    """

    left_out: tuple[str, ...] = ()

    def only(self, wanted: Iterable[bool]) -> Self:
        """Those of the rows for which it is true."""
        return replace(super().only(wanted), left_out=self.left_out)

    def wholes(self, name: str) -> list[int | None]:
        """A column's whole numbers; None where a cell says nothing.

        Raises:
            SourceChanged: One holds something else.
        """

        def refusal(printed: str | None, row: int) -> SourceChanged:
            return SourceChanged(
                f"HAPI sent {str(printed)[:30]!r} as {name} ({self.locator(row, name)}), "
                "which is no number."
            )

        for row, cells in enumerate(self.cells):
            if isinstance(cell := cells.get(name), bool):
                raise refusal(str(cell).lower(), row)
        return self.read(name, _whole, refusal)

    def days(self, name: str) -> list[date]:
        """A column's days.

        Raises:
            SourceChanged: A cell holds no day.
        """

        def refusal(printed: str | None, row: int) -> SourceChanged:
            return SourceChanged(
                f"HAPI sent {(printed or '')[:30]!r} as {name} ({self.locator(row, name)}), "
                "which is no day."
            )

        return self.read(name, lambda said: date.fromisoformat((said or "")[:10]), refusal)

    def periods(self) -> tuple[list[date], list[date]]:
        """The first and the last day of what each row is about.

        Raises:
            SourceChanged: One is no day, or a period ends before it starts.
        """
        starts, ends = self.days("reference_period_start"), self.days("reference_period_end")
        for row, (start, end) in enumerate(zip(starts, ends, strict=True)):
            if end < start:
                raise SourceChanged(
                    f"HAPI's period ends before it starts ({self.locator(row, 'population')}); it "
                    "will be asked again later."
                )
        return starts, ends

    def codes(self, name: str, known: Container[str | None], what: str) -> list[str | None]:
        """A column's codes.

        Args:
            name: The column.
            known: The codes that there are; None among them where a cell may say nothing.
            what: Of what they are, for the sentence.

        Raises:
            SourceChanged: One is not known.
        """
        said = self.texts(name)
        for row, code in enumerate(said):
            if code not in known:
                raise SourceChanged(
                    f"HAPI names the {what} {str(code)[:20]!r} ({self.locator(row, name)})."
                )
        return said

    def locator(self, row: int, name: str) -> str:
        """Where a row's cell stands in the stored file."""
        return f"{self.documents[row].name}: {self.places[row]}.{name}"

    def locators(self, name: str) -> list[str]:
        """Where a column's cells stand."""
        return [self.locator(row, name) for row in range(len(self))]

    def values(self) -> dict[str, object]:
        """The value columns of figures."""
        printed = self.texts("population")
        return {
            "value": self.wholes("population"),
            "value_raw": printed,
            "missing_reason": [None if cell is not None else "not_reported" for cell in printed],
            "locator": self.locators("population"),
        }

    def companion(self, table: Table, counted: str, **columns: object) -> pd.DataFrame:
        """The rows as a companion table, which follows the cells of the column that is counted."""
        files = {
            name: [file[name] for file in self.files()] for name in ("content_sha256", "source_url")
        }
        given = {**files, "locator": self.locators(counted), **columns}
        return table.conform(pd.DataFrame({name: given[name] for name in table.names}))


def _whole(said: str | None) -> int | None:
    if said is None:
        return None
    if not _WHOLE.fullmatch(said):
        raise ValueError
    return int(said.split(".")[0])


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
        pages = [page for c, q in asked.items() for page in _pages(client, settings, theme, c, q)]
        if not any(rows for _, rows in pages):
            raise SourceUnavailable(f"HAPI's {theme.stem} answered with no rows.")
        return [document for document, _ in pages]
    except (SourceUnavailable, SourceChanged) as api:
        try:
            return _from_hdx(client, settings, theme, tuple(asked))
        except (SourceUnavailable, SourceChanged) as files:
            raise SourceUnavailable(f"{api} Nor from HDX: {files}") from None


def rows_of(
    documents: Sequence[Document],
    theme: Theme,
    countries: Sequence[str],
    column: str = "location_code",
) -> Rows:
    """The rows of either route whose column names one of some countries (ISO3).

    Those that HAPI itself marks as faulty are left out, and its words for it are kept.

    Raises:
        SourceChanged: A column is gone, or there is no such row.
    """
    found = Rows.of(_sent(documents, theme))
    if not len(found):
        raise SourceChanged(f"HAPI's {theme.stem} has no rows; the last figures stay.")
    errors = [None if e is None or e.casefold() in NO_ERROR else e for e in found.texts("error")]
    asked = [country in countries for country in found.texts(column)]
    faulty = Counter(e for e, our in zip(errors, asked, strict=True) if our and e is not None)
    sentences = tuple(
        f"{times} rows left out, which HAPI itself marks as faulty: {error[:80]}."
        for error, times in sorted(faulty.items())
    )
    kept = [our and error is None for error, our in zip(errors, asked, strict=True)]
    if not any(kept) and faulty:
        raise SourceChanged(
            f"HAPI marks all rows of {', '.join(sorted(countries))} as faulty: "
            f"{next(iter(faulty))[:80]!r}; it will be asked again later."
        )
    ours = replace(found.only(kept), left_out=sentences)
    if not len(ours):
        raise SourceChanged(
            f"HAPI's {theme.stem} has no row of {', '.join(sorted(countries))} any more."
        )
    return ours


def _sent(
    documents: Sequence[Document], theme: Theme
) -> Iterator[tuple[Document, str, Mapping[str, Any]]]:
    """Each row of either route with where it stands."""
    needed = frozenset(theme.needed)
    for document in documents:
        if document.name.endswith(f"/{hdx.PACKAGE}"):
            continue
        if _is_csv(document):
            for number, row in hdx.rows(document, theme.needed):
                yield document, f"row {number}", row
            continue
        for number, row in enumerate(_data(document)):
            if not needed <= row.keys():
                absent = [name for name in theme.needed if name not in row]
                raise SourceChanged(f"HAPI's {theme.stem} no longer sends {', '.join(absent)}.")
            yield document, f"data[{number}]", row


def placed(found: Rows) -> tuple[Rows, list[Mapping[str, object]], tuple[str, ...]]:
    """Rows by the place that their P-codes name.

    A name is never matched: a row that HAPI could not give a code has no place here either.

    Returns:
        The rows whose own level has a known code, for each the place columns of a figure, and what
        was left out, by name.

    Raises:
        SourceChanged: A row puts its place elsewhere than the places table does, or more is left
            out than a few unmatched names.
    """
    names = ("location_code", "admin1_code", "admin2_code")
    levels, codes = found.wholes("admin_level"), [found.texts(name) for name in names]
    known: list[Mapping[str, object] | None] = []
    strangers: list[str] = []
    for row, level in enumerate(levels):
        own = codes[level][row] if level is not None and level < len(names) else None
        place = None if own is None else _place(own)
        known.append(place)
        if place is None:
            strangers.append(own or _called(found.cells[row], level))
        elif place["location_code"] != codes[0][row] or place["admin_level"] != level:
            raise SourceChanged(
                f"HAPI puts {own} at level {level} of {codes[0][row]} "
                f"({found.locator(row, names[level or 0])}); the places table knows it elsewhere."
            )
    kept = [place for place in known if place is not None]
    remarks = (*found.left_out, *_left_out(strangers, len(kept)))
    return found.only(place is not None for place in known), kept, remarks


@lru_cache(10_000)
def _place(code: str) -> Mapping[str, object] | None:
    """The place columns of a code; None for a placeholder and for one that no table has."""
    known = None if _PLACEHOLDER.search(code) else places.written(code)
    return None if known is None else places.codes(known)


def _called(cells: Mapping[str, Any], level: int | None) -> str:
    """The name of a place without a code."""
    names = (f"provider_admin{level}_name", f"admin{level}_name")
    return next(filter(None, (text(cells.get(name)) for name in names)), f"level {level}")


def _left_out(strangers: Sequence[str], kept: int) -> tuple[str, ...]:
    """A remark about rows that have no place.

    Raises:
        SourceChanged: They are too many for a few unmatched names.
    """
    lost = len(strangers)
    if not lost:
        return ()
    named = ", ".join(sorted(set(strangers))[:8])
    if lost > LEFT_OUT * (lost + kept):
        raise SourceChanged(
            f"{lost} of {lost + kept} rows of HAPI are of places without a known "
            f"P-code ({named}); add them to data/reference/places."
        )
    return (f"{lost} rows left out, without known P-code: {named}.",)


def must_be_given_once(
    found: Rows, keys: Iterable[tuple[object, ...]], number: str = "population"
) -> None:
    """Refuse one number that stands at two places: the table moved between its pages.

    Raises:
        SourceChanged: Two rows have one key.
    """
    before: dict[tuple[object, ...], int] = {}
    for row, key in enumerate(keys):
        first = before.setdefault(key, row)
        if first != row:
            raise _given_twice(found, first, row, number)


def _given_twice(found: Rows, first: int, second: int, number: str) -> SourceChanged:
    return SourceChanged(
        f"HAPI gives one figure twice ({found.locator(first, number)} and "
        f"{found.locator(second, number)}); it will be asked again later."
    )


def placed_once(
    ours: Rows, same: Sequence[str], number: str = "population"
) -> tuple[Rows, list[Mapping[str, object]], tuple[str, ...]]:
    """Rows by the place of their own level, one for each place and kind.

    Args:
        ours: Rows of one fetch.
        same: Columns that, with the place, say what a row counts.
        number: The column that holds the count, for the words of a refusal.

    Returns:
        As `placed`. A place that HAPI gives in parts under one code is left out: the parts are
        nobody's total.

    Raises:
        SourceChanged: One row sent twice.
    """
    found, known, remarks = placed(ours)
    codes = [str(place["place_code"]) for place in known]
    keys = list(zip(codes, *(found.texts(name) for name in same), strict=True))
    printed = [found.texts(f"provider_admin{level}_name") for level in (1, 2)]
    before: dict[tuple[str | None, ...], int] = {}
    parts: dict[tuple[str | None, ...], str] = {}
    for row, key in enumerate(keys):
        if key in before:
            other = before[key]
            if all(names[other] == names[row] for names in printed):
                raise _given_twice(found, other, row, number)
            parts[key] = codes[row]
        before[key] = row
    if not parts:
        return found, known, remarks
    named = ", ".join(sorted(set(parts.values())))
    remarks += (f"{len(parts)} numbers left out, given in parts under one code: {named}.",)
    whole = [key not in parts for key in keys]
    return found.only(whole), list(compress(known, whole)), remarks


def _pages(
    client: DocumentClient, settings: Settings, theme: Theme, country: str, query: Mapping[str, str]
) -> Iterator[tuple[Document, int]]:
    """Each page of a country's rows, and how many it has."""
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
        count = len(_data(document))
        yield document, count
        if count < LIMIT:
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


def queries(countries: Sequence[str]) -> dict[str, dict[str, str]]:
    """A query for each country (ISO3): all its rows."""
    return {country: {"location_code": country} for country in countries}


def of_area(area: Area) -> tuple[str, ...]:
    """Countries whose parts are asked for: those people flee within, and those with a map."""
    return tuple(dict.fromkeys((*area.origins, *area.boundaries)))
