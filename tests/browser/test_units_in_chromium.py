"""The deployment as docs/deploy.md writes it: both units, the app's store read-only, one inbox."""

import shutil
import subprocess
import time
from datetime import UTC, datetime

import pytest

from data.handover import Inbox
from data.settings import ROOT
from data.store import Store
from pipelines.registry import SOURCES
from tests import carried, units
from tests.browser.conftest import App, _wait_for, free_port
from tests.browser.test_signin_in_chromium import bring, press, sign_in, told
from tests.servers.oidc import ADMINISTRATOR, Provider
from visuals.language.words import Words

UNITS = ("nuzuh-app", "nuzuh-scheduler")


@pytest.fixture
def machine(tmp_path):
    if not units.can_be_run():
        pytest.skip("THE UNITS WERE NOT RUN: this machine lets nobody make a mount namespace.")
    return tmp_path


@pytest.mark.wide
def test_a_decision_in_the_browser_is_carried_out_by_the_units_as_they_are_written(machine, sheet):
    """In both documented deployments Accept and Publish once ended in "may not be written"."""
    store = machine / "lib" / "nuzuh" / "store"
    store.mkdir(parents=True)
    carried.publish(store)
    assert bring(store, "2026-08-17", "245100") == 0
    assert bring(store, "2026-09-17", "2451000") == 1
    words, port = Words("en"), free_port()
    address = f"http://127.0.0.1:{port}"
    with Provider() as provider:
        nobody = ",".join(source.name for source in SOURCES)
        given = provider.settings(NUZUH_PORT=str(port), NUZUH_DISABLE=nobody)
        with units.running("nuzuh-app", machine, **given) as process:
            _wait_for(f"{address}/nuzuh/health", process, machine / "nuzuh-app.log")
            app, tab = App(address, store), sheet()
            # Nobody carries out yet: said before anybody decides, and the buttons rest.
            sign_in(tab, app.at("admin", lang="en"), ADMINISTRATOR)
            assert tab.page.get_by_text(words("admin.ready.nobody")).is_visible()
            press(tab, words("admin.look"))
            assert tab.page.get_by_role("button", name=words("admin.accept")).is_disabled()
            with units.running("nuzuh-scheduler", machine, **given):
                attended(Inbox(store.parent / "inbox"))
                tab.open(app.at("admin", lang="en"))
                press(tab, words("admin.look"))
                before = Store(str(store)).current().id
                press(tab, words("admin.accept"))
                told(tab, words("admin.outcome.published"))
                tab.keep("units-accepted-en")
    current = Store(str(store)).current()
    assert current.id != before
    assert current.reason == f"accept pmm_provinces by {ADMINISTRATOR}"


def attended(inbox: Inbox) -> None:
    """Wait until the scheduler says that it looks into its inbox."""
    until = time.monotonic() + 90
    while inbox.attended_until() < datetime.now(UTC):
        assert time.monotonic() < until, "The scheduler did not start."
        time.sleep(0.2)


def test_the_app_may_write_its_inbox_and_cache_and_nothing_else(machine):
    (machine / "lib" / "nuzuh" / "store").mkdir(parents=True)

    def may(unit: str, path: str) -> bool:
        words = ["touch", f"{path}/probe"]
        done = subprocess.run(
            units.command(unit, machine, words), check=False, capture_output=True, timeout=60
        )
        return done.returncode == 0

    assert may("nuzuh-app", "/var/lib/nuzuh/inbox")
    assert may("nuzuh-app", "/var/cache/nuzuh")
    assert may("nuzuh-scheduler", "/var/lib/nuzuh/store")
    for path in ("/var/lib/nuzuh/store", "/var/lib/nuzuh", "/opt/nuzuh", "/etc", "/usr"):
        assert not may("nuzuh-app", path), path


@pytest.mark.parametrize("unit", UNITS)
def test_systemd_finds_nothing_wrong_in_a_unit(machine, unit):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not here")
    # Its commands are looked for too, so the checkout lies where the unit says.
    machine_folders = [machine / "lib", machine / "cache"]
    for folder in machine_folders:
        folder.mkdir()
    step = units.MACHINE.format(root=ROOT, lib=machine_folders[0], cache=machine_folders[1])
    file = units.DEPLOY / f"{unit}.service"
    script = f'{step} && exec systemd-analyze verify --man=no "{file}"'
    done = subprocess.run(
        units.apart(script),
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
