"""Alerts as an administrator meets them: in nuzuh.toml, as commands, on the Sources page."""

import json
import os
import shutil
from collections import namedtuple
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from alerts import health
from alerts.ledger import Ledger
from alerts.messages import Writer
from alerts.subscriptions import Subscription, read
from alerts.threads import AlertThread, update
from commands.alerts import Watch
from commands.main import main
from data.schema.check_results import CheckResult
from data.settings import ROOT, BadConfiguration
from data.store import Channel, Status
from data.store.status import Pause
from tests.servers import post as servers
from tests.servers.unhcr import UnhcrServer
from visuals.language.words import LANGUAGES

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
    assert "Response received: " in text
    assert "Readers have no figures of this source yet." in text


NEWEST = "Reference date of the newest figure:"
HEALTH = {
    "en": [
        f"Last successful update: 11 November 2026. {NEWEST} 31 October 2026.",
        "In this state since 25 November 2026.",
        "Response received: the publisher's file was cut short.",
        "Readers meanwhile see the figures of the last successful update, 11 November 2026.",
    ],
    "ar": [
        "آخر تحديث ناجح: 11 تشرين الثاني 2026. التاريخ المرجعي لأحدث رقم: 31 تشرين الأول 2026.",
        "على هذه الحال منذ 25 تشرين الثاني 2026.",
        "الرد الوارد: \u2066the publisher's file was cut short.\u2069",
        "يرى القرّاء في هذه الأثناء أرقام آخر تحديث ناجح، 11 تشرين الثاني 2026.",
    ],
    "tr": [
        "Son başarılı güncelleme: 11 Kasım 2026. En yeni verinin referans tarihi: 31 Ekim 2026.",
        "Bu durum 25 Kasım 2026 tarihinden beri sürüyor.",
        "Alınan yanıt: the publisher's file was cut short.",
        "Bu sırada okuyucular son başarılı güncellemenin (11 Kasım 2026) verilerini görür.",
    ],
}
"""What a mail says of a source that is late: state, since when, cause, what readers see."""
ODP = {
    "source": "unhcr_odp",
    "title": "UNHCR: Operational Data Portal",
    "cadence_days": 1.0,
    "late_after_days": 14.0,
}
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def mailed(status, language="en"):
    """The lines of a mail on each thing that is wrong with a source at noon."""
    write = Writer("https://figures.example.org")
    alert = Subscription(
        name="admin", channels=("json://127.0.0.1:9/",), measures=("health",), language=language
    )
    ledger = Ledger(Channel("admin.1", "json"))
    found = health.items([ODP], {"unhcr_odp": status}, None, NOON)
    return [
        write(alert, (AlertThread(thread, thread.notes),), NOON.date()).text.splitlines()[2:-1]
        for thread in update(ledger, found, NOON.date()).threads
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_says_of_a_late_source_since_when_why_and_what_readers_see(language):
    """It once said "since" of the last success, and of what readers see two things at once."""
    late = Status(
        "unhcr_odp",
        last_attempt=NOON - timedelta(days=1),
        last_success=NOON - timedelta(days=20),
        outcome="failed",
        failures=2,
        failing_since=NOON - timedelta(days=2),
        sentence="the publisher's file was cut short.",
        newest_as_of=date(2026, 10, 31),
    )
    (lines,) = mailed(late, language)
    assert lines[:-1] == HEALTH[language]
    task = "https://figures.example.org/admin?lang={}&task=sources&source=unhcr_odp"
    assert lines[-1].endswith(task.format(language))


def test_a_mail_says_who_paused_a_source_and_that_nobody_asked_it():
    asleep = Status(
        "unhcr_odp",
        last_attempt=NOON - timedelta(days=70),
        last_success=NOON - timedelta(days=70),
        outcome="unchanged",
        paused=Pause(NOON - timedelta(days=69), "amal@example.org"),
    )
    (lines,) = mailed(asleep)
    paused = "paused the source on 23 September 2026; its data are not being requested."
    assert lines[1:3] == [
        "In this state since 17 November 2026.",  # four times fourteen days after the last answer
        f"amal@example.org {paused}",
    ]
    (lines,) = mailed(replace(asleep, paused=None))
    asked = "Data were last requested on 22 September 2026, and no error was reported."
    assert lines[2] == asked


def test_a_mail_on_a_held_answer_says_what_is_doubted_and_leads_to_its_task():
    shrunk = CheckResult("shrunk", {"now": 12, "before": 9_300})
    waits = Status(
        "unhcr_odp",
        last_attempt=NOON - timedelta(hours=1),
        last_success=NOON - timedelta(days=3),
        outcome="held",
        held_fetch="20261201T110000Z-0123456789ab",
        held_doubts=(shrunk,),
    )
    (lines,) = mailed(waits)
    assert lines[1:] == [
        "In this state since 1 December 2026.",
        "Figures in the new data: 12; in the previous: 9,300.",
        "Readers meanwhile see the figures of the last successful update, 28 November 2026.",
        "Open the task: https://figures.example.org/admin?lang=en&task=held&source=unhcr_odp",
    ]


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
