"""The drawing's geometry: outlines and seats in one projected plane, built once for each release.

Carried outlines are Natural Earth (public domain); official boundaries take their place where a
release has them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from data.gazetteer import area as areas
from data.gazetteer import outlines, places
from data.gazetteer.area import Area
from data.store import Release

BOUNDARIES: Final = "boundaries"
"""The table of a release that holds them."""
WIDTH: Final = 1000
"""Width of the drawing, units; its height follows from the area."""
MARGIN: Final = 0.35
"""Degrees around the area's bounds that are drawn too."""
DETAIL: Final = 400
"""Metres: what a change of an official line must measure to be drawn, half a unit of the map."""
TOUCHING: Final = 0.25
"""A sliver that shares this part of its edge with a neighbour is the neighbour's, not the sea's."""
HEM: Final = 0.004
"""Part of the width by which the drawing is smaller than what is cut out for it."""
ROOM: Final = 25_000
"""Metres to the nearest border that a country's name asks for."""
Place = Callable[[float, float], tuple[float, float]]


@dataclass(frozen=True)
class Geometry:
    """Paths and points in drawing units.

    Attributes:
        size: Width and height.
        countries: SVG path of each country, by code.
        admin1: SVG path of each governorate and province in sight, by P-code.
        borders: SVG path around each country's governorates or provinces, by country.
        seats: Where a place's circle stands, for every place in sight with coordinates.
        within: SVG path of the sub-districts' borders inside the core, each once; "" without
            official boundaries.
        admin3: SVG path of each sub-district of the core, by P-code; none without official
            boundaries.
        middles: Where a country's name has most room, for every country with room for one.
        metres: What a unit of the drawing measures on the ground; 0 where that is not known.
    """

    size: tuple[int, int]
    countries: dict[str, str]
    admin1: dict[str, str]
    borders: dict[str, str]
    seats: dict[str, tuple[float, float]]
    within: str = ""
    middles: dict[str, tuple[float, float]] = field(default_factory=dict)
    admin3: dict[str, str] = field(default_factory=dict)
    metres: float = 0.0


@cache
def of_area(code: str) -> Geometry:
    """The geometry of an area from the carried outlines."""
    area = areas.load(code)
    carried = outlines.carried().to_crs(_plane(area))
    return _composed(area, carried, carried[carried["kind"].eq("admin1")])


@dataclass(frozen=True)
class Boundaries:
    """The boundaries of a release, equal to another's that has the same files.

    Attributes:
        digests: SHA-256 of the files; none where the release has no boundaries.
        release: One release that has them.
    """

    digests: tuple[str, ...]
    release: Release = field(compare=False)

    @classmethod
    def of(cls, release: Release) -> "Boundaries":
        """Those of a release."""
        files = release.manifest.tables.get(BOUNDARIES, {}).values()
        return cls(tuple(file.sha256 for file in files), release)


def of_release(release: Release, area: str) -> Geometry:
    """An area's geometry: official where the release has boundaries, else as carried."""
    return _of_release(area, Boundaries.of(release))


@lru_cache(maxsize=4)
def _of_release(area: str, boundaries: Boundaries) -> Geometry:
    found = boundaries.release.boundaries() if boundaries.digests else None
    return of_area(area) if found is None else official(areas.load(area), found)


def official(area: Area, boundaries: gpd.GeoDataFrame) -> Geometry:
    """The geometry of an area from official boundaries, the carried outlines around them.

    Args:
        area: Gives the bounds and the core.
        boundaries: place_code, admin_level, location_code and geometry, EPSG:4326, as the source
            `cod_ab` publishes them: within a level, neighbours share their borders.
    """
    plane = _plane(area)
    governorates, fine = _levels(boundaries.to_crs(plane))
    core = fine[fine["admin1_code"].isin(area.core)]
    carried = outlines.carried().to_crs(plane)
    drawn = set(governorates["location_code"])
    # A country without official boundaries keeps what is carried of it.
    others = carried[carried["kind"].eq("admin1") & ~carried["location_code"].isin(drawn)]
    whole = pd.concat([governorates, others], ignore_index=True)
    return _composed(area, carried, whole, core)


def _composed(
    area: Area,
    carried: gpd.GeoDataFrame,
    parts: gpd.GeoDataFrame,
    fine: gpd.GeoDataFrame | None = None,
) -> Geometry:
    """Governorates and provinces, the countries they make up, and the neighbours up to them.

    Outlines of countries are coarser than those of their parts: drawn as they are, they would
    leave slivers of sea along every border.
    """
    nations = carried[carried["kind"].eq("country")].set_index("place_code").geometry
    mine = nations.index.isin(parts["location_code"])
    gaps = shapely.union_all(nations[mine].to_numpy())
    parts = _joined(parts, gaps)
    countries = parts.dissolve("location_code").geometry
    covered = shapely.union_all(countries.to_numpy())
    around = nations[~mine]
    shapes = [
        *zip(countries.index, countries, strict=True),
        *zip(around.index, _closed(list(around), covered, gaps.difference(covered)), strict=True),
    ]
    rows = [
        *(
            {"place_code": c, "kind": "country", "location_code": c, "geometry": s}
            for c, s in shapes
        ),
        *parts.assign(kind="admin1")[["place_code", "kind", "location_code", "geometry"]].to_dict(
            "records"
        ),
    ]
    outlines = gpd.GeoDataFrame(rows, crs=parts.crs)
    return build(area, outlines, places.table(), fine)


