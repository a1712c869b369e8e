"""A person's decision on what is held."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from commands import outcomes, preview, shared

if TYPE_CHECKING:
    from pipelines.run.context import ReviewDecision

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


def _decision(by: str | None, why: str | None, held: str | None) -> "ReviewDecision":
    from pipelines.run.context import ReviewDecision

    def one_line(text: str | None) -> str | None:
        return " ".join(text.split())[:LONGEST_REASON] if text else None

    return ReviewDecision(one_line(by), one_line(why), held)


@click.command(epilog="Example: nuzuh accept unhcr_population --by amal --why 'IOM confirmed it'")
@click.argument("source")
@click.option("--show", is_flag=True, help="Only list what is held, with its evidence.")
@click.option("--rows", type=click.IntRange(0), help="Figures that --show lists at most.")
@decision_options
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
            preview.show(found, as_json, rows, held=status.held_fetch)
        return
    decision = _decision(by, why, held)
    outcomes.conclude([(chosen, lambda s: review.accept(s, context, decision))], as_json)


@click.command(epilog="Example: nuzuh reject unhcr_population --by amal --why 'a digit too many'")
@click.argument("source")
@decision_options
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
    decision = _decision(by, why, held)
    outcomes.conclude([(chosen, lambda s: review.reject(s, context, decision))], as_json)
