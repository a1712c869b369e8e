"""A crowd for as long as one likes: `python -m bench.crowd --readers 200 --minutes 10`.

Readers keep changing what they see while a release is published every minute, as the scheduler
would. Two numbers of the first page are changed in every release, to the same count: a page that
shows two counts mixes two releases. Told are changes, errors, mixes, how long a change took, and
the server's memory minute by minute. Then the same readers run an empty Streamlit page again, as
often and as long, and the ratio is told; `--alone` leaves that out.
"""

import argparse
import asyncio
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pandas as pd
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench import content, serving
from bench.reader import Answer, Lost, Reader
from bench.readers import another_month
from bench.serving import Server
from data.store import FigureFilter, Publication, Store

R = TypeVar("R", bound=Reader)

EVERY = 10.0
"""Seconds between two changes of one reader, on average."""
MARKED = ((1_180_000, "SY07", "IDP"), (2_320_000, "TUR", "REF"))
"""What the two numbers are counted up from, their place and group."""
COUNTS = tuple(re.compile(f"{base // 1000:,}".replace(",", "[,.]") + r"[,.](\d{3})\b")
               for base, _, _ in MARKED)  # fmt: skip


@dataclass
class Seen(Reader):
    """A reader who reads: the text of a page as it stands after a run.

    Attributes:
        texts: The HTML of the last run.
    """

    texts: list[str] = field(default_factory=list)
    _kept: dict[str, str] = field(default_factory=dict)

    def _take(self, body: bytes) -> bool:
        message = ForwardMsg.FromString(body)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.texts = []
        elif kind == "ref_hash":
            self.texts.append(self._kept.get(message.ref_hash, ""))
        elif kind == "delta" and message.delta.new_element.WhichOneof("type") == "html":
            text = message.delta.new_element.html.body
            self.texts.append(text)
            if message.metadata.cacheable:
                self._kept[message.hash] = text
        return super()._take(body)

    def counts(self) -> set[int]:
        """The counts of the releases that the page shows; one, unless it mixes two."""
        page = " ".join(self.texts)
        return {int(found) for pattern in COUNTS for found in pattern.findall(page)}


