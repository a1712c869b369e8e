"""The drawing's geometry: outlines and seats in one projected plane, built once for each release.

Carried outlines are Natural Earth (public domain); official boundaries take their place where a
release has them.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from data import area as areas
from data import places
from data.area import Area

OUTLINES: Final = Path(places.__file__).parent / "reference" / "outlines" / "outlines.geojson"
WIDTH: Final = 1000
"""Width of the drawing, units; its height follows from the area."""
MARGIN: Final = 0.35
"""Degrees around the area's bounds that are drawn too."""


@dataclass(frozen=True)
class Geometry:
    """Paths and points in drawing units.

    Attributes:
        size: Width and height.
        countries: SVG path of each country, by code.
        admin1: SVG path of each governorate and province in sight, by P-code.
        borders: SVG path around each country's governorates or provinces, by country.
        seats: Where a place's circle stands, for every place in sight with coordinates.
    """

    size: tuple[int, int]
    countries: dict[str, str]
    admin1: dict[str, str]
    borders: dict[str, str]
    seats: dict[str, tuple[int, int]]


@cache
def of_area(code: str) -> Geometry:
    """The geometry of an area from the carried outlines."""
    area = areas.load(code)
    return build(area, gpd.read_file(OUTLINES), places.table())


def build(area: Area, outlines: gpd.GeoDataFrame, table: pd.DataFrame) -> Geometry:
    """Project, cut to the area's view and round to whole units.

    Args:
        area: Gives the bounds, degrees.
        outlines: place_code, kind (country, admin1) and geometry, EPSG:4326.
        table: Columns of `tables.PLACES`.
    """
    west, south, east, north = area.bounds
    window = shapely.box(west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN)
    plane = f"+proj=laea +lat_0={(south + north) / 2} +lon_0={(west + east) / 2} +units=m"
    frame = gpd.GeoSeries([window], crs=4326).segmentize(0.1).to_crs(plane)
    left, bottom, right, top = frame.total_bounds
    scale = WIDTH / (right - left)

    def place(x: float, y: float) -> tuple[int, int]:
        return round((x - left) * scale), round((top - y) * scale)

    cut = outlines.assign(geometry=outlines.geometry.intersection(window))
    seen = cut[~cut.geometry.is_empty].to_crs(plane)
    paths: dict[str, dict[str, str]] = {"country": {}, "admin1": {}}
    for row in seen.itertuples():
        paths[row.kind][row.place_code] = _path(row.geometry, place)
    # From the provinces themselves: a country's own outline is coarser and would not meet them.
    parts = seen[seen["kind"] == "admin1"].dissolve("location_code")
    borders = {str(code): _path(row.geometry, place) for code, row in parts.iterrows()}
    seated = table[table["lat"].notna() & table["lon"].notna()]
    points = gpd.GeoSeries.from_xy(
        seated["lon"].astype(float), seated["lat"].astype(float), crs=4326
    )
    inside = points.within(window).to_numpy()
    projected = points[inside].to_crs(plane)
    codes = seated["place_code"].to_numpy()[inside]
    seats = {str(c): place(p.x, p.y) for c, p in zip(codes, projected, strict=True)}
    size = (WIDTH, round((top - bottom) * scale))
    return Geometry(size, paths["country"], paths["admin1"], borders, seats)


def _path(geometry: Any, place: Any) -> str:
    """Polygons as an SVG path of whole numbers; slivers and lines of the cut are left out."""
    parts = []
    for polygon in getattr(geometry, "geoms", [geometry]):
        if polygon.geom_type != "Polygon":
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            points: list[tuple[int, int]] = []
            for x, y in ring.coords:
                point = place(x, y)
                if not points or point != points[-1]:
                    points.append(point)
            if len(points) > 3:
                parts.append("M" + "L".join(f"{x} {y}" for x, y in points[:-1]) + "Z")
    return "".join(parts)
