"""IOM DTM's API as HDX carries it: IDPs present in Syria by round, down to district; no key needed.

One CSV holds the country, its governorates and its districts one below the other. Neither levels
nor operations are added: operations count partly the same people.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

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
    rows = dtm.Rows.of(_sent(documents))
    levels = [str(level) for level in rows.texts(LEVEL)]
    for place, level in zip(rows.places, levels, strict=True):
        if level not in ("0", "1", "2"):
            raise SourceChanged(
                f"{place.capitalize()} of HDX's {SLUG} has the level {level[:20]!r}."
            )
    figures = dtm.figures(rows, list(map(int, levels)), area.origins)
    if not len(figures):
        raise SourceChanged(f"HDX's {SLUG} holds nothing about {', '.join(area.origins)}.")
    return Reading(figures)


def _sent(documents: Sequence[Document]) -> Iterator[tuple[Document, str, dict[str, str]]]:
    for document in documents:
        if document.name != f"{SLUG}/{hdx.PACKAGE}":
            for number, row in hdx.rows(document, [*dtm.COLUMNS, LEVEL]):
                yield document, f"row {number}", row


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
