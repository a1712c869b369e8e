"""The counts of a DTM workbook by place: locations added up, and totals held against their parts.

A round lists every location of the country once, so that its rows are one complete partition of
what it counts and may be added: to sub-districts, districts, governorates and the country. A total
that the workbook prints stands as printed. Pure.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np

from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.publishers import cells
from pipelines.publishers.dtm_columns import Column
from pipelines.publishers.dtm_workbook import KINDS, RESIDENTS, Counted, Heading, place_role
from pipelines.publishers.syrian_places import (
    COUNTRY,
    LOCATION,
    Rows,
    depth,
    parent_place,
    places_of_rows,
)
from pipelines.publishers.workbook import Sheet, cell_name

NEAR: Final = 0.1
"""How far from the sum of its locations a row may be that does not call itself their total."""
FEWEST_PARTS: Final = 2
"""Locations whose sum a row is hardly by chance, and numbers in which it is."""
FEWEST_ALIKE: Final = 3
MOSTLY: Final = 0.9
"""How many rows, and which share of those that could, show what a column holds."""
PARTITION: Final = ("RDP", "IDP", "RET")
"""With the residents they make up the total population that IOM prints."""


class Key(NamedTuple):
    """What is counted of whom at a place: one number of a round."""

    place: str
    group: str
    unit: str
    category: str


class Value(NamedTuple):
    """A number and where it stands. `exact` is before fractions of a person were cut off."""

    exact: float
    missing: str | None
    raw: str | None
    sheet: int
    column: int
    first: int
    last: int
    rows: int
    summed: bool

    @property
    def whole(self) -> int | None:
        """Whole people; what IOM's estimates have beyond is cut off after everything is added."""
        return None if self.missing else math.floor(round(self.exact, 6))

    @property
    def locator(self) -> str:
        """Where it stands in the workbook."""
        top = cell_name(self.first, self.column)
        if self.rows == 1:
            return f"sheet {self.sheet}, {top}"
        end = cell_name(self.last, self.column)
        return f"sheet {self.sheet}, {top} to {end}, summed from {self.rows} rows"


@dataclass
class Counts:
    """What a workbook counts.

    Attributes:
        values: Every number, printed or summed.
        printed: Place to the names of its governorate, district and sub-district as printed.
        off: What the parts of a published total add to, where it is something else.
        lists_camps: Whether camps are locations of their own; None where no kinds are given.
        remarks: Sentences for the run's report.
    """

    values: dict[Key, Value] = field(default_factory=dict)
    printed: dict[str, tuple[str | None, ...]] = field(default_factory=dict)
    off: dict[Key, int] = field(default_factory=dict)
    lists_camps: bool | None = None
    remarks: list[str] = field(default_factory=list)


def counts_of(document: Document, data: Sequence[tuple[Sheet, Heading, list[Column]]]) -> Counts:
    """The numbers of all sheets together, with the totals that none of them prints.

    Raises:
        SourceChanged: Rows name no place, stand twice or contradict one another.
        UnknownPlace: A code or name is in no table.
    """
    counts = Counts()
    published: dict[Key, Value] = {}
    summed: dict[Key, Value] = {}
    for sheet, heading, columns in data:
        _read_sheet(document, counts, sheet, heading, columns, published, summed)
    counts.values = summed | published
    add_upwards(counts)
    counts.off = _totals_that_do_not_add(counts.values)
    for key, total in published.items():
        parts = summed[key].whole if key in summed else None
        if total.whole is not None and parts is not None and total.whole != parts:
            counts.off[key] = parts
    _must_hold_their_parts(counts, document)
    counts.off |= _populations_that_do_not_add(counts.values)
    return counts


def _must_hold_their_parts(counts: Counts, document: Document) -> None:
    """A total far below its own parts is one of some of them, such as of a region or a filter.

    Raises:
        SourceChanged: One is.
    """
    for key, parts in counts.off.items():
        total = counts.values[key]
        if total.whole is not None and total.whole < (1 - NEAR) * parts:
            raise SourceChanged(
                f"{document.name} gives {total.whole:,} as {key.group} of {key.place} "
                f"({total.locator}) where its parts add to {parts:,}; delete the row where it is "
                "the total of some of them."
            )


