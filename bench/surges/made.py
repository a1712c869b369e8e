"""Made-up months with known waves: what a rule says where nothing happens but seasons and chance.

Nobody's data: seasonal counts around 3,000 a month, a fifth of the months missing, and in every
second series two waves of two months, 4 to 8 times the level.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from surges.events import Event
from surges.reports import Line, Report
from surges.rule import Followed, Judge, follow
from surges.score import Score, score

SERIES = 24
MONTHS = 60


@dataclass(frozen=True)
class Tried:
    """A rule on such series.

    Attributes:
        score: Against the waves.
        quiet: Alarms in series without a wave, for each year of one place.
    """

    score: Score
    quiet: float


def tried(judge: Judge, spread: float, seeds: Sequence[int]) -> Tried:
    """A rule on them.

    Args:
        judge: The rule.
        spread: Of the months around their season, on a log scale.
        seeds: One set of series for each.
    """
    followed: list[Followed] = []
    wanted: list[Event] = []
    for seed in seeds:
        noise = np.random.default_rng(seed)
        for at in range(SERIES):
            waves = (int(noise.integers(14, 30)), int(noise.integers(44, 56))) if at % 2 else ()
            place = f"{seed}-{at}"
            followed.append(follow(_line(place, noise, spread, waves), judge))
            wanted += [
                Event(f"{place}-{w}", (place,), _month(w)[0], _month(w + 1)[1], "must_fire", "")
                for w in waves
            ]
    quiet = sum(len(one.alarms) for one in followed[::2])
    return Tried(score(followed, wanted), quiet / (len(followed) / 2 * MONTHS / 12))


def _line(place: str, noise: np.random.Generator, spread: float, waves: Sequence[int]) -> Line:
    season = 1 + 0.35 * np.sin(2 * np.pi * (np.arange(MONTHS) + noise.integers(12)) / 12)
    level = np.full(MONTHS, 3_000.0)
    for first in waves:
        level[first : first + 2] *= noise.uniform(4, 8)
    values = noise.poisson(level * season * np.exp(noise.normal(0, spread, MONTHS)))
    reports = []
    for n, value in enumerate(values):
        if noise.random() > 0.2 or any(0 <= n - w < 2 for w in waves):
            start, end = _month(n)
            reports.append(Report(start, end, int(value), end + timedelta(20)))
    return Line(place, "movements", "flow", reports=tuple(reports))


def _month(at: int) -> tuple[date, date]:
    year, month = 2019 + at // 12, at % 12 + 1
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
