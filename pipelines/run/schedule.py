"""When a source is due, and the loop that runs what is due.

Each run is a child process: its memory goes back to the system, a crash in a library takes no
scheduler with it, and a stop can end it at once, which the store survives at any moment. What was
tried and when lies in the store, so a restart forgets nothing.
"""

import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import FrameType
from typing import Final

from data.status import freshness
from data.store import Status, Store, StoreBroken, StoreBusy, StoreEmpty, StoreProblem
from data.store.objects import Claim
from pipelines.source import Source

LOOK: Final = timedelta(minutes=1)
"""Longest wait between two looks at the store: a person may have run a source by hand."""
TURN: Final = timedelta(seconds=10)
"""Wait of a second scheduler between two looks whether the first is gone."""
AHEAD: Final = timedelta(minutes=5)
"""An attempt so far in the future was noted by a clock that was wrong."""


class Stopped(BaseException):
    """SIGTERM or SIGINT; no error."""


def due_at(source: Source, status: Status | None) -> datetime | None:
    """When the source should be run next; None for now, as it never was."""
    return freshness.due_at(source.name, source.cadence, status)


def due(sources: Sequence[Source], statuses: dict[str, Status], now: datetime) -> list[Source]:
    """The sources to run now, in the order of the registry.

    One whose last attempt is yet to come is among them: a machine that woke up in the wrong year
    would otherwise not be asked for anything until then.
    """
    return [
        source
        for source in sources
        if not source.by_hand and _is_due(source, statuses.get(source.name), now)
    ]


def _is_due(source: Source, status: Status | None, now: datetime) -> bool:
    if status is not None and status.paused is not None:
        return False
    at = due_at(source, status)
    if at is None or at <= now:
        return True
    tried = status.last_attempt if status else None
    return tried is not None and tried > now + AHEAD


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


@dataclass(frozen=True)
class Scheduler:
    """Runs what is due, one at a time. Tests give a clock, a sleep and a run of their own.

    A store that had a release and has none any more is away, not empty: a disk came unmounted, or
    a bucket does not answer. Nothing is run until it is back, since what was published into its
    place would begin without any vintage, and nothing would be there to doubt it by.
    """

    store: Store
    sources: tuple[Source, ...]
    run: Callable[[Source], int]
    now: Callable[[], datetime] = field(default=_utc_now)
    sleep: Callable[[float], None] = field(default=time.sleep)
    say: Callable[[str], None] = field(default=_say)
    leads: Callable[[], bool] = field(default=lambda: True)
    """Whether this is the one scheduler of the store; asked again and again."""
    mend: Callable[[], None] | None = None
    """Builds damaged files of the store again; asked each time that some are."""

    def once(self) -> bool:
        """Run what is due; whether all went well."""
        waiting = due(self.sources, self.store.statuses(), self.now())
        codes = [self.run(source) for source in waiting]  # every one, whatever the first says
        return not any(codes)

    def forever(self) -> None:
        """Run what is due and wait, until `Stopped` is raised."""
        tried: dict[str, datetime] = {}
        had, told = False, ""
        while True:
            try:
                if self.leads():
                    had = self._looked(had)
                    self._round(tried)
                    wait, told = self._wait(), ""
                else:
                    wait = TURN
            except StoreProblem as problem:
                wait = LOOK
                if told != str(problem):
                    told = str(problem)
                    self.say(told)
            self.sleep(wait.total_seconds())

    def _looked(self, had: bool) -> bool:
        """Whether the store has a release.

        Raises:
            StoreProblem: It cannot be read, or had one and has none.
        """
        try:
            if self.store.current().warning and self.mend is not None:
                self.mend()
        except StoreBroken:
            # A disk that is away has no release, and nothing is mended on what lies in its place.
            if self.mend is not None and self.store.releases():
                self.mend()
            raise
        except StoreEmpty:
            if had:
                raise StoreBroken(
                    f"The store {self.store.address} had a release and has none: its disk may be "
                    "unmounted. Nothing is run until it is back; stop this scheduler if you "
                    "emptied the store on purpose."
                ) from None
            return False
        return True

    def _round(self, tried: dict[str, datetime]) -> None:
        """Run what is due, but not again at once what could not even write its status."""
        now = self.now()
        for source in due(self.sources, self.store.statuses(), now):
            before = tried.get(source.name)
            if not self.leads():
                return
            if before is None or abs(now - before) >= freshness.RETRY:
                tried[source.name] = now
                self.run(source)

    def _wait(self) -> timedelta:
        now, statuses = self.now(), self.store.statuses()
        found = [(source, statuses.get(source.name)) for source in self.sources]
        times = [due_at(s, status) for s, status in found if not (status and status.paused)]
        soonest = min((at for at in times if at is not None), default=now + LOOK)
        return min(max(soonest - now, timedelta(seconds=1)), LOOK)


class Turn:
    """Whether this process is the one scheduler of a store: by a lease that expires.

    A second scheduler says once who the first one is, and waits; it takes over when the first has
    stopped, or has been silent for a minute. One that lost its lease (its machine slept) runs
    nothing more until it has it again.
    """

    def __init__(self, store: Store, say: Callable[[str], None] = _say) -> None:
        self._store, self._say = store, say
        self._held: Claim | None = None
        self._way_out = ExitStack()
        self._told = False

    def __call__(self) -> bool:
        """Whether it is; tries to be, where it is not."""
        if self._held is not None and not self._held.lost:
            return True
        self.close()
        try:
            self._held = self._way_out.enter_context(self._store.lease_scheduler())
        except StoreBusy as problem:
            if not self._told:
                self._say(f"{problem} This scheduler waits and runs nothing until then.")
                self._told = True
            return False
        self._told = False
        return True

    def close(self) -> None:
        """Let another one be it."""
        self._held = None
        self._way_out.close()
        self._way_out = ExitStack()


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
