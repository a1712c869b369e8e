"""The store: publish whole, read whole, lose nothing."""

import json
import secrets
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pyarrow as arrow
from pyarrow import compute

from data.schema.contract import Table
from data.schema.tables import FIGURES
from data.store import (
    channels,
    columns,
    decisions,
    history,
    retention,
    side_files,
    snapshots,
    status,
    tokens,
    verification,
    vintages,
)
from data.store import manifest as manifests
from data.store import withheld as withholding
from data.store.channels import Channel
from data.store.decisions import Decision
from data.store.manifest import File, Manifest
from data.store.objects import POINTER, Claim, Objects
from data.store.problems import StoreBroken, StoreBusy, StoreEmpty, StoreProblem
from data.store.release import Release
from data.store.repair import FileOutcome, Repair, Reread
from data.store.retention import Policy
from data.store.snapshots import Document
from data.store.status import Status
from data.store.tokens import Token
from data.store.verification import Fault
from data.store.withheld import Withheld

if TYPE_CHECKING:
    import pandas as pd

TRIES: Final = 5
"""How often a publisher that lost the race for the pointer reads again and retries."""
T = TypeVar("T")
YOUNG: Final = timedelta(hours=24)
"""How long a file stays that no kept release names: a reader may be at it, or a writer."""
AT_ONCE: Final = 8
WITHHELD: Final = "withheld"
_LOOK: Final = "look with `nuzuh decisions` at what was withheld, then remove the file"
_HISTORY: Final = list(vintages.DATED)
_NO_HISTORY: Final = FIGURES.none.select(_HISTORY)
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
        withdrawn: Ids of figures that are withdrawn whether it is complete or not.
        read: A release of which files may have been read already; they are not read again.
    """

    source: str
    figures: "pd.DataFrame | arrow.Table"
    reason: str
    tables: "Mapping[str, pd.DataFrame | arrow.Table]" = field(default_factory=dict)
    fetch_id: str | None = None
    complete: bool = True
    known_on: date | None = None
    withheld: frozenset[str] = frozenset()
    withdrawn: frozenset[str] = frozenset()
    read: Release | None = None


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


def open_store(address: str, cache: Path | None = None, policy: Policy | None = None) -> "Store":
    """The store at a folder or an s3://, gs:// or az:// address; nothing is touched yet.

    Args:
        address: Where it lies. Credentials and endpoint come from the usual environment.
        cache: Folder for copies of the files of a store at an address.
        policy: Which releases the first publish of a day leaves; None to leave all.
    """
    return Store(address, cache, policy)


class Store:
    """One store, by folder or address."""

    def __init__(
        self, address: str, cache: Path | None = None, policy: Policy | None = None
    ) -> None:
        self.address = address
        self.policy = policy
        self._objects = Objects(address, cache)

    # Reading

    def newest(self) -> Release | None:
        """What `current` gives; None before anything was published.

        Raises:
            StoreBroken: Neither the newest release nor any before it is whole.
        """
        try:
            return self.current()
        except StoreEmpty:
            return None

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
            return self._opened(found)
        except StoreBroken as problem:
            earlier = self._last_good()
            if earlier is None:
                raise
            said = f"{problem} The last good release is shown."
            return self._opened(earlier, warning=said, newest=False)

    def _opened(
        self, found: Manifest, warning: str | None = None, *, newest: bool = True
    ) -> Release:
        """A release whose numbers are whole; a sentence where its history is not."""
        try:
            self._must_be_whole(found, found.history())
        except StoreBroken as problem:
            said = f"{problem} What was known before cannot be told until then."
            warning, whole = warning or said, False
        else:
            whole = True
        return Release(self._objects, found, warning, history_lost=not whole, newest=newest)

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

    def lost_releases(self) -> list[str]:
        """Paths of the manifests that are damaged: their releases cannot be gone back to."""
        return self._kept()[1]

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
                before = found or manifests.empty_manifest(now)
                # What is built on a broken release would be broken too, and nobody would see it.
                self._must_be_whole(before, before.files())
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
                if self.policy and before.published_at.date() != after.published_at.date():
                    with suppress(StoreProblem):  # what was published is; tomorrow again
                        self._prune(after, self._staying(self.policy, now), YOUNG, now)
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

    def prune(
        self,
        *,
        policy: Policy | None = None,
        keep: int = retention.AT_LEAST,
        younger_than: timedelta = YOUNG,
        now: datetime,
    ) -> int:
        """Remove files that no kept release names; how many.

        No vintage, snapshot or fetch is ever lost: a file of vintages goes only once another
        holds its rows.

        Args:
            policy: Which releases stay; None for the last `keep`, and those that are younger.
            keep: See there.
            younger_than: What is younger stays in any case.
            now: The present.
        """
        with self._objects.lock("publish"):
            newest, _ = self._pointed()
            if newest is None:
                return 0
            if policy is not None:
                staying = self._staying(policy, now)
            else:
                told = sorted(self._written(), key=lambda found: (found[1], found[0]), reverse=True)
                staying = frozenset(
                    release
                    for n, (release, at) in enumerate(told)
                    if n < keep or at > now - younger_than
                )
            return self._prune(newest, staying, younger_than, now)

    def _staying(self, policy: Policy, now: datetime) -> frozenset[str]:
        return retention.staying(self._written(), now, policy)

    def _written(self) -> list[tuple[str, datetime]]:
        """Every release with a manifest, by its name alone, and when it was written."""
        found = []
        for path in self._objects.list("releases"):
            if path.endswith("/manifest.json"):
                with suppress(ValueError):
                    release = path.split("/")[1]
                    found.append((release, history.moment(release)))
        return found

    def _prune(
        self, newest: Manifest, staying: frozenset[str], younger_than: timedelta, now: datetime
    ) -> int:
        paths = [f"releases/{release}/manifest.json" for release in staying]
        kept, unreadable = self._read_manifests(paths)
        if unreadable:
            return 0  # whose files those were cannot be told: none is removed
        named = {f.path for m in (newest, *kept) for f in m.files()}
        named |= {f"releases/{m.release}/manifest.json" for m in (newest, *kept)}
        # At an address a release may be on its way right now: it is young and stays.
        strangers = [
            path
            for path in (*self._objects.list("releases"), *self._objects.list("vintages"))
            if path not in named and _age(path, now) > younger_than
        ]
        # The manifests first: a release that is half gone would be taken for a damaged one.
        for path in sorted(strangers, key=lambda path: not path.endswith("/manifest.json")):
            self._objects.delete(path)
        self._objects.sweep(now - younger_than)
        return len(strangers)

    def verify(
        self, read: "Callable[[str, list[Document]], pd.DataFrame | None]"
    ) -> Iterator[Fault]:
        """Hash every file again, read every snapshot again, compare every published figure.

        Args:
            read: The figures that a source's documents give (columns of `tables.FIGURES`), or
                None for a source that is not known any more.

        Raises:
            StoreEmpty: There is nothing to verify.
            StoreBroken: The store cannot be read at all.
        """
        kept, unreadable = self._kept()
        yield from (Fault(path, "is not readable or was altered") for path in unreadable)
        try:
            found, _ = self._pointed()
        except StoreBroken as problem:
            yield Fault(POINTER, str(problem))
            found = kept[0] if kept else None
        if found is None:
            raise StoreEmpty(f"The store {self.address} has no release yet; nothing to verify.")
        yield from verification.of_files(self._objects, [found, *kept])
        documents: dict[str, list[list[Document]]] = {}
        for source in found.fetches:
            for fetch in self._fetches_of(found, source):
                try:
                    documents.setdefault(source, []).append(self.documents(source, fetch))
                except StoreBroken as problem:
                    yield Fault(f"fetches/{source}/{fetch}.json", str(problem))
        yield from self._unpublished_faults(found)
        yield from self.side_faults()
        yield from verification.of_figures(Release(self._objects, found), documents, read)

    def _fetches_of(self, found: Manifest, source: str) -> tuple[str, ...]:
        try:
            return history.fetches(self._objects, found, source)
        except StoreBroken:
            return found.fetches.get(source, ())  # the file of the others is named as a fault

    def _unpublished_faults(self, found: Manifest) -> Iterator[Fault]:
        """Stored fetches that no release was made of: what is held, or brought nothing new."""
        if not self._objects.listable:
            return
        for path in self._objects.list("fetches"):
            _, source, name = path.split("/", 2)
            fetch = name.removesuffix(".json")
            if fetch not in self._fetches_of(found, source):
                try:
                    self.documents(source, fetch)
                except StoreBroken as problem:
                    yield Fault(path, str(problem))

    def repair(
        self, read: Callable[[str, list[Document]], Reread | None], *, now: datetime
    ) -> Iterator[FileOutcome]:
        """Build damaged files again from vintages and snapshots; what became of each.

        What hashes to what the manifest names is put in its place. What can only be made in other
        bytes becomes a new release, once all of it is whole.

        Args:
            read: What a source's documents say, or None for a source that is not known any more.
            now: When.

        Raises:
            StoreEmpty: There is nothing to mend.
            StoreBroken: There is no manifest to go by.
            StoreBusy, StoreNotWritable: It cannot be written now.
        """
        with self._objects.lock("publish"):
            kept, unreadable = self._kept()
            found, mark = yield from self._mended_pointer(kept)
            yield from self._mended_manifests(found, unreadable)
            repair = Repair(
                self._objects, found, kept, self.documents, read, release=_release_id(now)
            )
            after = repair.mend()
            if after != found:
                self._objects.put_all(repair.made.items())
                after = replace(after.following(repair.release, now, "repair"))
                self._commit(after, mark)
            yield from repair.told
        yield from self._mended_side_files()

    def _mended_pointer(
        self, kept: Sequence[Manifest]
    ) -> Generator[FileOutcome, None, tuple[Manifest, Any]]:
        """The newest release; the pointer is written again where it is damaged or has no seal."""
        try:
            found, mark = self._pointed()
        except StoreBroken:
            if not kept:
                raise
            _, mark = self._objects.pointer()
            self._objects.swap_pointer(kept[0].to_bytes(), mark)
            yield FileOutcome(
                POINTER, True, f"was written again; it names release {kept[0].release}."
            )
            found, mark = self._pointed()
        if found is None:
            raise StoreEmpty(f"The store {self.address} has no release yet; nothing to mend.")
        body, _ = self._objects.pointer()
        if body != found.to_bytes():
            self._objects.swap_pointer(found.to_bytes(), mark)
            yield FileOutcome(POINTER, True, "carries its own hash now.")
            _, mark = self._objects.pointer()
        return found, mark

    def _mended_manifests(
        self, found: Manifest, unreadable: Sequence[str]
    ) -> Iterator[FileOutcome]:
        self._remember(found)
        for path in unreadable:
            if path == f"releases/{found.release}/manifest.json":
                yield FileOutcome(path, True, f"was copied from {POINTER}.")
                continue
            body = self._objects.get_if_there(path)
            if body is not None and side_files.set_aside(self._objects, path, body):
                self._objects.delete(path)
                yield FileOutcome(path, False, "cannot be built again; that release is gone.")

    def _mended_side_files(self) -> Iterator[FileOutcome]:
        for fault in list(self.side_faults()):
            if fault.path.startswith(f"{WITHHELD}/"):
                # Begun anew it would publish what a person withheld.
                yield FileOutcome(fault.path, False, f"cannot be built again; {_LOOK}.")
                continue
            body = self._objects.get_if_there(fault.path)
            if body is not None and (
                aside := side_files.set_aside(self._objects, fault.path, body)
            ):
                self._objects.delete(fault.path)
                yield FileOutcome(fault.path, True, f"was set aside as {aside}; it is begun anew.")

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
        fetch_id = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{sha256(body).hexdigest()}"
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
        listed: list[dict[str, Any]] = json.loads(self._record(source, fetch_id))
        return listed

    def _record(self, source: str, fetch_id: str) -> bytes:
        """A fetch's record, hashed again.

        Raises:
            StoreBroken: It is missing or altered.
        """
        path = f"fetches/{source}/{fetch_id}.json"
        found = self._objects.get(path)
        if not snapshots.is_of(found, fetch_id):
            raise StoreBroken(f"{path} was altered; fetch the source again.")
        return found

    def _document(self, source: str, entry: dict[str, Any]) -> Document:
        return snapshots.unpacked(entry, self._sent(source, entry["sha256"], entry["bytes"]))

    def _sent(self, source: str, digest: str, size: int) -> bytes:
        path = f"raw/{source}/{snapshots.place(digest)}"
        body = snapshots.body_of(self._objects.get(path), digest, size)
        if body is None:
            raise StoreBroken(f"{path} was altered or is not readable; fetch the source again.")
        return body

    def copies(self, release: Release, source: str) -> dict[str, snapshots.Copy]:
        """The documents that the fetches of a release brought for a source, by SHA-256.

        Raises:
            StoreBroken: The record of a fetch is altered.
        """
        found: dict[str, snapshots.Copy] = {}
        for fetch in release.fetches(source):
            path = f"fetches/{source}/{fetch}.json"
            if self._objects.get_if_there(path) is not None:
                record = self._record(source, fetch)
                found |= {c.sha256: c for c in snapshots.documents_in_record(record)}
        return found

    def copy(self, release: Release, source: str, digest: str) -> bytes | None:
        """A document as it was sent; None where no fetch of the release brought it.

        Raises:
            StoreBroken: It is missing, or not what was stored.
        """
        found = self.copies(release, source).get(digest)
        return None if found is None else self.bytes_of(source, found)

    def bytes_of(self, source: str, copy: snapshots.Copy) -> bytes:
        """The document that one of `copies` names, as it was sent.

        Raises:
            StoreBroken: It is missing, or not what was stored.
        """
        return self._sent(source, copy.sha256, copy.bytes)

    # State of sources

    def status(self, source: str) -> Status | None:
        """How a source has fared; None if it never ran, `unreadable_status` where it is damaged."""
        body = self._objects.get_if_there(f"status/{source}.json")
        return None if body is None else _status(source, body)

    def set_status(self, changed: Status) -> str | None:
        """Replace a source's status; where the one before was damaged, as what it was set aside.

        Raises:
            StoreNotWritable: The disk is full, or the store may not be written.
        """
        path = f"status/{changed.source}.json"
        return side_files.put(self._objects, path, changed.to_bytes(), status.from_bytes)

    def statuses(self) -> dict[str, Status]:
        """Every source's status by name; of the registered ones where nothing can be listed."""
        found = {}
        for path in self._status_paths():
            body = self._objects.get_if_there(path)
            if body is not None:
                name = Path(path).stem
                found[name] = _status(name, body)
        return found

    def side_faults(self) -> Iterator[Fault]:
        """Notes of sources and channels that are not what was written; they stop nothing."""
        if not self._objects.listable:
            return
        for folder, parse in _SIDE.items():
            for path in self._objects.list(folder):
                try:
                    sound = side_files.is_sound(self._objects.get_if_there(path) or b"", parse)
                except StoreBroken as problem:
                    yield Fault(path, str(problem))
                    continue
                if not sound:
                    yield Fault(path, "was damaged; run `nuzuh repair`")

    def _status_paths(self) -> list[str]:
        if self._objects.listable:
            return self._objects.list("status")
        named = sorted(self.current().table("sources")["source"])
        return [f"status/{name}.json" for name in named if name.isidentifier()]

    # Decisions of people

    def note(self, decision: Decision) -> None:
        """Put a decision into the record, in the place of what it said of the same one before."""
        path, body = decision.path, decision.to_bytes()
        side_files.put(self._objects, path, body, decisions.from_bytes)

    def noted(self, decision: Decision) -> Decision | None:
        """What the record says of a decision; None where it says nothing that can be read."""
        return self._decision(decision.path)

    def decisions(self, most: int | None = None) -> list[Decision]:
        """The record, newest first; nothing where nothing can be listed.

        One that is damaged is left out; `side_faults` names it.

        Args:
            most: How many; None for all.
        """
        if not self._objects.listable:
            return []
        paths = sorted(self._objects.list(decisions.FOLDER), reverse=True)[:most]
        return [found for found in map(self._decision, paths) if found]

    def _decision(self, path: str) -> Decision | None:
        body = self._objects.get_if_there(path)
        with suppress(side_files.Unreadable):
            return None if body is None else side_files.read(body, decisions.from_bytes)
        return None

    # Read-only tokens

    def tokens(self) -> list[Token]:
        """Every token that was made, oldest first; none where nothing can be listed.

        One that is damaged is left out, and so opens nothing; `side_faults` names it.
        """
        if not self._objects.listable:
            return []
        found = []
        for path in self._objects.list(tokens.FOLDER):
            body = self._objects.get_if_there(path)
            with suppress(side_files.Unreadable):
                if body is not None:
                    found.append(side_files.read(body, tokens.from_bytes))
        return sorted(found, key=lambda token: (token.made_at, token.id))

    def set_token(self, token: Token) -> None:
        """Put a token's record into the store, in the place of what it said before.

        Raises:
            StoreNotWritable: The disk is full, or the store may not be written.
        """
        side_files.put(self._objects, token.path, token.to_bytes(), tokens.from_bytes)

    def withheld(self, source: str) -> tuple[Withheld, ...]:
        """The figures of a source that a person withheld.

        Raises:
            StoreBroken: That is damaged: to take it for nothing would publish what was withheld.
        """
        path = f"{WITHHELD}/{source}.json"
        body = self._objects.get_if_there(path)
        try:
            return () if body is None else side_files.read(body, withholding.from_bytes)
        except side_files.Unreadable:
            raise StoreBroken(
                f"{path} is damaged, so that nobody knows which figures of {source} a person "
                f"withheld; {_LOOK}."
            ) from None

    def set_withheld(self, source: str, rows: Sequence[Withheld]) -> None:
        """Replace them."""
        body = withholding.to_bytes(rows)
        side_files.put(self._objects, f"{WITHHELD}/{source}.json", body, withholding.from_bytes)

    # Channels of the alerts

    def ledger(self, channel: str, parse: Callable[[bytes], T]) -> T | None:
        """What a channel was told and has still to be told; None where it never was looked at.

        One that is damaged counts as none: the channel begins anew, and says nothing twice.
        """
        body = self._objects.get_if_there(f"alerts/{channel}.json")
        try:
            return None if body is None else side_files.read(body, parse)
        except side_files.Unreadable:
            return None

    def set_ledger(self, channel: str, body: bytes) -> str | None:
        """Replace it whole; where the one before was damaged, as what it was set aside."""
        return side_files.put(self._objects, f"alerts/{channel}.json", body, _channel)

    def channels(self) -> list[Channel]:
        """How each channel of the alerts fares, by name; none where nothing can be listed.

        One whose ledger is damaged is left out; `side_faults` names it.
        """
        if not self._objects.listable:
            return []
        found = []
        for path in self._objects.list("alerts"):
            with suppress(side_files.Unreadable):
                found.append(side_files.read(self._objects.get_if_there(path) or b"", _channel))
        return found

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
                raise StoreBroken(f"{POINTER} is gone from {self.address}; run `nuzuh repair`.")
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
        if newest is None and self._manifests():
            raise StoreBroken("No release is whole to go back to; run `nuzuh repair`.")
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
        figures, past_files = dict(before.figures), dict(before.vintages)
        new = changed = withdrawn = 0
        moved = False
        figures_now = FIGURES.rows(publication.figures)
        told = set(compute.unique(figures_now["source"]).to_pylist()) - {None}
        delivered = {*told, publication.source}
        # A series that this source delivered before and is silent about now was withdrawn.
        delivered |= set(before.deliveries.get(publication.source, ()))
        dated = figures_now["known_from"].null_count < len(figures_now)
        read = publication.read or Release(self._objects, before)
        for source in sorted(delivered):
            theirs = compute.equal(figures_now["source"], source)
            said = figures_now if told == {source} else figures_now.filter(theirs)
            if not len(said) and source not in before.figures:
                continue
            shown = before.figures.get(source)
            latest = read.rows(shown) if shown else FIGURES.none
            files = before.vintages.get(source, ()) if dated else ()
            past = [columns.figures(self._objects, f, _HISTORY) for f in files]
            merged = vintages.merge(
                said,
                latest,
                arrow.concat_tables(past) if past else _NO_HISTORY,
                via=publication.source,
                complete=publication.complete,
                today=publication.known_on or now.date(),
                withheld=publication.withheld,
                withdrawn=publication.withdrawn,
            )
            if not len(merged.added):
                continue
            moved = True
            new, changed = new + merged.new, changed + merged.changed
            withdrawn += merged.withdrawn
            newest = columns.of_table(FIGURES, merged.latest)
            # The first publish of a series is its whole history.
            alike = merged.added is merged.latest
            addition = newest if alike else columns.of_table(FIGURES, merged.added)
            figures[source] = filed(
                made, f"releases/{release}/figures/{source}.parquet", newest, len(merged.latest)
            )
            past_files[source] = (
                *self._few(made, source, past_files.get(source, ()), release),
                filed(made, f"vintages/{source}/{release}.parquet", addition, len(merged.added)),
            )
        tables = {name: dict(by) for name, by in before.tables.items()}
        for name, given in publication.tables.items():
            old = tables.get(name, {}).get(publication.source)
            body, rows = self._table(name, given, old)
            if body is not None and (old is None or old.sha256 != sha256(body).hexdigest()):
                moved = True
                path = f"releases/{release}/tables/{name}/{publication.source}.parquet"
                tables.setdefault(name, {})[publication.source] = filed(made, path, body, rows)
        if not moved:
            return Published(before.release, before, unchanged=True), None, {}
        fetches, earlier = dict(before.fetches), dict(before.earlier)
        if publication.fetch_id:
            of_long_ago = history.put_away(self._objects, before, publication.source, release)
            last = fetches.get(publication.source, ())
            if of_long_ago:
                earlier[publication.source] = filed(made, *of_long_ago)
                last = last[-history.FETCHES :]
            fetches[publication.source] = (
                *(f for f in last if f != publication.fetch_id),
                publication.fetch_id,
            )
        after = replace(
            after,
            figures=figures,
            vintages=past_files,
            earlier=earlier,
            tables=tables,
            fetches=fetches,
            deliveries=before.deliveries | {publication.source: tuple(sorted(delivered))},
        )
        return Published(release, after, new, changed, withdrawn), after, made

    def _few(
        self, made: dict[str, bytes], source: str, files: tuple[File, ...], release: str
    ) -> tuple[File, ...]:
        """The files of a series' vintages; where they became many, the newest as one."""
        count = history.files_to_merge(files)
        if not count:
            return files
        parts = files[-count:]
        path, body = history.as_one(self._objects, source, parts, release)
        return (*files[:-count], filed(made, path, body, sum(part.rows for part in parts)))

    def _commit(self, after: Manifest, mark: Any) -> None:
        body = after.to_bytes()
        self._objects.swap_pointer(body, mark)
        # After the swap, so that every manifest that is kept was once the truth.
        self._objects.put(f"releases/{after.release}/manifest.json", body)

    def _remember(self, before: Manifest) -> None:
        """Keep a copy of the manifest whose publisher was killed before it could, whole."""
        path = f"releases/{before.release}/manifest.json"
        if before.release and self._objects.get_if_there(path) != before.to_bytes():
            self._objects.put(path, before.to_bytes())

    def _table(
        self, name: str, given: "pd.DataFrame | arrow.Table", old: File | None
    ) -> tuple[bytes | None, int]:
        """A companion table as its file, and its rows; no file where it says nothing new."""
        table = columns.BY_NAME.get(name)
        if table is None:  # boundaries: their file is compared whole
            return columns.of_boundaries(given), len(given)
        rows = table.checked(table.rows(given))
        if old is not None and self._says_the_same(old, table, rows):
            return None, len(rows)
        return columns.of_table(table, rows), len(rows)

    def _says_the_same(self, old: File, table: Table, rows: arrow.Table) -> bool:
        """Whether a companion table is the published one again, but for when it was fetched."""
        if old.rows != len(rows):
            return False
        said = [column for column in table.names if column not in _OF_THE_FETCH]
        there = columns.companion(self._objects, old, table, said)
        return there is not None and bool(there.equals(rows.select(said)))

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
        return self._kept()[0]

    def _kept(self) -> tuple[list[Manifest], list[str]]:
        """Every committed manifest, newest first, and the paths of those that are damaged."""
        if not self._objects.listable:
            newest, _ = self._pointed()
            return ([] if newest is None else [newest]), []
        listed = self._objects.list("releases")
        return self._read_manifests([p for p in listed if p.endswith("/manifest.json")])

    def _read_manifests(self, paths: Sequence[str]) -> tuple[list[Manifest], list[str]]:
        if self._objects.folder is not None:
            read = [self._manifest_if_whole(path) for path in paths]  # threads cost more than this
        else:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                read = list(pool.map(self._manifest_if_whole, paths))
        found = [manifest for manifest in read if manifest is not None]
        unreadable = [path for path, one in zip(paths, read, strict=True) if one is None]
        found.sort(key=lambda m: (m.published_at, m.release), reverse=True)
        return found, unreadable

    def _manifest_if_whole(self, path: str) -> Manifest | None:
        try:
            found = manifests.from_bytes(self._objects.get(path), path)
        except StoreBroken:
            return None
        # One that was put in another's place is whole and says of another release.
        return found if path == f"releases/{found.release}/manifest.json" else None

    def _must_be_whole(self, found: Manifest, files: Sequence[File] | None = None) -> None:
        """Nothing, where each file is the one that was published; the shown ones if not said.

        Raises:
            StoreBroken: One is not.
        """
        if self._objects.folder is None:
            return  # asked file by file, when a copy is fetched
        for file in found.shown() if files is None else files:
            try:
                self._objects.must_hold(file.path, file.sha256)
            except StoreBroken as problem:
                raise StoreBroken(f"Release {found.release}: {problem}") from None


