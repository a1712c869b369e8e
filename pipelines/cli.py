"""The command line. Pandas and the store are imported inside the commands: help answers at once."""

import json
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from data import vocabulary as words

if TYPE_CHECKING:
    from data.settings import Settings
    from data.store import Store
    from pipelines.run import Office, Outcome
    from pipelines.source import Source

DAY: Final = click.DateTime(["%Y-%m-%d"])
EXPECTED: Final = frozenset(
    {
        "BadConfiguration",
        "CannotWrite",
        "ContractBroken",
        "HarmFound",
        "NoSuchArea",
        "SourceChanged",
        "SourceUnavailable",
        "StoreProblem",
        "UnknownPlace",
    }
)
"""Exceptions that are one sentence for the person at the keyboard, by name: naming them by import
would load what help does not need."""


class Plain(click.Group):
    """Commands whose expected failures are one sentence on stderr; a bug keeps its traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; exit 1 with the sentence where it failed as expected."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            if EXPECTED & {kind.__name__ for kind in type(error).__mro__}:
                raise click.ClickException(" ".join(str(error).split())) from None
            raise


@click.group(
    cls=Plain,
    epilog="Example: nuzuh run && nuzuh figures --within SY07 --group IDP",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--store", metavar="ADDRESS", help="Folder or s3://, gs://, az:// address.")
@click.option("--area", metavar="NAME", help="Area of interest, a file in data/reference/areas.")
@click.version_option(package_name="nuzuh", prog_name="nuzuh")
@click.pass_context
def main(ctx: click.Context, store: str | None, area: str | None) -> None:
    """Displacement figures for Idlib and the border regions, each with its papers.

    Settings are in nuzuh.toml (see nuzuh.sample.toml) or environment variables.
    """
    ctx.obj = {name: value for name, value in (("store", store), ("area", area)) if value}


@main.command(epilog="Example: nuzuh sources --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def sources(given: dict[str, str], as_json: bool) -> None:
    """Each source: state, newest figure, last success, next due, key, licence."""
    from pipelines.run import CARRIED

    at = _office(given)
    rows = [_source_row(source, at) for source in at.sources]
    if as_json:
        _print_json({"sources": rows})
        return
    shown = ("source", "state", "newest_as_of", "last_success", "next_due", "key", "licence")
    _print_table(shown, [[row[name] for name in shown] for row in rows])
    if all(row["state"] == "never" for row in rows):
        click.echo(f"Nothing was fetched yet; start with `nuzuh run {CARRIED}`.", err=True)


@main.command(epilog="Example: nuzuh run unhcr_population unhcr_idmc")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option("--due", is_flag=True, help="Only sources that are due.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def run(given: dict[str, str], names: tuple[str, ...], due: bool, as_json: bool) -> None:
    """Fetch, read, check and publish; every source where none is named."""
    from pipelines import run as runs
    from pipelines import schedule

    at = _office(given)
    chosen = _chosen(names, at)
    if due:
        chosen = schedule.due(chosen, at.store.statuses(), at.now())
    _conclude([(source, lambda s: runs.run_source(s, at)) for source in chosen], as_json)


@main.command(
    "import", epilog="Example: nuzuh import unhcr_population origin-SYR.json --as-of 2025-11-10"
)
@click.argument("source")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as-of", type=DAY, help="The day the file was got; its figures are known from it.")
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

    at = _office(given)
    (chosen,) = _chosen((source,), at)
    _conclude([(chosen, lambda s: runs.import_file(s, file, _day(as_of), at))], as_json)


@main.command(epilog="Example: nuzuh replay unhcr_population")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def replay(given: dict[str, str], names: tuple[str, ...], as_json: bool) -> None:
    """Read the newest stored fetch of each source again, without network."""
    from pipelines import run as runs

    at = _office(given)
    chosen = [s for s in _chosen(names, at) if names or at.store.fetches(s.name)]
    _conclude([(source, lambda s: runs.replay(s, at)) for source in chosen], as_json)


@main.command(epilog="Example: nuzuh accept unhcr_population")
@click.argument("source")
@click.pass_obj
def accept(given: dict[str, str], source: str) -> None:
    """Publish the answer that is held: you looked at it and it is right."""
    from pipelines import run as runs

    at = _office(given)
    (chosen,) = _chosen((source,), at)
    _conclude([(chosen, lambda s: runs.accept(s, at))], as_json=False)


@main.command(epilog="Example: nuzuh reject unhcr_population")
@click.argument("source")
@click.pass_obj
def reject(given: dict[str, str], source: str) -> None:
    """Put the held answer away: you looked at it and it is wrong."""
    from pipelines import run as runs

    at = _office(given)
    (chosen,) = _chosen((source,), at)
    _conclude([(chosen, lambda s: runs.reject(s, at))], as_json=False)


@main.command(epilog="Example: nuzuh figures --place TUR --group REF --vintages --format csv")
@click.option("--place", multiple=True, metavar="CODE", help="ISO3, P-code or X- code; repeatable.")
@click.option("--within", multiple=True, metavar="CODE", help="The place and all its parts.")
@click.option("--group", multiple=True, type=click.Choice(list(words.POPULATION_GROUPS)))
@click.option("--measure", multiple=True, type=click.Choice(list(words.MEASURES)))
@click.option("--unit", multiple=True, type=click.Choice(list(words.UNITS)))
@click.option("--source", multiple=True, metavar="SOURCE")
@click.option("--origin", multiple=True, metavar="CODE", help="Where people came from.")
@click.option("--asylum", multiple=True, metavar="ISO3", help="Country of asylum.")
@click.option("--from", "since", type=DAY, help="First day the numbers are true for.")
@click.option("--to", "until", type=DAY, help="Last day the numbers are true for.")
@click.option("--as-known-on", type=DAY, help="Show what was known on that day.")
@click.option("--vintages", is_flag=True, help="Every vintage, not the newest alone.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "json", "parquet", "xlsx"]),
    default="csv",
    show_default=True,
)
@click.option("-o", "out", type=click.Path(path_type=Path), metavar="FILE", help="Not stdout.")
@click.pass_obj
def figures(
    given: dict[str, str],
    /,
    since: datetime | None,
    until: datetime | None,
    as_known_on: datetime | None,
    vintages: bool,
    form: Any,
    out: Path | None,
    **chosen: Any,
) -> None:
    """The figures, filtered, with every column. Places by code, never by name."""
    if form in ("parquet", "xlsx") and out is None and sys.stdout.isatty():
        raise click.UsageError(f"{form} is not text; name a file with -o.")
    from data.store import Wanted
    from pipelines import output

    wanted = Wanted(**chosen, since=_day(since), until=_day(until), as_known_on=_day(as_known_on))
    release = _store(given).current()
    found = release.vintages(wanted) if vintages else release.figures(wanted)
    if release.warning:
        click.echo(release.warning, err=True)
    if found.empty:
        click.echo("No figure matches; places go by code, as SY07 or TUR.", err=True)
    body = output.as_bytes(found, form)
    if out is None:
        click.echo(body, nl=False)
    else:
        output.write(out, body)
        click.echo(f"{len(found):,} rows in {out}", err=True)


@main.command(epilog="Example: nuzuh verify")
@click.pass_obj
def verify(given: dict[str, str]) -> None:
    """Hash every file again, read every snapshot again, compare every published figure."""
    from pipelines.run import read_again

    at = _office(given)
    release = at.store.current()
    faults = 0
    for fault in at.store.verify(read_again(at)):
        faults += 1
        click.echo(f"{fault.path}: {fault.sentence}")
    if faults:
        click.echo(
            f"{faults:,} faults; `nuzuh rollback` goes back to an earlier release.", err=True
        )
        raise click.exceptions.Exit(1)
    click.echo(f"{release.count():,} figures of release {release.id} come out the same.")


@main.command(epilog="Example: nuzuh releases")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def releases(given: dict[str, str], as_json: bool) -> None:
    """The store's history, newest first; a star marks what readers see."""
    listed = _store(given).releases()
    if as_json:
        rows = [
            {
                "id": r.id,
                "published_at": r.published_at.isoformat(),
                "reason": r.reason,
                "figures": r.figures,
                "current": r.current,
            }
            for r in listed
        ]
        _print_json({"releases": rows})
        return
    _print_table(
        ("", "release", "published", "figures", "reason"),
        [
            ["*" if r.current else "", r.id, _moment(r.published_at), f"{r.figures:,}", r.reason]
            for r in listed
        ],
    )


