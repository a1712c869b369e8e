"""UNHCR Refugee Data Finder, table `population`: who is displaced from and in the area, by year.

One row of the source is a (year, origin, asylum) pair with a column for each group. Groups of
people are stocks at the end of the year; `returned_refugees` and `returned_idps` are flows in the
year, though they stand in the same row. Returns are recorded against the country returned from.
The host community (`hst`) is not a displaced group.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from data.gazetteer.area import Area
from data.schema.codes import ALL_COUNTRIES
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.figures import table_of
from pipelines.publishers import unhcr as api
from pipelines.source import DocumentClient, Reading, file_of

DATASET: Final = "Refugee Data Finder: population"
ALWAYS: Final = {
    "refugees": ("REF", "stock"),
    "asylum_seekers": ("ASY", "stock"),
    "idps": ("IDP", "stock"),
    "returned_refugees": ("RET", "flow"),
    "returned_idps": ("RDP", "flow"),
}
WHERE_ANY: Final = {
    "oip": ("OIP", "stock"),
    "stateless": ("STA", "stock"),
    "ooc": ("OOC", "stock"),
    "hst": ("HST", "stock"),
}
"""Kept only where there are any: most of these cells are "0" or "-"."""
EVERY: Final = ALWAYS | WHERE_ANY
SUMMED: Final = "-"
"""What stands for the country in a row that is UNHCR's own sum over countries."""


class _Figure(NamedTuple):
    """A figure: the columns of its file, place and period, and by name those of its own."""

    file: Mapping[str, object]
    place: Mapping[str, object]
    period: Mapping[str, object]
    measure: str
    population_group: str
    value: int | None
    value_raw: str | None
    missing_reason: str | None
    locator: str


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """From each origin to every country, the published total of each origin, and into each host."""
    years = api.years(area.since, datetime.now(UTC).date())
    for origin in area.origins:
        query = {"coo": origin, **years}
        yield from api.pages(
            client, settings, "population", f"origin-{origin}", {**query, "coa_all": "true"}
        )
        yield from api.pages(client, settings, "population", f"total-{origin}", query)
    for host in area.countries:
        yield from api.pages(
            client,
            settings,
            "population",
            f"asylum-{host}",
            {"coa": host, "coo_all": "true", **years},
        )


def read(documents: Sequence[Document], area: Area) -> Reading:
    """Figures of `tables.FIGURES`, one for each year, origin, asylum country and group."""
    found: dict[tuple[object, ...], _Figure] = {}
    unnamed: set[str] = set()
    columns = ["year", "coo_iso", "coa_iso", *ALWAYS, *WHERE_ANY]
    for prefix in ("origin-", "total-", "asylum-"):
        for item, document, row in api.rows(documents, prefix, columns):
            if (prefix == "total-") != (str(item["coa_iso"]).strip() == SUMMED):
                raise SourceChanged(
                    f"UNHCR answered {document.name} by the wrong countries of asylum."
                )
            origin = api.iso3(item, "coo")
            asylum = ALL_COUNTRIES if prefix == "total-" else api.country_of_asylum(item)
            if origin is None or asylum is None:
                api.must_not_be_of(item, area)
                unnamed.add(api.pair_named(item))
                continue
            for figure in _figures(item, origin, asylum, document, row):
                year = figure.period["reference_period_end"]
                key = (figure.population_group, origin, asylum, year)
                _must_agree(found.setdefault(key, figure), figure)
    if not found:
        raise SourceChanged("UNHCR's population table has no row that names its countries.")
    left_out = "; ".join(sorted(unnamed))
    remarks = (f"Left out, without ISO code: {left_out}.",) if unnamed else ()
    files, places, periods, *own = map(list, zip(*found.values(), strict=True))
    named = dict(zip(_Figure._fields[3:], own, strict=True))
    figures = table_of(
        files, places, periods, publisher="UNHCR", dataset=DATASET, unit="people", **named
    )
    return Reading(figures, remarks=remarks)


def _figures(
    item: dict[str, Any], origin: str, asylum: str, document: Document, row: int
) -> Iterator[_Figure]:
    """A figure for each group that a row counts."""
    file = file_of(document)
    for column, (group, measure) in EVERY.items():
        value, raw, reason = api.number(item[column])
        if column in WHERE_ANY and not value:
            continue
        place = api.place(group, origin, asylum)
        if place is None:
            continue
        period = api.year_of(item, document.fetched_at, measure)
        locator = f"{document.name}: items[{row}].{column}"
        yield _Figure(file, place, period, measure, group, value, raw, reason, locator)


def _must_agree(known: _Figure, figure: _Figure) -> None:
    """Two queries may give a figure; it is kept once."""
    if known.value != figure.value:  # else thousands of mappings would be made for nothing
        api.must_agree(_columns(known), _columns(figure))


def _columns(figure: _Figure) -> Mapping[str, object]:
    return {**figure.place, **figure.period, **figure._asdict()}


SOURCE: Final = api.table(
    name="unhcr_population",
    title="Refugee Data Finder: population",
    fetch=fetch,
    read=read,
    kind="editions",
    replaced_by="hapi_refugees",
    origin="unhcr_rdf",
    origin_rank=0,
)
