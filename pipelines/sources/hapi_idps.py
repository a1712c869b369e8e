"""IDPs as IOM's DTM counts them, through HDX HAPI: country, governorate, district.

HAPI holds every reporting round; only the newest of each operation is read, as OCHA advises. Two
operations of one country may count the same people (a national baseline and a local emergency),
so each stays a figure of its own. The same figures come from DTM's own files and API, which say
more and sooner; this route checks them.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

import pandas as pd

from data.gazetteer.area import Area
from data.schema import codes as vocabulary
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged
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
_Operation = tuple[str | None, str | None, str | None]


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """Every round of each country of the area, from HAPI or from HDX's files."""
    yield from hapi.fetch(client, settings, THEME, hapi.queries(hapi.of_area(area)))


def read(documents: Sequence[Document], area: Area) -> Reading:
    """Stocks of the newest round of each operation and assessment type, one for each place."""
    ours = hapi.rows_of(documents, THEME, hapi.of_area(area))
    newest: dict[_Operation, tuple[date, int]] = {}
    for row in ours:
        operation = _operation(row)
        newest[operation] = max(newest.get(operation, (date.min, 0)), _moment(row))
    same = ("operation", "assessment_type", "reference_period_start", "reporting_round")
    found, remarks = hapi.placed_once(
        [row for row in ours if _moment(row)[1] == newest[_operation(row)][1]], same
    )
    return Reading(pd.DataFrame([_figure(row) | codes for row, codes in found]), remarks=remarks)


def _operation(row: hapi.Row) -> _Operation:
    return row.text("location_code"), row.text("operation"), row.text("assessment_type")


def _moment(row: hapi.Row) -> tuple[date, int]:
    """When a row was counted, and in which round."""
    return row.day("reference_period_start"), row.whole("reporting_round") or 0


def _figure(row: hapi.Row) -> dict[str, object]:
    kind = row.text("assessment_type")
    if kind is not None and kind not in vocabulary.ASSESSMENT_TYPES:
        raise SourceChanged(
            f"HAPI names the assessment type {kind[:20]!r} ({row.locator('assessment_type')})."
        )
    return {
        "publisher": "IOM",
        "dataset": DATASET,
        "measure": "stock",
        "population_group": "IDP",
        "unit": "people",
        "reference_period_start": row.day("reference_period_start"),
        "reference_period_end": row.day("reference_period_end"),
        "as_of": row.day("reference_period_end"),
        "operation": row.text("operation"),
        "reporting_round": row.whole("reporting_round"),
        "assessment_type": kind,
        "provider_admin1_name": row.text("provider_admin1_name"),
        "provider_admin2_name": row.text("provider_admin2_name"),
        **row.value(),
        **row.provenance(),
    }


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
