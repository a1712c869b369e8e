"""Figures as plain rows, for judgements that look at a few at a time."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

DAYS: Final = (
    "reference_period_start",
    "reference_period_end",
    "cumulative_since",
    "as_of",
    "published_on",
    "known_from",
)


def as_records(figures: pd.DataFrame) -> list[Mapping[str, Any]]:
    """Rows of `tables.FIGURES` as dictionaries: days as dates, null as None.

    `known_from` of a figure whose publisher does not say when it published is the day it was
    noted, and says nothing of when it could be known.
    """
    columns = {}
    for name in figures.columns:
        column = figures[name]
        if name in DAYS:
            columns[name] = [None if pd.isna(v) else pd.Timestamp(v).date() for v in column]
        else:
            # Python's own numbers: JSON knows no other.
            columns[name] = [None if pd.isna(v) else v for v in column.astype(object).tolist()]
    names = list(columns)
    return [dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True)]
