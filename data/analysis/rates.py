"""Displaced people for each hundred inhabitants, from one publisher's two counts of one place.

A rate has one source: numerator and denominator share publisher, dataset, round, day and place. The
denominator is everybody whom the source counts there, residents and displaced people together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from data.analysis.series import ABREAST, in_series, ordered
from data.schema.tables import FIGURE_KEY, row_key

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


def rates(figures: pd.DataFrame) -> Iterator[Rate]:
    """The newest rate of every place and publisher, newest first.

    What a publisher calls partial, about a part of the place or its camps alone, is left out: a
    part never stands for the whole. So is one long past the newest, and one that is no share.
    """
    at = in_series(figures)
    whole = at["measure"].eq("stock") & at["unit"].eq("people") & at["category"].isna()
    at = at[whole & at["value"].notna() & ~at["caveat"].map(_partial).astype(bool)]
    of, among = (at[at["population_group"].eq(group)] for group in (OF, AMONG))
    if of.empty or among.empty:
        return
    known = dict(zip(row_key(among, _SHARED), among.to_dict("records"), strict=True))
    told: set[tuple[str, ...]] = set()
    newest: dict[str, pd.Timestamp] = {}
    told_by = ordered(of)
    keys = row_key(told_by, _SHARED)
    pairs = list(zip(keys, told_by.to_dict("records"), strict=True))
    for key, row in reversed(pairs):
        everybody = known.get(key)
        series = (str(row["source"]), str(row["publisher"]), str(row["place_code"]))
        if everybody is None or series in told or not 0 <= row["value"] <= everybody["value"]:
            continue
        if not everybody["value"]:
            continue
        last = newest.setdefault(str(row["place_code"]), row["as_of"])
        told.add(series)
        if row["as_of"] >= last - ABREAST:
            yield Rate(_named(row), _named(everybody))


def _partial(caveat: object) -> bool:
    codes = set() if pd.isna(caveat) else set(str(caveat).split())
    return bool(codes & {"sites_only", "non_camp_only", "other_area_of_control", "subset"})


def _named(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in row.items()}
