"""Is this answer too different from the one before? Pure: rows in, doubts out.

Each doubt is for a person to judge; a run with any is held, and readers keep the figures they had.
What each kind of source is held against stands in `pipelines.run.rules`.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as arrow
from pyarrow import compute

from data.schema.arrow_rows import with_columns
from data.schema.check_results import CheckResult, Fact
from data.schema.codes import ALL_COUNTRIES
from data.schema.contract import Table
from data.schema.tables import FIGURES, ids, keys
from pipelines.run.comparisons import Case, Size, moved
from pipelines.run.rules import Kind, found

TABLE_SHRUNK: Final = 0.5
"""Share of its rows below which a companion table is doubted."""
COUNTED: Final = Size(100, 5.0)
AMOUNTS: Final = {"USD": Size(1_000, 5.0), "events": COUNTED, "people": COUNTED}
"""By its unit, a number of a companion table that became so many times larger or smaller."""


def doubts(
    new: arrow.Table,
    published: arrow.Table,
    *,
    kind: Kind = "feed",
    own: bool = True,
    complete: bool = True,
    size_before: int | None = None,
    answered: int | None = None,
    earlier: Callable[[], arrow.Table] | None = None,
) -> list[CheckResult]:
    """What a person should look at before readers do.

    Args:
        new: Prepared figures of this run.
        published: Latest figures of the same source; none before its first run.
        kind: What the source's answers are.
        own: Whether the published figures are the source's own, not those the project carries.
        complete: Whether the answer lists every figure of the source.
        size_before: How many figures the answer before gave, for answers that are never complete.
        answered: How many figures this answer gave, where `new` holds published ones beside them.
        earlier: Gives the columns `NUMBER` of all vintages of the published figures, where the
            store has them.
    """
    case = Case(new, published, own, complete, size_before, answered, earlier)
    return found(case, kind)


def retold(figures: arrow.Table, siblings: arrow.Table, *, contained: bool = False) -> arrow.Table:
    """Figures of other routes to the same collection, named as this answer would name them.

    For a first answer, which has nothing of its own to be held against.

    Args:
        figures: The answer.
        siblings: Figures of the other routes.
        contained: Whether the answer must have every group that they have of a measure; else a
            group that this route never says is left out. Origins that it does not ask for, and
            totals over all countries where it gives none, always are.
    """
    if not len(figures) or not len(siblings):
        return FIGURES.none
    about = ["measure", "whose", "every", *([] if contained else ["population_group"])]
    alike = compute.is_in(keys(_about(siblings), about), keys(_about(figures), about))
    named = siblings.filter(alike)
    whose = ("source", "publisher", "dataset")
    named = with_columns(named, **{n: arrow.repeat(figures[n][0], len(named)) for n in whose})
    found = ids(named)
    named = with_columns(named, figure_id=found)
    first = np.unique(found.dictionary_encode().indices.to_numpy(), return_index=True)[1]
    return named.take(arrow.array(np.sort(first)))


def _about(figures: arrow.Table) -> arrow.Table:
    """Of what a figure is, as far as a route may leave it out."""
    every = compute.equal(figures["asylum_location_code"], ALL_COUNTRIES)
    return arrow.table(
        {
            "measure": figures["measure"],
            "whose": compute.coalesce(figures["origin_code"], figures["place_code"]),
            "every": compute.fill_null(every, False),
            "population_group": figures["population_group"],
        }
    )


def table_doubts(new: pd.DataFrame, published: pd.DataFrame, table: Table) -> list[CheckResult]:
    """What a person should look at before a companion table replaces the one readers have.

    Args:
        new: The whole table of this run.
        published: The same source's rows that are published; empty before its first run.
        table: Their contract; amounts in the units of `AMOUNTS` are held against those before.
    """
    odd: list[CheckResult] = []
    if len(new) < TABLE_SHRUNK * len(published):
        sizes = {"now": len(new), "before": len(published)}
        odd.append(CheckResult("table_shrunk", {"table": table.name, **sizes}))
    both = published.merge(new, on=list(table.key), suffixes=("_old", "_new"))
    for column in table.columns:
        size = AMOUNTS.get(column.unit or "")
        if size is None:
            continue
        before, after = (
            both[f"{column.name}_{side}"].to_numpy(dtype="float64", na_value=np.nan)
            for side in ("old", "new")
        )
        wrong = np.flatnonzero(moved(before, after, size))
        if len(wrong):
            was, now = int(before[wrong[0]]), int(after[wrong[0]])
            told: dict[str, Fact] = {"column": column.name, "was": was, "now": now}
            told |= {"count": len(wrong), "of": len(both), "times": size.times}
            odd.append(CheckResult("table_jumped", told))
    return odd
