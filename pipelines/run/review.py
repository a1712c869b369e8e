"""A person's decision on what is held, and what it would change."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from data.schema.tables import FIGURES
from data.store import Document, Rejection
from data.store.status import REJECTIONS_RETAINED
from pipelines.forms.provenance import Provenance
from pipelines.run import preview as previews
from pipelines.run.answers import answer_of
from pipelines.run.context import EXPECTED, NO_DECISION, Outcome, ReviewDecision, RunContext
from pipelines.run.doubts import doubts_of
from pipelines.run.prepare import AS_OF, prepare
from pipelines.run.preview import Preview
from pipelines.run.run import grown, guarded
from pipelines.run.upload import NO_PROVENANCE, brought
from pipelines.source import Source


def preview_file(
    source: Source,
    path: Path,
    as_of: date | None,
    context: RunContext,
    provenance: Provenance = NO_PROVENANCE,
) -> Preview:
    """What importing the file would change; nothing is stored.

    Raises:
        SourceUnavailable: The file cannot be read.
        SourceChanged, ContractBroken, UnknownPlace, HarmFound: Importing it would fail so.
    """
    return _previewed(source, [brought(source, path, as_of, provenance, context.now())], context)


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
    release = context.store.newest()
    shown, beside = previews.of_figures(FIGURES.frame(figures), source, release)
    gone = beside[beside["via"] == source.name] if complete else beside.head(0)
    reasons = (
        [] if source.reviewed else doubts_of(source, context, figures, release, complete=complete)
    )
    return Preview(
        shown,
        gone,
        {name: len(frame) for name, frame in grown(source, context, reading.tables).items()},
        tuple(reasons),
        reading.remarks,
        reading.evidence,
        beside.drop(gone.index),
    )


def accept(source: Source, context: RunContext, decision: ReviewDecision = NO_DECISION) -> Outcome:
    """Publish what was held, without the figures that the decision withholds.

    An answer that was rejected is accepted after all where the decision names its fetch.
    """
    status = context.store.status(source.name)
    held = status.held_fetch if status else None
    again = {one.fetch for one in status.rejected} if status else set()
    fetch_id = decision.fetch if decision.fetch in again else held
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
    """Put away what was held; its documents stay stored, the figures stay as they are.

    What it says is remembered: the same answer again rejects itself.

    Raises:
        StoreBusy: A run of the source is under way.
    """
    with context.store.lock_source(source.name):
        status = context.store.status(source.name)
        if status is None or status.held_fetch is None:
            return Outcome(source.name, "skipped", f"Nothing of {source.name} is held.")
        if decision.fetch not in (None, status.held_fetch):
            return Outcome(source.name, "skipped", _another(source))
        said = f"Rejected{decision}; the published figures stay."
        rejection = Rejection(
            answer=status.held_answer or _answer(source, context, status.held_fetch),
            fetch=status.held_fetch,
            decision=decision.id,
            at=context.now(),
            by=decision.by,
            why=decision.why,
        )
        context.store.set_status(
            replace(
                status,
                held_fetch=None,
                held_reasons=(),
                held_doubts=(),
                held_answer=None,
                outcome="rejected",
                sentence=said,
                rejected=(rejection, *status.rejected)[:REJECTIONS_RETAINED],
            )
        )
    return Outcome(source.name, "rejected", said, fetch_id=rejection.fetch)


def _answer(source: Source, context: RunContext, fetch_id: str) -> str:
    """What a held fetch says; "" where it cannot be read any more, and so nothing is like it."""
    try:
        documents = context.store.documents(source.name, fetch_id)
        reading = source.read(documents, context.area)
        figures = prepare(source, reading, documents, public=context.settings.public)
    except EXPECTED:
        return ""
    return answer_of(figures, reading.tables)
