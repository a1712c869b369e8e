"""People in need by sector, as OCHA's humanitarian needs overview states them, through HDX HAPI.

Sectors overlap and are never added: the headline is the sector `intersectoral`. A plan speaks of
its year and is drawn at the first day of it.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

import pandas as pd

from data.gazetteer.area import Area
from data.schema import codes as vocabulary
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.publishers import hapi
from pipelines.source import DocumentClient, Reading, Source, no_day

DATASET: Final = "Humanitarian needs, through HDX HAPI"
THEME: Final = hapi.Theme(
    endpoint="affected-people/humanitarian-needs",
    stem="humanitarian_needs",
    slug="hdx-hapi-humanitarian-needs",
    needed=(
        "location_code",
        "admin1_code",
        "admin2_code",
        "admin_level",
        "sector_code",
        "category",
        "population_status",
        "population",
        "reference_period_start",
        "reference_period_end",
    ),
)
HEADLINE: Final = "intersectoral"
EVERYBODY: Final = "all"
"""Status of the whole population, in need or not; no count of people in need."""
TOTAL: Final = "total"


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """Each country of the area, from HAPI or from HDX's files."""
    yield from hapi.fetch(client, settings, THEME, hapi.queries(hapi.of_area(area)))


def read(documents: Sequence[Document], area: Area) -> Reading:
    """Stocks of people in need, targeted or reached; one for each place, sector and category."""
    placed = hapi.Placed()
    figures: dict[tuple[object, ...], dict[str, object]] = {}
    everybody = 0
    for row in hapi.rows_of(documents, THEME, hapi.of_area(area)):
        if row.text("population_status") == EVERYBODY:
            everybody += 1
            continue
        codes = placed.codes(row)
        if codes is None:
            continue
        figure = _figure(row) | codes
        names = ("place_code", "sector", "category", "population_status", "reference_period_start")
        key = tuple(figure[name] for name in names)
        if key in figures:
            raise hapi.given_twice(figures[key]["locator"], row.locator("population"))
        figures[key] = figure
    remarks = placed.remarks()
    if everybody:
        remarks += (f"{everybody} rows of the whole population, in need or not, left out.",)
    return Reading(pd.DataFrame(list(figures.values())), remarks=remarks)


def _figure(row: hapi.Row) -> dict[str, object]:
    status, sector = row.text("population_status"), row.text("sector_code")
    if status not in vocabulary.POPULATION_STATUSES or sector is None:
        raise SourceChanged(
            f"HAPI names the status {str(status)[:20]!r} and the sector {str(sector)[:20]!r} "
            f"({row.locator('population_status')})."
        )
    category = row.text("category")
    start = row.day("reference_period_start")
    return {
        "publisher": "OCHA",
        "dataset": DATASET,
        "measure": "stock",
        "population_group": "PIN",
        "unit": "people",
        "population_status": status,
        "sector": HEADLINE if sector.casefold() == HEADLINE else sector,
        "category": None if category is None or category.casefold() == TOTAL else category,
        "reference_period_start": start,
        "reference_period_end": row.day("reference_period_end"),
        "as_of": start,
        "provider_admin1_name": row.text("provider_admin1_name"),
        "provider_admin2_name": row.text("provider_admin2_name"),
        **row.value(),
        **row.provenance(),
    }


SOURCE: Final = Source(
    name="hapi_needs",
    title="HDX HAPI: people in need (OCHA)",
    publisher="OCHA",
    homepage="https://data.humdata.org/dataset/hdx-hapi-humanitarian-needs",
    licence="CC BY-IGO",
    attribution="OCHA, through HDX HAPI",
    cadence=timedelta(days=7),
    late_after=timedelta(days=60),
    api=hapi.API,
    fetch=fetch,
    read=read,
    reading_depends_on=no_day,
    complete=False,
)
