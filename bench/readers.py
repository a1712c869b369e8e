"""Many readers at once: what a rerun costs the server, and how many sessions two cores hold.

Readers speak Streamlit's protobuf over real WebSockets (`bench.reader`); the browser's own work is
left out, as it is done elsewhere.
"""

import asyncio
import random
import statistics
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from bench import content, serving, table
from bench.reader import Answer, Lost, Reader
from bench.serving import Server
from bench.table import Budget, Row

RERUN = "a rerun on the server"
SESSIONS = "sessions"
EMPTY = "empty script"
SITUATION = "Nuzuh: Situation, whole page"
MAP = "Nuzuh: Map, whole page"
MONTH = "Nuzuh: Map, another month"
FRESH = "Nuzuh: Map, a month nobody asked for yet"
RERUNS = tuple(Budget(who, 3.0, EMPTY) for who in (SITUATION, MAP, MONTH, FRESH))
HELD = Budget(MONTH, 2.0, EMPTY)
PAUSE = (3.0, 7.0)
"""Seconds that a reader looks at what a change brought."""
SLOWEST = 1.0
"""Seconds that 95 of 100 changes may take."""
MOST = 1_000
"""Sessions that are tried at most."""
RUNS = 10
QUICK_RUNS = 5


@dataclass(frozen=True)
class Job:
    """A reader's page and what the reader does there; `step` is given the reader and a number."""

    server: Server
    page: str
    query: str
    step: Callable[[Reader, int], Coroutine[None, None, Answer]]

    def reader(self) -> Reader:
        """Somebody who does it."""
        return Reader(self.server.host, self.page, self.query)


async def again(reader: Reader, _number: int) -> Answer:
    """Run the whole page again."""
    return await reader.open()


async def another_month(reader: Reader, _number: int) -> Answer:
    """Go back month by month, and forward again from the oldest."""
    back = reader.buttons.get("chevron_left")
    turned = back is None or back.disabled
    reader.turned = (reader.turned or turned) and not _at_end(reader)
    return await reader.press("chevron_right" if reader.turned else "chevron_left")


def _at_end(reader: Reader) -> bool:
    forward = reader.buttons.get("chevron_right")
    return forward is not None and forward.disabled


async def two_months(reader: Reader, number: int) -> Answer:
    """One back, one forward."""
    return await reader.press("chevron_right" if number % 2 else "chevron_left")


def measure(store: Path, _rivals: Path, *, quick: bool) -> list[Row]:
    """The rows of this subject; `quick` tries one number of sessions alone."""
    with serving.empty() as empty, serving.nuzuh(store) as ours:
        query = content.map_query()
        jobs = {
            EMPTY: Job(empty, "", "", again),
            SITUATION: Job(ours, "", "lang=en", again),
            MAP: Job(ours, "map", query, again),
            MONTH: Job(ours, "map", query, two_months),
            FRESH: Job(ours, "map", query, another_month),
        }
        rows = _reruns(jobs, rounds=1 if quick else 5, runs=QUICK_RUNS if quick else RUNS)
        months = Job(ours, "map", query, another_month)
        pair = {EMPTY: jobs[EMPTY], MONTH: months}
        return rows + (_few(pair, 16) if quick else _limits(pair))


def _reruns(jobs: dict[str, Job], rounds: int, runs: int) -> list[Row]:
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    cpu: dict[str, list[float]] = {name: [] for name in jobs}

    def measured(name: str) -> None:
        job = jobs[name]
        number = len(seconds[name])
        # The newest months are asked for by the others: these readers begin behind them.
        if name == FRESH:
            back = content.months()[-3 - number * 6]
            job = Job(job.server, job.page, f"{job.query}&day={back}", job.step)
        times = min(runs, 5) if name == FRESH else runs
        found, used = asyncio.run(_runs(job, times))
        seconds[name].append(statistics.median(found) * 1000)
        cpu[name].append(used / times * 1000)

    for name in jobs:
        if name != FRESH:
            asyncio.run(_runs(jobs[name], 2))
    table.interleaved({n: (lambda n=n: measured(n)) for n in jobs}, rounds, within=90)
    return [
        *table.rows(RERUN, "time, p50", "ms", seconds, floor=EMPTY, budgets=RERUNS),
        *table.rows(RERUN, "processor", "ms", cpu, floor=EMPTY),
    ]


