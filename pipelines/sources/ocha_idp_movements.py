"""OCHA's movements of IDPs and spontaneous returns in Syria, by month: moves, never people.

One workbook a month, from HDX or brought by hand (`publishers.ocha_movements` knows its tables):
the month by community, governorates by month since 2016, and origin by destination. Spontaneous
returns do not necessarily follow the global definition of returnees or of durable solutions.

A number that two tables of a workbook give is published once where they agree; where they differ
both are, with the other beside it. Places are sub-districts at the finest.
"""

import calendar
import math
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date, timedelta
from typing import Any, Final

from data.gazetteer import places
from data.gazetteer.area import Area
from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.figures import table_of
from pipelines.forms import provenance
from pipelines.publishers import cells, dtm_workbook, hdx, ocha_movements, workbook
from pipelines.publishers.ocha_movements import ARRIVALS, RETURNS, Month, Move
from pipelines.publishers.syrian_places import COUNTRY
from pipelines.source import DocumentClient, Reading, Source, no_day, provenance_of

SLUG: Final = "syria-idp-movements-and-spontaneous-return-movements"
PUBLISHER: Final = "OCHA"
DATASETS: Final = {ARRIVALS: "IDP movements", RETURNS: "IDP spontaneous returns"}
"""As the carried history of the same series calls them."""
BY_COMMUNITY: Final = "{dataset}, summed from communities"
"""Beside the summary, where both say something else of one place and month."""
COMPILED: Final = "compiled_later"
Told = tuple[str, str, Month]


def fetch(client: DocumentClient, settings: Settings, area: Area) -> Iterator[Document]:
    """HDX's description of the dataset and its workbooks, the newest upload first."""

    def pick(found: list[hdx.Resource]) -> list[tuple[str, hdx.Resource]]:
        kept = [r for r in found if r.format in ("XLSX", "XLSM") or ".xlsx" in r.url.lower()]
        if not kept:
            hdx.newest([], SLUG, "xlsx")
        return [(f"{SLUG}/{hdx.file_name(resource)}", resource) for resource in kept]

    yield from hdx.fetch_files(client, settings, SLUG, pick, "binary")


def read(documents: Sequence[Document], area: Area) -> Reading:
    """Moves within each month as flows, in movements.

    `IDP_ARR` are movements of IDPs to a place, `RDP` spontaneous returns; with an origin where the
    table of origins has it. A blank is null (`not_reported`). Modelled fractions are rounded half
    up (`fractions_rounded`). What an older workbook says of the same is left to the newer one.

    Raises:
        SourceChanged: The newest workbook is none of OCHA's, or a table in it is not understood.
        UnknownPlace: It names a place that the places table lacks.
    """
    remarks: list[str] = []
    found: dict[Any, dict[str, Any]] = {}
    for document in documents:
        if document.name == f"{SLUG}/{hdx.PACKAGE}":
            continue
        try:
            rows, read_ = _workbook(document)
        except (SourceChanged, places.UnknownPlace) as error:
            if not found:
                raise
            remarks.append(f"Left out: {error}")
            continue
        remarks += read_
        for row in rows:
            key = tuple(
                row[name]
                for name in ("dataset", "population_group", "place_code", "origin_code", "as_of")
            )
            found.setdefault(key, row)
    if not found:
        raise SourceChanged(f"HDX's {SLUG} holds no workbook of movements.")
    figures = table_of(list(found.values()), measure="flow", unit=ocha_movements.UNIT)
    return Reading(figures, remarks=tuple(remarks))


