"""docs/surges.md, written by `python -m bench.surges`: the rule, the split, and the scores."""

from collections.abc import Sequence
from statistics import median
from typing import Any, Final

import pandas as pd

from bench.surges import choice, forecast, rounds_trial
from bench.surges.choice import Compared
from surges import events
from surges.reports import LONGEST, SHORTEST, USUAL_LAG, Line
from surges.rounds import LEAST as LEAST_CHANGE
from surges.rounds import MANY, PART
from surges.rule import (
    CHOSEN,
    EARLY,
    FEWEST,
    GREAT,
    LEAST,
    OVER,
    RECENT,
    SETTLED,
    WAVE,
    Alarm,
)
from surges.score import TOLERANCE, Row, Score, is_twice_median, rates_before
from surges.waves import ByFigures

AIM_RECALL: Final = 0.95
AIM_PRECISION: Final = 0.85
"""What was asked of the rule on large surges."""

GREAT_WAVES: Final = (
    "They are counted in two ways, since neither is enough.",
    "",
    "- *By the list*: an event of the list is one where the figures show it, as a report within",
    "  its window of 5,000 people or more, twice the plain middle of the 13 months before. An",
    "  alarm of 5,000 or more beside every listed event is false, whatever the figures say.",
    "- *In the figures*: every report of a series with 5,000 or more and twice that middle is of",
    "  one, whether or not anybody wrote of it, and those at most 90 days apart are one wave. They",
    "  are found from the series alone, without a look at alarms or list. A wave is told where an",
    "  alarm is at one of its reports; an alarm of 5,000 or more at no such report is false. New",
    "  counts since a date have no usual, and are left out.",
    "",
    "The second way asks nearly what the rule asks, so that it says what threads, seasons and a",
    "usual without earlier surges take away, and not whether a wave was news. The first says that,",
    "as far as the list reaches ([how it was made](events.md)). An event of a whole country takes",
    "in every alarm inside it, so that the first is given without that, too.",
)

HEAD: Final = """# Surges: the rule, and how good it is

Written by `make surges` from the figures that the project carries; a test keeps it true. Nothing
in the tables of scores was typed.

## The rule in three sentences

1. The usual is the middle of the reports of the last {months} months of the same series, as
   people per 30 days, without earlier surges, and adjusted to the time of year where two years of
   reports show one; days without a report stay out, since a gap is not a zero.
2. A report is a surge when it is at least {times:g} times the usual and {least:,.0f} people per 30
   days more, and either has {great:,} people or more, however wild the months before were, or lies
   {z:g} robust spreads above the usual on a log scale; where a publisher opens a new count since a
   date there is no usual, and it is one from {opening:,} people within {early} days.
3. It is told once, again only when a later report is {wave:.0%} of the highest so far, and it is
   over when reports have been back in the usual range for {over} days, or when the new level has
   lasted {settled} days.

There are two detectors with this one rule: new displacement (newly displaced people and arrivals of
IDPs) and returns (refugees and IDPs). Each series is judged apart: one source, dataset, publisher,
place, group, unit and starting date. Kinds, units and sources are never mixed.

Changes between rounds of a stock are a rule of their own, by sub-district: a change is one to
hear of where it is at least {least_change:,.0f} people in 30 days, {part:.0%} of those counted
before or {many:,} people, and {z} robust spreads from the middle of the place's own earlier
changes, or, where it has fewer than {few} or the change is of {many:,} or more, of the changes of
all places between the same two rounds. Fewer IDPs are departures; more IDPs arrivals; more who came
back returns; fewer who came back are nothing. Rounds that list other places than the one beside
them (`coverage_changed`) are not compared, nor is a change before one held against a change after
it: of the carried rounds 7, 10 and 11 only the last two are compared. No list of events says how
good this is; made-up waves do, in *Rounds: made-up waves* below.

Both rules are asked in one place and told in the same ones: the Surges page, the first page, the
light edition and the brief, alerts and feed, the API, `nuzuh surges` and assistants. A field `rule`
says which made a surge (`flows` or `rounds`), and one sentence how unusual it is. A higher wave
between rounds is a change whose pace is {wave:.0%} of the highest before; the next round that
compares and shows no such change closes it, and where none comes for 60 days or twice the time
between the two rounds it is closed without a finding.

Beside a surge stands what else was reported in its place and the districts beside it from 60 days
before its first day: conflict events by district and month (ACLED, through HDX HAPI) and
earthquakes (USGS). It is context and no cause, is read by no rule, and nothing finer than a
district is kept. On a past day conflict is left out, since only its newest edition is kept.

Each alert says its place by size among the reports of the last {months} months, what the rule
missed before in that place, and what would end it.

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
- **Months compiled later.** OCHA's workbook of December 2021 gives its months of 2016 to 2021 at
  once. Since OCHA also published them month by month, each is taken as known after that dataset's
  middle lag; months of a dataset that was never published month by month are left out.
- **Small samples.** A spread seen in few reports is drawn towards a middling one.

## The split

Parameters were chosen on reports and events that ended before {split}, and on nothing else:
for each family a search over few values by F2 (recall counts twice), with every alarm beside the
listed events taken as false. Everything since is test. The events, with their sources and whether
they must fire, are in `data/reference/events.toml`. An event found because a rule fired on it is
undecided, and counts neither for nor against.

The parameters, one by one; the figures of each choice are in *The life of the rule* below.

- {times:g} times the usual: fixed, what an office must hear of.
- {z:g} robust spreads: chosen before 2018 on the spread alone, by the listed events.
- {great:,} people, from which no spread is asked: HDX Signals' own least. That twice the usual is
  enough from there on was chosen before 2018, among 2, 2.5, 3, 4, 6, 8, 10 and 20 times and never,
  by the large surges that the figures have of themselves.
- {opening:,} people of a first count: chosen before 2018.

What no choice can be taken for: on 30 November 2026 a first condition for great reports was added
after the rule had been run on OCHA's whole months and had missed eastern Ghouta and the returns to
Idleb and Al-Hasakeh. On 1 December 2026 it gave way to the present one after the waves that the
rule left out since 2018 had been counted. Neither number was looked for on later months; that
something was to be done about wild months was learnt there.
"""

