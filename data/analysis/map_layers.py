"""What may stand on one map, and the times it may be shown at. Nothing here adds figures up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any, Final

import pandas as pd

from data.analysis.cells import Row
from data.analysis.series import (
    CURRENT,
    PLACELESS,
    in_series,
    near_newest,
    newest_by_place,
    rank,
    records,
    weight,
    whole_counts,
    wholes,
)
from data.gazetteer import places
from data.gazetteer.area import Area, MapLayer
from data.schema.frame_keys import row_key

RATES: Final = "rate"
SHIFTS: Final = "change"
"""What an address calls the rates and the changes among the series of the map."""
SAME: Final = "date"
"""What stands beside the map where that is the same on another date, as an address calls it."""


ADDRESSED: Final = (
    "source",
    "population_group",
    "measure",
    "unit",
    "publisher",
    "dataset",
    "cumulative_since",
    "origin_code",
    "asylum_location_code",
    "sector",
    "population_status",
    "operation",
    "assessment_type",
    "category",
)
"""What an address says of a layer."""


@dataclass(frozen=True)
class Timeline:
    """One series at one level on the map: which there is at each time, oldest time first.

    Attributes:
        shown: One figure for each place by what an address calls the time, largest first.
        codes: The places of all times.
        largest: The largest number of all times.
    """

    shown: dict[str, pd.DataFrame]
    codes: tuple[str, ...]
    largest: int

    def nearest(self, day: pd.Timestamp) -> str:
        """The time that lies nearest to a day."""
        return min(self.shown, key=lambda code: abs(self.shown[code]["as_of"].max() - day))

    def other(self, time: str) -> str | None:
        """The time that a picture of `time` is held against: the one before, else the first."""
        others = [code for code in self.shown if code != time]
        before = [code for code in others if code < time]
        return before[-1] if before else next(iter(others), None)


def overview(figures: pd.DataFrame, asked: Sequence[MapLayer], day: date) -> pd.DataFrame:
    """People at a date on both sides of the border: the first map, largest first.

    All of them are people at a date, so circles compare; they are never added.

    Args:
        figures: Those of the places in sight.
        asked: The layers that the area's file names.
        day: The day that is shown; people counted more than two years before it are left out.
    """
    at = in_series(figures)
    at = at[
        whole_counts(at)
        & at["value"].notna()
        & at["as_of"].ge(pd.Timestamp(day) - CURRENT)
        & at["measure"].eq("stock")
        & at["unit"].eq("people")
        & at["admin_level"].eq(1).fillna(False)
    ]
    drawn = [shown for layer in asked if len(shown := _layer(at, layer))]
    if not drawn:
        return figures.iloc[0:0]
    # One place has one circle: what an earlier layer draws, a later one leaves.
    whole = pd.concat(drawn).drop_duplicates("place_code")
    return whole.sort_values(["value", "place_code"], ascending=[False, True])


def _layer(at: pd.DataFrame, layer: MapLayer) -> pd.DataFrame:
    """The newest number of each place of a layer, near the newest of its country."""
    mine = at["population_group"].eq(layer.group) & at["location_code"].isin(layer.countries)
    origin = at["origin_code"].isna()
    if layer.origin is not None:
        origin = at["origin_code"].eq(layer.origin).fillna(False)
    found = at[mine & origin]
    if found.empty or layer.mixed:
        return near_newest(newest_by_place(found)) if len(found) else found
    parts = [
        near_newest(newest_by_place(part))
        for _, part in found.groupby(list(PLACELESS), dropna=False, sort=False)
    ]
    most = max(len(part) for part in parts)
    # Of the series that show the area and not a corner of it, the newest.
    return max(
        (part for part in parts if len(part) * 2 >= most),
        key=lambda part: (part["as_of"].max(), len(part), str(part["source"].iloc[0])),
    )


def layers(figures: pd.DataFrame) -> list[pd.DataFrame]:
    """Figures split into what may stand on one map, people at a date first."""
    drawn = drawable(figures)
    parts = [part for _, part in drawn.groupby(list(PLACELESS), dropna=False, sort=False)]
    return sorted(parts, key=lambda p: (*weight(p)[:2], layer_id(p)))


def by_code(figures: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """What may stand on the map by its name in an address: layers of more than one place.

    Args:
        figures: Those of the places in sight.
    """
    parts = [part for part in layers(wholes(figures)) if part["place_code"].nunique() > 1]
    return {layer_id(part): part for part in parts}


def timeline(layer: pd.DataFrame, level: str) -> Timeline:
    """A layer at one level, split by time."""
    at = layer[level_of(layer).eq(level)]
    return Timeline(
        {code: newest_by_place(at.loc[rows]) for code, rows in moments(at).items()},
        tuple(at["place_code"].unique()),
        int(at["value"].max()),
    )


def levels(layer: pd.DataFrame) -> list[str]:
    """The levels of a layer, the one with the most places first."""
    counts = layer.groupby(level_of(layer))["place_code"].nunique()
    return [str(level) for level in counts.sort_values(ascending=False, kind="stable").index]


def near(area: Area, codes: Sequence[str]) -> tuple[str, ...]:
    """Those of the area itself: the map opens on it, and on all where it has none of them."""
    mine = {*area.core, *area.border}
    inside = tuple(code for code in codes if mine & {code, *places.ancestors(code)})
    return inside or tuple(codes)


def drawable(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures that a place may have as its one circle for one count.

    Figures by origin inside the country are left out, and so are single displacements, which are
    no count of a place, and counts of one sex or age.
    """
    figures = in_series(figures)
    inside = figures["origin_code"].notna() & figures["location_code"].eq(
        figures["origin_location_code"]
    )
    whole = figures["gender"].eq("all") & figures["age_range"].eq("all")
    return figures[(~inside | figures["population_group"].eq("RET")) & whole]


