"""Runs of sources in processes of their own, of which none delays the others for long.

A run that takes longer than `PATIENCE` goes on beside the next one; one that takes longer than a
source may at all is ended, and its source has failed. Whatever hangs, in a library or on a disk,
costs the other sources a minute.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Self

from data.store import Status, Store
from pipelines.source import Source

PATIENCE: Final = 60.0
"""Seconds after which the next source is begun beside one that still runs."""
AT_ONCE: Final = 3
"""Runs beside one another at most: each takes the memory of one."""
LEAST: Final = 60.0
"""Seconds at least that a run has, beside its fetch, to start, read and publish."""
GRACE: Final = 10.0
"""Seconds that a run has to end when it is told to."""
ENDED: Final = 124
"""The exit code of a run that was ended, as `timeout` has it."""


def most_seconds(deadline: float) -> float:
    """Seconds for a whole run, of which the fetch may take `deadline`."""
    return deadline + max(LEAST, deadline / 3)


def ended(source: Source, store: Store, seconds: float) -> None:
    """Note that a run of the source was ended: it could not do so itself."""
    before = store.status(source.name) or Status(source.name)
    store.set_status(
        before.after(
            datetime.now(UTC),
            "failed",
            f"The run took longer than {seconds:,.0f} seconds and was ended; the last figures "
            "stay. It will be tried again later, or give it longer with NUZUH_DEADLINE.",
        )
    )


@dataclass
class _Running:
    source: Source
    process: "subprocess.Popen[bytes]"
    until: float


def _command(source: Source, options: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "pipelines", *options, "run", source.name]


@dataclass
class Children:
    """`with Children(…) as run:` … `run(source)`; at the end of the block none is left.

    Attributes:
        seconds: For one run in all.
        late: Told of a source whose run was ended.
        options: Said to every run before its command.
        patience: Seconds that a caller waits for a run.
        command: What is run for a source.
    """

    seconds: float
    late: Callable[[Source], None]
    options: Sequence[str] = ()
    patience: float = PATIENCE
    command: Callable[[Source, Sequence[str]], list[str]] = _command
    _running: dict[str, _Running] = field(default_factory=dict)

    def __enter__(self) -> Self:
        """Nothing runs yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End what still runs; the store survives that at any moment."""
        for child in self._running.values():
            child.process.terminate()
        until = time.monotonic() + GRACE
        for child in self._running.values():
            try:
                child.process.wait(max(until - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
        self._running.clear()

    def __call__(self, source: Source) -> int:
        """Run a source; its exit code, or 0 where it goes on beside what comes next."""
        self.look()
        if source.name in self._running:
            return 0
        while len(self._running) >= AT_ONCE:
            self._wait(min(self._running.values(), key=lambda child: child.until), self.seconds)
        process = subprocess.Popen(self.command(source, self.options))  # noqa: S603 - our own
        child = _Running(source, process, time.monotonic() + self.seconds)
        self._running[source.name] = child
        return self._wait(child, self.patience)

    def look(self) -> bool:
        """Note what has ended meanwhile, and end what took too long; whether all went well."""
        codes = [self._wait(child, 0) for child in list(self._running.values())]
        return not any(codes)  # each was looked at, whatever the first said

    def finish(self) -> bool:
        """Wait for all that still runs; whether it went well."""
        codes = [self._wait(child, self.seconds) for child in list(self._running.values())]
        return not any(codes)

    def _wait(self, child: _Running, patience: float) -> int:
        left = child.until - time.monotonic()
        try:
            code = child.process.wait(max(min(patience, left), 0))
        except subprocess.TimeoutExpired:
            if child.until > time.monotonic():
                return 0
            child.process.kill()  # whoever hangs does not hear a request
            child.process.wait()
            code = ENDED
            self.late(child.source)
        self._running.pop(child.source.name, None)
        return code
