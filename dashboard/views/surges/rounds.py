"""Changes between rounds of a stock that stand out."""

from collections.abc import Mapping
from html import escape
from typing import Any, Final

from dashboard.components import markup, tables
from dashboard.session.urlstate import View
from surges import outlook
from surges.current import Surges
from surges.round_change import RoundChange
from surges.rule import Alarm
from surges.score import change_json
from visuals.html import elements
from visuals.language import surge_rule

SHOWN: Final = 20


def show_rounds(view: View, both: Surges) -> str:
    """A table of them, how they are found, and what was not compared; nothing without rounds."""
    words, found = view.words, both.rounds
    if not found.changes and not found.refused:
        return markup.block()
    intro = surge_rule.fires_between_rounds(words)
    parts = [markup.heading(words("rounds.title")), markup.quiet_line(intro)]
    over = found.over
    if over:
        alarms = {_figures(alarm.change): alarm for line in both.threads for alarm in line.alarms}
        labels = [
            words(f"column.{name}")
            for name in ("place", "way", "earlier", "later", "change", "size")
        ]
        rows = [_row(view, change, alarms.get(_figures(change))) for change in over[:SHOWN]]
        classes = ["", "", "nz-num", "nz-num", "nz-num", ""]
        parts += [
            tables.html(labels, rows, classes, full=True),
            markup.quiet_line(words("rounds.net")),
        ]
        if len(over) > SHOWN:
            counts = {"shown": words.number(SHOWN), "all": words.number(len(over))}
            parts.append(markup.quiet_line(words("rounds.cut", **counts)))
    else:
        parts.append(f"<p>{escape(words('rounds.none'))}</p>")
    if found.refused:
        parts.append(
            markup.quiet_line(words("rounds.refused", reasons=_refused(view, found.refused)))
        )
    return markup.block(*parts)


def _figures(change: RoundChange | None) -> tuple[str, ...]:
    return () if change is None else change.report.figures


def _refused(view: View, refused: Mapping[str, int]) -> str:
    words = view.words
    counted = sorted(refused.items(), key=lambda one: (-one[1], one[0]))
    return words.joined(
        words("rounds.refusal", reason=_reason(view, reason), count=words.number(count))
        for reason, count in counted
    )


def _reason(view: View, reason: str) -> str:
    key = "rounds.far_apart" if reason == "far_apart" else f"not_comparable.{reason}"
    return view.words(key)


def _row(view: View, change: RoundChange, alarm: Alarm | None) -> list[str]:
    words = view.words
    group, way = change.group, str(change.way)
    return [
        markup.to_place(view, str(change.after["place_code"])),
        escape(surge_rule.surge_subject(words, "rounds", way, group)),
        *(_number(view, row) for row in (change.before, change.after)),
        markup.derived("difference", words.signed(change.value)),
        _size(view, change, alarm),
    ]


def _size(view: View, change: RoundChange, alarm: Alarm | None) -> str:
    """How unusual it is; an alert of its own leads to what was reported around it."""
    sentence = surge_rule.between_rounds(view.words, change_json(change), change.rank, change.among)
    linked = markup.derived("usual", sentence)
    if alarm is None:
        return linked
    there = markup.anchor(
        view.link("surges", surge=outlook.key(alarm)), view.words("surges.one_more")
    )
    return f"{linked}<br>{there}"


def _number(view: View, row: dict[str, Any]) -> str:
    words = view.words
    number = words.number(int(row["reporting_round"]))
    when = words("rounds.round", round=number, day=words.day(row["as_of"]))
    return f"{elements.to_figure(view, row)}<br><small>{escape(when)}</small>"
