"""IOM DTM Syria, one workbook for each round: IDPs, IDP returnees and arrivals from abroad.

The only series below governorate after December 2024. Every round has its own layout, so columns
are recognised by what their heading means, and a workbook whose columns are not understood is
refused with those headings. "Returnees" and "arrivals" are people who came since January 2024,
not since the round before: they are cumulative. The three groups are never added to one another.

A workbook by community is summed to sub-districts, the finest level that is shown, where every
community of a sub-district has a number. No name of a community or camp goes any further.
"""

import calendar
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd

from data.gazetteer import places
from data.gazetteer.area import Area
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.forms import workbook
from pipelines.http.client import Client
from pipelines.publishers import dtm, hdx
from pipelines.source import Reading, Source, no_day

SLUG: Final = "syrian-arab-republic-displacement-data-iom-dtm"
COUNTRY: Final = "SYR"
DATASET: Final = "DTM Syria: mobility tracking by round"
SINCE: Final = date(2024, 1, 1)
"""From when returnees and arrivals are counted."""
_RETURNEES: Final = "returnees"
FIRST_ROUND: Final = (2025, 2)
"""Month of round 1; rounds 1 to 9 were monthly, February to October 2025."""
KNOWN_ROUNDS: Final = 9
GROUPS: Final = {"IDP": "stock", "RDP": "cumulative", "RET": "cumulative"}
HEADING_ROWS: Final = 40
"""Rows from the top among which a heading is looked for."""
HEADING_DEPTH: Final = 3
READ_FOR_DATE: Final = (40, 12)
"""Rows and columns of a sheet that are read for the round and the month."""
TOTAL: Final = re.compile(r"\b(grand |over ?all |sub ?-?)?totals?\b|^sum$|^المجموع", re.IGNORECASE)
SYRIA: Final = ("SYR", "SY", "syria", "syrian arab republic")
NOTHING: Final = frozenset({"", "-", "–", "—", "n/a", "na", "not available", "null", "nan", "."})
NOT_COLLECTED: Final = frozenset({"not collected", "not assessed", "no data"})
NAMES: Final = ("country", "governorate", "district", "sub-district", "community")
COMMUNITY: Final = 4

_FILE: Final = re.compile(r"round|baseline|mobility|mmt|\br\d{1,2}\b", re.IGNORECASE)
_OTHER_FILE: Final = re.compile(
    r"emergency|event track|flow monitor|site assess|return index", re.IGNORECASE
)
_ROUND: Final = re.compile(r"\bround\s*(?:no|number|#)?\s*(\d{1,3})\b|\br(\d{1,2})\b")
_MONTHS: Final = {name.casefold(): n for n, name in enumerate(calendar.month_abbr) if name}
_MONTH: Final = re.compile(
    r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\b"
)
_DATED: Final = re.compile(
    r"\b20\d\d [01]\d [0-3]\d\b"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* 20\d\d\b"
)
_YEAR: Final = re.compile(r"\b(20\d\d)\b")
_DIGITS: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_LEVELS: Final = (
    (3, re.compile(r"\b(sub ?districts?|adm(in)? ?3|nah(i|iy|y|iye)a)\b")),
    (2, re.compile(r"\b(districts?|adm(in)? ?2|mantika)\b")),
    (1, re.compile(r"\b(governorates?|govern?|gov|adm(in)? ?1|mohafazah?|muhafaza)\b")),
    (
        4,
        re.compile(
            r"\b(communit(y|ies)|locations?|villages?|neighbou?rhoods?|towns?|sites?|camps?"
            r"|adm(in)? ?4|settlements?)\b"
        ),
    ),
    (0, re.compile(r"\b(country|adm(in)? ?0)\b")),
)
_CODE: Final = re.compile(r"\b(p ?codes?|codes?|pcod)\b")
_CODES: Final = {1: r"SY\d{2}", 2: r"SY\d{4}", 3: r"SY\d{6}"}
_ARABIC: Final = re.compile(r"[\u0600-\u06ff]|\b(ar|arabic)\b")
_FAMILIES: Final = re.compile(r"\b(hhs?|households?|famil(y|ies))\b")
_PEOPLE: Final = re.compile(r"\b(inds?|individuals?|persons?|people|population)\b")
_INTERNAL: Final = re.compile(r"\b(idps?|internal(ly)?|displaced|within syria|inside syria)\b")
_IDPS: Final = re.compile(
    r"\b(idps?|internally displaced|displaced (persons?|people|individuals|households|families))\b"
)
_RETURNED: Final = re.compile(r"\b(returnees?|returned|returns?|rdp)\b")
_ABROAD: Final = re.compile(r"\b(abroad|refugees?|cross border|outside|other countries)\b")
_ARRIVED: Final = re.compile(r"\b(arrivals?|arrived)\b")
_PART: Final = re.compile(
    r"\b(males?|females?|m[ae]n|wom[ae]n|boys?|girls?|child(ren)?|elderly|age[ds]?|years?|percent"
    r"|percentage|share|average|ratio|rate|camps?|sites?|host(ed)?|rent(ed|ing)?|shelters?|tents?"
    r"|reasons?|origins?|last|previous|past|during|new|newly|recent|this|change|difference|increase"
    r"|decrease|intend|intention|plan(ned|ning)?|needs?|main|first|second|third|most|before|after"
    r"|departed|departures?|left|leaving|disab\w*|headed|size|top|with|without|residential|informal"
    r"|turkiye|turkey|lebanon|jordan|iraq|egypt|residents?|original|type)\b"
)
_SINCE: Final = re.compile(r"\bsince (\w+ )?(\d{1,2} )?(\w+ )?20\d\d\b")
_SINCE_JANUARY: Final = re.compile(r"\bsince (1 )?jan(uary)? (1 )?2024\b")


