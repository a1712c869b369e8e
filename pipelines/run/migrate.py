"""Figures that an earlier reader got wrong, said again from the stored documents.

A reader that learns what its numbers mean gives them other keys: a running count becomes a stock.
Without this, what it published before would stand beside what it says now.
"""

from contextlib import suppress
from typing import Final

import pandas as pd

from data.schema.tables import FIGURES
from data.status.freshness import copied_at
from data.store import FigureFilter, Publication
from pipelines.run.context import EXPECTED, RunContext
from pipelines.run.prepare import prepare
from pipelines.source import Source

MEANT: Final = ["place_code", "population_group", "unit", "as_of", "reporting_round"]
"""What a figure shares with the one that takes its place."""


def migrate(source: Source, context: RunContext) -> int:
    """Withdraw the figures that `Source.superseded` names, and publish what takes their place.

    Every stored fetch that the release was made of is read again, and known from the day it was
    made. A figure that none of them says again stays as it is.

    Returns:
        How many figures were withdrawn.

    Raises:
        StoreProblem: The store cannot be read or written.
    """
    if source.superseded is None:
        return 0
    release = context.store.newest()
    if release is None:
        return 0
    published = release.figures(FigureFilter(source=(source.name,)))
    own = published[published["via"] == source.name]
    old = own[source.superseded(own).astype(bool)] if len(own) else own
    if old.empty:
        return 0
    frames = [
        frame
        for fetch in release.manifest.fetches.get(source.name, ())
        if (frame := _read_again(source, context, fetch)) is not None
    ]
    if not frames:
        return 0
    figures = pd.concat(frames, ignore_index=True)
    figures = figures.drop_duplicates(["figure_id", "known_from"], keep="last", ignore_index=True)
    again = pd.MultiIndex.from_frame(figures[MEANT])
    said = pd.MultiIndex.from_frame(old[MEANT]).isin(again)
    gone = frozenset(old.loc[said, "figure_id"])
    if not gone:
        return 0
    context.store.publish(
        Publication(
            source=source.name,
            figures=figures,
            complete=False,
            reason=f"migrate {source.name}",
            withdrawn=gone,
        ),
        now=context.now(),
    )
    return len(gone)


def _read_again(source: Source, context: RunContext, fetch_id: str) -> pd.DataFrame | None:
    """What one stored fetch says now, as known on its day; None where it cannot be read."""
    made = copied_at(fetch_id)
    with suppress(*EXPECTED):
        documents = context.store.documents(source.name, fetch_id)
        reading = source.read(documents, context.area)
        prepared = prepare(source, reading, documents, public=context.settings.public)
        figures = FIGURES.frame(prepared)
        day = pd.Timestamp((made or context.now()).date()).as_unit("s")
        return figures.assign(known_from=figures["known_from"].fillna(day))
    return None
