"""What each published version of a figure did to the one before it, and what became known when."""

from typing import Any, Final

import pandas as pd

from data.analysis.cells import caveats_of, has_caveat
from data.analysis.comparable import COVERAGE, METHOD
from data.analysis.series import FORWARD


def kinds_of_change(vintages: pd.DataFrame) -> list[str]:
    """What each vintage of one figure did to the one before it.

    Args:
        vintages: Every vintage of one figure, in the order they were known.

    Returns:
        One word for each: first, year_end (a mid-year value gave way), withdrawn, back
        (listed again), method (its definition, method or licence changed), extended (its day
        moved on), corrected (another value), confirmed (the same value again), reupload
        (the same value under the same day of publication, in another file).
    """
    words: list[str] = []
    before: dict[str, Any] | None = None
    for row in vintages.to_dict("records"):
        words.append("first" if before is None else _change(before, row))
        before = row
    return words


DEFINITION: Final = METHOD | COVERAGE | {"method_break"}
"""Where one of these changes between two vintages of a figure, its definition did."""


def _change(before: dict[str, Any], row: dict[str, Any]) -> str:
    if row["missing_reason"] == "withdrawn":
        return "withdrawn"
    if before["missing_reason"] == "withdrawn":
        return "back"
    if has_caveat(before, FORWARD) and not has_caveat(row, FORWARD):
        return "year_end"
    if redefined(before, row):
        return "method"
    same = before["value"] == row["value"] if pd.notna(before["value"]) else pd.isna(row["value"])
    if bool(same):
        again = pd.notna(row["published_on"]) and row["published_on"] == before["published_on"]
        return "reupload" if again else "confirmed"
    return "extended" if row["as_of"] > before["as_of"] else "corrected"


def redefined(before: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether two vintages of one figure say something else of what is counted and how."""
    codes = [DEFINITION & set(caveats_of(each)) for each in (before, row)]
    modelled = [each["qualifier"] == "modelled" for each in (before, row)]
    # A carried number that its live source takes over keeps its meaning under another licence.
    licence = before["via"] == row["via"] and before["licence"] != row["licence"]
    return codes[0] != codes[1] or modelled[0] != modelled[1] or bool(licence)
