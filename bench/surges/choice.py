"""The families on the same reports: parameters chosen before 2018, scored on everything since.

The choice is a search over few values by F2 (recall counts twice) on reports that ended before
2018, with every alarm beside the listed events taken as false; of equals the first of its grid
wins. How far above the usual a great report must lie is chosen by the waves that the figures have
of themselves, since most great waves before 2018 are in no list. A test repeats both.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import inf
from typing import Any, Final

from bench.surges import made
from bench.surges.families import Asked, ChangePoint, CountModel
from bench.surges.made import Tried
from data.gazetteer import places
from surges import events, waves
from surges.hdx_signals import RollingMaximum
from surges.holdout import before_split, reported_since, since_split, split_events
from surges.reports import Line, Report
from surges.rule import CHOSEN, RECENT, Judge, Robust, follow_all
from surges.score import Score, of_great_waves, score
from surges.waves import ByFigures

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


SPREADS: Final = (3.5, 3.25, 3.0, 2.75, 2.5, 2.25, 2.0)
FAR: Final = (inf, 20.0, 10.0, 8.0, 6.0, 4.0, 3.0, 2.5, 2.0)


def _robust(z: float) -> Robust:
    return Robust(replace(CHOSEN, z=z))


def _by_spread(z: float) -> Asked:
    return Asked(replace(CHOSEN, z=z))


def _thirteen_months() -> RollingMaximum:
    return RollingMaximum(window=RECENT, silence=0)


FAMILIES: Final = (
    Family("rolling_maximum", RollingMaximum, {}),
    Family("thirteen_months", _thirteen_months, {}),
    Family("robust", _robust, {"z": (CHOSEN.z,)}),
    Family("change_point", ChangePoint, {"penalty": (5.0, 4.0, 3.0, 2.0, 1.0), "times": TIMES}),
    Family(
        "count_model",
        CountModel,
        {"quantile": (0.9999, 0.999, 0.995, 0.99, 0.95), "times": TIMES},
    ),
)
"""`rolling_maximum` is HDX Signals' rule and has its published numbers; `thirteen_months` is the
plain highest of the last thirteen months, with this rule's waves: nothing is chosen for either.
How `robust` was chosen is below."""

BY_SPREAD: Final = Family("by_spread", _by_spread, {"z": SPREADS})
MADE_SPREAD: Final = 0.25
MADE_SEEDS: Final = (11,)
LIFE: Final[Sequence[tuple[str, str, Judge]]] = (
    ("first", f"{CHOSEN.z:g} spreads", Asked()),
    *(("tried", f"{z:g} spreads", _by_spread(z)) for z in (3.25, 2.5, 2.0)),
    (
        "30 November 2026",
        f"{CHOSEN.z:g} spreads; or 5,000, and 10 times the usual or twice every report",
        Asked(far=10.0, beyond=2.0),
    ),
    ("tried", f"{CHOSEN.z:g} spreads; or 5,000, and the highest", Asked(beyond=1.0)),
    *(
        ("tried", f"{CHOSEN.z:g} spreads; or 5,000, and {far:g} times the usual", Asked(far=far))
        for far in (6.0, 4.0, 3.0, 2.5)
    ),
    (
        "tried",
        f"{CHOSEN.z:g} spreads; or 5,000; all of it at 4 times the usual",
        Robust(replace(CHOSEN, times=4.0)),
    ),
    ("**1 December 2026**", f"**{CHOSEN.z:g} spreads; or 5,000**", Robust()),
)
"""Each form of the rule: when it was in use, what it asks beside twice the usual, and itself."""


@dataclass(frozen=True)
class Compared:
    """One family: what was chosen for it, and how it does on what it was and was not chosen on."""

    family: Family
    given: dict[str, Any]
    before: Score
    since: Score
    great: Score
    """That since, on waves of twice the usual and 5,000 people or more."""
    great_by_place: Score
    """The same, where an event of a whole country is about the country's own series alone."""
    figures_before: ByFigures
    figures_since: ByFigures
    """On the same waves, as the figures alone have them."""
    made: Tried | None = None
    """On made-up months, where asked."""


def choose(lines: Sequence[Line], family: Family) -> tuple[dict[str, Any], Judge, Score]:
    """The parameters that score best before 2018; of equals, the first."""
    early, _ = split_events(events.listed())
    seen = before_split(lines)
    best: tuple[dict[str, Any], Judge, Score] | None = None
    for given, judge in family.candidates():
        found = score(follow_all(seen, judge), early, events.inside)
        if best is None or found.worth > best[2].worth + 1e-9:
            best = given, judge, found
    if best is None:
        raise ValueError(f"{family.name} has no candidate")
    return best


def choose_far(lines: Sequence[Line], z: float) -> float:
    """How many times the usual make a great report one to tell, however wild the months were."""
    seen = before_split(lines)
    found = {
        far: waves.score_waves(follow_all(seen, Asked(replace(CHOSEN, z=z), far=far)), _any).worth
        for far in FAR
    }
    best = max(found.values())
    return next(far for far, value in found.items() if value >= best - 1e-9)


def _any(_: Report) -> bool:
    return True


def choose_opening(lines: Sequence[Line]) -> int:
    """The largest size of a first count that misses no event a smaller one would find."""
    early, _ = split_events(events.listed())
    seen = before_split(lines)
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
    found = []
    for family in FAMILIES:
        given, judge, _ = choose(lines, family)
        found.append(measured(lines, family, given, judge))
    return found


def measured(
    lines: Sequence[Line], family: Family, given: dict[str, Any], judge: Judge
) -> Compared:
    """A rule on both halves and by both measures."""
    early, late = split_events(events.listed())
    first, whole = follow_all(before_split(lines), judge), follow_all(lines, judge)
    tested = score(since_split(whole), late, events.inside)
    by_place = score(since_split(whole), late, inside_or_the_country)
    return Compared(
        family,
        given,
        score(first, early, events.inside),
        tested,
        of_great_waves(tested, lines, events.inside),
        of_great_waves(by_place, lines, inside_or_the_country),
        waves.score_waves(first, _any),
        waves.score_waves(whole, reported_since),
    )


def inside_or_the_country(place: str, area: str) -> bool:
    """Whether a place lies in the area of an event, a country being no area but a place."""
    if places.codes(area)["location_code"] == area:
        return place == area
    return events.inside(place, area)


def life(lines: Sequence[Line]) -> list[tuple[str, str, Compared]]:
    """Every form that the rule had, and that was tried, on both halves and by both measures."""
    return [
        (
            when,
            what,
            replace(
                measured(lines, Family(what, Robust, {}), {}, judge),
                made=made.tried(judge, MADE_SPREAD, MADE_SEEDS),
            ),
        )
        for when, what, judge in LIFE
    ]
