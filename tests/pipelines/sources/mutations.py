"""Documents with something wrong in them, for the fuzz: what publishers, proxies and people do.

Bytes are changed, cut and mixed; and where a document is JSON, CSV or a workbook it is also changed
within its own grammar, so that a reader meets a well-formed document of another meaning.
"""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import python_calamine
import xlsxwriter
from hypothesis import strategies as some

from data.store import Document

ODD: Sequence[Any] = (
    None,
    "",
    "-",
    "N/A",
    "0",
    " 5 ",
    "1,234",
    "١٢٣",
    "-1",
    "1e400",
    "nan",
    "=1+1",
    "SYR",
    "SY07",
    "SY0703",
    "TUR",
    "XXX",
    "Idleb",
    "Total",
    "2025-13-45",
    "2025",
    "#adm1+code",
    "\u202e",
    "x" * 3_000,
    -1,
    0,
    1,
    1.5,
    2**31,
    2**63,
    10**400,
    float("inf"),
    float("nan"),
    True,
    [],
    {},
    [1],
    {"a": 1},
)
"""What may stand in a cell or a field."""
TEXTS: Sequence[str] = tuple(str(value) for value in ODD if not isinstance(value, list | dict))


@some.composite
def damaged(draw: Any, documents: Sequence[Document]) -> Sequence[Document]:
    """The documents of one fetch after one to three accidents."""
    found = list(documents)
    for _ in range(draw(some.integers(1, 3))):
        if not found:
            break
        at = draw(some.integers(0, len(found) - 1))
        kind = draw(some.sampled_from(("bytes", "grammar", "grammar", "grammar", "fetch")))
        if kind == "fetch":
            found = draw(_fetch(found, at))
        elif kind == "bytes":
            found[at] = replace(found[at], body=draw(_bytes(found[at].body)))
        else:
            found[at] = replace(found[at], body=draw(_grammar(found[at].body)))
    return found


@some.composite
def _fetch(draw: Any, found: list[Document], at: int) -> list[Document]:
    """A document missing, doubled, exchanged, or called by another name."""
    other = draw(some.integers(0, len(found) - 1))
    kind = draw(some.sampled_from(("drop", "twice", "swap", "rename")))
    if kind == "drop":
        return found[:at] + found[at + 1 :]
    if kind == "twice":
        return [*found, found[at]]
    if kind == "swap":
        return [replace(d, body=found[other].body) if n == at else d for n, d in enumerate(found)]
    name = draw(some.sampled_from(("", "x", found[at].name + "x", found[other].name)))
    return [replace(d, name=name) if n == at else d for n, d in enumerate(found)]


@some.composite
def _bytes(draw: Any, body: bytes) -> bytes:
    """Bytes changed, cut off, put in, or written in another charset."""
    start = draw(some.integers(0, len(body)))
    kind = draw(some.sampled_from(("flip", "cut", "insert", "charset", "mark", "page")))
    if kind == "flip" and body:
        changed = bytearray(body)
        for _ in range(draw(some.integers(1, 4))):
            changed[draw(some.integers(0, len(body) - 1))] ^= draw(some.integers(1, 255))
        return bytes(changed)
    if kind == "insert":
        return body[:start] + draw(some.binary(max_size=8)) + body[start:]
    if kind == "charset":
        charset = draw(some.sampled_from(("cp1254", "cp1256", "utf-16", "utf-32", "latin-1")))
        return body.decode("utf-8", "replace").encode(charset, "replace")
    if kind == "mark":
        return b"\xef\xbb\xbf" + body
    if kind == "page":
        return b"<!doctype html><title>Just a moment</title>"
    return body[:start]


@some.composite
def _grammar(draw: Any, body: bytes) -> bytes:
    """A change that leaves a JSON document JSON, a table a table and a workbook a workbook."""
    if body.startswith(b"PK"):
        return draw(_workbook(body))
    try:
        value = json.loads(body)
    except ValueError:
        return draw(_table(body))
    return json.dumps(draw(_json(value))).encode()


