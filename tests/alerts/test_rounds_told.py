"""What an office is told of changes between rounds, held against what was published then."""

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as run
from hypothesis import strategies as st

from alerts import delivery, setup, surge_items, threads
from alerts.ledger import Ledger
from alerts.messages import Writer
from alerts.subscriptions import read
from data import settings
from data.store import Channel, FigureFilter, Store
from surges import rounds
from surges.rounds import LEAST, MANY
from tests import builders
from tests.alerts.test_february_2020 import Box
from tests.effort import tries
from tests.round_figures import DAYS, EMPTIED, GREW, LAG, PLACES, calm, publish, series
from visuals.language.words import LANGUAGES, Words

LOOKS = [
    datetime(2026, month, day, 9, tzinfo=UTC)
    for month, day in (
        *((1, 5), (1, 15), (2, 1), (2, 15), (3, 1), (3, 15)),
        *((4, 1), (5, 5), (6, 1), (6, 20), (7, 15)),
    )
]
"""From before the first wave until after everything has ended."""
COUNTS = {19_990, 20_000, 20_010, 46_000, 90_000, 90_100, 9_000, 3_000, 3_010, 41_020}
MADE = {26_000, 44_000, 11_000, 25_200, 42_600, 11_800}
"""Differences of two rounds, and what they are for each 30 days."""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return publish(tmp_path_factory.mktemp("rounds"))


@pytest.fixture(scope="module")
def replayed(store, tmp_path_factory):
    """What each language's office was told on each look: day and text."""
    found = {}
    for language in LANGUAGES:
        alert = {"name": "idlib", "channels": ["mailto:x@y.z"], "within": ["SY07"]}
        given = settings.load(
            store=store.address,
            address="https://example.org",
            alerts=[alert | {"language": language}],
        )
        ledgers = Store(str(tmp_path_factory.mktemp(f"ledgers-{language}")))
        found[language] = []
        for now in LOOKS:
            box = Box()
            context = setup.context_of(given, store, now=lambda now=now: now)
            delivery.deliver(replace(context, store=ledgers, sender=box))
            found[language] += [(now.date(), message) for message in box.taken]
    return found


def of(replayed, language, place):
    """The messages of a place, in order: day and text."""
    named = Words(language).place(place)
    return [(day, m.text) for day, m in replayed[language] if named in m.subject]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wave_is_told_then_the_higher_one_then_that_it_eased_and_ended(replayed, language):
    words = Words(language)
    told = of(replayed, language, GREW)
    news = [text.splitlines()[0].split(":")[0] for _, text in told]
    names = ("opened", "worse", "easing", "over")
    assert news == [words(f"alert.news.{name}") for name in names]
    opened, worse, easing, over = (text for _, text in told)
    for number in (20_000, 46_000, 26_000):
        assert words.number(number) in opened
    for number in (46_000, 90_000, 44_000, 26_000):  # higher than what
        assert words.number(number) in worse
    assert words.signed(100) in easing
    assert words.span(timedelta(90)) in over
    assert words("rounds.arrivals") in opened
    assert words("rounds.before_there") in opened  # nobody has scored that rule, and it says so


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_no_later_round_can_settle_is_closed_with_the_reason(replayed, language):
    """The list of places changed: the fall to 3,000 is of the list, and is called nothing."""
    words = Words(language)
    (_, opened), (day, closed) = of(replayed, language, EMPTIED)
    assert words("rounds.departures") in opened
    assert words.number(11_000) in opened
    assert words("alert.news.silent") in closed
    assert words("not_comparable.coverage") in closed
    assert words("alert.round.silent", day=words.day(day)) in closed
    assert words.number(6_000) not in closed  # 9,000 less 3,000 crosses the change


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_holds_a_count_that_was_not_known_then(replayed, store, language):
    words, release = Words(language), store.current()
    for day, message in replayed[language]:
        known = set(release.figures(FigureFilter(as_known_on=day))["value"].dropna().astype(int))
        assert known <= COUNTS | {20_030, 20_060, 41_000}
        allowed = {words.number(number) for number in known | MADE | {int(LEAST), MANY}}
        told = set(re.findall(r"\d{1,3}(?:[.,]\d{3})+", message.text))
        assert told <= allowed, (day, told - allowed)


