"""Figures as files for other tools: the one place where a page, a command or an edition makes them.

Pure: figures in, bytes out, a piece at a time where there are many. Every export is asked for harm
first, and a text that a spreadsheet would compute is made text. A page gives the file its
provenance (a citation with the address of the same view); without it a file has every column of
`tables.FIGURES`.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal

import pyarrow

from data.gazetteer import places
from data.publication import harm
from data.schema.arrow_rows import without_zone
from data.schema.contract import Column, Table
from data.schema.kinds import Kind
from data.schema.tables import FIGURES

if TYPE_CHECKING:  # what writes a table of numbers need not wait for them
    import geopandas as gpd
    import pandas as pd

Format = Literal["csv", "json", "parquet", "arrow", "xlsx", "geojson", "geoparquet"]


@dataclass(frozen=True, slots=True)
class Form:
    """What a format's file is called and what it can hold."""

    extension: str
    mime: str
    spatial: bool = False
    tagged: bool = False
    """Whether it can carry a row of HXL tags below its heading."""


FORMS: Final[Mapping[Format, Form]] = {
    "csv": Form("csv", "text/csv; charset=utf-8", tagged=True),
    "xlsx": Form(
        "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", tagged=True
    ),
    "json": Form("json", "application/json"),
    "parquet": Form("parquet", "application/vnd.apache.parquet"),
    "arrow": Form("arrow", "application/vnd.apache.arrow.stream"),
    "geojson": Form("geojson", "application/geo+json", spatial=True),
    "geoparquet": Form("geo.parquet", "application/vnd.apache.parquet", spatial=True),
}
ROWS: Final = 50_000
"""Rows of a piece: of a Parquet file's row group, of an Arrow stream's batch."""
EPOCH: Final = datetime(1980, 1, 1)  # noqa: DTZ001 - a workbook's times have no zone
MOST_ROWS: Final = 1_048_574
"""What a worksheet holds below its heading and a row of tags."""
# OWASP's list: what Excel and LibreOffice take for the start of a formula, full width included.
STARTS_A_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")
BOM: Final = b"\xef\xbb\xbf"
CRS: Final = 4326
DIGITS: Final = 5
"""Decimals of a coordinate in GeoJSON: a metre, finer than any boundary here."""


class CannotWrite(Exception):  # noqa: N818 - reads as a fact where it is raised
    """The file cannot be written as asked."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a file says about itself.

    Attributes:
        citation: One sentence for every row; it holds the address of the same view as it was
            known on that day.
        sources: Columns of `tables.SOURCES`: licence and attribution for the sheet of sources.
    """

    citation: str
    sources: "pd.DataFrame"


def _of_figures(*names: str) -> tuple[Column, ...]:
    by_name = {column.name: column for column in FIGURES.columns}
    return tuple(by_name[name] for name in names)


