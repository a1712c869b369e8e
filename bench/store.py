"""The store as it grows: what a publish and a question cost beside how much lies there.

`python -m bench.store --figures 50000 500000 5000000` prints a table and, with --json, one object.
Each size is measured in rounds that alternate with the bare query, so that a busy machine slows
both; only the ratios are meant.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from math import log
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from data import tables
from data.store import Publication, Release, Store, Wanted

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
    frame["figure_id"] = tables.figure_ids(frame)
    return tables.FIGURES.cast(frame)


def filled(folder: Path, count: int) -> Store:
    """A store with that many figures, a hundred thousand to a source."""
    store = Store(str(folder))
    for number, first in enumerate(range(0, count, PER_SOURCE)):
        rows = figures(f"bench_{number:03d}", min(PER_SOURCE, count - first), first)
        publication = Publication(f"bench_{number:03d}", rows, "bench")
        store.publish(publication, now=NOW + timedelta(seconds=number))
    return store


def seconds(task: Callable[[], Any]) -> float:
    """How long one call takes."""
    begun = time.perf_counter()
    task()
    return time.perf_counter() - begun


def measured(store: Store, count: int) -> dict[str, float]:
    """Medians of alternating rounds, in milliseconds, and their ratio to the bare query."""
    release = store.current()
    code = str(figures("bench_000", 1, count // 2)["place_code"].iloc[0])
    files = [str(Path(store.address) / file.path) for file in release.manifest.figures.values()]

    def bare() -> None:
        with duckdb.connect(":memory:", config={"threads": 2}) as connection:
            query = "select * from read_parquet(?) where place_code = ? order by as_of"
            connection.sql(query, params=[files, code]).to_arrow_table()

    questions: dict[str, Callable[[Release], Any]] = {
        "series": lambda r: r.figures(Wanted(place=(code,))),
        "as known on": lambda r: r.figures(Wanted(place=(code,), as_known_on=date(2020, 2, 17))),
    }
    times: dict[str, list[float]] = {name: [] for name in ("bare", "publish", *questions)}
    for number in range(ROUNDS):
        times["bare"].append(seconds(bare))
        for name, question in questions.items():
            times[name].append(seconds(lambda question=question: question(store.current())))
        rows = figures("bench_small", 2).assign(value=number + 1, known_from=pd.NaT)
        at = NOW + timedelta(hours=number + 1)
        small = Publication("bench_small", tables.FIGURES.cast(rows), "bench")
        times["publish"].append(seconds(lambda small=small, at=at: store.publish(small, now=at)))
    found = {name: statistics.median(values) * 1000 for name, values in times.items()}
    return {"figures": count, **found, "series / bare": found["series"] / found["bare"]}


def exponent(rows: list[dict[str, float]], name: str) -> float:
    """By which power of the number of figures the time grows; 0 is not at all, 1 is in step."""
    first, last = rows[0], rows[-1]
    return log(last[name] / first[name]) / log(last["figures"] / first["figures"])


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--figures", type=int, nargs="+", default=[50_000, 500_000])
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    rows = []
    for count in sorted(given.figures):
        with tempfile.TemporaryDirectory() as folder:
            rows.append(measured(filled(Path(folder), count), count))
    growth = {}
    if len(rows) > 1:
        growth = {name: exponent(rows, name) for name in ("series", "as known on", "publish")}
    if given.json:
        json.dump({"rows": rows, "growth": growth}, sys.stdout, indent=1)
        return
    print(pd.DataFrame(rows).round(2).to_string(index=False))
    for name, power in growth.items():
        print(f"{name} grows with the number of figures to the power of {power:.2f}")


if __name__ == "__main__":
    main()