@dataclass(frozen=True)
class Heading:
    """What the columns of a sheet hold.

    Attributes:
        bottom: Last row of the heading, from 0.
        places: (level, "code" or "name") to column; level -1 is a code of any level.
        counts: (population group, unit) to column.
        stranger: Headings that were not understood, as printed.
        doubled: What is amiss where several columns claim to be one; None where none do.
        single: Column of the round's number; None where there is none.
    """

    bottom: int
    places: Mapping[tuple[int, str], int]
    counts: Mapping[tuple[str, str], int]
    stranger: tuple[str, ...]
    doubled: str | None = None
    single: int | None = None

    @property
    def understood(self) -> int:
        """How many columns have a meaning."""
        return len(self.places) + 2 * len(self.counts)


Key = tuple[str, str, str]
"""Place, population group and unit: one count of a round."""


@dataclass
class Edition:
    """One round as one workbook gives it."""

    number: int | None
    month: tuple[int, int]
    document: Document
    rows: list["Count"] = field(default_factory=list)
    off: dict[Key, int] = field(default_factory=dict)
    """What the parts of a published total add to, where it is something else."""

    @property
    def called(self) -> str:
        """The round in a sentence."""
        year, month = self.month
        told = f"round {self.number}" if self.number else "the round"
        return f"{told} of {year}-{month:02d}"


@dataclass(frozen=True)
class Count:
    """One cell: how many of whom, where, and where it stands."""

    place: str
    level: int
    group: str
    unit: str
    value: int | None
    raw: str | None
    missing: str | None
    cell: str
    printed: tuple[str | None, ...] = ()
    """Governorate, district and sub-district as printed."""


def fetch(client: Client, settings: Settings, area: Area) -> Iterator[Document]:
    """HDX's description of the dataset and the workbook of every round, the newest upload first."""

    def pick(found: list[hdx.Resource]) -> list[tuple[str, hdx.Resource]]:
        kept = [resource for resource in found if _is_round(resource)]
        if not kept:
            hdx.newest([], SLUG, "round")
        return [(f"{SLUG}/{hdx.file_name(resource)}", resource) for resource in kept]

    yield from hdx.fetch_files(client, settings, SLUG, pick, "binary")


