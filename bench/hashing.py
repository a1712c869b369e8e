"""What it costs that no byte is shown unhashed: five million figures in a store.

`python -m bench.hashing --docs` lays them down (one series of half a million, under ten names: what
is hashed is bytes), and opens the store as a fresh process does, then again, then asks a place.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import process_time

import pandas as pd

from bench import reliability
from bench.store import NOW, figures
from data.schema.tables import FIGURES
from data.store import FigureFilter, Publication, Store, intact

EACH = 500_000
SERIES = 10
ROUNDS = 5


def laid(folder: Path) -> Store:
    """Ten series of half a million figures, each with its vintages."""
    store = Store(str(folder))
    rows = FIGURES.cast(figures("bench", EACH).assign(known_from=pd.NaT))
    store.publish(Publication("bench", rows, "bench"), now=NOW)
    found = store.current().manifest
    latest, (first,) = found.figures["bench"], found.vintages["bench"]
    more, history = dict(found.figures), dict(found.vintages)
    for number in range(1, SERIES):
        name = f"bench{number}"
        for file in (latest, first):
            there = folder / file.path.replace("bench", name)
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / file.path, there)
        more[name] = replace(latest, path=latest.path.replace("bench", name))
        history[name] = (replace(first, path=first.path.replace("bench", name)),)
    after = replace(found, figures=more, vintages=history)
    (folder / "current.json").write_bytes(after.to_bytes())
    return store


def seconds(task: Callable[[], object], before: Callable[[], None] = lambda: None) -> float:
    """The median of a few rounds, in seconds of processor."""
    found = []
    for _ in range(ROUNDS):
        before()
        began = process_time()
        task()
        found.append(process_time() - began)
    return median(found)


def main() -> None:
    """Lay down, measure, tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--docs", action="store_true", help="write docs/reliability.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as beside:
        store = laid(Path(beside) / "store")
        release = store.current()
        held = sum(file.bytes for file in release.manifest.files())
        first = seconds(store.current, intact.forget_hashes)
        again = seconds(store.current)
        place = release.figures(FigureFilter(source=("bench",))).loc[0, "place_code"]
        asked = seconds(lambda: release.figures(FigureFilter(place=(place,))))
    line = (
        f"Of {release.count():,} figures and their vintages, {held / 1e6:,.0f} MB, in seconds of "
        "processor:"
    )
    lines = [
        line,
        "",
        "| what | seconds |",
        "|---|--:|",
        f"| `current()` in a fresh process: every byte hashed | {first:.3f} |",
        f"| `current()` again: every file's identity looked at | {again:.4f} |",
        f"| a place's figures, for comparison | {asked:.3f} |",
    ]
    sys.stdout.write("\n".join([*lines, ""]))
    if given.docs:
        reliability.write("hashing", lines)


if __name__ == "__main__":
    main()
