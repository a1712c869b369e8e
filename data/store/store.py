"""The store: publish whole, read whole, lose nothing."""

import gzip
import io
import json
import secrets
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import pyarrow as arrow
import pyarrow.parquet as parquet

from data.schema.contract import Table
from data.schema.tables import FIGURES, TABLES
from data.store import channels, decisions, snapshots, status, vintages
from data.store import manifest as manifests
from data.store import withheld as withholding
from data.store.channels import Channel
from data.store.decisions import Decision
from data.store.manifest import File, Manifest
from data.store.objects import POINTER, Claim, Objects
from data.store.problems import StoreBroken, StoreBusy, StoreEmpty
from data.store.release import Release
from data.store.snapshots import Document
from data.store.status import Status
from data.store.withheld import Withheld

ROW_GROUP: Final = 50_000
TRIES: Final = 5
"""How often a publisher that lost the race for the pointer reads again and retries."""
KEPT: Final = 5
YOUNG: Final = timedelta(hours=24)
_BY_NAME: Final = {table.name: table for table in TABLES}
_HISTORY: Final = list(vintages.DATED)
_OF_THE_FETCH: Final = ("retrieved_at", "content_sha256")
"""What differs each time the same table is fetched; a release for that alone would be no news."""


@dataclass(frozen=True)
class Publication:
    """What one run wants to publish.

    Attributes:
        source: The source whose run this is.
        figures: Rows of `tables.FIGURES`; without known_from where the source says it now.
        tables: Companion tables, whole; each replaces the one this source delivered before.
        complete: Whether a figure it delivered before and leaves out now is withdrawn.
        known_on: The day from which what is new is known; None for today.
        withheld: Ids of figures that it leaves out and that stay as they are published.
    """

    source: str
    figures: pd.DataFrame
    reason: str
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    fetch_id: str | None = None
    complete: bool = True
    known_on: date | None = None
    withheld: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Published:
    """What became of it; `unchanged` means that no release was written.

    `manifest` is the release that holds what was said: the new one, or the one before.
    """

    release_id: str
    manifest: Manifest
    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    unchanged: bool = False


@dataclass(frozen=True)
class ReleaseInfo:
    """One line of the store's history."""

    id: str
    published_at: datetime
    reason: str
    figures: int
    current: bool


@dataclass(frozen=True)
class Fault:
    """Something that `verify` found."""

    path: str
    sentence: str


def open_store(address: str, cache: Path | None = None) -> "Store":
    """The store at a folder or an s3://, gs:// or az:// address; nothing is touched yet.

    Args:
        address: Where it lies. Credentials and endpoint come from the usual environment.
        cache: Folder for copies of the files of a store at an address.
    """
    return Store(address, cache)


