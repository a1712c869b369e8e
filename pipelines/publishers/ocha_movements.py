"""The tables of OCHA's workbooks on movements of IDPs and returns: how each is laid out.

Three kinds, in any order, each under names that change from month to month: a month by community,
governorates by month since 2016, and origin by destination of a month. All of them count moves
within a month, never people. Footers, averages and yearly totals are no months. Pure.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from data.gazetteer import places
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.publishers import cells, dtm_sums, dtm_workbook
from pipelines.publishers.dtm_columns import Column
from pipelines.publishers.dtm_sums import Counts, Key, Value
from pipelines.publishers.dtm_workbook import Counted, Heading
from pipelines.publishers.syrian_places import COUNTRY, SYRIA, TOTAL, Rows, places_of_rows
from pipelines.publishers.workbook import Sheet, cell_name

Month = tuple[int, int]
ARRIVALS: Final = "IDP_ARR"
RETURNS: Final = "RDP"
UNIT: Final = "movements"
FEWEST: Final = 3
"""Months beside one another, or governorates, that make a table."""
ABOVE: Final = 4
"""Rows above a table's heading in which its title stands."""
_RETURNS: Final = re.compile(r"\b(ret|returns?|returnees?|returned)\b")
_IDPS: Final = re.compile(r"\b(idps?|displaced|displacements?|arrivals?)\b")
_BOTH: Final = re.compile(r"\b(and|or)\b")
_MOVES: Final = re.compile(r"\b(flows?|movements?|moves?|spontaneous)\b")
_ESTIMATE: Final = re.compile(r"\b(flows?|movements?|moves?|estimat\w*|arrivals?|returns?)\b")
_STOCK: Final = re.compile(r"\b(stocks?|present|living|residing|residents?|population|presence)\b")
_LEFT: Final = re.compile(
    r"\b(departures?|departed|outflows?|moved from|(by|of)( \w+){0,2} origins?)\b"
)
_CAME: Final = re.compile(r"\b(to|destinations?|arrivals?|arrived|inflows?|returns?|returnees?)\b")
_TYPE: Final = re.compile(r"^(idps? )?(or |and )?(ret|returns?|returnees?)( type)?$")
_SOME_TYPE: Final = re.compile(r"\btype\b|^group$")
_MONTH_COLUMN: Final = re.compile(r"\b(month|period|date)\b")
_NOT_A_COUNT: Final = re.compile(r"\b(codes?|pcodes?|lat\w*|lon\w*|months?|year|date|id)\b")
_YEAR: Final = re.compile(r"\D*((?:19|20)\d\d)(?:\.0)?\D*")
_OTHER_UNIT: Final = re.compile(r"\b(hhs?|house ?holds?|famil(y|ies)|percent|share|rank)\b")
_OF_YEARS: Final = re.compile(r"^(reporting )?years?$")
_NOWHERE: Final = re.compile(
    r"^(unknown|others?|not (specified|known|available)|unspecified|abroad|outside (of )?syria)$"
)
"""Origins and destinations that are no place."""
_SUM_OF_MONTHS: Final = re.compile(
    r"\b(total|sum|ytd|year to date|cumulative|average|avg|mean|change|percent|trend|share"
    r"|quarter|q[1-4]|half|annual|yearly)\b|^(?:(?:19|20)\d\d)$"
)
_FOOTER: Final = re.compile(
    r"\b(days?|daily|average|avg|mean|median|min\w*|max\w*|percent\w*|notes?|sources?|comments?"
    r"|remarks?|change|trend|rank)\b"
)
_FROM: Final = re.compile(r"\b(from|origins?|departures?|departed)\b")
_TO: Final = re.compile(r"\b(to|destinations?|arrivals?|arrived)\b")


