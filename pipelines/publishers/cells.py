"""Cells as publishers and offices write them: text, counts, days, months, and what says nothing.

The one place that knows which signs mean that there is no number, which digits and separators there
are, and which marks nobody sees. Whatever reads a table reads its cells through here. Pure.
"""

import calendar
import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from data.gazetteer.places import INVISIBLE

NOTHING: Final = frozenset({"", "-", "–", "—", "n/a", "not available", "<na>"})
"""What says in any cell that nothing stands there, in lower case."""
NO_NUMBER: Final = NOTHING | {"na", "null", "none", "nan", ".", "...", "…"}
"""What says that there is no number: never a zero. In a column of names some of them are names."""
NOT_COLLECTED: Final = frozenset({"not collected", "not assessed", "no data"})
"""What says that nobody counted."""
MOST: Final = 100_000_000
"""More people than this are a slip, whatever they are counted for."""

REMEMBERED: Final = 20_000
"""Texts of which it is remembered what they say: most of a table is names and codes that repeat."""
SHORT: Final = 80
"""Characters of a text that may be remembered."""
EARLIEST: Final = date(1951, 1, 1)
"""Nobody counted the displaced before; an older day is a slip in its year."""
_DIGITS: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９", "0123456789" * 3)
_SEPARATORS: Final = str.maketrans(dict.fromkeys("’‘ʼ`´′＇", "'") | {"，": ","})
_GROUPED: Final = re.compile(r"[1-9]\d{0,2}([., '٬،])\d{3}(?:\1\d{3})*")
_DOTTED_DAY: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_MONTHS: Final = {
    name.casefold(): n
    for names in (calendar.month_name, calendar.month_abbr)
    for n, name in enumerate(names)
    if name
} | {"sept": 9}
_MONTH: Final = re.compile(rf"\b({'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b")
DAY_NOUGHT: Final = date(1899, 12, 30)
"""The day that a spreadsheet counts its days from."""
SERIALS: Final = (40_000.0, 60_000.0)
"""Days of this century as a spreadsheet numbers them, where a cell has no format of dates."""
LONGEST_MONTH: Final = 24
"""Length of a cell that names a month: room for "Number of IDPs Dec 2021"; more is a sentence."""
_NUMBERED: Final = re.compile(r"(0?[1-9]|1[0-2])[/.-]((?:19|20)[0-9]{2})")
_SHORT: Final = re.compile(r"([a-z]{3,9}) (\d\d)")
_YEAR: Final = re.compile(r"\b((?:19|20)\d\d)\b")


_FAMILIES: Final = re.compile(
    r"\b(?:hhs?|house ?holds?|famil(?:y|ies)|hane|aile\w*|(?:ال)?اسرة?|(?:ال)?عائل\w*)\b"
)
_PEOPLE: Final = re.compile(
    r"\b(?:inds?|individuals?|persons?|people|kisi\w*|(?:ال)?(?:افراد|اشخاص))\b"
)
_COUNTED_IN: Final = re.compile(
    r"\b(?:number|nb|no|counts?|totals?|figures?|units?|in|of|idps?|displaced)\b(?: \w+){0,2}? "
    + _FAMILIES.pattern
)
_THOUSANDS: Final = re.compile(
    r"\bin (?:the )?(?:thousands?|000s?)\b|\bthousands?$|^000s?$|\bbin kisi\b|\bبالالاف\b|\bبالاف\b"
)
_RUNNING: Final = re.compile(
    r"\b(?:cumulative(?:ly)?|running (?:total|sum|count)s?|year to date|ytd|تراكمي\w*|kumulatif)\b"
)
LABEL: Final = 4
"""Words of a title that is hardly more than the unit."""
LONGEST_TITLE: Final = 14
"""Words of a title; more is a sentence, which may speak of anything."""


class NotACount(ValueError):  # noqa: N818 - reads as a fact where it is raised
    """A cell where a count belongs and something else stands."""


