"""Forms for what comes by hand: an empty table to fill in, and the reading of a filled one.

A form is written as CSV or as a workbook with a sheet of notes; its example row starts with # and
is never read. A filled form is read row by row; each row that does not fit is named, and one is
enough for nothing to be imported.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal

from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.forms import provenance

Form = Literal["csv", "xlsx"]
COMMENT: Final = "#"
BLANK: Final = frozenset({"", "-", "–", "—", "n/a", "na", "null", "none", "..."})
"""What says that there is no number; never a zero."""
MOST_ROWS: Final = 20_000
MOST_SHOWN: Final = 300
"""Letters of a file's headings that its refusal repeats."""
MOST_NOTES: Final = 40
"""Rows among which the headings are looked for."""
MOST_UNPACKED: Final = 200 * 1024 * 1024
"""Bytes that a workbook may unpack to; more is a bomb, not a form."""
_GROUPED: Final = re.compile(r"\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+")
_DOTTED: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_DIGITS: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


@dataclass(frozen=True)
class Field:
    """One column of a form.

    Attributes:
        name: Its heading.
        meaning: What to write there, for the notes.
        example: What the example row says.
        needed: Whether a filled form must have the column.
        also: Other headings that are understood.
    """

    name: str
    meaning: str
    example: str = ""
    needed: bool = False
    also: tuple[str, ...] = ()


SOURCE_URL: Final = Field(
    "source_url",
    "Address where the publisher shows the number; may be given once with --url",
    "https://example.org/page",
    also=("url", "source", "link", "kaynak"),
)
PUBLISHED_ON: Final = Field(
    "published_on", "Day of publication, 2026-09-18; may be given once with --published-on", ""
)
PUBLISHER: Final = Field(
    "publisher", "The body whose figure it is; may be given once with --publisher", ""
)


@dataclass(frozen=True)
class Template:
    """A form: what it is for, its columns, and sentences for the person who fills it in."""

    name: str
    title: str
    fields: tuple[Field, ...]
    notes: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    """Words in a heading that refuse the whole file, such as a camp's name."""


@dataclass
class Row:
    """One filled row: texts by column name, and what is wrong with it."""

    number: int
    cells: Mapping[str, str]
    papers: provenance.Provenance
    latest: date
    """The day the file was brought; nothing in it can be younger."""
    faults: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        """The cell, trimmed; empty where the form lacks the column."""
        return self.cells.get(name, "").strip()

    def fault(self, sentence: str) -> None:
        """Note what is wrong with the row."""
        self.faults.append(f"row {self.number}: {sentence}")

    def day(self, name: str, *, needed: bool = False) -> date | None:
        """The cell as a day; None with a fault where it is none or lies ahead."""
        text = self.text(name)
        if text.casefold() in BLANK:
            if needed:
                self.fault(f"{name} is empty")
            return None
        try:
            found = _day(text)
        except ValueError:
            self.fault(f"{name} {text!r} is no day; write it as 2026-09-17")
            return None
        if found > self.latest:
            self.fault(f"{name} {text!r} lies in the future")
            return None
        return found

    def count(self, name: str) -> int | None:
        """The cell as a whole number; None where it is blank, with a fault where it is none."""
        text = self.text(name)
        if text.casefold() in BLANK:
            return None
        plain = text.translate(_DIGITS)
        if _GROUPED.fullmatch(plain):
            plain = re.sub(r"\D", "", plain)
        if not re.fullmatch(r"\d{1,12}", plain):
            self.fault(f"{name} {text!r} is no whole number")
            return None
        return int(plain)

    def address(self) -> str | None:
        """Where the publisher shows the row's numbers."""
        text = self.text(SOURCE_URL.name) or self.papers.address or ""
        if not text:
            self.fault("no address of the publisher; fill in source_url or give --url")
            return None
        if not re.fullmatch(r"https?://[^\s/]+\.\S+", text):
            self.fault(f"source_url {text!r} is no address; it starts with https://")
            return None
        return text

    def published(self) -> date | None:
        """The row's day of publication, or the file's."""
        return self.day(PUBLISHED_ON.name) or self.papers.published_on

    def publisher(self, otherwise: str | None = None) -> str | None:
        """The body whose numbers they are."""
        said = self.text(PUBLISHER.name) or self.papers.publisher or otherwise
        if not said:
            self.fault("no publisher; fill in the column or give --publisher")
        return said


