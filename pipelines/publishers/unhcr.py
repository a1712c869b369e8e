"""UNHCR's Refugee Data Finder API: how it is asked, and what its cells mean.

https://api.unhcr.org/population/v1/ — no key. What it does that a reader must know:

- a lone year bound, an unknown parameter and a misspelt country are ignored without a word, and
  totals of the world come back: what is answered is held against what was asked;
- without `cf_type=ISO` the codes are UNHCR's own (AUS is Austria);
- one row mixes numbers, the text "0" and the text "-": "-" is "not applicable", never zero; older
  editions hold small numbers back as "*";
- values below 5 are rounded to the nearest 5: 0 stands for 0 to 2, 5 for 3 to 5;
- the year's value is the mid-year one until the year's end is published, about 11 to 17 June of the
  next year. A mid-year flow covers January to June.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from typing import Any, Final

from data.gazetteer import places
from data.gazetteer.area import Area
from data.schema.codes import ALL_COUNTRIES
from data.settings import Settings
from data.store import Document
from pipelines import source
from pipelines.errors import SourceChanged, SourceUnavailable
from pipelines.json_documents import decoded
from pipelines.source import DocumentClient

API: Final = "UNHCR"
BASE: Final = "https://api.unhcr.org/population/v1/"
HOMEPAGE: Final = "https://www.unhcr.org/refugee-statistics/"
LICENCE: Final = "CC BY 4.0"
ATTRIBUTION: Final = "UNHCR Refugee Population Statistics Database"
LIMIT: Final = 10_000
MOST_PAGES: Final = 50
MOST: Final = 1_000_000_000
"""More than this is no count of a country's people; a number ten times too large is for a person
to judge, beside those before it."""
YEAR_END_ON: Final = {
    2022: date(2023, 6, 14),
    2023: date(2024, 6, 17),
    2024: date(2025, 6, 12),
    2025: date(2026, 6, 12),
}
"""When UNHCR published the end of a year."""
YEAR_END_BY: Final = (6, 17)
"""Month and day by which it has done so in every year: for those whose day is not known yet."""
AT_HOME: Final = frozenset({"IDP", "RDP", "HST"})
"""Groups counted in their own country: UNHCR repeats it as origin and asylum."""
ABROAD: Final = frozenset({"REF", "ASY", "RET"})
"""Groups that cannot be counted in their own country."""
_ISO3: Final = re.compile(r"^[A-Z]{3}$")
_WHOLE: Final = re.compile(r"^\d{1,15}(\.0+)?$", re.ASCII)


def pages(
    client: DocumentClient,
    settings: Settings,
    endpoint: str,
    name: str,
    query: Mapping[str, str],
    *,
    may_be_empty: bool = False,
) -> Iterator[Document]:
    """Every page of one query.

    Raises:
        SourceUnavailable: No answer, an empty one where there must be rows, or the table changed
            between its pages.
        SourceChanged: It has too many pages, or does not say how many.
    """
    asked = {**query, "cf_type": "ISO", "limit": str(LIMIT)}
    url = settings.base(API, BASE) + f"{endpoint}/"
    before: list[Any] = []
    for page in range(1, MOST_PAGES + 1):
        document = client.get(url, {**asked, "page": str(page)}, name=f"{name}/page-{page}")
        envelope = _envelope(document)
        if page == 1 and not envelope["items"] and not may_be_empty:
            raise SourceUnavailable(
                f"UNHCR's {endpoint} answered with no rows for {name}; the last figures stay."
            )
        last = page >= _page_count(envelope, document)
        if page > 1 and (not envelope["items"] or envelope["items"] == before):
            raise SourceUnavailable(
                f"UNHCR's {endpoint} changed while its pages were fetched (page {page} for {name} "
                f"{'repeats the one before' if before == envelope['items'] else 'is empty'}); it "
                "will be asked again later."
            )
        yield document
        if last or not envelope["items"]:
            return
        before = envelope["items"]
    raise SourceChanged(f"UNHCR's {endpoint} has more than {MOST_PAGES} pages for {name}.")


def years(since: int, today: date) -> dict[str, str]:
    """Both bounds: the API ignores one alone."""
    return {"yearFrom": str(since), "yearTo": str(today.year)}


def rows(
    documents: Sequence[Document], prefix: str, columns: Sequence[str]
) -> Iterator[tuple[dict[str, Any], Document, int]]:
    """Each row of the documents whose name begins with `prefix`, with where it stands.

    Raises:
        SourceChanged: A column or page is gone, or rows answer something that was not asked.
    """
    wanted = frozenset(columns)
    names = {document.name for document in documents}
    for document in documents:
        if not document.name.startswith(prefix):
            continue
        must_answer = _must_answer(document)
        envelope = _envelope(document)
        _must_be_followed(document, _page_count(envelope, document), names)
        for number, item in enumerate(envelope["items"]):
            if not isinstance(item, dict):
                raise SourceChanged(f"UNHCR's {prefix} sent something that is no row.")
            if not wanted <= item.keys():
                absent = [name for name in columns if name not in item]
                raise SourceChanged(f"UNHCR's {prefix} no longer sends {', '.join(absent)}.")
            must_answer(item)
            yield item, document, number


def number(cell: object) -> tuple[int | None, str | None, str | None]:
    """Value, what was printed, and why there is no value."""
    return _number("" if cell is None else str(cell).strip())


@lru_cache(20_000)
def _number(printed: str) -> tuple[int | None, str | None, str | None]:
    if not printed:
        return None, None, "not_reported"
    if printed == "-":
        return None, printed, "not_applicable"
    if printed == "*":
        return None, printed, "suppressed"
    if not _WHOLE.match(printed):
        raise SourceChanged(f"UNHCR sent {printed[:30]!r} where a number belongs.")
    value = int(printed.split(".")[0])
    if value > MOST:
        raise SourceChanged(f"UNHCR sent {printed[:30]}, more people than there are to count.")
    return value, printed, None


def iso3(item: Mapping[str, Any], side: str) -> str | None:
    """ISO3 of origin ("coo") or asylum ("coa"); None where UNHCR gives none."""
    return _iso3(str(item.get(f"{side}_iso") or "").strip())


@lru_cache(1_000)
def _iso3(printed: str) -> str | None:
    return printed if _ISO3.match(printed) else None


def country_of_asylum(item: Mapping[str, Any]) -> str | None:
    """ISO3 of the country of asylum; None where UNHCR gives none.

    Raises:
        SourceChanged: It is a code of no country. UNHCR's own codes look alike: GFR is Germany, and
            by AUS, which is Austria, people would stand in Australia.
    """
    code = iso3(item, "coa")
    if code is not None and not places.is_known_code(code):
        raise SourceChanged(
            f"UNHCR names {pair_named(item)} by {code}, which is no ISO code; its answer is not by "
            "ISO codes, and will be asked again later."
        )
    return code


def pair_named(item: Mapping[str, Any]) -> str:
    """Origin and asylum as printed, for remarks; names come with spaces at their end."""
    return " to ".join(str(item.get(f"{side}_name") or "?").strip() for side in ("coo", "coa"))


def must_not_be_of(item: Mapping[str, Any], area: Area) -> None:
    """Refuse a row whose country lost its ISO code, where the area is about that country.

    Raises:
        SourceChanged: Left out, the row would be missing from the area's figures.
    """
    for side in ("coo", "coa"):
        if iso3(item, side) is not None:
            continue
        name = str(item.get(f"{side}_name") or "").strip()
        try:
            code = places.resolve(name, "country")
        except places.UnknownPlace:
            continue
        if code in area.countries:
            raise SourceChanged(f"UNHCR no longer gives {name} ({code}) its ISO code.")


def year_number(item: Mapping[str, Any]) -> int:
    """The year that a row is about.

    Raises:
        SourceChanged: It is no year of the figures that there can be.
    """
    return _year(str(item["year"]).strip())


@lru_cache(1_000)
def _year(printed: str) -> int:
    if not re.fullmatch(r"(?:19|20)\d\d", printed):
        raise SourceChanged(f"UNHCR sent {printed[:30]!r} where a year belongs.")
    return int(printed)


def year_of(
    item: Mapping[str, Any], fetched_at: datetime, measure: str = "stock"
) -> Mapping[str, object]:
    """The period columns of an annual figure, and whether it is a mid-year one.

    A stock keeps its year's label, so that the year's end replaces the mid-year value. A mid-year
    flow is another number than the year's: it covers January to June and ends there.
    """
    return _period(year_number(item), fetched_at.date(), measure)


@lru_cache(1_000)
def _period(year: int, fetched_on: date, measure: str) -> Mapping[str, object]:
    mid_year = fetched_on < year_end_on(year)
    last = date(year, 6, 30) if mid_year else date(year, 12, 31)
    return {
        "reference_period_start": date(year, 1, 1),
        "reference_period_end": last if measure == "flow" else date(year, 12, 31),
        "as_of": last,
        "caveat": "mid_year" if mid_year else None,
    }


def year_end_on(year: int) -> date:
    """The day on which the end of a year was published, or by which it will be."""
    return YEAR_END_ON.get(year, date(year + 1, *YEAR_END_BY))


def newest_closed_year(day: date) -> int:
    """The newest year whose figures are those of its end, on a day: all that a reading turns on."""
    return day.year - (1 if day >= year_end_on(day.year - 1) else 2)


@lru_cache(10_000)
def place(group: str, origin: str, asylum: str) -> Mapping[str, object] | None:
    """The place columns of a pair of countries; None where it speaks of no one (IDPs abroad)."""
    if group in AT_HOME:
        if asylum != origin:
            return None
        return {"place_code": origin, "location_code": origin, "admin_level": 0}
    here = origin if group == "RET" else asylum
    if group in ABROAD and asylum == origin:
        return None
    return {
        "place_code": here,
        "location_code": here,
        "admin_level": None if here == ALL_COUNTRIES else 0,
        "origin_code": origin,
        "origin_location_code": origin,
        "asylum_location_code": asylum,
    }


def cell(item: Mapping[str, Any], column: str) -> dict[str, object]:
    """The value columns of one cell.

    UNHCR rounds 1 to 4 to 0 or 5; `data.schema.definitions` says so beside every 0 and 5.
    """
    value, raw, reason = number(item[column])
    return {"value": value, "value_raw": raw, "missing_reason": reason}


def must_agree(known: Mapping[str, object], figure: Mapping[str, object]) -> None:
    """Rows may give a figure twice; it is kept once.

    Raises:
        SourceChanged: They give two values.
    """
    if known["value"] != figure["value"]:
        raise SourceChanged(
            f"UNHCR gives two values for {figure['population_group']} in {figure['place_code']}: "
            f"{known['value']} ({known['locator']}) and {figure['value']} ({figure['locator']}), "
            f"both as of {figure['as_of']}."
        )


def with_caveat(figure: Mapping[str, object], code: str) -> str:
    """The caveats of a figure, and one more."""
    codes = [*str(figure["caveat"] or "").split(), code]
    return " ".join(dict.fromkeys(codes))


def _page_count(envelope: Mapping[str, Any], document: Document) -> int:
    """How many pages there are; one where nothing is said."""
    pages = envelope["maxPages"]
    try:
        return int(pages) if pages is not None else 1
    except (TypeError, ValueError, OverflowError):
        raise SourceChanged(
            f"UNHCR's answer to {document.name} says {str(pages)[:20]!r} as maxPages."
        ) from None


def _must_be_followed(document: Document, pages: int, names: Set[str]) -> None:
    """Refuse a page without the one after it: its rows would be gone without a word."""
    query, _, page = document.name.rpartition("/page-")
    if page.isdigit() and int(page) < pages and f"{query}/page-{int(page) + 1}" not in names:
        raise SourceChanged(
            f"{document.name} is one of {pages} pages, and the next one is missing; get all pages "
            "again."
        )


def _envelope(document: Document) -> dict[str, Any]:
    envelope = decoded(document)
    if not isinstance(envelope, dict) or not isinstance(envelope.get("items"), list):
        raise SourceChanged(f"UNHCR's answer to {document.name} has no list of items.")
    if "maxPages" not in envelope:
        raise SourceChanged(f"UNHCR's answer to {document.name} no longer says maxPages.")
    asked, given = document.name.rpartition("/page-")[2], envelope.get("page")
    if asked.isdigit() and given is not None and str(given) != asked:
        raise SourceChanged(
            f"UNHCR answered page {str(given)[:10]} to {document.name}; it will be asked again "
            "later."
        )
    return envelope


def _must_answer(document: Document) -> Callable[[Mapping[str, Any]], None]:
    """Refuses a row that answers something else than the document asked."""
    asked = document.query
    first, last = (asked.get(name) or asked.get("year") for name in ("yearFrom", "yearTo"))
    years = range(int(first), int(last) + 1) if first and last else None
    sides = {side: asked[side] for side in ("coo", "coa") if asked.get(side)}

    def must_answer(item: Mapping[str, Any]) -> None:
        if years is not None and year_number(item) not in years:
            raise SourceChanged(
                f"UNHCR answered {item['year']} to {document.name}, which asked {first} to {last}."
            )
        for side, wanted in sides.items():
            if side in item and iso3(item, side) != wanted:
                raise SourceChanged(
                    f"UNHCR answered {str(item.get(f'{side}_iso'))[:10]!r} to {document.name}, "
                    f"which asked for {wanted}."
                )

    return must_answer


table: Final = partial(
    source.Source,
    publisher="UNHCR",
    homepage=HOMEPAGE,
    licence=LICENCE,
    attribution=ATTRIBUTION,
    cadence=timedelta(days=7),
    late_after=timedelta(days=21),
    api=API,
    reading_depends_on=newest_closed_year,
)
"""A table of the Refugee Data Finder, as a source."""
