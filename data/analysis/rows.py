"""Figures as plain rows, for judgements that look at a few at a time."""

from collections.abc import Mapping
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

import pyarrow

from data.analysis.cells import day_of, none
from data.schema.arrow_rows import without_zone

if TYPE_CHECKING:
    import pandas as pd

DAYS: Final = (
    "reference_period_start",
    "reference_period_end",
    "cumulative_since",
    "as_of",
    "published_on",
    "known_from",
)


def as_records(figures: "pd.DataFrame | pyarrow.Table") -> list[Mapping[str, Any]]:
    """Rows of `tables.FIGURES` as dictionaries: days as dates, null as None.

    `known_from` of a figure whose publisher does not say when it published is the day it was
    noted, and says nothing of when it could be known.
    """
    of_arrow = isinstance(figures, pyarrow.Table)
    names = figures.column_names if of_arrow else list(figures.columns)
    columns = [_of_arrow(figures[n]) if of_arrow else _of_frame(figures[n]) for n in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _of_arrow(values: pyarrow.ChunkedArray) -> list[Any]:
    if not pyarrow.types.is_timestamp(values.type):
        return list(values.to_pylist())
    moments = without_zone(values).to_pylist()
    return [moment and moment.replace(tzinfo=UTC) for moment in moments]


def _of_frame(column: "pd.Series[Any]") -> list[Any]:
    # Python's own numbers: JSON knows no other.
    values = map(none, column.astype(object).tolist())
    return [v and day_of(v) for v in values] if column.name in DAYS else list(values)
