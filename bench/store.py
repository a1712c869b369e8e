"""The store as it grows: what a publish and a question cost beside how much lies there.

Each size is measured in rounds that alternate with the bare query, so that a busy machine slows
both; only the ratios are meant. Fifty million figures take gigabytes and many minutes to lay down:
`make bench FULL=1` alone does that.
"""

import json
import subprocess
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from math import log
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from bench import contestants, table
from bench.serving import ROOT
from bench.table import Budget, Row
from data.schema import frame_keys, tables
from data.store import FigureFilter, Publication, Release, Store

STORE = "the store"
SIZES = (50_000, 500_000, 5_000_000)
HUGE = 50_000_000
QUICK = (50_000, 200_000)
JUDGED = 5_000_000
BARE = "bare DuckDB"
BARE_PLACE = "bare DuckDB: a place page's questions, its engine open"
SERIES = "Nuzuh: one place's figures"
KNOWN = "Nuzuh: as known on a day"
PLACE = "Nuzuh: a place page's questions"
PUBLISH = "Nuzuh: publish of one changed source"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PER_SOURCE = 100_000
ROUNDS = 9


def figures(source: str, count: int, first: int = 0) -> pd.DataFrame:
    """`count` monthly figures of made-up sub-districts, in the contract's columns."""
    number = np.arange(first, first + count)
    places, months = number // 120, number % 120
    starts = pd.to_datetime("2016-01-01") + pd.to_timedelta(months * 31, unit="D")
    place = pd.Series([f"SY{code % 14 + 1:02d}{code:06d}" for code in places])
    frame = pd.DataFrame(
        {
            "source": source,
            "publisher": "Bench",
            "dataset": "Bench",
            "measure": "flow",
            "population_group": "IDP_ARR",
            "unit": "movements",
            "place_code": place,
            "location_code": "SYR",
            "admin_level": 3,
            "admin1_code": place.str[:4],
            "admin2_code": place.str[:6],
            "admin3_code": place,
            "reference_period_start": starts,
            "reference_period_end": starts + pd.Timedelta(days=27),
            "as_of": starts + pd.Timedelta(days=27),
            "value": (number * 7919) % 50_000,
            "known_from": starts + pd.Timedelta(days=40),
            "retrieved_at": NOW,
            "source_url": "https://example.org",
            "content_sha256": "0" * 64,
            "locator": "row",
            "licence": "CC0",
            "via": source,
            **tables.DEFAULTS,
        }
    )
    frame["figure_id"] = frame_keys.figure_ids(frame)
    return tables.FIGURES.cast(frame)


def filled(folder: Path, count: int) -> Store:
    """A store with that many figures, a hundred thousand to a source."""
    store = Store(str(folder))
    for number, first in enumerate(range(0, count, PER_SOURCE)):
        rows = figures(f"bench_{number:03d}", min(PER_SOURCE, count - first), first)
        publication = Publication(f"bench_{number:03d}", rows, "bench")
        store.publish(publication, now=NOW + timedelta(seconds=number))
    return store


def measure(_store: Path, _rivals: Path, *, quick: bool, full: bool = False) -> list[Row]:
    """The rows of this subject; `quick` takes small stores, `full` the largest too."""
    sizes = QUICK if quick else (*SIZES, HUGE) if full else SIZES
    rows: list[Row] = []
    medians: dict[str, dict[int, float]] = {}
    for count in sizes:
        with tempfile.TemporaryDirectory() as folder:
            taken = measured(filled(Path(folder), count), count, rounds=2 if quick else ROUNDS)
        budgets = (Budget(SERIES, 2.0, BARE),) if count == JUDGED else ()
        if count >= JUDGED:
            budgets += (Budget(PLACE, 1.3, BARE_PLACE),)
        what = f"{count:,} figures"
        rows += table.rows(STORE, what, "ms", taken, floor=BARE, budgets=budgets)
        for name, values in taken.items():
            medians.setdefault(name, {})[count] = median(values)
    growth = {
        name: [exponent(of, sizes[0], sizes[-1])]
        for name, of in medians.items()
        if sizes[0] in of and sizes[-1] in of
    }
    what = f"grows with the figures to the power of, {sizes[0]:,} to {sizes[-1]:,}"
    # Half a power: a publish that rewrote the table would grow in step with it, to the power of 1.
    return rows + table.rows(STORE, what, "power", growth, budgets=(Budget(PUBLISH, 0.5),))


