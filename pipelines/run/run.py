"""One source from the publisher to the readers: fetch, keep, read, check, publish.

A worse answer never replaces a better one: whatever goes wrong, the published files stay as they
were and the outcome says why in one sentence. An error that is not named here is a bug: it fails
its source under its own name, with the place in the code, and stops no other source.
"""

import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as arrow
from pyarrow import compute

from data.schema.tables import FIGURES, TABLES
from data.settings import ROOT
from data.store import (
    Document,
    Publication,
    Rejection,
    Status,
    Store,
    StoreBroken,
    StoreBusy,
    StoreProblem,
    Withheld,
)
from data.store import withheld as withholding
from data.store.manifest import Manifest
from pipelines.errors import SourceChanged, SourceRefused
from pipelines.http.client import MARKS, Recall
from pipelines.json_documents import decoded_once
from pipelines.run import answers, fingerprint
from pipelines.run.context import (
    EXPECTED,
    PASSING,
    Outcome,
    ReviewDecision,
    RunContext,
    State,
)
from pipelines.run.doubts import doubts_of, table_doubts_of
from pipelines.run.migrate import migrate
from pipelines.run.prepare import AS_OF, prepare
from pipelines.run.source_register import own_register, why_skipped
from pipelines.source import CARRIED, Reading, Source

_SHOWN: Final = (
    *("place_code", "origin_code", "population_group", "population_status", "measure", "unit"),
    *("category", "as_of", "value_raw", "source_url"),
)
"""What a page shows of a figure that was withheld."""


def run_source(source: Source, context: RunContext) -> Outcome:
    """Fetch, keep, read, check and publish one source."""
    reason = why_skipped(source, context.settings)
    if reason:
        return Outcome(source.name, "skipped", reason)

    def kept() -> tuple[list[Document], str]:
        client = context.client.for_one_fetch(
            _newest(source, context.store), context.settings.deadline
        )
        fetched = list(source.fetch(client, context.settings, context.area))
        documents = beside_what_is_held(source, fetched, context)
        # Kept before anything is read: a reader that fails today may be mended tomorrow.
        return documents, context.store.keep(source.name, documents)

    with decoded_once():
        return guarded(source, context, kept, fetched=True)


def _newest(source: Source, store: Store) -> Recall:
    """What the newest stored fetch was answered, for the client to ask whether it still holds."""
    kept = store.fetches(source.name)[:1]

    def recall(url: str, query: Mapping[str, str]) -> Document | None:
        # What cannot be read again is asked for anew.
        with suppress(StoreBroken):
            if kept:
                return store.answer(source.name, kept[0], url, query, tuple(MARKS.values()))
        return None

    return recall


def beside_what_is_held(
    source: Source, documents: list[Document], context: RunContext
) -> list[Document]:
    """The documents and, of a source whose figures wait for a person, those that wait already."""
    status = context.store.status(source.name) if source.reviewed else None
    if status is None or status.held_fetch is None:
        return documents
    new = {document.sha256 for document in documents}
    waiting = context.store.documents(source.name, status.held_fetch)
    return [*(d for d in waiting if d.sha256 not in new), *documents]


def prime(context: RunContext) -> Outcome | None:
    """Publish the carried figures on an empty store; None where there is a release already."""
    if context.store.newest() is not None:
        return None
    carried = next(source for source in context.sources if source.name == CARRIED)
    return run_source(carried, context)


def guarded(
    source: Source,
    context: RunContext,
    documents: Callable[[], tuple[list[Document], str]],
    *,
    decision: ReviewDecision | None = None,
    fetched: bool = False,
    known_on: datetime | None = None,
) -> Outcome:
    """Conclude one run under the source's lock; what is expected to fail becomes an outcome.

    Only what was `fetched` may go unread where it is the same: whoever replays, imports or accepts
    asked for a reading.
    """
    try:
        with context.store.lock_source(source.name):
            try:
                migrate(source, context)
                found, fetch_id = documents()
                same = _read_already(source, context, found) if fetched else None
                if same is not None:
                    return _end(source, context, same)
                return _conclude(
                    source, context, found, fetch_id, decision=decision, known_on=known_on
                )
            except EXPECTED as error:
                return _end(source, context, _failed(source, error, context))
            except MemoryError:
                said = (
                    f"{source.name} takes more memory than there is for it; the last figures stay. "
                    "Bring it in parts, or on a larger machine."
                )
                return _end(source, context, Outcome(source.name, "failed", said))
            except Exception as error:  # noqa: BLE001 - told by name, and other sources go on
                return _end(source, context, Outcome(source.name, "failed", _bug(error)))
    except StoreBusy:
        said = f"Another run of {source.name} is under way; wait for it."
        # Who asked for a fetch gets one; who brought or decided something must try again.
        state: State = "skipped" if fetched else "failed"
        return Outcome(source.name, state, said, passing=True, busy=True)
    except StoreProblem as error:
        return _failed(source, error, context)


