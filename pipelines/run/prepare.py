"""From what a source's `read` gives to rows of the figure table. Pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import pyarrow as arrow
from pyarrow import compute

from data.publication import harm
from data.schema import definitions
from data.schema.arrow_rows import with_columns
from data.schema.contract import ContractBroken
from data.schema.tables import CONTEXT, DEFAULTS, FIGURES, ids
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.source import Reading, Source

MOST: Final = 1_000_000_000
"""More people, families or movements than this are no count of any country."""
AHEAD: Final = timedelta(days=31)
"""How far a figure may be dated after the day it was got: to the end of a month, named by it."""
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
        SourceChanged: A day that has not come, or more people than there are.
        HarmFound: A row that must not be published.
    """
    if public:
        for name in sorted(_CONTEXT & set(reading.tables)):
            harm.refuse_context(reading.tables[name])
    if not len(reading.figures):
        return FIGURES.none
    rows = definitions.with_caveats(_filled(source, reading.figures))
    rows = with_columns(rows, figure_id=ids(rows))
    brought = [d.query[AS_OF] for d in documents if AS_OF in d.query]
    if brought:
        known = arrow.scalar(date.fromisoformat(max(brought)), arrow.date32())
        rows = with_columns(rows, known_from=compute.fill_null(rows["known_from"], known))
    _must_be_single(rows)
    now = rows["known_from"].is_null()
    rows = with_columns(rows, known_from=compute.fill_null(rows["known_from"], _NOT_YET))
    checked = FIGURES.checked(rows)
    if compute.any(now).as_py():
        later = compute.equal(checked["known_from"], _NOT_YET)
        nothing = arrow.scalar(None, arrow.date32())
        known_from = compute.if_else(later, nothing, checked["known_from"])
        checked = with_columns(checked, known_from=known_from)
    _must_be_possible(checked)
    if public:
        harm.refuse(checked)
    return checked


def _must_be_possible(rows: arrow.Table) -> None:
    """Refuse what no publisher can have counted; what is needed or planned lies ahead."""
    latest = compute.add(rows["retrieved_at"].cast(arrow.date32()), arrow.scalar(AHEAD))
    ahead = compute.greater(rows["as_of"].cast(latest.type), latest)
    counted = compute.equal(rows["population_status"], DEFAULTS["population_status"])
    late = compute.indices_nonzero(compute.and_(ahead, counted))
    if len(late):
        at = late[0].as_py()
        raise SourceChanged(
            f"{rows['locator'][at]} is dated {rows['as_of'][at]}, a day that has not come; it is "
            "a slip, in the file or in its name: mend it, or wait until its publisher does."
        )
    many = compute.indices_nonzero(compute.fill_null(compute.greater(rows["value"], MOST), False))
    if len(many):
        at = many[0].as_py()
        raise SourceChanged(
            f"{rows['locator'][at]} counts {rows['value'][at].as_py():,}, more than there are to "
            "count; mend the number, or wait until its publisher does."
        )


def _filled(source: Source, rows: arrow.Table) -> arrow.Table:
    """The rows with what a reading may leave out, and whose run it is."""
    filled = {"source": source.name, "licence": source.licence, **DEFAULTS}
    whole = {
        name: compute.fill_null(rows[name], value)
        for name, value in filled.items()
        if rows[name].null_count
    }
    via, no_id = (arrow.repeat(value, len(rows)) for value in (source.name, ""))
    return with_columns(rows, **whole, via=via, figure_id=no_id)


def _must_be_single(rows: arrow.Table) -> None:
    """What a source says now it says once; history may say a figure several times."""
    now = rows.select(["figure_id", "known_from", "locator"]).filter(rows["known_from"].is_null())
    if compute.count_distinct(now["figure_id"]).as_py() == len(now):
        return
    given = now["figure_id"].to_pylist()
    times = Counter(given)
    twice = [at for at, figure in enumerate(given) if times[figure] > 1]
    shown = "; ".join(str(now["locator"][at].as_py()) for at in twice[:2])
    raise ContractBroken(
        FIGURES.name, [f"{len(twice)} rows say the same figure twice, for example at {shown}"]
    )
