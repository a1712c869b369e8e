"""IDPs as IOM's DTM counts them, through HDX HAPI: country, governorate, district.

HAPI holds every reporting round; only the newest of each operation is read, as OCHA advises. Two
operations of one country may count the same people (a national baseline and a local emergency),
so each stays a figure of its own. The same figures come from DTM's own files and API, which say
more and sooner; this route checks them.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from data.gazetteer.area import Area
from data.schema import codes as vocabulary
from data.settings import Settings
from data.store import Document
from pipelines.figures import table_of
from pipelines.publishers import dtm, hapi
from pipelines.source import DocumentClient, Reading

DATASET: Final = "DTM, through HDX HAPI"
THEME: Final = hapi.Theme(
    endpoint="affected-people/idps",
    stem="idps",
    slug="hdx-hapi-idps",
    needed=(
        "location_code",
        "admin1_code",
        "admin2_code",
        "admin_level",
        "operation",
        "assessment_type",
        "population",
        "reporting_round",
        "reference_period_start",
        "reference_period_end",
    ),
)
TYPES: Final = {*vocabulary.ASSESSMENT_TYPES, None}


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """Every round of each country of the area, from HAPI or from HDX's files."""
    yield from hapi.fetch(client, settings, THEME, hapi.queries(hapi.of_area(area)))


def read(documents: Sequence[Document], area: Area) -> Reading:
    """Stocks of the newest round of each operation and assessment type, one for each place."""
    ours = hapi.rows_of(documents, THEME, hapi.of_area(area))
    same = ("operation", "assessment_type", "reference_period_start", "reporting_round")
    rows, places, remarks = hapi.placed_once(_of_newest_rounds(ours), same)
    starts, ends = rows.periods()
    figures = table_of(
        rows.files(),
        places,
        publisher="IOM",
        dataset=DATASET,
        measure="stock",
        population_group="IDP",
        unit="people",
        reference_period_start=starts,
        reference_period_end=ends,
        as_of=ends,
        operation=rows.texts("operation"),
        reporting_round=rows.wholes("reporting_round"),
        assessment_type=rows.codes("assessment_type", TYPES, "assessment type"),
        provider_admin1_name=rows.texts("provider_admin1_name"),
        provider_admin2_name=rows.texts("provider_admin2_name"),
        **rows.values(),
    )
    return Reading(figures, remarks=remarks)


def _of_newest_rounds(rows: hapi.Rows) -> hapi.Rows:
    """Of each country's operation and assessment type the rows of the round counted last."""
    names = ("location_code", "operation", "assessment_type")
    operations = list(zip(*(rows.texts(name) for name in names), strict=True))
    rounds = [number or 0 for number in rows.wholes("reporting_round")]
    newest: dict[tuple[str | None, ...], tuple[date, int]] = {}
    moments = zip(rows.days("reference_period_start"), rounds, strict=True)
    for operation, moment in zip(operations, moments, strict=True):
        newest[operation] = max(newest.get(operation, moment), moment)
    counted = zip(operations, rounds, strict=True)
    return rows.only(number == newest[operation][1] for operation, number in counted)


SOURCE: Final = dtm.table(
    name="hapi_idps",
    title="HDX HAPI: IDPs (IOM DTM)",
    homepage="https://data.humdata.org/dataset/hdx-hapi-idps",
    cadence=timedelta(days=1),
    late_after=timedelta(days=7),
    api=hapi.API,
    fetch=fetch,
    read=read,
    complete=False,
    replaced_by="dtm_api_hdx",
    origin_rank=3,
)