ROUNDS: Final = """\
After the real rounds 7, 10 and 11 come {made} made-up ones a month apart: each series takes
the relative change of some place of its group between the real rounds 10 and 11, drawn by chance.
Into round 11 and these, waves of known size are put in places drawn by chance: arrivals and
departures of IDPs, returns of IDPs and of refugees. A wave is told where an alarm names its place,
its way and its round; a thread of a made-up change in which none lies is false. The real changes
that noise is drawn from have real waves in them, so that the first number of false ones is too
high; the last column draws from all but the greatest {greatest:.0%} of each group, and is too low.
"""
ROUNDS_CHOSEN: Final = """\
The numbers were chosen on other draws of chance than those they are scored on here: the least that
costs no wave of 2,000 between rounds up to two months apart, and the part and spreads that cost
none of any size. From 10,000 people no part is asked, and they are held against all places and not
against the place's own past, however wild; with 5,000 more is told, and more that is false."""


def render(lines: Sequence[Line], stocks: pd.DataFrame) -> str:
    """The whole document, as Markdown.

    Args:
        lines: Every series that a detector reads.
        stocks: The carried rounds, as `rounds_trial.carried` gives them.
    """
    compared = choice.compare(lines)
    used = next(found for found in compared if found.family.name == "robust")
    before, since = used.before, used.since
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
        great=GREAT,
        part=PART,
        many=MANY,
        least_change=LEAST_CHANGE,
        few=FEWEST,
    )
    return "\n".join(
        [
            head,
            "## The families on the same reports",
            "",
            _families(compared),
            "",
            f"`robust` with {_given(used.given)} is in use, and can be said in three sentences.",
            "`thirteen_months` tells every report of 5,000 that is the",
            "highest of 13 months; `count_model` is the seasonal one. `rolling_maximum` is HDX",
            "Signals' rule with its published",
            "numbers, applied to each series here; theirs reads daily events of whole countries.",
            "Precision is strict: an alarm beside every listed event counts as false, though the",
            "list may lack an event. Delay is the median of the days from the start of an event's",
            "window to the end of the report that fired, and until that report was known.",
            "",
            "## Large surges: twice the usual and 5,000 people or more",
            "",
            *GREAT_WAVES,
            "",
            _great(compared),
            "",
            "The aim was a recall of 95% and a precision of 85%.",
            "",
            *_aim(used),
            "",
            *_beside_the_list(used),
            "",
            "Large surges in the figures since 2018 that this rule does not tell:",
            "",
            *_untold(used.figures_since),
            "",
            "Its alarms of 5,000 or more since 2018 that lie in no such wave:",
            "",
            *_no_wave(used.figures_since),
            "",
            "Listed large surges that it does not tell:",
            "",
            *(_missed(used.great.rows) or ["- None."]),
            "",
            "Listed, and no large surge in the figures carried:",
            "",
            *_small(since, used.great),
            "",
            "## The life of the rule",
            "",
            "Every form that it had, and every one that was tried, on both halves and by both",
            "measures. A change is scored before it is used, and chosen by the columns before 2018",
            "alone: the spreads by the F2 of the list, what is asked of great reports by the F2 of",
            "the waves in the figures. The columns since 2018 were filled in when that was done.",
            "Beside what is said here each asks twice the usual and 500 people more. The last two",
            "columns are of made-up months around 3,000 with a season of a third and a spread of",
            f"{choice.MADE_SPREAD:.0%}: they say what a form costs where nothing happens.",
            "",
            _life(choice.life(lines)),
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
            "  what it counts, only the provenance of the figure tells.",
            f"- An alarm up to {TOLERANCE.days} days after a window still counts for its event.",
            "- An alarm of any part of a place counts for an event of the place, so that one of",
            "  the whole country is easily told.",
            "",
            *_rounds(stocks),
            *_forecast(lines),
        ]
    )


