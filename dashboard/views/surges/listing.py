"""Surges as a reader meets them: those that are active, and all that ever were."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

import pandas as pd

from dashboard.components import markup, tables
from dashboard.session.urlstate import View
from surges import current, figures, outlook
from surges.rule import OVER, Alarm, Followed
from surges.score import Row, Score, change_json
from visuals.charts.sparkline import sparkline
from visuals.html import surges as surge_text
from visuals.language import figure_text, surge_rule

SHOWN: Final = 120
FEED: Final = "nuzuh/feed.atom?lang={language}"
CALENDAR: Final = "nuzuh/releases.ics?lang={language}"
_GROUP: Final = {"displacement": "NEWDISP", "returns": "RET"}


def active(view: View, followed: Sequence[Followed], rows: Sequence[Row]) -> str:
    """One card for each surge that is open on the day shown; a sentence where there is none."""
    words = view.words
    parts = [markup.heading(words("surges.active", day=words.day(view.day)))]
    found = figures.active(followed, view.day)
    if found:
        shown = "".join(_card(view, line, rows) for line in found)
        return "".join([*parts, f'<div class="nz-cards nz-wordy">{shown}</div>'])
    judged = [
        line for line in current.flows_only(followed) if line.judged and line.last is not None
    ]
    if not judged:
        return "".join([*parts, f"<p>{escape(words('surges.nothing'))}</p>"])
    newest = max(line.last.end for line in judged if line.last is not None)
    # As on the first page: a rule without recent reports cannot say that nothing happens.
    key = "surges.unheard" if (view.day - newest).days > figures.STILL else "surges.none"
    sentence = words(key, count=words.number(len(judged)), newest=words.day(newest))
    return "".join([*parts, f"<p>{escape(sentence)}</p>"])


def subscribe(view: View) -> str:
    """Where a feed reader and a calendar find what is new."""
    words = view.words
    links = [
        markup.anchor(address.format(language=words.language), words(key))
        for address, key in ((FEED, "feed.link"), (CALENDAR, "calendar.link"))
    ]
    return f"<p>{escape(words('feed.subscribe'))}: {' · '.join(links)}</p>"


def _card(view: View, found: Followed, rows: Sequence[Row]) -> str:
    words = view.words
    alarm = found.alarms[-1]
    title = _where(view, alarm)
    began = words("surges.began", day=words.day(alarm.started))
    # Of a change between two rounds nobody knows on which day it began.
    since = (
        known_since(view, alarm)
        if alarm.rule == "rounds"
        else f"{began} · {known_since(view, alarm)}"
    )
    level = words(f"surges.level.{alarm.level}")
    said_beside = outlook_of(view, alarm, rows)
    parts = [
        f"<h3>{title}</h3>",
        f'<p class="nz-value">{surge_text.number(view, alarm)}</p>',
        counted_days(view, alarm),
        both_counts(view, alarm),
        f"<p>{escape(level)}: {markup.derived('usual', surge_text.size(view, alarm))}</p>",
        markup.quiet_line(since),
        _spark(view, found),
        "".join(f'<p class="soft">{markup.derived("usual", line)}</p>' for line in said_beside),
        evidence_links(view, alarm),
        markup.alone(markup.anchor(surge_address(view, alarm), words("surges.one_more"))),
    ]
    return f'<article class="nz-card">{"".join(parts)}</article>'


def counted_days(view: View, alarm: Alarm) -> str:
    """The days that were counted, and by whom."""
    counted = view.words.period(alarm.report.start, alarm.report.end)
    return markup.quiet_line(f"{counted} · {_publisher(view, alarm)}")


def both_counts(view: View, alarm: Alarm) -> str:
    """The two published counts of a surge between rounds; nothing of another."""
    if alarm.change is None:
        return ""
    return markup.quiet_line(surge_rule.both_counts(view.words, change_json(alarm.change)))


def surge_address(view: View, alarm: Alarm) -> str:
    """The address of one surge in full."""
    return view.link("surges", surge=outlook.key(alarm))


def outlook_of(view: View, alarm: Alarm, rows: Iterable[Row]) -> list[str]:
    """How the rule did at the place before, and what would end the surge."""
    if alarm.rule == "rounds":
        closes = surge_rule.ends_between_rounds(view.words, OVER, outlook.closes(alarm))
        return [view.words("rounds.before_there"), closes]
    before = outlook.record(rows, alarm.line.place, alarm.line.detector, alarm.started)
    ends = outlook.ending(alarm)
    return [
        surge_rule.record_sentence(view.words, before.alerted, before.missed),
        surge_rule.ending_sentence(view.words, ends.below, ends.days, ends.settles),
    ]


def _where(view: View, alarm: Alarm) -> str:
    address = view.link("place", place=alarm.line.place)
    return markup.anchor(address, surge_text.where(view, alarm))


def known_since(view: View, alarm: Alarm) -> str:
    """When the report was known, and whether that day is assumed."""
    key = "surges.known_assumed" if alarm.report.assumed else "surges.known"
    return view.words(key, day=view.words.day(alarm.report.known_on))


def _short(view: View, alarm: Alarm) -> str:
    if alarm.rule == "rounds":
        return view.words("rounds.short")
    if alarm.times is not None:
        return view.words("surges.short", times=view.words.times(alarm.times))
    first = alarm.kind == "opened"
    return view.words("surges.short_first" if first else "surges.short_higher")


def _publisher(view: View, alarm: Alarm) -> str:
    return figure_text.publisher(view.words, alarm.line.about)


def _spark(view: View, found: Followed) -> str:
    if found.rule == "rounds":
        return ""
    reports = sorted(
        {(r.start, r.end): r for r in found.line.reports}.values(), key=lambda r: r.end
    )
    line = pd.DataFrame(
        {
            "as_of": pd.to_datetime([r.end for r in reports]).as_unit("s"),
            "value": [round(r.rate) for r in reports],
            "population_group": _GROUP[found.line.detector],
        }
    )
    drawn = sparkline(view.words, line, {at: "method" for at, r in enumerate(reports) if r.breaks})
    return drawn + markup.quiet_line(view.words("surges.spark")) if drawn else ""


def evidence_links(view: View, alarm: Alarm) -> str:
    """Links to the provenance of every figure behind the number."""
    words = view.words
    links = " · ".join(
        markup.anchor(view.link("figure", figure=figure), words.number(at))
        for at, figure in enumerate(alarm.report.figures, start=1)
    )
    return f'<p class="soft">{escape(words("surges.saw"))}: {links}</p>'


def past_alarms(view: View, followed: Sequence[Followed], scores: dict[str, Score]) -> str:
    """Every alarm, newest first, with whether an event was there."""
    words = view.words
    alarms = sorted(
        (alarm for line in followed for alarm in line.alarms),
        key=lambda alarm: (alarm.day, alarm.report.value),
        reverse=True,
    )
    if not alarms:
        return ""
    verdicts = {}
    for name in ("robust.before", "robust.since"):
        found = scores[name]
        for verdict, judged in (
            ("right", found.right),
            ("false", found.false),
            ("open", found.undecided),
        ):
            verdicts.update({_key(alarm): verdict for alarm in judged})
    rows = [
        [
            escape(words.period(alarm.report.start, alarm.report.end)),
            _where(view, alarm),
            surge_text.number(view, alarm),
            markup.anchor(surge_address(view, alarm), _short(view, alarm)),
            escape(_publisher(view, alarm)),
            escape(_verdict(view, alarm, verdicts)),
        ]
        for alarm in alarms[:SHOWN]
    ]
    labels = [
        words(f"column.{name}")
        for name in ("period", "place", "value", "size", "publisher", "verdict")
    ]
    table = tables.html(labels, rows, ["", "", "nz-num", "", "", ""], full=True)
    return tables.collapsible(words("surges.past"), table)


def _verdict(view: View, alarm: Alarm, verdicts: dict[tuple[tuple[str, ...], str], str]) -> str:
    if alarm.rule == "rounds":
        return view.words("rounds.unscored")  # no list of events says how good that rule is
    return view.words(f"surges.{verdicts.get(_key(alarm), 'false')}")


def _key(alarm: Alarm) -> tuple[tuple[str, ...], str]:
    return alarm.report.figures, alarm.kind
