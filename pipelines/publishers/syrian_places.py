"""Which place of Syria each row of a table is about: by P-code, by exact name, or by both.

Tables of DTM, OCHA and others name a governorate, a district, a sub-district and a location within
it, or some of them. The code outranks the name; a location stands for its sub-district. Rows that
name the same are looked up once. Pure.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np

from data.gazetteer import places
from pipelines.errors import SourceChanged
from pipelines.publishers import cells
from pipelines.publishers.workbook import Sheet

COUNTRY: Final = "SYR"
LOCATION: Final = 4
"""Level of a community, neighbourhood or camp: read, added up, and never published."""
ANY_LEVEL: Final = -1
"""Level of a column of P-codes that hold places of several levels."""
TOTAL: Final = re.compile(
    r"\b(grand |over ?all |sub ?-?)?totals?\b|^(?:sum|all|over ?all)$"
    r"|^all (?:of )?(?:the )?(?:locations|communities|places|sites|camps|villages|neighbou?rhoods"
    r"|governorates|(?:displacement )?reasons|origins|types)$"
    r"|\b(?:genel |ara )?toplam\b|\b(?:ال)?(?:مجموع|[إا]جمالي)(?: ال(?:كلي|عام|فرعي))?\b",
    re.IGNORECASE,
)
"""What a row of totals calls itself, in the languages of those who make the tables."""
PART: Final = re.compile(
    r"\b(?:of|among) (?:which|whom|them|these)\b|\bbunlar[ıi]n\b|منهم|من بينهم",
    re.IGNORECASE,
)
"""How a row says that it is part of another, in the same languages."""
_OF_A_PLACE: Final = re.compile(
    r"\b(?:sub ?-?)?districts?\b|\bgovernorates?\b|\b(?:for|of|in|the|whole)\b|محافظة|منطقة|ناحية",
    re.IGNORECASE,
)
"""Words that stand beside a place's name in the label of its total."""
SYRIA: Final = frozenset(
    {
        *("SYR", "SY", "syr", "sy", "syria", "syrian arab republic", "سوريا", "سورية", "suriye"),
        *("whole of syria", "whole syria", "all syria", "all of syria", "national", "nationwide"),
    }
)
"""What the whole country is called, in lower case, and its codes."""
NAMES: Final = ("country", "governorate", "district", "sub-district", "location")
DISAGREE: Final = 0.01
"""Share of rows whose code and name may disagree; a few rows may in any workbook."""
FEW: Final = 2
"""Rows that may disagree in however small a workbook."""
_CODES: Final = {1: r"SY[0-9]{2}", 2: r"SY[0-9]{4}", 3: r"SY[0-9]{6}"}
SHAPES: Final = {1: "SY07", 2: "SY0703", 3: "SY070301"}
_WIDTH: Final = {1: 4, 2: 6, 3: 8}
"""Signs of a P-code of each level."""
Role = tuple[int, str]
"""A level from 0 to 4, or ANY_LEVEL, and whether a column has its code or name."""
Said = Mapping[Role, str | None]


@dataclass
class Rows:
    """Which rows of a sheet are about which place.

    Attributes:
        start: Row of the sheet that is the first of them.
        codes: The places that are named, each once.
        place: For each row the place in `codes`; -1 where the row is none of data.
        location: For each row whether it is a location within the place.
        total: For each row whether it calls itself a total.
        printed: Place to the names of its governorate, district and sub-district as printed.
        remarks: Sentences for the run's report.
    """

    start: int
    codes: list[str]
    place: "np.ndarray[Any, np.dtype[np.intp]]"
    location: "np.ndarray[Any, np.dtype[np.bool_]]"
    total: "np.ndarray[Any, np.dtype[np.bool_]]"
    printed: dict[str, tuple[str | None, ...]]
    remarks: tuple[str, ...]


