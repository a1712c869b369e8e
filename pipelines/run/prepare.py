"""From what a source's `read` gives to rows of the figure table. Pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final

import pyarrow as arrow
from pyarrow import compute

from data.publication import harm
from data.schema import definitions
from data.schema.contract import ContractBroken
from data.schema.tables import CONTEXT, DEFAULTS, FIGURES, ids
from data.store import Document
from pipelines.source import Reading, Source

AS_OF: Final = "as_of"
"""Query entry of a document that a person brought: the day it was got."""
_NOT_YET: Final = arrow.scalar(date.max, arrow.date32())
"""Stands for "known from now on" while the rows are checked; the store fills in the day."""
_CONTEXT: Final = frozenset(table.name for table in CONTEXT)


def prepare(
    source: Source, reading: Reading, documents: Sequence[Document], *, public: bool = True
) -> arrow.Table:
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
        return FIGURES.none
    rows = definitions.with_caveats(_filled(source, FIGURES.rows(reading.figures)))
    rows = _with(rows, "figure_id", ids(rows))
    brought = [d.query[AS_OF] for d in documents if AS_OF in d.query]
    if brought:
        known = arrow.scalar(date.fromisoformat(max(brought)), arrow.date32())
        rows = _with(rows, "known_from", compute.fill_null(rows["known_from"], known))
    _must_be_single(rows)
    now = rows["known_from"].is_null()
    rows = _with(rows, "known_from", compute.fill_null(rows["known_from"], _NOT_YET))
    checked = FIGURES.checked(rows)
    if compute.any(now).as_py():
        later = compute.equal(checked["known_from"], _NOT_YET)
        nothing = arrow.scalar(None, arrow.date32())
        known_from = compute.if_else(later, nothing, checked["known_from"])
        checked = _with(checked, "known_from", known_from)
    if public:
        harm.refuse(checked)
    return checked


def _filled(source: Source, rows: arrow.Table) -> arrow.Table:
    """The rows with what a reading may leave out, and whose run it is."""
    filled = {"source": source.name, "licence": source.licence, **DEFAULTS}
    for name, value in filled.items():
        if rows[name].null_count:
            rows = _with(rows, name, compute.fill_null(rows[name], value))
    for name, value in {"via": source.name, "figure_id": ""}.items():
        rows = _with(rows, name, arrow.repeat(value, len(rows)))
    return rows


def _with(rows: arrow.Table, name: str, values: arrow.Array | arrow.ChunkedArray) -> arrow.Table:
    return rows.set_column(rows.column_names.index(name), rows.schema.field(name), values)


def _must_be_single(rows: arrow.Table) -> None:
    """What a source says now it says once; history may say a figure several times."""
    now = rows.select(["figure_id", "known_from", "locator"]).filter(rows["known_from"].is_null())
    if compute.count_distinct(now["figure_id"]).as_py() == len(now):
        return
    said = now["figure_id"].to_pylist()
    times = Counter(said)
    twice = [at for at, one in enumerate(said) if times[one] > 1]
    shown = "; ".join(str(now["locator"][at].as_py()) for at in twice[:2])
    raise ContractBroken(
        FIGURES.name, [f"{len(twice)} rows say the same figure twice, for example at {shown}"]
    )
