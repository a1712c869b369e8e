"""What the columns of an office's own table mean: read from a mapping, and suggested for one.

A mapping is a TOML file that a person has looked at. Nothing is published on a guess: what is not
certain stands in a suggestion as a comment.
"""

import calendar
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from data.gazetteer import places
from data.schema.codes import CAVEATS, MEASURES, POPULATION_GROUPS, UNITS
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.forms import csv_files
from pipelines.publishers import cells, dtm_workbook, workbook
from pipelines.publishers.syrian_places import LOCATION
from pipelines.publishers.workbook import Sheet

COMMUNITY: Final = "community"
"""Level finer than any that leaves the reader: its rows are summed to the sub-district."""
LEVELS: Final = ("country", "admin1", "admin2", "admin3", COMMUNITY)
SHOWN: Final = 3
"""Cells of a column that a person sees beside its heading."""
HEADING_ROWS: Final = 20
"""Rows from the top among which the heading is looked for."""
_CODES: Final = {
    "admin1": re.compile(r"SY\d{2}|TUR?\d{3}", re.IGNORECASE),
    "admin2": re.compile(r"SY\d{4}|TUR\d{6}", re.IGNORECASE),
    "admin3": re.compile(r"SY\d{6}", re.IGNORECASE),
    COMMUNITY: re.compile(r"[CN]\d{4,5}", re.IGNORECASE),
}
_WINDOW: Final = re.compile(r"\b(new|newly|last|past|recent|days?|weeks?|month(ly)?)\b")
_DAY: Final = re.compile(r"\b(date|day|today|as of|tarih\w*)\b|تاريخ|اليوم")
_PLACES: Final = (
    ("admin1", re.compile(r"المحافظة|محافظة|\bil\b|\bgovernorate\b")),
    ("admin2", re.compile(r"المنطقة|منطقة|\bilce\b")),
    ("admin3", re.compile(r"الناحية|ناحية|\b(nahiye|bucak)\b")),
)
"""Headings of places in Arabic and Turkish."""
_LOCATIONS: Final = re.compile(r"قرية|مخيم|تجمع|موقع|بلدة|\bkoy\b|\bköy|\bmahalle|\bkamp\b")
"""Headings of locations within a sub-district in Arabic and Turkish."""
_ARABIC: Final = (
    ("IDP", re.compile(r"نازح|نازحين|النازح|مهجر")),
    ("RDP", re.compile(r"عائد|العائد")),
    ("POP", re.compile(r"سكان|السكان")),
)
_TURKISH: Final = (("IDP", re.compile(r"yerinden edil\w*|idp")), ("POP", re.compile(r"nufus")))
_FAMILIES: Final = re.compile(r"أسر|اسر|عائل|\bhane\b|\baile\w*|\bhh\b|house ?holds?|famil")
_PEOPLE: Final = re.compile(r"أفراد|افراد|فرد|شخص|نسمة|\bkisi\b|\bind|person|people|population")


@dataclass(frozen=True)
class Place:
    """A column that says where a row is."""

    column: str
    level: str
    by: str


@dataclass(frozen=True)
class Count:
    """A column that counts: whom, in what unit, of which kind."""

    column: str
    group: str
    measure: str
    unit: str
    since: date | None = None


@dataclass(frozen=True)
class TableMapping:
    """What the person stated about a table.

    Attributes:
        heading_row: Row of the headings, from 1.
        sheet: Name of the worksheet; None for the only one, and for CSV.
        as_of: Day that all rows speak of; None where a column says it.
        as_of_column: The column that does.
        period_start: First day of the period that flows count in.
        sum_rows: Whether rows of one place are parts of it, to be added up.
        skip_rows: Rows that the person leaves out.
        leave_out: Headings that the person knows and leaves out.
        caveat: What is true of every number: `sites_only` for a list of camps.
    """

    heading_row: int
    places: tuple[Place, ...]
    counts: tuple[Count, ...]
    sheet: str | None = None
    dataset: str | None = None
    as_of: date | None = None
    as_of_column: str | None = None
    period_start: date | None = None
    sum_rows: bool = False
    skip_rows: frozenset[int] = frozenset()
    leave_out: frozenset[str] = frozenset()
    caveat: str | None = None


