"""What an office's machine goes through, with the real processes: kills and a full disk."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress

import pytest
import requests

from data.settings import ROOT
from pipelines import registry
from tests import carried
from tests.browser.conftest import free_port
from tests.servers.unhcr import UnhcrServer

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

NUZUH = [sys.executable, "-m", "pipelines"]
UNSHARE = shutil.which("unshare")
PATIENCE = 60.0


@contextmanager
def running(*command, **environment):
    """A process of our own, killed at the end whatever happens."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=10)


def office(publisher):
    return {"NUZUH_URL_UNHCR": publisher.base_url, "NUZUH_CONTACT": "im@example.org"}


def sound(store):
    """Whether every figure comes out of its stored file again."""
    command = [*NUZUH, "--store", store.address, "verify"]
    return subprocess.run(command, cwd=ROOT, timeout=PATIENCE).returncode == 0


def until(what, *, patience=PATIENCE):
    """Wait until `what()` is true; what it said."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            found = what()
        except (requests.ConnectionError, requests.Timeout):
            found = None
        if found:
            return found
        time.sleep(0.1)
    pytest.fail("it did not happen in time")


def test_a_dashboard_that_is_killed_serves_again_what_it_served(tmp_path):
    """The system kills the largest process where memory runs out; units start it again."""
    store = carried.publish(tmp_path / "store")
    port = free_port()
    health = f"http://127.0.0.1:{port}/nuzuh/health"
    given = {"NUZUH_STORE": store.address, "NUZUH_PORT": str(port)}
    said = []
    for _ in range(2):
        with running(sys.executable, "-m", "dashboard", **given) as app:
            answer = until(lambda: requests.get(health, timeout=5))
            said.append((answer.status_code, answer.json()["release"]))
            os.kill(app.pid, signal.SIGKILL)
            app.wait(10)
        with pytest.raises(requests.ConnectionError):
            requests.get(health, timeout=5)
    assert said == [(200, store.current().id)] * 2
    assert sound(store)


def test_a_scheduler_that_is_killed_in_a_run_asks_again_and_loses_nothing(tmp_path):
    """The power fails while a publisher is slow: the next start makes up for it."""
    folder = tmp_path / "store"
    store = carried.publish(folder)
    before = store.current()
    with UnhcrServer() as publisher:
        given = office(publisher) | {
            "NUZUH_STORE": store.address,
            "NUZUH_DISABLE": ",".join(
                source.name for source in registry.SOURCES if source.name != "unhcr_population"
            ),
        }
        publisher.fault = "timeout"
        with running(*NUZUH, "serve", **given) as scheduler:
            until(lambda: publisher.asked)
            os.killpg(scheduler.pid, signal.SIGKILL)
            scheduler.wait(10)
        assert store.current().id == before.id
        assert store.status("unhcr_population") is None, "a run that never ended is no failure"
        publisher.fault = None
        with running(*NUZUH, "serve", **given) as scheduler:
            until(lambda: store.current().id != before.id)
            scheduler.terminate()
            assert scheduler.wait(20) == 0
    found = store.current().figures()
    assert found["source"].eq("unhcr_population").any()
    assert len(store.current().vintages()) > len(before.vintages())
    assert sound(store)


@pytest.mark.skipif(UNSHARE is None, reason="a small disk needs unshare")
def test_a_disk_that_is_really_full_stops_writing_and_nothing_else(tmp_path):
    """Readers keep the last figures, the log says what to do, and then it goes on by itself."""
    with UnhcrServer() as publisher:
        done = subprocess.run(
            [UNSHARE, "-rm", sys.executable, "-m", "tests.full_disk", str(tmp_path)],
            cwd=ROOT,
            env=os.environ | office(publisher),
            capture_output=True,
            text=True,
            timeout=200,
        )
    if not done.stdout:
        pytest.skip(f"this machine mounts no small disk: {done.stderr.strip()[-200:]}")
    first, full, listed, again, verified = json.loads(done.stdout)
    assert first["code"] == 0, first
    assert full["code"] == 1
    assert "disk" in full["out"] + full["err"]
    assert "Traceback" not in full["err"]
    sources = {row["source"]: row for row in json.loads(listed["out"])["sources"]}
    assert sources["published_figures"]["outcome"] == "published", "readers keep what there was"
    assert again["code"] == 0, again
    assert verified["code"] == 0, verified
    assert list(tmp_path.iterdir()) == [], "the small disk was this test's alone"
