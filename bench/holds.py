"""`python -m bench.holds`: are true answers published and false ones held?

Real releases of UNHCR's tables are read as the sources read them, in every situation that a store
can be in, and must raise no doubt. Then well-formed faults are put into each of them: all of those
must be held, or refused. Prints the tallies and writes `docs/checks.md` with the rules beside them.

The releases lie outside the repository: gzipped CSV files `TABLE_YYYY-MM-DD.csv.gz` as UNHCR's R
package `refugees` holds them, by default in `../shared/recordings/unhcr_releases`.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, Final, cast

import pandas as pd
import pyarrow as arrow
from pyarrow import compute

from bench import faults
from bench.faults import Fault
from data.gazetteer import area as areas
from data.schema.tables import FIGURES
from data.settings import Settings
from data.store import Document
from pipelines.http.client import Client
from pipelines.run import checks
from pipelines.run.comparisons import once
from pipelines.run.context import EXPECTED
from pipelines.run.prepare import prepare
from pipelines.run.rules import RULES, Kind
from pipelines.source import CARRIED, Source
from pipelines.sources import published_figures, unhcr_idmc, unhcr_population, unhcr_solutions

RELEASES: Final = Path(__file__).parents[2] / "shared" / "recordings" / "unhcr_releases"
PAGE: Final = Path(__file__).parents[1] / "docs" / "checks.md"
TABLES: Final[Mapping[str, Source]] = {
    "population": unhcr_population.SOURCE,
    "solutions": unhcr_solutions.SOURCE,
    "idmc": unhcr_idmc.SOURCE,
}
SITUATIONS: Final = {
    "nothing": "nothing to compare with",
    "carried": "a first fetch, beside the carried figures",
    "before": "after the release before",
    "again": "the same release again",
    "beside": "a first fetch, beside the first route to the same collection",
}
FIRST: Final = "population"
"""The first route to UNHCR's collection; what it published the others are held against."""
SIDES: Final = ("coo", "coa")


@dataclass(frozen=True)
class Tried:
    """One answer in one situation.

    Attributes:
        fault: Name of the fault; None for the release as it is.
        codes: Doubts, or `refused` where the reader would have none of it.
    """

    table: str
    release: str
    situation: str
    fault: str | None
    codes: tuple[str, ...]


class Publisher:
    """Answers as UNHCR's API does, from the rows of one release."""

    def __init__(self, rows: pd.DataFrame, now: datetime, fault: Fault | None) -> None:
        self.rows, self.now, self.fault = rows, now, fault

    def get(self, url: str, query: Mapping[str, str], *, name: str) -> Document:
        """One page with all that was asked for."""
        rows = self.rows
        if self.fault is not None and name.startswith(self.fault.only or "\n"):
            rows = self.fault.change(rows, rows.head(0))
        items = _selected(rows, query)
        body = {"page": 1, "maxPages": 1, "total": [], "items": items}
        return Document(name, url, json.dumps(body).encode(), self.now, dict(query))


def _selected(rows: pd.DataFrame, query: Mapping[str, str]) -> list[dict[str, Any]]:
    kept = rows[rows["year"].between(int(query["yearFrom"]), int(query["yearTo"]))]
    by = ["year"]
    for side in SIDES:
        if query.get(f"{side}_all") != "true" and query.get(side):
            kept = kept[kept[f"{side}_iso"] == query[side]]
        if query.get(f"{side}_all") == "true" or query.get(side):
            by += [f"{side}_iso", side, f"{side}_name"]
    values = faults.values_of(rows)
    sums = kept.groupby(by, as_index=False, dropna=False)[values].sum(min_count=1)
    items = sums.astype("object").where(sums.notna(), "-").to_dict("records")
    summed = {f"{side}{part}": "-" for side in SIDES for part in ("_iso", "", "_name")}
    return [
        summed | {str(k): v if isinstance(v, str) else int(v) for k, v in item.items()}
        for item in items
    ]


@cache
def table(folder: Path, name: str, release: str) -> pd.DataFrame:
    """The rows of a release: year, names and codes as text, values as numbers."""
    rows = pd.read_csv(folder / f"{name}_{release}.csv.gz", keep_default_na=False, na_values=[""])
    return rows.assign(year=rows["year"].astype(int))


@cache
def carried() -> arrow.Table:
    """What the project carries, the newest vintage of each figure."""
    source = published_figures.SOURCE
    documents = list(source.fetch(cast("Client", None), Settings(), areas.load("idlib")))
    return once(prepare(source, source.read(documents, areas.load("idlib")), documents))


