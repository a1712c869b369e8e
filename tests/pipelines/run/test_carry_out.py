"""Decisions of administrators: carried out once each, whoever is killed, and remembered."""

import json
import os
import shutil
from dataclasses import asdict, replace
from datetime import timedelta
from hashlib import sha256
from multiprocessing import get_context

import pytest

from data.handover import BadRequest, Inbox, NotHandedOver, Request, tokens
from data.handover import inbox as inboxes
from data.handover.request import from_bytes
from data.store import Status, Store
from data.store import objects as files
from pipelines.errors import SourceUnavailable
from pipelines.run import carry_out
from pipelines.run.run import run_source
from tests.effort import one_in
from tests.run_contexts import NOW, Publisher, context_in, fake_source

AMAL, RANA = "amal@example.org", "rana@example.org"
FORM = b'{"2024": 90000, "2023": 120000}'
KILLED = 9
MOST_STEPS = 60


@pytest.fixture
def publisher():
    return Publisher()


@pytest.fixture
def context(tmp_path, publisher):
    """A store with figures of two years, and an answer tenfold of one of them that is held."""
    made = context_in(tmp_path / "store", fake_source(publisher=publisher))
    assert run_source(made.sources[0], made).state == "published"
    publisher.years = {"2024": 900_000, "2025": 100_000, "2023": 101_000}
    assert run_source(made.sources[0], made).state == "held"
    return made


@pytest.fixture
def inbox(tmp_path):
    return Inbox(tmp_path / "inbox")


def asked(context, kind="accept", by=AMAL, press="1", **more):
    held = context.store.status("example").held_fetch
    given = {"source": "example"} | ({"held": held} if kind in ("accept", "reject") else {})
    return Request.of(kind, by, press, NOW, **(given | more))


def values(context):
    figures = context.store.current().figures()
    return dict(zip(figures["as_of"].dt.year, figures["value"], strict=True))


def test_a_decision_is_carried_out_and_says_who_and_what_became_of_it(context, inbox):
    inbox.hand_over(asked(context, why="OCHA confirmed\nit"))
    (done,) = carry_out.everything(inbox, context)
    assert (done.outcome, done.by, done.why) == ("published", AMAL, "OCHA confirmed it")
    assert done.release == context.store.current().id
    assert context.store.current().reason == f"accept example by {AMAL}: OCHA confirmed it"
    assert values(context) == {2024: 900_000, 2025: 100_000, 2023: 101_000}
    assert context.store.decisions() == [done]
    assert inbox.waiting() == []
    assert list(inbox.folder.iterdir()) == []


def test_the_same_press_twice_is_one_decision(context, inbox):
    """A double click, or a page that the browser sent again."""
    inbox.hand_over(asked(context))
    inbox.hand_over(asked(context))
    assert len(carry_out.everything(inbox, context)) == 1
    inbox.hand_over(replace(asked(context), held=context.store.decisions()[0].held))
    releases = len(context.store.releases())
    carry_out.everything(inbox, context)
    assert len(context.store.decisions()) == 1
    assert len(context.store.releases()) == releases


def test_of_two_administrators_the_second_is_told_who_was_first(context, inbox):
    """One accepts while the other rejects what both look at: the first word counts."""
    first = asked(context, by=AMAL)
    second = replace(asked(context, "reject", by=RANA, press="2"), asked_at=NOW + timedelta(0, 1))
    inbox.hand_over(second)
    inbox.hand_over(first)
    accepted, refused = carry_out.everything(inbox, context)
    assert (accepted.by, accepted.outcome) == (AMAL, "published")
    assert (refused.by, refused.outcome) == (RANA, "skipped")
    assert f"{AMAL} decided on it at 2026-11-24 12:00 UTC (accept: published)" in refused.sentence
    assert values(context)[2024] == 900_000


def test_some_rows_are_withheld_with_the_reason_until_the_source_says_something_else(
    context, inbox, publisher
):
    """The tenfold row stays as it was published; the rest reaches readers at once."""
    figures = context.store.current().figures()
    (wrong,) = figures.loc[figures["as_of"].dt.year == 2024, "figure_id"]
    inbox.hand_over(asked(context, withheld=(wrong,), why="a digit too many"))
    (done,) = carry_out.everything(inbox, context)
    assert done.outcome == "published"
    assert values(context) == {2024: 90_000, 2025: 100_000, 2023: 101_000}
    (kept,) = context.store.withheld("example")
    assert (kept.figure_id, kept.value, kept.by) == (wrong, 900_000, AMAL)
    assert kept.why == "a digit too many"
    again = run_source(context.sources[0], context)
    assert again.state == "unchanged", again.sentence
    assert values(context)[2024] == 90_000
    publisher.years = {"2024": 90_500, "2025": 100_000, "2023": 101_000}
    assert run_source(context.sources[0], context).state == "published"
    assert values(context)[2024] == 90_500


