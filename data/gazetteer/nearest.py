"""Which district a point lies nearest to, by its seat: for what happened at a point."""

from functools import cache
from math import asin, cos, radians, sin, sqrt
from typing import Final

import pandas as pd

from data.gazetteer import places

EARTH_KM: Final = 6371.0
DISTRICT: Final = 2


def district(lat: float, lon: float) -> tuple[str, float]:
    """The P-code of the place whose seat is nearest to a point, degrees, and how far in km.

    A district, or a province in a country of whose districts no seat is known.
    """
    return min(
        ((code, _km(lat, lon, *seat)) for code, seat in _seats().items()),
        key=lambda found: found[1],
    )


def kilometres_apart(one: str, other: str) -> float | None:
    """Kilometres between the seats of two places; None where the seat of one is not known."""
    seats = [(places.row(code)["lat"], places.row(code)["lon"]) for code in (one, other)]
    numbers = [float(str(n)) for seat in seats for n in seat if n is not None]
    return _km(*numbers) if len(numbers) == 2 * len(seats) else None


@cache
def _seats() -> dict[str, tuple[float, float]]:
    table = places.table()
    seated = table[table["lat"].notna() & table["lon"].notna()]
    districts = seated[seated["admin_level"].eq(DISTRICT)]
    above = seated["admin_level"].eq(DISTRICT - 1)
    without = seated[above & ~seated["location_code"].isin(districts["location_code"])]
    known = pd.concat([districts, without])
    found = zip(known["place_code"], known["lat"], known["lon"], strict=True)
    return {str(code): (float(lat), float(lon)) for code, lat, lon in found}


def _km(lat: float, lon: float, lat2: float, lon2: float) -> float:
    """The great circle between two points."""
    a = sin(radians(lat2 - lat) / 2) ** 2
    b = cos(radians(lat)) * cos(radians(lat2)) * sin(radians(lon2 - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(a + b))
