"""Show, without Nuzuh, that a published number stands in the bytes that its publisher sent.

    python3 -I show_the_number.py

Reads `figure.json` and the file that it names, both beside this script, and nothing else: no
network, no package. Exit 0 where the bytes hash to what the figure says and the number stands, or
adds up, at the place that the figure names; 1 with a sentence where not.
"""

import csv
import hashlib
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

DIGITS = {
    **{ord(c): str(n) for n, c in enumerate("٠١٢٣٤٥٦٧٨٩")},
    **{ord(c): str(n) for n, c in enumerate("۰۱۲۳۴۵۶۷۸۹")},
}
SPACES = re.compile(r"[\s,.'’\u066c\u00a0\u2009\u200a\u202f]")
ROW = re.compile(r"row (\d+)")
CELLS = re.compile(r"sheet (\d+), ([A-Z]+)(\d+)(?: to [A-Z]+(\d+), summed from (\d+) rows)?")
PATH = re.compile(r"([A-Za-z_]\w*)?(?:\[(\d+)\])?")
LETTERS = re.compile(r"characters (\d+) to (\d+)")
MOST_XML = 400_000_000
"""Bytes that a part of a workbook may unpack to."""


def main(folder: Path) -> int:
    """Print what is found; 0 where it shows the number."""
    figure = json.loads((folder / "figure.json").read_text(encoding="utf-8"))
    body = (folder / figure["file"]).read_bytes()
    digest = hashlib.sha256(body).hexdigest()
    if digest != figure["content_sha256"]:
        return say(f"{figure['file']} hashes to {digest}, not to what the figure says.", 1)
    say(f"{figure['file']}: {len(body):,} bytes, SHA-256 {digest}, as the figure says.")
    where = figure["locator"]
    try:
        found, seen = shown(body, where, figure)
    except (ValueError, KeyError, IndexError, zipfile.BadZipFile, ElementTree.ParseError) as bad:
        return say(f"Nothing can be read at {where!r}: {bad}.", 1)
    for line in seen:
        say(f"  {line}")
    if not found:
        return say(f"{figure['value']} does not stand at {where!r}.", 1)
    return say(f"{figure['value']} stands at {where!r}.")


def shown(body: bytes, where: str, figure: dict[str, Any]) -> tuple[bool, list[str]]:
    """Whether the number stands there, and the text around it."""
    if cells := CELLS.search(where):
        return in_cells(body, cells, figure)
    if body[:2] == b"PK" and (row := ROW.search(where)):
        return in_row(next(row_of(body, 1, int(row[1])), []), figure)
    if row := ROW.search(where):
        return in_row(csv_row(body, int(row[1])), figure)
    if letters := LETTERS.search(where):
        text = decoded(body)
        part = text[int(letters[1]) : int(letters[2])]
        around = " ".join(text[max(0, int(letters[1]) - 80) : int(letters[2]) + 80].split())
        return is_the_number(part, figure), [around]
    return in_json(body, where.rpartition(": ")[2], figure)


def in_row(row: list[str], figure: dict[str, Any]) -> tuple[bool, list[str]]:
    """Whether a cell of the row is the number."""
    return any(is_the_number(cell, figure) for cell in row), [" | ".join(c for c in row if c)]


def csv_row(body: bytes, number: int) -> list[str]:
    """A row of a table as text; the heading is row 1."""
    text = decoded(body)
    first = text.splitlines()[0] if text else ""
    delimiter = max(",;\t", key=first.count)
    for at, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
        if at == number:
            return row
    raise IndexError(f"there is no row {number}")


def in_json(body: bytes, where: str, figure: dict[str, Any]) -> tuple[bool, list[str]]:
    """Whether the value at a path is the number; values joined by + are added."""
    whole = json.loads(body)
    paths = where.split(" + ")
    last = paths[0].rpartition(".")[2]
    values = []
    for path in paths:
        value = at_path(whole, path)
        values.append(value.get(last) if isinstance(value, dict) else value)
    seen = [f"{path} = {value!r}" for path, value in zip(paths, values, strict=True)]
    if len(values) == 1:
        return is_the_number(str(values[0]), figure), seen
    return sum(Decimal(str(value)) for value in values) == wanted(figure), seen


def at_path(whole: Any, path: str) -> Any:
    """What stands at `items[3].total`."""
    for step in path.split("."):
        match = PATH.fullmatch(step)
        if match is None:
            raise KeyError(f"{path!r} is no path")
        if match[1]:
            whole = whole[match[1]]
        if match[2]:
            whole = whole[int(match[2])]
    return whole


