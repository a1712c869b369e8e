"""Which columns of a DTM workbook count whole groups and parts of them, and their numbers.

What the headings leave open the cells settle: a column of yes and no counts nobody, and a sheet
that names no place is a dictionary. A part never stands for the whole: where that has no column,
the workbook is refused. Pure.
"""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from data.gazetteer import places
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.publishers import cells, dtm_workbook
from pipelines.publishers.dtm_workbook import (
    ELSEWHERE,
    RETURNEES,
    TO_ORIGIN,
    Counted,
    Heading,
    counts_moves,
    since_another_day,
)
from pipelines.publishers.syrian_places import LOCATION, SYRIA, TOTAL, coded
from pipelines.publishers.workbook import Sheet

FRACTIONS: Final = 0.02
"""Share of a column's numbers that may have fractions of a person, which IOM's estimates have."""
NOISE: Final = 1e-6
"""Less than this is what a formula leaves over, and no fraction of a person."""
_POSITION: Final = re.compile(r"\b(?:lat|lon)\w*tude\b", re.IGNORECASE)
FIRST_ROWS: Final = 3
"""Rows whose texts a refusal repeats where none of them is a heading."""
GROUPS: Final = ("IDP", "RDP", "RET")
"""Without one of them a workbook is no round."""


@dataclass(frozen=True)
class Column:
    """One column that counts a group or a part of it: its numbers, one for each row of the sheet.

    Attributes:
        counted: Whom it counts.
        index: Its place in the sheet.
        numbers: A number for each row; not a number where none stands there.
        missing: Row, from the first below the heading, to why it has none.
    """

    counted: Counted
    index: int
    numbers: "np.ndarray[Any, np.dtype[np.float64]]"
    missing: Mapping[int, str]


def columns_of(
    sheet: Sheet, heading: Heading, document: Document, *, nameless: bool = False
) -> list[Column]:
    """The columns that count, once it is settled which they are; none where the sheet has no data.

    A sheet without a place that is known is a dictionary, unless `nameless` ones are wanted.

    Raises:
        SourceChanged: Two columns could be the same, or one has something else than counts.
    """
    start = heading.bottom + 1
    chosen: dict[tuple[str, str, str], list[tuple[Counted, int, list[Any]]]] = {}
    for counted, indexes in heading.counts.items():
        for index in indexes:
            values = sheet.column(index, start)
            if _mostly_counts(values):
                key = (counted.group, counted.unit, counted.part)
                chosen.setdefault(key, []).append((counted, index, values))
    numeric = any(_any_count(v) for found in chosen.values() for _, _, v in found)
    if not numeric or (not nameless and not _names_places(sheet, heading)):
        return []
    for found in chosen.values():
        strong = [one for one in found if one[0].wording != "weakly"]
        found[:] = strong or found
    _settle_returnees(chosen)
    _settle_arrivals(chosen, sheet, heading, document)
    columns = []
    for (group, unit, part), found in chosen.items():
        if any(values != found[0][2] for _, _, values in found[1:]):
            named = ", ".join(repr(heading.printed[index]) for _, index, _ in found[:4])
            raise SourceChanged(
                f"{document.name}: several columns could be {group} in {unit}: {named}; choosing "
                "one would be a guess."
            )
        _, index, values = found[0]
        counted = Counted(group, unit, part)
        _must_be_in_people(counted, index, sheet, heading, document)
        columns.append(_column(counted, index, values, sheet, start, document))
    return columns


def _must_be_in_people(
    counted: Counted, index: int, sheet: Sheet, heading: Heading, document: Document
) -> None:
    """A title may say that a table counts families, or thousands, where its headings do not.

    Raises:
        SourceChanged: It does.
    """
    for title in dtm_workbook.titles(sheet, heading):
        unit = cells.unit_said_otherwise(title, counted.unit, heading.printed[index])
        if unit is not None:
            raise SourceChanged(
                f"{document.name}, sheet {sheet.number} is in {unit} by {title[:60]!r}, and "
                f"{heading.printed[index]!r} does not say so; give single people, or say the unit "
                "in each heading."
            )


