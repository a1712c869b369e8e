"""Figures that reach us by several routes: one is shown, the others check it.

Pages, editions, the brief, the bundle, surges, alerts and exports all ask `figures` or `vintages`
here, never the release itself, so that each published number stands once everywhere.

Sources of one origin (`tables.SOURCES.origin`) carry one collection: IOM's DTM through its
workbooks, its API and HAPI, UNHCR's annual tables through its API and HAPI. Their figures of one
place, group, kind and time are one number; the source of the lowest `origin_rank` that has it is
shown, and where another differs, that is stated. Where only a lower source has a figure,
because the first is late or gone, that figure is shown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import dropwhile
from typing import TYPE_CHECKING, Final

import pyarrow
from pyarrow import compute

from data.schema.arrow_rows import in_order, none_of
from data.schema.kinds import ARROW, Kind
from data.schema.tables import FIGURES
from data.store import FigureFilter, Release
from data.store.release import EVERYTHING, asked_of

if TYPE_CHECKING:
    import pandas as pd

SAME: Final = (
    "place_code",
    "population_group",
    "measure",
    "unit",
    "gender",
    "age_range",
    "population_status",
    "sector",
    "category",
    "origin_code",
    "asylum_location_code",
    "cumulative_since",
)
"""What two figures must share to be one number, besides their origin and time."""
MAY_BE_SILENT: Final = ("operation", "assessment_type")
"""What they must not contradict: a workbook leaves out what the API spells."""
DIFFERENCES: Final = (
    "origin",
    "place_code",
    "population_group",
    "measure",
    "unit",
    "asylum_location_code",
    "as_of",
    "reporting_round",
    "shown_source",
    "shown_figure_id",
    "shown_value",
    "other_source",
    "other_figure_id",
    "other_value",
)
"""Columns of what `differences` gives."""


def figures(release: Release, wanted: FigureFilter = EVERYTHING) -> "pd.DataFrame":
    """Figures of a release, each published number once; columns of `tables.FIGURES`.

    A question that names sources is answered by those sources: whoever asks for one route alone
    sees what it says.
    """
    return FIGURES.frame(preferred(release.figure_rows(wanted), release.table_rows("sources")))


def vintages(release: Release, wanted: FigureFilter = EVERYTHING) -> "pd.DataFrame":
    """Every vintage of the figures that `figures` shows; columns of `tables.FIGURES`."""
    return FIGURES.frame(preferred(release.vintage_rows(wanted), release.table_rows("sources")))


def pieces(
    release: Release,
    wanted: FigureFilter = EVERYTHING,
    *,
    vintages: bool = False,
    every_route: bool = False,
    start: str | None = None,
    rows: int = 50_000,
) -> Iterator[pyarrow.Table]:
    """The same figures in pieces of whole places, so that memory does not grow with the answer.

    Args:
        release: Whose figures.
        wanted: Which.
        vintages: Every vintage, not the newest alone.
        every_route: Also what a lower source of a collection says.
        start: The place to begin with; the first one without.
        rows: About how many rows a piece has; a place is never cut.

    Yields:
        Columns of `tables.FIGURES`, place by place in their order.
    """
    register = release.table_rows("sources")
    ask = release.vintage_rows if vintages else release.figure_rows
    sizes = release.sizes(wanted, vintages=vintages)
    if start is not None:
        sizes = dict(dropwhile(lambda size: size[0] != start, sizes.items()))
    for codes in _batches(sizes, rows):
        found = ask(replace(wanted, exactly=codes))
        if vintages:
            found = in_order(found, FIGURES.order)
        yield found if every_route else preferred(found, register)


def _batches(sizes: Mapping[str, int], rows: int) -> Iterator[tuple[str, ...]]:
    """Places together until they have so many rows."""
    codes: list[str] = []
    held = 0
    for code, size in sizes.items():
        if codes and held + size > rows:
            yield tuple(codes)
            codes, held = [], 0
        codes.append(code)
        held += size
    if codes:
        yield tuple(codes)


def preferred(figures: pyarrow.Table, register: pyarrow.Table) -> pyarrow.Table:
    """The figures without those that a better source of the same origin has too.

    Args:
        figures: Columns of `tables.FIGURES`.
        register: Columns of `tables.SOURCES`.
    """
    hidden = _pairs(figures, register)["other_figure_id"]
    if not len(hidden):
        return figures
    return figures.filter(compute.invert(compute.is_in(figures["figure_id"], hidden)))


def differences(figures: pyarrow.Table, register: pyarrow.Table) -> "pd.DataFrame":
    """Where sources of one origin do not say the same.

    Args:
        figures: Columns of `tables.FIGURES`, of every source.
        register: Columns of `tables.SOURCES`.

    Returns:
        Columns `DIFFERENCES`, one row for each figure that is not shown and differs from the one
        shown, newest first; values are null where a source states none.
    """
    from data.schema import frames

    pairs = _pairs(figures, register)
    shown, other = pairs["shown_value"], pairs["other_value"]
    neither = compute.and_(shown.is_null(), other.is_null())
    same = compute.or_(compute.fill_null(compute.equal(shown, other), False), neither)
    found = pairs.filter(compute.invert(same))
    keys = (("as_of", "descending"), *((n, "ascending") for n in _THEN_BY))
    return frames.of_rows(found.take(compute.sort_indices(found, sort_keys=keys)), _KINDS)


_THEN_BY: Final = ("origin", "place_code", "other_source")
_KINDS: Final[Mapping[str, Kind]] = {
    **{column.name: column.kind for column in FIGURES.columns if column.name in DIFFERENCES},
    **dict.fromkeys(("origin", "shown_source", "shown_figure_id"), "text"),
    **dict.fromkeys(("other_source", "other_figure_id"), "text"),
    **dict.fromkeys(("shown_value", "other_value"), "integer"),
}
_NONE: Final = none_of(pyarrow.schema([(name, ARROW[_KINDS[name]]) for name in DIFFERENCES]))
_ASKED: Final = (
    *("source", "figure_id", "known_from", "retrieved_at", "value", "missing_reason"),
    *("as_of", "reference_period_end", "reporting_round", *SAME, *MAY_BE_SILENT),
)
"""The columns that decide whether two figures are one number."""
_ALIKE: Final = " and ".join(f"other.{n} is not distinct from shown.{n}" for n in SAME)
_NOT_CONTRADICTED: Final = " and ".join(
    f"coalesce(other.{n} = shown.{n}, true)" for n in MAY_BE_SILENT
)
_PAIRS: Final = f"""
with routed as (
    select figures.*, origin, origin_rank,
        -- A round in its year where there are rounds, else a day: routes date one round
        -- differently, by its last interview or by the end of its month.
        coalesce(
            'round ' || reporting_round || ' ' || strftime(as_of, '%Y'),
            strftime(as_of, '%Y-%m-%d')
        ) as moment
    from figures join register using (source)
    -- Of several vintages the last decides.
    qualify row_number() over (
        partition by figure_id order by known_from desc, retrieved_at desc
    ) = 1
),
-- A number that its route no longer lists hides none.
listed as (select * from routed where missing_reason is distinct from 'withdrawn'),
alike as (
    select
        shown.origin, shown.place_code, shown.population_group, shown.measure, shown.unit,
        shown.asylum_location_code, shown.as_of, shown.reporting_round,
        shown.source as shown_source, shown.figure_id as shown_figure_id,
        shown.value as shown_value,
        other.source as other_source, other.figure_id as other_figure_id,
        other.value as other_value,
        shown.origin_rank as rank, shown.reference_period_end as ended,
        other.operation as operation,
        shown.operation is null and other.operation is not null as unnamed
    from listed other join listed shown
        on other.origin = shown.origin and other.moment = shown.moment
        and {_ALIKE}
    where shown.origin_rank < other.origin_rank and {_NOT_CONTRADICTED}
),
-- Two operations of the other route may fit a figure that names none: neither is then the same.
plain as (
    select * from alike qualify not unnamed or count(distinct operation) filter (where unnamed)
        over (partition by shown_figure_id, other_source) = 1
)
select {", ".join(DIFFERENCES)} from plain
qualify row_number() over (
    partition by other_figure_id order by rank, shown_source, ended, shown_figure_id
) = 1
"""  # noqa: S608 - names of columns


def _pairs(figures: pyarrow.Table, register: pyarrow.Table) -> pyarrow.Table:
    """Each figure of a lower source beside the best figure of the same number.

    Returns:
        Columns `DIFFERENCES`, one row for each figure that is not shown.
    """
    ranked = register.filter(register["origin"].is_valid())
    routed = figures.select(_ASKED).filter(compute.is_in(figures["source"], ranked["source"]))
    if len(compute.unique(routed["source"])) < 2:
        return _NONE
    ranks = ranked.select(["source", "origin", "origin_rank"])
    return asked_of(_PAIRS, figures=routed, register=ranks)
