"""Sources on the command line: how they fare, running them, a person's word, the scheduler."""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from commands import alerts, editions, shared

if TYPE_CHECKING:
    from pipelines.forms.provenance import Papers
    from pipelines.run.context import Outcome, ReviewDecision, RunContext
    from pipelines.run.preview import Preview
    from pipelines.source import Source

SHOWN: Final = 200
"""Rows of a preview that a terminal shows."""
LONGEST_WORD: Final = 300
"""Characters of a name or a reason that are stored."""
F = TypeVar("F", bound=Callable[..., Any])


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
    chosen = [source for source in shared.chosen(names, context) if names or not source.by_hand]
    if due:
        chosen = schedule.due(chosen, context.store.statuses(), context.now())
    planned = [(source, lambda s: runs.run_source(s, context)) for source in chosen]
    _conclude(
        planned,
        as_json,
        then=lambda: editions.after_a_run(given),
        after=lambda: alerts.after_a_run(given),
    )


@click.command("import", epilog="Example: nuzuh import pmm_provinces provinces.csv --preview")
@click.argument("source", required=False)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--as-of", type=shared.DAY, help="The day the file was got; its figures are known from it."
)
@click.option("--publisher", help="The body whose figures they are.")
@click.option("--published-on", type=shared.DAY, help="The day it published them.")
@click.option("--url", metavar="ADDRESS", help="Where it published them.")
@click.option("--typed-by", metavar="NAME", help="Who typed the file; stored, never published.")
@click.option("--preview", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--rows", type=click.IntRange(0), help="Figures that --preview lists at most.")
@click.option("--yes", is_flag=True, help="Do not ask on a terminal.")
@click.option("--template", metavar="SOURCE", help="Write the empty form of a source instead.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write the form; .csv or .xlsx.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def import_(
    given: dict[str, str],
    /,
    source: str | None,
    file: Path | None,
    as_of: datetime | None,
    preview: bool,
    rows: int | None,
    yes: bool,
    template: str | None,
    output: Path | None,
    as_json: bool,
    **said: Any,
) -> None:
    """Read, check and publish a file that a person got by hand.

    For a publisher's own file its name says what was asked, as the source names its documents: the
    rows of UNHCR's table by origin are origin-SYR.json. What is typed goes into a form, which
    --template writes.

    On a terminal it shows what would change and asks before it publishes; elsewhere (a script, a
    pipe) it publishes at once, as with --yes. --preview never publishes. One bad row is enough for
    nothing to be imported; each is named.
    """
    if template is not None:
        _write_template(template, output)
        return
    if source is None or file is None:
        raise click.UsageError("Name the source and the file: nuzuh import SOURCE FILE.")
    from pipelines.run import review, upload

    context = shared.context(given)
    (chosen,) = shared.chosen((source,), context)
    asks = on_a_terminal() and not yes and not as_json
    papers = _papers(chosen, said, asks=asks and not preview)
    if preview or asks:
        found = review.preview_file(chosen, file, shared.day(as_of), context, papers)
        _show(found, as_json, rows)
        if preview or not click.confirm("Publish this?", default=False):
            return
    _conclude(
        [(chosen, lambda s: upload.import_file(s, file, shared.day(as_of), context, papers))],
        as_json,
    )


def on_a_terminal() -> bool:
    """Whether a person can be asked."""
    return sys.stdin.isatty()


def _write_template(name: str, output: Path | None) -> None:
    from data.publication import atomic_write as outputs
    from pipelines import registry
    from pipelines.forms import templates

    forms = registry.templates()
    if name not in forms:
        raise click.UsageError(
            f"There is no form for {name!r}; there is one for: {', '.join(forms)}."
        )
    ending = output.suffix.lower() if output else ".csv"
    if ending not in (".csv", ".xlsx"):
        raise click.UsageError("A form is a .csv or a .xlsx file; end the name so.")
    body = templates.written(forms[name], "xlsx" if ending == ".xlsx" else "csv")
    if output is None:
        click.echo(body, nl=False)
        return
    outputs.write(output, body)
    click.echo(f"{output}: fill it in, then `nuzuh import {name} {output}`.", err=True)


def _papers(source: "Source", said: dict[str, Any], *, asks: bool) -> "Papers":
    """What the options say of the file; on a terminal the rest is asked for."""
    from pipelines.forms.provenance import Papers

    typed = source.by_hand or source.reviewed
    publisher, url, published_on, who = (
        said[name] for name in ("publisher", "url", "published_on", "typed_by")
    )
    if typed and asks:
        left = " (leave empty where the file's rows say it)"
        publisher = publisher or click.prompt(f"Publisher{left}", default="", show_default=False)
        url = url or click.prompt(f"Address{left}", default="", show_default=False)
        published_on = published_on or _asked_day(f"Published on, 2026-09-17{left}")
        who = who or click.prompt("Typed by", default=_account() or None)
    if url and not url.startswith(("https://", "http://")):
        raise click.UsageError(f"--url {url} is no address; it starts with https://")
    return Papers(
        publisher=publisher or None,
        address=url or None,
        published_on=shared.day(published_on),
        typed_by=who or (_account() if typed else None),
    )


def _asked_day(question: str) -> datetime | None:
    answer = click.prompt(question, default="", show_default=False)
    return shared.DAY.convert(answer, None, None) if answer else None


def _account() -> str | None:
    """The account that runs the command, which is who typed it unless somebody says so."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return None


def _show(
    found: "Preview", as_json: bool, most: int | None = None, *, held: str | None = None
) -> None:
    """What would change: figure by figure, and for reports with the sentence."""
    from pipelines.run import preview as previews

    listed = found.figures.sort_values(["change", "place_code"])
    if most is not None:
        # What changes comes first, so that a bound leaves out what does not.
        listed = listed.sort_values("change", key=lambda c: c == "same", kind="stable").head(most)
    rows = [previews.record(row, found.evidence) for row in listed.to_dict("records")]
    if as_json:
        shared.print_json(
            {
                "held": held,
                "new": found.count("new"),
                "changed": found.count("changed"),
                "same": found.count("same"),
                "withdrawn": len(found.withdrawn),
                "tables": dict(found.tables),
                "doubts": [doubt.sentence for doubt in found.doubts],
                "because": [asdict(doubt) for doubt in found.doubts],
                "remarks": list(found.remarks),
                "figures": rows,
            }
        )
        return
    moved = [row for row in rows if row["change"] != "same"]
    if moved:
        heads = ("change", "place_code", "population_group", "measure", "unit", "as_of")
        table = [
            [*(row[name] for name in heads), row["value_before"], row["value"]] for row in moved
        ]
        shared.print_table((*heads, "before", "value"), table[:SHOWN])
        for row in moved[:SHOWN]:
            if row["evidence"]:
                click.echo(f"  {row['value_raw']} ({row['publisher']}): {row['evidence']}")
    if len(moved) > SHOWN:
        click.echo(f"… and {len(moved) - SHOWN:,} more; --json lists all.")
    counts = [f"{found.count(name):,} {name}" for name in ("new", "changed", "same")]
    click.echo(f"{', '.join(counts)}, {len(found.withdrawn):,} withdrawn.")
    for name, size in found.tables.items():
        click.echo(f"Table {name}: {size:,} rows.")
    for sentence in (
        *found.remarks,
        *(f"Would be held: {doubt.sentence}" for doubt in found.doubts),
    ):
        click.echo(sentence)


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
    chosen = [s for s in shared.chosen(names, context) if names or context.store.fetches(s.name)]
    again = replays.replay_every if every else replays.replay
    _conclude([(source, lambda s: again(s, context)) for source in chosen], as_json)


def _a_persons_word(command: F) -> F:
    """The options with which a person says who they are, why, and what they looked at."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="One JSON object."),
        click.option("--held", metavar="FETCH", help="Only if this fetch is what is held."),
        click.option("--why", metavar="TEXT", help="Your reason; stored with it."),
        click.option("--by", metavar="NAME", help="Who decides; stored with it."),
    ):
        command = option(command)
    return command


