"""What an answer is held against: the source's own figures, other routes', or the carried ones."""

from collections.abc import Callable, Sequence
from functools import partial

import pyarrow as arrow
from pyarrow import compute

from data.schema.arrow_rows import whole
from data.schema.check_results import CheckResult
from data.schema.tables import CAVEATS, CONTEXT, FIGURES, FUNDING, REPORTS
from data.store.release import Release
from pipelines.run import preview as previews
from pipelines.run.checks import doubts, retold, table_doubts
from pipelines.run.comparisons import NUMBER, once
from pipelines.run.context import RunContext
from pipelines.run.prepare import prepare
from pipelines.source import CARRIED, Reading, Source


def doubts_of(
    source: Source,
    context: RunContext,
    figures: arrow.Table,
    release: Release | None,
    *,
    complete: bool,
    withheld: frozenset[str] = frozenset(),
) -> list[CheckResult]:
    """Why a person should look before these figures are published.

    Args:
        source: Whose they are.
        context: What the run works with.
        figures: Prepared figures without those that are withheld.
        release: What is published; None before the first release.
        complete: Whether what they leave out is withdrawn.
        withheld: Ids of figures that stay as they are published: no doubt is theirs.
    """
    if source.reviewed:
        return _news(source, figures, release)
    if source.api is None and not source.by_hand:
        return []  # no publisher answers: the project wrote these rows and reviewed them
    own = _of(release, source.name)
    own = own.filter(compute.fill_null(compute.equal(own["via"], source.name), False))
    if withheld:
        own = _but(own, arrow.array(sorted(withheld)))
    if not len(own):
        return _first_doubts(source, context, figures, release)
    status = context.store.status(source.name)
    if complete:
        earlier = _history(source, release)
        return doubts(figures, own, kind=source.kind, earlier=earlier)
    # An answer that holds some days or rounds of many is held against all of them, neighbours of
    # its own among them, and never for being shorter or older than what is there.
    return doubts(
        arrow.concat_tables([_but(own, whole(figures["figure_id"])), figures]),
        own,
        kind=source.kind,
        complete=False,
        size_before=status.figures if status and not source.by_hand else None,
        answered=len(figures),
    )


def _but(figures: arrow.Table, ids: arrow.Array) -> arrow.Table:
    """The figures but some."""
    return figures.filter(compute.invert(compute.is_in(figures["figure_id"], ids)))


def table_doubts_of(source: Source, reading: Reading, release: Release | None) -> list[CheckResult]:
    """Doubts about companion tables that carry their source's name on every row."""
    found = []
    for table in (CAVEATS, FUNDING, REPORTS, *CONTEXT):
        if release is not None and table.name in reading.tables:
            before = release.table(table.name)
            own = before[before["source"] == source.name]
            found += table_doubts(reading.tables[table.name], own, table)
    return found


def _of(release: Release | None, *sources: str) -> arrow.Table:
    if release is None or not sources:
        return FIGURES.none
    if len(sources) == 1:
        return release.of_source(*sources)
    return release.of_sources(sources)


def _first_doubts(
    source: Source, context: RunContext, figures: arrow.Table, release: Release | None
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
    live = known.filter(compute.and_(_in(known, "via", first), _in(known, "source", first)))
    if len(live):
        beside = retold(figures, live, contained=True)
        return doubts(figures, beside, kind=source.kind, complete=False)
    mine = _in(known, "source", [source.name])
    own = known.filter(mine)
    others = _but(retold(figures, known.filter(compute.invert(mine))), whole(own["figure_id"]))
    beside = arrow.concat_tables([own, others])
    return doubts(figures, beside, kind=source.kind, own=False, complete=False)


def _in(figures: arrow.Table, name: str, sources: Sequence[str]) -> arrow.ChunkedArray:
    return compute.is_in(figures[name], arrow.array(sources, arrow.string()))


def _carried(context: RunContext, series: set[str]) -> arrow.Table:
    """The carried figures of some series, as they lie with the project: of each the newest."""
    source = next((source for source in context.sources if source.name == CARRIED), None)
    if source is None:
        return FIGURES.none
    tables = source.fetch(context.client, context.settings, context.area)
    documents = [t for t in tables if any(name.encode() in t.body for name in series)]
    if not documents:
        return FIGURES.none
    found = source.read(documents, context.area).figures
    ours = Reading(found.filter(_in(found, "source", sorted(series))))
    return once(prepare(source, ours, documents))


def _history(source: Source, release: Release | None) -> Callable[[], arrow.Table] | None:
    """All vintages, for a source whose editions may be put back."""
    if source.kind != "editions" or release is None:
        return None
    return partial(release.vintages_of, source.name, NUMBER)


def _news(source: Source, figures: arrow.Table, release: Release | None) -> list[CheckResult]:
    """What a person has to read before it is published; nothing where all of it is already."""
    shown, _ = previews.of_figures(FIGURES.frame(figures), source, release)
    news = int((shown["change"] != "same").sum())
    return [CheckResult("reports", {"count": news, "source": source.name})] if news else []
