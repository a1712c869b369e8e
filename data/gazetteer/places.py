"""Places by code, their names in three languages, and the one way from a printed name to a code.

A name that has no code fails by name; nothing is ever matched by likeness.
"""

import csv
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from data.schema.languages import LANGUAGES

if TYPE_CHECKING:
    import pandas as pd

REFERENCE: Final = Path(__file__).resolve().parents[1] / "reference" / "places"
INVISIBLE: Final = dict.fromkeys(
    [0xAD, 0x61C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)]
)
"""Marks that nobody sees: soft hyphens, joiners, and those of the writing direction."""
_ONE_I: Final = str.maketrans("İIı", "iii")
LEVELS: Final = {"country": 0, "admin1": 1, "admin2": 2, "admin3": 3}


class UnknownPlace(ValueError):  # noqa: N818
    """A printed name that the written tables do not know."""

    def __init__(self, name: str, kind: str | None) -> None:
        what = f" ({kind})" if kind else ""
        super().__init__(
            f"No code is written for the place {name!r}{what}; "
            "add it to data/reference/places/aliases.csv."
        )
        self.name = name


class AmbiguousPlace(UnknownPlace):
    """A printed name that several places of one level bear, and no alias says which."""

    def __init__(self, name: str, kind: str, codes: set[str]) -> None:
        ValueError.__init__(
            self,
            f"Several places ({kind}: {', '.join(sorted(codes))}) are called {name!r}; "
            "write the one that is meant into data/reference/places/aliases.csv.",
        )
        self.name = name


@cache
def table() -> "pd.DataFrame":
    """The carried places, in the columns of `tables.PLACES`."""
    # A command that only looks names up does without: pandas takes longer to load than it to run.
    import pandas

    from data.schema.tables import PLACES

    frames = [
        pandas.read_csv(path, dtype="string") for path in sorted(REFERENCE.glob("places_*.csv"))
    ]
    return PLACES.conform(pandas.concat(frames, ignore_index=True))


