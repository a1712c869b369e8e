"""The area of interest: a file, so that a second area is a second file and no code."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from data.gazetteer import places
from data.schema.codes import ALL_COUNTRIES
from data.schema.languages import LANGUAGES

AREAS: Final = Path(__file__).resolve().parents[1] / "reference" / "areas"
ANYONE: Final = "*"
"""In a question's publishers: whoever is not named, after those who are."""
Asks = Literal["displaced", "hosted", "returned", "returned_inside", "newly_displaced"]
ASKS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "displaced": (("IDP",), ("stock",)),
    "hosted": (("REF",), ("stock",)),
    "returned": (("RET",), ("cumulative", "stock")),
    "returned_inside": (("RDP",), ("cumulative", "stock")),
    "newly_displaced": (("NEWDISP",), ("cumulative", "flow")),
}
"""What a question may ask: the population groups and the kinds of count that answer it."""
OLDEST_DAYS: Final = 731
MOST: Final = 2
"""Places and countries that an area whose file asks nothing is asked about."""


class NoSuchArea(Exception):  # noqa: N818
    """There is no file for that area, or it cannot be used."""


@dataclass(frozen=True, slots=True)
class Question:
    """What one headline of the first page asks, and who may answer it.

    Attributes:
        code: Its name, unique in the area.
        asks: The kind of question; the words of its title are `question.<asks>` of the catalogues.
        places: Codes of the places that an answer may be about, the preferred first.
        groups: Population groups that may answer.
        measures: Kinds of count that may answer.
        units: Units that may answer.
        origin: Country whose people are counted; None where it is not asked.
        asylum: Country from which people returned, ALL for every one; None where it is not asked.
        since: First and last day on which a cumulative count may begin; None for any.
        publishers: Whose figures are comparable here, the first authority first. `ANYONE` stands
            for all who are not named; a publisher who may not answer stands beside the answer.
        order: What decides between two answers, the first thing first.
        oldest_days: What is older than this on the day that is shown answers nothing.
        one_count: Groups of publishers who pass one count on: two of them are no two opinions.
        title: A title of its own by language, in all of them; empty for the catalogue's.
    """

    code: str
    asks: Asks
    places: tuple[str, ...]
    groups: tuple[str, ...]
    measures: tuple[str, ...]
    units: tuple[str, ...] = ("people",)
    origin: str | None = None
    asylum: str | None = None
    since: tuple[date, date] | None = None
    publishers: tuple[str, ...] = (ANYONE,)
    order: tuple[str, ...] = ("newness", "authority")
    oldest_days: int = OLDEST_DAYS
    one_count: tuple[tuple[str, ...], ...] = ()
    title: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class MapLayer:
    """One series of the first page's map: people at a date, by governorate or province.

    Attributes:
        group: Population group.
        countries: Countries whose places are drawn.
        origin: Country whose people are counted; None where it is not asked.
        mixed: Whether each place shows its own newest figure, whoever published it. Otherwise the
            layer is one series: the newest that shows at least half of what the best one shows.
    """

    group: str
    countries: tuple[str, ...]
    origin: str | None = None
    mixed: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """Running counts of returns that the page of the border shows together.

    Attributes:
        code: Its name, unique in the area.
        since: First and last day on which a count may begin.
        title: Heading by language.
        note: What a reader must know of them, by language.
    """

    code: str
    since: tuple[date, date]
    title: Mapping[str, str] = field(hash=False)
    note: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Area:
    """What an office watches. Codes only; names are in the places table."""

    code: str
    """What `load` takes: a name, or the path of a file of one's own."""
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
    name: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Its name by language; empty where the file gives none."""
    questions: tuple[Question, ...] = ()
    """What the first page answers."""
    map: tuple[MapLayer, ...] = ()
    """What the first page's map shows."""
    events: tuple[str, ...] = ()
    """Places whose events are its own; empty for all places that it names."""
    crossings: tuple[tuple[str, str], ...] = ()
    """Pairs of places on either side of the border whose crossings are its own; empty for all
    crossings between a place that it names within and one that it names across."""

    returns: tuple[Window, ...] = ()
    """Windows of running counts of returns; empty for one that holds them all."""

    @property
    def countries(self) -> tuple[str, ...]:
        """Every country the area speaks of."""
        return tuple(dict.fromkeys((*self.origins, *self.hosts)))

    @property
    def inside(self) -> tuple[str, ...]:
        """Places on this side of the border."""
        return (*self.core, *self.around)

    @property
    def places(self) -> tuple[str, ...]:
        """Every place that it names, nearest first; countries last."""
        named = (*self.core, *self.border, *self.regions, *self.around, *self.behind)
        return tuple(dict.fromkeys((*named, *self.countries)))

    @property
    def watched(self) -> tuple[str, ...]:
        """Places whose figures, with those of their parts, the first page follows."""
        return tuple(dict.fromkeys((*self.origins, *self.border, *self.behind, *self.hosts[:1])))

    def concerns(self, place: str, *, named: tuple[str, ...] = ()) -> bool:
        """Whether a place is one of the area's, lies in one, or is a country or region of one.

        Args:
            place: A code.
            named: The places to hold it against; the area's own where none are given.
        """
        mine = set(named or (*self.core, *self.border, *self.regions, *self.around, *self.behind))
        if place in mine or (not named and place in self.countries):
            return True
        if not places.is_known_code(place):
            return False
        codes = places.codes(place)
        return any(codes[f"admin{level}_code"] in mine for level in (1, 2, 3))

    def happened_here(self, place: str) -> bool:
        """Whether an event at a place is one of the area's."""
        return self.concerns(place, named=self.events)

    def joins(self, inside: str | None, across: str | None) -> bool:
        """Whether a crossing between two places is one of the area's; null is nowhere."""
        if self.crossings:
            return any(
                _within(inside, first) and _within(across, second)
                for first, second in self.crossings
            )
        mine = any(_within(inside, code) for code in self.inside)
        return mine and any(_within(across, code) for code in self.border)