def _workbook(document: Document) -> tuple[list[dict[str, Any]], list[str]]:
    """One workbook read whole."""
    sheets = workbook.sheets(document)
    month = _month(document, sheets)
    remarks: list[str] = []
    community: list[Move] = []
    tables: list[Move] = []
    by_number: set[int] = set()
    for sheet in sheets:
        moves, found_origins = ocha_movements.by_community(sheet, document, month)
        by_number |= {sheet.number} if moves else set()
        community += [move for move in moves if move.table == "community"]
        tables += [move for move in moves if move.table == "summary"]
        remarks += found_origins
    months = {move.month for move in community}
    _must_be_of_its_name(document, months)
    month = months.pop() if len(months) == 1 else month
    pairs: list[Move] = []
    for sheet in sheets:
        of_months, strange = ocha_movements.summary(sheet, document)
        # Rows that name several governorates are no table of origins where they are communities.
        moves, found_origins = (
            ([], [])
            if sheet.number in by_number
            else ocha_movements.origins(sheet, document, month)
        )
        tables += of_months
        pairs += moves
        remarks += [*strange, *found_origins]
        if not (of_months or moves or found_origins or sheet.number in by_number):
            remarks += ocha_movements.not_understood(sheet, document)
    if not (community or tables or pairs):
        named = ", ".join(repr(sheet.name) for sheet in sheets[:6])
        raise SourceChanged(
            f"{document.name} has no table of OCHA's movements in its sheets {named}. Rounds of "
            "DTM are read by `nuzuh import dtm_syria_rounds FILE`."
            + "".join(f" {remark}" for remark in remarks[:3])
        )
    summaries = _each_once(tables, document)
    pairs, contradicted = _without_contradictions(pairs, document)
    remarks += contradicted
    newest = max((move.month for move in tables), default=None)
    sums = {_key(move): move for move in community}
    off = _parts_of_the_country(summaries)
    rows, apart = [], []
    for key, move in summaries.items():
        other = sums.get(key)
        differs = other is not None and _differ(move, other)
        if differs and other is not None:
            apart.append(f"{key[0]} {_whole(move):,} and {_whole(other):,}")
        row = _figure(move, document, other if differs else None, off.get(key))
        if move.month != newest:
            row["caveat"] += f" {COMPILED}"
        rows.append(row)
    for key, move in sums.items():
        table = summaries.get(key)
        if table is None or table.missing is not None:
            rows.append(_figure(move, document, None, None))
        elif _differ(table, move):
            rows.append(_figure(move, document, table, None, beside=True))
    rows += [_figure(move, document, None, None) for move in pairs]
    if not rows:
        raise SourceChanged(" ".join([f"{document.name} has no moves to publish.", *remarks[:3]]))
    if apart:
        remarks.append(
            f"{document.name}: summary and sum over communities differ in {len(apart):,} numbers, "
            f"both are kept: {'; '.join(apart[:4])}."
        )
    # A null of one table does not hide the number of another.
    said_already = {_id(row) for row in rows if row["value"] is not None}
    kept = [row for row in rows if row["value"] is not None or _id(row) not in said_already]
    return list({_id(row): row for row in kept}.values()), remarks


def _each_once(moves: Sequence[Move], document: Document) -> dict[Told, Move]:
    """A number of each place, kind and month, though several tables may repeat it.

    Raises:
        SourceChanged: Two tables give two.
    """
    found: dict[Told, Move] = {}
    for move in moves:
        known = found.setdefault(_key(move), move)
        if _differ(known, move):
            year, month = move.month
            raise SourceChanged(
                f"{document.name} gives {move.group} of {move.place} in {year}-{month:02d} twice: "
                f"{_whole(known):,} at {known.locator} and {_whole(move):,} at {move.locator}; "
                "delete or hide the table that is not meant."
            )
        if move.missing is None:
            found[_key(move)] = move
    return found


def _without_contradictions(
    pairs: Sequence[Move], document: Document
) -> tuple[list[Move], list[str]]:
    """Moves from place to place, without those of a month and kind of which two tables differ."""
    found: dict[Any, Move] = {}
    apart: dict[tuple[str, Month], Move] = {}
    for move in pairs:
        known = found.setdefault((*_key(move), move.origin), move)
        if _differ(known, move):
            apart.setdefault((move.group, move.month), move)
    kept = [move for move in found.values() if (move.group, move.month) not in apart]
    remarks = [
        f"{document.name}: the origins of {group} in {month[0]}-{month[1]:02d} left out, of which "
        f"two tables differ ({move.locator})."
        for (group, month), move in apart.items()
    ]
    return kept, remarks


def _id(row: Mapping[str, Any]) -> tuple[Any, ...]:
    names = ("dataset", "population_group", "place_code", "origin_code", "as_of")
    return tuple(row[name] for name in names)


def _month(document: Document, sheets: Sequence[workbook.Sheet]) -> Month | None:
    """The month of a workbook, by its covers or its name; None where neither says one."""
    cover = [
        dtm_workbook.month_on_cover(cell)
        for sheet in sheets
        for row in sheet.rows[:3]
        for cell in row[:3]
        if isinstance(cell, str) and cell
    ]
    months = {m for m in (*cover, _month_of_name(document)) if m is not None and m[0] is not None}
    found = {(year, month) for year, month in months if year is not None}
    return found.pop() if len(found) == 1 else None


