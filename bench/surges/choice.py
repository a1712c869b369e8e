"""The families on the same reports: parameters chosen before 2018, scored on everything since.

The choice is a search over few values by F2 (recall counts twice) on reports that ended before
2018, with every alarm beside the listed events taken as false; of equals the first of its grid
wins. A test repeats it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Final

from bench.surges.families import ChangePoint, CountModel
from surges import events
from surges.hdx_signals import RollingMaximum
from surges.holdout import before, since, split
from surges.reports import Line
from surges.rule import CHOSEN, RECENT, Judge, Parameters, Robust, follow_all
from surges.score import Score, of_great_waves, score

OPENINGS: Final = (5_000, 10_000, 20_000, 50_000)
TIMES: Final = (2.0, 2.5, 3.0, 4.0)
"""Nothing below twice the usual is called a surge. Smallest first: how far a count must lie from
the usual is for its series' own spread to say, and of two equal choices the one that asks for more
spreads and the smaller multiple is kept."""


@dataclass(frozen=True)
class Family:
    """A rule with the values that its parameters may take, in the order of preference."""

    name: str
    make: Callable[..., Judge]
    grid: dict[str, Sequence[Any]]

    def candidates(self) -> Iterator[tuple[dict[str, Any], Judge]]:
        """Every choice of parameters, in the order of preference."""
        for values in product(*self.grid.values()):
            given = dict(zip(self.grid, values, strict=True))
            yield given, self.make(**given)


FAR: Final = (4.0, 6.0, 8.0, 10.0, 12.0, 15.0, 20.0)


def _robust(z: float, far: float) -> Robust:
    return Robust(Parameters(z=z, far=far))


def _thirteen_months() -> RollingMaximum:
    return RollingMaximum(window=RECENT, silence=0)


FAMILIES: Final = (
    Family("rolling_maximum", RollingMaximum, {}),
    Family("thirteen_months", _thirteen_months, {}),
    Family("robust", _robust, {"z": (3.5, 3.25, 3.0, 2.75, 2.5, 2.25, 2.0), "far": FAR}),
    Family("change_point", ChangePoint, {"penalty": (5.0, 4.0, 3.0, 2.0, 1.0), "times": TIMES}),
    Family(
        "count_model",
        CountModel,
        {"quantile": (0.9999, 0.999, 0.995, 0.99, 0.95), "times": TIMES},
    ),
)
"""`rolling_maximum` is HDX Signals' rule and has its published numbers; `thirteen_months` is the
plain highest of the last thirteen months, with this rule's waves: nothing is chosen for either."""


@dataclass(frozen=True)
class Compared:
    """One family: what was chosen for it, and how it does on what it was and was not chosen on."""

    family: Family
    given: dict[str, Any]
    before: Score
    since: Score
    great: Score
    """That since, on waves of twice the usual and 5,000 people or more."""


def choose(lines: Sequence[Line], family: Family) -> tuple[dict[str, Any], Judge, Score]:
    """The parameters that score best before 2018; of equals, the first."""
    early, _ = split(events.listed())
    seen = before(lines)
    best: tuple[dict[str, Any], Judge, Score] | None = None
    for given, judge in family.candidates():
        found = score(follow_all(seen, judge), early, events.inside)
        if best is None or found.worth > best[2].worth + 1e-9:
            best = given, judge, found
    if best is None:
        raise ValueError(f"{family.name} has no candidate")
    return best


def choose_opening(lines: Sequence[Line]) -> int:
    """The largest size of a first count that misses no event a smaller one would find."""
    early, _ = split(events.listed())
    seen = before(lines)
    found = {
        opening: score(
            follow_all(seen, Robust(), replace(CHOSEN, opening=opening)), early, events.inside
        ).worth
        for opening in OPENINGS
    }
    best = max(found.values())
    return max(opening for opening, value in found.items() if value >= best - 1e-9)


def compare(lines: Sequence[Line]) -> list[Compared]:
    """Every family with its own best parameters."""
    _, late = split(events.listed())
    found = []
    for family in FAMILIES:
        given, judge, early = choose(lines, family)
        tested = score(since(follow_all(lines, judge)), late, events.inside)
        great = of_great_waves(tested, lines, events.inside)
        found.append(Compared(family, given, early, tested, great))
    return found
