"""The situation in a few sentences, and as a message to send: figures and rules, in set words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from data.analysis.headlines import Headline
from data.gazetteer.area import Area
from data.status.late import Late
from surges.figures import STILL
from surges.rule import Alarm
from visuals.language import area_text, figure_text, surge_rule
from visuals.language.words import Words

SENT: Final = 4
"""Headlines that a message has; the page has them all."""


@dataclass(frozen=True)
class RecentChanges:
    """What changed since a reader's last visit.

    Attributes:
        since: The day of that visit.
        count: How many figures are new, changed or withdrawn since.
    """

    since: date
    count: int


def sentences(
    words: Words,
    area: Area,
    day: date,
    *,
    surges: Sequence[Alarm],
    newest_report: date | None,
    headlines: Iterable[Headline],
    late: Sequence[Late] | None = None,
    lately: RecentChanges | None = None,
) -> list[str]:
    """What stands on top of the first page, sentence by sentence.

    Args:
        words: The reader's words.
        area: The area of interest.
        day: The day the page speaks from.
        surges: The active ones of the area, the highest level first.
        newest_report: The last day that a report of movements in the area covers, or None.
        headlines: The answers to the area's questions.
        late: Sources that somebody should look at; None where that was not asked.
        lately: What changed since the last visit; None where no visit is known.
    """
    lines = [surging(words, area, day, surges, newest_report)]
    if lately is not None:
        lines.append(_changed(words, lately))
    newest = max((one.figure["as_of"] for one in headlines if one.figure), default=None)
    if newest is not None:
        age = words.age(newest, day)
        lines.append(words("situation.newest", day=words.day(newest), age=age))
    if late is not None:
        lines.append(_late(words, late))
    return lines


def message(
    words: Words, area: Area, lines: Sequence[str], headlines: Iterable[Headline], address: str
) -> str:
    """The same with the first headlines and the stable address, for a messenger or an e-mail."""
    answered = [one for one in headlines if one.figure][:SENT]
    answers = [_headline(words, one) for one in answered]
    title = words("brief.title", area=area_text.name(words, area))
    return "\n".join([title, *lines, "", *answers, "", address])


def _headline(words: Words, one: Headline) -> str:
    figure = one.figure or {}
    return words(
        "share.headline",
        title=area_text.question(words, one.question, one.figure),
        value=figure_text.value(words, figure),
        when=figure_text.when_and_who(words, figure),
    )


def surging(
    words: Words, area: Area, day: date, surges: Sequence[Alarm], newest_report: date | None
) -> str:
    """Whether a surge is active, in one sentence; where nobody has reported, that it is not known.

    Args:
        words: The reader's words.
        area: The area of interest.
        day: The day it speaks from.
        surges: The active ones of the area, the highest level first.
        newest_report: The last day that a report of movements in the area covers, or None.
    """
    named = area_text.name(words, area)
    if not surges:
        if newest_report is None:
            return words("situation.unheard", area=named)
        if (day - newest_report).days > STILL:
            # A rule without recent reports cannot say that nothing happens.
            return words("situation.unheard_since", area=named, day=words.day(newest_report))
        return words("situation.calm", area=named, day=words.day(newest_report))
    first = surges[0]
    sentence = words(
        "situation.surging" if first.change is None else "situation.surging_round",
        place=words.place(first.line.place),
        what=surge_rule.of(words, first),
        counted=surge_rule.counted(words, first),
        since=words.day(first.started if first.change is None else first.change.before["as_of"]),
        until=words.day(first.day),
    )
    rest = len(surges) - 1
    return f"{sentence} {words.days(rest, 'situation.surging_more')}" if rest else sentence


def _changed(words: Words, lately: RecentChanges) -> str:
    day = words.day(lately.since)
    if not lately.count:
        return words("since.nothing", day=day)
    count = words.days(lately.count, "situation.changed")
    return words("situation.changed_since", count=count, day=day)


def _late(words: Words, late: Sequence[Late]) -> str:
    asked = [one for one in late if not one.untried]
    if asked:
        return words.days(len(asked), "situation.late_count")
    if late:
        return words("situation.never", count=words.number(len(late)))
    return words("situation.none_late")
