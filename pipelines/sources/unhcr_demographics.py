"""UNHCR Refugee Data Finder, table `demographics`, with its flags for places: IDPs by governorate.

The flags are undocumented; UNHCR's own R package uses them. The split of IDP returns by
governorate is a percentage model whose direction (left or returned to) is not documented: it is
flagged as such.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from data.gazetteer import places
from data.gazetteer.area import Area
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.figures import table_of
from pipelines.publishers import cells
from pipelines.publishers import unhcr as api
from pipelines.publishers.syrian_places import TOTAL
from pipelines.source import DocumentClient, Reading, provenance_of

DATASET: Final = "Refugee Data Finder: demographics by location"
YEARS: Final = 3
"""How many years back are asked again each time."""
FLAGS: Final = {
    "ptype_show": "true",
    "locationDescription_show": "1",
    "locationUR_show": "1",
    "locationAccType_show": "1",
}
GROUPS: Final = {"IDP": "stock", "RDP": "flow"}
ADMIN1: Final = re.compile(r"^(?P<name>.+?)\s*(\[Admin 1\]|: Mohafazah - Governorate)$")
PARTS: Final = ("loc_type", "acc_type")
"""What splits a place: kind of settlement and of accommodation."""
COLUMNS: Final = ("year", "coo_iso", "coa_iso", "pop_type", "location", "total")


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """One query for each origin and year; the API honours one `year` only."""
    this_year = datetime.now(UTC).year
    for origin in area.origins:
        for year in range(this_year - YEARS, this_year):
            query = {"coo": origin, "coa": origin, "year": str(year), **FLAGS}
            name = f"locations-{origin}-{year}"
            # Older years may have no split; that none has one is found when they are read.
            yield from api.pages(client, settings, "demographics", name, query, may_be_empty=True)


def read(documents: Sequence[Document], area: Area) -> Reading:
    """IDP stocks and modelled IDP returns by governorate and year.

    Rows of one place are split by settlement and accommodation, one complete partition, and are
    added. Rows for no governorate are left out with a remark.
    """
    sums: dict[tuple[str, str, int], dict[str, Any]] = {}
    elsewhere = 0
    seen: dict[tuple[object, ...], str] = {}
    named_parts: dict[tuple[str, str, int], bool] = {}
    for item, document, row in api.rows(documents, "locations-", COLUMNS):
        group = str(item["pop_type"]).strip()
        if group not in GROUPS:
            continue
        named = ADMIN1.match(str(item["location"]).strip())
        if named is None:
            elsewhere += 1
            continue
        code = places.resolve(named["name"], "admin1")
        where = f"{document.name}: items[{row}]"
        key = (code, group, api.year_number(item))
        part = [cells.text(item.get(name)) for name in PARTS]
        first = seen.setdefault((*key, *part), where)
        if first != where:
            raise SourceChanged(
                f"UNHCR sent one part twice ({first} and {where}), which would be added twice; it "
                "will be asked again later."
            )
        is_named = any(text and not TOTAL.search(text) for text in part)
        if named_parts.setdefault(key, is_named) != is_named:
            raise SourceChanged(
                f"UNHCR sent a count beside its own parts ({where}), which would be added twice; "
                "it will be asked again later."
            )
        value, _, reason = api.number(item["total"])
        if value is None:
            raise SourceChanged(f"UNHCR gives no number for {group} in {named['name']}: {reason}.")
        if key in sums:
            sums[key]["value"] += value
            sums[key]["locator"] += f" + items[{row}]"
            continue
        sums[key] = {
            "measure": GROUPS[group],
            "population_group": group,
            "qualifier": "modelled" if group == "RDP" else "exact",
            **places.codes(code),
            "provider_admin1_name": named["name"],
            **api.year_of(item, document.fetched_at, GROUPS[group]),
            "value": value,
            **provenance_of(document, f"{document.name}: items[{row}].total"),
        }
        if group == "RDP":
            sums[key]["caveat"] = api.with_caveat(sums[key], "modelled_split")
    if not sums:
        raise SourceChanged("UNHCR's demographics table no longer splits IDPs by governorate.")
    figures = [figure | {"value_raw": str(figure["value"])} for figure in sums.values()]
    remarks = (f"{elsewhere} rows for no governorate left out.",) if elsewhere else ()
    columns = {"publisher": "UNHCR", "dataset": DATASET, "unit": "people"}
    return Reading(table_of(figures, **columns), remarks=remarks)


SOURCE: Final = api.table(
    name="unhcr_demographics",
    title="Refugee Data Finder: IDPs by governorate",
    fetch=fetch,
    read=read,
    complete=False,
)
