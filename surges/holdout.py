"""The split at 2018: a rule is chosen on what came before it, and scored on everything since."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from surges.events import SPLIT, Event
from surges.reports import Line, Report
from surges.rule import Followed


def before_split(lines: Sequence[Line], split: date = SPLIT) -> list[Line]:
    """The lines with the reports that ended before the split."""
    cut = [replace(line, reports=tuple(r for r in line.reports if r.end < split)) for line in lines]
    return [line for line in cut if line.reports]


def since_split(followed: Sequence[Followed], split: date = SPLIT) -> list[Followed]:
    """The same with the alarms and reports that ended on the split or later.

    What was usual may have been learnt before.
    """
    return [
        replace(
            found,
            line=replace(
                found.line, reports=tuple(r for r in found.line.reports if r.end >= split)
            ),
            alarms=tuple(alarm for alarm in found.alarms if alarm.day >= split),
        )
        for found in followed
    ]


def reported_since(report: Report, split: date = SPLIT) -> bool:
    """Whether a report is one for testing."""
    return report.end >= split


def split_events(found: Sequence[Event]) -> tuple[list[Event], list[Event]]:
    """Events for choosing and events for testing."""
    return [e for e in found if e.early], [e for e in found if not e.early]
