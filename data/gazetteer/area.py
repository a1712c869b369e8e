"""The area of interest: a file, so that a second area is a second file and no code."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

AREAS: Final = Path(__file__).resolve().parents[1] / "reference" / "areas"


class NoSuchArea(Exception):  # noqa: N818
    """There is no file for that area."""


@dataclass(frozen=True, slots=True)
class Area:
    """What an office watches. Codes only; names are in the places table."""

    code: str
    origins: tuple[str, ...]
    """Countries whose people are followed (ISO3)."""
    hosts: tuple[str, ...]
    """Countries of asylum to ask for, nearest first (ISO3)."""
    core: tuple[str, ...]
    """Admin 1 codes shown down to sub-district."""
    around: tuple[str, ...]
    """Admin 1 codes of origin and border governorates, shown at admin 1."""
    border: tuple[str, ...]
    """Admin 1 codes of the provinces across the border."""
    behind: tuple[str, ...]
    """Admin 1 codes of the large host provinces behind them."""
    regions: tuple[str, ...]
    """Codes of regions without P-code that publishers report for the area."""
    bounds: tuple[float, float, float, float]
    """West, south, east, north of the first map view, degrees."""
    since: int
    """First year asked of annual sources."""
    boundaries: tuple[str, ...]
    """Countries whose official boundaries are fetched (ISO3)."""

    @property
    def countries(self) -> tuple[str, ...]:
        """Every country the area speaks of."""
        return tuple(dict.fromkeys((*self.origins, *self.hosts)))


def names() -> list[str]:
    """The areas there is a file for."""
    return sorted(path.stem for path in AREAS.glob("*.toml"))


@cache
def load(code: str) -> Area:
    """The area `code`.

    Raises:
        NoSuchArea: No file of that name.
    """
    path = AREAS / f"{code}.toml"
    if not path.is_file():
        raise NoSuchArea(
            f"There is no area {code!r}; set NUZUH_AREA to one of: {', '.join(names())}."
        )
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
    return Area(code=code, **fields)