def _mostly_counts(values: Sequence[Any]) -> bool:
    """Whether a column holds counts: yes and no, and explanations, are words in most cells."""
    words = sum(1 for v in values if type(v) is not float and (type(v) is bool or _is_word(v)))
    return not words or words <= sum(1 for v in values if cells.is_count(v))


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and value != "" and cells.missing(value) is None


def _any_count(values: Sequence[Any]) -> bool:
    return any(isinstance(v, float) or cells.is_count(v) for v in values)


def _names_places(sheet: Sheet, heading: Heading) -> bool:
    """Whether a row names a place that is known: a dictionary explains the columns' names."""
    above = [(role, index) for role, index in heading.places.items() if role[0] != LOCATION]
    for row in sheet.rows[heading.bottom + 1 :]:
        for (level, kind), index in above:
            text = cells.text(row[index])
            if text is None:
                continue
            if TOTAL.search(text) or text.casefold() in SYRIA or text in SYRIA:
                return True
            if kind == "code" and re.fullmatch(r"SY[0-9]{2,6}", coded(text) or ""):
                return True
            if kind == "name" and level >= 1 and _called(text, level):
                return True
    return False


def _called(name: str, level: int) -> bool:
    return f"admin{level}" in places.meanings_of_name(name)


def _settle_returnees(chosen: dict[tuple[str, str, str], Any]) -> None:
    """Returnees without a word more are those within Syria only where arrivals stand beside them.

    Beside "returnees from abroad" they may be the total of both.
    """
    for unit in ("people", "families"):
        bare = chosen.pop((RETURNEES, unit, ""), None)
        beside = [
            counted.wording
            for (group, u, _), found in chosen.items()
            if (group, u) == ("RET", unit)
            for counted, _, _ in found
        ]
        if bare and beside and "returned" not in beside:
            chosen.setdefault(("RDP", unit, ""), bare)


def _settle_arrivals(
    chosen: dict[tuple[str, str, str], Any],
    sheet: Sheet,
    heading: Heading,
    document: Document,
) -> None:
    """Arrivals in two parts are a whole only where both are there, and no third."""
    others = [
        index
        for index in heading.strangers
        if re.search(r"\b(abroad|arriv\w*)\b", cells.heading(heading.printed[index]))
        and not since_another_day(cells.heading(heading.printed[index]))
        and _any_count(sheet.column(index, heading.bottom + 1))
        and _mostly_counts(sheet.column(index, heading.bottom + 1))
    ]
    for unit in ("people", "families"):
        parts = [p for p in (TO_ORIGIN, ELSEWHERE)
                 if ("RET", unit, p) in chosen]  # fmt: skip
        if ("RET", unit, "") in chosen or not parts:
            continue
        if len(parts) == 2 and not others:
            continue
        named = ", ".join(
            repr(heading.printed[i])
            for i in (*(chosen["RET", unit, p][0][1] for p in parts), *others)
        )
        raise SourceChanged(
            f"{document.name} has parts of the arrivals from abroad and no column for all of them: "
            f"{named}; a part never stands for the whole."
        )


def _column(
    counted: Counted,
    index: int,
    values: list[Any],
    sheet: Sheet,
    start: int,
    document: Document,
) -> Column:
    """The column's numbers.

    Raises:
        SourceChanged: Something else than a count stands in it, named by its row.
    """
    missing: dict[int, str] = {}
    for row, column in sheet.faults:
        if column == index and row >= start:
            raise SourceChanged(
                f"{document.name}, sheet {sheet.number}, row {row + 1} has "
                f"{sheet.faults[row, column]} where a count of people belongs; mend the cell."
            )
    if all(type(value) is float for value in values):
        numbers = np.array(values, dtype=np.float64)
    else:
        numbers = np.full(len(values), np.nan)
        for at, value in enumerate(values):
            if type(value) is float:
                numbers[at] = value
                continue
            reason = cells.missing(value)
            if reason is not None:
                missing[at] = reason
                continue
            try:
                numbers[at] = cells.count(value)
            except cells.NotACount:
                _refuse(document, sheet, start + at, value)
    near = np.abs(numbers - np.round(numbers)) < NOISE
    numbers[near] = np.round(numbers[near])
    lost = np.flatnonzero(numbers % 1 > 0)
    if len(lost) and all(_lost_its_thousands(numbers[at]) for at in lost):
        row = start + int(lost[0])
        raise SourceChanged(
            f"{document.name}, sheet {sheet.number}, row {row + 1} has {values[lost[0]]} where a "
            "count of people belongs: a number of thousands may have been read as a fraction; mend "
            "the cell."
        )
    known = numbers[~np.isnan(numbers)]
    apart = np.flatnonzero((numbers < 0) | (numbers > cells.MOST) | np.isinf(numbers))
    if len(apart):
        _refuse(document, sheet, start + int(apart[0]), values[apart[0]])
    broken = np.flatnonzero(numbers % 1 > 0)
    if len(broken) > FRACTIONS * len(known):
        _refuse(document, sheet, start + int(broken[0]), values[broken[0]])
    return Column(counted, index, numbers, missing)


