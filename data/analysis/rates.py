"""Displaced people for each hundred inhabitants, from one publisher's two counts of one place.

A rate has one source: numerator and denominator share publisher, dataset, round, day and place. The
denominator is everybody whom the source counts there, residents and displaced people together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd

from data.analysis.series import ABREAST, in_series, ordered, whole_counts
from data.schema.frame_keys import row_key
from data.schema.tables import FIGURE_KEY
from data.store import FigureFilter

OF: Final = "IDP"
AMONG: Final = "POP"
HUNDRED: Final = 100
_SHARED: Final = [name for name in FIGURE_KEY if name != "population_group"]


@dataclass(frozen=True)
class Rate:
    """One rate with the two figures that it is made of.

    Attributes:
        displaced: The figure of those who are displaced.
        everybody: The figure of everybody at the place.
    """

    displaced: dict[str, Any]
    everybody: dict[str, Any]

    @property
    def per_hundred(self) -> float:
        """Displaced people for each hundred inhabitants, between 0 and 100."""
        return HUNDRED * float(self.displaced["value"]) / float(self.everybody["value"])


def wanted(known: date | None, *, undated: bool = False) -> FigureFilter:
    """The figures that rates are made of, and changes between two counts.

    Args:
        known: As known at the end of that day; None for now.
        undated: Whether those count whose day of publication nobody knows.
    """
    return FigureFilter(
        group=(OF, AMONG),
        measure=("stock",),
        unit=("people",),
        as_known_on=known,
        undated=undated,
    )


def paired(figures: pd.DataFrame) -> Iterator[Rate]:
    """Every rate of every round, newest first.

    What a publisher calls partial, about a part of the place or its camps alone, is left out: a
    part never stands for the whole. So is what is no share.
    """
    at = in_series(figures)
    stocks = at["measure"].eq("stock") & at["unit"].eq("people") & at["value"].notna()
    at = at[stocks & whole_counts(at)]
    of, among = (at[at["population_group"].eq(group)] for group in (OF, AMONG))
    if of.empty or among.empty:
        return
    known = dict(zip(row_key(among, _SHARED), among.to_dict("records"), strict=True))
    told_by = ordered(of)
    keys = row_key(told_by, _SHARED)
    pairs = list(zip(keys, told_by.to_dict("records"), strict=True))
    for key, row in reversed(pairs):
        everybody = known.get(key)
        if everybody is None or not everybody["value"]:
            continue
        if 0 <= row["value"] <= everybody["value"]:
            yield Rate(_named(row), _named(everybody))


def rates(figures: pd.DataFrame) -> Iterator[Rate]:
    """The newest rate of every place and publisher, newest first, without any long past it."""
    listed: set[tuple[str, ...]] = set()
    newest: dict[str, pd.Timestamp] = {}
    for rate in paired(figures):
        row = rate.displaced
        series = (str(row["source"]), str(row["publisher"]), str(row["place_code"]))
        if series in listed:
            continue
        last = newest.setdefault(str(row["place_code"]), row["as_of"])
        listed.add(series)
        if row["as_of"] >= last - ABREAST:
            yield rate


def pictures(figures: pd.DataFrame) -> dict[str, dict[str, list[Rate]]]:
    """What may be shaded on one map: rates of one publisher's one round at one level.

    Returns:
        By level as an address calls it, then by time, oldest first: `rates` of the places, highest
        first. A time is the day; where two publishers or rounds share one, the name of each says
        which it is.
    """
    found: dict[str, dict[tuple[Any, ...], list[Rate]]] = {}
    for rate in paired(figures):
        row = rate.displaced
        level = "none" if pd.isna(row["admin_level"]) else str(row["admin_level"])
        one = (row["as_of"], *("" if pd.isna(row[name]) else str(row[name]) for name in _ONE))
        found.setdefault(level, {}).setdefault(one, []).append(rate)
    return {level: _by_time(at) for level, at in found.items()}


_ONE: Final = ("reference_period_start", "publisher", "source", "dataset", "reporting_round")
"""What all rates of one picture share beside their day."""


def _by_time(found: dict[tuple[Any, ...], list[Rate]]) -> dict[str, list[Rate]]:
    days = [one[0] for one in found]
    named: dict[str, list[Rate]] = {}
    for one in sorted(found):
        alone = days.count(one[0]) == 1
        code = f"{one[0]:%Y-%m-%d}" if alone else "~".join((f"{one[0]:%Y-%m-%d}", *one[2:]))
        named[code.replace(" ", "_")] = sorted(
            found[one], key=lambda rate: (-rate.per_hundred, str(rate.displaced["place_code"]))
        )
    return named


def _named(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in row.items()}