def _within(place: str | None, whole: str) -> bool:
    """Whether a place is another or lies in it, as P-codes say."""
    return isinstance(place, str) and place.startswith(whole)


def names() -> list[str]:
    """The areas there is a file for."""
    return sorted(path.stem for path in AREAS.glob("*.toml"))


def load(code: str) -> Area:
    """The area `code`: one of the carried files, or the path of a file of one's own.

    Raises:
        NoSuchArea: No file of that name, or one that cannot be used; the message says why.
    """
    own = Path(code)
    if own.suffix == ".toml":
        if not own.is_file():
            raise NoSuchArea(f"There is no file {code!r}; set NUZUH_AREA to one that is there.")
        return _read(own, code, own.stat().st_mtime_ns)
    path = AREAS / f"{code}.toml"
    if not path.is_file():
        known = ", ".join(names())
        raise NoSuchArea(f"There is no area {code!r}; set NUZUH_AREA to one of: {known}.")
    return _read(path, code, path.stat().st_mtime_ns)


@cache
def _read(path: Path, code: str, _written: int) -> Area:
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
        return _area(code, given)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise NoSuchArea(f"The area's file {path.name} cannot be read ({problem}).") from None
    except (KeyError, TypeError, ValueError) as problem:
        why = str(problem).strip("'\"")
        raise NoSuchArea(f"The area's file {path.name} cannot be used: {why}.") from None


def _area(code: str, given: dict[str, Any]) -> Area:
    asked = given.pop("question", None)
    layers = given.pop("map", None)
    returns = tuple(map(_window, given.pop("returns", ())))
    name = _in_every_language(given.pop("name", {}), "name")
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
    fields["crossings"] = tuple(tuple(pair) for pair in fields.get("crossings", ()))
    for optional in ("core", "around", "border", "behind", "regions", "boundaries"):
        fields.setdefault(optional, ())
    area = Area(code=code, name=name, **fields)
    questions = _questions(area) if asked is None else tuple(map(_question, asked))
    codes = [question.code for question in questions]
    if len(set(codes)) != len(codes):
        raise ValueError(f"two questions have one code among {', '.join(codes)}")
    drawn = _layers(area) if layers is None else tuple(map(_layer, layers))
    return Area(code=code, name=name, **fields, questions=questions, map=drawn, returns=returns)


def _in_every_language(given: Mapping[str, str], what: str) -> Mapping[str, str]:
    """Words of an area's own, in all languages or none: a page never falls back to another."""
    if given and sorted(given) != sorted(LANGUAGES):
        raise ValueError(f"its {what} must be given as {', '.join(LANGUAGES)}")
    return dict(given)


def _question(given: dict[str, Any]) -> Question:
    asks = given["asks"]
    if asks not in ASKS:
        raise ValueError(f"a question asks {asks!r}; it may ask {', '.join(ASKS)}")
    groups, measures = ASKS[asks]
    fields: dict[str, Any] = {"groups": groups, "measures": measures}
    fields |= {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
    since = fields.get("since")
    if since is not None and not isinstance(since, tuple):
        fields["since"] = (since, since)
    unknown = set(fields.get("order", ())) - {"newness", "authority"}
    if unknown:
        raise ValueError(f"a question's order names {', '.join(sorted(unknown))}")
    fields["one_count"] = tuple(map(tuple, fields.get("one_count", ())))
    fields["title"] = _in_every_language(fields.get("title", {}), f"title of {given.get('code')}")
    return Question(**fields)


def _window(given: dict[str, Any]) -> Window:
    words = {
        name: _in_every_language(given[name], f"{name} of {given['code']}")
        for name in ("title", "note")
    }
    first, last = given["since"]
    return Window(given["code"], (first, last), **words)


def _layer(given: dict[str, Any]) -> MapLayer:
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
    return MapLayer(**fields)


def _questions(area: Area) -> tuple[Question, ...]:
    """What an area is asked whose file asks nothing: who is displaced, hosted, returned."""
    asked: list[tuple[Asks, str, str | None]] = []
    for place in area.core[:MOST] or area.origins[:MOST]:
        asked.append(("displaced", place, None))
    for origin in area.origins[:1]:
        asked += [("hosted", host, origin) for host in area.hosts[:MOST]]
        asked += [
            ("returned", origin, origin),
            ("returned_inside", origin, None),
            ("newly_displaced", origin, None),
        ]
    return tuple(
        Question(
            code=f"{asks}_{place}".lower().replace("-", "_"),
            asks=asks,
            places=(place, *area.regions) if asks == "newly_displaced" else (place,),
            groups=ASKS[asks][0],
            measures=ASKS[asks][1],
            origin=origin if asks == "hosted" else None,
            asylum=ALL_COUNTRIES if asks == "returned" else None,
        )
        for asks, place, origin in asked
    )


def _layers(area: Area) -> tuple[MapLayer, ...]:
    hosts = tuple(area.hosts)
    found = [MapLayer("IDP", area.origins)]
    if hosts and area.origins:
        found.append(MapLayer("REF", hosts, origin=area.origins[0], mixed=True))
    return tuple(found)