@dataclass(frozen=True)
class Move:
    """Moves of one month: to a place, and where the table says it, from one.

    Attributes:
        table: `community`, `summary` (a table's own totals among them) or `origins`.
        place: Where people arrived or returned to.
        origin: Where they came from; None where the table does not say.
        group: ARRIVALS or RETURNS.
        month: Year and month.
        exact: The number as it stands, or added up; fractions are modelled moves.
        missing: Why there is none; None where there is one.
        raw: As printed; None for a sum.
        locator: Where it stands.
        summed: Whether rows were added.
        printed: Names of the governorate, district and sub-district as printed.
    """

    table: str
    place: str
    origin: str | None
    group: str
    month: Month
    exact: float
    missing: str | None
    raw: str | None
    locator: str
    summed: bool = False
    printed: tuple[str | None, ...] = ()


def group_in(text: str) -> str | None:
    """Whose moves a title or heading is about; None where it says neither or both."""
    text_ = cells.heading(text)
    returns, displaced = bool(_RETURNS.search(text_)), bool(_IDPS.search(text_))
    if returns and displaced and _BOTH.search(text_):
        return None
    return RETURNS if returns else ARRIVALS if displaced else None


def of_departures(title: str) -> bool:
    """Whether a title or heading is about where people left, and not where they came to."""
    text = cells.heading(title)
    return bool(_LEFT.search(text)) and not _CAME.search(text)


# A month by community ----------------------------------------------------------------------------


def by_community(
    sheet: Sheet, document: Document, month: Month | None
) -> tuple[list[Move], list[str]]:
    """Moves of a month, added up from communities; nothing where the sheet is no such table.

    Args:
        sheet: The sheet.
        document: Its workbook, for messages.
        month: The workbook's month, where the sheet has no column of months.

    Returns:
        The moves by sub-district, district, governorate and of the country, and remarks.

    Raises:
        SourceChanged: It says no month, or something else than a count stands where one belongs.
    """
    heading = dtm_workbook.find_heading(sheet)
    if heading is None or not any(level >= 1 for level, _ in heading.places):
        return [], []
    kind, months, counts = _roles(sheet, heading)
    titled = " ".join(heading.printed[c] for c in counts)
    of_moves = _MOVES.search(cells.heading(f"{titled} {sheet.name}"))
    if not counts or not (of_moves or kind is not None):
        return [], []
    start = heading.bottom + 1
    where = f"{document.name}, sheet {sheet.number}"
    if months is None and any(_OF_YEARS.search(cells.heading(t)) for t in heading.printed.values()):
        raise SourceChanged(f"{where} has a column of years and none of months; months are read.")
    owns = {c: group_in(heading.printed[c]) or group_in(sheet.name) for c in counts}
    _must_differ(owns, heading, kind, where)
    _must_count_moves(dtm_workbook.titles(sheet, heading), where)
    columns = {c: _numbers(sheet, c, start, where) for c in counts}
    empty = np.all([np.isnan(numbers) for numbers, _ in columns.values()], axis=0)
    rows = places_of_rows(sheet, start, heading.places, empty, where)
    # A total that says no month or no kind is one over several of them.
    stated = [c for c in (kind, months) if c is not None]
    vague = [any(row[c] == "" for c in stated) for row in sheet.rows[start:]]
    if rows.location.any():
        rows.place[np.array(vague, dtype=bool) & ~rows.location] = -1
    groups = _group_of_rows(sheet, rows, kind, where)
    of_rows = _month_of_rows(sheet, start, months, month, rows.place, where)
    moves: list[Move] = []
    _must_be_seen_once(sheet, rows, empty, where)
    for column, (numbers, missing) in columns.items():
        own = owns[column]
        # Of two columns a row fills one where nobody moved the other way: it lists no such moves.
        listed = np.array([v != "" for v in sheet.column(column, start)]) | empty
        place = np.where(listed, rows.place, -1)
        used = sorted({(m, g or own) for m, g, p in zip(of_rows, groups, place, strict=True)
                       if p >= 0 and m is not None}, key=str)  # fmt: skip
        for at, group in used:
            if group is None:
                raise SourceChanged(f"{where} does not say whether it counts IDPs or returns.")
            chosen = np.array(
                [m == at and (g or own) == group for m, g in zip(of_rows, groups, strict=True)]
            )
            counted = Column(Counted(group, UNIT), column, numbers, missing)
            moves += _summed(counted, rows, np.where(chosen, place, -1), sheet, at, where)
    return moves, [*rows.remarks, *_hidden(sheet, np.flatnonzero(rows.place >= 0) + start, where)]