EXPORT: Final = Table(
    name="export",
    meaning="What a page's download holds: one row for each figure on the screen.",
    columns=(
        *_of_figures("figure_id", "place_code"),
        Column("place_name", "text", "Name in English", null="No name is known"),
        Column("place_name_ar", "text", "Name in Arabic", null="Not known"),
        Column("place_name_tr", "text", "Name in Turkish", null="Not known"),
        *_of_figures(
            "population_group",
            "measure",
            "unit",
            "value",
            "value_raw",
            "missing_reason",
            "qualifier",
            "as_of",
            "reference_period_start",
            "reference_period_end",
            "cumulative_since",
            "location_code",
            "admin_level",
            "admin1_code",
            "admin2_code",
            "admin3_code",
            "origin_code",
            "origin_location_code",
            "asylum_location_code",
            "category",
            "gender",
            "age_range",
            "operation",
            "reporting_round",
            "publisher",
            "dataset",
            "published_on",
            "known_from",
            "retrieved_at",
            "source",
            "source_url",
            "licence",
            "caveat",
            "content_sha256",
            "locator",
        ),
        Column(
            "citation", "text", "How to cite it, with the address of the view it was taken from"
        ),
    ),
    key=("figure_id",),
)
GEOMETRY_FROM: Final = Column(
    "geometry_from",
    "text",
    "boundary: the official polygon; seat: the point of the seat",
    null="The place has neither",
)
TAGS: Final[Mapping[str, str]] = {
    "figure_id": "#meta+id",
    "place_code": "#loc+code",
    "place_name": "#loc+name+i_en",
    "place_name_ar": "#loc+name+i_ar",
    "place_name_tr": "#loc+name+i_tr",
    "population_group": "#affected+type+code",
    "measure": "#indicator+type",
    "unit": "#indicator+unit",
    "value": "#indicator+value+num",
    "value_raw": "#indicator+value+text",
    "missing_reason": "#status+missing",
    "qualifier": "#status+precision",
    "as_of": "#date+occurred",
    "reference_period_start": "#date+start",
    "reference_period_end": "#date+end",
    "cumulative_since": "#date+since",
    "location_code": "#country+code+v_iso3",
    "admin_level": "#geo+admin_level",
    "admin1_code": "#adm1+code+v_pcode",
    "admin2_code": "#adm2+code+v_pcode",
    "admin3_code": "#adm3+code+v_pcode",
    "origin_code": "#loc+origin+code",
    "origin_location_code": "#country+origin+code+v_iso3",
    "asylum_location_code": "#country+asylum+code+v_iso3",
    "category": "#affected+category",
    "gender": "#affected+gender",
    "age_range": "#affected+age",
    "operation": "#operations+code",
    "reporting_round": "#meta+round",
    "publisher": "#org+name+publisher",
    "dataset": "#meta+dataset",
    "published_on": "#date+published",
    "known_from": "#date+known",
    "retrieved_at": "#date+retrieved",
    "source": "#meta+source+code",
    "source_url": "#meta+source+url",
    "licence": "#meta+licence",
    "caveat": "#description+caveat+code",
    "content_sha256": "#meta+hash",
    "locator": "#meta+locator",
    "citation": "#meta+citation",
}
"""HXL tag of every column of a download; the count is narrowed to its group where it has one."""
COUNTED: Final[Mapping[str, str]] = {
    "REF": "#affected+refugees",
    "ASY": "#affected+asylum_seekers",
    "IDP": "#affected+idps",
    "RET": "#affected+returnees",
    "RDP": "#affected+idps+returnees",
    "OIP": "#affected+oip",
    "NEWDISP": "#affected+idps+new",
    "IDP_ARR": "#affected+idps+arrivals",
    "IDP_DEP": "#affected+idps+departures",
    "PIN": "#inneed",
}
COUNTED_IN: Final[Mapping[str, str]] = {
    "people": "{group}",
    "families": "{group}+hh",
    "movements": "#indicator+movements+num",
}
"""The tag of a count by its unit: people, households, and moves, which are no people."""


def as_bytes(
    figures: "pd.DataFrame",
    form: Format,
    *,
    provenance: Provenance | None = None,
    boundaries: "gpd.GeoDataFrame | None" = None,
    bom: bool = False,
    semicolons: bool = False,
    hxl: bool = False,
    public: bool = True,
) -> bytes:
    """The figures in one format, UTF-8 where it is text.

    Args:
        figures: Columns of `tables.FIGURES`.
        form: csv has days as YYYY-MM-DD and nothing where there is a null; json is a list of
            objects with null as null; parquet, geoparquet and xlsx keep the types.
        provenance: Makes it a page's download, in the columns of `EXPORT`; every column without.
        boundaries: Official polygons, for the formats with a geometry; without them a place is
            the point of its seat.
        bom: A byte order mark in front of a CSV, without which Excel garbles Arabic and Turkish.
        semicolons: Between the columns of a CSV instead of commas, as Excel reads it where the
            comma is the decimal sign; a byte order mark goes with them.
        hxl: A row of HXL tags below the heading, where the format has room for one.
        public: Whether the harm check refuses what a public page must not show.

    Raises:
        HarmFound: A row must not be published; there is no file then.
        CannotWrite: More rows than a worksheet holds.
    """
    if provenance is None and form in PIECEMEAL and not hxl:
        pieces = as_pieces(
            [FIGURES.rows(figures)],
            form,
            boundaries=boundaries,
            bom=bom,
            semicolons=semicolons,
            public=public,
        )
        return b"".join(pieces)
    if public:
        harm.refuse(figures)
    table, rows = (
        (FIGURES, figures) if provenance is None else (EXPORT, _shown(figures, provenance))
    )
    tags = _tags(table, figures) if hxl and FORMS[form].tagged else None
    if form == "xlsx":
        return _xlsx(rows, table, tags, _sources(figures, provenance), provenance)
    if form == "geoparquet":
        return of_table(rows, table, form, boundaries)
    asked = _Asked(table, tags, boundaries, provenance, bom, semicolons)
    return b"".join(_PIECES[form](iter([table.rows(rows)]), asked))


