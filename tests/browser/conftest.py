"""The real app in a real Chromium. A machine without one skips these tests and says so; CI never.

Screenshots for people are kept where NUZUH_ARTIFACTS names a folder, and in `artifacts/` by
`make test-all`; else none is: nothing is asserted of them, and they are a third of a page's test.
"""

import fcntl
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from playwright.sync_api import Error as PageError

from data.settings import ROOT
from tests import carried
from tests.effort import ALL

ARTIFACTS = Path(os.environ.get("NUZUH_ARTIFACTS", ROOT / "artifacts"))
LOOKED_AT = "NUZUH_ARTIFACTS" in os.environ or (ALL and not os.environ.get("CI"))
"""Whether somebody may look at what is kept."""
LONGEST = 1800
"""Seconds that the processes of a run may go on reading the app that one of them started."""
START = 90
"""Seconds that a busy machine may need to start the app."""
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder needs Chromium and talks to 127.0.0.1 alone.

    One that fails is tried once more, and the log names it: four programs share a page here, and
    on a machine with two cores one of them comes late once in some thousand waits.
    """
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.enable_socket)
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1"]))
            item.add_marker(pytest.mark.flaky(reruns=1))


def snap(page: Page, name: str, *, whole: bool = False) -> None:
    """Keep a screenshot of what is seen, where people may look at it."""
    if LOOKED_AT:
        ARTIFACTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(ARTIFACTS / f"{name}.png"), full_page=whole)


def chromium() -> str | None:
    """Chromium on this machine: $CHROMIUM, else what the path offers."""
    named = os.environ.get("CHROMIUM")
    # The shell is the same engine without the window's own parts: a fifth less work.
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return named or next(filter(None, map(shutil.which, names)), None)


@dataclass(frozen=True)
class App:
    """The served app and its store."""

    address: str
    store: Path

    def at(self, page: str = "", **choices: str) -> str:
        """The address of a page."""
        query = "&".join(f"{key}={value}" for key, value in choices.items())
        return f"{self.address}/{page}?{query}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def read_only(folder: Path) -> list[str]:
    """What starts a command that sees a folder mounted read-only; nothing where that needs rights.

    As the units and the compose file mount the store for the dashboard.
    """
    mounted = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0"'
    before = ["unshare", "--mount", "sh", "-c", f'{mounted} && exec "$@"', str(folder)]
    if not shutil.which("unshare"):
        return []
    tried = subprocess.run([*before, "true"], check=False, capture_output=True, timeout=30)
    return before if tried.returncode == 0 else []


def served(store: Path, before: list[str] | None = None, **settings: str) -> Iterator[App]:
    """Serve a store as `make run` does; stopped when the test is over."""
    port = free_port()
    given = {"NUZUH_STORE": str(store), "NUZUH_PORT": str(port), **settings}
    log = (store / "app.log").open("wb")
    with subprocess.Popen(
        [*(before or []), sys.executable, "-m", "dashboard"],
        cwd=ROOT,
        env={**os.environ, **given},
        stdout=log,
        stderr=subprocess.STDOUT,
    ) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/nuzuh/health", process, store / "app.log")
            yield App(address, store)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
            log.close()


def _wait_for(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + START
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own address
                return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.2)
    pytest.fail(f"The app did not start: {log.read_text(encoding='utf-8')[-2000:]}")


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app with the carried figures, as a fresh machine has it.

    One for all processes of a run, as an office has one for all its readers: what it makes of a
    release it makes once. Whoever needs it first starts it, and stops it when nobody reads it.
    """
    base = tmp_path_factory.getbasetemp()
    # Beside the folders of the other processes; a run of one process has none.
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "app"
    shared.mkdir(exist_ok=True)
    told, readers = shared / "told.json", (shared / "readers").open("w")
    with ExitStack() as stack:
        stack.callback(readers.close)
        with _alone(shared):
            if told.exists():
                given = json.loads(told.read_text())
                found = App(given["address"], Path(given["store"]))
                ended = None
            else:
                folder = tmp_path_factory.mktemp("served")
                carried.publish(folder)
                serving = served(folder)
                found = next(serving)
                told.write_text(json.dumps({"address": found.address, "store": str(found.store)}))
                ended = serving
            fcntl.flock(readers, fcntl.LOCK_SH)
        yield found
        if ended is None:
            return
        with _alone(shared):
            told.unlink()
        _wait_for_readers(readers)
        ended.close()


@contextmanager
def _alone(shared: Path) -> Iterator[None]:
    """One process of the run at a time."""
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _wait_for_readers(readers: IO[str]) -> None:
    """Until no other process holds the file: one that died holds it no longer."""
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        try:
            fcntl.flock(readers, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.5)
        else:
            return


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = chromium()
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("CI has no Chromium; .ci/run installs it.")
        pytest.skip("NO CHROMIUM ON THIS MACHINE: the pages were not tried in a browser.")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield started
        started.close()


