"""How runs ended, printed as they go."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from commands import shared

if TYPE_CHECKING:
    from pipelines.run.context import Outcome
    from pipelines.source import Source


def conclude(
    planned: Sequence[tuple["Source", Callable[["Source"], "Outcome"]]],
    as_json: bool,
    then: Callable[[], None] | None = None,
    after: Callable[[], None] | None = None,
) -> None:
    """Run each, tell how it went as it goes, and exit 1 where a person should look.

    `then` is called where something was published, `after` in any case.
    """
    outcomes: list[Outcome] = []
    for number, (source, task) in enumerate(planned, start=1):
        if sys.stderr.isatty():
            click.echo(f"\r\033[K[{number}/{len(planned)}] {source.name} …", err=True, nl=False)
        outcome = task(source)
        if sys.stderr.isatty():
            click.echo("\r\033[K", err=True, nl=False)
        outcomes.append(outcome)
        if not as_json:
            # What a person must look at goes to stderr, where a mail from cron shows it.
            line = f"{outcome.source}: {outcome.state}. {outcome.sentence}"
            facts = {name: value for name, value in asdict(outcome).items() if name != "sentence"}
            shared.say("run", line, err=not outcome.good, **facts)
    good = all(outcome.good for outcome in outcomes)
    if as_json:
        shared.print_json({"good": good, "outcomes": [asdict(outcome) for outcome in outcomes]})
    elif not outcomes:
        shared.say("idle", "Nothing is due.")
    if then is not None and any(outcome.state == "published" for outcome in outcomes):
        then()
    if after is not None:
        after()  # a run that failed or was held is news as well, for the administrator
    if not good:
        raise click.exceptions.Exit(1)