def read(documents: Sequence[Document], area: Area) -> Reading:
    """IDPs present (stock), and returnees and arrivals since January 2024 (cumulative), by round.

    One row for each round, place down to sub-district, group and unit (people or families; neither
    is turned into the other). A blank cell is null (`not_reported`). A sub-district of a workbook
    by community is the sum of its communities (`summed_from_parts`), null where one has no number.
    A published total that its published parts do not add up to has the caveat `parts_do_not_add`.
    An older round that cannot be read is left out with a remark; its figures stay as they were.

    Raises:
        SourceChanged: The newest workbook is not one, is damaged, or has columns, places or numbers
            that are not understood.
        UnknownPlace: It names a place that the places table lacks.
    """
    described = {d.name: d for d in documents if d.name == f"{SLUG}/{hdx.PACKAGE}"}
    known = [r for d in described.values() for r in hdx.resources(d)]
    told = {resource.url: resource for resource in known}
    remarks: list[str] = []
    editions: dict[tuple[int | None, tuple[int, int]], Edition] = {}
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
    if not editions:
        raise SourceChanged(f"HDX's {SLUG} holds no workbook of a round.")
    rows = [row for edition in editions.values() for row in _figures(edition)]
    return Reading(pd.DataFrame(rows), remarks=tuple(remarks))


def _is_round(resource: hdx.Resource) -> bool:
    """Whether a file is a round's workbook, by its names."""
    named = _plain(f"{resource.name} {hdx.file_name(resource)}")
    sheet = resource.format in ("XLSX", "XLS", "XLSM") or ".xls" in resource.url.lower()
    return sheet and bool(_FILE.search(named)) and not _OTHER_FILE.search(named)


# Round and month ---------------------------------------------------------------------------------


def _edition(document: Document, resource: hdx.Resource | None) -> Edition:
    """One workbook read whole."""
    sheets = workbook.sheets(document)
    headings = [(sheet, _heading(sheet)) for sheet in sheets]
    number, month = _when(document, resource, sheets, headings)
    edition = Edition(number, month, document)
    understood = [(s, h) for s, h in headings if h is not None and _is_data(s, h)]
    for _, heading in understood:
        if heading.doubled:
            raise SourceChanged(f"{document.name}: {heading.doubled}")
    _must_have_every_group(document, understood, headings)
    found: dict[Key, Count] = {}
    summed: dict[Key, Count] = {}
    for sheet, heading in understood:
        communities: dict[Key, list[Count]] = {}
        for count in _counts(sheet, heading, document):
            key = (count.place, count.group, count.unit)
            if count.level == COMMUNITY:
                communities.setdefault(key, []).append(count)
            else:
                _keep(found, key, count, document)
        for key, counts in communities.items():
            _keep(summed, key, _summed(counts), document)
    edition.rows = [*found.values(), *(c for key, c in summed.items() if key not in found)]
    edition.off = _totals_that_do_not_add(edition.rows)
    for key, parts in summed.items():
        total = found[key].value if key in found else None
        if total is not None and parts.value is not None and total != parts.value:
            edition.off[key] = parts.value
    return edition


def _keep(
    found: dict[Key, Count],
    key: Key,
    count: Count,
    document: Document,
) -> None:
    """A count once; two sheets may repeat it, and may not contradict one another."""
    before = found.get(key)
    if before is None or before.value is None:
        found[key] = count
    elif count.value is not None and count.value != before.value:
        raise SourceChanged(
            f"{document.name} gives {count.group} of {count.place} twice: {before.value:,} at "
            f"{before.cell} and {count.value:,} at {count.cell}."
        )


def _when(
    document: Document,
    resource: hdx.Resource | None,
    sheets: Sequence[workbook.Sheet],
    headings: Sequence[tuple[workbook.Sheet, Heading | None]],
) -> tuple[int | None, tuple[int, int]]:
    """The round's number, if it is told, and its month: from the file's names, else from within."""
    names = [document.name.removeprefix(f"{SLUG}/")]
    texts = []
    if resource is not None:
        names = [resource.name, hdx.file_name(resource)]
        texts = [resource.description]
    rows, columns = READ_FOR_DATE
    texts += [
        str(cell)
        for sheet in sheets
        for row in sheet.rows[:rows]
        for cell in row[:columns]
        if isinstance(cell, str | date)
    ]
    numbers = (_round_in(_plain(text)) for text in (*names, *texts))
    number = next((n for n in numbers if n), None) or _round_in_a_column(headings)
    # In a sentence "may" is a verb: only a name may have its month and year apart.
    months = (
        *(_month_in(_plain(text)) for text in names),
        *(_month_in(" ".join(_DATED.findall(_plain(text)))) for text in texts),
    )
    month = next((m for m in months if m), None)
    by_number = _month_of(number) if number and number <= KNOWN_ROUNDS else None
    if month and by_number and month != by_number:
        raise SourceChanged(
            f"{document.name} calls {month[0]}-{month[1]:02d} round {number}, which was "
            f"{by_number[0]}-{by_number[1]:02d}."
        )
    month = month or by_number
    if month is None:
        raise SourceChanged(
            f"{document.name} does not say which month it is about; put it into the file's name, "
            "such as round-10-november-2025.xlsx."
        )
    number = number or next((n for n in range(1, KNOWN_ROUNDS + 1) if _month_of(n) == month), None)
    return number, month


