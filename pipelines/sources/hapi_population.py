"""Who lives in each district by census or projection (COD-PS), through HDX HAPI.

Context beside figures of people, and never one of them: on no axis, in no sum, on no map. DTM
counts residents of its own, at the date of a round and by its own method; a rate has both its
numbers from one publisher, so these never stand under DTM's displaced.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from data.gazetteer.area import Area
from data.schema import codes as vocabulary
from data.schema.tables import BASELINE_POPULATION, FIGURES
from data.settings import Settings
from data.store import Document
from pipelines.publishers import hapi
from pipelines.source import DocumentClient, Reading, Source, no_day

NAME: Final = "hapi_population"
LICENCE: Final = "CC BY-IGO"
ALL: Final = "all"
SEXES: Final = {*vocabulary.GENDERS, None}
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
    ours = hapi.rows_of(documents, THEME, area.origins)
    rows, places, remarks = hapi.placed_once(ours, same)
    starts, ends = rows.periods()
    table = rows.companion(
        BASELINE_POPULATION,
        "population",
        source=NAME,
        place_code=[place["place_code"] for place in places],
        gender=[sex or ALL for sex in rows.codes("gender", SEXES, "sex")],
        age_range=[ages or ALL for ages in rows.texts("age_range")],
        period_start=starts,
        period_end=ends,
        population=rows.wholes("population"),
        licence=LICENCE,
    )
    return Reading(FIGURES.none, {BASELINE_POPULATION.name: table}, remarks)


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
