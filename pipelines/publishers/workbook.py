"""Workbooks as plain grids of cells, opened so that none can hurt: bounded before it is unpacked.

A few kilobytes of `.xlsx` can unpack to gigabytes, or name one cell in the last row and column and
so ask for a grid of seventeen thousand million. Both are counted first.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from itertools import chain, pairwise
from typing import Any, Final

import python_calamine

from data.store import Document
from pipelines import bounds
from pipelines.bounds import MOST_CELLS, MOST_PARTS, UNPACKED
from pipelines.errors import SourceChanged

_NAMED: Final = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})[0-9]{1,7}["']""")
_KIND: Final = re.compile(rb"""\bt\s*=\s*["']([a-zA-Z]+)["']""")
_STYLES: Final = "xl/styles.xml"
_BOOK: Final = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", _STYLES)
OLD: Final = b"\xd0\xcf\x11\xe0"
"""How a workbook of the old kind begins, and one that is locked with a password."""
MOST_COLUMNS: Final = 16_384
"""Columns that a sheet can have."""
_RELATION: Final = re.compile(rb"<(?:\w+:)?Relationship\s([^>]*)>")
_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\s([^>]*)>")
_COLUMN: Final = re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
_ATTRIBUTE: Final = re.compile(rb"""([\w:]+)\s*=\s*["']([^"']*)["']""")
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s/>]")
_VALUE: Final = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)<")
_ROW_OR_CELL: Final = re.compile(rb"<(?:\w+:)?(row|c)\b([^>]*)>")
_CELL_FORMATS: Final = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_CELL_FORMAT: Final = re.compile(rb"<(?:\w+:)?xf\s([^>]*)>")
_NUMBER_FORMAT: Final = re.compile(rb"<(?:\w+:)?numFmt\s([^>]*)>")
_STYLE: Final = re.compile(rb"""\bs\s*=\s*["']([0-9]+)["']""")
PERCENT_FORMATS: Final = frozenset({"9", "10"})
"""Formats of a share that every workbook has."""
_PICTURES: Final = ("xl/media/", "xl/drawings/", "xl/charts/", "docProps/")


