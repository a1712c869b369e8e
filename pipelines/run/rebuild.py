"""What a source's stored documents say, for `nuzuh repair`: as they were read when published."""

from collections.abc import Callable

from data.schema.tables import SOURCES
from data.store import Document, Reread, StoreProblem
from pipelines.run.context import EXPECTED, RunContext
from pipelines.run.prepare import AS_OF, prepare
from pipelines.run.source_register import register
from pipelines.source import CARRIED


def reread(context: RunContext) -> Callable[[str, list[Document]], Reread | None]:
    """What `Store.repair` asks; None of a source, or of documents, that nobody can read any more.

    The tables of a source that adds to its own are what one fetch brings, not all of them.
    """
    by_name = {source.name: source for source in context.sources}

    def read(name: str, documents: list[Document]) -> Reread | None:
        source = by_name.get(name)
        if source is None:
            return None
        try:
            reading = source.read(documents, context.area)
            figures = prepare(source, reading, documents, public=False)
        except EXPECTED:
            return None
        listed = {*_registered(context), name} if name == CARRIED else {name}
        rows = register([each for each in context.sources if each.name in listed])
        history = any(AS_OF in document.query for document in documents)
        tables = {**reading.tables, SOURCES.name: rows}
        return Reread(figures, tables, complete=source.complete and not history)

    return read


def _registered(context: RunContext) -> set[str]:
    """The sources whose row in the register the carried figures bring: those with no own."""
    try:
        by_source = set(context.store.current().manifest.tables.get(SOURCES.name, {}))
    except StoreProblem:
        by_source = set()  # nothing is whole enough to say
    return {source.name for source in context.sources if source.name not in by_source}
