"""Everything that a store holds, hashed and read again: what is not as it was published."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from data.store import intact
from data.store.manifest import File, Manifest
from data.store.objects import Objects
from data.store.problems import StoreBroken
from data.store.release import Release
from data.store.snapshots import Document

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Fault:
    """Something that `verify` found."""

    path: str
    sentence: str


Read = Callable[[str, list[Document]], "pd.DataFrame | None"]


def of_files(objects: Objects, manifests: Sequence[Manifest]) -> Iterator[Fault]:
    """Every file that a manifest names, hashed again, each once."""
    intact.forget_hashes()
    named = {file.path: file for manifest in manifests for file in manifest.files()}
    for file in named.values():
        try:
            found = _digest(objects, file)
        except (OSError, StoreBroken):
            yield Fault(file.path, "cannot be read")
            continue
        if found is None:
            yield Fault(file.path, "is missing")
        elif found != file.sha256:
            yield Fault(file.path, "is not the file that was published")


def _digest(objects: Objects, file: File) -> str | None:
    if objects.folder is not None:
        return intact.digest_of(objects.folder / file.path)
    body = objects.get_if_there(file.path)
    return None if body is None else sha256(body).hexdigest()


def of_figures(
    release: Release, documents: Mapping[str, Sequence[list[Document]]], read: Read
) -> Iterator[Fault]:
    """Published figures that reading their stored documents again does not give.

    Args:
        release: What is published.
        documents: The fetches of each source.
        read: The figures that a source's documents give, or None for a source that is not known
            any more.
    """
    again, unknown = [], set()
    for source, fetches in documents.items():
        for fetch in fetches:
            figures = read(source, fetch)
            if figures is None:
                unknown.add(source)
            else:
                again.append(figures)
    try:
        published = release.figures()
    except StoreBroken:
        return  # its missing file was named above
    yield from _differences(published[~published["via"].isin(unknown)], again)


def _differences(published: "pd.DataFrame", again: "list[pd.DataFrame]") -> Iterator[Fault]:
    import pandas as pd  # not above: every command loads this module, few ask for it

    key = ["figure_id", "content_sha256", "value", "missing_reason", "as_of"]
    read = pd.concat(again)[key].astype("string") if again else pd.DataFrame(columns=key)
    come_out = set(read.fillna("").itertuples(index=False, name=None))
    for row in published[key].astype("string").fillna("").itertuples(index=False, name=None):
        if row not in come_out:
            yield Fault(
                f"figure {row[0]}", f"{row[2] or row[3]} does not come out of its stored file again"
            )
