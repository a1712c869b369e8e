"""The rule in use: robust distance on log counts. And what every rule shares: threads and waves.

In three sentences: see `surges.rule.1` to `surges.rule.3` in the catalogues, which the Surges page
and docs/surges.md print with the numbers below.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from math import exp, log, pi, sqrt
from typing import Any, Final, Literal, Protocol

import numpy as np
import numpy.typing as npt

from surges.reports import PER, Line, Report
from surges.round_change import RoundChange

Floats = npt.NDArray[np.float64]
Kind = Literal["opened", "worse"]
Rule = Literal["flows", "rounds"]
"""Reports of a period, or changes between rounds of a stock."""
Reason = Literal["unusual", "first_count", "between_rounds"]

YEAR: Final = 365.25
RECENT: Final = 400
"""Days looked back for what is usual: thirteen months."""
FEWEST: Final = 3
"""Reports below which nothing is called usual."""
ENOUGH: Final = 6
"""Where the last thirteen months hold fewer, this many of the last three years are used."""
FARTHEST: Final = 1100
BASE: Final = 100.0
"""People per 30 days added to both sides, so that three families after one are no surge."""
LEAST: Final = 500.0
"""People per 30 days above the usual below which nothing is a surge."""
GREAT: Final = 5_000
"""People from which twice the usual is news whatever the spread says: the least that HDX Signals
speaks of."""
PRIOR_SPREAD: Final = 0.5
PRIOR_REPORTS: Final = 4
"""A spread seen in few reports is drawn towards a middling one, worth this many reports."""
NINE_IN_TEN: Final = 1.645
OF_MEDIAN: Final = 1.57
"""Variance of a median over that of a mean, for bell-shaped logs (pi / 2)."""
MAD: Final = 1.4826
WAVE: Final = 1.25
"""A later wave is an alarm when it is this many times the highest so far."""
EASED: Final = 0.25
"""Part of its peak below which a wave without a usual to fall back to has eased."""
OVER: Final = 90
"""Days of usual reports after which a crisis is over and the next surge is a new one."""
SETTLED: Final = 183
"""Days after which a lasting level is the new usual; and of silence that end a thread."""
EARLY: Final = 60
"""Days since its first day within which a new running count is news by its size alone."""
DAILY: Final = 3
"""Reports that cover at most this many days are read as the last seven days together."""
WEEK: Final = 7
SEASONS: Final = 730
"""Days of history that distinguish a yearly pattern from a single year's chance."""
CACHED_SERIES: Final = 2048
"""Lines whose surges are remembered."""
SHARPER: Final = 1090
"""Days of history from which that pattern may have a second wave within the year."""
SEASONAL_REPORTS: Final = 18
SEASON_PAYS: Final = 0.85
"""A yearly pattern is used where it leaves less than this part of the spread."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """`z` and `opening` were chosen on data before 2018; nothing was on later data."""

    z: float = 2.75
    """Spreads above the usual, of a report of fewer than 5,000."""
    times: float = 2.0
    """Times the usual: fixed, since twice the usual is what an office must hear of."""
    opening: int = 10_000
    """People in the first weeks of a new running count."""


CHOSEN: Final = Parameters()
OPENINGS: Final = {"families": 5}
"""A first count of families is news at a fifth of the number: the publishers' own five to one.
The count itself stays families."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual for one report, in people per 30 days."""

    middle: float
    low: float
    high: float
    """Nine of ten usual reports lie between `low` and `high`."""
    error: float
    """Standard error of the log of `middle`."""
    reports: int
    seasonal: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of one report."""

    over: bool
    back: Callable[[], bool]
    """Whether it lies within the usual range again: asked only while a surge is open."""
    usual: Usual | None = None
    """Of what is over, where the rule knows one."""


@dataclass(frozen=True, slots=True)
class History:
    """Earlier reports of one line as known when a report came, without those in a surge."""

    ends: Floats
    rates: Floats
    weights: Floats
    """1 for a report, less where reports overlap."""
    all_ends: Floats
    all_rates: Floats
    """Those in a surge as well."""


class Judge(Protocol):
    """A rule: says of a report whether it is over what its history makes usual."""

    @property
    def silence(self) -> int:
        """Days after an alarm without a further one on the line; 0 for waves by size."""
        ...

    def __call__(self, history: History, report: Report) -> Verdict | None:
        """None where the history is too short to say."""
        ...

    def __hash__(self) -> int:
        """Equal rules give the same alarms: results are remembered."""
        ...


@dataclass(frozen=True, slots=True)
class Alarm:
    """One surge, or one later wave of it."""

    line: Line
    report: Report
    kind: Kind
    reason: Reason
    started: date
    """First day of the thread's first report."""
    usual: Usual | None
    beyond: Report | None = None
    """Of a later wave: the highest report before it, which it exceeds."""
    rank: int | None = None
    """Its place by size among the reports of the last thirteen months, 1 for the highest; None
    where they are too few."""
    among: int | None = None
    """How many those reports are, itself among them."""
    change: RoundChange | None = None
    """Of a surge by rounds: the two figures and their difference, which `report` has as people more
    or fewer. Rank and number are then among the changes it is held against."""

    @property
    def rule(self) -> Rule:
        """Which rule made it: that of reports of a period, or that of changes between rounds."""
        return "flows" if self.change is None else "rounds"

    @property
    def group(self) -> str | None:
        """The population group of its figures; None for a series from a reader's file."""
        found = self.line.about.get("population_group")
        return None if found is None else str(found)

    @property
    def day(self) -> date:
        """The last day of the report that fired it."""
        return self.report.end

    @property
    def made(self) -> Literal["difference", "sum"] | None:
        """How its number came about; None where a publisher printed it as it is."""
        if len(self.report.figures) < 2:
            return None
        return "difference" if self.line.opens or self.change is not None else "sum"

    @property
    def times(self) -> float | None:
        """How many times the usual; None where no usual is known."""
        return None if self.usual is None else times_of(self.report.rate, self.usual.middle)

    @property
    def times_range(self) -> tuple[float, float] | None:
        """The same with nine-in-ten uncertainty of the usual."""
        if self.usual is None or self.times is None:
            return None
        wide = exp(NINE_IN_TEN * self.usual.error)
        return self.times / wide, self.times * wide

    @property
    def level(self) -> int:
        """1 high, 2 very high (5 times the usual; 50,000 at once), 3 extreme (20; 250,000)."""
        if self.times is None:
            return 1 + sum(self.report.value >= bound for bound in (50_000, 250_000))
        return 1 + sum(self.times >= bound for bound in (5, 20))


