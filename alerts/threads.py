"""What is the case, what was sent, and a clock → what to send next. Values in, values out.

A channel's ledger passes through three steps: `look` notes what is new, `compose` writes messages
when the channel may be spoken to, and `delivered` or `failed` says what became of one. Each result
is stored before the next step, so that a kill anywhere loses nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final

from alerts.ledger import REMEMBERED, Facts, Item, Ledger, News, Note, Outgoing, Thread
from alerts.subscriptions import Subscription
from surges.rule import OVER

RETRY: Final = timedelta(hours=2)
LONGEST_RETRY: Final = timedelta(days=1)
GIVE_UP: Final = timedelta(days=7)
"""A message that nobody took for so long is put away; the page of the sources says how many. Of an
event that still goes on another one is written."""
GROWN: Final = 1.25
"""A cumulative count this many times the one sent last is sent again: the same step from
which the rule calls a report a higher wave."""
CLOSED_THREADS_STAY: Final = timedelta(days=60)
"""How long a thread that is over and sent stays in the ledger."""


@dataclass(frozen=True)
class AlertThread:
    """One thread with what its message contains now."""

    thread: Thread
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Letter:
    """Words of a message."""

    subject: str
    text: str
    html: str


Write = Callable[[Subscription, Sequence[AlertThread], date], Letter]
"""Writes the words of a message about threads, on a day of the reader's."""


def update(ledger: Ledger, items: Sequence[Item], day: date) -> Ledger:
    """Note what is new.

    Args:
        ledger: The channel.
        items: Everything that is the case and that this channel's alert asks for.
        day: The reader's day.

    Returns:
        The same with threads opened, worsened, eased and closed. On the very first look nothing
        that is over already is noted: a new channel starts with the present.
    """
    groups: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        groups[item.topic].append(item)
    seen = set(ledger.seen or ())
    running = {thread.topic: thread for thread in ledger.threads if thread.phase != "closed"}
    changed: dict[str, Thread] = {}
    for topic in dict.fromkeys((*running, *groups)):
        group = groups.get(topic, [])
        new = [item for item in group if item.key not in seen]
        thread = running.get(topic)
        after = (
            _opened(ledger, topic, new, group, day)
            if thread is None
            else _followed(thread, new, group, day)
        )
        if after is not None:
            changed[after.id] = after
    kept = [changed.pop(thread.id, thread) for thread in ledger.threads]
    threads = tuple(t for t in (*kept, *changed.values()) if not _forgotten(t, ledger, day))
    return replace(ledger, threads=threads, seen=_seen(ledger.seen or (), items))


def _seen(before: Iterable[str], items: Sequence[Item]) -> tuple[str, ...]:
    """The keys to remember: for good those of surges, while they last those of an episode."""
    steady = [key for key in before if not key.startswith("~")]
    now = [item.key for item in items]
    return tuple(dict.fromkeys((*steady, *now)))[-REMEMBERED:]


def _forgotten(thread: Thread, ledger: Ledger, day: date) -> bool:
    waits = thread.notes or any(thread.id in message.threads for message in ledger.outgoing)
    last = thread.told_on or thread.opened
    return thread.phase == "closed" and not waits and day - last > CLOSED_THREADS_STAY


def _opened(
    ledger: Ledger, topic: str, new: Sequence[Item], group: Sequence[Item], day: date
) -> Thread | None:
    first_look = ledger.seen is None
    starts = [i for i in new if i.state == "open" or (i.fresh and not first_look)]
    if not starts:
        return None
    ordered = sorted(starts, key=lambda item: (-item.level, item.key))
    beside = [i for i in group if i.state == "open" and i not in starts]
    facts = tuple(item.facts for item in (*ordered, *beside))
    identity = f"{ledger.channel.name} {topic} {day} {ordered[0].key}"
    thread = Thread(
        id=sha256(identity.encode()).hexdigest()[:16],
        topic=topic,
        opened=day,
        level=max(item.level for item in ordered),
        facts=ordered[0].facts,
        notes=(Note("opened", day, facts),),
        total=_total(group, ordered[0].facts),
    )
    return _rested(thread, group, day)


