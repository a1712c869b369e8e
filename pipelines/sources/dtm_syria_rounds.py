"""IOM DTM Syria, one workbook for each round: IDPs, those who returned, and the population.

The only series below governorate after December 2024. Every round words its columns anew
(`publishers.dtm_workbook`); a workbook in which a whole group has no column that is understood is
refused with the headings that were not. IDP returnees and arrivals from abroad are people present
at the date who came back since a day: cohorts, which fall when people leave again. Arrivals to the
place of origin and to another place are kept apart beside their sum, and so are camps, communities
and neighbourhoods. The groups are never added to one another.

A round lists every location of Syria, so that its rows are added up to sub-districts, districts,
governorates and the country. No name of a community or camp goes any further.
"""

import calendar
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import pyarrow as arrow

from data.gazetteer import places
from data.gazetteer.area import Area
from data.schema.codes import COHORTS
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.figures import table_of
from pipelines.publishers import cells, dtm, dtm_sums, dtm_workbook, hdx, workbook
from pipelines.publishers.dtm_columns import GROUPS, Column, columns_of, must_have_every_group
from pipelines.publishers.dtm_sums import Counts, Key, Value, raw
from pipelines.publishers.dtm_workbook import Counted
from pipelines.publishers.syrian_places import COUNTRY
from pipelines.source import DocumentClient, Reading, file_of

if TYPE_CHECKING:
    import pandas as pd

SLUG: Final = "syrian-arab-republic-displacement-data-iom-dtm"
DATASET: Final = "DTM Syria: mobility tracking by round"
MONTHLY: Final = "DTM Syria: returns by month"
SINCE: Final = date(2024, 1, 1)
"""From when those who returned are counted."""
LAST_STATED_ROUND: Final = 7
"""Last round whose reports state that start; later ones are assumed to keep it."""
FIRST_ROUND: Final = (2025, 2)
"""Month of round 1; rounds are monthly since."""
KNOWN_ROUNDS: Final = 11
CAMPS_LISTED: Final = {7: True, 10: False, 11: False}
"""Rounds that are known, and whether they list camps as rows of their own."""
ROUNDED: Final = "fractions_rounded"
COVERAGE: Final = "coverage_changed"
COMPILED: Final = "compiled_later"
_FILE: Final = re.compile(r"round|baseline|mobility|mmt|\br\d{1,2}\b", re.IGNORECASE)
_OTHER_FILE: Final = re.compile(
    r"emergency|event track|flow monitor|site assess|return index", re.IGNORECASE
)
_A_MONTH: Final = re.compile(
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|(?<![0-9])20[0-9]{2}", re.IGNORECASE
)
"""What a cell that may name a month has; most cells have it not."""
ROWS_OF_A_ROUND: Final = 50
"""Rows in which every group has somebody; real rounds have some 8,400."""
ACROSS: Final = 3
"""Months beside one another that are the heading of a table."""
COVER: Final = (40, 12)
"""Rows and columns of a sheet that are read for the round and the month."""

Months = tuple[int, int]


@dataclass
class Edition:
    """One round as one workbook gives it."""

    number: int | None
    month: Months
    document: Document
    counts: Counts
    flows: list[dict[str, Any]] = field(default_factory=list)
    states_start: bool = False
    coverage_changed: bool = False

    @property
    def called(self) -> str:
        """The round in a sentence."""
        year, month = self.month
        named = f"round {self.number}" if self.number else "the round"
        return f"{named} of {year}-{month:02d}"


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """HDX's description of the dataset and the workbook of every round, the newest upload first."""

    def pick(found: list[hdx.Resource]) -> list[tuple[str, hdx.Resource]]:
        kept = [resource for resource in found if _is_round(resource)]
        if not kept:
            hdx.newest([], SLUG, "round")
        return [(f"{SLUG}/{hdx.file_name(resource)}", resource) for resource in kept]

    yield from hdx.fetch_files(client, settings, SLUG, pick, "binary")


