"""OCHA's official boundaries (COD-AB): countries, governorates and provinces down to sub-districts.

They come from the open mirror of HDX, one GeoParquet file for each level, or else from HDX, one zip
of GeoJSON for each country. How deep a country is asked is how deep the places table knows it.
Three generations of column names are in use (`adm1_pcode`, `ADM1_PCODE`, `admin1Pcode`).
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from shapely.errors import ShapelyError

from data.gazetteer import places
from data.gazetteer.area import Area
from data.process_limits import at_most
from data.schema.tables import FIGURES
from data.settings import Settings
from data.store import Document
from pipelines.bounds import MOST_CELLS, must_be_fair_outlines
from pipelines.errors import SourceChanged, SourceUnavailable
from pipelines.publishers import hdx
from pipelines.source import DocumentClient, Reading, Source, no_day

API: Final = "COD_AB"
BASE: Final = "https://data.source.coop/hdx/cod-ab/"
LICENCE: Final = "CC BY-IGO"
ATTRIBUTION: Final = "OCHA and the publishers named in each country's COD-AB dataset"
COLUMNS: Final = (
    "place_code",
    "admin_level",
    "location_code",
    "name_en",
    "name_ar",
    "valid_on",
    "version",
    "licence",
    "attribution",
    "geometry",
)
DETAIL: Final = 0.002
"""Tolerance of the simplification, degrees: about 200 m, well below one unit of the map."""
NEAR: Final = 0.5
"""Degrees by which a seat may lie outside the box around its own polygon."""
UNPACKED: Final = 256 * 1024**2
"""Bytes that a zip's layers may unpack to."""
MEMORY: Final = 1024**3
"""Bytes that reading a layer may take: three times what it may unpack to, and some more."""
ROWS: Final = 16
"""Rows of a layer that are unpacked at once to see how large they are."""
_LAYER: Final = re.compile(
    r"(?:^|[/_-])([a-z]{3})[_-](?:adm|admin|admbnda[_-]adm)([0-3])(?=[._]|$)"
)
_EDGE_MATCHED: Final = re.compile(r"_em(?=[._]|$)")
_SPELLINGS: Final = {
    "code": ("adm{n}_pcode", "admin{n}pcode"),
    "name": ("adm{n}_name", "adm{n}_en", "admin{n}name_en", "admin{n}name"),
    "arabic": ("adm{n}_ar", "admin{n}name_ar"),
    "valid_on": ("valid_on", "validon"),
    "version": ("version",),
}


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """Every level of every country of the area, from the mirror or else from HDX.

    Raises:
        SourceUnavailable: A country is to be had at neither address.
    """
    for country in area.boundaries:
        try:
            yield from _from_mirror(client, settings, country)
        except SourceUnavailable as mirror:
            try:
                yield from _from_hdx(client, settings, country)
            except SourceUnavailable as hdx:
                raise SourceUnavailable(f"{mirror} Nor from HDX: {hdx}") from None


def read(documents: Sequence[Document], area: Area) -> Reading:
    """No figures; the table `boundaries`, one row for each place and level.

    Columns: place_code (ISO3 at level 0, else the P-code), admin_level, location_code, name_en,
    name_ar (null where the file has none), valid_on, version (null where the file says none),
    licence, attribution, geometry (EPSG:4326; simplified, neighbours still share their borders).

    Raises:
        SourceChanged: A layer is not boundaries, lacks codes, or does not lie where it should.
    """
    remarks: list[str] = []
    layers: dict[tuple[str, int], gpd.GeoDataFrame] = {}
    for document in documents:
        for name, body in _layers(document):
            found = _LAYER.search(name.lower())
            if found is None or _EDGE_MATCHED.search(name.lower()):
                continue
            country, level = found[1].upper(), int(found[2])
            if country in area.boundaries:
                layers[country, level] = _layer(body, name, country, level, remarks)
    if not layers:
        raise SourceChanged("No layer of boundaries is named as COD-AB names them.")
    _must_be_whole(layers)
    for country in area.boundaries:
        if (country, 1) not in layers:
            remarks.append(f"No boundaries of {country}.")
    table = pd.concat([layers[key] for key in sorted(layers)], ignore_index=True)
    ordered = table.sort_values(["location_code", "admin_level", "place_code"], ignore_index=True)
    boundaries = gpd.GeoDataFrame(ordered[list(COLUMNS)], crs=4326)
    return Reading(FIGURES.none, {"boundaries": boundaries}, tuple(remarks))


def _from_mirror(client: DocumentClient, settings: Settings, country: str) -> list[Document]:
    """A list, so that a country is had whole from one address or not at all."""
    base = settings.base(API, BASE)
    return [
        client.get(
            f"{base}{country.lower()}/latest/adm{level}/original.parquet",
            name=f"{country.lower()}_adm{level}",
            expect="binary",
        )
        for level in range(_deepest(country) + 1)
    ]


