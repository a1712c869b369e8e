"""The figures of a release as the rules read them, and what is active on a day."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from data.analysis import precedence
from data.store import FigureFilter, Release
from surges.reports import GROUPS, Line, Report, from_figures
from surges.rule import Followed

STILL: Final = 60
"""Days after a report's end for which its surge is called active where nothing newer came; twice
the report's length where that is more."""


def lines(release: Release, known: date | None = None, *, readable: bool = True) -> list[Line]:
    """Every series that a detector reads.

    Args:
        release: Where from.
        known: Leave out what was not known on that day; None for everything.
        readable: Whether series of which the rule can say nothing are left out.
    """
    wanted = FigureFilter(group=tuple(GROUPS), measure=("flow", "cumulative"), as_known_on=known)
    return from_figures(precedence.vintages(release, wanted), readable=readable)


def until(report: Report) -> date:
    """The last day on which a report's surge is active where nothing newer came."""
    return report.end + timedelta(max(STILL, 2 * report.days))


def active(followed: Iterable[Followed], day: date) -> list[Followed]:
    """Lines whose surge is open on a day, the highest level first; of a level, flows first."""
    found = [
        line
        for line in followed
        if line.open
        and line.alarms
        and line.last is not None
        and line.last.end <= day <= until(line.last)
    ]
    return sorted(
        found,
        key=lambda line: (
            -line.alarms[-1].level,
            line.rule,  # numbers of a period and changes of a count are not held together
            -line.alarms[-1].report.rate,
            line.line.place,
        ),
    )