def _word(by: str | None, why: str | None, held: str | None) -> "ReviewDecision":
    from pipelines.run.context import ReviewDecision

    def one_line(text: str | None) -> str | None:
        return " ".join(text.split())[:LONGEST_WORD] if text else None

    return ReviewDecision(one_line(by), one_line(why), held)


@click.command(epilog="Example: nuzuh accept unhcr_population --by amal --why 'IOM confirmed it'")
@click.argument("source")
@click.option("--show", is_flag=True, help="Only list what is held, with its evidence.")
@click.option("--rows", type=click.IntRange(0), help="Figures that --show lists at most.")
@_a_persons_word
@click.pass_obj
def accept(
    given: dict[str, str],
    source: str,
    show: bool,
    rows: int | None,
    by: str | None,
    why: str | None,
    held: str | None,
    as_json: bool,
) -> None:
    """Publish the answer that is held: you looked at it and it is right."""
    from pipelines.run import review

    context = shared.context(given)
    (chosen,) = shared.chosen((source,), context)
    if show:
        status = context.store.status(chosen.name)
        found = review.preview_held(chosen, context)
        if status is None or found is None:
            shared.print_json({"held": None}) if as_json else click.echo(
                f"Nothing of {chosen.name} is held."
            )
        else:
            _show(found, as_json, rows, held=status.held_fetch)
        return
    word = _word(by, why, held)
    _conclude([(chosen, lambda s: review.accept(s, context, word))], as_json)


@click.command(epilog="Example: nuzuh reject unhcr_population --by amal --why 'a digit too many'")
@click.argument("source")
@_a_persons_word
@click.pass_obj
def reject(
    given: dict[str, str],
    source: str,
    by: str | None,
    why: str | None,
    held: str | None,
    as_json: bool,
) -> None:
    """Put the held answer away: you looked at it and it is wrong."""
    from pipelines.run import review

    context = shared.context(given)
    (chosen,) = shared.chosen((source,), context)
    word = _word(by, why, held)
    _conclude([(chosen, lambda s: review.reject(s, context, word))], as_json)


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


def _conclude(
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
    from data.store import StoreProblem, Wanted
    from pipelines.run.source_register import register

    doors = tuple(source.name for source in context.sources if source.origin)
    try:
        found = context.store.current().figures(Wanted(source=doors))
    except StoreProblem:
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
