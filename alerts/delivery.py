"""Compose and send what has not been sent yet, on every channel.

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
class AlertContext:
    """What alerts work with. Tests give a clock, items and a sender of their own."""

    store: Store
    alerts: tuple[Subscription, ...]
    items: Items
    write: Write
    sender: Sender
    now: Callable[[], datetime]


def deliver(context: AlertContext) -> list[Channel]:
    """Send every channel what is new.

    Returns:
        How each channel fares afterwards.

    Raises:
        StoreBusy: Another process is telling; it will say everything.
        StoreProblem: The store cannot be read or written: then nothing was sent that is not noted.
    """
    delivered = []
    with context.store.lock_alerts():
        for alert in context.alerts:
            now = context.now()
            items = context.items(alert, now)
            for address in addresses(alert):
                delivered.append(_channel(context, alert, address, items, now).channel)
    return delivered


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


def preview(context: AlertContext) -> list[Waiting]:
    """What `tell` would send, in order; nothing is sent and nothing is noted.

    Raises:
        StoreProblem: The store cannot be read.
    """
    found = []
    for alert in context.alerts:
        now = context.now()
        items = context.items(alert, now)
        for address in addresses(alert):
            ledger = _composed(context, alert, read(context.store, address), items, now)
            ready = threads.sendable(ledger, alert, now) is not None
            found += [Waiting(address.name, message, ready) for message in ledger.outgoing]
    return found


def _composed(
    context: AlertContext, alert: Subscription, before: Ledger, items: Sequence[Item], now: datetime
) -> Ledger:
    return threads.compose(threads.update(before, items, alert.day(now)), alert, now, context.write)


def _channel(
    context: AlertContext,
    alert: Subscription,
    address: Address,
    items: Sequence[Item],
    now: datetime,
) -> Ledger:
    ledger = _composed(context, alert, read(context.store, address), items, now)
    ledger = replace(ledger, channel=replace(ledger.channel, looked_at=now))
    context.store.set_ledger(address.name, ledger.to_bytes())
    while (message := threads.sendable(ledger, alert, context.now())) is not None:
        try:
            context.sender.send(address, message)
        except NotDelivered as problem:
            ledger = threads.failed(ledger, problem.problem, context.now())
        else:
            ledger = threads.delivered(ledger, message, alert, context.now())
        context.store.set_ledger(address.name, ledger.to_bytes())
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