async def _runs(job: Job, count: int) -> tuple[list[float], float]:
    """Seconds of each of `count` runs after the first, and the server's processor time of all."""
    async with job.reader() as reader:
        await reader.open()
        before = job.server.cpu()
        found = [(await job.step(reader, number)).seconds for number in range(count)]
        return found, job.server.cpu() - before


def _few(jobs: dict[str, Job], count: int) -> list[Row]:
    """How long 95 of 100 changes take at a number of sessions that both hold with ease."""
    found = {name: [asyncio.run(_held(job, count, 4.0)).p95 * 1000] for name, job in jobs.items()}
    return table.rows(SESSIONS, f"p95 of a change, {count} sessions", "ms", found, floor=EMPTY)


def _limits(jobs: dict[str, Job]) -> list[Row]:
    held: dict[str, list[float]] = {name: [] for name in jobs}
    memory: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(2):
        for name, job in jobs.items():
            count, each = _limit(job)
            held[name].append(float(count))
            memory[name].append(each)
    # The floor is what must be at least half: its sessions over ours, at most two.
    turned = {name: [1 / v if v else 1.0 for v in values] for name, values in held.items()}
    ratios = table.rows(SESSIONS, "held until p95 passes 1 s", "", turned, floor=EMPTY)
    found = table.rows(SESSIONS, "held until p95 of a change passes 1 s", "sessions", held)
    kept = {row.who: row.ratio for row in ratios}
    judged = [
        table.with_ratio(row, EMPTY, kept[row.who], HELD.most) if row.who == MONTH else row
        for row in found
    ]
    return [*judged, *table.rows(SESSIONS, "memory of each", "MB", memory, floor=EMPTY)]


def _limit(job: Job) -> tuple[int, float]:
    """The most sessions that keep within a second, and the memory of each, in megabytes."""
    low, high, each = 0, MOST, 0.0
    count = 32
    until = time.monotonic() + 75
    while high - low > max(8, low // 10) and time.monotonic() < until:
        found = asyncio.run(_held(job, count, 10.0))
        each = max(each, found.memory)
        if found.p95 <= SLOWEST:
            low = count
        else:
            high = count
        count = min(low * 2, MOST) if high == MOST else (low + high) // 2
        if low == MOST:
            break
    return low, each


@dataclass(frozen=True)
class Held:
    """How a number of sessions fared: p95 of a change in seconds, megabytes of each session."""

    p95: float
    memory: float


async def _held(job: Job, count: int, seconds: float) -> Held:
    """Open that many sessions, let each change what it sees for a while, and measure."""
    taken: list[float] = []
    before = job.server.memory()
    async with AsyncExitStack() as open_:
        at_once = asyncio.Semaphore(8)

        async def arrive() -> Reader:
            async with at_once:
                reader = await open_.enter_async_context(job.reader())
                await reader.open()
                return reader

        readers = await asyncio.gather(*(arrive() for _ in range(count)))
        memory = (job.server.memory() - before) / count
        until = time.monotonic() + seconds

        async def look(reader: Reader) -> None:
            await asyncio.sleep(random.uniform(0, PAUSE[1]))  # noqa: S311 - no secret
            number = 0
            while time.monotonic() < until:
                try:
                    taken.append((await job.step(reader, number)).seconds)
                except Lost:
                    taken.append(float("inf"))
                    return
                number += 1
                await asyncio.sleep(random.uniform(*PAUSE))  # noqa: S311

        await asyncio.gather(*(look(reader) for reader in readers))
    ordered = sorted(taken)
    return Held(ordered[int(len(ordered) * 0.95)] if ordered else float("inf"), memory)