def test_whoever_withholds_every_row_is_told_to_reject(tmp_path, inbox):
    publisher = Publisher(**{"2025": 100_000})
    context = context_in(tmp_path / "one", fake_source(publisher=publisher))
    run_source(context.sources[0], context)
    publisher.years = {"2025": 1_000_000}
    assert run_source(context.sources[0], context).state == "held"
    (row,) = context.store.current().figures()["figure_id"]
    inbox.hand_over(asked(context, withheld=(row,)))
    (done,) = carry_out.everything(inbox, context)
    assert done.outcome == "skipped"
    assert "reject it instead" in done.sentence
    assert context.store.status("example").held_fetch


def test_a_rejected_answer_rejects_itself_the_next_week_and_says_who_and_why(
    context, inbox, publisher
):
    inbox.hand_over(asked(context, "reject", why="a digit too many"))
    (done,) = carry_out.everything(inbox, context)
    assert done.outcome == "rejected"
    later = replace(context, now=lambda: NOW + timedelta(7))
    again = run_source(context.sources[0], later)
    assert again.state == "rejected"
    assert again.sentence == (
        f"The same answer was rejected on 2026-11-24 by {AMAL}: a digit too many; "
        "the published figures stay."
    )
    status = context.store.status("example")
    assert status.held_fetch is None
    assert status.failing_since == NOW + timedelta(0)
    publisher.years = {"2024": 900_001, "2025": 100_000, "2023": 101_000}
    assert run_source(context.sources[0], later).state == "held"  # it says something else


def test_a_rejection_can_be_taken_back(context, inbox, publisher):
    held = context.store.status("example").held_fetch
    inbox.hand_over(asked(context, "reject"))
    carry_out.everything(inbox, context)
    inbox.hand_over(Request.of("accept", RANA, "2", NOW, source="example", held=held))
    (done,) = carry_out.everything(inbox, context)
    assert done.outcome == "published"
    assert done.counts == {"new": 1, "changed": 1, "withdrawn": 0}
    assert done in context.store.decisions()  # as the administrator's page reads it
    assert values(context)[2024] == 900_000
    assert context.store.status("example").rejected == ()
    assert run_source(context.sources[0], context).state == "unchanged"


def test_a_rollback_goes_back_from_the_release_that_was_looked_at_and_no_other(context, inbox):
    store = context.store
    first = store.current().id
    inbox.hand_over(asked(context))
    carry_out.everything(inbox, context)
    second = store.current().id
    given = {"release": first, "expects": second}
    inbox.hand_over(Request.of("rollback", AMAL, "2", NOW, why="exchanged", given=given))
    (done,) = carry_out.everything(inbox, context)
    assert done.outcome == "published"
    assert values(context) == {2024: 90_000, 2025: 100_000}
    assert store.current().reason == f"rollback to {first} by {AMAL}: exchanged"
    inbox.hand_over(Request.of("rollback", RANA, "3", NOW, given=given))
    (late,) = carry_out.everything(inbox, context)
    assert late.outcome == "skipped"
    assert "published meanwhile" in late.sentence


def test_asked_again_a_source_is_asked_now_and_says_what_came(context, inbox, publisher):
    """An administrator who heard that a publisher is back need not wait for the next turn."""
    publisher.years = {"2024": 90_000, "2025": 100_500}
    inbox.hand_over(asked(context, "ask"))
    (done,) = carry_out.everything(inbox, context)
    assert (done.outcome, done.by) == ("published", AMAL)
    assert values(context) == {2024: 90_000, 2025: 100_500}
    publisher.error = SourceUnavailable("example.org could not be reached.")
    inbox.hand_over(asked(context, "ask", press="2"))
    (done,) = carry_out.everything(inbox, context)
    assert (done.outcome, done.sentence) == ("failed", "example.org could not be reached.")
    assert values(context) == {2024: 90_000, 2025: 100_500}


