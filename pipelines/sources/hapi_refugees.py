"""UNHCR's refugees and others by year, through HDX HAPI: the second route to the same numbers.

Only rows that no sex and no age divides are figures here; where nobody was divided the divisions
are all nought, which HAPI does not tell from none.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from data.gazetteer.area import Area
from data.settings import Settings
from data.store import Document
from pipelines.publishers import hapi, hapi_unhcr
from pipelines.source import DocumentClient, Reading

DATASET: Final = "Refugee Data Finder, through HDX HAPI: refugees"
THEME: Final = hapi.Theme(
    endpoint="affected-people/refugees-persons-of-concern",
    stem="refugees",
    slug="hdx-hapi-refugees",
    needed=hapi_unhcr.NEEDED,
)
GROUPS: Final = dict.fromkeys(("REF", "ASY", "IDP", "OIP", "STA", "OOC", "HST"), "stock")


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """Each origin by every country of asylum, from HAPI or from HDX's files."""
    yield from hapi.fetch(client, settings, THEME, hapi_unhcr.queries_of(area))


def read(documents: Sequence[Document], area: Area) -> Reading:
    """Stocks at the end of each year, by country of asylum."""
    return hapi_unhcr.read(documents, area, THEME, DATASET, GROUPS)


SOURCE: Final = hapi_unhcr.table(
    name="hapi_refugees",
    title="HDX HAPI: refugees and others (UNHCR)",
    homepage="https://data.humdata.org/dataset/hdx-hapi-refugees",
    fetch=fetch,
    read=read,
    replaced_by="unhcr_population",
)