def _bug(error: Exception) -> str:
    """What went wrong in our own code and where; not what it said, which may quote a secret."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(ROOT)] or frames
    where = f"{Path(ours[-1].filename).name}, line {ours[-1].lineno}" if ours else "nowhere"
    return (
        f"A fault of Nuzuh itself, not of the publisher: {type(error).__name__} in {where}. "
        "The last figures stay; please report it with this sentence."
    )


def _failed(source: Source, error: Exception, context: RunContext) -> Outcome:
    passing = isinstance(error, PASSING) and not isinstance(error, SourceRefused)
    return Outcome(source.name, "failed", _sentence(error, context), passing=passing)


def _read_already(source: Source, context: RunContext, documents: list[Document]) -> Outcome | None:
    """The outcome, where all that it depends on is as it was at a reading that ended well."""
    status = context.store.status(source.name)
    if status is None or status.read_as is None or status.held_fetch is not None:
        return None
    release = context.store.newest()
    if (
        release is None
        or release.warning
        or _mark(source, context, documents, release.manifest) != (status.read_as)
    ):
        return None
    said = f"{status.figures or 0:,} figures, read before: the same documents, reader and release."
    return Outcome(
        source.name,
        "unchanged",
        " ".join([said, *status.remarks]),
        figures=status.figures or 0,
        release_id=release.id,
    )


def _mark(
    source: Source, context: RunContext, documents: list[Document], manifest: Manifest
) -> str | None:
    return fingerprint.fingerprint(
        source,
        documents,
        manifest,
        area=context.area,
        public=context.settings.public,
        sources=context.sources,
    )


def _conclude(
    source: Source,
    context: RunContext,
    documents: list[Document],
    fetch_id: str,
    *,
    decision: ReviewDecision | None,
    known_on: datetime | None,
) -> Outcome:
    """Read, check and publish; after a person's decision, whatever the checks doubt."""
    reading = source.read(documents, context.area)
    everything = prepare(source, reading, documents, public=context.settings.public)
    # Asked for where something was rejected or is held, which is seldom.
    answer = cache(lambda: answers.answer_of(everything, reading.tables))
    rejection = answers.rejected(context.store.status(source.name), answer)
    if decision is None and rejection is not None:
        said = answers.told(rejection)
        return _end(source, context, Outcome(source.name, "rejected", said, fetch_id=fetch_id))
    left_out = _left_out(source, context, everything, decision)
    aside = compute.is_in(everything["figure_id"], arrow.array(sorted(left_out), arrow.string()))
    figures = everything.filter(compute.invert(aside)) if left_out else everything
    withheld = everything.filter(aside) if left_out else FIGURES.none
    ids_withheld = frozenset(withheld["figure_id"].to_pylist())
    if not len(figures) and len(withheld):
        said = "Every figure of it would be withheld; reject it instead."
        return Outcome(source.name, "skipped", said, fetch_id=fetch_id)
    if not len(figures) and source.reviewed:
        said = f"No figure is certain enough to be offered. {' '.join(reading.remarks)}".strip()
        return _end(source, context, Outcome(source.name, "unchanged", said))
    if not len(figures) and not reading.tables:
        raise SourceChanged(f"{source.name} answered with nothing; the last figures stay.")
    history = any(AS_OF in document.query for document in documents)
    release = context.store.newest() if decision is None else None
    if decision is None:
        reasons = doubts_of(
            source,
            context,
            figures,
            release,
            complete=source.complete and not history,
            withheld=ids_withheld,
        )
        reasons += table_doubts_of(source, reading, release)
        if reasons:
            told = tuple(doubt.sentence for doubt in reasons)
            said = f"{' '.join(told)} Look, then `nuzuh accept {source.name}` or `reject`."
            return _end(
                source,
                context,
                Outcome(source.name, "held", said, figures=len(figures), fetch_id=fetch_id),
                held_fetch=fetch_id,
                held_answer=answer(),
                held_reasons=told,
                held_doubts=tuple(doubt.shortened() for doubt in reasons),
            )
    result = context.store.publish(
        Publication(
            source=source.name,
            figures=figures,
            tables={**grown(source, context, reading.tables), **own_register(source, context)},
            fetch_id=fetch_id,
            complete=source.complete and not history,
            reason=f"run {source.name}" if decision is None else f"accept {source.name}{decision}",
            known_on=known_on.date() if known_on else None,
            withheld=ids_withheld,
            read=release,
        ),
        now=context.now(),
    )
    if decision is not None:
        _keep_withheld(source, context, withheld, decision, fetch_id)
    outcome = Outcome(
        source.name,
        "unchanged" if result.unchanged else "published",
        _told(figures, result.new, result.changed, result.withdrawn, reading),
        figures=len(figures),
        new=result.new,
        changed=result.changed,
        withdrawn=result.withdrawn,
        release_id=result.release_id,
        fetch_id=fetch_id,
        remarks=tuple(reading.remarks) if len(figures) else (),
    )
    undated = figures["known_from"].null_count == len(figures)
    newest = compute.max(figures["as_of"].filter(figures["value"].is_valid())).as_py()
    return _end(
        source,
        context,
        outcome,
        held_fetch=None,
        held_reasons=(),
        held_doubts=(),
        held_answer=None,
        rejected=_still_rejected(context.store.status(source.name), answer),
        figures=len(figures),
        newest_as_of=newest,
        # A person's word goes beyond the checks: the next fetch meets them again. And history
        # beside today's word may bring another vintage when it is set beside itself.
        read_as=None
        if decision is not None or not (result.unchanged or undated)
        else _mark(source, context, documents, result.manifest),
        remarks=reading.remarks,
    )