def places_of_rows(
    sheet: Sheet,
    start: int,
    columns: Mapping[Role, int],
    empty: "np.ndarray[Any, np.dtype[np.bool_]]",
    where: str,
) -> Rows:
    """Each row's place; rows that say the same of it are looked up once.

    Args:
        sheet: The sheet.
        start: Its first row below the heading.
        columns: (level, "code" or "name") to column.
        empty: For each row from `start` on, whether it counts nothing.
        where: The file and sheet, for messages.

    Raises:
        SourceChanged: A row counts something and names no place, names one that cannot be, or too
            many have a code and a name that disagree.
        UnknownPlace: A code or name is in no table.
    """
    roles = [role for role in columns if role[0] != LOCATION]
    above = [sheet.column(columns[role], start) for role in roles]
    finer = [sheet.column(i, start) for role, i in columns.items() if role[0] == LOCATION]
    size = len(sheet.rows) - start
    keys = list(zip(*above, strict=True)) if above else [()] * size
    names = list(zip(*finer, strict=True)) if finer else [()] * size
    location = [any(map(_is_named, name)) for name in names]
    sums = [any(map(_is_total, name)) for name in names]
    _must_be_no_parts([*above, *finer], empty, start, where)
    place = np.full(size, -1, dtype=np.intp)
    codes: dict[str, int] = {}
    found: dict[Any, tuple[int, bool, str | None, bool]] = {}
    counts: Counter[str] = Counter()
    first: dict[str, int] = {}
    nameless: int | None = None
    is_location = np.zeros(size, dtype=bool)
    is_total = np.zeros(size, dtype=bool)
    printed: dict[str, tuple[str | None, ...]] = {}
    for at, key in enumerate(keys):
        key_ = (key, location[at], sums[at])
        known = found.get(key_)
        if known is None:
            stated = {
                role: coded(value) if role[1] == "code" else cells.text(value)
                for role, value in zip(roles, key, strict=True)
            }
            named = sum(text is not None for text in stated.values()) + location[at]
            if named == 0 or (empty[at] and named <= 1):
                if not empty[at] and nameless is None:
                    nameless = at
                continue  # a blank line, a footnote, or a total without a label at the very end
            resolved = _place(stated, location[at], sums[at], f"{where}, row {start + at + 1}")
            if resolved is None:
                nameless = at if nameless is None else nameless
                continue
            code, is_one, remark = resolved
            says_total = sums[at] or any(map(_is_total, key))
            known = (codes.setdefault(code, len(codes)), is_one, remark, says_total)
            found[key_] = known
            if not any(printed.get(code, ())):
                printed[code] = _names(stated, code)
        if nameless is not None:
            # At the very end it is a total without a label; here it is somebody's number.
            raise SourceChanged(
                f"{where}, row {start + nameless + 1} has a number and names no place."
            )
        place[at], is_location[at], is_total[at] = known[0], known[1], known[3]
        if known[2]:
            counts[known[2]] += 1
            first.setdefault(known[2], start + at + 1)
    remarks = _must_mostly_agree(counts, first, int((place >= 0).sum()), where)
    return Rows(start, list(codes), place, is_location, is_total, printed, remarks)


def _must_be_no_parts(
    named: Sequence[Sequence[Any]],
    empty: "np.ndarray[Any, np.dtype[np.bool_]]",
    start: int,
    where: str,
) -> None:
    """Refuse rows that are part of another row by their name, which holds them already."""
    for column in named:
        parts = {v for v in set(column) if isinstance(v, str) and PART.search(v)}
        for at, value in enumerate(column) if parts else ():
            if value in parts and not empty[at]:
                raise SourceChanged(
                    f"{where}, row {start + at + 1} is a part of other rows by {value[:40]!r} and "
                    "would be added to them; delete it."
                )


def _is_total(value: Any) -> bool:
    return isinstance(value, str) and _says_total(value)


@lru_cache(cells.REMEMBERED)
def _says_total(printed: str) -> bool:
    return bool(TOTAL.search(cells.cleaned(printed)))


def _is_named(value: Any) -> bool:
    return bool(value) and (not isinstance(value, str) or cells.text(value) is not None)


