"""The headlines of the first page: which figure answers a question, and which stand beside it.

A headline is a rule of the area's file and no choice by hand: among the figures that may answer,
the newest, or the one of the first authority, as the question says.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd

from data.analysis.cells import caveats_of
from data.analysis.series import (
    SERIES,
    have_caveat,
    in_series,
    ordered,
    same_series,
    whole_counts,
)
from data.gazetteer.area import ANYONE, Question
from data.schema.frame_keys import row_key

Row = dict[str, Any]
PARTIAL: Final = frozenset(
    {"partial_coverage", "partial_period", "net_of_returns", "range_low", "range_high"}
)
"""More caveats of a figure that is no count of the whole: it neither answers a question nor stands
beside an answer."""
OTHERWISE: Final = frozenset({"all_origins", "modelled_split"})
"""Caveats of a figure that counts something wider or was split by a model: it may stand beside an
answer and is none."""
UNSURE: Final = frozenset({"date_approximate", "place_from_context", "period_from_context"})
"""Caveats that leave the day or the place to a guess."""
SECOND_HAND: Final = frozenset({"secondary_source"})
SURER: Final = timedelta(days=62)
"""A second-hand figure whose day or place is a guess gives way to one that is so much older."""
BESIDE: Final = {"stock": timedelta(days=400), "cumulative": timedelta(days=120)}
"""A figure that is older than the answer by more is no alternative to it; a flow by 400 days."""
SAME_START: Final = timedelta(days=45)
"""Counts that began further apart than this are of two crises."""
ALTERNATIVES: Final = 6
_NOBODY: Final = 1_000


@dataclass(frozen=True)
class Headline:
    """A question with its answer.

    Attributes:
        question: What was asked.
        figure: The figure that answers; None where nothing is known that does.
        before: The figure of the same series before it; None where it is the first.
        line: Every figure of that series up to it, oldest first: columns of `tables.FIGURES`.
        alternatives: What others say to the same question, of the answer's day first.
        age_days: Days from the figure's own day to the day that is shown.
    """

    question: Question
    figure: Row | None
    before: Row | None
    line: pd.DataFrame
    alternatives: tuple[Row, ...]
    age_days: int | None


def places_of(questions: Iterable[Question]) -> tuple[str, ...]:
    """The places whose figures the questions need."""
    return tuple(dict.fromkeys(place for question in questions for place in question.places))


def answer(
    question: Question, figures: pd.DataFrame, day: date, register: pd.DataFrame | None = None
) -> Headline:
    """The headline of a question on a day.

    Args:
        question: What is asked.
        figures: The figures as known on that day, each once (`precedence.preferred`).
        day: The day that is shown.
        register: Columns of `tables.SOURCES`: of one collection through several routes only the
            answer is shown. Without it every source is a collection of its own.
    """
    asked = _asked(question, figures, day)
    ranked = sorted(_newest(question, asked), key=lambda row: _rank(question, row))
    ranked = _surest_first(question, ranked)
    if not ranked:
        return Headline(question, None, None, figures.iloc[0:0], (), None)
    first = ranked[0]
    line = ordered(same_series(asked, pd.Series(first)))
    line = line[line["as_of"] <= first["as_of"]].drop_duplicates("figure_id", keep="last")
    earlier = line[line["as_of"] < first["as_of"]]
    return Headline(
        question=question,
        figure=first,
        before=None if earlier.empty else _row(earlier.iloc[-1].to_dict()),
        line=line,
        alternatives=tuple(_beside(question, asked, first, register)),
        age_days=max((day - first["as_of"].date()).days, 0),
    )


def _asked(question: Question, figures: pd.DataFrame, day: date) -> pd.DataFrame:
    """The figures that speak to a question: whole counts of its places, not of the future."""
    found = in_series(figures)
    mine = (
        found["place_code"].isin(question.places)
        & found["population_group"].isin(question.groups)
        & found["unit"].isin(question.units)
        & found["measure"].isin(question.measures)
    )
    found = found[mine]
    whole = whole_counts(found) & found["value"].notna() & ~have_caveat(found, PARTIAL)
    # A month that has not ended may have been counted; what begins later is a plan.
    begun = found["reference_period_start"] <= pd.Timestamp(day)
    recent = begun & (found["as_of"] >= pd.Timestamp(day) - timedelta(days=question.oldest_days))
    kept = found[whole]
    if question.asylum is not None:
        kept = kept[kept["asylum_location_code"].eq(question.asylum).fillna(False)]
    if question.since is not None:
        first, last = map(pd.Timestamp, question.since)
        starts = kept["cumulative_since"]
        kept = kept[kept["measure"].ne("cumulative") | starts.between(first, last)]
    # Earlier figures of a series are its history; that they are old does not matter.
    keys = row_key(kept, SERIES)
    return kept[keys.isin(keys[recent[kept.index]]) & begun[kept.index]]


def _newest(question: Question, asked: pd.DataFrame) -> Iterator[Row]:
    """The newest figure of each series that may answer."""
    may = asked[~have_caveat(asked, OTHERWISE)]
    if ANYONE not in question.publishers:
        may = may[may["publisher"].isin(question.publishers)]
    if question.origin is not None:
        may = may[may["origin_code"].eq(question.origin).fillna(False)]
    elif "RET" not in question.groups:
        # A count by origin is a part of the place's own, but for returns, which have one.
        may = may[may["origin_code"].isna()]
    for row in ordered(may).drop_duplicates(list(SERIES), keep="last").to_dict("records"):
        yield _row(row)


def _rank(question: Question, row: Row) -> tuple[Any, ...]:
    """The first answers: by newness and authority as the question orders, then the plainest."""
    values = {"newness": -row["as_of"].toordinal(), "authority": _authority(question, row)}
    return (
        *(values[name] for name in question.order),
        *(values[name] for name in ("newness", "authority") if name not in question.order),
        question.places.index(row["place_code"]),
        question.measures.index(row["measure"]),
        row["qualifier"] != "exact",
        # Operations overlap: of two the larger is the country's, the other one crisis's.
        -int(row["value"]),
        str(row["figure_id"]),
    )


def _surest_first(question: Question, ranked: list[Row]) -> list[Row]:
    """The answers with one that is sure before one that is a little newer and a guess."""
    if not ranked or not _guessed(ranked[0]):
        return ranked
    sure = [
        row for row in ranked if not _guessed(row) and ranked[0]["as_of"] - row["as_of"] <= SURER
    ]
    return [*sure, *(row for row in ranked if row not in sure)] if sure else ranked


def _guessed(row: Row) -> bool:
    return _has(row, UNSURE) and _has(row, SECOND_HAND)


def _authority(question: Question, row: Row) -> int:
    named = question.publishers
    if row["publisher"] in named:
        return named.index(row["publisher"])
    return named.index(ANYONE) if ANYONE in named else _NOBODY


def _beside(
    question: Question, asked: pd.DataFrame, first: Row, register: pd.DataFrame | None
) -> list[Row]:
    """What others say: the newest of each publisher's table, those of the answer's day first."""
    near = asked[asked["as_of"] >= first["as_of"] - BESIDE.get(first["measure"], BESIDE["stock"])]
    if first["measure"] == "cumulative":
        apart = (near["cumulative_since"] - first["cumulative_since"]).abs()
        near = near[~(apart > SAME_START)]
    if question.origin is not None:
        wide = near["origin_code"].eq(question.origin) | near["origin_code"].isna()
        near = near[wide.fillna(False).astype(bool)]
    elif "RET" not in question.groups:
        near = near[near["origin_code"].isna()]
    origins = _collections(register)
    mine = origins.get(str(first["source"]), "")
    rows = [
        _row(row)
        for row in ordered(near)
        .drop_duplicates(["publisher", "dataset", "place_code", "measure"], keep="last")
        .to_dict("records")
    ]
    others = [
        row
        for row in rows
        if not _same_table(row, first)
        and not (mine and origins.get(str(row["source"])) == mine)
        and str(row["figure_id"]) != str(first["figure_id"])
    ]
    others.sort(
        key=lambda row: (
            row["as_of"] != first["as_of"],
            -row["as_of"].toordinal(),
            _authority(question, row),
            str(row["figure_id"]),
        )
    )
    return others[:ALTERNATIVES]


def _same_table(row: Row, first: Row) -> bool:
    names = ("publisher", "dataset", "place_code", "measure")
    return all(row[name] == first[name] for name in names)


def _collections(register: pd.DataFrame | None) -> dict[str, str]:
    """The collection of each source that is one of several routes to it."""
    if register is None:
        return {}
    named = register[register["origin"].notna()]
    return {
        str(source): str(origin)
        for source, origin in zip(named["source"], named["origin"], strict=True)
    }


def _has(row: Row, codes: frozenset[str]) -> bool:
    return not codes.isdisjoint(caveats_of(row))


def _row(row: dict[Any, Any]) -> Row:
    return {str(name): value for name, value in row.items()}
