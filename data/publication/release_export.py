"""A whole release as files for other tools: a GIS, a notebook, a database's loader.

CSV and Parquet for the tables, GeoParquet and GeoPackage for the places and figures on the map,
described as a Frictionless data package and as DCAT; beside them a folder for HDX.
"""

import json
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from data.analysis import precedence
from data.gazetteer import authorisations, crossings, events, places
from data.publication import atomic_write, catalogue, exports, licences
from data.publication.catalogue import Written
from data.publication.exports import FORMS, CannotWrite
from data.schema.contract import Table
from data.schema.tables import CROSSINGS, EVENTS, FIGURES, PLACES, SOURCES
from data.store import Release

PACKAGE: Final = "nuzuh.gpkg"
HDX: Final = "hdx"
"""The folder, inside the export, that is ready to be put on HDX."""
CSV: Final = "text/csv"
GPKG: Final = "application/geopackage+sqlite3"


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
        (folder / HDX).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(f"{folder} cannot be made ({error.strerror}); name another.") from None
    written: list[Written] = []

    def put(name: str, body: bytes, media: str, table: Table | None = None) -> Path:
        path = folder / name
        atomic_write.write(path, body)
        written.append(Written(name, media, len(body), sha256(body).hexdigest(), table))
        return path

    yield put("figures.parquet", whole, FORMS["parquet"].mime), len(figures)
    for form in ("csv", "geoparquet"):
        body = exports.as_bytes(figures, form, boundaries=boundaries, public=public)
        media = FORMS[form].mime.partition(";")[0]
        yield put(f"figures.{FORMS[form].extension}", body, media, FIGURES), len(figures)
    for table, rows in companions(release):
        rows = table.cast(rows)
        body = exports.of_table(rows, table, "csv")
        yield put(f"{table.name}.csv", body, CSV, table), len(rows)
        body = exports.of_table(rows, table, "parquet")
        yield put(f"{table.name}.parquet", body, FORMS["parquet"].mime), len(rows)
    _package(folder / PACKAGE, figures, boundaries)
    body = (folder / PACKAGE).read_bytes()
    written.append(Written(PACKAGE, GPKG, len(body), sha256(body).hexdigest()))
    yield folder / PACKAGE, len(figures)
    if figures.empty:
        return
    described = catalogue.described(release, figures)
    for name, made in (
        ("datapackage.json", catalogue.data_package(described, written)),
        ("catalogue.jsonld", catalogue.dcat(described, written)),
    ):
        atomic_write.write(folder / name, _json(made))
        yield folder / name, len(made.get("resources", written))
    yield from _for_hdx(release, folder / HDX, figures, public=public)


def _for_hdx(
    release: Release, folder: Path, figures: pd.DataFrame, *, public: bool
) -> Iterator[tuple[Path, int]]:
    """A folder ready to be put on HDX: what may be passed on, and what HDX asks of it."""
    open_ = figures[figures["licence"].map(licences.is_open).astype(bool)]
    if open_.empty:
        return
    described = catalogue.described(release, open_)
    sources = release.table("sources")
    used = sources[sources["source"].isin(open_["source"].unique())]
    for name, body, rows in (
        ("figures.csv", exports.as_bytes(open_, "csv", hxl=True, public=public), len(open_)),
        ("sources.csv", exports.of_table(SOURCES.cast(used), SOURCES, "csv"), len(used)),
        ("dataset.json", _json(catalogue.hdx(described, len(figures) - len(open_))), 1),
        ("methodology.md", catalogue.methodology(described).encode(), 1),
        ("caveats.md", catalogue.caveats(described).encode(), 1),
    ):
        atomic_write.write(folder / name, body)
        yield folder / name, rows


def _json(made: object) -> bytes:
    return json.dumps(made, ensure_ascii=False, indent=1).encode() + b"\n"


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
