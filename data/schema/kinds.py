"""The kinds of value that a column holds, and their types in Arrow and in pandas."""

from collections.abc import Mapping
from typing import Any, Final, Literal

import pyarrow

Kind = Literal["text", "integer", "number", "date", "timestamp", "flag"]

PANDAS: Final[Mapping[Kind, str]] = {
    "text": "string",
    "integer": "Int64",
    "number": "Float64",
    "date": "datetime64[s]",
    "timestamp": "datetime64[us, UTC]",
    "flag": "boolean",
}
ARROW: Final[Mapping[Kind, Any]] = {
    "text": pyarrow.string(),
    "integer": pyarrow.int64(),
    "number": pyarrow.float64(),
    "date": pyarrow.date32(),
    "timestamp": pyarrow.timestamp("us", tz="UTC"),
    "flag": pyarrow.bool_(),
}
