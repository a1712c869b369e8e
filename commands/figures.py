"""Figures on the command line: filtered, with every column."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from commands import shared
from data.schema import codes as words


@click.command(epilog="Example: nuzuh figures --place TUR --group REF --vintages --format csv")
@click.option("--place", multiple=True, metavar="CODE", help="ISO3, P-code or X- code; repeatable.")
@click.option("--within", multiple=True, metavar="CODE", help="The place and all its parts.")
@click.option("--group", multiple=True, type=click.Choice(list(words.POPULATION_GROUPS)))
@click.option("--measure", multiple=True, type=click.Choice(list(words.MEASURES)))
@click.option("--unit", multiple=True, type=click.Choice(list(words.UNITS)))
@click.option("--source", multiple=True, metavar="SOURCE")
@click.option("--origin", multiple=True, metavar="CODE", help="Where people came from.")
@click.option("--asylum", multiple=True, metavar="ISO3", help="Country of asylum.")
@click.option("--from", "since", type=shared.DAY, help="First day the numbers are true for.")
@click.option("--to", "until", type=shared.DAY, help="Last day the numbers are true for.")
@click.option("--as-known-on", type=shared.DAY, help="Show what was known on that day.")
@click.option(
    "--every-route",
    is_flag=True,
    help="Also what another source of the same collection says; else each number stands once.",
)
@click.option("--vintages", is_flag=True, help="Every vintage, not the newest alone.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "json", "parquet", "xlsx", "geojson", "geoparquet"]),
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
    since: datetime | None,
    until: datetime | None,
    as_known_on: datetime | None,
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
    if form in ("parquet", "xlsx", "geoparquet") and out is None and sys.stdout.isatty():
        raise click.UsageError(f"{form} is not text; name a file with -o.")
    from data.analysis import precedence
    from data.publication import atomic_write, exports
    from data.store import Wanted

    wanted = Wanted(
        **chosen,
        since=shared.day(since),
        until=shared.day(until),
        as_known_on=shared.day(as_known_on),
    )
    release = shared.store(given).current()
    if every_route:
        found = release.vintages(wanted) if vintages else release.figures(wanted)
    else:
        asked = precedence.vintages if vintages else precedence.figures
        found = asked(release, wanted)
    if release.warning:
        click.echo(release.warning, err=True)
    if found.empty:
        click.echo("No figure matches; places go by code, as SY07 or TUR.", err=True)
    body = exports.as_bytes(
        found,
        form,
        boundaries=release.boundaries() if exports.FORMS[form].spatial else None,
        bom=bom,
        semicolons=semicolons,
        hxl=hxl,
        public=shared.settings(given).public,
    )
    if out is None:
        click.echo(body, nl=False)
    else:
        atomic_write.write(out, body)
        click.echo(f"{len(found):,} rows in {out}", err=True)