def _round_in(text: str) -> int | None:
    found = {int(a or b) for a, b in _ROUND.findall(text)}
    return found.pop() if len(found) == 1 else None


def _month_in(text: str) -> tuple[int, int] | None:
    """A month and a year, if the text names one of each."""
    months = {_MONTHS[name] for name in _MONTH.findall(text)}
    years = {int(year) for year in _YEAR.findall(text)}
    dated = re.search(r"\b(20\d\d) (0[1-9]|1[0-2]) [0-3]\d\b", text)
    if dated and not months:
        return int(dated[1]), int(dated[2])
    return (years.pop(), months.pop()) if len(months) == len(years) == 1 else None


def _month_of(number: int) -> tuple[int, int]:
    year, month = FIRST_ROUND
    return year + (month + number - 2) // 12, (month + number - 2) % 12 + 1


def _round_in_a_column(headings: Iterable[tuple[workbook.Sheet, Heading | None]]) -> int | None:
    """The round where a column says it, the same in every row."""
    told = {
        row[heading.single]
        for sheet, heading in headings
        if heading is not None and heading.single is not None
        for row in sheet.rows[heading.bottom + 1 :]
        if heading.single < len(row) and isinstance(row[heading.single], int)
    }
    return int(told.pop()) if len(told) == 1 else None


# Headings ----------------------------------------------------------------------------------------


def _heading(sheet: workbook.Sheet) -> Heading | None:
    """The rows whose texts name most columns; None where none name a place and a count."""
    best: Heading | None = None
    for top in range(min(HEADING_ROWS, len(sheet.rows))):
        for bottom in range(top, min(top + HEADING_DEPTH, len(sheet.rows))):
            block = [row for row in sheet.rows[top : bottom + 1] if not hdx.is_tags(row)]
            if not block or any(isinstance(cell, int | float) for row in block for cell in row):
                break
            found = _understood(block, bottom)
            if found.places and (best is None or found.understood > best.understood):
                best = found
    return best


def _understood(block: Sequence[Sequence[Any]], bottom: int) -> Heading:
    """The columns of a heading that may run over several rows."""
    where: dict[tuple[int, str], int] = {}
    counts: dict[tuple[str, str], list[tuple[int, str]]] = {}
    strangers: list[str] = []
    single = None
    for column in range(max(map(len, block))):
        cells = [str(row[column]) for row in block if column < len(row) and row[column] is not None]
        printed = " ".join(dict.fromkeys(cells))
        text = _plain(printed)
        if not text:
            continue
        if re.fullmatch(r"(reporting )?round( (no|number))?", text):
            single = column
        elif (place := _place_role(text)) is not None:
            where.setdefault(place, column)
        elif (count := _count_role(text)) is not None:
            counts.setdefault(count, []).append((column, printed))
        else:
            strangers.append(printed)
    chosen = {role: columns[0][0] for role, columns in counts.items() if len(columns) == 1}
    doubled = next(
        (
            f"several columns could be {group} in {unit}: "
            + ", ".join(repr(printed) for _, printed in columns[:4])
            + "; choosing one would be a guess."
            for (group, unit), columns in counts.items()
            if len(columns) > 1
        ),
        None,
    )
    # "Returnees" alone are those within Syria only where arrivals from abroad stand beside them.
    for unit in ("people", "families"):
        bare = chosen.pop((_RETURNEES, unit), None)
        if bare is not None and ("RET", unit) in chosen:
            chosen.setdefault(("RDP", unit), bare)
    return Heading(bottom, where, chosen, tuple(strangers), doubled, single)


def _is_data(sheet: workbook.Sheet, heading: Heading) -> bool:
    """Whether numbers stand below the heading: a glossary has the words and no counts."""
    return any(
        _is_count(_at(row, column))
        for row in sheet.rows[heading.bottom + 1 :]
        for column in heading.counts.values()
    )