def measured(store: Store, count: int, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of alternating rounds."""
    release = store.current()
    code = str(figures("bench_000", 1, count // 2)["place_code"].iloc[0])
    files = [str(Path(store.address) / file.path) for file in release.manifest.figures.values()]
    vintages = [f for of_one in release.manifest.vintages.values() for f in of_one]
    said = [str(Path(store.address) / file.path) for file in vintages]
    number = iter(range(1_000_000))
    engine = duckdb.connect(":memory:", config={"threads": 2})

    def bare(_: Release) -> None:
        with duckdb.connect(":memory:", config={"threads": 2}) as connection:
            query = "select * from read_parquet(?) where place_code = ? order by as_of"
            connection.sql(query, params=[files, code]).to_arrow_table().to_pandas()

    def bare_place(_: Release) -> None:
        """The same three questions as an engine that is open answers them, checked by nobody."""
        asked = f"place_code = '{code}'"
        stocks = "(place_code = 'SYR' or asylum_location_code = 'SYR') and measure = 'stock'"
        for named, where in ((files, asked), (files, stocks), (said, asked)):
            query = f"select * from read_parquet(?) where {where} order by as_of"  # noqa: S608
            engine.sql(query, params=[named]).to_arrow_table().to_pandas()

    def place(now: Release) -> None:
        """What the page of a place asks: its figures, its country's stocks, its vintages."""
        now.figures(FigureFilter(place=(code,)))
        now.figures(FigureFilter(place=("SYR",), measure=("stock",)))
        now.vintages(FigureFilter(place=(code,)))

    def publish(_: Release) -> None:
        turn = next(number)
        rows = figures("bench_small", 2).assign(value=turn + 1, known_from=pd.NaT)
        small = Publication("bench_small", tables.FIGURES.cast(rows), "bench")
        store.publish(small, now=NOW + timedelta(hours=turn + 1))

    tasks: dict[str, Callable[[Release], Any]] = {
        BARE: bare,
        BARE_PLACE: bare_place,
        SERIES: lambda r: r.figures(FigureFilter(place=(code,))),
        KNOWN: lambda r: r.figures(FigureFilter(place=(code,), as_known_on=date(2020, 2, 17))),
        PLACE: place,
        PUBLISH: publish,
    }
    for task in tasks.values():
        task(store.current())
    timed = {name: (lambda task=task: _ms(task, store)) for name, task in tasks.items()}
    taken = table.interleaved(timed, rounds, within=90)
    return taken | _frames(code, files)


def _ms(task: Callable[[Release], Any], store: Store) -> float:
    begun = perf_counter()
    task(store.current())
    return (perf_counter() - begun) * 1000


def _frames(code: str, files: list[str]) -> dict[str, list[float]]:
    """The first question in pandas and polars; nothing where the rivals are not set up."""
    if not contestants.PYTHON.exists():
        return {}
    script = str(ROOT / "bench" / "rivals" / "frames.py")
    done = subprocess.run(
        [str(contestants.PYTHON), script, code, *files],
        capture_output=True,
        check=True,
        timeout=300,
        text=True,
    )
    seconds: dict[str, list[float]] = json.loads(done.stdout)
    return seconds


def exponent(medians: dict[int, float], first: int, last: int) -> float:
    """By which power of the number of figures the time grows; 0 is not at all, 1 is in step."""
    return log(medians[last] / medians[first]) / log(last / first)
