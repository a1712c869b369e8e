"""IOM DTM Syria, one workbook for each round: IDPs, those who returned, and the population.

The only series below governorate after December 2024. Every round words its columns anew
(`publishers.dtm_workbook`); a workbook in which a whole group has no column that is understood is
refused with the headings that were not. IDP returnees and arrivals from abroad are people present
at the date who came back since a day: cohorts, which fall when people leave again. Arrivals to the
place of origin and to another place are kept apart beside their sum, and so are camps, communities
and neighbourhoods. The groups are never added to one another.

A round lists every location of Syria, so that its rows are added up to sub-districts, districts,
governorates and the country. No name of a community or camp goes any further.
"""

import calendar
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from data.gazetteer import places
from data.gazetteer.area import Area
from data.schema.codes import COHORTS
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.forms import workbook
from pipelines.http.client import Client
from pipelines.publishers import cells, dtm, dtm_workbook, hdx
from pipelines.publishers.dtm_workbook import LOCATION, Counted, Heading
from pipelines.source import Reading, Source, no_day

SLUG: Final = "syrian-arab-republic-displacement-data-iom-dtm"
COUNTRY: Final = "SYR"
DATASET: Final = "DTM Syria: mobility tracking by round"
MONTHLY: Final = "DTM Syria: returns by month"
SINCE: Final = date(2024, 1, 1)
"""From when those who returned are counted."""
SAID_SINCE: Final = 7
"""Last round whose reports state that start; later ones are assumed to keep it."""
FIRST_ROUND: Final = (2025, 2)
"""Month of round 1; rounds are monthly since."""
KNOWN_ROUNDS: Final = 11
CAMPS_LISTED: Final = {7: True, 10: False, 11: False}
"""Rounds that are known, and whether they list camps as rows of their own."""
GROUPS: Final = ("IDP", "RDP", "RET")
"""Without one of them a workbook is no round."""
PARTITION: Final = ("RDP", "IDP", "RET")
"""With the residents they make up the total population that IOM prints."""
DISAGREE: Final = 0.01
"""Share of rows whose code and name may disagree; a few rows may in any workbook."""
FEW: Final = 2
FRACTIONS: Final = 0.02
"""Share of a column's numbers that may have fractions of a person, which IOM's estimates have."""
ROUNDED: Final = "fractions_rounded"
COVERAGE: Final = "coverage_changed"
TOTAL: Final = re.compile(r"\b(grand |over ?all |sub ?-?)?totals?\b|^sum$|^المجموع", re.IGNORECASE)
SYRIA: Final = ("SYR", "SY", "syria", "syrian arab republic")
NAMES: Final = ("country", "governorate", "district", "sub-district", "location")
_FILE: Final = re.compile(r"round|baseline|mobility|mmt|\br\d{1,2}\b", re.IGNORECASE)
_OTHER_FILE: Final = re.compile(
    r"emergency|event track|flow monitor|site assess|return index", re.IGNORECASE
)
_CODES: Final = {1: r"SY\d{2}", 2: r"SY\d{4}", 3: r"SY\d{6}"}
_WIDTH: Final = {1: 4, 2: 6, 3: 8}
"""Signs of a P-code of each level."""
COVER: Final = (40, 12)
"""Rows and columns of a sheet that are read for the round and the month."""

Months = tuple[int, int]


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
        top = workbook.cell_name(self.first, self.column)
        if self.rows == 1:
            return f"sheet {self.sheet}, {top}"
        end = workbook.cell_name(self.last, self.column)
        return f"sheet {self.sheet}, {top} to {end}, summed from {self.rows} rows"


@dataclass
class Edition:
    """One round as one workbook gives it."""

    number: int | None
    month: Months
    document: Document
    values: dict[Key, Value] = field(default_factory=dict)
    printed: dict[str, tuple[str | None, ...]] = field(default_factory=dict)
    """Place to the names of its governorate, district and sub-district as printed."""
    off: dict[Key, int] = field(default_factory=dict)
    """What the parts of a published total add to, where it is something else."""
    flows: list[dict[str, Any]] = field(default_factory=list)
    lists_camps: bool | None = None
    says_since: bool = False
    coverage_changed: bool = False
    remarks: list[str] = field(default_factory=list)

    @property
    def called(self) -> str:
        """The round in a sentence."""
        year, month = self.month
        told = f"round {self.number}" if self.number else "the round"
        return f"{told} of {year}-{month:02d}"


def fetch(client: Client, settings: Settings, area: Area) -> Iterator[Document]:
    """HDX's description of the dataset and the workbook of every round, the newest upload first."""

    def pick(found: list[hdx.Resource]) -> list[tuple[str, hdx.Resource]]:
        kept = [resource for resource in found if _is_round(resource)]
        if not kept:
            hdx.newest([], SLUG, "round")
        return [(f"{SLUG}/{hdx.file_name(resource)}", resource) for resource in kept]

    yield from hdx.fetch_files(client, settings, SLUG, pick, "binary")


