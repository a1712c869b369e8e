"""A person's decision on what is held."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from commands import outcomes, preview, shared
from commands.decisions import run_and_record

if TYPE_CHECKING:
    from data.handover import Kind
    from pipelines.run.context import Outcome, RunContext
    from pipelines.source import Source

LONGEST_REASON: Final = 300
"""Characters of a name or a reason that are stored."""
F = TypeVar("F", bound=Callable[..., Any])


def decision_options(command: F) -> F:
    """The options with which a person says who they are, why, and what they looked at."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="One JSON object."),
        click.option("--held", metavar="FETCH", help="Only if this fetch is what is held."),
        click.option("--why", metavar="TEXT", help="Your reason; stored with it."),
        click.option("--by", metavar="NAME", help="Who decides; stored with it."),
    ):
        command = option(command)
    return command


def _concluded(
    context: "RunContext",
    source: "Source",
    kind: "Kind",
    given: dict[str, Any],
    withheld: tuple[str, ...] = (),
) -> None:
    """Carry the decision out, with its place in the record."""
    from data.handover import BadRequest
    from pipelines.run import review
    from pipelines.run.context import ReviewDecision

    by, why = (" ".join((given[name] or "").split())[:LONGEST_REASON] for name in ("by", "why"))

    def task(chosen: "Source") -> "Outcome":
        def decided(identity: str) -> "Outcome":
            decision = ReviewDecision(
                by or None, why or None, given["held"], frozenset(withheld), identity
            )
            carry_out = review.accept if kind == "accept" else review.reject
            return carry_out(chosen, context, decision)

        body = {"source": chosen.name, "why": why, "held": given["held"], "withheld": withheld}
        return run_and_record(context, kind, decided, by=by, **body)

    try:
        outcomes.conclude([(source, task)], given["as_json"])
    except BadRequest as problem:
        raise click.UsageError(str(problem)) from None


@click.command(epilog="Example: nuzuh accept unhcr_population --by amal --why 'IOM confirmed it'")
@click.argument("source")
@click.option("--show", is_flag=True, help="Only list what is held, with its evidence.")
@click.option("--rows", type=click.IntRange(0), help="Figures that --show lists at most.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="With --show: write every figure as CSV, what is doubted first.",
)
@click.option(
    "--withhold",
    multiple=True,
    metavar="FIGURE",
    help="Id of a figure that is not to be published; give it once for each.",
)
@decision_options
@click.pass_obj
def accept(
    given: dict[str, str],
    /,
    source: str,
    show: bool,
    rows: int | None,
    output: Path | None,
    withhold: tuple[str, ...],
    as_json: bool,
    **said: Any,
) -> None:
    """Publish the answer that is held: you looked at it and it is right.

    With --withhold some figures of it are kept back: what is published of them stays, and they are
    withheld again as long as the source says the same of them.
    """
    from pipelines.run import review

    context = shared.context(given)
    (chosen,) = shared.chosen_sources((source,), context)
    if show:
        status = context.store.status(chosen.name)
        found = review.preview_held(chosen, context)
        if status is None or found is None:
            shared.print_json({"held": None}) if as_json else click.echo(
                f"Nothing of {chosen.name} is held."
            )
        else:
            if output is not None:
                preview.write(found, output)
            preview.show(found, as_json, rows, held=status.held_fetch)
        return
    _concluded(context, chosen, "accept", said | {"as_json": as_json}, withhold)


@click.command(epilog="Example: nuzuh reject unhcr_population --by amal --why 'a digit too many'")
@click.argument("source")
@decision_options
@click.pass_obj
def reject(
    given: dict[str, str],
    /,
    source: str,
    **said: Any,
) -> None:
    """Put the held answer away: you looked at it and it is wrong.

    The same answer again rejects itself. `accept --held FETCH` accepts a rejected one after all.
    """
    context = shared.context(given)
    (chosen,) = shared.chosen_sources((source,), context)
    _concluded(context, chosen, "reject", said)
