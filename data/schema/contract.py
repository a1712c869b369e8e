"""What a table is: columns with unit, meaning and what null means; a key; checks over rows.

A `Table` is declared once (`data/schema/tables.py`) and serves three readers: pandera checks frames
against it, Parquet takes its types, and the data dictionary in `docs/` is written from it.

Between a reader and the published file rows are a table of Arrow: a step over it costs what its
columns cost, and not what pandas does about each of them.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import pyarrow
from pyarrow import compute

from data.schema.arrow_rows import in_order, none_of
from data.schema.kinds import ARROW, Kind

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa

FAULTS_SHOWN: Final = 6
LOCATOR: Final = "locator"
"""The column that says where in its file a row stands."""


class ContractBroken(ValueError):  # noqa: N818 - reads as a fact where it is raised
    """A frame that does not fit its table; `faults` holds every one, the message the first few."""

    def __init__(self, table: str, faults: list[str]) -> None:
        shown = "; ".join(faults[:FAULTS_SHOWN])
        more = f" (and {len(faults) - FAULTS_SHOWN} more)" if len(faults) > FAULTS_SHOWN else ""
        super().__init__(f"{table}: {shown}{more}.")
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type, its meaning in words, and the limits of its values."""

    name: str
    kind: Kind
    meaning: str
    null: str | None = None
    """What a null means; None where a null is not allowed."""
    unit: str | None = None
    vocabulary: Iterable[str] | None = None
    minimum: float | None = None
    pattern: str | None = None

    def check(self) -> "pa.Column":
        """This column as pandera checks it."""
        import pandera.pandas as pa

        checks = []
        if self.vocabulary is not None:
            allowed = sorted(self.vocabulary)
            checks.append(pa.Check.isin(allowed, error=f"{self.name} must be one of {allowed}"))
        if self.minimum is not None:
            checks.append(pa.Check.ge(self.minimum, error=f"{self.name} below {self.minimum}"))
        if self.pattern is not None:
            checks.append(pa.Check.str_matches(self.pattern, error=f"{self.name} is malformed"))
        # One fault per row and rule, with the row named: `conform` reads them all. The type is
        # what `cast` made it, so that pandera need not look again.
        return pa.Column(None, checks, nullable=self.null is not None)

    def plainly_keeps(self, values: pyarrow.ChunkedArray) -> bool:
        """Whether every value is seen at once to be within the limits; where not, `check` tells."""
        if self.null is None and values.null_count:
            return False
        if self.minimum is not None:
            least = compute.min(values).as_py()
            if least is not None and least < self.minimum:
                return False
        if self.vocabulary is None and self.pattern is None:
            return True
        texts = [text for text in compute.unique(values).to_pylist() if text is not None]
        allowed = frozenset(texts if self.vocabulary is None else self.vocabulary)
        pattern = re.compile(self.pattern or "", re.ASCII)
        # A line's end is for `check` to judge: regular expressions differ about it.
        return all(t in allowed and pattern.match(t) and "\n" not in t for t in texts)

    @property
    def limited(self) -> bool:
        """Whether a value of the right type may still be wrong."""
        limits = (self.vocabulary, self.minimum, self.pattern)
        return self.null is None or any(limit is not None for limit in limits)


@dataclass(frozen=True, slots=True)
class Rule:
    """A check across columns.

    Attributes:
        says: What is wrong where it does not hold.
        holds: Takes the rows and says of each whether it is right; null where it cannot tell.
    """

    says: str
    holds: Callable[[pyarrow.Table], pyarrow.ChunkedArray]


