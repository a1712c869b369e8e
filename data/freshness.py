"""How fresh a source is, in one word. Pure: times in, word out."""

from datetime import date, datetime, timedelta
from typing import Final, Literal

State = Literal["fresh", "due", "late", "dead", "never"]

DEAD_AFTER: Final = 4
"""A source that has not answered for this many times `late_after` is dead."""
SILENT_AFTER: Final = timedelta(days=913)
"""A source that answers, but whose newest figure is older than this, is dead as well: annual
figures of one year appear in the middle of the next, so two and a half years is a year missed."""


def state(
    *,
    cadence: timedelta,
    late_after: timedelta,
    last_success: datetime | None,
    newest_as_of: date | None,
    now: datetime,
) -> State:
    """What to tell a reader about a source.

    Args:
        cadence: How often it is asked.
        late_after: Age of the last success from which it is late.
        last_success: The last run that published or found nothing changed; None if none did.
        newest_as_of: Newest day its figures speak of; None where it has no figures (boundaries).
        now: The present, with a time zone.
    """
    if last_success is None:
        return "never"
    age = now - last_success
    silent = newest_as_of is not None and now.date() - newest_as_of > SILENT_AFTER
    if silent or age > DEAD_AFTER * late_after:
        return "dead"
    if age > late_after:
        return "late"
    return "due" if age >= cadence else "fresh"
