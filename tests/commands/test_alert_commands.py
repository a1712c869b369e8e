"""Alerts as an administrator meets them: in nuzuh.toml, as commands, on the Sources page."""

import json
import os
import shutil
from collections import namedtuple
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from alerts.subscriptions import read
from commands.alerts import Watch
from commands.main import main
from data.settings import ROOT, BadConfiguration
from tests.servers import post as servers
from tests.servers.unhcr import UnhcrServer

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

CLOSED = "smtp://127.0.0.1:9?from=n@example.org&to=im@example.org"
FULL = "100000000"
"""Megabytes that no disk of a test has free: the administrator is told of it."""


Usage = namedtuple("Usage", "total used free")


def nuzuh(store, *words):
    return CliRunner().invoke(main, ["--store", str(store), *map(str, words)])


def office(monkeypatch, *channels, **more):
    table = {"name": "admin", "measures": ["health"], "channels": channels} | more
    monkeypatch.setenv("NUZUH_ALERTS", json.dumps([table]))


def mailbox(server):
    return f"smtp://127.0.0.1:{server.port}?from=n@example.org&to=im@example.org"


def test_a_run_is_as_good_as_without_alerts_where_their_channel_is_down(tmp_path, monkeypatch):
    """The figures of the night must be there in the morning, whatever the mail server does."""
    office(monkeypatch, CLOSED)
    monkeypatch.setenv("NUZUH_DISK_LEAST", FULL)
    result = nuzuh(tmp_path, "run", "published_figures")
    assert result.exit_code == 0
    assert "Alerts wait for: admin.1" in result.stderr
    listed = json.loads(nuzuh(tmp_path, "alerts", "--json").stdout)
    (channel,) = listed["channels"]
    assert (channel["problem"], channel["waiting"]) == ("unreachable", 1)
    assert "im@example.org" not in result.output + json.dumps(listed)


def test_the_sources_page_shows_a_channel_that_fails_and_no_address(tmp_path, monkeypatch):
    office(monkeypatch, CLOSED)
    monkeypatch.setenv("NUZUH_DISK_LEAST", FULL)
    nuzuh(tmp_path, "run", "published_figures")
    monkeypatch.setenv("NUZUH_STORE", str(tmp_path))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app = app.switch_page("dashboard/pages/sources.py").run()
    assert not app.exception
    body = " ".join(element.proto.body for element in app.get("html"))
    assert "admin.1" in body
    assert "it cannot be reached" in body
    assert "example.org:" not in body
    assert "im@example.org" not in body


def test_the_administrator_hears_of_a_source_that_fails_for_the_third_time(tmp_path, monkeypatch):
    with servers.mail() as server, UnhcrServer() as unhcr:
        office(monkeypatch, mailbox(server))
        nuzuh(tmp_path, "run", "published_figures")
        monkeypatch.setenv("NUZUH_URL_UNHCR", unhcr.base_url)
        unhcr.fault = "403"
        for told in (0, 0, 1, 1):
            assert nuzuh(tmp_path, "run", "unhcr_population").exit_code == 1
            assert len(server.taken) == told
    text = server.taken[0].get_body(("plain",)).get_content()
    assert "Failed attempts in a row: 3" in text
    assert "What was answered: " in text
    assert "Readers have no figures of this source yet." in text


def test_a_test_message_reaches_each_channel_and_says_which_fails(tmp_path, monkeypatch):
    with servers.mail() as server, servers.webhook() as hook:
        office(monkeypatch, mailbox(server), f"json://127.0.0.1:{hook.port}/", CLOSED)
        result = nuzuh(tmp_path, "alerts", "--test", "admin")
    assert result.exit_code == 1
    assert (len(server.taken), len(hook.sent)) == (1, 1)
    assert [line.split()[-1] for line in result.stdout.splitlines()[1:3]] == ["sent", "sent"]
    assert "it cannot be reached" in result.stdout
    assert nuzuh(tmp_path, "alerts", "--test", "nobody").exit_code == 2


def test_a_secret_of_a_channel_lies_nowhere(tmp_path, monkeypatch, caplog, capfd):
    caplog.set_level("DEBUG")
    secret = "s3cr3t-of-the-hook"  # noqa: S105 - of the test alone
    monkeypatch.setenv("HOOK", secret)
    monkeypatch.setenv("NUZUH_DISK_LEAST", FULL)
    with servers.webhook() as hook:
        office(monkeypatch, f"json://user:${{HOOK}}@127.0.0.1:{hook.port}/")
        results = [nuzuh(tmp_path, "run", "published_figures")]
        hook.status = 500
        results += [nuzuh(tmp_path, "alerts", "--test", "admin"), nuzuh(tmp_path, "alerts")]
    assert "Basic " in hook.headers[0]["Authorization"]  # it was used
    out, err = capfd.readouterr()
    said = "".join(r.output for r in results) + out + err + caplog.text
    stored = b"".join(p.read_bytes() for p in sorted(tmp_path.rglob("*")) if p.is_file())
    assert secret not in said
    assert secret.encode() not in stored


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ({}, "name"),
        ({"name": "a", "channels": []}, "channels"),
        ({"name": "a", "channels": ["https://hooks.example.org/s3cr3t"]}, "json://"),
        ({"name": "a", "channels": ["mailto:x@y.z"], "within": ["SY99"]}, "SY99"),
        ({"name": "a", "channels": ["mailto:x@y.z"], "level": 4}, "level"),
        ({"name": "a", "channels": ["mailto:x@y.z"], "quiet": "late"}, "21:00-07:00"),
        ({"name": "a", "channels": ["mailto:x@y.z"], "zone": "Mars"}, "Asia/Damascus"),
        ({"name": "a", "channels": ["mailto:x@y.z"], "digest": "year"}, "digest"),
        ({"name": "a", "channels": ["mailto:x@y.z"], "lnaguage": "ar"}, "lnaguage"),
    ],
)
def test_a_slip_in_the_configuration_is_one_sentence_without_a_secret(table, named):
    with pytest.raises(BadConfiguration) as problem:
        read([table])
    assert named in str(problem.value)
    assert "s3cr3t" not in str(problem.value)
    assert len(str(problem.value).splitlines()) == 1


