"""Forms for what comes by hand: an empty table to fill in, and the reading of a filled one.

A form is written as CSV or as a workbook with a sheet of notes; its example row starts with # and
is never read. A filled form is read row by row; each row that does not fit is named, and one is
enough for nothing to be imported.
"""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, Literal, TypeVar

from data.gazetteer import places
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.forms import csv_files, provenance
from pipelines.publishers import cells, workbook

T = TypeVar("T")
Form = Literal["csv", "xlsx"]
COMMENT: Final = "#"
MOST_ROWS: Final = 20_000
MOST_SHOWN: Final = 300
"""Characters of a file's headings that its refusal repeats."""
MOST_NOTES: Final = 40
"""Rows among which the headings are looked for."""


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
    """Parts of a heading that refuse the whole file, such as a camp's name."""
    forbidden_words: tuple[str, ...] = ()
    """Whole words of a heading that do, such as what says where a camp lies."""


@dataclass
class Row:
    """One filled row: cells by column name, and what is wrong with it.

    Attributes:
        at: Where it stands: "row 4", or "sheet 2, row 4" in a workbook of several sheets.
        cells: What stands in its columns, as the file has it.
        provenance: What the person stated about the file.
        document: The file; no day in it can be later than the one it was brought on.
        signs: By column, what stands between thousands, and the first row where it does; one for
            all rows of a table.
        faults: What is wrong with it, in sentences.
    """

    at: str
    cells: Mapping[str, Any]
    provenance: provenance.Provenance
    document: Document
    signs: dict[str, dict[str, str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        """The cell's text, cleaned; empty where it is or where the form lacks the column."""
        value = self.cells.get(name)
        if value is None:
            return ""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, date):
            value = cells.day(value).isoformat()
        return cells.cleaned(str(value))

    def fault(self, sentence: str) -> None:
        """Note what is wrong with the row."""
        self.faults.append(f"{self.at}: {sentence}")

    def day(self, name: str, *, needed: bool = False) -> date | None:
        """The cell as a day; None with a fault where it is none or lies ahead."""
        if cells.missing(self.cells.get(name)):
            if needed:
                self.fault(f"{name} is empty")
            return None
        try:
            found = cells.day(self.cells[name])
        except ValueError:
            self.fault(f"{name} {self.text(name)!r} is no day; write it as 2026-09-17")
            return None
        if found > self.document.fetched_at.date():
            self.fault(f"{name} {self.text(name)!r} lies in the future")
            return None
        return found

    def count(self, name: str) -> int | None:
        """The cell as a whole number; None where it is blank, with a fault where it is none."""
        value = self.cells.get(name)
        try:
            found = cells.count(value, dots=True)
        except cells.NotACount:
            self.fault(f"{name} {self.text(name)!r} is no whole number")
            return None
        if sign := cells.thousands_sign(value):
            self._must_be_written_alike(name, sign)
        return found

    def _must_be_written_alike(self, name: str, sign: str) -> None:
        """Beside 203,412 a 66.319 may be a fraction: dots stand in all thousands or in none."""
        signs = self.signs.setdefault(name, {})
        signs.setdefault(sign, self.at)
        other = next((one for one in signs if (one == ".") != (sign == ".")), None)
        if other is not None:
            self.fault(
                f"{name} {self.text(name)!r} has {sign!r} between thousands where "
                f"{signs[other]} has {other!r}; write all in one way"
            )

    def address(self) -> str | None:
        """Where the publisher shows the row's numbers."""
        text = self.text(SOURCE_URL.name) or self.provenance.address or ""
        if not text:
            self.fault("no address of the publisher; fill in source_url or give --url")
            return None
        if not re.fullmatch(r"https?://[^\s/]+\.\S+", text):
            self.fault(f"source_url {text!r} is no address; it starts with https://")
            return None
        return text

    def published(self) -> date | None:
        """The row's day of publication, or the file's."""
        return self.day(PUBLISHED_ON.name) or self.provenance.published_on

    def publisher(self, otherwise: str | None = None) -> str | None:
        """The body whose numbers they are."""
        stated = self.text(PUBLISHER.name) or self.provenance.publisher or otherwise
        if not stated:
            self.fault("no publisher; fill in the column or give --publisher")
        return stated


@dataclass(frozen=True)
class _Table:
    """One CSV file or one visible sheet of a workbook, its empty rows left out.

    `rows` have the number that a spreadsheet gives them; the first is the heading. `label` names
    the sheet where there are several.
    """

    label: str
    rows: list[tuple[int, list[Any]]]
    faults: Mapping[tuple[int, int], str] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


def read(
    document: Document, template: Template, take: Callable[[Row, list[T]], None]
) -> tuple[list[T], list[str]]:
    """Read every filled row, of each visible sheet that has the form's headings.

    Args:
        document: The file as it was brought.
        template: The form that it should be.
        take: Adds what a row says to the list of all rows before it, or notes a fault in the row.

    Returns:
        What `take` added, and remarks for the person who brought the file.

    Raises:
        SourceChanged: The file is no table, lacks a needed column, has a forbidden one or two for
            one field, or a row noted a fault or has a cell with an error; the message names every
            such row.
    """
    stated = provenance.of(document.query, document.url)
    found: list[T] = []
    faults: list[str] = []
    remarks: list[str] = []
    seen = 0
    tables, left_out = _tables(document, template)
    remarks += left_out
    for table in tables:
        names = _headings(table.rows[0][1], template, document)
        hidden = []
        unseen = [name for name, column in names.items() if column in table.hidden_columns]
        if unseen:
            remarks.append(
                f"{document.name}: {table.label}columns that the workbook hides were read: "
                f"{', '.join(unseen)}."
            )
        signs: dict[str, dict[str, str]] = {}
        for number, values in table.rows[1:]:
            if _text(values[0]).startswith(COMMENT):
                continue
            seen += 1
            faults += _ragged(f"row {number}", values, table, names, template)
            hidden += [number] if number - 1 in table.hidden else []
            by_name = {n: values[i] for n, i in names.items() if i < len(values)}
            row = Row(f"{table.label}row {number}", by_name, stated, document, signs)
            broken = {n: table.faults[number - 1, i] for n, i in names.items()
                      if (number - 1, i) in table.faults}  # fmt: skip
            for name, fault in broken.items():
                row.fault(f"{name} has {fault}")
            if not broken:
                take(row, found)
            faults += row.faults
        if hidden:
            where = ", ".join(map(str, hidden[:5])) + ("…" if len(hidden) > 5 else "")
            remarks.append(
                f"{document.name}: {table.label}rows that the workbook hides were read: {where}."
            )
    if faults:
        raise SourceChanged(
            f"Nothing was imported from {document.name}: {'; '.join(faults)}. "
            "Mend these rows and import again."
        )
    if not seen:
        raise SourceChanged(
            f"{document.name} has no filled row; rows that start with # are not read."
        )
    return found, remarks


def _ragged(
    at: str, values: Sequence[Any], table: _Table, names: Mapping[str, int], template: Template
) -> list[str]:
    """What is wrong with the length of a row of a CSV file; those of a workbook are all alike.

    In a file whose cells are apart by commas a number with commas of its own becomes two cells.
    """
    width = len(table.rows[0][1])
    if any(map(_text, values[width:])):
        return [f"{at}: it has {len(values)} cells and the heading has {width}"]
    needed = [names[f.name] for f in template.fields if f.needed and f.name in names]
    return [f"{at}: it ends before the heading does"] if len(values) <= max(needed) else []


def _headings(values: Sequence[Any], template: Template, document: Document) -> dict[str, int]:
    printed = [_text(value).lstrip(COMMENT).strip() for value in values]
    folded = [_folded(text) for text in printed]
    for heading in folded:
        words = set(re.split(r"[\W_]+", heading))
        if any(part in heading for part in template.forbidden) or words & set(
            template.forbidden_words
        ):
            raise SourceChanged(
                f"{document.name} has a column {heading!r}: names and positions of camps and sites "
                "are never kept; delete the column and give totals of the sub-district."
            )
    found = {}
    for wanted in template.fields:
        spellings = {_folded(name) for name in (wanted.name, *wanted.also)}
        at = [i for i, heading in enumerate(folded) if heading in spellings]
        if len(at) > 1:
            named = " and ".join(f"{printed[i]!r} in column {_letter(i)}" for i in at[:3])
            raise SourceChanged(
                f"{document.name} has several columns for {wanted.name}: {named}; which is meant "
                "would be a guess. Delete the others."
            )
        if at:
            found[wanted.name] = at[0]
    absent = [f.name for f in template.fields if f.needed and f.name not in found]
    if absent:
        headings = ", ".join(cell for cell in printed if cell) or "nothing"
        # A file that is no table has control characters, which would break the sentence apart.
        shown = "".join(c if c.isprintable() else " " for c in headings)[:MOST_SHOWN]
        raise SourceChanged(
            f"{document.name} lacks the column {', '.join(absent)}; its headings are: {shown}. "
            f"`nuzuh import --template {template.name}` writes the form."
        )
    return found


def _letter(column: int) -> str:
    return workbook.cell_name(0, column).rstrip("1")


def _folded(heading: str) -> str:
    return re.sub(r"[\s_-]+", "_", places.normalised_name(heading))


def _text(value: Any) -> str:
    return "" if value is None else cells.cleaned(str(value))


def _tables(document: Document, template: Template) -> tuple[list[_Table], list[str]]:
    """Every table of the file that has the form's headings, and remarks on those that lack them.

    Where none has them, the one most like it.
    """
    if document.body[:200].lstrip().startswith(b"<"):
        raise SourceChanged(f"{document.name} is a web page, no table; save it as CSV or XLSX.")
    if document.body.startswith(workbook.OLD):
        raise SourceChanged(f"{document.name} is an old or locked workbook; save it as XLSX.")
    if document.body.startswith(b"PK\x03\x04"):
        sheets = workbook.sheets(document)
        tables = [
            replace(
                _filled(sheet.rows, f"sheet {sheet.number}, ", sheet.faults, sheet.hidden_rows),
                hidden_columns=sheet.hidden_columns,
            )
            for sheet in sheets
        ]
    else:
        tables = [_Table("", _lines(document, template))]
    tables = [table for table in tables if table.rows]
    if not tables:
        raise SourceChanged(f"{document.name} is empty.")
    if sum(len(table.rows) for table in tables) > MOST_ROWS:
        raise SourceChanged(f"{document.name} has more than {MOST_ROWS:,} rows; split it.")
    meant = [t for t in tables if _likeness(t.rows, template) >= 2]
    if not meant:
        meant = [max(tables, key=lambda table: _likeness(table.rows, template))]
    alone = len(meant) == 1
    remarks = [
        f"{document.name}: {table.label.rstrip(', ')} left out, which has numbers and no headings "
        "of the form."
        for table in tables
        if table not in meant and any(_has_numbers(row) for _, row in table.rows)
    ]
    found = [_from_heading(replace(t, label="") if alone else t, template) for t in meant]
    for table, whole in zip(found, meant, strict=True):
        _must_count_singly(whole.rows[: len(whole.rows) - len(table.rows)], document)
    return found, remarks


def _must_count_singly(titles: Sequence[tuple[int, list[Any]]], document: Document) -> None:
    """Refuse a table that says above its headings that it is in thousands."""
    for number, row in titles:
        for text in map(_text, row):
            if cells.other_unit(text) == "thousands":
                raise SourceChanged(
                    f"{document.name} is in thousands by {text[:60]!r} in row {number}; write each "
                    "number whole."
                )


def _has_numbers(row: Sequence[Any]) -> bool:
    return len([v for v in row if _text(v)]) > 1 and any(isinstance(v, float) for v in row)


def _filled(
    rows: Sequence[Sequence[Any]],
    label: str,
    faults: Mapping[tuple[int, int], str],
    hidden: frozenset[int],
) -> _Table:
    broken = {row for row, _ in faults}
    kept = [
        (number, list(row))
        for number, row in enumerate(rows, start=1)
        if number - 1 in broken or any(map(_text, row))
    ]
    return _Table(label, kept, faults, hidden)


def _from_heading(table: _Table, template: Template) -> _Table:
    """The table from its heading on."""
    best = max(table.rows[:MOST_NOTES], key=lambda row: _headed(row[1], template))
    if _headed(best[1], template) < 2:
        first = table.rows[0]
        rows = (row for row in table.rows if not _text(row[1][0]).startswith(COMMENT))
        best = next(rows, first)
    return replace(table, rows=table.rows[table.rows.index(best) :])


def _lines(document: Document, template: Template) -> list[tuple[int, list[Any]]]:
    text = csv_files.decoded(document)
    tables = [_split(text, separator, document) for separator in csv_files.SEPARATORS]
    return max(tables, key=lambda table: _likeness(table, template))


def _split(text: str, separator: str, document: Document) -> list[tuple[int, list[Any]]]:
    rows = csv_files.lines(text, separator, document.name)
    return [(number, list(values)) for number, values in rows if any(map(_text, values))]


def _likeness(table: Sequence[tuple[int, list[Any]]], template: Template) -> int:
    """How many of the form's headings stand in one of the first rows."""
    return max((_headed(values, template) for _, values in table[:MOST_NOTES]), default=0)


def _headed(values: Sequence[Any], template: Template) -> int:
    here = {_folded(_text(value)) for value in values}
    return sum(any(_folded(name) in here for name in (f.name, *f.also)) for f in template.fields)


def written(template: Template, form: Form) -> bytes:
    """The empty form, with an example row that is never read.

    A CSV is UTF-8 with a byte order mark, without which Excel garbles Arabic and Turkish; its notes
    are lines that start with #. A workbook has them on a sheet of their own.
    """
    return _as_csv(template) if form == "csv" else _as_workbook(template)


def _example(template: Template) -> list[str]:
    shown = [f.example for f in template.fields]
    return [f"{COMMENT} {shown[0]}", *shown[1:]]


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
