"""Carries out what people decided, each decision once, and keeps the record of it.

A decision is noted before it is carried out and again with its outcome; only then does its request
leave the inbox. Whoever is killed between two steps finds the request again, sees by the note that
it was begun, and by the store what of it is done already: nothing is lost and nothing is done
twice. See `data.handover` for how decisions come here.
"""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from data.handover import BadRequest, Inbox, Kind, Request
from data.handover.request import TOKEN, TOKEN_NAME, TOKEN_SHA256
from data.store import Decision, Pause, Status, Store, StoreBusy, StoreProblem, Token
from data.store.decisions import COUNTED
from pipelines.errors import SourceChanged, SourceUnavailable
from pipelines.forms.provenance import Provenance
from pipelines.run.context import Outcome, ReviewDecision, RunContext
from pipelines.run.review import accept, reject
from pipelines.run.run import run_source
from pipelines.run.upload import import_file
from pipelines.source import Source

REFUSED: Final = "refused"
"""The outcome of a request that nobody can carry out."""
SHORTEST_CADENCE, LONGEST_CADENCE = 0.04, 400.0
"""Days between two questions that a person may choose: an hour, and a little over a year."""


@dataclass(frozen=True)
class _Task:
    """One request that is being carried out.

    Attributes:
        request: What is wanted.
        decision: As it was noted when it was begun.
        again: Whether it had been begun before: a process was killed at it.
        context: What runs work with.
        source: Whose it is; None for a rollback and for tokens.
        body: The file that it brings.
    """

    request: Request
    decision: Decision
    again: bool
    context: RunContext
    source: Source | None
    body: bytes | None

    @property
    def review(self) -> ReviewDecision:
        """The same as a decision on a held answer."""
        asked = self.request
        return ReviewDecision(
            asked.by, asked.why, asked.held, frozenset(asked.withheld), self.decision.id
        )


def everything(
    inbox: Inbox, context: RunContext, say: Callable[[str], None] = lambda _: None
) -> list[Decision]:
    """Carry out what waits in an inbox, in the order in which it was handed over.

    Args:
        inbox: The inbox.
        context: What runs work with.
        say: Told, in one sentence, of what lay there and is no request.

    Returns:
        What was carried out. What has to wait, because a run of its source is under way, stays.

    Raises:
        StoreBusy: Another process is carrying out decisions.
        StoreProblem: The store cannot be read or written; what is not noted as done stays.
    """
    done = []
    with context.store.lock_decisions():
        for name in inbox.clear(context.now()):
            say(f"{name} in the inbox was no request and was removed.")
        for request in inbox.waiting():
            decision = _from_inbox(request, inbox, context)
            if decision is not None:
                inbox.done(request)
                done.append(decision)
    return done


def _from_inbox(request: Request, inbox: Inbox, context: RunContext) -> Decision | None:
    """What became of a request; None where it has to wait."""
    noted = context.store.noted(_asked(request))
    if noted is not None and noted.state == "done":
        return noted  # killed after it was noted and before the request was removed
    try:
        body = inbox.body(request) if request.file_sha256 else None
        return carry_out(request, context, body)
    except StoreBusy:
        return None
    except BadRequest as problem:
        return _end(_begun(request, context), context, REFUSED, str(problem))


def carry_out(request: Request, context: RunContext, body: bytes | None = None) -> Decision:
    """Carry out one request, or what of it is not done yet.

    Raises:
        StoreBusy: A run of its source is under way; nothing was done.
        BadRequest: It asks for what cannot be done.
        StoreProblem: The store cannot be read or written.
    """
    source = next((s for s in context.sources if s.name == request.source), None)
    if request.source is not None and source is None:
        raise BadRequest(f"There is no source {request.source}.")
    before = context.store.noted(_asked(request))
    if before is not None and before.state == "done":
        return before
    begun = _begun(request, context)
    task = _Task(request, begun, before is not None, context, source, body)
    outcome = _DOES[request.kind](task)
    if outcome.busy:
        raise StoreBusy(outcome.sentence)
    if outcome.state == "skipped":
        outcome = replace(outcome, sentence=_with_whoever_was_first(outcome.sentence, task))
    return _end(begun, context, outcome.state, outcome.sentence, outcome)