def read(documents: Sequence[Document], area: Area) -> Reading:
    """IDPs, IDP returnees, arrivals from abroad and population present, by round.

    One row for each round, place, group, unit and category: all are stocks; of those who returned
    `cumulative_since` is the start of the cohort, with the caveat `start_assumed` where nothing
    says it. A row without category is the whole group. A sum over rows has the caveat
    `summed_from_parts`, and is null where one of them has no number. A published total that its
    parts do not add up to has `parts_do_not_add`. Rounds between which camps are listed or not
    have `coverage_changed`. Returns by month (flows) where a workbook has them. An older round
    that cannot be read is left out with a remark; its figures stay as they were.

    Raises:
        SourceChanged: The newest workbook is not one, is damaged, or has columns, places or numbers
            that are not understood.
        UnknownPlace: It names a place that the places table lacks.
    """
    described = {d.name: d for d in documents if d.name == f"{SLUG}/{hdx.PACKAGE}"}
    known = [r for d in described.values() for r in hdx.resources(d)]
    by_url = {resource.url: resource for resource in known}
    remarks: list[str] = []
    editions: dict[tuple[int | None, Months], Edition] = {}
    for document in documents:
        if document.name in described:
            continue
        try:
            edition = _edition(document, by_url.get(document.url))
        except (SourceChanged, places.UnknownPlace) as error:
            if not editions:
                raise
            remarks.append(f"Left out: {error}")
            continue
        if (edition.number, edition.month) in editions:
            remarks.append(f"An older file of {edition.called} left out.")
            continue
        editions[edition.number, edition.month] = edition
        remarks += edition.counts.remarks
    if not editions:
        raise SourceChanged(f"HDX's {SLUG} holds no workbook of a round.")
    _mark_coverage(list(editions.values()))
    figures = [_figures(edition) for edition in editions.values()]
    figures += [_flows(edition) for edition in editions.values() if edition.flows]
    return Reading(arrow.concat_tables(figures), remarks=tuple(remarks))


def _is_round(resource: hdx.Resource) -> bool:
    """Whether a file is a round's workbook, by its names."""
    named = cells.heading(f"{resource.name} {hdx.file_name(resource)}")
    sheet = resource.format in ("XLSX", "XLS", "XLSM") or ".xls" in resource.url.lower()
    return sheet and bool(_FILE.search(named)) and not _OTHER_FILE.search(named)


# Round and month ---------------------------------------------------------------------------------


def _when(
    document: Document,
    resource: hdx.Resource | None,
    sheets: Sequence[workbook.Sheet],
    counted: Iterable[str],
) -> tuple[int | None, Months]:
    """The round's number, if it is given, and its month.

    The month is that of the headings of the counts, of a sheet's name or cover, of the file's name
    or HDX's, or of the round's number, in this order; what has no year takes it from the next.
    Two that disagree are a workbook of one month under the name of another.

    Raises:
        SourceChanged: No month is given, or several are.
    """
    names = [document.name.removeprefix(f"{SLUG}/")]
    about: list[str] = []
    if resource is not None:
        names = [resource.name, hdx.file_name(resource)]
        about = [resource.description] if resource.description else []
    rows, columns = COVER
    cover = [
        cell
        for sheet in sheets
        for cell in dtm_workbook.cover_texts(
            [
                row[:columns]
                for row in sheet.rows[:rows]
                if len(_months_across(_named_months(row)))
                < ACROSS  # a table's heading of months says none
            ]
        )
    ]
    numbers = map(dtm_workbook.round_in, (*names, *about, *(s.name for s in sheets), *cover))
    number = next((n for n in numbers if n), None)
    by_number = _month_of(number) if number and number <= KNOWN_ROUNDS else None
    candidates = (
        ("the headings of its counts", map(dtm_workbook.month_in_heading, counted)),
        ("a sheet's name", (dtm_workbook.month_on_cover(sheet.name) for sheet in sheets)),
        ("a sheet", filter(_can_be_a_round, map(dtm_workbook.month_on_cover, cover))),
        ("its name", map(cells.month, names)),
        ("HDX's description", map(dtm_workbook.month_on_cover, about)),
    )
    found = {where: dtm_workbook.all_of(months) for where, months in candidates}
    if number and by_number:
        found[f"its being round {number}"] = {by_number}
    month = _agreed(document, found)
    years = {int(year) for name in names for year in re.findall(r"(?<!\d)20\d\d(?!\d)", name)}
    if month is not None and month[0] is None and len(years) == 1:
        month = (years.pop(), month[1])
    if month is None or month[0] is None:
        raise SourceChanged(
            f"{document.name} does not say which month it is about; put it into the file's name, "
            "such as round-12-january-2026.xlsx."
        )
    at = (month[0], month[1])
    last = _month_of(KNOWN_ROUNDS)
    if at < FIRST_ROUND or (number and number > KNOWN_ROUNDS and at <= last):
        raise SourceChanged(
            f"{document.name} is of {_month(at)}, and "
            + (
                f"round {KNOWN_ROUNDS} was of {_month(last)}"
                if at >= FIRST_ROUND
                else f"round 1 was of {_month(FIRST_ROUND)}"
            )
            + "; look which month it is about and name the file by it."
        )
    number = number or next((n for n in range(1, KNOWN_ROUNDS + 1) if _month_of(n) == at), None)
    return number, at