def _must_count_moves(titles: Iterable[str], where: str) -> None:
    """A title may say that a table counts families, thousands or people who are there.

    Raises:
        SourceChanged: It does.
    """
    for title in titles:
        present = _STOCK.search(cells.heading(title)) and not _MOVES.search(cells.heading(title))
        unit = "people present" if present else cells.other_unit(title)
        unit = "running sums" if cells.says_running(title) else unit
        if unit is not None:
            raise SourceChanged(
                f"{where} counts {unit} by {title[:60]!r} where single moves belong; delete or "
                "hide the sheet."
            )


def _hidden(sheet: Sheet, used: Iterable[int], where: str) -> list[str]:
    """A remark on rows of data that the workbook does not show, and were read."""
    hidden = sorted(sheet.hidden_rows & {int(row) for row in used})
    if not hidden:
        return []
    return [f"{where}: {len(hidden):,} hidden rows were read, the first is row {hidden[0] + 1}."]


def _must_differ(
    owns: Mapping[int, str | None], heading: Heading, kind: int | None, where: str
) -> None:
    """Two columns of one kind of moves would be two months, or moves and families.

    Raises:
        SourceChanged: Which of them counts the moves is not stated.
    """
    groups = list(owns.values())
    if len(groups) > 1 and (kind is not None or len(set(groups)) < len(groups)):
        named = ", ".join(repr(heading.printed[c]) for c in owns)
        raise SourceChanged(
            f"{where}: several columns could be the moves: {named}; choosing one would be a guess."
        )


def _must_be_seen_once(
    sheet: Sheet, rows: Rows, empty: "np.ndarray[Any, np.dtype[np.bool_]]", where: str
) -> None:
    """A row of a community that stands twice, cell by cell, would count its moves twice."""
    keys = [tuple(row) for row in sheet.rows[rows.start :]]
    if again := dtm_sums.first_repeat(keys, rows.location & ~empty):
        at, first = again
        raise SourceChanged(
            f"{where}, row {rows.start + at + 1} repeats row {rows.start + first + 1}; moves "
            "of a community count once."
        )


def _roles(sheet: Sheet, heading: Heading) -> tuple[int | None, int | None, list[int]]:
    """The columns of the kind of move and of the month, and those that count."""
    kind = months = None
    counts = []
    taken = {*heading.places.values(), heading.kind}
    for column in range(max(map(len, sheet.rows[: heading.bottom + 2]))):
        printed = heading.printed.get(column, "")
        text = cells.heading(printed)
        values = [v for v in sheet.column(column, heading.bottom + 1) if v != ""]
        numeric = sum(isinstance(v, float) or cells.is_count(v) for v in values)
        if column in taken or not values:
            continue
        if _MONTH_COLUMN.search(text) and months is None and not _ESTIMATE.search(text):
            months = column
        elif numeric <= len(values) / 2:
            groups = sum(group_in(str(v)) is not None for v in values)
            # A column that is called so and says neither, "I" and "R", is refused by its row.
            if (
                groups > len(values) / 2
                or _TYPE.search(text)
                or (_SOME_TYPE.search(text) and groups)
            ):
                kind = column
        elif (
            not _NOT_A_COUNT.search(text)
            and not of_departures(printed)
            and not _OTHER_UNIT.search(text)
            and (_ESTIMATE.search(text) or group_in(printed))
        ):
            counts.append(column)
    return kind, months, counts


def _numbers(
    sheet: Sheet, column: int, start: int, where: str
) -> tuple["np.ndarray[Any, np.dtype[np.float64]]", dict[int, str]]:
    numbers = np.full(len(sheet.rows) - start, np.nan)
    missing: dict[int, str] = {}
    for at, value in enumerate(sheet.column(column, start)):
        number, reason = _number(sheet, start + at, column, value, where)
        if number is None:
            missing[at] = reason or "not_reported"
        else:
            numbers[at] = number
    return numbers, missing


