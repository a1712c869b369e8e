"""Sources side by side for one place, group and day, and the reasons why they differ.

Reasons are codes, each with the pair of figures that it explains. They come from two places only:
rules over what the figures say of themselves, and the dated, cited cases of
`reference/reconciliations.toml`. Where neither has one, the reason is `NOT_EXPLAINED`: nothing is
made up. Nothing here adds figures up, and no difference is taken between two kinds or two units.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from typing import Any, Final

import pandas as pd

from data.analysis.reconciliations import REPORTS, Case, cases, picked_by
from data.analysis.series import SERIES, in_series, records, same_cell
from data.gazetteer import places

STOCK_WITHIN: Final = timedelta(days=400)
"""People counted further from the day than this are no answer for it."""
EVENT_WITHIN: Final = timedelta(days=45)
"""The same for counts since a date, and for periods that do not hold the day."""

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


ONE_AXIS: Final = (
    "measure",
    "unit",
    "population_group",
    "population_status",
    "sector",
    "category",
)
"""What figures of several publishers must share to stand on one axis: kind, unit, group and the
part of the whole."""


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
class Parts:
    """A published total whose published parts add up to something else.

    Attributes:
        figure: `figure_id` of the total.
        total: What the publisher printed as the total.
        summed: What the parts that it printed add up to.
    """

    case: str
    figure: str
    total: int
    summed: int
    reasons: tuple[Reason, ...]

    @property
    def missing(self) -> int:
        """How much the parts are above the total."""
        return self.summed - self.total


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


@dataclass(frozen=True)
class Comparison:
    """Everything that is known of one place, group and day.

    Attributes:
        figures: One row for each figure in the columns of `tables.FIGURES`, in the order to show.
        checks: Figures of the same origin by the `figure_id` that is shown for them.
        cases: The cases that concern it, with those of their figures that are known.
        parts: Totals of those cases whose parts do not add up to them.
        changed: Ids of figures whose number is not the one any more that a case speaks of.
    """

    place: str
    group: str
    on: date
    figures: pd.DataFrame
    checks: Mapping[str, pd.DataFrame]
    cases: tuple[Case, ...]
    parts: tuple[Parts, ...]
    changed: frozenset[str]
    reference: str | None
    """`figure_id` of the figure that the others are measured against unless a reader picks one:
    the first of the nearest case, else the first; None where there is no figure."""
    _by_case: Mapping[frozenset[str], tuple[Reason, ...]]

    @cached_property
    def rows(self) -> Mapping[str, dict[str, Any]]:
        """Its figures by `figure_id`, in their order."""
        return {str(row["figure_id"]): row for row in records(self.figures)}

    def pair(self, left: str, right: str) -> Pair:
        """Why two of its figures differ.

        Raises:
            KeyError: One of them is not among its figures.
        """
        found = difference(self.rows[left], self.rows[right])
        known_cases = self._by_case.get(frozenset((left, right)), ())
        if not known_cases:
            return found
        ruled = tuple(reason for reason in found.reasons if reason.code != NOT_EXPLAINED)
        return Pair(left, right, found.gap, (*known_cases, *ruled))

    def pairs(self) -> Iterator[Pair]:
        """Every pair, each once."""
        ids = [str(code) for code in self.figures["figure_id"]]
        for number, left in enumerate(ids):
            for right in ids[number + 1 :]:
                yield self.pair(left, right)

    def axes(self) -> Iterator[pd.DataFrame]:
        """Its figures split into those that may share one axis; a figure alone is left out.

        The part in camps stands beside other counts of camps: beside its whole it would be read
        as another publisher's count of the same people.
        """
        for _, part in self.figures.groupby(list(ONE_AXIS), sort=False, dropna=False):
            if len(part) > 1:
                yield part


def compare(
    figures: pd.DataFrame,
    place: str,
    group: str,
    on: date,
    *,
    origins: Sequence[str],
    known: date | None = None,
) -> Comparison:
    """Every source for one place, group and day, side by side.

    Args:
        figures: What is known, as of the day that is shown: about the place, and about the places
            of the cases that concern it (`places_of`).
        place: Code of the place.
        group: Population group.
        on: The day asked about.
        origins: Countries whose people are followed; other origins are left out.
        known: The day that is shown; citations of later days say nothing then.
    """
    rows = _of(figures, place, group, on, origins)
    matching = [case for case in cases() if case.about(place, group, on)]
    picked = {case.code: picked_by(case, figures) for case in matching}
    matching = [case for case in matching if len(picked[case.code]) > 1]
    extra = [row for case in matching for row in picked[case.code].values()]
    if extra:
        rows = pd.concat([pd.DataFrame(extra), rows]).drop_duplicates("figure_id")
    matching = sorted(matching, key=lambda case: abs((case.on - on).days))
    rows, checks = _one_of_each_origin(_in_order(rows), {str(r["figure_id"]) for r in extra})
    rows = _cases_first(rows, extra)
    return Comparison(
        place=place,
        group=group,
        on=on,
        figures=rows.reset_index(drop=True),
        checks=checks,
        cases=tuple(matching),
        parts=tuple(part for case in matching for part in _parts(case, picked[case.code], known)),
        changed=frozenset(
            str(row["figure_id"])
            for case in matching
            for name, row in picked[case.code].items()
            if int(row["value"]) != case.figures[name]["value"]
        ),
        reference=_reference(rows, matching, picked),
        _by_case=_stories(matching, picked, known),
    )


def difference(left: Mapping[str, Any], right: Mapping[str, Any]) -> Pair:
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


def _unlike(*columns: str) -> Callable[[Mapping[str, Any], Mapping[str, Any]], bool]:
    def holds(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
        return any(not same_cell(left[name], right[name]) for name in columns)

    return holds


_PARTS: Final = ("category", "sector", "population_status")
_PARTIAL: Final = frozenset({"sites_only", "subset", "other_area_of_control"})


def _part(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    """Whether two figures count different parts of a whole, or one of them the whole."""
    one, other = _caveats(left) & _PARTIAL, _caveats(right) & _PARTIAL
    return one != other or _counted_apart(left, right)


def _category(row: Mapping[str, Any], name: str) -> str:
    value = row[name]
    return "" if pd.isna(value) or value in ("all", "intersectoral") else str(value)


def _counted_apart(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    """The same where no caveat says it in its own words."""
    return any(_category(left, name) != _category(right, name) for name in _PARTS)


def _window(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    if left["measure"] != right["measure"] or left["measure"] == "stock":
        return False
    if left["measure"] == "cumulative":
        return not same_cell(left["cumulative_since"], right["cumulative_since"])
    ends = ("reference_period_start", "reference_period_end")
    return any(not same_cell(left[name], right[name]) for name in ends)


def _cut_off(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    kinds = {left["measure"], right["measure"]}
    return "flow" not in kinds and not same_cell(left["as_of"], right["as_of"])


def _inside(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    ends = (str(left["place_code"]), str(right["place_code"]))
    return ends[0] != ends[1] and (_holds(*ends) or _holds(*reversed(ends)))


def _elsewhere(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    return bool(left["place_code"] != right["place_code"]) and not _inside(left, right)


def _from_where(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    return not same_cell(left["asylum_location_code"], right["asylum_location_code"])


def _origins(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    if ("all_origins" in _caveats(left)) != ("all_origins" in _caveats(right)):
        return False  # has a sentence of its own
    both = pd.notna(left["origin_code"]) and pd.notna(right["origin_code"])
    return both and bool(left["origin_code"] != right["origin_code"])


ONE_COUNT: Final = (
    ({"PMM", "UNHCR"}, "REF", "TUR"),
    ({"Türkiye Ministry of Interior", "UNHCR"}, "REF", "TUR"),
    ({"IOM", "IDMC"}, "IDP", "SYR"),
)
"""Publishers of which one republishes the other's count of a group in a country."""


