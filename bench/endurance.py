"""Does a process grow that serves pages, or publishes runs, all day long?

`python -m bench.endurance --docs` opens 2,000 pages of one dashboard, each by a reader of its own
who leaves again, and lets 500 runs publish in one process. Open descriptors and memory are looked
at in between; what a process holds for good it holds once it has shown every page and remembers
as many readers who left as it ever will, so growth counts from there on. Each part begins nothing
new after `--minutes`: the table says how much was seen. The tally goes into docs/reliability.md.
"""

import argparse
import asyncio
import gc
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from time import monotonic
from typing import Final

from bench import reliability, serving
from bench.reader import Lost, Reader
from bench.serving import Server
from dashboard.shell.navigation import PAGES
from data.schema.languages import LANGUAGES

LOADS: Final = 2_000
RUNS: Final = 500
MINUTES: Final = 8.0
WARM: Final = 200
"""Loads after which every page was shown and Streamlit remembers as many readers who left as it
ever does (128, each with an event loop of its own), so that whoever comes back finds their view."""
LOOK: Final = 50
"""Loads or runs between two looks at the process."""


@dataclass(frozen=True)
class Look:
    """One look at a process.

    Attributes:
        after: Loads or runs so far.
        descriptors: Files, sockets and pipes that it has open.
        megabytes: Memory that is its own.
    """

    after: int
    descriptors: int
    megabytes: float


@dataclass
class Watch:
    """The looks at one process, and what went wrong meanwhile."""

    looks: list[Look] = field(default_factory=list)
    lost: int = 0

    def look(self, after: int, server: Server) -> None:
        """Look at a process now."""
        open_ = len(list(Path(f"/proc/{server.pid}/fd").iterdir()))
        self.looks.append(Look(after, open_, server.memory()))


async def pages(store: Path, loads: int, until: float) -> Watch:
    """Open pages of one dashboard one by one, so many or until a moment of `monotonic`."""
    watch = Watch()
    shown = [page.name for page in PAGES if page.shown]
    asked = cycle([(page, language) for language in LANGUAGES for page in shown])
    with serving.nuzuh(store) as server:
        done = 0
        for done in range(1, loads + 1):
            page, language = next(asked)
            try:
                async with Reader(server.host, page, f"lang={language}") as reader:
                    await reader.open()
            except Lost:
                watch.lost += 1
            if done % LOOK == 0:
                watch.look(done, server)
            if monotonic() > until:
                break
        await asyncio.sleep(2)  # who left a moment ago is forgotten
        watch.look(done, server)
    return watch


def runs(folder: Path, count: int, until: float) -> Watch:
    """Let runs publish in this process, each another number."""
    from dataclasses import replace

    from data import settings
    from data.store import Document
    from pipelines.registry import SOURCES
    from pipelines.run.context import context_of
    from pipelines.run.run import prime, run_source

    watch, here = Watch(), Server("", os.getpid())
    context = context_of(settings.load(store=str(folder), cache=folder / "cache"), SOURCES)
    prime(context)
    source = next(source for source in SOURCES if source.name == "pmm_provinces")
    head, page = "province,as_of,syrians,source_url", "https://www.goc.gov.tr/gecici-koruma5638"
    begun = datetime.now(UTC)
    done = 0
    for done in range(1, count + 1):
        body = f"{head}\nHatay,2026-08-17,{245_000 + done},{page}\n".encode()
        at = begun + timedelta(seconds=done)
        document = Document("provinces.csv", page, body, at)
        fetched = replace(source, fetch=lambda *_, document=document: [document], by_hand=False)
        outcome = run_source(fetched, replace(context, now=lambda at=at: at))
        watch.lost += outcome.state != "published"
        if done % LOOK == 0:
            gc.collect()
            watch.look(done, here)
        if monotonic() > until:
            break
    watch.look(done, here)
    return watch


def report(what: str, watch: Watch, wanted: int) -> Iterator[str]:
    """One row of the table."""
    warm = next((look for look in watch.looks if look.after >= WARM), watch.looks[-1])
    last = watch.looks[-1]
    yield (
        f"| {what} | {last.after:,} of {wanted:,} | {watch.lost:,} "
        f"| {warm.descriptors} after {warm.after:,}, {last.descriptors} at the end "
        f"| {warm.megabytes:.0f} MB after {warm.after:,}, {last.megabytes:.0f} MB at the end |"
    )


def main() -> None:
    """Serve and publish, and tell; exit 1 where anything was lost."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--loads", type=int, default=LOADS)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--minutes", type=float, default=MINUTES, help="of each part at most")
    parser.add_argument("--docs", action="store_true", help="write docs/reliability.md")
    given = parser.parse_args()
    seconds = 60 * given.minutes
    with tempfile.TemporaryDirectory(prefix="nuzuh-endurance-") as folder:
        published = runs(Path(folder) / "store", given.runs, monotonic() + seconds)
        opened = asyncio.run(pages(Path(folder) / "store", given.loads, monotonic() + seconds))
    lines = [
        "| what | seen | lost | open descriptors | memory |",
        "|---|--:|--:|---|---|",
        *report("pages opened in one dashboard", opened, given.loads),
        *report("runs in one process, each publishing", published, given.runs),
    ]
    sys.stdout.write("\n".join([*lines, ""]))
    if given.docs:
        reliability.write("endurance", lines)
    sys.exit(bool(opened.lost or published.lost))


if __name__ == "__main__":
    main()
