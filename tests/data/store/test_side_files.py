"""Notes beside the releases: cut, garbled or absurd, they stop nothing and are begun anew."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from alerts.ledger import Ledger, from_bytes
from commands.main import main
from data.store import (
    Channel,
    Decision,
    Publication,
    Status,
    Store,
    StoreBroken,
    StoreBusy,
    Token,
    Withheld,
)
from data.store.objects import Objects
from pipelines.run.run import run_source
from tests import carried, run_contexts
from tests.builders import figures

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAMAGE = {
    "empty": lambda body: b"",
    "cut": lambda body: body[: len(body) // 2],
    "garbled": lambda body: b"\x00\xff" * 40,
    "flipped": lambda body: body[:90] + bytes([body[90] ^ 1]) + body[91:],
    "nested": lambda body: b"{\n" + b'"a": [' + b"[" * 100_000,
    "another kind": lambda body: b'{\n "attempts": 7, "channel": [], "figures": 3\n}',
    "huge": lambda body: b'{\n "failures": 1' + b"0" * 5000 + b"}",
}
WITHHELD = "withheld/test_source.json"
COMMANDS = (
    ("sources", "--json"),
    ("metrics",),
    ("doctor", "--json"),
    ("releases",),
    ("decisions", "--json"),
    ("alerts",),
    ("verify",),
)


def noted(store):
    """Each kind of note once; their paths."""
    store.set_status(Status("test_source").after(NOW, "published", "Well."))
    store.set_ledger("office.1", Ledger(Channel("office.1", "mail")).to_bytes())
    decision = Decision("0" * 24, "accept", NOW, by="amal")
    store.note(decision)
    left = Withheld("f", 1, None, "0" * 24, "amal", "a digit", "2026-11-30", "x", {})
    store.set_withheld("test_source", [left])
    token = Token("0" * 12, "a notebook", "0" * 64, "amal", NOW)
    store.set_token(token)
    return {
        token.path,
        "status/test_source.json",
        "alerts/office.1.json",
        decision.path,
        WITHHELD,
    }


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_note_counts_as_none_and_says_so(tmp_path, damage):
    store = Store(str(tmp_path))
    store.publish(
        Publication("test_source", figures({"value": 1}), "run"), now=NOW - timedelta(days=1)
    )
    paths = noted(store)
    for path in paths:
        file = tmp_path / path
        file.write_bytes(DAMAGE[damage](file.read_bytes()))
    assert store.status("test_source").outcome == "lost"
    assert store.statuses()["test_source"].last_success is None
    assert store.channels() == []
    assert store.ledger("office.1", from_bytes) is None
    assert store.decisions() == []
    assert store.tokens() == []
    # To take this one for nothing would publish what a person withheld.
    with pytest.raises(StoreBroken, match="nuzuh decisions"):
        store.withheld("test_source")
    assert {fault.path for fault in store.side_faults()} == paths
    assert store.current().warning is None
    told = list(store.repair(lambda s, d: None, now=NOW))
    assert {each.path for each in told if each.mended} == paths - {WITHHELD}
    assert [fault.path for fault in store.side_faults()] == [WITHHELD]
    aside = [path for path in (tmp_path / "damaged").rglob("*") if path.is_file()]
    assert len(aside) == len(paths) - 1


def test_the_next_run_begins_the_note_anew_and_tells_it_once(tmp_path):
    """A cut status stopped the scheduler for every source, for good."""
    source = run_contexts.fake_source()
    context = run_contexts.context_in(tmp_path, source)
    run_source(source, context)
    file = tmp_path / "status" / f"{source.name}.json"
    file.write_bytes(file.read_bytes()[:40])
    told = run_source(source, context)
    assert told.good
    assert "damaged" in told.sentence
    assert "damaged" not in run_source(source, context).sentence


@pytest.mark.enable_socket
def test_every_command_goes_on_beside_damaged_notes(tmp_path):
    store = carried.publish(tmp_path)
    for path in noted(store):
        (tmp_path / path).write_bytes(b"{\n" + b"[" * 100_000)
    for words in COMMANDS:
        done = CliRunner().invoke(main, ["--store", store.address, *words])
        assert done.exception is None or isinstance(done.exception, SystemExit), words
    found = json.loads(
        CliRunner().invoke(main, ["--store", store.address, "doctor", "--json"]).stdout
    )
    named = {check["name"] for check in found["checks"]}
    assert "status/test_source.json" in named


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_second_scheduler_is_told_in_a_sentence_beside_a_damaged_claim(tmp_path, damage):
    """It ended in a traceback, and nobody read that another one is at work."""
    store = Store(str(tmp_path))
    with store.lease_scheduler():
        claim = tmp_path / "locks" / "scheduler.json"
        claim.write_bytes(DAMAGE[damage](claim.read_bytes()))
        with pytest.raises(StoreBusy, match="Another process is at work"):
            store.lease_scheduler().__enter__()


def test_a_claim_whose_year_was_flipped_holds_nothing(tmp_path):
    """2026 is one bit from 3026: no scheduler would have begun before then."""
    objects = Objects(str(tmp_path))
    with objects.claim("example"):
        claim = tmp_path / "locks" / "example.json"
        until = (NOW.replace(year=3026)).isoformat()[:4].encode()
        year = f"{datetime.now(UTC):%Y}".encode()
        flipped = claim.read_bytes().replace(b'"until": "' + year, b'"until": "' + until)
    claim.write_bytes(flipped)
    assert b"3026" in flipped
    with objects.claim("example"):
        pass
