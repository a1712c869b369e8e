"""Alerts: few, exact, told once; and nothing of them may stop a run or give a secret away."""

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts import delivery
from alerts import ledger as ledgers
from alerts import threads as plan
from alerts.channels import NotDelivered, Post
from alerts.delivery import AlertContext
from alerts.ledger import Item, Ledger, Outgoing
from alerts.messages import Writer
from alerts.subscriptions import Address, Subscription, addresses
from alerts.threads import Letter
from data.store import Channel, Store, objects
from tests.effort import tries
from tests.servers import post as servers

MORNING = datetime(2026, 3, 2, 6, tzinfo=UTC)  # a Monday
FACTS = {"place": "SY07", "detector": "displacement"}


def alert(**more) -> Subscription:
    return Subscription(**({"name": "office", "channels": ("mailto:a@example.org",)} | more))


def item(key="first", state="open", level=1, topic="SY07 displacement", **more) -> Item:
    return Item(topic, key, level, state, FACTS | {"key": key}, **more)


def write(_alert, told, _day) -> Letter:
    """Words that say which news of which thread are told, for the tests to read."""
    text = "\n".join(f"{t.thread.id} {note.news} {note.on}" for t in told for note in t.notes)
    return Letter("subject", text, "<p></p>")


@dataclass
class Channels:
    """Takes messages, unless it is told to fail."""

    taken: list[tuple[datetime, Outgoing]] = field(default_factory=list)
    failing: bool = False
    now: datetime = MORNING
    put_away: set[str] = field(default_factory=set)
    """Threads of messages that nobody took for a week."""

    def send(self, to: Address, message: Outgoing) -> None:
        if self.failing:
            raise NotDelivered("unreachable")
        self.taken.append((self.now, message))


def turn(ledger: Ledger, subscription, items, now, sender) -> Ledger:
    """One look, as `post` does it, each step through the bytes that are stored between."""
    sender.now = now

    def kept(found: Ledger) -> Ledger:
        return ledgers.from_bytes(found.to_bytes())

    ledger = kept(plan.update(ledger, items, subscription.day(now)))
    ledger = kept(plan.compose(ledger, subscription, now, write))
    while (message := plan.sendable(ledger, subscription, now)) is not None:
        try:
            sender.send(Address("office.1", ""), message)
        except NotDelivered as problem:
            waiting = ledger.outgoing
            ledger = kept(plan.failed(ledger, problem.problem, now))
            sender.put_away |= {t for m in waiting if m not in ledger.outgoing for t in m.threads}
        else:
            ledger = kept(plan.delivered(ledger, message, subscription, now))
    return ledger


def empty() -> Ledger:
    return Ledger(Channel("office.1", "mail"), seen=())


def lived(days, subscription=None, ledger=None):
    """A look a day; `days` holds what is the case on each. Ledger and news of each day."""
    subscription, sender = subscription or alert(), Channels()
    ledger, news = ledger or empty(), []
    for number, items in enumerate(days):
        before = len(sender.taken)
        ledger = turn(ledger, subscription, items, MORNING + timedelta(number), sender)
        lines = "\n".join(m.text for _, m in sender.taken[before:]).splitlines()
        news.append([line.split()[1] for line in lines])
    return ledger, news, sender


# ---- one thread for each event ----


def test_an_event_is_one_thread_from_opening_to_its_end():
    """Opened, worse, easing and over share a thread, so that a mailbox shows one conversation."""
    first, second = item(), item("second", level=2, wave=True)
    eased = replace(second, state="eased")
    days = [[first], [first], [second], [eased], [eased], *([[eased]] * 91)]
    ledger, news, sender = lived(days)
    assert [n for n in news if n] == [["opened"], ["worse"], ["easing"], ["over"]]
    assert len({m.root for _, m in sender.taken}) == 1
    assert [t.phase for t in ledger.threads] == ["closed"]


def test_the_same_alarm_is_never_told_twice():
    assert lived([[item()]] * 30)[1] == [["opened"], *[[]] * 29]


def test_a_new_channel_is_told_of_the_present_and_not_of_the_past():
    """An office that subscribes today must not get every surge since 2015."""
    past = [item(f"old {n}", "silent", topic=f"SY0{n} displacement", fresh=False) for n in range(9)]
    ledger = Ledger(Channel("office.1", "mail"))  # never looked at
    assert lived([[*past, item()]], ledger=ledger)[1] == [["opened"]]


