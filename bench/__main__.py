"""`python -m bench`: measure, print the table, and write it as JSON.

`--quick` takes under three minutes and leaves out rivals, slow lines and large stores. Ratios are
within one run on one machine; seconds of another machine mean nothing here.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench import (
    choices,
    chromium,
    content,
    contestants,
    editions,
    month,
    page,
    readers,
    refresh,
    table,
)
from bench import store as stores
from bench.table import Row

Measure = Callable[..., list[Row]]
SUBJECTS: dict[str, Measure] = {
    "page": page.measure,
    "month": month.measure,
    "choices": choices.measure,
    "readers": readers.measure,
    "refresh": refresh.measure,
    "store": stores.measure,
    "editions": editions.measure,
}
IN_CHROMIUM = ("page", "month", "choices")
QUICKLY = 110.0
"""Seconds after which `--quick` begins no further subject: a busy machine measures fewer."""


def main() -> int:
    """Measure what was asked for; 1 where a budget is missed and that was asked."""
    asked = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    asked.add_argument("subjects", nargs="*", metavar="SUBJECT", help=", ".join(SUBJECTS))
    asked.add_argument("--quick", action="store_true")
    asked.add_argument("--full", action="store_true", help="fifty million figures too")
    asked.add_argument("--json", type=Path, metavar="FILE", help="write the rows there")
    asked.add_argument("--judge", action="store_true", help="exit 1 where a budget is missed")
    given = asked.parse_args()
    unknown = set(given.subjects) - set(SUBJECTS)
    if unknown:
        asked.error(f"There is no {', '.join(sorted(unknown))}; choose of {', '.join(SUBJECTS)}.")
    names = given.subjects or list(SUBJECTS)
    rows = measured(names, quick=given.quick, full=given.full, file=given.json)
    judged = [row for row in rows if row.met is not None]
    met = sum(bool(row.met) for row in judged)
    print(f"\n{met} of {len(judged)} budgets are met; seconds are of this machine alone.")
    return int(given.judge and met < len(judged))


def measured(names: list[str], *, quick: bool, full: bool, file: Path | None = None) -> list[Row]:
    """Every subject in turn, each printed and written as soon as it is measured."""
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores")
    if not quick and not contestants.PYTHON.exists():
        print("Without the rivals: `make bench` sets up their environment.")
    rows: list[Row] = []
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        ours = content.store(Path(folder) / "store")
        rivals = content.for_rivals(ours, Path(folder) / "rivals")
        for name in names:
            if name in IN_CHROMIUM and chromium.path() is None:
                print(f"\n{name}: not measured, there is no Chromium on this machine.")
                continue
            if quick and time.monotonic() - started > QUICKLY:
                print(f"\n{name}: left out, the machine is too busy for it to end in time.")
                continue
            measure = SUBJECTS[name]
            if name == "store":
                measure = partial(measure, full=full)
            begun = time.monotonic()
            found = measure(Path(ours.address), rivals, quick=quick)
            if not found:
                continue
            print(table.printed(found))
            print(f"  ({name} took {time.monotonic() - begun:.0f} s)", flush=True)
            rows += found
            if file is not None:
                _write(file, rows)
    return rows


def _write(file: Path, rows: list[Row]) -> None:
    """All that was measured so far: a run that is stopped loses only what it was at."""
    found = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "cores": os.cpu_count()}
    body = found | {"rows": table.as_json(rows)}
    file.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
