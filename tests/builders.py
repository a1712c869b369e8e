"""Small frames that satisfy the contract, for tests that care about one column."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from data.schema import frame_keys, tables
from data.schema.check_results import CheckResult
from data.store import Document
from pipelines.run import checks
from pipelines.run.prepare import prepare
from pipelines.source import Reading, Source

RETRIEVED = datetime(2026, 11, 24, tzinfo=UTC)

ROW = {
    "source": "test_source",
    "publisher": "UNHCR",
    "dataset": "Test table",
    "measure": "stock",
    "population_group": "IDP",
    "unit": "people",
    "place_code": "SY07",
    "location_code": "SYR",
    "admin_level": 1,
    "admin1_code": "SY07",
    "reference_period_start": "2025-01-01",
    "reference_period_end": "2025-12-31",
    "as_of": "2025-12-31",
    "value": 100,
    "retrieved_at": RETRIEVED,
    "source_url": "https://example.org/table",
    "content_sha256": "0" * 64,
    "locator": "row 1",
    "licence": "CC BY 4.0",
    "via": "test_source",
    **tables.DEFAULTS,
}


def figures(*rows: dict[str, object]) -> pd.DataFrame:
    """Rows of `tables.FIGURES`: each given as what differs from an IDP stock in Idleb, 2025.

    A row without known_from stays without: the store fills it in.
    """
    frame = pd.DataFrame([ROW | row for row in rows])
    for name in ("reference_period_start", "reference_period_end", "cumulative_since", "as_of"):
        if name in frame:
            frame[name] = pd.to_datetime(frame[name])
    frame["figure_id"] = frame_keys.figure_ids(frame)
    return tables.FIGURES.cast(frame)


def years(*values: int | None, **row: object) -> pd.DataFrame:
    """A yearly series that ends in 2025."""
    first = 2026 - len(values)
    return figures(
        *(
            {
                "reference_period_start": f"{first + n}-01-01",
                "reference_period_end": f"{first + n}-12-31",
                "as_of": f"{first + n}-12-31",
                "value": value,
                "missing_reason": "not_reported" if value is None else None,
                **row,
            }
            for n, value in enumerate(values)
        )
    )


def reading_of(figures: pd.DataFrame) -> Reading:
    """A reading that found these figures."""
    return Reading(tables.FIGURES.rows(figures))


def figures_read(reading: Reading) -> pd.DataFrame:
    """The figures of a reading, as a frame."""
    return tables.FIGURES.frame(reading.figures)


def prepared(source: Source, reading: Reading, documents: Sequence[Document]) -> pd.DataFrame:
    """What `prepare` gives, as a frame."""
    return tables.FIGURES.frame(prepare(source, reading, documents))


def doubts(new: pd.DataFrame, published: pd.DataFrame, **more: Any) -> list[CheckResult]:
    """What `checks.doubts` finds in frames."""
    rows = tables.FIGURES.rows
    earlier = more.pop("earlier", None)
    if earlier is not None:
        more["earlier"] = lambda: rows(earlier)
    return checks.doubts(rows(new), rows(published), **more)


def retold(figures: pd.DataFrame, siblings: pd.DataFrame) -> pd.DataFrame:
    """What `checks.retold` gives of frames."""
    rows = tables.FIGURES.rows
    return tables.FIGURES.frame(checks.retold(rows(figures), rows(siblings)))
