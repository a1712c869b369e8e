"""Written cases of published figures that contradict one another, with their reasons."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import pandas as pd

from data.analysis.rows import as_records
from data.analysis.series import ordered, same_series

FILE: Final = Path(__file__).resolve().parents[1] / "reference" / "reconciliations.toml"


NOTED: Final = date(2026, 11, 23)
"""Day from which a citation without a date is known: when it was noted."""


REPORTS: Final = "published_figures"
"""The source of figures read in situation reports and the press."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Who documents a case, where, and on which day (None where it is not known)."""

    publisher: str
    address: str
    published_on: date | None = None

    @property
    def known_from(self) -> date:
        """The day from which it was there to be read."""
        return self.published_on or NOTED


@dataclass(frozen=True)
class Case:
    """A known contradiction: its figures by name, and the reasons for each pair.

    Attributes:
        figures: Columns of `tables.FIGURES` that pick one figure, and the value meant.
        gaps: Pairs of names, with codes of reasons.
        parts: Names of totals, each with the sum of the parts that were published with it.
    """

    code: str
    places: tuple[str, ...]
    groups: tuple[str, ...]
    first: date
    last: date
    on: date
    figures: Mapping[str, Mapping[str, Any]]
    gaps: tuple[tuple[tuple[str, str], tuple[str, ...]], ...]
    parts: tuple[tuple[str, int, tuple[str, ...]], ...]
    citations: tuple[Citation, ...]

    def about(self, place: str, group: str, on: date) -> bool:
        """Whether it concerns a place, group and day."""
        return place in self.places and group in self.groups and self.first <= on <= self.last

    def known(self, day: date | None) -> tuple[Citation, ...]:
        """The citations that could be read on a day; all of them for None."""
        return tuple(c for c in self.citations if day is None or c.known_from <= day)


@cache
def cases() -> tuple[Case, ...]:
    """The carried cases, oldest first."""
    held = tomllib.loads(FILE.read_text(encoding="utf-8"))["case"]
    found = [
        Case(
            code=case["code"],
            places=tuple(case["places"]),
            groups=tuple(case["groups"]),
            first=case["from"],
            last=case["to"],
            on=case["on"],
            figures=case["figures"],
            gaps=tuple((tuple(g["between"]), tuple(g["reasons"])) for g in case["gaps"]),
            parts=tuple((p["of"], p["sum"], tuple(p["reasons"])) for p in case.get("parts", ())),
            citations=tuple(
                Citation(c["publisher"], c["address"], c.get("date")) for c in case["citations"]
            ),
        )
        for case in held
    ]
    return tuple(sorted(found, key=lambda case: (case.on, case.code)))


def places_of(place: str, group: str, on: date) -> tuple[str, ...]:
    """The place, and the other places of which the cases that concern it have figures."""
    codes = [place]
    for case in cases():
        if case.about(place, group, on):
            codes += case.places
            codes += [
                figure["place_code"] for figure in case.figures.values() if "place_code" in figure
            ]
    return tuple(dict.fromkeys(codes))


def picked_by(case: Case, figures: pd.DataFrame) -> dict[str, "pd.Series[Any]"]:
    """The figures of a case among those known, by its own names; those not known are left out."""
    found = {}
    for name, asked in case.figures.items():
        fits = figures["value"].notna()
        for column, value in asked.items():
            if column != "value":
                fits &= _equal(figures[column], value)
        rows = figures[fits]
        if len(rows) > 1:
            # Another dataset of the same body: the one that the case speaks of is meant.
            rows = rows[rows["value"].eq(asked["value"])]
        if len(rows):
            found[name] = rows.iloc[0]
    return found


def story(figure: Mapping[str, Any], figures: pd.DataFrame) -> pd.DataFrame:
    """The figures that tell one story with a figure; each stays a number of its own.

    These are the situation reports of its series, and the figures of the cases that name it.

    Args:
        figure: A row of `tables.FIGURES`.
        figures: What is known, with the figures of `story_places`.

    Returns:
        Rows of `tables.FIGURES`, the figure among them, oldest day first; none where it stands
        alone.
    """
    parts = []
    if figure["source"] == REPORTS:
        parts.append(same_series(figures, pd.Series(dict(figure))))
    for case in cases():
        rows = picked_by(case, figures)
        if str(figure["figure_id"]) in {str(row["figure_id"]) for row in rows.values()}:
            parts.append(pd.DataFrame(list(rows.values())))
    if not parts:
        return figures.iloc[0:0]
    used = pd.concat(parts).drop_duplicates("figure_id")
    return ordered(used) if len(used) > 1 else figures.iloc[0:0]


def documented(figure: Mapping[str, Any], figures: pd.DataFrame) -> list[Mapping[str, Any]]:
    """The other figures of the written cases of contradiction that name a figure.

    Args:
        figure: A row.
        figures: What is known of the places of those cases (`story_places`).
    """
    found: dict[str, Mapping[str, Any]] = {}
    for case in cases():
        picked = picked_by(case, figures)
        ids = {str(row["figure_id"]) for row in picked.values()}
        if str(figure["figure_id"]) in ids:
            listed = pd.DataFrame(list(picked.values()))
            found |= {str(row["figure_id"]): row for row in as_records(listed)}
    found.pop(str(figure["figure_id"]), None)
    return list(found.values())


def story_places(figure: Mapping[str, Any]) -> tuple[str, ...]:
    """The places whose figures `story` needs."""
    codes = [str(figure["place_code"])]
    for case in cases():
        named = [dict(f) for f in case.figures.values()]
        if int(figure["value"] if pd.notna(figure["value"]) else -1) in {f["value"] for f in named}:
            codes += [*case.places, *(f["place_code"] for f in named if "place_code" in f)]
    return tuple(dict.fromkeys(codes))


def _equal(column: "pd.Series[Any]", value: Any) -> "pd.Series[bool]":
    if value == "":
        return column.isna()
    asked = pd.Timestamp(value) if isinstance(value, date) else value
    return column.eq(asked).fillna(False)
