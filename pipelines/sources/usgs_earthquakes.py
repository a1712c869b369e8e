"""Earthquakes of magnitude 5 and more in the area and a degree around it, as USGS lists them.

Context beside figures of people, and never one of them: on no axis, in no sum, on no map. Of an
epicentre the nearest district and the distance to its seat are kept, not the position. USGS goes
on revising magnitude and place of what it listed; its newest word is kept.

https://earthquake.usgs.gov/fdsnws/event/1/ — GeoJSON, no key, at most 20,000 events an answer.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pandas as pd

from data.gazetteer import nearest
from data.gazetteer.area import Area
from data.schema.tables import EARTHQUAKES, FIGURES
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.json_documents import decoded
from pipelines.source import DocumentClient, Reading, Source, no_day

API: Final = "USGS"
BASE: Final = "https://earthquake.usgs.gov/fdsnws/event/1/"
NAME: Final = "usgs_earthquakes"
LICENCE: Final = "public domain"
LEAST: Final = 5.0
GREATEST: Final = 10.0
"""No earthquake was ever stronger."""
AROUND: Final = 1.0
"""Degrees beyond the area's bounds: those of February 2023 struck north of it."""
EARTHQUAKE: Final = "earthquake"
"""What USGS calls them; it lists explosions and quarry blasts too."""


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """Everything since the area's first year, in one answer."""
    west, south, east, north = area.bounds
    yield client.get(
        settings.base(API, BASE) + "query",
        {
            "format": "geojson",
            "eventtype": EARTHQUAKE,
            "minmagnitude": f"{LEAST:g}",
            "minlongitude": f"{west - AROUND:g}",
            "minlatitude": f"{south - AROUND:g}",
            "maxlongitude": f"{east + AROUND:g}",
            "maxlatitude": f"{north + AROUND:g}",
            "starttime": f"{area.since}-01-01",
            "orderby": "time-asc",
        },
        name="earthquakes",
    )


def read(documents: Sequence[Document], area: Area) -> Reading:
    """No figures; the table `earthquakes`, one row for each.

    Raises:
        SourceChanged: Another shape, an earthquake without its day, size or place, or none at all:
            the area has had some since any year that is asked for.
    """
    rows: dict[str, dict[str, object]] = {}
    weaker = 0
    for document in documents:
        for number, feature in enumerate(_features(document)):
            row = _row(feature, f"features[{number}]", document, area)
            if row is None:
                weaker += 1
                continue
            known = rows.setdefault(str(row["event_id"]), row)
            if any(known[name] != row[name] for name in ("occurred_at", "magnitude", "near_code")):
                raise SourceChanged(
                    f"USGS lists the earthquake {row['event_id']} twice ({known['locator']} and "
                    f"{row['locator']}), and not alike; it will be asked again later."
                )
    if not rows:
        raise SourceChanged("USGS lists no earthquake of the area; the last list stays.")
    table = EARTHQUAKES.conform(pd.DataFrame(list(rows.values())))
    remarks = (f"{weaker} weaker than {LEAST:g}, elsewhere or no earthquake.",) if weaker else ()
    return Reading(FIGURES.none, {EARTHQUAKES.name: table}, remarks)


def _features(document: Document) -> list[Mapping[str, Any]]:
    try:
        answer = decoded(document)
    except (ValueError, UnicodeDecodeError):
        raise SourceChanged(f"{document.name} is no GeoJSON of USGS.") from None
    found = answer.get("features") if isinstance(answer, dict) else None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise SourceChanged("USGS's answer has no list called features.")
    return found


def _row(
    feature: Mapping[str, Any], path: str, document: Document, area: Area
) -> dict[str, object] | None:
    """One earthquake; None for what was not asked for."""
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    if properties.get("type", EARTHQUAKE) != EARTHQUAKE:
        return None
    name = feature.get("id")
    if not isinstance(name, str) or not name.isalnum() or len(name) > 40:
        raise SourceChanged(f"USGS lists an earthquake without a name ({path}.id).")
    size = _number(properties.get("mag"), f"{path}.properties.mag")
    if not 0 <= size <= GREATEST:
        raise SourceChanged(f"USGS gives the magnitude {size:g} ({path}.properties.mag).")
    shape = feature.get("geometry")
    position = shape.get("coordinates") if isinstance(shape, dict) else None
    if not isinstance(position, list) or len(position) < 2:
        raise SourceChanged(f"USGS lists an earthquake without a place ({path}.geometry).")
    lon, lat = (_number(n, f"{path}.geometry.coordinates") for n in position[:2])
    west, south, east, north = area.bounds
    inside = west - AROUND <= lon <= east + AROUND and south - AROUND <= lat <= north + AROUND
    if size < LEAST or not inside:
        return None
    occurred = _moment(properties.get("time"), f"{path}.properties.time")
    if not datetime(area.since, 1, 1, tzinfo=UTC) <= occurred <= document.fetched_at:
        raise SourceChanged(
            f"USGS lists an earthquake of {occurred.date()} ({path}.properties.time) and was asked "
            f"for those since {area.since}; it will be asked again later."
        )
    district, distance = nearest.district(lat, lon)
    return {
        "source": NAME,
        "event_id": name,
        "occurred_at": occurred,
        "magnitude": size,
        "near_code": district,
        "distance_km": round(distance),
        "source_url": document.url,
        "content_sha256": document.sha256,
        "locator": f"{document.name}: {path}",
        "licence": LICENCE,
    }


def _number(value: object, path: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e15:
        raise SourceChanged(f"USGS sent {str(value)[:20]!r} where a number belongs ({path}).")
    if not math.isfinite(value):
        raise SourceChanged(f"USGS sent {value} where a number belongs ({path}).")
    return float(value)


def _moment(value: object, path: str) -> datetime:
    """Milliseconds since 1970, as USGS gives time."""
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=_number(value, path))
    except OverflowError:
        raise SourceChanged(f"USGS sent a time that nobody lives in ({path}).") from None


SOURCE: Final = Source(
    name=NAME,
    title="USGS: earthquakes of magnitude 5 and more, context",
    publisher="USGS",
    homepage="https://earthquake.usgs.gov/earthquakes/search/",
    licence=LICENCE,
    attribution="U.S. Geological Survey",
    cadence=timedelta(days=1),
    late_after=timedelta(days=14),
    api=API,
    fetch=fetch,
    read=read,
    reading_depends_on=no_day,
    tables=(EARTHQUAKES.name,),
)