def read(documents: Sequence[Document], area: Area) -> Reading:
    """IDPs, IDP returnees, arrivals from abroad and population present, by round.

    One row for each round, place, group, unit and category: all are stocks; of those who returned
    `cumulative_since` is the start of the cohort, with the caveat `start_assumed` where nothing
    says it. A row without category is the whole group. A sum over rows has the caveat
    `summed_from_parts`, and is null where one of them has no number. A published total that its
    parts do not add up to has `parts_do_not_add`. Rounds between which camps are listed or not
    have `coverage_changed`. Returns by month (flows) where a workbook has them. An older round
    that cannot be read is left out with a remark; its figures stay as they were.

    Raises:
        SourceChanged: The newest workbook is not one, is damaged, or has columns, places or numbers
            that are not understood.
        UnknownPlace: It names a place that the places table lacks.
    """
    described = {d.name: d for d in documents if d.name == f"{SLUG}/{hdx.PACKAGE}"}
    known = [r for d in described.values() for r in hdx.resources(d)]
    told = {resource.url: resource for resource in known}
    remarks: list[str] = []
    editions: dict[tuple[int | None, Months], Edition] = {}
    for document in documents:
        if document.name in described:
            continue
        try:
            edition = _edition(document, told.get(document.url))
        except (SourceChanged, places.UnknownPlace) as error:
            if not editions:
                raise
            remarks.append(f"Left out: {error}")
            continue
        if (edition.number, edition.month) in editions:
            remarks.append(f"An older file of {edition.called} left out.")
            continue
        editions[edition.number, edition.month] = edition
        remarks += edition.remarks
    if not editions:
        raise SourceChanged(f"HDX's {SLUG} holds no workbook of a round.")
    _mark_coverage(list(editions.values()))
    frames = [_figures(edition) for edition in editions.values()]
    frames += [pd.DataFrame(e.flows) for e in editions.values() if e.flows]
    return Reading(pd.concat(frames, ignore_index=True), remarks=tuple(remarks))


def _is_round(resource: hdx.Resource) -> bool:
    """Whether a file is a round's workbook, by its names."""
    named = cells.heading(f"{resource.name} {hdx.file_name(resource)}")
    sheet = resource.format in ("XLSX", "XLS", "XLSM") or ".xls" in resource.url.lower()
    return sheet and bool(_FILE.search(named)) and not _OTHER_FILE.search(named)


# Round and month ---------------------------------------------------------------------------------


def _when(
    document: Document,
    resource: hdx.Resource | None,
    sheets: Sequence[workbook.Sheet],
    counted: Iterable[str],
) -> tuple[int | None, Months]:
    """The round's number, if it is told, and its month.

    The month is that of the headings of the counts, of a sheet's name or cover, of the file's name
    or HDX's, or of the round's number, in this order; what has no year takes it from the next.
    Two that disagree are a workbook of one month under the name of another.

    Raises:
        SourceChanged: No month is told, or several are.
    """
    names = [document.name.removeprefix(f"{SLUG}/")]
    about: list[str] = []
    if resource is not None:
        names = [resource.name, hdx.file_name(resource)]
        about = [resource.description] if resource.description else []
    rows, columns = COVER
    cover = [
        cell
        for sheet in sheets
        for row in sheet.rows[:rows]
        for cell in row[:columns]
        if isinstance(cell, str) and cell
    ]
    numbers = map(dtm_workbook.round_in, (*names, *about, *(s.name for s in sheets), *cover))
    number = next((n for n in numbers if n), None)
    by_number = _month_of(number) if number and number <= KNOWN_ROUNDS else None
    told = (
        ("the headings of its counts", map(dtm_workbook.month_in_heading, counted)),
        ("a sheet's name", (dtm_workbook.month_on_cover(sheet.name) for sheet in sheets)),
        ("a sheet", map(dtm_workbook.month_on_cover, cover)),
        ("its name", map(cells.month, names)),
        ("HDX's description", map(dtm_workbook.month_on_cover, about)),
    )
    found = {where: dtm_workbook.all_of(months) for where, months in told}
    if number and by_number:
        found[f"its being round {number}"] = {by_number}
    month = _agreed(document, found)
    years = {int(year) for name in names for year in re.findall(r"(?<!\d)20\d\d(?!\d)", name)}
    if month is not None and month[0] is None and len(years) == 1:
        month = (years.pop(), month[1])
    if month is None or month[0] is None:
        raise SourceChanged(
            f"{document.name} does not say which month it is about; put it into the file's name, "
            "such as round-12-january-2026.xlsx."
        )
    at = (month[0], month[1])
    number = number or next((n for n in range(1, KNOWN_ROUNDS + 1) if _month_of(n) == at), None)
    return number, at


def _agreed(
    document: Document, found: Mapping[str, set[tuple[int | None, int]]]
) -> tuple[int | None, int] | None:
    """The one month that is told, with its year where any place says it."""
    told = [(where, month) for where, months in found.items() for month in sorted(months, key=str)]
    if not told:
        return None
    first, month = told[0]
    for where, other in told[1:]:
        apart = other[1] != month[1] or None not in (month[0], other[0]) and other[0] != month[0]
        if apart:
            raise SourceChanged(
                f"{document.name} is of {_said(month)} by {first} and of {_said(other)} by {where}; "
                "look which is right and name the file by it."
            )
        month = (month[0] or other[0], month[1])
    return month


