"""The store that readers are served from, and what they are served while it is away.

A folder is read where it lies. A store at an address is mirrored on the local disk: a thread looks
for a new release every `LOOK` seconds, fetches the files that are lacking, hashes each, and swaps
the mirror's pointer last: readers see whole releases, never wait for the line, and go on reading
what is there while the store is away, after a restart too. Raw copies are not mirrored; they are
asked for when somebody wants one.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from data.store import manifest as manifests
from data.store import side_files, status
from data.store.manifest import File
from data.store.objects import POINTER, Objects
from data.store.problems import StoreBroken, StoreBusy, StoreEmpty, StoreProblem
from data.store.release import Release
from data.store.store import Store

LOOK: Final = 20.0
"""Seconds between two looks at the pointer; one that did not change costs some hundred bytes."""
STATUSES: Final = 600.0
"""Seconds between two looks at how the sources fare."""
AWAY: Final = timedelta(minutes=2)
"""A store that has not answered for so long is told to readers."""
UNWATCHED: Final = 600.0
"""Seconds after the last reader until the thread ends; the next reader starts it again."""
AT_ONCE: Final = 6
RELEASES_RETAINED: Final = 2
YOUNG: Final = timedelta(hours=2)
"""How long a tab may go on asking for the release that it opened with."""
_ON_DEMAND: Final = ("raw/", "fetches/")
_MIRRORS: Final[dict[tuple[str, Path], "Mirror"]] = {}
_FOLDERS: Final[dict[str, "MirroredStore"]] = {}
_ONE: Final = threading.Lock()


def serving(address: str, cache: Path) -> Store:
    """The store that readers are served from: a folder itself, else the mirror of an address.

    Args:
        address: Where it lies.
        cache: Folder that a mirror may be kept in.
    """
    with _ONE:
        if Objects(address).folder is not None:
            return _FOLDERS.setdefault(address, MirroredStore(address))
        mirror = _MIRRORS.setdefault((address, cache), Mirror(address, cache))
    mirror.watch()
    return mirror


class MirroredStore(Store):
    """A store in a folder, whose disk may come unmounted: the last release is remembered."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self._last: Release | None = None
        self._read = datetime.now(UTC)

    def current(self) -> Release:
        """The newest release, or the last that was read here, with the moment of that.

        What was made of it goes on being shown; what was not cannot be read, and says so.

        Raises:
            StoreProblem: None was read since this process started, and none can be now.
        """
        try:
            self._last = super().current()
        except StoreProblem:
            if self._last is None:
                raise
            return Release(self._objects, self._last.manifest, away_since=self._read)
        self._read = datetime.now(UTC)
        return self._last


class _Mirrored(Objects):
    """A folder, with what is fetched on demand behind it."""

    def __init__(self, folder: Path, behind: Objects) -> None:
        super().__init__(str(folder))
        self._behind = behind

    def get_if_there(self, path: str) -> bytes | None:
        """The bytes at `path` of the folder, or else of the store behind it, or None."""
        found = super().get_if_there(path)
        if found is None and path.startswith(_ON_DEMAND):
            return self._behind.get_if_there(path)
        return found


