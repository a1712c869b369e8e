"""What HAPI's two tables of UNHCR's numbers share: national, annual, by origin and asylum."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Final

import pandas as pd

from data.gazetteer.area import Area
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.publishers import hapi, unhcr
from pipelines.source import Reading, Source

NEEDED: Final = (
    "origin_location_code",
    "asylum_location_code",
    "population_group",
    "gender",
    "age_range",
    "population",
    "reference_period_start",
    "reference_period_end",
)
ALL: Final = "all"


def queries_of(area: Area) -> dict[str, dict[str, str]]:
    """One query for each origin, since the first year that the area follows."""
    return {
        origin: {"origin_location_code": origin, "start_date": f"{area.since}-01-01"}
        for origin in area.origins
    }


def read(
    documents: Sequence[Document],
    area: Area,
    theme: hapi.Theme,
    dataset: str,
    groups: Mapping[str, str],
) -> Reading:
    """Figures of the area's origins, those not divided by sex or age.

    Args:
        documents: What was fetched, by either route.
        area: Whose origins, and since when.
        theme: Which table.
        dataset: What the figures' dataset is called.
        groups: Measure of each population group that is a figure here.

    Raises:
        SourceChanged: No row of the area's origins, or one number given twice.
    """
    figures: dict[tuple[object, ...], dict[str, object]] = {}
    others: set[str] = set()
    for row in hapi.rows_of(documents, theme, area.origins, "origin_location_code"):
        origin, asylum = row.text("origin_location_code"), row.text("asylum_location_code")
        if origin is None or asylum is None:
            continue
        whole = {row.text("gender"), row.text("age_range")} <= {ALL, None}
        start, end = row.day("reference_period_start"), row.day("reference_period_end")
        if not whole or start.year < area.since:
            continue
        group = row.text("population_group") or ""
        if group not in groups:
            others.add(group or "none")
            continue
        where = unhcr.place(group, origin, asylum)
        if where is None:
            continue
        key = (group, origin, asylum, start, end)
        if key in figures:
            raise hapi.given_twice(figures[key]["locator"], row.locator("population"))
        figures[key] = {
            "publisher": "UNHCR",
            "dataset": dataset,
            "measure": groups[group],
            "population_group": group,
            "unit": "people",
            **where,
            **_period(row, start, end, groups[group]),
            **row.value(),
            **row.provenance(),
        }
    remarks = (f"Groups left out: {', '.join(sorted(others))}.",) if others else ()
    return Reading(pd.DataFrame(list(figures.values())), remarks=remarks)


def _period(row: hapi.Row, start: date, end: date, measure: str) -> dict[str, object]:
    """A calendar year as UNHCR's own API dates it; any other period as it stands."""
    if (start.month, start.day, end) == (1, 1, date(start.year, 12, 31)):
        return unhcr.year_of({"year": start.year}, row.document.fetched_at, measure)
    if end < start:
        raise SourceChanged(f"HAPI's period ends before it starts ({row.locator('population')}).")
    return {"reference_period_start": start, "reference_period_end": end, "as_of": end}


table: Final = partial(
    Source,
    publisher="UNHCR",
    licence="CC BY-IGO",
    attribution="UNHCR, through HDX HAPI",
    cadence=timedelta(days=7),
    late_after=timedelta(days=21),
    api=hapi.API,
    reading_depends_on=unhcr.newest_closed_year,
    complete=False,
    origin="unhcr_rdf",
    origin_rank=2,
)
"""One of the two tables, as a source."""