def _place_role(text: str) -> tuple[int, str] | None:
    if _RETURNED.search(text) or _IDPS.search(text) or _ARRIVED.search(text):
        return None
    coded = bool(_CODE.search(text))
    if _ARABIC.search(text) and not coded:
        return None
    if re.search(r"\b(type|class|lat\w*|lon\w*|origin|previous|categor\w*|number|no of)\b", text):
        return None
    for level, named in _LEVELS:
        if named.search(text):
            return level, "code" if coded else "name"
    return (-1, "code") if re.fullmatch(r"p ?codes?", text) else None


def _count_role(text: str) -> tuple[str, str] | None:
    """Population group and unit of a heading that counts a whole group; None for anything else."""
    since = _SINCE.search(text)
    if since and not _SINCE_JANUARY.search(text):
        return None  # people who came since another day are a part of them
    bare = _SINCE.sub(" ", text)
    if _FAMILIES.search(bare) and _PEOPLE.search(bare):
        return None
    unit = "families" if _FAMILIES.search(bare) else "people"
    if _PART.search(bare):
        return None
    abroad = bool(_ABROAD.search(bare))
    returned, arrived = bool(_RETURNED.search(bare)), bool(_ARRIVED.search(bare))
    internal = bool(_INTERNAL.search(bare))
    if abroad and internal:
        return None
    if abroad and (returned or arrived):
        return "RET", unit
    if arrived:
        return None if internal or returned else ("RET", unit)
    if returned:
        return ("RDP" if internal else _RETURNEES), unit
    if _IDPS.search(bare):
        return "IDP", unit
    return None


def _must_have_every_group(
    document: Document,
    understood: Sequence[tuple[workbook.Sheet, Heading]],
    headings: Sequence[tuple[workbook.Sheet, Heading | None]],
) -> None:
    """Each of the three groups has a column somewhere: one renamed must not vanish quietly."""
    there = {group for _, heading in understood for group, _ in heading.counts}
    absent = [group for group in GROUPS if group not in there]
    if not absent:
        return
    strange = [s for _, h in headings if h is not None for s in h.stranger]
    if not strange:
        strange = [
            str(cell)
            for sheet, _ in headings
            for row in sheet.rows[:HEADING_ROWS]
            for cell in row
            if isinstance(cell, str)
        ]
    said = ", ".join(repr(text[:60]) for text in dict.fromkeys(strange[:12])) or "none"
    raise SourceChanged(
        f"{document.name} has no column that is understood as {', '.join(absent)}; "
        f"headings not understood: {said}."
    )


# Rows --------------------------------------------------------------------------------------------


def _counts(sheet: workbook.Sheet, heading: Heading, document: Document) -> Iterator[Count]:
    """Every count of a sheet, communities under the code of their sub-district."""
    seen: set[tuple[Any, ...]] = set()
    nameless: str | None = None
    for number, row in enumerate(sheet.rows[heading.bottom + 1 :], start=heading.bottom + 1):
        if hdx.is_tags(row):
            continue
        where = f"{document.name}, sheet {sheet.number}, row {number + 1}"
        cells = {key: _at(row, column) for key, column in heading.counts.items()}
        empty = all(value is None for value in cells.values())
        named = {key: _at(row, column) for key, column in heading.places.items()}
        if empty and sum(_text(value) is not None for value in named.values()) <= 1:
            continue  # a blank line, or a footnote
        place = _place(named, where)
        if place is None:
            nameless = nameless or where
            continue
        if nameless is not None:
            # At the very end it is a total without a label; here it is somebody's number.
            raise SourceChanged(f"{nameless} has a number and names no place.")
        code, level = place
        if level == COMMUNITY:
            if row in seen and any(cells.values()):
                raise SourceChanged(f"{where} repeats another row; one community counts once.")
            seen.add(row)
        printed = tuple(_text(named.get((n, "name"))) for n in range(1, min(level, 3) + 1))
        for (group, unit), value in cells.items():
            count, raw, missing = _number(value, where)
            cell = workbook.cell_name(number, heading.counts[group, unit])
            locator = f"sheet {sheet.number}, {cell}"
            yield Count(code, level, group, unit, count, raw, missing, locator, printed)