def _rounds(stocks: pd.DataFrame) -> list[str]:
    """How the rule of rounds does on waves that are known, since they were put in."""
    rows = rounds_trial.life(stocks)
    used = rows[-1][2]
    heads = (
        *("in use from", "a change is over with"),
        *(f"told of {size:,}" for size in rounds_trial.SIZES),
        *("false per 1,000 changes", "without the greatest real ones"),
    )
    shown = [
        [
            when,
            what,
            *(f"{counts} of {of}" for counts, of in noisy.alerted.values()),
            f"{noisy.per_thousand:.1f}",
            f"{calm.per_thousand:.1f}",
        ]
        for when, what, noisy, calm in rows
    ]
    ways = ", ".join(f"{counted} of {of} {way}" for way, (counted, of) in used.by_way.items())
    return [
        "## Rounds: made-up waves",
        "",
        ROUNDS.format(made=rounds_trial.MADE, greatest=rounds_trial.GREATEST),
        table(heads, shown),
        "",
        ROUNDS_CHOSEN,
        "",
        f"By what they are, the rule in use tells {ways}.",
        f"It tells {used.guarded[0]} of {used.guarded[1]} waves put between rounds 7 and 10,",
        "which list other places and are not compared. What it misses are mostly waves of less",
        "than a tenth of those who were there, in the cities and around the largest camps.",
        "",
    ]


def _forecast(lines: Sequence[Line]) -> list[str]:
    """What came of the trial, whichever way it came out."""
    tried = forecast.trial(lines)
    shown = forecast.worth_showing(tried)
    rows = [
        [
            one.name,
            str(one.months),
            f"{one.held:.0%}",
            *(f"{one.by_detector.get(name, 0):.0%}" for name in ("displacement", "returns")),
            f"{one.width:.1f}",
        ]
        for one in tried
    ]
    heads = ("range", "months", "held", "displacement", "returns", "high end by low end")
    verdict = (
        f"Worth showing: {', '.join(one.name for one in shown)}."
        if shown
        else "None of them does, so no forecast is shown anywhere."
    )
    return [
        "## Next month as a range: a trial",
        "",
        "OCHA's governorate months of movements and returns, each month since January 2018",
        "forecast from those before it, as a range that should hold 80% of them. A range is worth",
        "showing where it holds 75% to 85% of each of the two and is narrower than the first line,",
        "the plainest. How far to go from the middle to the last month was chosen on months before",
        "2018; the last column is the middle one of all ranges.",
        "",
        table(heads, rows),
        "",
        verdict,
        "Each month is forecast as though the one before were known on its last day, and by the",
        "last vintage: in life a month is published four weeks late, which makes no range better.",
        "No other source publishes such months today.",
        "Some 36 further variants were tried by hand on the same months; one held 75% to 76% at",
        "a width of 6.7, where the plainest beside it had 7.4. It is left out, since it was chosen",
        "on the months that it would be scored on.",
        "",
    ]


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


def _great(compared: Sequence[Compared]) -> str:
    heads = (
        "family",
        "by the list: told",
        "recall",
        "precision",
        "false",
        "quiet windows broken",
        "in the figures: told before 2018",
        "told since",
        "recall",
        "precision",
        "false",
    )
    rows = [
        [
            f"`{found.family.name}`",
            _hits(found.great),
            _share(found.great.recall, found.great.recall_range),
            _share(found.great.precision, found.great.precision_range),
            str(len(found.great.false)),
            _quiet(found.great),
            _alerted(found.figures_before),
            _alerted(found.figures_since),
            _share(found.figures_since.recall, found.figures_since.recall_range),
            _share(found.figures_since.precision, found.figures_since.precision_range),
            str(len(found.figures_since.wrong)),
        ]
        for found in compared
    ]
    return table(heads, rows)


