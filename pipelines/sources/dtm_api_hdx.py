"""IOM DTM's API as HDX carries it: IDPs present in Syria by round, down to district; no key needed.

One CSV holds the country, its governorates and its districts one below the other. Neither levels
nor operations are added: operations count partly the same people.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

import pandas as pd

from data.gazetteer.area import Area
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.publishers import dtm, hdx
from pipelines.source import DocumentClient, Reading

SLUG: Final = "syr-iom-dtm-from-api"
FILE: Final = r"admin-?0-?to-?2"
LEVEL: Final = "adminLevel"


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """HDX's description of the dataset and its one CSV."""

    def pick(found: list[hdx.Resource]) -> list[tuple[str, hdx.Resource]]:
        return [(f"{SLUG}/table", hdx.newest(found, SLUG, FILE, formats=("CSV",)))]

    yield from hdx.fetch_files(client, settings, SLUG, pick)


def read(documents: Sequence[Document], area: Area) -> Reading:
    """IDP stocks of the area's countries by operation, round, place and assessment type.

    Raises:
        SourceChanged: The table lacks a column or a row what names it.
        UnknownPlace: A code that the places table lacks.
    """
    found = dtm.figures(_rows(documents), area.origins)
    if not found:
        raise SourceChanged(f"HDX's {SLUG} holds nothing about {', '.join(area.origins)}.")
    return Reading(pd.DataFrame(found))


def _rows(documents: Sequence[Document]) -> Iterator[dtm.Row]:
    for document in documents:
        if document.name == f"{SLUG}/{hdx.PACKAGE}":
            continue
        for number, cells in hdx.records(document, [*dtm.COLUMNS, LEVEL]):
            level = str(cells[LEVEL])
            if level not in ("0", "1", "2"):
                raise SourceChanged(f"Row {number} of HDX's {SLUG} has the level {level[:20]!r}.")
            yield dtm.Row(cells, int(level), document, f"row {number}")


SOURCE: Final = dtm.table(
    name="dtm_api_hdx",
    title="DTM: IDPs by operation and round, through HDX",
    homepage=f"https://data.humdata.org/dataset/{SLUG}",
    cadence=timedelta(days=7),
    late_after=timedelta(days=21),
    api=hdx.API,
    countries=("SYR",),
    fetch=fetch,
    read=read,
    replaced_by="dtm_api",
    origin_rank=2,
)
