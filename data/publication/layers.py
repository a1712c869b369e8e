"""The layers of a map that other tools are given: one for each population group and level."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pandas as pd

from data.analysis import precedence
from data.gazetteer import places
from data.schema import codes
from data.store import FigureFilter, Release
from data.store.release import EVERYTHING

LEVELS: Final = {0: "country", 1: "admin1", 2: "admin2", 3: "admin3"}
SERIES: Final = (
    "place_code",
    "measure",
    "unit",
    "source",
    "category",
    "gender",
    "age_range",
    "population_status",
    "sector",
    "origin_code",
    "asylum_location_code",
    "operation",
    "assessment_type",
)
"""Figures of a layer that share these follow one another in time: the newest of them is shown."""


@dataclass(frozen=True, slots=True)
class Collection:
    """The figures of one group at one level."""

    group: str
    level: int

    @property
    def id(self) -> str:
        """As it stands in an address."""
        return f"{self.group.lower().replace('_', '-')}-{LEVELS[self.level]}"


def collections(release: Release) -> list[Collection]:
    """Those that hold a figure of a place with a seat, in the order of the codes.

    A layer of countries far away, whose seats no table here has, would be empty: QGIS takes it for
    a table and draws nothing.
    """
    held = release.figures(columns=["population_group", "admin_level", "place_code"])
    seen = held[held["place_code"].isin(places.with_seat())].drop(columns="place_code")
    there = set(seen.drop_duplicates().dropna().itertuples(index=False, name=None))
    return [
        Collection(group, level)
        for group in codes.POPULATION_GROUPS
        for level in LEVELS
        if (group, level) in there
    ]


def newest(release: Release, wanted: FigureFilter = EVERYTHING) -> pd.DataFrame:
    """The newest figure of each series, in the columns of `tables.FIGURES`."""
    found = precedence.figures(release, wanted)
    ordered = found.sort_values(["as_of", "known_from"], kind="stable")
    return ordered.drop_duplicates(["population_group", "admin_level", *SERIES], keep="last")


def outlined(release: Release) -> frozenset[str]:
    """Codes of the places that have an official polygon."""
    found = release.boundaries()
    return frozenset() if found is None else frozenset(map(str, found["place_code"]))


def is_of_polygons(codes: Iterable[str], with_outline: frozenset[str]) -> bool:
    """Whether a layer of these places is drawn by polygons: each that can be drawn has one.

    Otherwise all of it is points: QGIS gives a layer one kind of geometry and leaves out the rest.

    Args:
        codes: The places of the layer.
        with_outline: Those that have an official polygon.
    """
    located = frozenset(codes) & (places.with_seat() | with_outline)
    return bool(located) and located <= with_outline
