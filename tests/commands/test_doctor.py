"""`nuzuh doctor` for the one person with other work: what is wrong, and what to do."""

import json
import os
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from commands.main import main
from data.store import Publication, Status, Store
from tests.builders import figures

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]
KEY = "s3cr3t-k3y-of-the-office"


@pytest.fixture
def office(tmp_path, monkeypatch):
    """An empty folder to work in, and a port where nobody answers."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NUZUH_PORT", "9")
    monkeypatch.setenv("NUZUH_CONTACT", "im@example.org")
    return tmp_path


def checks(office, *, code=0):
    result = CliRunner().invoke(main, ["--store", str(office / "store"), "doctor", "--json"])
    assert result.exit_code == code, result.output
    found = {}
    for check in json.loads(result.stdout)["checks"]:
        found.setdefault(check["name"], check)
    return found


def published(office, at):
    rows = figures({"source": "s", "via": "s"})
    Store(str(office / "store")).publish(Publication("s", rows, "s"), now=at)


def test_an_empty_store_is_wrong_and_the_remedy_is_a_command(office):
    found = checks(office, code=1)
    assert found["store"]["state"] == "wrong"
    assert "nuzuh run published_figures" in found["store"]["sentence"]


def test_a_setting_that_cannot_be_used_ends_it_in_one_sentence(office, monkeypatch):
    monkeypatch.setenv("NUZUH_STORE", "http://figures.example.org/store")
    result = CliRunner().invoke(main, ["doctor"])
    assert result.exit_code == 1
    assert "can be altered" in result.stdout


def test_a_sound_office_has_nothing_wrong(office):
    published(office, datetime.now(UTC) - timedelta(hours=1))
    found = checks(office)
    assert {name for name, check in found.items() if check["state"] == "wrong"} == set()
    assert "port 9" in found["app"]["sentence"]


def test_a_sign_in_that_cannot_work_is_named_before_the_dashboard_refuses_to_start(
    office, monkeypatch
):
    """Whoever sets it up asks doctor first, and must not hear that all is well."""
    published(office, datetime.now(UTC) - timedelta(hours=1))
    assert "sign-in" not in checks(office)
    provider = "https://login.example.org/.well-known/openid-configuration"
    given = {"SIGN_IN": provider, "SIGN_IN_READERS": "*", "ADDRESS": "http://figures.example.org"}
    for name, value in given.items():
        monkeypatch.setenv(f"NUZUH_{name}", value)
    result = CliRunner().invoke(main, ["--store", str(office / "store"), "doctor"])
    assert result.exit_code == 1
    assert "wrong  sign-in: NUZUH_SIGN_IN_CLIENT is not set" in result.stdout
    assert "wrong  sign-in: NUZUH_ADDRESS must start with https://" in result.stdout
    monkeypatch.setenv("NUZUH_SIGN_IN_CLIENT", "nuzuh")
    monkeypatch.setenv("NUZUH_ADDRESS", "https://figures.example.org")
    monkeypatch.delenv("NUZUH_SIGN_IN_SECRET", raising=False)
    # The secret may well be in the dashboard's environment alone.
    assert checks(office, code=1)["sign-in"]["state"] == "look"
    monkeypatch.setenv("NUZUH_SIGN_IN_SECRET", KEY)
    assert checks(office, code=1)["sign-in"]["state"] == "good"
    assert KEY not in str(checks(office, code=1))


def test_a_clock_that_is_behind_is_found(office):
    published(office, datetime.now(UTC) + timedelta(days=1))
    assert checks(office, code=1)["clock"]["state"] == "wrong"


def test_a_scheduler_that_nobody_started_is_found(office):
    published(office, datetime.now(UTC))
    store = Store(str(office / "store"))
    long_ago = datetime.now(UTC) - timedelta(days=90)
    store.set_status(Status("unhcr_population").after(long_ago, "published", "Well."))
    found = checks(office, code=1)
    assert "nuzuh serve" in found["scheduler"]["sentence"]
    assert "unhcr_population" in found["scheduler"]["sentence"]


def test_what_waits_and_what_fails_is_named_with_its_command(office):
    published(office, datetime.now(UTC))
    store = Store(str(office / "store"))
    now = datetime.now(UTC)
    held = {"held_fetch": "f", "held_reasons": ("SYR fell by 80 %.",)}
    store.set_status(Status("unhcr_population").after(now, "held", "Waits.", **held))
    store.set_status(Status("fts_funding").after(now, "failed", "The publisher is away; wait."))
    found = checks(office)
    assert "SYR fell by 80 %." in found["unhcr_population"]["sentence"]
    assert "nuzuh accept unhcr_population" in found["unhcr_population"]["sentence"]
    assert found["fts_funding"]["sentence"] == "The publisher is away; wait."


def test_keys_that_others_may_read_are_told_of_and_never_printed(office, monkeypatch):
    (office / "nuzuh.toml").write_text(f'[key]\nDTM = "{KEY}"\n')
    (office / "nuzuh.toml").chmod(0o644)
    published(office, datetime.now(UTC))
    found = checks(office)
    assert "chmod 600" in found["secrets"]["sentence"]
    assert KEY not in json.dumps(found)
    (office / "nuzuh.toml").chmod(0o600)
    assert "secrets" not in checks(office)


def test_a_full_disk_is_wrong(office, monkeypatch):
    published(office, datetime.now(UTC))
    monkeypatch.setenv("NUZUH_DISK_LEAST", "999999999")
    assert "nuzuh prune" in checks(office, code=1)["disk"]["sentence"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_store_that_may_not_be_written_is_wrong(office):
    published(office, datetime.now(UTC))
    (office / "store").chmod(0o500)
    assert checks(office, code=1)["writing"]["state"] == "wrong"


def test_the_metrics_of_a_machine_without_an_app_are_a_file(office):
    published(office, datetime.now(UTC))
    file = office / "nuzuh.prom"
    words = ["--store", str(office / "store"), "metrics"]
    assert CliRunner().invoke(main, [*words, "-o", str(file)]).exit_code == 0
    assert "nuzuh_up 1.0" in file.read_text()
    assert "nuzuh_up 1.0" in CliRunner().invoke(main, words).stdout


def test_a_log_for_programs_is_json_on_every_line(office, monkeypatch):
    monkeypatch.setenv("NUZUH_LOG", "json")
    monkeypatch.setenv("NUZUH_KEY_DTM", KEY)
    words = ["--store", str(office / "store"), "run", "published_figures", "camp_ledger"]
    result = CliRunner().invoke(main, words)
    lines = [json.loads(line) for line in result.output.splitlines()]
    assert [line["source"] for line in lines] == ["published_figures", "camp_ledger"]
    assert lines[0]["event"] == "run"
    assert lines[0]["state"] == "published"
    assert lines[0]["figures"] > 1000
    assert KEY not in result.output


def test_where_administrators_sign_in_it_says_whether_anybody_carries_out_their_decisions(
    office, monkeypatch
):
    """Accept would be pressed, and nothing would ever come of it."""
    from data.handover import Inbox
    from tests.servers.oidc import SETTINGS

    published(office, datetime.now(UTC) - timedelta(hours=1))
    assert "decisions" not in checks(office)  # nobody decides where nobody signs in
    for name, value in {"NUZUH_SIGN_IN": "https://login.example.org/x", **SETTINGS}.items():
        monkeypatch.setenv(name, value)
    found = checks(office, code=1)["decisions"]
    assert found["state"] == "wrong"
    assert "nuzuh serve" in found["sentence"]
    Inbox(office / "store" / "inbox").attend(datetime.now(UTC), "a scheduler")
    assert checks(office)["decisions"]["state"] == "good"
    monkeypatch.setenv("NUZUH_INBOX", str(office / "elsewhere"))
    assert checks(office, code=1)["decisions"]["state"] == "wrong"
