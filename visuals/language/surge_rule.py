"""What fires by the surge rule, and where a report stands, for the page and for alerts."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from surges.events import Event
from surges.rule import CHOSEN, EARLY, GREAT, LEAST, RECENT, Alarm
from visuals.language import figure_text
from visuals.language.words import Words

NAMED: Final = 3
"""Events that were missed are named up to this many, the newest first."""


def fires(words: Words) -> str:
    """What makes a report a surge, with the numbers in use."""
    return words(
        "surges.rule.2",
        times=words.times(CHOSEN.times),
        z=words.hundredths(CHOSEN.z),
        least=words.number(LEAST),
        great=words.number(GREAT),
        beyond=words.times(CHOSEN.beyond),
        far=words.times(CHOSEN.far),
        months=words.number(months()),
        opening=words.number(CHOSEN.opening),
        early=words.number(EARLY),
    )


def counted(words: Words, alarm: Alarm) -> str:
    """The number that fired with its unit, and how it was made where nobody published it."""
    return words(
        "surges.number" if alarm.made is None else f"surges.number_{alarm.made}",
        number=words.number(alarm.report.value),
        unit=words(f"unit.{alarm.line.unit}"),
        count=words.number(len(alarm.report.figures)),
    )


def months() -> int:
    """The months looked back for what is usual."""
    return round(RECENT / 30.4)


def rank(words: Words, place: int | None, among: int | None) -> str:
    """Where a report stands by size among those of the last months; empty where nobody can say."""
    if place is None or among is None:
        return ""
    return words(
        "surges.rank",
        rank=words.number(place),
        among=words.number(among),
        months=words.number(months()),
    )


def before(words: Words, told: int, missed: Sequence[Event]) -> str:
    """How the rule did before at a place, in one sentence.

    Args:
        words: The reader's.
        told: How many listed events it told.
        missed: Those it did not, newest first.
    """
    every = words.number(told + len(missed))
    if not told and not missed:
        return words("surges.before_there.none")
    if not missed:
        return words("surges.before_there.all", all=every)
    names = [
        words("surges.before_there.event", event=event(words, one), day=words.month(one.start))
        for one in missed[:NAMED]
    ]
    said = {"all": every, "missed": words.number(len(missed)), "events": words.joined(names)}
    if len(missed) > NAMED:
        return words("surges.before_there.many", count=words.number(NAMED), **said)
    return words("surges.before_there.missed", **said)


def ends(words: Words, below: float, days: int, settles: date) -> str:
    """What would end a surge, in one sentence."""
    return words(
        "surges.ends",
        below=words.number(round(below)),
        days=words.days(days, "surges.days"),
        day=words.day(settles),
    )


def event(words: Words, found: Event) -> str:
    """An event in words: by a name of its own, else by its place and what was reported there."""
    if figure_text.has(words, f"event.{found.code}"):
        return figure_text.event(words, found.code)
    kind = found.detector or "movement"
    if found.expected == "must_stay_silent":
        kind = "quiet"
    where = words.listed([words.place(code) for code in found.places])
    return words(f"surges.event_at.{kind}", place=where)
