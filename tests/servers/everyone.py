"""Every publisher at once, as an office with keys and a network reaches them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from pipelines.source import Source
from tests.servers.cod import CodServer
from tests.servers.dtm import KEY, DtmRoundsServer, DtmServer, DtmTableServer
from tests.servers.feeds import (
    FtsServer,
    HapiServer,
    IduServer,
    OdpServer,
    ReliefwebServer,
    UsgsServer,
)
from tests.servers.hdx import HdxServer
from tests.servers.ocha import OchaMovementsServer
from tests.servers.publisher import GONE, Publisher, Reply
from tests.servers.unhcr import UnhcrServer

SERVERS = {
    "UNHCR": UnhcrServer,
    "ODP": OdpServer,
    "HAPI": HapiServer,
    "DTM": DtmServer,
    "FTS": FtsServer,
    "RELIEFWEB": ReliefwebServer,
    "COD_AB": CodServer,
    "USGS": UsgsServer,
}
"""The server that stands in for the publisher behind each API."""
DATASETS = {
    "dtm_syria_rounds": DtmRoundsServer,
    "dtm_api_hdx": DtmTableServer,
    "idmc_idu": IduServer,
    "ocha_idp_movements": OchaMovementsServer,
}
"""Sources that are a dataset on HDX: a server each."""


def server_of(source: Source) -> type[Publisher]:
    """What stands in for a source's publisher.

    Raises:
        LookupError: A new source has none yet: nobody has seen it read an answer, or fail.
    """
    found = DATASETS.get(source.name) or SERVERS.get(str(source.api))
    if found is None:
        raise LookupError(f"{source.name} has no server in {__name__}; add one.")
    return found


class WholeHdx(HdxServer):
    """One HDX with the datasets of several servers."""

    def __init__(self, *parts: Publisher) -> None:
        super().__init__()
        self._parts = parts

    def reply(self, path: str, query: dict[str, str]) -> Reply:
        """What the part answers that knows the address; it lies here, not at the part's own."""
        for part in self._parts:
            found = part.reply(path, query)
            if found.status != 404:
                here = found.body.replace(part.url.encode(), self.url.encode())
                return replace(found, body=here)
        return GONE


@dataclass(frozen=True)
class Everyone:
    """The running publishers by API, and what an office sets to reach them."""

    by_api: dict[str, Publisher]
    environment: dict[str, str]


@contextmanager
def everyone() -> Iterator[Everyone]:
    """All of them on 127.0.0.1, until the block ends."""
    with ExitStack() as stack:
        running = {api: stack.enter_context(server()) for api, server in SERVERS.items()}
        parts = [stack.enter_context(server()) for server in DATASETS.values()]
        running["HDX"] = stack.enter_context(WholeHdx(*parts))
        yield Everyone(
            running,
            {
                **{f"NUZUH_URL_{api}": server.base_url for api, server in running.items()},
                "NUZUH_KEY_DTM": KEY,
                "NUZUH_KEY_RELIEFWEB": ReliefwebServer.approved,
                "NUZUH_CONTACT": "im@example.org",
            },
        )
