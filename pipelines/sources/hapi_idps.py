"""IDPs as IOM's DTM counts them, through HDX HAPI: country, governorate, district.

HAPI holds every reporting round; only the newest of each operation is read, as OCHA advises. Two
operations of one country may count the same people (a national baseline and a local emergency),
so each stays a figure of its own. The same figures come from DTM's own files and API, which say
more and sooner; this route checks them.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

import pandas as pd

from data.gazetteer.area import Area
from data.schema import codes as vocabulary
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.publishers import dtm, hapi
from pipelines.source import DocumentClient, Reading, Source, no_day

DATASET: Final = "DTM, through HDX HAPI"
THEME: Final = hapi.Theme(
    endpoint="affected-people/idps",
    stem="idps",
    slug="hdx-hapi-idps",
    needed=(
        "location_code",
        "admin1_code",
        "admin2_code",
        "admin_level",
        "operation",
        "assessment_type",
        "population",
        "reporting_round",
        "reference_period_start",
        "reference_period_end",
    ),
)
_Operation = tuple[str | None, str | None, str | None]


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """Every round of each country of the area, from HAPI or from HDX's files."""
    asked = {country: {"location_code": country} for country in hapi.of_area(area)}
    yield from hapi.fetch(client, settings, THEME, asked)


def read(documents: Sequence[Document], area: Area) -> Reading:
    """Stocks of the newest round of each operation and assessment type, one for each place."""
    countries = set(hapi.of_area(area))
    ours = [r for r in hapi.rows(documents, THEME) if r.text("location_code") in countries]
    told = [(_operation(row), _moment(row)) for row in ours]
    newest: dict[_Operation, tuple[date, int]] = {}
    for operation, moment in told:
        newest[operation] = max(newest.get(operation, (date.min, 0)), moment)
    placed = hapi.Placed()
    figures: dict[tuple[object, ...], dict[str, object]] = {}
    split: set[tuple[object, ...]] = set()
    for row, (operation, moment) in zip(ours, told, strict=True):
        if moment[1] != newest[operation][1]:
            continue
        codes = placed.codes(row)
        if codes is None:
            continue
        key: tuple[object, ...] = (*operation, codes["place_code"], *moment)
        if key in figures:
            _must_be_parts(figures[key], row)
            split.add(key)
        figures[key] = _figure(row) | codes
    for key in split:
        del figures[key]
    remarks = placed.remarks()
    if split:
        named = ", ".join(sorted({str(key[3]) for key in split}))
        remarks += (f"{len(split)} places left out, given in parts under one code: {named}.",)
    if not ours:
        raise SourceChanged(f"HAPI's idps has no row of {', '.join(sorted(countries))} any more.")
    return Reading(pd.DataFrame(list(figures.values())), remarks=remarks)


def _operation(row: hapi.Row) -> _Operation:
    return row.text("location_code"), row.text("operation"), row.text("assessment_type")


def _moment(row: hapi.Row) -> tuple[date, int]:
    """When a row was counted, and in which round."""
    return row.day("reference_period_start"), row.whole("reporting_round") or 0


def _must_be_parts(known: dict[str, object], row: hapi.Row) -> None:
    """Two rows of one code are parts by the provider's own areas, or one row sent twice.

    Raises:
        SourceChanged: The same row twice: the table moved while its pages were fetched.
    """
    names = ("provider_admin1_name", "provider_admin2_name")
    if all(known[name] == row.text(name) for name in names):
        raise SourceChanged(
            f"HAPI says one figure twice ({known['locator']} and {row.locator('population')}); "
            "it will be asked again later."
        )


def _figure(row: hapi.Row) -> dict[str, object]:
    kind = row.text("assessment_type")
    if kind is not None and kind not in vocabulary.ASSESSMENT_TYPES:
        raise SourceChanged(
            f"HAPI names the assessment type {kind[:20]!r} ({row.locator('assessment_type')})."
        )
    return {
        "publisher": "IOM",
        "dataset": DATASET,
        "measure": "stock",
        "population_group": "IDP",
        "unit": "people",
        "reference_period_start": row.day("reference_period_start"),
        "reference_period_end": row.day("reference_period_end"),
        "as_of": row.day("reference_period_end"),
        "operation": row.text("operation"),
        "reporting_round": row.whole("reporting_round"),
        "assessment_type": kind,
        "provider_admin1_name": row.text("provider_admin1_name"),
        "provider_admin2_name": row.text("provider_admin2_name"),
        **row.value(),
        **row.provenance(),
    }


SOURCE: Final = Source(
    name="hapi_idps",
    title="HDX HAPI: IDPs (IOM DTM)",
    publisher="IOM",
    homepage="https://data.humdata.org/dataset/hdx-hapi-idps",
    licence=dtm.LICENCE,
    attribution=dtm.ATTRIBUTION,
    cadence=timedelta(days=1),
    late_after=timedelta(days=7),
    api=hapi.API,
    fetch=fetch,
    read=read,
    kind="rounds",
    reading_depends_on=no_day,
    complete=False,
    replaced_by="dtm_api_hdx",
    origin=dtm.ORIGIN,
    origin_rank=3,
)
