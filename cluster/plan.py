"""What an orchestrator is asked to do: which areas, where each lies, when each source is asked.

Pure, and without a word of Dagster: the ordinary tests hold it.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from data.gazetteer import area as area_files
from data.gazetteer.area import NoSuchArea
from data.settings import BadConfiguration, Settings
from data.status import freshness
from data.store import Status
from pipelines.run import schedule
from pipelines.source import Source

HOLE: Final = "{area}"
"""What stands for the area in NUZUH_STORE."""
DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)
MONTH: Final = timedelta(days=28)


def areas(settings: Settings) -> list[str]:
    """The areas watched, in a fixed order.

    Raises:
        NoSuchArea: One that is named has no file.
    """
    known = area_files.names()
    named = [name.strip() for name in settings.areas.split(",") if name.strip()]
    for name in named:
        if name not in known:
            raise NoSuchArea(
                f"There is no area {name!r}; set NUZUH_AREAS to some of: {', '.join(known)}."
            )
    return sorted(set(named)) or known


def addresses(
    watched: Sequence[str], template: str, environment: Mapping[str, str]
) -> dict[str, str]:
    """Where the store of each area lies.

    Args:
        watched: The areas.
        template: NUZUH_STORE, with `{area}` where the area's name belongs.
        environment: Where NUZUH_STORE_<AREA> may name a store of its own for an area.

    Raises:
        BadConfiguration: Two areas would share a store, and each overwrite what the other says.
    """
    found = {name: environment.get(_own(name)) or template.replace(HOLE, name) for name in watched}
    by_address: dict[str, list[str]] = {}
    for name, address in found.items():
        by_address.setdefault(address.rstrip("/"), []).append(name)
    shared = next((names for names in by_address.values() if len(names) > 1), None)
    if shared:
        raise BadConfiguration(
            f"The areas {', '.join(shared)} would share one store; write {HOLE} into NUZUH_STORE, "
            f"as in s3://figures/{HOLE}, or set {_own(shared[0])} to another."
        )
    return found


def _own(name: str) -> str:
    return f"NUZUH_STORE_{name.upper().replace('-', '_')}"


def scheduled(source: Source) -> bool:
    """Whether the source is asked by the clock; what comes by hand is not."""
    return not source.by_hand


def cron(source: Source) -> str:
    """When the source is asked, in UTC, never more seldom than its cadence.

    Each source has its own minute, so that offices and sources do not ask in step.
    """
    period = _period(source.cadence)
    minutes = int(freshness.share(source.name) * period.total_seconds() / 60)
    days, rest = divmod(minutes, 24 * 60)
    hour, minute = divmod(rest, 60)
    if period < DAY:
        hours = int(period.total_seconds() // 3600)
        return f"{minute} {hour}-23/{hours} * * *" if hours > 1 else f"{minute} * * * *"
    if period == DAY:
        return f"{minute} {hour} * * *"
    if period == WEEK:
        return f"{minute} {hour} * * {days}"
    return f"{minute} {hour} {days + 1} * *"


def _period(cadence: timedelta) -> timedelta:
    """The longest period that a clock's line can say and that is not longer than the cadence."""
    if cadence >= MONTH:
        return MONTH
    if cadence >= WEEK:
        return WEEK
    if cadence >= DAY:
        return DAY
    hours = int(cadence.total_seconds() // 3600)
    return timedelta(hours=max((n for n in (1, 2, 3, 4, 6, 8, 12) if n <= hours), default=1))


def windows(source: Source) -> tuple[timedelta, timedelta | None]:
    """After how long without an answer a source is late, and when that is near (None: never)."""
    near = source.cadence + freshness.MOST_JITTER
    return source.late_after, near if near < source.late_after else None


def fresh(source: Source, status: Status | None, now: datetime) -> freshness.State:
    """The source's state as readers see it, in one word."""
    return freshness.state(
        cadence=source.cadence,
        late_after=source.late_after,
        last_success=status.last_success if status else None,
        newest_as_of=status.newest_as_of if status else None,
        now=now,
    )


def overdue(
    sources: Sequence[Source], statuses: Mapping[str, Status], now: datetime
) -> list[Source]:
    """What the clock alone would ask too late: what never ran, and what failed and is due again.

    As the embedded scheduler: two hours after a failure, then four, up to a day.
    """
    waiting = schedule.due(sources, dict(statuses), now)
    return [s for s in waiting if s.name not in statuses or statuses[s.name].outcome == "failed"]


def as_timestamp(day: date | datetime | None) -> str | None:
    """A day or a moment as the orchestrator shows it."""
    if isinstance(day, datetime):
        return day.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return day.isoformat() if day else None