def _said(month: tuple[int | None, int]) -> str:
    year, number = month
    return f"{year}-{number:02d}" if year else calendar.month_name[number]


def _month_of(number: int) -> Months:
    year, month = FIRST_ROUND
    return year + (month + number - 2) // 12, (month + number - 2) % 12 + 1


# A workbook --------------------------------------------------------------------------------------


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


def _edition(document: Document, resource: hdx.Resource | None) -> Edition:
    """One workbook read whole."""
    sheets = workbook.sheets(document)
    headed = [(s, h) for s in sheets if (h := dtm_workbook.find_heading(s)) is not None]
    headings = [heading for _, heading in headed]
    data = [(s, h, c) for s, h in headed if (c := _columns(s, h, document))]
    if not data:
        data = [(s, h, c) for s, h in headed if (c := _columns(s, h, document, nameless=True))]
    _must_have_every_group(document, data, headings)
    counted = [h.printed[c.index] for _, h, columns in data for c in columns]
    number, month = _when(document, resource, sheets, counted)
    edition = Edition(number, month, document)
    edition.says_since = any("2024" in heading for heading in counted)
    published: dict[Key, Value] = {}
    summed: dict[Key, Value] = {}
    for sheet, heading, columns in data:
        _read_sheet(edition, sheet, heading, columns, published, summed)
    edition.values = summed | published
    _add_upwards(edition)
    edition.off = _totals_that_do_not_add(edition.values)
    for key, total in published.items():
        parts = summed[key].whole if key in summed else None
        if total.whole is not None and parts is not None and total.whole != parts:
            edition.off[key] = parts
    edition.off |= _populations_that_do_not_add(edition.values)
    for sheet in sheets:
        edition.flows += _by_month(sheet, edition)
    return edition