def _followed(thread: Thread, new: Sequence[Item], group: Sequence[Item], day: date) -> Thread:
    worse = [i for i in new if i.fresh and (i.wave or i.level > thread.level)]
    if worse:
        ordered = sorted(worse, key=lambda item: (-item.level, item.key))
        beside = [i for i in new if i.state == "open" and i not in worse]
        thread = _noted(thread, "worse", day, [*ordered, *beside])
        thread = replace(
            thread,
            level=max(thread.level, *(item.level for item in worse)),
            phase="open",
            eased_on=None,
            said_easing=False,
            total=_total(group, thread.facts),
        )
        return _rested(thread, group, day)
    total = _total(group, thread.facts)
    if total is not None and thread.total is not None and total >= GROWN * thread.total:
        counting = [item for item in group if item.state == "open" and _total([item], thread.facts)]
        if counting:
            thread = replace(_noted(thread, "grown", day, counting), total=total)
    elif thread.total is None:
        thread = replace(thread, total=total)  # of a ledger that an earlier version wrote
    return _rested(thread, group, day)


def _total(group: Sequence[Item], about: Facts) -> int | None:
    """The highest total of the running counts that a thread is about."""
    found = [
        int(item.facts["reading"]["value"])
        for item in group
        if item.facts.get("measure") == "cumulative"
        and item.facts.get("reading")
        and all(item.facts.get(name) == about.get(name) for name in ("unit", "since"))
    ]
    return max(found, default=None)


def _rested(thread: Thread, group: Sequence[Item], day: date) -> Thread:
    """Easing and the end, where no report of the thread is over the usual any more."""
    if any(item.state == "open" for item in group):
        return replace(thread, phase="open", eased_on=None)
    if not group:
        news: News = "fine" if thread.topic.startswith("~") else "gone"
        return replace(_noted(thread, news, day, []), phase="closed")
    if all(item.state == "silent" for item in group):
        return replace(_noted(thread, "silent", day, group), phase="closed")
    if thread.eased_on is None:
        if not thread.said_easing:
            thread = _noted(thread, "easing", day, [i for i in group if i.state == "eased"])
        return replace(thread, phase="eased", eased_on=day, said_easing=True)
    if (day - thread.eased_on).days > OVER:
        return replace(_noted(thread, "over", day, group), phase="closed")
    return thread


def _noted(thread: Thread, news: News, day: date, items: Iterable[Item]) -> Thread:
    note = Note(news, day, tuple(item.facts for item in items))
    return replace(thread, notes=(*thread.notes, note))


def compose(ledger: Ledger, alert: Subscription, now: datetime, write: Write) -> Ledger:
    """Write the messages that may be sent now: at most one for each event and day.

    Nothing is written in quiet hours, for a channel that is waiting to be tried again, or of a
    thread whose last message still waits: what is new then joins the next message.
    """
    channel = ledger.channel
    if alert.sleeps(now) or (channel.next_try is not None and channel.next_try > now):
        return ledger
    day = alert.day(now)
    under_way = {id_ for message in ledger.outgoing for id_ in message.threads}
    ready = [t for t in ledger.threads if t.notes and t.told_on != day and t.id not in under_way]
    ready_threads = [AlertThread(thread, thread.notes) for thread in ready]
    if alert.digest == "none":
        batches = [[each] for each in ready_threads]
    else:
        ended = _of_ended_window(ledger, alert, ready_threads, day)
        batches = [ended] if ended else []
    messages = [_message(ledger, alert, batch, day, now, write) for batch in batches]
    notes_sent = {each.thread.id: each.notes for batch in batches for each in batch}
    threads = tuple(
        replace(t, notes=_without(t.notes, notes_sent[t.id]), told=t.told + 1, told_on=day)
        if t.id in notes_sent
        else t
        for t in ledger.threads
    )
    after = replace(
        ledger,
        threads=threads,
        outgoing=(*ledger.outgoing, *messages),
        digest_on=day if messages and alert.digest != "none" else ledger.digest_on,
    )
    return _counted(after)