def _read(
    source: Source,
    rows: pd.DataFrame,
    older: pd.DataFrame | None,
    now: datetime,
    fault: Fault | None,
) -> arrow.Table | None:
    """The figures that a fetch of the release gives; None where the reader refuses them."""
    area = areas.load("idlib")
    if fault is not None and fault.only is None:
        rows = fault.change(rows, rows if older is None else older)
        fault = None
    client = cast("Client", Publisher(rows, now, fault))
    try:
        documents = list(source.fetch(client, Settings(), area))
        return prepare(source, source.read(documents, area), documents)
    except EXPECTED:
        return None


def tried(folder: Path, name: str, now: datetime | None = None) -> Iterator[Tried]:
    """Every release of a table in every situation, as it is and with every fault.

    Args:
        folder: Where the releases lie.
        name: Of the table.
        now: The day of the fetch; None for the day of the release itself.
    """
    source, before, older = TABLES[name], None, None
    for release in releases(folder, name):
        rows = table(folder, name, release)
        day = now or datetime.fromisoformat(release).replace(tzinfo=UTC)
        true = _read(source, rows, None, day, None)
        known = {
            "nothing": FIGURES.none,
            "carried": _known_elsewhere(source, true),
            "before": before,
            "again": true,
            "beside": _first_route(folder, name, release, day, true),
        }
        for fault in (None, *(faults.of(name) if now is None else ())):
            if fault is not None and fault.needs_it and older is None:
                continue
            figures = _read(source, rows, older, day, fault)
            if fault is not None and figures is not None and _same(figures, true):
                continue  # nothing of it is in the area's figures
            for situation, published in known.items():
                if published is None or (fault and fault.needs_it and situation != "again"):
                    continue
                codes: tuple[str, ...] = ("refused",)
                if figures is not None:
                    again = [true] if situation == "again" else []
                    earlier = [rows for rows in (before, *again) if rows is not None]
                    codes = _codes(source, figures, published, earlier)
                yield Tried(name, release, situation, fault.name if fault else None, codes)
        older = rows
        before = true


def _first_route(
    folder: Path, name: str, release: str, day: datetime, figures: arrow.Table | None
) -> arrow.Table | None:
    """What the first route gives of the release, as this table names it; None for itself."""
    if TABLES[name].origin != TABLES[FIRST].origin or name == FIRST or figures is None:
        return None
    first = _read(TABLES[FIRST], table(folder, FIRST, release), None, day, None)
    return None if first is None else checks.retold(figures, first, contained=True)


def _same(figures: arrow.Table, true: arrow.Table) -> bool:
    names = ["figure_id", "value"]
    return bool(figures.select(names).equals(true.select(names)))


def _known_elsewhere(source: Source, figures: arrow.Table) -> arrow.Table:
    """The carried figures of the collection, as the answer names them."""
    mine = compute.equal(carried()["source"], source.name)
    own = carried().filter(mine)
    if source.origin is None:
        return own
    routes = [other.name for other in TABLES.values() if other.origin == source.origin]
    theirs = compute.is_in(carried()["source"], arrow.array(routes))
    others = carried().filter(compute.and_not(theirs, mine))
    return arrow.concat_tables([own, checks.retold(figures, others)])


def _codes(
    source: Source, figures: arrow.Table, published: arrow.Table, earlier: list[arrow.Table]
) -> tuple[str, ...]:
    mine = _any(compute.equal(published["via"], source.name))
    live = bool(len(published)) and not _any(compute.equal(published["via"], CARRIED))
    doubts = checks.doubts(
        figures,
        published,
        kind=source.kind,
        own=live,
        complete=mine,
        earlier=partial(arrow.concat_tables, earlier) if earlier else None,
    )
    return tuple(dict.fromkeys(doubt.code for doubt in doubts))


def _any(held: arrow.ChunkedArray) -> bool:
    return bool(compute.any(held).as_py())


def releases(folder: Path, name: str) -> list[str]:
    """Days of the releases of a table, oldest first."""
    return sorted(path.name[len(name) + 1 : len(name) + 11] for path in folder.glob(f"{name}_*.gz"))


