"""What a publish costs as one source grows: a worker reads all of its latest figures.

`python -m bench.one_source 100000 1000000` prints a line of JSON for each size; docs/scale.md plans
with them. Each size is a process of its own, so that its memory is its own.
"""

import json
import resource
import subprocess
import sys
import tempfile
from datetime import timedelta
from time import perf_counter

import pandas as pd

from bench.store import NOW, figures
from data import tables
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


def main() -> None:
    """One size, or each of several in a child."""
    sizes = [int(text) for text in sys.argv[1:]]
    if len(sizes) == 1:
        sys.stdout.write(json.dumps(measured(sizes[0])) + "\n")
        return
    for size in sizes:
        subprocess.run([sys.executable, "-m", "bench.one_source", str(size)], check=True)


if __name__ == "__main__":
    main()
