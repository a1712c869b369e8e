"""Sources on the command line: how they fare, running them, reading stored fetches again."""

import json
from typing import TYPE_CHECKING, Any

import click

from commands import alerts, editions, outcomes, shared

if TYPE_CHECKING:
    from pipelines.run.context import RunContext
    from pipelines.source import Source


@click.command(epilog="Example: nuzuh sources --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def sources(given: dict[str, str], as_json: bool) -> None:
    """Each source: state, newest figure, last success, next due, key, licence."""
    from pipelines.source import CARRIED

    context = shared.context(given)
    rows = [_source_row(source, context) for source in context.sources]
    channels = [channel.as_json() for channel in context.store.channels()]
    if as_json:
        found = {"sources": rows, "differences": _differences(context), "channels": channels}
        shared.print_json(found)
        return
    shown = ("source", "state", "newest_as_of", "last_success", "next_due", "key", "licence")
    shared.print_table(shown, [[row[name] for name in shown] for row in rows])
    if all(row["state"] == "never" for row in rows):
        click.echo(f"Nothing was fetched yet; start with `nuzuh run {CARRIED}`.", err=True)
    alerts.say_failing([channel["name"] for channel in channels if channel["problem"]])


@click.command(epilog="Example: nuzuh run unhcr_population unhcr_idmc")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option("--due", is_flag=True, help="Only sources that are due.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def run(given: dict[str, str], names: tuple[str, ...], due: bool, as_json: bool) -> None:
    """Fetch, read, check and publish; every source where none is named."""
    from pipelines.run import run as runs
    from pipelines.run import schedule

    context = shared.context(given)
    chosen = [
        source for source in shared.chosen_sources(names, context) if names or not source.by_hand
    ]
    if due:
        chosen = schedule.due(chosen, context.store.statuses(), context.now())
    planned = [(source, lambda s: runs.run_source(s, context)) for source in chosen]
    outcomes.conclude(
        planned,
        as_json,
        then=lambda: editions.after_a_run(given),
        after=lambda: alerts.after_a_run(given),
    )


@click.command(epilog="Example: nuzuh replay unhcr_population")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--every", is_flag=True, help="Every fetch newer than what is published, oldest first."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def replay(given: dict[str, str], names: tuple[str, ...], every: bool, as_json: bool) -> None:
    """Read the newest stored fetch of each source again, without network.

    With --every a store that has the documents but not the releases gets its whole history back:
    each fetch is published as known on the day it was made.
    """
    from pipelines.run import replay as replays

    context = shared.context(given)
    chosen = [
        s for s in shared.chosen_sources(names, context) if names or context.store.fetches(s.name)
    ]
    again = replays.replay_every if every else replays.replay
    outcomes.conclude([(source, lambda s: again(s, context)) for source in chosen], as_json)


def _source_row(source: "Source", context: "RunContext") -> dict[str, Any]:
    from data.status.freshness import state
    from data.store import Status
    from pipelines import registry
    from pipelines.run import schedule

    status = context.store.status(source.name) or Status(source.name)
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
            now=context.now(),
        ),
        "newest_as_of": status.newest_as_of.isoformat() if status.newest_as_of else None,
        "last_success": shared.moment(status.last_success),
        "last_attempt": shared.moment(status.last_attempt),
        "next_due": "by hand" if source.by_hand else shared.moment(next_due) or "now",
        "outcome": status.outcome,
        "sentence": status.sentence,
        "figures": status.figures,
        "key": _key(source, context),
        "cadence_days": source.cadence.total_seconds() / 86400,
        "late_after_days": source.late_after.total_seconds() / 86400,
        "replaced_by": source.replaced_by,
        "origin": source.origin,
        "origin_rank": source.origin_rank,
        "last_good_copy": _copy(source, context),
        "licence": source.licence,
        "homepage": source.homepage,
        "enabled": source.name not in context.settings.disabled,
        "form": source.name in registry.templates(),
        "typed": source.by_hand or source.reviewed,
    }


def _copy(source: "Source", context: "RunContext") -> dict[str, str | None] | None:
    """The stored fetch that the published figures were last read from."""
    from data.status.freshness import copied_at
    from data.store import StoreProblem

    try:
        fetches = context.store.current().manifest.fetches.get(source.name, ())
    except StoreProblem:
        return None
    if not fetches:
        return None
    return {"fetch": fetches[-1], "fetched_at": shared.moment(copied_at(fetches[-1]))}


def _differences(context: "RunContext") -> list[dict[str, Any]]:
    """Where sources of one origin do not say the same."""
    from data.analysis import precedence
    from data.store import FigureFilter, StoreProblem
    from pipelines.run.source_register import register

    routed = tuple(source.name for source in context.sources if source.origin)
    try:
        found = context.store.current().figure_rows(FigureFilter(source=routed))
    except StoreProblem as problem:
        click.echo(str(problem), err=True)
        return []
    differing = precedence.differences(found, register(context.sources))
    days = differing.assign(as_of=differing["as_of"].astype("string").str[:10])
    rows: list[dict[str, Any]] = json.loads(days.to_json(orient="records"))
    return rows


def _key(source: "Source", context: "RunContext") -> str:
    """Whether a key is needed and set; never the key."""
    if source.key == "none" or source.api is None:
        return "none"
    return f"{source.key}, {'set' if context.settings.key.get(source.api) else 'not set'}"
