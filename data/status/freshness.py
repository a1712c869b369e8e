"""How fresh a source is, in one word, and when it is asked next. Pure: times in, word out."""

from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Final, Literal

from data.store.status import Status

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


def since(
    state: State, last_success: datetime, late_after: timedelta, newest_as_of: date | None
) -> datetime:
    """From when a source has been late or dead."""
    if state == "late":
        return last_success + late_after
    unanswered = last_success + DEAD_AFTER * late_after
    if newest_as_of is None:
        return unanswered
    silent = datetime.combine(newest_as_of + SILENT_AFTER, time(), UTC)
    return min(silent, unanswered)


PRESENT: Final = timedelta(days=31)
"""What is older than a month is not of now, whatever its source's rhythm: its age is shown."""


def shows_age(as_of: date, today: date) -> bool:
    """Whether a figure of a day shows its age in words to a reader of another day."""
    day = as_of.date() if isinstance(as_of, datetime) else as_of
    return today - day > PRESENT


RETRY: Final = timedelta(hours=2)
LONGEST_RETRY: Final = timedelta(days=1)
JITTER: Final = 0.05
"""Share of the cadence over which sources are spread, so that offices do not ask in step."""
MOST_JITTER: Final = timedelta(hours=1)


def jitter(source: str, cadence: timedelta) -> timedelta:
    """The source's own delay: always the same, different from its neighbours'."""
    return min(cadence * JITTER, MOST_JITTER) * share(source)


def share(source: str) -> float:
    """The source's own place between 0 and 1: always the same, spread evenly over sources."""
    return int.from_bytes(sha256(source.encode()).digest()[:4]) / 2**32


def due_at(source: str, cadence: timedelta, status: Status | None) -> datetime | None:
    """When the source should be run next; None for now, as it never was.

    After failures it is tried again after two hours, then four, up to a day. A held answer waits
    for a person: the source keeps its ordinary cadence. Of a source that is paused it says when it
    would be run.
    """
    if status is None or status.last_attempt is None:
        return None
    if status.cadence_days is not None:
        cadence = timedelta(days=status.cadence_days)
    if status.outcome == "failed" and status.failures:
        again = min(RETRY * 2 ** min(status.failures - 1, 10), LONGEST_RETRY, cadence)
        return status.last_attempt + again
    return status.last_attempt + cadence + jitter(source, cadence)


def copied_at(fetch_id: str) -> datetime | None:
    """When a stored fetch was made, as its id says; None where the id says nothing."""
    try:
        return datetime.strptime(fetch_id.split("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