def _left_out(
    source: Source,
    context: RunContext,
    figures: arrow.Table,
    decision: ReviewDecision | None,
) -> frozenset[str]:
    """Ids of what a person withholds now, or withheld before while it said the same."""
    found = withholding.still_withheld(figures, context.store.withheld(source.name))
    return found | (decision.withheld if decision else frozenset())


def _keep_withheld(
    source: Source,
    context: RunContext,
    rows: arrow.Table,
    decision: ReviewDecision,
    fetch_id: str,
) -> None:
    """Remember what was left out, with who left it out and why."""
    before = {row.figure_id: row for row in context.store.withheld(source.name)}
    if not decision.withheld and not before:
        return
    now = {
        row["figure_id"]: before.get(row["figure_id"])
        if row["figure_id"] not in decision.withheld
        else Withheld(
            figure_id=row["figure_id"],
            value=None if pd.isna(row["value"]) else int(row["value"]),
            missing_reason=None if pd.isna(row["missing_reason"]) else str(row["missing_reason"]),
            decision=decision.id or "",
            by=decision.by,
            why=decision.why,
            on=f"{context.now():%Y-%m-%d}",
            fetch=fetch_id,
            facts={name: None if pd.isna(row[name]) else str(row[name]) for name in _SHOWN},
        )
        for row in FIGURES.frame(rows).to_dict("records")
    }
    context.store.set_withheld(source.name, [row for row in now.values() if row is not None])


def _still_rejected(status: Status | None, answer: Callable[[], str]) -> tuple[Rejection, ...]:
    """The rejections but the one of an answer that was accepted after all."""
    return tuple(one for one in (status.rejected if status else ()) if one.answer != answer())


def grown(
    source: Source, context: RunContext, tables: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """The tables to publish; a ledger's with the rows that it published before."""
    release = context.store.newest() if source.ledger else None
    if release is None:
        return dict(tables)
    grown = {}
    for name, frame in tables.items():
        table = next(t for t in TABLES if t.name == name)
        rows = pd.concat([release.table(name), frame], ignore_index=True)
        grown[name] = rows.drop_duplicates(list(table.key), keep="last", ignore_index=True)
    return grown


def _end(source: Source, context: RunContext, outcome: Outcome, **changes: Any) -> Outcome:
    """Write the status; a store that cannot even do that has said so in the outcome."""
    try:
        before = context.store.status(source.name) or Status(source.name)
        aside = context.store.set_status(
            before.after(context.now(), outcome.state, outcome.sentence, **changes)
        )
        if aside:
            said = f"What was noted of it before was damaged and lies in {aside} now."
            outcome = replace(outcome, sentence=f"{outcome.sentence} {said}")
    except StoreProblem:
        if outcome.state != "failed":
            raise
    return outcome


def _told(figures: arrow.Table, new: int, changed: int, withdrawn: int, reading: Reading) -> str:
    parts = [
        f"{len(figures):,} figures: {new:,} new, {changed:,} changed, {withdrawn:,} withdrawn."
    ]
    if not len(figures):
        parts = [f"Tables: {', '.join(sorted(reading.tables))}."]
    return " ".join([*parts, *reading.remarks])


def _sentence(error: Exception, context: RunContext) -> str:
    """What the error says, on one line; a key that slipped into it is struck out."""
    text = " ".join(str(error).split())
    for secret in context.settings.key.values():
        text = text.replace(secret, "…") if secret else text
    return text