def _read_sheet(
    document: Document,
    counts: Counts,
    sheet: Sheet,
    heading: Heading,
    columns: list[Column],
    published: dict[Key, Value],
    summed: dict[Key, Value],
) -> None:
    """Add a sheet's counts to those published of places and those summed from their locations."""
    where = f"{document.name}, sheet {sheet.number}"
    empty = np.all([np.isnan(column.numbers) for column in columns], axis=0)
    rows = places_of_rows(sheet, heading.bottom + 1, heading.places, empty, where)
    counts.printed = rows.printed | counts.printed
    counts.remarks += rows.remarks
    _remark_hidden(sheet, heading, rows, columns, counts, where)
    _remark_fractions(heading, columns, counts, where)
    _must_be_totals(sheet, rows, columns, heading, where)
    _must_be_no_sums(rows, columns, where)
    _must_be_apart(rows, columns, heading, where)
    _must_be_one_round(sheet, heading, rows, where)
    if rows.location.any():
        counts.remarks += _must_not_repeat(sheet, heading, rows, columns, where)
    kinds, names = _kinds(sheet, heading, rows, counts, where)
    splits = _has_several_kinds(rows, kinds, names)
    if names:
        counts.lists_camps = bool(counts.lists_camps) or "camp" in names
    for column in _with_wholes(columns):
        for key, value in _printed(column, rows, sheet):
            _keep(published, key, value, document)
        for key, value in added(column, rows, rows.place, "", sheet):
            _keep(summed, key, value, document, whole=True)
        for number, name in enumerate(names if splits.any() and not column.counted.part else ()):
            of_kind = np.where((kinds == number) & splits, rows.place, -1)
            for key, value in added(column, rows, of_kind, name, sheet):
                _keep(summed, key, value, document, whole=True)


def _remark_hidden(
    sheet: Sheet,
    heading: Heading,
    rows: Rows,
    columns: Sequence[Column],
    counts: Counts,
    where: str,
) -> None:
    used = np.flatnonzero(rows.place >= 0) + rows.start
    hidden = sorted(sheet.hidden_rows & set(used.tolist()))
    if hidden:
        counts.remarks.append(
            f"{where}: {len(hidden):,} hidden rows were read, the first is row {hidden[0] + 1}."
        )
    for column in columns:
        if column.index in sheet.hidden_columns:
            printed = heading.printed[column.index]
            counts.remarks.append(f"{where}: the column {printed!r} is hidden, and was read.")


def _remark_fractions(
    heading: Heading, columns: Sequence[Column], counts: Counts, where: str
) -> None:
    for column in columns:
        found = int((column.numbers % 1 > 0).sum())
        if found:
            counts.remarks.append(
                f"{where}: {found:,} estimates of {heading.printed[column.index]!r} have fractions "
                "of a person, which are cut off once all rows of a place are added."
            )


def _with_wholes(columns: Sequence[Column]) -> list[Column]:
    """The columns and, where arrivals stand in two parts alone, both together as their whole."""
    found = list(columns)
    for unit in ("people", "families"):
        own = [c for c in columns if (c.counted.group, c.counted.unit) == ("RET", unit)]
        if len(own) != 2 or any(not c.counted.part for c in own):
            continue
        both = own[0].numbers + own[1].numbers
        missing = {**own[0].missing, **own[1].missing}
        found.append(Column(Counted("RET", unit), own[0].index, both, missing))
    return found


