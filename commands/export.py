"""A release for other tools."""

import re
from pathlib import Path
from typing import Final

import click

from commands import shared

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


@click.command(epilog="Example: nuzuh export --to exported")
@click.option(
    "--to",
    "place",
    required=True,
    metavar="FOLDER|postgresql://…",
    help="A folder, made where it is missing, or a database with PostGIS.",
)
@click.pass_obj
def export(given: dict[str, str], place: str) -> None:
    """Write the newest release as Parquet, GeoParquet, GeoPackage and CSV, or into PostGIS.

    Every figure with every column, and the places, sources, crossings and events beside it, as a
    Frictionless data package with a DCAT catalogue; hdx/ is ready for HDX. A
    database's password is better in PGPASSWORD or ~/.pgpass than on the command line.
    """
    from data.publication import postgis, release_export

    scheme = _SCHEME.match(place)
    if scheme and scheme.group(1).lower() not in postgis.SCHEMES:
        raise click.UsageError(
            f"Nothing is known of {scheme.group(1)}://; name a folder or postgresql://…."
        )
    release = shared.store(given).current()
    if release.warning:
        click.echo(release.warning, err=True)
    public = shared.settings(given).public
    if scheme:
        for table, rows in postgis.to_database(release, place, public=public):
            click.echo(f"{table}: {rows:,} rows")
        return
    for path, rows in release_export.to_folder(release, Path(place), public=public):
        click.echo(f"{path}: {rows:,} rows")
