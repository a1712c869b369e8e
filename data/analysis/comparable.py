"""When two figures may be compared, and what may then be said of their difference.

`comparable_change` is the only rule by which a difference is taken between two figures of a series
anywhere. Pure: rows in, values out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from data.analysis.cells import Row, caveats_of, is_null, same_cell

Status = Literal["number", "words", "not_comparable"]
ALIKE: Final[Mapping[str, tuple[str, ...]]] = {
    "measure": ("measure",),
    "unit": ("unit",),
    "group": (
        "population_group",
        "gender",
        "age_range",
        "population_status",
        "sector",
        "category",
    ),
    "place": ("place_code",),
    "source": ("source", "publisher", "dataset"),
    "origin": ("origin_code", "asylum_location_code"),
    "window": ("cumulative_since",),
    "method": ("operation", "assessment_type"),
}
"""Columns that two comparable figures share, by the reason that is given where they do not."""
VAGUE: Final = frozenset({"rounded_by_source", "range_low", "range_high"})
BOUNDS: Final = frozenset({"over", "up to", "nearly"})
"""Words that give a bound and no number: nothing can be taken from it."""
SMALL: Final = 2
"""How far UNHCR's rounding of numbers below five may move one of them."""
DIGITS: Final = 2
"""Digits of a difference that is given in words."""
SAME_LENGTH: Final = 3
"""Days by which two months differ and are a month all the same."""
BREAKS: Final = frozenset({"method", "coverage", "fell"})
"""Reasons for which a line is not drawn through."""
NOT_COMPARABLE: Final = (*ALIKE, "coverage", "repeated", "period", "rounded", "missing", "fell")
"""Every reason why two figures have no difference; a key `not_comparable.<reason>` each."""
METHOD: Final = frozenset(
    {
        "modelled_split",
        "estimate_nowcast",
        "all_origins",
        "movements_not_people",
        "net_of_returns",
    }
)
"""Caveats that say what is counted and how."""
COVERAGE: Final = frozenset(
    {
        "sites_only",
        "non_camp_only",
        "partial_coverage",
        "partial_period",
        "other_area_of_control",
        "subset",
    }
)
"""Caveats that say how much of the place or the period is counted."""


@dataclass(frozen=True, slots=True)
class ComparableChange:
    """What can be stated about the difference between two figures.

    Attributes:
        status: number where both are exact and comparable; words where they are comparable and one
            is rounded ("about 54,000 more"); not_comparable otherwise.
        value: The later less the earlier; rounded to two digits in words; None where nothing may
            be taken.
        reason: Why not, one of `NOT_COMPARABLE`; empty where there is a value.
    """

    status: Status
    value: int | None
    reason: str = ""


def comparable_change(before: Row, after: Row) -> ComparableChange:
    """The difference between two figures, where they may be compared at all.

    They may where kind, unit, group, place, source, origin, window, method and coverage are equal;
    the difference is a number only where both were printed exactly.

    Args:
        before: The earlier figure, a row of `tables.FIGURES`.
        after: The later one.
    """
    reason = _unlike(before, after)
    if reason:
        return ComparableChange("not_comparable", None, reason)
    moved = int(after["value"]) - int(before["value"])
    if after["measure"] == "cumulative" and moved < 0:
        return ComparableChange("not_comparable", None, "fell")
    doubt = _doubt(before) + _doubt(after)
    if not doubt:
        return ComparableChange("number", moved)
    bounded = {before["qualifier"], after["qualifier"]} & BOUNDS
    if bounded or abs(moved) <= doubt:
        return ComparableChange("not_comparable", None, "rounded")
    return ComparableChange("words", _rounded(moved))


def breaks(rows: Sequence[Row]) -> dict[int, str]:
    """Where a line may not be drawn through.

    Args:
        rows: Figures of one series that have a number, oldest first; rows of `tables.FIGURES`.

    Returns:
        The position of each figure that begins a new piece, with the reason, one of `BREAKS`.
    """
    found = {}
    for at in range(1, len(rows)):
        reason = comparable_change(rows[at - 1], rows[at]).reason
        if reason in BREAKS:
            found[at] = reason
    return found


def is_exact(row: Row) -> bool:
    """Whether a figure was printed to the last digit."""
    return _doubt(row) == 0 and row["qualifier"] not in BOUNDS


def _unlike(before: Row, after: Row) -> str:
    if is_null(before["value"]) or is_null(after["value"]):
        return "missing"
    for reason, columns in ALIKE.items():
        if any(not same_cell(before[name], after[name]) for name in columns):
            return reason
    earlier, later = set(caveats_of(before)), set(caveats_of(after))
    modelled = [row["qualifier"] == "modelled" for row in (before, after)]
    if earlier & METHOD != later & METHOD or modelled[0] != modelled[1]:
        return "method"
    if "method_break" in later and before["as_of"] < after["as_of"]:
        return "method"
    moved = "coverage_changed" in later and before["as_of"] < after["as_of"]
    if earlier & COVERAGE != later & COVERAGE or moved:
        return "coverage"
    if "coverage_changed" in earlier & later and before["as_of"] != after["as_of"]:
        return "coverage"  # the round before the change, and the first after it
    if "carried_forward" in later:
        return "repeated"
    if after["measure"] == "flow" and not _alike_periods(before, after):
        return "period"
    return ""


def _alike_periods(before: Row, after: Row) -> bool:
    """Whether two periods are as long as one another and neither holds a day of the other."""
    lengths = [
        row["reference_period_end"] - row["reference_period_start"] for row in (before, after)
    ]
    if abs((lengths[0] - lengths[1]).days) > SAME_LENGTH:
        return False
    same = before["reference_period_start"] == after["reference_period_start"]
    return bool(same or before["reference_period_end"] < after["reference_period_start"])


def _doubt(row: Row) -> float:
    """How far the true number may lie from the printed one."""
    codes = set(caveats_of(row))
    if row["qualifier"] == "exact" and not codes & VAGUE:
        small = "disclosure_rounding" in codes and int(row["value"]) in (0, 5)
        return SMALL if small else 0
    digits = str(int(row["value"]))
    return 10 ** (len(digits) - len(digits.rstrip("0"))) / 2 if int(row["value"]) else 0.5


def _rounded(number: int) -> int:
    grain = 10 ** max(len(str(abs(number))) - DIGITS, 0)
    return round(number / grain) * grain