def _kinds(
    sheet: Sheet, heading: Heading, rows: Rows, counts: Counts, where: str
) -> tuple["np.ndarray[Any, np.dtype[np.intp]]", list[str]]:
    """For each row its kind of location, and the kinds; none where one is not known."""
    nothing = np.full(len(rows.place), -1, dtype=np.intp)
    if heading.kind is None:
        return nothing, []
    values = sheet.column(heading.kind, heading.bottom + 1)
    kinds = {v: KINDS.get(cells.heading(str(v))) for v in set(values)}
    # A row of totals is of no kind, and may say so in this column.
    used = [v for v, is_one in zip(values, rows.location, strict=True) if is_one]
    strange = sorted({str(v) for v in used if kinds[v] is None})
    if strange:
        named = ", ".join(repr(v[:30]) for v in strange[:4])
        counts.remarks.append(f"{where}: no split by kind of location, since {named} is not known.")
        return nothing, []
    names = sorted({kind for v in used if (kind := kinds[v]) is not None})
    order = {name: number for number, name in enumerate(names)}
    return np.array([order.get(kinds[v] or "", -1) for v in values], dtype=np.intp), names


def _has_several_kinds(
    rows: Rows, kinds: "np.ndarray[Any, np.dtype[np.intp]]", names: Sequence[str]
) -> "np.ndarray[Any, np.dtype[np.bool_]]":
    """For each row whether its place has locations of several kinds, or camps alone.

    Elsewhere the only kind would say the whole a second time. In a round that lists no camps
    they are not distinguished: what is a community in one is a neighbourhood in the next.
    """
    split = np.zeros(len(rows.place), dtype=bool)
    for place in range(len(rows.codes)) if "camp" in names else ():
        own = rows.place == place
        there = {names[k] for k in np.unique(kinds[own]) if k >= 0}
        split |= own if len(there) > 1 or there == {"camp"} else False
    return split


def _printed(column: Column, rows: Rows, sheet: Sheet) -> Iterator[tuple[Key, Value]]:
    """The counts of rows that are about a whole place."""
    counted = column.counted
    for at in np.flatnonzero((rows.place >= 0) & ~rows.location).tolist():
        number = float(column.numbers[at])
        missing = column.missing.get(at) if math.isnan(number) else None
        printed = raw(sheet.rows[rows.start + at][column.index])
        if math.isnan(number) and missing is None:
            missing = "not_reported"
        key = Key(rows.codes[rows.place[at]], counted.group, counted.unit, counted.part)
        row = rows.start + at
        yield key, Value(number, missing, printed, sheet.number, column.index, row, row, 1, False)


def raw(value: Any) -> str | None:
    """A cell as printed; None where nothing stands there."""
    if value is None or value == "":
        return None
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()


def added(
    column: Column,
    rows: Rows,
    place: "np.ndarray[Any, np.dtype[np.intp]]",
    kind: str,
    sheet: Sheet,
) -> Iterator[tuple[Key, Value]]:
    """The locations of each place together; without a number where one of them has none."""
    at = np.flatnonzero((place >= 0) & rows.location)
    if not len(at):
        return
    own, numbers, size = place[at], column.numbers[at], len(rows.codes)
    blank = np.isnan(numbers)
    sums = np.bincount(own, np.where(blank, 0.0, numbers), minlength=size)
    gaps = np.bincount(own, blank, minlength=size)
    many = np.bincount(own, minlength=size)
    first = np.full(size, -1)
    first[own[::-1]] = at[::-1]
    last = np.full(size, -1)
    last[own] = at
    reasons: dict[int, Counter[str]] = {}
    for row in at[blank].tolist():
        reason = column.missing.get(row, "not_reported")
        reasons.setdefault(int(place[row]), Counter())[reason] += 1
    counted, part = column.counted, column.counted.part or kind
    for number in np.flatnonzero(many).tolist():
        missing = reasons[number].most_common(1)[0][0] if gaps[number] else None
        yield (
            Key(rows.codes[number], counted.group, counted.unit, part),
            Value(
                float(sums[number]),
                missing,
                None,
                sheet.number,
                column.index,
                rows.start + int(first[number]),
                rows.start + int(last[number]),
                int(many[number]),
                True,
            ),
        )


