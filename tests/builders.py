"""Small frames that satisfy the contract, for tests that care about one column."""

from datetime import UTC, datetime

import pandas as pd

from data.schema import tables

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
    frame["figure_id"] = tables.figure_ids(frame)
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