class Store:
    """One store, by folder or address."""

    def __init__(self, address: str, cache: Path | None = None) -> None:
        self.address = address
        self._objects = Objects(address, cache)

    # Reading

    def current(self) -> Release:
        """The newest release, or the last good one with a warning.

        Raises:
            StoreEmpty: Nothing was published yet.
            StoreBroken: Neither the newest release nor any before it is whole.
        """
        try:
            found, _ = self._pointed()
            if found is None:
                raise StoreEmpty(
                    f"The store {self.address} has no release yet; "
                    "run `nuzuh run published_figures` or `make run`."
                )
            self._must_be_whole(found)
            return Release(self._objects, found)
        except StoreBroken as problem:
            earlier = self._last_good()
            if earlier is None:
                raise
            return Release(self._objects, earlier, warning=str(problem))

    def release(self, release_id: str) -> Release:
        """A release by id.

        Raises:
            StoreBroken: It was pruned, or never was.
        """
        return Release(self._objects, self._manifest(release_id))

    def releases(self) -> list[ReleaseInfo]:
        """Every release that is kept, newest first."""
        try:
            found, _ = self._pointed()
            newest = found.release if found else None
        except StoreBroken:
            newest = None  # the list is what a person looks at to mend it
        return [
            ReleaseInfo(
                m.release,
                m.published_at,
                m.reason,
                sum(f.rows for f in m.figures.values()),
                m.release == newest,
            )
            for m in self._manifests()
        ]

    # Publishing

    def publish(self, publication: Publication, *, now: datetime) -> Published:
        """Add what a run says as one release; readers see all of it or nothing.

        Raises:
            StoreBusy: Another publisher holds the store, after waiting for it.
            StoreNotWritable: Disk full or no permission; what was published stays.
        """
        for _ in range(TRIES):
            with self._objects.lock("publish"):
                found, mark = self._pointed()
                before = found or manifests.first(now)
                # What is built on a broken release would be broken too, and nobody would see it.
                self._must_be_whole(before)
                self._remember(before)
                result, after, files = self._built(publication, before, now)
                if after is None:
                    return result
                # Every file is on the disk before the pointer names it.
                self._objects.put_all(files.items())
                try:
                    self._commit(after, mark)
                except StoreBusy:
                    continue  # lost the race at an address: read again, so that nothing is lost
                return result
        raise StoreBusy(f"Others keep publishing to {self.address}; run again in a while.")

    def rollback(self, release_id: str | None, *, now: datetime, reason: str = "") -> str:
        """Publish an earlier release again, as a new one; its id.

        The files of later vintages stay where they are, but are no part of it.

        Args:
            release_id: None for the one before, or the last good one if the newest is broken.
            now: When.
            reason: Who does it and why, at the end of the release's own reason.

        Raises:
            StoreEmpty: There is none to go back to.
            StoreBroken: That release is not whole any more.
        """
        with self._objects.lock("publish"):
            _, mark = self._objects.pointer()
            newest, wanted = self._to_leave(release_id)
            self._must_be_whole(wanted)
            after = replace(
                wanted.following(_release_id(now), now, f"rollback to {wanted.release}{reason}"),
                parent=newest,
            )
            self._commit(after, mark)
        return after.release

    def prune(self, *, keep: int = KEPT, younger_than: timedelta = YOUNG, now: datetime) -> int:
        """Remove release files that no kept release names; how many.

        Vintages, snapshots and fetches are never removed.
        """
        with self._objects.lock("publish"):
            newest, _ = self._pointed()
            if newest is None:
                return 0
            kept = [
                m
                for n, m in enumerate(self._manifests())
                if n < keep or m.published_at > now - younger_than or m.release == newest.release
            ]
            if newest.release not in {m.release for m in kept}:
                kept.append(newest)
            named = {f.path for m in kept for f in m.files()}
            named |= {f"releases/{m.release}/manifest.json" for m in kept}
            # At an address a release may be on its way right now: it is young and stays.
            strangers = [
                path
                for path in self._objects.list("releases")
                if path not in named and _age(path, now) > younger_than
            ]
            for path in strangers:
                self._objects.delete(path)
            self._objects.sweep(now - younger_than)
        return len(strangers)

    def verify(self, read: Callable[[str, list[Document]], pd.DataFrame | None]) -> Iterator[Fault]:
        """Hash every file again, read every snapshot again, compare every published figure.

        Args:
            read: The figures that a source's documents give (columns of `tables.FIGURES`), or
                None for a source that is not known any more.
        """
        found, _ = self._pointed()
        if found is None:
            raise StoreEmpty(f"The store {self.address} has no release yet; nothing to verify.")
        for file in found.files():
            there = self._objects.get_if_there(file.path)
            if there is None:
                yield Fault(file.path, "is missing")
            elif sha256(there).hexdigest() != file.sha256:
                yield Fault(file.path, "is not the file that was published")
        again, unknown = [], set()
        for source, fetches in found.fetches.items():
            for fetch in fetches:
                try:
                    documents = self.documents(source, fetch)
                except StoreBroken as problem:
                    yield Fault(f"fetches/{source}/{fetch}.json", str(problem))
                    continue
                figures = read(source, documents)
                if figures is None:
                    unknown.add(source)
                else:
                    again.append(figures)
        try:
            published = Release(self._objects, found).figures()
        except StoreBroken:
            return  # its missing file was named above
        yield from _differences(published[~published["via"].isin(unknown)], again)

    # Snapshots

    def keep(self, source: str, documents: Sequence[Document]) -> str:
        """Store what a source sent, byte for byte; the fetch's id."""
        lying = {f"raw/{source}/{snapshots.place(d.sha256)}": d for d in documents}
        # All durable before the record that names them.
        self._objects.put_all(
            (path, snapshots.packed(document))
            for path, document in lying.items()
            if not self._objects.there(path)
        )
        body = snapshots.record(documents)
        at = max((d.fetched_at for d in documents), default=datetime.now(UTC))
        fetch_id = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{sha256(body).hexdigest()[:8]}"
        self._objects.put(f"fetches/{source}/{fetch_id}.json", body)
        return fetch_id

    def fetches(self, source: str) -> list[str]:
        """Stored fetches of a source, newest first."""
        paths = self._objects.list(f"fetches/{source}")
        return sorted((Path(path).stem for path in paths), reverse=True)

    def documents(self, source: str, fetch_id: str) -> list[Document]:
        """The documents of one fetch, hashed again.

        Raises:
            StoreBroken: One is missing or altered.
        """
        return [self._document(source, entry) for entry in self._asked(source, fetch_id)]

    def answer(
        self,
        source: str,
        fetch_id: str,
        url: str,
        query: Mapping[str, str],
        marks: Sequence[str] = (),
    ) -> Document | None:
        """The document of one fetch that answered this question; None where it asked another.

        Args:
            source: Whose fetch.
            fetch_id: Which of its fetches.
            url: The address that was asked.
            query: What was asked there.
            marks: Headers of which the answer must have one to be of use; any will do if none.

        Raises:
            StoreBroken: It is missing or altered.
        """
        for entry in self._asked(source, fetch_id):
            if entry["url"] == url and entry["query"] == dict(query):
                marked = any(mark in entry["headers"] for mark in marks)
                return self._document(source, entry) if marked or not marks else None
        return None

    def _asked(self, source: str, fetch_id: str) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = json.loads(
            self._objects.get(f"fetches/{source}/{fetch_id}.json")
        )
        return listed

    def _document(self, source: str, entry: dict[str, Any]) -> Document:
        digest = entry["sha256"]
        path = f"raw/{source}/{digest[:2]}/{digest}.gz"
        try:
            document = snapshots.unpacked(entry, self._objects.get(path))
        except (OSError, EOFError, zlib.error):
            raise StoreBroken(f"{path} is not readable; fetch the source again.") from None
        if document.sha256 != digest:
            raise StoreBroken(f"{path} was altered; fetch the source again.")
        return document

    def copies(self, release: Release, source: str) -> dict[str, snapshots.Copy]:
        """The documents that the fetches of a release brought for a source, by SHA-256."""
        found: dict[str, snapshots.Copy] = {}
        for fetch in release.manifest.fetches.get(source, ()):
            record = self._objects.get_if_there(f"fetches/{source}/{fetch}.json")
            found |= {c.sha256: c for c in snapshots.listed(record or b"[]")}
        return found

    def copy(self, release: Release, source: str, digest: str) -> bytes | None:
        """A document as it was sent; None where no fetch of the release brought it.

        Raises:
            StoreBroken: It is missing, or not what was stored.
        """
        if digest not in self.copies(release, source):
            return None
        path = f"raw/{source}/{digest[:2]}/{digest}.gz"
        try:
            body = gzip.decompress(self._objects.get(path))
        except (OSError, EOFError, zlib.error):
            raise StoreBroken(f"{path} is not readable; fetch the source again.") from None
        if sha256(body).hexdigest() != digest:
            raise StoreBroken(f"{path} was altered; fetch the source again.")
        return body

    # State of sources

    def status(self, source: str) -> Status | None:
        """How a source has fared, or None if it never ran."""
        body = self._objects.get_if_there(f"status/{source}.json")
        return status.from_bytes(body) if body else None

    def set_status(self, changed: Status) -> None:
        """Replace a source's status."""
        self._objects.put(f"status/{changed.source}.json", changed.to_bytes())

    def statuses(self) -> dict[str, Status]:
        """Every source's status by name; of the registered ones where nothing can be listed."""
        found = {}
        for path in self._status_paths():
            body = self._objects.get_if_there(path)
            if body:
                found[Path(path).stem] = status.from_bytes(body)
        return found

    def _status_paths(self) -> list[str]:
        if self._objects.listable:
            return self._objects.list("status")
        named = sorted(self.current().table("sources")["source"])
        return [f"status/{name}.json" for name in named if name.isidentifier()]

    # Decisions of people

    def note(self, decision: Decision) -> None:
        """Put a decision into the record, in the place of what it said of the same one before."""
        self._objects.put(decision.path, decision.to_bytes())

    def noted(self, decision: Decision) -> Decision | None:
        """What the record says of a decision; None where it says nothing."""
        body = self._objects.get_if_there(decision.path)
        return decisions.from_bytes(body) if body else None

    def decisions(self, most: int | None = None) -> list[Decision]:
        """The record, newest first; nothing where nothing can be listed.

        Args:
            most: How many; None for all.
        """
        if not self._objects.listable:
            return []
        paths = sorted(self._objects.list(decisions.FOLDER), reverse=True)[:most]
        found = [self._objects.get_if_there(path) for path in paths]
        return [decisions.from_bytes(body) for body in found if body]

    def withheld(self, source: str) -> tuple[Withheld, ...]:
        """The figures of a source that a person withheld."""
        body = self._objects.get_if_there(f"withheld/{source}.json")
        return withholding.from_bytes(body) if body else ()

    def set_withheld(self, source: str, rows: Sequence[Withheld]) -> None:
        """Replace them."""
        self._objects.put(f"withheld/{source}.json", withholding.to_bytes(rows))

    # Channels of the alerts

    def ledger(self, channel: str) -> bytes | None:
        """What a channel was told and has still to be told; None where it never was looked at."""
        return self._objects.get_if_there(f"alerts/{channel}.json")

    def set_ledger(self, channel: str, body: bytes) -> None:
        """Replace it whole."""
        self._objects.put(f"alerts/{channel}.json", body)

    def channels(self) -> list[Channel]:
        """How each channel of the alerts fares, by name; none where nothing can be listed."""
        if not self._objects.listable:
            return []
        found = [self._objects.get_if_there(path) for path in self._objects.list("alerts")]
        return [channels.from_json(json.loads(body)["channel"]) for body in found if body]

    def lock_alerts(self) -> AbstractContextManager[object]:
        """Hold the channels, so that nobody is told twice.

        Raises:
            StoreBusy: On entering, if another process is telling.
        """
        if self._objects.folder is None:
            return self._objects.claim("alerts")
        return self._objects.lock("alerts", wait=0.0)

    def lease_scheduler(self) -> AbstractContextManager[Claim]:
        """Be the one scheduler of this store, for as long as the claim is renewed.

        Raises:
            StoreBusy: On entering, if another one is.
        """
        return self._objects.lease("scheduler")

    def scheduler(self) -> dict[str, Any] | None:
        """Who is the scheduler of this store and until when; None where nobody ever was."""
        body = self._objects.get_if_there("locks/scheduler.json")
        return dict(json.loads(body)) if body else None

    def lock_decisions(self) -> AbstractContextManager[object]:
        """Hold the carrying out of decisions, so that none is carried out by two at once.

        Raises:
            StoreBusy: On entering, if another process is at it.
        """
        if self._objects.folder is None:
            return self._objects.claim("decisions")
        return self._objects.lock("decisions", wait=0.0)

    def lock_source(self, source: str) -> AbstractContextManager[object]:
        """Hold a source, so that two runs of it do not overlap.

        Raises:
            StoreBusy: On entering, if another run of it is under way.
        """
        if self._objects.folder is None:
            return self._objects.claim(f"run-{source}")
        return self._objects.lock(f"run-{source}", wait=0.0)

    # Inside

    def _pointed(self) -> tuple[Manifest | None, Any]:
        """The newest manifest, None on an empty store, and the mark for the swap.

        Raises:
            StoreBroken: The pointer is garbled, or gone although there are releases: to start
                afresh then would forget every vintage.
        """
        body, mark = self._objects.pointer()
        if body is not None:
            return manifests.from_bytes(body, POINTER), mark
        if not self._objects.listable:
            return None, mark
        if self._objects.folder is None or (self._objects.folder / "releases").is_dir():
            committed = self._manifests()
            if committed:
                raise StoreBroken(
                    f"{POINTER} is gone from {self.address}; the last good release is served. "
                    "Run `nuzuh rollback`."
                )
        return None, mark

    def _last_good(self) -> Manifest | None:
        for earlier in self._manifests():
            try:
                self._must_be_whole(earlier)
            except StoreBroken:
                continue
            return earlier
        return None

    def _to_leave(self, release_id: str | None) -> tuple[str | None, Manifest]:
        """The release that a rollback leaves, and the one it goes back to."""
        try:
            newest, _ = self._pointed()
            if newest is not None:
                self._must_be_whole(newest)
            good = newest
        except StoreBroken:
            newest, good = None, self._last_good()
        if release_id is not None:
            return newest.release if newest else None, self._manifest(release_id)
        if newest is None and good is not None:
            return None, good
        if newest is None or not newest.parent:
            raise StoreEmpty("There is no earlier release to go back to.")
        return newest.release, self._manifest(newest.parent)

    def _built(
        self, publication: Publication, before: Manifest, now: datetime
    ) -> tuple[Published, Manifest | None, dict[str, bytes]]:
        """What becomes of it, the release to commit, and its new files; None and none unchanged."""
        release = _release_id(now)
        made: dict[str, bytes] = {}
        after = before.following(release, now, publication.reason)
        figures, history = dict(before.figures), dict(before.vintages)
        new = changed = withdrawn = 0
        moved = False
        delivered = {*publication.figures["source"].dropna(), publication.source}
        # A series that this source delivered before and is silent about now was withdrawn.
        delivered |= set(before.deliveries.get(publication.source, ()))
        dated = publication.figures["known_from"].notna().any()
        for source in sorted(delivered):
            said = publication.figures[publication.figures["source"] == source]
            if said.empty and source not in before.figures:
                continue
            latest = self._frame(before.figures.get(source))
            files = before.vintages.get(source, ()) if dated else ()
            past = [self._frame(f, _HISTORY) for f in files]
            merged = vintages.merge(
                said,
                latest,
                pd.concat(past) if past else FIGURES.empty()[_HISTORY],
                via=publication.source,
                complete=publication.complete,
                today=publication.known_on or now.date(),
                withheld=publication.withheld,
            )
            if merged.added.empty:
                continue
            moved = True
            new, changed = new + merged.new, changed + merged.changed
            withdrawn += merged.withdrawn
            newest = _parquet(FIGURES, merged.latest)
            # The first publish of a series is its whole history.
            alike = merged.added is merged.latest
            addition = newest if alike else _parquet(FIGURES, merged.added)
            figures[source] = _filed(
                made, f"releases/{release}/figures/{source}.parquet", newest, len(merged.latest)
            )
            history[source] = (
                *history.get(source, ()),
                _filed(made, f"vintages/{source}/{release}.parquet", addition, len(merged.added)),
            )
        tables = {name: dict(by) for name, by in before.tables.items()}
        for name, frame in publication.tables.items():
            old = tables.get(name, {}).get(publication.source)
            checked = _BY_NAME[name].conform(frame) if name in _BY_NAME else frame
            if old is not None and self._says_the_same(old, name, checked):
                continue
            body = _companion(name, checked)
            if old is None or old.sha256 != sha256(body).hexdigest():
                moved = True
                path = f"releases/{release}/tables/{name}/{publication.source}.parquet"
                tables.setdefault(name, {})[publication.source] = _filed(
                    made, path, body, len(checked)
                )
        if not moved:
            return Published(before.release, before, unchanged=True), None, {}
        fetches = dict(before.fetches)
        if publication.fetch_id:
            earlier = fetches.get(publication.source, ())
            fetches[publication.source] = (
                *(f for f in earlier if f != publication.fetch_id),
                publication.fetch_id,
            )
        after = replace(
            after,
            figures=figures,
            vintages=history,
            tables=tables,
            fetches=fetches,
            deliveries=before.deliveries | {publication.source: tuple(sorted(delivered))},
        )
        return Published(release, after, new, changed, withdrawn), after, made

    def _commit(self, after: Manifest, mark: Any) -> None:
        body = after.to_bytes()
        self._objects.swap_pointer(body, mark)
        # After the swap, so that every manifest that is kept was once the truth.
        self._objects.put(f"releases/{after.release}/manifest.json", body)

    def _remember(self, before: Manifest) -> None:
        """Keep a copy of the manifest whose publisher was killed before it could."""
        path = f"releases/{before.release}/manifest.json"
        if before.release and self._objects.get_if_there(path) is None:
            self._objects.put(path, before.to_bytes())

    def _frame(self, file: File | None, columns: list[str] | None = None) -> pd.DataFrame:
        if file is None:
            return FIGURES.empty() if columns is None else FIGURES.empty()[columns]
        path = self._objects.local(file.path, file.sha256)
        wanted = FIGURES.names if columns is None else columns
        # Another version may have written it: with a column more, or before one was added.
        there = [name for name in parquet.read_schema(path).names if name in wanted]
        found = parquet.read_table(path, columns=there).to_pandas(date_as_object=False)
        return FIGURES.cast(found)[wanted]

    def _says_the_same(self, old: File, name: str, frame: pd.DataFrame) -> bool:
        """Whether a companion table is the published one again, but for when it was fetched."""
        if name not in _BY_NAME:
            return False  # boundaries: their file is compared whole
        table = _BY_NAME[name]
        if old.rows != len(frame):
            return False
        said = [column for column in table.names if column not in _OF_THE_FETCH]
        there = parquet.read_table(self._objects.local(old.path, old.sha256)).to_pandas()
        if not set(said) <= set(there.columns):
            return False  # written by a version that knew fewer columns
        return table.cast(there[said])[said].equals(frame[said])

    def _manifest(self, release_id: str) -> Manifest:
        path = f"releases/{release_id}/manifest.json"
        body = self._objects.get_if_there(path)
        if body is None:
            raise StoreBroken(
                f"There is no release {release_id} in {self.address}; see `nuzuh releases`."
            )
        return manifests.from_bytes(body, path)

    def _manifests(self) -> list[Manifest]:
        """Every readable manifest that was committed, newest first.

        Where nothing can be listed: the newest alone.
        """
        if not self._objects.listable:
            newest, _ = self._pointed()
            return [] if newest is None else [newest]
        found = []
        for path in self._objects.list("releases"):
            if path.endswith("/manifest.json"):
                try:
                    found.append(manifests.from_bytes(self._objects.get(path), path))
                except StoreBroken:
                    continue
        return sorted(found, key=lambda m: (m.published_at, m.release), reverse=True)

    def _must_be_whole(self, found: Manifest) -> None:
        if self._objects.folder is None:
            return  # asked file by file, when a copy is fetched
        for file in found.files():
            path = self._objects.folder / file.path
            if not path.is_file() or path.stat().st_size != file.bytes:
                raise StoreBroken(
                    f"Release {found.release} lacks {file.path}; the last good release is served. "
                    "Run `nuzuh verify`, then `nuzuh rollback`."
                )