def test_a_bad_configuration_stops_no_run(tmp_path, monkeypatch):
    monkeypatch.setenv("NUZUH_ALERTS", json.dumps([{"name": "A B", "channels": ["mailto:x@y.z"]}]))
    result = nuzuh(tmp_path, "run", "published_figures")
    assert result.exit_code == 0
    assert "Alerts were not sent (Alert number 1: name" in result.stderr


def test_the_sample_of_the_configuration_is_one(monkeypatch, tmp_path):
    """What an administrator uncomments must work."""
    lines = (ROOT / "nuzuh.sample.toml").read_text(encoding="utf-8").splitlines()
    at = lines.index("# [[alerts]]")
    body = "\n".join(line.removeprefix("# ").removeprefix("#") for line in lines[at:])
    path = tmp_path / "alerts.toml"
    path.write_text(body.split("\n\n")[0], encoding="utf-8")
    monkeypatch.setenv("NUZUH_ALERTS", str(path))
    from data import settings

    (found,) = read(settings.load().alerts)
    assert found.channels


def test_what_would_be_sent_can_be_read_before_and_nothing_is_noted_by_it(tmp_path, monkeypatch):
    """An administrator tries a configuration without waking an office."""
    nuzuh(tmp_path, "run", "published_figures")
    monkeypatch.setenv("NUZUH_DISK_LEAST", FULL)
    # The same text is asked for and sent: other programs write to this disk in between.
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**12, 0, 63_981_000_000))
    with servers.mail() as server:
        office(monkeypatch, mailbox(server), language="tr")
        before = sorted(p for p in tmp_path.rglob("*") if p.is_file())
        for _ in range(2):
            shown = nuzuh(tmp_path, "alerts", "--dry-run", "--json")
            (message,) = json.loads(shown.stdout)["messages"]
            assert (message["channel"], message["now"]) == ("admin.1", True)
        assert sorted(p for p in tmp_path.rglob("*") if p.is_file()) == before
        assert server.taken == []
        assert "im@example.org" not in shown.output
        assert nuzuh(tmp_path, "alerts", "--send").exit_code == 0
        (sent,) = server.taken
        assert sent.get_body(("plain",)).get_content().split() == message["text"].split()
        assert nuzuh(tmp_path, "alerts", "--dry-run").stdout.strip() == "Nothing would be sent."


def test_a_failing_channel_stands_in_the_list_of_sources(tmp_path, monkeypatch):
    """A monitor that asks for the sources learns that nobody hears of them."""
    office(monkeypatch, CLOSED)
    monkeypatch.setenv("NUZUH_DISK_LEAST", FULL)
    nuzuh(tmp_path, "run", "published_figures")
    listed = nuzuh(tmp_path, "sources", "--json")
    (channel,) = json.loads(listed.stdout)["channels"]
    assert (channel["name"], channel["problem"]) == ("admin.1", "unreachable")
    assert "example.org" not in json.dumps(channel)
    assert "Alerts wait for: admin.1" in nuzuh(tmp_path, "sources").stderr


def test_a_scheduler_tells_after_a_run_and_every_quarter_of_an_hour(monkeypatch):
    """The end of quiet hours must not wait for the next source, nor every minute start a process.

    The children that run a source are told of no alert, so that each event has one teller.
    """
    office(monkeypatch, CLOSED)
    clock, mark, told = [datetime(2026, 3, 2, 6, tzinfo=UTC)], [0], []
    watch = Watch(
        {},
        mark=lambda: mark[0],
        now=lambda: clock[0],
        tell=lambda given, environment: told.append(environment["NUZUH_ALERTS"]),
    )
    for minutes, ran, expected in ((0, 0, 1), (5, 0, 1), (1, 1, 2), (14, 0, 2), (1, 0, 3)):
        clock[0] += timedelta(minutes=minutes)
        mark[0] += ran
        watch.look()
        assert len(told) == expected
    assert all("admin" in environment for environment in told)
    assert os.environ["NUZUH_ALERTS"] == ""
