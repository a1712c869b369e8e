"""Documents of every source as its publisher sends them, small: what the fuzz takes apart.

A new source joins with one entry; `test_fuzz` fails for one without.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from data import area, places
from data.settings import Settings
from data.store import Document
from pipelines import registry
from pipelines.client import Client
from pipelines.sources import dtm_syria_rounds
from tests.servers.dtm import KEY, DtmServer, DtmTableServer
from tests.servers.feeds import FtsServer, HapiServer, IduServer, OdpServer, ReliefwebServer
from tests.servers.publisher import Publisher
from tests.servers.unhcr import UnhcrServer
from tests.sources import dtm_workbooks

AREA = area.load("idlib")
AT = datetime(2026, 11, 24, tzinfo=UTC)


def asked(source: str, server: type[Publisher]) -> Callable[[], Sequence[Document]]:
    """What a source fetches from its publisher's stand-in, over real HTTP."""

    def fetched() -> Sequence[Document]:
        found = registry.by_name(source)
        assert found is not None
        assert found.api is not None
        with server() as running:
            # Where a publisher has a second door, it leads to the same server.
            where = Settings(
                url={"HDX": running.base_url, found.api: running.base_url},
                key={found.api: KEY},
                contact="im@example.org",
            )
            client = Client("test", retries=0, backoff=0, interval=0, timeout=(2, 2))
            return tuple(found.fetch(client, where, AREA))

    return fetched


def carried() -> Sequence[Document]:
    """The first rows of the smaller carried tables."""
    found = registry.by_name("published_figures")
    assert found is not None
    whole = found.fetch(None, Settings(), AREA)  # type: ignore[arg-type]
    return tuple(
        replace(d, body=b"\n".join(d.body.splitlines()[:6]) + b"\n") for d in list(whole)[:4]
    )


def boundaries() -> Sequence[Document]:
    """A square around the seat of each governorate."""
    table = places.table()
    known = table[(table["location_code"] == "SYR") & (table["admin_level"] == 1)]
    features = []
    for code, lat, lon in zip(known["place_code"], known["lat"], known["lon"], strict=True):
        west, south, east, north = lon - 0.1, lat - 0.1, lon + 0.1, lat + 0.1
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        told = {"adm1_pcode": code, "adm1_name": "Şehir", "valid_on": "2020-12-17"}
        shape = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": told, "geometry": shape})
    body = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    return (Document("syr_adm1.geojson", "https://example.org/syr", body, AT),)


def rounds() -> Sequence[Document]:
    """Two rounds of different layout."""
    return tuple(
        Document(f"{dtm_syria_rounds.SLUG}/{name}.xlsx", f"https://example.org/{name}", body, AT)
        for name, body in (
            ("round-9-october-2025", dtm_workbooks.totals()),
            ("round-8-september-2025", dtm_workbooks.communities()),
        )
    )


SAMPLES: dict[str, Callable[[], Sequence[Document]]] = {
    "cod_ab": boundaries,
    "dtm_api": asked("dtm_api", DtmServer),
    "dtm_api_hdx": asked("dtm_api_hdx", DtmTableServer),
    "dtm_syria_rounds": rounds,
    "fts_funding": asked("fts_funding", FtsServer),
    "hapi_idps": asked("hapi_idps", HapiServer),
    "hapi_needs": asked("hapi_needs", HapiServer),
    "hapi_refugees": asked("hapi_refugees", HapiServer),
    "hapi_returnees": asked("hapi_returnees", HapiServer),
    "idmc_idu": asked("idmc_idu", IduServer),
    "published_figures": carried,
    "reliefweb_reports": asked("reliefweb_reports", ReliefwebServer),
    "unhcr_demographics": asked("unhcr_demographics", UnhcrServer),
    "unhcr_footnotes": asked("unhcr_footnotes", UnhcrServer),
    "unhcr_idmc": asked("unhcr_idmc", UnhcrServer),
    "unhcr_nowcasting": asked("unhcr_nowcasting", UnhcrServer),
    "unhcr_odp": asked("unhcr_odp", OdpServer),
    "unhcr_population": asked("unhcr_population", UnhcrServer),
    "unhcr_solutions": asked("unhcr_solutions", UnhcrServer),
}
"""One entry for each source of the registry."""


@cache
def sample(source: str) -> Sequence[Document]:
    """The documents of one source, made once."""
    return SAMPLES[source]()
