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
    faults = 0
    for fault in context.store.verify(read_again(context)):
        faults += 1
        click.echo(f"{fault.path}: {fault.sentence}")
    if faults:
        click.echo(f"{faults:,} faults; `nuzuh repair` builds again what it can.", err=True)
        raise click.exceptions.Exit(1)
    release = context.store.current()
    click.echo(f"{release.count():,} figures of release {release.id} come out the same.")


@click.command(epilog="Example: nuzuh repair")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def repair(given: dict[str, str], as_json: bool) -> None:
    """Build damaged files again from vintages and snapshots, where that can be done.

    What hashes to what the release names is put in its place. What comes out in other bytes is
    published as a new release. Exit 1 where something is lost.
    """
    from dataclasses import asdict

    from pipelines.run.rebuild import reread

    context = shared.context(given)
    found = []
    for line in context.store.repair(reread(context), now=context.now()):
        found.append(line)
        if not as_json:
            click.echo(f"{line.path} {line.sentence}", err=not line.mended)
    good = all(line.mended for line in found)
    if as_json:
        shared.print_json({"good": good, "files": [asdict(line) for line in found]})
    elif not found:
        click.echo("Nothing is damaged.")
    if not good:
        raise click.exceptions.Exit(1)


@click.command(epilog="Example: nuzuh releases")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def releases(given: dict[str, str], as_json: bool) -> None:
    """The store's history, newest first; a star marks what readers see."""
    store = shared.store(given)
    listed = store.releases()
    for path in store.lost_releases():
        click.echo(f"{path} is damaged; run `nuzuh repair`.", err=True)
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
    from commands.decisions import run_and_record
    from pipelines.run.context import Outcome, ReviewDecision

    context = shared.context(given)

    def task(_: str) -> Outcome:
        reason = str(ReviewDecision(by, why))
        written = context.store.rollback(release_id, now=context.now(), reason=reason)
        line = f"Release {written} is what readers see now."
        return Outcome("", "published", line, release_id=written)

    wanted = {"release": release_id} if release_id else {}
    outcome = run_and_record(context, "rollback", task, by=by, why=why, given=wanted)
    click.echo(outcome.sentence)


@click.command(epilog="Example: nuzuh prune --keep 10")
@click.option(
    "--keep",
    type=click.IntRange(1),
    help="Keep the last so many releases and those of today, whatever the settings say.",
)
@click.pass_obj
def prune(given: dict[str, str], keep: int | None) -> None:
    """Remove old releases; what was known before and every snapshot stay for ever.

    The first run of a day does it by itself, by the settings keep_days, keep_weeks, keep_months.
    """
    store = shared.store(given)
    if keep is None:
        removed = store.prune(policy=store.policy, now=shared.now())
    else:
        removed = store.prune(keep=keep, now=shared.now())
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
    from data.publication.atomic_write import write
    from data.status import health
    from data.store import StoreProblem

    store, loaded = shared.store(given), shared.settings(given)
    found: health.Condition | None = None
    try:
        found = health.condition_of(store, shared.now(), loaded.disabled)
    except StoreProblem as problem:
        # nuzuh_up is 0 then; the command itself says why.
        click.echo(str(problem), err=True)
    body = health.metrics(found)
    if output is not None:
        write(output, body)
    else:
        click.echo(body.decode(), nl=False)
