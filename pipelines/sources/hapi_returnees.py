"""UNHCR's returns by year, through HDX HAPI: flows, by the country people returned from."""

from collections.abc import Iterator, Sequence
from typing import Final

from data.gazetteer.area import Area
from data.settings import Settings
from data.store import Document
from pipelines.publishers import hapi, hapi_unhcr
from pipelines.source import DocumentClient, Reading

DATASET: Final = "Refugee Data Finder, through HDX HAPI: returnees"
THEME: Final = hapi.Theme(
    endpoint="affected-people/returnees",
    stem="returnees",
    slug="hdx-hapi-returnees",
    needed=hapi_unhcr.NEEDED,
)
GROUPS: Final = {"RET": "flow", "RDP": "flow"}


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """Returns of each origin's people, from HAPI or from HDX's files."""
    yield from hapi.fetch(client, settings, THEME, hapi_unhcr.queries_of(area))


def read(documents: Sequence[Document], area: Area) -> Reading:
    """Flows within each year: refugees by the country returned from, IDPs at home."""
    return hapi_unhcr.read(documents, area, THEME, DATASET, GROUPS)


SOURCE: Final = hapi_unhcr.table(
    name="hapi_returnees",
    title="HDX HAPI: returns (UNHCR)",
    homepage="https://data.humdata.org/dataset/hdx-hapi-returnees",
    fetch=fetch,
    read=read,
    replaced_by="unhcr_solutions",
)