def test_a_paused_source_is_not_due_and_a_schedule_of_its_own_counts(context, inbox):
    from pipelines.run import schedule

    source = context.sources[0]
    later = NOW + timedelta(days=30)
    assert schedule.due([source], context.store.statuses(), later) == [source]
    inbox.hand_over(asked(context, "pause", why="publisher moves house"))
    carry_out.everything(inbox, context)
    assert schedule.due([source], context.store.statuses(), later) == []
    assert context.store.status("example").paused.by == AMAL
    inbox.hand_over(asked(context, "resume", press="2"))
    inbox.hand_over(asked(context, "schedule", press="3", given={"cadence_days": "90"}))
    carry_out.everything(inbox, context)
    assert schedule.due([source], context.store.statuses(), later) == []
    assert schedule.due([source], context.store.statuses(), NOW + timedelta(91)) == [source]


def test_a_decision_waits_for_a_run_of_its_source_and_is_not_lost(context, inbox):
    inbox.hand_over(asked(context))
    with context.store.lock_source("example"):
        assert carry_out.everything(inbox, context) == []
    (done,) = carry_out.everything(inbox, context)
    assert done.outcome == "published"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[1]",
        b"\xff\xfe",
        b'{"id": "../../../etc/passwd"}',
        json.dumps(
            {
                "id": "0" * 24,
                "kind": "delete",
                "by": "x",
                "asked_at": "2026-11-24T12:00:00+00:00",
                "source": "example",
            },
            indent=1,
        ).encode(),
        json.dumps(
            {
                "id": "0" * 24,
                "kind": "accept",
                "by": "x",
                "asked_at": "2026-11-24T12:00:00",
                "source": "../example",
            },
            indent=1,
        ).encode(),
    ],
)
def test_what_is_no_request_is_removed_and_told_and_stops_nothing(context, inbox, body):
    """Whoever may write the inbox may write anything; the next decision is carried out."""
    inbox.hand_over(asked(context))
    (inbox.folder / f"{'0' * 24}.json").write_bytes(body)
    told = []
    (done,) = carry_out.everything(inbox, context, told.append)
    assert done.outcome == "published"
    assert len(told) == 1
    assert list(inbox.folder.iterdir()) == []


def test_no_flipped_bit_makes_another_decision_of_a_request(context):
    """One digit of an id, and another figure than the one a person saw would be withheld."""
    request = asked(context, withheld=("0123456789abcdef",), why="a digit too many")
    body = request.to_bytes()
    assert from_bytes(body) == request
    for where in range(len(body)):
        for bit in range(8):
            bent = bytearray(body)
            bent[where] ^= 1 << bit
            with pytest.raises(BadRequest):
                from_bytes(bytes(bent))


def test_a_request_of_the_version_before_is_still_carried_out(context, inbox):
    """Its dashboard may be the older one while both are upgraded: it wrote no hash."""
    request = asked(context)
    inbox.folder.mkdir()
    written = json.dumps(asdict(request), default=str, indent=1)
    (inbox.folder / f"{request.id}.json").write_text(written)
    assert inbox.waiting() == [request]


def test_a_link_in_the_inbox_leads_nowhere(context, inbox, tmp_path):
    request = asked(context)
    elsewhere = tmp_path / "elsewhere.json"
    elsewhere.write_bytes(request.to_bytes())
    inbox.folder.mkdir()
    (inbox.folder / f"{request.id}.json").symlink_to(elsewhere)
    carry_out.everything(inbox, context)
    assert context.store.decisions() == []
    assert elsewhere.exists()


def test_a_source_that_nobody_knows_and_a_file_that_is_another_are_refused(context, inbox):
    inbox.hand_over(Request.of("ask", AMAL, "1", NOW, source="nosuch"))
    brought = asked(
        context,
        "import",
        press="2",
        file_name="form.json",
        file_sha256=sha256(b"what was looked at").hexdigest(),
    )
    inbox.hand_over(brought, b"what lies there now")
    done = carry_out.everything(inbox, context)
    assert [one.outcome for one in done] == ["refused", "refused"]
    assert inbox.waiting() == []


def test_the_inbox_says_whether_anybody_is_there_and_takes_no_flood(inbox, context, monkeypatch):
    assert inbox.readiness(NOW) == "nobody"
    inbox.attend(NOW, "a scheduler")
    assert inbox.readiness(NOW + timedelta(seconds=29)) == "ready"
    assert inbox.readiness(NOW + timedelta(seconds=31)) == "nobody"
    inbox.attend(NOW, "a scheduler")
    inbox.leave()
    assert inbox.readiness(NOW) == "nobody"
    monkeypatch.setattr(inboxes, "MOST", 1)
    inbox.hand_over(asked(context))
    inbox.hand_over(asked(context, press="2"))
    with pytest.raises(NotHandedOver, match="Too many"):
        inbox.hand_over(asked(context, press="3"))
    with pytest.raises(NotHandedOver, match="larger than"):
        inbox.hand_over(asked(context, press="4"), b"x" * (inboxes.LARGEST + 1))


