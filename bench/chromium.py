"""Chromium as a meter: bytes over the wire and seconds until what a reader came for stands."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from playwright.sync_api import Error as PageError

QUIET = (
    "--no-sandbox",
    # pydeck and Plotly's map draw with WebGL, here without a graphics card.
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CALM = 2_000
"""Milliseconds after which nothing more is counted to a visit."""


@dataclass(frozen=True)
class Line:
    """A line between the reader and the server.

    Attributes:
        name: As the table calls it.
        kbits: Kilobits a second, both ways; None for the machine's own line.
        latency: Milliseconds for each answer.
        patience: Seconds after which a page is given up.
    """

    name: str
    kbits: int | None = None
    latency: int = 0
    patience: int = 120


OWN = Line("own line")
OFFICE = Line("1 Mbit/s, 300 ms", 1_000, 300, 240)
FIELD = Line("50 kbit/s, 1 s", 50, 1_000, 480)


@dataclass(frozen=True)
class Stands:
    """When a page is there.

    Attributes:
        script: JavaScript that is true once map and figures stand; `frame` looks into a frame.
        frame: Selector of a frame in which the map is drawn.
    """

    script: str
    frame: str | None = None

    @property
    def seen(self) -> str:
        """The script as a function: a bare expression would be refused by a page's own policy."""
        return f"() => {self.script}"


@dataclass
class Meter:
    """Counts what a tab moves. WebSocket frames are counted unpacked: Chromium tells no other."""

    wire: CDPSession
    requests: int = 0
    http: int = 0
    frames: int = 0
    _known: dict[str, int] = field(default_factory=dict)

    def listen(self) -> None:
        """Begin to count."""
        self.wire.on("Network.requestWillBeSent", self._asked)
        self.wire.on("Network.dataReceived", self._received)
        self.wire.on("Network.loadingFinished", self._finished)
        self.wire.on("Network.webSocketFrameReceived", self._frame)
        self.wire.on("Network.webSocketFrameSent", self._frame)
        self.wire.send("Network.enable")

    @property
    def total(self) -> int:
        """Bytes of everything so far, of what is still under way too."""
        return self.http + sum(self._known.values()) + self.frames

    def _asked(self, event: dict[str, Any]) -> None:
        self.requests += not event["request"]["url"].startswith(("data:", "blob:"))

    def _received(self, event: dict[str, Any]) -> None:
        known = self._known.get(event["requestId"], 0)
        self._known[event["requestId"]] = known + int(event["encodedDataLength"])

    def _finished(self, event: dict[str, Any]) -> None:
        self._known.pop(event["requestId"], None)
        self.http += int(event["encodedDataLength"])

    def _frame(self, event: dict[str, Any]) -> None:
        response = event["response"]
        # Binary frames come as base64: three bytes in four characters.
        length = len(response["payloadData"])
        self.frames += length * 3 // 4 if response["opcode"] == 2 else length


@dataclass(frozen=True)
class Visit:
    """One visit.

    Attributes:
        size: Bytes that it moved.
        requests: How many files were asked for.
        seconds: Until map and figures stood; the line's patience where they never did.
        gave_up: Whether they never did.
    """

    size: int
    requests: int
    seconds: float
    gave_up: bool = False


@contextmanager
def browser() -> Iterator[Browser]:
    """A Chromium of this thread's own.

    Raises:
        FileNotFoundError: There is none on this machine.
    """
    found = path()
    if found is None:
        raise FileNotFoundError("There is no Chromium on this machine; install it or set CHROMIUM.")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        try:
            yield started
        finally:
            started.close()


def path() -> str | None:
    """Chromium on this machine: $CHROMIUM, else what the path offers."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def visits(
    opened: Browser,
    address: str,
    stands: Stands,
    line: Line = OWN,
    *,
    again: bool = False,
    moved: Callable[[], int] | None = None,
) -> list[Visit]:
    """A first visit with nothing kept; with `again`, a second one by the same reader as well.

    Args:
        opened: The browser.
        address: Of the page.
        stands: When it is there.
        line: Between the two.
        again: Whether the reader comes back.
        moved: Bytes that the line has carried so far; by default what Chromium tells, WebSocket
            frames unpacked.
    """
    context = opened.new_context(viewport={"width": 1440, "height": 900})
    try:
        found = [_visit(context.new_page(), address, stands, line, moved)]
        if again and not found[0].gave_up:
            found.append(_visit(context.new_page(), address, stands, line, moved))
        return found
    finally:
        context.close()


def _visit(
    page: Page, address: str, stands: Stands, line: Line, moved: Callable[[], int] | None
) -> Visit:
    meter = metered(page, line)
    count = moved or (lambda: meter.total)
    before, begun = count(), time.perf_counter()
    gave_up = False
    try:
        page.goto(address, wait_until="commit", timeout=line.patience * 1000)
        until(page, stands, begun + line.patience)
    except PageError:
        gave_up = True
    taken = time.perf_counter() - begun
    if not gave_up:
        page.wait_for_timeout(CALM)
    size, requests = count() - before, meter.requests
    page.close()
    return Visit(size, requests, taken, gave_up)


def metered(page: Page, line: Line = OWN) -> Meter:
    """Count what a tab moves from now on, over a line of that kind."""
    wire = page.context.new_cdp_session(page)
    meter = Meter(wire)
    meter.listen()
    if line.kbits:
        rate = line.kbits * 1000 // 8
        wire.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": line.latency,
                "downloadThroughput": rate,
                "uploadThroughput": rate,
            },
        )
    return meter


def until(page: Page, stands: Stands, end: float) -> None:
    """Wait until a page is there.

    Raises:
        PageError: It was not, by the moment `end` of the performance counter.
    """

    def left() -> float:
        return max(1.0, (end - time.perf_counter()) * 1000)

    if stands.frame is None:
        page.wait_for_function(stands.seen, timeout=left())
        return
    handle = page.wait_for_selector(stands.frame, timeout=left(), state="attached")
    inside = handle.content_frame() if handle else None
    if inside is None:
        raise PageError(f"{stands.frame} is no frame.")
    inside.wait_for_function(stands.seen, timeout=left())


def at_once(tasks: dict[str, Any]) -> dict[str, Any]:
    """Tasks side by side, each in a thread; for lines so slow that processors only wait."""
    found: dict[str, Any] = {}

    def run(name: str) -> None:
        found[name] = tasks[name]()

    threads = [threading.Thread(target=run, args=(name,), daemon=True) for name in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {name: found[name] for name in tasks if name in found}
