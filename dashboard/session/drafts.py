"""What an administrator typed and brought and did not hand over yet, kept for their next sign-in.

A sign-in ends in the middle of a form; a browser tab is closed. The dashboard keeps the form in its
own cache, readable by nobody else, under a name that tells nobody whose it is, for a day.
"""

import json
import shutil
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from dashboard.server.signin import Visitor
from data import settings
from data.store import seal
from data.store.objects import write_whole

LIFETIME: Final = 86_400.0
"""Seconds that a draft is kept."""


@dataclass(frozen=True)
class Draft:
    """A form that was begun.

    Attributes:
        typed: What was typed, by the key of its box.
        file_name: The file that was brought; "" where none was.
        file_sha256: Its digest; "" where none was.
    """

    typed: dict[str, str] = field(default_factory=dict)
    file_name: str = ""
    file_sha256: str = ""


def read(who: Visitor) -> tuple[Draft, bytes | None]:
    """The draft of somebody, with the file that they brought; an empty one where there is none.

    One that the disk has damaged since counts as none: nobody decides by what nobody typed.
    """
    folder = _folder(who)
    try:
        found = Draft(**json.loads(seal.unsealed((folder / "draft.json").read_bytes())))
        if time.time() - (folder / "draft.json").stat().st_mtime > LIFETIME:
            return Draft(), None
        body = (folder / "file").read_bytes() if found.file_name else None
        if body is not None and sha256(body).hexdigest() != found.file_sha256:
            return Draft(), None
    except (OSError, ValueError, TypeError):
        return Draft(), None
    return found, body


def keep(who: Visitor, draft: Draft, body: bytes | None) -> None:
    """Keep a draft; where nothing can be written it is as if there were none."""
    folder = _folder(who)
    fields = asdict(draft) | {"file_sha256": "" if body is None else sha256(body).hexdigest()}
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if body is not None:
            write_whole(folder / "file", body)
        write_whole(folder / "draft.json", seal.sealed(json.dumps(fields).encode()))
        for old in folder.parent.iterdir():
            if time.time() - old.stat().st_mtime > LIFETIME:
                shutil.rmtree(old, ignore_errors=True)


def forget(who: Visitor) -> None:
    """It was handed over, or is not wanted any more."""
    shutil.rmtree(_folder(who), ignore_errors=True)


def _folder(who: Visitor) -> Path:
    name = sha256(who.subject.encode()).hexdigest()[:32]
    return Path(settings.load().cache) / "drafts" / name