def republished(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
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


def _by_caveat(left: Mapping[str, Any], right: Mapping[str, Any]) -> Iterator[Reason]:
    one, other = _caveats(left), _caveats(right)
    for caveat, code in ONE_SIDED.items():
        if (caveat in one) != (caveat in other):
            yield Reason(code, "left" if caveat in one else "right")
    for caveat, code in EITHER.items():
        if caveat in one or caveat in other:
            yield Reason(code)
    modelled = [row["qualifier"] == "modelled" for row in (left, right)]
    if modelled[0] != modelled[1]:
        yield Reason("modelled", "left" if modelled[0] else "right")


def _caveats(row: Mapping[str, Any]) -> set[str]:
    return set() if pd.isna(row["caveat"]) else set(str(row["caveat"]).split())


def _rounding(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
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


def _of(
    figures: pd.DataFrame, place: str, group: str, on: date, origins: Sequence[str]
) -> pd.DataFrame:
    """The figure of each series that is nearest to the day.

    A single displacement is no count of a place and a time that another's could differ from.
    """
    day = pd.Timestamp(on)
    here = figures["place_code"].eq(place)
    if group == "RET":
        here |= figures["asylum_location_code"].eq(place).fillna(False)
    whole = figures["gender"].eq("all") & figures["age_range"].eq("all")
    followed = figures["origin_code"].isna() | figures["origin_code"].isin(list(origins))
    asked = here & whole & followed & figures["population_group"].eq(group)
    rows = in_series(figures[asked & figures["value"].notna()])
    away = (rows["as_of"] - day).abs()
    holds = (rows["reference_period_start"] <= day) & (rows["reference_period_end"] >= day)
    near = away.le(STOCK_WITHIN).where(rows["measure"].eq("stock"), away.le(EVENT_WITHIN))
    flow = rows["measure"].eq("flow")
    begun = ~rows["measure"].eq("cumulative") | (rows["cumulative_since"] <= day).fillna(False)
    rows = rows.assign(_away=away, _holds=~(holds & flow))[(near | (holds & flow)) & begun]
    kept = rows.sort_values(["_holds", "_away", "as_of", "known_from"], kind="stable")
    return kept.drop_duplicates(list(SERIES)).drop(columns=["_away", "_holds"])


_ORDERED_BY: Final = (
    "unit",
    "measure",
    *_PARTS,
    "as_of",
    "source",
    "publisher",
    "figure_id",
)
_MEASURES: Final = {"stock": 0, "cumulative": 1, "flow": 2}
_UNITS: Final = {"people": 0, "movements": 1, "families": 2}
ORIGIN: Final = (
    "publisher",
    "measure",
    "population_group",
    "unit",
    "category",
    "place_code",
    "origin_code",
    "asylum_location_code",
    "cumulative_since",
    "as_of",
)
"""What two figures share that one body counted once and several sources carry."""


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """One kind and unit after the other, wholes before parts, newest day first.

    What was carried comes last.
    """
    taken = records(rows[list(_ORDERED_BY)])
    return rows.iloc[sorted(range(len(taken)), key=lambda at: _order(taken[at]))]


def _order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (
        _UNITS.get(row["unit"], 9),
        _MEASURES.get(row["measure"], 9),
        any(_category(row, name) for name in _PARTS),
        -row["as_of"].toordinal(),
        row["source"] == REPORTS,
        row["publisher"],
        row["figure_id"],
    )


def _cases_first(rows: pd.DataFrame, extra: Sequence["pd.Series[Any]"]) -> pd.DataFrame:
    """What a case speaks of stands above the rest, in the case's own order."""
    order = {str(row["figure_id"]): number for number, row in reversed(list(enumerate(extra)))}
    place = rows["figure_id"].map(order).fillna(len(order)).astype(float)
    return rows.assign(_at=place).sort_values("_at", kind="stable").drop(columns="_at")


def _one_of_each_origin(
    rows: pd.DataFrame, kept: set[str]
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """The first figure of each origin, and the others of it; what a case names is never hidden.

    Both stand in the order of `rows`.
    """
    numbers: dict[tuple[Any, ...], int] = {}
    keys = [tuple(row.values()) for row in records(rows[list(ORIGIN)])]
    numbered = [numbers.setdefault(key, len(numbers)) for key in keys]
    origin = pd.Series(numbered, index=rows.index, dtype="int64")
    named = rows["figure_id"].isin(kept)
    stands = named | (~origin.isin(origin[named]) & ~origin.duplicated())
    of = dict(zip(origin[stands][::-1], rows.loc[stands, "figure_id"][::-1], strict=True))
    others = rows[~stands].groupby(origin[~stands], sort=False)
    checks = {str(of[number]): rest for number, rest in others}
    return rows[stands], checks


def _reference(
    rows: pd.DataFrame,
    stories: Sequence[Case],
    picked: Mapping[str, Mapping[str, "pd.Series[Any]"]],
) -> str | None:
    if stories:
        return str(next(iter(picked[stories[0].code].values()))["figure_id"])
    return None if rows.empty else str(rows["figure_id"].iloc[0])


def _stories(
    stories: Sequence[Case],
    picked: Mapping[str, Mapping[str, "pd.Series[Any]"]],
    known: date | None,
) -> dict[frozenset[str], tuple[Reason, ...]]:
    """Reasons of the cases by the pair of ids they explain."""
    found: dict[frozenset[str], tuple[Reason, ...]] = {}
    for case in stories:
        if not case.known(known):
            continue
        rows = picked[case.code]
        for (left, right), codes in case.gaps:
            if left in rows and right in rows:
                ids = frozenset(str(rows[name]["figure_id"]) for name in (left, right))
                reasons = tuple(Reason(code, case=case.code) for code in codes)
                found[ids] = tuple(dict.fromkeys((*found.get(ids, ()), *reasons)))
    return found


def _parts(case: Case, rows: Mapping[str, "pd.Series[Any]"], known: date | None) -> Iterator[Parts]:
    if not case.known(known):
        return
    for name, summed, codes in case.parts:
        if name in rows:
            yield Parts(
                case=case.code,
                figure=str(rows[name]["figure_id"]),
                total=int(rows[name]["value"]),
                summed=summed,
                reasons=tuple(Reason(code, case=case.code) for code in codes),
            )
