"""Conflict events and fatalities by district and month, as ACLED counts them, through HDX HAPI.

Context beside figures of people, and never one of them: on no axis, in no sum, on no map. The
counts come by district, month and three kinds of event, without a word of who did what; civilian
targeting is a part of political violence. ACLED revises what it counted, weeks later too, and only
its newest word is kept.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from data.gazetteer.area import Area
from data.schema import codes as vocabulary
from data.schema.tables import CONFLICT_MONTHS, FIGURES
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.publishers import hapi
from pipelines.source import DocumentClient, Reading, Source, no_day

NAME: Final = "hapi_conflict_events"
LICENCE: Final = "ACLED terms of use"
LONGEST: Final = 31
"""Days that a row may cover: months are read, and nothing over a year beside them."""
THEME: Final = hapi.Theme(
    endpoint="coordination-context/conflict-events",
    stem="conflict_event",
    slug="hdx-hapi-conflict-event",
    needed=(
        "location_code",
        "admin1_code",
        "admin2_code",
        "admin_level",
        "event_type",
        "events",
        "fatalities",
        "reference_period_start",
        "reference_period_end",
    ),
)


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """Every month of the countries people flee within, from HAPI or from HDX's files."""
    yield from hapi.fetch(client, settings, THEME, hapi.queries(area.origins))


def read(documents: Sequence[Document], area: Area) -> Reading:
    """No figures; the table `conflict_months`, one row for each place, month and kind of event.

    Raises:
        SourceChanged: Another shape, a kind of event that is not known, or no row of the area.
    """
    same = ("event_type", "reference_period_start")
    ours = hapi.rows_of(documents, THEME, area.origins)
    rows, places, remarks = hapi.placed_once(ours, same, "events")
    starts, ends = rows.days("reference_period_start"), rows.days("reference_period_end")
    for row, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if not 0 <= (end - start).days < LONGEST:
            raise SourceChanged(
                f"HAPI counts events from {start} to {end} "
                f"({rows.locator(row, 'reference_period_start')}), which is no month."
            )
    table = rows.companion(
        CONFLICT_MONTHS,
        "events",
        source=NAME,
        place_code=[place["place_code"] for place in places],
        event_type=rows.codes("event_type", vocabulary.EVENT_TYPES, "kind of event"),
        period_start=starts,
        period_end=ends,
        events=rows.wholes("events"),
        fatalities=rows.wholes("fatalities"),
        licence=LICENCE,
    )
    return Reading(FIGURES.none, {CONFLICT_MONTHS.name: table}, remarks)


SOURCE: Final = Source(
    name=NAME,
    title="HDX HAPI: conflict events by district and month (ACLED), context",
    publisher="ACLED",
    homepage="https://data.humdata.org/dataset/hdx-hapi-conflict-event",
    licence=LICENCE,
    attribution="ACLED (acleddata.com), through HDX HAPI",
    cadence=timedelta(days=1),
    late_after=timedelta(days=30),
    api=hapi.API,
    fetch=fetch,
    read=read,
    reading_depends_on=no_day,
    tables=(CONFLICT_MONTHS.name,),
)
