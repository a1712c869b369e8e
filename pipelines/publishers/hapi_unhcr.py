"""What HAPI's two tables of UNHCR's numbers share: national, annual, by origin and asylum."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Final

from data.gazetteer import places
from data.gazetteer.area import Area
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.figures import table_of
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
    rows = hapi.rows_of(documents, theme, area.origins, "origin_location_code")
    rows = rows.only(asylum is not None for asylum in rows.texts("asylum_location_code"))
    asked = zip(
        rows.texts("gender"),
        rows.texts("age_range"),
        rows.days("reference_period_start"),
        rows.days("reference_period_end"),
        strict=True,
    )
    everybody = [
        {(sex or ALL).casefold(), (ages or ALL).casefold()} == {ALL} and start.year >= area.since
        for sex, ages, start, _ in asked
    ]
    if not any(everybody):
        raise SourceChanged(
            f"HAPI's {theme.stem} has no row of both sexes and all ages any more; parts by sex or "
            "age are nobody's total."
        )
    rows = rows.only(everybody)
    said = [group or "none" for group in rows.texts("population_group")]
    others = sorted(set(said) - groups.keys())
    rows = rows.only(group in groups for group in said)
    for row, (_, _, asylum) in enumerate(_pairs(rows)):
        if not places.is_known_code(asylum):
            raise SourceChanged(
                f"HAPI names the country of asylum {asylum[:20]!r} "
                f"({rows.locator(row, 'asylum_location_code')}), which is no ISO code."
            )
    known = [unhcr.place(*pair) for pair in _pairs(rows)]
    rows = rows.only(place is not None for place in known)
    pairs = _pairs(rows)
    starts, ends = rows.periods()
    hapi.must_be_given_once(rows, zip(pairs, starts, ends, strict=True))
    counted = [group for group, _, _ in pairs]
    measures = [groups[group] for group in counted]
    figures = table_of(
        rows.files(),
        [place for place in known if place is not None],
        _periods(rows, starts, ends, measures),
        publisher="UNHCR",
        dataset=dataset,
        measure=measures,
        population_group=counted,
        unit="people",
        **rows.values(),
    )
    remarks = (*rows.left_out, *([f"Groups left out: {', '.join(others)}."] if others else []))
    return Reading(figures, remarks=remarks)


def _pairs(rows: hapi.Rows) -> list[tuple[str, str, str]]:
    """Of each row the group, the country of origin and that of asylum."""
    names = ("population_group", "origin_location_code", "asylum_location_code")
    return list(zip(*(map(str, rows.texts(name)) for name in names), strict=True))


def _periods(
    rows: hapi.Rows, starts: Sequence[date], ends: Sequence[date], measures: Sequence[str]
) -> list[Mapping[str, object]]:
    """A calendar year as UNHCR's own API dates it; any other period as it stands."""
    found: list[Mapping[str, object]] = []
    for row, (start, end, measure) in enumerate(zip(starts, ends, measures, strict=True)):
        if (start.month, start.day, end) == (1, 1, date(start.year, 12, 31)):
            fetched_at = rows.documents[row].fetched_at
            found.append(unhcr.year_of({"year": start.year}, fetched_at, measure))
            continue
        found.append({"reference_period_start": start, "reference_period_end": end, "as_of": end})
    return found


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