def test_a_folder_that_may_not_be_written_is_said_in_a_sentence(tmp_path, context):
    (tmp_path / "file").write_text("no folder")
    blocked = Inbox(tmp_path / "file" / "inbox")
    assert blocked.readiness(NOW) == "not_writable"
    with pytest.raises(NotHandedOver, match="cannot be written"):
        blocked.hand_over(asked(context))


# Killed at every step


def _brought(context):
    body, digest = FORM, sha256(FORM).hexdigest()
    return asked(context, "import", press="9", file_name="form.json", file_sha256=digest), body


def _carried_until(step, folder, inbox_folder, source):
    """A process that dies at its `step`-th write to the store, or removal from the inbox."""
    left = [step]

    def counted(write):
        def writes(*args, **kwargs):
            left[0] -= 1
            if left[0] == 0:
                os._exit(KILLED)
            return write(*args, **kwargs)

        return writes

    files.write_all = counted(files.write_all)
    Inbox.done = counted(Inbox.done)
    carry_out.everything(Inbox(inbox_folder), context_in(folder, source))
    os._exit(0)


def _handed_until(step, folder, request, body):
    """A dashboard that dies before its `step`-th flush or renaming while it hands over."""
    left = [step]

    def counted(does):
        def done(*args, **kwargs):
            left[0] -= 1
            if left[0] == 0:
                os._exit(KILLED)
            return does(*args, **kwargs)

        return done

    files.os.fsync, files.Path.replace = counted(os.fsync), counted(files.Path.replace)
    Inbox(folder).hand_over(request, body)
    os._exit(0)


def test_a_dashboard_killed_at_each_step_hands_over_all_of_a_decision_or_nothing(context, tmp_path):
    """Whoever pressed and saw the page die presses again: one decision, of the file they saw."""
    request, body = _brought(context)
    processes, waited = get_context("fork"), set()
    for step in range(1, MOST_STEPS):
        inbox = Inbox(tmp_path / f"inbox-{step}")
        child = processes.Process(target=_handed_until, args=(step, inbox.folder, request, body))
        child.start()
        child.join(60)
        assert child.exitcode in (0, KILLED)
        found = inbox.waiting()
        assert found in ([], [request]), step
        assert [inbox.body(one) for one in found] in ([], [body]), step
        waited.add(len(found))
        inbox.hand_over(request, body)
        assert inbox.waiting() == [request], step
        assert inbox.body(request) == body, step
        later = NOW + timedelta(days=400)
        inbox.done(request)
        assert inbox.clear(later) == [], step
        assert list(inbox.folder.iterdir()) == [], step  # nothing of the dead one stays for good
        if child.exitcode == 0:
            break
    assert child.exitcode == 0
    assert waited == {0, 1}  # the deaths fell on both sides of the request
    assert step > 6  # two files: each flushed, named, and its folder flushed


def _prepared(folder, publisher, kind):
    """A store in which something waits, the request that decides on it, and the file it brings."""
    publisher.years = {"2024": 90_000, "2025": 100_000}
    source = fake_source(publisher=publisher)
    context = context_in(folder, source)
    run_source(source, context)
    publisher.years = {"2024": 900_000, "2025": 100_000}
    run_source(source, context)
    before = context.store.current()
    if kind == "withhold":
        rows = before.figures()
        wrong = rows.loc[rows["as_of"].dt.year == 2025, "figure_id"]
        return source, asked(context, "accept", withheld=tuple(wrong)), None
    if kind == "import":
        return source, *_brought(context)
    if kind == "rollback":
        carry_out.carry_out(asked(context, press="before"), context)
        given = {"release": before.id, "expects": context.store.current().id}
        return source, Request.of("rollback", AMAL, "9", NOW + timedelta(0, 1), given=given), None
    return source, asked(context, kind), None


