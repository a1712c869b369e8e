"""Figures as files: CSV, JSON, Parquet and a workbook, with the column names of the table."""

import csv
import io
import json
import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd

from data.tables import FIGURES

Format = Literal["csv", "json", "parquet", "xlsx"]
STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
MOST_ROWS: Final = 1_048_575
"""What a worksheet holds below its heading."""


class CannotWrite(Exception):  # noqa: N818 - reads as a fact where it is raised
    """The file cannot be written as asked."""


def as_bytes(figures: pd.DataFrame, form: Format) -> bytes:
    """The figures in one format, UTF-8 where it is text.

    Args:
        figures: Columns of `tables.FIGURES`.
        form: csv has days as YYYY-MM-DD and nothing where there is a null; json is a list of
            objects with null as null; parquet and xlsx keep the types.

    Raises:
        CannotWrite: More rows than a worksheet holds.
    """
    return {"csv": _csv, "json": _json, "parquet": _parquet, "xlsx": _xlsx}[form](figures)


def write(path: Path, body: bytes) -> None:
    """Put the file in place whole or not at all.

    Raises:
        CannotWrite: The folder is missing or may not be written.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(body)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CannotWrite(f"{path} cannot be written ({error.strerror}); name another.") from None


def records(figures: pd.DataFrame) -> list[dict[str, Any]]:
    """One dictionary for each row: whole numbers as int, days as text, null as None."""
    columns = {c.name: [_plain(v, c.kind) for v in figures[c.name]] for c in FIGURES.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain(value: Any, kind: str) -> Any:
    if pd.isna(value):
        return None
    if kind == "integer":
        return int(value)
    if kind == "date":
        return f"{value:%Y-%m-%d}"
    if kind == "timestamp":
        return datetime.fromisoformat(str(value)).isoformat().replace("+00:00", "Z")
    return value


def _csv(figures: pd.DataFrame) -> bytes:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(FIGURES.names)
    for row in records(figures):
        table.writerow([_harmless(value) for value in row.values()])
    return out.getvalue().encode()


def _harmless(value: Any) -> Any:
    """A text that a spreadsheet would compute, made text; a lone dash computes nothing."""
    if isinstance(value, str) and len(value) > 1 and value.startswith(STARTS_A_FORMULA):
        return f"'{value}"
    return value


def _json(figures: pd.DataFrame) -> bytes:
    return json.dumps(records(figures), ensure_ascii=False, indent=1).encode() + b"\n"


def _parquet(figures: pd.DataFrame) -> bytes:
    import pyarrow as arrow
    from pyarrow import parquet

    out = io.BytesIO()
    rows = arrow.Table.from_pandas(figures, schema=FIGURES.arrow, preserve_index=False)
    parquet.write_table(rows, out, compression="zstd")
    return out.getvalue()


def _xlsx(figures: pd.DataFrame) -> bytes:
    import xlsxwriter  # type: ignore[import-untyped]

    if len(figures) > MOST_ROWS:
        raise CannotWrite(f"A worksheet holds {MOST_ROWS:,} rows; narrow the question or take CSV.")
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("figures")
        sheet.write_row(0, 0, FIGURES.names, bold)
        sheet.freeze_panes(1, 0)
        for column, declared in enumerate(FIGURES.columns):
            for row, value in enumerate(figures[declared.name], start=1):
                if pd.isna(value):
                    continue
                if declared.kind == "date":
                    sheet.write_datetime(row, column, value.to_pydatetime(), day)
                elif declared.kind == "integer":
                    sheet.write_number(row, column, int(value))
                else:
                    sheet.write_string(row, column, str(_plain(value, declared.kind)))
        sheet.autofilter(0, 0, max(len(figures), 1), len(FIGURES.names) - 1)
    return out.getvalue()