def _from_hdx(client: DocumentClient, settings: Settings, country: str) -> list[Document]:
    """Resolved each time: addresses and file names change when a dataset is uploaded again."""
    slug = f"cod-ab-{country.lower()}"
    listed = hdx.package(client, settings, slug)
    zips = [r for r in hdx.resources(listed) if hdx.file_name(r).lower().endswith(".zip")]
    newest = hdx.newest(zips, slug, "geojson")
    return [listed, hdx.download(client, settings, newest, f"{slug}/geojson.zip", "binary")]


def _deepest(country: str) -> int:
    """The deepest level that the places table knows of a country; at least 1."""
    table = places.table()
    levels = table.loc[table["location_code"] == country, "admin_level"].dropna()
    return max(1, int(levels.max())) if len(levels) else 1


def _layers(document: Document) -> Iterator[tuple[str, bytes]]:
    """The layers in a document with their names: itself, or the GeoJSON members of a zip."""
    if not document.body.startswith(b"PK"):
        yield document.name, document.body
        return
    try:
        with zipfile.ZipFile(io.BytesIO(document.body)) as archive:
            members = [m for m in archive.infolist() if m.filename.lower().endswith("json")]
            if sum(member.file_size for member in members) > UNPACKED:
                raise SourceChanged(f"{document.name} unpacks to more than {UNPACKED:,} bytes.")
            for member in members:
                yield member.filename, archive.read(member)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise SourceChanged(f"{document.name} is not a whole zip file ({error}).") from None


def _layer(
    body: bytes, name: str, country: str, level: int, remarks: list[str]
) -> gpd.GeoDataFrame:
    """One level of one country in this module's columns, repaired, checked and simplified."""
    given = _opened(body, name)
    spelt = {column.lower(): column for column in given.columns}

    def column(what: str) -> "pd.Series[Any]":
        for spelling in _SPELLINGS[what]:
            if (known := spelt.get(spelling.format(n=level))) is not None:
                return given[known]
        return pd.Series(pd.NA, index=given.index, dtype="object")

    codes = column("code").astype("string").str.strip()
    if codes.isna().any() or codes.duplicated().any() or given.empty:
        raise SourceChanged(
            f"{name} does not give every area at level {level} a P-code of its own."
        )
    arabic = column("arabic").fillna(_in_arabic(given, spelt, level))
    layer = gpd.GeoDataFrame(
        {
            "place_code": codes if level else country,
            "admin_level": level,
            "location_code": country,
            "name_en": column("name").astype("string").str.strip(),
            "name_ar": arabic.astype("string").str.strip(),
            "valid_on": pd.to_datetime(
                column("valid_on").astype("string"), errors="coerce", format="ISO8601"
            ).astype("datetime64[s]"),
            "version": column("version").astype("string"),
            "licence": LICENCE,
            "attribution": ATTRIBUTION,
        },
        geometry=_repaired(given.geometry, name, remarks),
        crs=4326,
    )
    if level == 0 and len(layer) > 1:
        raise SourceChanged(f"{name} holds {len(layer)} countries where one belongs.")
    _must_lie_in_place(layer, name)
    return layer.set_geometry(_simplified(layer.geometry))


def _opened(body: bytes, name: str) -> gpd.GeoDataFrame:
    try:
        if body.startswith(b"PAR1"):
            frame = _of_parquet(body, name)
        else:
            must_be_fair_outlines(body, name)
            frame = gpd.GeoDataFrame.from_features(json.loads(body), crs=4326)
    except SourceChanged:
        raise
    except (
        *(ShapelyError, ValueError, KeyError, TypeError, OSError, AttributeError),
        RecursionError,
    ) as error:
        raise SourceChanged(f"{name} is not readable as boundaries ({_first(error)}).") from None
    return frame.to_crs(4326) if frame.crs is not None else frame.set_crs(4326)


def _of_parquet(body: bytes, name: str) -> gpd.GeoDataFrame:
    """A layer of a GeoParquet file: what it says of itself is believed only where it says too much.

    One shape may be stored once and stand in a million rows, and a page may unpack to gigabytes.
    """
    metadata = pq.read_metadata(io.BytesIO(body))
    unpacked = sum(metadata.row_group(n).total_byte_size for n in range(metadata.num_row_groups))
    refused = SourceChanged(f"{name} unpacks to more than {UNPACKED:,} bytes; refused.")
    if unpacked > UNPACKED or metadata.num_rows * metadata.num_columns > MOST_CELLS:
        raise refused
    try:
        with at_most(MEMORY):
            held = 0
            for batch in pq.ParquetFile(io.BytesIO(body)).iter_batches(ROWS):
                held += sum(_bytes(column) for column in batch.columns)
                if held > UNPACKED:
                    raise refused
            return gpd.read_parquet(io.BytesIO(body))
    except MemoryError:
        raise refused from None


