"""Workbooks as plain grids of cells, opened so that none can hurt: bounded before it is unpacked.

A few kilobytes of `.xlsx` can unpack to gigabytes, or name one cell in the last row and column and
so ask for a grid of seventeen thousand million. Both are counted first.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import python_calamine

from data.store import Document
from pipelines import bounds
from pipelines.bounds import MOST_CELLS, MOST_PARTS, UNPACKED
from pipelines.errors import SourceChanged

_PICTURES: Final = ("xl/media/", "xl/drawings/", "xl/charts/", "docProps/")


@dataclass(frozen=True)
class Sheet:
    """One visible worksheet.

    Attributes:
        number: Its place in the workbook, from 1; figures are traced by it, since a sheet's name
            may be that of a camp.
        name: Its name.
        rows: Every row from the first on, cells as Python values: text without outer space, whole
            numbers as int, None for an empty cell or a formula's error. A text that is merged
            over several cells stands in each of them; a number in the first alone, since it
            counts once.
    """

    number: int
    name: str
    rows: tuple[tuple[Any, ...], ...]


def sheets(document: Document) -> list[Sheet]:
    """The visible worksheets of a workbook.

    Raises:
        SourceChanged: The document is no `.xlsx` workbook, is damaged or locked, or unpacks to more
            than is reasonable.
    """
    if document.body.lstrip()[:1] == b"<":
        raise SourceChanged(f"{document.name} is a web page, not a workbook; get the file again.")
    if not document.body.startswith(b"PK"):
        raise SourceChanged(f"{document.name} is not an .xlsx workbook; save it as one.")
    body = _bounded(document)
    try:
        return list(_opened(body))
    except SourceChanged:
        raise
    except BaseException as error:
        # The library is written in Rust: what it did not foresee is no `Exception`.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise SourceChanged(
                f"{document.name} is a damaged workbook ({_first_line(error)}); get the file again."
            ) from None
        raise


def cell_name(row: int, column: int) -> str:
    """How a spreadsheet calls a cell; both count from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def _opened(body: bytes) -> Iterator[Sheet]:
    with python_calamine.load_workbook(io.BytesIO(body)) as book:
        cells = merged = 0
        for number, told in enumerate(book.sheets_metadata, start=1):
            if (
                told.typ != python_calamine.SheetTypeEnum.WorkSheet
                or told.visible != python_calamine.SheetVisibleEnum.Visible
            ):
                continue
            sheet = book.get_sheet_by_name(told.name)
            cells += sheet.total_height * sheet.total_width
            if cells > MOST_CELLS:
                raise SourceChanged(f"The workbook has more than {MOST_CELLS:,} cells; refused.")
            grid = [list(map(_plain, row)) for row in sheet.to_python(skip_empty_area=False)]
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
                # Ranges that lie upon one another could be filled for ever.
                merged += (min(bottom, sheet.total_height) - top + 1) * (
                    min(right, sheet.total_width) - left + 1
                )
                if merged > MOST_CELLS:
                    raise SourceChanged("The workbook merges more cells than it has; refused.")
                _spread(grid, top, left, bottom, right)
            yield Sheet(number, told.name, tuple(map(tuple, grid)))


def _spread(grid: list[list[Any]], top: int, left: int, bottom: int, right: int) -> None:
    """A merged text in every cell that it covers."""
    if top >= len(grid) or left >= len(grid[top]):
        return
    value = grid[top][left]
    if not isinstance(value, str) or not any(sign.isalpha() for sign in value):
        return
    for row in range(top, min(bottom + 1, len(grid))):
        for column in range(left, min(right + 1, len(grid[row]))):
            grid[row][column] = value


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(value.split()) or None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _bounded(document: Document) -> bytes:
    """The workbook packed anew from parts whose size was counted, without its pictures."""
    out, unpacked = io.BytesIO(), dict[str, bytes]()
    try:
        with (
            zipfile.ZipFile(io.BytesIO(document.body)) as packed,
            zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as kept,
        ):
            parts = [p for p in packed.infolist() if not p.filename.startswith(_PICTURES)]
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED:
                raise SourceChanged(
                    f"{document.name} unpacks to more than {UNPACKED:,} bytes; refused."
                )
            names = [part.filename for part in parts]
            if len(set(names)) < len(names):
                raise SourceChanged(f"{document.name} holds one part twice; get the file again.")
            for part in parts:
                # Reads no more than the directory says, which was counted.
                content = packed.read(part)
                unpacked[part.filename] = content
                kept.writestr(part.filename, content)
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
        zlib.error,
    ) as error:
        if isinstance(error, SourceChanged):
            raise
        raise SourceChanged(
            f"{document.name} is not a whole workbook ({_first_line(error)}); get the file again."
        ) from None
    bounds.must_be_fair(unpacked, document.name)
    return out.getvalue()


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]
