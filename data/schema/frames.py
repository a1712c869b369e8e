"""Between frames of pandas and rows of Arrow: what a value must be to count as one of its kind.

Apart from the contract, so that who needs rows alone does not wait for pandas, which takes a third
of a second of a command's start.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pyarrow

from data.schema.arrow_rows import whole
from data.schema.kinds import ARROW, PANDAS, Kind

if TYPE_CHECKING:
    import numpy as np

_TYPES: Final = {kind: pd.api.types.pandas_dtype(name) for kind, name in PANDAS.items()}
_MAPPED: Final = {ARROW[kind]: _TYPES[kind] for kind in ("text", "integer", "number", "flag")}
_SHOWN: Final = {**ARROW, "date": pyarrow.timestamp("s")}
"""As what values are handed to pandas, which has no days."""
_DAYS: Final = frozenset({date, type(None), type(pd.NA), type(pd.NaT)})
_ISO: Final = {"O": "ISO8601"}
"""Texts are read as ISO 8601 and nothing else: a guess would take the day for the month."""


def empty(kinds: Mapping[str, Kind]) -> pd.DataFrame:
    """No rows, in columns of those kinds."""
    return pd.DataFrame({name: pd.Series(dtype=PANDAS[kind]) for name, kind in kinds.items()})


def of_rows(rows: pyarrow.Table, kinds: Mapping[str, Kind]) -> pd.DataFrame:
    """Rows of Arrow as a frame, in the types that `as_kind` gives; the columns are of `kinds`."""
    shown = pyarrow.schema([(name, _SHOWN[kinds[name]]) for name in rows.column_names])
    return rows.cast(shown).to_pandas(types_mapper=_MAPPED.get)


def of_series(columns: Mapping[str, "pd.Series[Any]"], index: Any) -> pd.DataFrame:
    """A frame of columns that are not copied."""
    return pd.DataFrame(columns, index=index, copy=False)


def _is_already(dtype: Any, wanted: Kind) -> bool:
    """Whether nothing is to be cast: pandas has two kinds of text, equal but for their null."""
    target = _TYPES[wanted]
    nulls = (getattr(dtype, "na_value", None), getattr(target, "na_value", None))
    return bool(dtype == target) and nulls[0] is nulls[1]


def _are_days(moments: "pd.Series[Any]") -> bool:
    """Whether no moment has a time of day: then nothing is to be cut off."""
    seconds = moments.to_numpy().view("int64")
    return not (seconds[moments.notna().to_numpy()] % 86_400).any()


def in_arrow(frame: pd.DataFrame, name: str, kind: Kind) -> pyarrow.Array:
    """A frame's column in its type of Arrow, as `as_kind` understands it; null if not there."""
    if name not in frame.columns:
        return pyarrow.nulls(len(frame), ARROW[kind])
    plain = _plainly(frame[name], kind)
    return whole(as_kind(frame, name, kind)).cast(ARROW[kind]) if plain is None else plain


def of_values(given: Sequence[object], kind: Kind) -> pyarrow.Array:
    """Python's values in their type of Arrow, as `as_kind` understands them."""
    plain = _inferred(given, kind)
    if plain is not None:
        return plain
    return in_arrow(pd.DataFrame({"values": list(given)}), "values", kind)


def _inferred(values: "Sequence[object] | np.ndarray[Any, Any]", kind: Kind) -> Any:
    """Python's values in their type of Arrow where all are of it; None where a rule is needed.

    Arrow is not told the type: a fraction would be cut off to fit whole numbers.
    """
    if kind == "date" and not set(map(type, values)) <= _DAYS:
        return None
    try:
        found = pyarrow.array(values, from_pandas=True)
    except (TypeError, ValueError, OverflowError):
        return None
    return found.cast(ARROW[kind]) if found.type in (ARROW[kind], pyarrow.null()) else None


def _plainly(values: "pd.Series[Any]", kind: Kind) -> pyarrow.Array | None:
    """The values in their type of Arrow where no rule is needed to tell what they mean."""
    dtype, wanted = values.dtype, ARROW[kind]
    if pd.api.types.is_object_dtype(dtype):
        return _inferred(values.to_numpy(), kind)
    if kind == "text" and isinstance(dtype, pd.StringDtype):
        return whole(values).cast(wanted)
    if kind == "integer" and dtype == "float64":
        try:
            return pyarrow.array(values, from_pandas=True).cast(wanted)
        except pyarrow.ArrowInvalid:
            return None
    if kind == "date":
        days = _is_already(dtype, "date") and _are_days(values)
        return whole(values).cast(wanted) if days else None
    if (kind == "integer" and dtype == "int64") or _is_already(dtype, kind):
        return whole(values).cast(wanted)
    return None


def as_kind(frame: pd.DataFrame, name: str, kind: Kind) -> "pd.Series[Any]":
    """A frame's column in its type of pandas; null if it is not there.

    Raises:
        TypeError, ValueError, OverflowError: A value is not of the kind.
    """
    if name not in frame.columns:
        return pd.Series(pd.NA, index=frame.index, dtype=PANDAS[kind])
    values = frame[name]
    if kind != "date" and _is_already(values.dtype, kind):
        return values
    if kind == "date":
        if _is_already(values.dtype, "date") and _are_days(values):
            return values
        if values.dtype == object and set(map(type, values)) <= _DAYS:
            told = pyarrow.array(values.to_numpy(), pyarrow.date32(), from_pandas=True)
            seconds = told.cast(pyarrow.timestamp("s")).to_numpy(zero_copy_only=False)
            return pd.Series(seconds, index=values.index)
        days = pd.to_datetime(values, errors="raise", format=_ISO.get(values.dtype.kind))
        return days.dt.normalize().astype(PANDAS["date"])
    if kind == "timestamp":
        format_ = _ISO.get(values.dtype.kind)
        moments = pd.to_datetime(values, errors="raise", utc=True, format=format_)
        return moments.astype(PANDAS["timestamp"])
    return values.astype(PANDAS[kind])
