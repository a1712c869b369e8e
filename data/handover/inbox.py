"""The inbox: a folder that the dashboard may write and the scheduler empties."""

import json
import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal

from data.handover.request import LONGEST, BadRequest, Request, from_bytes
from data.settings import Settings
from data.store.objects import write_whole

Readiness = Literal["ready", "nobody", "not_writable", "not_set"]
"""Whether a decision would be carried out: yes; nobody attends the inbox; the dashboard may not
write it; or the settings name none."""
LARGEST: Final = 32_000_000
"""Bytes of a file that somebody brings."""
MOST: Final = 100
"""Requests that wait; a page that goes mad fills no disk."""
ATTENDED: Final = timedelta(seconds=30)
"""How long one sign of life of the scheduler counts."""
ORPHANED: Final = timedelta(days=1)
"""Age from which a file without a request was left by a dashboard that was killed."""
_ATTENDED: Final = "attended.json"


class NotHandedOver(Exception):  # noqa: N818 - reads as a fact where it is raised
    """A request could not be put into the inbox; nothing of it will be done."""


def inbox_of(settings: Settings) -> "Inbox | None":
    """The inbox that the settings name: `NUZUH_INBOX`, else a folder of the store.

    None where the store lies at an address and no folder is named.
    """
    if settings.inbox:
        return Inbox(Path(settings.inbox))
    if "://" in settings.store and not settings.store.startswith("file://"):
        return None
    return Inbox(Path(settings.store.removeprefix("file://")) / "inbox")


class Inbox:
    """One inbox, by folder; nothing is touched before it is used."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    # The dashboard's side

    def readiness(self, now: datetime) -> Readiness:
        """Whether a decision handed over now would be carried out."""
        if not self._writable():
            return "not_writable"
        return "ready" if self.attended_until() > now else "nobody"

    def hand_over(self, request: Request, body: bytes | None = None) -> None:
        """Put a request into the inbox, with the file that it brings; again is as good as once.

        Raises:
            NotHandedOver: It was not; one sentence says why.
        """
        if body is not None and len(body) > LARGEST:
            raise NotHandedOver(f"The file is larger than {LARGEST // 1_000_000} MB.")
        try:
            if len(list(self.folder.glob("*.json"))) > MOST:
                raise NotHandedOver("Too many requests wait already; look at the scheduler.")
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if body is not None:
                # Before the request: who reads the request finds its file.
                write_whole(self._file(request), body)
            write_whole(self._request(request), request.to_bytes())
        except OSError as problem:
            raise NotHandedOver(
                f"The inbox {self.folder} cannot be written ({problem.strerror}); check "
                "NUZUH_INBOX, its permissions and the disk."
            ) from None

    # The scheduler's side

    def attend(self, now: datetime, who: str) -> None:
        """Say that requests are carried out from this folder, for the next half minute.

        Raises:
            OSError: The folder cannot be written.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        body = {"until": (now + ATTENDED).isoformat(), "by": who}
        write_whole(self.folder / _ATTENDED, json.dumps(body).encode())

    def leave(self) -> None:
        """Say that nobody carries requests out any more."""
        with suppress(OSError):
            (self.folder / _ATTENDED).unlink(missing_ok=True)

    def attended_until(self) -> datetime:
        """Until when somebody carries requests out; long ago where nobody does."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            return datetime.fromisoformat(
                json.loads((self.folder / _ATTENDED).read_bytes())["until"]
            ).astimezone(UTC)
        return datetime.min.replace(tzinfo=UTC)

    def waiting(self) -> list[Request]:
        """The requests that wait, in the order in which they were handed over."""
        found = []
        for path in self._paths():
            with suppress(BadRequest, OSError):
                found.append(_read(path))
        return sorted(found, key=lambda request: (request.asked_at, request.id))

    def clear(self, now: datetime) -> list[str]:
        """Remove what is no request, and files that no request names; the names of the former."""
        refused = []
        named = set()
        for path in self._paths():
            try:
                named.add(_read(path).id)
            except BadRequest:
                refused.append(path.name)
                path.unlink(missing_ok=True)
            except OSError:
                continue
        oldest = (now - ORPHANED).timestamp()
        for path in (*self.folder.glob("*.file"), *self.folder.glob(".*.draft")):
            with suppress(OSError):
                if path.stem not in named and path.stat().st_mtime < oldest:
                    path.unlink(missing_ok=True)
        return refused

    def body(self, request: Request) -> bytes:
        """The file that a request brings.

        Raises:
            BadRequest: It is not there, or not what the request says.
        """
        try:
            with _opened(self._file(request)) as opened:
                found = opened.read(LARGEST + 1)
        except OSError:
            raise BadRequest("The file of this request is not there.") from None
        if sha256(found).hexdigest() != request.file_sha256:
            raise BadRequest("The file of this request is not the one that was looked at.")
        return found

    def done(self, request: Request) -> None:
        """Remove a request whose decision the store holds."""
        self._request(request).unlink(missing_ok=True)
        self._file(request).unlink(missing_ok=True)

    # Inside

    def _paths(self) -> list[Path]:
        return [path for path in sorted(self.folder.glob("*.json")) if path.name != _ATTENDED]

    def _writable(self) -> bool:
        there = next((p for p in (self.folder, *self.folder.parents) if p.exists()), None)
        if there is None or not os.access(there, os.W_OK | os.X_OK):
            return False
        if there != self.folder:
            with suppress(OSError):
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                return True
            return False
        return True

    def _request(self, request: Request) -> Path:
        return self.folder / f"{request.id}.json"

    def _file(self, request: Request) -> Path:
        return self.folder / f"{request.id}.file"


def _read(path: Path) -> Request:
    with _opened(path) as opened:
        request = from_bytes(opened.read(LONGEST + 1))
    if request.id != path.stem:
        raise BadRequest("It is not the request that its name says.")
    return request


def _opened(path: Path):  # type: ignore[no-untyped-def]
    """A file of the inbox, never what a link there leads to."""
    # Windows has neither flag: making a link there takes an administrator's right.
    flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, os.O_RDONLY | flags), "rb")
