"""The scheduler: each source when it is due, editions and alerts after it."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Final

import click

from commands import alerts, editions, shared

LOOK: Final = 1.0
"""Seconds between two looks into the inbox: somebody sits before the page and waits."""
MEND_AGAIN: Final = 3600.0
"""Seconds between two repairs of a store that stays damaged."""
CARRY: Final = 600.0
"""Seconds that carrying out what waits may take; what was not done is done at the next look."""

if TYPE_CHECKING:
    from pipelines.run.context import RunContext
    from pipelines.source import Source


@click.command(epilog="Example: nuzuh serve")
@click.option("--once", is_flag=True, help="Run what is due and end.")
@click.pass_obj
def serve(given: dict[str, str], once: bool) -> None:
    """The scheduler: run each source when it is due, until stopped.

    There is one for each store: a second one says so and waits. Between runs, and during them, it
    carries out what administrators decided in the browser (docs/deploy.md).
    """
    from pipelines.run import children, schedule

    context = shared.context(given)
    seconds = children.most_seconds(context.settings.deadline)
    runs = children.Children(
        seconds,
        late=lambda source: children.ended(source, context.store, seconds),
        options=shared.options(given),
    )
    # A source that would only be skipped leaves no trace of an attempt: never ask it.
    enabled = tuple(s for s in context.sources if _may_run(s, context))
    _record_changed_alerts(given)  # before the children start without them
    watch = alerts.Watch(given, mark=lambda: _last_attempts(context))
    turn = schedule.Turn(
        context.store, say=lambda sentence: shared.say("second", sentence, err=True)
    )
    attendant = Attendant(given, context, turn)

    def wait(seconds: float) -> None:
        runs.look()
        if turn():
            watch.look()
        time.sleep(seconds)

    scheduler = schedule.Scheduler(
        context.store,
        enabled,
        run=_then_editions(given, context, enabled, runs),
        sleep=wait,
        say=lambda sentence: shared.say("away", sentence, err=True),
        leads=turn,
        mend=_mending(given),
    )
    good = True
    try:
        with schedule.stopping(), closing(turn), runs:
            if once:
                good = not turn() or scheduler.once()
                good = runs.finish() and good
                if turn():
                    attendant.look()
                    watch.look()
            else:
                shared.say(
                    "start",
                    f"Serving {len(enabled)} sources; Ctrl+C or SIGTERM stops.",
                    sources=len(enabled),
                )
                with attendant.attending():
                    scheduler.forever()
    except schedule.Stopped:
        shared.say("stop", "Stopped.")
        return
    if not good:
        raise click.exceptions.Exit(1)


class Attendant:
    """Beside the scheduler: says that decisions are carried out, and has them carried out.

    Each time something waits a process of its own does it, as for a run of a source: a decision
    need not wait for a run, and a crash in a library takes no scheduler with it.
    """

    def __init__(
        self,
        given: dict[str, str],
        context: "RunContext",
        leads: Callable[[], bool],
        carry: Callable[[], None] | None = None,
    ) -> None:
        from data.handover import inbox_of

        self._inbox = inbox_of(context.settings)
        self._context, self._leads = context, leads
        self._carry = carry or (lambda: _carry_out_in_child(given))
        self._told = ""

    def look(self) -> None:
        """Say that somebody is here, and have carried out what waits."""
        if self._inbox is None or not self._leads():
            return
        try:
            self._inbox.attend(self._context.now(), f"process {os.getpid()}")
            waits = bool(self._inbox.waiting())
        except OSError as problem:
            self._print(f"The inbox {self._inbox.folder} cannot be used ({problem.strerror}).")
            return
        self._print("")
        if waits:
            self._carry()

    @contextmanager
    def attending(self) -> Iterator[None]:
        """Look every second, until the end of the block."""
        from data.store import StoreProblem

        over = threading.Event()

        def attend() -> None:
            while not over.wait(LOOK):
                with suppress(StoreProblem):
                    self.look()

        thread = threading.Thread(target=attend, name="attendant", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join(CARRY)
            if self._inbox is not None and self._leads():
                self._inbox.leave()

    def _print(self, sentence: str) -> None:
        if sentence and sentence != self._told:
            shared.say("inbox", sentence, err=True)
        self._told = sentence


def _record_changed_alerts(given: dict[str, str]) -> None:
    """Keep the record; the scheduler reports a store that cannot be read or written now."""
    from data.settings import BadConfiguration
    from data.store import StoreProblem

    with suppress(StoreProblem, BadConfiguration):
        alerts.record_changes(given)


def _carry_out_in_child(given: dict[str, str]) -> None:
    from data.process_limits import MEMORY

    shared.in_child(
        given,
        *("decisions", "--carry-out"),
        seconds=CARRY,
        environment=os.environ,
        otherwise="Decisions were not carried out",
        most_memory=MEMORY,
    )


def _mending(given: dict[str, str]) -> Callable[[], None]:
    """Build damaged files again in a child, once an hour: what cannot be mended stays so."""
    last = -MEND_AGAIN

    def mend() -> None:
        nonlocal last
        if time.monotonic() - last >= MEND_AGAIN:
            last = time.monotonic()
            shared.say("damaged", "A file of the store is damaged; building it again.", err=True)
            shared.in_child(
                given,
                "repair",
                seconds=CARRY,
                environment=os.environ,
                otherwise="The store was not repaired",
            )

    return mend


def _then_editions(
    given: dict[str, str],
    context: "RunContext",
    enabled: tuple["Source", ...],
    runs: "Callable[[Source], int]",
) -> "Callable[[Source], int]":
    """Run a source in a child; once no other is due, write the editions of what changed."""
    from pipelines.run import schedule

    wanted = context.settings.editions
    if wanted:
        # The children of one round would each write an edition of their own.
        os.environ["NUZUH_EDITIONS"] = ""
    written = _release_id(context)

    def run(source: "Source") -> int:
        nonlocal written
        code = runs(source)
        now = _release_id(context) if wanted else written
        if now != written and not schedule.due(enabled, context.store.statuses(), context.now()):
            written = now
            editions.in_child(given, wanted)
        return code

    return run


def _last_attempts(context: "RunContext") -> object:
    """Differs once a source was run, or a person decided on one."""
    from data.store import StoreProblem

    try:
        return {
            name: (s.last_attempt, s.held_fetch) for name, s in context.store.statuses().items()
        }
    except StoreProblem:
        return None


def _release_id(context: "RunContext") -> str | None:
    from data.store import StoreProblem

    try:
        return context.store.current().id
    except StoreProblem:
        return None


def _may_run(source: "Source", context: "RunContext") -> bool:
    from pipelines.run.source_register import why_skipped

    return why_skipped(source, context.settings) is None
