"""Editions on disk: a folder appears whole or not at all, and the last few are kept."""

import json
import os
import re
import shutil
import tempfile
import time
import zipfile
import zlib
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from editions import bundle
from editions.content import Content

BUNDLE: Final = "nuzuh.zip"
LATEST: Final = "latest"
ABANDONED: Final = 3600
"""Seconds after which nobody writes on a draft any more."""
_EDITION: Final = re.compile(r"\d{8}-[0-9a-f]+(?:@\d{8})?")
_DRAFT: Final = re.compile(rf"\.{_EDITION.pattern}\.\w+")


class CannotWrite(Exception):  # noqa: N818
    """The edition cannot be written as asked."""


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put a whole folder in place of what was there.

    Only a folder that is empty, new, or an edition written before is replaced.

    Raises:
        CannotWrite: The folder holds something else, or may not be written.
    """
    if folder.exists() and not _ours(folder):
        raise CannotWrite(f"{folder} holds other files; name a new folder, or empty it.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
        try:
            for name, body in files.items():
                path = made / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(body)
            made.chmod(0o755)
            _swap(made, folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        raise CannotWrite(f"{folder} cannot be written ({error.strerror}); name another.") from None


def keep(folder: Path, content: Content, number: int) -> Path:
    """Write the edition of a release with its bundle beside the earlier ones; the last are kept.

    Args:
        folder: Holds one folder for each edition and `latest`, which names the newest.
        content: The release.
        number: How many editions stay.

    Returns:
        The edition's folder; it is left as it is where it was written before and still whole.

    Raises:
        CannotWrite: The folder may not be written.
        HarmFound: The edition says what a public page must not.
    """
    _must_be_writable(folder)
    name = content.number.strip("\u2066\u2069")
    target = folder / name
    if not _is_whole(target):
        files = bundle.files(content)
        write(target, {**files, BUNDLE: bundle.zipped(content, files)})
    _point(folder, name)
    _prune(folder, number, name)
    return target


def _is_whole(edition: Path) -> bool:
    """Whether every file of an edition and of its bundle is what its manifest says."""
    try:
        manifest = (edition / bundle.MANIFEST).read_bytes()
        listed = {one["path"]: one["sha256"] for one in json.loads(manifest)["files"]}
        with zipfile.ZipFile(edition / BUNDLE) as archive:
            parts = {part.split("/", 1)[1]: archive.read(part) for part in archive.namelist()}
        return (
            parts.pop(bundle.MANIFEST) == manifest
            and {name: _hash(body) for name, body in parts.items()} == listed
            and {name: _hash((edition / name).read_bytes()) for name in listed} == listed
        )
    except (OSError, LookupError, TypeError, ValueError, zipfile.BadZipFile, zlib.error):
        return False  # it is written anew


def _hash(body: bytes) -> str:
    return sha256(body).hexdigest()


def _must_be_writable(folder: Path) -> None:
    """Refuse before an edition is made, which takes a minute, and not when it is to be put away."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise CannotWrite(f"{folder} cannot be written ({error.strerror}); name another.") from None


def _ours(folder: Path) -> bool:
    return folder.is_dir() and (
        not any(folder.iterdir())
        or (folder / bundle.MANIFEST).is_file()
        or (folder / "index.html").is_file()
    )


def _swap(made: Path, folder: Path) -> None:
    """Readers see the old folder or the new one; between two renames, for an instant, none."""
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.replace(old)
    made.replace(folder)
    shutil.rmtree(old, ignore_errors=True)


def _point(folder: Path, name: str) -> None:
    """Name the newest edition in one step."""
    handle, path = tempfile.mkstemp(dir=folder, prefix=f".{LATEST}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"{name}\n")
    Path(path).chmod(0o644)
    Path(path).replace(folder / LATEST)


def _prune(folder: Path, number: int, newest: str) -> None:
    held = [p for p in folder.iterdir() if p.is_dir() and _EDITION.fullmatch(p.name)]
    held.sort(key=lambda p: (p.name == newest, p.stat().st_mtime_ns), reverse=True)
    for old in [*held[number:], *_abandoned(folder)]:
        shutil.rmtree(old, ignore_errors=True)


def _abandoned(folder: Path) -> list[Path]:
    """What a writer that was killed left half made; nothing that is being made now."""
    since = time.time() - ABANDONED
    return [
        path
        for path in folder.iterdir()
        if path.is_dir() and _DRAFT.fullmatch(path.name) and path.stat().st_mtime < since
    ]
