"""One immutable picture of everything published, and the questions asked of it."""

import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import duckdb
import pyarrow
from pyarrow import compute

from data.schema.arrow_rows import in_order
from data.schema.contract import Table
from data.schema.tables import FIGURES, TABLES
from data.store import columns as columns_of
from data.store import extents, history
from data.store.manifest import File, Manifest
from data.store.objects import Objects
from data.store.problems import StoreBroken
from data.store.vintages import WITHDRAWN

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

_BY_NAME: Final = {table.name: table for table in TABLES}
_SQL: Final = {
    "text": "varchar",
    "integer": "bigint",
    "number": "double",
    "date": "date",
    "timestamp": "timestamptz",
    "flag": "boolean",
}
_NO_FIGURES: Final = ", ".join(f"null::{_SQL[c.kind]} as {c.name}" for c in FIGURES.columns)


@dataclass(frozen=True)
class FigureFilter:
    """Which figures. Empty means every one; several values of one field mean any of them.

    Attributes:
        place: Codes; an ISO3 code also finds figures of that country of asylum.
        within: Codes of places whose own and whose parts' figures are wanted.
        value: Numbers.
        least: The smallest number wanted.
        most: The largest number wanted.
        exactly: Codes of the places themselves, of no part and no country of asylum.
        since: First as_of wanted.
        until: Last as_of wanted.
        as_known_on: Show what was known at the end of that day; None for now.
        undated: As known on a day, show figures whose day of publication nobody knows as well,
            where their own day had come.
    """

    place: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    measure: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()
    asylum: tuple[str, ...] = ()
    figure_id: tuple[str, ...] = ()
    admin_level: tuple[int, ...] = ()
    value: tuple[int, ...] = ()
    least: int | None = None
    most: int | None = None
    exactly: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    as_known_on: date | None = None
    undated: bool = False

    def choices(self) -> Iterator[tuple[tuple[Any, ...], tuple[str, ...]]]:
        """What is asked by values: some of these in any of those columns, for each in turn."""
        asked: list[tuple[tuple[Any, ...], tuple[str, ...]]] = [
            (self.place, ("place_code", *_of_countries("asylum_location_code", self.place))),
            (
                self.within,
                (
                    "place_code",
                    "admin1_code",
                    "admin2_code",
                    "admin3_code",
                    *_of_countries("location_code", self.within),
                ),
            ),
            (self.group, ("population_group",)),
            (self.measure, ("measure",)),
            (self.unit, ("unit",)),
            (self.source, ("source", "via")),
            (self.origin, ("origin_code", "origin_location_code", "origin_admin1_code")),
            (self.asylum, ("asylum_location_code",)),
            (self.figure_id, ("figure_id",)),
            (self.admin_level, ("admin_level",)),
            (self.value, ("value",)),
            (self.exactly, ("place_code",)),
        ]
        yield from ((values, columns) for values, columns in asked if values)

    def conditions(self) -> tuple[str, list[Any]]:
        """As SQL with its parameters; values are never part of the text."""
        clauses, parameters = ["true"], []
        for values, columns in self.choices():
            marks = ", ".join("?" * len(values))
            clauses.append("(" + " or ".join(f"{c} in ({marks})" for c in columns) + ")")
            parameters += list(values) * len(columns)
        for bound, sign in ((self.least, ">="), (self.most, "<=")):
            if bound is not None:
                clauses.append(f"value {sign} ?")
                parameters.append(bound)
        if self.since is not None:
            clauses.append("as_of >= ?")
            parameters.append(self.since)
        if self.until is not None:
            clauses.append("as_of <= ?")
            parameters.append(self.until)
        return " and ".join(clauses), parameters


def _known(wanted: FigureFilter) -> tuple[str, list[Any]]:
    """As SQL with its parameters: the vintages that were known on a day, or may have been."""
    if not wanted.undated:
        return "known_from <= ?", [wanted.as_known_on]
    unknown = f"contains(coalesce(caveat, ''), '{UNDATED}')"
    return f"(known_from <= ? or ({unknown} and as_of <= ?))", [wanted.as_known_on] * 2