def _must_be_the_round(
    document: Document,
    number: int | None,
    headed: Sequence[tuple[workbook.Sheet, dtm_workbook.Heading]],
    sheets: Sequence[workbook.Sheet],
) -> None:
    """A round's number in titles is that of its name; one round's numbers are not the next one's.

    Raises:
        SourceChanged: The titles name another round alone.
    """
    tables = {sheet.number for sheet, _ in headed}
    said = {dtm_workbook.round_of_title(t) for s, h in headed for t in dtm_workbook.titles(s, h)}
    for sheet in sheets:
        if sheet.number in tables:
            continue
        texts = [
            sheet.name,
            *dtm_workbook.cover_texts([row[: COVER[1]] for row in sheet.rows[: COVER[0]]]),
        ]
        of_sheet = {n for text in texts if (n := dtm_workbook.round_of_title(text)) is not None}
        said |= of_sheet if len(of_sheet) == 1 else set()  # a history of rounds says none
    others = sorted(n for n in said if n is not None)
    if number is not None and others and number not in others:
        raise SourceChanged(
            f"{document.name} is round {number} by its name and round {others[0]} by a title in "
            "it; look which is right and name the file by it."
        )


def _agreed(
    document: Document, found: Mapping[str, set[tuple[int | None, int]]]
) -> tuple[int | None, int] | None:
    """The one month that is given, with its year where any place has it."""
    months_found = [
        (where, month) for where, months in found.items() for month in sorted(months, key=str)
    ]
    if not months_found:
        return None
    first, month = months_found[0]
    for where, other in months_found[1:]:
        apart = other[1] != month[1] or (None not in (month[0], other[0]) and other[0] != month[0])
        if apart:
            raise SourceChanged(
                f"{document.name} is of {_month(month)} by {first} and of {_month(other)} by "
                f"{where}; look which is right and name the file by it."
            )
        month = (month[0] or other[0], month[1])
    return month


def _can_be_a_round(month: tuple[int | None, int] | None) -> bool:
    """Whether a day on a cover may be the round's; what came before the first is background."""
    return month is None or month[0] is None or (month[0], month[1]) >= FIRST_ROUND


def _month(month: tuple[int | None, int]) -> str:
    year, number = month
    return f"{year}-{number:02d}" if year else calendar.month_name[number]


def _month_of(number: int) -> Months:
    year, month = FIRST_ROUND
    return year + (month + number - 2) // 12, (month + number - 2) % 12 + 1


# A workbook --------------------------------------------------------------------------------------


def _edition(document: Document, resource: hdx.Resource | None) -> Edition:
    """One workbook read whole."""
    sheets = workbook.sheets(document)
    headed = [(s, h) for s in sheets if (h := dtm_workbook.find_heading(s)) is not None]
    headings = [heading for _, heading in headed]
    claimed = {counted.group for heading in headings for counted in heading.counts}
    if dtm_workbook.RETURNEES in claimed:
        claimed.add("RDP")  # which of the two they are, the cells settle
    must_have_every_group(document, claimed, headed, sheets)
    data = [(s, h, c) for s, h in headed if (c := columns_of(s, h, document))]
    if not data:
        data = [(s, h, c) for s, h in headed if (c := columns_of(s, h, document, nameless=True))]
    there = {column.counted.group for _, _, columns in data for column in columns}
    must_have_every_group(document, there, headed, sheets)
    _must_count_people(document, [column for _, _, columns in data for column in columns])
    counted = [h.printed[c.index] for _, h, columns in data for c in columns]
    number, month = _when(document, resource, sheets, counted)
    _must_be_the_round(document, number, headed, sheets)
    edition = Edition(number, month, document, dtm_sums.counts_of(document, data))
    edition.states_start = any("2024" in heading for heading in counted)
    for sheet in sheets:
        edition.flows += _by_month(sheet, edition)
    return edition


def _must_count_people(document: Document, columns: Sequence[Column]) -> None:
    """A group of which a whole round has nobody is a column that was not filled.

    Raises:
        SourceChanged: No row of any sheet counts anybody of one.
    """
    if max(len(column.numbers) for column in columns) < ROWS_OF_A_ROUND:
        return
    counted = {column.counted.group for column in columns if (column.numbers > 0).any()}
    nobody = [group for group in GROUPS if group not in counted]
    if nobody:
        raise SourceChanged(
            f"{document.name} counts nobody as {', '.join(nobody)} in any row; look whether the "
            "column was filled, or whether another one holds them."
        )


