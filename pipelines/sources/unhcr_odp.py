"""UNHCR's Operational Data Portal: registered people by country, days old instead of months.

The portal has no documented API: these are the addresses its own pages ask, and a bot wall often
stands before them. It is asked once and left alone; a file that a person saved from a page's
"JSON" or "CSV" button is read all the same.

Rows that name their own country, origin, kind and day say what they are; where the names of what
was added up tell of refugees and of asylum-seekers, the number is of neither and left out. A series
and the CSV say only days and numbers: the file's name must say the rest, GROUP-COUNTRY as in
`REF-TUR.csv`, and for a running count since when, as in `RET-TUR-since-2024-12-08.json`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from data.gazetteer import places
from data.gazetteer.area import Area
from data.schema.codes import ALL_COUNTRIES
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.figures import on_day, table_of
from pipelines.json_documents import decoded
from pipelines.publishers import cells, hdx, unhcr
from pipelines.source import DocumentClient, Reading, Source, no_day, provenance_of

API: Final = "ODP"
BASE: Final = "https://data.unhcr.org/"
DATASET: Final = "Operational Data Portal"
SITUATION: Final = "4"
"""The portal's number of the Syria situation."""
COLLECTION: Final = "24"
"""Its number of that situation's registered people."""
GROUPS: Final = {"REF": "stock", "ASY": "stock"}
COUNTRY: Final = "country"
_NAMED: Final = re.compile(
    r"(?P<group>REF|ASY|RET|RDP)-(?P<country>[A-Z]{3})"
    r"(?:-since-(?P<since>\d{4}-\d{2}-\d{2}))?(?![A-Za-z0-9])"
)
# "(refugee camps/centers)" says where people live, and not who they are.
_WORDS: Final = {
    "REF": re.compile(r"\brefugees\b", re.IGNORECASE),
    "ASY": re.compile(r"\basylum[- ]?seekers\b", re.IGNORECASE),
}
_NEW_ARRIVALS: Final = re.compile(r"\bnew(?:ly)? (?:\w+ )?arriv", re.IGNORECASE)
_Figures = dict[tuple[object, ...], dict[str, object]]


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """The situation's registered people by country, in one question."""
    yield client.get(
        settings.base(API, BASE) + "population/get/sublocation",
        {"sv_id": SITUATION, "population_collection": COLLECTION},
        name="sublocation",
    )


def read(documents: Sequence[Document], area: Area) -> Reading:
    """Stocks by country on the day the portal gives, and series that a file's name explains.

    Raises:
        SourceChanged: Another shape, a file whose name does not say what it counts, or nothing
            about the area's people.
    """
    figures: _Figures = {}
    left_out: dict[str, int] = {}
    for document in documents:
        if document.body.lstrip().startswith((b"{", b"[")):
            _read_json(document, area, figures, left_out)
        else:
            _read_csv(document, area, figures)
    if not figures:
        why = "; ".join(f"{count} {reason}" for reason, count in left_out.items())
        raise SourceChanged(
            f"ODP's answer has nothing about the area's people ({why or 'no row'})."
        )
    remarks = tuple(f"{n} rows left out, {reason}." for reason, n in sorted(left_out.items()))
    return Reading(
        table_of(list(figures.values()), publisher="UNHCR", dataset=DATASET, unit="people"),
        remarks=remarks,
    )


def _read_json(document: Document, area: Area, figures: _Figures, left_out: dict[str, int]) -> None:
    try:
        answer = decoded(document)
    except (ValueError, UnicodeDecodeError):
        raise SourceChanged(f"{document.name} is not JSON of ODP.") from None
    data = answer.get("data") if isinstance(answer, dict) else None
    if isinstance(data, dict) and isinstance(data.get("timeseries"), list):
        points = []
        for number, item in enumerate(data["timeseries"]):
            if not isinstance(item, dict):
                raise SourceChanged(f"ODP's timeseries[{number}] in {document.name} is no point.")
            path = f"data.timeseries[{number}]"
            points.append((item.get("data_date"), item.get("individuals"), path))
        _read_series(document, area, points, figures)
        return
    if not isinstance(data, list):
        raise SourceChanged(f"ODP's {document.name} has neither rows nor a series.")
    for number, item in enumerate(data):
        if not isinstance(item, dict):
            raise SourceChanged(f"ODP's data[{number}] in {document.name} is no row.")
        reason = _read_row(item, document, f"data[{number}].individuals", area, figures)
        if reason:
            left_out[reason] = left_out.get(reason, 0) + 1


def _read_row(
    item: Mapping[str, Any], document: Document, path: str, area: Area, figures: _Figures
) -> str | None:
    """Keep one row that says itself what it counts; why not, where it is left out."""
    absent = [name for name in ("geomaster_name", "admin_level", "individuals") if name not in item]
    if absent:
        raise SourceChanged(f"ODP no longer sends {', '.join(absent)} ({document.name}: {path}).")
    if str(item["admin_level"]).strip().casefold() != COUNTRY:
        return "finer than a country"  # sites and camps stand among them
    kinds = item.get("population_groups")
    entries = [k for k in kinds if isinstance(k, dict)] if isinstance(kinds, list) else [item]
    names = str(kinds)  # as text, or within the entries of a list
    origins = {str(entry.get("pop_origin_code")) for entry in entries}
    groups = {str(entry.get("pop_type_code")) for entry in entries} | _named_groups(names)
    if len(origins) != 1 or not origins <= set(area.origins):
        return "of other origins"
    if len(groups) != 1 or not groups <= set(GROUPS):
        return "of several kinds in one number"
    new = any(str(entry.get("pop_data_type_code")) == "NEW" for entry in entries)
    if new or _NEW_ARRIVALS.search(names):
        return "of new arrivals among those registered"
    try:
        host = places.resolve(str(item["geomaster_name"]), COUNTRY)
    except places.UnknownPlace:
        return "of countries without a code"
    (group,), (origin,) = groups, origins
    where = unhcr.place(group, origin, host)
    if where is None:
        return "of a country's own people"
    day = _day(item.get("date"), path)
    figure = _figure(document, path, group, day, item["individuals"])
    _add(figures, {**figure, **where}, origin)
    return None