def at_levels(figures: pd.DataFrame) -> list[tuple[str, str, pd.DataFrame]]:
    """Layers split by level: its name, the level and its figures, where they are of several places.

    They stand as `layers` has them, the levels of one in the order of their names.
    """
    drawn = drawable(figures)
    keys = pd.factorize(row_key(drawn, PLACELESS))[0]
    levels_ = level_of(drawn).tolist()
    places_ = drawn["place_code"].tolist()
    found: dict[int, dict[str, list[int]]] = {}
    for at, (key, level) in enumerate(zip(keys.tolist(), levels_, strict=True)):
        found.setdefault(key, {}).setdefault(level, []).append(at)
    # A frame for each of some hundred layers takes a second: only its first row is looked at.
    firsts = [min(at[0] for at in layer.values()) for layer in found.values()]
    rows = records(drawn.iloc[firsts])
    ranked = sorted(
        (rank(str(row["population_group"])), -sum(map(len, layer.values())), _named(row), number)
        for number, (row, layer) in enumerate(zip(rows, found.values(), strict=True))
    )
    parts = list(found.values())
    return [
        (name, level, drawn.iloc[parts[number][level]])
        for _, _, name, number in ranked
        for level in sorted(parts[number])
        if len({places_[at] for at in parts[number][level]}) > 1
    ]


def layer_id(layer: pd.DataFrame) -> str:
    """A short name for an address: what the layer's figures share, in codes."""
    return _named(layer.iloc[0])


def _named(first: "Row | pd.Series[Any]") -> str:
    parts = []
    for name in ADDRESSED:
        value = first[name]
        if pd.notna(value) and (name, value) != ("population_status", "all"):
            parts.append(str(value.date()) if name == "cumulative_since" else str(value))
    return "~".join(part.replace(" ", "_") for part in parts)


def picture_code(layer_id: str, level: str) -> str:
    """What the address of a picture calls a layer at one level: eight digits of 0-9 and a-f."""
    return blake2b(f"{layer_id}~{level}".encode(), digest_size=4).hexdigest()


def moments(layer: pd.DataFrame) -> dict[str, pd.Index]:
    """The times of a layer, oldest first: what an address calls each, and its rows.

    A flow's time is its whole period: a month and a quarter that end on one day are two pictures.
    """
    end, start = _days(layer["as_of"]), _days(layer["reference_period_start"])
    codes = end.where(layer["measure"].ne("flow"), start + "~" + end)
    order = layer[["as_of"]].assign(code=codes).sort_values(["as_of", "code"], kind="stable")
    return {str(code): rows.index for code, rows in order.groupby("code", sort=False)}


def _days(days: pd.Series) -> pd.Series:
    """Days as an address writes them; there are far fewer days than rows."""
    return days.map({day: f"{day:%Y-%m-%d}" for day in days.dropna().unique()})


def level_of(figures: pd.DataFrame) -> pd.Series:
    """The admin level as an address calls it; `none` where a figure has none."""
    return figures["admin_level"].astype("string").fillna("none")