def _month_of_name(document: Document) -> tuple[int | None, int] | None:
    return cells.month(document.name.removeprefix(f"{SLUG}/"))


def _must_be_of_its_name(document: Document, months: Set[Month]) -> None:
    """Moves of one month under the name of another: a column of days may count from another day.

    Raises:
        SourceChanged: The name says a month of which no community has moves.
    """
    named = _month_of_name(document)
    if not months or named is None or named[0] is None or (named[0], named[1]) in months:
        return
    year, month = max(months)
    raise SourceChanged(
        f"{document.name} is of {named[0]}-{named[1]:02d} by its name and its newest moves are of "
        f"{year}-{month:02d}; look which is right and name the file by it."
    )


def _key(move: Move) -> Told:
    return move.place, move.group, move.month


def _whole(move: Move) -> int:
    return math.floor(move.exact + 0.5)


def _differ(one: Move, other: Move) -> bool:
    return one.missing is None and other.missing is None and _whole(one) != _whole(other)


def _parts_of_the_country(summaries: Mapping[Told, Move]) -> dict[Told, int]:
    """What the governorates add to where the printed total of the country is something else."""
    sums: dict[tuple[str, Month], float] = {}
    for (place, group, month), move in summaries.items():
        if place != COUNTRY and move.missing is None:
            sums[group, month] = sums.get((group, month), 0.0) + move.exact
    return {
        key: math.floor(sums[key[1], key[2]] + 0.5)
        for key, move in summaries.items()
        if key[0] == COUNTRY
        and move.missing is None
        and (key[1], key[2]) in sums
        and math.floor(sums[key[1], key[2]] + 0.5) != _whole(move)
    }


def _figure(
    move: Move,
    document: Document,
    other: Move | None,
    parts: int | None,
    *,
    beside: bool = False,
) -> dict[str, Any]:
    """One number of moves; `other` is what another table of the workbook says of the same."""
    given = provenance.of(document.query, document.url)
    dataset = DATASETS[move.group]
    start = date(*move.month, 1)
    end = date(*move.month, calendar.monthrange(*move.month)[1])
    caveats = ["movements_not_people"]
    caveats += ["summed_from_parts"] if move.summed else []
    caveats += ["fractions_rounded"] if not move.missing and move.exact % 1 else []
    caveats += ["parts_do_not_add"] if parts is not None or (other and not beside) else []
    note = None
    if other is not None:
        what = "The summary says" if beside else "The communities add up to"
        note = f"{what} {_whole(other):,} ({other.locator})."
    elif parts is not None:
        note = f"The governorates add up to {parts:,}."
    origin = places.codes(move.origin) if move.origin else None
    return {
        "publisher": given.publisher or PUBLISHER,
        "dataset": BY_COMMUNITY.format(dataset=dataset) if beside else dataset,
        "population_group": move.group,
        **places.codes(move.place),
        "origin_code": move.origin,
        "origin_location_code": origin["location_code"] if origin else None,
        "origin_admin1_code": origin["admin1_code"] if origin else None,
        **{
            f"provider_admin{n}_name": name
            for n, name in enumerate((*move.printed, None, None, None)[:3], start=1)
        },
        "reference_period_start": start,
        "reference_period_end": end,
        "as_of": end,
        "value": None if move.missing else _whole(move),
        "value_raw": move.raw,
        "missing_reason": move.missing,
        "qualifier": "modelled" if not move.missing and move.exact % 1 else None,
        "caveat": " ".join(caveats),
        "note": note,
        "published_on": given.published_on,
        "known_from": given.published_on,
        **provenance_of(document, move.locator),
    }


SOURCE: Final = Source(
    name="ocha_idp_movements",
    title="OCHA: movements of IDPs and spontaneous returns by month",
    publisher=PUBLISHER,
    homepage=f"https://data.humdata.org/dataset/{SLUG}",
    licence="CC BY-IGO",
    attribution="Source: OCHA Syria, IDP movements and spontaneous returns, through HDX",
    cadence=timedelta(days=7),
    late_after=timedelta(days=60),
    api=hdx.API,
    countries=("SYR",),
    fetch=fetch,
    read=read,
    reading_depends_on=no_day,
    complete=False,
)
