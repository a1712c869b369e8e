"""What an administrator does goes through the commands, and written files follow the sign-in."""

import json
import os
import stat
import sys
import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from commands import editions
from commands.main import main
from dashboard.session import subprocess_cli
from data.store import Store
from pipelines.run import review
from pipelines.run import run as runs
from tests.run_contexts import Publisher, context_in, fake_source
from tests.servers.oidc import SETTINGS

AMAL = "amal@example.org"
PROVIDER = {"NUZUH_SIGN_IN": "https://login.example.org/x", **SETTINGS}
URL = "https://www.goc.gov.tr/gecici-koruma5638"


def nuzuh(folder: Path, *words: str, **environment: str):
    return CliRunner().invoke(main, ["--store", str(folder), *words], env=environment)


@pytest.fixture
def held(tmp_path):
    """A store with one answer that waits, and where the form of the next one lies."""
    path = tmp_path / "provinces.csv"
    for number in ("245100", "2451000"):
        text = f"province,as_of,syrians,source_url\nŞanlıurfa,2026-09-17,{number},{URL}\n"
        path.write_text(text, encoding="utf-8")
        nuzuh(tmp_path / "store", "import", "pmm_provinces", str(path))
    return tmp_path / "store"


def test_who_accepts_and_why_stand_in_the_releases_reason(held):
    fetch = Store(str(held)).status("pmm_provinces").held_fetch
    told = json.loads(nuzuh(held, "accept", "pmm_provinces", "--show", "--json").stdout)
    assert told["held"] == fetch
    words = ("--by", AMAL, "--why", "PMM\nconfirmed it", "--held", fetch, "--json")
    result = nuzuh(held, "accept", "pmm_provinces", *words)
    assert json.loads(result.stdout)["outcomes"][0]["state"] == "published"
    assert Store(str(held)).current().reason == (
        f"accept pmm_provinces by {AMAL}: PMM confirmed it"
    )


def test_who_rejects_and_why_stand_in_the_sources_status(held):
    nuzuh(held, "reject", "pmm_provinces", "--by", AMAL, "--why", "a digit too many")
    status = Store(str(held)).status("pmm_provinces")
    assert status.held_fetch is None
    assert status.sentence == (f"Rejected by {AMAL}: a digit too many; the published figures stay.")


@pytest.mark.parametrize("word", ["accept", "reject"])
def test_a_word_on_what_is_no_longer_held_does_nothing(held, word):
    """Two administrators, or a run between looking and pressing: nobody accepts the unseen."""
    before = Store(str(held)).current().id
    result = nuzuh(held, word, "pmm_provinces", "--held", "20200101T000000Z-0000", "--json")
    (outcome,) = json.loads(result.stdout)["outcomes"]
    assert outcome["state"] == "skipped"
    assert "look at that one first" in outcome["sentence"]
    assert Store(str(held)).current().id == before
    assert Store(str(held)).status("pmm_provinces").held_fetch


def test_without_a_name_everything_is_as_before(tmp_path):
    publisher = Publisher()
    source = fake_source(publisher=publisher)
    at = context_in(tmp_path, source)
    runs.run_source(source, at)
    publisher.years = {"2024": 1, "2025": 2}
    assert runs.run_source(source, at).state == "held"
    review.accept(source, at)
    assert at.store.current().reason == "accept example"


def test_a_preview_lists_what_changes_first_and_no_more_than_is_asked(held):
    told = json.loads(
        nuzuh(held, "accept", "pmm_provinces", "--show", "--json", "--rows", "0").stdout
    )
    assert told["figures"] == []
    assert told["changed"] + told["new"] == 1


# Written files


@pytest.mark.parametrize(
    "words",
    [
        ["edition", "--lang", "en", "--out", "{out}"],
        ["bundle", "--out", "{out}.zip"],
        ["brief", "--out", "{out}.pdf"],
        ["alerts", "--feed", "{out}"],
    ],
    ids=lambda words: words[0],
)
def test_no_file_is_written_that_a_sign_in_could_not_guard(carried_store, tmp_path, words):
    """A stick with the bundle on it would be the way around every group."""
    filled = [word.format(out=tmp_path / "out") for word in words]
    result = nuzuh(carried_store, *filled, **PROVIDER)
    assert result.exit_code == 1
    assert "--unguarded" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_feed_is_written_where_the_office_says_so_and_says_what_it_is(carried_store, tmp_path):
    said_so = {**PROVIDER, "NUZUH_SIGN_IN_EDITIONS": "true"}
    result = nuzuh(carried_store, "alerts", "--feed", str(tmp_path / "feed"), **said_so)
    assert result.exit_code == 0
    assert "No sign-in guards this file" in result.stderr
    assert list((tmp_path / "feed").iterdir())
    words = ("edition", "--unguarded", "--out", str(tmp_path / "edition"))
    once = nuzuh(tmp_path / "empty", *words, **PROVIDER)
    assert "has no release yet" in once.stderr  # the question is past, and the store is asked


