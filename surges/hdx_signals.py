"""HDX Signals' rule, beside which readers see how good the rule in use is."""

from dataclasses import dataclass
from typing import Final

from surges.reports import Report
from surges.rule import FEWEST, History, Verdict

HDX_LEAST: Final = 5_000
HDX_WINDOW: Final = 366
HDX_SILENCE: Final = 180


@dataclass(frozen=True)
class RollingMaximum:
    """HDX Signals' rule for conflict displacement, as its code of August 2026 has it.

    Thirty days' displacement is the highest of the last 366 days and at least 5,000; then 180 days
    of silence. There it reads daily events of whole countries; here each report stands for its
    thirty days. Of a year too young to compare with, it says as little as the others do.
    """

    window: int = HDX_WINDOW
    least: int = HDX_LEAST
    silence: int = HDX_SILENCE

    def __call__(self, history: History, report: Report) -> Verdict | None:
        """Over where nothing within the window was higher."""
        age = report.start.toordinal() - history.all_ends
        within = history.all_rates[age <= self.window]
        if len(within) < FEWEST:
            return None
        over = report.rate >= max(self.least, within.max())
        return Verdict(over, lambda: report.rate < self.least)