def times_of(rate: float, usual: float) -> float:
    """How many times the usual a rate is, both in people per 30 days with 100 added."""
    return (rate + BASE) / (usual + BASE)


@dataclass
class Thread:
    """One crisis on one line, while it lasts."""

    started: date
    peak: float
    last: date
    """End of its last report that was over."""
    highest: Report
    """The report whose rate is the peak."""
    open: bool = True
    settled: bool = False


@dataclass(slots=True)
class _Entry:
    report: Report
    thread: Thread | None
    end: int
    rate: float
    """The report's own, asked for by every later one."""


@dataclass(frozen=True)
class Followed:
    """A line with a rule's alarms on it."""

    line: Line
    alarms: tuple[Alarm, ...]
    open: bool
    """Whether the last report left a surge open."""
    last: Report | None
    judged: int = 0
    """Reports of which the rule could say something."""
    change: RoundChange | None = None
    """Of a surge by rounds: the newest change of its series that compares."""
    refused: str = ""
    """Of one by rounds: why the round after that does not compare, one of
    `changes.NOT_COMPARABLE`; "" where none followed."""

    @property
    def rule(self) -> Rule:
        """Which rule followed it."""
        return "flows" if self.change is None else "rounds"


def follow(line: Line, judge: Judge, chosen: Parameters = CHOSEN) -> Followed:
    """Every surge of a line, each report judged by what was known when it came.

    Args:
        line: The reports in the order they became known.
        judge: The rule.
        chosen: `opening` is used for running counts that are too young for a usual.
    """
    found = _followed(line.reports, line.unit, line.since, judge, chosen)
    return replace(
        found, line=line, alarms=tuple(replace(alarm, line=line) for alarm in found.alarms)
    )


