"""The API under load, pages meanwhile: `python -m bench.api --clients 200`.

Questions are offered at a growing rate, each client from an address of its own (127.0.x.y), until
95 of 100 take longer than 300 ms; then many clients ask as fast as they are let. Beside them one
reader runs the first page again and again: printed is what a run costs under each load.
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
from typing import Self

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
NEW = "/nuzuh/api/v1/figures?within=SY07&group=IDP&limit={limit}&format=csv"
SLOWEST = 0.3
"""Seconds that 95 of 100 answers may take."""
RATES = (2, 5, 10, 20, 40, 80, 160)
"""Questions a second that are offered, one after the other."""
STEP = 4.0
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

    def p95(self) -> float:
        """Seconds of 95 of 100 answers; endless where there was none."""
        return _p95(self.seconds)

    def summary(self, name: str, took: float) -> str:
        """One line of the table."""
        known, pages = _percentiles(self.seconds), _percentiles(self.pages)
        counts = ", ".join(f"{status}: {n}" for status, n in sorted(self.statuses.items()))
        answered = self.statuses[200] + self.statuses[304]
        return (
            f"{name}: {answered / took:.1f} answers/s, {known}; {counts or 'nothing asked'}; "
            f"lost {self.lost}; page {pages}"
        )


def _percentiles(taken: list[float]) -> str:
    if not taken:
        return "none"
    return f"median {statistics.median(taken):.3f} s, p95 {_p95(taken):.3f} s"


def _p95(taken: list[float]) -> float:
    ordered = sorted(taken)
    return ordered[int(0.95 * (len(ordered) - 1))] if ordered else float("inf")


@dataclass
class Clients:
    """Clients on addresses of their own, each with its line kept open.

    Attributes:
        server: Whom they ask.
        new: Whether each question is one that nobody asked before.
    """

    server: Server
    new: bool = False
    _lines: dict[int, httpx2.AsyncClient] = field(default_factory=dict)
    _asked: int = 0

    async def ask(self, client: int, tally: Tally, number: int) -> None:
        """One question of one client."""
        if client not in self._lines:
            local = f"127.0.{1 + client // 250}.{1 + client % 250}"
            transport = httpx2.AsyncHTTPTransport(local_address=local, verify=False)
            self._lines[client] = httpx2.AsyncClient(transport=transport, timeout=30)
        address = self.server.address + ASKED[number % len(ASKED)]
        if self.new:
            self._asked += 1
            # Nobody knows a limit of that many: the same work, another question.
            address = f"{self.server.address}{NEW.format(limit=100 + self._asked)}"
        begun = time.perf_counter()
        try:
            answer = await self._lines[client].get(address)
        except (httpx2.HTTPError, OSError):
            tally.lost += 1
            return
        tally.statuses[answer.status_code] += 1
        if answer.status_code == 200:
            tally.seconds.append(time.perf_counter() - begun)

    async def close(self) -> None:
        """Hang up."""
        for line in self._lines.values():
            await line.aclose()


class Page:
    """A reader of the first page, in a process of its own: the load is not to slow it down."""

    def __init__(self, server: Server) -> None:
        self._words = [sys.executable, "-m", "bench.api", "--read", server.host]

    async def __aenter__(self) -> Self:
        """Begin to read."""
        self._process = await asyncio.create_subprocess_exec(
            *self._words, stdout=asyncio.subprocess.PIPE
        )
        self._pages: list[float] = []
        self._task = asyncio.create_task(self._read())
        while not self._pages:
            if self._task.done():
                raise SystemExit("The first page was not read in time; is the machine busy?")
            await asyncio.sleep(0.1)
        return self

    async def _read(self) -> None:
        lines = self._process.stdout
        while lines is not None and (line := await lines.readline()):
            self._pages.append(float(line))

    def taken(self) -> list[float]:
        """Seconds of each run since this was asked before."""
        found, self._pages = self._pages, []
        return found

    async def __aexit__(self, *_: object) -> None:
        """Stop reading."""
        self._process.terminate()
        await self._process.wait()
        self._task.cancel()


async def reads(host: str) -> None:
    """Run the first page again and again and print each run's seconds, until stopped."""
    async with Reader(host, "", "lang=en") as reader:
        await reader.open()
        while True:
            print((await reader.open()).seconds, flush=True)
            await asyncio.sleep(0.3)


async def offered(clients: Clients, page: Page, rate: float, count: int) -> Tally:
    """So many questions a second for a while, whatever is answered; a reader beside them."""
    tally = Tally()
    page.taken()
    asked = []
    begun = time.monotonic()
    for number in range(int(rate * STEP)):
        await asyncio.sleep(max(0.0, begun + number / rate - time.monotonic()))
        asked.append(asyncio.create_task(clients.ask(number % count, tally, number)))
    if not rate:
        await asyncio.sleep(STEP)
    await asyncio.gather(*asked)
    tally.pages = page.taken()
    return tally


async def pressed(clients: Clients, page: Page, count: int, seconds: float) -> Tally:
    """So many clients who ask as soon as they are answered, each many times."""
    tally = Tally()
    page.taken()
    until = time.monotonic() + seconds

    async def client(which: int) -> None:
        number = which
        while time.monotonic() < until:
            await clients.ask(which, tally, number)
            number += 1
            await asyncio.sleep(0.05)

    await asyncio.gather(*(client(which) for which in range(count)))
    tally.pages = page.taken()
    return tally


async def measured(server: Server, count: int, seconds: float) -> int:
    """Print a line for each load; 1 where an answer was none that a client may be given."""
    statuses: Counter[int] = Counter()
    async with Page(server) as page:
        warm = Clients(server)
        for number in range(len(ASKED)):
            await warm.ask(0, Tally(), number)
        print((await offered(warm, page, 0, 1)).summary("in peace", STEP), flush=True)
        for new in (False, True):
            clients = Clients(server, new)
            kind = "new questions" if new else "questions asked before"
            held = 0.0
            for rate in RATES:
                begun = time.monotonic()
                tally = await offered(clients, page, rate, count)
                took = time.monotonic() - begun
                print(tally.summary(f"{rate}/s offered, {kind}", took), flush=True)
                if tally.p95() > SLOWEST or tally.statuses[503] or tally.lost:
                    break
                held = rate
            print(f"{kind}, p95 of at most {SLOWEST:g} s: {held:g} a second.", flush=True)
            before = server.memory()
            tally = await pressed(clients, page, count, seconds)
            statuses += tally.statuses
            print(tally.summary(f"{count} clients as fast as they can, {kind}", seconds))
            print(f"memory {before:.0f} MB before, {server.memory():.0f} MB after", flush=True)
            await clients.close()
    return int(bool(set(statuses) - FITTING))


def main() -> int:
    """Measure, and print what was seen."""
    asked = argparse.ArgumentParser(prog="python -m bench.api", description=__doc__)
    asked.add_argument("--clients", type=int, default=200)
    asked.add_argument("--seconds", type=float, default=10.0)
    asked.add_argument("--read", metavar="HOST", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.read:
        asyncio.run(reads(given.read))
    with tempfile.TemporaryDirectory() as folder:
        store = content.store(Path(folder) / "store")
        with serving.nuzuh(Path(store.address)) as server:
            return asyncio.run(measured(server, given.clients, given.seconds))


if __name__ == "__main__":
    sys.exit(main())