def _number(
    sheet: Sheet, row: int, column: int, value: Any, where: str
) -> tuple[float | None, str | None]:
    """A number of moves, which OCHA may have modelled and then has fractions."""
    fault = sheet.faults.get((row, column))
    if fault is not None:
        raise SourceChanged(f"{where}, {cell_name(row, column)} has {fault}; mend the cell.")
    reason = cells.missing(value)
    if reason is not None:
        return None, reason
    if isinstance(value, float) and 0 <= value <= cells.MOST:
        return value, None
    try:
        number = cells.count(value)
    except cells.NotACount as error:
        raise SourceChanged(f"{where}, {cell_name(row, column)}: {error}.") from None
    return (None if number is None else float(number)), None


def _group_of_rows(sheet: Sheet, rows: Rows, kind: int | None, where: str) -> list[str | None]:
    """Whose moves each row counts; a row of data says it where any row does."""
    if kind is None:
        return [None] * len(rows.place)
    values = sheet.column(kind, rows.start)
    groups = [group_in(str(v)) if v != "" else None for v in values]
    for at, (value, group) in enumerate(zip(values, groups, strict=True)):
        if group is None and rows.place[at] >= 0:
            raise SourceChanged(
                f"{where}, row {rows.start + at + 1}: {str(value)[:30]!r} is neither IDPs nor "
                "returns."
            )
    return groups


def _month_of_rows(
    sheet: Sheet,
    start: int,
    column: int | None,
    month: Month | None,
    place: "np.ndarray[Any, np.dtype[np.intp]]",
    where: str,
) -> list[Month | None]:
    if column is None:
        if month is None:
            raise SourceChanged(
                f"{where} does not say its month; put it into the file's name, "
                "such as idp-movements-december-2021.xlsx."
            )
        return [month] * len(place)
    found: list[Month | None] = []
    for at, value in enumerate(sheet.column(column, start)):
        month_ = cells.month_of_column(value)
        if month_ is not None and month_[0] is None and month is not None and month[1] == month_[1]:
            month_ = month
        if place[at] >= 0 and (month_ is None or month_[0] is None):
            raise SourceChanged(
                f"{where}, row {start + at + 1} says no month: {str(value)[:30]!r}."
            )
        found.append(
            (month_[0], month_[1]) if month_ is not None and month_[0] is not None else None
        )
    return found


def _summed(
    column: Column,
    rows: Rows,
    place: "np.ndarray[Any, np.dtype[np.intp]]",
    sheet: Sheet,
    month: Month,
    where: str,
) -> Iterator[Move]:
    """Sums of the communities, and beside them the totals that the table prints itself."""
    counts = Counts(printed=dict(rows.printed))
    counts.values = dict(dtm_sums.added(column, rows, place, "", sheet))
    printed: dict[Key, Value] = {}
    for at in np.flatnonzero(np.where(rows.location, -1, place) >= 0).tolist():
        number = float(column.numbers[at])
        row = rows.start + at
        reason = column.missing.get(at) if np.isnan(number) else None
        cell = dtm_sums.raw(sheet.rows[row][column.index])
        key = Key(rows.codes[place[at]], column.counted.group, UNIT, "")
        value = Value(number, reason, cell, sheet.number, column.index, row, row, 1, False)
        first = printed.setdefault(key, value)
        if first is not value:
            raise SourceChanged(
                f"{where}, row {row + 1} gives {key.place} again, as row {first.first + 1} did; "
                "which of them counts it is not said."
            )
    if not rows.location.any():
        counts.values, printed = printed, {}
    dtm_sums.add_upwards(counts)
    for table, values in (("community", counts.values), ("summary", printed)):
        for key, value in values.items():
            yield Move(
                table,
                key.place,
                None,
                key.group,
                month,
                value.exact,
                value.missing,
                value.raw,
                value.locator,
                value.summed,
                counts.printed.get(key.place, ()),
            )


# Governorates by month ---------------------------------------------------------------------------