@lru_cache(maxsize=CACHED_SERIES)
def _followed(
    reports: tuple[Report, ...], unit: str, since: date | None, judge: Judge, chosen: Parameters
) -> Followed:
    """Kept for as long as a process lives: of a new release few lines have other reports."""
    line = Line("", unit, "", since=since, reports=reports)
    state = _State(line, judge, chosen)
    for report in line.reports if line.opens else by_week(line.reports):
        state.take(report)
    return Followed(
        line,
        tuple(state.alarms),
        state.thread is not None and state.thread.open,
        state.newest,
        state.judged,
    )


def follow_all(lines: Sequence[Line], judge: Judge, chosen: Parameters = CHOSEN) -> list[Followed]:
    """What a rule says of every line."""
    return [follow(line, judge, chosen) for line in lines]


@dataclass
class _State:
    line: Line
    judge: Judge
    chosen: Parameters
    entries: dict[tuple[date, date], _Entry] = field(default_factory=dict)
    thread: Thread | None = None
    alarms: list[Alarm] = field(default_factory=list)
    newest: Report | None = None
    broken: date = date.min
    """End of the last report before which nothing compares."""
    judged: int = 0
    alerted: date | None = None

    @cached_property
    def daily(self) -> bool:
        """Whether its reports are weeks that overlap."""
        return not self.line.opens and _daily(self.line.reports)

    def take(self, report: Report) -> None:
        """Judge a report and remember it."""
        entry = _Entry(report, None, report.end.toordinal(), report.rate)
        held = self.entries.get((report.start, report.end))
        if report.breaks:
            self.broken = max(self.broken, report.start)
            self.thread = None
        elif self.newest is None or report.end >= self.newest.end:
            self._rest(report)
            self._judge(report, entry, again=held is not None and held.thread is not None)
        if held is not None and entry.thread is None:
            entry.thread = held.thread
        self.entries[report.start, report.end] = entry
        if self.newest is None or report.end >= self.newest.end:
            self.newest = report

    def _rest(self, report: Report) -> None:
        """End a thread of which nothing was heard, and accept one that lasts."""
        thread = self.thread
        if thread is None:
            return
        if (report.start - thread.last).days > (SETTLED if thread.open else OVER):
            self.thread = None
        elif thread.open and (report.start - thread.started).days > SETTLED:
            thread.settled = True

    def _judge(self, report: Report, entry: _Entry, *, again: bool) -> None:
        history = self._history(report)
        verdict = self.judge(history, report)
        first = self._first_count(report) if verdict is None else False
        self.judged += verdict is not None or first
        over = first or (verdict is not None and verdict.over)
        thread = self.thread
        if thread is not None and not over and verdict is None:
            over = thread.open and report.rate > thread.peak * EASED
        if over:
            self._over(report, entry, verdict, history, again=again)
        elif thread is not None and thread.open and (verdict is None or verdict.back()):
            thread.open = False
        elif thread is not None and thread.open:
            entry.thread = thread

    def _over(
        self,
        report: Report,
        entry: _Entry,
        verdict: Verdict | None,
        history: History,
        *,
        again: bool,
    ) -> None:
        thread = self.thread
        beyond = report.step * PER / report.days
        higher = thread is not None and report.rate > max(
            thread.peak * WAVE, thread.peak + (beyond if report.step > 1 else 0)
        )
        usual = verdict.usual if verdict else None
        reason: Reason = "first_count" if verdict is None else "unusual"
        if thread is None:
            thread = self.thread = Thread(report.start, report.rate, report.end, report)
            opened = Alarm(self.line, report, "opened", reason, thread.started, usual)
            self._raise_alarm(opened, history)
        else:
            if higher and not again:
                worse = Alarm(
                    self.line, report, "worse", reason, thread.started, usual, thread.highest
                )
                self._raise_alarm(worse, history)
            thread.open = True
            if report.rate > thread.peak:
                thread.peak, thread.highest = report.rate, report
            thread.last = report.end
        entry.thread = thread

    def _raise_alarm(self, alarm: Alarm, history: History) -> None:
        silence = self.judge.silence
        if silence and self.alerted and (alarm.day - self.alerted).days < silence:
            return
        self.alerted = alarm.day
        rank, among = _standing(history, alarm.report)
        self.alarms.append(replace(alarm, rank=rank, among=among))

    def _first_count(self, report: Report) -> bool:
        since = self.line.since
        return (
            since is not None
            and (report.end - since).days <= EARLY
            and report.value >= self.chosen.opening / OPENINGS.get(self.line.unit, 1)
        )

    def _history(self, report: Report) -> History:
        before = [
            entry
            for entry in self.entries.values()
            if entry.report.end < report.start
            and entry.report.start >= self.broken
            and not entry.report.floor
        ]
        before.sort(key=lambda entry: entry.end)
        calm = [e for e in before if e.thread is None or e.thread.settled]
        weight = 1 / WEEK if self.daily else 1.0
        return History(
            ends=_numbers([e.end for e in calm]),
            rates=_numbers([e.rate for e in calm]),
            weights=np.full(len(calm), weight),
            all_ends=_numbers([e.end for e in before]),
            all_rates=_numbers([e.rate for e in before]),
        )


