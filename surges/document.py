"""docs/surges.md, written by `nuzuh surges --document`: the rule, the split, and the scores."""

from collections.abc import Sequence
from typing import Any, Final

from surges import compare, events
from surges.compare import Compared
from surges.reports import LONGEST, SHORTEST, USUAL_LAG, Line
from surges.rule import (
    CHOSEN,
    EARLY,
    LEAST,
    OVER,
    RECENT,
    SETTLED,
    WAVE,
    Alarm,
    Robust,
)
from surges.score import TOLERANCE, Row, Score, score

HEAD: Final = """# Surges: the rule, and how good it is

Written by `make surges` from the figures that the project carries; a test keeps it true. Nothing
in the tables below was typed.

## The rule in three sentences

1. The usual is the middle of the reports of the last {months} months of the same series, as
   people per 30 days, without earlier surges, and adjusted to the time of year where two years of
   reports show one; days without a report stay out, since a gap is not a zero.
2. A report is a surge when it is at least {times:g} times the usual, {z:g} robust spreads above it
   on a log scale, and {least:,.0f} people per 30 days more; where a publisher opens a new count
   since a date there is no usual, and it is one from {opening:,} people within {early} days.
3. It is told once, again only when a later report is {wave:.0%} of the highest so far, and it is
   over when reports have been back in the usual range for {over} days, or when the new level has
   lasted {settled} days.

There are two detectors with this one rule: new displacement (newly displaced people and arrivals of
IDPs) and returns (refugees and IDPs). Each series is judged apart: one source, dataset, publisher,
place, group, unit and starting date. Kinds, units and sources are never mixed.

## What is respected

- **Gaps.** A day without a report is never a zero. Reports of different lengths are compared as
  people per 30 days; reports over more than {longest} days are not judged. Daily reports are read
  as the last seven days together, if four of them were reported.
- **Running counts** become what each reading adds to the last of the same starting date, divided by
  the days between. Readings less than {shortest} days apart wait for the next. A count that falls
  below half has begun anew; one that falls by less was corrected.
- **Rounding.** A change smaller than the step a number was rounded to is none.
- **Small bases.** A hundred people are added to both sides before a ratio is taken.
- **Method breaks.** What came before a break is not compared with what comes after.
- **Revisions.** Each report is judged by the vintages known when it came. Where the day of
  publication is not known it is assumed to be the middle lag of the dataset ({lag} days where that
  is not known either); such alarms say so.
- **Small samples.** A spread seen in few reports is drawn towards a middling one.

## The split

Parameters were chosen on reports and events that ended before {split}, and on nothing else:
for each family a search over few values by F2 (recall counts twice), with every alarm beside the
listed events taken as false. Everything since is test. The events, with their papers and whether
they must fire, are in `data/reference/events.toml`. An event found because a rule fired on it is
undecided, and counts neither for nor against.
"""


def render(lines: Sequence[Line]) -> str:
    """The whole document, as Markdown."""
    compared = compare.compare(lines)
    used = next(found for found in compared if found.family.name == "robust")
    followed = compare.run(lines, Robust())
    early, late = compare.split(events.listed())
    before = score(compare.run(compare.before(lines), Robust()), early, events.inside)
    since = score(compare.since(followed), late, events.inside)
    head = HEAD.format(
        months=round(RECENT / 30.4),
        times=CHOSEN.times,
        z=CHOSEN.z,
        least=LEAST,
        opening=CHOSEN.opening,
        early=EARLY,
        wave=WAVE,
        over=OVER,
        settled=SETTLED,
        longest=LONGEST,
        shortest=SHORTEST,
        lag=USUAL_LAG,
        split=events.SPLIT.isoformat(),
    )
    return "\n".join(
        [
            head,
            "## The families on the same reports",
            "",
            _families(compared),
            "",
            f"`robust` with {_given(used.given)} is in use: it scores best before 2018, and can be",
            "said in three sentences. `rolling_maximum` is HDX Signals' rule with its published",
            "numbers, applied to each series here; theirs reads daily events of whole countries.",
            "Precision is strict: an alarm beside every listed event counts as false, though the",
            "list may lack an event. Delay is the median of the days from the start of an event's",
            "window to the end of the report that fired, and until that report was known.",
            "",
            "## Events before 2018: parameters were chosen on these",
            "",
            _events(before),
            "",
            "## Events since: test",
            "",
            _events(since),
            "",
            "## Alarms that belong to no listed event, counted as false",
            "",
            _false([*before.false, *since.false]),
            "",
            "## What it still misses, and why",
            "",
            *_missed([*before.rows, *since.rows]),
            "- Where figures come once a month, a surge is told when the month is published.",
            "- A flow that is published once, without a series before it, is never judged.",
            "- An alarm says that a published number is unusual; whether the publisher changed",
            "  what it counts, only the papers of the figure tell.",
            f"- An alarm up to {TOLERANCE.days} days after a window still counts for its event.",
            "",
        ]
    )


