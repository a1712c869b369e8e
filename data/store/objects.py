"""Bytes by path, in a folder or at an s3://, gs:// or az:// address, through one code path.

What lies at an https:// address can be read and neither written nor listed: any web server that
hands out the folder's files will do.

Everything but the pointer is written once under a path of its own. The pointer is swapped: in a
folder under a lock, by an atomic rename; at an address by a conditional write, so that a second
writer is refused. Both survive a kill at any moment.
"""

import json
import os
import re
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, cast

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    NotFoundError,
    NotModifiedError,
    PreconditionError,
)
from obstore.store import LocalStore, from_url

from data.store import intact, seal
from data.store.problems import StoreBroken, StoreBusy, StoreNotWritable, as_store_problem

WINDOWS: Final = os.name == "nt"

POINTER: Final = "current.json"
WAIT_FOR_LOCK: Final = 30.0
"""Seconds that a second publisher waits for the first."""
CLAIM: Final = timedelta(minutes=1)
"""How long a claim at an address outlives its process; clocks may differ by less than this."""
BEAT: Final = 15.0
"""Seconds after which whoever is at work renews its claim."""
_DEADLINES: Final[Any] = {"connect_timeout": timedelta(seconds=10), "read_timeout": "30s"}
"""A line that stands still for so long is down; a slow one may take as long as it moves."""
_RETRIES: Final[Any] = {"max_retries": 2, "retry_timeout": timedelta(seconds=45)}
_LOOPBACK: Final = re.compile(r"http://(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?/")


@dataclass
class Claim:
    """A name that is held for a while; `lost` once somebody else holds it."""

    lost: bool = False