def _columns(
    sheet: workbook.Sheet, heading: Heading, document: Document, *, nameless: bool = False
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
        strong = [one for one in found if one[0].said != "weakly"]
        found[:] = strong or found
    _settle_returnees(chosen)
    _settle_arrivals(chosen, sheet, heading, document)
    columns = []
    for (group, unit, part), found in chosen.items():
        if any(values != found[0][2] for _, _, values in found[1:]):
            told = ", ".join(repr(heading.printed[index]) for _, index, _ in found[:4])
            raise SourceChanged(
                f"{document.name}: several columns could be {group} in {unit}: {told}; choosing "
                "one would be a guess."
            )
        _, index, values = found[0]
        counted = Counted(group, unit, part)
        columns.append(_column(counted, index, values, sheet, start, document))
    return columns


def _mostly_counts(values: Sequence[Any]) -> bool:
    """Whether a column holds counts: yes and no, and explanations, are words in most cells."""
    words = sum(1 for v in values if isinstance(v, str) and v and not _says_nothing(v))
    return not words or words <= sum(1 for v in values if cells.is_count(v))


def _says_nothing(value: str) -> bool:
    return cells.missing(value) is not None


def _any_count(values: Sequence[Any]) -> bool:
    return any(isinstance(v, float) or cells.is_count(v) for v in values)


def _names_places(sheet: workbook.Sheet, heading: Heading) -> bool:
    """Whether a row names a place that is known: a dictionary explains the columns' names."""
    above = [(role, index) for role, index in heading.places.items() if role[0] != LOCATION]
    for row in sheet.rows[heading.bottom + 1 :]:
        for (level, kind), index in above:
            said = cells.text(row[index])
            if said is None:
                continue
            if TOTAL.search(said) or said.casefold() in SYRIA or said in SYRIA:
                return True
            if kind == "code" and re.fullmatch(r"SY\d{2,6}", said):
                return True
            if kind == "name" and level >= 1 and _called(said, level):
                return True
    return False


def _called(name: str, level: int) -> bool:
    return f"admin{level}" in places.called(name)


def _settle_returnees(chosen: dict[tuple[str, str, str], Any]) -> None:
    """"Returnees" alone are those within Syria only where others are called arrivals beside them.

    Beside "returnees from abroad" they may be the total of both.
    """
    for unit in ("people", "families"):
        bare = chosen.pop((dtm_workbook.RETURNEES, unit, ""), None)
        beside = [
            counted.said
            for (group, u, _), found in chosen.items()
            if (group, u) == ("RET", unit)
            for counted, _, _ in found
        ]
        if bare and beside and "returned" not in beside:
            chosen.setdefault(("RDP", unit, ""), bare)


def _settle_arrivals(
    chosen: dict[tuple[str, str, str], Any],
    sheet: workbook.Sheet,
    heading: Heading,
    document: Document,
) -> None:
    """Arrivals in two parts are a whole only where both are there, and no third."""
    others = [
        index
        for index in heading.strangers
        if re.search(r"\b(abroad|arriv\w*)\b", cells.heading(heading.printed[index]))
        and _any_count(sheet.column(index, heading.bottom + 1))
        and _mostly_counts(sheet.column(index, heading.bottom + 1))
    ]
    for unit in ("people", "families"):
        parts = [p for p in (dtm_workbook.TO_ORIGIN, dtm_workbook.ELSEWHERE)
                 if ("RET", unit, p) in chosen]  # fmt: skip
        if ("RET", unit, "") in chosen or not parts:
            continue
        if len(parts) == 2 and not others:
            continue
        said = ", ".join(
            repr(heading.printed[i])
            for i in (*(chosen["RET", unit, p][0][1] for p in parts), *others)
        )
        raise SourceChanged(
            f"{document.name} has parts of the arrivals from abroad and no column for all of them: "
            f"{said}; a part never stands for the whole."
        )


def _column(
    counted: Counted,
    index: int,
    values: list[Any],
    sheet: workbook.Sheet,
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
    known = numbers[~np.isnan(numbers)]
    apart = np.flatnonzero((numbers < 0) | (numbers > cells.MOST) | np.isinf(numbers))
    if len(apart):
        _refuse(document, sheet, start + int(apart[0]), values[apart[0]])
    broken = np.flatnonzero(numbers % 1 > 0)
    if len(broken) > FRACTIONS * len(known):
        _refuse(document, sheet, start + int(broken[0]), values[broken[0]])
    return Column(counted, index, numbers, missing)


def _refuse(document: Document, sheet: workbook.Sheet, row: int, value: Any) -> None:
    where = f"{document.name}, sheet {sheet.number}, row {row + 1}"
    said = cells.text(value) or str(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and value > cells.MOST:
        raise SourceChanged(f"{where} counts {said[:30]}, more people than there are.")
    raise SourceChanged(f"{where} has {said[:30]!r} where a count of people belongs.")


def _must_have_every_group(
    document: Document,
    data: Sequence[tuple[workbook.Sheet, Heading, list[Column]]],
    headings: Sequence[Heading],
) -> None:
    """Each of the three groups has a column somewhere: one renamed must not vanish quietly."""
    there = {column.counted.group for _, _, columns in data for column in columns}
    absent = [group for group in GROUPS if group not in there]
    if not absent:
        return
    strange = [h.printed[c] for h in headings for c in h.strangers]
    if not strange:
        strange = [text for h in headings for text in h.printed.values()]
    said = ", ".join(repr(text[:60]) for text in dict.fromkeys(strange[:12])) or "none"
    moves = any(map(dtm_workbook.counts_moves, headings))
    remedy = " OCHA's movements are read by `nuzuh import ocha_idp_movements FILE`." if moves else ""
    raise SourceChanged(
        f"{document.name} has no column that is understood as {', '.join(absent)}; "
        f"headings not understood: {said}.{remedy}"
    )


# Rows --------------------------------------------------------------------------------------------


@dataclass
class _Rows:
    """Which rows of a sheet are about which place.

    Attributes:
        codes: The places that are named, each once.
        place: For each row the place in `codes`; -1 where the row is none of data.
        location: Whether the row is a location within the place.
    """

    codes: list[str]
    place: "np.ndarray[Any, np.dtype[np.intp]]"
    location: "np.ndarray[Any, np.dtype[np.bool_]]"


def _read_sheet(
    edition: Edition,
    sheet: workbook.Sheet,
    heading: Heading,
    columns: list[Column],
    published: dict[Key, Value],
    summed: dict[Key, Value],
) -> None:
    """Add a sheet's counts to what is published of places, and to what their locations add up to.

    Raises:
        SourceChanged: Rows name no place, stand twice or contradict what was read before.
    """
    start = heading.bottom + 1
    where = f"{edition.document.name}, sheet {sheet.number}"
    rows = _places_of_rows(sheet, heading, columns, edition, where)
    hidden = sorted(sheet.hidden_rows & set((np.flatnonzero(rows.place >= 0) + start).tolist()))
    if hidden:
        edition.remarks.append(
            f"{where}: {len(hidden):,} hidden rows were read, the first is row {hidden[0] + 1}."
        )
    if rows.location.any():
        _must_not_repeat(sheet, start, rows, columns, where)
    kinds, names = _kinds(sheet, heading, rows, edition, where)
    edition.lists_camps = edition.lists_camps or (("camp" in names) if names else None)
    fractions = [c for c in columns if (c.numbers % 1 > 0).any()]
    for column in fractions:
        found = int((column.numbers % 1 > 0).sum())
        edition.remarks.append(
            f"{where}: {found:,} estimates of {heading.printed[column.index]!r} have fractions of "
            "a person, which are cut off once all rows of a place are added."
        )
    for column in _with_wholes(columns):
        for key, value in _printed(column, rows, sheet, start):
            _keep(published, key, value, edition.document)
        for key, value in _added(column, rows, rows.place, "", sheet, start):
            _keep(summed, key, value, edition.document)
        if column.counted.part:
            continue
        for number, name in enumerate(names):
            of_kind = np.where(kinds == number, rows.place, -1)
            for key, value in _added(column, rows, of_kind, name, sheet, start):
                _keep(summed, key, value, edition.document)


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


def _places_of_rows(
    sheet: workbook.Sheet,
    heading: Heading,
    columns: Sequence[Column],
    edition: Edition,
    where: str,
) -> _Rows:
    """Each row's place; rows that say the same of it are looked up once."""
    start = heading.bottom + 1
    roles = [role for role in heading.places if role[0] != LOCATION]
    above = [sheet.column(heading.places[role], start) for role in roles]
    finer = [sheet.column(i, start) for role, i in heading.places.items() if role[0] == LOCATION]
    total = len(sheet.rows) - start
    keys = list(zip(*above, strict=True)) if above else [()] * total
    names = list(zip(*finer, strict=True)) if finer else [()] * total
    location = [any(map(_is_named, said)) for said in names]
    sums = [any(isinstance(s, str) and "otal" in s.lower() and TOTAL.search(s) for s in said)
            for said in names]  # fmt: skip
    empty = np.ones(total, dtype=bool)
    for column in columns:
        blank = np.isnan(column.numbers)
        empty &= blank
    place = np.full(total, -1, dtype=np.intp)
    codes: dict[str, int] = {}
    found: dict[Any, tuple[int, bool, str | None]] = {}
    counts: Counter[str] = Counter()
    first: dict[str, int] = {}
    nameless: int | None = None
    is_location = np.zeros(total, dtype=bool)
    for at, key in enumerate(keys):
        told = (key, location[at], sums[at])
        known = found.get(told)
        if known is None:
            said = {role: cells.text(value) for role, value in zip(roles, key, strict=True)}
            named = sum(text is not None for text in said.values()) + location[at]
            if named == 0 or (empty[at] and named <= 1):
                if not empty[at] and nameless is None:
                    nameless = at
                continue  # a blank line, a footnote, or a total without a label at the very end
            resolved = _place(said, location[at], sums[at], f"{where}, row {start + at + 1}")
            if resolved is None:
                nameless = at if nameless is None else nameless
                continue
            code, is_one, remark = resolved
            known = (codes.setdefault(code, len(codes)), is_one, remark)
            found[told] = known
            if code not in edition.printed or not any(edition.printed[code]):
                edition.printed[code] = _names(said, code)
        if nameless is not None:
            # At the very end it is a total without a label; here it is somebody's number.
            raise SourceChanged(
                f"{where}, row {start + nameless + 1} has a number and names no place."
            )
        place[at], is_location[at] = known[0], known[1]
        if known[2]:
            counts[known[2]] += 1
            first.setdefault(known[2], start + at + 1)
    _must_mostly_agree(counts, first, int((place >= 0).sum()), edition, where)
    return _Rows(list(codes), place, is_location)


def _is_named(value: Any) -> bool:
    return bool(value) and (not isinstance(value, str) or cells.text(value) is not None)


def _must_mostly_agree(
    counts: Mapping[str, int], first: Mapping[str, int], total: int, edition: Edition, where: str
) -> None:
    """A code outranks a name; too many rows that disagree are a column out of its place."""
    apart = sum(counts.values())
    if not apart:
        return
    said = [
        f"{remark} (row {first[remark]}{f' and {n - 1} more' if n > 1 else ''})"
        for remark, n in list(counts.items())[:4]
    ]
    if apart > max(FEW, DISAGREE * total):
        raise SourceChanged(
            f"{where}: in {apart:,} of {total:,} rows code and name of the place disagree: "
            f"{'; '.join(said)}."
        )
    edition.remarks.append(f"{where}: the code counts where it and the name disagree: "
                           f"{'; '.join(said)}.")  # fmt: skip


def _must_not_repeat(
    sheet: workbook.Sheet, start: int, rows: _Rows, columns: Sequence[Column], where: str
) -> None:
    """One location counts once."""
    told = [tuple(row) for row in sheet.rows[start:]]
    if len(set(told)) == len(told):
        return
    seen: set[tuple[Any, ...]] = set()
    for at, row in enumerate(told):
        counts = any(column.numbers[at] > 0 for column in columns)
        if rows.location[at] and rows.place[at] >= 0 and counts and row in seen:
            raise SourceChanged(
                f"{where}, row {start + at + 1} repeats another row; one location counts once."
            )
        seen.add(row)


def _kinds(
    sheet: workbook.Sheet, heading: Heading, rows: _Rows, edition: Edition, where: str
) -> tuple["np.ndarray[Any, np.dtype[np.intp]]", list[str]]:
    """For each row its kind of location, and the kinds; none where one is not known."""
    nothing = np.full(len(rows.place), -1, dtype=np.intp)
    if heading.kind is None:
        return nothing, []
    values = sheet.column(heading.kind, heading.bottom + 1)
    said = {v: dtm_workbook.KINDS.get(cells.heading(str(v))) for v in set(values)}
    used = [v for v, at in zip(values, rows.place, strict=True) if at >= 0]
    strange = sorted({str(v) for v in used if said[v] is None})
    if strange:
        told = ", ".join(repr(v[:30]) for v in strange[:4])
        edition.remarks.append(f"{where}: no split by kind of location, since {told} is not known.")
        return nothing, []
    names = sorted({kind for v in used if (kind := said[v]) is not None})
    order = {name: number for number, name in enumerate(names)}
    kinds = np.array([order.get(said[v] or "", -1) for v in values], dtype=np.intp)
    return kinds, names


def _printed(
    column: Column, rows: _Rows, sheet: workbook.Sheet, start: int
) -> Iterator[tuple[Key, Value]]:
    """The counts of rows that are about a whole place."""
    counted = column.counted
    for at in np.flatnonzero((rows.place >= 0) & ~rows.location).tolist():
        number = float(column.numbers[at])
        missing = column.missing.get(at) if math.isnan(number) else None
        raw = _raw(sheet.rows[start + at][column.index])
        if math.isnan(number) and missing is None:
            missing = "not_reported"
        key = Key(rows.codes[rows.place[at]], counted.group, counted.unit, counted.part)
        row = start + at
        yield key, Value(number, missing, raw, sheet.number, column.index, row, row, 1, False)


def _raw(value: Any) -> str | None:
    if value is None or value == "":
        return None
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()


def _added(
    column: Column,
    rows: _Rows,
    place: "np.ndarray[Any, np.dtype[np.intp]]",
    kind: str,
    sheet: workbook.Sheet,
    start: int,
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
                start + int(first[number]),
                start + int(last[number]),
                int(many[number]),
                True,
            ),
        )


def _keep(found: dict[Key, Value], key: Key, value: Value, document: Document) -> None:
    """A count once; two sheets may repeat it, and may not contradict one another."""
    before = found.get(key)
    if before is None or before.missing:
        found[key] = value
    elif value.whole is not None and value.whole != before.whole:
        raise SourceChanged(
            f"{document.name} gives {key.group} of {key.place} twice: {before.whole:,} at "
            f"{before.locator} and {value.whole:,} at {value.locator}."
        )


# Places ------------------------------------------------------------------------------------------


Said = Mapping[tuple[int, str], str | None]


def _place(
    said: Said, location: bool, total: bool, where: str
) -> tuple[str, bool, str | None] | None:
    """What place a row is about; None where it names none.

    Returns:
        The code, whether the row is a location within it, and what of the row disagrees with the
        code. A row of totals is about what it is the total of.
    """
    if total or any(text and TOTAL.search(text) for text in said.values()):
        return _of_a_total(said, where), False, None
    given = {key: text for key, text in said.items() if text}
    code = given.pop((dtm_workbook.ANY_LEVEL, "code"), None)
    levels = [level for level, _ in given]
    if location:
        levels.append(LOCATION)
    if code is not None:
        levels.append(_level_of(code))
    level = max(levels, default=-1)
    if level < 0:
        return None
    if level == LOCATION:
        if not any(key in given for key in ((3, "code"), (3, "name"))):
            raise SourceChanged(f"{where} names a location and no sub-district.")
        code, remark = _resolved(given, 3, where)
        return code, True, remark
    if level == 0:
        if not all(
            text in SYRIA or text.casefold() in SYRIA for text in (*given.values(), code or "SY")
        ):
            raise SourceChanged(f"{where} is about another country than Syria.")
        return COUNTRY, False, None
    if code is not None and _level_of(code) == level:
        given.setdefault((level, "code"), code)
    found, remark = _resolved(given, level, where)
    return found, False, remark


def _of_a_total(texts: Said, where: str) -> str:
    """What a row of totals is about: the deepest place that it names besides; else the country."""
    given = {}
    for key, text in texts.items():
        rest = " ".join(TOTAL.sub(" ", text or "").strip(" :-").split())
        if rest and rest.casefold() not in SYRIA and 1 <= key[0] <= 3:
            given[key] = rest
    if not given:
        return COUNTRY
    return _resolved(given, max(level for level, _ in given), where)[0]


def _level_of(code: str) -> int:
    for level, shape in _CODES.items():
        if re.fullmatch(shape, code):
            return level
    return 0 if code in (COUNTRY, "SY") else LOCATION


def _resolved(
    given: Mapping[tuple[int, str], str], level: int, where: str
) -> tuple[str, str | None]:
    """The code at one level, and what else the row says of the place that disagrees with it."""
    code = given.get((level, "code"))
    if code is None:
        name = given.get((level, "name"))
        if name is None:
            raise SourceChanged(f"{where} does not name its {NAMES[level]}.")
        above = _above(given, level)
        code = places.resolve(name, f"admin{level}", within=above)
        if above is not None and not code.startswith(above):
            raise SourceChanged(f"{where} has {code}, which does not lie in {above}.")
        return code, None
    if not re.fullmatch(_CODES[level], code):
        raise SourceChanged(f"{where} has {code[:20]!r} for a {NAMES[level]}'s P-code.")
    places.codes(code)
    for upper in range(level, 0, -1):
        own = code[: _WIDTH[upper]]
        other = given.get((upper, "code"))
        if other is not None and other != own:
            return code, f"{code} with the code {other[:20]}"
        name = given.get((upper, "name"))
        if name is not None and (sure := _surely(name, upper)) not in (None, own):
            return code, f"{code} with the name of {sure}"
    return code, None


def _above(given: Mapping[tuple[int, str], str], level: int) -> str | None:
    """The code of the nearest place above that a row names; None where it names none."""
    for upper in range(level - 1, 0, -1):
        code = given.get((upper, "code"))
        if code is not None and re.fullmatch(_CODES[upper], code):
            return code
        if (name := given.get((upper, "name"))) is not None:
            return places.resolve(name, f"admin{upper}", within=_above(given, upper))
    return None


def _surely(name: str, level: int) -> str | None:
    """The one place that bears the name; None where none or several do."""
    try:
        return places.resolve(name, f"admin{level}")
    except places.UnknownPlace:
        return None


def _names(said: Said, code: str) -> tuple[str | None, ...]:
    level = 0 if code == COUNTRY else _level_of(code)
    return tuple(said.get((n, "name")) for n in range(1, min(level, 3) + 1))


# Totals ------------------------------------------------------------------------------------------


def _up(place: str) -> str | None:
    """The place one level up; None above the country."""
    level = 0 if place == COUNTRY else _level_of(place)
    return None if level == 0 else COUNTRY if level == 1 else place[: _WIDTH[level - 1]]


def _add_upwards(edition: Edition) -> None:
    """Districts, governorates and the country, where the workbook does not print them itself."""
    for level in (3, 2, 1):
        parts: dict[Key, list[Value]] = {}
        for key, value in edition.values.items():
            if key.place != COUNTRY and _level_of(key.place) == level:
                above = _up(key.place)
                if above is not None:
                    parts.setdefault(key._replace(place=above), []).append(value)
        for key, values in parts.items():
            if key not in edition.values:
                edition.values[key] = _together(values)
                edition.printed.setdefault(key.place, _names_above(edition, key.place))


def _names_above(edition: Edition, place: str) -> tuple[str | None, ...]:
    if place == COUNTRY:
        return ()
    level = _level_of(place)
    below = (names for code, names in edition.printed.items() if code.startswith(place))
    return next((names[:level] for names in below if len(names) >= level), ())


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

    The parts are the next level below that the workbook has for the place; nothing is said where
    one of them has no number.
    """
    below: dict[Key, dict[int, list[Value]]] = {}
    for key, value in values.items():
        above, level = _up(key.place), 0 if key.place == COUNTRY else _level_of(key.place)
        while above is not None:
            below.setdefault(key._replace(place=above), {}).setdefault(level, []).append(value)
            above = _up(above)
    off = {}
    for key, levels in below.items():
        total = values.get(key)
        if total is None or total.summed or total.whole is None:
            continue
        parts = levels[min(levels)]
        added = math.floor(round(math.fsum(p.exact for p in parts if not p.missing), 6))
        if not any(p.missing for p in parts) and added != total.whole:
            off[key] = added
    return off


def _populations_that_do_not_add(values: Mapping[Key, Value]) -> dict[Key, int]:
    """What residents and all others add to, where it is not the population that is printed."""
    off = {}
    for key, total in values.items():
        if key.group != "POP" or key.category:
            continue
        parts = [values.get(key._replace(category=dtm_workbook.RESIDENTS))]
        parts += [values.get(key._replace(group=group)) for group in PARTITION]
        given = [part for part in parts if part is not None and not part.missing]
        added = math.floor(round(math.fsum(part.exact for part in given), 6))
        if total.whole is not None and len(given) == len(parts) and added != total.whole:
            off[key] = added
    return off


# Coverage ----------------------------------------------------------------------------------------


def _mark_coverage(editions: Sequence[Edition]) -> None:
    """Mark rounds beside which another kind of location is listed, before or after them.

    A workbook may come alone, and in any order: rounds that are known stand in for those that are
    not at hand.
    """
    listed = {_month_of(number): camps for number, camps in CAMPS_LISTED.items()}
    listed |= {e.month: e.lists_camps for e in editions if e.lists_camps is not None}
    order = sorted(listed)
    for edition in editions:
        if edition.lists_camps is None:
            continue
        at = order.index(edition.month)
        beside = order[max(at - 1, 0) : at] + order[at + 1 : at + 2]
        edition.coverage_changed = any(listed[m] != edition.lists_camps for m in beside)


# Returns by month --------------------------------------------------------------------------------


def _by_month(sheet: workbook.Sheet, edition: Edition) -> list[dict[str, Any]]:
    """National returns and arrivals by month, where a sheet has them: flows within each month.

    One row of the sheet names the months, and each row below whom it counts. A month without a
    year is the one that follows its neighbour. Sums, and those who fled again, are no months.
    """
    for top, row in enumerate(sheet.rows[: dtm_workbook.HEADING_ROWS]):
        months = _months_across(row)
        if len(months) < 3:
            continue
        found = []
        for at in range(top + 1, len(sheet.rows)):
            labels = [cells.text(c) for i, c in enumerate(sheet.rows[at]) if i not in months]
            text = next((t for t in labels if t and not cells.is_count(t)), None)
            counted = dtm_workbook.count_role(cells.heading(text)) if text else None
            if counted is None or counted.group not in (*COHORTS, dtm_workbook.RETURNEES):
                continue
            group = "RDP" if counted.group == dtm_workbook.RETURNEES else counted.group
            found.append((Counted(group, counted.unit, counted.part), at))
        if len({whom for whom, _ in found}) != len(found):
            edition.remarks.append(f"Returns by month of sheet {sheet.number} left out: two rows "
                                   "could be one group.")  # fmt: skip
            return []
        return [
            _flow(edition, sheet, whom, at, column, month)
            for whom, at in found
            for column, month in months.items()
        ]
    return []


def _months_across(row: Sequence[Any]) -> dict[int, Months]:
    """Column to month; empty where they do not follow one another."""
    found: dict[int, Months] = {}
    before: Months | None = None
    for column, cell in enumerate(row):
        told = cells.month(cell) if cell not in (None, "") and not isinstance(cell, float) else None
        if told is None or (isinstance(cell, str) and len(cell) > 20):
            continue
        following = None if before is None else _following(before)
        at = (told[0], told[1]) if told[0] is not None else following
        if at is None or at[1] != told[1] or (following is not None and at != following):
            return {}
        found[column] = before = at
    return found


def _following(month: Months) -> Months:
    return (month[0] + month[1] // 12, month[1] % 12 + 1)


def _flow(
    edition: Edition,
    sheet: workbook.Sheet,
    whom: Counted,
    row: int,
    column: int,
    month: Months,
) -> dict[str, Any]:
    cell = sheet.rows[row][column]
    where = workbook.cell_name(row, column)
    fault = sheet.faults.get((row, column))
    try:
        value = None if fault else cells.count(cell)
    except cells.NotACount as error:
        fault, value = str(error), None
    if fault:
        raise SourceChanged(f"{edition.document.name}, sheet {sheet.number}, {where}: {fault}.")
    return {
        **_common(edition),
        "dataset": MONTHLY,
        "measure": "flow",
        "population_group": whom.group,
        "unit": whom.unit,
        "category": whom.part or None,
        **places.codes(COUNTRY),
        "reference_period_start": date(*month, 1),
        "reference_period_end": _last_day(month),
        "as_of": _last_day(month),
        "value": value,
        "value_raw": _raw(cell),
        "missing_reason": None if value is not None else cells.missing(cell),
        "locator": f"sheet {sheet.number}, {where}",
    }


# Figures -----------------------------------------------------------------------------------------


def _last_day(month: Months) -> date:
    return date(*month, calendar.monthrange(*month)[1])


def _common(edition: Edition) -> dict[str, Any]:
    return {
        "publisher": dtm.PUBLISHER,
        "dataset": DATASET,
        "reporting_round": edition.number,
        "assessment_type": "BA",
        "retrieved_at": edition.document.fetched_at,
        "source_url": edition.document.url,
        "content_sha256": edition.document.sha256,
    }


def _figures(edition: Edition) -> pd.DataFrame:
    """The round's numbers as columns of `tables.FIGURES`."""
    keys, values = list(edition.values), list(edition.values.values())
    codes = {place: places.codes(place) for place in {key.place for key in keys}}
    always = ["date_approximate"] + [COVERAGE] * edition.coverage_changed
    assumed = not (edition.says_since or (edition.number or SAID_SINCE + 1) <= SAID_SINCE)
    notes = [None if k not in edition.off else f"Its parts in the workbook add to {edition.off[k]:,}."
             for k in keys]  # fmt: skip
    frame = pd.DataFrame(
        {
            "measure": "stock",
            "population_group": [key.group for key in keys],
            "unit": [key.unit for key in keys],
            "category": [key.category or None for key in keys],
            **{
                name: [codes[key.place][name] for key in keys]
                for name in ("place_code", "location_code", "admin_level")
            },
            **{
                f"admin{n}_code": [codes[key.place][f"admin{n}_code"] for key in keys]
                for n in (1, 2, 3)
            },
            **{
                f"provider_admin{n}_name": [
                    (edition.printed.get(key.place, ()) + (None,) * 3)[n - 1] for key in keys
                ]
                for n in (1, 2, 3)
            },
            "reference_period_start": date(*edition.month, 1),
            "reference_period_end": _last_day(edition.month),
            "cumulative_since": [SINCE if key.group in COHORTS else None for key in keys],
            "as_of": _last_day(edition.month),
            "value": pd.array([value.whole for value in values], dtype="Int64"),
            "value_raw": [value.raw for value in values],
            "missing_reason": [value.missing for value in values],
            "caveat": [
                " ".join(_caveats(key, value, edition, always, assumed=assumed))
                for key, value in zip(keys, values, strict=True)
            ],
            "note": notes,
            "locator": [value.locator for value in values],
        }
    )
    return frame.assign(**_common(edition))


def _caveats(
    key: Key, value: Value, edition: Edition, always: Sequence[str], *, assumed: bool
) -> list[str]:
    found = list(always)
    if assumed and key.group in COHORTS:
        found.append("start_assumed")
    if value.summed:
        found.append(dtm.SUMMED)
    if not value.missing and not float(value.exact).is_integer():
        found.append(ROUNDED)
    if key in edition.off:
        found.append("parts_do_not_add")
    return found


SOURCE: Final = Source(
    name="dtm_syria_rounds",
    title="DTM Syria: IDPs, returnees, arrivals and population by round",
    publisher="IOM",
    homepage=f"https://data.humdata.org/dataset/{SLUG}",
    licence=dtm.LICENCE,
    attribution=dtm.ATTRIBUTION,
    cadence=timedelta(days=1),
    late_after=timedelta(days=7),
    api=hdx.API,
    fetch=fetch,
    read=read,
    turns_on=no_day,
    complete=False,
    replaced_by="dtm_api_hdx",
    origin=dtm.ORIGIN,
    origin_rank=0,
)