def test_each_message_says_which_rule_made_it_and_how_unusual_in_one_sentence(replayed):
    texts = [m.text for _, m in replayed["en"] if "New:" in m.text]
    assert len(texts) == 2
    for text in texts:
        (line,) = [line for line in text.splitlines() if line.startswith("A change of ")]
        assert "robust standard deviations from the median" in line
        assert "rank by size: 1 of" in line
        assert "the rule that triggered the alert: rounds count" in text.lower()
        assert "median of the last 13 months" not in text  # the other rule made none of it


def test_who_asks_for_returns_alone_hears_nothing_of_arrivals(store):
    alert = {"name": "a", "channels": ["mailto:x@y.z"], "within": ["SY07"]}
    for measures, count in ((["returns"], 0), (["displacement"], 1)):
        given = settings.load(store=store.address, alerts=[alert | {"measures": measures}])
        context = setup.context_of(given, store, now=lambda: LOOKS[2])
        (subscription,) = context.alerts
        assert len(context.items(subscription, LOOKS[2])) == count


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wave_that_a_later_edition_takes_back_is_closed_and_not_told_as_over(language):
    """A round is found to list other places: what was told of it was of a list, not of people."""
    (subscription,) = read(
        [{"name": "a", "channels": ["mailto:x@y.z"], "within": ["SY07"], "language": language}]
    )
    wave, words, told = (20_000, 20_010, 19_990, 20_000, 46_000), Words(language), []
    ledger = Ledger(Channel("a.1", "mail"))
    changed = {11: "coverage_changed"}
    for day, caveats in ((date(2026, 1, 15), {}), (date(2026, 2, 15), changed)):
        rows = [*series(GREW, *wave, caveats=caveats), *calm(5, PLACES[1:], caveats)]
        found = rounds.threads(rounds.between(builders.figures(*rows)))
        ledger = threads.update(ledger, surge_items.items(found, day, {}), day)
        now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        ledger = threads.compose(ledger, subscription, now, Writer("https://example.org"))
        while (message := threads.sendable(ledger, subscription, now)) is not None:
            told.append(message.text)
            ledger = threads.delivered(ledger, message, subscription, now)
    opened, closed = told
    assert words.number(26_000) in opened
    assert words("alert.round.gone") in closed
    assert words("alert.news.over") not in closed
    assert words.number(26_000) not in closed


# ---- whatever rounds come, nothing is told twice ----


@st.composite
def lives(draw):
    """Rounds of a few places as they came, some corrected when a later one was published."""
    value = st.one_of(st.none(), st.sampled_from([400, 9_000, 20_000, 20_010, 46_000, 90_000]))
    broken = draw(st.dictionaries(st.integers(8, 14), st.just("coverage_changed"), max_size=2))
    counts = [draw(st.lists(value, min_size=8, max_size=8)) for _ in range(3)]
    corrected = [draw(st.lists(value, min_size=8, max_size=8)) for _ in range(3)]
    at = draw(st.integers(3, 8))
    return counts, corrected, at, broken


@given(lives())
@run(max_examples=tries(40, 15))
def test_no_change_between_two_rounds_is_ever_told_twice(life):
    """An office that hears of one wave twice plans water for two."""
    counts, corrected, at, broken = life
    alert = {"name": "a", "channels": ["mailto:x@y.z"], "within": ["SY07"]}
    (subscription,) = read([alert])
    ledger, told = Ledger(Channel("a.1", "mail")), Counter()
    for round_ in range(2, 9):
        chosen = [
            old[:1] + (new if round_ >= at else old)[1:2] + old[2:]
            for old, new in zip(counts, corrected, strict=True)
        ]
        rows = [
            row
            for place, values in zip(PLACES, chosen, strict=False)
            for row in series(place, *values[:round_], caveats=broken)
        ]
        rows += calm(round_, PLACES[3:], broken)
        published = date.fromisoformat(DAYS[round_ - 1]) + timedelta(LAG)
        found = rounds.threads(rounds.between(builders.figures(*rows)))
        for day in (published, published + timedelta(1), published + timedelta(17)):
            items = surge_items.items(found, day, {})
            now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
            ledger = threads.update(ledger, items, day)
            fresh = [note for thread in ledger.threads for note in thread.notes if note.on == day]
            for note in fresh:
                if note.news in ("opened", "worse"):
                    told.update({facts["surge"] for facts in note.facts})
            ledger = threads.compose(ledger, subscription, now, Writer("https://example.org"))
            while (message := threads.sendable(ledger, subscription, now)) is not None:
                ledger = threads.delivered(ledger, message, subscription, now)
    assert max(told.values(), default=1) == 1
