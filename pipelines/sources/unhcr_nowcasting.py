"""UNHCR's estimate for a recent month: refugees and asylum-seekers by country, of every origin.

The table holds one month and is overwritten; each run is archived, and a month that is gone from it
was not withdrawn.
"""

import calendar
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from data.gazetteer.area import Area
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.figures import table_of
from pipelines.publishers import unhcr as api
from pipelines.source import DocumentClient, Reading, provenance_of, the_day_itself

DATASET: Final = "Refugee Data Finder: nowcasting"
MONTHS: Final = {name: number for number, name in enumerate(calendar.month_name) if name}
COLUMNS: Final = {"refugees": "REF", "asylum_seekers": "ASY"}


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """The month's estimate for each host country."""
    for host in area.hosts:
        # Not every country has an estimate.
        yield from api.pages(
            client, settings, "nowcasting", f"nowcast-{host}", {"coa": host}, may_be_empty=True
        )


def read(documents: Sequence[Document], area: Area) -> Reading:
    """Stocks at the end of the month, of every origin."""
    figures: dict[tuple[object, ...], dict[str, object]] = {}
    for item, document, row in api.rows(documents, "nowcast-", ("year", "month", *COLUMNS)):
        month = MONTHS.get(str(item["month"]).strip())
        if month is None:
            raise SourceChanged(f"UNHCR's nowcasting names the month {str(item['month'])[:20]!r}.")
        year, host = api.year_number(item), api.country_of_asylum(item)
        if host is None:
            raise SourceChanged(f"UNHCR's nowcasting names no country in {document.name}.")
        last = date(year, month, calendar.monthrange(year, month)[1])
        for column, group in COLUMNS.items():
            figure = {
                "population_group": group,
                "place_code": host,
                "location_code": host,
                "admin_level": 0,
                "asylum_location_code": host,
                "reference_period_start": last.replace(day=1),
                "reference_period_end": last,
                "as_of": last,
                "note": _source_of(item),
                **api.cell(item, column),
                **provenance_of(document, f"{document.name}: items[{row}].{column}"),
            }
            api.must_agree(figures.setdefault((group, host, last), figure), figure)
    columns = {
        "publisher": "UNHCR",
        "dataset": DATASET,
        "measure": "stock",
        "unit": "people",
        "qualifier": "modelled",
        "caveat": "estimate_nowcast all_origins",
    }
    return Reading(table_of(list(figures.values()), **columns))


def _source_of(item: Mapping[str, Any]) -> str | None:
    """Where UNHCR has a country's number from, in its own words."""
    text = " ".join(str(item.get("source") or "").split())
    return f"UNHCR names its source: {text[:120]}" if text and text != "-" else None


SOURCE: Final = api.table(
    name="unhcr_nowcasting",
    title="Refugee Data Finder: nowcasting",
    late_after=timedelta(days=60),
    fetch=fetch,
    read=read,
    reading_depends_on=the_day_itself,
    complete=False,
    replaced_by="unhcr_population",
)