class Mirror(Store):
    """The local copy of a store at an address, and the thread that keeps it."""

    def __init__(self, address: str, cache: Path) -> None:
        folder = cache / f"mirror-{sha256(address.encode()).hexdigest()[:16]}"
        super().__init__(str(folder))
        self.address = address
        self._remote = Objects(address, cache)
        self._objects = _Mirrored(folder, self._remote)
        self._mark: str | None = None
        self._body = b""
        self._answered = datetime.now(UTC)
        self._problem: StoreProblem | None = None
        self._looked_at_statuses = float("-inf")
        self._wanted = time.monotonic()
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()
        self._one = threading.Lock()

    def current(self) -> Release:
        """The newest release that is here, with the moment since when the store is away.

        Raises:
            StoreProblem: There is none here, and none could be fetched.
        """
        try:
            found = super().current()
        except StoreEmpty:
            raise self._problem or StoreEmpty(
                f"The store {self.address} has no release yet; run a source where it is written."
            ) from None
        away = self._problem is not None and datetime.now(UTC) - self._answered > AWAY
        return Release(
            self._objects,
            found.manifest,
            found.warning,
            self._answered if away else None,
            history_lost=found.history_lost,
            newest=found.newest,
        )

    def watch(self) -> None:
        """Keep the mirror for a while longer; the first reader of all waits for the first look."""
        self._wanted = time.monotonic()
        with self._one:
            if self._thread is None or not self._thread.is_alive():
                if self._mark is None:
                    self.look()
                self._stopped.clear()
                self._thread = threading.Thread(target=self._keep, name="mirror", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """End the thread, within the deadline of one request."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def look(self) -> None:
        """Bring the mirror up to date, or remember why that failed; nothing expected is raised."""
        try:
            self._look()
        except StoreBusy:
            return  # another process of this machine is at it, in the same folder
        except StoreProblem as problem:
            self._problem = problem
            return
        self._problem, self._answered = None, datetime.now(UTC)

    def _keep(self) -> None:
        while not self._stopped.wait(LOOK):
            if time.monotonic() - self._wanted > UNWATCHED:
                return
            self.look()

    def _look(self) -> None:
        with self._objects.lock("mirror", wait=0.0):
            body, mark = self._remote.newer(POINTER, self._mark)
            if body is None and mark is None:
                raise StoreEmpty(
                    f"The store {self.address} has no release yet; "
                    "run a source where it is written, or check the address."
                )
            newest = body if body is not None else self._body
            changed = self._bring(newest)
            self._body, self._mark = newest, mark
            if changed or time.monotonic() - self._looked_at_statuses > STATUSES:
                self._bring_statuses()
                self._looked_at_statuses = time.monotonic()

    def _bring(self, body: bytes) -> bool:
        """Fetch what is lacking here of a release, then point at it; whether it is another."""
        found = manifests.from_bytes(body, POINTER)
        lacking = [file for file in found.files() if not self._here(file)]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self._fetch, lacking))
        if body == self._objects.get_if_there(POINTER):
            return False
        self._objects.put(f"releases/{found.release}/manifest.json", body)
        self._objects.swap_pointer(body, None)
        self.prune(keep=RELEASES_RETAINED, younger_than=YOUNG, now=datetime.now(UTC))
        return True

    def _here(self, file: File) -> bool:
        """Whether the copy is here and whole; one that was damaged is fetched again."""
        try:
            self._objects.must_hold(file.path, file.sha256)
        except StoreBroken:
            return False
        return True

    def _fetch(self, file: File) -> None:
        body = self._remote.get(file.path)
        if sha256(body).hexdigest() != file.sha256:
            raise StoreBroken(
                f"{file.path} at {self.address} is not the file that was published; "
                "run `nuzuh verify` where the store is written."
            )
        self._objects.put(file.path, body)

    def _bring_statuses(self) -> None:
        named = self.current().table("sources")["source"].astype(str)
        paths = [f"status/{name}.json" for name in sorted(named) if name.isidentifier()]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            bodies = list(pool.map(self._remote.get_if_there, paths))
        for path, body in zip(paths, bodies, strict=True):
            # What is damaged where the store lies does not replace the good copy here.
            sound = body is not None and side_files.is_sound(body, status.from_bytes)
            if body is not None and sound and body != self._objects.get_if_there(path):
                self._objects.put(path, body)


def stop_all() -> None:
    """End every thread and forget what was read; the folders on disk stay."""
    with _ONE:
        found = list(_MIRRORS.values())
        _MIRRORS.clear()
        _FOLDERS.clear()
    for mirror in found:
        with suppress(RuntimeError):
            mirror.stop()