def _standing(history: History, report: Report) -> tuple[int | None, int | None]:
    recent = history.all_rates[report.start.toordinal() - history.all_ends <= RECENT]
    if len(recent) < FEWEST:
        return None, None
    return int((recent > report.rate).sum()) + 1, len(recent) + 1


def _median(values: Floats) -> float:
    """As `np.median`, which takes twenty times longer over a few dozen numbers."""
    ordered = np.sort(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return float(ordered[middle])
    return float((ordered[middle - 1] + ordered[middle]) / 2)


def _numbers(values: Sequence[float]) -> Floats:
    return np.array(values, dtype=float)


def _daily(reports: Sequence[Report]) -> bool:
    return bool(reports) and _median(_numbers([r.days for r in reports])) <= DAILY


def by_week(reports: Sequence[Report]) -> Sequence[Report]:
    """Daily reports as the last seven days together, at each day; others as they are.

    Days without a report are left out of the seven, never taken as zero: the count is that of
    the days reported, brought to seven; below four of them there is no estimate.
    """
    if not _daily(reports):
        return reports
    ordered = sorted(reports, key=lambda r: (r.end, r.known_on))
    found: list[Report] = []
    first = 0
    for at, report in enumerate(ordered):
        start = report.end - timedelta(WEEK - 1)
        while ordered[first].start < start:
            first += 1
        days = {(r.start, r.end): r for r in ordered[first : at + 1]}
        covered = min(WEEK, sum(r.days for r in days.values()))
        if covered < WEEK // 2 + 1 or (at + 1 < len(ordered) and ordered[at + 1].end == report.end):
            continue
        counted = sum(r.value for r in days.values())
        found.append(
            replace(
                report,
                start=start,
                value=round(counted * WEEK / covered),
                figures=tuple(i for r in days.values() for i in r.figures),
            )
        )
    return found


@dataclass(frozen=True)
class Robust:
    """The rule in use: far above the middle of recent reports, on a log scale, in robust spreads.

    The scale is that of counts: twice is twice, at a hundred or a hundred thousand. The spread is
    the median absolute deviation, so that one odd month neither hides nor makes a surge.
    """

    chosen: Parameters = CHOSEN
    silence: int = 0

    def __call__(self, history: History, report: Report) -> Verdict | None:
        """Over where times, spreads and people all say so; of a great report no spread is asked.

        After months of 32,000 and 600 movements 80,000 lie within the spread, and are news.
        """
        if _recent(history, report) is None:
            return None
        # What is usual takes a fit of the year's course, and of most reports it decides nothing.
        if report.rate < LEAST or yearly(history, report):
            return Verdict(False, lambda: _is_back(usual(history, report), report))
        found = usual(history, report)
        if found is None:
            return None
        more = report.rate - found.middle
        over = (
            (report.value >= GREAT or spreads(found, report) >= self.chosen.z)
            and times_of(report.rate, found.middle) >= self.chosen.times
            and more >= LEAST
            and (report.step == 1 or more > report.step * PER / report.days)
        )
        return Verdict(over, lambda: _is_back(found, report), found if over else None)


def _is_back(found: Usual | None, report: Report) -> bool:
    return found is not None and report.rate <= found.high


def spreads(found: Usual, report: Report) -> float:
    """How many robust spreads a report lies above the usual, on a log scale."""
    middle = log(found.middle + BASE)
    spread = (log(found.high + BASE) - middle) / NINE_IN_TEN
    return (log(report.rate + BASE) - middle) / spread


def usual(history: History, report: Report) -> Usual | None:
    """What is usual for a report: its middle and the range of nine in ten; None if too few."""
    recent = _recent(history, report)
    if recent is None:
        return None
    counted = float(history.weights[recent].sum())
    season = _season(history, report)
    logs = np.log(history.rates + BASE) - (season.at(history.ends) if season else 0.0)
    middle = _median(logs[recent])
    seen = MAD * _median(np.abs(logs[recent] - middle))
    spread = sqrt((counted * seen**2 + PRIOR_REPORTS * PRIOR_SPREAD**2) / (counted + PRIOR_REPORTS))
    error = spread * sqrt(OF_MEDIAN / counted)
    if season:
        middle += float(season.at(np.array([report.end.toordinal()]))[0])
    wide = NINE_IN_TEN * sqrt(spread**2 + error**2)
    return Usual(
        middle=_people(middle),
        low=_people(middle - wide),
        high=_people(middle + wide),
        error=error,
        reports=round(counted),
        seasonal=season is not None,
    )


def _recent(history: History, report: Report) -> npt.NDArray[np.bool_] | None:
    """Which earlier reports say what is usual: of thirteen months or else the last few."""
    age = report.start.toordinal() - history.ends
    recent = age <= RECENT
    if history.weights[recent].sum() < ENOUGH:
        recent = (age <= FARTHEST) & (np.cumsum(history.weights[::-1])[::-1] <= ENOUGH)
    return recent if float(history.weights[recent].sum()) >= FEWEST else None


def _people(logarithm: float) -> float:
    return max(0.0, exp(logarithm) - BASE)


@dataclass(frozen=True)
class _Season:
    terms: tuple[float, ...]

    def at(self, days: Floats) -> Floats:
        """The log of the season's factor on each day."""
        turn = 2 * pi * days / YEAR
        found = np.zeros(len(days))
        for n in range(0, len(self.terms), 2):
            part = n // 2 + 1
            found = found + self.terms[n] * np.sin(part * turn)
            found = found + self.terms[n + 1] * np.cos(part * turn)
        return found


def _season(history: History, report: Report) -> _Season | None:
    """A yearly pattern, where two years or more show one that leaves clearly less spread.

    Least squares on logs with a straight line for the level, refitted with Huber's weights.
    """
    kept = report.start.toordinal() - history.ends <= 5 * YEAR
    days, logs = history.ends[kept], np.log(history.rates[kept] + BASE)
    if history.weights[kept].sum() < SEASONAL_REPORTS or days[-1] - days[0] < SEASONS:
        return None
    span = (days - days[0]) / YEAR
    turn = 2 * pi * days / YEAR
    level = np.column_stack([np.ones_like(span), span])
    waves = np.column_stack([np.sin(turn), np.cos(turn)])
    if days[-1] - days[0] >= SHARPER and history.weights[kept].sum() >= 2 * SEASONAL_REPORTS:
        waves = np.column_stack([waves, np.sin(2 * turn), np.cos(2 * turn)])
    without = _huber(level, logs)
    fitted = _huber(np.column_stack([level, waves]), logs)
    if fitted.spread > SEASON_PAYS * without.spread:
        return None
    return _Season(tuple(float(term) for term in fitted.terms[2:]))


@dataclass(frozen=True)
class _Fit:
    terms: Floats
    spread: float


def _huber(columns: Floats, values: Floats) -> _Fit:
    weights: Any = np.ones(len(values))
    terms: Any = np.zeros(columns.shape[1])
    left: Any = values
    for _ in range(8):
        root = np.sqrt(weights)
        terms = np.linalg.lstsq(columns * root[:, None], values * root, rcond=None)[0]
        left = values - columns @ terms
        scale = MAD * _median(np.abs(left)) or 1e-9
        weights = np.minimum(1.0, 1.345 * scale / np.maximum(np.abs(left), 1e-12))
    freedom = sqrt(len(values) / max(1, len(values) - columns.shape[1]))
    return _Fit(terms, MAD * _median(np.abs(left)) * freedom)


def yearly(history: History, report: Report) -> bool:
    """Whether the same weeks of each of the last two years were about as high: a season then."""
    end = report.end.toordinal()
    for back in (YEAR, 2 * YEAR):
        near = np.abs(history.all_ends - (end - back)) <= max(20, report.days // 2 + 7)
        if not near.any() or history.all_rates[near].max() * WAVE < report.rate:
            return False
    return True