def cleaned(text: str) -> str:
    """A text without marks that nobody sees, letters composed, single spaces."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.translate(INVISIBLE))
    return " ".join(text.split())


def text(value: Any) -> str | None:
    """What stands in a cell, cleaned; None where nothing does."""
    if type(value) is not str:
        if value is None or isinstance(value, bool) or _is_nan(value):
            return None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        value = str(value)
    return _cleaned_text(value) if len(value) <= SHORT else _cleaned_text.__wrapped__(value)


class Texts(dict[str, str | None]):
    """`text` of the cells of one table: each text is looked at once, however often it stands."""

    def __missing__(self, printed: str) -> str | None:
        """What a text says that was not looked at before."""
        found = self[printed] = text(printed)
        return found


@lru_cache(REMEMBERED)
def _cleaned_text(printed: str) -> str | None:
    text = cleaned(printed)
    return None if text.casefold() in NOTHING else text


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and value != value


def digits(text: str) -> str:
    """The text with Latin digits for Arabic, Persian and wide ones."""
    return text if text.isascii() else text.translate(_DIGITS)


def missing(value: Any) -> str | None:
    """Why a cell has no number, as a code of `MISSING_REASONS`; None where something stands."""
    if value is None or _is_nan(value):
        return "not_reported"
    text = (cleaned(value) if isinstance(value, str) else str(value)).casefold()
    if text in NO_NUMBER:
        return "not_reported"
    return "not_collected" if text in NOT_COLLECTED else None


def count(value: Any, *, dots: bool = False) -> int | None:
    """A whole number of people, families or movements.

    Digits may be Latin, Arabic, Persian or wide. Thousands may be apart by one kind of sign: comma,
    apostrophe, Arabic comma, or a space of any width.

    Args:
        value: A cell of a workbook or a CSV file.
        dots: Whether a dot may stand between thousands, as Turkish offices write. Elsewhere 1.203
            is a fraction.

    Returns:
        None where `missing` says why.

    Raises:
        NotACount: A fraction, a sign, mixed separators, a word, or more than `MOST`.
    """
    if type(value) is str and len(value) <= SHORT:
        return _counted(value, dots)
    return _counted.__wrapped__(value, dots)


@lru_cache(REMEMBERED)
def _counted(value: Any, dots: bool) -> int | None:
    if missing(value) is not None:
        return None
    if isinstance(value, bool):
        raise NotACount(f"{value} is no whole number")
    if isinstance(value, int | float):
        if not float(value).is_integer():
            raise NotACount(f"{value!r} is no whole number")
        found = int(value)
    else:
        found = _typed(value, dots=dots)
    if not 0 <= found <= MOST:
        raise NotACount(f"{str(value)[:30]!r} is no count: below zero or more than there are")
    return found


def _typed(value: Any, *, dots: bool) -> int:
    text = _plain(value)
    if re.fullmatch(r"[0-9]{1,12}(\.0{1,2})?", text):
        return int(text.split(".")[0])
    grouped = _GROUPED.fullmatch(text)
    if grouped is None or (grouped[1] == "." and not dots):
        raise NotACount(f"{str(value).strip()[:30]!r} is no whole number")
    return int(re.sub(r"[^0-9]", "", text))


def _plain(value: Any) -> str:
    return cleaned(digits(str(value))).translate(_SEPARATORS)


def thousands_sign(value: Any) -> str | None:
    """What stands between the thousands of a typed number; None where nothing does."""
    grouped = _GROUPED.fullmatch(_plain(value)) if isinstance(value, str) else None
    return grouped[1] if grouped else None


def is_count(value: Any) -> bool:
    """Whether a whole number stands in the cell."""
    try:
        return count(value) is not None
    except NotACount:
        return False


def day(value: Any) -> date:
    """A day: a date of a workbook, 2026-09-17 or 17.09.2026, in any digits.

    Raises:
        ValueError: It is none, or lies before `EARLIEST`. 9/10/2026 is none either: half of the
            world takes it for October.
    """
    found = _day(value)
    if found < EARLIEST:
        raise ValueError(f"{found} lies before anybody counted; look at its year")
    return found


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = digits(cleaned(str(value)))
    if dotted := _DOTTED_DAY.fullmatch(text):
        return date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
    try:
        return date.fromisoformat(text[:10] if text[10:11] in ("T", " ") else text)
    except ValueError:
        raise ValueError(f"{text[:30]!r} is no day; write it as 2026-09-17") from None


def other_unit(title: str) -> str | None:
    """What the numbers under a title count instead of single people: families, or thousands.

    Returns:
        The word for it; None where the title says neither, or says people beside families.
    """
    text = heading(title)
    if len(text.split()) > LONGEST_TITLE:
        return None
    if _THOUSANDS.search(text):
        return "thousands"
    counted = _FAMILIES.search(text) if len(text.split()) <= LABEL else _COUNTED_IN.search(text)
    return "families" if counted and not says_people(text) else None


def unit_said_otherwise(title: str, unit: str, column: str) -> str | None:
    """The unit that a title says, where a count is read in another and its heading says none.

    Args:
        title: A title of the table, or the heading itself.
        unit: What the count is read in: people, families, movements.
        column: The heading of the count.
    """
    said = other_unit(title)
    if said == "families" and (unit != "people" or says_people(heading(column))):
        return None
    return said


def says_running(title: str) -> bool:
    """Whether a title says that each number holds those before it, and is no month's own."""
    return bool(_RUNNING.search(heading(title)))


