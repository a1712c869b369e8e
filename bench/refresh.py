"""A full refresh against local servers, beside fetching and parsing the same bytes alone.

Three of them: the first, when every figure is new; the usual one, which brings nothing new; and one
in which each source changed one number. The floor moves the same bytes with the same client and
parses them (JSON, CSV) and does nothing else: no figures, no checks, no store. OCHA's own reader is
timed on the one table that both read.
"""

import copy
import csv
import io
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from bench import contestants, table
from bench.serving import ROOT
from bench.table import Budget, Row
from data import settings
from data.gazetteer import area as areas
from data.gazetteer.area import Area
from data.settings import Settings
from data.store import Document, Store
from pipelines import registry
from pipelines.http.client import Client
from pipelines.run.context import RunContext
from pipelines.run.run import run_source
from pipelines.source import Source

REFRESH = "a full refresh"
BARE = "fetched and parsed"
READ = "fetched and read into figures"
RUN = "Nuzuh: fetched, kept, read, checked, published, all of it new"
CHANGED = "Nuzuh: the same, one number of each source changed"
AGAIN = "Nuzuh: the same, nothing changed"
OCHA = "hdx-python-scraper: read into rows"
NAMES = ("unhcr_population", "hapi_idps", "hapi_needs", "dtm_api_hdx")
COUNT = re.compile(rb'"(?:population|refugees)": ?"?(\d+)')
COLUMN = "numPresentIdpInd"
TABLE = "dtm_api_hdx"
Asked = tuple[str, tuple[tuple[str, str], ...]]
"""What a document answers: an address and its query."""


def measure(_store: Path, _rivals: Path, *, quick: bool) -> list[Row]:
    """The rows of this subject; `quick` runs fewer rounds and leaves out OCHA's reader."""
    sources = [source for source in registry.SOURCES if source.name in NAMES]
    with publishers() as urls:
        with tempfile.TemporaryDirectory() as folder:
            at = office(Path(folder), urls)
            changed = [with_one_number_changed(source, at) for source in sources]
        seconds: dict[str, list[float]] = {}
        busy: dict[str, list[float]] = {}

        def one_round() -> None:
            with tempfile.TemporaryDirectory() as folder:
                at = office(Path(folder), urls)
                tasks: dict[str, Callable[[], None]] = {
                    BARE: lambda: bare(sources, at),
                    READ: lambda: read(sources, at),
                    RUN: lambda: run(sources, at, "published"),
                    AGAIN: lambda: run(sources, at, "unchanged"),
                    CHANGED: lambda: run(changed, at, "published"),
                }
                for name, task in tasks.items():
                    begun, before = perf_counter(), process_time()
                    task()
                    seconds.setdefault(name, []).append(perf_counter() - begun)
                    busy.setdefault(name, []).append(process_time() - before)

        table.interleaved({"": one_round}, 2 if quick else 9, within=8 if quick else 90)
        budgets = [Budget(who, 1.5, BARE) for who in (RUN, AGAIN, CHANGED)]
        what = f"{len(NAMES)} sources"
        rows = [
            *table.rows(REFRESH, what, "s", seconds, floor=BARE, budgets=budgets),
            *table.rows(REFRESH, f"{what}, processor", "s", busy, floor=BARE),
        ]
        return rows if quick else rows + _beside_ocha(urls)


def with_one_number_changed(source: Source, at: RunContext) -> Source:
    """The source with one more person in its last count.

    The changed documents are made here, so that a run moves the same bytes as another and what is
    measured is the run alone.
    """
    sent = list(source.fetch(at.client, at.settings, at.area))
    asked = [_asked(document.url, document.query) for document in sent]
    bodies = dict(zip(asked, edited(sent), strict=True))

    def fetch(client: Client, given: Settings, where: Area) -> Iterable[Document]:
        return source.fetch(_answered(client, bodies), given, where)

    return replace(source, fetch=fetch)


def _answered(client: Client, bodies: Mapping[Asked, bytes]) -> Client:
    """The client on a line that brings other bytes than were sent: it looks at what is read."""
    sent, other = client._persistent, copy.copy(client)

    def changed(
        url: str, query: Mapping[str, str], *more: Any
    ) -> tuple[int, Mapping[str, str], bytes]:
        status, headers, _ = sent(url, query, *more)
        return status, headers, bodies[_asked(url, query)]

    other._persistent = changed  # type: ignore[method-assign]
    return other


