"""A whole release as tables of a PostgreSQL database with PostGIS, in a schema of their own.

All of it is one transaction: whoever reads sees the release before or this one. The tables stay
the same tables from one export to the next, so that views, rights and connections of other tools
stay too; a column that came later is added.
"""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import geopandas as gpd
import pandas as pd

from data.analysis import precedence
from data.publication import exports, harm, release_export
from data.publication.exports import CannotWrite
from data.schema.contract import Column, Table
from data.schema.tables import FIGURES, PLACES
from data.store import Release

if TYPE_CHECKING:
    from psycopg import Cursor, Error

SCHEMES: Final = ("postgresql", "postgres")
SCHEMA: Final = "nuzuh"
GEOMETRY: Final = "geometry"
CONNECT: Final = 10
"""Seconds until an address that does not answer is given up."""
LONGEST: Final = 600_000
"""Milliseconds that one statement may take."""
CHUNK: Final = 50_000
_NULL: Final = r"\N"
_SQL: Final = {
    "text": "text",
    "integer": "bigint",
    "number": "double precision",
    "date": "date",
    "timestamp": "timestamptz",
    "flag": "boolean",
}
_INDEXED: Final = ("figure_id", "place_code", "as_of", "source")
_RELEASE: Final = Table(
    "release",
    "The release that the other tables show.",
    (
        Column("release_id", "text", "Its id in the store."),
        Column("published_at", "timestamp", "When it was published."),
        Column("reason", "text", "Why."),
        Column("warning", "text", "What is wrong with it, where something is.", null="nothing is"),
    ),
    ("release_id",),
)


def to_database(
    release: Release, address: str, *, public: bool = True
) -> Iterator[tuple[str, int]]:
    """Write every figure and its companion tables, with the geometry of their places.

    Args:
        release: What is written.
        address: `postgresql://user@host:port/database`; a password better in PGPASSWORD or
            ~/.pgpass. It is never part of an error.
        public: Whether the harm check refuses what a public page must not show.

    Yields:
        Each table once all is written, and its rows.

    Raises:
        HarmFound: A figure must not leave; nothing was written then.
        CannotWrite: The database cannot be reached or written, in one sentence.
    """
    import psycopg

    figures = precedence.figures(release)
    if public:
        harm.refuse(figures)
    boundaries = release.boundaries()
    written = []
    try:
        with (
            psycopg.connect(
                address,
                connect_timeout=CONNECT,
                application_name="nuzuh export",
                options=f"-c statement_timeout={LONGEST}",
            ) as connection,
            connection.cursor() as cursor,
        ):
            _prepare(cursor)
            for table, rows in _tables(release, figures, boundaries):
                _fill(cursor, table, rows)
                written.append((f"{SCHEMA}.{table.name}", len(rows)))
    except psycopg.Error as error:
        raise CannotWrite(_problem_text(error, address)) from None
    except UnicodeError:
        raise CannotWrite(f"{_place(address)} is no address; mend it.") from None
    yield from written


def _tables(
    release: Release, figures: pd.DataFrame, boundaries: gpd.GeoDataFrame | None
) -> Iterator[tuple[Table, pd.DataFrame]]:
    yield FIGURES, exports.located(figures, None)
    for table, rows in release_export.companions(release):
        placed = table is PLACES
        yield table, exports.located(rows, boundaries) if placed else rows
    values = [release.id, release.published_at, release.reason, release.warning]
    yield _RELEASE, pd.DataFrame([values], columns=_RELEASE.names)


def _prepare(cursor: "Cursor[Any]") -> None:
    """The schema, and PostGIS where it may be switched on or is."""
    cursor.execute(f"create schema if not exists {SCHEMA}")
    cursor.execute("select 1 from pg_extension where extname = 'postgis'")
    if cursor.fetchone() is None:
        cursor.execute("create extension postgis")