def as_pieces(
    pieces: Iterable[pyarrow.Table],
    form: Format,
    *,
    boundaries: "gpd.GeoDataFrame | None" = None,
    bom: bool = False,
    semicolons: bool = False,
    public: bool = True,
) -> Iterator[bytes]:
    """The bytes of `as_bytes`, a piece at a time: what is held in memory is one of them.

    Args:
        pieces: Columns of `tables.FIGURES`, in the order of the file.
        form: One of `PIECEMEAL`.
        boundaries: As for `as_bytes`.
        bom: As for `as_bytes`.
        semicolons: As for `as_bytes`.
        public: As for `as_bytes`.

    Raises:
        HarmFound: A row must not be published; what was given out before it is no whole file.
    """
    asked = _Asked(FIGURES, None, boundaries, None, bom, semicolons)
    yield from _PIECES[form](_harmless_pieces(pieces) if public else iter(pieces), asked)


def may_leave(figures: "pd.DataFrame", *, public: bool = True) -> bool:
    """Whether the harm check lets these figures out; a page asks before it offers a button."""
    try:
        if public:
            harm.refuse(figures)
    except harm.HarmFound:
        return False
    return True


def records(
    figures: "pd.DataFrame | pyarrow.Table", table: Table = FIGURES
) -> list[dict[str, Any]]:
    """One dictionary for each row: whole numbers as int, days as text, null as None."""
    rows = figures if isinstance(figures, pyarrow.Table) else table.rows(figures[table.names])
    columns = {c.name: _plain_column(rows[c.name], c.kind) for c in table.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def record(figure: Mapping[str, Any], table: Table = FIGURES) -> dict[str, Any]:
    """One row as `records` gives it."""
    from pandas import isna

    values = ((column, figure[column.name]) for column in table.columns)
    return {c.name: None if isna(v) else _plain(v, c.kind) for c, v in values}


def located(figures: "pd.DataFrame", boundaries: "gpd.GeoDataFrame | None") -> "gpd.GeoDataFrame":
    """The rows with the geometry of their place, EPSG:4326.

    Args:
        figures: Any rows with `place_code`.
        boundaries: place_code and geometry: official polygons; None where there are none.

    Returns:
        The rows with `geometry_from` (boundary or seat; null where a place has neither, as a
        region without exact borders) and `geometry`.
    """
    import geopandas as gpd
    import pandas as pd

    known = places.table().set_index("place_code")
    codes = figures["place_code"]
    seats = known[known["lat"].notna() & known["lon"].notna() & known["admin_level"].notna()]
    points = gpd.GeoSeries.from_xy(
        seats["lon"].astype(float), seats["lat"].astype(float), index=seats.index
    )
    shapes = dict(zip(points.index, points, strict=True))
    kinds = dict.fromkeys(shapes, "seat")
    if boundaries is not None:
        official = boundaries.to_crs(CRS).drop_duplicates("place_code")
        shapes |= dict(zip(official["place_code"], official.geometry, strict=True))
        kinds |= dict.fromkeys(official["place_code"], "boundary")
    geometry = gpd.GeoSeries([shapes.get(code) for code in codes], index=figures.index, crs=CRS)
    kind = pd.Series([kinds.get(code) for code in codes], index=figures.index, dtype="string")
    return gpd.GeoDataFrame(figures.assign(geometry_from=kind), geometry=geometry, crs=CRS)


def features(rows: "gpd.GeoDataFrame", table: Table = FIGURES) -> list[dict[str, Any]]:
    """GeoJSON features of rows that `located` gave: every column a property."""
    from shapely import orient_polygons, set_precision
    from shapely.geometry import mapping

    shapes = {
        # Outer rings run against the clock, as RFC 7946 asks.
        id(shape): mapping(orient_polygons(set_precision(shape, 10**-DIGITS)))
        for shape in rows.geometry
        if shape is not None
    }
    return [
        {
            "type": "Feature",
            "geometry": None if shape is None else shapes[id(shape)],
            "properties": {**properties, "geometry_from": kind if isinstance(kind, str) else None},
        }
        for shape, kind, properties in zip(
            rows.geometry, rows["geometry_from"], records(rows, table), strict=True
        )
    ]


def of_table(
    rows: "pd.DataFrame",
    table: Table,
    form: Format,
    boundaries: "gpd.GeoDataFrame | None" = None,
) -> bytes:
    """Rows of any table in one format, by the writers of the figures.

    Args:
        rows: In the types of the table; those of a format with a geometry have `place_code`.
        table: Its columns.
        form: As for `as_bytes`.
        boundaries: As for `as_bytes`.
    """
    if form == "xlsx":
        return _xlsx(rows, table)
    if form == "geoparquet":
        return _geoparquet(located(rows, boundaries), table)
    asked = _Asked(table, boundaries=boundaries)
    return b"".join(_PIECES[form](iter([table.rows(rows[table.names])]), asked))


def harmless(value: Any) -> Any:
    """A text that a spreadsheet would compute, made text; a lone dash computes nothing."""
    if isinstance(value, str) and len(value) > 1 and value.startswith(STARTS_A_FORMULA):
        return f"'{value}"
    return value


def _shown(figures: "pd.DataFrame", provenance: Provenance) -> "pd.DataFrame":
    names = places.table().set_index("place_code")
    return EXPORT.cast(
        figures.assign(
            place_name=figures["place_code"].map(names["name_en"]),
            place_name_ar=figures["place_code"].map(names["name_ar"]),
            place_name_tr=figures["place_code"].map(names["name_tr"]),
            citation=provenance.citation,
        )[EXPORT.names]
    )


def _sources(figures: "pd.DataFrame", provenance: Provenance | None) -> "pd.DataFrame":
    """One row for each series of a publisher in the figures, with its licence."""
    by = ["source", "publisher", "dataset", "licence"]
    found = figures.groupby(by, dropna=False, as_index=False).agg(
        figures=("figure_id", "size"), first_as_of=("as_of", "min"), last_as_of=("as_of", "max")
    )
    columns = ["source", "homepage", "attribution"]
    if provenance is None or provenance.sources.empty:
        return found.assign(homepage=None, attribution=None)
    return found.merge(provenance.sources[columns], on="source", how="left")


def _tags(table: Table, figures: "pd.DataFrame") -> list[str]:
    return [({**TAGS, "value": _counted(figures)}).get(name, "") for name in table.names]


def _counted(figures: "pd.DataFrame") -> str:
    """The tag of the count: narrow only where every row counts one group in one unit and kind."""
    kinds = figures[["population_group", "unit", "measure"]].drop_duplicates()
    if len(kinds) != 1:
        return TAGS["value"]
    group, unit = kinds["population_group"].iloc[0], kinds["unit"].iloc[0]
    if group not in COUNTED or unit not in COUNTED_IN:
        return TAGS["value"]
    return COUNTED_IN[unit].format(group=COUNTED[group])


def _plain_column(
    values: pyarrow.ChunkedArray, kind: Kind, say: Callable[[Any], Any] = lambda value: value
) -> list[Any]:
    """What `say` makes of `_plain` of each value; asked once of those that are the same."""
    if kind == "timestamp":
        values = without_zone(values)
    coded = values.combine_chunks().dictionary_encode()
    said: dict[int | None, Any] = {
        n: say(_plain(v, kind)) for n, v in enumerate(coded.dictionary.to_pylist())
    }
    said[None] = say(None)
    return [said[code] for code in coded.indices.to_pylist()]


def _plain(value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    if kind == "integer":
        return int(value)
    if kind == "flag":
        return bool(value)
    if kind == "date":
        return f"{value:%Y-%m-%d}"
    if kind == "timestamp":
        return datetime.fromisoformat(str(value)).isoformat().removesuffix("+00:00") + "Z"
    return value


@dataclass(frozen=True, slots=True)
class _Asked:
    """How a file is wanted; see `as_bytes`."""

    table: Table
    tags: Sequence[str] | None = None
    boundaries: "gpd.GeoDataFrame | None" = None
    provenance: Provenance | None = None
    bom: bool = False
    semicolons: bool = False


def _harmless_pieces(pieces: Iterable[pyarrow.Table]) -> Iterator[pyarrow.Table]:
    for rows in pieces:
        harm.refuse(rows)
        yield rows


def _csv(pieces: Iterator[pyarrow.Table], asked: _Asked) -> Iterator[bytes]:
    """The heading first, also where there is no row."""
    marked = BOM if asked.bom or asked.semicolons else b""
    yield marked + _lines([asked.table.names, *([asked.tags] if asked.tags else [])], asked)
    for rows in pieces:
        columns = [_plain_column(rows[c.name], c.kind, _cell) for c in asked.table.columns]
        yield _lines(zip(*columns, strict=True), asked)


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else harmless(value)


def _lines(rows: Iterable[Sequence[Any]], asked: _Asked) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";" if asked.semicolons else ",", lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def _json(pieces: Iterator[pyarrow.Table], asked: _Asked) -> Iterator[bytes]:
    """A list of objects, one space deep, whatever the pieces it is written in."""
    opened = False
    for rows in pieces:
        found = records(rows, asked.table)
        if not found:
            continue
        # Between "[\n" and "\n]" of a list of its own.
        inner = json.dumps(found, ensure_ascii=False, indent=1)[2:-2]
        yield ((",\n" if opened else "[\n") + inner).encode()
        opened = True
    yield b"\n]\n" if opened else b"[]\n"


def _parquet(pieces: Iterator[pyarrow.Table], asked: _Asked) -> Iterator[bytes]:
    """One row group for every `ROWS` rows."""
    from pyarrow.parquet import ParquetWriter

    sink = _Drained()
    with ParquetWriter(sink, asked.table.arrow, compression="zstd") as writer:
        for typed in _cut(pieces):
            writer.write_table(typed)
            yield sink.taken()
    yield sink.taken()


def _arrow(pieces: Iterator[pyarrow.Table], asked: _Asked) -> Iterator[bytes]:
    """Arrow's streaming format, one batch for every `ROWS` rows."""
    from pyarrow import ipc

    sink = _Drained()
    with ipc.new_stream(sink, asked.table.arrow) as writer:
        for typed in _cut(pieces):
            writer.write_table(typed)
            yield sink.taken()
    yield sink.taken()


def _cut(pieces: Iterator[pyarrow.Table]) -> Iterator[pyarrow.Table]:
    """Tables of `ROWS` rows each but the last, however the pieces are cut."""
    waiting: list[pyarrow.Table] = []
    held = 0
    for rows in pieces:
        waiting.append(rows)
        held += len(rows)
        while held >= ROWS:
            whole = pyarrow.concat_tables(waiting)
            yield _copied(whole, 0, ROWS)
            waiting, held = [whole.slice(ROWS)], held - ROWS
    if held:
        yield _copied(pyarrow.concat_tables(waiting), 0, held)


def _copied(whole: pyarrow.Table, first: int, rows: int) -> pyarrow.Table:
    """Rows in buffers of their own: a slice would bring what lies around it into the file."""
    return whole.take(list(range(first, first + rows))).combine_chunks()


class _Drained(io.RawIOBase):
    """A file that is taken away as it is written."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._length = 0

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        self._length += len(self._pieces[-1])
        return len(self._pieces[-1])

    def tell(self) -> int:
        return self._length

    def taken(self) -> bytes:
        """What was written since it was last asked."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _geojson(pieces: Iterator[pyarrow.Table], asked: _Asked) -> Iterator[bytes]:
    """A FeatureCollection; what it says of itself stands behind its features."""
    licences: set[str] = set()
    yield b'{"type": "FeatureCollection", "features": ['
    opened = False
    for rows in pieces:
        found = features(located(asked.table.frame(rows), asked.boundaries), asked.table)
        if found:
            inner = json.dumps(found, ensure_ascii=False)[1:-1]
            yield ((", " if opened else "") + inner).encode()
            opened = True
        if asked.provenance is not None:
            licences |= set(rows["licence"].to_pylist())
    closing = "]"
    if asked.provenance is not None:
        of_itself = {"citation": asked.provenance.citation, "licence": sorted(licences)}
        closing += ", " + json.dumps(of_itself, ensure_ascii=False)[1:-1]
    yield f"{closing}}}\n".encode()


_PIECES: Final[Mapping[str, Callable[[Iterator[pyarrow.Table], _Asked], Iterator[bytes]]]] = {
    "csv": _csv,
    "json": _json,
    "parquet": _parquet,
    "arrow": _arrow,
    "geojson": _geojson,
}
PIECEMEAL: Final = frozenset(_PIECES)
"""Formats that can be written a piece at a time."""


def _geoparquet(rows: "gpd.GeoDataFrame", table: Table) -> bytes:
    import pandas as pd

    typed = rows.copy()
    for column in table.columns:
        if column.kind == "date":  # as days, not as midnights
            days = [None if pd.isna(day) else day.date() for day in rows[column.name]]
            typed[column.name] = pd.Series(days, index=rows.index, dtype="object")
    out = io.BytesIO()
    typed[[*table.names, GEOMETRY_FROM.name, "geometry"]].to_parquet(
        out, index=False, compression="zstd"
    )
    return out.getvalue()


def _fetched(rows: "pd.DataFrame") -> datetime:
    """When the newest of the rows was fetched; the first day of workbooks where none says."""
    times = rows["retrieved_at"].dropna() if "retrieved_at" in rows else ()
    return max(times).to_pydatetime().replace(tzinfo=None) if len(times) else EPOCH


def _xlsx(
    rows: "pd.DataFrame",
    table: Table,
    tags: Sequence[str] | None = None,
    sources: "pd.DataFrame | None" = None,
    provenance: Provenance | None = None,
) -> bytes:
    import xlsxwriter  # type: ignore[import-untyped]

    if len(rows) > MOST_ROWS:
        raise CannotWrite(f"A worksheet holds {MOST_ROWS:,} rows; narrow the question or take CSV.")
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        # The same rows are the same file, whenever it is made.
        book.set_properties({"created": _fetched(rows)})
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(table.name if sources is None else "figures")
        sheet.write_row(0, 0, table.names, bold)
        first = 1 if tags is None else 2
        if tags is not None:
            sheet.write_row(1, 0, tags)
        sheet.freeze_panes(first, 0)
        for column, declared in enumerate(table.columns):
            _column(sheet, first, column, rows[declared.name], declared.kind, day)
        # From the row above the figures: a filter takes the row of tags for no figure.
        sheet.autofilter(first - 1, 0, max(len(rows) + first - 1, first), len(table.names) - 1)
        if sources is not None:
            _sources_sheet(book.add_worksheet("sources"), sources, provenance, bold, day)
    return out.getvalue()


def _sources_sheet(
    sheet: Any, sources: "pd.DataFrame", provenance: Provenance | None, bold: Any, day: Any
) -> None:
    """One row for each series of a publisher, and how to cite them all."""
    sheet.write_row(0, 0, list(sources.columns), bold)
    kinds: dict[str, Kind] = {"figures": "integer", "first_as_of": "date", "last_as_of": "date"}
    for column, name in enumerate(sources.columns):
        _column(sheet, 1, column, sources[name], kinds.get(str(name), "text"), day)
    if provenance is not None:
        sheet.write_string(len(sources) + 2, 0, "citation", bold)
        sheet.write_string(len(sources) + 2, 1, provenance.citation)


def _column(
    sheet: Any, first: int, column: int, values: "pd.Series[Any]", kind: Kind, day: Any
) -> None:
    """The values of one column below its heading, in their types; a null stays an empty cell."""
    from pandas import isna

    for row, value in enumerate(values, start=first):
        if isna(value):
            continue
        if kind == "date":
            sheet.write_datetime(row, column, value.to_pydatetime(), day)
        elif kind in ("integer", "number"):
            sheet.write_number(row, column, value)
        elif kind == "flag":
            sheet.write_boolean(row, column, bool(value))
        else:
            # As text: a cell that begins like a formula stays what was printed.
            sheet.write_string(row, column, str(_plain(value, kind)))
