"""The scheduler: each source when it is due, editions and alerts after it."""

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from commands import alerts, editions, shared

if TYPE_CHECKING:
    from pipelines.run.context import RunContext
    from pipelines.source import Source


@click.command(epilog="Example: nuzuh serve")
@click.option("--once", is_flag=True, help="Run what is due and end.")
@click.pass_obj
def serve(given: dict[str, str], once: bool) -> None:
    """The scheduler: run each source when it is due, until stopped."""
    from pipelines.run import schedule

    context = shared.context(given)
    # A source that would only be skipped leaves no trace of an attempt: never ask it.
    enabled = tuple(s for s in context.sources if _may_run(s, context))
    watch = alerts.Watch(given, mark=lambda: _last_attempts(context))

    def wait(seconds: float) -> None:
        watch.look()
        time.sleep(seconds)

    scheduler = schedule.Scheduler(
        context.store,
        enabled,
        run=_then_editions(given, context, enabled),
        sleep=wait,
        say=lambda sentence: shared.say("away", sentence, err=True),
    )
    try:
        with schedule.stopping():
            if once:
                good = scheduler.once()
                watch.look()
            else:
                shared.say(
                    "start",
                    f"Serving {len(enabled)} sources; Ctrl+C or SIGTERM stops.",
                    sources=len(enabled),
                )
                scheduler.forever()
    except schedule.Stopped:
        shared.say("stop", "Stopped.")
        return
    if not good:
        raise click.exceptions.Exit(1)


def _then_editions(
    given: dict[str, str], context: "RunContext", enabled: tuple["Source", ...]
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
        code = schedule.run_in_child(source, shared.options(given))
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