def _lost_its_thousands(number: float) -> bool:
    """Whether a fraction has three digits, as 1.203 that stood for 1,203 has."""
    thousandfold = number * 1000
    whole = abs(thousandfold - round(thousandfold)) < NOISE
    return whole and bool(round(thousandfold) % 10)


def _refuse(document: Document, sheet: Sheet, row: int, value: Any) -> None:
    where = f"{document.name}, sheet {sheet.number}, row {row + 1}"
    text = cells.text(value) or str(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and value > cells.MOST:
        raise SourceChanged(f"{where} counts {text[:30]}, more people than there are.")
    raise SourceChanged(
        f"{where} has {text[:30]!r} where a count of people belongs; write a whole number, or "
        "nothing where nobody counted."
    )


def must_have_every_group(
    document: Document,
    there: Set[str],
    headed: Sequence[tuple[Sheet, Heading]],
    sheets: Sequence[Sheet],
) -> None:
    """Each of the three groups has a column somewhere: one renamed must not vanish quietly.

    Args:
        document: The workbook, for the message.
        there: The groups that columns count.
        headed: Its sheets with their headings, for what was not understood.
        sheets: All of its sheets, for the same.

    Raises:
        SourceChanged: One of the groups is not there.
    """
    absent = [group for group in GROUPS if group not in there]
    if not absent:
        return
    moves = any(counts_moves(heading) for _, heading in headed)
    remedy = (
        " OCHA's movements are read by `nuzuh import ocha_idp_movements FILE`." if moves else ""
    )
    raise SourceChanged(
        f"{document.name} has no column that is understood as {', '.join(absent)}; "
        f"{_why_not(absent, headed, sheets)}.{remedy}"
    )


def _why_not(
    absent: Sequence[str], headed: Sequence[tuple[Sheet, Heading]], sheets: Sequence[Sheet]
) -> str:
    """What of a workbook may be the groups that it lacks, for whoever has to mend it."""
    for sheet, heading in headed:
        for counted, columns in heading.counts.items():
            found = _first_word(sheet, heading, columns[0])
            if counted.group in absent and found is not None:
                row, value = found
                return (
                    f"{heading.printed[columns[0]]!r} holds no whole numbers, such as "
                    f"{str(value)[:30]!r} in row {row + 1}; write them without signs"
                )
    if not headed:
        texts = (t for s in sheets for row in s.rows[:FIRST_ROWS] for v in row if (t := _words(v)))
        named = ", ".join(repr(text[:40]) for text in list(dict.fromkeys(texts))[:20]) or "nothing"
        return f"no row is a heading in English that names places; its first rows say {named}"
    strange = [
        h.printed[c] for _, h in headed for c in h.strangers if not _POSITION.search(h.printed[c])
    ]
    named = ", ".join(repr(text[:60]) for text in dict.fromkeys(strange[:12]))
    if named:
        return f"headings not understood: {named}"
    known = [h.printed[columns[0]] for _, h in headed for columns in h.counts.values()]
    named = ", ".join(repr(text[:60]) for text in dict.fromkeys(known[:12])) or "none"
    return f"its headings of people are: {named}"


def _words(value: Any) -> str | None:
    return cells.text(value) if isinstance(value, str) else None


def _first_word(sheet: Sheet, heading: Heading, column: int) -> tuple[int, Any] | None:
    """The first cell of a column that is a text and no count, where hardly any is one."""
    values = sheet.column(column, heading.bottom + 1)
    if _mostly_counts(values):
        return None
    return next((heading.bottom + 1 + at, v) for at, v in enumerate(values) if _is_word(v))