def test_the_next_crisis_of_a_place_is_a_new_thread():
    eased, other = item(state="eased"), item("next year")
    _, news, sender = lived([[item()], [eased], *([[eased]] * 92), [eased, other]])
    assert news[-1] == ["opened"]
    assert len({m.root for _, m in sender.taken}) == 2


def test_silence_of_the_publisher_is_not_told_as_an_end_of_the_crisis():
    _, news, _ = lived([[item()], [item(state="silent")], [item(state="silent")]])
    assert news == [["opened"], ["silent"], []]


def test_what_happens_in_one_day_is_one_message():
    """Two waves in one day would be two messages in a phone that is out of battery anyway."""
    sender, subscription, ledger = Channels(), alert(), empty()
    for hour, items in enumerate(([item()], [item("b", wave=True)], [item("c", wave=True)])):
        ledger = turn(ledger, subscription, items, MORNING + timedelta(hours=hour), sender)
    assert len(sender.taken) == 1
    ledger = turn(ledger, subscription, [item("c", wave=True)], MORNING + timedelta(1), sender)
    assert [line.split()[1] for line in sender.taken[1][1].text.splitlines()] == ["worse", "worse"]


def test_quiet_hours_are_the_readers_own_and_may_pass_midnight():
    """21:00 to 07:00 in Damascus is 18:00 to 04:00 in UTC."""
    subscription = alert(quiet="21:00-07:00", zone="Asia/Damascus")
    sender, ledger = Channels(), empty()
    for hour in range(24):
        now = datetime(2026, 3, 2, 17, 30, tzinfo=UTC) + timedelta(hours=hour)
        items = [item(f"{n}", topic=f"{n} displacement") for n in range(hour + 1)]
        ledger = turn(ledger, subscription, items, now, sender)
    hours = {at.hour for at, _ in sender.taken}
    assert hours
    assert not hours & {18, 19, 20, 21, 22, 23, 0, 1, 2, 3}
    told = {t for _, m in sender.taken for t in m.threads}
    assert len(told) == 24  # what was noted in the night is told in the morning


@pytest.mark.parametrize(("digest", "least"), [("day", 1), ("week", 7)])
def test_a_digest_gathers_what_a_day_or_week_brought(digest, least):
    days = [[item(f"{n}", topic=f"{n} displacement") for n in range(d + 1)] for d in range(28)]
    _, _, sender = lived(days, alert(digest=digest))
    moments = [at for at, _ in sender.taken]
    assert len(moments) == (27 if digest == "day" else 3)
    assert all(b - a >= timedelta(least) for a, b in pairwise(moments))
    assert {len(m.threads) for _, m in sender.taken} == {least}


def test_a_failing_channel_rests_longer_each_time_and_then_hears_everything():
    sender, subscription, ledger = Channels(failing=True), alert(), empty()
    tries = []
    for hour in range(24 * 4):
        now = MORNING + timedelta(hours=hour)
        before = ledger.channel.failures
        ledger = turn(ledger, subscription, [item()], now, sender)
        tries += [hour] if ledger.channel.failures > before else []
    assert tries[:5] == [0, 2, 6, 14, 30]
    assert ledger.channel.problem == "unreachable"
    sender.failing = False
    ledger = turn(ledger, subscription, [item()], MORNING + timedelta(5), sender)
    assert len(sender.taken) == 1
    assert (ledger.channel.problem, ledger.channel.waiting) == (None, 0)


def test_after_two_weeks_without_mail_an_office_hears_of_what_still_goes_on():
    """A message put away after a week must not take a running surge with it."""
    sender, subscription, ledger = Channels(failing=True), alert(), empty()
    short = item("short", topic="SY02 displacement")
    for day in range(14):
        items = [item(), short] if day < 2 else [item()]
        ledger = turn(ledger, subscription, items, MORNING + timedelta(day), sender)
    assert ledger.channel.given_up >= 2  # what came and went meanwhile is counted
    sender.failing = False
    for day in range(14, 17):
        ledger = turn(ledger, subscription, [item()], MORNING + timedelta(day), sender)
    lines = [line.split()[1:] for _, m in sender.taken for line in m.text.splitlines()]
    assert ["opened", "2026-03-02"] in lines
    running = [t for t in ledger.threads if t.topic == item().topic]
    assert [sum(t.id in m.threads for _, m in sender.taken) for t in running] == [1]


# ---- the rules, whatever happens ----