def _asked(url: str, query: Mapping[str, str]) -> Asked:
    return url, tuple(sorted(query.items()))


def edited(documents: Sequence[Document]) -> Iterator[bytes]:
    """The bodies of a source's documents, with one more person in the last count."""
    counts = [count for document in documents for count in COUNT.findall(document.body)]
    for document in documents:
        body = document.body
        if counts:  # the same count may stand in several answers, which must agree
            last = int(counts[-1])
            body = re.sub(rb"\b%d\b" % last, b"%d" % (last + 1), body)
        elif document is documents[-1]:
            body = one_more(body)
        yield body


def one_more(body: bytes) -> bytes:
    """DTM's table as CSV in which the last count is larger by one."""
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    last = next(row for row in reversed(rows) if row[COLUMN].isdigit())
    last[COLUMN] = str(int(last[COLUMN]) + 1)
    out = io.StringIO()
    written = csv.DictWriter(out, rows[0])
    written.writeheader()
    written.writerows(rows)
    return out.getvalue().encode()


@contextmanager
def publishers() -> Iterator[dict[str, str]]:
    """`bench.publishers` while the block runs; the addresses of its APIs."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.publishers"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            yield json.loads(line)
        finally:
            if process.stdin:
                process.stdin.close()
            process.terminate()


def office(folder: Path, urls: dict[str, str]) -> RunContext:
    """An office at those addresses that waits between no two requests."""
    given = settings.Settings(url=urls, contact="bench@example.org", store=str(folder))
    return RunContext(
        store=Store(str(folder)),
        settings=given,
        area=areas.load(given.area),
        client=Client("bench", interval=0, backoff=0),
        sources=registry.SOURCES,
    )


def bare(sources: Sequence[Source], context: RunContext) -> None:
    """Move the bytes and parse them."""
    for source in sources:
        for document in source.fetch(context.client, context.settings, context.area):
            parsed(document)


def parsed(document: Document) -> object:
    """The document as JSON or as rows of text."""
    if document.body[:1] in b"{[":
        return json.loads(document.body)
    return list(csv.DictReader(io.StringIO(document.body.decode("utf-8-sig"))))


def read(sources: Sequence[Source], context: RunContext) -> None:
    """Move the bytes and make figures of them."""
    for source in sources:
        source.read(
            list(source.fetch(context.client, context.settings, context.area)), context.area
        )


def run(sources: Sequence[Source], context: RunContext, expected: str) -> None:
    """Whole runs.

    Raises:
        RuntimeError: One ended otherwise than expected: then nothing was measured.
    """
    for source in sources:
        outcome = run_source(source, context)
        if outcome.state != expected:
            raise RuntimeError(f"{source.name} ended {outcome.state}: {outcome.sentence}")


def _beside_ocha(urls: dict[str, str]) -> list[Row]:
    """One table from HDX, by Nuzuh and by OCHA's library; only where that is installed."""
    if not contestants.PYTHON.exists():
        return []
    source = next(s for s in registry.SOURCES if s.name == TABLE)
    with tempfile.TemporaryDirectory() as folder:
        at = office(Path(folder), urls)
        sent = source.fetch(at.client, at.settings, at.area)
        document = next(one for one in sent if one.body[:1] not in b"{[")
        script = str(ROOT / "bench" / "rivals" / "hdx_read.py")

        def theirs() -> float:
            done = subprocess.run(
                [str(contestants.PYTHON), "-W", "ignore", script, document.url],
                capture_output=True,
                check=True,
                timeout=120,
                text=True,
            )
            return float(done.stdout.split()[-1])

        def taken_by(task: Callable[[Sequence[Source], RunContext], None]) -> float:
            begun = perf_counter()
            task([source], at)
            return perf_counter() - begun

        tasks = {
            BARE: lambda: taken_by(bare),
            OCHA: theirs,
            READ: lambda: taken_by(read),
        }
        taken = table.interleaved(tasks, 5, within=60)
    return table.rows(REFRESH, f"one table ({TABLE})", "s", taken, floor=BARE)