def in_cells(body: bytes, cells: "re.Match[str]", figure: dict[str, Any]) -> tuple[bool, list[str]]:
    """Whether a cell is the number, or the cells of a place's rows add up to it."""
    sheet, column, first = int(cells[1]), column_number(cells[2]), int(cells[3])
    if not cells[4]:
        row = next(row_of(body, sheet, first), [])
        cell = row[column] if column < len(row) else ""
        return is_the_number(cell, figure), [" | ".join(c for c in row if c)]
    place, total, rows = figure["place_code"], Decimal(0), 0
    for row in row_of(body, sheet, first, int(cells[4])):
        inside = place == figure["location_code"] or place in row
        if inside and column < len(row) and (value := number(row[column])) is not None:
            total, rows = total + value, rows + 1
    seen = [f"{rows:,} rows of {place} in column {cells[2]} add up to {total:,}"]
    return int(total) == wanted(figure), seen


def row_of(body: bytes, sheet: int, first: int, last: int | None = None) -> Iterator[list[str]]:
    """Rows of a sheet of a workbook, as text."""
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        words = shared_words(parts)
        root = ElementTree.fromstring(part(parts, sheet_path(parts, sheet)))  # noqa: S314
    for row in root.iter():
        if not row.tag.endswith("}row"):
            continue
        at = int(row.get("r", "0"))
        if first <= at <= (last or first):
            yield row_text(row, words)


def row_text(row: Any, words: list[str]) -> list[str]:
    """The cells of a row, each in its column."""
    found: list[str] = []
    for cell in row:
        column = column_number(re.sub(r"\d", "", cell.get("r", "")))
        text = "".join(t.text or "" for t in cell.iter() if t.tag.endswith(("}v", "}t")))
        found += [""] * (column + 1 - len(found))
        found[column] = words[int(text)] if cell.get("t") == "s" and text else text
    return found


def sheet_path(parts: zipfile.ZipFile, number: int) -> str:
    """Where the sheet of that number lies in the workbook."""
    book = ElementTree.fromstring(part(parts, "xl/workbook.xml"))  # noqa: S314
    sheets = [node for node in book.iter() if node.tag.endswith("}sheet")]
    wanted_id = next(v for k, v in sheets[number - 1].attrib.items() if k.endswith("}id"))
    links = ElementTree.fromstring(part(parts, "xl/_rels/workbook.xml.rels"))  # noqa: S314
    target = next(link.get("Target", "") for link in links if link.get("Id") == wanted_id)
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def shared_words(parts: zipfile.ZipFile) -> list[str]:
    """The texts that cells refer to by number."""
    if "xl/sharedStrings.xml" not in parts.namelist():
        return []
    root = ElementTree.fromstring(part(parts, "xl/sharedStrings.xml"))  # noqa: S314
    return ["".join(t.text or "" for t in item.iter() if t.tag.endswith("}t")) for item in root]


def part(parts: zipfile.ZipFile, name: str) -> bytes:
    """One part of a workbook."""
    if parts.getinfo(name).file_size > MOST_XML:
        raise ValueError(f"{name} unpacks to too much")
    return parts.read(name)


def column_number(letters: str) -> int:
    """A is 0, AA is 26."""
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - 64
    return found - 1


def wanted(figure: dict[str, Any]) -> Decimal:
    """The number that is to be shown."""
    return Decimal(str(figure["value"]))


def is_the_number(text: str, figure: dict[str, Any]) -> bool:
    """Whether a cell says the number, or what the figure says was printed there."""
    if figure.get("value_raw") and text.strip() == str(figure["value_raw"]).strip():
        return True
    value = number(text)
    return value is not None and value == wanted(figure)


def number(text: str) -> Decimal | None:
    """The number that a text is; None where it is none."""
    plain = str(text).translate(DIGITS).strip()
    for tried in (plain, SPACES.sub("", plain)):
        try:
            return Decimal(tried)
        except InvalidOperation:
            continue
    return None


def decoded(body: bytes) -> str:
    """The text of a file in the encodings that publishers use."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body.decode("utf-16")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252")


def say(sentence: str, code: int = 0) -> int:
    """Print a sentence, and return the exit code."""
    sys.stdout.write(f"{sentence}\n")
    return code


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main(Path(__file__).resolve().parent))
