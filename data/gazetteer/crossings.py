"""Border crossings of Syria with Türkiye and Iraq, with the newest dated status."""

from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd

from data.gazetteer.area import Area
from data.schema.tables import CROSSINGS

FILE: Final = Path(__file__).resolve().parents[1] / "reference" / "crossings.csv"


@cache
def table() -> pd.DataFrame:
    """The carried crossings, one row for each, in the columns of `tables.CROSSINGS`.

    Raises:
        ContractBroken: A row does not fit the table.
    """
    return CROSSINGS.conform(pd.read_csv(FILE, dtype="string"))


def of_area(area: Area) -> pd.DataFrame:
    """The crossings between places of an area's two sides; no rows where it has none."""
    found = table()
    sides = zip(found["syria_code"], found["across_code"], strict=True)
    return found[[area.joins(inside, across) for inside, across in sides]]


def codes_by_name(name: str) -> set[str]:
    """Codes of the crossings that a text names, by code or exact name of either side."""
    wanted = _folded(name)
    return {
        str(row["crossing_code"])
        for row in table().to_dict("records")
        if wanted
        in {
            _folded(str(row[column]))
            for column in ("crossing_code", "name_en", "name_ar", "name_tr")
            if pd.notna(row[column])
        }
    }


def _folded(name: str) -> str:
    return " ".join(name.replace("-", " ").split()).casefold().replace("i̇", "i")
