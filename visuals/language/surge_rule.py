"""What fires by the surge rule, and where a report stands, for the page and for alerts."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from surges import rounds
from surges.events import Event
from surges.rule import CHOSEN, EARLY, FEWEST, GREAT, LEAST, RECENT, Alarm
from surges.score import change_json
from visuals.language import figure_text
from visuals.language.words import Words

NAMED: Final = 3
"""Events that were missed are named up to this many, the newest first."""


def rule_sentence(words: Words) -> str:
    """What makes a report a surge, with the numbers in use."""
    return words(
        "surges.rule.2",
        times=words.times(CHOSEN.times),
        z=words.hundredths(CHOSEN.z),
        least=words.number(LEAST),
        great=words.number(GREAT),
        opening=words.number(CHOSEN.opening),
        early=words.number(EARLY),
    )


def fires_between_rounds(words: Words) -> str:
    """What makes a change between two rounds a surge, with the numbers in use."""
    return words(
        "rounds.intro",
        least=words.number(rounds.LEAST),
        part=words.percent(rounds.PART),
        many=words.number(rounds.MANY),
        z=words.hundredths(CHOSEN.z),
        few=words.number(FEWEST),
    )


def surge_subject(words: Words, rule: str, detector: str, group: str | None) -> str:
    """What a surge is of: new displacement, returns, or what changed between two rounds."""
    if rule == "flows":
        return words(f"surges.{detector}")
    if detector == "returns":
        return words(f"rounds.returns.{group}")
    return words(f"rounds.{detector}")


def of(words: Words, alarm: Alarm) -> str:
    """What an alarm is of; a series that is a part of a count, or a low estimate, says so."""
    subject = surge_subject(words, alarm.rule, alarm.line.detector, alarm.group)
    return figure_text.with_part(words, alarm.line.about, subject)


def unusual(words: Words, alarm: Alarm) -> str:
    """How unusual it is, in one sentence: by its own rule, with its rank where there is one."""
    if alarm.change is not None:
        return between_rounds(words, change_json(alarm.change), alarm.rank, alarm.among)
    times = alarm.times_range
    if alarm.usual is None or alarm.times is None or times is None:
        since = words.day(alarm.line.since or alarm.started)
        return words("surges.first" if alarm.kind == "opened" else "surges.higher", day=since)
    sentence = words(
        "surges.size",
        times=words.times(alarm.times),
        low=words.times(times[0]),
        high=words.times(times[1]),
        usual_low=words.number(round(alarm.usual.low)),
        usual_high=words.number(round(alarm.usual.high)),
    )
    return " · ".join(part for part in (sentence, rank(words, alarm.rank, alarm.among)) if part)


def between_rounds(
    words: Words, change: Mapping[str, Any], place: int | None, among: int | None
) -> str:
    """How unusual a change between two rounds is, in one sentence.

    Args:
        words: The reader's.
        change: As `surges.score.change_json` gives it.
        place: Its place by size among those it is held against.
        among: How many those are.
    """
    part, own = change["change_part_of_before"], change["held_against"] == "own_changes"
    return words(
        "rounds.size_from_none" if part is None else "rounds.size",
        change=words.signed(change["change"]),
        part="" if part is None else words.percent(part),
        round=words.number(change["round_before"]),
        day=words.day(date.fromisoformat(change["date_before"])),
        spreads=words.times(abs(change["spreads"])),
        against=words("rounds.against.own" if own else "rounds.against.all"),
        rank=words.number(place or 1),
        among=words.number(among or 1),
    )


def both_counts(words: Words, change: Mapping[str, Any]) -> str:
    """The two published counts, each with its round and day; `change` as for `between_rounds`."""
    numbers = {name: words.number(change[name]) for name in ("round_before", "round_after")}
    return words(
        "rounds.counts",
        before=words.number(change["value_before"]),
        after=words.number(change["value_after"]),
        day_before=words.day(date.fromisoformat(change["date_before"])),
        day_after=words.day(date.fromisoformat(change["date_after"])),
        **numbers,
    )


def ends_between_rounds(words: Words, days: int, closes: date) -> str:
    """What would end a surge between rounds, in one sentence."""
    return words("rounds.ends", days=words.days(days, "surges.days"), day=words.day(closes))


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


def record_sentence(words: Words, alerted: int, missed: Sequence[Event]) -> str:
    """How the rule did before at a place, in one sentence.

    Args:
        words: The reader's.
        alerted: How many listed events had an alert.
        missed: Those it did not, newest first.
    """
    every = words.number(alerted + len(missed))
    if not alerted and not missed:
        return words("surges.before_there.none")
    if not missed:
        return words("surges.before_there.all", all=every)
    names = [
        words("surges.before_there.event", event=event(words, one), day=words.month(one.start))
        for one in missed[:NAMED]
    ]
    numbers = {"all": every, "missed": words.number(len(missed)), "events": words.joined(names)}
    if len(missed) > NAMED:
        return words("surges.before_there.many", count=words.number(NAMED), **numbers)
    return words("surges.before_there.missed", **numbers)


def ending_sentence(words: Words, below: float, days: int, settles: date) -> str:
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