@main.command(epilog="Example: nuzuh rollback")
@click.argument("release_id", required=False, metavar="[ID]")
@click.pass_obj
def rollback(given: dict[str, str], release_id: str | None) -> None:
    """Publish an earlier release again; the one before where none is named."""
    written = _store(given).rollback(release_id, now=_now())
    click.echo(f"Release {written} is what readers see now.")


@main.command(epilog="Example: nuzuh prune --keep 10")
@click.option("--keep", default=5, show_default=True, type=click.IntRange(1), help="Releases.")
@click.pass_obj
def prune(given: dict[str, str], keep: int) -> None:
    """Remove old releases; vintages and snapshots stay for ever."""
    removed = _store(given).prune(keep=keep, now=_now())
    click.echo(f"{removed:,} files removed.")


@main.command(epilog="Example: nuzuh serve")
@click.option("--once", is_flag=True, help="Run what is due and end.")
@click.pass_obj
def serve(given: dict[str, str], once: bool) -> None:
    """The scheduler: run each source when it is due, until stopped."""
    from pipelines import schedule

    at = _office(given)
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


def _settings(given: dict[str, str]) -> "Settings":
    from data import settings

    return settings.load(**given)


def _store(given: dict[str, str]) -> "Store":
    from data.store import Store

    loaded = _settings(given)
    return Store(loaded.store, loaded.cache)