def _named_groups(names: str) -> set[str]:
    """The groups that the names of what was added up tell, which a row's own code does not.

    An answer by origin lists them as text, and its row has the code of the first alone.
    """
    return {group for group, words in _WORDS.items() if words.search(names)}


def _read_csv(document: Document, area: Area, figures: _Figures) -> None:
    """The portal's export: a title, a heading, then day and number with a semicolon between."""
    lines = hdx.text_of(document).splitlines()
    heading = [cell.strip().strip('"').casefold() for cell in (lines[1:2] or [""])[0].split(";")]
    if heading[:2] != ["date", "individuals"]:
        raise SourceChanged(
            f"{document.name} is no export of ODP: its second line must be date;individuals."
        )
    points = []
    for number, line in enumerate(lines[2:], start=3):
        if line.strip():
            row = [cell.strip().strip('"') for cell in line.split(";")]
            points.append((row[0], row[1] if len(row) > 1 else None, f"line {number}"))
    _read_series(document, area, points, figures)


def _read_series(
    document: Document,
    area: Area,
    points: Sequence[tuple[object, object, str]],
    figures: _Figures,
) -> None:
    named = _NAMED.search(document.name)
    if named is None:
        raise SourceChanged(
            f"{document.name!r} does not say what it counts; call the file GROUP-COUNTRY, as in "
            "REF-TUR.csv, or RET-TUR-since-2024-12-08.csv for a running count."
        )
    group, country, since = named["group"], named["country"], named["since"]
    if country != ALL_COUNTRIES and country not in area.countries:
        raise SourceChanged(f"{document.name} is about {country}, which is not of the area.")
    if group in ("RET", "RDP") and since is None:
        raise SourceChanged(
            f"{document.name} counts returns; since when must stand in its name, as in "
            f"{group}-{country}-since-2024-12-08.csv."
        )
    origin = area.origins[0]
    where = unhcr.place(group, origin, country)
    if where is None:
        raise SourceChanged(f"{document.name}: nobody is counted as {group} in {country}.")
    start = _day(since, document.name) if since else None
    counted: list[tuple[date, int, str]] = []
    for day, individuals, path in points:
        on = _day(day, path)
        figure = {**_figure(document, path, group, on, individuals), **where}
        if start is not None:
            if on < start:
                raise SourceChanged(f"{document.name} counts {on}, before {start} ({path}).")
            if isinstance(value := figure["value"], int):
                counted.append((on, value, path))
            figure |= {
                "measure": "cumulative",
                "cumulative_since": start,
                "reference_period_start": start,
            }
        _add(figures, figure, origin)
    _must_run_on(document, sorted(counted))


def _must_run_on(document: Document, counted: Sequence[tuple[date, int, str]]) -> None:
    """A running count may be corrected; one that falls by half lost a digit, or counts anew.

    Raises:
        SourceChanged: It falls so.
    """
    for (before, was, _), (on, now, path) in pairwise(counted):
        if 2 * now < was:
            raise SourceChanged(
                f"{document.name} counts {was:,} by {before} and {now:,} by {on} ({path}), and a "
                "running count does not fall; mend the number, or the day in the file's name."
            )


def _figure(
    document: Document, path: str, group: str, day: date, individuals: object
) -> dict[str, object]:
    try:
        value = cells.count(individuals)
    except cells.NotACount:
        raise SourceChanged(
            f"ODP sent {str(individuals)[:30]!r} where a number belongs ({path}); get it again, or "
            "write a whole number there."
        ) from None
    return {
        "measure": "stock",
        "population_group": group,
        **on_day(day),
        "value": value,
        "value_raw": None if individuals is None else str(individuals).strip() or None,
        "missing_reason": cells.missing(individuals),
        **provenance_of(document, f"{document.name}: {path}"),
    }


def _add(figures: _Figures, figure: dict[str, object], origin: str) -> None:
    """Keep a figure once; a second one must agree."""
    names = ("population_group", "place_code", "asylum_location_code", "cumulative_since", "as_of")
    known = figures.setdefault((origin, *(figure.get(name) for name in names)), figure)
    if known["value"] != figure["value"]:
        raise SourceChanged(
            f"ODP gives two values for one day ({known['locator']} and {figure['locator']})."
        )


def _day(printed: object, path: str) -> date:
    try:
        return date.fromisoformat(str(printed or "").strip()[:10])
    except ValueError:
        raise SourceChanged(
            f"ODP sent {str(printed)[:30]!r} where a day belongs ({path})."
        ) from None


SOURCE: Final = Source(
    name="unhcr_odp",
    title="Operational Data Portal: registered people",
    publisher="UNHCR",
    homepage="https://data.unhcr.org/en/situations/syria",
    licence="UNHCR terms of use",
    attribution="UNHCR Operational Data Portal",
    cadence=timedelta(days=1),
    late_after=timedelta(days=14),
    api=API,
    countries=("SYR",),
    fetch=fetch,
    read=read,
    reading_depends_on=no_day,
    complete=False,
    replaced_by="unhcr_nowcasting",
)