@dataclass(frozen=True)
class Sheet:
    """One visible worksheet.

    Attributes:
        number: Its place in the workbook, from 1; figures are traced by it, since a sheet's name
            may be that of a camp.
        name: Its name.
        rows: Every row from the first on, all of one length, cells as the workbook has them: text,
            numbers as float, dates; empty text for an empty cell, an error and a formula without
            result. A text that is merged over several cells stands in each of them; a number in
            the first alone, since it counts once. `cells` reads what they say.
        faults: (row, column) to what is wrong with a cell: the error it shows, that its formula
            was never computed, that it shows a share of a hundred, or that one number stands for
            several rows. Such a cell says nothing, and not that there is nothing.
        hidden_rows: Rows that the workbook does not show.
        hidden_columns: Columns that it does not show.
    """

    number: int
    name: str
    rows: list[list[Any]]
    faults: Mapping[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()

    def column(self, index: int, start: int = 0) -> list[Any]:
        """The cells of one column, from a row on."""
        return [row[index] for row in self.rows[start:]]


@dataclass
class _Marks:
    """What a worksheet's XML says that its values do not."""

    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def sheets(document: Document) -> list[Sheet]:
    """The visible worksheets of a workbook.

    Raises:
        SourceChanged: None is visible, or the document is no `.xlsx` workbook, is damaged or
            locked, or unpacks to more than is reasonable.
    """
    if document.body.lstrip()[:1] == b"<":
        raise SourceChanged(f"{document.name} is a web page, not a workbook; get the file again.")
    if not document.body.startswith(b"PK"):
        raise SourceChanged(f"{document.name} is not an .xlsx workbook; save it as one.")
    body, parts = _bounded(document)
    try:
        return list(_opened(body, parts))
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


def _opened(body: bytes, parts: Mapping[str, bytes]) -> Iterator[Sheet]:
    files, shares = _files(parts), _percent_styles(parts.get(_STYLES, b""))
    with python_calamine.load_workbook(io.BytesIO(body)) as book:
        shown = filled = merged = 0
        for number, metadata in enumerate(book.sheets_metadata, start=1):
            if (
                metadata.typ != python_calamine.SheetTypeEnum.WorkSheet
                or metadata.visible != python_calamine.SheetVisibleEnum.Visible
            ):
                continue
            shown += 1
            sheet = book.get_sheet_by_name(metadata.name)
            filled += sheet.total_height * sheet.total_width
            if filled > MOST_CELLS:
                raise SourceChanged(f"The workbook has more than {MOST_CELLS:,} cells; refused.")
            grid = sheet.to_python(skip_empty_area=False)
            marks = _marks(parts.get(files.get(metadata.name, ""), b""), shares)
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
                # Ranges that lie upon one another could be filled for ever.
                merged += (min(bottom, sheet.total_height) - top + 1) * (
                    min(right, sheet.total_width) - left + 1
                )
                if merged > MOST_CELLS:
                    raise SourceChanged("The workbook merges more cells than it has; refused.")
                _spread(grid, top, left, bottom, right, marks)
            yield Sheet(
                number,
                metadata.name,
                grid,
                marks.faults,
                frozenset(marks.hidden_rows),
                frozenset(marks.hidden_columns),
            )
    if not shown:
        raise SourceChanged("The workbook has no visible sheet; show the one that is meant.")


def _files(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Which part of the zip holds the sheet of a name; empty where the workbook hides it."""
    targets = {
        relation["id"]: relation["target"]
        for relation in map(
            _attributes, _RELATION.findall(parts.get("xl/_rels/workbook.xml.rels", b""))
        )
        if "id" in relation and "target" in relation
    }
    found = {}
    for attributes in map(_attributes, _SHEET.findall(parts.get("xl/workbook.xml", b""))):
        target = targets.get(attributes.get("r:id", attributes.get("id", "")), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        found[unescape(attributes.get("name", ""))] = path
    return found


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        name.decode().lower(): value.decode("utf-8", "replace")
        for name, value in _ATTRIBUTE.findall(tag)
    }


def _percent_styles(styles: bytes) -> frozenset[bytes]:
    """The styles, by the number that cells have of them, under which a number is a share."""
    named = map(_attributes, _NUMBER_FORMAT.findall(styles))
    shares = {
        attributes.get("numfmtid", "")
        for attributes in named
        if "%" in attributes.get("formatcode", "")
    }
    formats = _CELL_FORMATS.search(styles)
    return frozenset(
        str(number).encode()
        for number, attributes in enumerate(_CELL_FORMAT.findall(formats[0]) if formats else ())
        if _attributes(attributes).get("numfmtid") in shares | PERCENT_FORMATS
    )


def _marks(content: bytes, shares: frozenset[bytes]) -> _Marks:
    """What a sheet's values do not say; quick where there is none of it."""
    marks = _Marks()
    hides = b"hidden" in content
    for tag in _COLUMN.findall(content) if hides else ():
        attributes = _attributes(tag)
        if _is_hidden(attributes):
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            marks.hidden_columns.update(range(first - 1, min(last, MOST_COLUMNS)))
    errs = b'"e"' in content or b"'e'" in content
    computes = (b"<f" in content or b":f" in content) and _FORMULA.search(content)
    used = frozenset(_STYLE.findall(content)) & shares if shares else frozenset()
    if not (hides or errs or computes or used):
        return marks
    row = column = -1
    for tag, following in pairwise(chain(_ROW_OR_CELL.finditer(content), (None,))):
        if tag is None:
            break
        after = following.start() if following else len(content)
        if tag[1] == b"row":
            attributes = _attributes(tag[2])
            row = int(attributes["r"]) - 1 if attributes.get("r", "").isdigit() else row + 1
            column = -1
            if hides and _is_hidden(attributes):
                marks.hidden_rows.add(row)
            continue
        at = _NAMED.search(tag[2])
        column = _column_number(at[1]) if at else column + 1
        inside = content[tag.end() : after]
        fault = _fault(tag[2], inside)
        style = _STYLE.search(tag[2]) if used and fault is None else None
        if style and style[1] in used and _VALUE.search(inside) and not _KIND.search(tag[2]):
            fault = "a percentage"
        if fault is not None:
            marks.faults[row, column] = fault
    return marks


def _fault(tag: bytes, inside: bytes) -> str | None:
    kind = _KIND.search(tag)
    formula = _FORMULA.search(inside)
    if not formula and (kind is None or kind[1] != b"e"):
        return None
    value = _VALUE.search(inside)
    text = value[1].strip().decode("utf-8", "replace") if value else ""
    if kind is not None and kind[1] == b"e":
        return text[:12] or "an error"
    # A formula that gives an empty text was computed: its cell is of the kind `str`.
    if not text and (kind is None or kind[1] != b"str"):
        return "a formula that was never computed"
    return None


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    return attributes.get("hidden") in ("1", "true", "on")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _spread(
    grid: list[list[Any]], top: int, left: int, bottom: int, right: int, marks: _Marks
) -> None:
    """A merged text in every cell that it covers; a number over several rows is of none of them."""
    if top >= len(grid) or left >= len(grid[top]):
        return
    value = grid[top][left]
    if isinstance(value, float) and bottom > top:
        for row in range(top, min(bottom + 1, len(grid))):
            marks.faults.setdefault((row, left), "one number for several rows")
    if not isinstance(value, str) or not any(sign.isalpha() for sign in value):
        return
    for row in range(top, min(bottom + 1, len(grid))):
        for column in range(left, min(right + 1, len(grid[row]))):
            grid[row][column] = value


def _bounded(document: Document) -> tuple[bytes, dict[str, bytes]]:
    """The workbook packed anew from parts whose size was counted, without its pictures; and them.

    The parts are those that say which sheets there are, and the worksheets.
    """
    bounded, unpacked = dict[str, bytes](), dict[str, bytes]()
    out = io.BytesIO()
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
            # What errors and formulas another kind of workbook has would not be seen.
            if names and "xl/workbook.xml" not in names:
                raise SourceChanged(f"{document.name} is not an .xlsx workbook; save it as one.")
            for part in parts:
                # Reads no more than the directory says, which was counted.
                content = packed.read(part)
                unpacked[part.filename] = content
                if part.filename in _BOOK or part.filename.startswith("xl/worksheets/"):
                    bounded[part.filename] = content
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
    return out.getvalue(), bounded


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]
