"""How much a workbook, a table or a JSON document may hold, counted before it is read.

What a file says of itself is not asked: a sheet of one cell may name the last row and column, and
so ask for a grid of seventeen thousand million; a long text may be stored once and stand in a
hundred thousand cells. The largest real workbook of a publisher so far unpacks to 9 MB and has
160,000 cells.
"""

import re
from collections.abc import Mapping
from typing import Final

from pipelines.errors import SourceChanged

UNPACKED: Final = 96 * 1024 * 1024
"""Bytes that a workbook may unpack to."""
MOST_PARTS: Final = 2_000
"""Files that a workbook's zip may hold."""
MOST_CELLS: Final = 2_000_000
"""Cells that the grids of a workbook may have together, empty ones included."""
MOST_TEXT: Final = 48 * 1024 * 1024
"""Bytes of text in the cells of a workbook, each as often as it stands there."""
MOST_MERGED: Final = 20_000
"""Ranges of merged cells in a sheet."""
MOST_FORMATS: Final = 2_000
"""Ranges of columns in a sheet that look or are hidden alike."""
MOST_TABLE_CELLS: Final = 6_000_000
"""Cells of a text table; the largest that are published hold the whole world."""
MOST_COLUMNS: Final = 2_000
"""Columns of a text table's first row."""
MOST_JSON: Final = 40 * 1024 * 1024
"""Bytes of a JSON document: read, its text takes up to four times that."""
MOST_VALUES: Final = 3_000_000
"""Brackets, braces and commas of a JSON document: each may stand for 90 bytes of memory."""
MOST_OUTLINES: Final = 128 * 1024 * 1024
"""Bytes of a layer of boundaries as GeoJSON; the fullest of Syria has three million."""
MOST_POINTS: Final = 2_000_000
"""Points of such a layer: each is two numbers in brackets."""
_BEYOND: Final = re.compile(rb"""["'](?:[A-Za-z]{2,}[0-9]|[A-Za-z]?[0-9]{5})""")
"""What only a sheet has that is wider than column Z or longer than row 9,999, or looks like it."""
_NAMED: Final = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)([0-9]*)["']""")
_AS_WRITTEN: Final = re.compile(rb' r="([A-Za-z]*)([0-9]*)"')
_TEXTS: Final = re.compile(rb"<(?:\w+:)?sst[\s>]")
_TEXT: Final = re.compile(rb"<(?:\w+:)?si[\s/>]")
_SHARED_CELL: Final = re.compile(
    rb"""<(?:\w+:)?c\s[^>]*?\bt\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v[^>]*>\s*([0-9]{1,9})"""
)
_ROW: Final = re.compile(rb"<(?:\w+:)?row\b")
_UNNAMED: Final = re.compile(rb"""<(?:\w+:)?c(?:\s(?![^>]*\br\s*=)[^>]*)?/?>""")
"""A cell that does not say where it stands: beside the one before it."""


def must_be_fair(parts: Mapping[str, bytes], name: str) -> None:
    """Refuse a workbook that would take more memory than any real one.

    Args:
        parts: Every part that may be read, unpacked; whatever it is called, it may be a sheet.
        name: The document, for the sentence.

    Raises:
        SourceChanged: A grid, its merged ranges or its texts are too much.
    """
    texts, sheets = list[bytes](), list[bytes]()
    for content in parts.values():
        (texts if _TEXTS.search(content[:4096]) else sheets).append(content)
    for content in sheets:
        if _grid(content) > MOST_CELLS:
            raise SourceChanged(f"{name} has a sheet of more than {MOST_CELLS:,} cells; refused.")
        if content.count(b"mergeCell ") > MOST_MERGED or content.count(b"col ") > MOST_FORMATS:
            raise SourceChanged(
                f"{name} has more than {MOST_MERGED:,} ranges of merged cells or "
                f"{MOST_FORMATS:,} of columns; refused."
            )
    if _text(sheets, texts) > MOST_TEXT:
        raise SourceChanged(f"{name} repeats its texts to more than {MOST_TEXT:,} bytes; refused.")


def must_be_a_fair_table(text: str, separator: str, name: str) -> None:
    """Refuse a text table of too many cells or columns.

    Raises:
        SourceChanged: It has them.
    """
    cells = text.count(separator) + text.count("\n") + 1
    if cells > MOST_TABLE_CELLS:
        raise SourceChanged(f"{name} has more than {MOST_TABLE_CELLS:,} cells; refused.")
    end = text.find("\n")
    if text.count(separator, 0, end if end >= 0 else len(text)) >= MOST_COLUMNS:
        raise SourceChanged(f"{name} has more than {MOST_COLUMNS:,} columns; refused.")


def must_be_fair_json(
    body: bytes, name: str, size: int = MOST_JSON, values: int = MOST_VALUES
) -> None:
    """Refuse JSON of too many values: a few megabytes of brackets are gigabytes of objects.

    Raises:
        SourceChanged: It has them.
    """
    if len(body) > size or sum(map(body.count, (b"[", b"{", b","))) > values:
        raise SourceChanged(
            f"{name} is JSON of more than {size:,} bytes or {values:,} values; refused."
        )


def must_be_fair_outlines(body: bytes, name: str) -> None:
    """Refuse a layer of boundaries, as GeoJSON, of too many points.

    Raises:
        SourceChanged: It has them.
    """
    must_be_fair_json(body, name, MOST_OUTLINES, 3 * MOST_POINTS)


def _grid(content: bytes) -> int:
    """Cells of the rectangle from the first cell to the last row and column that are named.

    Rows and cells may go without a name, and then follow one another.
    """
    widest, longest = 26, 9_999
    if _BEYOND.search(content):
        found = _names(content)
        letters, digits = {name[0] for name in found}, {name[1] for name in found}
        widest = max(map(_column, letters), default=1)
        # Ten digits are no row of any workbook, whatever they say.
        longest = max((int(number[:10] or 0) for number in digits), default=1)
    if content.count(b"row") > longest:
        longest = max(longest, len(_ROW.findall(content)))
    if _cells(content) - content.count(b'<c r="') > widest:
        rows = _ROW.split(content)
        widest = max(widest, *(len(_UNNAMED.findall(row)) for row in rows))
    return widest * longest


def _names(content: bytes) -> list[tuple[bytes, bytes]]:
    """Where rows and cells say that they stand."""
    found: list[tuple[bytes, bytes]] = _AS_WRITTEN.findall(content)
    # Written as every program writes it, or in some way that takes longer to find.
    return found if len(found) >= _cells(content) else _NAMED.findall(content)


def _cells(content: bytes) -> int:
    """How many cells there are, or a few more; quicker than any pattern."""
    others = content.count(b"<co") + content.count(b"<cf")
    return content.count(b"<c") - others + content.count(b":c")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:6]:
        number = number * 26 + letter - 64
    return number


def _text(sheets: list[bytes], texts: list[bytes]) -> int:
    """Bytes of the shared texts, each as often as a cell refers to it."""
    stored = [len(text) for content in texts for text in _TEXT.split(content)[1:]]
    references = sum(c.count(b'"s"') + c.count(b"'s'") for c in sheets)
    longest = max(stored, default=0)
    if references * longest <= MOST_TEXT:
        return references * longest
    found = [int(at) for content in sheets for at in _SHARED_CELL.findall(content)]
    known = sum(stored[at] for at in found if at < len(stored))
    # A reference that is written in some other way may be to the longest.
    return known + max(references - len(found), 0) * longest
