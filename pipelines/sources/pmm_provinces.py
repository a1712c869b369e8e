"""Syrians under temporary protection by Turkish province, typed from PMM's page.

PMM (Göç İdaresi Başkanlığı) shows the table as an image that robots may not fetch, so a person
types it: one row for each province and day. Provinces are joined on their P-code, plate number or
exact name.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from data.gazetteer import places
from data.gazetteer.area import Area
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.figures import on_day, table_of
from pipelines.forms import templates
from pipelines.forms.templates import Field, Row, Template
from pipelines.source import Reading, brought_by_hand, provenance_of

NAME: Final = "pmm_provinces"
PUBLISHER: Final = "PMM"
DATASET: Final = "Registered Syrians"
PROVINCES: Final = 81
FIRST_DAY: Final = date(2011, 4, 29)
"""The first Syrians who crossed into Hatay; an older day is a slip in its year."""
TOTALS: Final = ("toplam", "total", "türkiye", "turkey", "genel toplam")
TEMPLATE: Final = Template(
    name=NAME,
    title="Syrians under temporary protection by Turkish province (PMM)",
    fields=(
        Field(
            "province",
            "Name of the province, or Toplam for the country",
            "Hatay",
            also=("il", "province_name", "ad"),
        ),
        Field("plate", "Plate number, 1 to 81; may stand for the name", "31", also=("plaka",)),
        Field("p_code", "P-code, such as TUR031; may stand instead of the name", "TUR031",
              also=("pcode", "admin1_code", "place_code")),
        Field("as_of", "The day the page gives for the count, 2026-09-17", "2026-09-17",
              also=("date", "tarih")),
        Field("syrians", "The count; nothing where the page has none, never 0 for a blank",
              "203412", needed=True, also=("value", "kayitli_suriyeli", "kayıtlı_suriyeli")),
        templates.PUBLISHED_ON,
        templates.SOURCE_URL,
    ),
    notes=(
        "One row for each province and day; earlier days stay, a corrected count is a new vintage.",
        "A total (Toplam) is checked against the provinces where all 81 are given.",
        "as_of may be given once with --as-of.",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class _Count:
    place: str
    printed: str
    as_of: date
    value: int | None
    raw: str
    url: str
    published_on: date | None
    row: str


def read(documents: Sequence[Document], area: Area) -> Reading:
    """Every row as a stock of refugees from Syria, in people.

    Raises:
        SourceChanged: The form lacks a column, or rows do not fit; each is named.
    """
    rows: list[dict[str, object]] = []
    remarks: list[str] = []
    for document in documents:
        counts, more = templates.read(document, TEMPLATE, _take)
        remarks += more
        apart = _totals_apart(counts)
        rows += [_figure(count, document, apart) for count in counts]
        remarks += [
            f"On {day} the provinces add up to {added:,}, the published total is {total:,}."
            for day, (total, added) in sorted(apart.items())
        ]
    if not documents:
        raise SourceChanged("No table of provinces was given; nothing was imported.")
    columns = {
        "publisher": PUBLISHER,
        "dataset": DATASET,
        "measure": "stock",
        "population_group": "REF",
        "unit": "people",
        "origin_code": "SYR",
        "origin_location_code": "SYR",
        "asylum_location_code": "TUR",
    }
    return Reading(table_of(rows, **columns), remarks=tuple(remarks))


def _take(row: Row, counts: list[_Count]) -> None:
    place = _place(row)
    day = row.day("as_of") or _day_of_file(row.document)
    if day is None and not row.text("as_of"):
        row.fault("as_of is empty")
    if day is not None and day < FIRST_DAY:
        row.fault(f"as_of {day} lies before anybody was registered")
    value, url = row.count("syrians"), row.address()
    published = row.published()
    if day and published and published < day:
        row.fault(f"published on {published} before the day it speaks of, {day}")
    if row.faults or place is None or day is None or url is None:
        return
    earlier = next((c for c in counts if (c.place, c.as_of) == (place, day)), None)
    if earlier is not None:
        row.fault(f"the same province and day as {earlier.row}")
        return
    printed = row.text("province")
    counts.append(_Count(place, printed, day, value, row.text("syrians"), url, published, row.at))


def _day_of_file(document: Document) -> date | None:
    day = document.query.get("as_of")
    return date.fromisoformat(day) if day else None


def _place(row: Row) -> str | None:
    """The code that name, plate and P-code agree on."""
    stated: dict[str, str] = {}
    name, plate, p_code = row.text("province"), row.text("plate"), row.text("p_code").upper()
    try:
        if name and places.normalised_name(name).rstrip(" :") in TOTALS:
            stated["province"] = "TUR"
        elif name:
            stated["province"] = places.resolve(name, "admin1")
    except places.UnknownPlace:
        row.fault(f"province {name!r} is not known")
        return None
    if plate and not (re.fullmatch(r"0?[0-9]{1,2}", plate) and 1 <= int(plate) <= PROVINCES):
        row.fault(f"plate {plate!r} is no number from 1 to {PROVINCES}")
        return None
    if plate:
        stated["plate"] = f"TUR{int(plate):03d}"
    if p_code:
        stated["p_code"] = p_code
    codes = set(stated.values())
    if not codes:
        row.fault("no province, plate or p_code")
        return None
    if len(codes) > 1:
        row.fault(f"{', '.join(f'{k} {v}' for k, v in stated.items())} are different places")
        return None
    code = next(iter(codes))
    if not places.is_known_code(code) or not re.fullmatch(r"TUR(\d{3})?", code):
        row.fault(f"{code} is no Turkish province")
        return None
    return code


def _totals_apart(counts: Sequence[_Count]) -> dict[date, tuple[int, int]]:
    """Days whose whole set of provinces does not add up to the published total."""
    found = {}
    for day in {count.as_of for count in counts}:
        parts = [c.value for c in counts if c.as_of == day and c.place != "TUR"]
        total = next((c.value for c in counts if c.as_of == day and c.place == "TUR"), None)
        whole = [value for value in parts if value is not None]
        if total is not None and len(whole) == len(parts) == PROVINCES and sum(whole) != total:
            found[day] = (total, sum(whole))
    return found


def _figure(
    count: _Count, document: Document, apart: dict[date, tuple[int, int]]
) -> dict[str, object]:
    total, added = apart.get(count.as_of, (0, 0)) if count.place == "TUR" else (0, 0)
    return {
        **places.codes(count.place),
        **on_day(count.as_of),
        "value": count.value,
        "value_raw": count.raw or None,
        "missing_reason": None if count.value is not None else "not_reported",
        "provider_admin1_name": (count.printed or None) if count.place != "TUR" else None,
        "published_on": count.published_on,
        "known_from": count.published_on,
        **provenance_of(document, f"{document.name}: {count.row}", count.url),
        "caveat": "parts_do_not_add" if total != added else None,
        "note": f"The published parts add up to {added:,}" if total != added else None,
    }


SOURCE: Final = brought_by_hand(
    name=NAME,
    title="PMM: Syrians by Turkish province",
    publisher="Presidency of Migration Management (PMM), Türkiye",
    homepage="https://www.goc.gov.tr/gecici-koruma5638",
    licence="facts",
    attribution="Presidency of Migration Management (Göç İdaresi Başkanlığı)",
    late_after=timedelta(days=60),
    countries=("SYR",),
    read=read,
)
