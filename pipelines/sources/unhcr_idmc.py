"""IDMC's year-end IDP stock, as UNHCR's Refugee Data Finder carries it.

A third party's series, rounded to thousands. Mid-year editions repeat the year before under the new
year's label: the newest year is flagged when it equals the year before it.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from data.gazetteer.area import Area
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.figures import table_of
from pipelines.publishers import unhcr as api
from pipelines.source import DocumentClient, Reading, provenance_of

DATASET: Final = "Refugee Data Finder: IDMC"


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """One series for each origin."""
    years = api.years(area.since, datetime.now(UTC).date())
    for origin in area.origins:
        yield from api.pages(client, settings, "idmc", f"idmc-{origin}", {"coo": origin, **years})


def read(documents: Sequence[Document], area: Area) -> Reading:
    """IDP stocks, one for each origin and year."""
    by_origin: dict[str, dict[int, dict[str, object]]] = {}
    for item, document, row in api.rows(documents, "idmc-", ("year", "coo_iso", "total")):
        origin = api.iso3(item, "coo")
        if origin is None:
            raise SourceChanged(f"UNHCR's IDMC table names no country in {document.name}.")
        figure = {
            "population_group": "IDP",
            "place_code": origin,
            "location_code": origin,
            "admin_level": 0,
            **api.year_of(item, document.fetched_at),
            **api.cell(item, "total"),
            **provenance_of(document, f"{document.name}: items[{row}].total"),
        }
        years = by_origin.setdefault(origin, {})
        api.must_agree(years.setdefault(api.year_number(item), figure), figure)
    figures: list[dict[str, object]] = []
    for years in by_origin.values():
        newest = max(years)
        before = years.get(newest - 1)
        if before is not None and before["value"] and before["value"] == years[newest]["value"]:
            years[newest]["caveat"] = api.with_caveat(years[newest], "carried_forward")
        figures += list(years.values())
    columns = {
        "publisher": "IDMC",
        "dataset": DATASET,
        "measure": "stock",
        "unit": "people",
        "qualifier": "rounded",
    }
    return Reading(table_of(figures, **columns))


SOURCE: Final = api.table(
    name="unhcr_idmc",
    title="Refugee Data Finder: IDMC's IDP stock",
    publisher="IDMC",
    homepage="https://www.internal-displacement.org",
    attribution="Internal Displacement Monitoring Centre (IDMC), through UNHCR",
    fetch=fetch,
    read=read,
    kind="editions",
)
