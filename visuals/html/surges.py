"""Surges in words: where, how large, how unusual."""

from collections.abc import Sequence
from html import escape

from surges.events import Event
from surges.reports import Line
from surges.rule import Alarm
from visuals.html import elements
from visuals.html.elements import Reader
from visuals.language import figure_text, surge_rule
from visuals.language.words import Words


def where(reader: Reader, line: Line) -> str:
    """The place and what happened there; for people from one country or place, from where."""
    words = reader.words
    names = {
        "place": words.place(line.place),
        "detector": words(f"surges.{line.detector}"),
    }
    origin = line.about.get("asylum_location_code") or line.about.get("origin_code")
    if origin in (None, "ALL", line.place):
        return words("surges.where", **names)
    return words("surges.where_from", **names, origin=words.place(str(origin)))


def number(reader: Reader, alarm: Alarm) -> str:
    """The number that fired, linked to the provenance of the figure it comes from."""
    link = elements.anchor(
        reader.link("figure", figure=alarm.report.figures[-1]), counted(reader, alarm)
    )
    return link if alarm.made is None else elements.derived_link(alarm.made, link)


def counted(reader: Reader, alarm: Alarm) -> str:
    """The number that fired with its unit."""
    return surge_rule.counted(reader.words, alarm)


def size(reader: Reader, alarm: Alarm) -> str:
    """How unusual it is, in a sentence."""
    words = reader.words
    between = alarm.times_range
    if alarm.usual is None or alarm.times is None or between is None:
        since = words.day(alarm.line.since or alarm.started)
        return words("surges.first" if alarm.kind == "opened" else "surges.higher", day=since)
    said = words(
        "surges.size",
        times=words.times(alarm.times),
        low=words.times(between[0]),
        high=words.times(between[1]),
        usual_low=words.number(round(alarm.usual.low)),
        usual_high=words.number(round(alarm.usual.high)),
    )
    rank = surge_rule.rank(words, alarm.rank, alarm.among)
    return " · ".join(part for part in (said, rank) if part)


def briefly(reader: Reader, alarms: Sequence[Alarm], none: str = "") -> str:
    """One line for each active surge of the area; a sentence where there is none.

    Args:
        reader: The reader.
        alarms: The newest of each active surge.
        none: That sentence, where the page knows more than that none is active.
    """
    words = reader.words
    head = elements.heading(words("situation.surges", day=words.day(reader.day)))
    if not alarms:
        return elements.block(head, elements.soft(none or words("situation.no_surge")))
    lines = "".join(f"<li>{_line(reader, alarm)}</li>" for alarm in alarms)
    return elements.block(head, f"<ul>{lines}</ul>")


def _line(reader: Reader, alarm: Alarm) -> str:
    words, report = reader.words, alarm.report
    told = [
        escape(words.period(report.start, report.end)),
        escape(figure_text.publisher(words, alarm.line.about)),
        escape(words(f"surges.level.{alarm.level}")),
    ]
    return f"{escape(where(reader, alarm.line))}: {number(reader, alarm)} · {' · '.join(told)}"


def event(words: Words, found: Event) -> str:
    """An event in words: by a name of its own, else by its place and what was reported there."""
    return surge_rule.event(words, found)
