"""Who lives in each district by census or projection (COD-PS), through HDX HAPI.

Context beside figures of people, and never one of them: on no axis, in no sum, on no map. DTM
counts residents of its own, at the date of a round and by its own method; a rate has both its
numbers from one publisher, so these never stand under DTM's displaced.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

import pandas as pd

from data.gazetteer.area import Area
from data.schema import codes as vocabulary
from data.schema.tables import BASELINE_POPULATION, FIGURES
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.publishers import hapi
from pipelines.source import DocumentClient, Reading, Source, no_day

NAME: Final = "hapi_population"
LICENCE: Final = "CC BY-IGO"
ALL: Final = "all"
THEME: Final = hapi.Theme(
    endpoint="geography-infrastructure/baseline-population",
    stem="population",
    slug="hdx-hapi-population",
    needed=(
        "location_code",
        "admin1_code",
        "admin2_code",
        "admin_level",
        "gender",
        "age_range",
        "population",
        "reference_period_start",
        "reference_period_end",
    ),
)


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """The countries people flee within, from HAPI or from HDX's files."""
    yield from hapi.fetch(client, settings, THEME, hapi.queries(area.origins))


def read(documents: Sequence[Document], area: Area) -> Reading:
    """No figures; the table `baseline_population`, one row for each place, sex and age.

    Raises:
        SourceChanged: Another shape, a sex that is not known, or no row of the area.
    """
    same = ("gender", "age_range", "reference_period_start")
    found, remarks = hapi.placed_once(hapi.rows_of(documents, THEME, area.origins), same)
    rows = [_row(row, str(codes["place_code"])) for row, codes in found]
    table = BASELINE_POPULATION.conform(pd.DataFrame(rows, columns=BASELINE_POPULATION.names))
    return Reading(FIGURES.empty(), {BASELINE_POPULATION.name: table}, remarks)


def _row(row: hapi.Row, place: str) -> dict[str, object]:
    sex = row.text("gender") or ALL
    if sex not in vocabulary.GENDERS:
        raise SourceChanged(f"HAPI names the sex {sex[:20]!r} ({row.locator('gender')}).")
    return {
        "source": NAME,
        "place_code": place,
        "gender": sex,
        "age_range": row.text("age_range") or ALL,
        "period_start": row.day("reference_period_start"),
        "period_end": row.day("reference_period_end"),
        "population": row.whole("population"),
        **row.provenance(),
        "licence": LICENCE,
    }


SOURCE: Final = Source(
    name=NAME,
    title="HDX HAPI: baseline population by district (COD-PS), context",
    publisher="OCHA",
    homepage="https://data.humdata.org/dataset/hdx-hapi-population",
    licence=LICENCE,
    attribution="OCHA and UNFPA (COD-PS), through HDX HAPI",
    cadence=timedelta(days=30),
    late_after=timedelta(days=365),
    api=hapi.API,
    fetch=fetch,
    read=read,
    reading_depends_on=no_day,
    tables=(BASELINE_POPULATION.name,),
)
