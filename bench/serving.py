"""Servers on 127.0.0.1 for as long as a measurement runs, and what they cost the machine."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START = 120
"""Seconds that a busy machine may need to start a server."""
EMPTY = 'import streamlit as st\nst.write("Nothing")\n'
# Nuzuh's own compression in front of nothing: what is left is what the pages themselves weigh.
COMPRESSED = """\
import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.server import compression

if get_script_run_ctx(suppress_warning=True) is None:
    app = st.App(__file__, middleware=[Middleware(compression.Compressed)])
else:
    st.write("Nothing")
"""
ALONE = ("dash_page", "static_page", "observable_page")
"""The rivals that serve themselves; the others are pages of Streamlit."""
QUIETLY = (
    "--server.headless=true",
    "--server.address=127.0.0.1",
    "--browser.gatherUsageStats=false",
    "--server.fileWatcherType=none",
)


class DidNotStart(Exception):  # noqa: N818
    """A server did not answer in time."""


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        address: Where it answers, without a slash at the end.
        pid: Its process.
    """

    address: str
    pid: int

    @property
    def host(self) -> str:
        """Host and port."""
        return self.address.removeprefix("http://")

    def cpu(self) -> float:
        """Seconds of processor time that it and its children have used so far."""
        ticks = 0
        for pid in (self.pid, *_children(self.pid)):
            words = _read(f"/proc/{pid}/stat").rpartition(") ")[2].split()
            ticks += int(words[11]) + int(words[12]) if words else 0
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Megabytes that are its own: proportional, where the system says so."""
        kilobytes = 0
        for pid in (self.pid, *_children(self.pid)):
            for line in _read(f"/proc/{pid}/smaps_rollup").splitlines():
                if line.startswith("Pss:"):
                    kilobytes += int(line.split()[1])
        return kilobytes / 1024


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for child in _read(f"/proc/{pid}/task/{pid}/children").split():
        found += [int(child), *_children(int(child))]
    return found


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""


@contextmanager
def serving(
    command: Sequence[str], folder: Path, *, ready: str = "/_stcore/health", **environment: str
) -> Iterator[Server]:
    """A server while the block runs; the word PORT in its command becomes its port.

    Raises:
        DidNotStart: It ended, or did not answer at `ready` in time; says what it last wrote.
    """
    port = free_port()
    words = [word.replace("PORT", str(port)) for word in command]
    given = {**os.environ, **environment, "NUZUH_PORT": str(port), "PORT": str(port)}
    with (
        tempfile.TemporaryFile() as output,
        subprocess.Popen(words, cwd=folder, env=given, stdout=output, stderr=output) as process,
    ):
        try:
            address = f"http://127.0.0.1:{port}"
            if not _answers(f"{address}{ready}", process):
                output.seek(0)
                end = output.read().decode("utf-8", "replace")[-1500:]
                raise DidNotStart(f"{' '.join(words)} did not answer at {ready}: {end}")
            yield Server(address, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(address: str, process: subprocess.Popen[bytes]) -> bool:
    until = time.monotonic() + START
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own server
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.2)
        else:
            return True
    return False


@contextmanager
def streamlit(
    source: str, *extra: str, python: str = sys.executable, **environment: str
) -> Iterator[Server]:
    """A Streamlit app of one file."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "page.py").write_text(source, encoding="utf-8")
        command = [python, "-m", "streamlit", "run", "page.py", "--server.port=PORT"]
        with serving([*command, *QUIETLY, *extra], Path(folder), **environment) as server:
            yield server


@contextmanager
def empty() -> Iterator[Server]:
    """An empty Streamlit page as Streamlit serves it by default: the floor."""
    with streamlit(EMPTY) as server:
        yield server


@contextmanager
def empty_compressed() -> Iterator[Server]:
    """The same empty page behind Nuzuh's compression of assets and of the WebSocket."""
    more = "--server.enableWebsocketCompression=true"
    with streamlit(COMPRESSED, more, PYTHONPATH=str(ROOT)) as server:
        yield server


@contextmanager
def nuzuh(store: Path, **environment: str) -> Iterator[Server]:
    """The dashboard on a store, as `make run` serves it."""
    command = [sys.executable, "-m", "dashboard"]
    with serving(command, ROOT, NUZUH_STORE=str(store), **environment) as server:
        yield server


@contextmanager
def rival(name: str, content: Path, python: Path) -> Iterator[Server]:
    """One of `bench/rivals`, served by its own library in the rivals' environment."""
    file = str(ROOT / "bench" / "rivals" / f"{name}.py")
    alone = name in ALONE
    command = [str(python), file]
    if not alone:
        command = [str(python), "-m", "streamlit", "run", file, "--server.port=PORT", *QUIETLY]
        command.append("--server.enableStaticServing=true")
    ready = "/" if alone else "/_stcore/health"
    with serving(command, content, ready=ready, NUZUH_BENCH=str(content)) as server:
        yield server