def test_a_run_writes_no_edition_where_readers_sign_in(carried_store, tmp_path, monkeypatch, capfd):
    wanted = tmp_path / "editions"
    for name, value in {**PROVIDER, "NUZUH_EDITIONS": str(wanted)}.items():
        monkeypatch.setenv(name, value)
    editions.after_a_run({"store": str(carried_store)})
    assert not wanted.exists()
    said = capfd.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert "NUZUH_SIGN_IN_EDITIONS" in said[0]


def test_the_command_line_needs_no_secret_of_the_sign_in(carried_store):
    """The pipelines' machine has nuzuh.toml and not the app's secret."""
    without = {**PROVIDER, "NUZUH_SIGN_IN_SECRET": ""}
    assert nuzuh(carried_store, "sources", **without).exit_code == 0


def test_the_alerts_as_a_page_gets_them_lead_nowhere(carried_store):
    alerts = [{"name": "team", "channels": ["json://127.0.0.1:9/token-of-the-team", "${SECRET}"]}]
    told = nuzuh(carried_store, "alerts", "--json", NUZUH_ALERTS=json.dumps(alerts)).stdout
    assert "token-of-the-team" not in told
    assert "${SECRET}" not in told
    (alert,) = json.loads(told)["alerts"]
    assert alert["channels"] == [
        {"name": "team.1", "kind": "json"},
        {"name": "team.2", "kind": "address"},
    ]


# The command in a process of its own


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Stands where `python -m pipelines` would: a script that does what a test wants."""

    def stands(text: str) -> None:
        script = tmp_path / "python"
        script.write_text(f"#!{sys.executable}\nimport sys, time, os, json\n{text}\n", "utf-8")
        script.chmod(0o700)
        monkeypatch.setattr(subprocess_cli.sys, "executable", str(script))

    return stands


def test_the_real_command_answers_with_its_json(carried_store, monkeypatch):
    monkeypatch.setenv("NUZUH_STORE", str(carried_store))
    told = subprocess_cli.run("releases", "--json", seconds=60)
    assert told.trouble is None
    assert told.found["releases"][0]["current"]
    refused = subprocess_cli.run("accept", "--", "nosuch", seconds=60)
    assert refused.trouble == "refused"
    assert "There is no source 'nosuch'" in refused.sentence
    assert "Traceback" not in refused.sentence


def test_a_command_that_hangs_is_ended_with_its_children(command, tmp_path):
    """A page that waits for ever, and a publish that ends long after somebody gave up."""
    mark = tmp_path / "alive"
    child = f"import time; time.sleep(2); open({str(mark)!r}, 'w')"
    started = f"subprocess.Popen([{sys.executable!r}, '-c', {child!r}])"
    command(f"import subprocess\n{started}\ntime.sleep(60)")
    begun = time.monotonic()
    assert subprocess_cli.run("x", seconds=1).trouble == "late"
    assert time.monotonic() - begun < 10
    time.sleep(2)
    assert not mark.exists()


def test_an_answer_without_end_is_not_kept(command):
    command("print(json.dumps({'figures': 'x' * 9_000_000}))")
    told = subprocess_cli.run("x", seconds=60)
    assert told.found == {}
    assert told.body == b""


def test_the_command_is_not_told_the_secret_of_the_sign_in(command, monkeypatch):
    monkeypatch.setenv("NUZUH_SIGN_IN_SECRET", "not-for-the-command")
    monkeypatch.setenv("NUZUH_CONTACT", "for-the-command")
    command("print(json.dumps(dict(os.environ)))")
    found = subprocess_cli.run("x", seconds=60).found
    assert found["NUZUH_CONTACT"] == "for-the-command"
    assert "not-for-the-command" not in str(found)


def test_no_more_commands_at_once_than_the_machine_has_for_them(command, monkeypatch):
    """Every administrator pressing at once must not starve the readers of the same machine."""
    monkeypatch.setattr(subprocess_cli, "PATIENCE", 0.2)
    command("time.sleep(2); print('{}')")
    found: list[str | None] = []
    several = [
        threading.Thread(target=lambda: found.append(subprocess_cli.run("x", seconds=30).trouble))
        for _ in range(subprocess_cli.AT_ONCE + 1)
    ]
    for one in several:
        one.start()
    for one in several:
        one.join()
    assert sorted(map(str, found)) == ["None"] * subprocess_cli.AT_ONCE + ["busy"]


def test_a_brought_file_is_readable_by_nobody_else_and_gone_afterwards():
    with subprocess_cli.on_disk("provinces.csv", b"body") as path:
        assert path.read_bytes() == b"body"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert not path.parent.exists()


@given(st.one_of(st.text(max_size=300), st.sampled_from(["../../etc/passwd", "..\\x", "-o", "."])))
def test_whatever_a_files_name_is_it_leads_nowhere_else(name):
    made = subprocess_cli.tidy(name)
    assert made == Path(made).name
    assert made not in ("", ".", "..")
    assert not made.startswith(("-", "."))
    assert os.sep not in made
    assert "\0" not in made
    assert len(made.encode()) <= 255


def test_the_name_that_a_source_reads_is_kept():
    assert subprocess_cli.tidy("origin-SYR.json") == "origin-SYR.json"
    assert subprocess_cli.tidy("C:\\Users\\amal\\il göç (son).xlsx") == "il göç (son).xlsx"
