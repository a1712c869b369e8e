"""A file that a person got by hand, through the same checks as a live answer."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import BinaryIO, Final

from data.store import Document
from pipelines.errors import SourceUnavailable
from pipelines.forms.provenance import BROUGHT, Provenance
from pipelines.http.client import MAX_BYTES
from pipelines.run.context import Outcome, RunContext
from pipelines.run.prepare import AS_OF
from pipelines.run.run import beside_what_is_held, guarded
from pipelines.source import Source

NO_PROVENANCE: Final = Provenance()


def import_file(
    source: Source,
    path: Path,
    as_of: date | None,
    context: RunContext,
    papers: Provenance = NO_PROVENANCE,
    *,
    got: datetime | None = None,
) -> Outcome:
    """The same from a file that a person got by hand.

    Args:
        source: Whose figures the file holds; its `read` finds its way by the file's name.
        path: The file.
        as_of: The day the file was got. Its figures are known from that day, so that an older
            download fills in history; None for one that is as new as today.
        context: What the run works with.
        papers: What the person said of where it comes from; stored with it.
        got: When it was brought, where that is not now: the same file brought at the same moment
            is the same stored fetch.

    Raises:
        SourceUnavailable: The file cannot be read.
    """
    document = brought(source, path, as_of, papers, got or context.now())

    def kept() -> tuple[list[Document], str]:
        documents = beside_what_is_held(source, [document], context)
        return documents, context.store.keep(source.name, documents)

    return guarded(source, context, kept)


def read_file(path: Path) -> bytes:
    """The bytes of a file that a person names, within the bound of what a publisher may send.

    Raises:
        SourceUnavailable: It cannot be read, or is too large.
    """
    try:
        with path.open("rb") as opened:
            return read_stream(opened, f"The file {path}")
    except OSError as error:
        raise SourceUnavailable(f"The file {path} cannot be read ({error.strerror}).") from None


def read_stream(opened: BinaryIO, said: str) -> bytes:
    """The bytes of a file or a pipe, within the same bound.

    Raises:
        SourceUnavailable: What is called `said` is too large.
    """
    body = opened.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise SourceUnavailable(
            f"{said} is larger than {MAX_BYTES:,} bytes; look whether it is the right one."
        )
    return body


def brought(
    source: Source, path: Path, as_of: date | None, papers: Provenance, got: datetime
) -> Document:
    """The file as a document, with what the person said of it and when they brought it."""
    body = read_file(path)
    # A form says itself what day each row speaks of, and may be filled in later.
    form = source.by_hand or source.reviewed
    at = datetime.combine(as_of, time(), UTC) if as_of and not form else got
    query = papers.query() | {BROUGHT: path.name} | ({AS_OF: as_of.isoformat()} if as_of else {})
    name = path.name if form else path.stem
    return Document(name, papers.address or f"file:{path.name}", body, at, query)