def record(request: Request, context: RunContext, task: Callable[[str], Outcome]) -> Outcome:
    """Do something that a person asks of the command line, and keep the record of it.

    Args:
        request: What is asked, for the record.
        context: What runs work with.
        task: Does it, given the decision's id.
    """
    begun = _begun(request, context)
    outcome = task(begun.id)
    _end(begun, context, outcome.state, outcome.sentence, outcome)
    return outcome


def _asked(request: Request) -> Decision:
    return Decision(
        id=request.id,
        kind=request.kind,
        asked_at=request.asked_at,
        by=request.by,
        source=request.source,
        why=request.why,
        held=request.held,
        withheld=request.withheld,
        file_name=request.file_name,
        file_sha256=request.file_sha256,
        given=request.given,
    )


def _begun(request: Request, context: RunContext) -> Decision:
    """The decision as it is noted before it is carried out; as it was noted where it was begun."""
    asked = _asked(request)
    noted = context.store.noted(asked)
    if noted is not None:
        return noted
    begun = replace(asked, before=_release(context))
    context.store.note(begun)
    return begun


def _end(
    begun: Decision,
    context: RunContext,
    state: str,
    sentence: str,
    outcome: Outcome | None = None,
) -> Decision:
    published = outcome if state == "published" else None
    counted = published if published and published.figures else None
    done = replace(
        begun,
        state="done",
        outcome=state,
        sentence=sentence,
        counts={name: getattr(counted, name) for name in COUNTED} if counted else {},
        remarks=counted.remarks if counted else (),
        release=published.release_id if published else None,
        done_at=context.now(),
    )
    context.store.note(done)
    return done


def _release(context: RunContext) -> str | None:
    try:
        return context.store.current().id
    except StoreProblem:
        return None  # a rollback is what mends a broken one


def _with_whoever_was_first(sentence: str, task: _Task) -> str:
    """The sentence, and who decided on the same held answer before, where somebody did."""
    for one in task.context.store.decisions(200):
        same = one.held is not None and one.held == task.request.held
        if same and one.id != task.decision.id and one.outcome not in (None, "skipped", "failed"):
            at = f"{one.done_at:%Y-%m-%d %H:%M} UTC" if one.done_at else ""
            return f"{sentence} {one.by} decided on it at {at} ({one.kind}: {one.outcome})."
    return sentence


def _accepted(task: _Task) -> Outcome:
    assert task.source is not None  # noqa: S101 - such a kind names one
    return _seen_through(task, accept(task.source, task.context, task.review))


def _rejected(task: _Task) -> Outcome:
    assert task.source is not None  # noqa: S101 - such a kind names one
    if task.again:
        status = task.context.store.status(task.source.name)
        for one in status.rejected if status else ():
            if one.decision == task.decision.id:
                said = str(status.sentence) if status else ""
                return Outcome(task.source.name, "rejected", said, fetch_id=one.fetch)
    return reject(task.source, task.context, task.review)


def _imported(task: _Task) -> Outcome:
    assert task.source is not None  # noqa: S101 - such a kind names one
    asked = task.request
    provenance = Provenance(
        publisher=asked.given.get("publisher"),
        address=asked.given.get("url"),
        published_on=_day(asked.given.get("published_on")),
        typed_by=asked.by,
        mapping=asked.given.get("mapping"),
    )
    with tempfile.TemporaryDirectory(prefix="nuzuh-brought-") as folder:
        path = Path(folder) / Path(asked.file_name or "file").name
        path.write_bytes(task.body or b"")
        try:
            outcome = import_file(
                task.source,
                path,
                _day(asked.given.get("as_of")),
                task.context,
                provenance,
                got=asked.asked_at,
            )
        except (SourceUnavailable, SourceChanged) as problem:
            return Outcome(task.source.name, "failed", str(problem))
    return _seen_through(task, outcome)


def _seen_through(task: _Task, outcome: Outcome) -> Outcome:
    """The outcome of what a killed process had published already: it says the same again."""
    if not task.again or outcome.state not in ("unchanged", "skipped"):
        return outcome
    name = outcome.source
    fetch = outcome.fetch_id or task.request.held
    release = task.context.store.current()
    if fetch in release.manifest.fetches.get(name, ()):
        said = outcome.sentence if outcome.state == "unchanged" else f"{name} was published."
        return replace(outcome, state="published", sentence=said, release_id=release.id)
    return outcome


