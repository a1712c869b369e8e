"""A mirror of the official boundaries on 127.0.0.1, drawn around the seats of the places table."""

import io
import re
from functools import cache

import geopandas as gpd
import numpy as np
import shapely

from data import places
from tests.servers.publisher import GONE, Publisher, Reply

NEW = {"code": "adm{n}_pcode", "name": "adm{n}_name", "arabic": "adm{n}_name1"}
OLD = {"code": "ADM{n}_PCODE", "name": "ADM{n}_EN", "arabic": "ADM{n}_AR"}
OLDEST = {"code": "admin{n}Pcode", "name": "admin{n}Name_en", "arabic": "admin{n}Name_ar"}
SPELLINGS = (NEW, OLD, OLDEST)


def drawn(level, spelling=NEW):
    """A coverage with winding borders: one cell around each seat known at that level."""
    frame = shapely.box(35.6, 32.2, 42.5, 37.4).segmentize(0.01)
    table = places.table()
    known = table[(table["location_code"] == "SYR") & (table["admin_level"] == level)]
    known = known[known["lat"].notna()]
    cells, codes = [frame], ["SY"]
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


@cache
def _level(level):
    return drawn(level)


class CodServer(Publisher):
    """`with CodServer() as server:` … `server.base_url`; the mirror alone, HDX is away."""

    CONTENT = ("empty", "dropped column", "shrunk")

    @property
    def base_url(self) -> str:
        """What NUZUH_URL_COD_AB is set to."""
        return f"{self.url}/mirror"

    def reply(self, path: str, query: dict[str, str]) -> Reply:
        """One level of Syria as GeoParquet."""
        found = re.fullmatch(r"/mirror/syr/latest/adm([0-3])/original.parquet", path)
        if found is None:
            return GONE
        frame = _level(int(found[1]))
        if self.fault == "empty":
            frame = frame.iloc[:0]
        if self.fault == "shrunk":
            frame = frame.iloc[: max(1, len(frame) // 5)]
        if self.fault == "dropped column":
            frame = frame.drop(columns=f"adm{found[1]}_pcode")
        return Reply(parquet(frame), "application/octet-stream")
