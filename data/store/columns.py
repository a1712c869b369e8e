"""Rows of a release as Parquet: how they are written, and how a file of any version is read."""

import io
from typing import TYPE_CHECKING, Final

import pyarrow as arrow
import pyarrow.parquet as parquet

from data.schema.arrow_rows import in_order
from data.schema.contract import Table
from data.schema.tables import FIGURES, TABLES
from data.store.manifest import File
from data.store.objects import Objects

if TYPE_CHECKING:
    import pandas as pd

ROW_GROUP: Final = 50_000
BY_NAME: Final = {table.name: table for table in TABLES}


def written(rows: arrow.Table, order: list[str]) -> bytes:
    """The rows, sorted where an order is given: the same bytes for the same rows."""
    out = io.BytesIO()
    parquet.write_table(
        in_order(rows, order) if order else rows,
        out,
        compression="zstd",
        row_group_size=ROW_GROUP,
    )
    return out.getvalue()


def of_table(table: Table, rows: arrow.Table) -> bytes:
    """The rows of a table; its types stand in the file for whoever reads it with pandas."""
    return written(rows.cast(table.stored), list(table.order or table.key))


def of_boundaries(frame: "pd.DataFrame") -> bytes:
    """Boundaries: a frame that writes its own geometry."""
    out = io.BytesIO()
    frame.to_parquet(out, index=False, compression="zstd")
    return out.getvalue()


def figures(objects: Objects, file: File | None, columns: list[str] | None = None) -> arrow.Table:
    """Figures of a file in the columns of `tables.FIGURES`; no rows where there is no file.

    Raises:
        StoreBroken: It is missing, or not the file that was published.
    """
    wanted = FIGURES.names if columns is None else columns
    if file is None:
        return FIGURES.none.select(wanted)
    # Another version may have written it: with a column more, or before one was added.
    found = _columns(objects, file, wanted)
    size = len(found)
    return arrow.table(
        [
            found[name].cast(FIGURES.arrow.field(name).type)
            if name in found.column_names
            else arrow.nulls(size, FIGURES.arrow.field(name).type)
            for name in wanted
        ],
        names=wanted,
    )


def companion(objects: Objects, file: File, table: Table, wanted: list[str]) -> arrow.Table | None:
    """Columns of a companion table's file; None where a version wrote it that knew fewer.

    Raises:
        StoreBroken: It is missing, or not the file that was published.
    """
    found = _columns(objects, file, wanted)
    if found.column_names != wanted:
        return None
    return found.cast(arrow.schema([table.arrow.field(name) for name in wanted]))


def _columns(objects: Objects, file: File, wanted: list[str]) -> arrow.Table:
    """The wanted columns that are there, in that order."""
    with parquet.ParquetFile(objects.local(file.path, file.sha256)) as opened:
        there = set(opened.schema_arrow.names)
        names = [name for name in wanted if name in there]
        return opened.read(columns=names, use_threads=False).select(names)
