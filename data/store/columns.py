"""Rows of a release as Parquet: how they are written, and how a file of any version is read."""

import io
from typing import Final

import pandas as pd
import pyarrow as arrow
import pyarrow.parquet as parquet

from data.schema.contract import Table
from data.schema.tables import FIGURES, TABLES
from data.store.manifest import File
from data.store.objects import Objects

ROW_GROUP: Final = 50_000
BY_NAME: Final = {table.name: table for table in TABLES}


def written(rows: arrow.Table, order: list[str]) -> bytes:
    """The rows, sorted where an order is given: the same bytes for the same rows."""
    out = io.BytesIO()
    parquet.write_table(
        rows.sort_by([(name, "ascending") for name in order]) if order else rows,
        out,
        compression="zstd",
        row_group_size=ROW_GROUP,
    )
    return out.getvalue()


def of_table(table: Table, frame: pd.DataFrame) -> bytes:
    """A frame in the columns of a table."""
    # One thread: handing forty short columns to several takes longer than they do.
    rows = arrow.Table.from_pandas(
        frame[table.names], schema=table.arrow, preserve_index=False, nthreads=1
    )
    return written(rows, list(table.order or table.key))


def of_companion(name: str, frame: pd.DataFrame) -> bytes:
    """A companion table, or boundaries."""
    if name not in BY_NAME:  # boundaries: a frame that writes its own geometry
        out = io.BytesIO()
        frame.to_parquet(out, index=False, compression="zstd")
        return out.getvalue()
    return of_table(BY_NAME[name], frame)


def figures(objects: Objects, file: File | None, columns: list[str] | None = None) -> pd.DataFrame:
    """Figures of a file in the columns of `tables.FIGURES`; no rows where there is no file.

    Raises:
        StoreBroken: It is missing, or not the file that was published.
    """
    wanted = FIGURES.names if columns is None else columns
    if file is None:
        return FIGURES.empty()[wanted]
    path = objects.local(file.path, file.sha256)
    # Another version may have written it: with a column more, or before one was added.
    there = [name for name in parquet.read_schema(path).names if name in wanted]
    found = parquet.read_table(path, columns=there).to_pandas(date_as_object=False)
    return FIGURES.cast(found)[wanted]
