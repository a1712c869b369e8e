"""Changes between rounds of a stock that stand out."""

from html import escape
from typing import Any, Final

from dashboard.components import markup, tables
from dashboard.session.urlstate import View
from surges import rounds
from surges.rounds import RoundChange, Rounds
from surges.rule import CHOSEN, FEWEST, LEAST
from visuals.html import elements

SHOWN: Final = 20


def shown(view: View, found: Rounds) -> str:
    """A table of them, how they are found, and what was not compared; nothing without rounds."""
    words = view.words
    if not found.changes and not found.refused:
        return markup.block()
    intro = words(
        "rounds.intro",
        least=words.number(LEAST),
        part=words.percent(rounds.PART),
        z=words.hundredths(CHOSEN.z),
        few=words.number(FEWEST),
    )
    parts = [markup.heading(words("rounds.title")), markup.soft(intro)]
    over = found.over
    if over:
        labels = [
            words(f"column.{name}") for name in ("place", "way", "earlier", "later", "change")
        ]
        rows = [_row(view, change) for change in over[:SHOWN]]
        classes = ["", "", "nz-num", "nz-num", "nz-num"]
        parts += [tables.html(labels, rows, classes, full=True), markup.soft(words("rounds.net"))]
        if len(over) > SHOWN:
            counts = {"shown": words.number(SHOWN), "all": words.number(len(over))}
            parts.append(markup.soft(words("rounds.cut", **counts)))
    else:
        parts.append(f"<p>{escape(words('rounds.none'))}</p>")
    if found.refused:
        parts.append(markup.soft(words("rounds.refused", reasons=_refused(view, found))))
    return markup.block(*parts)


def _refused(view: View, found: Rounds) -> str:
    words = view.words
    counted = sorted(found.refused.items(), key=lambda one: (-one[1], one[0]))
    return words.joined(
        words("rounds.refusal", reason=_reason(view, reason), count=words.number(count))
        for reason, count in counted
    )


def _reason(view: View, reason: str) -> str:
    key = "rounds.far_apart" if reason == "far_apart" else f"not_comparable.{reason}"
    return view.words(key)


def _row(view: View, change: RoundChange) -> list[str]:
    words = view.words
    return [
        markup.to_place(view, str(change.after["place_code"])),
        escape(way(view, change)),
        *(_number(view, row) for row in (change.before, change.after)),
        markup.derived("difference", words.signed(change.value)),
    ]


def _number(view: View, row: dict[str, Any]) -> str:
    words = view.words
    number = words.number(int(row["reporting_round"]))
    when = words("rounds.round", round=number, day=words.day(row["as_of"]))
    return f"{elements.to_figure(view, row)}<br>{escape(when)}"


def way(view: View, change: RoundChange) -> str:
    """What a change means, in the reader's words."""
    if change.way == "returns":
        return view.words(f"rounds.returns.{change.after['population_group']}")
    return view.words(f"rounds.{change.way}")