STATES = st.sampled_from(["none", "open", "worse", "higher", "eased", "silent"])
STEP = st.tuples(
    st.integers(min_value=1, max_value=40),  # hours since the last look
    st.lists(STATES, min_size=3, max_size=3),
    st.booleans(),  # whether the channel fails
)


def _items(states, waves):
    for number, state in enumerate(states):
        topic = f"SY0{number} displacement"
        if state == "none":
            continue
        waves[topic] += state in ("worse", "higher")
        level = min(3, 1 + waves[topic]) if state == "higher" else 1
        shown = "open" if state in ("worse", "higher") else state
        yield item(f"{number}.{waves[topic]}", shown, level, topic, wave=state == "worse")


@given(
    steps=st.lists(STEP, min_size=1, max_size=40),
    quiet=st.sampled_from(["", "21:00-07:00", "12:00-13:00"]),
    zone=st.sampled_from(["UTC", "Asia/Damascus", "America/New_York"]),
    digest=st.sampled_from(["none", "none", "day", "week"]),
)
@settings(max_examples=tries(150, 40))
def test_whatever_happens_no_event_has_two_messages_a_day_and_nothing_is_lost(
    steps, quiet, zone, digest
):
    """One message for each event and day, none at night, none twice, none lost, any restarts.

    What came and went while a channel took nothing for a week is counted instead, in plain sight.
    """
    subscription, sender = alert(quiet=quiet, zone=zone, digest=digest), Channels()
    ledger, now, waves, noted = empty(), MORNING, Counter(), set()
    for hours, states, failing in steps:
        now += timedelta(hours=hours)
        sender.failing = failing
        ledger = turn(ledger, subscription, list(_items(states, waves)), now, sender)
        noted |= {thread.id for thread in ledger.threads}
    sender.failing = False
    # A channel that rests for a day is tried again within this, and a digest's week ends.
    for hour in range(24 * 5) if digest == "none" else range(0, 24 * 17, 4):
        last = list(_items([s if s not in ("worse", "higher") else "open" for s in states], waves))
        ledger = turn(ledger, subscription, last, now + timedelta(hours=hour), sender)
        noted |= {thread.id for thread in ledger.threads}
    told = Counter((t, subscription.day(at)) for at, m in sender.taken for t in m.threads)
    assert not told or max(told.values()) == 1
    assert max(Counter(m.id for _, m in sender.taken).values(), default=1) == 1
    assert not [at for at, _ in sender.taken if subscription.sleeps(at)]
    heard = {thread for _, m in sender.taken for thread in m.threads}
    running = {thread.id for thread in ledger.threads if thread.phase != "closed"}
    assert heard <= noted
    assert running <= heard
    assert noted - heard <= sender.put_away
    assert bool(sender.put_away) == bool(ledger.channel.given_up)
    assert not ledger.outgoing
    assert not [t for t in ledger.threads if t.notes]


# ---- a real mail server ----

SOCKETS = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


def sockets(test):
    for mark in SOCKETS:
        test = mark(test)
    return test


def context_of(tmp_path, subscription, items, sender, now=lambda: MORNING) -> AlertContext:
    return AlertContext(
        store=Store(str(tmp_path)),
        alerts=(subscription,),
        items=lambda _alert, _now: items,
        write=Writer("https://figures.example.org"),
        sender=sender,
        now=now,
    )


def surge(**more):
    """An item as `surge_items` makes it: the facts of an alarm."""
    facts = {
        **{"place": "SY07", "detector": "displacement", "measure": "flow", "unit": "movements"},
        **{"publisher": "OCHA", "dataset": "IDP movements", "source": "published_figures"},
        **{"origin_code": None, "asylum_location_code": None, "since": None, "kind": "opened"},
        **{"reason": "unusual", "level": 2, "started": "2026-02-01", "start": "2026-02-01"},
        **{"end": "2026-02-28", "value": 81_000, "parts": 1, "figure": "0123456789abcdef"},
        **{"known_on": "2026-03-01", "assumed": False, "usual_low": 4_000, "usual_high": 12_500},
        **{"times": 9.7, "times_low": 7.1, "times_high": 13.2, "qualifier": "about"},
        **{"url": "https://reliefweb.int/report/1", "licence": "facts"},
        **{"last_start": "2026-02-01", "last_end": "2026-02-28", "last_value": 81_000},
    } | more
    return Item("SY07 displacement", "wave 1", facts["level"], "open", facts)


