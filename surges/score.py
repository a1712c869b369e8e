"""How good a rule is: its alarms against dated events, with what few events leave unsure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from math import sqrt
from statistics import median
from typing import Any, Final, Literal

from surges.answer import CHANGE
from surges.events import Event
from surges.reports import Line, Report
from surges.round_change import RoundChange
from surges.rule import (
    CHOSEN,
    FEWEST,
    GREAT,
    OPENINGS,
    RECENT,
    Alarm,
    Followed,
    by_week,
    times_of,
)

Outcome = Literal["hit", "miss", "silent", "false_alarm", "fired", "not_fired", "no_data"]
TOLERANCE: Final = timedelta(days=31)
"""An alarm this long after a window's end still belongs to it: monthly reports end when they do."""
Z: Final = 1.96
Inside = Callable[[str, str], bool]
"""Whether a place (first) is an event's place (second) or lies in it."""


def is_same_place(place: str, area: str) -> bool:
    """Places match by their code alone."""
    return place == area


@dataclass(frozen=True)
class Row:
    """What came of one event.

    Attributes:
        alarm: The first alarm that counts for it.
        alarms: How many did.
        why: For what did not fire: no_history (no report could be judged) or not_unusual.
    """

    event: Event
    outcome: Outcome
    alarm: Alarm | None = None
    alarms: int = 0
    why: str | None = None

    @property
    def delay(self) -> int | None:
        """Days from the window's start to the end of the report that fired."""
        return None if self.alarm is None else (self.alarm.day - self.event.start).days

    @property
    def known_delay(self) -> int | None:
        """Days from the window's start until that report was known."""
        if self.alarm is None:
            return None
        return (self.alarm.report.known_on - self.event.start).days


@dataclass(frozen=True)
class Score:
    """A rule's score. Rates are None where nothing can be divided by."""

    rows: tuple[Row, ...]
    right: tuple[Alarm, ...]
    false: tuple[Alarm, ...]
    place_years: float
    undecided: tuple[Alarm, ...] = field(default=())

    def count(self, *outcomes: Outcome) -> int:
        """Events with one of these outcomes."""
        return sum(row.outcome in outcomes for row in self.rows)

    @property
    def recall(self) -> float | None:
        """Part of the events that must fire and have data that did."""
        return _part(self.count("hit"), self.count("hit", "miss"))

    @property
    def precision(self) -> float | None:
        """Part of the alarms that belong to an event that must fire.

        Strict: an alarm beside every listed event is false, though the list may lack an event.
        """
        return _part(len(self.right), len(self.right) + len(self.false))

    @property
    def recall_range(self) -> tuple[float, float] | None:
        """Wilson's 95% interval."""
        return wilson(self.count("hit"), self.count("hit", "miss"))

    @property
    def precision_range(self) -> tuple[float, float] | None:
        """Wilson's 95% interval."""
        return wilson(len(self.right), len(self.right) + len(self.false))

    @property
    def delay(self) -> float | None:
        """Median days from a window's start to the end of the report that fired."""
        found = [row.delay for row in self.rows if row.outcome == "hit" and row.delay is not None]
        return float(median(found)) if found else None

    @property
    def known_delay(self) -> float | None:
        """Median days from a window's start until that report was known."""
        found = [r.known_delay for r in self.rows if r.outcome == "hit" and r.alarm is not None]
        return float(median(d for d in found if d is not None)) if found else None

    @property
    def false_per_place_year(self) -> float | None:
        """False alarms for each year that one place's reports cover."""
        return len(self.false) / self.place_years if self.place_years else None

    @property
    def worth(self) -> float:
        """F2: recall and precision as one number, in which recall counts twice.

        An office loses more by a wave it missed than by a message too many.
        """
        return f2(self.recall or 0.0, self.precision or 0.0)


def f2(recall: float, precision: float) -> float:
    """F2 of a recall and a precision."""
    return 5 * recall * precision / (4 * precision + recall) if recall + precision else 0.0


def _part(some: int, of: int) -> float | None:
    return some / of if of else None


def wilson(some: int, of: int) -> tuple[float, float] | None:
    """Wilson's 95% interval of a share; None where there is nothing to share."""
    if not of:
        return None
    share, room = some / of, Z**2 / of
    middle = (share + room / 2) / (1 + room)
    half = Z * sqrt(share * (1 - share) / of + room / of / 4) / (1 + room)
    return max(0.0, middle - half), min(1.0, middle + half)