# Coverage ----------------------------------------------------------------------------------------


def _mark_coverage(editions: Sequence[Edition]) -> None:
    """Mark rounds beside which another kind of location is listed, before or after them.

    A workbook may come alone, and in any order: rounds that are known stand in for those that are
    not at hand.
    """
    listed = {_month_of(number): camps for number, camps in CAMPS_LISTED.items()}
    listed |= {e.month: e.counts.lists_camps for e in editions if e.counts.lists_camps is not None}
    order = sorted(listed)
    for edition in editions:
        if edition.counts.lists_camps is None:
            continue
        at = order.index(edition.month)
        beside = order[max(at - 1, 0) : at] + order[at + 1 : at + 2]
        edition.coverage_changed = any(listed[m] != edition.counts.lists_camps for m in beside)


# Returns by month --------------------------------------------------------------------------------


def _by_month(sheet: workbook.Sheet, edition: Edition) -> list[dict[str, Any]]:
    """National returns and arrivals by month, where a sheet has them: flows within each month.

    One row of the sheet names the months, and each row below whom it counts. A month without a
    year is the one that follows its neighbour. Sums, and those who fled again, are no months.
    """
    for top, row in enumerate(sheet.rows[: dtm_workbook.HEADING_ROWS]):
        named = _named_months(row)
        months = _months_across(named)
        worded = [c for c in named if not isinstance(row[c], float)]
        if len(months) < ACROSS and len(worded) < ACROSS:
            continue
        found = _counted_below(sheet, top, months or worded)
        titles = [sheet.name, *(t for row in sheet.rows[:top] for v in row if (t := cells.text(v)))]
        other = next((t for t in titles if cells.other_unit(t) or cells.says_running(t)), None)
        if found and other is not None:
            edition.counts.remarks.append(
                f"Returns by month of sheet {sheet.number} left out: {other[:60]!r} says another "
                "unit than people within a month."
            )
            return []
        if len(months) < ACROSS:
            if found:
                edition.counts.remarks.append(
                    f"Returns by month of sheet {sheet.number} left out: the months of row "
                    f"{top + 1} do not follow one another, or none says its year."
                )
            continue
        if len({whom for whom, _ in found}) != len(found):
            edition.counts.remarks.append(
                f"Returns by month of sheet {sheet.number} left out: two rows could be one group."
            )
            return []
        return [
            _flow(edition, sheet, whom, at, column, month)
            for whom, at in found
            for column, month in months.items()
        ]
    return []


def _counted_below(
    sheet: workbook.Sheet, top: int, months: Container[int]
) -> list[tuple[Counted, int]]:
    """Whom the rows below a row of months count, each with its row."""
    found = []
    for at in range(top + 1, len(sheet.rows)):
        labels = [cells.text(c) for i, c in enumerate(sheet.rows[at]) if i not in months]
        text = next((t for t in labels if t and not cells.is_count(t)), None)
        counted = dtm_workbook.count_role(cells.heading(text)) if text else None
        if counted is None or counted.group not in (*COHORTS, dtm_workbook.RETURNEES):
            continue
        group = "RDP" if counted.group == dtm_workbook.RETURNEES else counted.group
        found.append((Counted(group, counted.unit, counted.part), at))
    return found


def _named_months(row: Sequence[Any]) -> dict[int, tuple[int | None, int]]:
    """Column to the month that it names, with its year where it says that."""
    months = {
        column: cells.month_of_column(cell)
        for column, cell in enumerate(row)
        if not isinstance(cell, str) or _A_MONTH.search(cell)
    }
    return {column: month for column, month in months.items() if month is not None}


def _months_across(named: Mapping[int, tuple[int | None, int]]) -> dict[int, Months]:
    """Column to month; empty where they do not follow one another, or none says its year."""
    year = next(((at, y) for at, (y, _) in enumerate(named.values()) if y is not None), None)
    if year is None:
        return {}
    month: Months = (year[1], list(named.values())[year[0]][1])
    for _ in range(year[0]):
        month = (month[0] - (month[1] == 1), (month[1] - 2) % 12 + 1)
    found: dict[int, Months] = {}
    for column, named_month in named.items():
        if named_month[1] != month[1] or named_month[0] not in (None, month[0]):
            return {}
        found[column] = month
        month = _following(month)
    return found


