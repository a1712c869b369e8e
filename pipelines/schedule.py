"""When a source is due, and the loop that runs what is due.

Each run is a child process: its memory goes back to the system, a crash in a library takes no
scheduler with it, and a stop can end it at once, which the store survives at any moment. What was
tried and when lies in the store, so a restart forgets nothing.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import FrameType
from typing import Final

from data import freshness
from data.store import Status, Store
from pipelines.source import Source

LOOK: Final = timedelta(minutes=1)
"""Longest wait between two looks at the store: a person may have run a source by hand."""
GRACE: Final = 10.0
"""Seconds that a run has to end when the scheduler is stopped."""


class Stopped(BaseException):
    """SIGTERM or SIGINT; no error."""


def jitter(source: Source) -> timedelta:
    """The source's own delay: always the same, different from its neighbours'."""
    return freshness.jitter(source.name, source.cadence)


def due_at(source: Source, status: Status | None) -> datetime | None:
    """When the source should be run next; None for now, as it never was."""
    return freshness.due_at(source.name, source.cadence, status)


def due(sources: Sequence[Source], statuses: dict[str, Status], now: datetime) -> list[Source]:
    """The sources to run now, in the order of the registry."""
    found = []
    for source in sources:
        if source.by_hand:
            continue
        at = due_at(source, statuses.get(source.name))
        if at is None or at <= now:
            found.append(source)
    return found


def run_in_child(source: Source, options: Sequence[str] = ()) -> int:
    """Run one source in a process of its own; its exit code."""
    command = [sys.executable, "-m", "pipelines", *options, "run", source.name]
    child = subprocess.Popen(command)  # noqa: S603 - our own interpreter and a registered name
    try:
        return child.wait()
    except BaseException:
        child.terminate()
        try:
            child.wait(GRACE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        raise


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Scheduler:
    """Runs what is due, one at a time. Tests give a clock, a sleep and a run of their own."""

    store: Store
    sources: tuple[Source, ...]
    run: Callable[[Source], int]
    now: Callable[[], datetime] = field(default=_utc_now)
    sleep: Callable[[float], None] = field(default=time.sleep)

    def once(self) -> bool:
        """Run what is due; whether all went well."""
        waiting = due(self.sources, self.store.statuses(), self.now())
        codes = [self.run(source) for source in waiting]  # every one, whatever the first says
        return not any(codes)

    def forever(self) -> None:
        """Run what is due and wait, until `Stopped` is raised."""
        tried: dict[str, datetime] = {}
        while True:
            now, statuses = self.now(), self.store.statuses()
            for source in due(self.sources, statuses, now):
                # A run that could not even write its status is not tried again at once.
                if (
                    now - tried.get(source.name, now - freshness.RETRY) >= freshness.RETRY
                    or source.name not in tried
                ):
                    tried[source.name] = now
                    self.run(source)
            self.sleep(self._wait().total_seconds())

    def _wait(self) -> timedelta:
        now, statuses = self.now(), self.store.statuses()
        times = [due_at(source, statuses.get(source.name)) for source in self.sources]
        soonest = min((at for at in times if at is not None), default=now + LOOK)
        return min(max(soonest - now, timedelta(seconds=1)), LOOK)


@contextmanager
def stopping() -> Iterator[None]:
    """Within, SIGTERM and SIGINT raise `Stopped`; after, they mean what they meant."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
