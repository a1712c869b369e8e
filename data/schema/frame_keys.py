"""What names a row of a frame: the ids and keys of `data.schema.tables`, of columns of pandas."""

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import pyarrow as arrow

from data.schema.arrow_rows import whole
from data.schema.tables import FIGURE_KEY, LARGE, digests, joined

_TEXT: Final = pd.StringDtype()


def figure_ids(figures: pd.DataFrame) -> "pd.Series[str]":
    """What `ids` gives of a frame, which may lack columns of the key."""
    names = [name for name in FIGURE_KEY if name in figures.columns]
    found = digests(joined({name: _as_text(figures[name]) for name in names}, len(figures)))
    return pd.Series(found.to_pandas().array, index=figures.index).astype("string")


def row_key(frame: pd.DataFrame, columns: Sequence[str]) -> "pd.Series[str]":
    """What `keys` gives of a frame."""
    texts = {name: _as_text(frame[name]) for name in columns}
    found = joined(texts, len(frame))
    return pd.Series(found.to_pandas().array, index=frame.index).astype("string")


def _as_text(values: "pd.Series[Any]") -> arrow.Array:
    if pd.api.types.is_datetime64_any_dtype(values):
        # Each day is written once: of a table's rows most are of the same few.
        coded = whole(values).dictionary_encode()
        days = pd.Series(coded.dictionary.to_pandas()).dt.strftime("%Y-%m-%d")
        return arrow.array(days, LARGE, from_pandas=True).take(coded.indices)
    if pd.api.types.is_integer_dtype(values):
        return whole(values).cast(LARGE)
    return whole(values if values.dtype == _TEXT else values.astype("string")).cast(LARGE)