def _parquet(table: Table, frame: pd.DataFrame) -> bytes:
    rows = arrow.Table.from_pandas(frame[table.names], schema=table.arrow, preserve_index=False)
    out = io.BytesIO()
    parquet.write_table(
        rows.sort_by([(name, "ascending") for name in table.order or table.key]),
        out,
        compression="zstd",
        row_group_size=ROW_GROUP,
    )
    return out.getvalue()


def _companion(name: str, frame: pd.DataFrame) -> bytes:
    if isinstance(frame, gpd.GeoDataFrame):
        out = io.BytesIO()
        frame.to_parquet(out, index=False, compression="zstd")
        return out.getvalue()
    return _parquet(_BY_NAME[name], frame)


def _filed(made: dict[str, bytes], path: str, body: bytes, rows: int) -> File:
    """The file as a manifest names it; its bytes are added to those that are to be written."""
    made[path] = body
    return File(path, sha256(body).hexdigest(), len(body), rows)


def _release_id(now: datetime) -> str:
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%S%fZ}-{secrets.token_hex(3)}"


def _age(path: str, now: datetime) -> timedelta:
    stamp = path.split("/")[1].split("-")[0]
    try:
        at = datetime.strptime(stamp, "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC)
    except ValueError:
        return timedelta(0)
    return now - at


def _differences(published: pd.DataFrame, again: list[pd.DataFrame]) -> Iterator[Fault]:
    """Published figures that reading their stored file again does not give."""
    key = ["figure_id", "content_sha256", "value", "missing_reason", "as_of"]
    read = pd.concat(again)[key].astype("string") if again else pd.DataFrame(columns=key)
    come_out = set(read.fillna("").itertuples(index=False, name=None))
    for row in published[key].astype("string").fillna("").itertuples(index=False, name=None):
        if row not in come_out:
            yield Fault(
                f"figure {row[0]}", f"{row[2] or row[3]} does not come out of its stored file again"
            )
