"""Dated, cited events that charts mark; their words are in the catalogues, by `event_code`."""

from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd

from data.schema.tables import EVENTS

FILE: Final = Path(__file__).resolve().parents[1] / "reference" / "events.csv"


@cache
def table() -> pd.DataFrame:
    """The carried events, one row for each, in the columns of `tables.EVENTS`.

    Raises:
        ContractBroken: A row does not fit the table.
    """
    return EVENTS.conform(pd.read_csv(FILE, dtype="string"))
