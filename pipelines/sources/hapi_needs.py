"""People in need by sector, as OCHA's humanitarian needs overview states them, through HDX HAPI.

Sectors overlap and are never added: the headline is the sector `intersectoral`. A plan speaks of
its year and is drawn at the first day of it.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from data.gazetteer.area import Area
from data.schema import codes as vocabulary
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.figures import table_of
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
    everyone = hapi.rows_of(documents, THEME, hapi.of_area(area))
    in_need = [status != EVERYBODY for status in everyone.texts("population_status")]
    rows, places, remarks = hapi.placed(everyone.only(in_need))
    (starts, ends), columns = rows.periods(), _columns(rows)
    codes = [place["place_code"] for place in places]
    hapi.must_be_given_once(rows, zip(codes, starts, *columns.values(), strict=True))
    figures = table_of(
        rows.files(),
        places,
        publisher="OCHA",
        dataset=DATASET,
        measure="stock",
        population_group="PIN",
        unit="people",
        reference_period_start=starts,
        reference_period_end=ends,
        as_of=starts,
        provider_admin1_name=rows.texts("provider_admin1_name"),
        provider_admin2_name=rows.texts("provider_admin2_name"),
        **columns,
        **rows.values(),
    )
    if not all(in_need):
        left_out = in_need.count(False)
        remarks += (f"{left_out} rows of the whole population, in need or not, left out.",)
    return Reading(figures, remarks=remarks)


def _columns(rows: hapi.Rows) -> dict[str, list[str | None]]:
    """Which need is counted, of which status.

    Raises:
        SourceChanged: A status is not known, or a row has no sector.
    """
    statuses, sectors = rows.texts("population_status"), rows.texts("sector_code")
    for row, (status, sector) in enumerate(zip(statuses, sectors, strict=True)):
        if status not in vocabulary.POPULATION_STATUSES or sector is None:
            raise SourceChanged(
                f"HAPI names the status {str(status)[:20]!r} and the sector {str(sector)[:20]!r} "
                f"({rows.locator(row, 'population_status')})."
            )
    return {
        "population_status": statuses,
        "sector": [_unless(sector, HEADLINE, HEADLINE) for sector in sectors],
        "category": [_unless(category, TOTAL, None) for category in rows.texts("category")],
    }


def _unless(said: str | None, word: str, instead: str | None) -> str | None:
    """What is said, or something instead of one word in whatever case."""
    return instead if said is not None and said.casefold() == word else said


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