def filed(made: dict[str, bytes], path: str, body: bytes, rows: int) -> File:
    """The file as a manifest names it; its bytes are added to those that are to be written."""
    made[path] = body
    return File(path, sha256(body).hexdigest(), len(body), rows)


def _release_id(now: datetime) -> str:
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%S%fZ}-{secrets.token_hex(3)}"


def _age(path: str, now: datetime) -> timedelta:
    """The age of a file of a release or of vintages; none where its path does not say."""
    try:
        if path.startswith("vintages/"):
            return now - history.first_and_last(path)[1]
        return now - history.moment(path.split("/")[1])
    except ValueError:
        return timedelta(0)


def _status(source: str, body: bytes) -> Status:
    try:
        return side_files.read(body, status.from_bytes)
    except side_files.Unreadable:
        return status.unreadable_status(source)


def _channel(body: bytes) -> Channel:
    return channels.from_json(json.loads(body)["channel"])


_SIDE: Final[Mapping[str, Callable[[bytes], object]]] = {
    "status": status.from_bytes,
    "alerts": _channel,
    decisions.FOLDER: decisions.from_bytes,
    tokens.FOLDER: tokens.from_bytes,
    WITHHELD: withholding.from_bytes,
}
"""Folders of what lies beside the releases, and what reads their files."""