def _without(notes: tuple[Note, ...], notes_sent: tuple[Note, ...]) -> tuple[Note, ...]:
    return tuple(note for note in notes if note not in notes_sent)


def _of_ended_window(
    ledger: Ledger, alert: Subscription, threads: Sequence[AlertThread], day: date
) -> list[AlertThread]:
    """What a day or week that has ended brought, unless its digest was written already."""

    def window(of: date) -> date:
        return of if alert.digest == "day" else of - timedelta(of.weekday())

    if ledger.digest_on is not None and window(ledger.digest_on) == window(day):
        return []
    ended = [
        AlertThread(
            each.thread, tuple(note for note in each.notes if window(note.on) < window(day))
        )
        for each in threads
    ]
    return [each for each in ended if each.notes]


def _message(
    ledger: Ledger,
    alert: Subscription,
    batch: Sequence[AlertThread],
    day: date,
    now: datetime,
    write: Write,
) -> Outgoing:
    letter = write(alert, batch, day)
    if alert.digest == "none":
        root, number = batch[0].thread.id, batch[0].thread.told + 1
        identity = root if number == 1 else f"{root}.{number}"
    else:
        root = sha256(f"{ledger.channel.name} digest".encode()).hexdigest()[:16]
        identity = f"{root}.{day:%Y%m%d}"
    return Outgoing(
        id=identity,
        root=root,
        threads=tuple(each.thread.id for each in batch),
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        language=alert.language,
        composed_at=now,
    )


def delivered(ledger: Ledger, message: Outgoing, alert: Subscription, now: datetime) -> Ledger:
    """A message was taken."""
    day = alert.day(now)
    threads = tuple(
        replace(t, told_on=day) if t.id in message.threads else t for t in ledger.threads
    )
    channel = replace(
        ledger.channel,
        last_success=now,
        failures=0,
        failing_since=None,
        problem=None,
        next_try=None,
    )
    left = tuple(m for m in ledger.outgoing if m.id != message.id)
    return _counted(replace(ledger, threads=threads, channel=channel, outgoing=left))


def failed(ledger: Ledger, problem: str, now: datetime) -> Ledger:
    """The channel did not take a message: it rests for two hours, then four, up to a day."""
    before = ledger.channel
    failures = before.failures + 1
    rest = min(RETRY * 2 ** min(failures - 1, 10), LONGEST_RETRY)
    left = tuple(m for m in ledger.outgoing if now - m.composed_at < GIVE_UP)
    put_away = {id_ for m in ledger.outgoing if m not in left for id_ in m.threads}
    threads = tuple(_without_notes(t) if t.id in put_away else t for t in ledger.threads)
    channel = replace(
        before,
        failures=failures,
        failing_since=before.failing_since or now,
        problem=problem,
        next_try=now + rest,
        given_up=before.given_up + len(ledger.outgoing) - len(left),
    )
    return _counted(replace(ledger, threads=threads, channel=channel, outgoing=left))


def _without_notes(thread: Thread) -> Thread:
    """What goes on is sent from its beginning, once the channel takes messages again."""
    if thread.phase == "closed":
        return thread
    later = tuple(note for note in thread.notes if note.news not in ("opened", "easing"))
    return replace(
        thread,
        phase="open",
        eased_on=None,
        said_easing=False,
        notes=(Note("opened", thread.opened, (thread.facts,)), *later),
    )


def sendable(ledger: Ledger, alert: Subscription, now: datetime) -> Outgoing | None:
    """The next message to hand over; None where there is none, or it is not the time."""
    waits = ledger.channel.next_try is not None and ledger.channel.next_try > now
    if waits or alert.sleeps(now) or not ledger.outgoing:
        return None
    return ledger.outgoing[0]


def _counted(ledger: Ledger) -> Ledger:
    return replace(ledger, channel=replace(ledger.channel, waiting=len(ledger.outgoing)))
