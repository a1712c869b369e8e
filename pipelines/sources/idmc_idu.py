"""IDMC's Internal Displacement Updates, through HDX: new displacements, figure by figure.

Each row is a figure about an event, not an event: one event may have many, and other roles than
"Recommended figure" are further evidence for the same displacement. Rows are revised in place
without a date of revision, so a row's number is part of its key and its hash stands beside it.
What is counted are displacements; nothing here is ever added up. A row's positions say in which
country and governorate it belongs, and go no further.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, Final

from data.gazetteer import outlines, places
from data.gazetteer.area import Area
from data.publication import harm
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.figures import table_of
from pipelines.publishers import cells, hdx
from pipelines.source import DocumentClient, Reading, Source, no_day, provenance_of

DATASET: Final = "Internal Displacement Updates"
NEEDED: Final = (
    "id",
    "iso3",
    "latitude",
    "longitude",
    "displacement_type",
    "qualifier",
    "figure",
    "displacement_date",
    "displacement_start_date",
    "displacement_end_date",
    "event_name",
)
RECOMMENDED: Final = "recommended figure"
QUALIFIERS: Final = {
    "total": "exact",
    "exact": "exact",
    "approximately": "about",
    "about": "about",
    "around": "about",
    "some": "some",
    "almost": "nearly",
    "nearly": "nearly",
    "more than": "over",
    "over": "over",
    "at least": "over",
    "less than": "up to",
    "up to": "up to",
}
LONGEST_NAME: Final = 160
CAVEATS: Final = "movements_not_people provisional"
_ID: Final = re.compile(r"[\w-]{1,40}")
_COUNTRY_ONLY: Final = re.compile(r"adm0|country", re.IGNORECASE)

_Cells = Mapping[str, Any]


class _NotUsable(Exception):  # noqa: N818
    """Why a row is left out, in a few words."""


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """The events of each country of the area with a map."""
    for country in area.boundaries:
        slug = f"{country.lower()}-idmc-idu-events"

        def pick(among: list[hdx.Resource], slug: str = slug) -> list[tuple[str, hdx.Resource]]:
            return [(f"{slug}/events", hdx.newest(among, slug, r"idu|event", formats=("CSV",)))]

        yield from hdx.fetch_files(client, settings, slug, pick)


def read(documents: Sequence[Document], area: Area) -> Reading:
    """Flows of new displacements, one for each recommended figure.

    Raises:
        SourceChanged: A column is gone, a figure stands twice, or no row can be used.
    """
    figures: dict[str, dict[str, object]] = {}
    left_out: dict[str, list[str]] = {}
    for document in documents:
        if document.name.endswith(f"/{hdx.PACKAGE}"):
            continue
        for number, texts in hdx.records(document, NEEDED):
            if "role" in texts and (texts["role"] or "").casefold() != RECOMMENDED:
                left_out.setdefault("not the recommended figure", []).append("")
                continue
            name = _id(texts, document, number)
            try:
                figure = _figure(texts, document, number, name, area)
            except _NotUsable as reason:
                left_out.setdefault(str(reason), []).append(name)
                continue
            if name in figures:
                raise SourceChanged(
                    f"IDMC gives the figure {name} twice ({figures[name]['locator']} and "
                    f"{figure['locator']})."
                )
            figures[name] = figure
    if not figures:
        why = "; ".join(f"{len(names)} {reason}" for reason, names in sorted(left_out.items()))
        raise SourceChanged(
            f"IDMC's updates have no figure that can be used ({why or 'no row'}); the last ones "
            "stay."
        )
    remarks = tuple(_remark(reason, names) for reason, names in sorted(left_out.items()))
    columns = {
        "publisher": "IDMC",
        "dataset": DATASET,
        "measure": "flow",
        "population_group": "NEWDISP",
        "unit": "movements",
        "caveat": CAVEATS,
    }
    return Reading(table_of(list(figures.values()), **columns), remarks=remarks)


def _remark(reason: str, names: list[str]) -> str:
    named = ", ".join(sorted(name for name in names if name)[:10])
    which = f" (id {named})" if named else ""
    return f"{len(names)} rows left out, {reason}{which}."


def _id(texts: _Cells, document: Document, row: int) -> str:
    name = texts["id"] or ""
    if not _ID.fullmatch(name):
        raise SourceChanged(f"IDMC's row {row} of {document.name} has no id.")
    return name


def _figure(
    texts: _Cells, document: Document, row: int, name: str, area: Area
) -> dict[str, object]:
    country = texts["iso3"]
    if country not in area.boundaries:
        raise _NotUsable("of another country")
    printed = texts["figure"]
    try:
        value = cells.count(printed)
    except cells.NotACount:
        raise _NotUsable("with a figure that is no whole number") from None
    start, end = _period(texts)
    if end > document.fetched_at.date():
        raise _NotUsable("of a day that has not come")
    qualifier = (texts["qualifier"] or "total").casefold()
    digest = sha256(repr(sorted(texts.items())).encode()).hexdigest()[:16]
    return {
        "category": texts["displacement_type"],
        "operation": f"IDU {name}",
        **places.codes(_place(texts, country)),
        "reference_period_start": start,
        "reference_period_end": end,
        "as_of": end,
        "value": value,
        "value_raw": printed,
        "missing_reason": cells.missing(printed),
        # A word that is not known yet promises no more than "about".
        "qualifier": QUALIFIERS.get(qualifier, "about"),
        "note": _note(texts, qualifier),
        **provenance_of(document, f"{document.name}: row {row} (id {name}, row {digest})"),
    }


def _period(texts: _Cells) -> tuple[date, date]:
    """First and last day of the displacement; the one day where only that is given."""
    first = texts["displacement_start_date"] or texts["displacement_date"]
    last = texts["displacement_end_date"] or texts["displacement_date"] or first
    try:
        start, end = (date.fromisoformat((day or "")[:10]) for day in (first, last))
    except ValueError:
        raise _NotUsable("without a day") from None
    if end < start:
        raise _NotUsable("ending before they start")
    return start, end


def _place(texts: _Cells, country: str) -> str:
    """The governorate where every location is known to lie, or else the country.

    The row's own position is the middle of its locations, and a location may stand for the whole
    country: only locations with a stated, finer accuracy tell a governorate.
    """
    points = _points(texts)
    if any(not outlines.in_country(lat, lon, country) for lat, lon in points):
        raise _NotUsable("with a position outside the country")
    located = _pairs(texts.get("locations_coordinates"))
    accuracies = [
        a.strip() for a in (texts.get("locations_accuracy") or "").split(";") if a.strip()
    ]
    if not located or len(accuracies) != len(located):
        return country
    if any(_COUNTRY_ONLY.search(accuracy) for accuracy in accuracies):
        return country
    found = {outlines.admin1_of(lat, lon, country) for lat, lon in located}
    only = found.pop() if len(found) == 1 else None
    return only or country


def _points(texts: _Cells) -> list[tuple[float, float]]:
    own = texts["latitude"], texts["longitude"]
    if (own[0] is None) != (own[1] is None):
        raise _NotUsable("with half a position")
    at = [] if own[0] is None else _pairs(f"{own[0]},{own[1]}")
    return [*at, *_pairs(texts.get("locations_coordinates"))]


def _pairs(text: str | None) -> list[tuple[float, float]]:
    """Latitude and longitude of each location: pairs with a comma, a semicolon between them."""
    found = []
    for part in (text or "").split(";"):
        if not part.strip():
            continue
        try:
            lat, lon = (float(number) for number in part.strip(" []").split(","))
        except ValueError:
            raise _NotUsable("with a position that cannot be read") from None
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            raise _NotUsable("with a position outside the country")
        found.append((lat, lon))
    return found


def _note(texts: _Cells, qualifier: str) -> str | None:
    """The event's name where it can hurt nobody, and IDMC's own qualifier."""
    event = " ".join((texts["event_name"] or "").split())
    parts = [event] if event and len(event) <= LONGEST_NAME and harm.harmless(event) else []
    if qualifier != "total" and qualifier.replace(" ", "").isalpha():
        parts.append(f"IDMC's qualifier: {qualifier[:20]}")
    return "; ".join(parts) or None


SOURCE: Final = Source(
    name="idmc_idu",
    title="IDMC: Internal Displacement Updates",
    publisher="IDMC",
    homepage="https://www.internal-displacement.org/database/internal-displacement-updates/",
    licence="CC BY-IGO",
    attribution="Internal Displacement Monitoring Centre (IDMC)",
    cadence=timedelta(days=1),
    late_after=timedelta(days=7),
    api=hdx.API,
    fetch=fetch,
    read=read,
    reading_depends_on=no_day,
    replaced_by="unhcr_idmc",
)