@some.composite
def _json(draw: Any, value: Any) -> Any:
    """One place somewhere down in it: another value, gone, renamed or doubled."""
    if not isinstance(value, dict | list) or not value or draw(some.integers(0, 9)) == 0:
        return draw(some.sampled_from(ODD))
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    key = draw(some.sampled_from(keys))
    kind = draw(some.sampled_from(("down", "down", "down", "drop", "rename", "twice", "every")))
    changed: Any = dict(value) if isinstance(value, dict) else list(value)
    if kind == "drop":
        del changed[key]
    elif kind == "rename" and isinstance(changed, dict):
        changed[draw(some.sampled_from(TEXTS))] = changed.pop(key)
    elif kind == "twice" and isinstance(changed, list):
        changed.append(changed[key])
    elif kind == "every" and isinstance(changed, list) and isinstance(changed[key], dict):
        gone = draw(some.sampled_from(sorted(changed[key]) or [""]))
        odd = draw(some.sampled_from(ODD))
        changed = [row | {gone: odd} if isinstance(row, dict) else row for row in changed]
    else:
        changed[key] = draw(_json(changed[key]))
    return changed


@some.composite
def _rows(draw: Any, rows: list[list[Any]], odd: Sequence[Any]) -> list[list[Any]]:
    """A column or row gone, doubled or renamed, or a cell with something else in it."""
    if not rows or not max(map(len, rows)):
        return [[draw(some.sampled_from(odd))]]
    row = draw(some.integers(0, len(rows) - 1))
    column = draw(some.integers(0, max(map(len, rows)) - 1))
    kinds = ("cell", "cell", "cell", "drop row", "twice", "drop column", "double column", "rename",
             "swap", "whole column", "longer")  # fmt: skip
    kind = draw(some.sampled_from(kinds))
    changed = [list(cells) for cells in rows]
    if kind == "drop row":
        del changed[row]
    elif kind == "twice":
        changed.insert(row, list(changed[row]))
    elif kind == "drop column":
        changed = [cells[:column] + cells[column + 1 :] for cells in changed]
    elif kind == "double column":
        changed = [[*cells, *cells[column : column + 1]] for cells in changed]
    elif kind == "longer":
        changed[row].append(draw(some.sampled_from(odd)))
    elif kind == "swap":
        other = draw(some.integers(0, len(rows) - 1))
        changed[row], changed[other] = changed[other], changed[row]
    else:
        value = draw(some.sampled_from(odd))
        touched = {"rename": range(1), "whole column": range(1, len(changed))}
        for number in touched.get(kind, range(row, row + 1)):
            if column < len(changed[number]):
                changed[number][column] = value
    return changed


@some.composite
def _table(draw: Any, body: bytes) -> bytes:
    try:
        rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        return draw(_bytes(body))
    out = io.StringIO()
    csv.writer(out).writerows(draw(_rows(rows, TEXTS)))
    return out.getvalue().encode("utf-8", "replace")


@some.composite
def _workbook(draw: Any, body: bytes) -> bytes:
    try:
        book = python_calamine.load_workbook(io.BytesIO(body))
        sheets = [
            (name, book.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in book.sheet_names
        ]
    except Exception:  # noqa: BLE001 - an accident before this one broke it
        return draw(_bytes(body))
    at = draw(some.integers(0, len(sheets) - 1))
    odd = [v for v in ODD if not isinstance(v, list | dict) and v != 10**400 and v == v]
    odd = [v for v in odd if v != float("inf")]
    sheets[at] = (sheets[at][0], draw(_rows(sheets[at][1], odd)))
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as written:
        # The same bytes whenever an example is tried again.
        written.set_properties({"created": datetime(2025, 11, 15, tzinfo=UTC)})
        for name, rows in sheets:
            sheet = written.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value not in (None, ""):
                        sheet.write(number, column, value)
    return out.getvalue()
