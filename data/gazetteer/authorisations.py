"""By what right United Nations aid crossed into Syria, crossing by crossing, dated and cited.

A resolution of the Security Council, later the consent of the Syrian government; since 16 December
2024 the caretaker authorities' agreement to access through all crossings, of which no end was
published. A consent and the understanding that followed it may overlap.
"""

from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd
from pyarrow import compute

from data.gazetteer import crossings
from data.gazetteer.area import Area
from data.schema.contract import Column, Rule, Table

FILE: Final = Path(__file__).resolve().parents[1] / "reference" / "authorisations.csv"

ELSEWHERE: Final = ("al-ramtha",)
"""Crossings that no area lists; the catalogues name them."""
AUTHORISATIONS: Final = Table(
    name="authorisations",
    meaning="Spans in which United Nations aid could cross, one for each instrument and crossing.",
    columns=(
        Column("authorisation_code", "text", "The project's code"),
        Column(
            "instrument",
            "text",
            "Number of the resolution; of the first and last of its renewals",
            null="No resolution",
        ),
        Column(
            "kind",
            "text",
            "resolution of the Security Council, consent of the Syrian government, or the "
            "caretaker authorities' agreement to access through all crossings",
            vocabulary=("resolution", "consent", "access"),
        ),
        Column("crossing_code", "text", "Code of `crossings`, or of a crossing to Jordan or Iraq"),
        Column("starts_on", "date", "First day"),
        Column("ends_on", "date", "Last day that was published", null="None was published"),
        Column("source_url", "text", "Where the start is documented", pattern=r"^https://"),
        Column("end_source_url", "text", "Where the end is documented", null="Not noted"),
    ),
    key=("authorisation_code",),
    order=("starts_on", "crossing_code"),
    rules=(
        Rule(
            "a span ends before it starts",
            lambda f: compute.fill_null(compute.less_equal(f["starts_on"], f["ends_on"]), True),
        ),
        Rule(
            "a resolution has no name, or a consent has one",
            lambda f: compute.equal(
                compute.equal(f["kind"], "resolution"), f["instrument"].is_valid()
            ),
        ),
    ),
)


@cache
def table() -> pd.DataFrame:
    """The carried spans, oldest first.

    Raises:
        ContractBroken: A row does not fit the table.
    """
    return AUTHORISATIONS.conform(pd.read_csv(FILE, dtype="string"))


def known_on(day: pd.Timestamp, area: Area) -> pd.DataFrame | None:
    """The spans that had begun by a day; an end that lay ahead then is left as it was set.

    Returns:
        None where no span is about a crossing of the area's.
    """
    spans, mine = table(), crossings.of_area(area)["crossing_code"]
    return spans[spans["starts_on"] <= day] if spans["crossing_code"].isin(mine).any() else None
