"""Which country and governorate a position lies in, by the outlines the project carries. Pure.

The outlines are simple and are cut to the region, so the answers are careful: near a border a
position is in no governorate at all. Positions come in and codes go out; none is ever published.
"""

import json
from functools import cache
from typing import Any, Final

import geopandas as gpd
import shapely

from data.gazetteer import places

FILE: Final = places.REFERENCE.parent / "outlines" / "outlines.geojson"
SLACK: Final = 0.1
"""Degrees by which a position may lie outside a simple outline and still be in the country."""
MARGIN: Final = 0.05
"""Degrees that a position must lie inside a governorate to be counted in it; about 5 km."""
BEYOND: Final = 1.0
"""Degrees around the outermost seats of a country that are cut from the outlines."""


def in_country(lat: float, lon: float, country: str) -> bool:
    """Whether a position may lie in the country (ISO3).

    Where the outlines end, the box around the country's known seats decides.
    """
    point = shapely.Point(lon, lat)
    outline = _shapes("country").get(country)
    if outline is not None and point.distance(outline) <= SLACK:
        return True
    if _window().contains(point):
        return False
    west, south, east, north = _box(country)
    return west <= lon <= east and south <= lat <= north


def admin1_of(lat: float, lon: float, country: str) -> str | None:
    """P-code of the governorate or province well around a position; None near its border."""
    point = shapely.Point(lon, lat)
    for code, shape in _shapes("admin1").items():
        ours = places.is_known_code(code) and places.codes(code)["location_code"] == country
        if ours and shape.contains(point) and shape.boundary.distance(point) >= MARGIN:
            return code
    return None


def carried() -> gpd.GeoDataFrame:
    """The outlines that the project carries: place_code, kind, location_code, geometry; EPSG:4326.

    Read without GDAL, which would stay in a server's memory with 28 MB for this one file.
    """
    return gpd.GeoDataFrame.from_features(json.loads(FILE.read_bytes()), crs=4326)


@cache
def _shapes(kind: str) -> dict[str, Any]:
    table = carried()
    chosen = table[table["kind"] == kind]
    return dict(zip(chosen["place_code"], chosen.geometry, strict=True))


@cache
def _window() -> Any:
    """The box of what the outlines hold."""
    return shapely.box(*shapely.total_bounds(list(_shapes("country").values())))


@cache
def _box(country: str) -> tuple[float, float, float, float]:
    table = places.table()
    seats = table[table["location_code"].eq(country) & table["lat"].notna()]
    if seats.empty:
        return (0.0, 0.0, -1.0, -1.0)  # holds nothing
    return (
        float(seats["lon"].min()) - BEYOND,
        float(seats["lat"].min()) - BEYOND,
        float(seats["lon"].max()) + BEYOND,
        float(seats["lat"].max()) + BEYOND,
    )