@sockets
@pytest.mark.parametrize("language", ["en", "ar", "tr"])
def test_a_mail_says_in_the_readers_language_what_was_counted_where_and_by_whom(tmp_path, language):
    with servers.mail() as server:
        to = f"smtp://127.0.0.1:{server.port}?from=nuzuh@example.org&to=im@example.org"
        subscription = alert(channels=(to,), language=language)
        told = delivery.deliver(context_of(tmp_path, subscription, [surge()], Post()))
        assert [c.problem for c in told] == [None]
        (message,) = server.taken
    plain = message.get_body(("plain",)).get_content()
    page = message.get_body(("html",)).get_content()
    assert str(message["Content-Language"]) == language
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in page
    number = "81.000" if language == "tr" else "81,000"
    for said in (number, "OCHA" if language == "en" else number, "known=2026-03-02", "place=SY07"):
        assert said in plain
    assert {"en": "Idleb", "ar": "إدلب", "tr": "İdlib"}[language] in str(message["Subject"])
    assert "http" not in page.replace("https://figures.example.org", "")  # nothing is fetched
    assert server.taken[0]["To"].addresses[0].addr_spec == "im@example.org"


@sockets
def test_later_messages_of_an_event_answer_its_first(tmp_path):
    with servers.mail() as server:
        to = f"smtp://127.0.0.1:{server.port}?from=n@example.org&to=im@example.org"
        subscription, days = alert(channels=(to,)), [MORNING]
        first = surge()
        items = [first]
        at = context_of(tmp_path, subscription, items, Post(), now=lambda: days[-1])
        delivery.deliver(at)
        items[0] = replace(first, key="wave 2", wave=True)
        days.append(MORNING + timedelta(1))
        delivery.deliver(at)
        delivery.deliver(at)
    opened, worse = server.taken
    assert worse["In-Reply-To"] == opened["Message-ID"] == worse["References"]
    assert opened["Message-ID"] != worse["Message-ID"]
    assert opened["Subject"] == worse["Subject"]


@sockets
def test_a_publishers_name_cannot_write_headers_or_html(tmp_path):
    """What a source sends goes into a subject and a page: it must stay words."""
    evil = (
        'Body\r\nBcc: everybody@example.org\r\n\r\n<script>alert(1)</script><img src="http://x/">'
    )
    item_ = surge(publisher=evil, dataset=evil, source=evil, url=evil)
    with servers.mail() as server:
        to = f"smtp://127.0.0.1:{server.port}?from=n@example.org&to=im@example.org"
        delivery.deliver(context_of(tmp_path, alert(channels=(to,)), [item_], Post()))
        (message,) = server.taken
    assert message["Bcc"] is None
    page = message.get_body(("html",)).get_content()
    assert "<script" not in page
    assert "<img" not in page
    plain = message.get_body(("plain",)).get_content()
    assert not [line for line in plain.splitlines() if line.startswith(("Bcc:", "<script"))]


@sockets
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_password_comes_from_the_environment_and_lies_nowhere(tmp_path, caplog, capfd):
    caplog.set_level("DEBUG")
    environment = {"MAIL_PASSWORD": servers.PASSWORD, "WRONG": servers.PASSWORD + "x"}
    with servers.mail(login=True) as server:
        for name in ("MAIL_PASSWORD", "WRONG", "NOT_SET"):
            smtp = f"smtp://{servers.USER}:${{{name}}}@127.0.0.1:{server.port}?from=n@example.org"
            found = alert(name=name.lower(), channels=("mailto:im@example.org",))
            sender = Post(smtp=smtp, environment=environment)
            told = delivery.deliver(context_of(tmp_path, found, [surge()], sender))
            problem = {"WRONG": "login", "NOT_SET": "secret_missing"}.get(name)
            assert [c.problem for c in told] == [problem]
    assert len(server.taken) == 1
    out, err = capfd.readouterr()
    stored = b"".join(p.read_bytes() for p in sorted(tmp_path.rglob("*")) if p.is_file())
    assert stored
    assert servers.PASSWORD not in out + err + caplog.text
    assert servers.PASSWORD.encode() not in stored


@sockets
def test_a_webhook_is_reached_and_its_failures_are_named(tmp_path):
    with servers.webhook() as hook:
        to = f"json://127.0.0.1:{hook.port}/hook"
        found = alert(channels=(to,), language="ar")
        patient, quick = Post(), Post(seconds=1, whole=3)
        assert (
            delivery.deliver(context_of(tmp_path / "a", found, [surge()], patient))[0].problem
            is None
        )
        assert "إدلب" in hook.sent[0]["title"]
        hook.status = 500
        assert (
            delivery.deliver(context_of(tmp_path / "b", found, [surge()], patient))[0].problem
            == "refused"
        )
        hook.status, hook.seconds = 200, 20
        begun = time.monotonic()
        told = delivery.deliver(context_of(tmp_path / "c", found, [surge()], quick))
        assert time.monotonic() - begun < hook.seconds
        assert told[0].problem in ("refused", "no_answer")