def _of_countries(column: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    """A column of countries, where one is asked for: without it files are pruned by place."""
    return (column,) if any(len(code) == 3 and code.isalpha() for code in codes) else ()


UNDATED: Final = "publication_date_unknown"
"""The caveat of a figure whose day of publication nobody knows: it is known from the day on which
it was noted, years later than its readers knew it."""
EVERYTHING: Final = FigureFilter()


class Release:
    """Answers from the files that one manifest names, and from nothing else."""

    def __init__(
        self,
        objects: Objects,
        manifest: Manifest,
        warning: str | None = None,
        away_since: datetime | None = None,
        *,
        history_lost: bool = False,
        newest: bool = True,
    ) -> None:
        self._objects = objects
        self.manifest = manifest
        self.warning = warning
        """A sentence where this is not the newest release but the last good one, or where its
        history is damaged."""
        self.newest = newest
        """Whether it is the newest release there is."""
        self.history_lost = history_lost
        """Whether every number is there but not all of what was known before."""
        self.away_since = away_since
        """Since when the store that this is mirrored from has not answered; None while it does."""
        self._rows: dict[File, pyarrow.Table] = {}

    @property
    def id(self) -> str:
        """The release's id."""
        return self.manifest.release

    @property
    def published_at(self) -> datetime:
        """When it was published."""
        return self.manifest.published_at

    @property
    def reason(self) -> str:
        """Why it was published, as the publisher put it."""
        return self.manifest.reason

    def count(self) -> int:
        """How many figures there are, withdrawn ones included."""
        return sum(file.rows for file in self.manifest.figures.values())

    def matching(self, wanted: FigureFilter = EVERYTHING) -> int:
        """How many figures `figures` would give, counted where they lie."""
        chosen, parameters = self._chosen(wanted)
        found = self._answer(f"select count(*) as n from {chosen}", parameters)  # noqa: S608
        return int(found["n"][0].as_py())

    def figures(
        self, wanted: FigureFilter = EVERYTHING, columns: Sequence[str] | None = None
    ) -> "pd.DataFrame":
        """Figures in the columns of `tables.FIGURES`: now, or as known on a past day.

        One row for each figure; a figure that was withdrawn is left out.
        """
        if columns is None:
            return FIGURES.frame(self.figure_rows(wanted))
        chosen, parameters = self._chosen(wanted)
        return self._run(f"select {self._columns(columns)} from {chosen}", parameters)  # noqa: S608

    def figure_rows(self, wanted: FigureFilter = EVERYTHING) -> pyarrow.Table:
        """What `figures` gives, in Arrow: whoever needs no frame does not wait for pandas."""
        chosen, parameters = self._chosen(wanted)
        query = f"select {self._columns(None)} from {chosen}"  # noqa: S608
        ordered = f"{query} order by {', '.join(FIGURES.order)}"
        return self._answer(ordered, parameters).cast(FIGURES.arrow)

    def of_source(self, source: str) -> pyarrow.Table:
        """What `figures` gives of one source, in the order of its file: without a question to ask.

        Raises:
            StoreBroken: Its file is missing, or not the one that was published.
        """
        file = self.manifest.figures.get(source)
        found = FIGURES.none if file is None else self.rows(file)
        gone = compute.fill_null(compute.equal(found["missing_reason"], WITHDRAWN), False)
        return found.filter(compute.invert(gone)) if compute.any(gone).as_py() else found

    def rows(self, file: File) -> pyarrow.Table:
        """The rows of a file of figures, withdrawn ones included; read once.

        Raises:
            StoreBroken: It is missing, or not the one that was published.
        """
        if file not in self._rows:
            with _as_store_broken(self._objects.address):
                self._rows[file] = columns_of.figures(self._objects, file)
        return self._rows[file]

    def of_sources(self, sources: Sequence[str]) -> pyarrow.Table:
        """What `figures` gives of several sources, which may have delivered each other's series."""
        delivered = (self.manifest.deliveries.get(source, ()) for source in sources)
        series = sorted({*sources, *chain.from_iterable(delivered)})
        rows = pyarrow.concat_tables([self.of_source(name) for name in series])
        asked = pyarrow.array(sources, pyarrow.string())
        by = (compute.is_in(rows[name], asked) for name in ("source", "via"))
        return in_order(rows.filter(compute.or_(*by)), FIGURES.order)

    def vintages_of(self, source: str, columns: Sequence[str]) -> pyarrow.Table:
        """Columns of every vintage of one series, as its files hold them.

        Raises:
            StoreBroken: A file is missing, or not the one that was published.
        """
        files = (None, *self.manifest.vintages.get(source, ()))
        with _as_store_broken(self._objects.address):
            parts = [columns_of.figures(self._objects, file, list(columns)) for file in files]
        return pyarrow.concat_tables(parts)

    def sizes(self, wanted: FigureFilter = EVERYTHING, *, vintages: bool = False) -> dict[str, int]:
        """How many rows each place has in `figures`, or in `vintages`, in the order of figures."""
        if vintages:
            where, parameters = self._said(wanted)
            chosen = f"({self._history(wanted)}) where {where}"
        else:
            chosen, parameters = self._chosen(wanted)
        found = self._answer(
            f"select place_code, count(*) as n, min(location_code) as location from {chosen} "  # noqa: S608
            "group by place_code order by location, place_code",
            parameters,
        )
        return {row["place_code"]: row["n"] for row in found.to_pylist()}

    def _said(self, wanted: FigureFilter) -> tuple[str, list[Any]]:
        """Which vintages were published by the day that is asked about, as SQL."""
        where, parameters = wanted.conditions()
        if wanted.as_known_on is not None:
            known, days = _known(wanted)
            where += f" and {known}"
            parameters += days
        return where, parameters

    def _chosen(self, wanted: FigureFilter) -> tuple[str, list[Any]]:
        """What follows `from` in a query for these figures, and its parameters."""
        where, parameters = wanted.conditions()
        if wanted.as_known_on is None:
            relation = self._latest(wanted)
        else:
            # Conditions on the key narrow the search; those on what was said (the day, the
            # delivering source) may only be asked of the vintage that was last on that day.
            of_key = replace(
                wanted, source=(), value=(), least=None, most=None, since=None, until=None
            )
            inside, narrowing = of_key.conditions()
            known, days = _known(wanted)
            relation = (
                f"{self._history(of_key)} where {known} and {inside} "
                "qualify row_number() over (partition by figure_id "
                "order by known_from <= ? desc, known_from desc, retrieved_at desc) = 1"
            )
            parameters = [*days, *narrowing, wanted.as_known_on, *parameters]
        kept = "missing_reason is distinct from 'withdrawn'"
        return f"({relation}) where {where} and {kept}", parameters

    def undated(self, wanted: FigureFilter) -> int:
        """How many more figures `undated` would show as known on the day of `wanted`."""
        if wanted.as_known_on is None:
            return 0
        strict = self.matching(replace(wanted, undated=False))
        return self.matching(replace(wanted, undated=True)) - strict

    def vintages(
        self, wanted: FigureFilter = EVERYTHING, columns: Sequence[str] | None = None
    ) -> "pd.DataFrame":
        """Every vintage, withdrawals included, ordered by figure_id, known_from, retrieved_at."""
        if columns is None:
            return FIGURES.frame(self.vintage_rows(wanted))
        return self._vintages(wanted, columns).to_pandas(date_as_object=False)

    def vintage_rows(self, wanted: FigureFilter = EVERYTHING) -> pyarrow.Table:
        """What `vintages` gives, in Arrow."""
        return self._vintages(wanted, None).cast(FIGURES.arrow)

    def _vintages(self, wanted: FigureFilter, columns: Sequence[str] | None) -> pyarrow.Table:
        where, parameters = self._said(wanted)
        query = (
            f"select {self._columns(columns)} from ({self._history(wanted)}) where {where} "  # noqa: S608
            "order by figure_id, known_from, retrieved_at"
        )
        return self._answer(query, parameters)

    def arrived(self, at: datetime) -> "frozenset[tuple[str, pd.Timestamp, pd.Timestamp]] | None":
        """The vintages that came into this store after a moment.

        Returns:
            (figure_id, known_from, retrieved_at) of each; None where the store's first release is
            younger than the moment, so that everything would seem to have arrived since.
        """
        files = [file for files in self.manifest.vintages.values() for file in files]
        stamps = {file: history.first_and_last(file.path) for file in files}
        if not files or min(first for first, _ in stamps.values()) > at:
            return None
        late = [file for file, (_, last) in stamps.items() if last > at]
        mixed = [file for file in late if history.is_of_many(file.path)]
        asked = "select figure_id, known_from, retrieved_at from"
        alone = self._read([file for file in late if file not in mixed])
        query, parameters = f"{asked} {alone}", []
        if mixed:
            merged = self._read(mixed, ("figure_id", "known_from", "retrieved_at", history.ARRIVED))
            query += f" union all {asked} {merged} where {history.ARRIVED} > ?"
            parameters = [f"{at.astimezone(UTC):%Y%m%dT%H%M%S%fZ}~"]
        found = FIGURES.cast(self._run(query, parameters))
        columns = (found[name] for name in ("figure_id", "known_from", "retrieved_at"))
        return frozenset(zip(*columns, strict=True))

    def table(self, name: str) -> "pd.DataFrame":
        """A companion table over all sources; no rows where none was delivered."""
        return _BY_NAME[name].frame(self.table_rows(name))

    def table_rows(self, name: str) -> pyarrow.Table:
        """What `table` gives, in Arrow."""
        table: Table = _BY_NAME[name]
        files = list(self.manifest.tables.get(name, {}).values())
        if not files:
            return table.none
        query = f"select * from {self._read(files, table.names, table)}"  # noqa: S608
        return self._answer(query, []).cast(table.arrow)

    def boundaries(self) -> "gpd.GeoDataFrame | None":
        """Official boundaries, where they were fetched: one row for each place and level."""
        files = list(self.manifest.tables.get("boundaries", {}).values())
        if not files:
            return None
        import geopandas  # whoever asks for figures alone does without
        from pandas import concat

        paths = self._whole(files)
        with _as_store_broken(self._objects.address):
            frames = [geopandas.read_parquet(path) for path in paths]
        return geopandas.GeoDataFrame(concat(frames, ignore_index=True), crs=frames[0].crs)

    def sql(self, query: str, parameters: list[Any]) -> "pd.DataFrame":
        """A query over `figures`, the relation of the latest figures."""
        return self._run(query, parameters, f"create temp view figures as {self._latest()}")

    def _run(self, query: str, parameters: list[Any], before: str = "") -> "pd.DataFrame":
        return self._answer(query, parameters, before).to_pandas(date_as_object=False)

    def _answer(self, query: str, parameters: list[Any], before: str = "") -> pyarrow.Table:
        with _as_store_broken(self._objects.address), _connected() as connection:
            if before:
                connection.execute(before)

            return _answered(connection, query, parameters)

    def fetches(self, source: str) -> tuple[str, ...]:
        """Every stored fetch that the runs of a source read, newest last.

        Raises:
            StoreBroken: Those of long ago cannot be told: their file is missing or altered.
        """
        return history.fetches(self._objects, self.manifest, source)

    def _latest(self, wanted: FigureFilter = EVERYTHING) -> str:
        return self._holding(list(self.manifest.figures.values()), wanted)

    def _history(self, wanted: FigureFilter = EVERYTHING) -> str:
        files = [file for files in self.manifest.vintages.values() for file in files]
        return self._holding(files, wanted)

    def _holding(self, files: list[File], wanted: FigureFilter) -> str:
        """As SQL: the rows of those files that may hold what is wanted; all must be whole."""
        choices = list(wanted.choices())
        paths = self._whole(files)
        with _as_store_broken(self._objects.address):
            may = [p for p in paths if all(extents.of(p).may_hold(*one) for one in choices)]
            return f"select * from {_rows_of(may)}"  # noqa: S608

    def _whole(self, files: list[File]) -> list[str]:
        """The paths of the files on this machine, each the one that was published.

        Raises:
            StoreBroken: One is not.
        """
        return [str(self._objects.local(file.path, file.sha256)) for file in files]

    def _read(
        self, files: list[File], names: Sequence[str] = FIGURES.names, table: Table = FIGURES
    ) -> str:
        """As SQL: columns of the files."""
        paths = self._whole(files)
        with _as_store_broken(self._objects.address):
            return _rows_of(paths, names, table)

    @staticmethod
    def _columns(columns: Sequence[str] | None) -> str:
        wanted = list(columns) if columns is not None else FIGURES.names
        strangers = [name for name in wanted if name not in FIGURES.names]
        if strangers:
            raise KeyError(f"figures have no column {strangers}")
        return ", ".join(wanted)


def asked_of(query: str, **tables: pyarrow.Table) -> pyarrow.Table:
    """What a query over rows of Arrow answers; each stands in it under its name."""
    with _connected() as connection:
        for name, rows in tables.items():
            connection.register(name, rows)
        return _answered(connection, query, [])


@cache
def _engine(process: int) -> duckdb.DuckDBPyConnection:
    """DuckDB with no data of its own, opened once: it takes 20 ms, an answer asks five times.

    Its cache of files is off: each question reads the files as they lie on the disk. What a
    question needed is given back to the system a second later, where DuckDB can; else it keeps
    some 30 MB until the next one (docs/speed.md).

    Args:
        process: Whose; one that was forked off has none of the threads of the one before it.
    """
    engine = duckdb.connect(":memory:", config={"threads": 2, "enable_external_file_cache": False})
    with suppress(duckdb.Error):
        engine.execute("set allocator_background_threads = true")
    return engine


@contextmanager
def _connected() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection for one question, which no other question sees."""
    with _engine(os.getpid()).cursor() as connection:
        try:
            yield connection
        except (duckdb.InternalException, duckdb.FatalException):
            # An engine that failed inside answers nobody any more: the next question opens one.
            _engine.cache_clear()
            raise


@contextmanager
def _as_store_broken(address: str) -> Iterator[None]:
    """A file gone, cut or garbled is told in a sentence; a question ill put still crashes."""
    try:
        yield
    except (OSError, pyarrow.ArrowInvalid, duckdb.IOException, duckdb.InvalidInputException) as bad:
        if isinstance(bad, duckdb.InvalidInputException) and ".parquet" not in str(bad):
            raise
        raise StoreBroken(
            f"A file of the store {address} is gone or was altered; "
            "run `nuzuh verify`, then `nuzuh repair`."
        ) from bad


def _answered(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: list[Any]
) -> pyarrow.Table:
    """What a question answers; Ctrl-C ends one that takes long.

    DuckDB looks for a signal only while it works in the main thread, not while it waits there for
    its other threads: so the main thread waits here, where Python hears it.
    """

    def answer() -> pyarrow.Table:
        relation: Any = connection.sql(query, params=parameters)
        return relation.to_arrow_table()

    if threading.current_thread() is not threading.main_thread():
        return answer()
    with ThreadPoolExecutor(1) as aside:
        asked = aside.submit(answer)
        try:
            return asked.result()
        except KeyboardInterrupt:
            connection.interrupt()
            raise


def _rows_of(paths: list[str], names: Sequence[str] = FIGURES.names, table: Table = FIGURES) -> str:
    """As SQL: columns of files; null where one came later than the version that wrote a file."""
    if not paths:  # a release of companion tables only, or no file that may hold what is asked
        return f"(select {_NO_FIGURES} where false)"
    alike: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for path in paths:
        alike.setdefault(extents.of(path).types, []).append(path)
    # Files of one layout are read by the first one's: the others' are not opened to learn it.
    return f"({' union all '.join(_of_one_layout(*one, names, table) for one in alike.items())})"


def _of_one_layout(
    types: tuple[tuple[str, str], ...], paths: list[str], names: Sequence[str], table: Table
) -> str:
    there = {name for name, _ in types}
    kinds = {column.name: _SQL[column.kind] for column in table.columns}
    chosen = [name if name in there else f"null::{kinds[name]} as {name}" for name in names]
    listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    return f"select {', '.join(chosen)} from read_parquet([{listed}])"  # noqa: S608
