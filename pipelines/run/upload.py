"""A file that a person got by hand, through the same checks as a live answer."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final

from data.store import Document
from pipelines.forms.provenance import Provenance
from pipelines.local_files import read_file
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
    provenance: Provenance = NO_PROVENANCE,
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
        provenance: What the person said of where it comes from; stored with it.
        got: When it was brought, where that is not now: the same file brought at the same moment
            is the same stored fetch.

    Raises:
        SourceUnavailable: The file cannot be read.
    """
    document = brought(source, path, as_of, provenance, got or context.now())

    def kept() -> tuple[list[Document], str]:
        documents = beside_what_is_held(source, [document], context)
        return documents, context.store.keep(source.name, documents)

    return guarded(source, context, kept)


def brought(
    source: Source, path: Path, as_of: date | None, provenance: Provenance, got: datetime
) -> Document:
    """The file as a document, with what the person said of it and when they brought it."""
    body = read_file(path)
    # A form says itself what day each row speaks of, and may be filled in later.
    form = source.by_hand or source.reviewed
    at = datetime.combine(as_of, time(), UTC) if as_of and not form else got
    query = provenance.query() | ({AS_OF: as_of.isoformat()} if as_of else {})
    name = path.name if form else path.stem
    return Document(name, provenance.address or f"file:{path.name}", body, at, query)
