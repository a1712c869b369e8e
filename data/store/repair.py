"""Damaged files built again: out of the same bytes elsewhere, out of vintages, out of snapshots.

What was built counts as the file only where it hashes to what the manifest names. Where it cannot
(another version of a library writes other bytes for the same rows), what follows from whole files
alone goes into a new release under a hash of its own, and that is said. Nothing is guessed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from hashlib import sha256
from itertools import product
from typing import TYPE_CHECKING, Final

import pyarrow as arrow
from pyarrow import compute

from data.schema.contract import Table
from data.schema.tables import FIGURES
from data.store import columns, history, intact, vintages
from data.store.manifest import File, Manifest
from data.store.objects import Objects
from data.store.problems import StoreProblem
from data.store.snapshots import Document

if TYPE_CHECKING:
    import pandas as pd

TRIED: Final = 12
"""Stored fetches of a source that are tried for one file of vintages, newest first."""
_ROW: Final = list(FIGURES.key)


@dataclass(frozen=True)
class Reread:
    """What a source's documents say when they are read again.

    Attributes:
        figures: As they were published: columns of `tables.FIGURES`.
        tables: Companion tables, the register's rows of the source among them.
        complete: Whether a figure that they leave out was withdrawn by them.
    """

    figures: arrow.Table
    tables: "Mapping[str, pd.DataFrame | arrow.Table]"
    complete: bool


@dataclass(frozen=True)
class FileOutcome:
    """What became of one damaged file."""

    path: str
    mended: bool
    sentence: str


@dataclass
class Repair:
    """One repair of the newest release; what could be built exactly is in place when it is done.

    Attributes:
        found: The newest release.
        kept: Every kept manifest, newest first.
        documents: The stored documents of a source's fetch.
        read: What they say; None of a source that is not known any more.
        release: Id of the release that is written where something could not be built exactly.
        made: Files of that release.
    """

    objects: Objects
    found: Manifest
    kept: Sequence[Manifest]
    documents: Callable[[str, str], list[Document]]
    read: Callable[[str, list[Document]], Reread | None]
    release: str
    made: dict[str, bytes] = field(default_factory=dict)
    told: list[FileOutcome] = field(default_factory=list)
    _rereads: dict[tuple[str, str], Reread | None] = field(default_factory=dict)

    def mend(self) -> Manifest:
        """Build again what is damaged; the manifest with what stands in another's place."""
        after = self.found
        for source, files in self.found.vintages.items():
            after = self._vintages(after, source, files)
        for source, file in self.found.earlier.items():
            if self._damaged(file) and not self._twin(file):
                after = self._fetches(after, source, file)
        for source, file in self.found.figures.items():
            if self._damaged(file) and not self._twin(file):
                after = self._figures(after, source, file)
        for name, by_source in self.found.tables.items():
            for source, file in by_source.items():
                if self._damaged(file) and not self._twin(file):
                    after = self._table(after, name, source, file)
        for manifest in self.kept:
            self._older(manifest)
        return after

    def _vintages(self, after: Manifest, source: str, files: Sequence[File]) -> Manifest:
        lost = []
        for number, file in enumerate(files):
            if not self._damaged(file) or self._twin(file):
                continue
            if not (self._of_parts(source, file) or self._of_snapshots(source, files, number)):
                lost.append(file)
        if not lost:
            return after
        whole = [file for file in files if file not in lost]
        again = [self._salvaged(source, file, whole) for file in lost]
        kept = sorted([*whole, *(f for f in again if f)], key=lambda f: f.path.rsplit("/", 1)[-1])
        return replace(after, vintages=after.vintages | {source: tuple(kept)})

    def _damaged(self, file: File) -> bool:
        if self.objects.folder is None:
            there = self.objects.get_if_there(file.path)
            return there is None or sha256(there).hexdigest() != file.sha256
        return intact.digest_of(self.objects.folder / file.path) != file.sha256

    def _put(self, file: File, body: bytes, how: str) -> bool:
        """Put the very bytes in place; False where they are others."""
        if sha256(body).hexdigest() != file.sha256:
            return False
        self.objects.put(file.path, body)
        self._say(file, how)
        return True

    def _say(self, file: File, sentence: str, *, mended: bool = True) -> None:
        self.told.append(FileOutcome(file.path, mended, sentence))

    def _instead(self, file: File, path: str, body: bytes, rows: int, sentence: str) -> File:
        """A file of the new release that stands for a damaged one."""
        self.made[path] = body
        self._say(file, sentence)
        return File(path, sha256(body).hexdigest(), len(body), rows)

    @cached_property
    def _by_digest(self) -> dict[str, list[File]]:
        found: dict[str, list[File]] = {}
        for manifest in (self.found, *self.kept):
            for file in manifest.files():
                found.setdefault(file.sha256, []).append(file)
        return found

    def _twin(self, file: File) -> bool:
        """Whether the same bytes lay in another file of the store: a series' first vintages do."""
        for other in self._by_digest.get(file.sha256, ()):
            body = None if other.path == file.path else self.objects.get_if_there(other.path)
            if body is not None and self._put(file, body, f"was copied from {other.path}."):
                return True
        return False

    def _of_parts(self, source: str, file: File) -> bool:
        """Whether the files that were written as one are still there, named by a kept release."""
        if not history.is_of_many(file.path):
            return False
        first, last = history.first_and_last(file.path)
        release = file.path.rsplit(history.BETWEEN, 1)[-1].removesuffix(".parquet")
        for manifest in self.kept:
            parts = [
                part
                for part in manifest.vintages.get(source, ())
                if first <= history.first_and_last(part.path)[0]
                and history.first_and_last(part.path)[1] < last
            ]
            while parts and sum(part.rows for part in parts) > file.rows:
                parts.pop()
            if sum(part.rows for part in parts) != file.rows or any(map(self._damaged, parts)):
                continue
            _, body = history.as_one(self.objects, source, parts, release)
            if self._put(file, body, f"was written again out of {len(parts)} earlier files."):
                return True
        return False

    def _of_snapshots(self, series: str, files: Sequence[File], number: int) -> bool:
        """Whether a stored fetch, set beside the vintages before, gives the very file again."""
        file, before = files[number], files[:number]
        if history.is_of_many(file.path) or any(map(self._damaged, before)):
            return False
        parts = [columns.figures(self.objects, each) for each in before]
        past = arrow.concat_tables([FIGURES.none, *parts])
        latest = vintages.last_of(past)
        at = history.first_and_last(file.path)[1]
        for via, fetch, said in self._said_before(series, at):
            rows = said.figures.filter(compute.equal(said.figures["source"], series))
            days = dict.fromkeys((at.date(), _day(fetch) or at.date()))
            for complete, day in product((said.complete, not said.complete), days):
                merged = vintages.merge(rows, latest, past, via=via, complete=complete, today=day)
                if len(merged.added) == file.rows and self._put(
                    file, columns.of_table(FIGURES, merged.added), f"was read again from {fetch}."
                ):
                    return True
        return False

    def _said_before(self, series: str, at: datetime) -> Iterable[tuple[str, str, Reread]]:
        """What the fetches said that may have brought a series' vintages, newest first."""
        for via, brought in self.found.deliveries.items():
            if series != via and series not in brought:
                continue
            # A fetch's id has no fractions of a second.
            told = [f for f in self._fetches_of(via) if f.split("-")[0] <= f"{at:%Y%m%dT%H%M%SZ}"]
            for fetch in sorted(told, reverse=True)[:TRIED]:
                said = self._reread(via, fetch)
                if said is not None:
                    yield via, fetch, said

    def _frame(self, file: File) -> "pd.DataFrame":
        return FIGURES.frame(columns.figures(self.objects, file))

    def _fetches_of(self, source: str) -> tuple[str, ...]:
        try:
            return history.fetches(self.objects, self.found, source)
        except StoreProblem:
            return self.found.fetches.get(source, ())

    def _reread(self, source: str, fetch: str) -> Reread | None:
        if (source, fetch) not in self._rereads:
            try:
                found = self.read(source, self.documents(source, fetch))
            except StoreProblem:
                found = None  # its snapshot is damaged as well
            self._rereads[source, fetch] = found
        return self._rereads[source, fetch]

    def _salvaged(self, source: str, file: File, whole: Sequence[File]) -> File | None:
        """What kept releases showed of a file of vintages that cannot be built exactly."""
        import pandas as pd  # not above: every command loads this module, few ask for it

        shown = {m.figures[source] for m in (self.found, *self.kept) if source in m.figures}
        frames = [self._frame(each) for each in shown if not self._damaged(each)]
        known = [self._frame(each)[_ROW] for each in whole]
        rows = pd.concat(frames or [FIGURES.empty()], ignore_index=True).drop_duplicates(_ROW)
        if known:
            there = pd.MultiIndex.from_frame(pd.concat(known))
            rows = rows[~pd.MultiIndex.from_frame(rows[_ROW]).isin(there)]
        last = history.first_and_last(file.path)[1]
        day = pd.Timestamp(last.date())
        rows = rows[(rows["retrieved_at"] <= last) & (rows["known_from"] <= day)]
        lost = f"{file.rows - len(rows):,} of its {file.rows:,} vintages are lost"
        if rows.empty:
            self._say(file, f"cannot be built again: {lost}.", mended=False)
            return None
        came = file.path.rsplit("/", 1)[-1].removesuffix(".parquet").split(history.BETWEEN)
        arrived = arrow.array([came[0]] * len(rows), arrow.string())
        told = FIGURES.rows(rows).append_column(history.ARRIVED, arrived)
        body = columns.written(told, history.order())
        path = f"vintages/{source}/{came[0]}{history.BETWEEN}{self.release}.parquet"
        how = "was found again in the releases that are kept"
        said = f"{how}." if len(rows) == file.rows else f"{how}, but {lost}."
        return self._instead(file, path, body, len(rows), said)

    def _fetches(self, after: Manifest, source: str, file: File) -> Manifest:
        """The fetches of long ago as far as a kept release names them."""
        named = {f for m in (self.found, *self.kept) for f in m.fetches.get(source, ())}
        told = sorted(named - set(self.found.fetches.get(source, ())))
        body = history.fetches_file(told)
        path = f"releases/{self.release}/fetches/{source}.parquet"
        lost = f"{file.rows - len(told):,} of {file.rows:,} fetches are named no more"
        again = self._instead(file, path, body, len(told), f"was listed again; {lost}.")
        return replace(after, earlier=after.earlier | {source: again})

    def _figures(self, after: Manifest, source: str, file: File) -> Manifest:
        """The last vintage of each figure, by definition."""
        files = self.found.vintages.get(source, ())
        if after.vintages.get(source, ()) != files or any(map(self._damaged, files)):
            self._say(file, _CANNOT, mended=False)
            return after
        parts = [columns.figures(self.objects, each) for each in files]
        rows = vintages.last_of(arrow.concat_tables([FIGURES.none, *parts]))
        body = columns.of_table(FIGURES, rows)
        if self._put(file, body, "was made again out of its vintages."):
            return after
        path = f"releases/{self.release}/figures/{source}.parquet"
        said = "was made again out of its vintages, in other bytes, as a new release."
        again = self._instead(file, path, body, len(rows), said)
        return replace(after, figures=after.figures | {source: again})

    def _table(self, after: Manifest, name: str, source: str, file: File) -> Manifest:
        """A companion table out of the newest fetch that brings it."""
        told = reversed(self._fetches_of(source)[-TRIED:])
        said = [found for found in (self._reread(source, fetch) for fetch in told) if found]
        table = columns.BY_NAME.get(name)
        frames = [found.tables[name] for found in said if name in found.tables]
        bodies = [(_body(table, frame), len(frame)) for frame in frames]
        for body, _ in bodies:
            if self._put(file, body, "was read again from its snapshot."):
                return after
        if not bodies or bodies[0][1] < file.rows:  # a table that grows is more than one answer
            self._say(file, _CANNOT, mended=False)
            return after
        body, rows = bodies[0]
        path = f"releases/{self.release}/tables/{name}/{source}.parquet"
        sentence = "was read again from its snapshot, in other bytes, as a new release."
        again = self._instead(file, path, body, rows, sentence)
        return replace(after, tables=after.tables | {name: after.tables[name] | {source: again}})

    def _older(self, manifest: Manifest) -> None:
        """Files that only an earlier release names: told, as it cannot be gone back to."""
        done = {told.path for told in self.told}
        for file in manifest.files():
            if file.path not in done and self._damaged(file) and not self._twin(file):
                done.add(file.path)
                self._say(
                    file,
                    f"is lost; release {manifest.release} cannot be gone back to.",
                    mended=False,
                )


_CANNOT: Final = "cannot be built again; `nuzuh rollback` goes back to a release without it."


def _body(table: Table | None, frame: "pd.DataFrame | arrow.Table") -> bytes:
    """A companion table, or boundaries, as its file."""
    if table is None:
        return columns.of_boundaries(frame)
    return columns.of_table(table, table.checked(table.rows(frame)))


def _day(fetch: str) -> date | None:
    try:
        return datetime.strptime(fetch.split("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).date()
    except ValueError:
        return None