@dataclass
class Sheet:
    """One tab, and what it asked for."""

    page: Page
    requests: list[Request] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """What the page's own security policy stopped."""

    def open(self, address: str) -> None:
        """Open an address and wait until the app's script has ended and the page is calm."""
        self.page.goto(address, wait_until="domcontentloaded")
        self.settle()

    def settle(self) -> None:
        """Wait until Streamlit is not running and nothing of the page is being drawn."""
        self.page.wait_for_selector(".stMainBlockContainer .nz", timeout=60_000)
        self.page.wait_for_function(
            "() => !document.querySelector('[data-testid=stStatusWidget]')"
            " && !document.querySelector('[data-testid=stSkeleton]')"
            " && document.querySelector('[data-test-script-state=notRunning]')",
            timeout=60_000,
        )
        self.page.wait_for_timeout(400)

    def keep(self, name: str) -> None:
        """Keep a screenshot of the whole page, where people may look at it."""
        if LOOKED_AT:
            self.picture(name)

    def picture(self, name: str) -> Path:
        """A screenshot of the whole page."""
        ARTIFACTS.mkdir(parents=True, exist_ok=True)
        height = self.page.evaluate(
            "() => Math.ceil(document.querySelector('.stMainBlockContainer')"
            ".getBoundingClientRect().height) + 120"
        )
        size = self.page.viewport_size or {"width": 1440, "height": 900}
        self.page.set_viewport_size({"width": size["width"], "height": min(int(height), 16_000)})
        self.page.wait_for_timeout(400)
        path = ARTIFACTS / f"{re.sub(r'[^a-z0-9-]+', '-', name.lower())}.png"
        self.page.screenshot(path=str(path))
        self.page.set_viewport_size(size)
        return path


@contextmanager
def heard(page: Page) -> Iterator[Sheet]:
    """A page's tab, which keeps what it hears of it until the end."""
    tab = Sheet(page)

    def console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            tab.refused.append(message.text)

    hearers: dict[Any, Callable[..., None]] = {
        "request": lambda request: tab.requests.append(request),
        "console": console,
        "pageerror": lambda error: tab.errors.append(str(error)),
    }
    for event, hear in hearers.items():
        page.on(event, hear)
    try:
        yield tab
    finally:
        for event, hear in hearers.items():
            page.remove_listener(event, hear)


@contextmanager
def opened(browser: Browser, width: int, height: int, **options: Any) -> Iterator[Sheet]:
    """A tab in a context of its own, closed with it."""
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    try:
        with heard(context.new_page()) as tab:
            yield tab
    finally:
        context.close()


LIKE_NEW = "() => { localStorage.clear(); sessionStorage.clear(); }"
RESTS = "/nuzuh/health"
"""Where a lent page waits: from an address of the app to another Chromium goes on in one process,
which has Streamlit's scripts compiled, and from `about:blank` it begins a new one."""


@contextmanager
def borrowed(page: Page, width: int, height: int, color_scheme: Any) -> Iterator[Sheet]:
    """A tab of a page that others had before, who left nothing in it but scripts and fonts."""
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(media="null", color_scheme=color_scheme, reduced_motion="no-preference")
    try:
        with heard(page) as tab:
            yield tab
    finally:
        try:
            page.unroute_all()
            page.mouse.up()
            page.mouse.move(0, 0)
            page.context.set_offline(False)
            page.context.clear_cookies()
            page.evaluate(LIKE_NEW)
            page.goto(urljoin(page.url, RESTS) if page.url.startswith("http") else "about:blank")
        except PageError:
            # A page that cannot be made like new is nobody's any more.
            page.context.close()


TOUCH = {"has_touch": True, "is_mobile": True}
"""A phone under a finger."""


@pytest.fixture(scope="session")
def lent(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A page for all tests of a process, and a phone's: Chromium compiles Streamlit's scripts once.

    Opening an address takes half the processor's time that it takes in a new context.
    """
    pages: dict[bool, Page] = {}

    def page(*, touch: bool = False) -> Page:
        if touch not in pages or pages[touch].is_closed():
            options: dict[str, Any] = TOUCH if touch else {}
            pages[touch] = browser.new_context(**options).new_page()
        return pages[touch]

    yield page
    for used in pages.values():
        if not used.is_closed():
            used.context.close()


@pytest.fixture
def sheet(
    browser: Browser, lent: Callable[..., Page], request: pytest.FixtureRequest
) -> Iterator[Callable[..., Sheet]]:
    """Opens tabs of a given width, language preference and colour scheme.

    The first of a test is lent, unless it asks for what a page cannot change or for `alone=True`,
    as a test does that brings scripts, a line or a first visit of its own; so does a second try.
    """
    tabs: list[Sheet] = []
    free = getattr(request.node, "execution_count", 1) == 1
    with ExitStack() as stack:

        def new(
            width: int = 1440, height: int = 900, *, alone: bool = False, **options: Any
        ) -> Sheet:
            nonlocal free
            asked = {name: value for name, value in options.items() if name != "color_scheme"}
            if free and not alone and asked in ({}, TOUCH):
                free = False
                page = lent(touch=asked == TOUCH)
                scheme = options.get("color_scheme", "light")
                tabs.append(stack.enter_context(borrowed(page, width, height, scheme)))
            else:
                tabs.append(stack.enter_context(opened(browser, width, height, **options)))
            return tabs[-1]

        yield new
    refused = [text for tab in tabs for text in tab.refused]
    assert not refused, f"the page's own policy stopped a part of it: {refused}"
