"""CSV files as people save them: their encoding, and their rows with the lines of each. Pure."""

import csv
import io
from typing import Final

from data.store import Document
from pipelines import bounds
from pipelines.errors import SourceChanged

SEPARATORS: Final = ";,\t"
_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
"""Byte order marks of UTF-16, in which a spreadsheet saves “Unicode text”."""


def decoded(document: Document) -> str:
    """The file's text.

    Raises:
        SourceChanged: It is neither UTF-8 nor UTF-16 with its mark: others would be guessed.
    """
    try:
        text = document.body.decode("utf-16" if document.body[:2] in _MARKS else "utf-8-sig")
    except UnicodeDecodeError:
        raise SourceChanged(
            f"{document.name} is not in UTF-8; save it as “CSV UTF-8” or as XLSX."
        ) from None
    if "\x00" in text:
        raise SourceChanged(f"{document.name} is no table; save it as CSV or XLSX.")
    return text


def lines(text: str, separator: str, name: str) -> list[tuple[int, list[str]]]:
    """Its rows, each with the number of the line that it ends on.

    Raises:
        SourceChanged: It is larger than is reasonable, or no whole CSV.
    """
    bounds.must_be_a_fair_table(text, separator, name)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return [(reader.line_num, list(values)) for values in reader]
    except csv.Error as error:
        raise SourceChanged(f"{name} is no whole CSV ({error}).") from None
