"""`nuzuh`: every command. What is heavy is imported inside them, so that help answers at once."""

from typing import Any, Final

import click

from commands import (
    alerts,
    check,
    compare,
    decisions,
    doctor,
    editions,
    export,
    extract,
    figures,
    import_file,
    mcp,
    prove,
    review,
    serve,
    situation,
    sources,
    store,
    surges,
)

EXPECTED: Final = frozenset(
    {
        "BadConfiguration",
        "BadRequest",
        "CannotProve",
        "CannotWrite",
        "ContractBroken",
        "EventsUnreadable",
        "HarmFound",
        "NoSuchArea",
        "SeriesUnreadable",
        "SourceChanged",
        "SourceUnavailable",
        "StoreProblem",
        "UnknownPlace",
    }
)
"""Exceptions that are one sentence for the person at the keyboard, by name: naming them by import
would load what help does not need."""


TOO_LARGE: Final = (
    "It takes more memory than there is for it; bring it in parts, or on a larger machine."
)


class Plain(click.Group):
    """Commands whose expected failures are one sentence on stderr; a bug keeps its traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; exit 1 with the sentence where it failed as expected."""
        try:
            return super().invoke(ctx)
        except MemoryError:
            raise click.ClickException(TOO_LARGE) from None
        except Exception as error:
            if EXPECTED & {kind.__name__ for kind in type(error).__mro__}:
                raise click.ClickException(" ".join(str(error).split())) from None
            raise


@click.group(
    cls=Plain,
    epilog="Example: nuzuh run && nuzuh figures --within SY07 --group IDP",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--store", "store_address", metavar="ADDRESS", help="Folder or s3://, gs://, az:// address."
)
@click.option("--area", metavar="NAME", help="A name in data/reference/areas, or a file's path.")
@click.version_option(package_name="nuzuh", prog_name="nuzuh")
@click.pass_context
def main(ctx: click.Context, store_address: str | None, area: str | None) -> None:
    """Displacement figures of an area, each with its provenance.

    Settings are in nuzuh.toml (see nuzuh.sample.toml) or environment variables.
    """
    ctx.obj = {name: value for name, value in (("store", store_address), ("area", area)) if value}


COMMANDS: Final = (
    sources.sources,
    sources.run,
    import_file.import_,
    sources.replay,
    review.accept,
    review.reject,
    decisions.decisions,
    serve.serve,
    extract.extract,
    check.check,
    figures.figures,
    prove.prove,
    compare.compare,
    export.export,
    surges.surges,
    situation.situation,
    alerts.alerts,
    store.verify,
    store.repair,
    store.releases,
    store.rollback,
    store.prune,
    doctor.doctor,
    mcp.mcp,
    store.metrics,
    editions.edition,
    editions.brief,
    editions.bundle,
)

for command in COMMANDS:
    main.add_command(command)