@pytest.mark.parametrize(
    "kind", one_in(2, ["accept", "withhold", "import", "reject", "rollback", "pause"])
)
def test_killed_at_each_step_nothing_is_lost_and_nothing_done_twice(tmp_path, publisher, kind):
    """A real process each time, ended at each of its writes in turn; then another goes on."""
    source, request, body = _prepared(tmp_path / "base", publisher, kind)
    base = Store(str(tmp_path / "base"))
    current, decided = base.current().id, len(base.decisions())
    expected = {"reject": "rejected", "pause": "unchanged", "import": "held"}
    processes = get_context("fork")
    for step in range(1, MOST_STEPS):
        folder, inbox = tmp_path / f"{step}", Inbox(tmp_path / f"inbox-{step}")
        shutil.copytree(tmp_path / "base", folder)
        inbox.hand_over(request, body)
        child = processes.Process(target=_carried_until, args=(step, folder, inbox.folder, source))
        child.start()
        child.join(60)
        assert child.exitcode in (0, KILLED)
        carry_out.everything(inbox, context_in(folder, source))
        store = Store(str(folder))
        found, newest = store.decisions(), store.current()
        assert len(found) == decided + 1, step
        assert (found[0].id, found[0].state) == (request.id, "done"), step
        assert found[0].outcome == expected.get(kind, "published"), (step, found[0].sentence)
        if kind in expected:
            assert newest.id == current, step
        else:
            assert newest.manifest.parent == current, step  # one release more, and not two
        assert len(store.fetches("example")) == (3 if kind == "import" else 2), step
        assert list(inbox.folder.iterdir()) == [], step
        _as_it_should_be(kind, store)
        if child.exitcode == 0:
            break
    assert child.exitcode == 0
    assert step > 4  # noted, done, noted again, removed: at least


def _as_it_should_be(kind, store):
    status: Status = store.status("example")
    value = {
        "accept": 900_000,
        "withhold": 900_000,
        "rollback": 90_000,
    }.get(kind, 90_000)
    figures = store.current().figures()
    assert figures.loc[figures["as_of"].dt.year == 2024, "value"].tolist() == [value]
    if kind == "reject":
        assert len(status.rejected) == 1
    if kind in ("accept", "withhold", "reject", "rollback"):
        assert status.held_fetch is None
    if kind == "withhold":
        assert len(store.withheld("example")) == 1
    if kind == "pause":
        assert status.paused.by == AMAL


def test_a_token_is_made_and_revoked_once_each_and_its_secret_is_nowhere(context, inbox, tmp_path):
    """Who reads the store or the inbox must not be able to read as somebody's spreadsheet."""
    made = tokens.make()
    given = {"token": made.id, "token_name": "Excel of the WASH team", "token_sha256": made.sha256}
    ask = Request.of("token", AMAL, "1", NOW, given=given)
    inbox.hand_over(ask)
    written = b"".join(path.read_bytes() for path in inbox.folder.glob("*"))
    (done,) = carry_out.everything(inbox, context)
    assert done.outcome == "unchanged"
    assert done.sentence == "The token 'Excel of the WASH team' reads from now on."
    inbox.hand_over(ask)  # the same press, sent again
    carry_out.everything(inbox, context)
    (token,) = context.store.tokens()
    assert (token.name, token.made_by, token.opens) == ("Excel of the WASH team", AMAL, True)
    written += b"".join(p.read_bytes() for p in (tmp_path / "store").rglob("*") if p.is_file())
    assert made.secret.encode() not in written
    opened = tokens.Tokens(context.store.tokens)
    assert opened.opened_by(f"Bearer {made.secret}", now=0) == token
    asked_again = {"token": made.id}
    inbox.hand_over(Request.of("revoke", RANA, "2", NOW, given=asked_again))
    inbox.hand_over(Request.of("revoke", AMAL, "3", NOW, given=asked_again))
    first, second = carry_out.everything(inbox, context)
    assert {first.outcome, second.outcome} == {"unchanged", "skipped"}
    assert opened.opened_by(f"Bearer {made.secret}", now=tokens.READ_AGAIN_AFTER) is None
    assert context.store.tokens()[0].revoked_by in (AMAL, RANA)


@pytest.mark.parametrize(
    "given",
    [
        {"token": "../../current", "token_name": "x", "token_sha256": "0" * 64},
        {"token": "0" * 12, "token_name": "", "token_sha256": "0" * 64},
        {"token": "0" * 12, "token_name": "x", "token_sha256": "plain"},
        {"token": "0" * 12, "token_name": "x"},
    ],
)
def test_a_token_that_no_page_of_ours_makes_is_refused(given):
    with pytest.raises(BadRequest):
        Request.of("token", AMAL, "1", NOW, given=given)


def test_a_token_of_an_id_that_is_taken_opens_nothing_else(context, inbox):
    """Whoever can write the inbox must not swap the digest of a token that others use."""
    made = tokens.make()
    for press, digest in (("1", made.sha256), ("2", "0" * 64)):
        given = {"token": made.id, "token_name": "x", "token_sha256": digest}
        inbox.hand_over(Request.of("token", AMAL, press, NOW, given=given))
        carry_out.everything(inbox, context)
    assert [token.sha256 for token in context.store.tokens()] == [made.sha256]