def _alerted(found: ByFigures) -> str:
    return f"{len(found.alerted)} of {found.waves}"


def _life(rows: Sequence[tuple[str, str, Compared]]) -> str:
    heads = (
        "in use from",
        "a report is over with",
        "before 2018, list: hits",
        "false",
        "F2",
        "figures: told",
        "false",
        "F2",
        "since 2018, great by list: told",
        "precision",
        "figures: told",
        "precision",
        "false by list, all sizes, per place-year",
        "made-up: waves told",
        "alarms per quiet place-year",
    )
    return table(
        heads,
        [
            [
                when,
                what,
                _hits(found.before),
                str(len(found.before.false)),
                f"{found.before.worth:.2f}",
                _alerted(found.figures_before),
                str(len(found.figures_before.wrong)),
                f"{found.figures_before.worth:.2f}",
                _hits(found.great),
                f"{found.great.precision or 0:.0%}",
                _alerted(found.figures_since),
                f"{found.figures_since.precision:.0%}",
                f"{found.since.false_per_place_year or 0:.2f}",
                _hits(found.made.score) if found.made else "",
                f"{found.made.quiet:.2f}" if found.made else "",
            ]
            for when, what, found in rows
        ],
    )


def _untold(found: ByFigures) -> list[str]:
    return [
        f"- {line.place}, {line.detector}: "
        + ", ".join(f"{r.value:,} {line.unit} ({r.start} to {r.end})" for r in wave)
        + "."
        for line, wave in found.missed
    ]


def _no_wave(found: ByFigures) -> list[str]:
    return [
        f"- {alarm.line.place}, {alarm.line.detector}: {alarm.report.value:,} {alarm.line.unit} "
        f"({alarm.report.start} to {alarm.report.end}), against {_against(alarm)}."
        for alarm in found.wrong
    ]


def _against(alarm: Alarm) -> str:
    """What was reported in the thirteen months before, as people per 30 days."""
    rates = rates_before(alarm.line, alarm.report)
    if len(rates) < FEWEST:
        return f"{len(rates)} reports of the 13 months before"
    return f"a middle of {median(rates):,.0f} and a highest of {max(rates):,.0f} in 30 days"


def _beside_the_list(used: Compared) -> list[str]:
    """Of the alarms that the list does not know, how many are waves in the figures."""
    false = used.great.false
    counted = [alarm for alarm in false if not alarm.line.opens]
    waves = sum(is_twice_median(alarm.line, alarm.report) for alarm in counted)
    highest = sum(alarm.rank == 1 for alarm in counted)
    opened = len(false) - len(counted)
    sentence = (
        f"Of its {len(false)} great alarms since 2018 that belong to no listed event {opened} open"
        f" a new count;\n{waves} of the other {len(counted)} lie in a wave in the figures, and"
        f" {highest} are the highest of 13 months. They stand\nin the table of alarms below, each"
        " beside what it is held against."
    )
    return [sentence]


def _quiet(found: Score) -> str:
    return f"{found.count('false_alarm')} of {found.count('false_alarm', 'silent')}"


def _aim(used: Compared) -> list[str]:
    measures: dict[str, Score | ByFigures] = {
        "By the list": used.great,
        "By the list, an event of a country for the country's own series alone": (
            used.great_by_place
        ),
        "In the figures": used.figures_since,
    }
    return [
        f"- {name}: recall {_reached(found.recall, AIM_RECALL)}, precision "
        f"{_reached(found.precision, AIM_PRECISION)}."
        for name, found in measures.items()
    ]


def _reached(share: float | None, aim: float) -> str:
    return f"{share or 0:.0%} ({'reached' if (share or 0) >= aim else 'not reached'})"


def _small(found: Score, great: Score) -> list[str]:
    kept = {row.event.code for row in great.rows}
    return [
        f"- {row.event.label}: {row.outcome}."
        for row in found.rows
        if row.event.expected == "must_fire" and row.event.code not in kept
    ]


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
            "" if alarm.usual is None else _against(alarm),
            "" if alarm.usual is None else _size(alarm),
        ]
        for alarm in sorted(alarms, key=lambda alarm: (alarm.day, alarm.line.place))
    ]
    heads = (
        *("place", "detector", "publisher", "period", "number", "size"),
        *("the 13 months before", "large surge in the figures"),
    )
    return table(heads, rows)


def _size(alarm: Alarm) -> str:
    if alarm.report.value < GREAT:
        return "smaller"
    return "yes" if is_twice_median(alarm.line, alarm.report) else "no"


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