def score(
    followed: Sequence[Followed],
    events: Sequence[Event],
    inside: Inside = is_same_place,
    tolerance: timedelta = TOLERANCE,
) -> Score:
    """The alarms of a rule against events.

    An alarm belongs to an event that must fire where its report overlaps the window or starts
    within the tolerance after it, at that place and of that detector. What belongs to none of
    them is false, save inside the window of an undecided event.
    """
    alarms = [alarm for line in followed for alarm in line.alarms]
    of_event = {event: _of(event, alarms, inside, tolerance) for event in events}
    right = _all(alarms, (of_event[e] for e in events if e.expected == "must_fire"))
    open_ = _all(alarms, (of_event[e] for e in events if e.expected == "undecided"), right)
    known = {id(alarm) for alarm in (*right, *open_)}
    false = [alarm for alarm in alarms if id(alarm) not in known]
    quiet = {id(alarm) for alarm in false}
    rows = [_row(event, of_event[event], quiet, followed, inside) for event in events]
    return Score(tuple(rows), tuple(right), tuple(false), _place_years(followed), tuple(open_))


def _of(event: Event, alarms: Iterable[Alarm], inside: Inside, tolerance: timedelta) -> list[Alarm]:
    late = tolerance if event.expected == "must_fire" else timedelta(0)
    found = [
        alarm
        for alarm in alarms
        if _concerns(event, alarm.line.place, alarm.line.detector, inside)
        and alarm.report.start <= event.end + late
        and alarm.day >= event.start
        and (event.expected == "must_fire" or alarm.day <= event.end + timedelta(1))
    ]
    return sorted(found, key=lambda alarm: (alarm.day, alarm.report.known_on))


def _concerns(event: Event, place: str, detector: str, inside: Inside) -> bool:
    if event.detector not in (None, detector):
        return False
    return any(inside(place, area) for area in event.places)


def _all(
    alarms: Iterable[Alarm], lists: Iterable[list[Alarm]], without: Iterable[Alarm] = ()
) -> list[Alarm]:
    wanted = {id(alarm) for found in lists for alarm in found}
    wanted -= {id(alarm) for alarm in without}
    return [alarm for alarm in alarms if id(alarm) in wanted]


def _row(
    event: Event,
    found: list[Alarm],
    quiet: set[int],
    followed: Sequence[Followed],
    inside: Inside,
) -> Row:
    lines = [f for f in followed if _concerns(event, f.line.place, f.line.detector, inside)]
    heard = [
        f
        for f in lines
        if any(r.start <= event.end and r.end >= event.start for r in f.line.reports)
    ]
    if event.expected == "must_stay_silent":
        found = [alarm for alarm in found if id(alarm) in quiet]
    if not heard and not found:
        return Row(event, "no_data")
    first = found[0] if found else None
    words: dict[str, tuple[Outcome, Outcome]] = {
        "must_fire": ("hit", "miss"),
        "must_stay_silent": ("false_alarm", "silent"),
        "undecided": ("fired", "not_fired"),
    }
    yes, no = words[event.expected]
    why = None
    if not found:
        why = "not_unusual" if any(f.judged for f in heard) else "no_history"
    return Row(event, yes if found else no, first, len(found), why)


def _place_years(followed: Iterable[Followed]) -> float:
    """Years that reports cover, each day of a place and detector counted once."""
    covered: dict[tuple[str, str], set[int]] = {}
    for found in followed:
        if not found.judged:
            continue
        days = covered.setdefault((found.line.place, found.line.detector), set())
        for report in found.line.reports:
            days.update(range(report.start.toordinal(), report.end.toordinal() + 1))
    return sum(map(len, covered.values())) / 365.25


def of_great_waves(found: Score, lines: Sequence[Line], inside: Inside = is_same_place) -> Score:
    """The same score on waves of twice the usual and 5,000 people or more alone.

    Whether an event is one is asked of the figures, not of a rule: a report that overlaps its
    window has 5,000 people or more and at least twice the plain middle of the thirteen months
    before it. A paper may tell of a wave that the series never shows. Alarms are those of such
    reports; what must stay silent stays as it was.
    """
    kept = [
        row
        for row in found.rows
        if row.event.expected != "must_fire" or is_great(row.event, lines, inside)
    ]
    parts = (found.right, found.false, found.undecided)
    right, false, undecided = (tuple(a for a in part if _great_alarm(a)) for part in parts)
    return replace(found, rows=tuple(kept), right=right, false=false, undecided=undecided)


def is_great(event: Event, lines: Sequence[Line], inside: Inside = is_same_place) -> bool:
    """Whether the figures show a wave of twice the usual and 5,000 or more within its window."""
    return any(
        report.value >= GREAT and is_twice_median(line, report)
        for line in lines
        if _concerns(event, line.place, line.detector, inside)
        for report in (line.reports if line.opens else by_week(line.reports))
        if report.start <= event.end and report.end >= event.start
    )


def is_twice_median(line: Line, report: Report) -> bool:
    """Whether a report is twice the plain middle of the last thirteen months.

    Of a new running count, which has none, whether it opens with enough.
    """
    rates = rates_before(line, report)
    if len(rates) < FEWEST:
        return line.opens and report.value >= CHOSEN.opening / OPENINGS.get(line.unit, 1)
    return times_of(report.rate, float(median(rates))) >= CHOSEN.times