def _following(month: Months) -> Months:
    return (month[0] + month[1] // 12, month[1] % 12 + 1)


def _flow(
    edition: Edition,
    sheet: workbook.Sheet,
    whom: Counted,
    row: int,
    column: int,
    month: Months,
) -> dict[str, Any]:
    cell = sheet.rows[row][column]
    where = workbook.cell_name(row, column)
    fault = sheet.faults.get((row, column))
    try:
        value = None if fault else cells.count(cell)
    except cells.NotACount as error:
        fault, value = str(error), None
    if fault:
        raise SourceChanged(f"{edition.document.name}, sheet {sheet.number}, {where}: {fault}.")
    return {
        "population_group": whom.group,
        "unit": whom.unit,
        "category": whom.part or None,
        "reference_period_start": date(*month, 1),
        "reference_period_end": _last_day(month),
        "as_of": _last_day(month),
        "value": value,
        "value_raw": raw(cell),
        "missing_reason": None if value is not None else cells.missing(cell),
        "caveat": None if month == edition.month else COMPILED,
        "locator": f"sheet {sheet.number}, {where}",
    }


# Figures -----------------------------------------------------------------------------------------


def _last_day(month: Months) -> date:
    return date(*month, calendar.monthrange(*month)[1])


def _common(edition: Edition) -> dict[str, object]:
    return {
        "publisher": dtm.PUBLISHER,
        "reporting_round": edition.number,
        "assessment_type": "BA",
        **file_of(edition.document),
    }


def _flows(edition: Edition) -> arrow.Table:
    """The returns by month of the round's workbook."""
    common = {**_common(edition), **places.codes(COUNTRY)}
    return table_of(edition.flows, dataset=MONTHLY, measure="flow", **common)


def _figures(edition: Edition) -> arrow.Table:
    """The round's numbers as columns of `tables.FIGURES`."""
    keys, values = list(edition.counts.values), list(edition.counts.values.values())
    always = ["date_approximate"] + [COVERAGE] * edition.coverage_changed
    assumed = not (
        edition.states_start or (edition.number or LAST_STATED_ROUND + 1) <= LAST_STATED_ROUND
    )
    off = edition.counts.off
    notes = [f"Its parts in the workbook add to {off[k]:,}." if k in off else None for k in keys]
    nothing = (None, None, None)
    printed = [(*edition.counts.printed.get(key.place, ()), *nothing)[:3] for key in keys]
    return table_of(
        [places.codes(key.place) for key in keys],
        dataset=DATASET,
        measure="stock",
        population_group=[key.group for key in keys],
        unit=[key.unit for key in keys],
        category=[key.category or None for key in keys],
        provider_admin1_name=[names[0] for names in printed],
        provider_admin2_name=[names[1] for names in printed],
        provider_admin3_name=[names[2] for names in printed],
        reference_period_start=date(*edition.month, 1),
        reference_period_end=_last_day(edition.month),
        cumulative_since=[SINCE if key.group in COHORTS else None for key in keys],
        as_of=_last_day(edition.month),
        value=[value.whole for value in values],
        value_raw=[value.raw for value in values],
        missing_reason=[value.missing for value in values],
        caveat=[
            " ".join(_caveats(key, value, edition, always, assumed=assumed))
            for key, value in zip(keys, values, strict=True)
        ],
        note=notes,
        locator=[value.locator for value in values],
        **_common(edition),
    )


def _caveats(
    key: Key, value: Value, edition: Edition, always: Sequence[str], *, assumed: bool
) -> list[str]:
    found = list(always)
    if assumed and key.group in COHORTS:
        found.append("start_assumed")
    if value.summed:
        found.append(dtm.SUMMED)
    if not value.missing and not float(value.exact).is_integer():
        found.append(ROUNDED)
    if key in edition.counts.off:
        found.append("parts_do_not_add")
    return found


def _counted_on(figures: "pd.DataFrame") -> "pd.Series[bool]":
    """Returnees and arrivals as running counts, and of the arrivals one column of two."""
    return figures["measure"].eq("cumulative") & figures["population_group"].isin(COHORTS)


SOURCE: Final = dtm.table(
    name="dtm_syria_rounds",
    title="DTM Syria: IDPs, returnees, arrivals and population by round",
    homepage=f"https://data.humdata.org/dataset/{SLUG}",
    cadence=timedelta(days=1),
    late_after=timedelta(days=7),
    api=hdx.API,
    countries=("SYR",),
    fetch=fetch,
    read=read,
    superseded=_counted_on,
    complete=False,
    replaced_by="dtm_api_hdx",
    origin_rank=0,
)
