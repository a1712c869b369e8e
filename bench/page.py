"""Opening a page: bytes and seconds until map and figures stand, cold and warm, on three lines."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser

from bench import chromium, contestants, table
from bench.chromium import FIELD, OFFICE, OWN, Line, Visit
from bench.contestants import COMPRESSED, EMPTY, SITUATION, Contestant
from bench.table import Budget, Row

OPENING = "opening a page"
BESIDE_EMPTY = 0.30
BESIDE_COMPRESSED = 1.18
"""What the first page may move, beside an empty one as Streamlit serves it and as we compress it.

The second is what was reached, so that nothing creeps in; what the design allows is 1.25."""
BYTES = (
    Budget(SITUATION, BESIDE_EMPTY, EMPTY),
    Budget(SITUATION, BESIDE_COMPRESSED, COMPRESSED),
)
OWN_LINE = (Budget(SITUATION, 1.5, EMPTY),)
OFFICE_LINE = (Budget(SITUATION, 0.45, EMPTY),)


def measure(store: Path, rivals: Path, *, quick: bool) -> list[Row]:
    """The rows of this subject; `quick` leaves out the slow lines and the rivals."""
    with contestants.floors_and_ours(store) as ours:
        if quick:
            shown = [page for page in ours if page.name in (EMPTY, COMPRESSED, SITUATION)]
            return _own_line(shown, rounds=2, within=15, again=False)
        with contestants.rivals(rivals) as others:
            everyone = [*ours, *others]
            rows = _own_line(everyone, rounds=5, within=180)
            rows += _slow_line(ours, others)
            return rows + _field_line(everyone)


def _own_line(
    pages: Sequence[Contestant], rounds: int, within: float, *, again: bool = True
) -> list[Row]:
    with chromium.browser() as browser:
        for page in pages:
            chromium.visits(browser, page.address, page.stands)  # what a process does once

        def visit(page: Contestant) -> list[Visit]:
            return chromium.visits(
                browser, page.address, page.stands, again=again, moved=lambda: page.line.moved
            )

        tasks = {page.name: (lambda page=page: visit(page)) for page in pages}
        found = table.interleaved(tasks, rounds, within)
    cold = {name: [both[0] for both in rounds_] for name, rounds_ in found.items()}
    rows = [
        *_bytes("cold", cold, BYTES),
        *_requests(cold),
        *_seconds("cold", OWN, cold, OWN_LINE),
    ]
    if not again:
        return rows
    warm = {name: [both[-1] for both in rounds_] for name, rounds_ in found.items()}
    return [*rows, *_bytes("warm", warm), *_seconds("warm", OWN, warm)]


def _slow_line(ours: Sequence[Contestant], others: Sequence[Contestant]) -> list[Row]:
    """An office's shared line: ours in turn; the rivals once, side by side: they take minutes."""

    def visit(browser: Browser, page: Contestant) -> Visit:
        return chromium.visits(browser, page.address, page.stands, OFFICE)[0]

    with chromium.browser() as browser:
        tasks = {page.name: partial(visit, browser, page) for page in ours}
        found = table.interleaved(tasks, 3, within=90)

    def alone(page: Contestant) -> list[Visit]:
        with chromium.browser() as browser:
            return [visit(browser, page)]

    found |= chromium.at_once({page.name: partial(alone, page) for page in others})
    return _seconds("cold", OFFICE, found, OFFICE_LINE)


def _field_line(pages: Sequence[Contestant]) -> list[Row]:
    """A camp's line, all pages side by side: the processors only wait, each has its own line."""

    def visit(page: Contestant) -> list[Visit]:
        with chromium.browser() as browser:
            return [chromium.visits(browser, page.address, page.stands, FIELD)[0]]

    found = chromium.at_once({p.name: (lambda p=p: visit(p)) for p in pages})
    return _seconds("cold", FIELD, found)


def _bytes(how: str, found: dict[str, list[Visit]], budgets: Sequence[Budget] = ()) -> list[Row]:
    kilobytes = {name: [v.size / 1000 for v in visits] for name, visits in found.items()}
    return table.rows(OPENING, f"moved, {how}", "kB", kilobytes, floor=EMPTY, budgets=budgets)


def _requests(found: dict[str, list[Visit]]) -> list[Row]:
    counts = {name: [float(v.requests) for v in visits] for name, visits in found.items()}
    return table.rows(OPENING, "asked for, cold", "files", counts, floor=EMPTY)


def _seconds(
    how: str, line: Line, found: dict[str, list[Visit]], budgets: Sequence[Budget] = ()
) -> list[Row]:
    notes = {
        name: f"not within {line.patience} s"
        for name, visits in found.items()
        if any(v.gave_up for v in visits)
    }
    taken = {name: [v.seconds for v in visits] for name, visits in found.items()}
    what = f"until map and figures stand, {how}, {line.name}"
    return table.rows(OPENING, what, "s", taken, floor=EMPTY, budgets=budgets, notes=notes)
