"""Changes between reporting rounds of a stock: who arrived, left and returned, by sub-district.

A round counts who is there, so that a surge is a difference of two rounds. Only what compares is
taken: one series of one publisher, two rounds that follow one another, and neither of them listing
other places than the one beside it (`coverage_changed`). What does not compare is counted, with the
reason, and never shown as a change.

The rule in two sentences. A change is one to hear of where it is at least 500 people in 30 days, a
tenth of those counted before, and 2.75 robust spreads from the middle of the changes it is held
against, on a scale of counts. Those are the place's own earlier changes where there are three, and
else the changes of all places of the publisher between the same two rounds.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from math import copysign, log1p, sqrt
from typing import Any, Final, Literal

import pandas as pd

from data.analysis.changes import comparable_change
from data.analysis.series import SERIES
from data.schema.tables import row_key
from data.store import Release, Wanted
from surges.reports import PER
from surges.rule import (
    BASE,
    CHOSEN,
    FEWEST,
    LEAST,
    MAD,
    PRIOR_REPORTS,
    PRIOR_SPREAD,
)

Way = Literal["arrivals", "departures", "returns"]
GROUPS: Final[Mapping[str, tuple[Way, Way | None]]] = {
    "IDP": ("arrivals", "departures"),
    "RDP": ("returns", None),
    "RET": ("returns", None),
}
"""What more and what fewer people of a group mean. A count of those who came back that falls says
that some left again or were counted anew: no return, and nothing is made of it."""
LEVEL: Final = 3
_LINE: Final = "line"
PART: Final = 0.1
"""Part of those counted before."""
LONGEST: Final = 100
"""Days between two rounds; further apart the change says nothing about when."""


@dataclass(frozen=True)
class RoundChange:
    """What changed in one place between two rounds that follow one another.

    Attributes:
        before: The figure of the earlier round, in the columns of `tables.FIGURES`.
        after: That of the later one.
        value: How many more; negative for fewer.
        spreads: Robust spreads from the middle of what it is held against, on a scale of counts.
        own: Whether those are the place's own earlier changes; else all places of this round.
        over: Whether it is one to hear of.
    """

    before: dict[str, Any]
    after: dict[str, Any]
    value: int
    spreads: float
    own: bool
    over: bool

    @property
    def way(self) -> Way | None:
        """What it means; None where it means nothing."""
        more, fewer = GROUPS[str(self.after["population_group"])]
        return more if self.value > 0 else fewer

    @property
    def days(self) -> int:
        """Days between the two rounds."""
        return _days(self.before, self.after)

    @property
    def day(self) -> date:
        """The day the later round speaks of."""
        found: date = self.after["as_of"].date()
        return found

    @property
    def rate(self) -> float:
        """How many more in 30 days."""
        return self.value * PER / self.days


@dataclass(frozen=True)
class Rounds:
    """Every change between rounds that follow one another.

    Attributes:
        changes: Those that compare, the newest round and the largest number first.
        refused: How many do not, by the reason (`changes.NOT_COMPARABLE`, or `far_apart`).
    """

    changes: tuple[RoundChange, ...]
    refused: Mapping[str, int]

    @property
    def over(self) -> tuple[RoundChange, ...]:
        """Those to hear of."""
        return tuple(change for change in self.changes if change.over)


def of_release(release: Release, known: date | None = None) -> Rounds:
    """The changes between a release's rounds by sub-district.

    Args:
        release: Where from.
        known: Leave out what was not known on that day; None for everything.
    """
    wanted = Wanted(group=tuple(GROUPS), measure=("stock",), as_known_on=known)
    found = release.figures(wanted)
    return between(found[found["admin_level"].eq(LEVEL).fillna(False)])


def between(figures: pd.DataFrame) -> Rounds:
    """The changes between rounds.

    Args:
        figures: Rows of `tables.FIGURES`, the newest vintage of each. Only stocks of a round, of
            everybody and of a whole count (no category) are read.
    """
    kept = figures[
        figures["reporting_round"].notna()
        & figures["population_group"].isin(list(GROUPS))
        & figures["measure"].eq("stock")
        & figures["gender"].eq("all")
        & figures["age_range"].eq("all")
        & figures["category"].isna()
        & figures["value"].notna()
    ]
    refused: Counter[str] = Counter()
    pairs: list[tuple[str, dict[str, Any], dict[str, Any], int]] = []
    # All rows at once: a frame for each of some hundred series takes seconds.
    keyed = kept.assign(**{_LINE: row_key(kept, list(SERIES))}).sort_values([_LINE, "as_of"])
    rows: list[dict[str, Any]] = keyed.to_dict("records")
    for before, after in pairwise(rows):
        if before[_LINE] != after[_LINE]:
            continue
        reason = _refusal(before, after)
        if reason:
            refused[reason] += 1
        else:
            line, value = str(after[_LINE]), int(after["value"]) - int(before["value"])
            pairs.append((line, before, after, value))
    return Rounds(tuple(sorted(_judged(pairs), key=_order)), dict(refused))


def _order(change: RoundChange) -> tuple[int, int, str]:
    place = str(change.after["place_code"])
    return -change.day.toordinal(), -abs(change.value), place


def _refusal(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    found = comparable_change(dict(before), dict(after))
    if found.status != "number":
        return found.reason or "rounded"
    return "" if 0 < _days(before, after) <= LONGEST else "far_apart"


def _days(before: Mapping[str, Any], after: Mapping[str, Any]) -> int:
    return int((after["as_of"] - before["as_of"]).days)


def _judged(
    pairs: Sequence[tuple[str, dict[str, Any], dict[str, Any], int]],
) -> Iterator[RoundChange]:
    beside: dict[tuple[object, ...], list[float]] = {}
    for _, before, after, value in pairs:
        beside.setdefault(_rounds(before, after), []).append(_scaled(value, before, after))
    earlier: dict[str, list[float]] = {}
    for line, before, after, value in pairs:
        own = earlier.setdefault(line, [])
        scaled = _scaled(value, before, after)
        against = own if len(own) >= FEWEST else beside[_rounds(before, after)]
        far = _far(scaled, against) if len(against) >= FEWEST else 0.0
        change = RoundChange(before, after, value, far, against is own, over=False)
        over = (
            abs(change.rate) >= LEAST
            and abs(value) >= PART * int(before["value"])
            and abs(far) >= CHOSEN.z
            and (value > 0) == (far > 0)
            and change.way is not None
        )
        yield replace(change, over=over)
        own.append(scaled)


def _rounds(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[object, ...]:
    """What makes changes of different places alike: one count, between the same two rounds."""
    names = ("source", "dataset", "operation", "assessment_type", "population_group", "unit")
    counted = tuple(None if pd.isna(after[name]) else after[name] for name in names)
    return *counted, before["as_of"], after["as_of"]


def _scaled(value: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> float:
    """A change in 30 days on a scale of counts that has a zero: twice is twice either way."""
    rate = value * PER / _days(before, after)
    return copysign(log1p(abs(rate) / BASE), rate)


def _far(scaled: float, against: Sequence[float]) -> float:
    """Robust spreads from the middle; a spread seen in few is drawn towards a middling one."""
    values = pd.Series(against, dtype="float64")
    middle = float(values.median())
    seen = MAD * float((values - middle).abs().median())
    drawn = len(values) * seen**2 + PRIOR_REPORTS * PRIOR_SPREAD**2
    return (scaled - middle) / sqrt(drawn / (len(values) + PRIOR_REPORTS))
