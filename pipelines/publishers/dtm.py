"""What the routes to IOM's Displacement Tracking Matrix share: terms, and rows of its API.

The API counts IDPs alone. A round may be split by reason of displacement and by governorate of
origin; the rows of one operation, round, place and assessment type are one complete partition and
are added, and nothing else is. Operations overlap in the people they count.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import compress
from typing import Any, Final

import pyarrow as arrow

from data.gazetteer import places
from data.schema.codes import ASSESSMENT_TYPES
from pipelines.errors import SourceChanged
from pipelines.figures import on_day, table_of
from pipelines.publishers import cells, rows
from pipelines.publishers.syrian_places import TOTAL
from pipelines.source import Source, no_day

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
COUNTED: Final = "numPresentIdpInd"
YEAR: Final = "yearReportingDate"
"""The year of the report once more, where it is given."""
PARTS: Final = ("displacementReason", "idpOriginAdmin1Pcode")
"""What may split one count into several rows."""
SUMMED: Final = "summed_from_parts"


class Rows(rows.Rows):
    """Rows of the API, of any country and level."""

    def needed(self, name: str) -> list[str]:
        """A column that says something in every row.

        Raises:
            SourceChanged: In one it does not.
        """
        return self.read(name, _said, lambda _, row: self._lacks(name, row))

    def days(self, name: str) -> list[date]:
        """A column's days.

        Raises:
            SourceChanged: A cell holds none.
        """

        def refusal(printed: str | None, row: int) -> SourceChanged:
            if printed is None:
                return self._lacks(name, row)
            return SourceChanged(
                f"DTM gives {printed[:40]!r} as the day of a report ({self.places[row]})."
            )

        return self.read(name, lambda said: date.fromisoformat(_said(said)[:10]), refusal)

    def counts(self) -> list[int | None]:
        """How many people each row counts; None where nothing is printed.

        Raises:
            SourceChanged: A cell holds something that people cannot be counted in.
        """
        printed = (row.get(COUNTED) for row in self.cells)
        return [_whole(cell, where) for cell, where in zip(printed, self.places, strict=True)]

    def printed(self) -> list[str | None]:
        """The counts as they are printed."""
        printed = (row.get(COUNTED) for row in self.cells)
        return [self.said[cell] if isinstance(cell, str) else str(cell) for cell in printed]

    def rounds(self) -> list[int | None]:
        """The number of each row's round.

        Raises:
            SourceChanged: A row has none, or one that is no number.
        """

        def refusal(printed: str | None, row: int) -> SourceChanged:
            if printed is None:
                return self._lacks("roundNumber", row)
            return _no_count(printed, self.places[row])

        return self.read("roundNumber", lambda said: cells.count(_said(said)), refusal)

    def codes(self, levels: Sequence[int]) -> list[str]:
        """The place code of each row at its own level.

        Raises:
            SourceChanged: A row has none.
        """
        columns = [self.texts(f"admin{level}Pcode") for level in range(3)]
        found = []
        for row, level in enumerate(levels):
            code = columns[level][row]
            if code is None:
                raise self._lacks(f"admin{level}Pcode", row)
            found.append(code)
        return found

    def _lacks(self, name: str, row: int) -> SourceChanged:
        return SourceChanged(f"DTM gives no {name} ({self.places[row]}).")


def _said(said: str | None) -> str:
    if said is None:
        raise ValueError
    return said


def figures(found: Rows, levels: Sequence[int], countries: Iterable[str]) -> arrow.Table:
    """IDP stocks, one for each operation, round, place, day and assessment type.

    Args:
        found: Rows of any country.
        levels: The level of each, from 0 to 2.
        countries: The countries wanted (ISO3).

    Returns:
        Columns of `tables.FIGURES`. A count of several rows has the caveat `summed_from_parts`,
        and is null (`not_reported`) where one of them gives no number.

    Raises:
        SourceChanged: A row lacks what names it, or one part of a count stands twice.
        UnknownPlace: A code that the places table lacks.
    """
    wanted = set(countries)
    ours = [country in wanted for country in found.texts("admin0Pcode")]
    rows, levels = found.only(ours), list(compress(levels, ours))
    days, counts = _agreed_days(rows), rows.counts()
    kinds, codes = _kinds(rows), rows.codes(levels)
    operations, rounds = rows.needed("operation"), rows.rounds()
    # DTM writes names by hand: one operation under two spellings would be counted beside itself.
    spelled = [operation.casefold() for operation in operations]
    keys = list(zip(spelled, rounds, codes, days, kinds, strict=True))
    of_count = _by_count(rows, keys)
    for parts in of_count:
        _must_hold_no_total(rows, parts)
    sums = [_together([counts[row] for row in parts]) for parts in of_count]
    first = [parts[0] for parts in of_count]
    whole = [len(parts) == 1 for parts in of_count]
    printed = rows.printed()
    files = rows.files()
    names = [rows.texts(f"admin{level}Name") for level in (1, 2)]
    return table_of(
        [files[row] for row in first],
        [_place(rows, row, codes[row], levels[row]) for row in first],
        [on_day(days[row]) for row in first],
        publisher=PUBLISHER,
        dataset=DATASET,
        measure="stock",
        population_group="IDP",
        unit="people",
        **{
            f"provider_admin{level}_name": [
                column[row] if levels[row] >= level else None for row in first
            ]
            for level, column in enumerate(names, start=1)
        },
        operation=[operations[row] for row in first],
        reporting_round=[rounds[row] for row in first],
        assessment_type=[kinds[row] for row in first],
        value=sums,
        value_raw=[
            printed[row] if alone and total is not None else None
            for row, alone, total in zip(first, whole, sums, strict=True)
        ],
        missing_reason=["not_reported" if total is None else None for total in sums],
        caveat=[None if alone else SUMMED for alone in whole],
        locator=[_locator([rows.places[row] for row in parts]) for parts in of_count],
    )


def _agreed_days(rows: Rows) -> list[date]:
    """The day of each row's report.

    Raises:
        SourceChanged: A cell holds none, or the row's own year is another: one of the two is wrong.
    """
    days = rows.days("reportingDate")
    for row, (day, year) in enumerate(zip(days, rows.texts(YEAR), strict=True)):
        if year is not None and year != str(day.year):
            raise SourceChanged(
                f"DTM gives {day} as the day of a report of {year[:20]} ({rows.places[row]}); it "
                "will be asked again later."
            )
    return days


def _by_count(rows: Rows, keys: Sequence[tuple[object, ...]]) -> list[list[int]]:
    """The rows that are parts of one count, by their numbers.

    Raises:
        SourceChanged: One part stands twice.
    """
    apart = zip(*(rows.texts(name) for name in PARTS), strict=True)
    parts: set[tuple[object, ...]] = set()
    found: dict[tuple[object, ...], list[int]] = {}
    for row, (key, names) in enumerate(zip(keys, apart, strict=True)):
        part = (*key, *names)
        if part in parts:
            raise SourceChanged(f"DTM gives the same part of a count twice ({rows.places[row]}).")
        parts.add(part)
        found.setdefault(key, []).append(row)
    return list(found.values())


def _must_hold_no_total(rows: Rows, parts: Sequence[int]) -> None:
    """A count of everybody beside its parts would be added to them.

    Raises:
        SourceChanged: Some of the rows say of whom they are a part, and others do not.
    """
    if len(parts) < 2:
        return
    said = [[cells.text(rows.cells[row].get(name)) for name in PARTS] for row in parts]
    whole = [not any(text and not TOTAL.search(text) for text in texts) for texts in said]
    if any(whole) and not all(whole):
        raise SourceChanged(
            f"DTM gives a count beside its own parts ({rows.places[parts[whole.index(True)]]}), "
            "which would be added twice; it will be asked again later."
        )


def _together(parts: Sequence[int | None]) -> int | None:
    given = [part for part in parts if part is not None]
    return sum(given) if len(given) == len(parts) else None


def _locator(parts: Sequence[str]) -> str:
    """Where a count stands whose parts stand there."""
    return " + ".join([parts[0], *(part.rsplit(" ", 1)[-1] for part in parts[1:])])


def _kinds(rows: Rows) -> list[str]:
    kinds = rows.needed("assessmentType")
    strange = [kind for kind in kinds if kind not in ASSESSMENT_TYPES]
    if strange:
        raise SourceChanged(f"DTM has an assessment type {strange[0]!r} that is not known.")
    return kinds


def _place(rows: Rows, row: int, code: str, level: int) -> Mapping[str, object]:
    place = places.codes(places.written(code) or code)
    if place["admin_level"] != level:
        raise SourceChanged(f"DTM gives {code} at admin level {level} ({rows.places[row]}).")
    country = cells.text(rows.cells[row].get("admin0Pcode"))
    if place["location_code"] != country:
        raise SourceChanged(f"DTM gives {code} as a place of {country} ({rows.places[row]}).")
    return place


def _whole(value: Any, where: str) -> int | None:
    try:
        return cells.count(value)
    except cells.NotACount:
        raise _no_count(value, where) from None


def _no_count(printed: object, where: str) -> SourceChanged:
    return SourceChanged(f"DTM gives {str(printed)[:40]!r} for a count ({where}).")


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