def _place(named: Mapping[tuple[int, str], Any], where: str) -> tuple[str, int] | None:
    """Code and level of the place that a row is about; None for one that names none.

    A community has its sub-district's code. A row of totals is about what it is the total of.
    """
    texts = {key: _text(value) for key, value in named.items()}
    if any(text and TOTAL.search(text) for text in texts.values()):
        return _of_a_total(texts, where)
    given = {key: text for key, text in texts.items() if text}
    code = given.pop((-1, "code"), None)
    levels = [level for level, _ in given]
    if code is not None:
        levels.append(_level_of(code))
    level = max(levels, default=-1)
    if level < 0:
        return None
    if level == COMMUNITY:
        if not any(key in given for key in ((3, "code"), (3, "name"))):
            raise SourceChanged(f"{where} names a community and no sub-district.")
        return _resolved(given, 3, where), COMMUNITY
    if level == 0:
        if not all(
            text in SYRIA or text.casefold() in SYRIA for text in (*given.values(), code or "SY")
        ):
            raise SourceChanged(f"{where} is about another country than Syria.")
        return COUNTRY, 0
    if code is not None and _level_of(code) == level:
        given.setdefault((level, "code"), code)
    return _resolved(given, level, where), level


def _of_a_total(texts: Mapping[tuple[int, str], str | None], where: str) -> tuple[str, int]:
    """What a row of totals is about: the deepest place that it names besides; else the country."""
    given = {}
    for key, text in texts.items():
        rest = " ".join(TOTAL.sub(" ", text or "").strip(" :-").split())
        if rest and rest.casefold() not in SYRIA and 1 <= key[0] <= 3:
            given[key] = rest
    if not given:
        return COUNTRY, 0
    level = max(level for level, _ in given)
    return _resolved(given, level, where), level


def _level_of(code: str) -> int:
    for level, shape in _CODES.items():
        if re.fullmatch(shape, code):
            return level
    return 0 if code in (COUNTRY, "SY") else COMMUNITY


def _resolved(given: Mapping[tuple[int, str], str], level: int, where: str) -> str:
    """The code at one level; what else the row says of the place must agree with it."""
    code = given.get((level, "code"))
    if code is not None:
        if not re.fullmatch(_CODES[level], code):
            raise SourceChanged(f"{where} has {code[:20]!r} for a {NAMES[level]}'s P-code.")
        places.codes(code)
        try:
            above = _above(given, level)
        except places.UnknownPlace:
            above = None  # the code says it better
    else:
        name = given.get((level, "name"))
        if name is None:
            raise SourceChanged(f"{where} does not name its {NAMES[level]}.")
        above = _above(given, level)
        code = places.resolve(name, f"admin{level}", within=above)
    if above is not None and not code.startswith(above):
        raise SourceChanged(f"{where} has {code}, which does not lie in {above}.")
    named = given.get((level, "name"))
    if named is not None and (other := _surely(named, level)) not in (None, code):
        raise SourceChanged(f"{where} has the code {code} and the name of {other}.")
    return code


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


def _at(row: Sequence[Any], column: int) -> Any:
    return row[column] if column < len(row) else None


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, bool):
        return None
    text = str(value).strip()
    return None if text.casefold() in NOTHING else text


def _number(value: Any, where: str) -> tuple[int | None, str | None, str | None]:
    """A cell's count, what is printed, and why there is no count.

    Raises:
        SourceChanged: Something else than a whole number stands there.
    """
    raw = None if value is None else str(value).strip()
    if raw is None or raw.casefold() in NOTHING:
        return None, raw, "not_reported"
    if raw.casefold() in NOT_COLLECTED:
        return None, raw, "not_collected"
    bare = _bare(value, raw)
    if not re.fullmatch(r"[0-9]{1,12}", bare):
        raise SourceChanged(f"{where} has {raw[:30]!r} where a count of people belongs.")
    if int(bare) > dtm.MOST:
        raise SourceChanged(f"{where} counts {raw[:30]}, more people than there are.")
    return int(bare), raw, None


def _is_count(value: Any) -> bool:
    return re.fullmatch(r"[0-9]{1,12}", _bare(value, str(value).strip())) is not None


def _bare(value: Any, raw: str) -> str:
    """A number without what separates its thousands, in Latin digits."""
    if isinstance(value, bool | float):
        return ""  # a workbook's whole numbers have become int already
    return re.sub(r"[\s,'’٬]", "", raw.translate(_DIGITS))


