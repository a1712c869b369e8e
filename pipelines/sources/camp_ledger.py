"""Families in camps as authorities and clusters list them: totals per sub-district, never a camp.

A list says how many families it has in all, how many left and how many remain. Left and remaining
must add up to the whole; where they do not, all are kept and flagged. Families are never turned
into people.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from data.gazetteer import places
from data.gazetteer.area import Area
from data.store import Document
from pipelines.figures import table_of
from pipelines.forms import templates
from pipelines.forms.templates import Field, Row, Template
from pipelines.source import Reading, brought_by_hand, provenance_of

NAME: Final = "camp_ledger"
LISTED: Final = "Families listed in camps"
REMAINING: Final = "Families in camps"
LEFT: Final = "Departures from camps"
ARRIVED: Final = "Arrivals in camps"
COUNTS: Final = ("families_total", "families_left", "families_remaining", "families_arrived")
TEMPLATE: Final = Template(
    name=NAME,
    title="Families that left, remained in and came to camps, by sub-district",
    fields=(
        Field("place", "Name of the sub-district, or of the governorate for its total", "Dana",
              also=("sub_district", "subdistrict", "admin3_name", "admin3")),
        Field("p_code", "P-code of the sub-district or governorate; may stand instead of the name",
              "SY070301", also=("pcode", "admin3_code", "place_code")),
        Field("as_of", "The day the list speaks of", "2025-12-07", needed=True, also=("date",)),
        Field("counted_since", "First day of the count of departures and arrivals", "2024-12-08",
              also=("since",)),
        Field("families_total", "Families on the list in all, as published", "5200",
              also=("total", "total_families")),
        Field("families_left", "Families that left since that day", "3100",
              needed=True, also=("left", "departed")),
        Field("families_remaining", "Families still there on that day", "2100",
              needed=True, also=("remaining", "remain")),
        Field("families_arrived", "Families that came since that day", "",
              also=("arrived", "arrivals")),
        templates.PUBLISHER,
        templates.PUBLISHED_ON,
        templates.SOURCE_URL,
    ),
    notes=(
        "Totals only: no name, number or position of a camp, in any column.",
        "left + remaining should be the published total; if not, all are kept and flagged.",
        "A governorate's row is its published total; it is checked against its sub-districts.",
    ),
    forbidden=("camp", "kamp", "مخيم", "موقع"),
    forbidden_words=(
        *("site", "sites", "latitude", "longitude", "latittude", "lat", "lon", "long", "lng"),
        *("gps", "coordinate", "coordinates", "coord", "xy", "x", "y", "geopoint", "position"),
        *("enlem", "boylam", "koordinat", "konum", "احداثيات", "إحداثيات", "خط"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class _Line:
    place: str
    as_of: date
    since: date | None
    counts: dict[str, int | None]
    printed: dict[str, str]
    publisher: str
    published_on: date | None
    url: str
    row: str


def read(documents: Sequence[Document], area: Area) -> Reading:
    """Remaining families as a stock; departures and arrivals as cumulative counts.

    Raises:
        SourceChanged: A column names camps, or rows do not fit; each is named.
    """
    rows: list[dict[str, object]] = []
    remarks: list[str] = []
    for document in documents:
        lines, more = templates.read(document, TEMPLATE, _take)
        remarks += more
        for line in lines:
            apart = _does_not_add(line)
            remarks += [f"{line.row.capitalize()}: {apart}"] if apart else []
            sums = _sums_apart(line, lines)
            remarks += [f"{line.row.capitalize()}: {name}: {text}" for name, text in sums.items()]
            rows += _figures(line, document, apart, sums)
    return Reading(
        table_of(rows, unit="families", category="sites"),
        remarks=tuple(remarks),
    )


def _take(row: Row, lines: list[_Line]) -> None:
    place = _place(row)
    day, since = row.day("as_of", needed=True), row.day("counted_since")
    counts = {name: row.count(name) for name in COUNTS}
    publisher, url, published = row.publisher(), row.address(), row.published()
    if all(count is None for count in counts.values()) and not row.faults:
        row.fault("no count at all")
    moved = counts["families_left"] is not None or counts["families_arrived"] is not None
    if moved and since is None and not row.text("counted_since"):
        row.fault("counted_since is empty, so departures and arrivals have no first day")
    if day and since and since > day:
        row.fault(f"counted_since {since} lies after as_of {day}")
    if day and published and published < day:
        row.fault(f"published on {published} before the day it speaks of, {day}")
    if row.faults or place is None or day is None or url is None or publisher is None:
        return
    twin = next(
        (x for x in lines if (x.place, x.as_of, x.publisher) == (place, day, publisher)), None
    )
    if twin is not None:
        row.fault(f"the same place, day and publisher as {twin.row}")
        return
    printed = {name: row.text(name) for name in COUNTS}
    lines.append(_Line(place, day, since, counts, printed, publisher, published, url, row.at))


def _place(row: Row) -> str | None:
    name, p_code = row.text("place"), row.text("p_code").upper()
    codes = set()
    if p_code:
        codes.add(p_code)
    if name:
        code = _named(name)
        if code is None:
            row.fault(f"place {name!r} is no sub-district or governorate that is known")
            return None
        # Idleb is a sub-district and a governorate; the code says which.
        codes |= {p_code} if p_code in _all_named(name) else {code}
    if not codes:
        row.fault("no place or p_code")
        return None
    if len(codes) > 1:
        row.fault(f"place {name!r} and p_code {p_code} are different places")
        return None
    code = next(iter(codes))
    if not places.is_known_code(code) or not re.fullmatch(r"SY\d{2}(\d{4})?", code):
        row.fault(f"{code} is no sub-district or governorate of Syria")
        return None
    return code


def _all_named(name: str) -> set[str]:
    kinds = places.meanings_of_name(name)
    return kinds.get("admin3", set()) | kinds.get("admin1", set())


def _named(name: str) -> str | None:
    plain = re.sub(r"\s+(sub-?district|governorate)$", "", name, flags=re.IGNORECASE)
    order = ("admin1", "admin3") if name.lower().endswith("governorate") else ("admin3", "admin1")
    for kind in order:
        try:
            return places.resolve(plain, kind)
        except places.UnknownPlace:
            continue
    return None


def _does_not_add(line: _Line) -> str | None:
    total, left, remaining = (
        line.counts[n] for n in ("families_total", "families_left", "families_remaining")
    )
    if total is None or left is None or remaining is None or left + remaining == total:
        return None
    return f"left and remaining add up to {left + remaining:,}, the published total is {total:,}"


def _sums_apart(line: _Line, lines: Sequence[_Line]) -> dict[str, str]:
    """For a governorate's own row: counts that its sub-districts do not add up to."""
    if len(line.place) > 4:
        return {}
    parts = [
        x
        for x in lines
        if x.place.startswith(line.place)
        and len(x.place) > 4
        and (x.as_of, x.publisher) == (line.as_of, line.publisher)
    ]
    found = {}
    for name in COUNTS:
        values = [x.counts[name] for x in parts]
        given = [value for value in values if value is not None]
        total = line.counts[name]
        if total is not None and given and len(given) == len(values) and sum(given) != total:
            found[name] = f"The published parts add up to {sum(given):,}"
    return found