def rates_before(line: Line, report: Report) -> list[float]:
    """The reports of the thirteen months before one, the newest vintage of each, per 30 days."""
    last = {(r.start, r.end): r.rate for r in line.reports if r.end < report.start}
    return [rate for (_, end), rate in last.items() if (report.start - end).days <= RECENT]


def _great_alarm(alarm: Alarm) -> bool:
    return alarm.report.value >= GREAT and (alarm.times is None or alarm.times >= CHOSEN.times)


def as_json(found: Score) -> dict[str, Any]:
    """A score as `nuzuh surges --score --json` prints it: null where nothing can be computed."""
    return {
        "recall": _short(found.recall),
        "recall_interval": _pair(found.recall_range),
        "precision": _short(found.precision),
        "precision_interval": _pair(found.precision_range),
        "delay_days": found.delay,
        "known_delay_days": found.known_delay,
        "hits": found.count("hit"),
        "misses": found.count("miss"),
        "no_data": found.count("no_data"),
        "true_alarms": len(found.right),
        "false_alarms": len(found.false),
        "undecided_alarms": len(found.undecided),
        "place_years": round(found.place_years, 2),
        "false_alarms_per_place_year": _short(found.false_per_place_year),
        "events": [row_json(row) for row in found.rows],
    }


def _short(number: float | None) -> float | None:
    return None if number is None else round(number, 4)


def _pair(found: tuple[float, float] | None) -> list[float] | None:
    return None if found is None else [round(end, 4) for end in found]


def row_json(row: Row) -> dict[str, Any]:
    """One event's row."""
    event, alarm = row.event, row.alarm
    return {
        "code": event.code,
        "place_code": event.places[0] if len(event.places) == 1 else None,
        "place_codes": list(event.places),
        "window_start": event.start.isoformat(),
        "window_end": event.end.isoformat(),
        "expected": event.expected,
        "label": event.label,
        "outcome": row.outcome,
        "why": row.why,
        "alarms": row.alarms,
        "alarm_date": alarm.day.isoformat() if alarm else None,
        "alarm_known_on": alarm.report.known_on.isoformat() if alarm else None,
        "delay_days": row.delay,
    }


def alarm_json(alarm: Alarm, say: Callable[[Alarm], str]) -> dict[str, Any]:
    """One alarm with what the rule saw.

    Args:
        alarm: Of either rule; `rule` says which. What only the other has is null.
        say: Says in one sentence how unusual it is.
    """
    usual, times = alarm.usual, alarm.times_range
    return {
        "rule": alarm.rule,
        "place_code": alarm.line.place,
        "detector": alarm.line.detector,
        "population_group": alarm.group,
        "measure": alarm.line.measure,
        "unit": alarm.line.unit,
        "publisher": alarm.line.about.get("publisher"),
        "dataset": alarm.line.about.get("dataset"),
        "asylum_location_code": alarm.line.about.get("asylum_location_code"),
        "kind": alarm.kind,
        "reason": alarm.reason,
        "level": alarm.level,
        "unusual": say(alarm),
        "started": alarm.started.isoformat(),
        "period_start": alarm.report.start.isoformat(),
        "alarm_date": alarm.day.isoformat(),
        "known_on": alarm.report.known_on.isoformat(),
        "known_on_assumed": alarm.report.assumed,
        "value": alarm.report.value,
        "value_made": alarm.made,
        "per_30_days": round(alarm.report.rate),
        "usual": None if usual is None else round(usual.middle),
        "usual_low": None if usual is None else round(usual.low),
        "usual_high": None if usual is None else round(usual.high),
        "times_usual": _short(alarm.times),
        "times_usual_interval": _pair(times),
        "rank": alarm.rank,
        "rank_among": alarm.among,
        "seasonal": None if usual is None else usual.seasonal,
        **(dict.fromkeys(CHANGE) if alarm.change is None else change_json(alarm.change)),
        "figure_ids": list(alarm.report.figures),
    }


def change_json(change: RoundChange) -> dict[str, Any]:
    """Both counts of a change between rounds, and what their difference is held against.

    `change` is signed, `change_part_of_before` is not and is null where nobody was counted before.
    """
    before, after = change.before, change.after
    return {
        "round_before": int(before["reporting_round"]),
        "date_before": before["as_of"].date().isoformat(),
        "value_before": int(before["value"]),
        "round_after": int(after["reporting_round"]),
        "date_after": after["as_of"].date().isoformat(),
        "value_after": int(after["value"]),
        "change": change.value,
        "change_part_of_before": _short(change.part),
        "spreads": _short(change.spreads),
        "held_against": "own_changes" if change.own else "all_places",
    }
