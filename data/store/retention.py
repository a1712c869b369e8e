"""Which releases stay: all of the last days, then one a week, then one a month. Pure.

What a release said of the past is never lost with it: that is in the vintages, which stay.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

AT_LEAST: Final = 5
"""So many stay whatever their age, to go back to."""


@dataclass(frozen=True)
class Policy:
    """How long releases stay.

    Attributes:
        days: All of the last so many days.
        weeks: The last one of each of so many weeks before those.
        months: The last one of each of so many months before those.
    """

    days: int = 14
    weeks: int = 8
    months: int = 24


def staying(
    releases: Iterable[tuple[str, datetime]], now: datetime, policy: Policy
) -> frozenset[str]:
    """The releases that stay.

    Args:
        releases: Each id and when it was written.
        now: The present.
        policy: How long they stay.
    """
    newest_first = sorted(releases, key=lambda found: (found[1], found[0]), reverse=True)
    kept = {release for release, _ in newest_first[:AT_LEAST]}
    all_since = now - timedelta(days=policy.days)
    weekly_since = all_since - timedelta(weeks=policy.weeks)
    monthly_since = weekly_since - timedelta(days=31 * policy.months)
    spans: set[tuple[int, ...]] = set()
    for release, at in newest_first:
        if at >= all_since:
            kept.add(release)
            continue
        if at < monthly_since:
            break
        span = at.isocalendar()[:2] if at >= weekly_since else (at.year, at.month, 0)
        if span not in spans:
            spans.add(span)
            kept.add(release)
    return frozenset(kept)
