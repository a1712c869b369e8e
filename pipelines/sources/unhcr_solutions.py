"""UNHCR Refugee Data Finder, table `solutions`: returns, resettlement and naturalisation in a year.

Flows. Returns of refugees and of IDPs stand in `population` too; they share an origin, so pages
show that table and this one checks it. Resettlement is recorded against the country that resettles.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from data.gazetteer.area import Area
from data.settings import Settings
from data.store import Document
from pipelines.figures import table_of
from pipelines.publishers import unhcr as api
from pipelines.source import DocumentClient, Reading, provenance_of

DATASET: Final = "Refugee Data Finder: solutions"
COLUMNS: Final = {
    "returned_refugees": "RET",
    "returned_idps": "RDP",
    "resettlement": "RST",
    "naturalisation": "NAT",
}


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """From each origin, by country."""
    years = api.years(area.since, datetime.now(UTC).date())
    for origin in area.origins:
        query = {"coo": origin, "coa_all": "true", **years}
        yield from api.pages(client, settings, "solutions", f"solutions-{origin}", query)


def read(documents: Sequence[Document], area: Area) -> Reading:
    """Flows by year, country and solution; none is written where nobody was counted."""
    figures: dict[tuple[object, ...], dict[str, object]] = {}
    unnamed: set[str] = set()
    wanted = ("year", "coo_iso", "coa_iso", *COLUMNS)
    for item, document, row in api.rows(documents, "solutions-", wanted):
        origin, country = api.iso3(item, "coo"), api.country_of_asylum(item)
        if origin is None or country is None:
            api.must_not_be_of(item, area)
            unnamed.add(api.pair_named(item))
            continue
        for column, group in COLUMNS.items():
            if not api.number(item[column])[0] or (group == "RDP") != (country == origin):
                continue
            here = origin if group == "RET" else country
            abroad = {
                "origin_code": origin,
                "origin_location_code": origin,
                "asylum_location_code": country,
            }
            figure = {
                "population_group": group,
                "place_code": here,
                "location_code": here,
                "admin_level": 0,
                **({} if group == "RDP" else abroad),
                **api.year_of(item, document.fetched_at, "flow"),
                **api.cell(item, column),
                **provenance_of(document, f"{document.name}: items[{row}].{column}"),
            }
            key = (group, origin, country, api.year_number(item))
            api.must_agree(figures.setdefault(key, figure), figure)
    columns = {"publisher": "UNHCR", "dataset": DATASET, "measure": "flow", "unit": "people"}
    left_out = "; ".join(sorted(unnamed))
    remarks = (f"Left out, without ISO code: {left_out}.",) if unnamed else ()
    return Reading(table_of(list(figures.values()), **columns), remarks=remarks)


SOURCE: Final = api.table(
    name="unhcr_solutions",
    title="Refugee Data Finder: solutions",
    fetch=fetch,
    read=read,
    kind="editions",
    replaced_by="unhcr_population",
    origin="unhcr_rdf",
    origin_rank=1,
)