def _plain(text: str) -> str:
    """A heading or name in lower case: words apart, no accents, no signs."""
    worded = text.replace("%", " percent ")
    apart = re.sub(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Za-z])", " ", worded)
    bare = unicodedata.normalize("NFKD", apart).casefold()
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w]|_", " ", letters).split())


# Figures -----------------------------------------------------------------------------------------


def _summed(counts: Sequence[Count]) -> Count:
    """The communities of one sub-district together, where each has a number."""
    first = counts[0]
    whole = all(count.value is not None for count in counts)
    reasons = Counter(count.missing for count in counts if count.missing)
    return Count(
        first.place,
        3,
        first.group,
        first.unit,
        sum(count.value or 0 for count in counts) if whole else None,
        None,
        None if whole else reasons.most_common(1)[0][0],
        f"{first.cell} to {counts[-1].cell.rsplit(' ', 1)[-1]}, summed from {len(counts)} rows",
        first.printed,
    )


def _figures(edition: Edition) -> Iterator[dict[str, Any]]:
    year, month = edition.month
    start = date(year, month, 1)
    end = date(year, month, calendar.monthrange(year, month)[1])
    for count in edition.rows:
        cumulative = GROUPS[count.group] == "cumulative"
        caveats = ["date_approximate"]
        if "summed from" in count.cell:
            caveats.append(dtm.SUMMED)
        parts = edition.off.get((count.place, count.group, count.unit))
        if parts is not None:
            caveats.append("parts_do_not_add")
        yield {
            "publisher": dtm.PUBLISHER,
            "dataset": DATASET,
            "measure": GROUPS[count.group],
            "population_group": count.group,
            "unit": count.unit,
            **places.codes(count.place),
            **{f"provider_admin{n}_name": name for n, name in enumerate(count.printed, start=1)},
            "reference_period_start": SINCE if cumulative else start,
            "reference_period_end": end,
            "cumulative_since": SINCE if cumulative else None,
            "as_of": end,
            "reporting_round": edition.number,
            "assessment_type": "BA",
            "value": count.value,
            "value_raw": count.raw,
            "missing_reason": count.missing,
            "caveat": " ".join(caveats),
            "note": None if parts is None else f"Its parts in the workbook add to {parts:,}.",
            "retrieved_at": edition.document.fetched_at,
            "source_url": edition.document.url,
            "content_sha256": edition.document.sha256,
            "locator": count.cell,
        }


def _totals_that_do_not_add(rows: Iterable[Count]) -> dict[Key, int]:
    """What the parts of a published total add to, where it is something else.

    The parts are the next level below that the workbook has for the place; nothing is said where
    one of them has no number.
    """
    kinds: dict[tuple[str, str], dict[str, Count]] = {}
    for count in rows:
        kinds.setdefault((count.group, count.unit), {})[count.place] = count
    off: dict[Key, int] = {}
    for (group, unit), by_place in kinds.items():
        for total in by_place.values():
            parts = _parts_of(total, by_place.values())
            values = [part.value for part in parts]
            if total.value is None or not parts or None in values:
                continue
            added = sum(value for value in values if value is not None)
            if added != total.value:
                off[total.place, group, unit] = added
    return off


def _parts_of(total: Count, among: Iterable[Count]) -> list[Count]:
    below = [
        (count.level, count)
        for count in among
        if count.level > total.level and (total.level == 0 or count.place.startswith(total.place))
    ]
    nearest = min((deep for deep, _ in below), default=None)
    return [count for deep, count in below if deep == nearest]


SOURCE: Final = Source(
    name="dtm_syria_rounds",
    title="DTM Syria: IDPs, returnees and arrivals by round",
    publisher="IOM",
    homepage=f"https://data.humdata.org/dataset/{SLUG}",
    licence=dtm.LICENCE,
    attribution=dtm.ATTRIBUTION,
    cadence=timedelta(days=1),
    late_after=timedelta(days=7),
    api=hdx.API,
    fetch=fetch,
    read=read,
    reading_depends_on=no_day,
    complete=False,
    replaced_by="dtm_api_hdx",
    origin=dtm.ORIGIN,
    origin_rank=0,
)
