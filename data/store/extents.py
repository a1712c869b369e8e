"""What a file of a release can hold, as its own footer says: so that it need not be read to know.

A question about one place reads only the files in which the place may stand, however many sources
were published beside them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any, Final

import pyarrow.parquet as parquet

from data.schema.tables import FIGURES

_ASKED: Final = frozenset(
    {"source", "via", "population_group", "measure", "unit"}
    | {column.name for column in FIGURES.columns if column.name.endswith("_code")}
)
"""Texts that questions choose by; of others no bounds are held."""


@dataclass(frozen=True)
class Extent:
    """The layout of a file and the bounds of its texts.

    Attributes:
        types: Each column's name and type, in the file's order.
        bounds: The first and the last text of a column in the order of Unicode; None where all of
            it is null. A column whose bounds nobody wrote down is left out.
    """

    types: tuple[tuple[str, str], ...]
    bounds: Mapping[str, tuple[str, str] | None]

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.types)

    def may_hold(self, values: Sequence[Any], columns: Sequence[str]) -> bool:
        """Whether one of the values may stand in one of the columns; False only where none can."""
        return any(self._may_stand(values, column) for column in columns)

    def _may_stand(self, values: Sequence[Any], column: str) -> bool:
        if column not in self.bounds:
            return column in self._names
        bounds = self.bounds[column]
        return bounds is not None and any(bounds[0] <= value <= bounds[1] for value in values)


@lru_cache(maxsize=10_000)
def of(path: str) -> Extent:
    """The extent of a file; asked once, since no file of a store is ever written twice.

    Raises:
        OSError: It is gone.
        ArrowInvalid: It is no Parquet file.
    """
    found = parquet.read_metadata(path)
    schema = found.schema.to_arrow_schema()
    parts = (found.row_group(number) for number in range(found.num_row_groups))
    groups = [part for part in parts if part.num_rows]
    bounds = {}
    for number in range(found.num_columns):
        name = found.schema.column(number).path
        if name in _ASKED:
            told = [group.column(number).statistics for group in groups]
            if all(one is not None and (one.has_min_max or not one.num_values) for one in told):
                ends = list(chain.from_iterable((o.min, o.max) for o in told if o.has_min_max))
                bounds[name] = (min(ends), max(ends)) if ends else None
    return Extent(_one(tuple((field.name, str(field.type)) for field in schema)), bounds)


@lru_cache(maxsize=64)
def _one(types: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The same layout once for all files that have it."""
    return types
