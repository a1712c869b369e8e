"""An office's own table, read by a mapping that a person gave; nothing is published on a guess.

`nuzuh import any_table FILE --suggest` writes a mapping of what it recognises; `--map` reads by it.
Places are found by P-code or by exact name. Rows of communities are summed to their
sub-district, and nothing finer leaves the reader; a row that cannot be placed is named, and then
nothing is imported unless the person leaves it out by its number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import pyarrow as arrow

from data.gazetteer import places
from data.gazetteer.area import Area
from data.schema.tables import FIGURES
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.figures import table_of
from pipelines.forms import provenance, table_mapping
from pipelines.forms.table_mapping import COMMUNITY, LEVELS, Count, Table, TableMapping
from pipelines.publishers import cells
from pipelines.publishers.syrian_places import PART, TOTAL
from pipelines.source import Reading, brought_by_hand, file_of

NAME: Final = "any_table"
SHOWN: Final = 20
"""Faults that one sentence names."""


@dataclass(frozen=True)
class _Cell:
    row: int
    place: str
    day: date
    count: Count
    value: int | None
    missing: str | None
    raw: str | None


def read(documents: Sequence[Document], area: Area) -> Reading:
    """Figures of the office's own counts, by the finest place that may be published.

    Raises:
        SourceChanged: There is no mapping, it does not fit, or rows do not; each is named.
    """
    if not documents:
        raise SourceChanged("No table was given; nothing was imported.")
    readings = [_read(document) for document in documents]
    return Reading(
        arrow.concat_tables([reading.figures for reading in readings]),
        remarks=tuple(remark for reading in readings for remark in reading.remarks),
    )


def _read(document: Document) -> Reading:
    stated = provenance.of(document.query, document.url)
    if stated.mapping is None:
        raise SourceChanged(
            f"Nobody said what the columns of {document.name} mean; write a mapping with "
            f"`nuzuh import {NAME} {document.name} --suggest`, look at it, and give it with --map."
        )
    absent = [
        option
        for option, value in (
            ("--publisher", stated.publisher),
            ("--published-on", stated.published_on),
            ("--url", stated.address),
        )
        if not value
    ]
    if absent:
        raise SourceChanged(f"Say whose table {document.name} is: {', '.join(absent)} is missing.")
    mapping = table_mapping.parsed(stated.mapping)
    table = table_mapping.table_of(document, mapping)
    found, faults, remarks = _cells(table, mapping, document)
    faults += [
        f"row {cell.row}: it speaks of {cell.day} and was published on {stated.published_on}"
        for cell in found
        if stated.published_on is not None and cell.day > stated.published_on
    ]
    if faults:
        named = list(dict.fromkeys(faults))
        more = f"; and {len(named) - SHOWN:,} more" if len(named) > SHOWN else ""
        raise SourceChanged(
            f"Nothing was imported from {document.name}: {'; '.join(named[:SHOWN])}{more}. Mend "
            "these rows, or leave them out by their numbers as skip_rows of the mapping."
        )
    if not found:
        raise SourceChanged(
            f"No row of {document.name} has a count that its mapping names; check the mapping's "
            "columns and heading_row."
        )
    figures = _figures(found, mapping, table, document, stated)
    return Reading(figures, remarks=(*remarks, *_by_governorate(figures)))


def _cells(
    table: Table, mapping: TableMapping, document: Document
) -> tuple[list[_Cell], list[str], list[str]]:
    """Every count with its place and day, what is wrong with rows, and what is worth a remark."""
    at = _columns(table, mapping, document)
    found: list[_Cell] = []
    faults: list[str] = []
    left = [h for h in table.headings if h and h not in at and h not in mapping.leave_out]
    remarks = [f"Left out, and not named in the mapping: {', '.join(left)}."] if left else []
    # What tells one row from another beside its place, day and counts: without it two may be alike.
    communities = {p.column for p in mapping.places if p.level == COMMUNITY}
    known = {column for name, column in at.items() if name not in communities}
    naming = [n for n, name in enumerate(table.headings) if name and n not in known]
    hidden: list[int] = []
    seen: dict[tuple[str | None, ...], int] = {}
    for row, values in table.rows:
        if row in mapping.skip_rows or table_mapping.is_total(values):
            continue
        if row - 1 in table.hidden:
            hidden.append(row)
        first_row = seen.setdefault((*(cells.text(value) for value in values),), row)
        if first_row != row and any(
            cells.text(values[c]) for c in naming if not _is_number(values[c])
        ):
            faults.append(f"row {row}: it repeats row {first_row} in every cell")
        try:
            _must_be_whole(table, values, row, at)
            _must_be_no_total(table, values)
            place = _placed(mapping, at, values)
            day = mapping.as_of or cells.day(values[at[str(mapping.as_of_column)]])
            for count in mapping.counts:
                raw = values[at[count.column]]
                value = cells.count(raw)
                found.append(
                    _Cell(row, place, day, count, value, cells.missing(raw), cells.text(raw))
                )
        except ValueError as error:
            faults.append(f"row {row}: {str(error).rstrip('.')}")
    faults += _nameless(table, mapping)
    remarks += _communities_again(table, mapping)
    unseen = [name for name, column in at.items() if column in table.hidden_columns]
    if unseen:
        remarks.append(f"Columns that the workbook hides were read: {', '.join(unseen)}.")
    if hidden:
        told_rows = ", ".join(map(str, hidden[:5])) + ("…" if len(hidden) > 5 else "")
        remarks.append(f"Rows that the workbook hides were read: {told_rows}.")
    return found, [*faults, *_twice(found, mapping)], remarks


def _must_be_no_total(table: Table, values: Sequence[Any]) -> None:
    """A total or part of other rows would be added to them: it says so where a place is named.

    Raises:
        ValueError: It does.
    """
    for name, value in zip(table.headings, values, strict=False):
        text = cells.text(value) if isinstance(value, str) else None
        if text is None or not table_mapping.names_places(name):
            continue
        if TOTAL.search(text) or PART.search(text):
            what = "a total" if TOTAL.search(text) else "a part"
            raise ValueError(
                f"{text[:30]!r} in {name} is {what} of other rows; put it in skip_rows"
            )


def _nameless(table: Table, mapping: TableMapping) -> list[str]:
    """What is wrong with rows that name no community where others of their place do.

    They may be the place's total, which would be added to its own parts.
    """
    named = [n for n, name in enumerate(table.headings) if table_mapping.names_places(name)]
    finer = [n for n in named if table_mapping.names_locations(table.headings[n])]
    if not mapping.sum_rows or not finer:
        return []
    whole: dict[int, tuple[str | None, ...]] = {}
    split: set[tuple[str | None, ...]] = set()
    for row, values in table.rows:
        place = tuple(cells.text(values[n]) for n in named if n not in finer)
        if any(cells.text(values[n]) for n in finer):
            split.add(place)
        elif row not in mapping.skip_rows and any(place) and not table_mapping.is_total(values):
            whole[row] = place
    what = " and ".join(table.headings[n] for n in finer)
    return [
        f"row {row}: it names no {what} beside rows of its place that do; put it in skip_rows "
        "where it is their total"
        for row, place in whole.items()
        if place in split
    ]


def _communities_again(table: Table, mapping: TableMapping) -> list[str]:
    """A remark where a community stands twice with other numbers, and both are added."""
    named = [n for n, name in enumerate(table.headings) if table_mapping.names_places(name)]
    finer = [n for n in named if table_mapping.names_locations(table.headings[n])]
    if not mapping.sum_rows or not finer:
        return []
    seen: dict[tuple[str | None, ...], int] = {}
    again = []
    for row, values in table.rows:
        key = tuple(cells.text(values[n]) for n in named)
        if row in mapping.skip_rows or not any(cells.text(values[n]) for n in finer):
            continue
        first = seen.setdefault(key, row)
        again += [f"row {row} names the place of row {first}"] if first != row else []
    more = f" and {len(again) - 3:,} more" if len(again) > 3 else ""
    return [f"Added together, though {'; '.join(again[:3])}{more}."] if again else []


def _is_number(value: Any) -> bool:
    return isinstance(value, float) or cells.is_count(value)


def _must_be_whole(table: Table, values: Sequence[Any], row: int, at: Mapping[str, int]) -> None:
    """A row whose cells that are read are there, are no errors, and are as many as the heading's.

    In a CSV file a number with commas of its own becomes two cells, and those behind it move.

    Raises:
        ValueError: One of them is not.
    """
    for name, column in at.items():
        if (row - 1, column) in table.faults:
            raise ValueError(f"{name} has {table.faults[row - 1, column]}")
        if values[column] is None:
            raise ValueError("it ends before the heading does")
    width = max(number for number, name in enumerate(table.headings) if name) + 1
    if table.typed and any(map(cells.text, values[width:])):
        raise ValueError("it has more cells than the heading")


def _columns(table: Table, mapping: TableMapping, document: Document) -> dict[str, int]:
    wanted = [*(p.column for p in mapping.places), *(c.column for c in mapping.counts)]
    wanted += [mapping.as_of_column] if mapping.as_of_column else []
    absent = [name for name in wanted if name not in table.headings]
    if absent:
        twice = [h for h in table.headings if h.rsplit(" [", 1)[0] in absent]
        remedy = f" It stands twice; write {' or '.join(map(repr, twice))}." if twice else ""
        there = ", ".join(repr(name[:40]) for name in table.headings[:20] if name) or "nothing"
        remedy = remedy or f" Its row {mapping.heading_row} says {there}; mend the mapping."
        raise SourceChanged(
            f"{document.name} has no column {', '.join(map(repr, absent))}.{remedy}"
        )
    return {name: table.headings.index(name) for name in wanted}


def _placed(mapping: TableMapping, at: Mapping[str, int], values: Sequence[Any]) -> str:
    """The code of the finest place that the row names.

    Raises:
        ValueError: It names none, one that no table has, or two that do not belong together.
    """
    code: str | None = None
    for place in sorted(mapping.places, key=lambda place: LEVELS.index(place.level)):
        printed = cells.text(values[at[place.column]])
        if place.level == COMMUNITY:
            continue
        if printed is None:
            raise ValueError(f"{place.column} is empty")
        finer = _code(printed, place.level, place.by, code)
        if code is not None and code not in (finer, *places.ancestors(finer)):
            raise ValueError(f"{printed!r} does not lie in {code}")
        code = finer
    if code is None:
        raise ValueError("no place")
    return code


def _code(printed: str, level: str, by: str, within: str | None) -> str:
    if by == "name":
        return places.resolve(printed, level, within=within)
    code = places.written("".join(cells.digits(printed).split()))
    if code is None:
        raise ValueError(f"{printed!r} is no code of {level}")
    if places.row(code)["kind"] != level:
        raise ValueError(f"{code} is a {places.row(code)['kind']}, not a {level}")
    return code


def _twice(found: Sequence[_Cell], mapping: TableMapping) -> list[str]:
    """Rows that say one count of one place twice, where they are not parts of it."""
    if mapping.sum_rows:
        return []
    seen: dict[tuple[str, date, Count], int] = {}
    faults = []
    for cell in found:
        first = seen.setdefault((cell.place, cell.day, cell.count), cell.row)
        if first != cell.row:
            faults.append(f"row {cell.row}: {cell.place} stands in row {first} too")
    return list(dict.fromkeys(faults))


def _figures(
    found: Sequence[_Cell],
    mapping: TableMapping,
    table: Table,
    document: Document,
    stated: provenance.Provenance,
) -> arrow.Table:
    parts: dict[tuple[str, date, Count], list[_Cell]] = {}
    for cell in found:
        parts.setdefault((cell.place, cell.day, cell.count), []).append(cell)
    rows = [
        {
            "measure": count.measure,
            "population_group": count.group,
            "unit": count.unit,
            **places.codes(place),
            "reference_period_start": _start(count, mapping, day),
            "reference_period_end": day,
            "cumulative_since": count.since,
            "as_of": day,
            **_value(cells_, mapping),
            "locator": f"{document.name}: {table.label}{_rows(cells_)}, {count.column}",
        }
        for (place, day, count), cells_ in parts.items()
    ]
    return table_of(
        rows,
        publisher=stated.publisher,
        dataset=mapping.dataset or document.name,
        published_on=stated.published_on,
        known_from=stated.published_on,
        **file_of(document, stated.address),
    )


def _start(count: Count, mapping: TableMapping, day: date) -> date:
    if count.measure == "flow" and mapping.period_start is not None:
        return mapping.period_start
    return count.since or day


def _value(parts: Sequence[_Cell], mapping: TableMapping) -> dict[str, object]:
    """The one number, or the sum of those there are; a sum that lacks some says so."""
    numbers = [part.value for part in parts if part.value is not None]
    value = sum(numbers) if numbers else None
    caveats = [mapping.caveat] if mapping.caveat else []
    caveats += ["summed_from_parts"] if len(parts) > 1 else []
    caveats += ["partial_coverage"] if 0 < len(numbers) < len(parts) else []
    return {
        "value": value,
        "value_raw": parts[0].raw if len(parts) == 1 else None,
        "missing_reason": None if value is not None else parts[0].missing,
        "caveat": " ".join(caveats) or None,
    }


def _rows(parts: Sequence[_Cell]) -> str:
    first, last = parts[0].row, parts[-1].row
    return f"row {first}" if first == last else f"{len(parts):,} rows from {first} to {last}"


def _by_governorate(figures: arrow.Table) -> list[str]:
    """What each governorate adds up to: for whoever looks before it is published."""
    by = ["population_group", "unit", "as_of", "admin1_code"]
    shown = FIGURES.frame(figures.select([*by, "value"])).dropna()
    sums = shown.groupby(by, sort=True)["value"].sum()
    return [
        f"{places.row(str(code))['name_en']}: {int(value):,} {unit} ({group}, {day.date()})."
        for (group, unit, day, code), value in sums.items()
    ]


SOURCE: Final = brought_by_hand(
    name=NAME,
    title="An office's own table",
    publisher="The office that counted; each figure names it",
    homepage="https://www.unocha.org",
    licence="as its publisher says",
    attribution="Each figure names its publisher and address",
    late_after=timedelta(days=3650),
    read=read,
)