def _keep(
    found: dict[Key, Value], key: Key, value: Value, document: Document, *, whole: bool = False
) -> None:
    """A count once; two sheets may repeat it, and may not contradict one another.

    Of two that are a `whole` by their own rows, one without a number is no other's repetition.
    """
    before = found.get(key)
    if before is None or (before.missing and (value.missing or not whole)):
        found[key] = value
    elif value.whole != before.whole and (whole or value.whole is not None):
        both = " and ".join(
            f"{'no number' if v.whole is None else f'{v.whole:,}'} at {v.locator}"
            for v in (before, value)
        )
        raise SourceChanged(
            f"{document.name} gives {key.group} of {key.place} twice: {both}; delete or hide what "
            "is not the whole."
        )


def _must_be_one_round(sheet: Sheet, heading: Heading, rows: Rows, where: str) -> None:
    """A table of several rounds below one another would be added up to one."""
    for index in heading.rounds:
        values = sheet.column(index, rows.start)
        texts = {cells.text(v) for v, at in zip(values, rows.place, strict=True) if at >= 0}
        rounds = sorted(text for text in texts if text)
        if len(rounds) > 1:
            raise SourceChanged(
                f"{where}: {heading.printed[index]!r} says {' and '.join(rounds[:3])}; a sheet "
                "holds one round."
            )


def _must_be_totals(
    sheet: Sheet, rows: Rows, columns: Sequence[Column], heading: Heading, where: str
) -> None:
    """A row without a location's name among locations is their total, or a location that lost it.

    Raises:
        SourceChanged: It is far below what its locations add to, or does not call itself a total
            and is far above: a part would stand for the whole.
    """
    if not rows.location.any():
        return
    for at in np.flatnonzero((rows.place >= 0) & ~rows.location).tolist():
        code = rows.codes[rows.place[at]]
        inside = [n for n, other in enumerate(rows.codes) if code in (COUNTRY, other[: len(code)])]
        own = rows.location & np.isin(rows.place, inside)
        for column in columns if own.any() else ():
            number, parts = float(column.numbers[at]), column.numbers[own]
            added_up = float(np.nansum(parts))
            known = not rows.total[at] and not np.isnan(parts).any()
            if number < (1 - NEAR) * added_up or (known and number > (1 + NEAR) * added_up):
                raise SourceChanged(
                    f"{where}, row {rows.start + at + 1} names {code} and no location, and has "
                    f"{number:,.0f} of {heading.printed[column.index]!r} where its locations add "
                    f"to {added_up:,.0f}; "
                    + (
                        "a total of the rows that a filter shows is none, delete it."
                        if rows.total[at]
                        else "name the location, or write Total where it is one."
                    )
                )


def _must_be_no_sums(rows: Rows, columns: Sequence[Column], where: str) -> None:
    """A total under some other name among the locations would count everybody twice.

    Raises:
        SourceChanged: A row counts in each column what all other locations of its place count.
    """
    counts = np.nan_to_num(np.array([column.numbers for column in columns]))
    counts[:, ~rows.location | (rows.place < 0)] = 0
    used = np.flatnonzero(counts.any(axis=0))
    if not len(used):
        return
    place, numbers = rows.place[used], counts[:, used]
    size = len(rows.codes)
    totals = np.array([np.bincount(place, row, minlength=size) for row in numbers])
    enough = np.bincount(place, minlength=size)[place] >= FEWEST_PARTS + 1
    same = (2 * numbers == totals[:, place]).all(axis=0) & enough
    telling = np.zeros(len(used), dtype=bool)
    for one in np.flatnonzero(same).tolist():
        telling[one] = len(set(numbers[:, one].tolist()) - {0.0}) >= FEWEST_PARTS
    apart, all_places = (len(set(place[rows_].tolist())) for rows_ in (same, enough))
    if (apart > 1 and 2 * apart >= all_places) or telling.any():
        found = used[telling] if telling.any() else used[same]
        at = int(found[0])
        raise SourceChanged(
            f"{where}, row {rows.start + at + 1} counts exactly what all other locations of "
            f"{rows.codes[rows.place[at]]} count together; write Total into it where it is one."
        )