def _bytes(column: pa.Array) -> int:
    """What a column holds, each value as often as it stands there."""
    whole = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
    return int(whole.nbytes)


def _first(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]


def _in_arabic(given: gpd.GeoDataFrame, spelt: dict[str, str], level: int) -> "pd.Series[Any]":
    """Names of the newest generation, whose columns are numbered and say their language apart."""
    found = pd.Series(pd.NA, index=given.index, dtype="object")
    for number in ("1", "2", "3"):
        names, language = spelt.get(f"adm{level}_name{number}"), spelt.get(f"lang{number}")
        if names is not None and language is not None:
            found = found.fillna(given[names].where(given[language] == "ar"))
    return found


def _repaired(shapes: gpd.GeoSeries, name: str, remarks: list[str]) -> gpd.GeoSeries:
    """Valid polygons; a remark names what had to be repaired."""
    if shapes.isna().any() or shapes.is_empty.any():
        raise SourceChanged(f"{name} has an area without a shape.")
    broken = ~shapes.is_valid
    if broken.any():
        remarks.append(f"{int(broken.sum())} shapes of {name} repaired.")
    try:
        mended = shapes.where(~broken, shapes[broken].make_valid().map(_areal))
    except ShapelyError as error:
        reason = _first(error)
        raise SourceChanged(f"{name} has a shape that cannot be repaired ({reason}).") from None
    if not mended.geom_type.isin(["Polygon", "MultiPolygon"]).all():
        raise SourceChanged(f"{name} has shapes that are not areas.")
    return mended


def _areal(shape: Any) -> Any:
    """Only the polygons of a shape: a repair may leave lines and points behind."""
    parts = [p for p in shapely.get_parts(shape) if p.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts) if len(parts) > 1 else (parts[0] if parts else shape)


def _must_lie_in_place(layer: gpd.GeoDataFrame, name: str) -> None:
    """Each area lies about the seat that the places table knows.

    Swapped axes, another country's file or another projection would be drawn without a word.
    """
    west, south, east, north = layer.total_bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise SourceChanged(f"{name} has points that are not degrees.")
    seats = places.table().set_index("place_code")[["lat", "lon"]].dropna().astype(float)
    known = layer.set_index("place_code").geometry.bounds.join(seats, how="inner")
    astray = known[
        (known["lon"] < known["minx"] - NEAR)
        | (known["lon"] > known["maxx"] + NEAR)
        | (known["lat"] < known["miny"] - NEAR)
        | (known["lat"] > known["maxy"] + NEAR)
    ]
    if len(astray):
        raise SourceChanged(f"{name} draws {', '.join(astray.index[:3])} away from where it is.")


def _simplified(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Fewer points; a border that two areas share stays one line."""
    thinner = shapes.simplify_coverage(DETAIL)
    # An overlap in the source may leave a crossing line; such an area keeps its own points.
    return thinner.where(thinner.is_valid & ~thinner.is_empty, shapes)


def _must_be_whole(layers: dict[tuple[str, int], gpd.GeoDataFrame]) -> None:
    """A level has every area that the carried table has at admin 1, and lies within its country."""
    table = places.table()
    for (country, level), layer in layers.items():
        known = table[(table["location_code"] == country) & (table["admin_level"] == level)]
        absent = sorted(set(known["place_code"]) - set(layer["place_code"]))
        if level == 1 and absent:
            raise SourceChanged(f"The boundaries of {country} lack {', '.join(absent[:5])}.")
        outer = layers.get((country, 0))
        if outer is not None:
            west, south, east, north = outer.total_bounds
            box = shapely.box(west - NEAR, south - NEAR, east + NEAR, north + NEAR)
            outside = layer[~layer.geometry.within(box)]
            if len(outside):
                codes = ", ".join(outside["place_code"].head(3))
                raise SourceChanged(f"Boundaries of {codes} lie outside {country}.")


SOURCE: Final = Source(
    name="cod_ab",
    title="Official boundaries (COD-AB)",
    publisher="OCHA",
    homepage="https://data.humdata.org/dashboards/cod",
    licence=LICENCE,
    attribution=ATTRIBUTION,
    cadence=timedelta(days=30),
    late_after=timedelta(days=120),
    api=API,
    fetch=fetch,
    read=read,
    reading_depends_on=no_day,
    tables=("boundaries",),
)
