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
from typing import Any, Final

import pandas as pd

from data.schema.tables import FIGURES, row_key
from data.store import FigureFilter, Release
from data.store.release import EVERYTHING

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
TOLD: Final = ("place_code", "population_group", "measure", "unit", "asylum_location_code")
"""What is told of two figures that are one number."""
DIFFERENCES: Final = (
    "origin",
    *TOLD,
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


def figures(release: Release, wanted: FigureFilter = EVERYTHING) -> pd.DataFrame:
    """Figures of a release, each published number once; columns of `tables.FIGURES`.

    A question that names sources is answered by those sources: whoever asks for one route alone
    sees what it says.
    """
    return preferred(release.figures(wanted), release.table("sources"))


def vintages(release: Release, wanted: FigureFilter = EVERYTHING) -> pd.DataFrame:
    """Every vintage of the figures that `figures` shows; columns of `tables.FIGURES`."""
    return preferred(release.vintages(wanted), release.table("sources"))


def frames(
    release: Release,
    wanted: FigureFilter = EVERYTHING,
    *,
    vintages: bool = False,
    every_route: bool = False,
    start: str | None = None,
    rows: int = 50_000,
) -> Iterator[pd.DataFrame]:
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
    register = release.table("sources")
    ask = release.vintages if vintages else release.figures
    sizes = release.sizes(wanted, vintages=vintages)
    if start is not None:
        sizes = dict(dropwhile(lambda size: size[0] != start, sizes.items()))
    for codes in _batches(sizes, rows):
        found = ask(replace(wanted, exactly=codes))
        if vintages:
            found = found.sort_values(list(FIGURES.order), kind="stable", na_position="last")
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


def preferred(figures: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """The figures without those that a better source of the same origin has too.

    Args:
        figures: Columns of `tables.FIGURES`.
        register: Columns of `tables.SOURCES`.
    """
    pairs = _pairs(figures, register)
    return figures[~figures["figure_id"].isin(pairs["figure_id_other"])] if len(pairs) else figures


def differences(figures: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Where sources of one origin do not say the same.

    Args:
        figures: Columns of `tables.FIGURES`, of every source.
        register: Columns of `tables.SOURCES`.

    Returns:
        Columns `DIFFERENCES`, one row for each figure that is not shown and differs from the one
        shown, newest first; values are null where a source states none.
    """
    pairs = _pairs(figures, register)
    if pairs.empty:
        return pd.DataFrame(columns=list(DIFFERENCES))
    shown, other = pairs["value_shown"], pairs["value_other"]
    differs = shown.ne(other).fillna(shown.isna() != other.isna())
    found = pairs[differs.to_numpy(dtype=bool)].rename(
        columns={
            **{f"{name}_shown": f"shown_{name}" for name in ("source", "figure_id", "value")},
            **{f"{name}_other": f"other_{name}" for name in ("source", "figure_id", "value")},
            "as_of_shown": "as_of",
            "reporting_round_shown": "reporting_round",
        }
    )
    ordered = found.sort_values(
        ["as_of", "origin", "place_code", "other_source"], ascending=[False, True, True, True]
    )
    return ordered[list(DIFFERENCES)].reset_index(drop=True)


def _pairs(figures: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Each figure of a lower source beside the best figure of the same number."""
    ranked = register[register["origin"].notna()]
    routed = figures[figures["source"].isin(ranked["source"])]
    if routed["source"].nunique() < 2:
        return pd.DataFrame()
    # Of several vintages the last decides; a number that its route no longer lists hides none.
    routed = routed.drop_duplicates("figure_id", keep="last")
    routed = routed[routed["missing_reason"].ne("withdrawn").fillna(True)]
    by_source = ranked.set_index("source")
    both_columns: dict[str, Any] = {
        "origin": routed["source"].map(by_source["origin"]),
        "rank": routed["source"].map(by_source["origin_rank"]).astype("Int64"),
        "moment": _moment(routed),
        # A null is a value here: pandas would join no null to another.
        "same": row_key(routed, SAME),
    }
    keyed = pd.DataFrame(both_columns, index=routed.index)
    columns = [
        *TOLD,
        *MAY_BE_SILENT,
        "source",
        "figure_id",
        "value",
        "as_of",
        "reporting_round",
    ]
    keyed = pd.concat([keyed, routed[columns]], axis=1)
    on = ["origin", "moment", "same"]
    both = keyed.merge(keyed.drop(columns=list(TOLD)), on=on, suffixes=("_other", "_shown"))
    both = both[(both["rank_shown"] < both["rank_other"]).fillna(False).astype(bool)]
    better = pd.Series(True, index=both.index)
    for name in MAY_BE_SILENT:
        values, also = both[f"{name}_other"], both[f"{name}_shown"]
        better &= values.eq(also).fillna(True)
    better &= _is_plain(both, better)
    kept = both[better.fillna(False).astype(bool)].sort_values("rank_shown", kind="stable")
    return kept.drop_duplicates("figure_id_other")


def _is_plain(both: pd.DataFrame, better: "pd.Series[Any]") -> "pd.Series[Any]":
    """Where it is plain which count is meant.

    Two operations of the other route may fit a figure that names none: neither is then the same.
    """
    silent = both["operation_shown"].isna() & both["operation_other"].notna()
    fitting = both[(better & silent).fillna(False).astype(bool)]
    counts = fitting.groupby(["figure_id_shown", "source_other"])["operation_other"].nunique()
    several = set(counts[counts > 1].index)
    pairs = zip(both["figure_id_shown"], both["source_other"], strict=True)
    return ~(silent & pd.Series([pair in several for pair in pairs], index=both.index))


def _moment(figures: pd.DataFrame) -> "pd.Series[Any]":
    """When a number was counted: its round in its year where there are rounds, else its day.

    Routes date one round differently: by its last interview, or by the end of its month.
    """
    day = figures["as_of"].dt.strftime("%Y-%m-%d").astype("string")
    in_round = ("round " + figures["reporting_round"].astype("string") + " " + day.str[:4]).astype(
        "string"
    )
    return in_round.fillna(day)