@dataclass(frozen=True)
class Table:
    """One visible sheet, or a CSV file, from its heading on.

    `rows` have the number that a spreadsheet gives them, and None where a row of a CSV file has no
    cell at all; `hidden` are rows that the workbook does not show, from 0; `typed` is whether it
    is a CSV file; `hidden_columns` are columns that it does not show.
    """

    label: str
    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Any, ...]], ...]
    faults: Mapping[tuple[int, int], str] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()
    typed: bool = False
    hidden_columns: frozenset[int] = frozenset()


def parsed(text: str) -> TableMapping:
    """The mapping that a TOML file says, or the same as JSON where a page wrote it.

    Raises:
        SourceChanged: It is no mapping; the sentence says what to mend.
    """
    try:
        stated = json.loads(text) if text.startswith("{") else tomllib.loads(text)
    except ValueError as error:
        raise SourceChanged(f"The mapping is no TOML ({error}).") from None
    try:
        mapping = TableMapping(
            heading_row=int(stated["heading_row"]),
            places=tuple(Place(**row) for row in stated.get("place", ())),
            counts=tuple(_count(row) for row in stated.get("count", ())),
            sheet=stated.get("sheet"),
            dataset=stated.get("dataset"),
            as_of=_day(stated.get("as_of")),
            as_of_column=stated.get("as_of_column"),
            period_start=_day(stated.get("period_start")),
            sum_rows=stated.get("sum_rows") is True,
            skip_rows=frozenset(int(row) for row in stated.get("skip_rows", ())),
            leave_out=frozenset(stated.get("leave_out", ())),
            caveat=stated.get("caveat"),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise SourceChanged(f"The mapping lacks or misspells {error}.") from None
    _must_be_whole(mapping)
    return mapping


def _count(row: Mapping[str, Any]) -> Count:
    since = _day(row.get("since"))
    return Count(**{**row, "since": since})


def _day(stated: Any) -> date | None:
    return None if stated is None else cells.day(stated)


def _must_be_whole(mapping: TableMapping) -> None:
    faults = []
    if not any(place.level != COMMUNITY for place in mapping.places):
        faults.append("no [[place]] says a country, admin1, admin2 or admin3")
    if not mapping.counts:
        faults.append("no [[count]] says what is counted")
    for place in mapping.places:
        if place.level not in LEVELS or place.by not in ("code", "name"):
            faults.append(f"{place.column!r} is by {place.by!r} of level {place.level!r}")
    for count in mapping.counts:
        for code, known in (
            (count.group, POPULATION_GROUPS),
            (count.measure, MEASURES),
            (count.unit, UNITS),
        ):
            if code not in known:
                faults.append(f"{code!r} of {count.column!r} is none of {', '.join(known)}")
        if count.measure == "flow" and mapping.period_start is None:
            faults.append(f"{count.column!r} is a flow, and no period_start says since when")
        if count.measure == "cumulative" and count.since is None:
            faults.append(f"{count.column!r} is cumulative, and no since says since when")
    if mapping.caveat is not None and mapping.caveat not in CAVEATS:
        faults.append(f"the caveat {mapping.caveat!r} is none of {', '.join(CAVEATS)}")
    if (mapping.as_of is None) == (mapping.as_of_column is None):
        faults.append("either as_of or as_of_column says which day the rows speak of")
    if faults:
        raise SourceChanged(f"The mapping is not complete: {'; '.join(faults)}.")


def table_of(document: Document, mapping: TableMapping) -> Table:
    """The table that the mapping speaks of.

    Raises:
        SourceChanged: There is no such sheet or row.
    """
    grids = _grids(document)
    if mapping.sheet is not None:
        grids = [grid for grid in grids if grid.name == mapping.sheet]
    if len(grids) != 1:
        raise SourceChanged(
            f"{document.name} has {len(grids)} visible sheets for the mapping; name one as sheet."
        )
    if not 1 <= mapping.heading_row < len(grids[0].rows):
        raise SourceChanged(f"{document.name} has no rows below row {mapping.heading_row}.")
    table = _table(grids[0], mapping.heading_row)
    _must_be_in_units(grids[0], table, mapping, document)
    return table


def _must_be_in_units(grid: Sheet, table: Table, mapping: TableMapping, document: Document) -> None:
    """What a heading or a title says of the unit is what the mapping says.

    Raises:
        SourceChanged: It says families where the mapping says people, or thousands.
    """
    titles = []
    for row in grid.rows[: mapping.heading_row - 1]:
        texts = {text for value in row if (text := cells.text(value))}
        titles += list(texts) if len(texts) == 1 else []
    for count in mapping.counts:
        for text in (count.column, *titles):
            unit = cells.unit_said_otherwise(text, count.unit, count.column)
            if unit is not None:
                raise SourceChanged(
                    f"{document.name} is in {unit} by {text[:60]!r}, and its mapping says "
                    f"{count.unit} of {count.column!r}; mend the unit, or the words that say "
                    "another."
                )


def _table(grid: Sheet, heading_row: int) -> Table:
    names = [cells.text(value) or "" for value in grid.rows[heading_row - 1]]
    headings = tuple(
        f"{name} [{_letter(at)}]" if name and names.count(name) > 1 else name
        for at, name in enumerate(names)
    )
    broken = {row + 1 for row, _ in grid.faults}
    rows = tuple(
        (number, tuple(values))
        for number, values in enumerate(grid.rows[heading_row:], start=heading_row + 1)
        if (number in broken or any(cells.text(value) for value in values)) and not _is_tags(values)
    )
    where = f"sheet {grid.number or 1}, "
    return Table(
        where,
        headings,
        rows,
        grid.faults,
        grid.hidden_rows,
        grid.number == 0,
        grid.hidden_columns,
    )


def _is_tags(values: Sequence[Any]) -> bool:
    texts = [text for value in values if (text := cells.text(value))]
    return bool(texts) and all(text.startswith("#") for text in texts)


def _letter(column: int) -> str:
    return workbook.cell_name(0, column).rstrip("0123456789")


def _grids(document: Document) -> list[Sheet]:
    if document.body[:4] in (b"PK\x03\x04", workbook.OLD) or document.body.lstrip()[:1] == b"<":
        return [sheet for sheet in workbook.sheets(document) if sheet.rows]
    text = csv_files.decoded(document)
    readings = [
        [row for _, row in csv_files.lines(text, separator, document.name)]
        for separator in csv_files.SEPARATORS
    ]
    rows = max(readings, key=lambda rows: max((len(row) for row in rows), default=0))
    width = max((len(row) for row in rows), default=0)
    # A CSV file has no sheets: the number of its one is nought.
    return [Sheet(0, document.name, [[*row, *[None] * (width - len(row))] for row in rows])]


def suggested(document: Document) -> str:
    """A mapping of what the table's columns seem to mean, as TOML.

    What is certain can be used as it stands; the rest is commented out, with what it may be.

    Raises:
        SourceChanged: The file is no table, or none of its rows looks like a heading.
    """
    grid, row, several = _best(document)
    return _written(document, grid if several else None, row, _table(grid, row))


def described(document: Document) -> dict[str, Any]:
    """The same column by column, with its first cells, for a page where a person chooses.

    Returns:
        `mapping`: what stands outside of columns, under the names of the mapping; `columns`: for
        each `heading`, `first` (its first cells as text), `sort` (place, day, count or none),
        `said` (what the mapping would state about it), `certain` and `why` not.

    Raises:
        SourceChanged: As `suggested`.
    """
    grid, row, several = _best(document)
    table = _table(grid, row)
    meant = {at: _meaning(table, at) for at, name in enumerate(table.headings) if name}
    kept = _not_said_twice([one for one in meant.values() if one and one.sort != "day"])
    of_sites = any(map(_of_sites, table.headings))
    top = {"heading_row": row, "dataset": document.name.rsplit(".", 1)[0]}
    top |= {"sheet": grid.name} if several else {}
    top |= {"caveat": "sites_only"} if of_sites else {}
    return {
        "mapping": top | {"sum_rows": _has_parts(table, kept)},
        "columns": [
            {
                "heading": table.headings[at],
                "first": [cells.text(values[at]) or "" for _, values in table.rows[:SHOWN]],
                "sort": one.sort if one in kept or (one and one.sort == "day") else "none",
                "said": dict(one.fields) if one else {},
                "certain": one is not None and one.certain,
                "why": one.why if one else "",
            }
            for at, one in meant.items()
        ],
    }


def _best(document: Document) -> tuple[Sheet, int, bool]:
    """The sheet and row that look most like a heading, and whether there are more sheets."""
    grids = _grids(document)
    best = max(
        ((_promise(grid, row), grid, row) for grid in grids for row in range(1, HEADING_ROWS)),
        key=lambda found: found[0],
        default=None,
    )
    if best is None or best[0] < 2:
        raise SourceChanged(f"No row of {document.name} looks like the heading of a table.")
    _, grid, row = best
    return grid, row, len(grids) > 1


def _promise(grid: Sheet, row: int) -> float:
    if row >= len(grid.rows):
        return 0
    table = _table(grid, row)
    if not table.rows:
        return 0
    meant = [_meaning(table, at) for at in range(len(table.headings))]
    return sum(1.0 + kind.certain for kind in meant if kind is not None) - row / 100


@dataclass(frozen=True)
class _Meaning:
    """What a column seems to be: a place, a day, a count."""

    sort: str
    heading: str
    fields: Mapping[str, str]
    certain: bool
    why: str = ""

    @property
    def lines(self) -> list[str]:
        """As the mapping says it."""
        if self.sort == "day":
            return [f"as_of_column = {_quoted(self.heading)}"]
        rows = {"column": self.heading, **self.fields}
        return [f"[[{self.sort}]]", *(f"{name} = {_quoted(text)}" for name, text in rows.items())]


def _meaning(table: Table, at: int) -> _Meaning | None:
    heading = table.headings[at]
    rows = [values for _, values in table.rows if not is_total(values)]
    values = [values[at] for values in rows if cells.text(values[at])]
    if not heading or not values:
        return None
    # KoBo writes the groups that a question stands in before it.
    printed = heading.rsplit("/", 1)[-1]
    texts = [cells.text(value) or "" for value in values]
    for level, pattern in _CODES.items():
        if all(pattern.fullmatch(text) for text in texts):
            known = level == COMMUNITY or all(map(places.written, texts))
            return _place(heading, level, "code", known)
    named = _level_named(printed)
    if named is not None:
        return _place(heading, named, "name", all(_named(text, named) for text in texts))
    if _DAY.search(cells.heading(printed)) or _DAY.search(printed):
        return _Meaning("day", heading, {}, all(map(_is_day, values)))
    return _counting(heading, printed, values)


def _level_named(printed: str) -> str | None:
    """The level of the places that a column names."""
    role = dtm_workbook.place_role(cells.heading(printed))
    if role is not None and role[1] == "name" and role[0] in range(1, 4):
        return f"admin{role[0]}"
    plain = cells.heading(printed)
    return next(
        (level for level, of in _PLACES if of.fullmatch(printed) or of.fullmatch(plain)), None
    )


def names_places(heading: str) -> bool:
    """Whether a column names places, of whatever level."""
    return _level_named(heading) is not None or names_locations(heading)


def names_locations(heading: str) -> bool:
    """Whether a column names communities, camps or other locations within a sub-district."""
    if _LOCATIONS.search(heading.casefold()):
        return True
    role = dtm_workbook.place_role(cells.heading(heading))
    return role is not None and role[0] == LOCATION


def _place(heading: str, level: str, by: str, known: bool) -> _Meaning:
    why = "" if known else "some of its places are in no table"
    return _Meaning("place", heading, {"level": level, "by": by}, known, why)


def _named(name: str, level: str) -> bool:
    try:
        places.resolve(name, level)
    except places.AmbiguousPlace:
        return True  # the level above says which
    except places.UnknownPlace:
        return False
    return True


def _is_day(value: Any) -> bool:
    try:
        cells.day(value)
    except ValueError:
        return False
    return True


def _counting(heading: str, question: str, values: Sequence[Any]) -> _Meaning | None:
    numbers = [v for v in values if cells.missing(v) is None]
    if not numbers or not any(map(cells.is_count, numbers)):
        return None
    plain = cells.heading(question)
    role = dtm_workbook.count_role(plain)
    counted = bool(_FAMILIES.search(plain) or _PEOPLE.search(plain) or _FAMILIES.search(question))
    group, unit = (role.group, role.unit) if role else _by_words(question, plain)
    if group is None and not counted:
        return None
    whole = all(map(cells.is_count, numbers))
    why = ""
    if group is None:
        group, why = "IDP", "it does not say whom it counts"
    elif role is None:
        why = "only some of its words are known"
    elif role.part:
        why = "it counts a part"
    elif group == dtm_workbook.RETURNEES:
        group, why = "RDP", "RDP if they were displaced within the country, RET if they came back"
    elif not counted:
        why = "it does not say people or families"
    elif not whole:
        why = "some of its cells are no whole numbers"
    if _WINDOW.search(plain):
        why = "it counts within a period: measure flow, and period_start at the top"
    fields = {"group": str(group), "measure": "stock", "unit": unit}
    return _Meaning("count", heading, fields, not why, why)


def _by_words(heading: str, plain: str) -> tuple[str | None, str]:
    unit = "families" if _FAMILIES.search(heading) or _FAMILIES.search(plain) else "people"
    for words, text in ((_ARABIC, heading), (_TURKISH, plain)):
        for group, pattern in words:
            if pattern.search(text):
                return group, unit
    for group, pattern in (
        ("RDP", re.compile(r"\breturn")),
        ("IDP", re.compile(r"\b(idps?|displac)")),
        ("POP", re.compile(r"\b(population|residents?)\b")),
        ("HST", re.compile(r"\bhosts?\b")),
    ):
        if pattern.search(plain):
            return group, unit
    return None, unit


def is_total(values: Sequence[Any]) -> bool:
    """Whether a row is the table's own sum of those above it."""
    first = next((text for value in values if (text := cells.text(value))), "")
    return cells.heading(first) in TOTALS


TOTALS: Final = frozenset(
    {"total", "grand total", "sum", "toplam", "genel toplam", "المجموع", "الاجمالي", "الإجمالي"}
)
"""First cells of rows that are the table's own sums, as `cells.heading` writes them."""


def _written(document: Document, grid: Sheet | None, row: int, table: Table) -> str:
    meant = {at: _meaning(table, at) for at in range(len(table.headings)) if table.headings[at]}
    days = [one for one in meant.values() if one and one.sort == "day"]
    kept = _not_said_twice([one for one in meant.values() if one and one.sort != "day"])
    left = [
        table.headings[at] for at, one in meant.items() if one is None or one not in (*kept, *days)
    ]
    lines = [
        f"# What the columns of {document.name} mean. What stands behind # is not certain:",
        "# mend it and take the # away, or leave it out.",
        *([f"sheet = {_quoted(grid.name)}"] if grid else []),
        f"heading_row = {row}",
        f"dataset = {_quoted(document.name.rsplit('.', 1)[0])}",
        *_day_lines(document, days),
        f"sum_rows = {str(_has_parts(table, kept)).lower()}",
        f"leave_out = [{', '.join(map(_quoted, left))}]",
        *(['caveat = "sites_only"'] if any(map(_of_sites, table.headings)) else []),
        "",
    ]
    for one in kept:
        mark = "" if one.certain else "# "
        lines += [f"# {one.why}:"] if one.why else []
        lines += [*(mark + line for line in one.lines), ""]
    return "\n".join(lines)


def _of_sites(heading: str) -> bool:
    """Whether the table lists camps: its people are not all who live in the place."""
    return bool(
        re.search(r"\b(camps?|sites?|kamp\w*)\b", cells.heading(heading)) or "مخيم" in heading
    )


def _day_lines(document: Document, days: Sequence[_Meaning]) -> list[str]:
    if len(days) == 1 and days[0].certain:
        return list(days[0].lines)
    found = cells.month(document.name)
    near = "2026-01-31"
    if found and found[0]:
        near = f"{found[0]}-{found[1]:02d}-{calendar.monthrange(found[0], found[1])[1]}"
    return [
        "# which day do the rows speak of?",
        f'# as_of = "{near}"',
        *(f"# {line}" for one in days for line in one.lines),
    ]


def _not_said_twice(found: list[_Meaning]) -> list[_Meaning]:
    """Of a place that is given by code and by name, the code."""
    coded = {one.fields["level"] for one in found if one.fields.get("by") == "code"}
    return [
        one
        for one in found
        if one.sort != "place" or one.fields["by"] == "code" or one.fields["level"] not in coded
    ]


def _has_parts(table: Table, kept: Sequence[_Meaning]) -> bool:
    """Whether several rows lie in one of the finest places that may leave the reader."""
    known = [one for one in kept if one.sort == "place" and one.fields["level"] != COMMUNITY]
    if not known:
        return False
    finest = max(known, key=lambda one: LEVELS.index(one.fields["level"]))
    at = table.headings.index(finest.heading)
    texts = [cells.text(values[at]) for _, values in table.rows]
    return len(set(texts)) < len(texts)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
