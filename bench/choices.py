"""What a reader's choice moves, page by page, once the page stands."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Error, Page

from bench import chromium, serving, table
from bench.table import Row

SUBJECT = "a reader's choice"
PATIENCE = 60_000
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
            "month": pressed("[class*=st-key-map-chevron_left] button"),
            "level": another(1),
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


def chosen(browser: Browser, address: str, step: Step) -> tuple[int, int]:
    """Bytes that one choice brings to a page that stands: over HTTP, and by WebSocket unpacked."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    got: list[int] = []
    frames: list[int] = []
    wire.on("Network.loadingFinished", lambda event: got.append(int(event["encodedDataLength"])))
    wire.on(
        "Network.webSocketFrameReceived",
        lambda event: frames.append(len(event["response"]["payloadData"])),
    )
    page.goto(address, wait_until="commit", timeout=PATIENCE)
    page.wait_for_selector(".stMainBlockContainer .nz", timeout=PATIENCE)
    still = "document.querySelector('[data-test-script-state=notRunning]')"
    page.wait_for_function(f"() => {still}", timeout=PATIENCE)
    page.wait_for_timeout(2500)
    got.clear()
    frames.clear()
    step(page)
    page.wait_for_timeout(700)
    page.wait_for_function(f"() => {still}", timeout=PATIENCE)
    page.wait_for_timeout(1200)
    context.close()
    return sum(got), sum(frames) * 3 // 4


def measure(store: Path, _rivals: Path, *, quick: bool) -> list[Row]:
    """Kilobytes of each choice, unpacked as the page reads them; `quick` leaves them out."""
    if quick:
        return []
    rows: list[Row] = []
    with serving.nuzuh(store) as nuzuh, chromium.browser() as opened:
        for name, (path, steps) in CHOICES.items():
            for what, step in steps.items():
                address = f"{nuzuh.address}/{path}&lang=en".replace("?&", "?")
                try:
                    moved = sum(chosen(opened, address, step)) / 1000
                except Error as problem:  # a page without this choice in this store
                    note = problem.message.splitlines()[0]
                    rows += table.rows(
                        SUBJECT, f"{name}: {what}", "kB", {"Nuzuh": [0.0]}, notes={"Nuzuh": note}
                    )
                    continue
                rows += table.rows(SUBJECT, f"{name}: {what}", "kB", {"Nuzuh": [moved]})
    return rows