@dataclass
class Tally:
    """What happened."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    mixes: list[set[int]] = field(default_factory=list)
    releases: set[int] = field(default_factory=set)
    memory: list[float] = field(default_factory=list)


def main() -> int:
    """Let them come, and print what happened; 1 where a reader met an error or a mix."""
    asked = argparse.ArgumentParser(prog="python -m bench.crowd", description=__doc__)
    asked.add_argument("--readers", type=int, default=200)
    asked.add_argument("--minutes", type=float, default=10.0)
    asked.add_argument("--alone", action="store_true", help="without the empty page beside it")
    given = asked.parse_args()
    seconds = given.minutes * 60
    with tempfile.TemporaryDirectory() as folder:
        store = content.store(Path(folder) / "store")
        publish(store, 0)
        with serving.nuzuh(Path(store.address)) as server:
            tally = asyncio.run(_crowd(server, store, given.readers, seconds))
    _say(tally, f"Nuzuh, {given.readers} readers")
    if not given.alone:
        with serving.empty() as server:
            floor = asyncio.run(_at_empty_page(server, given.readers, seconds))
        _say(floor, f"an empty Streamlit page, {given.readers} readers")
        _say_ratio(tally, floor)
    return int(bool(tally.errors or tally.mixes))


def publish(store: Store, count: int) -> None:
    """A release in which both numbers are at that count."""
    release = store.current()
    rows = []
    for base, place, group in MARKED:
        wanted = FigureFilter(place=(place,), group=(group,), measure=("stock",), unit=("people",))
        found = release.figures(wanted)
        newest = found[found["place_code"].eq(place)].sort_values("as_of").tail(1)
        value = base + count
        rows.append(newest.assign(value=value, value_raw=str(value), known_from=pd.NaT))
    figures = pd.concat(rows, ignore_index=True)
    for via, part in figures.groupby("via"):
        read_anew = part.assign(retrieved_at=datetime.now(UTC))
        publication = Publication(str(via), read_anew, f"count {count}", complete=False)
        store.publish(publication, now=datetime.now(UTC))


async def _crowd(server: Server, store: Store, count: int, seconds: float) -> Tally:
    """Every third reader opens the first page anew, the others turn the months of the map."""
    tally = Tally()
    until = time.monotonic() + seconds

    def reader(number: int) -> Seen:
        if number % 3:
            return Seen(server.host, "map", content.map_query())
        return Seen(server.host, "", "lang=en")

    async def change(seen: Seen) -> Answer:
        if seen.page:
            return await another_month(seen, 0)
        answer = await seen.open()
        counts = seen.counts()
        tally.releases |= counts
        if len(counts) > 1:
            tally.mixes.append(counts)
        return answer

    async def scheduler() -> None:
        count = 0
        while time.monotonic() < until:
            await asyncio.sleep(60)
            count += 1
            await asyncio.to_thread(publish, store, count)
            tally.memory.append(server.memory())
            print(f"minute {count}: {tally.memory[-1]:.0f} MB, {len(tally.seconds)} changes, "
                  f"{len(tally.errors)} errors, {len(tally.mixes)} mixes", flush=True)  # fmt: skip

    await asyncio.gather(scheduler(), _come(tally, count, seconds, reader, change))
    return tally


async def _at_empty_page(server: Server, count: int, seconds: float) -> Tally:
    """The same readers, who run an empty page again each time."""
    tally = Tally()
    until = time.monotonic() + seconds

    async def watch() -> None:
        while time.monotonic() < until:
            await asyncio.sleep(60)
            tally.memory.append(server.memory())

    def reader(_number: int) -> Reader:
        return Reader(server.host)

    await asyncio.gather(watch(), _come(tally, count, seconds, reader, Reader.open))
    return tally


async def _come(
    tally: Tally,
    count: int,
    seconds: float,
    reader: Callable[[int], R],
    change: Callable[[R], Awaitable[Answer]],
) -> None:
    """Readers who come, look, and change what they see until the time is over."""
    until = time.monotonic() + seconds
    slots = asyncio.Semaphore(6)

    async def one(number: int) -> None:
        await _arrive(seconds)
        try:
            async with reader(number) as seen:
                async with slots:
                    await seen.open()
                while time.monotonic() < until:
                    await _look()
                    tally.seconds.append((await change(seen)).seconds)
        except (Lost, OSError) as error:
            tally.errors.append(f"{type(error).__name__}: {error}"[:120])

    await asyncio.gather(*(one(number) for number in range(count)))


async def _arrive(seconds: float) -> None:
    """They come within the first two minutes, as an office does in the morning."""
    await asyncio.sleep(random.uniform(0, min(120, seconds / 4)))  # noqa: S311 - no secret


async def _look() -> None:
    await asyncio.sleep(random.uniform(0.5 * EVERY, 1.5 * EVERY))  # noqa: S311 - no secret


def _p95(tally: Tally) -> float:
    return sorted(tally.seconds)[int(len(tally.seconds) * 0.95)]


def _say_ratio(tally: Tally, floor: Tally) -> None:
    if tally.seconds and floor.seconds:
        middle = statistics.median(tally.seconds) / statistics.median(floor.seconds)
        slow = _p95(tally) / _p95(floor)
        print(f"beside the empty page: median {middle:.2f} times, p95 {slow:.2f} times")


def _say(tally: Tally, who: str) -> None:
    print(f"{who}: {len(tally.seconds):,} changes, releases seen: {len(tally.releases)}")
    if tally.seconds:
        median = statistics.median(tally.seconds)
        print(f"a change: median {median:.2f} s, p95 {_p95(tally):.2f} s")
    print(f"memory by the minute, MB: {', '.join(f'{m:.0f}' for m in tally.memory)}")
    print(f"errors: {len(tally.errors)} {tally.errors[:3]}; pages of two releases: "
          f"{len(tally.mixes)} {tally.mixes[:3]}")  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
