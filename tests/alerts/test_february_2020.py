"""What an office would have been told in February 2020, held against what was published then.

The numbers are OCHA's own of those days (flash updates and situation reports on north-west Syria),
written down here and not taken from the code: 284,000 by 29 December, 390,000 by 27 January,
586,000 by 2 February, 900,000 by 20 February, nearly a million by 5 March.
"""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from alerts import delivery, setup
from data import settings
from data.store import FigureFilter, Store
from surges.rule import CHOSEN, GREAT, LEAST
from visuals.language.words import LANGUAGES, Words

LOOKS = tuple(
    datetime(year, month, day, 9, tzinfo=UTC)
    for year, month, day in ((2020, 2, 1), (2020, 2, 8), (2020, 2, 20), (2020, 3, 5), (2020, 5, 5))
)
SINCE = date(2019, 12, 1)
TOTALS = {  # what a reader must find on each look: the count's newest total and its last day
    LOOKS[0]: (390_000, date(2020, 1, 27)),
    LOOKS[1]: (586_000, date(2020, 2, 2)),
    LOOKS[2]: (900_000, date(2020, 2, 20)),
    LOOKS[4]: (1_000_000, date(2020, 3, 5)),
}
FIRED = {  # the report that fired, and its pace in 30 days
    LOOKS[0]: (284_000, None),
    LOOKS[1]: (196_000, 980_000),  # 586,000 less 390,000, in six days
}
WORKED_OUT = {196_000, 980_000, 294_000, 202_000, 275_000, 329_000}
"""Differences and paces: 284,000 in 29 days, 390,000 in 58, 586,000 in 64, 900,000 in 82."""
EASES = {73_400, 245_000}
"""A quarter of the pace of the report that fired: 294,000 and 980,000, in three digits."""
USUAL = {61_547, 329_980, 285_197}
"""The cluster's monthly count: where nine in ten of three months lie, and twice the middle one of
them, 142,548 in thirty days, with a hundred added before and taken off after."""
RULE = {CHOSEN.opening, int(LEAST), GREAT}
"""What the sentence of the rule itself says, at the foot of a message."""


class Box:
    """A mailbox."""

    def __init__(self):
        self.taken = []

    def send(self, to, message):
        self.taken.append(message)


@pytest.fixture(scope="module")
def replayed(store, tmp_path_factory):
    """What each language's office was told on each look."""
    found = {}
    for language in LANGUAGES:
        alert = {
            "name": "idlib",
            "channels": ["mailto:x@y.z"],
            "within": ["SY07", "SY02", "X-SYR-NW"],
            "language": language,
        }
        given = settings.load(store=store.address, address="https://example.org", alerts=[alert])
        ledgers = Store(str(tmp_path_factory.mktemp(f"ledgers-{language}")))
        for now in LOOKS:
            box = Box()
            context = setup.context_of(given, store, now=lambda now=now: now)
            delivery.deliver(replace(context, store=ledgers, sender=box))
            found[language, now] = [message.text for message in box.taken]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_look_tells_the_newest_total_that_was_published(replayed, language):
    """284,000 as the highest number, while 390,000 stood in the store, moved nobody."""
    words = Words(language)
    for now in LOOKS:
        messages = replayed[language, now]
        assert len(messages) == (1 if now in TOTALS else 0), now
        if now not in TOTALS:
            continue
        total, day = TOTALS[now]
        lines = [line for line in messages[0].splitlines() if words.number(total) in line]
        assert any(words.period(SINCE, day) in line for line in lines), (now, messages)
        for number in FIRED.get(now, ()):
            assert number is None or words.number(number) in messages[0], (now, number)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_holds_a_number_that_was_not_known_then(replayed, store, language):
    """Each number is one that was published by that day, or worked out from such."""
    words = Words(language)
    release = store.current()
    for now in LOOKS:
        wanted = FigureFilter(place=("X-SYR-NW",), as_known_on=now.date())
        known = set(release.vintages(wanted)["value"].dropna().astype(int))
        allowed = {words.number(n) for n in known | WORKED_OUT | EASES | USUAL | RULE}
        later = {words.number(n) for n in (390_000, 586_000, 900_000, 1_000_000)}
        later -= {words.number(n) for n in known}
        for message in replayed[language, now]:
            told = set(re.findall(r"\d{1,3}(?:[.,]\d{3})+", message))
            assert told <= allowed, (now, told - allowed)
            assert not told & later


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_higher_wave_says_higher_than_what(replayed, language):
    words = Words(language)
    (message,) = replayed[language, LOOKS[1]]
    before = words.period(SINCE, date(2019, 12, 29))
    (line,) = [line for line in message.splitlines() if before in line]
    assert words.number(284_000) in line
    assert words.number(294_000) in line  # its pace, so that six days compare with twenty-nine


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_closing_names_the_last_numbers_and_what_others_published(replayed, language):
    words = Words(language)
    (message,) = replayed[language, LOOKS[4]]
    assert words.day(date(2020, 2, 17)) not in message  # the last report that the rule could judge
    last = words.period(SINCE, date(2020, 3, 5))
    assert sum(last in line for line in message.splitlines()) == 2  # OCHA's, and UNICEF's
    for number in (1_000_000, 961_000, 959_000):  # REACH by 10 March, too
        assert words.number(number) in message
    assert words.day(LOOKS[4].date()) in message


def test_the_closing_in_english_claims_no_more_than_is_so(replayed):
    (message,) = replayed["en", LOOKS[4]]
    assert "Nothing newer was published" not in message
    assert "No newer number of this count had been published by 5 May 2020" in message