def read(document: Document, template: Template, on_row: Callable[[Row], None]) -> int:
    """Hand every filled row to `on_row`; how many there were.

    Raises:
        SourceChanged: The file is no table, lacks a needed column, has a forbidden one, or a row
            noted a fault; the message names every such row.
    """
    table = _table(document, template)
    names = _headings(table[0][1], template, document)
    said = provenance.of(document.query, document.url)
    faults: list[str] = []
    seen = 0
    for number, cells in table[1:]:
        if not any(cells) or cells[0].startswith(COMMENT):
            continue
        seen += 1
        by_name = {n: cells[i] for n, i in names.items() if i < len(cells)}
        row = Row(number, by_name, said, document.fetched_at.date())
        on_row(row)
        faults += row.faults
    if faults:
        raise SourceChanged(
            f"Nothing was imported from {document.name}: {'; '.join(faults)}. "
            "Mend these rows and import again."
        )
    if not seen:
        raise SourceChanged(
            f"{document.name} has no filled row; rows that start with # are not read."
        )
    return seen


def _headings(cells: Sequence[str], template: Template, document: Document) -> dict[str, int]:
    folded = [_folded(cell.lstrip(COMMENT)) for cell in cells]
    for heading in folded:
        if any(word in heading for word in template.forbidden):
            raise SourceChanged(
                f"{document.name} has a column {heading!r}: names of camps and sites are never "
                "kept; delete the column and give totals of the sub-district."
            )
    found = {}
    for wanted in template.fields:
        spellings = {_folded(name) for name in (wanted.name, *wanted.also)}
        at = next((i for i, heading in enumerate(folded) if heading in spellings), None)
        if at is not None:
            found[wanted.name] = at
    absent = [f.name for f in template.fields if f.needed and f.name not in found]
    if absent:
        headings = ", ".join(cell for cell in cells if cell) or "nothing"
        # A file that is no table has control characters, which would break the sentence apart.
        shown = "".join(c if c.isprintable() else " " for c in headings)[:MOST_SHOWN]
        raise SourceChanged(
            f"{document.name} lacks the column {', '.join(absent)}; its headings are: {shown}. "
            f"`nuzuh import --template {template.name}` writes the form."
        )
    return found


def _folded(heading: str) -> str:
    return re.sub(r"[\s_-]+", "_", heading.strip().casefold().replace("i̇", "i"))


def _table(document: Document, template: Template) -> list[tuple[int, list[str]]]:
    """Row numbers, as a spreadsheet counts them, and trimmed cells; the first is the heading."""
    body = document.body
    start = body[:200].lstrip().lower()
    if start.startswith((b"<!doctype", b"<html")):
        raise SourceChanged(f"{document.name} is a web page, no table; save it as CSV or XLSX.")
    is_workbook = body.startswith(b"PK\x03\x04")
    rows = _sheet(document, template) if is_workbook else _lines(document, template)
    filled = [(n, cells) for n, cells in rows if any(cells)]
    if not filled:
        raise SourceChanged(f"{document.name} is empty.")
    if len(filled) > MOST_ROWS:
        raise SourceChanged(f"{document.name} has more than {MOST_ROWS:,} rows; split it.")
    best = max(filled[:MOST_NOTES], key=lambda row: _headed(row[1], template))
    if _headed(best[1], template) < 2:
        best = next((row for row in filled if not row[1][0].startswith(COMMENT)), filled[0])
    return filled[filled.index(best) :]


def _lines(document: Document, template: Template) -> list[tuple[int, list[str]]]:
    body = document.body
    try:
        text = body.decode("utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        raise SourceChanged(
            f"{document.name} is not in UTF-8; save it as “CSV UTF-8” or as XLSX."
        ) from None
    if "\x00" in text:
        raise SourceChanged(f"{document.name} is no table; save it as CSV or XLSX.")
    tables = [_split(text, separator, document) for separator in ";,\t"]
    return max(tables, key=lambda table: _likeness(table, template))


