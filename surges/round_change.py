"""One change between two rounds of a stock: what a surge by rounds is found from."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

from surges.reports import PER, Report

Way = Literal["arrivals", "departures", "returns"]
GROUPS: Final[dict[str, tuple[Way, Way | None]]] = {
    "IDP": ("arrivals", "departures"),
    "RDP": ("returns", None),
    "RET": ("returns", None),
}
"""What more and what fewer people of a group mean. A count of those who came back that falls says
that some left again or were counted anew: no return, and nothing is made of it."""


@dataclass(frozen=True)
class RoundChange:
    """What changed in one place between two rounds that follow one another.

    Attributes:
        before: The figure of the earlier round, in the columns of `tables.FIGURES`.
        after: That of the later one.
        value: How many more; negative for fewer.
        spreads: Robust spreads from the middle of what it is held against, on a scale of counts.
        own: Whether those are the place's own earlier changes; else all places of this round.
        rank: Its place by size among them and itself, 1 for the largest either way; None where
            there are too few.
        among: How many those are; None likewise.
        known_on: Day from which both figures were known.
        assumed: Whether that day is assumed, because a publisher's is not known.
        over: Whether it is one to hear of.
    """

    before: dict[str, Any]
    after: dict[str, Any]
    value: int
    spreads: float
    own: bool
    rank: int | None
    among: int | None
    known_on: date
    assumed: bool
    over: bool

    @property
    def group(self) -> str:
        """The population group that was counted."""
        return str(self.after["population_group"])

    @property
    def way(self) -> Way | None:
        """What it means; None where it means nothing."""
        more, fewer = GROUPS[self.group]
        return more if self.value > 0 else fewer

    @property
    def days(self) -> int:
        """Days between the two rounds."""
        return days_between(self.before, self.after)

    @property
    def day(self) -> date:
        """The day the later round speaks of."""
        found: date = self.after["as_of"].date()
        return found

    @property
    def rate(self) -> float:
        """How many more in 30 days."""
        return self.value * PER / self.days

    @property
    def part(self) -> float | None:
        """Part of those counted before, without a sign; None where nobody was."""
        counted = int(self.before["value"])
        return abs(self.value) / counted if counted else None

    @property
    def report(self) -> Report:
        """The same as a report: so many people more or fewer, from the day after the first round.

        Its figures are those of both rounds; nobody published the difference.
        """
        return Report(
            start=self.before["as_of"].date() + timedelta(1),
            end=self.day,
            value=abs(self.value),
            known_on=self.known_on,
            assumed=self.assumed,
            figures=(str(self.before["figure_id"]), str(self.after["figure_id"])),
        )


def days_between(before: dict[str, Any], after: dict[str, Any]) -> int:
    """Days between two rounds."""
    return int((after["as_of"] - before["as_of"]).days)
