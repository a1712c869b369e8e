"""Documents of every source as its publisher sends them, small: what the fuzz takes apart.

A source that is asked over a network joins by the server in `tests/servers/` that serves it.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

from data.gazetteer import area, places
from data.settings import Settings
from data.store import Document
from pipelines import registry
from pipelines.forms import table_mapping
from pipelines.forms.provenance import Provenance
from pipelines.http.client import Client
from pipelines.source import Source
from pipelines.sources import dtm_syria_rounds, ocha_idp_movements
from tests.pipelines.sources import dtm_workbooks, ocha_workbooks
from tests.servers.dtm import KEY
from tests.servers.everyone import server_of

AREA = area.load("idlib")
AT = datetime(2026, 11, 24, tzinfo=UTC)


def asked(source: Source) -> Callable[[], Sequence[Document]]:
    """What a source fetches from its publisher's stand-in, over real HTTP."""

    def fetched() -> Sequence[Document]:
        assert source.api is not None
        with server_of(source)() as running:
            # Where a publisher has a second route, it leads to the same server.
            where = Settings(
                url={"HDX": running.base_url, source.api: running.base_url},
                key={source.api: KEY},
                contact="im@example.org",
            )
            client = Client("test", retries=0, backoff=0, interval=0, timeout=(2, 2))
            return tuple(source.fetch(client, where, AREA))

    return fetched


def carried() -> Sequence[Document]:
    """The first rows of two carried tables: a reading costs by the table, not by the row."""
    found = registry.by_name("published_figures")
    assert found is not None
    whole = found.fetch(None, Settings(), AREA)  # type: ignore[arg-type]
    return tuple(
        replace(d, body=b"\n".join(d.body.splitlines()[:6]) + b"\n") for d in list(whole)[:2]
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


def moves() -> Sequence[Document]:
    """OCHA's workbook of a month."""
    name = f"{ocha_idp_movements.SLUG}/idp_gov_2016-2021.xlsx"
    return (Document(name, "https://example.org/idp", ocha_workbooks.plain(), AT),)


PAPERS = {"publisher": "OCHA", "published_on": "2020-02-20"}
REPORT = """Syrian Arab Republic: IDP Movements
January 2020

In January 2020, 231,000 IDP movements were tracked in Idleb governorate, of which some 4,600 came
from Hama governorate. Since 1 December 2019, over 900,000 people have been displaced in north-west
Syria. Between 6 and 13 January 2020, 1,870 families arrived in Afrin sub-district.
"""
REPORTS = "https://reliefweb.int/node/3"
PAGE = "https://www.goc.gov.tr/gecici-koruma5638"


def report() -> Sequence[Document]:
    """A report that a person brought."""
    return (Document("report.txt", REPORTS, REPORT.encode(), AT, PAPERS),)


TABLE = """start;today;location/admin1;location/admin3_pcode;pop/idp_individuals;_id
2019-12-01T08:00:00;2019-12-01;SY07;SY070301;203412;1
2019-12-01T08:00:00;2019-12-01;SY07;SY070302;90700;2
"""
"""An export of a survey, as an office downloads it."""


def mapped() -> Sequence[Document]:
    """An office's own table with the mapping that a person gave."""
    body = TABLE.encode()
    mapping = table_mapping.suggested(Document("table.csv", PAGE, body, AT, {}))
    said = Provenance("ACU", PAGE, date(2020, 2, 20), None, mapping)
    return (Document("table.csv", PAGE, body, AT, said.query()),)


def filled(source: str, *lines: str) -> Callable[[], Sequence[Document]]:
    """A source's form as a person fills it in: headings and rows, parted by semicolons."""
    body = "\r\n".join(lines).encode("utf-8-sig")
    return lambda: (Document(f"{source}.csv", PAGE, body, AT, PAPERS),)


OWN: dict[str, Callable[[], Sequence[Document]]] = {
    "any_table": mapped,
    "camp_ledger": filled(
        "camp_ledger",
        "place;p_code;as_of;counted_since;families_total;families_left;families_remaining",
        "Dana;SY070301;2019-12-07;2019-01-08;5200;3100;2100",
        "Harim sub-district;;2019-12-07;2019-01-08;300;100;200",
    ),
    "cod_ab": boundaries,
    "crossing_status": filled(
        "crossing_status",
        "crossing;status;as_of",
        "Bab al-Hawa;active;2019-12-07",
        "Bab al-Salam;partially open;07.12.2019",
    ),
    "dtm_syria_rounds": rounds,
    "ocha_idp_movements": moves,
    "pmm_provinces": filled(
        "pmm_provinces",
        "province;plate;p_code;as_of;syrians",
        "Hatay;31;TUR031;2019-09-17;203.412",
        "Kilis;79;;2019-09-17;-",
    ),
    "published_figures": carried,
    "report_figures": report,
}
"""What no server of `tests/servers/` sends: forms, reports, and what is too large as it is sent."""
SAMPLES = {source.name: OWN.get(source.name) or asked(source) for source in registry.SOURCES}


@cache
def sample(source: str) -> Sequence[Document]:
    """The documents of one source, made once."""
    return SAMPLES[source]()