def _must_mostly_agree(
    counts: Mapping[str, int], first: Mapping[str, int], total: int, where: str
) -> tuple[str, ...]:
    """A code outranks a name; too many rows that disagree are a column out of its place."""
    apart = sum(counts.values())
    if not apart:
        return ()
    sentences = [
        f"{remark} (row {first[remark]}{f' and {n - 1} more' if n > 1 else ''})"
        for remark, n in list(counts.items())[:4]
    ]
    if apart > max(FEW, DISAGREE * total):
        raise SourceChanged(
            f"{where}: in {apart:,} of {total:,} rows code and name of the place disagree: "
            f"{'; '.join(sentences)}."
        )
    return (f"{where}: the code counts where it and the name disagree: {'; '.join(sentences)}.",)


def _place(
    stated: Said, location: bool, total: bool, where: str
) -> tuple[str, bool, str | None] | None:
    """What place a row is about; None where it names none.

    Returns:
        The code, whether the row is a location within it, and what of the row disagrees with the
        code. A row of totals is about what it is the total of.
    """
    if total or any(text and TOTAL.search(text) for text in stated.values()):
        return _of_a_total(stated, where), False, None
    given = {key: text for key, text in stated.items() if text}
    if given and not location and all(text.casefold() in SYRIA for text in given.values()):
        return COUNTRY, False, None
    code = given.pop((ANY_LEVEL, "code"), None)
    levels = [level for level, _ in given]
    if location:
        levels.append(LOCATION)
    if code is not None:
        levels.append(level_of(code))
    level = max(levels, default=-1)
    if level < 0:
        return None
    if level == LOCATION:
        if not any(key in given for key in ((3, "code"), (3, "name"))):
            said = ", ".join(repr(text[:30]) for text in given.values()) or "nothing"
            raise SourceChanged(
                f"{where} names a location and no sub-district; it says {said}. Name the "
                "sub-district in each row."
            )
        code, remark = code_at_level(given, 3, where)
        return code, True, remark
    if level == 0:
        if not all(
            text in SYRIA or text.casefold() in SYRIA for text in (*given.values(), code or "SY")
        ):
            raise SourceChanged(f"{where} is about another country than Syria.")
        return COUNTRY, False, None
    if code is not None and level_of(code) == level:
        given.setdefault((level, "code"), code)
    found, remark = code_at_level(given, level, where)
    return found, False, remark


def _of_a_total(texts: Said, where: str) -> str:
    """What a row of totals is about: the deepest place that it names besides; else the country."""
    given = {}
    for key, text in texts.items():
        rest = TOTAL.sub(" ", text or "")
        if rest != text:
            rest = _OF_A_PLACE.sub(" ", rest)
        rest = " ".join(rest.strip(" :-()[]").split())
        if rest and rest.casefold() not in SYRIA and 1 <= key[0] <= 3:
            given[key] = rest
    if not given:
        return COUNTRY
    return code_at_level(given, max(level for level, _ in given), where)[0]


def coded(value: Any) -> str | None:
    """A P-code as the tables write it, whatever its case, spaces and digits; else the text."""
    text = cells.text(value)
    if text is None:
        return None
    plain = "".join(cells.digits(text).split()).upper()
    return plain if re.fullmatch(r"SY[0-9]{2,6}", plain) else text


def level_of(code: str) -> int:
    """Level of a code as printed; that of a location where it is no P-code of an area."""
    for level, shape in _CODES.items():
        if re.fullmatch(shape, code):
            return level
    return 0 if code in (COUNTRY, "SY") else LOCATION


def code_at_level(
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
        raise SourceChanged(
            f"{where} has {code[:20]!r} for a {NAMES[level]}'s P-code; write it as "
            f"{SHAPES[level]} is, or look whether the row is one of data."
        )
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


def _names(stated: Said, code: str) -> tuple[str | None, ...]:
    return tuple(stated.get((n, "name")) for n in range(1, depth(code) + 1))


def depth(code: str) -> int:
    """Level of a place that is known: 0 for the country, 3 for a sub-district."""
    return 0 if code == COUNTRY else len(code) // 2 - 1


def parent_place(place: str) -> str | None:
    """The place one level up; None above the country."""
    level = depth(place)
    return None if level == 0 else COUNTRY if level == 1 else place[: _WIDTH[level - 1]]
