"""Why two published figures differ, by rules over what they say of themselves.

Reasons are codes; where no rule has one, the reason is `NOT_EXPLAINED`: nothing is made up. No
difference is taken between two kinds, two units or two parts of a whole.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from data.analysis.cells import Row, caveats_of, is_null, same_cell
from data.gazetteer import places

NOT_EXPLAINED: Final = "not_explained"
SAME_NUMBER: Final = "same_number"
ONE_SIDED: Final = {
    "mid_year": "mid_year",
    "carried_forward": "carried_forward",
    "later_revised": "later_revised",
    "net_of_returns": "net_of_returns",
    "modelled_split": "modelled",
    "estimate_nowcast": "modelled",
    "all_origins": "all_origins",
    "sites_only": "sites_only",
    "partial_coverage": "assessed_only",
    "other_area_of_control": "part_of_place",
    "subset": "subset",
    "method_break": "method_break",
    "partial_period": "partial_period",
    "start_assumed": "start_assumed",
}
"""Caveats that explain a gap where one of two figures has them: caveat to reason."""
EITHER: Final = {
    "range_low": "range",
    "range_high": "range",
    "date_approximate": "day_uncertain",
}
"""Caveats that explain a gap also where both have them."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a gap.

    Attributes:
        code: A key `reason.<code>` of the catalogues.
        side: "left" or "right" where it is about one of the two; empty where about both.
        case: The case it comes from; empty where it comes from a rule.
    """

    code: str
    side: str = ""
    case: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two figures and why they differ.

    Attributes:
        left: `figure_id`.
        right: `figure_id`.
        gap: Right less left; None where the kinds, units, groups or the parts that are counted
            differ and none may be taken.
    """

    left: str
    right: str
    gap: int | None
    reasons: tuple[Reason, ...]


def difference(left: Row, right: Row) -> Pair:
    """Two figures and what the rules say of their gap.

    Args:
        left: A row of `tables.FIGURES` that has a number.
        right: Another.

    Returns:
        The same reasons whichever stands left; `NOT_EXPLAINED` alone where no rule has one.
    """
    alike = all(left[name] == right[name] for name in ("measure", "unit", "population_group"))
    # A part never stands for the whole: how much more the whole is says nothing of who is right.
    alike &= not _part(left, right)
    gap = int(right["value"]) - int(left["value"]) if alike else None
    if str(left["figure_id"]) == str(right["figure_id"]):
        return Pair(str(left["figure_id"]), str(right["figure_id"]), gap, ())
    reasons = [Reason(code) for code, holds in RULES if holds(left, right)]
    reasons += _by_caveat(left, right)
    if alike and gap == 0:
        one = [Reason("republished")] if republished(left, right) else []
        reasons = [Reason(SAME_NUMBER), *one]
    elif alike and _rounding(left, right):
        reasons.append(Reason("rounding"))
    unique = tuple(dict.fromkeys(reasons)) or (Reason(NOT_EXPLAINED),)
    return Pair(str(left["figure_id"]), str(right["figure_id"]), gap, unique)


def _unlike(*columns: str) -> Callable[[Row, Row], bool]:
    def holds(left: Row, right: Row) -> bool:
        return any(not same_cell(left[name], right[name]) for name in columns)

    return holds


PARTS: Final = ("category", "sector", "population_status")
_PARTIAL: Final = frozenset({"sites_only", "subset", "other_area_of_control"})


def _part(left: Row, right: Row) -> bool:
    """Whether two figures count different parts of a whole, or one of them the whole."""
    one, other = set(caveats_of(left)) & _PARTIAL, set(caveats_of(right)) & _PARTIAL
    return one != other or _counted_apart(left, right)


def part_named(row: Row, name: str) -> str:
    """The part of the whole that a column names; empty where it counts the whole."""
    value = row[name]
    return "" if is_null(value) or value in ("all", "intersectoral") else str(value)


def _counted_apart(left: Row, right: Row) -> bool:
    """The same where no caveat says it in its own words."""
    return any(part_named(left, name) != part_named(right, name) for name in PARTS)


def _window(left: Row, right: Row) -> bool:
    if left["measure"] != right["measure"] or left["measure"] == "stock":
        return False
    if left["measure"] == "cumulative":
        return not same_cell(left["cumulative_since"], right["cumulative_since"])
    ends = ("reference_period_start", "reference_period_end")
    return any(not same_cell(left[name], right[name]) for name in ends)


