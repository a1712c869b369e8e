"""A whole release as files for other tools: a GIS, a notebook, a database's loader.

CSV and Parquet for the tables, GeoParquet and GeoPackage for the places and figures on the map.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from data.analysis import precedence
from data.gazetteer import authorisations, crossings, events, places
from data.publication import atomic_write, exports
from data.publication.exports import CannotWrite
from data.schema.contract import Table
from data.schema.tables import CROSSINGS, EVENTS, PLACES, SOURCES
from data.store import Release

PACKAGE: Final = "nuzuh.gpkg"


def to_folder(release: Release, folder: Path, *, public: bool = True) -> Iterator[tuple[Path, int]]:
    """Write every figure and its companion tables; each file is in place whole or not at all.

    Args:
        release: What is written.
        folder: Made where it is missing; files of the same names in it are replaced.
        public: Whether the harm check refuses what a public page must not show.

    Yields:
        Each file as it is done, and its rows.

    Raises:
        HarmFound: A figure must not leave; no file was written then.
        CannotWrite: The folder cannot be made or written.
    """
    figures = precedence.figures(release)
    boundaries = release.boundaries()
    # The check comes first of all: half an export would be taken for a whole one.
    whole = exports.as_bytes(figures, "parquet", public=public)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(f"{folder} cannot be made ({error.strerror}); name another.") from None
    atomic_write.write(folder / "figures.parquet", whole)
    yield folder / "figures.parquet", len(figures)
    for form in ("csv", "geoparquet"):
        path = folder / f"figures.{exports.FORMS[form].extension}"
        body = exports.as_bytes(figures, form, boundaries=boundaries, public=public)
        atomic_write.write(path, body)
        yield path, len(figures)
    for table, rows in companions(release):
        for form, body in (("csv", _csv(rows, table)), ("parquet", _parquet(rows, table))):
            path = folder / f"{table.name}.{form}"
            atomic_write.write(path, body)
            yield path, len(rows)
    _package(folder / PACKAGE, figures, boundaries)
    yield folder / PACKAGE, len(figures)


def companions(release: Release) -> Iterator[tuple[Table, pd.DataFrame]]:
    """Places, sources, crossings, events and authorisations: the release's, else the carried."""
    for table, carried in (
        (PLACES, places.table()),
        (SOURCES, SOURCES.empty()),
        (CROSSINGS, crossings.table()),
        (EVENTS, events.table()),
    ):
        found = release.table(table.name)
        yield table, found if len(found) else carried
    yield authorisations.AUTHORISATIONS, authorisations.table()


def _csv(rows: pd.DataFrame, table: Table) -> bytes:
    made = table.cast(rows).map(exports.harmless)
    return made.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n").encode()


def _parquet(rows: pd.DataFrame, table: Table) -> bytes:
    return exports.parquet(table.cast(rows), table)


def _package(path: Path, figures: pd.DataFrame, boundaries: gpd.GeoDataFrame | None) -> None:
    """Two layers: places with their polygon or seat, figures as points at the seats."""
    placed = exports.located(places.table(), boundaries)
    layers = {"places": placed, "figures": exports.located(figures, None)}
    try:
        with tempfile.TemporaryDirectory(dir=path.parent) as beside:
            made = Path(beside) / PACKAGE
            for name, rows in layers.items():
                rows.to_file(made, layer=name, driver="GPKG", geometry_type="Unknown")
            made.replace(path)
    except OSError as error:
        raise CannotWrite(f"{path} cannot be written ({error.strerror}); name another.") from None
