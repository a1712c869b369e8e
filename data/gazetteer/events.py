"""Dated, cited events that charts mark; their words are in the catalogues, by `event_code`."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd

from data.gazetteer import places
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


def at_place(events: pd.DataFrame, code: str) -> pd.DataFrame:
    """The events of a place: at it, inside it, above it, or in a region that it lies in.

    An event of a region without exact borders belongs to the places that the region is made of,
    to what lies in them and to what they lie in; it belongs to no other place.

    Args:
        events: Columns of `tables.EVENTS`.
        code: Code of the place.
    """
    mine = {code, *places.ancestors(code)}
    parts = places.region_parts()
    mine |= {part for own in mine for part in parts.get(own, ())}
    return events[[_concerns(str(at), code, mine) for at in events["place_code"]]]


def at_places(events: pd.DataFrame, codes: Iterable[str]) -> pd.DataFrame:
    """The events of any of some places, each once."""
    found = [at_place(events, code) for code in codes]
    return pd.concat([events.iloc[0:0], *found]).drop_duplicates(ignore_index=True)


def _concerns(at: str, code: str, mine: set[str]) -> bool:
    """Whether an event at one place concerns another, of which `mine` are itself and all above."""
    if at in mine or code in places.ancestors(at):
        return True
    parts = places.region_parts().get(at, frozenset())
    return any(part in mine or code in places.ancestors(part) for part in parts)