def _cut_off(left: Row, right: Row) -> bool:
    kinds = {left["measure"], right["measure"]}
    return "flow" not in kinds and not same_cell(left["as_of"], right["as_of"])


def _inside(left: Row, right: Row) -> bool:
    ends = (str(left["place_code"]), str(right["place_code"]))
    return ends[0] != ends[1] and (_holds(*ends) or _holds(*reversed(ends)))


def _elsewhere(left: Row, right: Row) -> bool:
    return bool(left["place_code"] != right["place_code"]) and not _inside(left, right)


def _from_where(left: Row, right: Row) -> bool:
    return not same_cell(left["asylum_location_code"], right["asylum_location_code"])


def _origins(left: Row, right: Row) -> bool:
    if ("all_origins" in set(caveats_of(left))) != ("all_origins" in set(caveats_of(right))):
        return False  # has a sentence of its own
    both = not is_null(left["origin_code"]) and not is_null(right["origin_code"])
    return both and bool(left["origin_code"] != right["origin_code"])


ONE_COUNT: Final = (
    ({"PMM", "UNHCR"}, "REF", "TUR"),
    ({"Türkiye Ministry of Interior", "UNHCR"}, "REF", "TUR"),
    ({"IOM", "IDMC"}, "IDP", "SYR"),
)
"""Publishers of which one republishes the other's count of a group in a country."""


def republished(left: Row, right: Row) -> bool:
    """Whether one of two figures is the other's count, published again by another body."""
    if {left["measure"], right["measure"]} != {"stock"}:
        return False
    pair = {str(left["publisher"]), str(right["publisher"])}
    return any(
        pair == who
        and {left["population_group"], right["population_group"]} == {group}
        and {left["location_code"], right["location_code"]} == {where}
        for who, group, where in ONE_COUNT
    )


RULES: Final = (
    ("republished", republished),
    ("measure", _unlike("measure")),
    ("unit", _unlike("unit")),
    ("group", _unlike("population_group")),
    ("part", _counted_apart),
    ("window", _window),
    ("cut_off", _cut_off),
    ("inside", _inside),
    ("elsewhere", _elsewhere),
    ("from_where", _from_where),
    ("origins", _origins),
)
"""Rules over what two figures say of themselves: reason and when it holds."""

RULED: Final = frozenset(
    {code for code, _ in RULES}
    | set(ONE_SIDED.values())
    | set(EITHER.values())
    | {SAME_NUMBER, "rounding", NOT_EXPLAINED}
)
"""Every reason that a rule can give; the others come from cases."""


def _by_caveat(left: Row, right: Row) -> Iterator[Reason]:
    one, other = set(caveats_of(left)), set(caveats_of(right))
    for caveat, code in ONE_SIDED.items():
        if (caveat in one) != (caveat in other):
            yield Reason(code, "left" if caveat in one else "right")
    for caveat, code in EITHER.items():
        if caveat in one or caveat in other:
            yield Reason(code)
    modelled = [row["qualifier"] == "modelled" for row in (left, right)]
    if modelled[0] != modelled[1]:
        yield Reason("modelled", "left" if modelled[0] else "right")


def _rounding(left: Row, right: Row) -> bool:
    """Whether the last digit that one of them prints is larger than the gap."""
    gap = abs(int(left["value"]) - int(right["value"]))
    return any(
        row["qualifier"] != "exact" and gap < _grain(int(row["value"])) for row in (left, right)
    )


def _grain(value: int) -> int:
    digits = str(value)
    return 10 ** (len(digits) - len(digits.rstrip("0"))) if value else 1


def _holds(whole: str, part: str) -> bool:
    """Whether a place lies inside another, by the written parents; a region inside its country."""
    if whole == "ALL":
        return True
    at: str | None = part
    for _ in range(6):
        at = _parents().get(at) if at else None
        if at == whole:
            return True
    return False


@cache
def _parents() -> dict[str, str]:
    above = {
        str(row["place_code"]): str(row["parent_code"] or row["location_code"])
        for row in places.rows()
    }
    return {code: parent for code, parent in above.items() if code != parent}
