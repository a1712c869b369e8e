"""Clicks and seconds of what an office does each day: `python -m bench.tasks`.

Each task starts on the first page, at its quietest, and ends when its answer stands on the page.
A click is a press, a tap, or a name typed into the search and entered. The seconds are a machine's:
they leave out reading and thinking, and are to be compared with those of another run here.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import pandas as pd
from playwright.sync_api import Browser, Page

from bench import chromium, relay, serving
from dashboard.shell.navigation import FIRST, PAGES
from data import settings
from pipelines.registry import SOURCES
from pipelines.run.context import context_of
from pipelines.run.run import prime
from visuals.language.words import Words

WORDS: Final = Words("en")
PATIENCE: Final = 60_000
"""Milliseconds that an answer may take."""


@dataclass
class Hand:
    """A reader's hand on a page, which counts what it does."""

    page: Page
    clicks: int = 0

    def press(self, selector: str) -> None:
        """Press what a selector finds first."""
        self.page.locator(selector).first.click(timeout=PATIENCE)
        self.clicks += 1

    def find(self, typed: str) -> None:
        """Type into the search and take the first answer."""
        field = self.page.locator("[data-id=find]")
        field.fill(typed)
        self.page.locator(".nz-find [role=option]").first.wait_for(timeout=PATIENCE)
        field.press("Enter")
        self.clicks += 1

    def sees(self, text: str) -> None:
        """Wait until a text stands on the page."""
        at = self.page.locator(".stMainBlockContainer").get_by_text(text).locator("visible=true")
        at.first.wait_for(timeout=PATIENCE)

    def takes(self, selector: str) -> None:
        """Press what brings a file, and wait for the file."""
        with self.page.expect_download(timeout=PATIENCE) as taken:
            self.press(selector)
        taken.value.path()


def dana(hand: Hand) -> None:
    """Dana's newest figure and its proof."""
    hand.find("Dana")
    hand.sees("537,713")
    hand.press("a:text-is('537,713')")
    hand.page.locator("a[download]").first.wait_for(timeout=PATIENCE)


def three_sources(hand: Hand) -> None:
    """UNHCR, IDMC and DTM for Idleb: two of them, and at which level the third can be compared."""
    hand.press("[data-id=compare]")
    hand.sees("1,182,989")
    hand.sees("944,801")
    hand.sees("5,964,000")


def hatay(hand: Hand) -> None:
    """Hatay over time."""
    hand.find("Hatay")
    hand.page.locator(".nz-drawing svg[data-first]:visible").first.wait_for(timeout=PATIENCE)


def as_csv(hand: Hand) -> None:
    """One governorate's data as CSV."""
    hand.find("Idleb")
    hand.page.locator("[class*=st-key-take-] .stDownloadButton button").first.wait_for(
        timeout=PATIENCE
    )
    hand.takes("[class*=st-key-take-] .stDownloadButton button")


def for_a_report(hand: Hand) -> None:
    """A chart ready for a report, as a picture with title, source and date."""
    hand.press("[data-id=charts]")
    hand.takes("a[download$='.png']")


def two_places(hand: Hand) -> None:
    """Two places on one chart, one of them chosen: Aleppo beside the area's own."""
    hand.press("[data-id=charts]")
    hand.press("details:has(.nz-list) > summary")
    hand.press(f".nz-list a:text-is('{WORDS.place('SY02')}')")
    hand.page.wait_for_url("**SY02**", timeout=PATIENCE)
    hand.page.locator(".nz-keys:visible", has_text=WORDS.place("SY02")).first.wait_for(
        timeout=PATIENCE
    )


def known_on(hand: Hand) -> None:
    """The first page as known on 17 February 2020."""
    hand.press("[data-id=known]")
    hand.page.locator(".nz-known input").fill("2020-02-17")
    hand.clicks += 1
    hand.sees(WORDS.day(pd.Timestamp("2020-02-17")))
    hand.page.locator(".nz-value a:text('900,000')").first.wait_for(timeout=PATIENCE)


def surging(hand: Hand) -> None:
    """Is it surging?"""
    hand.page.locator(".nz-line").wait_for(timeout=PATIENCE)


def brief(hand: Hand) -> None:
    """Sending a brief in Arabic from a phone: the file, ready for the share sheet."""
    hand.press("a[href*='open=']")
    hand.takes("a[download][href*='/ar/'], a[href*='brief'][href*='ar'][href*='pdf']")


TASKS: Final[dict[str, tuple[Callable[[Hand], None], int]]] = {
    "Dana's newest figure and its proof": (dana, 1440),
    "UNHCR, IDMC and DTM for Idleb, and why they differ": (three_sources, 1440),
    "Hatay over time": (hatay, 1440),
    "one governorate's data as CSV": (as_csv, 1440),
    "a chart ready for a report": (for_a_report, 1440),
    "two places on one chart": (two_places, 1440),
    "as known on a day": (known_on, 1440),
    "is it surging?": (surging, 1440),
    "a brief in Arabic from a phone": (brief, 390),
}
"""What is done: how, and on how wide a screen."""


def settled(page: Page) -> None:
    """Wait until the script has ended and nothing is being drawn."""
    page.wait_for_selector(".stMainBlockContainer .nz", timeout=PATIENCE)
    page.wait_for_function(
        "() => document.querySelector('[data-test-script-state=notRunning]')"
        " && !document.querySelector('[data-testid=stSkeleton]')",
        timeout=PATIENCE,
    )


def tasks(browser: Browser, address: str) -> list[tuple[str, int, float]]:
    """Name, clicks and seconds of each task, each in a browser that has kept nothing."""
    found = []
    for name, (task, width) in TASKS.items():
        phone = width < 600
        context = browser.new_context(
            viewport={"width": width, "height": 900}, has_touch=phone, accept_downloads=True
        )
        page = context.new_page()
        page.goto(f"{address}/?lang={'ar' if phone else 'en'}", timeout=PATIENCE)
        settled(page)
        hand, begun = Hand(page), time.perf_counter()
        task(hand)
        found.append((name, hand.clicks, time.perf_counter() - begun))
        context.close()
    return found


def pages(browser: Browser, host: str) -> list[tuple[str, int, float]]:
    """Bytes and seconds of a first visit to each page, until it stands still."""
    found = []
    for name in (page.name for page in PAGES if page.shown):
        path = "" if name == FIRST else name
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        with relay.counted(host) as line:
            page = context.new_page()
            begun = time.perf_counter()
            page.goto(f"http://{line.host}/{path}?{urlencode({'lang': 'en'})}", timeout=PATIENCE)
            settled(page)
            found.append((name, int(line.moved), time.perf_counter() - begun))
            context.close()
    return found


def main() -> int:
    """Print both tables."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder)
        # As a fresh machine has it.
        prime(context_of(settings.load(store=folder, cache=store / "cache"), SOURCES))
        return _measured(store)


def _measured(store: Path) -> int:
    with serving.nuzuh(store) as server, chromium.browser() as browser:
        sys.stdout.write("| task | clicks | seconds |\n|---|---|---|\n")
        for name, clicks, seconds in tasks(browser, server.address):
            sys.stdout.write(f"| {name} | {clicks} | {seconds:.1f} |\n")
        sys.stdout.write("\n| page | bytes | seconds |\n|---|---|---|\n")
        for name, size, seconds in pages(browser, server.host):
            sys.stdout.write(f"| {name} | {size:,} | {seconds:.1f} |\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
