"""The record of decisions: who decided what, when, why, and what became of it.

One small object for each, written before it is carried out and again with its outcome, and never
removed. It is no part of a release: readers are shown none of it.
"""

import json
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, Final, Literal

DecisionState = Literal["begun", "done"]
FOLDER: Final = "decisions"
COUNTED: Final = ("new", "changed", "withdrawn")
"""What a publish counts of its figures."""


_LISTS: Final = ("withheld", "remarks")


@dataclass(frozen=True)
class Decision:
    """One decision of a person.

    Attributes:
        id: That of the request, so that a request carried out twice is one decision.
        kind: accept, reject, import, rollback, ask, pause, resume, schedule, alert.
        by: Who; None where a command was given no name.
        asked_at: When it was asked for.
        source: The source that it is about.
        why: Their reason.
        held: The held fetch that was decided on.
        withheld: Ids of figures that were left out.
        file_name: The file that was brought.
        file_sha256: Its digest.
        given: What else was asked: days, addresses, releases.
        state: `begun` from before it is carried out, `done` once it is.
        before: The release that readers had before it.
        outcome: How it ended: a state of `pipelines.run`, or `refused`.
        sentence: The same in English.
        counts: Of a publish: figures that are `new`, `changed` and `withdrawn`; empty of anything
            else.
        remarks: What the reading left out or took otherwise, in English; the sentence has them too.
        release: The release that it published; None where it published none.
        done_at: When it had been carried out.
    """

    id: str
    kind: str
    asked_at: datetime
    by: str | None = None
    source: str | None = None
    why: str | None = None
    held: str | None = None
    withheld: tuple[str, ...] = ()
    file_name: str | None = None
    file_sha256: str | None = None
    given: dict[str, str] = field(default_factory=dict)
    state: DecisionState = "begun"
    before: str | None = None
    outcome: str | None = None
    sentence: str | None = None
    counts: dict[str, int] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    release: str | None = None
    done_at: datetime | None = None

    @property
    def path(self) -> str:
        """Where it lies in the store; by name in the order of asking."""
        return f"{FOLDER}/{self.asked_at:%Y%m%dT%H%M%S%fZ}-{self.id}.json"

    def as_json(self) -> dict[str, Any]:
        """With times as text."""
        at = {name: _text(getattr(self, name)) for name in ("asked_at", "done_at")}
        lists = {name: list(getattr(self, name)) for name in _LISTS}
        return asdict(self) | at | lists

    def to_bytes(self) -> bytes:
        """As JSON."""
        return json.dumps(self.as_json(), ensure_ascii=False, indent=1, sort_keys=True).encode()


def from_bytes(body: bytes) -> Decision:
    """The decision that `body` holds; what a newer version wrote beside it is left alone."""
    known = {each.name for each in fields(Decision)}
    values = {name: value for name, value in json.loads(body).items() if name in known}
    for name in ("asked_at", "done_at"):
        values[name] = datetime.fromisoformat(values[name]) if values.get(name) else None
    return Decision(**(values | {name: tuple(values.get(name, ())) for name in _LISTS}))


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
