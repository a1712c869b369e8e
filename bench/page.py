"""What opening a page moves and takes, beside an empty Streamlit page in the same run.

`python -m bench.page --store FOLDER` prints a table: bytes over the wire of a first visit, seconds
until figures and map stand, on this machine's own line and on 1 Mbit/s with 300 ms.
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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd
from playwright.sync_api import Browser, sync_playwright

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
    given = asked.parse_args()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        sys.exit("There is no Chromium on this machine; install it or set CHROMIUM.")
    ours = [sys.executable, "-m", "dashboard"]
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
