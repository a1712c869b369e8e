"""The API under load, pages meanwhile: `python -m bench.api --clients 200`.

Questions are offered at a growing rate, each client from an address of its own (127.0.x.y), until
95 of 100 take longer than 300 ms; then many clients ask as fast as they are let. Beside them one
reader runs the first page again and again: told is what a run costs in peace and under each load.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from bench import content, serving
from bench.reader import Reader
from bench.serving import Server

ASKED = (
    "/nuzuh/api/v1/figures?within=SY07&group=IDP&limit=100&format=csv",
    "/nuzuh/api/v1/figures?place=TUR&group=REF",
    "/nuzuh/api/v1/compare?place=X-SYR-NW&group=NEWDISP&on=2020-02-29",
    "/nuzuh/ogc/collections/idp-admin1/items?limit=100",
    "/nuzuh/api/v1/places?within=SY07",
)
"""What tools ask: a page of a table, a short series, a comparison, a layer, a list of places."""
SLOWEST = 0.3
"""Seconds that 95 of 100 answers may take."""
RATES = (2, 5, 10, 20, 40, 80)
"""Questions a second that are offered, one after the other."""
STEP = 6.0
"""Seconds of one rate."""
FITTING = frozenset({200, 304, 429, 503})
"""What a client may be answered under any load: an answer, the same as before, or "come again"."""


@dataclass
class Tally:
    """What happened at one load."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    pages: list[float] = field(default_factory=list)
    lost: int = 0
    over: bool = False

    def p95(self) -> float:
        """Seconds of 95 of 100 answers; endless where there was none."""
        return _p95(self.seconds)

    def told(self, name: str, took: float) -> str:
        """One line of the table."""
        known, pages = _told(self.seconds), _told(self.pages)
        counts = ", ".join(f"{status}: {n}" for status, n in sorted(self.statuses.items()))
        answered = self.statuses[200] + self.statuses[304]
        return (
            f"{name}: {answered / took:.1f} answers/s, {known}; {counts or 'nothing asked'}; "
            f"lost {self.lost}; page {pages}"
        )


def _told(taken: list[float]) -> str:
    if not taken:
        return "none"
    return f"median {statistics.median(taken):.3f} s, p95 {_p95(taken):.3f} s"


def _p95(taken: list[float]) -> float:
    ordered = sorted(taken)
    return ordered[int(0.95 * (len(ordered) - 1))] if ordered else float("inf")


async def ask(server: Server, client: int, tally: Tally, number: int) -> None:
    """One question of one client, from an address of its own."""
    local = f"127.0.{1 + client // 250}.{1 + client % 250}"
    transport = httpx2.AsyncHTTPTransport(local_address=local)
    begun = time.perf_counter()
    try:
        async with httpx2.AsyncClient(transport=transport, timeout=30) as http:
            answer = await http.get(server.address + ASKED[number % len(ASKED)])
    except (httpx2.HTTPError, OSError):
        tally.lost += 1
        return
    tally.statuses[answer.status_code] += 1
    if answer.status_code == 200:
        tally.seconds.append(time.perf_counter() - begun)


async def offered(server: Server, reader: Reader, rate: float, clients: int) -> Tally:
    """So many questions a second for a while, whatever is answered; a reader beside them."""
    tally = Tally()
    reading = asyncio.create_task(_reads(reader, tally))
    asked = []
    begun = time.monotonic()
    for number in range(int(rate * STEP)):
        await asyncio.sleep(max(0.0, begun + number / rate - time.monotonic()))
        asked.append(asyncio.create_task(ask(server, number % clients, tally, number)))
    if not rate:
        await asyncio.sleep(STEP)
    await asyncio.gather(*asked)
    tally.over = True
    await reading
    return tally


async def pressed(server: Server, reader: Reader, clients: int, seconds: float) -> Tally:
    """So many clients who ask as soon as they are answered, each many times."""
    tally = Tally()
    reading = asyncio.create_task(_reads(reader, tally))
    until = time.monotonic() + seconds

    async def client(which: int) -> None:
        number = which
        while time.monotonic() < until:
            await ask(server, which, tally, number)
            number += 1
            await asyncio.sleep(0.05)

    await asyncio.gather(*(client(which) for which in range(clients)))
    tally.over = True
    await reading
    return tally


async def _reads(reader: Reader, tally: Tally) -> None:
    """Run the first page again and again, until the load is over."""
    while not tally.over:
        tally.pages.append((await reader.open()).seconds)
        await asyncio.sleep(0.3)


async def measured(server: Server, clients: int, seconds: float) -> int:
    """Print a line for each load; 1 where an answer was none that a client may be given."""
    warm = Tally()
    for number in range(len(ASKED)):
        await ask(server, 0, warm, number)
    async with Reader(server.host, "", "lang=en") as reader:
        await reader.open()
        calm = await offered(server, reader, 0, 1)
        print(calm.told("in peace", STEP), flush=True)
        held = 0.0
        for rate in RATES:
            begun = time.monotonic()
            tally = await offered(server, reader, rate, clients)
            print(tally.told(f"{rate}/s offered", time.monotonic() - begun), flush=True)
            if tally.p95() > SLOWEST or tally.statuses[503]:
                break
            held = rate
        print(f"p95 of at most {SLOWEST:g} s: {held:g} questions a second.", flush=True)
        before = server.memory()
        tally = await pressed(server, reader, clients, seconds)
        print(tally.told(f"{clients} clients as fast as they can", seconds))
        print(f"memory {before:.0f} MB before, {server.memory():.0f} MB after")
    unfit = set(tally.statuses) - FITTING
    return int(bool(unfit or not tally.pages))


def main() -> int:
    """Measure, and print what was seen."""
    asked = argparse.ArgumentParser(prog="python -m bench.api", description=__doc__)
    asked.add_argument("--clients", type=int, default=200)
    asked.add_argument("--seconds", type=float, default=15.0)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = content.store(Path(folder) / "store")
        with serving.nuzuh(Path(store.address)) as server:
            return asyncio.run(measured(server, given.clients, given.seconds))


if __name__ == "__main__":
    sys.exit(main())
