"""A trial: can the next month be said as a range? On OCHA's governorate months, held back in turn.

Nothing of it is shown to readers. A range is worth showing where it holds four of five months it
has not seen (75 to 85 in a hundred, in each of the two detectors) and is narrower than the plainest
one; docs/surges.md says what came of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np

from data.gazetteer import places
from surges.reports import Detector, Line
from surges.rule import BASE, Floats

LOW, HIGH = 0.1, 0.9
"""The range holds four of five."""
TWO_YEARS: Final = 24
FIRST: Final = 12
"""Months of a series before its next is tried."""
FEWEST_MONTHS: Final = 48
HELD_BACK: Final = 2018 * 12
"""From this month on nothing is chosen: each is only forecast. Months count from the year 0."""
HOLDS: Final = (0.75, 0.85)
MONTH: Final = range(27, 32)
SHRINK: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
"""How much of the last month's distance from the middle is kept; chosen on months before 2018."""

Range = tuple[float, float]
Method = Callable[[Floats], Range]
"""Takes the logs of a series so far, one a month, null where none; gives those of a range."""


@dataclass(frozen=True)
class Tried:
    """How one way of forecasting did on held-back months.

    Attributes:
        months: Months that were forecast.
        held: Part of them that lay within the range.
        by_detector: The same for displacement and for returns.
        width: How many times its low end the high end is, in the middle of all months.
    """

    name: str
    months: int
    held: float
    by_detector: dict[Detector, float]
    width: float


def months(lines: Sequence[Line]) -> dict[tuple[str, Detector], dict[int, float]]:
    """The monthly flows of governorates with four years of them, the last vintage of each month."""
    found: dict[tuple[str, Detector], dict[int, float]] = {}
    for line in lines:
        if line.opens or line.measure != "flow" or places.level(line.place) != 1:
            continue
        of_line = {
            report.start.year * 12 + report.start.month - 1: float(report.value)
            for report in line.reports
            if report.start.day == 1 and report.days in MONTH
        }
        key = line.place, line.detector
        if len(of_line) >= FEWEST_MONTHS and len(of_line) > len(found.get(key, ())):
            found[key] = of_line
    return found


def trial(lines: Sequence[Line]) -> list[Tried]:
    """Every way of forecasting on the held-back months, the plainest first."""
    series = months(lines)
    kept = min(SHRINK, key=lambda keep: _loss(series, keep))
    ways: dict[str, Method] = {
        "last month, errors of two years": naive,
        "last month, all errors": lambda logs: naive(logs, len(logs)),
        "same month of last year": seasonal_naive,
        "eight in ten of 13 months": lambda logs: empirical(logs, 13),
        "eight in ten of two years": lambda logs: empirical(logs, TWO_YEARS),
        "eight in ten of all months": lambda logs: empirical(logs, len(logs)),
        f"{kept:.0%} from the middle to the last month, errors of two years": (
            lambda logs: towards_middle(logs, kept)
        ),
        f"{kept:.0%} from the middle to the last month, all errors": (
            lambda logs: towards_middle(logs, kept, len(logs))
        ),
    }
    return [_tried(name, way, series) for name, way in ways.items()]


def worth_showing(tried: Sequence[Tried]) -> list[Tried]:
    """What holds as it says in both detectors and is narrower than the plainest."""
    plainest = tried[0].width
    return [
        one
        for one in tried[1:]
        if one.width < plainest
        and all(HOLDS[0] <= held <= HOLDS[1] for held in one.by_detector.values())
    ]


def naive(logs: Floats, months: int = TWO_YEARS) -> Range:
    """The last month, give or take what one month differed from the one before."""
    steps = np.diff(logs)[-months:]
    return _about(_last(logs), steps[~np.isnan(steps)])


def seasonal_naive(logs: Floats) -> Range:
    """The same month of last year, give or take what a month differed from last year's."""
    if len(logs) <= FIRST + 6 or np.isnan(logs[-FIRST]):
        return naive(logs)
    steps = logs[FIRST:] - logs[:-FIRST]
    return _about(float(logs[-FIRST]), steps[~np.isnan(steps)])


def empirical(logs: Floats, months: int) -> Range:
    """What eight of ten of the last months were."""
    recent = logs[-months:]
    low, high = np.quantile(recent[~np.isnan(recent)], [LOW, HIGH])
    return float(low), float(high)


def towards_middle(logs: Floats, keep: float, months: int = TWO_YEARS) -> Range:
    """Part of the way from the middle of two years to the last month, and its past errors."""
    errors = []
    for at in range(max(FIRST // 2, len(logs) - months), len(logs)):
        if not np.isnan(logs[at]):
            errors.append(float(logs[at]) - _expected(logs[:at], keep))
    return _about(_expected(logs, keep), np.array(errors))


def _expected(logs: Floats, keep: float) -> float:
    middle = float(np.nanmedian(logs[-TWO_YEARS:]))
    return middle + keep * (_last(logs) - middle)


def _last(logs: Floats) -> float:
    return float(logs[~np.isnan(logs)][-1])


def _about(middle: float, errors: Floats) -> Range:
    low, high = np.quantile(errors, [LOW, HIGH])
    return middle + float(low), middle + float(high)


def _logs(of_line: dict[int, float], until: int) -> Floats:
    first = min(of_line)
    values = [of_line.get(month) for month in range(first, until)]
    return np.array([np.nan if v is None else log(v + BASE) for v in values], dtype=float)


def _loss(series: dict[tuple[str, Detector], dict[int, float]], keep: float) -> float:
    """Mean absolute error of the logs on months before those held back."""
    errors = [
        abs(log(value + BASE) - _expected(_logs(of_line, month), keep))
        for of_line in series.values()
        for month, value in of_line.items()
        if min(of_line) + FIRST // 2 <= month < HELD_BACK
    ]
    return float(np.mean(errors))


def _tried(name: str, way: Method, series: dict[tuple[str, Detector], dict[int, float]]) -> Tried:
    held: dict[Detector, list[bool]] = {"displacement": [], "returns": []}
    widths = []
    for (_, detector), of_line in series.items():
        for month, value in of_line.items():
            if month < HELD_BACK or month - min(of_line) < FIRST:
                continue
            low, high = way(_logs(of_line, month))
            held[detector].append(low <= log(value + BASE) <= high)
            widths.append(high - low)
    return Tried(
        name,
        len(widths),
        float(np.mean([one for part in held.values() for one in part])),
        {detector: float(np.mean(part)) for detector, part in held.items() if part},
        float(np.exp(np.median(widths))),
    )