def summary(sheet: Sheet, document: Document) -> tuple[list[Move], list[str]]:
    """Moves by governorate and month, of every block of the sheet, and remarks.

    A total of a month in which no governorate has a number is a sum over nothing, and no zero.

    Raises:
        SourceChanged: A block does not say whose moves it counts, a label is no governorate, or
            one stands twice with different numbers.
    """
    heads = [(top, months) for top in range(len(sheet.rows)) if (months := _months(sheet, top))]
    moves: list[Move] = []
    remarks: list[str] = []
    for number, (top, months) in enumerate(heads):
        end = heads[number + 1][0] if number + 1 < len(heads) else len(sheet.rows)
        group = _group_above(sheet, top)
        if group is None:
            raise SourceChanged(
                f"{document.name}, sheet {sheet.number}, row {top + 1}: the table of months does "
                "not say whether it counts IDPs or returns."
            )
        above = sheet.rows[max(top - ABOVE, 0) : top]
        texts = [
            text for row in above for v in row if isinstance(v, str) and (text := cells.text(v))
        ]
        where = f"{document.name}, sheet {sheet.number}"
        if any(map(of_departures, [sheet.name, *texts])):
            remarks.append(
                f"{where}, row {top + 1}: a table of departures left out; movements are counted "
                "where people arrived."
            )
            continue
        _must_count_moves([sheet.name, *texts], where)
        block = _block(sheet, document, top, end, months, group)
        remarks += _hidden(sheet, range(top + 1, end) if block else (), where)
        moves += block
        remarks += _strange_columns(sheet, document, top, end, months)
    return moves, remarks


def _strange_columns(
    sheet: Sheet, document: Document, top: int, end: int, months: Mapping[int, Month]
) -> list[str]:
    """Columns of numbers among the months that are called neither a month nor a sum of some."""
    found = []
    for column in range(min(months), max(months) + 1):
        texts = [cells.text(row[column]) for row in sheet.rows[max(top - 1, 0) : top + 1]]
        label = next((text for text in reversed(texts) if text), "")
        known = any(text and _SUM_OF_MONTHS.search(cells.heading(text)) for text in texts)
        if column in months or known:
            continue
        if any(isinstance(row[column], float) and row[column] for row in sheet.rows[top + 1 : end]):
            found.append(
                f"{document.name}, sheet {sheet.number}, column of {cell_name(top, column)} left "
                f"out: {label[:30]!r} is no month."
            )
    return found


def _months(sheet: Sheet, top: int) -> dict[int, Month]:
    """Column to month of a row that names months; empty where it does not."""
    named = {
        column: in_heading
        for column, value in enumerate(sheet.rows[top])
        if not isinstance(value, float)
        and not _SUM_OF_MONTHS.search(cells.heading(str(value)))
        and (in_heading := cells.month_of_column(value)) is not None
    }
    if len(named) < FEWEST:
        return _serials(sheet.rows[top])
    years = _years(sheet, top)
    found = {}
    for column, (year, month) in named.items():
        at = year if year is not None else years.get(column)
        if at is None:
            return {}
        found[column] = (at, month)
    return found if len(set(found.values())) == len(found) else {}


def _serials(row: Sequence[Any]) -> dict[int, Month]:
    """Column to month where first days of months follow one another as numbers of days."""
    found: dict[int, Month] = {}
    for column, value in enumerate(row):
        if not isinstance(value, float) or value == 0:
            continue
        first = cells.month_of_column(value)
        if first is None or first[0] is None or cells.from_serial(value).day != 1:
            return {}
        found[column] = (first[0], first[1])
    follow = [year * 12 + month for year, month in found.values()]
    whole = len(found) >= FEWEST and follow == list(range(follow[0], follow[0] + len(follow)))
    return found if whole else {}


def _years(sheet: Sheet, top: int) -> dict[int, int]:
    """Column to the year that stands above it, or above the nearest column to its left."""
    for row in range(top - 1, max(top - ABOVE, -1), -1):
        found: dict[int, int] = {}
        year = None
        for column, value in enumerate(sheet.rows[row]):
            match = _YEAR.fullmatch(str(value))
            if match and not TOTAL.search(str(value)):
                year = int(match[1])
            if year is not None:
                found[column] = year
        if found:
            return found
    return {}