def _must_be_apart(rows: Rows, columns: Sequence[Column], heading: Heading, where: str) -> None:
    """Returnees and arrivals from abroad are two groups: some call both together returnees.

    Raises:
        SourceChanged: The population that is printed is made by residents, IDPs and returnees
            alone, wherever somebody came from abroad.
    """
    by_role = {(c.counted.group, c.counted.part): c for c in columns if c.counted.unit == "people"}
    named = [("POP", ""), ("POP", RESIDENTS), ("IDP", ""), ("RDP", "")]
    arrived = [c for c in _with_wholes(columns) if c.counted == Counted("RET", "people")]
    if not arrived or not all(role in by_role for role in named):
        return
    total, *parts = (by_role[role].numbers for role in named)
    came = (rows.place >= 0) & (arrived[0].numbers > 0)
    alone = came & (np.abs(total - sum(parts)) < 1)
    if int(alone.sum()) >= FEWEST_ALIKE and alone.sum() > MOSTLY * came.sum():
        printed = heading.printed[by_role["RDP", ""].index]
        raise SourceChanged(
            f"{where}: {printed!r} seems to hold the arrivals from abroad too, since the "
            "population is made without them; give the returnees from within Syria alone."
        )


def _must_not_repeat(
    sheet: Sheet, heading: Heading, rows: Rows, columns: Sequence[Column], where: str
) -> list[str]:
    """One location counts once: no row stands twice, nor do a location's codes with its name.

    A quarter may have the code of its town, beside its own or alone: codes that repeat with other
    names are remarked and counted.

    Returns:
        Remarks.

    Raises:
        SourceChanged: A location that counts somebody stands twice.
    """
    start = rows.start
    _must_be_seen_once([tuple(row) for row in sheet.rows[start:]], rows, columns, where)
    coded = [
        index
        for index, printed in heading.printed.items()
        if place_role(cells.heading(printed)) == (LOCATION, "code")
    ]
    if not coded:
        return _names_again(sheet, heading, rows, columns, where)
    codes = list(zip(*(sheet.column(index, start) for index in coded), strict=True))
    if len(set(codes)) == len(codes):
        return []
    named = heading.places.get((LOCATION, "name"))
    names: Sequence[Any] = codes
    if named is not None:
        names = [str(v).strip().casefold() for v in sheet.column(named, start)]
    both = [(*code, name) if any(code) else () for code, name in zip(codes, names, strict=True)]
    _must_be_seen_once(both, rows, columns, where)
    seen: dict[tuple[Any, ...], int] = {}
    again = [
        at
        for at, code in enumerate(codes)
        if rows.location[at] and any(code) and both[seen.setdefault(code, at)] != both[at]
    ]
    if not again:
        return []
    sentence = f"{len(again):,} rows have a location's code that another row has under another name"
    return [f"{where}: {sentence}, and are counted; the first is row {start + again[0] + 1}."]


def _names_again(
    sheet: Sheet, heading: Heading, rows: Rows, columns: Sequence[Column], where: str
) -> list[str]:
    """A remark where nothing but names tells locations apart, and one stands twice.

    Two camps may well bear one name; one that was listed twice is counted twice.
    """
    named = heading.places.get((LOCATION, "name"))
    if named is None:
        return []
    counting = {index for indexes in heading.counts.values() for index in indexes}
    rest = [i for i in range(len(sheet.rows[rows.start - 1])) if i not in counting]
    _must_be_seen_once(
        [tuple(row[i] for i in rest) for row in sheet.rows[rows.start :]], rows, columns, where
    )
    names = [cells.text(value) for value in sheet.column(named, rows.start)]
    keys = [(int(p), n.casefold()) if n else () for p, n in zip(rows.place, names, strict=True)]
    counted = np.any([column.numbers > 0 for column in columns], axis=0)
    again = first_repeat(keys, rows.location & counted)
    if again is None:
        return []
    at, first = again
    sentence = f"row {rows.start + at + 1} has the name of the location of row"
    return [
        f"{where}: {sentence} {rows.start + first + 1}, no code tells them apart, both are counted."
    ]


