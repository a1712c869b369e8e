"""Figures on the command line: filtered, with every column."""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands import shared
from data.schema import codes as words

if TYPE_CHECKING:
    import pyarrow


@click.command(epilog="Example: nuzuh figures --place TUR --group REF --vintages --format csv")
@click.option("--place", multiple=True, metavar="CODE", help="ISO3, P-code or X- code; repeatable.")
@click.option("--within", multiple=True, metavar="CODE", help="The place and all its parts.")
@click.option("--group", multiple=True, type=click.Choice(list(words.POPULATION_GROUPS)))
@click.option("--measure", multiple=True, type=click.Choice(list(words.MEASURES)))
@click.option("--unit", multiple=True, type=click.Choice(list(words.UNITS)))
@click.option("--source", multiple=True, metavar="SOURCE")
@click.option("--origin", multiple=True, metavar="CODE", help="Where people came from.")
@click.option("--asylum", multiple=True, metavar="ISO3", help="Country of asylum.")
@click.option("--value", metavar="NUMBER", help="Of this number: 948,000, ٩٤٨٬٠٠٠, 1.2 million.")
@click.option("--from", "since", type=shared.DAY, help="First day the numbers are true for.")
@click.option("--to", "until", type=shared.DAY, help="Last day the numbers are true for.")
@click.option("--as-known-on", type=shared.DAY, help="Show what was known on that day.")
@shared.undated
@click.option(
    "--every-route",
    is_flag=True,
    help="Also what another source of the same collection says; else each number stands once.",
)
@click.option("--vintages", is_flag=True, help="Every vintage, not the newest alone.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "json", "parquet", "arrow", "xlsx", "geojson", "geoparquet"]),
    default="csv",
    show_default=True,
)
@click.option("--bom", is_flag=True, help="A byte order mark, so that Excel reads a CSV right.")
@click.option(
    "--semicolons", is_flag=True, help="Semicolons in a CSV, for Excel in Turkish or Arabic."
)
@click.option("--hxl", is_flag=True, help="A row of HXL tags below the heading (csv, xlsx).")
@click.option("-o", "out", type=click.Path(path_type=Path), metavar="FILE", help="Not stdout.")
@click.pass_obj
def figures(
    given: dict[str, str],
    /,
    value: str | None,
    since: datetime | None,
    until: datetime | None,
    as_known_on: datetime | None,
    undated: bool,
    vintages: bool,
    every_route: bool,
    form: Any,
    bom: bool,
    semicolons: bool,
    hxl: bool,
    out: Path | None,
    **chosen: Any,
) -> None:
    """The figures, filtered, with every column. Places by code, never by name."""
    if form in ("parquet", "arrow", "xlsx", "geoparquet") and out is None and sys.stdout.isatty():
        raise click.UsageError(f"{form} is not text; name a file with -o.")
    from data.analysis import precedence
    from data.publication import atomic_write, exports
    from data.schema.tables import FIGURES
    from data.store import FigureFilter

    wanted = FigureFilter(
        **chosen,
        since=shared.day(since),
        until=shared.day(until),
        value=() if value is None else (_number(value),),
        as_known_on=shared.day(as_known_on),
        undated=undated,
    )
    release = shared.store(given).current()
    if release.warning:
        click.echo(release.warning, err=True)
    hidden = 0 if undated else release.undated(wanted)
    if hidden:
        click.echo(
            f"{hidden:,} more without a known day of publication; --undated shows them.", err=True
        )
    rows = 0

    def counted() -> "Iterator[pyarrow.Table]":
        nonlocal rows
        for piece in precedence.pieces(release, wanted, vintages=vintages, every_route=every_route):
            rows += len(piece)
            yield piece

    public = shared.settings(given).public
    boundaries = release.boundaries() if exports.FORMS[form].spatial else None
    if form in exports.PIECEMEAL and not hxl:
        pieces = exports.as_pieces(
            counted(), form, boundaries=boundaries, bom=bom, semicolons=semicolons, public=public
        )
    else:
        from pyarrow import concat_tables

        body = exports.as_bytes(
            FIGURES.frame(concat_tables([FIGURES.none, *counted()])),
            form,
            boundaries=boundaries,
            bom=bom,
            semicolons=semicolons,
            hxl=hxl,
            public=public,
        )
        pieces = iter([body])
    if out is None:
        for piece in pieces:
            click.echo(piece, nl=False)
    else:
        atomic_write.write(out, b"".join(pieces))
        click.echo(f"{rows:,} rows in {out}", err=True)
    if not rows:
        click.echo("No figure matches; places go by code, as SY07 or TUR.", err=True)


def _number(asked: str) -> int:
    from data.analysis.number_search import number_in

    value = number_in(asked)
    if value is None:
        raise click.UsageError(f"{asked!r} is no number to search for; write it as 948,000.")
    return value
