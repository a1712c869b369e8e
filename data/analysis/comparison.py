"""Sources side by side for one place, group and day, and the reasons why they differ.

Reasons are codes, each with the pair of figures that it explains. They come from two places only:
rules over what the figures say of themselves, and the dated, cited cases of
`reference/reconciliations.toml`. Where neither has one, the reason is `NOT_EXPLAINED`: nothing is
made up. Nothing here adds figures up, and no difference is taken between two kinds or two units.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

import pandas as pd

from data.analysis.gap_reasons import NOT_EXPLAINED, PARTS, Pair, Reason, difference, part_named
from data.analysis.reconciliations import REPORTS, Case, cases, picked_by
from data.analysis.series import SERIES, in_series, records

STOCK_WITHIN: Final = timedelta(days=400)
"""People counted further from the day than this are no answer for it."""
EVENT_WITHIN: Final = timedelta(days=45)
"""The same for counts since a date, and for periods that do not hold the day."""

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
    *PARTS,
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
        any(part_named(row, name) for name in PARTS),
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