@sockets
def test_one_channel_that_fails_leaves_the_others_their_message(tmp_path):
    with servers.mail() as server:
        good = f"smtp://127.0.0.1:{server.port}?from=n@example.org&to=im@example.org"
        bad = "smtp://127.0.0.1:9?from=n@example.org&to=im@example.org"
        found = alert(channels=(bad, good, "nonsense://x"))
        told = delivery.deliver(context_of(tmp_path, found, [surge()], Post(seconds=1, whole=3)))
    assert [c.problem for c in told] == ["unreachable", None, "not_understood"]
    assert len(server.taken) == 1
    assert [c.name for c in Store(str(tmp_path)).channels()] == ["office.1", "office.2", "office.3"]


# ---- killed at random moments ----

KILLS = int(os.environ.get("NUZUH_KILLS", "24"))
MOST_STEPS = 40
"""Writes until a kill, each counted before and after: three or four days of telling."""
PROCESSES = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class _Days:
    """A clock whose day is the number of looks that were stored: it goes on after a kill."""

    store: Store
    address: Address

    def __call__(self) -> datetime:
        seen = delivery.read(self.store, self.address).seen or ()
        return MORNING + timedelta(days=len(seen))


def _tell_for_ever(folder, subscription, steps):
    """Tell one day after the other; a byte goes into `steps` before and after each write."""
    flush = os.fsync

    def told(handle):
        os.write(steps, b".")
        flush(handle)
        os.write(steps, b".")

    objects.os.fsync = told
    store = Store(folder)
    clock = _Days(store, addresses(subscription)[0])

    def items(_alert, now):
        count = (now - MORNING).days + 1
        return [surge_of(n) for n in range(count)]

    at = AlertContext(store, (subscription,), items, Writer(), Post(seconds=5), clock)
    while True:
        delivery.deliver(at)


def surge_of(number: int) -> Item:
    return replace(surge(), topic=f"{number} displacement", key=f"{number}")


@sockets
def test_killed_at_random_moments_every_event_is_told_and_none_twice_but_by_a_kill(
    tmp_path, record_testsuite_property
):
    """A sender that dies between taking and noting sends again under the same Message-ID."""
    record = record_testsuite_property
    chance = random.Random(6)  # noqa: S311 - moments of a kill, no secret
    with servers.mail() as server:
        to = f"smtp://127.0.0.1:{server.port}?from=n@example.org&to=im@example.org"
        subscription = alert(channels=(to,))
        for _ in range(KILLS):
            heard, steps = os.pipe()
            given = (str(tmp_path), subscription, steps)
            child = PROCESSES.Process(target=_tell_for_ever, args=given)
            child.start()
            os.close(steps)
            # So many writes and a moment: a busy machine takes longer and is killed as far on.
            for _ in range(chance.randint(1, MOST_STEPS)):
                os.read(heard, 1)
            time.sleep(chance.uniform(0, 0.02))
            os.kill(child.pid, signal.SIGKILL)
            child.join()
            os.close(heard)
        time.sleep(0.5)  # what was on its way
        store, address = Store(str(tmp_path)), addresses(subscription)[0]
        clock = _Days(store, address)
        now = clock()
        count = len(delivery.read(store, address).seen or ())
        last = [surge_of(n) for n in range(count)]
        at = AlertContext(
            store, (subscription,), lambda _a, _n: last, Writer(), Post(seconds=5), lambda: now
        )
        delivery.deliver(at)
        before = len(server.ids)
        delivery.deliver(at)  # a restart that finds nothing new
        assert len(server.ids) == before
    threads = {t.id for t in delivery.read(store, address).threads}
    told = {i.strip("<>").partition("@")[0] for i in server.ids}
    assert count > KILLS / 4
    assert threads <= told
    assert len(told) == count
    again = sum(n - 1 for n in Counter(server.ids).values())
    assert again <= KILLS
    bodies = {}
    for message in server.taken:
        body = message.get_body(("plain",)).get_content()
        assert bodies.setdefault(message["Message-ID"], body) == body
    record("events", count)
    record("messages", len(server.taken))
    record("sent again", again)