def _office(given: dict[str, str]) -> "Office":
    from pipelines.registry import SOURCES
    from pipelines.run import office

    return office(_settings(given), SOURCES)


def _chosen(names: tuple[str, ...], at: "Office") -> list["Source"]:
    """The sources of those names; all that are not left out where none is named."""
    if not names:
        return [s for s in at.sources if s.name not in at.settings.disabled]
    from pipelines.registry import by_name

    found = {name: by_name(name) for name in names}
    for name, source in found.items():
        if source is None:
            known = ", ".join(s.name for s in at.sources)
            raise click.UsageError(f"There is no source {name!r}; choose one of: {known}.")
    return [source for source in found.values() if source is not None]


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

        _print_json({"good": good, "outcomes": [asdict(outcome) for outcome in outcomes]})
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
        "last_success": _moment(status.last_success),
        "last_attempt": _moment(status.last_attempt),
        "next_due": _moment(next_due) if next_due else "now",
        "outcome": status.outcome,
        "sentence": status.sentence,
        "figures": status.figures,
        "key": _key(source, at),
        "licence": source.licence,
        "homepage": source.homepage,
        "enabled": source.name not in at.settings.disabled,
    }


def _key(source: "Source", at: "Office") -> str:
    """Whether a key is needed and set; never the key."""
    if source.key == "none" or source.api is None:
        return "none"
    return f"{source.key}, {'set' if at.settings.key.get(source.api) else 'not set'}"


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _moment(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _now() -> datetime:
    from datetime import UTC

    return datetime.now(UTC)


def _print_json(found: dict[str, Any]) -> None:
    click.echo(json.dumps(found, ensure_ascii=False, indent=1))


def _print_table(heads: tuple[str, ...], rows: list[list[Any]]) -> None:
    cells = [list(heads), *[["" if v is None else str(v) for v in row] for row in rows]]
    widths = [max(len(row[n]) for row in cells) for n in range(len(heads))]
    for row in cells:
        click.echo("  ".join(v.ljust(w) for v, w in zip(row, widths, strict=True)).rstrip())