def main() -> int:
    """Print the tallies, write the page; 1 where a true answer is held or a false one is not."""
    asked = argparse.ArgumentParser(prog="python -m bench.holds", description=__doc__)
    asked.add_argument("--releases", type=Path, default=RELEASES, metavar="FOLDER")
    asked.add_argument("--no-page", action="store_true", help="do not write docs/checks.md")
    given = asked.parse_args()
    if not given.releases.is_dir():
        print(f"There are no releases in {given.releases}; name their folder with --releases.")
        return 2
    found = [
        one
        for name in TABLES
        for now in (None, datetime.now(UTC))
        for one in tried(given.releases, name, now)
    ]
    lines = tallies(found)
    print(lines)
    if not given.no_page:
        PAGE.write_text(page(found), encoding="utf-8")
    wrong = [
        one for one in found if one.situation != "nothing" and bool(one.codes) != bool(one.fault)
    ]
    for one in wrong:
        print(f"{one.table} {one.release}, {SITUATIONS[one.situation]}: {one.fault}, {one.codes}")
    return int(bool(wrong))


def tallies(found: list[Tried]) -> str:
    """Two tables in Markdown: true releases held by situation, and faults held by situation."""
    heads = "| | " + " | ".join(SITUATIONS.values()) + " |\n|---|" + "---|" * len(SITUATIONS)
    true = [
        f"| {name} | " + " | ".join(_tally(found, name, at, true=True) for at in SITUATIONS) + " |"
        for name in TABLES
    ]
    false = [
        f"| {name} | " + " | ".join(_tally(found, name, at, true=False) for at in SITUATIONS) + " |"
        for name in TABLES
    ]
    return "\n".join(
        [
            "Real releases that are held, of those tried:\n",
            heads,
            *true,
            "\nFaults that are held, of those tried:\n",
            heads,
            *false,
            "",
        ]
    )


def _tally(found: list[Tried], name: str, situation: str, *, true: bool) -> str:
    of = [
        one
        for one in found
        if one.table == name and one.situation == situation and (one.fault is None) == true
    ]
    return f"{sum(bool(one.codes) for one in of)} of {len(of)}"


def page(found: list[Tried]) -> str:
    """`docs/checks.md`."""
    days = ", ".join(dict.fromkeys(one.release for one in found))
    missed = sorted(
        {
            f"- {one.table}, {SITUATIONS[one.situation]}: {one.fault}"
            for one in found
            if one.fault and not one.codes and one.situation != "nothing"
        }
    )
    by_fault = Counter(one.fault for one in found if one.fault and one.situation != "nothing")
    held = Counter(
        one.fault for one in found if one.fault and one.codes and one.situation != "nothing"
    )
    lines = [
        "# What holds an answer, and what that was measured to be",
        "",
        "Written by `python -m bench.holds`; change nothing here by hand. An answer that is held",
        "waits for a person (`nuzuh accept SOURCE --show`), who sees the figures that made it so,",
        "old beside new, largest change first; readers keep the figures they had. The rules stand",
        "in `pipelines/run/rules.py`.",
        "",
        *(line for kind, title in KINDS.items() for line in _rules(kind, title)),
        "## Measured",
        "",
        f"UNHCR's tables as published on {days}, each fetched on its own day and today. With",
        "nothing to compare, an answer can only contradict itself; a first fetch is held against",
        "the carried figures, also in an empty store, and so that column is not part of the score.",
        "",
        tallies(found),
        "Each fault, over releases and situations (without the first column): held, tried",
        "",
        "| fault | held | tried |",
        "|---|---|---|",
        *(f"| {name} | {held[name]} | {of} |" for name, of in by_fault.items()),
        "",
        *(["Not held:", "", *missed, ""] if missed else []),
        *LIMITS,
    ]
    return "\n".join(lines)


KINDS: Final[Mapping[Kind, str]] = {
    "editions": "Tables published anew once or twice a year (UNHCR's Refugee Data Finder)",
    "rounds": "Counts of places, round by round (IOM's DTM)",
    "feed": "Events, registers and reports that are asked every day",
    "form": "Files that a person brings",
}
LIMITS: Final = (
    "## What no rule can see",
    "",
    "- A first fetch of an older edition, whole: it is true, only not the newest, and the carried",
    "  figures stay beside it. An edition that comes back after a newer one is held.",
    "- A newest flow that is many times too large in every answer: real ones grew 23-fold from",
    "  mid-year to the year's end (returned IDPs of 2024, 22,725 and 513,896).",
    "- The year's mid-year figure in place of its end, where nothing was published before.",
    "",
)


def _rules(kind: Kind, title: str) -> list[str]:
    rows = [f"| {rule.holds} | {rule.reason} |" for rule in RULES[kind]]
    return [f"## {title}", "", "| held when | why there |", "|---|---|", *rows, ""]


if __name__ == "__main__":
    sys.exit(main())
