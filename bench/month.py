"""A change of month on the map: bytes, processor time of the server, seconds until it is painted.

Every change of Nuzuh's asks for a month that nobody asked for before; what was made once for
another reader costs less.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from playwright.sync_api import Browser
from playwright.sync_api import Error as PageError

from bench import chromium, contestants, table
from bench.contestants import MAP, Contestant
from bench.table import Budget, Row

CHANGING = "a change of month"
BUDGETS = (Budget(MAP, 8.0),)
CHANGES = 4
"""Changes of one reader; a round's number is their mean."""
SETTLE = 700
"""Milliseconds after which a change is over."""
PATIENCE = 60


@dataclass(frozen=True)
class Change:
    """What one change took: bytes both ways, the server's and the reader's seconds."""

    size: float
    cpu: float
    seconds: float


def measure(store: Path, rivals: Path, *, quick: bool) -> list[Row]:
    """The rows of this subject; `quick` leaves out the rivals."""
    with contestants.floors_and_ours(store, floors=False) as ours, chromium.browser() as browser:
        own = [page for page in ours if page.button]
        if quick:
            return _rows(browser, own, rounds=1, within=30)
        with contestants.rivals(rivals) as others:
            return _rows(browser, [*own, *others], rounds=5, within=120)


def _rows(browser: Browser, pages: Sequence[Contestant], rounds: int, within: float) -> list[Row]:
    number = dict.fromkeys((page.name for page in pages), 0)

    def changed(page: Contestant) -> Change:
        back = number[page.name] * (CHANGES + 1)
        number[page.name] += 1
        return mean_of(changes(browser, page, back))

    for page in pages:
        chromium.visits(browser, page.address, page.stands)
    tasks = {page.name: (lambda page=page: changed(page)) for page in pages}
    found = table.interleaved(tasks, rounds, within)
    beside = MAP if len(pages) > 1 else None

    def rows(what: str, unit: str, of: str, times: float, budgets: Sequence[Budget]) -> list[Row]:
        values = {n: [getattr(c, of) * times for c in each] for n, each in found.items()}
        return table.rows(CHANGING, what, unit, values, floor=beside, budgets=budgets)

    return [
        *rows("moved", "kB", "size", 0.001, BUDGETS),
        *rows("processor of the server", "ms", "cpu", 1000, ()),
        *rows("until it is painted", "s", "seconds", 1, ()),
    ]


def changes(browser: Browser, page: Contestant, months_back: int) -> list[Change]:
    """A reader who opens the map at a month and goes back some months, one by one."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    try:
        tab = context.new_page()
        tab.goto(page.at(months_back), wait_until="commit", timeout=PATIENCE * 1000)
        chromium.until(tab, page.stands, time.perf_counter() + PATIENCE)
        tab.wait_for_timeout(chromium.CALM)
        found = []
        for _ in range(CHANGES):
            before = tab.evaluate(page.month)
            size, cpu, begun = page.line.moved, page.server.cpu(), time.perf_counter()
            tab.click(page.button or "", timeout=PATIENCE * 1000)
            tab.wait_for_function(
                f"(before) => {{ const now = {page.month}; return now && now !== before; }}",
                arg=before,
                timeout=PATIENCE * 1000,
            )
            taken = time.perf_counter() - begun
            tab.wait_for_timeout(SETTLE)
            found.append(Change(page.line.moved - size, page.server.cpu() - cpu, taken))
        return found
    except PageError as error:
        raise PageError(f"{page.name}: {error}") from error
    finally:
        context.close()


def mean_of(found: Sequence[Change]) -> Change:
    """The mean of some changes: the system tells processor time in hundredths of a second."""
    return Change(
        mean(c.size for c in found), mean(c.cpu for c in found), mean(c.seconds for c in found)
    )
