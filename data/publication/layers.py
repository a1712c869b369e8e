"""The layers of a map that other tools are given: one for each population group and level."""

from dataclasses import dataclass
from typing import Final

from data.schema import codes
from data.store import Release

LEVELS: Final = {0: "country", 1: "admin1", 2: "admin2", 3: "admin3"}


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
    """Those that hold a figure, in the order of the codes."""
    held = release.figures(columns=["population_group", "admin_level"]).drop_duplicates()
    there = set(held.dropna().itertuples(index=False, name=None))
    return [
        Collection(group, level)
        for group in codes.POPULATION_GROUPS
        for level in LEVELS
        if (group, level) in there
    ]
