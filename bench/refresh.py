"""A full refresh against local servers, beside fetching and parsing the same bytes alone.

The floor moves the same bytes with the same client and parses them (JSON, CSV) and does nothing
else: no figures, no checks, no store. OCHA's own reader is timed on the one table that both read.
"""

import csv
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from bench import contestants, table
from bench.serving import ROOT
from bench.table import Budget, Row
from data import area as areas
from data import settings
from data.store import Document, Store
from pipelines import registry
from pipelines.client import Client
from pipelines.run import Office, run_source
from pipelines.source import Source

REFRESH = "a full refresh"
BARE = "fetched and parsed"
READ = "fetched and read into figures"
RUN = "Nuzuh: fetched, kept, read, checked, published"
AGAIN = "Nuzuh: asked again, unchanged"
OCHA = "hdx-python-scraper: read into rows"
NAMES = ("unhcr_population", "hapi_idps", "hapi_needs", "dtm_api_hdx")
TABLE = "dtm_api_hdx"
SLUG = "syr-iom-dtm-from-api"


def measure(_store: Path, _rivals: Path, *, quick: bool) -> list[Row]:
    """The rows of this subject; `quick` runs fewer rounds and leaves out OCHA's reader."""
    sources = [source for source in registry.SOURCES if source.name in NAMES]
    with publishers() as urls:
        taken: dict[str, list[float]] = {}

        def one_round() -> None:
            with tempfile.TemporaryDirectory() as folder:
                at = office(Path(folder), urls)
                for name, seconds in (
                    (BARE, bare(sources, at)),
                    (READ, read(sources, at)),
                    (RUN, run(sources, at, "published")),
                    (AGAIN, run(sources, at, "unchanged")),
                ):
                    taken.setdefault(name, []).append(seconds)

        table.interleaved({"": one_round}, 2 if quick else 7, within=20 if quick else 90)
        budgets = (Budget(RUN, 1.5, BARE),)
        rows = table.rows(REFRESH, f"{len(NAMES)} sources", "s", taken, floor=BARE, budgets=budgets)
        return rows if quick else rows + _beside_ocha(urls)


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
            told = process.stdout.readline() if process.stdout else ""
            yield json.loads(told)
        finally:
            if process.stdin:
                process.stdin.close()
            process.terminate()


def office(folder: Path, urls: dict[str, str]) -> Office:
    """An office at those addresses that waits between no two requests."""
    given = settings.Settings(url=urls, contact="bench@example.org", store=str(folder))
    return Office(
        store=Store(str(folder)),
        settings=given,
        area=areas.load(given.area),
        client=Client("bench", interval=0, backoff=0),
        sources=registry.SOURCES,
    )


def bare(sources: Sequence[Source], at: Office) -> float:
    """Seconds to move the bytes and parse them."""
    begun = perf_counter()
    for source in sources:
        for document in source.fetch(at.client, at.settings, at.area):
            parsed(document)
    return perf_counter() - begun


def parsed(document: Document) -> object:
    """The document as JSON or as rows of text."""
    if document.body[:1] in b"{[":
        return json.loads(document.body)
    return list(csv.DictReader(io.StringIO(document.body.decode("utf-8-sig"))))


def read(sources: Sequence[Source], at: Office) -> float:
    """Seconds to move the bytes and make figures of them."""
    begun = perf_counter()
    for source in sources:
        source.read(list(source.fetch(at.client, at.settings, at.area)), at.area)
    return perf_counter() - begun


def run(sources: Sequence[Source], at: Office, expected: str) -> float:
    """Seconds of whole runs.

    Raises:
        RuntimeError: One ended otherwise than expected: then nothing was measured.
    """
    begun = perf_counter()
    for source in sources:
        outcome = run_source(source, at)
        if outcome.state != expected:
            raise RuntimeError(f"{source.name} ended {outcome.state}: {outcome.sentence}")
    return perf_counter() - begun


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

        tasks = {
            BARE: lambda: bare([source], at),
            OCHA: theirs,
            READ: lambda: read([source], at),
        }
        taken = table.interleaved(tasks, 5, within=60)
    return table.rows(REFRESH, f"one table ({TABLE})", "s", taken, floor=BARE)
