"""Changes between reporting rounds of a stock: who arrived, left and returned, by sub-district.

A round counts who is there, so that a surge is a difference of two rounds. Only what compares is
taken: one series of one publisher, two rounds that follow one another, and neither of them listing
other places than the one beside it (`coverage_changed`). What does not compare is counted, with the
reason, and never shown as a change.

The rule in two sentences. A change is one to hear of where it is at least 1,000 people in 30 days,
and a tenth of those counted before or 10,000 people, and 2.75 robust spreads from the middle of the
changes it is held against, on a scale of counts. Those are the place's own earlier changes where
there are three and it is of fewer than 10,000, and else the changes of all places of the publisher
between the same two rounds.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import copysign, log1p, sqrt
from statistics import median
from typing import Any, Final

import pandas as pd

from data.analysis import precedence
from data.analysis.cells import caveats_of
from data.analysis.comparable import comparable_change
from data.analysis.series import SERIES, named, records, whole_counts
from data.schema.frame_keys import row_key
from data.store import FigureFilter, Release
from surges import reports
from surges.reports import PER, Line, Report
from surges.round_change import GROUPS, RoundChange, Way, days_between
from surges.rule import (
    BASE,
    CHOSEN,
    FEWEST,
    MAD,
    OVER,
    PRIOR_REPORTS,
    PRIOR_SPREAD,
    SETTLED,
    WAVE,
    Alarm,
    Followed,
)

LEVEL: Final = 3
_LINE: Final = "line"
LEAST: Final = 1_000.0
"""People in 30 days: 2,000 between rounds that are two months apart."""
PART: Final = 0.1
"""Part of those counted before."""
MANY: Final = 10_000
"""People from which no part is asked, and a place's own past is no measure, however wild it was:
10,000 are news in a city of 200,000, too. Where all places move as much it is still none."""
LONGEST: Final = 100
"""Days between two rounds; further apart the change says nothing about when."""
COUNT: Final = (
    "source",
    "publisher",
    "dataset",
    "operation",
    "assessment_type",
    "population_group",
    "unit",
)
"""What rounds of different places share where they are one count."""
BREAKS: Final = ("coverage_changed", "method_break")
CUT: Final = ("coverage", "method")
"""Reasons for which rounds do not compare, and the changes before them with those after neither."""

Row = dict[str, Any]


@dataclass(frozen=True)
class RoundThresholds:
    """What makes a change one to hear of; the numbers are in use."""

    least: float = LEAST
    """People in 30 days."""
    part: float = PART
    """Part of those counted before, of a change of fewer than `MANY`."""
    z: float = CHOSEN.z
    """Robust spreads from the middle of what it is held against."""
    many: float = MANY

    def over(self, change: RoundChange) -> bool:
        """Whether a change is one."""
        return (
            abs(change.rate) >= self.least
            and abs(change.value) >= min(self.many, self.part * int(change.before["value"]))
            and abs(change.spreads) >= self.z
            and (change.value > 0) == (change.spreads > 0)
            and change.way is not None
        )


THRESHOLDS: Final = RoundThresholds()


@dataclass(frozen=True)
class RoundSeries:
    """The rounds of one series of one place.

    Attributes:
        figures: One for each round, oldest first, in the columns of `tables.FIGURES`; also those
            without a number.
        steps: What came of each round but the first: a change, or why there is none.
        readings: The numbers as the publisher printed them.
    """

    figures: tuple[Row, ...]
    steps: tuple[RoundChange | str, ...]
    readings: tuple[Report, ...]


@dataclass(frozen=True)
class Rounds:
    """Every change between rounds that follow one another.

    Attributes:
        changes: Those that compare, the newest round and the largest number first.
        refused: How many do not, by the reason (`changes.NOT_COMPARABLE`, or `far_apart`).
        series: What they were taken from, a series of one place each.
    """

    changes: tuple[RoundChange, ...]
    refused: Mapping[str, int]
    series: tuple[RoundSeries, ...] = field(default=(), repr=False)

    @property
    def over(self) -> tuple[RoundChange, ...]:
        """Those to hear of."""
        return tuple(change for change in self.changes if change.over)

    @property
    def judged(self) -> int:
        """Series of which the rule could say something."""
        return sum(any(isinstance(step, RoundChange) for step in one.steps) for one in self.series)


def of_release(release: Release, known: date | None = None) -> Rounds:
    """The changes between a release's rounds by sub-district.

    Args:
        release: Where from; each published number once, by whichever route it came.
        known: Leave out what was not known on that day; None for everything.
    """
    wanted = FigureFilter(
        group=tuple(GROUPS), measure=("stock",), admin_level=(LEVEL,), as_known_on=known
    )
    return between(precedence.figures(release, wanted))


def between(figures: pd.DataFrame, asked: RoundThresholds = THRESHOLDS) -> Rounds:
    """The changes between rounds.

    Args:
        figures: Rows of `tables.FIGURES`, the newest vintage of each. Only stocks of a round, of
            sub-districts, of everybody and of a whole count (no category) are read.
        asked: What makes a change one to hear of.
    """
    kept = figures[
        figures["reporting_round"].notna()
        & figures["admin_level"].eq(LEVEL).fillna(False)
        & figures["population_group"].isin(list(GROUPS))
        & figures["measure"].eq("stock")
        & whole_counts(figures)
    ]
    if kept.empty:
        return Rounds((), {})
    # All rows at once: a frame for each of some hundred series takes seconds.
    keyed = kept.assign(**{_LINE: row_key(kept, list(SERIES))}).sort_values(
        [_LINE, "as_of", "reporting_round"]
    )
    lines: dict[str, list[Row]] = {}
    for row in records(keyed):
        lines.setdefault(str(row.pop(_LINE)), []).append(named(row))
    lags = reports.lags_of(kept)
    refusals, compared = _compared(lines)
    judged = _judged(compared, refusals, lags, asked)
    series = []
    for line, rows in lines.items():
        steps = tuple(judged.get((line, at)) or refusals[line, at] for at in range(1, len(rows)))
        series.append(RoundSeries(tuple(rows), steps, tuple(_readings(rows, lags))))
    changes = tuple(sorted(judged.values(), key=_order))
    return Rounds(changes, dict(Counter(refusals.values())), tuple(series))


def _order(change: RoundChange) -> tuple[int, int, str]:
    place = str(change.after["place_code"])
    return -change.day.toordinal(), -abs(change.value), place


Pair = tuple[str, int]
"""A series and the place in it of the later round."""


def _compared(
    lines: Mapping[str, Sequence[Row]],
) -> tuple[dict[Pair, str], dict[Pair, tuple[Row, Row]]]:
    """Why rounds that follow one another do not compare, and those that do."""
    broken = _broken(row for rows in lines.values() for row in rows)
    refused: dict[Pair, str] = {}
    compared: dict[Pair, tuple[Row, Row]] = {}
    for line, rows in lines.items():
        for at in range(1, len(rows)):
            before, after = rows[at - 1], rows[at]
            reason = _refusal(before, after, broken)
            if reason:
                refused[line, at] = reason
            else:
                compared[line, at] = (before, after)
    return refused, compared


def _broken(rows: Iterable[Row]) -> dict[tuple[object, ...], set[pd.Timestamp]]:
    """The days of the rounds of each count from which on it does not compare."""
    found: dict[tuple[object, ...], set[pd.Timestamp]] = {}
    for row in rows:
        codes = caveats_of(row)
        if any(code in codes for code in BREAKS):
            found.setdefault(_count(row), set()).add(row["as_of"])
    return found


def _count(row: Row) -> tuple[object, ...]:
    return tuple(None if pd.isna(row[name]) else row[name] for name in COUNT)


def _refusal(
    before: Row, after: Row, broken: Mapping[tuple[object, ...], set[pd.Timestamp]]
) -> str:
    found = comparable_change(before, after)
    if found.status != "number":
        return found.reason or "rounded"
    # A round in between that does not list this place may list others than the ones beside it.
    if any(before["as_of"] < day < after["as_of"] for day in broken.get(_count(after), ())):
        return "coverage"
    return "" if 0 < days_between(before, after) <= LONGEST else "far_apart"


def _judged(
    compared: Mapping[Pair, tuple[Row, Row]],
    refused: Mapping[Pair, str],
    lags: Mapping[str, int],
    asked: RoundThresholds,
) -> dict[Pair, RoundChange]:
    beside: dict[tuple[object, ...], list[float]] = {}
    for before, after in compared.values():
        beside.setdefault(_rounds(before, after), []).append(_scaled(before, after))
    all_places = {rounds: _Held(values) for rounds, values in beside.items()}
    earlier: dict[str, tuple[int, list[float]]] = {}
    found: dict[Pair, RoundChange] = {}
    for (line, at), (before, after) in compared.items():
        last, mine = earlier.get(line, (0, []))
        if any(refused.get((line, step)) in CUT for step in range(last + 1, at)):
            mine = []  # changes of another list of places, or another method, are no measure
        scaled = _scaled(before, after)
        more = int(after["value"]) - int(before["value"])
        own = len(mine) >= FEWEST and abs(more) < asked.many
        held = _Held(mine) if own else all_places[_rounds(before, after)]
        change = _change(before, after, scaled, held, own=own, lags=lags)
        found[line, at] = replace(change, over=asked.over(change))
        mine.append(scaled)
        earlier[line] = (at, mine)
    return found


class _Held:
    """What a change is held against: its middle and spread, worked out once."""

    def __init__(self, values: Sequence[float]) -> None:
        self.values = tuple(values)
        self.middle = median(self.values)
        seen = MAD * median(abs(value - self.middle) for value in self.values)
        # A spread seen in few is drawn towards a middling one.
        drawn = len(self.values) * seen**2 + PRIOR_REPORTS * PRIOR_SPREAD**2
        self.spread = sqrt(drawn / (len(self.values) + PRIOR_REPORTS))


def _change(
    before: Row, after: Row, scaled: float, held: _Held, *, own: bool, lags: Mapping[str, int]
) -> RoundChange:
    enough = len(held.values) >= FEWEST
    far = (scaled - held.middle) / held.spread if enough else 0.0
    known = [_known(row, lags) for row in (before, after)]
    return RoundChange(
        before,
        after,
        value=int(after["value"]) - int(before["value"]),
        spreads=far,
        own=own,
        rank=1 + sum(abs(value) > abs(scaled) for value in held.values) if enough else None,
        among=len(held.values) + own if enough else None,
        known_on=max(day for day, _ in known),
        assumed=any(assumed for _, assumed in known),
        over=False,
    )


def _known(row: Row, lags: Mapping[str, int]) -> tuple[date, bool]:
    return reports.known_from(row, lags.get(str(row["dataset"]), reports.USUAL_LAG))


def _rounds(before: Row, after: Row) -> tuple[object, ...]:
    """What makes changes of different places alike: one count, between the same two rounds."""
    return *_count(after), before["as_of"], after["as_of"]


def _scaled(before: Row, after: Row) -> float:
    """A change in 30 days on a scale of counts that has a zero: twice is twice either way."""
    rate = (int(after["value"]) - int(before["value"])) * PER / days_between(before, after)
    return copysign(log1p(abs(rate) / BASE), rate)


def _readings(rows: Iterable[Row], lags: Mapping[str, int]) -> Iterator[Report]:
    for row in rows:
        if pd.notna(row["value"]):
            day, (known, assumed) = row["as_of"].date(), _known(row, lags)
            figures = (str(row["figure_id"]),)
            yield Report(day, day, int(row["value"]), known, assumed, figures=figures)


def threads(found: Rounds) -> list[Followed]:
    """What stood out, as every other surge is followed: one for each thread of a place and a way.

    A thread opens with a change to hear of. It goes on while later rounds compare; a later wave is
    one whose pace exceeds every earlier one by a quarter. The next round that compares and shows no
    such change closes it for the present, and it is over when none has for 90 days. A round that
    does not compare ends it without a word: what comes after is a new one, and is held against
    nothing that came before.

    Returns:
        In the order of their series. `last` is the newest change of the thread's series that
        compares, also where it is none to hear of; its number is then people either way.
    """
    return [
        thread.followed(one)
        for one in found.series
        for way in _ways(one)
        for thread in _threads(one, way)
    ]


def _ways(one: RoundSeries) -> list[Way]:
    more, fewer = GROUPS[str(one.figures[0]["population_group"])]
    return [more] if fewer is None else [more, fewer]


@dataclass
class _Thread:
    way: Way
    alarms: list[Alarm]
    peak: RoundChange
    last: RoundChange
    """The last to hear of."""
    newest: RoundChange
    """The last that compares."""
    open: bool = True
    refused: str = ""

    def followed(self, one: RoundSeries) -> Followed:
        line = replace(self.alarms[0].line, readings=one.readings)
        alarms = tuple(replace(alarm, line=line) for alarm in self.alarms)
        return Followed(
            line,
            alarms,
            self.open,
            self.newest.report,
            judged=len(alarms),
            change=self.newest,
            refused=self.refused,
        )


def _threads(one: RoundSeries, way: Way) -> list[_Thread]:
    about = one.figures[0]
    line = Line(
        place=str(about["place_code"]),
        unit=str(about["unit"]),
        measure="stock",
        detector=way,
        about={name: None if pd.isna(about[name]) else about[name] for name in SERIES},
    )
    found: list[_Thread] = []
    thread: _Thread | None = None
    for step in one.steps:
        if isinstance(step, str):
            if thread is not None:
                thread.refused = step
            thread = None
            continue
        if thread is not None and _apart(thread, step) > (SETTLED if thread.open else OVER):
            thread = None
        if not (step.over and step.way == way):
            if thread is not None:
                thread.newest, thread.open = step, False
            continue
        if thread is None:
            alarm = _alarm(line, step, step)
            thread = _Thread(way, [alarm], step, step, step)
            found.append(thread)
            continue
        if abs(step.rate) > WAVE * abs(thread.peak.rate):
            thread.alarms.append(_alarm(line, step, thread.alarms[0].change, thread.peak))
        if abs(step.rate) > abs(thread.peak.rate):
            thread.peak = step
        thread.last = thread.newest = step
        thread.open = True
    return found


def _apart(thread: _Thread, step: RoundChange) -> int:
    return (step.report.start - thread.last.day).days


def _alarm(
    line: Line, change: RoundChange, first: RoundChange | None, beyond: RoundChange | None = None
) -> Alarm:
    return Alarm(
        line,
        change.report,
        kind="opened" if beyond is None else "worse",
        reason="between_rounds",
        started=(first or change).report.start,
        usual=None,
        beyond=None if beyond is None else beyond.report,
        rank=change.rank,
        among=change.among,
        change=change,
    )
