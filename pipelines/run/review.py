"""A person's decision on what is held, and what it would change."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from data.store import Document
from pipelines.forms.provenance import Papers
from pipelines.run import preview as previews
from pipelines.run.context import NO_DECISION, Outcome, ReviewDecision, RunContext
from pipelines.run.prepare import AS_OF, prepare
from pipelines.run.preview import Preview
from pipelines.run.run import doubts_of, grown, guarded
from pipelines.run.upload import NO_PAPERS, brought
from pipelines.source import Source


def preview_file(
    source: Source, path: Path, as_of: date | None, context: RunContext, papers: Papers = NO_PAPERS
) -> Preview:
    """What importing the file would change; nothing is stored.

    Raises:
        SourceUnavailable: The file cannot be read.
        SourceChanged, ContractBroken, UnknownPlace, HarmFound: Importing it would fail so.
    """
    return _previewed(source, [brought(source, path, as_of, context, papers)], context)


def preview_held(source: Source, context: RunContext) -> Preview | None:
    """What accepting would publish; None where nothing is held."""
    status = context.store.status(source.name)
    if status is None or status.held_fetch is None:
        return None
    return _previewed(source, context.store.documents(source.name, status.held_fetch), context)


def _previewed(source: Source, documents: list[Document], context: RunContext) -> Preview:
    reading = source.read(documents, context.area)
    figures = prepare(source, reading, documents, public=context.settings.public)
    complete = source.complete and not any(AS_OF in d.query for d in documents)
    shown, gone = previews.of_figures(
        figures, source, previews.current(context.store), complete=complete
    )
    reasons = [] if source.reviewed else doubts_of(source, context, figures, complete=complete)
    return Preview(
        shown,
        gone,
        {name: len(frame) for name, frame in grown(source, context, reading.tables).items()},
        tuple(reasons),
        reading.remarks,
        reading.evidence,
    )


def accept(source: Source, context: RunContext, decision: ReviewDecision = NO_DECISION) -> Outcome:
    """Publish what was held: a person looked at it."""
    status = context.store.status(source.name)
    fetch_id = status.held_fetch if status else None
    if fetch_id is None:
        return Outcome(source.name, "skipped", f"Nothing of {source.name} is held.")
    if decision.fetch not in (None, fetch_id):
        return Outcome(source.name, "skipped", _another(source))
    return guarded(
        source,
        context,
        lambda: (context.store.documents(source.name, fetch_id), fetch_id),
        decision=decision,
    )


def _another(source: Source) -> str:
    return f"Another answer of {source.name} is held by now; look at that one first."


def reject(source: Source, context: RunContext, decision: ReviewDecision = NO_DECISION) -> Outcome:
    """Put away what was held; its documents stay stored, the figures stay as they are."""
    with context.store.lock_source(source.name):
        status = context.store.status(source.name)
        if status is None or status.held_fetch is None:
            return Outcome(source.name, "skipped", f"Nothing of {source.name} is held.")
        if decision.fetch not in (None, status.held_fetch):
            return Outcome(source.name, "skipped", _another(source))
        said = f"Rejected{decision}; the published figures stay."
        context.store.set_status(
            replace(
                status,
                held_fetch=None,
                held_reasons=(),
                held_doubts=(),
                outcome="failed",
                sentence=said,
            )
        )
    return Outcome(source.name, "unchanged", said)