def _rolled_back(task: _Task) -> Outcome:
    wanted, expected = (task.request.given.get(name) for name in ("release", "expects"))
    if wanted is None:
        raise BadRequest("It names no release to go back to.")
    current = task.context.store.current()
    ours = current.manifest.parent == expected and current.manifest.reason.startswith(
        f"rollback to {wanted}"
    )
    if task.again and ours:
        return _back(current.id, wanted)
    if expected is not None and current.id != expected:
        said = f"Release {current.id} was published meanwhile; look at that one first."
        return Outcome("", "skipped", said)
    reason = str(ReviewDecision(task.request.by, task.request.why))
    now = task.context.now()
    return _back(task.context.store.rollback(wanted, now=now, reason=reason), wanted)


def _back(release: str, wanted: str) -> Outcome:
    said = f"Release {release} is what readers see now, equal to {wanted}."
    return Outcome("", "published", said, release_id=release)


def _asked_now(task: _Task) -> Outcome:
    assert task.source is not None  # noqa: S101 - such a kind names one
    return run_source(task.source, task.context)


def _paused(task: _Task) -> Outcome:
    asked = task.request
    pause = Pause(asked.asked_at, asked.by, asked.why)
    return _changed(task, "Set aside; it is not asked until somebody resumes it.", paused=pause)


def _resumed(task: _Task) -> Outcome:
    return _changed(task, "It is asked again when it is due.", paused=None)


def _scheduled(task: _Task) -> Outcome:
    given = task.request.given.get("cadence_days")
    try:
        days = float(given) if given is not None else None
    except ValueError:
        raise BadRequest("The days between two questions are no number.") from None
    if days is not None and not SHORTEST_CADENCE <= days <= LONGEST_CADENCE:
        raise BadRequest("The days between two questions are too few or too many.")
    said = "It is asked as the project says." if days is None else f"Asked every {days:g} days."
    return _changed(task, said, cadence_days=days)


def _token_made(task: _Task) -> Outcome:
    asked, store = task.request, task.context.store
    id_, name = asked.given[TOKEN], asked.given[TOKEN_NAME]
    made = Token(id_, name, asked.given[TOKEN_SHA256], asked.by, asked.asked_at)
    there = _token(store, id_)
    if there is not None and there.sha256 != made.sha256:
        raise BadRequest("There is another token of that id.")
    if there is None:
        store.set_token(made)
    return Outcome("", "unchanged", f"The token {name!r} reads from now on.")


def _token_revoked(task: _Task) -> Outcome:
    asked, store = task.request, task.context.store
    there = _token(store, asked.given[TOKEN])
    if there is None:
        raise BadRequest("There is no such token.")
    ours = task.again and (there.revoked_by, there.revoked_at) == (asked.by, asked.asked_at)
    if not there.opens and not ours:
        return Outcome("", "skipped", f"The token {there.name!r} was revoked before.")
    store.set_token(replace(there, revoked_by=asked.by, revoked_at=asked.asked_at))
    return Outcome("", "unchanged", f"The token {there.name!r} reads no more.")


def _token(store: Store, id_: str) -> Token | None:
    return next((token for token in store.tokens() if token.id == id_), None)


def _changed(task: _Task, said: str, **changes: object) -> Outcome:
    assert task.source is not None  # noqa: S101 - such a kind names one
    store, name = task.context.store, task.source.name
    with store.lock_source(name):
        status = store.status(name) or Status(name)
        store.set_status(replace(status, **changes))  # type: ignore[arg-type]
    return Outcome(name, "unchanged", said)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadRequest("A day of it is none.") from None


_DOES: Final[Mapping[Kind, Callable[[_Task], Outcome]]] = {
    "accept": _accepted,
    "reject": _rejected,
    "import": _imported,
    "rollback": _rolled_back,
    "ask": _asked_now,
    "pause": _paused,
    "resume": _resumed,
    "schedule": _scheduled,
    "token": _token_made,
    "revoke": _token_revoked,
}
