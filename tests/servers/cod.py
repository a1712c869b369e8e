"""A mirror of the official boundaries on 127.0.0.1, drawn around the seats of the places table."""

import io
import re
from functools import cache

import geopandas as gpd
import numpy as np
import shapely

from data.gazetteer import places
from tests.servers.publisher import GONE, Publisher, Reply

NEW = {"code": "adm{n}_pcode", "name": "adm{n}_name", "arabic": "adm{n}_name1"}
OLD = {"code": "ADM{n}_PCODE", "name": "ADM{n}_EN", "arabic": "ADM{n}_AR"}
OLDEST = {"code": "admin{n}Pcode", "name": "admin{n}Name_en", "arabic": "admin{n}Name_ar"}
SPELLINGS = (NEW, OLD, OLDEST)


FRAMES = {"SYR": ("SY", (35.6, 32.2, 42.5, 37.4)), "TUR": ("TUR", (25.5, 35.5, 45.0, 42.5))}
"""Code of the country in its files, and a box around it."""


def drawn(level, spelling=NEW, country="SYR"):
    """A coverage with winding borders: one cell around each seat known at that level."""
    code, corners = FRAMES[country]
    frame = shapely.box(*corners).segmentize(0.01)
    table = places.table()
    known = _seated(table[table["location_code"] == country], level)
    cells, codes = [frame], [code]
    if level:
        seats = shapely.points(known["lon"].astype(float), known["lat"].astype(float))
        diagram = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(seats)))
        cells = [shapely.intersection(c, frame).segmentize(0.01) for c in diagram]
        codes = [known["place_code"].to_numpy()[shapely.contains(c, seats)][0] for c in cells]

    def winding(xy):
        # Rounded first: a border cut into pieces from its two ends is then the same on both sides.
        there = np.round(xy, 6)
        return there + 0.001 * np.sin(400 * there[:, ::-1])

    wound = shapely.transform(cells, winding)
    columns = {
        spelling["code"].format(n=level): codes,
        spelling["name"].format(n=level): [f"Place {code} " for code in codes],
        spelling["arabic"].format(n=level): [f"مكان {code}" for code in codes],
    }
    if spelling is NEW:
        columns |= {"lang": "en", "lang1": "ar", "valid_on": "2020-12-17", "version": "v02"}
    return gpd.GeoDataFrame(columns, geometry=wound, crs=4326)


def parquet(frame):
    out = io.BytesIO()
    frame.to_parquet(out)
    return out.getvalue()


def _seated(table, level):
    """The places of a level with their seats; without one, somewhere around that of the parent."""
    known = table[table["admin_level"] == level]
    if known["lat"].notna().any() or not level:
        return known[known["lat"].notna()]
    seats = table.set_index("place_code")[["lat", "lon"]].astype(float)
    number = known.groupby("parent_code").cumcount() + 1
    above = seats.loc[known["parent_code"]]
    return known.assign(
        lat=above["lat"].to_numpy() + 0.04 * np.sqrt(number) * np.sin(2.4 * number),
        lon=above["lon"].to_numpy() + 0.04 * np.sqrt(number) * np.cos(2.4 * number),
    )


@cache
def _level(country, level):
    return drawn(level, country=country)


class CodServer(Publisher):
    """`with CodServer() as server:` … `server.base_url`; the mirror alone, HDX is away."""

    SERVES = "COD_AB"
    CONTENT = ("empty", "dropped column", "shrunk")

    @property
    def base_url(self) -> str:
        """What NUZUH_URL_COD_AB is set to."""
        return f"{self.url}/mirror"

    def __enter__(self):
        # Drawn before anybody waits for it.
        for country, deepest in (("SYR", 3), ("TUR", 2)):
            for level in range(deepest + 1):
                _level(country, level)
        return super().__enter__()

    def reply(self, path: str, query: dict[str, str]) -> Reply:
        """One level of Syria or Türkiye as GeoParquet."""
        found = re.fullmatch(r"/mirror/(syr|tur)/latest/adm([0-3])/original.parquet", path)
        if found is None:
            return GONE
        frame = _level(found[1].upper(), int(found[2]))
        if self.fault == "empty":
            frame = frame.iloc[:0]
        if self.fault == "shrunk":
            frame = frame.iloc[: max(1, len(frame) // 5)]
        if self.fault == "dropped column":
            frame = frame.drop(columns=f"adm{found[2]}_pcode")
        return Reply(parquet(frame), "application/octet-stream")
