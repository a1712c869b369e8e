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
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import pandas as pd
import pyarrow as arrow
import pyarrow.parquet as parquet

from bench import reliability
from bench.store import NOW, figures
from data.schema import tables
from data.schema.arrow_rows import with_columns
from data.store import FigureFilter, Publication, Store, columns, history, intact
from data.store.manifest import Manifest
from data.store.objects import Objects
from data.store.store import filed

ROWS = 200
MARKED = 50
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
        release_ = store.publish(
            Publication("bench", tables.FIGURES.cast(rows), "second"), now=NOW + timedelta(days=1)
        )
        seconds = perf_counter() - began
        vintages = store.current().manifest.vintages["bench"]
    return {
        "figures": count,
        "changed": release_.changed,
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


def kept_small(publishes: int) -> list[str]:
    """What the newest release and a past day cost after 50, 500 … publishes of one series.

    Their files and manifests are laid by the store's own functions, without what a publish reads
    and compares before; the last publish of each mark is a whole one.
    """
    rows = figures("bench", ROWS).assign(known_from=pd.NaT)
    lines = [
        "| publishes | files | manifest, bytes | `current()` | again | as known on | publish |",
        "|--:|--:|--:|--:|--:|--:|--:|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        store = Store(folder)
        store.publish(Publication("bench", tables.FIGURES.cast(rows), "first"), now=NOW)
        found = store.current().manifest
        one = parquet.read_table(Path(folder) / found.vintages["bench"][0].path).slice(0, 1)
        for number in range(2, publishes + 1):
            at = NOW + timedelta(hours=number)
            found = _following(Path(folder), found, one, at, number)
            if number in (MARKED * 10**power for power in range(9)):
                (Path(folder) / "current.json").write_bytes(found.to_bytes())
                rows.loc[number % ROWS, "value"] += 1
                again = Publication("bench", tables.FIGURES.cast(rows), "again")
                began = process_time()
                store.publish(again, now=at + timedelta(minutes=1))
                publish = process_time() - began
                release = store.current()
                found = release.manifest
                wanted = FigureFilter(as_known_on=NOW.date() + timedelta(days=1))
                cells = [
                    f"{number:,}",
                    str(len(found.vintages["bench"])),
                    f"{len(found.to_bytes()):,}",
                    _milliseconds(store.current, intact.forget_hashes),
                    _milliseconds(store.current),
                    _milliseconds(lambda asked=wanted, r=release: r.matching(asked)),
                    f"{publish * 1000:.0f} ms",
                ]
                lines.append(f"| {' | '.join(cells)} |")
                sys.stderr.write(f"{lines[-1]}\n")
    return lines


def _following(
    root: Path, before: Manifest, row: arrow.Table, at: datetime, number: int
) -> Manifest:
    """The manifest after one more publish: a file of one vintage, read of one fetch."""
    objects = Objects(str(root))
    release = f"{at:%Y%m%dT%H%M%S%fZ}-{number:06x}"
    kept, made = before.vintages["bench"], {}
    count = history.files_to_merge(kept)
    if count:
        path, body = history.as_one(objects, "bench", kept[-count:], release)
        rows = sum(file.rows for file in kept[-count:])
        kept = (*kept[:-count], filed(made, path, body, rows))
    fetched = arrow.array([at], row.schema.field("retrieved_at").type)
    moved = with_columns(row, retrieved_at=fetched)
    body = columns.written(moved, [])
    kept = (*kept, filed(made, f"vintages/bench/{release}.parquet", body, 1))
    earlier, fetches = dict(before.earlier), before.fetches.get("bench", ())
    away = history.put_away(objects, before, "bench", release)
    if away:
        earlier["bench"] = filed(made, *away)
        fetches = fetches[-history.FETCHES :]
    for path, content in made.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return replace(
        before.following(release, at, "again"),
        vintages={"bench": kept},
        earlier=earlier,
        fetches={"bench": (*fetches, f"{at:%Y%m%dT%H%M%SZ}-{number:064x}")},
    )


def _milliseconds(task: Callable[[], object], before: Callable[[], None] = lambda: None) -> str:
    """The median of a few rounds, in milliseconds of processor."""
    found = []
    for _ in range(15):
        before()
        began = process_time()
        task()
        found.append(process_time() - began)
    return f"{median(found) * 1000:.1f} ms"


def main() -> None:
    """One, or each of several in a child."""
    given = sys.argv[1:]
    if given[0] == "--publishes":
        lines = kept_small(int(given[1]))
        sys.stdout.write("\n".join([*lines, ""]))
        if "--docs" in given:
            reliability.write("growth", lines)
        return
    task, words = (aged, ["--releases"]) if given[0] == "--releases" else (measured, [])
    sizes = given[len(words) :]
    if len(sizes) == 1:
        sys.stdout.write(json.dumps(task(int(sizes[0]))) + "\n")
        return
    for size in sizes:
        subprocess.run([sys.executable, "-m", "bench.growth", *words, size], check=True)


if __name__ == "__main__":
    main()
