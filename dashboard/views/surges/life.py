"""The life of the rule: every number in it, when it was set and why, and what a change did."""

from datetime import date
from html import escape
from typing import Final

from dashboard.components import markup, tables
from dashboard.session.urlstate import View
from surges import rounds, rule
from surges.rule import CHOSEN
from visuals.language import surge_rule

CHANGED: Final = (("wild", date(2026, 11, 30)), ("twice", date(2026, 12, 1)))
"""What was changed, and on which day."""


def show_numbers(view: View) -> str:
    """The table of numbers, folded away beneath the score."""
    words = view.words
    labels = [words(f"column.{name}") for name in ("parameter", "value_used", "chosen")]
    rows = [
        [escape(words(f"life.{name}")), escape(value), escape(words(f"life.{why}"))]
        for name, value, why in _numbers(view)
    ]
    changed = " ".join(
        words(
            f"life.changed.{name}",
            day=words.day(day),
            great=words.number(rule.GREAT),
            times=words.times(CHOSEN.times),
        )
        for name, day in CHANGED
    )
    inner = "".join(
        [
            markup.quiet_line(words("life.intro")),
            tables.html(labels, rows, ["", "nz-num", ""], full=True),
            markup.quiet_line(changed),
        ]
    )
    return tables.collapsible(words("life.title"), inner)


def _numbers(view: View) -> list[tuple[str, str, str]]:
    """What each number is, its value, and the reason for it."""
    words = view.words
    return [
        ("times", words.times(CHOSEN.times), "fixed"),
        ("least", words.number(rule.LEAST), "fixed"),
        ("z", words.hundredths(CHOSEN.z), "before_2018"),
        ("great", words.number(rule.GREAT), "hdx"),
        ("opening", words.number(CHOSEN.opening), "before_2018"),
        ("early", words.number(rule.EARLY), "gap"),
        ("months", words.number(surge_rule.months()), "gap"),
        ("few", words.number(rule.FEWEST), "prior"),
        ("prior_reports", words.number(rule.PRIOR_REPORTS), "prior"),
        ("base", words.number(rule.BASE), "prior"),
        ("wave", words.percent(rule.WAVE), "thread"),
        ("over", words.number(rule.OVER), "thread"),
        ("settled", words.number(rule.SETTLED), "thread"),
        ("least_between", words.number(rounds.LEAST), "trial"),
        ("great_between", words.number(rounds.MANY), "trial"),
        ("part", words.percent(rounds.PART), "trial"),
        ("apart", words.number(rounds.LONGEST), "gap"),
    ]
