"""The headline numbers of the first page: which figure answers, and what came before it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd

from data.analysis.series import CURRENT, ordered, same_series

_DEMOGRAPHICS: Final = "unhcr_demographics"


@dataclass(frozen=True)
class Series:
    """Which figures belong to a series; a field that is None asks nothing."""

    source: str
    measure: str
    population_group: str
    place_code: str
    publisher: str | None = None
    dataset: str | None = None
    unit: str = "people"
    origin_code: str | None = None
    asylum_location_code: str | None = None
    cumulative_since: date | None = None

    def of(self, figures: pd.DataFrame) -> pd.DataFrame:
        """The figures of this series, without parts of the whole by gender, age or camp."""
        held = figures
        for name in self.__dataclass_fields__:
            asked = getattr(self, name)
            if asked is not None:
                asked = pd.Timestamp(asked) if name == "cumulative_since" else asked
                held = held[held[name].eq(asked).fillna(False)]
        whole = held["gender"].eq("all") & held["age_range"].eq("all") & held["value"].notna()
        partial = held["caveat"].fillna("").str.contains(r"\b(?:sites_only|subset)\b")
        return held[whole & ~partial]


@dataclass(frozen=True)
class Headline:
    """One number of the Situation page: the newest of several series, the first where equal."""

    name: str
    series: tuple[Series, ...]


_CARRIED: Final = "published_figures"


HEADLINES: Final = (
    Headline("idp_idleb", (Series(_DEMOGRAPHICS, "stock", "IDP", "SY07"),)),
    Headline("idp_aleppo", (Series(_DEMOGRAPHICS, "stock", "IDP", "SY02"),)),
    Headline(
        "syrians_turkiye",
        (
            Series("unhcr_population", "stock", "REF", "TUR", origin_code="SYR"),
            Series(
                _CARRIED,
                "stock",
                "REF",
                "TUR",
                publisher="PMM",
                dataset="Registered Syrians",
                origin_code="SYR",
            ),
            Series(_CARRIED, "stock", "REF", "TUR", publisher="UNHCR", origin_code="SYR"),
        ),
    ),
    Headline(
        "returned_from_abroad",
        (
            Series(
                _CARRIED,
                "cumulative",
                "RET",
                "SYR",
                publisher="UNHCR",
                asylum_location_code="ALL",
                cumulative_since=date(2024, 12, 8),
            ),
        ),
    ),
    Headline(
        "moved_inside",
        (
            Series(
                _CARRIED,
                "cumulative",
                "RDP",
                "SYR",
                publisher="UNHCR",
                cumulative_since=date(2024, 12, 8),
            ),
            Series(_CARRIED, "cumulative", "NEWDISP", "X-SYR-NW", publisher="OCHA"),
            Series(_CARRIED, "cumulative", "NEWDISP", "SYR", publisher="OCHA"),
        ),
    ),
)
"""The five numbers of the first page. A rule, not a choice by hand: the newest as_of known wins."""


@dataclass(frozen=True)
class Picked:
    """A headline's figure with its history.

    Attributes:
        figure: The newest figure; None where nothing is known.
        before: The figure of the same series before it; None where it is the first.
        line: Every figure of that series up to it, oldest first: columns of `tables.FIGURES`.
    """

    name: str
    figure: dict[str, Any] | None
    before: dict[str, Any] | None
    line: pd.DataFrame


def pick(headline: Headline, figures: pd.DataFrame, day: date) -> Picked:
    """The newest figure of a headline among those known, unless it is too old to be "now".

    Args:
        headline: The series to choose from.
        figures: The figures as known on the day that is shown.
        day: The day that is shown.
    """
    newest: pd.DataFrame | None = None
    for series in headline.series:
        line = ordered(series.of(figures))
        if line.empty:
            continue
        # One definition may hold several series (other windows); keep the newest one's.
        line = same_series(line, line.iloc[-1])
        if newest is None or line["as_of"].iloc[-1] > newest["as_of"].iloc[-1]:
            newest = line
    if newest is None or newest["as_of"].iloc[-1] < pd.Timestamp(day) - CURRENT:
        return Picked(headline.name, None, None, figures.iloc[0:0])
    rows = newest.to_dict("records")
    earlier = [row for row in rows[:-1] if row["as_of"] < rows[-1]["as_of"]]
    return Picked(headline.name, rows[-1], earlier[-1] if earlier else None, newest)