def says_people(text: str) -> bool:
    """Whether a heading, as `heading` gives it, says that single people are counted."""
    return bool(_PEOPLE.search(text))


def month(value: Any) -> tuple[int | None, int] | None:
    """The one month that a cell or a name says, with its year where it says that.

    Returns:
        (year or None, month from 1 to 12); None where it says no month or several.
    """
    if isinstance(value, date):
        return value.year, value.month
    text = heading(digits(str(value)))
    months = {_MONTHS[name] for name in _MONTH.findall(text)}
    years = {int(year) for year in _YEAR.findall(text)}
    dated = re.findall(r"\b(20\d\d) (0[1-9]|1[0-2])(?: [0-3]\d)?\b", text)
    if dated and not months:
        return (int(dated[0][0]), int(dated[0][1])) if len(set(dated)) == 1 else None
    if len(months) != 1 or len(years) > 1:
        return None
    return (years.pop() if years else None), months.pop()


def from_serial(number: float) -> date:
    """The day that a spreadsheet keeps as a number."""
    return DAY_NOUGHT + timedelta(days=int(number))


def month_of_column(value: Any) -> tuple[int | None, int] | None:
    """The month of a column: a day, its number in a spreadsheet, "Dec 2021", "Dec-21", "12/2021".

    Returns:
        As `month`; None for a number that is no day of this century, and for a sentence.
    """
    if isinstance(value, float):
        if not value.is_integer() or not SERIALS[0] <= value <= SERIALS[1]:
            return None
        value = from_serial(value)
    if value in ("", None) or len(str(value)) > LONGEST_MONTH:
        return None
    if numbered := _NUMBERED.fullmatch(digits(str(value)).strip()):
        return int(numbered[2]), int(numbered[1])
    if short := _SHORT.fullmatch(heading(digits(str(value)))):
        month_ = month(short[1])
        return (2000 + int(short[2]), month_[1]) if month_ is not None else None
    return month(value)


def heading(text: str) -> str:
    """A heading or name in lower case for comparing: words apart, no accents, no signs."""
    worded = text.replace("%", " percent ")
    apart = re.sub(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Za-z])", " ", worded)
    bare = unicodedata.normalize("NFKD", apart.translate(INVISIBLE)).casefold()
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w]|_", " ", letters).split())
