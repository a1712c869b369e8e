"""The store on the command line: verify, history, going back, pruning."""

from pathlib import Path

import click

from commands import shared


@click.command(epilog="Example: nuzuh verify")
@click.pass_obj
def verify(given: dict[str, str]) -> None:
    """Hash every file again, read every snapshot again, compare every published figure."""
    from pipelines.run.replay import read_again

    context = shared.context(given)
    release = context.store.current()
    faults = 0
    for fault in context.store.verify(read_again(context)):
        faults += 1
        click.echo(f"{fault.path}: {fault.sentence}")
    if faults:
        click.echo(
            f"{faults:,} faults; `nuzuh rollback` goes back to an earlier release.", err=True
        )
        raise click.exceptions.Exit(1)
    click.echo(f"{release.count():,} figures of release {release.id} come out the same.")


@click.command(epilog="Example: nuzuh releases")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def releases(given: dict[str, str], as_json: bool) -> None:
    """The store's history, newest first; a star marks what readers see."""
    listed = shared.store(given).releases()
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
        shared.print_json({"releases": rows})
        return
    shared.print_table(
        ("", "release", "published", "figures", "reason"),
        [
            [
                "*" if r.current else "",
                r.id,
                shared.moment(r.published_at),
                f"{r.figures:,}",
                r.reason,
            ]
            for r in listed
        ],
    )


@click.command(epilog="Example: nuzuh rollback --by amal --why 'two columns were exchanged'")
@click.argument("release_id", required=False, metavar="[ID]")
@click.option("--by", metavar="NAME", help="Who decides; stored with it.")
@click.option("--why", metavar="TEXT", help="Your reason; stored with it.")
@click.pass_obj
def rollback(
    given: dict[str, str], release_id: str | None, by: str | None, why: str | None
) -> None:
    """Publish an earlier release again; the one before where none is named."""
    from commands.decisions import recorded
    from pipelines.run.context import Outcome, ReviewDecision

    context = shared.context(given)

    def task(_: str) -> Outcome:
        reason = str(ReviewDecision(by, why))
        written = context.store.rollback(release_id, now=context.now(), reason=reason)
        said = f"Release {written} is what readers see now."
        return Outcome("", "published", said, release_id=written)

    wanted = {"release": release_id} if release_id else {}
    outcome = recorded(context, "rollback", task, by=by, why=why, given=wanted)
    click.echo(outcome.sentence)


@click.command(epilog="Example: nuzuh prune --keep 10")
@click.option("--keep", default=5, show_default=True, type=click.IntRange(1), help="Releases.")
@click.pass_obj
def prune(given: dict[str, str], keep: int) -> None:
    """Remove old releases; vintages and snapshots stay for ever."""
    removed = shared.store(given).prune(keep=keep, now=shared.now())
    click.echo(f"{removed:,} files removed.")


@click.command(epilog="Example: nuzuh metrics -o /var/lib/node_exporter/nuzuh.prom")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to put in its place whole, for a monitor that collects files.",
)
@click.pass_obj
def metrics(given: dict[str, str], output: Path | None) -> None:
    """How release and sources fare, in Prometheus' text form; the app says it at /nuzuh/metrics."""
    from contextlib import suppress

    from data.publication.atomic_write import write
    from data.status import health
    from data.store import StoreProblem

    store, loaded = shared.store(given), shared.settings(given)
    found: health.Condition | None = None
    with suppress(StoreProblem):
        found = health.look(store, shared.now(), loaded.disabled)
    body = health.metrics(found)
    if output is not None:
        write(output, body)
    else:
        click.echo(body.decode(), nl=False)
