"""How a source has fared: one small object each, beside the releases and no part of them."""

import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Final

from data.schema.check_results import CheckResult, from_stored

ATTEMPTS_RETAINED: Final = 20
REJECTIONS_RETAINED: Final = 50


@dataclass(frozen=True)
class Attempt:
    """One run of a source."""

    at: datetime
    outcome: str
    sentence: str


@dataclass(frozen=True)
class Rejection:
    """An answer that a person rejected, remembered so that the same one rejects itself.

    Attributes:
        answer: Digest of what it said (`pipelines.run.review.answer_of`).
        fetch: The stored fetch that they looked at.
        decision: The decision's id.
        at: When.
        by: Who.
        why: Their reason.
    """

    answer: str
    fetch: str
    decision: str | None
    at: datetime
    by: str | None = None
    why: str | None = None


@dataclass(frozen=True)
class Pause:
    """A source that a person set aside: it is not asked until somebody resumes it."""

    at: datetime
    by: str | None = None
    why: str | None = None


@dataclass(frozen=True)
class Status:
    """What is known of a source between releases.

    Attributes:
        last_success: The last run that published, or found nothing changed.
        failures: Runs without success since then.
        failing_since: The first of them; None where the last run ended well.
        held_fetch: The stored fetch that waits for a person's decision.
        held_reasons: Why, in English; an earlier version reads nothing else.
        held_doubts: The same to be said in any language; empty where an earlier version held it.
        newest_as_of: Newest day any of its figures speaks of.
        attempts: The last runs, newest first.
        read_as: Mark of what the last reading that ended well was made of, and of what it was set
            beside; None where the next fetch must be read whatever it brings.
        remarks: What that reading remarked.
        held_answer: Digest of what the held answer says.
        rejected: Answers that a person rejected, newest first.
        paused: Who set it aside; None where it is asked.
        cadence_days: Days between two questions, where a person changed them.
    """

    source: str
    last_attempt: datetime | None = None
    last_success: datetime | None = None
    last_change: datetime | None = None
    failures: int = 0
    outcome: str | None = None
    sentence: str | None = None
    held_fetch: str | None = None
    held_reasons: tuple[str, ...] = ()
    held_doubts: tuple[CheckResult, ...] = ()
    newest_as_of: date | None = None
    figures: int | None = None
    attempts: tuple[Attempt, ...] = ()
    read_as: str | None = None
    remarks: tuple[str, ...] = ()
    failing_since: datetime | None = None
    held_answer: str | None = None
    rejected: tuple[Rejection, ...] = ()
    paused: Pause | None = None
    cadence_days: float | None = None

    def after(self, at: datetime, outcome: str, sentence: str, **changes: Any) -> "Status":
        """The status once a run has ended."""
        good = outcome in ("published", "unchanged")
        return replace(
            self,
            last_attempt=at,
            last_success=at if good else self.last_success,
            last_change=at if outcome == "published" else self.last_change,
            failures=0 if good else self.failures + 1,
            failing_since=None if good else self.failing_since or at,
            outcome=outcome,
            sentence=sentence,
            attempts=(Attempt(at, outcome, sentence), *self.attempts)[:ATTEMPTS_RETAINED],
            **changes,
        )

    def to_bytes(self) -> bytes:
        """As JSON."""
        return json.dumps(asdict(self), default=str, indent=1, sort_keys=True).encode()


LOST: Final = "lost"
"""Outcome of a source whose status was damaged: what it says is begun anew by the next run."""


def unreadable_status(source: str) -> Status:
    """What is known of a source whose status is damaged."""
    said = (
        f"What was noted of how {source} fared was damaged and is begun anew by its next run; "
        "what was held waits no more, and is held again if it comes again."
    )
    return Status(source, outcome=LOST, sentence=said)


def from_bytes(body: bytes) -> Status:
    """The status that `body` holds; what a newer version wrote beside it is left alone.

    Raises:
        ValueError, KeyError, TypeError: It holds none.
    """
    known = {field.name for field in fields(Status)}
    values = {name: value for name, value in json.loads(body).items() if name in known}
    for name in ("last_attempt", "last_success", "last_change", "failing_since"):
        values[name] = _moment(values.get(name))
    day = values["newest_as_of"]
    values["newest_as_of"] = date.fromisoformat(day) if day else None
    values["held_reasons"] = tuple(str(reason) for reason in values["held_reasons"])
    values["held_doubts"] = tuple(from_stored(doubt) for doubt in values.get("held_doubts", ()))
    values["remarks"] = tuple(str(remark) for remark in values.get("remarks", ()))
    values["attempts"] = tuple(
        Attempt(_moment(a["at"]), str(a["outcome"]), str(a["sentence"])) for a in values["attempts"]
    )
    values["rejected"] = tuple(
        Rejection(**(said | {"at": _moment(said["at"])})) for said in values.get("rejected", ())
    )
    pause = values.get("paused")
    values["paused"] = Pause(**(pause | {"at": _moment(pause["at"])})) if pause else None
    for name in ("source", "outcome", "sentence", "held_fetch", "read_as"):
        _must_be(values.get(name), str | None)
    for name in ("failures", "figures"):
        _must_be(values.get(name), int | None)
    return Status(**values)


def _moment(text: str | None) -> Any:
    found = datetime.fromisoformat(text) if text else None
    if found is not None and found.tzinfo is None:
        raise ValueError("a moment without its time zone")
    return found


def _must_be(value: Any, kind: Any) -> None:
    if not isinstance(value, kind):
        raise TypeError("not of the kind that a status holds")
