"""Rows of a table of Arrow: none of them, their order, other values in some of their columns.

Arrow loads pandas before it takes a value of Python (a list, a number to compare with), and that is
a third of a second: what lies between the store and a few printed figures asks columns alone.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pyarrow
from pyarrow import compute

if TYPE_CHECKING:
    import pandas as pd


def none_of(schema: pyarrow.Schema) -> pyarrow.Table:
    """No rows in the columns of a schema."""
    return pyarrow.table([pyarrow.nulls(0, kind) for kind in schema.types], schema=schema)


def in_order(rows: pyarrow.Table, names: Sequence[str]) -> pyarrow.Table:
    """The rows sorted by columns, nulls last; rows that are equal there stay as they are."""
    if _is_in_order(rows, names):
        return rows
    order = compute.sort_indices(rows, sort_keys=[(name, "ascending") for name in names])
    return rows.take(order)


def with_columns(
    rows: pyarrow.Table, /, **columns: pyarrow.Array | pyarrow.ChunkedArray
) -> pyarrow.Table:
    """The rows with other values in some of their columns, which keep place and type."""
    for name, values in columns.items():
        at = rows.schema.get_field_index(name)
        rows = rows.set_column(at, rows.schema.field(at), values)
    return rows


def _is_in_order(rows: pyarrow.Table, names: Sequence[str]) -> bool:
    """Whether it is seen at once that no row has to move, which is cheaper than to move none."""
    tied: pyarrow.Array | None = None
    for name in names:
        values = whole(rows[name])
        if values.null_count:
            return False
        before, after = values.slice(0, max(len(values) - 1, 0)), values.slice(1)
        falls = compute.greater(before, after)
        if compute.any(falls if tied is None else compute.and_(tied, falls)).as_py():
            return False
        same = compute.equal(before, after)
        tied = same if tied is None else compute.and_(tied, same)
        if not compute.any(tied).as_py():
            return True
    return True


def without_zone(moments: pyarrow.ChunkedArray) -> pyarrow.ChunkedArray:
    """Moments of UTC that do not say so: to look the zone up, Arrow loads pandas."""
    return moments.cast(pyarrow.timestamp("us"))


def whole(values: "pd.Series[Any] | pyarrow.ChunkedArray") -> pyarrow.Array:
    """The values as one array of Arrow."""
    found = values if isinstance(values, pyarrow.ChunkedArray) else pyarrow.array(values)
    return found.combine_chunks() if isinstance(found, pyarrow.ChunkedArray) else found
