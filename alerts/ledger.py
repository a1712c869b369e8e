"""What was sent on a channel and what is still to be sent: one small object in the store."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from data.store import Channel
from data.store import channels as states

Phase = Literal["open", "eased", "closed"]
News = Literal["opened", "worse", "grown", "easing", "over", "silent", "gone", "fine"]
ItemState = Literal["open", "eased", "silent"]
Facts = dict[str, Any]
"""What the words of one alarm need, as JSON holds it."""
REMEMBERED: Final = 5000
"""How many sent alarms are remembered; a store has some hundred."""


@dataclass(frozen=True)
class Item:
    """Something that is the case, and about which a message may be due.

    Attributes:
        topic: What it belongs to: one thread at a time for each.
        key: This alarm of it, sent once.
        level: 1 to 3.
        state: open; eased (back in the usual range); silent (nothing newer came).
        wave: Whether it is news by itself in a thread that is open already.
        fresh: Whether it speaks of the present, so that it may open a thread.

    Topics and keys that begin with `~` are an installation's health, the others surges.
    """

    topic: str
    key: str
    level: int
    state: ItemState
    facts: Facts
    wave: bool = False
    fresh: bool = True


@dataclass(frozen=True)
class Note:
    """News that no message holds yet."""

    news: News
    on: date
    facts: tuple[Facts, ...]


@dataclass(frozen=True)
class Thread:
    """One event as this channel has it.

    Attributes:
        opened: The reader's day on which it was first noted.
        level: The highest so far.
        eased_on: Day since which every report is back in the usual range.
        said_easing: Whether that was sent since the last wave.
        told: Messages sent so far.
        told_on: The reader's day of the last one.
    """

    id: str
    topic: str
    opened: date
    level: int
    facts: Facts
    """Of its first alarm: what its subject says."""
    phase: Phase = "open"
    eased_on: date | None = None
    said_easing: bool = False
    notes: tuple[Note, ...] = ()
    told: int = 0
    told_on: date | None = None
    total: int | None = None
    """The cumulative total sent last; None where the figure is not cumulative."""


@dataclass(frozen=True)
class Outgoing:
    """A message as it will be sent, and sent again, until somebody takes it.

    Attributes:
        id: Stays when it is sent again, so that a mail program shows it once.
        root: The id that every message of its thread refers to.
        threads: Ids of the threads that it tells of.
    """

    id: str
    root: str
    threads: tuple[str, ...]
    subject: str
    text: str
    html: str
    language: str
    composed_at: datetime


@dataclass(frozen=True)
class Ledger:
    """One channel."""

    channel: Channel
    threads: tuple[Thread, ...] = ()
    seen: tuple[str, ...] | None = None
    """Keys of every item met so far; None before the first look."""
    outgoing: tuple[Outgoing, ...] = ()
    digest_on: date | None = None
    """The reader's day of the last digest."""

    def to_bytes(self) -> bytes:
        """As JSON."""
        values = asdict(self) | {"channel": self.channel.as_json()}
        return json.dumps(values, default=str, ensure_ascii=False, indent=1).encode()


def from_bytes(body: bytes) -> Ledger:
    """The ledger that `to_bytes` gave."""
    values = json.loads(body)
    return Ledger(
        channel=states.from_json(values["channel"]),
        threads=tuple(_thread(row) for row in values["threads"]),
        seen=None if values["seen"] is None else tuple(values["seen"]),
        outgoing=tuple(_outgoing(row) for row in values["outgoing"]),
        digest_on=_day(values["digest_on"]),
    )


def _thread(row: dict[str, Any]) -> Thread:
    notes = tuple(
        Note(n["news"], date.fromisoformat(n["on"]), tuple(n["facts"])) for n in row["notes"]
    )
    days = {name: _day(row[name]) for name in ("opened", "eased_on", "told_on")}
    return Thread(**(row | days | {"notes": notes}))


def _outgoing(row: dict[str, Any]) -> Outgoing:
    at = datetime.fromisoformat(row["composed_at"])
    return Outgoing(**(row | {"composed_at": at, "threads": tuple(row["threads"])}))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