@cache
def rows() -> tuple[dict[str, object], ...]:
    """The carried places, one dictionary each in the columns of `tables.PLACES`, null as None."""
    found: list[dict[str, object]] = []
    for path in sorted(REFERENCE.glob("places_*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for read in csv.DictReader(file):
                row: dict[str, object] = {name: value or None for name, value in read.items()}
                row["admin_level"] = int(read["admin_level"]) if read["admin_level"] else None
                row |= {n: float(read[n]) if read[n] else None for n in ("lat", "lon")}
                found.append(row)
    return tuple(found)


@cache
def _aliases() -> dict[tuple[str, str], set[str]]:
    """(kind, name in lower case) to codes: every name of the places, outranked by the aliases."""
    names: dict[tuple[str, str], set[str]] = {}
    for row in rows():
        for column in ("place_code", *(f"name_{language}" for language in LANGUAGES)):
            if name := row.get(column):
                key = (str(row["kind"]), normalised_name(str(name)))
                names.setdefault(key, set()).add(str(row["place_code"]))
    with (REFERENCE / "aliases.csv").open(encoding="utf-8", newline="") as file:
        for alias in csv.DictReader(file):
            names[alias["kind"], normalised_name(alias["name"])] = {alias["place_code"]}
    return names


@cache
def with_seat() -> frozenset[str]:
    """Codes of the administrative units and countries that have a point on the map."""
    return frozenset(
        str(row["place_code"])
        for row in rows()
        if None not in (row["admin_level"], row["lat"], row["lon"])
    )


def normalised_name(name: str) -> str:
    """Case, space and marks that nobody sees do not make another place; every letter does.

    İ, I, ı and i are one letter: Turkish offices write ŞANLIURFA and GAZİANTEP in capitals, and
    which of the two i a capital stands for depends on the language of the name.
    """
    if name.isascii() and name.isprintable():
        return " ".join(name.lower().split())
    composed = unicodedata.normalize("NFC", str(name).translate(INVISIBLE))
    # A small letter of İ in other languages is an i with a dot of its own above.
    return " ".join(composed.translate(_ONE_I).casefold().replace("i\u0307", "i").split())


def resolve(name: str, kind: str, *, within: str | None = None) -> str:
    """The code of a printed name.

    Args:
        name: As the publisher prints it.
        kind: country, admin1, admin2, admin3 or region; names repeat across levels.
        within: P-code above it, where the publisher says it: of several that bear the name, the
            one that lies there is meant.

    Raises:
        UnknownPlace: No table has the name at that level.
        AmbiguousPlace: Several places have it there, and no alias says which is meant.
    """
    found = _aliases().get((kind, normalised_name(name)), set())
    if len(found) > 1 and within is not None:
        found = {code for code in found if code.startswith(within)} or found
    if len(found) > 1:
        raise AmbiguousPlace(name, kind, found)
    if not found:
        raise UnknownPlace(name, kind)
    return next(iter(found))


@cache
def _by_name() -> dict[str, dict[str, set[str]]]:
    found: dict[str, dict[str, set[str]]] = {}
    for (kind, name), codes in _aliases().items():
        found.setdefault(name, {})[kind] = codes
    return found


def meanings_of_name(name: str) -> dict[str, set[str]]:
    """Every place that a printed name can mean: kind to codes; empty where no table has it.

    For text that does not say of which kind a place is. Exact like `resolve`.
    """
    return _by_name().get(normalised_name(name), {})


@cache
def _by_code() -> dict[str, dict[str, object]]:
    return {str(row["place_code"]): row for row in rows()}


def codes_in_bounds(bounds: tuple[float, float, float, float]) -> set[str]:
    """Codes of the places whose seat lies inside west, south, east, north, degrees."""
    west, south, east, north = bounds
    placed = table()
    inside = placed["lon"].between(west, east) & placed["lat"].between(south, north)
    return set(placed.loc[inside.fillna(False), "place_code"])


def row(code: str) -> dict[str, object]:
    """A place's row of the table, null as None.

    Raises:
        UnknownPlace: The code is in no table.
    """
    found = _by_code().get(code)
    if found is None:
        raise UnknownPlace(code, "code")
    return found


def is_known_code(code: str) -> bool:
    """Whether the carried tables have the code."""
    return code in _by_code()


def written(code: str) -> str | None:
    """The code that somebody typed, in whatever case; None where the tables have none such."""
    if is_known_code(code):
        return code
    return _by_folded().get(code.strip().casefold())


@cache
def _by_folded() -> dict[str, str]:
    return {code.casefold(): code for code in _by_code()}


@cache
def codes(code: str) -> Mapping[str, object]:
    """The place columns of a figure for one code.

    Returns:
        place_code, location_code, admin_level, admin1_code, admin2_code, admin3_code; the codes
        above the place's own level are filled in, those below are None. The same object whenever
        it is asked for.

    Raises:
        UnknownPlace: The code is in no table.
    """
    place = _by_code().get(code)
    if place is None:
        raise UnknownPlace(code, "code")
    level = LEVELS.get(str(place["kind"]))
    found: dict[str, object] = {f"admin{n}_code": None for n in (1, 2, 3)}
    at: dict[str, object] | None = place
    while at is not None and (LEVELS.get(str(at["kind"])) or 0) > 0:
        found[f"admin{LEVELS[str(at['kind'])]}_code"] = at["place_code"]
        at = _by_code().get(str(at["parent_code"]))
    return {
        "place_code": code,
        "location_code": place["location_code"],
        "admin_level": level,
        **found,
    }


def level(code: str) -> int | None:
    """The administrative level of a place; None for one without, and for a code that is unknown."""
    found = codes(code)["admin_level"] if is_known_code(code) else None
    return found if isinstance(found, int) else None


def ancestors(code: str) -> list[str]:
    """Codes that a place lies in, the nearest first, its country last; empty for a country."""
    found: list[str] = []
    at = _by_code().get(code)
    while at is not None:
        parent = at["parent_code"] or at["location_code"]
        if parent is None or parent == at["place_code"] or parent in found:
            break
        found.append(str(parent))
        at = _by_code().get(str(parent))
    return found


def sub_areas(code: str) -> list[str]:
    """The places of the next level that figures speak of within a place."""
    below = table()[table()["parent_code"].eq(code).fillna(False)]
    listed: list[str] = below["place_code"].tolist()
    if below["kind"].eq("admin2").all() and len(below):
        # Districts are a step that figures skip: go on to the sub-districts.
        under = table()[table()["parent_code"].isin(listed)]
        listed = under["place_code"].tolist() or listed
    return listed


@cache
def region_parts() -> dict[str, frozenset[str]]:
    """The places that a region without exact borders is made of, as near as P-codes can say."""
    found: dict[str, set[str]] = {}
    with (REFERENCE / "region_parts.csv").open(encoding="utf-8", newline="") as file:
        for part in csv.DictReader(file):
            found.setdefault(part["region_code"], set()).add(part["place_code"])
    return {region: frozenset(parts) for region, parts in found.items()}


def printed() -> list[tuple[str, str]]:
    """Code and name of every name that `resolve` knows."""
    return [(code, name) for (_, name), found in _aliases().items() for code in sorted(found)]
