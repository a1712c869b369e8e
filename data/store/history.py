"""What a manifest names of the past, kept few: vintages and fetches of years in a handful of files.

Each publish adds a file of vintages. Once a series has `MOST` of them, the newest are written
again as one, and so are older ones that are not much larger: no row is lost or changed, each keeps
the release that it came in with, and a row is written again a few times in all, however long the
history grows. The files that went into another stay on the disk for as long as a kept release
names them.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import pyarrow as arrow
import pyarrow.parquet as parquet

from data.schema.tables import FIGURES
from data.store import columns
from data.store.manifest import File, Manifest
from data.store.objects import Objects

MOST: Final = 24
"""Files of vintages of one series; one more, and the newest are written as one."""
AT_LEAST: Final = 16
LARGER: Final = 4
"""An older file goes along where it has at most so many times the rows of those after it."""
FETCHES: Final = 32
"""Fetches of a source that a manifest names itself, at most twice as many."""
ARRIVED: Final = "arrived_in"
"""Column of a file that was written as one: the release that each vintage came in with."""
BETWEEN: Final = "_to_"
_FETCH: Final = arrow.schema([("fetch", arrow.string())])


def files_to_merge(files: Sequence[File]) -> int:
    """How many of the last files are to be written as one; 0 while there are few."""
    if len(files) <= MOST:
        return 0
    rows = sum(file.rows for file in files[-AT_LEAST:])
    count = AT_LEAST
    for older in reversed(files[:-AT_LEAST]):
        if older.rows > LARGER * rows:
            break
        rows, count = rows + older.rows, count + 1
    return count


def as_one(objects: Objects, source: str, files: Sequence[File], release: str) -> tuple[str, bytes]:
    """The rows of several files of vintages in one, and its path.

    Args:
        objects: Where they lie.
        source: The series.
        files: Oldest first.
        release: The release that is being made, so that two publishers never share a path.

    Raises:
        StoreBroken: One is missing, or not the file that was published.
    """
    rows = arrow.concat_tables(_rows(objects, file) for file in files)
    first = _releases(files[0].path)[0]
    body = columns.written(rows, order())
    return f"vintages/{source}/{first}{BETWEEN}{release}.parquet", body


def order() -> list[str]:
    """How the rows of a file that was written as one are sorted: no two stand alike."""
    return list(dict.fromkeys((*FIGURES.order, *FIGURES.key)))


def _rows(objects: Objects, file: File) -> arrow.Table:
    found = parquet.read_table(objects.local(file.path, file.sha256))
    names, size = found.column_names, len(found)
    told = {
        field.name: found[field.name].cast(field.type)
        if field.name in names
        else arrow.nulls(size, field.type)
        for field in FIGURES.arrow
    }
    came = found[ARRIVED] if ARRIVED in names else [_releases(file.path)[-1]] * size
    return arrow.table(told | {ARRIVED: came}, schema=FIGURES.arrow.append(_ARRIVED))


_ARRIVED: Final = arrow.field(ARRIVED, arrow.string())


def is_of_many(path: str) -> bool:
    """Whether a file of vintages was written out of several."""
    return len(_releases(path)) > 1


def first_and_last(path: str) -> tuple[datetime, datetime]:
    """When the first and the last release were written whose vintages a file holds."""
    told = [moment(release) for release in _releases(path)]
    return told[0], told[-1]


def moment(release: str) -> datetime:
    """When a release was written: its id begins with it."""
    return datetime.strptime(release.split("-")[0], "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC)


def _releases(path: str) -> list[str]:
    return path.rsplit("/", 1)[-1].removesuffix(".parquet").split(BETWEEN)


def fetches(objects: Objects, found: Manifest, source: str) -> tuple[str, ...]:
    """Every fetch that the runs of a source read, newest last.

    Raises:
        StoreBroken: The file of the earlier ones is missing, or not the one that was published.
    """
    earlier = found.earlier.get(source)
    before: list[str] = []
    if earlier is not None:
        path = objects.local(earlier.path, earlier.sha256)
        before = parquet.read_table(path)["fetch"].to_pylist()
    return (*before, *found.fetches.get(source, ()))


def put_away(
    objects: Objects, found: Manifest, source: str, release: str
) -> tuple[str, bytes, int] | None:
    """The file of the earlier fetches, its path and rows; None while a manifest can name them all.

    Whoever asks keeps the last `FETCHES` in the manifest.
    """
    if len(found.fetches.get(source, ())) <= 2 * FETCHES:
        return None
    told = list(fetches(objects, found, source)[:-FETCHES])
    return f"releases/{release}/fetches/{source}.parquet", fetches_file(told), len(told)


def fetches_file(told: list[str]) -> bytes:
    """Ids of fetches in the order of the runs; what waited for a person came later than its id."""
    return columns.written(arrow.table({"fetch": told}, schema=_FETCH), [])