def _figures(
    line: _Line, document: Document, apart: str | None, sums: dict[str, str]
) -> Iterator[dict[str, object]]:
    kinds = (
        ("families_total", LISTED, "stock", "IDP"),
        ("families_remaining", REMAINING, "stock", "IDP"),
        ("families_left", LEFT, "cumulative", "IDP_DEP"),
        ("families_arrived", ARRIVED, "cumulative", "IDP_ARR"),
    )
    for column, dataset, measure, group in kinds:
        value = line.counts[column]
        if value is None:
            continue  # nothing was published: there is no figure to call missing
        off = (apart is not None and column != "families_arrived") or column in sums
        note = sums.get(column) or (apart[:1].upper() + apart[1:] if apart and off else None)
        start = line.since if measure == "cumulative" else line.as_of
        yield {
            "publisher": line.publisher,
            "dataset": dataset,
            "measure": measure,
            "population_group": group,
            **places.codes(line.place),
            "reference_period_start": start,
            "reference_period_end": line.as_of,
            "cumulative_since": line.since if measure == "cumulative" else None,
            "as_of": line.as_of,
            "value": value,
            "value_raw": line.printed[column],
            "published_on": line.published_on,
            "known_from": line.published_on,
            **provenance_of(document, f"{document.name}: {line.row}, {column}", line.url),
            "caveat": "sites_only parts_do_not_add" if off else "sites_only",
            "note": note,
        }


SOURCE: Final = brought_by_hand(
    name=NAME,
    title="Camp lists: families that left and remain",
    publisher="Several; each figure names its own",
    homepage="https://www.cccmcluster.org/where-we-work/syria",
    licence="facts",
    attribution="Each figure names its publisher and address",
    late_after=timedelta(days=90),
    countries=("SYR",),
    read=read,
)
