"""From what a source's `read` gives to rows of the figure table. Pure."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from data.publication import harm
from data.schema import definitions
from data.schema.contract import ContractBroken
from data.schema.tables import CONTEXT, DEFAULTS, FIGURES, figure_ids
from data.store import Document
from pipelines.source import Reading, Source

AS_OF: Final = "as_of"
"""Query entry of a document that a person brought: the day it was got."""
_NOT_YET: Final = pd.Timestamp("9999-12-31").as_unit("s")
"""Stands for "known from now on" while the rows are checked; the store fills in the day."""
_CONTEXT: Final = frozenset(table.name for table in CONTEXT)


def prepare(
    source: Source, reading: Reading, documents: Sequence[Document], *, public: bool = True
) -> pd.DataFrame:
    """The reading's figures, whole and checked.

    Args:
        source: Whose run it is.
        reading: What its `read` gave.
        documents: What was read; a file that a person brought says from when it was known.
        public: Whether the harm check refuses what a public page must not show.

    Returns:
        Columns of `tables.FIGURES`; known_from is null where the source says it now.

    Raises:
        ContractBroken: Every fault with its row.
        HarmFound: A row that must not be published.
    """
    if public:
        for name in sorted(_CONTEXT & set(reading.tables)):
            harm.refuse_context(reading.tables[name])
    if reading.figures.empty:
        return FIGURES.empty()
    frame = reading.figures.reset_index(drop=True)
    filled = {"source": source.name, "licence": source.licence, **DEFAULTS}
    for name, value in filled.items():
        frame[name] = frame[name].astype("string").fillna(value) if name in frame else value
    frame = definitions.with_caveats(FIGURES.cast(frame.assign(via=source.name, figure_id="")))
    frame["figure_id"] = figure_ids(frame)
    brought = [d.query[AS_OF] for d in documents if AS_OF in d.query]
    if brought:
        known = pd.Timestamp(max(brought)).as_unit("s")
        frame["known_from"] = frame["known_from"].fillna(known)
    _must_be_single(frame)
    frame["known_from"] = frame["known_from"].fillna(_NOT_YET)
    checked = FIGURES.conform(frame)
    checked["known_from"] = checked["known_from"].mask(checked["known_from"] == _NOT_YET)
    if public:
        harm.refuse(checked)
    return checked


def _must_be_single(frame: pd.DataFrame) -> None:
    """What a source says now it says once; history may say a figure several times."""
    now = frame.loc[frame["known_from"].isna(), "figure_id"]
    twice = now.index[now.duplicated(keep=False)]
    if len(twice):
        shown = "; ".join(str(text) for text in frame.loc[twice[:2], "locator"])
        raise ContractBroken(
            FIGURES.name, [f"{len(twice)} rows say the same figure twice, for example at {shown}"]
        )
