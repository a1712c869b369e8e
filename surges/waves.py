"""Great waves as the figures alone have them, found without a look at any alarm or list.

A report is of one where it has 5,000 or more and at least twice the plain middle of the thirteen
months before it in its own series; those at most 90 days apart are one wave. Of a running count
since a date no usual is known, so that it has none here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from surges.reports import Line, Report
from surges.rule import GREAT, OVER, Alarm, Followed, by_week
from surges.score import f2, is_twice_median, wilson

Wave = tuple[Report, ...]


@dataclass(frozen=True)
class ByFigures:
    """A rule's alarms of 5,000 or more against those waves.

    Attributes:
        alerted: Waves with an alarm at one of their reports.
        missed: Those without.
        right: Alarms at a report of a wave.
        wrong: The other alarms of 5,000 or more.
    """

    alerted: tuple[tuple[Line, Wave], ...]
    missed: tuple[tuple[Line, Wave], ...]
    right: tuple[Alarm, ...]
    wrong: tuple[Alarm, ...]

    @property
    def waves(self) -> int:
        """How many there are."""
        return len(self.alerted) + len(self.missed)

    @property
    def recall(self) -> float:
        """Part of the waves that had an alarm."""
        return len(self.alerted) / self.waves if self.waves else 0.0

    @property
    def precision(self) -> float:
        """Part of the alarms of 5,000 or more that lie in a wave."""
        alarms = len(self.right) + len(self.wrong)
        return len(self.right) / alarms if alarms else 0.0

    @property
    def worth(self) -> float:
        """F2, as of a score against events."""
        return f2(self.recall, self.precision)

    @property
    def recall_range(self) -> tuple[float, float] | None:
        """Wilson's 95% interval."""
        return wilson(len(self.alerted), self.waves)

    @property
    def precision_range(self) -> tuple[float, float] | None:
        """Wilson's 95% interval."""
        return wilson(len(self.right), len(self.right) + len(self.wrong))


def waves_of(line: Line) -> list[Wave]:
    """The waves of a series, the newest vintage of each report taken."""
    if line.opens:
        return []
    newest = {(r.start, r.end): r for r in by_week(line.reports)}
    found: list[list[Report]] = []
    for report in sorted(newest.values(), key=lambda r: (r.end, r.start)):
        if report.value < GREAT or not is_twice_median(line, report):
            continue
        if found and (report.start - found[-1][-1].end).days <= OVER:
            found[-1].append(report)
        else:
            found.append([report])
    return [tuple(wave) for wave in found]


def score_waves(followed: Sequence[Followed], counts: Callable[[Report], bool]) -> ByFigures:
    """The alarms of a rule on them.

    Args:
        followed: Its alarms on each series, with all of its reports.
        counts: Whether a report is of the stretch of time that is asked about: waves whose first
            report is, and alarms whose report is.
    """
    alerted: list[tuple[Line, Wave]] = []
    missed: list[tuple[Line, Wave]] = []
    right: list[Alarm] = []
    wrong: list[Alarm] = []
    for one in followed:
        if one.line.opens:
            continue
        at = {(alarm.report.start, alarm.report.end) for alarm in one.alarms}
        for wave in waves_of(one.line):
            if counts(wave[0]):
                heard = any((report.start, report.end) in at for report in wave)
                (alerted if heard else missed).append((one.line, wave))
        for alarm in one.alarms:
            if counts(alarm.report) and alarm.report.value >= GREAT:
                (right if is_twice_median(one.line, alarm.report) else wrong).append(alarm)
    return ByFigures(tuple(alerted), tuple(missed), tuple(right), tuple(wrong))
