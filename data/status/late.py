"""Which sources somebody should look at. Pure: the register, the statuses and a moment in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from data.status import freshness
from data.store.status import Status

NEED_A_LOOK: Final = ("late", "dead", "never")


@dataclass(frozen=True)
class Late:
    """A source that is late or in need of a person.

    Attributes:
        source: Its row of `tables.SOURCES`.
        state: How fresh it is.
        status: How it has fared; None where it was never run here.
        untried: Whether nobody here has asked it yet; not so where it was asked in vain.
    """

    source: Mapping[str, Any]
    state: freshness.State
    status: Status | None
    untried: bool


def state(source: Mapping[str, Any], status: Status | None, now: datetime) -> freshness.State:
    """How fresh a source is at a moment.

    Args:
        source: A row of `tables.SOURCES`.
        status: How it has fared; None where it was never run here.
        now: The moment, with a time zone.
    """
    if status is None:
        return "never"
    return freshness.state(
        cadence=timedelta(days=float(source["cadence_days"])),
        late_after=timedelta(days=float(source["late_after_days"])),
        last_success=status.last_success,
        newest_as_of=status.newest_as_of,
        now=now,
    )


def late(
    register: Iterable[Mapping[str, Any]], statuses: Mapping[str, Status], now: datetime
) -> list[Late]:
    """The sources that are late, dead, failing, held or were never asked, in the register's order.

    Args:
        register: Rows of `tables.SOURCES`.
        statuses: How each source has fared, by name.
        now: The moment, with a time zone.
    """
    found = []
    for source in register:
        status = statuses.get(str(source["source"]))
        how = state(source, status, now)
        held = status is not None and status.held_fetch is not None
        failing = status is not None and status.failures > 0
        if how in NEED_A_LOOK or held or failing:
            untried = status is None or (status.last_success is None and not status.failures)
            found.append(Late(source, how, status, untried))
    return found
