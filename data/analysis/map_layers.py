"""What may stand on one map, and the times it may be shown at. Nothing here adds figures up."""

from datetime import date
from typing import Final

import pandas as pd

from data.analysis.series import CURRENT, PLACELESS, abreast, in_series, newest_by_place, weight

_DEMOGRAPHICS: Final = "unhcr_demographics"


def overview(figures: pd.DataFrame, day: date) -> pd.DataFrame:
    """People at a date on both sides of the border: the first map, largest first.

    IDPs by governorate from one source and Syrians by province from another: all of them people
    at a date, so circles compare; they are never added.

    Args:
        figures: Those of the places in sight.
        day: The day that is shown; people counted more than two years before it are left out.
    """
    at = figures[
        figures["as_of"].ge(pd.Timestamp(day) - CURRENT)
        & figures["measure"].eq("stock")
        & figures["unit"].eq("people")
        & figures["admin_level"].eq(1).fillna(False)
    ]
    idps = at["source"].eq(_DEMOGRAPHICS) & at["location_code"].eq("SYR")
    hosts = at["population_group"].eq("REF") & at["location_code"].eq("TUR")
    return abreast(newest_by_place(at[(idps & at["population_group"].eq("IDP")) | hosts]))


def layers(figures: pd.DataFrame) -> list[pd.DataFrame]:
    """Figures split into what may stand on one map, people at a date first.

    Figures by origin inside the country are left out: a place has one circle for one count. So are
    single displacements, which are no count of a place.
    """
    figures = in_series(figures)
    inside = figures["origin_code"].notna() & figures["location_code"].eq(
        figures["origin_location_code"]
    )
    whole = figures["gender"].eq("all") & figures["age_range"].eq("all")
    usable = figures[(~inside | figures["population_group"].eq("RET")) & whole]
    parts = [part for _, part in usable.groupby(list(PLACELESS), dropna=False, sort=False)]
    return sorted(parts, key=lambda p: (*weight(p)[:2], layer_id(p)))


def layer_id(layer: pd.DataFrame) -> str:
    """A short name for an address: what the layer's figures share, in codes."""
    first = layer.iloc[0]
    names = (
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
    parts = []
    for name in names:
        value = first[name]
        if pd.notna(value) and (name, value) != ("population_status", "all"):
            parts.append(str(value.date()) if name == "cumulative_since" else str(value))
    return "~".join(part.replace(" ", "_") for part in parts)


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
