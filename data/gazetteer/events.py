"""Dated, cited events that charts mark; their words are in the catalogues, by `event_code`."""

from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd

from data.gazetteer.area import Area
from data.schema.tables import EVENTS

FILE: Final = Path(__file__).resolve().parents[1] / "reference" / "events.csv"


@cache
def table() -> pd.DataFrame:
    """The carried events, one row for each, in the columns of `tables.EVENTS`.

    Raises:
        ContractBroken: A row does not fit the table.
    """
    return EVENTS.conform(pd.read_csv(FILE, dtype="string"))


def of_area(stated: pd.DataFrame, area: Area) -> pd.DataFrame:
    """The events of an area's places.

    Args:
        stated: Events that a release was given; where it has none, the carried ones are meant.
        area: Its file says whose events are its own.
    """
    found = stated if len(stated) else table()
    return found[[area.happened_here(str(place)) for place in found["place_code"]]]
