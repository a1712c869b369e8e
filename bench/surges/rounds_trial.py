"""The rule of rounds on made-up rounds: known waves, and noise as real rounds have it.

Rounds 7, 10 and 11 are the real ones. Those after 11 are made up: each series takes, from round to
round, the relative change of some place of its group between the real rounds 10 and 11. Waves of
known size are put in, also into round 11 and between 7 and 10, which list other places.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

import numpy as np
import pandas as pd

from data.analysis import precedence
from data.store import FigureFilter, Release
from surges import rounds
from surges.round_change import GROUPS, RoundChange, Way
from surges.rounds import THRESHOLDS, RoundThresholds
from surges.rule import BASE, Floats

SIZES: Final = (2_000, 5_000, 10_000, 20_000, 50_000)
KINDS: Final[tuple[tuple[str, Way], ...]] = (
    ("IDP", "arrivals"),
    ("IDP", "departures"),
    ("RDP", "returns"),
    ("RET", "returns"),
)
MADE: Final = 6
"""Rounds made up after the last real one."""
APART: Final = pd.Timedelta(days=31)
EACH: Final = 2
"""Waves of each kind and size in one run."""
GREATEST: Final = 0.1
"""Part of the real changes that is left out where noise is to have no wave of its own."""
KEY: Final = ["population_group", "place_code"]
SCORED_ON: Final = range(5, 9)
"""Seeds of chance: numbers were chosen on 1 to 4, and are scored on these."""
LIFE: Final[Sequence[tuple[str, str, RoundThresholds]]] = (
    ("first", "500, a tenth, 2.75 spreads", RoundThresholds(least=500, many=inf)),
    ("tried", "1,500, a tenth, 2.75 spreads", RoundThresholds(least=1_500, many=inf)),
    ("tried", "1,000, a tenth, 2.75 spreads", RoundThresholds(many=inf)),
    ("tried", "1,000, 15%, 2.75 spreads", RoundThresholds(part=0.15, many=inf)),
    ("tried", "1,000, a tenth, 4 spreads", RoundThresholds(z=4.0, many=inf)),
    ("tried", "1,000, a tenth or 5,000, 2.75 spreads", RoundThresholds(many=5_000)),
    ("**1 December 2026**", "**1,000, a tenth or 10,000, 2.75 spreads**", THRESHOLDS),
)
"""Each form of the rule: when it was in use, what it asks, and itself."""


@dataclass(frozen=True)
class Wave:
    """People who came or left between a round and the one before it."""

    group: str
    way: Way
    place: str
    round: int
    size: int


@dataclass(frozen=True)
class Run:
    """What the rule has to judge, in the columns of `FIGURES`, and what it ought to say."""

    figures: pd.DataFrame
    waves: tuple[Wave, ...]


@dataclass(frozen=True)
class Tried:
    """What came of some runs.

    Attributes:
        alerted: Waves with an alarm, by size, and how many there were.
        by_way: The same by what they are.
        guarded: Waves between rounds that do not compare: with an alarm, and all.
        false: Threads of made-up changes in which no wave lies.
        changes: How many made-up changes there were.
    """

    alerted: dict[int, tuple[int, int]]
    by_way: dict[str, tuple[int, int]]
    guarded: tuple[int, int]
    false: int
    changes: int

    @property
    def per_thousand(self) -> float:
        """False threads for each thousand changes."""
        return 1_000 * self.false / self.changes


def carried(release: Release) -> pd.DataFrame:
    """The whole counts of the carried rounds by sub-district, in the columns of `FIGURES`."""
    wanted = FigureFilter(group=tuple(GROUPS), measure=("stock",), admin_level=(rounds.LEVEL,))
    found = precedence.figures(release, wanted)
    whole = found["reporting_round"].notna() & found["category"].isna()
    return found[whole & found["gender"].eq("all") & found["age_range"].eq("all")]


def run(real: pd.DataFrame, seed: int, *, without: float = 0.0) -> Run:
    """Made-up rounds after the real ones, and waves in them.

    Args:
        real: As `carried` gives it.
        seed: Of chance.
        without: Part of the real changes, the greatest, that noise is not drawn from.
    """
    chance = np.random.default_rng(seed)
    numbers = sorted(real["reporting_round"].unique())
    first, before, last = (
        real[real["reporting_round"].eq(n)].sort_values(KEY).reset_index(drop=True) for n in numbers
    )
    pools = _pools(before, last, without)
    _, tenth, newest = map(int, numbers)
    waves = _waves(last, chance, range(newest, newest + MADE + 1))
    waves += _waves(last, chance, [tenth])
    made = [first, _with(before, waves, tenth), _with(last, waves, tenth, newest)]
    for at in range(1, MADE + 1):
        made.append(_with(_next(made[-1], pools, chance), waves, newest + at))
    return Run(pd.concat(made, ignore_index=True), tuple(waves))


def _pools(before: pd.DataFrame, last: pd.DataFrame, without: float) -> dict[str, Floats]:
    """The relative changes of each group between the two real rounds, on a log scale."""
    steps = np.log(last["value"].astype(float) + BASE) - np.log(
        before["value"].astype(float) + BASE
    )
    found = {}
    for group, values in steps.groupby(last["population_group"]):
        ordered = sorted(values, key=abs)
        found[str(group)] = np.array(ordered[: round(len(ordered) * (1 - without))])
    return found


def _next(
    last: pd.DataFrame, pools: dict[str, Floats], chance: np.random.Generator
) -> pd.DataFrame:
    step = np.array([chance.choice(pools[str(group)]) for group in last["population_group"]])
    values = (last["value"].astype(float) + BASE) * np.exp(step) - BASE
    days = {name: last[name] + APART for name in _DAYS}
    return last.assign(
        value=np.maximum(0, values.round()).astype("int64"),
        reporting_round=last["reporting_round"] + 1,
        figure_id=last["figure_id"] + "+",
        **days,
    )


_DAYS: Final = ("reference_period_start", "reference_period_end", "as_of", "known_from")


def _waves(last: pd.DataFrame, chance: np.random.Generator, at: Sequence[int]) -> list[Wave]:
    """Waves in places drawn by chance; who leaves was counted there."""
    found = []
    for group, way in KINDS:
        rows = last[last["population_group"].eq(group)]
        for size in SIZES:
            able = rows[rows["value"].astype(float) >= size] if way == "departures" else rows
            for place in chance.choice(
                able["place_code"], size=min(EACH, len(able)), replace=False
            ):
                found.append(Wave(group, way, str(place), int(chance.choice(at)), size))
    return found


def _with(frame: pd.DataFrame, waves: Sequence[Wave], *numbers: int) -> pd.DataFrame:
    """A round with the waves that came before it and since the round that it was made from."""
    values = frame["value"].astype("int64").copy()
    for wave in waves:
        if wave.round in numbers:
            here = frame["place_code"].eq(wave.place) & frame["population_group"].eq(wave.group)
            more = -wave.size if wave.way == "departures" else wave.size
            values = values.mask(here, (values + more).clip(lower=0))
    return frame.assign(value=values)


def tried(runs: Sequence[Run], asked: RoundThresholds) -> Tried:
    """How a rule does on them."""
    sizes = {size: [0, 0] for size in SIZES}
    ways: dict[str, list[int]] = {}
    guarded, false, changes = [0, 0], 0, 0
    for one in runs:
        found = rounds.between(one.figures, asked)
        opened = rounds.threads(found)
        heard = {_where(a.change) for thread in opened for a in thread.alarms if a.change}
        put = {(w.group, w.place, w.round) for w in one.waves}
        last_real = min(w.round for w in one.waves) + 1
        for wave in one.waves:
            alerted = (wave.group, wave.place, wave.way, wave.round) in heard
            if wave.round < last_real:
                tally = [guarded]
            else:
                tally = [sizes[wave.size], ways.setdefault(f"{wave.way} ({wave.group})", [0, 0])]
            for each in tally:
                each[0] += alerted
                each[1] += 1
        changes += sum(int(c.after["reporting_round"]) > last_real for c in found.changes)
        for thread in opened:
            change = thread.alarms[0].change
            if change is None or int(change.after["reporting_round"]) <= last_real:
                continue
            group, place, _, number = _where(change)
            false += (group, place, number) not in put
    return Tried(
        {size: (by_size, of) for size, (by_size, of) in sizes.items()},
        {way: (by_way, of) for way, (by_way, of) in ways.items()},
        (guarded[0], guarded[1]),
        false,
        changes,
    )


def life(real: pd.DataFrame) -> list[tuple[str, str, Tried, Tried]]:
    """Every form with its score: on all noise, and on noise without the greatest real changes."""
    noisy, calm = (
        [run(real, seed, without=without) for seed in SCORED_ON] for without in (0.0, GREATEST)
    )
    return [(when, what, tried(noisy, asked), tried(calm, asked)) for when, what, asked in LIFE]


def _where(change: RoundChange) -> tuple[str, str, Way | None, int]:
    after = change.after
    return change.group, str(after["place_code"]), change.way, int(after["reporting_round"])