def _fill(cursor: "Cursor[Any]", table: Table, rows: pd.DataFrame) -> None:
    """Make or widen a table, empty it and copy the rows in."""
    from psycopg import sql

    name = sql.Identifier(SCHEMA, table.name)
    spatial = isinstance(rows, gpd.GeoDataFrame)
    kinds = {column.name: _SQL[column.kind] for column in table.columns}
    if spatial:
        kinds |= {"geometry_from": "text", GEOMETRY: f"{_postgis(cursor)}.geometry(Geometry, 4326)"}
    cursor.execute(sql.SQL("create table if not exists {} ()").format(name))
    for column, kind in kinds.items():
        add = "alter table {} add column if not exists {} " + kind
        cursor.execute(sql.SQL(add).format(name, sql.Identifier(column)))
    statement = sql.SQL("comment on table {} is {}")
    cursor.execute(statement.format(name, sql.Literal(table.meaning)))
    for each in table.columns:
        statement = sql.SQL("comment on column {}.{} is {}")
        where = (sql.Identifier(SCHEMA, table.name), sql.Identifier(each.name))
        cursor.execute(statement.format(*where, sql.Literal(each.meaning)))
    cursor.execute(sql.SQL("truncate {}").format(name))
    names = sql.SQL(", ").join(sql.Identifier(column) for column in kinds)
    into = sql.SQL("copy {} ({}) from stdin with (format csv, null {})")
    with cursor.copy(into.format(name, names, sql.Literal(_NULL))) as copy:
        for start in range(0, len(rows), CHUNK):
            copy.write(_csv(rows.iloc[start : start + CHUNK], table, list(kinds)))
    for column in (*(n for n in _INDEXED if n in kinds), *([GEOMETRY] if spatial else [])):
        index = sql.Identifier(f"{table.name}_{column}")
        using = " using gist" if column == GEOMETRY else ""
        made = "create index if not exists {} on {}" + using + " ({})"
        cursor.execute(sql.SQL(made).format(index, name, sql.Identifier(column)))


def _postgis(cursor: "Cursor[Any]") -> str:
    """The schema that PostGIS lives in, quoted by the database itself."""
    cursor.execute(
        "select quote_ident(nspname) from pg_extension join pg_namespace n on n.oid = extnamespace "
        "where extname = 'postgis'"
    )
    found = cursor.fetchone()
    return str(found[0]) if found else "public"


def _csv(rows: pd.DataFrame, table: Table, names: list[str]) -> bytes:
    """The rows as COPY reads them; a missing value and an empty text are two things."""
    cast = table.cast(pd.DataFrame(rows)[table.names])
    for column in table.columns:
        values = cast[column.name]
        if column.kind == "date":
            cast[column.name] = values.dt.strftime("%Y-%m-%d")
        elif column.kind == "timestamp":
            cast[column.name] = values.map(lambda at: at.isoformat(), na_action="ignore")
    if isinstance(rows, gpd.GeoDataFrame):
        cast["geometry_from"] = rows["geometry_from"]
        cast[GEOMETRY] = rows.geometry.to_wkb(hex=True)
    out = io.StringIO()
    cast[names].to_csv(out, header=False, index=False, na_rep=_NULL, quotechar='"')
    return out.getvalue().encode()


def _place(address: str) -> str:
    """Host, port and database of an address, without who signs in and how."""
    try:
        found = urlsplit(address)
        port = f":{found.port}" if found.port else ""
        return f"{found.hostname or 'this machine'}{port}{found.path}"
    except ValueError:
        return "the database's address"


def _problem_text(error: "Error", address: str) -> str:
    """One sentence with a remedy; none of the driver's own words, which may quote the address."""
    state = error.sqlstate or ""
    reasons = {
        "28": "refuses the sign-in; look at user and password (PGPASSWORD or ~/.pgpass)",
        "3D": "does not exist; make it with createdb",
        "42501": "may not be written by this user, or PostGIS may not be switched on by it; have "
        "an administrator run `create extension postgis` and grant the rights",
        "0A000": "has no PostGIS; install it beside PostgreSQL",
        "58P01": "has no PostGIS; install it beside PostgreSQL",
        "42": "has tables of other kinds in its schema nuzuh; drop that schema or name another "
        "database",
        "53100": "has a full disk; make room there",
        "57014": "took more than ten minutes for one table; try again when it is less busy",
    }
    for code in (state, state[:2]):
        if code in reasons:
            return f"The database at {_place(address)} {reasons[code]}."
    if type(error).__name__ == "ProgrammingError" and not state:
        return f"{_place(address)} is no address of a database; mend what follows --to."
    text = str(error).lower()
    if "authentication" in text or "password" in text:
        return f"The database at {_place(address)} {reasons['28']}."
    if "does not exist" in text and "database" in text:
        return f"The database at {_place(address)} {reasons['3D']}."
    kind = type(error).__name__
    return (
        f"The database at {_place(address)} cannot be reached or written ({kind} {state}".rstrip()
        + "); look at the address and the line."
    )