def _group_above(sheet: Sheet, top: int) -> str | None:
    """Whose moves a table counts, by the nearest row above that says it, or the sheet's name."""
    for row in range(top, max(top - ABOVE - 1, -1), -1):
        groups = {
            group
            for value in sheet.rows[row]
            if isinstance(value, str) and value and (group := group_in(value)) is not None
        }
        if len(groups) == 1:
            return groups.pop()
    return group_in(sheet.name)


def _block(
    sheet: Sheet,
    document: Document,
    top: int,
    end: int,
    months: Mapping[int, Month],
    group: str,
) -> list[Move]:
    where = f"{document.name}, sheet {sheet.number}"
    moves: list[Move] = []
    totals: list[Move] = []
    seen: dict[str, int] = {}
    for row in range(top + 1, end):
        values = sheet.rows[row]
        label = next((t for v in values[: min(months)] if (t := cells.text(v))), None)
        filled = any(isinstance(values[c], float) and values[c] for c in months)
        if label is None:
            if filled:
                raise SourceChanged(f"{where}, row {row + 1} has numbers and names no governorate.")
            continue
        place = _governorate(label)
        if dtm_workbook.place_role(cells.heading(label)) is not None:
            break  # the heading of another table
        if place is None:
            # What stands below the total of the country counts no place.
            footer = _FOOTER.search(cells.heading(label)) or COUNTRY in seen
            if filled and not footer and not group_in(label):
                raise places.UnknownPlace(label, "admin1")
            if footer or not filled:
                continue
            break  # the title of another table
        first = seen.setdefault(place, row)
        if first != row:
            if any(values[c] != sheet.rows[first][c] for c in months):
                raise SourceChanged(
                    f"{where}, row {row + 1} gives other numbers of {label[:30]!r} than row "
                    f"{first + 1}; a place stands once in a table."
                )
            continue
        for column, month in months.items():
            number, reason = _number(sheet, row, column, values[column], where)
            move = Move(
                "summary",
                place,
                None,
                group,
                month,
                float("nan") if number is None else number,
                reason,
                dtm_sums.raw(values[column]),
                f"sheet {sheet.number}, {cell_name(row, column)}",
                False,
                (label,) if place != COUNTRY else (),
            )
            (totals if place == COUNTRY else moves).append(move)
    counted = {move.month for move in moves if move.missing is None}
    return [m for m in (*moves, *totals) if m.month in counted]


def _governorate(label: str) -> str | None:
    """Its code; the country's for a total; None for anything else."""
    rest = " ".join(TOTAL.sub(" ", label).strip(" :-").split())
    if label.casefold() in SYRIA:
        return COUNTRY
    if TOTAL.search(label):
        return COUNTRY if not rest or rest.casefold() in ("syria", "idp", "idps") else None
    if re.fullmatch(r"SY\d{2}", label):
        return label if places.is_known_code(label) else None
    try:
        return places.resolve(label, "admin1")
    except places.UnknownPlace:
        return None


def not_understood(sheet: Sheet, document: Document) -> list[str]:
    """A remark where a sheet has numbers of governorates and none of them is read.

    A table of years says nothing that the months do not, and is left out quietly.
    """
    named = [at for at, row in enumerate(sheet.rows) if any(map(_named, row[:FEWEST]))]
    numbers = [at for at in named if sum(isinstance(v, float) for v in sheet.rows[at]) >= FEWEST]
    if len(numbers) < FEWEST:
        return []
    above = sheet.rows[max(numbers[0] - ABOVE, 0) : numbers[0]]
    if any(sum(bool(_YEAR.fullmatch(str(v))) for v in row) >= FEWEST for row in above):
        return []
    where = f"{document.name}, sheet {sheet.number}"
    return [f"{where} left out: it has numbers of governorates, and no row names their months."]


# Origin by destination ---------------------------------------------------------------------------