def _levels(boundaries: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Governorates and sub-districts, simplified once, so that their lines lie on each other.

    Governorates are made of their sub-districts where a country has them: two levels simplified
    apart would not meet. Whose a sub-district is stands at the head of its P-code.
    """
    wholes, parts = [], []
    for _, country in boundaries.groupby("location_code"):
        first = country[country["admin_level"].eq(1)]
        finest = country[country["admin_level"].eq(3)]
        above = [
            next((whole for whole in first["place_code"] if code.startswith(whole)), None)
            for code in finest["place_code"]
        ]
        if set(above) != set(first["place_code"]):
            wholes.append(_simplified(first))
            continue
        simple = _simplified(finest).assign(admin1_code=above)
        parts.append(simple)
        merged = simple.drop(columns="place_code").dissolve("admin1_code")
        wholes.append(merged.rename_axis("place_code").reset_index())
    columns: dict[str, list[str]] = {"place_code": [], "admin1_code": []}
    empty = gpd.GeoDataFrame(columns, geometry=[], crs=boundaries.crs)
    fine = gpd.GeoDataFrame(pd.concat(parts or [empty], ignore_index=True), crs=boundaries.crs)
    return gpd.GeoDataFrame(pd.concat(wholes, ignore_index=True), crs=boundaries.crs), fine


def _simplified(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    shapes = shapely.coverage_simplify(layer.geometry.to_numpy(), DETAIL)
    return layer.set_geometry(gpd.GeoSeries(shapes, index=layer.index, crs=layer.crs))


def _joined(parts: gpd.GeoDataFrame, land: Any) -> gpd.GeoDataFrame:
    """The same, with land that lies between two countries given to one: nobody draws it else."""
    countries = parts.dissolve("location_code").geometry
    covered = shapely.union_all(countries.to_numpy())
    edges = [shape.buffer(DETAIL) for shape in countries]
    shapes = list(parts.geometry)
    for piece in shapely.get_parts(land.difference(covered)):
        if sum(piece.intersects(edge) for edge in edges) < 2:
            continue
        near = [n for n, shape in enumerate(shapes) if shape.intersects(piece.buffer(1))]
        if near:
            rim = piece.buffer(1).boundary
            owner = max(near, key=lambda n: shapes[n].intersection(rim).length)
            shapes[owner] = shapely.union_all([shapes[owner], piece])
    return parts.assign(geometry=gpd.GeoSeries(shapes, index=parts.index, crs=parts.crs))


def _closed(neighbours: Sequence[Any], covered: Any, gaps: Any) -> list[Any]:
    """Neighbours' outlines up to the official ones: no overlap, and no sliver of sea between."""
    pieces = list(shapely.get_parts(gaps))
    closed = []
    for shape in neighbours:
        own = shape.difference(covered)
        edge = own.boundary.buffer(DETAIL)
        taken = [
            piece
            for piece in pieces
            if piece.length and piece.boundary.intersection(edge).length > TOUCHING * piece.length
        ]
        closed.append(shapely.union_all([own, *taken]))
    return closed


def _plane(area: Area) -> str:
    """Equal areas around the middle of the area, metres."""
    west, south, east, north = area.bounds
    return f"+proj=laea +lat_0={(south + north) / 2} +lon_0={(west + east) / 2} +units=m"


def build(
    area: Area,
    outlines: gpd.GeoDataFrame,
    table: pd.DataFrame,
    fine: gpd.GeoDataFrame | None = None,
) -> Geometry:
    """Project, cut to the area's view and round to tenths of a unit.

    Args:
        area: Gives the bounds, degrees.
        outlines: place_code, kind (country, admin1), location_code and geometry.
        table: Columns of `tables.PLACES`.
        fine: Sub-districts that are drawn too, in the area's plane: place_code and geometry.
    """
    west, south, east, north = area.bounds
    window = shapely.box(west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN)
    plane = _plane(area)
    frame = gpd.GeoSeries([window], crs=4326).segmentize(0.1).to_crs(plane)
    left, bottom, right, top = _inside(area, plane)
    scale = WIDTH / (right - left)

    def place(x: float, y: float) -> tuple[float, float]:
        return (x - left) * scale, (top - y) * scale

    flat = outlines.to_crs(plane)
    cut = flat.assign(geometry=flat.geometry.intersection(frame.iloc[0]))
    seen = cut[~cut.geometry.is_empty]
    paths: dict[str, dict[str, str]] = {"country": {}, "admin1": {}}
    for row in seen.itertuples():
        paths[row.kind][row.place_code] = _path(row.geometry, place)
    # From the provinces themselves: a country's own outline is coarser and would not meet them.
    whole = seen[seen["kind"] == "admin1"].dissolve("location_code")
    borders = {str(code): _path(row.geometry, place) for code, row in whole.iterrows()}
    seated = table[table["lat"].notna() & table["lon"].notna()]
    points = gpd.GeoSeries.from_xy(
        seated["lon"].astype(float), seated["lat"].astype(float), crs=4326
    ).to_crs(plane)
    inside = points.within(shapely.box(left, bottom, right, top)).to_numpy()
    projected = points[inside]
    codes = seated["place_code"].to_numpy()[inside]
    seats = {}
    for code, point in zip(codes, projected, strict=True):
        x, y = place(point.x, point.y)
        seats[str(code)] = (round(float(x), 1), round(float(y), 1))
    size = (WIDTH, round((top - bottom) * scale))
    parts = {} if fine is None else dict(zip(fine["place_code"], fine.geometry, strict=True))
    lines = _shared(list(parts.values()), frame.iloc[0], place)
    admin3 = {str(code): _path(shape, place) for code, shape in parts.items()}
    # Where circles stand, there is no room for a country's name.
    level = seated["admin_level"].to_numpy()[inside]
    stood = shapely.union_all(
        [p.buffer(2 * ROOM) for p, n in zip(projected, level, strict=True) if n == 1]
    )
    seen_box = shapely.box(left, bottom, right, top).difference(stood)
    middles = {}
    for row in seen[seen["kind"] == "country"].itertuples():
        spot = _middle(row.geometry.intersection(seen_box))
        if spot is not None:
            x, y = place(*spot)
            middles[str(row.place_code)] = (round(float(x), 1), round(float(y), 1))
    return Geometry(
        size,
        paths["country"],
        paths["admin1"],
        borders,
        seats,
        lines,
        middles,
        admin3,
        metres=1 / scale,
    )


def _inside(area: Area, plane: str) -> tuple[float, float, float, float]:
    """The largest upright rectangle in the area's bounds: meridians lean, a drawing does not.

    A little smaller, so that where the outlines are cut is out of sight.
    """
    west, south, east, north = area.bounds
    west, south, east, north = west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN
    edges = [
        [(west, south), (west, north)],
        [(west, south), (east, south)],
        [(east, south), (east, north)],
        [(west, north), (east, north)],
    ]
    lines = gpd.GeoSeries([shapely.LineString(edge) for edge in edges], crs=4326)
    flat = lines.segmentize(0.1).to_crs(plane).bounds
    left, bottom = flat["maxx"].iloc[0], flat["maxy"].iloc[1]
    right, top = flat["minx"].iloc[2], flat["miny"].iloc[3]
    hem = (right - left) * HEM
    return left + hem, bottom + hem, right - hem, top - hem


def _middle(shape: Any) -> tuple[float, float] | None:
    """Where a country's name has most room; None for a strip too narrow for one."""
    if shape.is_empty:
        return None
    spoke = shapely.maximum_inscribed_circle(shape, tolerance=1000)
    if spoke.length < ROOM:
        return None
    x, y = spoke.coords[0]
    return x, y


def _shared(shapes: Sequence[Any], frame: Any, place: Place) -> str:
    """The borders between shapes as a path, each drawn once: half the bytes, no doubled stroke."""
    if not shapes:
        return ""
    drawn = shapely.union_all([shape.boundary for shape in shapes]).intersection(frame)
    merged = shapely.get_parts(shapely.line_merge(drawn))
    return "".join(_line(line.coords, place, "") for line in merged if line.length)


def _path(geometry: Any, place: Place) -> str:
    """Polygons as an SVG path; slivers and lines of the cut are left out."""
    rings: Iterator[Any] = (
        ring
        for polygon in getattr(geometry, "geoms", [geometry])
        if polygon.geom_type == "Polygon"
        for ring in (polygon.exterior, *polygon.interiors)
    )
    return "".join(_line(ring.coords[:-1], place, "Z") for ring in rings)


def _line(coords: Sequence[Any], place: Place, end: str) -> str:
    """Points as steps from one to the next, in tenths of a unit: no step adds up an error."""
    points: list[tuple[int, int]] = []
    for x, y in coords:
        across, down = place(x, y)
        point = round(across * 10), round(down * 10)
        if not points or point != points[-1]:
            points.append(point)
    if len(points) < (3 if end else 2):
        return ""
    (x, y), steps = points[0], [f"M{_tenths(points[0][0])} {_tenths(points[0][1])}l"]
    for right, down in points[1:]:
        steps.append(f"{_tenths(right - x)} {_tenths(down - y)}")
        x, y = right, down
    return (steps[0] + " ".join(steps[1:]) + end).replace(" -", "-")


def _tenths(value: int) -> str:
    """A number of tenths as SVG reads it at its shortest: 12.3, 4, .5, -.5."""
    whole, tenth = divmod(abs(value), 10)
    shown = f"{whole or ''}.{tenth}" if tenth else str(whole)
    return f"-{shown}" if value < 0 else shown
