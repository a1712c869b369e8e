"""What may be asked of the figures: the names of `nuzuh figures`, and HAPI's where it has one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, Final, Literal

from starlette.datastructures import QueryParams

from api.problems import Problem
from data.gazetteer import places
from data.schema import codes
from data.schema.languages import LANGUAGES
from data.store import FigureFilter

Kind = Literal["code", "text", "day", "flag", "number"]
OPEN: Final = "open"
MOST: Final = 100_000
"""Rows of one page, where pages are asked for."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an address.

    Attributes:
        name: As it stands in the address.
        kind: What its value is.
        meaning: For readers of the documentation.
        field: The field of `FigureFilter` that it fills; empty where it fills none.
        also: HAPI's names for the same.
        allowed: The values it may have; empty for any.
        example: One value.
        repeatable: Whether several values mean any of them.
    """

    name: str
    kind: Kind
    meaning: str
    field: str = ""
    also: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    example: str = ""
    repeatable: bool = False


PLACE: Final = Parameter(
    "place",
    "code",
    "A place's own figures: ISO3, P-code or X- code; an ISO3 also finds its country of asylum.",
    "place",
    example="SY07",
    repeatable=True,
)
AS_KNOWN_ON: Final = Parameter(
    "as_known_on",
    "day",
    "Only what was published up to that day, in the version of that day.",
    "as_known_on",
    example="2020-02-11",
)
UNDATED: Final = Parameter(
    "undated", "flag", "On a past day also figures without a known publication date."
)
RELEASE: Final = Parameter(
    "release", "text", "A release of this store: its answer never changes and may be kept."
)
LANGUAGE: Final = Parameter(
    "lang", "text", "The language of sentences.", allowed=tuple(LANGUAGES), example="en"
)
FORMAT: Final = Parameter(
    "format",
    "text",
    "The file's format.",
    also=("output_format",),
    allowed=("csv", "json", "geojson", "xlsx", "parquet", "arrow"),
    example="json",
)
FIGURES: Final = (
    PLACE,
    Parameter(
        "within",
        "code",
        "The place and all its parts.",
        "within",
        ("location_code", "admin1_code", "admin2_code", "admin3_code"),
        example="SY07",
        repeatable=True,
    ),
    Parameter(
        "group",
        "text",
        "Population group.",
        "group",
        ("population_group",),
        tuple(codes.POPULATION_GROUPS),
        "IDP",
        repeatable=True,
    ),
    Parameter(
        "measure",
        "text",
        "Kind of count.",
        "measure",
        allowed=tuple(codes.MEASURES),
        example="stock",
        repeatable=True,
    ),
    Parameter(
        "unit",
        "text",
        "What is counted.",
        "unit",
        allowed=tuple(codes.UNITS),
        example="people",
        repeatable=True,
    ),
    Parameter("source", "text", "Code of a source.", "source", repeatable=True),
    Parameter(
        "origin",
        "code",
        "Where people came from.",
        "origin",
        ("origin_location_code",),
        example="SYR",
        repeatable=True,
    ),
    Parameter(
        "asylum",
        "code",
        "Country of asylum.",
        "asylum",
        ("asylum_location_code",),
        example="TUR",
        repeatable=True,
    ),
    Parameter("figure_id", "text", "One figure, by its id.", "figure_id", repeatable=True),
    Parameter(
        "admin_level",
        "number",
        "0 country, 1 governorate or province, 2 district, 3 sub-district.",
        "admin_level",
        allowed=("0", "1", "2", "3"),
        example="3",
        repeatable=True,
    ),
    Parameter(
        "from", "day", "First reference date.", "since", ("start_date",), example="2025-01-01"
    ),
    Parameter("to", "day", "Last reference date.", "until", ("end_date",), example="2025-12-31"),
    AS_KNOWN_ON,
    UNDATED,
    Parameter(
        "every_route",
        "flag",
        "Also what another source of the same collection says; else each number stands once.",
    ),
    Parameter(
        "licence",
        "text",
        "`open` leaves out rows whose licence forbids commercial use or changes.",
        allowed=(OPEN,),
    ),
    RELEASE,
    FORMAT,
    Parameter("limit", "number", f"Rows of a page, at most {MOST:,}; everything without."),
    Parameter("cursor", "text", "Where the page before ended, as its `Link` header gives it."),
)


@dataclass(frozen=True, slots=True)
class Question:
    """What an address asks.

    Attributes:
        wanted: Which figures.
        given: Every value by the parameter's name, as text.
    """

    wanted: FigureFilter
    given: Mapping[str, tuple[str, ...]]

    def one(self, name: str, otherwise: str = "") -> str:
        """The value of a parameter that has one."""
        return self.given.get(name, (otherwise,))[0]

    def flag(self, name: str) -> bool:
        """Whether a switch is on."""
        return self.one(name) in ("true", "1", "yes")

    @property
    def canonical(self) -> str:
        """The same question always as the same text."""
        return "&".join(f"{k}={','.join(sorted(v))}" for k, v in sorted(self.given.items()))


def read(query: QueryParams, allowed: Sequence[Parameter]) -> Question:
    """The question of an address.

    Raises:
        Problem: An unknown name, an unknown value, or a name given twice that takes one value.
    """
    by_name = {name: p for p in allowed for name in (p.name, *p.also)}
    given: dict[str, tuple[str, ...]] = {}
    for name in query:
        if name not in by_name:
            raise Problem(400, _unknown(name, list(by_name)))
        parameter = by_name[name]
        values = [v for whole in query.getlist(name) for v in whole.split(",") if v]
        if not values:
            continue
        had = given.get(parameter.name, ())
        if not parameter.repeatable and len(values) + len(had) > 1:
            raise Problem(400, f"{name} takes one value; give it once.")
        given[parameter.name] = (*had, *(_value(parameter, v) for v in values))
    fields = {p.field: _typed(p, given[p.name]) for p in allowed if p.field and p.name in given}
    return Question(FigureFilter(**fields), given)


def _value(parameter: Parameter, text: str) -> str:
    if parameter.kind == "code":
        code = text.strip().upper()
        if not places.is_known_code(code):
            raise Problem(400, f"There is no place {text!r}; places go by code, as SY07 or TUR.")
        return code
    if parameter.kind == "day":
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            raise Problem(400, f"{parameter.name} is a day as 2025-12-31, not {text!r}.") from None
    if parameter.kind == "number" and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Problem(400, f"{parameter.name} is a whole number, not {text!r}.")
    if parameter.allowed and text not in parameter.allowed:
        named = ", ".join(parameter.allowed)
        raise Problem(400, f"{parameter.name} is one of {named}, not {text!r}.")
    return text


def _typed(parameter: Parameter, values: tuple[str, ...]) -> Any:
    if parameter.kind == "day":
        return date.fromisoformat(values[0])
    return tuple(map(int, values)) if parameter.kind == "number" else values


def _unknown(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, 1)
    meant = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}."
    return f"There is no parameter {name!r} here{meant}"
