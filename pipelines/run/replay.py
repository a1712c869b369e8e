"""Stored fetches read again, without network."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from data.schema.tables import FIGURES
from data.status.freshness import copied_at
from data.store import Document, Store
from pipelines.errors import SourceRefused
from pipelines.run.context import EXPECTED, Outcome, RunContext
from pipelines.run.prepare import prepare
from pipelines.run.run import guarded
from pipelines.source import Source


def replay(source: Source, context: RunContext) -> Outcome:
    """Read the newest stored fetch again, without network, with the same checks."""

    def stored() -> tuple[list[Document], str]:
        kept = context.store.fetches(source.name)
        if not kept:
            raise SourceRefused(
                f"Nothing of {source.name} is stored yet; run `nuzuh run {source.name}` first."
            )
        return context.store.documents(source.name, kept[0]), kept[0]

    return guarded(source, context, stored)


def replay_every(source: Source, context: RunContext) -> Outcome:
    """Read again every stored fetch that is newer than what is published, oldest first.

    Each is published as known on the day it was made: a store that has a source's documents but
    no release of it gets its whole history back. It ends where an answer is held, since what
    follows is compared with it; one that cannot be read is passed over and told, as it was then.
    """
    outcomes = []
    for fetch_id in _unpublished(source, context.store):
        outcomes.append(_replay_one(source, fetch_id, context))
        if outcomes[-1].state == "held":
            break
    if not outcomes:
        return Outcome(source.name, "unchanged", "Every stored fetch is published already.")
    last = outcomes[-1]
    unread = [o.sentence for o in outcomes[:-1] if o.state == "failed"]
    published = any(o.state == "published" for o in outcomes)
    return replace(
        last,
        state="published" if published and last.state == "unchanged" else last.state,
        sentence=" ".join([f"Stored fetches read: {len(outcomes):,}.", last.sentence, *unread]),
        new=sum(o.new for o in outcomes),
        changed=sum(o.changed for o in outcomes),
        withdrawn=sum(o.withdrawn for o in outcomes),
    )


def _replay_one(source: Source, fetch_id: str, context: RunContext) -> Outcome:
    def stored() -> tuple[list[Document], str]:
        return context.store.documents(source.name, fetch_id), fetch_id

    return guarded(source, context, stored, known_on=copied_at(fetch_id))


def _unpublished(source: Source, store: Store) -> list[str]:
    release = store.newest()
    newest = max(release.fetches(source.name), default="") if release else ""
    return sorted(fetch for fetch in store.fetches(source.name) if fetch > newest)


def read_again(
    context: RunContext,
) -> Callable[[str, list[Document]], pd.DataFrame | None]:
    """What `Store.verify` asks: the figures that stored documents give."""
    by_name = {source.name: source for source in context.sources}

    def read(name: str, documents: list[Document]) -> pd.DataFrame | None:
        source = by_name.get(name)
        if source is None:
            return None
        try:
            reading = source.read(documents, context.area)
            return FIGURES.frame(prepare(source, reading, documents, public=False))
        except EXPECTED:
            return FIGURES.empty()  # its published figures are then named one by one

    return read
