"""What opening a page moves and takes, beside an empty Streamlit page in the same run.

`python -m bench.page --store FOLDER` prints a table: bytes over the wire of a first visit, seconds
until figures and map stand, on this machine's own line and on 1 Mbit/s with 300 ms.
`--choices` prints another instead: what a reader's choice moves on each page, once it stands.
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd
from playwright.sync_api import Browser, Error, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
EMPTY = 'import streamlit as st\nst.write("Nothing")\n'
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SLOW = {"offline": False, "latency": 300, "downloadThroughput": 125_000, "uploadThroughput": 62_500}
PATIENCE = 60_000
MAP = ".nz-stage a circle"
"""A circle of the map: once it is there, map and figures stand."""


@dataclass(frozen=True)
class Visit:
    """One first visit: bytes as they came over the wire, WebSocket frames unpacked."""

    http_bytes: int
    requests: int
    socket_bytes: int
    seconds: float


def visit(browser: Browser, address: str, stands: str, *, slow: bool = False) -> Visit:
    """Open an address with an empty cache and wait until what `stands` selects is there."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    if slow:
        wire.send("Network.emulateNetworkConditions", SLOW)
    asked: set[str] = set()
    loaded: dict[str, int] = {}
    frames: list[int] = []
    wire.on("Network.requestWillBeSent", lambda event: asked.add(event["requestId"]))
    wire.on(
        "Network.loadingFinished",
        lambda event: loaded.update({event["requestId"]: int(event["encodedDataLength"])}),
    )
    wire.on(
        "Network.webSocketFrameReceived",
        lambda event: frames.append(len(event["response"]["payloadData"])),
    )
    begun = time.perf_counter()
    page.goto(address, wait_until="commit", timeout=PATIENCE)
    page.wait_for_selector(stands, timeout=PATIENCE)
    taken = time.perf_counter() - begun
    page.wait_for_timeout(2000)
    context.close()
    # Binary frames come as base64: three bytes in four characters.
    return Visit(sum(loaded.values()), len(asked), sum(frames) * 3 // 4, taken)


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


def choices(browser: Browser, address: str) -> pd.DataFrame:
    """One row for each page and choice: bytes over HTTP, and by WebSocket as they are unpacked."""
    rows = []
    for name, (path, steps) in CHOICES.items():
        for what, step in steps.items():
            try:
                http, told = chosen(browser, f"{address}/{path}&lang=en".replace("?&", "?"), step)
            except Error as problem:  # a page without this choice in this store
                print(f"{name}, {what}: {problem.message.splitlines()[0]}", file=sys.stderr)
                continue
            rows.append({"page": name, "choice": what, "http": http, "socket": told})
    return pd.DataFrame(rows)


@contextmanager
def serving(command: list[str], folder: Path, **environment: str) -> Iterator[str]:
    """A server on 127.0.0.1 while the block runs; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {**os.environ, **environment, "NUZUH_PORT": str(port)}
    words = [word.replace("PORT", str(port)) for word in command]
    with subprocess.Popen(
        words, cwd=folder, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            until = time.monotonic() + 90
            while time.monotonic() < until:
                try:
                    urllib.request.urlopen(f"{address}/_stcore/health", timeout=5).close()  # noqa: S310
                    break
                except OSError:
                    time.sleep(0.2)
            yield address
        finally:
            process.terminate()
            process.wait(15)


@contextmanager
def empty_page() -> Iterator[str]:
    """An empty Streamlit page as Streamlit serves it by default; its address."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "empty.py").write_text(EMPTY, encoding="utf-8")
        command = [sys.executable, "-m", "streamlit", "run", "empty.py", "--server.port=PORT"]
        command += ["--server.headless=true", "--server.address=127.0.0.1"]
        command += ["--browser.gatherUsageStats=false"]
        with serving(command, Path(folder)) as address:
            yield address


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--store", default=str(ROOT / "store"))
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--choices", action="store_true", help="what each choice moves")
    given = asked.parse_args()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        sys.exit("There is no Chromium on this machine; install it or set CHROMIUM.")
    ours = [sys.executable, "-m", "dashboard"]
    if given.choices:
        with serving(ours, ROOT, NUZUH_STORE=given.store) as nuzuh, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
            told = choices(browser, nuzuh)
            browser.close()
        print(told.to_json(orient="records") if given.json else told.to_string(index=False))
        return
    with (
        empty_page() as empty,
        serving(ours, ROOT, NUZUH_STORE=given.store) as nuzuh,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        pages = {
            "empty": (empty, ".stMarkdown"),
            "situation": (f"{nuzuh}/?lang=en", MAP),
            "map": (f"{nuzuh}/map?lang=en", MAP),
        }
        for address, stands in pages.values():
            visit(browser, address, stands)  # what a process does once is not measured
        rows = []
        for slow in (False, True):
            found: dict[str, list[Visit]] = {name: [] for name in pages}
            for _ in range(given.rounds):
                for name, (address, stands) in pages.items():
                    found[name].append(visit(browser, address, stands, slow=slow))
            for name, visits in found.items():
                middle = {
                    key: statistics.median(asdict(v)[key] for v in visits)
                    for key in asdict(visits[0])
                }
                rows.append({"page": name, "line": "1 Mbit/s" if slow else "own", **middle})
        browser.close()
    frame = pd.DataFrame(rows)
    floor = frame[frame["page"] == "empty"].set_index("line")
    frame["bytes / empty"] = frame["http_bytes"] / frame["line"].map(floor["http_bytes"])
    frame["seconds / empty"] = frame["seconds"] / frame["line"].map(floor["seconds"])
    if given.json:
        json.dump(frame.to_dict("records"), sys.stdout, indent=1)
        return
    print(frame.round(2).to_string(index=False))


if __name__ == "__main__":
    main()
