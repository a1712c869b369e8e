"""What an answer is held against: the source's own figures, other routes', or the carried ones."""

import pandas as pd

from data.schema.check_results import CheckResult
from data.schema.tables import CAVEATS, CONTEXT, FIGURES, FUNDING, REPORTS, is_in
from data.store import FigureFilter
from data.store.release import Release
from pipelines.run import preview as previews
from pipelines.run.checks import doubts, retold, table_doubts
from pipelines.run.context import RunContext
from pipelines.run.prepare import prepare
from pipelines.source import CARRIED, Reading, Source


def doubts_of(
    source: Source,
    context: RunContext,
    figures: pd.DataFrame,
    *,
    complete: bool,
    withheld: frozenset[str] = frozenset(),
) -> list[CheckResult]:
    """Why a person should look before these figures are published.

    Args:
        source: Whose they are.
        context: What the run works with.
        figures: Prepared figures without those that are withheld.
        complete: Whether what they leave out is withdrawn.
        withheld: Ids of figures that stay as they are published: no doubt is theirs.
    """
    if source.reviewed:
        return _news(source, context, figures)
    if source.api is None and not source.by_hand:
        return []  # no publisher answers: the project wrote these rows and reviewed them
    release = context.store.newest()
    own = _of(release, source.name)
    ours = (own["via"] == source.name) & ~own["figure_id"].isin(withheld)
    own = own if ours.all() else own[ours]
    if own.empty:
        return _first_doubts(source, context, figures, release)
    status = context.store.status(source.name)
    if complete:
        earlier = _history(source, release, figures, own)
        return doubts(figures, own, kind=source.kind, earlier=earlier)
    # An answer that holds some days or rounds of many is held against all of them, neighbours of
    # its own among them, and never for being shorter or older than what is there.
    others = own[~is_in(own["figure_id"], figures["figure_id"])]
    return doubts(
        pd.concat([others, figures], ignore_index=True) if len(others) else figures,
        own,
        kind=source.kind,
        complete=False,
        size_before=status.figures if status and not source.by_hand else None,
        answered=len(figures),
    )


def table_doubts_of(source: Source, context: RunContext, reading: Reading) -> list[CheckResult]:
    """Doubts about companion tables that carry their source's name on every row."""
    published = context.store.newest()
    if published is None:
        return []
    found = []
    for table in (CAVEATS, FUNDING, REPORTS, *CONTEXT):
        if table.name in reading.tables:
            before = published.table(table.name)
            own = before[before["source"] == source.name]
            found += table_doubts(reading.tables[table.name], own, table)
    return found


def _of(release: Release | None, *sources: str) -> pd.DataFrame:
    if release is None or not sources:
        return FIGURES.empty()
    if len(sources) == 1:
        return release.of_source(*sources)
    return release.figures(FigureFilter(source=sources))


def _first_doubts(
    source: Source, context: RunContext, figures: pd.DataFrame, release: Release | None
) -> list[CheckResult]:
    """What a first answer is held against.

    The carried figures of the same series, in an empty store those that lie with the project. One
    that the answer lacks is no doubt: it stays carried, and nothing is withdrawn. Of tables that
    are published anew as a whole also the other routes to the same collection; what the first of
    them published is there in full.
    """
    routes = [
        other
        for other in context.sources
        if source.kind == "editions" and source.origin and other.origin == source.origin
    ]
    known = _of(release, source.name, *(route.name for route in routes))
    if release is None and source.kind == "editions":
        known = _carried(context, {source.name, *(route.name for route in routes)})
    first = [r.name for r in routes if (r.origin_rank or 0) < (source.origin_rank or 0)]
    live = known[known["via"].isin(first) & known["source"].isin(first)]
    if len(live):
        beside = retold(figures, live, contained=True)
        return doubts(figures, beside, kind=source.kind, complete=False)
    own = known[known["source"] == source.name]
    others = retold(figures, known[known["source"] != source.name])
    others = others[~others["figure_id"].isin(own["figure_id"])]
    beside = pd.concat([own, others], ignore_index=True)
    return doubts(figures, beside, kind=source.kind, own=False, complete=False)


def _carried(context: RunContext, series: set[str]) -> pd.DataFrame:
    """The carried figures of some series, as they lie with the project: of each the newest."""
    source = next((source for source in context.sources if source.name == CARRIED), None)
    if source is None:
        return FIGURES.empty()
    tables = source.fetch(context.client, context.settings, context.area)
    documents = [t for t in tables if any(name.encode() in t.body for name in series)]
    if not documents:
        return FIGURES.empty()
    found = source.read(documents, context.area).figures
    ours = Reading(found[found["source"].isin(series)])
    figures = prepare(source, ours, documents)
    return figures.sort_values("known_from").drop_duplicates("figure_id", keep="last")


def _history(
    source: Source, release: Release | None, figures: pd.DataFrame, own: pd.DataFrame
) -> pd.DataFrame | None:
    """All vintages, where figures of an edition changed: an edition may have been put back."""
    if source.kind != "editions" or release is None:
        return None
    both = own[["figure_id", "value"]].merge(figures[["figure_id", "value"]], on="figure_id")
    if not (both["value_x"] != both["value_y"]).fillna(False).any():
        return None
    return release.vintages(FigureFilter(source=(source.name,)))


def _news(source: Source, context: RunContext, figures: pd.DataFrame) -> list[CheckResult]:
    """What a person has to read before it is published; nothing where all of it is already."""
    shown, _ = previews.of_figures(figures, source, context.store.newest())
    news = int((shown["change"] != "same").sum())
    return [CheckResult("reports", {"count": news, "source": source.name})] if news else []
