"""From a number back: the published figures that have it, or that it rounds."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from data.analysis.cells import caveats_of
from data.analysis.claims import SHARE, significant, within_wording

_SCALES: Final = (
    (re.compile(r"(?:thousand|k|bin|ألف\w*|الف\w*|آلاف|الاف)$"), 1_000),
    (re.compile(r"(?:million|m|mn|milyon|مليون\w*|ملايين)$"), 1_000_000),
)
_DIGITS: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٬٫", "01234567890123456789,.")
_ASKED: Final = re.compile(r"(?P<digits>\d[\d.,\s]*?)\s*(?P<scale>[^\W\d]+)?")
_WITHIN: Final = re.compile(r"(?P<digits>\d[\d.,\s]*)(?<=\d)(?:\s*[^\W\d]+)?")
LARGEST: Final = 10**12
LAST_YEAR: Final = 9_999
FEWEST: Final = 2
"""Digits that a number to search for must have: a smaller one would find half of the table."""
BESIDE: Final = {"stock": timedelta(31), "cumulative": timedelta(3), "flow": timedelta(0)}
"""Figures whose days lie no further apart may contradict one another; a running count grows."""


def number_in(asked: str) -> int | None:
    """The number that somebody typed, in Western or Arabic digits; None where it is none.

    "948,000", "948.000", "948 000", "٩٤٨٬٠٠٠", "948 bin" and "1.2 million" are numbers.
    """
    text = " ".join(asked.translate(_DIGITS).split()).strip().lower()
    match = _ASKED.fullmatch(text)
    if match is None or len(text) > 40:
        return None
    scale = 1
    if match["scale"]:
        found = [factor for pattern, factor in _SCALES if pattern.match(match["scale"])]
        if not found:
            return None
        scale = found[0]
    plain = match["digits"].replace(" ", "")
    groups = re.split(r"[.,]", plain)
    if len(groups) == 1 or (scale == 1 and all(len(g) == 3 for g in groups[1:])):
        value = int("".join(groups)) * scale
    elif len(groups) == 2 and scale > 1 and groups[1]:
        value = (int(groups[0]) * scale) + int(groups[1]) * scale // 10 ** len(groups[1])
    else:
        return None
    return value if len(plain) >= FEWEST and 0 < value <= LARGEST else None


def number_within(asked: str) -> int | None:
    """The one number among other words, "over 948,000 people"; None where there are more or none.

    Four digits alone are a year.
    """
    found = [
        value
        for match in _WITHIN.finditer(asked.translate(_DIGITS).lower())
        if (value := number_in(match[0]) or number_in(match["digits"])) is not None
    ]
    return found[0] if len(found) == 1 and found[0] > LAST_YEAR else None


def bounds(value: int) -> tuple[int, int]:
    """The range of numbers that may be written as `value`."""
    if significant(value) >= 4:
        return value, value
    return int(value * (1 - SHARE)), int(value * (1 + SHARE)) + 1


def rows_with_number(value: int, known: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rows that have the number, then those that round to it; of each the newest day first.

    Args:
        value: The number asked for.
        known: Rows of `tables.FIGURES` within `bounds` of it.
    """
    numbered = [row for row in known if row["value"] is not None]
    exact = [row for row in numbered if int(row["value"]) == value]
    near = [
        row
        for row in numbered
        if int(row["value"]) != value
        and significant(value) <= 3
        and significant(int(row["value"])) > significant(value)
        and within_wording(value, "about", int(row["value"]))
    ]
    return [
        row
        for part in (exact, near)
        for row in sorted(part, key=lambda r: (r["as_of"], str(r["figure_id"])), reverse=True)
    ]


def contradicted(
    figure: Mapping[str, Any], known: Sequence[Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    """What a figure contradicts: another number of the same people, place, unit and time.

    A number that only rounds the other contradicts nothing, nor does a part of a whole.
    """
    for row in known:
        if row["value"] is None or row["figure_id"] == figure["figure_id"]:
            continue
        same = all(
            row[name] == figure[name]
            for name in ("measure", "population_group", "unit", "place_code", "origin_code",
                         "asylum_location_code", "gender", "age_range", "cumulative_since",
                         "category", "sector")
        )  # fmt: skip
        if not same or abs(row["as_of"] - figure["as_of"]) > BESIDE[str(figure["measure"])]:
            continue
        if (
            figure["measure"] == "flow"
            and row["reference_period_start"] != (figure["reference_period_start"])
        ):
            continue
        mine, other = int(figure["value"]), int(row["value"])
        parts = {"subset", "sites_only"}
        if parts & set(caveats_of(row)) ^ parts & set(caveats_of(figure)):
            continue
        if (
            mine == other
            or within_wording(mine, "about", other)
            or (within_wording(other, "about", mine))
        ):
            continue
        yield row