def _must_be_seen_once(
    keys: Sequence[tuple[Any, ...]], rows: Rows, columns: Sequence[Column], where: str
) -> None:
    """No two locations that count somebody say the same."""
    counted = np.any([column.numbers > 0 for column in columns], axis=0)
    if again := first_repeat(keys, rows.location & counted):
        at, first = again
        raise SourceChanged(
            f"{where}, row {rows.start + at + 1} repeats the location of row "
            f"{rows.start + first + 1}; one location counts once."
        )


def first_repeat(
    keys: Sequence[tuple[Any, ...]], asked: "np.ndarray[Any, np.dtype[np.bool_]]"
) -> tuple[int, int] | None:
    """The first of some rows that says what an earlier one says, and that one; None without.

    Args:
        keys: What each row says, of the sheet's data rows from 0; one that says nothing is none.
        asked: Which rows are meant.
    """
    seen: dict[tuple[Any, ...], int] = {}
    for at in np.flatnonzero(asked).tolist():
        first = seen.setdefault(keys[at], at) if any(keys[at]) else at
        if first != at:
            return at, first
    return None


def add_upwards(counts: Counts) -> None:
    """Districts, governorates and the country, where the workbook does not print them itself."""
    for level in (3, 2, 1):
        parts: dict[Key, list[Value]] = {}
        for key, value in counts.values.items():
            above = parent_place(key.place) if depth(key.place) == level else None
            if above is not None:
                parts.setdefault(Key(above, *key[1:]), []).append(value)
        for key, values in parts.items():
            if key not in counts.values:
                counts.values[key] = _together(values)
    for place in {key.place for key in counts.values} - set(counts.printed):
        level = depth(place)
        below = (names for code, names in counts.printed.items() if code.startswith(place))
        counts.printed[place] = next((n[:level] for n in below if len(n) >= level), ())


def _together(values: Sequence[Value]) -> Value:
    reasons = Counter(value.missing for value in values if value.missing)
    of_one = [v for v in values if (v.sheet, v.column) == (values[0].sheet, values[0].column)]
    return Value(
        math.fsum(value.exact for value in values if not value.missing),
        reasons.most_common(1)[0][0] if reasons else None,
        None,
        values[0].sheet,
        values[0].column,
        min(value.first for value in of_one),
        max(value.last for value in of_one),
        sum(value.rows for value in values),
        True,
    )


def _totals_that_do_not_add(values: Mapping[Key, Value]) -> dict[Key, int]:
    """What the parts of a published total add to, where it is something else.

    The parts are the next level below that the workbook has for the place; there is no remark where
    one of them has no number.
    """
    totals = {key for key, value in values.items() if not value.summed}
    below: dict[Key, dict[int, list[Value]]] = {}
    for key, value in values.items() if totals else ():
        above, level = parent_place(key.place), depth(key.place)
        while above is not None:
            total = Key(above, *key[1:])
            if total in totals:
                below.setdefault(total, {}).setdefault(level, []).append(value)
            above = parent_place(above)
    off = {}
    for key, levels in below.items():
        total_value = values[key]
        if total_value.whole is None:
            continue
        parts = levels[min(levels)]
        together = math.floor(round(math.fsum(p.exact for p in parts if not p.missing), 6))
        if not any(p.missing for p in parts) and together != total_value.whole:
            off[key] = together
    return off


def _populations_that_do_not_add(values: Mapping[Key, Value]) -> dict[Key, int]:
    """What residents and all others add to, where it is not the population that is printed."""
    off = {}
    for key, total in values.items():
        if key.group != "POP" or key.category:
            continue
        parts = [values.get(key._replace(category=RESIDENTS))]
        parts += [values.get(key._replace(group=group)) for group in PARTITION]
        given = [part for part in parts if part is not None and not part.missing]
        added = math.floor(round(math.fsum(part.exact for part in given), 6))
        if total.whole is not None and len(given) == len(parts) and added != total.whole:
            off[key] = added
    return off
