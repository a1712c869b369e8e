"""A release for other tools."""

from pathlib import Path

import click

from commands import shared


@click.command(epilog="Example: nuzuh export --to exported")
@click.option(
    "--to",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Where the files go; made where it is missing.",
)
@click.pass_obj
def export(given: dict[str, str], folder: Path) -> None:
    """Write the newest release as Parquet, GeoParquet, GeoPackage and CSV.

    Every figure with every column, and the places, sources, crossings and events beside it.
    """
    from data.publication import release_export

    release = shared.store(given).current()
    if release.warning:
        click.echo(release.warning, err=True)
    public = shared.settings(given).public
    for path, rows in release_export.to_folder(release, folder, public=public):
        click.echo(f"{path}: {rows:,} rows")
