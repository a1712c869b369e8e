"""What fires now as one object, as the command line and the API give it."""

from datetime import date
from typing import Any

from data.store import Release
from surges import figures
from surges.rule import Robust, follow_all
from surges.score import alarm_json


def as_object(release: Release, known: date | None, today: date) -> dict[str, Any]:
    """The newest alarm of each series that is still a surge.

    Args:
        release: Whose figures.
        known: The day whose knowledge is asked about; None for now.
        today: The day on which it is asked.

    Returns:
        `as_known_on`, how many `series` were looked at, and `alarms`.
    """
    day = known or today
    lines = figures.lines(release, known)
    found = figures.active(follow_all(lines, Robust()), day)
    listed = [alarm_json(each.alarms[-1]) for each in found]
    return {"as_known_on": day.isoformat(), "series": len(lines), "alarms": listed}
