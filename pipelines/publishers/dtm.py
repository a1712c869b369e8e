"""What the routes to IOM's Displacement Tracking Matrix share: terms, and rows of its API.

The API counts IDPs alone. A round may be split by reason of displacement and by governorate of
origin; the rows of one operation, round, place and assessment type are one complete partition and
are added, and nothing else is. Operations overlap in the people they count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from data.gazetteer import places
from data.schema.codes import ASSESSMENT_TYPES
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.publishers import cells
from pipelines.source import Source, no_day, provenance_of

PUBLISHER: Final = "IOM"
ORIGIN: Final = "iom_dtm"
"""What its routes share: each number is shown through one of them."""
LICENCE: Final = "IOM: non-commercial use only"
ATTRIBUTION: Final = (
    "Source: International Organization for Migration (IOM), Displacement Tracking Matrix (DTM), "
    "https://dtm.iom.int"
)
DATASET: Final = "DTM API: IDPs present"
COLUMNS: Final = (
    "operation",
    "admin0Pcode",
    "admin1Pcode",
    "admin2Pcode",
    "numPresentIdpInd",
    "reportingDate",
    "roundNumber",
    "assessmentType",
)
PARTS: Final = ("displacementReason", "idpOriginAdmin1Pcode")
"""What may split one count into several rows."""
SUMMED: Final = "summed_from_parts"


@dataclass(frozen=True)
class Row:
    """One row of the API: its cells by name, its level (0 to 2), and where it stands."""

    cells: Mapping[str, Any]
    level: int
    document: Document
    locator: str


def figures(rows: Iterable[Row], countries: Iterable[str]) -> list[dict[str, Any]]:
    """IDP stocks, one for each operation, round, place, day and assessment type.

    Args:
        rows: Rows of any country and level.
        countries: The countries wanted (ISO3).

    Returns:
        Columns of `tables.FIGURES`. A count of several rows has the caveat `summed_from_parts`,
        and is null (`not_reported`) where one of them gives no number.

    Raises:
        SourceChanged: A row lacks what names it, or one part of a count stands twice.
        UnknownPlace: A code that the places table lacks.
    """
    wanted = set(countries)
    sums: dict[tuple[Any, ...], dict[str, Any]] = {}
    parts: set[tuple[Any, ...]] = set()
    for row in rows:
        if str(row.cells.get("admin0Pcode")).strip() not in wanted:
            continue
        figure = _figure(row)
        key = tuple(
            figure[name]
            for name in ("operation", "reporting_round", "place_code", "as_of", "assessment_type")
        )
        part = (*key, *(str(row.cells.get(name)) for name in PARTS))
        if part in parts:
            raise SourceChanged(f"DTM gives the same part of a count twice ({row.locator}).")
        parts.add(part)
        sums[key] = _added(sums[key], figure) if key in sums else figure
    return list(sums.values())


def _added(figure: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    total = (
        None
        if figure["value"] is None or more["value"] is None
        else figure["value"] + more["value"]
    )
    return figure | {
        "value": total,
        "value_raw": None,
        "missing_reason": "not_reported" if total is None else None,
        "caveat": SUMMED,
        "locator": f"{figure['locator']} + {more['locator'].rsplit(' ', 1)[-1]}",
    }


def _figure(row: Row) -> dict[str, Any]:
    day = _day(row)
    value = whole(row.cells.get("numPresentIdpInd"), row.locator)
    kind = _text(row, "assessmentType")
    if kind not in ASSESSMENT_TYPES:
        raise SourceChanged(f"DTM has an assessment type {kind!r} that is not known.")
    code = _text(row, f"admin{row.level}Pcode")
    place = places.codes(code)
    if place["admin_level"] != row.level:
        raise SourceChanged(f"DTM gives {code} at admin level {row.level} ({row.locator}).")
    return {
        "publisher": PUBLISHER,
        "dataset": DATASET,
        "measure": "stock",
        "population_group": "IDP",
        "unit": "people",
        **place,
        **{
            f"provider_admin{level}_name": _optional(row, f"admin{level}Name")
            for level in range(1, row.level + 1)
        },
        "reference_period_start": day,
        "reference_period_end": day,
        "as_of": day,
        "operation": _text(row, "operation"),
        "reporting_round": whole(_text(row, "roundNumber"), row.locator),
        "assessment_type": kind,
        "value": value,
        "value_raw": None if value is None else str(row.cells["numPresentIdpInd"]),
        "missing_reason": "not_reported" if value is None else None,
        "caveat": None,
        **provenance_of(row.document, row.locator),
    }


def whole(value: Any, where: str) -> int | None:
    """A count of people; None where nothing is printed.

    Raises:
        SourceChanged: It is no whole number that people can be counted in.
    """
    try:
        return cells.count(value)
    except cells.NotACount:
        raise SourceChanged(f"DTM gives {str(value)[:40]!r} for a count ({where}).") from None


def _day(row: Row) -> date:
    printed = _text(row, "reportingDate")
    try:
        return date.fromisoformat(printed[:10])
    except ValueError:
        raise SourceChanged(
            f"DTM gives {printed[:40]!r} as the day of a report ({row.locator})."
        ) from None


def _text(row: Row, name: str) -> str:
    printed = _optional(row, name)
    if printed is None:
        raise SourceChanged(f"DTM gives no {name} ({row.locator}).")
    return printed


def _optional(row: Row, name: str) -> str | None:
    return cells.text(row.cells.get(name))


table: Final = partial(
    Source,
    publisher=PUBLISHER,
    licence=LICENCE,
    attribution=ATTRIBUTION,
    kind="rounds",
    reading_depends_on=no_day,
    origin=ORIGIN,
)
"""A route to DTM's counts, as a source."""
