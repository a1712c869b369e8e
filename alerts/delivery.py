"""One look at what is the case, and what every channel is told of it.

Before anything is sent the ledger with the message in it is stored; after it was taken that is
stored as well. A kill between the two sends the same message once more, under the same id.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from alerts import ledger as ledgers
from alerts import threads
from alerts.channels import NotDelivered
from alerts.ledger import Item, Ledger, Outgoing
from alerts.subscriptions import Address, Subscription, addresses
from alerts.threads import Write
from data.store import Channel, Store

Items = Callable[[Subscription, datetime], Sequence[Item]]
"""What is the case and belongs to an alert."""


class Sender(Protocol):
    """Hands a message over, or raises `NotDelivered`."""

    def send(self, to: Address, message: Outgoing) -> None:
        """Hand it over."""
        ...


@dataclass(frozen=True)
class Desk:
    """What a look works with. Tests give a clock, items and a sender of their own."""

    store: Store
    alerts: tuple[Subscription, ...]
    items: Items
    write: Write
    sender: Sender
    now: Callable[[], datetime]


def tell(desk: Desk) -> list[Channel]:
    """Look, and tell every channel what is new; how each fares afterwards.

    Raises:
        StoreBusy: Another process is telling; it will say everything.
        StoreProblem: The store cannot be read or written: then nothing was sent that is not noted.
    """
    told = []
    with desk.store.lock_alerts():
        for alert in desk.alerts:
            now = desk.now()
            items = desk.items(alert, now)
            for address in addresses(alert):
                told.append(_channel(desk, alert, address, items, now).channel)
    return told


def read(store: Store, address: Address) -> Ledger:
    """A channel's ledger; an empty one where it never was looked at."""
    found = store.ledger(address.name, ledgers.from_bytes)
    if found is None:
        return Ledger(Channel(address.name, address.kind))
    return replace(found, channel=replace(found.channel, kind=address.kind))


@dataclass(frozen=True)
class Waiting:
    """A message that is not sent yet.

    Attributes:
        channel: The name of its channel, never the address.
        message: The message.
        now: False in quiet hours and while a failing channel rests.
    """

    channel: str
    message: Outgoing
    now: bool


def preview(desk: Desk) -> list[Waiting]:
    """What `tell` would send, in order; nothing is sent and nothing is noted.

    Raises:
        StoreProblem: The store cannot be read.
    """
    found = []
    for alert in desk.alerts:
        now = desk.now()
        items = desk.items(alert, now)
        for address in addresses(alert):
            ledger = _composed(desk, alert, read(desk.store, address), items, now)
            ready = threads.sendable(ledger, alert, now) is not None
            found += [Waiting(address.name, message, ready) for message in ledger.outgoing]
    return found


def _composed(
    desk: Desk, alert: Subscription, before: Ledger, items: Sequence[Item], now: datetime
) -> Ledger:
    return threads.compose(threads.look(before, items, alert.day(now)), alert, now, desk.write)


def _channel(
    desk: Desk, alert: Subscription, address: Address, items: Sequence[Item], now: datetime
) -> Ledger:
    ledger = _composed(desk, alert, read(desk.store, address), items, now)
    ledger = replace(ledger, channel=replace(ledger.channel, looked_at=now))
    desk.store.set_ledger(address.name, ledger.to_bytes())
    while (message := threads.sendable(ledger, alert, desk.now())) is not None:
        try:
            desk.sender.send(address, message)
        except NotDelivered as problem:
            ledger = threads.failed(ledger, problem.problem, desk.now())
        else:
            ledger = threads.delivered(ledger, message, alert, desk.now())
        desk.store.set_ledger(address.name, ledger.to_bytes())
    return ledger


def open_threads(store: Store, alerts: Sequence[Subscription]) -> list[dict[str, Any]]:
    """Every thread that is not closed, as `nuzuh alerts --json` prints it."""
    return [
        {
            "channel": address.name,
            "thread": thread.id,
            "topic": thread.topic,
            "phase": thread.phase,
            "level": thread.level,
            "opened": thread.opened.isoformat(),
            "messages": thread.told,
            "last_message": thread.told_on.isoformat() if thread.told_on else None,
            "not_told_yet": [note.news for note in thread.notes],
        }
        for alert in alerts
        for address in addresses(alert)
        for thread in read(store, address).threads
        if thread.phase != "closed" or thread.notes
    ]
