"""One cell of a figure, and what it says: null or not, equal to another or not, which caveats.

For whatever looks at one row of `tables.FIGURES` at a time, of a frame or of a table of Arrow. It
loads neither, so that a command that judges a few figures starts at once.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

Row = Mapping[str, Any]
"""A row of `tables.FIGURES`: nulls are None, or those of pandas where it comes from a frame."""


def is_null(value: Any) -> bool:
    """Whether a cell is empty: None, or a null of pandas, which does not equal itself."""
    if value is None:
        return True
    try:
        return bool(value != value)
    except TypeError:  # pandas' NA does not even say whether it does
        return True


def none(value: Any) -> Any:
    """The value, or None for any null."""
    return None if is_null(value) else value


def same_cell(left: Any, right: Any) -> bool:
    """Whether two cells are equal; two nulls are."""
    if is_null(left) or is_null(right):
        return is_null(left) and is_null(right)
    return bool(left == right)


def caveats_of(row: Row) -> list[str]:
    """The codes of a figure's caveats, as published; empty where there is none."""
    codes = row["caveat"]
    return [] if is_null(codes) else str(codes).split()


def has_caveat(row: Row, code: str) -> bool:
    """Whether a figure carries a caveat."""
    return code in caveats_of(row)


def day_of(moment: date | str) -> date:
    """The calendar day of a day or a moment, also of one that is written as ISO writes it."""
    if not isinstance(moment, date):  # of a file, or numpy's
        moment = datetime.fromisoformat(str(moment))
    return moment.date() if isinstance(moment, datetime) else moment