def origins(sheet: Sheet, document: Document, month: Month | None) -> tuple[list[Move], list[str]]:
    """Moves of a month from governorate to governorate, of every table of the sheet.

    Raises:
        SourceChanged: Something else than a number stands in a table.
    """
    moves: list[Move] = []
    remarks: list[str] = []
    where = f"{document.name}, sheet {sheet.number}"
    for top, row in enumerate(sheet.rows):
        across = {c: p for c, v in enumerate(row) if c and (p := _named(v)) is not None}
        corner = next((t for v in row[: min(across, default=0)] if (t := cells.text(v))), "")
        if len(across) < FEWEST - 1 or top + 1 >= len(sheet.rows) or _months(sheet, top):
            continue
        below = sheet.rows[top + 1 : top + 1 + FEWEST]
        labels = [next((t for v in row if (t := cells.text(v))), None) for row in below]
        if labels[0] is None or not any(map(_named, labels)):
            continue
        title = _title(sheet, top)
        down = _rows_are_origins(corner or title)
        group = group_in(title) or group_in(sheet.name)
        at = cells.month(title) if title else None
        month_ = (at[0], at[1]) if at is not None and at[0] is not None else month
        if down is None or group is None or month_ is None:
            lacks = "which side is the origin" if down is None else "whose moves or which month"
            remarks.append(f"{where}, row {top + 1}: a table left out that does not say {lacks}.")
            continue
        moves += _matrix(sheet, top, across, group, month_, where, remarks, rows_are_origins=down)
    return moves, remarks


def _named(value: Any) -> str | None:
    text = cells.text(value) if isinstance(value, str) else None
    found = _governorate(text) if text else None
    return None if found == COUNTRY else found


def _title(sheet: Sheet, top: int) -> str:
    """The nearest text above a table, or its corner."""
    for row in range(top - 1, max(top - ABOVE - 1, -1), -1):
        texts = [t for v in sheet.rows[row] if isinstance(v, str) and (t := cells.text(v))]
        if texts:
            return texts[0] if _named(texts[0]) is None else ""
    return ""


def _rows_are_origins(text: str) -> bool | None:
    """Whether a table's rows are where people came from, as its corner or title says first."""
    text_ = cells.heading(text)
    origin, destination = _FROM.search(text_), _TO.search(text_)
    if origin is None or destination is None:
        return None
    return origin.start() < destination.start()


def _must_be_nowhere(label: str, where: str, remarks: list[str]) -> None:
    """A word known as no governorate; any other unknown name fails as every name does."""
    if not _NOWHERE.match(cells.heading(label)):
        raise places.UnknownPlace(label, "admin1")
    remarks.append(f"{where}: moves from or to {label!r} left out, which is no place.")


def _matrix(
    sheet: Sheet,
    top: int,
    across: Mapping[int, str],
    group: str,
    month: Month,
    where: str,
    remarks: list[str],
    *,
    rows_are_origins: bool,
) -> Iterator[Move]:
    for column in range(min(across), len(sheet.rows[top])):
        label = cells.text(sheet.rows[top][column])
        if label and column not in across and _governorate(label) != COUNTRY:
            _must_be_nowhere(label, f"{where}, {cell_name(top, column)}", remarks)
    if len(set(across.values())) < len(across):
        raise SourceChanged(f"{where}, row {top + 1} names a governorate in two columns.")
    seen: set[str] = set()
    for row in range(top + 1, len(sheet.rows)):
        values: Sequence[Any] = sheet.rows[row]
        label = next((t for v in values[: min(across)] if (t := cells.text(v))), None)
        down = _named(label) if label else None
        if down is None:
            if label is None or not any(isinstance(values[c], float) for c in across):
                return
            if _governorate(label) == COUNTRY:
                return  # the table's own total is its end
            _must_be_nowhere(label, f"{where}, row {row + 1}", remarks)
            continue
        if down in seen:
            raise SourceChanged(f"{where}, row {row + 1} names {label!r} a second time.")
        seen.add(down)
        for column, other in across.items():
            number, reason = _number(sheet, row, column, values[column], where)
            if number is None:
                continue  # nobody was seen to move there; a table of all pairs is mostly empty
            origin, place = (down, other) if rows_are_origins else (other, down)
            yield Move(
                "origins",
                place,
                origin,
                group,
                month,
                number,
                reason,
                dtm_sums.raw(values[column]),
                f"sheet {sheet.number}, {cell_name(row, column)}",
            )
