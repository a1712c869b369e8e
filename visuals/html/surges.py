"""Surges in words: where, how large, how unusual."""

from collections.abc import Sequence
from html import escape
from typing import Final

from surges.events import Event
from surges.rule import Alarm
from visuals.html import elements
from visuals.html.elements import Reader
from visuals.language import figure_text, surge_rule
from visuals.language.words import Words

MARKS: Final = "▲ "
"""What stands before a level on pages; the fonts of documents have no such mark."""
BETWEEN: Final = 3
"""Surges between rounds that a first page lists; the Surges page has them all."""


def where(reader: Reader, alarm: Alarm) -> str:
    """The place and what happened there; for people from one country or place, from where."""
    return _where(reader.words, alarm)


def _where(words: Words, alarm: Alarm) -> str:
    line = alarm.line
    names = {"place": words.place(line.place), "detector": surge_rule.of(words, alarm)}
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
    return surge_rule.unusual(reader.words, alarm)


def active_in_brief(reader: Reader, alarms: Sequence[Alarm], none: str = "") -> str:
    """One line for each active surge of the area; a sentence where there is none.

    Args:
        reader: The reader.
        alarms: The newest of each active surge.
        none: That sentence, where the page knows more than that none is active.
    """
    words = reader.words
    head = elements.heading(words("situation.surges", day=words.day(reader.day)))
    if not alarms:
        return elements.block(head, elements.quiet_line(none or words("situation.no_surge")))
    shown, more = short(alarms)
    lines = "".join(f"<li>{_line(reader, alarm)}</li>" for alarm in shown)
    closing = [elements.quiet_line(words("rounds.more", count=words.number(more)))] if more else []
    return elements.block(head, f"<ul>{lines}</ul>", *closing)


def short(alarms: Sequence[Alarm]) -> tuple[list[Alarm], int]:
    """Every surge of flows, and the first few between rounds; how many of those are left out.

    One round may bring dozens of them, and a first page is read on a phone.
    """
    listed: list[Alarm] = []
    left = 0
    for alarm in alarms:
        if alarm.rule == "rounds" and sum(one.rule == "rounds" for one in listed) == BETWEEN:
            left += 1
        else:
            listed.append(alarm)
    return listed, left


def plain_line(words: Words, alarm: Alarm) -> str:
    """A surge in one line of plain text: where, how many, when, by whom, and how unusual."""
    report = alarm.report
    parts = (
        f"{_where(words, alarm)}: {surge_rule.counted(words, alarm)}",
        words.period(report.start, report.end),
        figure_text.publisher(words, alarm.line.about),
        words(f"surges.level.{alarm.level}").lstrip(MARKS),
        surge_rule.unusual(words, alarm),
    )
    return " · ".join(parts)


def _line(reader: Reader, alarm: Alarm) -> str:
    words, report = reader.words, alarm.report
    cells = [
        escape(words.period(report.start, report.end)),
        escape(figure_text.publisher(words, alarm.line.about)),
        escape(words(f"surges.level.{alarm.level}")),
        elements.derived("usual", size(reader, alarm)),
    ]
    return f"{escape(where(reader, alarm))}: {number(reader, alarm)} · {' · '.join(cells)}"


def event(words: Words, found: Event) -> str:
    """An event in words: by a name of its own, else by its place and what was reported there."""
    return surge_rule.event(words, found)
