"""Places by code, their names in three languages, and the one way from a printed name to a code.

A name that has no code fails by name; nothing is ever matched by likeness.
"""

import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd

from data.schema.tables import PLACES

REFERENCE: Final = Path(__file__).resolve().parents[1] / "reference" / "places"
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
def table() -> pd.DataFrame:
    """The carried places, in the columns of `tables.PLACES`."""
    frames = [pd.read_csv(path, dtype="string") for path in sorted(REFERENCE.glob("places_*.csv"))]
    return PLACES.conform(pd.concat(frames, ignore_index=True))


@cache
def _aliases() -> dict[tuple[str, str], set[str]]:
    """(kind, name in lower case) to codes: every name of the places, outranked by the aliases."""
    names: dict[tuple[str, str], set[str]] = {}
    for row in table().itertuples(index=False):
        for name in (row.place_code, row.name_en, row.name_ar, row.name_tr):
            if pd.notna(name):
                names.setdefault((row.kind, _folded(name)), set()).add(row.place_code)
    written = pd.read_csv(REFERENCE / "aliases.csv", dtype="string")
    names |= {
        (kind, _folded(name)): {code}
        for name, kind, code in zip(
            written["name"], written["kind"], written["place_code"], strict=True
        )
    }
    return names


def _folded(name: str) -> str:
    """Case and outer or doubled space do not make another place; every letter does."""
    return " ".join(str(name).split()).casefold()


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
    found = _aliases().get((kind, _folded(name)), set())
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


def called(name: str) -> dict[str, set[str]]:
    """Every place that a printed name can mean: kind to codes; empty where no table has it.

    For text that does not say of which kind a place is. Exact like `resolve`.
    """
    return _by_name().get(_folded(name), {})


@cache
def _by_code() -> dict[str, dict[str, object]]:
    return {
        str(row["place_code"]): {str(k): (None if pd.isna(v) else v) for k, v in row.items()}
        for row in table().to_dict("records")
    }


def within(bounds: tuple[float, float, float, float]) -> set[str]:
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


def known(code: str) -> bool:
    """Whether the carried tables have the code."""
    return code in _by_code()


def written(code: str) -> str | None:
    """The code that somebody typed, in whatever case; None where the tables have none such."""
    if known(code):
        return code
    return _by_folded().get(code.strip().casefold())


@cache
def _by_folded() -> dict[str, str]:
    return {code.casefold(): code for code in _by_code()}


def codes(code: str) -> dict[str, object]:
    """The place columns of a figure for one code.

    Returns:
        place_code, location_code, admin_level, admin1_code, admin2_code, admin3_code; the codes
        above the place's own level are filled in, those below are None.

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


def above(code: str) -> list[str]:
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


@cache
def region_parts() -> dict[str, frozenset[str]]:
    """The places that a region without exact borders is made of, as near as P-codes can say."""
    table = pd.read_csv(REFERENCE / "region_parts.csv", dtype="string")
    return {
        str(region): frozenset(rows["place_code"]) for region, rows in table.groupby("region_code")
    }


FEWEST: Final = 2
"""Letters below which a search finds nothing: it would find everything."""
_GONE: Final = dict.fromkeys(map(ord, "'’‘`´ʿʾʼ\u0640\u200c\u200d\u200e\u200f"))
_ALIKE: Final = str.maketrans(
    {"ı": "i", "ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك", "-": " ", "_": " "}
)


def search(text: str, limit: int = 20) -> list[str]:
    """Codes of the places that bear a name like the text, best first.

    For people who look for a page, never for joining figures. A name matches from its start, from
    the start of one of its words, or inside; letters count without marks and case, so Idleb,
    İdlib, Şanlıurfa and Sanliurfa, أعزاز and اعزاز are found however they are typed.

    Args:
        text: A name, a part of one, or the start of a code, in Latin or Arabic letters.
        limit: The most to give.
    """
    asked = plain(text)
    if len(asked) < FEWEST:
        return []
    ranked = []
    for order, (code, names) in enumerate(_searched()):
        rank = min((_rank(asked, name) for name in names), default=_NO_MATCH)
        if rank < _NO_MATCH:
            ranked.append((rank, order, code))
    return [code for _, _, code in sorted(ranked)[:limit]]


def plain(text: str) -> str:
    """A name as `search` compares it: without marks, apostrophes, case and doubled space."""
    folded = unicodedata.normalize("NFKC", str(text)).casefold()
    decomposed = unicodedata.normalize("NFKD", folded).translate(_GONE)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(bare.translate(_ALIKE).split())


_NO_MATCH: Final = 9


def _rank(asked: str, name: str) -> int:
    if name == asked:
        return 0
    if name.startswith(asked):
        return 1
    if f" {asked}" in f" {name}" or f" ال{asked}" in f" {name}":
        return 2
    return 3 if asked in name else _NO_MATCH


@cache
def _searched() -> tuple[tuple[str, frozenset[str]], ...]:
    """Every place with its names, from countries down; regions stand with governorates."""
    aliases: dict[str, set[str]] = {}
    for (_, name), found in _aliases().items():
        for code in found:
            aliases.setdefault(code, set()).add(name)
    rows = sorted(
        _by_code().items(),
        key=lambda item: 1 if item[1]["kind"] == "region" else LEVELS.get(str(item[1]["kind"]), 9),
    )
    return tuple(
        (code, frozenset(plain(name) for name in aliases.get(code, {code}))) for code, _ in rows
    )