def _split(text: str, separator: str, document: Document) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error as error:
        raise SourceChanged(f"{document.name} is no whole CSV ({error}).") from None


def _sheet(document: Document, template: Template) -> list[tuple[int, list[str]]]:
    """The first sheet that has the form's headings, else the first."""
    from python_calamine import CalamineError, CalamineWorkbook

    if _unpacked(document.body) > MOST_UNPACKED:
        raise SourceChanged(f"{document.name} unpacks to too much to be a form.")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(document.body))
        sheets = [
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
        ]
    except (CalamineError, ValueError, OSError):
        raise SourceChanged(f"{document.name} is no workbook that can be read.") from None
    tables = [
        [(n, [_cell(value) for value in row]) for n, row in enumerate(rows, start=1)]
        for rows in sheets
    ]
    return max(tables, key=lambda table: _likeness(table, template), default=[])


def _unpacked(body: bytes) -> int:
    """Bytes that a workbook says it unpacks to; 0 where it is torn, which its reader says."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return sum(entry.file_size for entry in packed.infolist())
    except zipfile.BadZipFile:
        return 0


def _likeness(table: Sequence[tuple[int, list[str]]], template: Template) -> int:
    """How many of the form's headings stand in one of the first rows."""
    return max((_headed(cells, template) for _, cells in table[:MOST_NOTES]), default=0)


def _headed(cells: Sequence[str], template: Template) -> int:
    here = {_folded(cell) for cell in cells}
    return sum(any(_folded(name) in here for name in (f.name, *f.also)) for f in template.fields)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, float):
        return f"{value!r} (not whole)"  # 71.234 in a cell is 71 and a bit, no 71,234
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()


def _day(text: str) -> date:
    text = text.translate(_DIGITS)
    if dotted := _DOTTED.fullmatch(text):
        return date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
    return date.fromisoformat(text[:10] if text[10:11] in ("T", " ") else text)


def written(template: Template, form: Form) -> bytes:
    """The empty form, with an example row that is never read.

    A CSV is UTF-8 with a byte order mark, without which Excel garbles Arabic and Turkish; its notes
    are lines that start with #. A workbook has them on a sheet of their own.
    """
    return _as_csv(template) if form == "csv" else _as_workbook(template)


def _example(template: Template) -> list[str]:
    cells = [f.example for f in template.fields]
    return [f"{COMMENT} {cells[0]}", *cells[1:]]


def _notes(template: Template) -> list[tuple[str, str]]:
    head = [("", template.title), ("", "Rows whose first cell starts with # are not read.")]
    named = [(f.name, f.meaning + (" (needed)" if f.needed else "")) for f in template.fields]
    return [*head, *(("", note) for note in template.notes), *named]


def _as_csv(template: Template) -> bytes:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    for name, text in _notes(template):
        table.writerow([f"{COMMENT} {name}: {text}" if name else f"{COMMENT} {text}"])
    table.writerow([f.name for f in template.fields])
    table.writerow(_example(template))
    return out.getvalue().encode("utf-8-sig")


def _as_workbook(template: Template) -> bytes:
    import xlsxwriter  # type: ignore[import-untyped]

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        grey = book.add_format({"italic": True, "font_color": "#666666"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(template.name)
        for column, wanted in enumerate(template.fields):
            sheet.set_column(column, column, max(16, len(wanted.name) + 2))
            sheet.write_string(0, column, wanted.name, bold)
        for column, text in enumerate(_example(template)):
            sheet.write_string(1, column, text, grey)
        sheet.freeze_panes(1, 0)
        notes = book.add_worksheet("notes")
        notes.set_column(0, 0, 22)
        notes.set_column(1, 1, 90)
        for row, (name, text) in enumerate(_notes(template)):
            notes.write_string(row, 0, name, bold if name else wrapped)
            notes.write_string(row, 1, text, wrapped)
    return out.getvalue()