class Objects:
    """The files of one store."""

    def __init__(self, address: str, cache: Path | None = None) -> None:
        self.address = address
        self.folder: Path | None = None
        self.listable = not address.startswith(("https://", "http://"))
        """Whether what is there can be listed, and written."""
        if "://" in address and not address.startswith("file://"):
            options: Any = {**_DEADLINES, "allow_http": _without_tls(address)}
            if not self.listable:
                # Its readers are many: each keeps the one connection that its next look needs.
                options["pool_max_idle_per_host"] = "1"
            self._store: Any = from_url(address, client_options=options, retry_config=_RETRIES)
            self._cache = cache
        else:
            self.folder = Path(address.removeprefix("file://")).absolute()
            self._store = None
            self._cache = None

    def _opened(self) -> Any:
        if self._store is None:
            assert self.folder is not None  # noqa: S101 - one of the two is always set
            with as_store_problem(self.address):
                self.folder.mkdir(parents=True, exist_ok=True)
            self._store = LocalStore(self.folder)
        return self._store

    def get(self, path: str) -> bytes:
        """The bytes at `path`.

        Raises:
            StoreBroken: There is nothing there.
        """
        found = self.get_if_there(path)
        if found is None:
            raise StoreBroken(
                f"The store {self.address} lacks {path}; run `nuzuh verify`, then `nuzuh repair`."
            )
        return found

    def get_if_there(self, path: str) -> bytes | None:
        """The bytes at `path`, or None."""
        if self.folder is not None:
            try:
                return (self.folder / path).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                return None
            except OSError as error:
                raise _unreadable(path, self.address, error) from None
        return self._asked(path)[0]

    def _asked(self, path: str) -> tuple[bytes | None, Any]:
        """The bytes at `path` and what marks them; twice None where nothing is.

        In a folder the bytes mark themselves.
        """
        if self.folder is not None:
            there = self.get_if_there(path)
            return there, there
        with self._reading():
            try:
                found = obstore.get(self._opened(), path)
                return bytes(found.bytes()), found.meta
            except (NotFoundError, FileNotFoundError):
                return None, None

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except BaseError as error:
            # The library's own text holds the request, so only its kind is passed on.
            raise StoreBroken(
                f"The store {self.address} cannot be read ({type(error).__name__}); "
                "check the address, the credentials and the line."
            ) from None

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self.must_be_writable()
        try:
            yield
        except (BaseError, PermissionError) as error:
            raise StoreNotWritable(
                f"The store {self.address} cannot be written ({type(error).__name__}); "
                "check the address, the credentials and the line."
            ) from None

    def must_be_writable(self) -> None:
        """Nothing, where this store can be written.

        Raises:
            StoreNotWritable: It lies at an https:// address.
        """
        if not self.listable:
            raise StoreNotWritable(
                f"The store {self.address} can only be read; "
                "publish to the folder or bucket that this address shows."
            )

    def put(self, path: str, body: bytes) -> None:
        """Write `body` whole at `path`; a reader sees all of it or nothing."""
        if self.folder is None:
            with self._writing():
                obstore.put(self._opened(), path, body)
            return
        with as_store_problem(self.address):
            write_whole(self.folder / path, body)

    def put_all(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Write several, each whole; all are durable when this returns, and none before."""
        if self.folder is None:
            for path, body in files:
                self.put(path, body)
            return
        root = self.folder
        with as_store_problem(self.address):
            write_all((root / path, body) for path, body in files)

    def there(self, path: str) -> bool:
        """Whether something lies at `path`."""
        if self.folder is not None:
            return (self.folder / path).is_file()
        with self._reading():
            try:
                obstore.head(self._opened(), path)
            except (NotFoundError, FileNotFoundError):
                return False
        return True

    def list(self, prefix: str) -> list[str]:
        """Every path below `prefix`, sorted.

        Raises:
            StoreBroken: The store cannot be read, or cannot be listed.
        """
        if not self.listable:
            raise StoreBroken(f"What lies at {self.address} cannot be listed; ask for it by name.")
        if self.folder is not None:
            root = self.folder / prefix
            return sorted(
                p.relative_to(self.folder).as_posix()
                for p in root.rglob("*")
                if p.is_file() and not p.name.startswith(".")
            )
        with self._reading():
            found = cast("list[dict[str, Any]]", obstore.list(self._opened(), prefix).collect())
        return sorted(str(meta["path"]) for meta in found)

    def delete(self, path: str) -> None:
        """Remove `path`, if it is there."""
        if self.folder is None:
            with self._writing(), suppress(NotFoundError, FileNotFoundError):
                obstore.delete(self._opened(), path)
            return
        file = self.folder / path
        with as_store_problem(self.address):
            file.unlink(missing_ok=True)
        with suppress(OSError):  # the first folder that still holds something ends it
            for folder in file.relative_to(self.folder).parents[:-1]:
                (self.folder / folder).rmdir()

    def sweep(self, before: datetime) -> None:
        """Remove what killed writers left half written before that moment."""
        if self.folder is None:
            return
        with as_store_problem(self.address):
            for draft in self.folder.rglob(".*.draft"):
                if draft.stat().st_mtime < before.timestamp():
                    draft.unlink(missing_ok=True)

    def local(self, path: str, digest: str) -> Path:
        """A file on this machine with the bytes of `path`; fetched once for a remote store.

        Raises:
            StoreBroken: Missing, or not the bytes that `digest` names.
        """
        if self.folder is not None:
            return self.must_hold(path, digest)
        if self._cache is None:
            raise StoreBroken("A remote store needs a local cache; set NUZUH_CACHE to a folder.")
        file = self._cache / f"{digest}{Path(path).suffix}"
        if not intact.holds(file, digest):
            body = self.get(path)
            if sha256(body).hexdigest() != digest:
                raise StoreBroken(f"{path} in {self.address} was altered; run `nuzuh verify`.")
            write_whole(file, body)
        return file

    def must_hold(self, path: str, digest: str) -> Path:
        """The folder's file, which is the one that was published.

        Raises:
            StoreBroken: It is missing, altered, or cannot be read.
        """
        assert self.folder is not None  # noqa: S101 - what lies at an address is copied first
        file = self.folder / path
        try:
            found = intact.digest_of(file)
        except OSError as error:
            raise _unreadable(path, self.address, error) from None
        if found != digest:
            wrong = "lacks" if found is None else "holds another file than was published as"
            raise StoreBroken(f"The store {self.address} {wrong} {path}; run `nuzuh repair`.")
        return file

    def newer(self, path: str, mark: str | None) -> tuple[bytes | None, str | None]:
        """The bytes at `path` and their mark, unless `mark` is theirs already.

        Returns:
            (None, mark) where nothing changed, (None, None) where there is nothing.
        """
        unless: Any = {} if mark is None else {"if_none_match": mark}
        with self._reading():
            try:
                found = obstore.get(self._opened(), path, options=unless)
            except NotModifiedError:
                return None, mark
            except (NotFoundError, FileNotFoundError):
                return None, None
            return bytes(found.bytes()), found.meta.get("e_tag")

    def pointer(self) -> tuple[bytes | None, Any]:
        """The pointer's bytes and the mark that a swap must bring back."""
        if self.folder is not None:
            return self.get_if_there(POINTER), None
        return self._asked(POINTER)

    def swap_pointer(self, body: bytes, mark: Any) -> None:
        """Put `body` in the pointer's place: the one commit point.

        Raises:
            StoreBusy: Another publisher was faster; read again and retry.
        """
        if self.folder is not None:
            with as_store_problem(self.address):
                write_whole(self.folder / POINTER, body)
            return
        if self._put_if(POINTER, body, mark) is None:
            raise StoreBusy(
                f"Somebody else published to {self.address} at the same moment; run again."
            )

    def _put_if(self, path: str, body: bytes, mark: Any) -> Any:
        """Write only if `path` is still as it was when `mark` was read (None: not there).

        The mark of what was written; None where somebody else was faster.
        """
        if self.folder is not None:
            if mark is not None and not self.folder.is_dir():
                # Never a folder in the place that the store's disk is mounted on.
                raise StoreNotWritable(f"The store {self.address} is away.")
            with self.lock("claims"):
                there = self.get_if_there(path)
                if there is None and mark is not None:
                    raise StoreNotWritable(f"The store {self.address} is away.")
                if there != mark:
                    return None
                self.put(path, body)
            return body
        mode: Any = "create"
        if mark is not None:
            mode = {k: mark[k] for k in ("e_tag", "version") if mark.get(k)}
        with self._writing():
            try:
                return obstore.put(self._opened(), path, body, mode=mode)
            except (AlreadyExistsError, PreconditionError):
                return None

    @contextmanager
    def lease(self, name: str) -> Iterator[Claim]:
        """Hold `name` with a claim that expires, in a folder as at an address.

        In a folder a lock is held beside it, which the system drops when the process dies: who
        gets the lock on the machine that the claim names knows that its holder is dead.

        Raises:
            StoreBusy: Somebody holds it.
            StoreNotWritable: The store can only be read.
        """
        if self.folder is None:
            with self.claim(name) as claim:
                yield claim
            return
        with ExitStack() as held:
            try:
                held.enter_context(self.lock(name, wait=0.0))
            except StoreBusy:
                said = _said(self.get_if_there(f"locks/{name}.json") or b"")
                raise StoreBusy(
                    f"Another process is at work on {name} in {self.address}{_where(said)}; "
                    "wait for it or stop it."
                ) from None
            yield held.enter_context(self.claim(name, heir=True))

    @contextmanager
    def claim(self, name: str, *, heir: bool = False) -> Iterator[Claim]:
        """Hold `name` where there are no locks.

        It is renewed for as long as the process lives, and lapses `CLAIM` after it was killed. Who
        loses it all the same (a machine that slept) does no harm: the pointer has its own fence.

        Args:
            name: What is held.
            heir: Whether a claim of this machine that has not lapsed is taken over: the caller
                knows that its holder is dead.

        Raises:
            StoreBusy: Somebody holds it and it has not lapsed.
        """
        path = f"locks/{name}.json"
        now = datetime.now(UTC)
        held, mark = self._asked(path)
        if held is not None:
            said = _said(held)
            until = _end_of(said)
            ours = heir and said.get("host") == socket.gethostname()
            if until is not None and until > now and not ours:
                raise StoreBusy(
                    f"Another process is at work on {name} in {self.address}"
                    f"{_where(said)}; wait for it, or until {until:%H:%M:%S} UTC if it was stopped."
                )
        mark = self._put_if(path, _held(now + CLAIM, since=now), mark)
        if mark is None:
            raise StoreBusy(f"Another process is at work on {name} in {self.address}; wait for it.")
        over = threading.Event()
        claim, marks = Claim(), {"last": mark}
        beat = threading.Thread(
            target=self._renew, args=(path, marks, over, claim, now), daemon=True
        )
        beat.start()
        try:
            yield claim
        finally:
            over.set()
            beat.join()
            # Let lapse, not deleted: a conditional write touches it only if it still is ours.
            with suppress(StoreNotWritable, StoreBusy):
                self._put_if(path, _held(datetime.now(UTC), since=now), marks["last"])

    def _renew(
        self,
        path: str,
        marks: dict[str, Any],
        over: threading.Event,
        claim: Claim,
        since: datetime,
    ) -> None:
        """Put the claim's end off again and again, until it is over or somebody else's."""
        while not over.wait(BEAT):
            # The line, or the disk, may be back before the claim lapses.
            with suppress(StoreNotWritable, StoreBroken, StoreBusy):
                mark = self._put_if(path, _held(datetime.now(UTC) + CLAIM, since), marks["last"])
                if mark is None:
                    claim.lost = True
                    return
                marks["last"] = mark

    @contextmanager
    def lock(self, name: str, wait: float = WAIT_FOR_LOCK) -> Iterator[None]:
        """Hold the folder's lock `name`; the system drops it when the process dies.

        A store at an address has no lock: its fence is the conditional write.

        Raises:
            StoreBusy: Still held by another process after `wait` seconds.
            StoreNotWritable: It can only be read.
        """
        if self.folder is None:
            self.must_be_writable()
            yield
            return
        from filelock import FileLock, Timeout  # whoever reads alone does without

        held = FileLock(
            self.folder / f".{name}.lock", timeout=wait, poll_interval=0.02, fallback_to_soft=False
        )
        with as_store_problem(self.address):
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                held.acquire()
            except Timeout:
                raise StoreBusy(
                    f"Another process is at work on {name} in {self.address}; "
                    "wait for it or stop it."
                ) from None
        try:
            yield
        finally:
            held.release()


def _held(until: datetime, since: datetime) -> bytes:
    said = {"until": until.isoformat(), "since": since.isoformat()}
    told = said | {"host": socket.gethostname(), "process": os.getpid()}
    return seal.sealed(json.dumps(told).encode())


def _where(said: dict[str, Any]) -> str:
    """The machine and process that hold a claim, where it says so."""
    if "host" not in said:
        return ""
    return f" (process {said.get('process')} on {said['host']})"


def _said(claim: bytes) -> dict[str, Any]:
    """What a claim says; nothing of one that is garbled, which holds nothing."""
    try:
        # An earlier version's carries no hash.
        found = json.loads(seal.unsealed(claim) if seal.is_sealed(claim) else claim)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _end_of(said: dict[str, Any]) -> datetime | None:
    """Until when a claim holds."""
    with suppress(ValueError, KeyError, TypeError):
        found = datetime.fromisoformat(said["until"])
        return found if found.tzinfo else None
    return None


def _unreadable(path: str, address: str, error: OSError) -> StoreBroken:
    return StoreBroken(
        f"{path} in the store {address} cannot be read ({error.strerror}); "
        "check its permissions and the disk."
    )


def _without_tls(address: str) -> bool:
    """Whether the line may go unencrypted: on this machine, or to a bucket that asks for it."""
    asked = os.environ.get("AWS_ALLOW_HTTP", "").lower() in ("1", "true")
    return bool(_LOOPBACK.match(address)) or (asked and address.startswith("s3://"))


def write_whole(file: Path, body: bytes) -> None:
    """Write beside the place, flush to the disk, rename into place, flush the folder."""
    write_all([(file, body)])


def write_all(files: Iterable[tuple[Path, bytes]]) -> None:
    """Write several files, each whole, and flush each folder once.

    A reader sees all of a file or nothing of it. When this returns, all of them are on the disk,
    by name, and so are the folders that had to be made.
    """
    drafts: dict[Path, Path] = {}
    changed: set[Path] = set()
    try:
        for file, body in files:
            changed |= {file.parent, *_make(file.parent)}
            drafts[file] = file.with_name(f".{file.name}.{os.getpid()}.draft")
            drafts[file].write_bytes(body)
        # Flushed once all are written: the disk has begun on the first by then.
        for draft in drafts.values():
            _flush(draft)
        for file, draft in drafts.items():
            draft.replace(file)
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
    for folder in sorted(changed, key=lambda folder: -len(folder.parts)):
        _flush(folder)


def _make(folder: Path) -> set[Path]:
    """Make a folder; those in which a name is new by it."""
    absent = [each for each in (folder, *folder.parents) if not each.is_dir()]
    folder.mkdir(parents=True, exist_ok=True)
    return {each.parent for each in absent}


def _flush(path: Path) -> None:
    """Have the disk hold what was written there; of a folder, its names.

    Windows opens no folder, keeps its names by itself, and flushes only what may be written.
    """
    if WINDOWS and path.is_dir():
        return
    handle = os.open(path, os.O_RDWR if WINDOWS else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
