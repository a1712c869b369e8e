"""Other rules, for comparison on the same reports, with the same threads and waves.

Some need a library that nothing else uses; it is imported where it is used.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp, inf, log, pi
from typing import Any

import numpy as np

from surges.reports import Report
from surges.rule import (
    BASE,
    FEWEST,
    LEAST,
    MAD,
    NINE_IN_TEN,
    RECENT,
    SEASONAL_REPORTS,
    SEASONS,
    YEAR,
    Floats,
    History,
    Robust,
    Verdict,
    spreads,
    times_of,
)


@dataclass(frozen=True)
class Asked(Robust):
    """The rule in use where more than twice the usual is asked of great reports, too.

    They are over where they lie `z` spreads above the usual like any other, or else are `far` times
    the usual or `beyond` times every report of the last thirteen months. Earlier forms of the rule
    were so, and what was tried.
    """

    far: float = inf
    beyond: float = inf

    def __call__(self, history: History, report: Report) -> Verdict | None:
        """Over where the rule in use is, and one of these."""
        found = super().__call__(history, report)
        if found is None or not found.over or found.usual is None:
            return found
        recent = history.all_rates[report.start.toordinal() - history.all_ends <= RECENT]
        over = (
            spreads(found.usual, report) >= self.chosen.z
            or times_of(report.rate, found.usual.middle) >= self.far
            or (len(recent) >= FEWEST and times_of(report.rate, recent.max()) >= self.beyond)
        )
        return replace(found, over=over)


@dataclass(frozen=True)
class ChangePoint:
    """A shift upwards that starts with this report, by PELT on log counts (`ruptures`)."""

    penalty: float = 3.0
    times: float = 2.0
    silence: int = 0

    def __call__(self, history: History, report: Report) -> Verdict | None:
        """Over where the last segment is the report alone and its level is higher."""
        logs = _recent_logs(history, report, RECENT)
        if len(logs) < FEWEST:
            return None
        signal = np.append(logs, log(report.rate + BASE))
        steps = np.abs(np.diff(logs))
        noise = max(0.2, MAD * float(np.median(steps)) / 2**0.5) if len(steps) else 0.5
        ends = _segments(tuple((signal / noise).tolist()), self.penalty * log(len(signal)))
        middle = float(np.median(logs))
        shifted = len(ends) > 1 and ends[-2] == len(logs)
        rises = log(report.rate + BASE) - middle >= log(self.times)
        more = report.rate - (exp(middle) - BASE) >= LEAST
        high = exp(middle + NINE_IN_TEN * noise)
        return Verdict(shifted and rises and more, lambda: report.rate + BASE <= high)


@lru_cache(maxsize=65_536)
def _segments(signal: tuple[float, ...], penalty: float) -> tuple[int, ...]:
    """Where the segments of a signal end, once for every multiple tried."""
    import ruptures

    found = ruptures.Pelt(model="l2", min_size=1, jump=1).fit(np.array(signal)[:, None])
    return tuple(found.predict(pen=penalty))


@dataclass(frozen=True)
class CountModel:
    """A negative-binomial regression with a yearly wave, as Farrington's is (`statsmodels`)."""

    quantile: float = 0.995
    times: float = 2.0
    silence: int = 0

    def __call__(self, history: History, report: Report) -> Verdict | None:
        """Over where the count lies beyond a quantile of what the model expects."""
        from scipy import stats

        kept = report.start.toordinal() - history.ends <= 3 * YEAR
        rates, days = history.rates[kept], history.ends[kept]
        if len(rates) < FEWEST:
            return None
        expected, spread = _expected(rates, days, report)
        size = 1 / spread
        limit = float(stats.nbinom.ppf(self.quantile, size, size / (size + expected)))
        high = float(stats.nbinom.ppf(0.95, size, size / (size + expected)))
        over = (
            report.rate > limit
            and (report.rate + BASE) / (expected + BASE) >= self.times
            and report.rate - expected >= LEAST
        )
        return Verdict(over, lambda: report.rate <= high)


def _expected(rates: Floats, days: Floats, report: Report) -> tuple[float, float]:
    """The count that the model expects per 30 days, and its overdispersion."""
    return _fitted(tuple(rates.tolist()), tuple(days.tolist()), float(report.end.toordinal()))


@lru_cache(maxsize=65_536)
def _fitted(past: tuple[float, ...], ends: tuple[float, ...], end: float) -> tuple[float, float]:
    """The same, once for every choice of parameters.

    Weights like Farrington's take earlier outbreaks down; the dispersion is by moments.
    """
    import statsmodels.api as sm

    rates, days = np.array(past), np.array(ends)
    columns = _columns(days, days)
    ahead = _columns(np.array([end]), days)
    counts = np.round(rates)
    weights = np.ones(len(counts))
    spread = 0.5
    expected = float(np.median(counts))
    for _ in range(3):
        family: Any = sm.families.NegativeBinomial(alpha=spread)
        fitted = sm.GLM(counts, columns, family=family, freq_weights=weights).fit(maxiter=50)
        mean = np.maximum(fitted.mu, 1.0)
        pearson = (counts - mean) ** 2 / mean**2
        free = max(1, len(counts) - columns.shape[1])
        spread = float(np.clip((weights * pearson).sum() / free, 0.05, 3.0))
        residual = (counts - mean) / np.sqrt(mean + spread * mean**2)
        weights = np.where(residual > 1, 1 / np.maximum(residual, 1) ** 2, 1.0)
        expected = float(np.clip(fitted.predict(ahead)[0], 0.5, 1e8))
    return expected, spread


def _columns(days: Floats, of: Floats) -> Floats:
    one = np.ones((len(days), 1))
    if len(of) < SEASONAL_REPORTS or of.max() - of.min() < SEASONS:
        return one
    turn = 2 * pi * days / YEAR
    return np.column_stack([one, np.sin(turn), np.cos(turn)])


def _recent_logs(history: History, report: Report, within: int) -> Floats:
    age = report.start.toordinal() - history.ends
    logs: Floats = np.log(history.rates[age <= within] + BASE)
    return logs
