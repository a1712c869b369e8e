"""The rule in three sentences, and its score beside that of HDX Signals' rule."""

from html import escape

from dashboard.components import markup, tables
from dashboard.session.urlstate import View
from surges.rule import GREAT, OVER, SETTLED, WAVE
from surges.score import Row, Score
from surges.waves import ByFigures
from visuals.html import surges as surge_text
from visuals.language import surge_rule


def rule(view: View) -> str:
    """The three sentences with their numbers."""
    words = view.words
    sentences = (
        words("surges.rule.1", months=words.number(surge_rule.months())),
        surge_rule.rule_sentence(words),
        words(
            "surges.rule.3",
            wave=words.percent(WAVE),
            over=words.number(OVER),
            settled=words.number(SETTLED),
        ),
    )
    listed = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return markup.heading(words("surges.rule")) + f"<ol>{listed}</ol>"


def scores(view: View, found: dict[str, Score], waves: ByFigures) -> str:
    """Both rules before and since 2018 and on great waves, then every event."""
    words = view.words
    rows = [
        [
            escape(words(f"surges.rule_name.{name}")),
            escape(words(f"surges.{window}")),
            escape(_hits(view, found[f"{name}.{window}"])),
            escape(_precision(view, found[f"{name}.{window}"])),
            escape(_false(view, found[f"{name}.{window}"])),
            escape(_days(view, found[f"{name}.{window}"].delay)),
        ]
        for name in ("robust", "rolling_maximum")
        for window in ("since", "great", "before")
    ]
    rows.insert(2, _in_figures(view, waves))
    labels = [
        words(f"column.{name}")
        for name in ("rule", "window", "hits", "precision", "false_rate", "delay")
    ]
    events = [*found["robust.since"].rows[::-1], *found["robust.before"].rows[::-1]]
    return "".join(
        [
            markup.heading(words("surges.score")),
            markup.quiet_line(words("surges.score_intro")),
            tables.html(labels, rows, ["", "", "", "", "", ""], full=True),
            markup.quiet_line(words("surges.great_intro", people=words.number(GREAT))),
            markup.quiet_line(words("surges.misses")),
            tables.collapsible(words("surges.events"), _events(view, events)),
        ]
    )


def _in_figures(view: View, waves: ByFigures) -> list[str]:
    """The rule against the waves that the figures have of themselves; no event, so no delay."""
    words, alarms = view.words, len(waves.right) + len(waves.wrong)
    recall = (waves.recall, waves.recall_range)
    precision = (waves.precision, waves.precision_range)
    return [
        escape(words("surges.rule_name.robust")),
        escape(words("surges.in_figures")),
        escape(_part(view, len(waves.alerted), waves.waves, *recall)),
        escape(_part(view, len(waves.right), alarms, *precision)),
        "–",
        "–",
    ]


def _hits(view: View, found: Score) -> str:
    hits, all_ = found.count("hit"), found.count("hit", "miss")
    return _part(view, hits, all_, found.recall, found.recall_range)


def _precision(view: View, found: Score) -> str:
    right, all_ = len(found.right), len(found.right) + len(found.false)
    return _part(view, right, all_, found.precision, found.precision_range)


def _part(
    view: View, some: int, all_: int, share: float | None, between: tuple[float, float] | None
) -> str:
    words = view.words
    counted = words("surges.of", some=words.number(some), all=words.number(all_))
    return f"{counted}: {_share(view, share, between)}" if all_ else counted


def _share(view: View, share: float | None, between: tuple[float, float] | None) -> str:
    if share is None or between is None:
        return "–"
    low, high = (view.words.percent(round(end, 2)) for end in between)
    return view.words("surges.range", share=view.words.percent(round(share, 2)), low=low, high=high)


def _false(view: View, found: Score) -> str:
    rate = found.false_per_place_year
    return "–" if rate is None else view.words.hundredths(rate)


def _days(view: View, days: float | None) -> str:
    if days is None:
        return "–"
    return view.words.days(round(days), "surges.days")


def _events(view: View, rows: list[Row]) -> str:
    words = view.words
    shown = [
        [
            _label(view, row),
            escape(words.period(row.event.start, row.event.end)),
            escape(words(f"surges.expected.{row.event.expected}")),
            escape(_outcome(view, row)),
            "" if row.alarm is None else surge_text.number(view, row.alarm),
            escape("" if row.delay is None else _days(view, row.delay)),
        ]
        for row in rows
    ]
    labels = [
        words(f"column.{name}")
        for name in ("event", "window", "expected", "outcome", "alarm", "delay")
    ]
    return tables.html(labels, shown, ["", "", "", "", "nz-num", ""], full=True)


def _label(view: View, row: Row) -> str:
    label = escape(surge_text.event(view.words, row.event))
    address = escape(row.event.url or "", quote=True)
    return f'<a href="{address}" rel="noreferrer">{label}</a>' if address else label


def _outcome(view: View, row: Row) -> str:
    outcome = view.words(f"surges.outcome.{row.outcome}")
    if row.why is None:
        return outcome
    return f"{outcome} ({view.words(f'surges.why.{row.why}')})"
