"""Who decided what, when, why, and what became of it; and carrying out what waits."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from commands import shared

if TYPE_CHECKING:
    from data.handover import Kind
    from pipelines.run.context import Outcome, RunContext

SHOWN: Final = 40
"""Decisions that a terminal shows."""
COLUMNS: Final = (
    *("asked_at", "kind", "source", "by", "why", "outcome", "release", "sentence", "held"),
    *("file_name", "file_sha256", "withheld", "given", "state", "done_at", "before", "id"),
)


@click.command(epilog="Example: nuzuh decisions -o decisions.csv")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with every decision.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write every decision as CSV.",
)
@click.option(
    "--carry-out", is_flag=True, help="Carry out what waits in the inbox, as the scheduler does."
)
@click.pass_obj
def decisions(given: dict[str, str], as_json: bool, output: Path | None, carry_out: bool) -> None:
    """Who accepted, rejected, imported, rolled back or changed what, when and why."""
    if carry_out:
        _carry_out(given)
        return
    found = [one.as_json() for one in shared.store(given).decisions()]
    if output is not None:
        from data.publication import atomic_write

        atomic_write.write(output, _csv(found))
        click.echo(f"{output}: {len(found):,} decisions.", err=True)
    elif as_json:
        shared.print_json({"decisions": found})
    elif not found:
        click.echo("No decisions yet.")
    else:
        heads = ("asked_at", "kind", "source", "by", "outcome", "why")
        rows = [[str(one[name] or "")[:60] for name in heads] for one in found[:SHOWN]]
        shared.print_table(heads, rows)
        if len(found) > SHOWN:
            click.echo(f"… and {len(found) - SHOWN:,} more; -o or --json lists all.")


def _csv(found: list[dict[str, Any]]) -> bytes:
    from data.publication.exports import harmless

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in found:
        columns = {"withheld": " ".join(one["withheld"]), "given": _pairs(one["given"])}
        writer.writerow([harmless((one | columns)[name]) for name in COLUMNS])
    return out.getvalue().encode("utf-8-sig")


def _pairs(given: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in sorted(given.items()))


def _carry_out(given: dict[str, str]) -> None:
    from data.handover import inbox_of
    from data.store import StoreBusy
    from pipelines.run import carry_out

    context = shared.context(given)
    inbox = inbox_of(context.settings)
    if inbox is None:
        raise click.UsageError(
            "There is no inbox: the store lies at an address; set NUZUH_INBOX to a folder."
        )
    try:
        done = carry_out.everything(
            inbox, context, say=lambda sentence: shared.say("inbox", sentence, err=True)
        )
    except StoreBusy:
        return  # another process is at it, and will carry out everything
    for one in done:
        shared.say(
            "decision",
            f"{one.kind} {one.source or ''}: {one.sentence}",
            kind=one.kind,
            source=one.source,
            outcome=one.outcome,
        )


def run_and_record(
    context: "RunContext",
    kind: "Kind",
    task: Callable[[str], "Outcome"],
    *,
    by: str | None,
    **more: Any,
) -> "Outcome":
    """Do what a person asks of the command line, and keep the record of it.

    Args:
        context: What runs work with.
        kind: What is asked.
        task: Does it, given the decision's id.
        by: Who asks; the account where nobody is named.
        more: Other attributes of `data.handover.Request`.
    """
    import secrets

    from data.handover import Request
    from pipelines.run import carry_out

    who = by or shared.account() or "the command line"
    request = Request.of(kind, who, secrets.token_hex(8), context.now(), **more)
    return carry_out.record(request, context, task)