def _given(given: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in given.items()) or "nothing to choose"


def _families(compared: Sequence[Compared]) -> str:
    heads = (
        "family",
        "chosen",
        "F2 before 2018",
        "hits before",
        "false before",
        "recall since",
        "precision since",
        "false since",
        "false per place-year",
        "delay, known",
    )
    rows = [
        [
            f"`{found.family.name}`",
            _given(found.given),
            f"{found.before.worth:.2f}",
            _hits(found.before),
            str(len(found.before.false)),
            _share(found.since.recall, found.since.recall_range),
            _share(found.since.precision, found.since.precision_range),
            str(len(found.since.false)),
            f"{found.since.false_per_place_year or 0:.2f}",
            f"{_days(found.since.delay)}, {_days(found.since.known_delay)}",
        ]
        for found in compared
    ]
    return table(heads, rows)


def _hits(found: Score) -> str:
    return f"{found.count('hit')} of {found.count('hit', 'miss')}"


def _share(share: float | None, between: tuple[float, float] | None) -> str:
    if share is None or between is None:
        return "–"
    return f"{share:.0%} ({between[0]:.0%}–{between[1]:.0%})"


def _days(days: float | None) -> str:
    return "–" if days is None else f"{days:g} d"


def _events(found: Score) -> str:
    rows = [
        [
            f"[{row.event.label}]({row.event.url})",
            f"{row.event.start} to {row.event.end}",
            row.event.expected,
            _outcome(row),
            row.alarm.line.place if row.alarm else "",
            "" if row.alarm is None else str(row.alarm.report.known_on),
            "" if row.delay is None else str(row.delay),
        ]
        for row in found.rows
    ]
    heads = ("event", "window", "expected", "outcome", "where", "known on", "delay, days")
    return table(heads, rows)


def _outcome(row: Row) -> str:
    return row.outcome if row.why is None else f"{row.outcome} ({row.why})"


def _false(alarms: Sequence[Alarm]) -> str:
    rows = [
        [
            alarm.line.place,
            alarm.line.detector,
            str(alarm.line.about.get("publisher")),
            f"{alarm.report.start} to {alarm.report.end}",
            f"{alarm.report.value:,} {alarm.line.unit}",
            "first count" if alarm.usual is None else f"{alarm.times:.1f} × usual",
        ]
        for alarm in sorted(alarms, key=lambda alarm: (alarm.day, alarm.line.place))
    ]
    return table(("place", "detector", "publisher", "period", "number", "size"), rows)


def _missed(rows: Sequence[Row]) -> list[str]:
    words = {
        "no_history": "no report of it had enough before it to say what was usual",
        "not_unusual": "its reports lay within what the year before made usual",
        None: "no report of it is carried",
    }
    return [
        f"- {row.event.label}: {words[row.why]}."
        for row in rows
        if row.outcome in ("miss", "no_data") and row.event.expected == "must_fire"
    ]


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [
        "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in (heads, *rows)
    ]
    return "\n".join([lines[0], "|" + "---|" * len(heads), *lines[1:]])
