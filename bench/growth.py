"""What a publish costs as one source grows, and as releases pile up behind it.

A worker reads all of its source's latest figures; a manifest names every file of vintages there
ever was. `python -m bench.growth 100000 1000000` prints a line of JSON for each size, `python -m
bench.growth --releases 500 1000` for each number of releases; docs/scale.md plans with them. Each
is a process of its own, so that its memory is its own.
"""

import json
import resource
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import pandas as pd

from bench.store import NOW, figures
from data.schema import tables
from data.store import Publication, Store

CHANGED = 100
"""One figure in so many says something else the second time."""


def measured(count: int) -> dict[str, float]:
    """Lay a source of that many figures down, then publish it again with some changed."""
    rows = figures("bench", count).assign(known_from=pd.NaT)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(folder)
        store.publish(Publication("bench", tables.FIGURES.cast(rows), "first"), now=NOW)
        first = store.current().manifest
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        moved = rows.index % CHANGED == 0
        rows.loc[moved, "value"] += 1
        began = perf_counter()
        told = store.publish(
            Publication("bench", tables.FIGURES.cast(rows), "second"), now=NOW + timedelta(days=1)
        )
        seconds = perf_counter() - began
        vintages = store.current().manifest.vintages["bench"]
    return {
        "figures": count,
        "changed": told.changed,
        "seconds": round(seconds, 2),
        "megabytes_before": round(before / 1024),
        "megabytes_at_most": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "bytes_of_the_latest": first.figures["bench"].bytes,
        "bytes_of_the_vintages_added": vintages[-1].bytes,
    }


def aged(count: int) -> dict[str, float]:
    """Publish that many times, a figure changed each time; then the last publish and a reading."""
    rows = figures("bench", 2_000).assign(known_from=pd.NaT)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(folder)
        for number in range(count):
            rows.loc[number % len(rows), "value"] += 1
            began = perf_counter()
            store.publish(
                Publication("bench", tables.FIGURES.cast(rows), "again"),
                now=NOW + timedelta(hours=number),
            )
            seconds = perf_counter() - began
        pointer = Path(folder) / "current.json"
        files = store.current().manifest.vintages["bench"]
        began = perf_counter()
        read = len(store.current().vintages())
        reading = perf_counter() - began
        held = sum(p.stat().st_size for p in Path(folder).rglob("*") if p.is_file())
        store.prune(now=NOW + timedelta(hours=count + 48))
        kept = sum(p.stat().st_size for p in Path(folder).rglob("*") if p.is_file())
        return {
            "releases": count,
            "vintages": read,
            "seconds_of_the_last_publish": round(seconds, 2),
            "seconds_to_read_every_vintage": round(reading, 2),
            "bytes_of_the_manifest": pointer.stat().st_size,
            "bytes_of_a_vintage_file": round(sum(f.bytes for f in files[1:]) / (len(files) - 1)),
            "megabytes_before_pruning": round(held / 1e6, 1),
            "megabytes_after_pruning": round(kept / 1e6, 1),
        }


def main() -> None:
    """One, or each of several in a child."""
    given = sys.argv[1:]
    task, words = (aged, ["--releases"]) if given[0] == "--releases" else (measured, [])
    sizes = given[len(words) :]
    if len(sizes) == 1:
        sys.stdout.write(json.dumps(task(int(sizes[0]))) + "\n")
        return
    for size in sizes:
        subprocess.run([sys.executable, "-m", "bench.growth", *words, size], check=True)


if __name__ == "__main__":
    main()
