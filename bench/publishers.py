"""Publishers on 127.0.0.1 with answers of the size that the real ones send.

`python -m bench.publishers` serves until its input is closed, in a process of its own so that it
takes no time from what is measured, and prints one line of JSON: what NUZUH_URL_… is set to.
The shapes are those of `tests/servers`; the rows are many and made up.
"""

import json
import sys
from collections import Counter
from contextlib import ExitStack
from typing import Any

from data.gazetteer import places
from tests.servers import dtm, feeds, unhcr
from tests.servers.dtm import DtmTableServer
from tests.servers.feeds import HapiServer
from tests.servers.unhcr import UnhcrServer

ROUNDS = 40
YEARS = range(2000, 2026)
HOSTS = 120
WAR = 2012
SECTORS = ("EDU", "FSC", "HEA", "NUT", "PRO", "SHL", "WSH", "Intersectoral")


def districts() -> list[str]:
    """Syria's P-codes down to district."""
    table = places.table()
    inside = table["location_code"].eq("SYR") & table["admin_level"].between(1, 2)
    return sorted(table.loc[inside.fillna(False), "place_code"])


def idps() -> list[dict[str, Any]]:
    """HAPI: forty rounds of every district, the governorates and the country."""
    pattern = feeds.idps()[0]
    return [
        pattern
        | feeds._at("SYR", code, "İdlib")
        | {
            "population": 1_000 + 37 * number + 11 * index,
            "reporting_round": number,
            "reference_period_start": _month(number),
            "reference_period_end": _month(number),
        }
        for number in range(1, ROUNDS + 1)
        for index, code in enumerate(("SYR", *districts()))
    ]


def needs() -> list[dict[str, Any]]:
    """HAPI: every district by sector and status."""
    pattern = feeds.needs()[0]
    return [
        pattern
        | feeds._at("SYR", code, "Idleb")
        | {
            "sector_code": sector,
            "sector_name": sector,
            "population_status": status,
            "population": 900_000 - 100 * index,
        }
        for index, code in enumerate(("SYR", *districts()))
        for sector in SECTORS
        for status in ("all", "INN", "TGT")
    ]


def _month(number: int) -> str:
    return f"{2022 + number // 12}-{number % 12 + 1:02d}-28T00:00:00"


def table() -> list[dict[str, Any]]:
    """DTM's table: forty rounds of every district."""
    days = {number: _month(number)[:10] for number in range(1, ROUNDS + 1)}
    dtm.DAYS.update(days)
    codes = ("SYR", *(code for code in districts() if len(code) <= 6))
    dtm.NAMES.update(dict.fromkeys(codes, "Idleb"))
    return [
        dtm._row(dtm.MAIN, number, code, 2_000 + number + index, "Conflict")
        for number in days
        for index, code in enumerate(codes)
    ]


def population() -> list[dict[str, Any]]:
    """UNHCR: a hundred and twenty countries of asylum over twenty-six years.

    What UNHCR published stands as published, and the hosts add up to its totals: an answer that
    contradicted either would be held, and a refresh that publishes nothing measures nothing.
    """
    real = sorted(places.table().loc[lambda t: t["admin_level"].eq(0), "place_code"])
    rows = unhcr._population()
    there = {*unhcr.NAMES, "SYR", *(row["coa_iso"] for row in rows)}
    hosts = [code for code in real if len(code) == 3 and code not in there][:HOSTS]
    unhcr.NAMES.update({code: (code, code) for code in hosts})
    made_up = [
        unhcr._row(year, "SYR", host, refugees=_made_up(year, index))
        for index, host in enumerate(hosts)
        for year in YEARS
    ]
    counted = Counter({year: sum(_made_up(year, n) for n in range(len(hosts))) for year in YEARS})
    for row in rows:
        if row["coa_iso"] == unhcr.REST and row["coo_iso"] == "SYR":
            row["refugees"] = int(row["refugees"]) - counted[row["year"]]
    return rows + made_up


def _made_up(year: int, index: int) -> int:
    """A host's refugees: few until the war, for UNHCR's totals of those years have no room."""
    return index + (1 if year < WAR else 1_000 + year)


def main() -> None:
    """Serve, say where, and stop when the input ends."""
    counted, needed = idps(), needs()
    feeds.THEMES["affected-people/idps"] = ("idps", lambda: counted)
    feeds.THEMES["affected-people/humanitarian-needs"] = ("humanitarian_needs", lambda: needed)
    rows = population()
    unhcr._population = lambda: [dict(row) for row in rows]
    listed = table()
    with ExitStack() as open_:
        api = open_.enter_context(UnhcrServer())
        hapi = open_.enter_context(HapiServer())
        hdx = DtmTableServer()
        hdx.rows = listed
        open_.enter_context(hdx)
        addresses = {"UNHCR": api.base_url, "HAPI": hapi.base_url, "HDX": hdx.base_url}
        sys.stdout.write(json.dumps(addresses) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
