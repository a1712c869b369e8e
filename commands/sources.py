"""Sources on the command line: how they fare, running them, a person's word, the scheduler."""

import json
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands import shared

if TYPE_CHECKING:
    from pipelines.run import Office, Outcome
    from pipelines.source import Source


@click.command(epilog="Example: nuzuh sources --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def sources(given: dict[str, str], as_json: bool) -> None:
    """Each source: state, newest figure, last success, next due, key, licence."""
    from pipelines.run import CARRIED

    at = shared.office(given)
    rows = [_source_row(source, at) for source in at.sources]
    if as_json:
        shared.print_json({"sources": rows, "differences": _differences(at)})
        return
    shown = ("source", "state", "newest_as_of", "last_success", "next_due", "key", "licence")
    shared.print_table(shown, [[row[name] for name in shown] for row in rows])
    if all(row["state"] == "never" for row in rows):
        click.echo(f"Nothing was fetched yet; start with `nuzuh run {CARRIED}`.", err=True)


@click.command(epilog="Example: nuzuh run unhcr_population unhcr_idmc")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option("--due", is_flag=True, help="Only sources that are due.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def run(given: dict[str, str], names: tuple[str, ...], due: bool, as_json: bool) -> None:
    """Fetch, read, check and publish; every source where none is named."""
    from pipelines import run as runs
    from pipelines import schedule

    at = shared.office(given)
    chosen = shared.chosen(names, at)
    if due:
        chosen = schedule.due(chosen, at.store.statuses(), at.now())
    _conclude([(source, lambda s: runs.run_source(s, at)) for source in chosen], as_json)


@click.command(
    "import", epilog="Example: nuzuh import unhcr_population origin-SYR.json --as-of 2025-11-10"
)
@click.argument("source")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--as-of", type=shared.DAY, help="The day the file was got; its figures are known from it."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def import_(
    given: dict[str, str], source: str, file: Path, as_of: datetime | None, as_json: bool
) -> None:
    """Read, check and publish a file that a person got by hand.

    The file's name says what was asked, as the source names its documents; the rows of UNHCR's
    table by origin are origin-SYR.json.
    """
    from pipelines import run as runs

    at = shared.office(given)
    (chosen,) = shared.chosen((source,), at)
    _conclude([(chosen, lambda s: runs.import_file(s, file, shared.day(as_of), at))], as_json)


@click.command(epilog="Example: nuzuh replay unhcr_population")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def replay(given: dict[str, str], names: tuple[str, ...], as_json: bool) -> None:
    """Read the newest stored fetch of each source again, without network."""
    from pipelines import run as runs

    at = shared.office(given)
    chosen = [s for s in shared.chosen(names, at) if names or at.store.fetches(s.name)]
    _conclude([(source, lambda s: runs.replay(s, at)) for source in chosen], as_json)


@click.command(epilog="Example: nuzuh accept unhcr_population")
@click.argument("source")
@click.pass_obj
def accept(given: dict[str, str], source: str) -> None:
    """Publish the answer that is held: you looked at it and it is right."""
    from pipelines import run as runs

    at = shared.office(given)
    (chosen,) = shared.chosen((source,), at)
    _conclude([(chosen, lambda s: runs.accept(s, at))], as_json=False)


@click.command(epilog="Example: nuzuh reject unhcr_population")
@click.argument("source")
@click.pass_obj
def reject(given: dict[str, str], source: str) -> None:
    """Put the held answer away: you looked at it and it is wrong."""
    from pipelines import run as runs

    at = shared.office(given)
    (chosen,) = shared.chosen((source,), at)
    _conclude([(chosen, lambda s: runs.reject(s, at))], as_json=False)


@click.command(epilog="Example: nuzuh serve")
@click.option("--once", is_flag=True, help="Run what is due and end.")
@click.pass_obj
def serve(given: dict[str, str], once: bool) -> None:
    """The scheduler: run each source when it is due, until stopped."""
    from pipelines import schedule

    at = shared.office(given)
    # A source that would only be skipped leaves no trace of an attempt: never ask it.
    enabled = tuple(s for s in at.sources if _may_run(s, at))
    options = [text for name, value in given.items() for text in (f"--{name}", value)]
    scheduler = schedule.Scheduler(
        at.store, enabled, run=lambda source: schedule.run_in_child(source, options)
    )
    try:
        with schedule.stopping():
            if once:
                good = scheduler.once()
            else:
                click.echo(f"Serving {len(enabled)} sources; Ctrl+C or SIGTERM stops.")
                scheduler.forever()
    except schedule.Stopped:
        click.echo("Stopped.")
        return
    if not good:
        raise click.exceptions.Exit(1)


def _may_run(source: "Source", at: "Office") -> bool:
    from pipelines.run import why_skipped

    return why_skipped(source, at.settings) is None


def _conclude(
    planned: Sequence[tuple["Source", Callable[["Source"], "Outcome"]]], as_json: bool
) -> None:
    """Run each, tell how it went as it goes, and exit 1 where a person should look."""
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
            click.echo(line, err=not outcome.good)
    good = all(outcome.good for outcome in outcomes)
    if as_json:
        from dataclasses import asdict

        shared.print_json({"good": good, "outcomes": [asdict(outcome) for outcome in outcomes]})
    elif not outcomes:
        click.echo("Nothing is due.")
    if not good:
        raise click.exceptions.Exit(1)


def _source_row(source: "Source", at: "Office") -> dict[str, Any]:
    from data.freshness import state
    from data.store import Status
    from pipelines import schedule

    status = at.store.status(source.name) or Status(source.name)
    next_due = schedule.due_at(source, status)
    return {
        "source": source.name,
        "title": source.title,
        "publisher": source.publisher,
        "state": "held"
        if status.held_fetch
        else state(
            cadence=source.cadence,
            late_after=source.late_after,
            last_success=status.last_success,
            newest_as_of=status.newest_as_of,
            now=at.now(),
        ),
        "newest_as_of": status.newest_as_of.isoformat() if status.newest_as_of else None,
        "last_success": shared.moment(status.last_success),
        "last_attempt": shared.moment(status.last_attempt),
        "next_due": shared.moment(next_due) if next_due else "now",
        "outcome": status.outcome,
        "sentence": status.sentence,
        "figures": status.figures,
        "key": _key(source, at),
        "cadence_days": source.cadence.total_seconds() / 86400,
        "late_after_days": source.late_after.total_seconds() / 86400,
        "replaced_by": source.replaced_by,
        "origin": source.origin,
        "origin_rank": source.origin_rank,
        "last_good_copy": _copy(source, at),
        "licence": source.licence,
        "homepage": source.homepage,
        "enabled": source.name not in at.settings.disabled,
    }


def _copy(source: "Source", at: "Office") -> dict[str, str | None] | None:
    """The stored fetch that the published figures were last read from."""
    from data.freshness import copied_at
    from data.store import StoreProblem

    try:
        fetches = at.store.current().manifest.fetches.get(source.name, ())
    except StoreProblem:
        return None
    if not fetches:
        return None
    return {"fetch": fetches[-1], "fetched_at": shared.moment(copied_at(fetches[-1]))}


def _differences(at: "Office") -> list[dict[str, Any]]:
    """Where sources of one origin do not say the same."""
    from data import crosschecks
    from data.store import StoreProblem, Wanted
    from pipelines.run import register

    doors = tuple(source.name for source in at.sources if source.origin)
    try:
        found = at.store.current().figures(Wanted(source=doors))
    except StoreProblem:
        return []
    differing = crosschecks.differences(found, register(at.sources))
    days = differing.assign(as_of=differing["as_of"].astype("string").str[:10])
    rows: list[dict[str, Any]] = json.loads(days.to_json(orient="records"))
    return rows


def _key(source: "Source", at: "Office") -> str:
    """Whether a key is needed and set; never the key."""
    if source.key == "none" or source.api is None:
        return "none"
    return f"{source.key}, {'set' if at.settings.key.get(source.api) else 'not set'}"
