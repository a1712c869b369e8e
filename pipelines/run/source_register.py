"""The sources as rows of the register that is published, and which of them would be run."""

from collections.abc import Sequence

import pyarrow as arrow

from data.schema.tables import SOURCES
from data.settings import Settings
from pipelines.run.context import RunContext
from pipelines.source import CARRIED, Source


def register(sources: Sequence[Source]) -> arrow.Table:
    """The sources as rows of `tables.SOURCES`."""
    rows = [
        {
            "source": source.name,
            "title": source.title,
            "publisher": source.publisher,
            "homepage": source.homepage,
            "licence": source.licence,
            "attribution": source.attribution,
            "cadence_days": source.cadence.total_seconds() / 86400,
            "late_after_days": source.late_after.total_seconds() / 86400,
            "key": source.key,
            "replaced_by": source.replaced_by,
            "origin": source.origin,
            "origin_rank": source.origin_rank,
        }
        for source in sources
    ]
    return arrow.Table.from_pylist(rows, schema=SOURCES.arrow)


def why_skipped(source: Source, settings: Settings) -> str | None:
    """Why the source would not be tried, in a sentence; None where it would."""
    if source.name in settings.disabled:
        return "Left out by NUZUH_DISABLE."
    if source.by_hand:
        return f"Comes by hand: `nuzuh import {source.name} FILE`."
    if source.key == "required" and source.api and not settings.key.get(source.api):
        return f"Needs a key; set NUZUH_KEY_{source.api}. Where to get one: {source.homepage}"
    return None


def own_register(source: Source, context: RunContext) -> dict[str, arrow.Table]:
    """The rows of the register that this source publishes: over all sources each stands once."""
    release = context.store.newest()
    by_source = set(release.manifest.tables.get(SOURCES.name, {})) if release else set()
    if source.name == CARRIED:
        others = by_source - {CARRIED}
        return {SOURCES.name: register([s for s in context.sources if s.name not in others])}
    if CARRIED in by_source and source.name not in by_source:
        return {}
    return {SOURCES.name: register([source])}