@dataclass(frozen=True)
class Table:
    """A published table. `key` names the columns that identify one row."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rules: tuple[Rule, ...] = ()
    order: tuple[str, ...] = field(default=())
    """Sort order on disk; the key where none is given."""

    @cached_property
    def names(self) -> list[str]:
        """Column names in declared order."""
        return [column.name for column in self.columns]

    @cached_property
    def arrow(self) -> pyarrow.Schema:
        """The Parquet types."""
        return pyarrow.schema([(column.name, ARROW[column.kind]) for column in self.columns])

    @cached_property
    def stored(self) -> pyarrow.Schema:
        """The same with what pandas is told of them, as it stands in every file of a store."""
        return pyarrow.Table.from_pandas(
            self.empty(), schema=self.arrow, preserve_index=False
        ).schema

    @cached_property
    def _schema(self) -> "pa.DataFrameSchema":
        # Here, because only who writes checks: it takes a third of a second to import.
        import pandera.pandas as pa

        limited = [column for column in self.columns if column.limited]
        return pa.DataFrameSchema({column.name: column.check() for column in limited})

    def empty(self) -> "pd.DataFrame":
        """A frame with this table's columns and types and no rows."""
        return self._nothing.copy()

    @cached_property
    def _nothing(self) -> "pd.DataFrame":
        from data.schema import frames

        return frames.empty(self._kinds)

    @cached_property
    def _kinds(self) -> Mapping[str, Kind]:
        return {column.name: column.kind for column in self.columns}

    def cast(self, frame: "pd.DataFrame") -> "pd.DataFrame":
        """`frame` in this table's types and column order; a column it lacks becomes null.

        Raises:
            ContractBroken: A column is unknown, or a value does not fit its type.
        """
        from data.schema import frames

        self._must_know(frame)
        cast: dict[str, pd.Series[Any]] = {}
        faults = []
        for column in self.columns:
            try:
                cast[column.name] = frames.as_kind(frame, column.name, column.kind)
            except (TypeError, ValueError, OverflowError) as error:
                faults.append(_not_of_kind(column, error))
        if faults:
            raise ContractBroken(self.name, faults)
        return frames.of_series(cast, frame.index)

    def rows(self, given: "pd.DataFrame | pyarrow.Table") -> pyarrow.Table:
        """What `cast` gives of a frame, in Arrow; a table of these columns is given back.

        Raises:
            ContractBroken: A column is unknown, or a value does not fit its type.
        """
        if isinstance(given, pyarrow.Table):
            return given
        from data.schema import frames

        self._must_know(given)
        found, faults = [], []
        for column in self.columns:
            try:
                found.append(frames.in_arrow(given, column.name, column.kind))
            except (TypeError, ValueError, OverflowError) as error:
                faults.append(_not_of_kind(column, error))
        if faults:
            raise ContractBroken(self.name, faults)
        return pyarrow.table(found, schema=self.arrow)

    def of_columns(
        self, columns: Mapping[str, Sequence[Sequence[object]]], size: int
    ) -> pyarrow.Table:
        """What `rows` gives of a frame, of columns of Python's values.

        Args:
            columns: By name, each in one way or several; of several the last counts that is not
                null. A way is a value for each row, or one for all. A column that is not there is
                null.
            size: How many rows there are.

        Raises:
            ContractBroken: A column is unknown, or a value does not fit its type.
        """
        from data.schema import frames

        self._must_know(columns)
        found, faults = [], []
        for column in self.columns:
            try:
                ways = [frames.of_values(way, column.kind) for way in columns.get(column.name, ())]
            except (TypeError, ValueError, OverflowError) as error:
                faults.append(_not_of_kind(column, error))
                continue
            ways = [way if len(way) == size else pyarrow.repeat(way[0], size) for way in ways]
            nothing = pyarrow.nulls(size, ARROW[column.kind])
            found.append(compute.coalesce(*reversed(ways)) if ways else nothing)
        if faults:
            raise ContractBroken(self.name, faults)
        return pyarrow.table(found, schema=self.arrow)

    @cached_property
    def none(self) -> pyarrow.Table:
        """No rows, in Arrow."""
        return none_of(self.arrow)

    def frame(self, rows: pyarrow.Table) -> "pd.DataFrame":
        """Rows, or some of their columns, as a frame in the types that `cast` gives."""
        from data.schema import frames  # not above: who needs rows alone does without pandas

        return frames.of_rows(rows, self._kinds)

    def conform(self, frame: "pd.DataFrame", *, key: bool = True) -> "pd.DataFrame":
        """`frame` cast to this table's types, checked and sorted: see `checked`."""
        return self.frame(self.checked(self.rows(frame), key=key))

    def checked(self, rows: pyarrow.Table, *, key: bool = True) -> pyarrow.Table:
        """The rows, which keep every rule of this table, in its order.

        Args:
            rows: One for each `key`, in the types and columns of `arrow`.
            key: Whether two rows may not share a key (False for tables of vintages).

        Raises:
            ContractBroken: With every fault and its row: a null, a limit, a vocabulary, a rule
                across columns, or a key that repeats.
        """
        faults = [*self._column_faults(rows), *self._rule_faults(rows)]
        if key and not self._is_keyed(rows):
            frame = self.frame(rows)
            repeated = frame[frame.duplicated(list(self.key), keep=False)]
            first = repeated[list(self.key)].iloc[0].dropna().to_dict()
            faults.append(f"{len(repeated)} rows share a key, for example {first}")
        if faults:
            raise ContractBroken(self.name, faults)
        return in_order(rows, self.order or self.key)

    def _is_keyed(self, rows: pyarrow.Table) -> bool:
        """Whether no two rows share a key."""
        seen = [compute.count_distinct(rows[self.key[0]], mode="all").as_py()]
        if len(self.key) > 1 and seen[0] < len(rows):
            seen.append(len(rows.select(list(self.key)).group_by(list(self.key)).aggregate([])))
        return bool(seen[-1] == len(rows))

    def _column_faults(self, rows: pyarrow.Table) -> list[str]:
        limited = [column for column in self.columns if column.limited]
        if all(column.plainly_keeps(rows[column.name]) for column in limited):
            return []  # what pandera would find out in thirty times the time
        from pandera.errors import SchemaErrors

        try:
            self._schema.validate(self.frame(rows), lazy=True)
        except SchemaErrors as error:
            cases = error.failure_cases
            faults = []
            for (column, check), group in cases.groupby(["column", "check"], sort=False):
                wrong = group["index"].tolist()
                sample = ", ".join(repr(v) for v in group["failure_case"].head(3))
                what = f"{column} is null" if check == "not_nullable" else f"{check}, not {sample}"
                faults.append(f"{what} ({_which(rows, wrong)})")
            return faults
        return []

    def _rule_faults(self, rows: pyarrow.Table) -> list[str]:
        faults = []
        for rule in self.rules:
            # Where a rule cannot tell, a column that it needs is null, and that is told already.
            right = compute.fill_null(rule.holds(rows), True)
            if not compute.all(right).as_py() and len(rows):
                wrong = compute.indices_nonzero(compute.invert(right)).to_pylist()
                faults.append(f"{rule.says} ({_which(rows, wrong)})")
        return faults

    def _must_know(self, columns: Iterable[str]) -> None:
        strangers = [str(name) for name in columns if name not in self.names]
        if strangers:
            raise ContractBroken(self.name, [f"unknown column {name}" for name in strangers])


def _which(rows: pyarrow.Table, wrong: Sequence[int]) -> str:
    """The first rows that are wrong, where they stand in their file if the table says it."""
    if LOCATOR in rows.column_names:
        named = "; ".join(str(rows[LOCATOR][at].as_py()) for at in wrong[:3])
    else:
        named = f"rows {', '.join(map(str, wrong[:3]))}"
    return f"{named}; {len(wrong)} in all"


def _not_of_kind(column: Column, error: Exception) -> str:
    first = (str(error).splitlines() or [type(error).__name__])[0]
    return f"{column.name} is not {column.kind}: {first[:120]}"
