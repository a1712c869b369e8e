"""Surges by both rules: the one place that pages, editions, alerts, API and commands ask."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from data.store import Release
from surges import figures, rounds
from surges.rounds import Rounds
from surges.rule import Alarm, Followed, Robust, follow_all
from surges.score import alarm_json

Say = Callable[[Alarm], str]
"""Says in one sentence how unusual a surge is."""


@dataclass(frozen=True)
class Surges:
    """What both rules say of a release.

    Attributes:
        flows: Every series of reports of a period, or of a running count.
        rounds: Every change between rounds of a stock, by sub-district.
        threads: Those changes that stood out, followed as the others are.
    """

    flows: tuple[Followed, ...]
    rounds: Rounds
    threads: tuple[Followed, ...]

    @property
    def followed(self) -> list[Followed]:
        """Both kinds; `Alarm.rule` tells them apart."""
        return [*self.flows, *self.threads]

    @property
    def series(self) -> int:
        """How many series were looked at by either rule."""
        return len(self.flows) + self.rounds.judged


def of_release(release: Release, known: date | None = None, *, readable: bool = True) -> Surges:
    """What both rules say.

    Args:
        release: Whose figures.
        known: Leave out what was not known on that day; None for everything.
        readable: Whether series of flows of which the rule can say nothing are left out.
    """
    lines = figures.lines(release, known, readable=readable)
    found = rounds.of_release(release, known)
    return Surges(tuple(follow_all(lines, Robust())), found, tuple(rounds.threads(found)))


def followed(
    release: Release, known: date | None = None, *, readable: bool = True
) -> list[Followed]:
    """The same as one list; see `of_release`."""
    return of_release(release, known, readable=readable).followed


def flows_only(found: Iterable[Followed]) -> list[Followed]:
    """Those of flows: only they are scored against events."""
    return [line for line in found if line.rule == "flows"]


def as_object(release: Release, known: date | None, today: date, say: Say) -> dict[str, Any]:
    """What fires now as one object, as the command line and the API give it.

    Args:
        release: Whose figures.
        known: The day whose knowledge is asked about; None for now.
        today: The day on which it is asked.
        say: Says how unusual each is.

    Returns:
        `as_known_on`, how many `series` were looked at, and `alarms`: the newest of each series
        that is still a surge.
    """
    day = known or today
    found = of_release(release, known)
    listed = [alarm_json(each.alarms[-1], say) for each in figures.active(found.followed, day)]
    return {"as_known_on": day.isoformat(), "series": found.series, "alarms": listed}
