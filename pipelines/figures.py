"""The figures that a reader found, as columns: what all of them say is said once."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

import pyarrow as arrow

from data.schema.tables import FIGURES


def table_of(*rows: Sequence[Mapping[str, object]], **columns: object) -> arrow.Table:
    """Figures in the columns and types of `tables.FIGURES`; a column that nobody gave is null.

    Args:
        rows: For each figure a mapping of some of its columns, such as those of its place, of its
            file (`provenance_of`) or of all that is its own. Where several give a column, the last
            counts that is not null, and all of them go before `columns`.
        columns: A list with a value for each figure, or one value for all of them. At least one
            list or one sequence of `rows` says how many there are.

    Raises:
        ContractBroken: A column is unknown, or a value does not fit its type.
    """
    size = len(next(v for v in (*rows, *columns.values()) if isinstance(v, list)))
    given = {name: [v if isinstance(v, list) else [v]] for name, v in columns.items()}
    for mappings in rows:
        for name in frozenset[str]().union(*mappings):
            given.setdefault(name, []).append([row.get(name) for row in mappings])
    return FIGURES.of_columns(given, size)


@lru_cache(10_000)
def on_day(day: date) -> Mapping[str, object]:
    """The period columns of what was counted on one day."""
    return {"reference_period_start": day, "reference_period_end": day, "as_of": day}
