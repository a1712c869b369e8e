"""Which of its publisher's own footnotes are about a figure."""

import re
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

SPAN: Final = re.compile(r"\b((?:19|20)\d\d)\b(?:\s*[-–]\s*((?:19|20)\d\d)\b)?")
LIKE: Final = {"REF": {"REF", "ROC"}, "IDP": {"IDP", "IOC"}}
"""Groups that publishers print apart and that one of ours holds together."""


def about(
    figure: Mapping[str, Any], footnotes: pd.DataFrame, register: pd.DataFrame
) -> pd.DataFrame:
    """The footnotes that a publisher attached to what a figure counts, where and when.

    Args:
        figure: A row of `tables.FIGURES`.
        footnotes: Columns of `tables.CAVEATS`; a null in one of them means that all are meant.
        register: Columns of `tables.SOURCES`; says whose footnotes they are.

    Returns:
        Rows of `footnotes`, those about the figure's own country and origin first.
    """
    own = register.loc[register["publisher"].eq(figure["publisher"]), "source"]
    kept = footnotes[footnotes["source"].isin(own)].reset_index(drop=True)
    there = figure["asylum_location_code"]
    country = figure["location_code"] if pd.isna(there) or there == "ALL" else there
    groups = LIKE.get(figure["population_group"], {figure["population_group"]})
    years = range(figure["reference_period_start"].year, figure["reference_period_end"].year + 1)
    meant = _is(kept["location_code"], country)
    meant &= _is(kept["origin_location_code"], figure["origin_location_code"])
    meant &= np.array([_names(codes, groups) for codes in kept["population_group"]], dtype=bool)
    meant &= np.array([_covers(covered, years) for covered in kept["years"]], dtype=bool)
    found = kept[meant]
    own_place = found["location_code"].isna().astype(int) + found["origin_location_code"].isna()
    order = own_place.sort_values(kind="stable").index
    return found.loc[order]


def _is(column: "pd.Series[Any]", code: Any) -> "pd.Series[bool]":
    """Where a footnote names this code, or none."""
    named = column.eq(code).fillna(False) if pd.notna(code) else False
    return (column.isna() | named).astype(bool)


def _names(codes: Any, groups: set[str]) -> bool:
    return pd.isna(codes) or bool(groups & set(str(codes).split()))


def _covers(covered: Any, years: range) -> bool:
    """Whether the years of a footnote, as printed, meet a period; no year means every year."""
    if pd.isna(covered):
        return True
    spans = [(int(first), int(last or first)) for first, last in SPAN.findall(str(covered))]
    return not spans or any(first <= y <= last for first, last in spans for y in years)
