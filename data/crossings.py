"""Border crossings between Syria and Türkiye, with the newest dated status."""

from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd

from data.tables import CROSSINGS

FILE: Final = Path(__file__).parent / "reference" / "crossings.csv"


@cache
def table() -> pd.DataFrame:
    """The carried crossings, one row for each, in the columns of `tables.CROSSINGS`.

    Raises:
        ContractBroken: A row does not fit the table.
    """
    return CROSSINGS.conform(pd.read_csv(FILE, dtype="string"))
