"""What a reader's choice moves on each page, once the page stands: bytes both ways, on the line."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as PageError

from bench import chromium, content, relay, serving, table
from bench.relay import Relay
from bench.table import Row

CHOOSING = "a choice on each page"
PATIENCE = 60_000
STILL = "() => document.querySelector('[data-test-script-state=notRunning]')"
Step = Callable[[Page], None]


def pressed(selector: str) -> Step:
    """A reader presses what a selector finds first."""
    return lambda page: page.locator(selector).first.click()


def another(number: int) -> Step:
    """A reader takes the last of what a select box offers."""

    def take(page: Page) -> None:
        page.locator(".stSelectbox input").nth(number).click()
        page.locator("[role=option]").last.click()

    return take


def a_day(page: Page) -> None:
    """A reader asks for the page as it was known on a day."""
    page.locator("[data-id=known]").click()
    page.locator(".nz-known input").fill("2020-02-17")


LANGUAGE = pressed(".nz-mast [data-id=tr]")
CHOICES: dict[str, tuple[str, dict[str, Step]]] = {
    "situation": ("?", {"language": LANGUAGE, "as known on": a_day}),
    "map": (
        "map?series=published_figures~IDP_ARR~flow~movements~OCHA~IDP_movements&level=3",
        {
            "month": pressed("[class*=st-key-map-earlier] button"),
            "level": another(2),
            "measure": another(0),
            "language": LANGUAGE,
            "as known on": a_day,
        },
    ),
    "place": (
        "place?place=SY07",
        {"place": another(0), "language": LANGUAGE, "as known on": a_day},
    ),
    "movements": (
        "movements?month=2019-12",
        {
            "month": pressed("[class*=st-key-step-] button"),
            "language": LANGUAGE,
            "as known on": a_day,
        },
    ),
    "border": ("border?", {"language": LANGUAGE, "as known on": a_day}),
    "compare": (
        "compare?place=X-SYR-NW&group=NEWDISP&on=2020-02-29",
        {"place": another(0), "language": LANGUAGE, "as known on": a_day},
    ),
    "surges": ("surges?", {"language": LANGUAGE, "as known on": a_day}),
    "downloads": (
        "downloads?within=SY07",
        {"group": another(0), "language": LANGUAGE, "as known on": a_day},
    ),
    "sources": ("sources?", {"language": LANGUAGE, "as known on": a_day}),
}
"""A page's address, and what a reader chooses there."""


def measure(_store: Path, _rivals: Path, *, quick: bool) -> list[Row]:
    """The rows of this subject, of the carried figures; `quick` leaves it out."""
    if quick:
        return []
    with tempfile.TemporaryDirectory() as folder:
        content.carried(Path(folder))
        with (
            serving.nuzuh(Path(folder)) as ours,
            relay.counted(ours.host) as line,
            chromium.browser() as browser,
        ):
            return _rows(browser, line)


def _rows(browser: Browser, line: Relay) -> list[Row]:
    rows = []
    for name, (path, steps) in CHOICES.items():
        moved: dict[str, list[float]] = {}
        notes: dict[str, str] = {}
        for what, step in steps.items():
            address = f"http://{line.host}/{path}&lang=en".replace("?&", "?")
            try:
                moved[what] = [chosen(browser, address, step, line) / 1000]
            except PageError as problem:  # a page without this choice in this store
                moved[what] = [0.0]
                notes[what] = f"could not be made: {problem.message.splitlines()[0]}"
        rows += table.rows(CHOOSING, name, "kB", moved, notes=notes)
    return rows


def chosen(browser: Browser, address: str, step: Step, line: Relay) -> int:
    """Bytes that one choice moves on a page that stands."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    try:
        page = context.new_page()
        page.goto(address, wait_until="commit", timeout=PATIENCE)
        page.wait_for_selector(".stMainBlockContainer .nz", timeout=PATIENCE)
        page.wait_for_function(STILL, timeout=PATIENCE)
        page.wait_for_timeout(2500)
        before = line.moved
        step(page)
        page.wait_for_timeout(700)
        page.wait_for_function(STILL, timeout=PATIENCE)
        page.wait_for_timeout(1200)
        return line.moved - before
    finally:
        context.close()
