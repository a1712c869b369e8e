"""A reader's own series, so that anybody can try a rule on their figures."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from surges import events
from surges.reports import LONGEST, RESET, Line, Report, common_step, without_totals

COLUMNS: Final = ("place_code", "period_start", "period_end", "value", "unit", "measure")
NOTHING: Final = frozenset({"", "-", "–", "n/a", "na", "nan", "null", "none"})
"""What stands for no number; never a zero."""


class SeriesUnreadable(ValueError):  # noqa: N818 - reads as a fact where it is raised
    """A file of series that cannot be used; the message says which row and why."""


def read(path: Path) -> list[Line]:
    """The series of a file.

    Args:
        path: CSV with `place_code,period_start,period_end,value,unit,measure` in any order of
            rows; `measure` is flow or cumulative. A value that is empty is no report. Rows of one
            place, unit and measure are one series. Two further columns are used where they are
            given: `known_from` (the day the number was known; the period's end where it is not
            given) and `series` (keeps apart what shares place, unit and measure).

    Returns:
        One line for each series; stocks are left out, since no rule reads them. A later row of
        the same period is a correction of the earlier one.

    Raises:
        SeriesUnreadable: A column is missing, or a row holds what is no day or no number.
    """
    found: dict[tuple[str, ...], list[Report]] = defaultdict(list)
    try:
        for at, row in events.rows(path, COLUMNS, SeriesUnreadable):
            report = _report(row, at)
            if report is not None:
                key = tuple(row.get(n, "") for n in ("place_code", "unit", "measure", "series"))
                found[(key[0], key[1].lower(), key[2].lower(), key[3])].append(report)
    except events.EventsUnreadable as error:
        raise SeriesUnreadable(str(error)) from None
    lines: list[Line] = []
    for (place, unit, measure, _), reports in sorted(found.items()):
        if measure == "stock":
            continue
        lines += _lines(Line(place, unit, measure), reports)
    return lines


def _report(row: dict[str, str], at: int) -> Report | None:
    if not row["place_code"]:
        raise SeriesUnreadable(f"Row {at} has no place_code; give the code of its place.")
    if row["measure"].lower() not in ("flow", "cumulative", "stock"):
        raise SeriesUnreadable(
            f"Row {at}: measure is {row['measure']!r}; write flow, cumulative or stock."
        )
    if row["value"].lower() in NOTHING:
        return None
    try:
        value = float(row["value"].replace(",", ""))
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e12:
        raise SeriesUnreadable(
            f"Row {at}: value is {row['value']!r}; write a number that is not negative, or nothing."
        )
    start, end = events.day(row, "period_start", at), events.day(row, "period_end", at)
    if end < start:
        raise SeriesUnreadable(f"Row {at}: the period ends before it starts; swap the days.")
    known = events.day(row, "known_from", at) if row.get("known_from") else end
    return Report(start, end, round(value), known, figures=(f"row {at}",))


def _lines(line: Line, reports: list[Report]) -> Iterable[Line]:
    if line.measure == "flow":
        yield replace(line, reports=tuple(_flows(_corrected(reports))))
        return
    starts = {report.start for report in reports}
    if len(starts) <= len(reports) / 2:
        # Counts since a date of their own, each from its own start.
        for start in sorted(starts):
            own = [report for report in reports if report.start == start]
            added = tuple(_added(_corrected(own), since=start))
            yield replace(line, since=start if len(starts) > 1 else None, reports=added)
        return
    yield replace(line, reports=tuple(_added(_corrected(reports), since=None)))


def _corrected(reports: Sequence[Report]) -> list[Report]:
    """In order of time; of one period known on one day, the last row alone."""
    last = {(r.start, r.end, r.known_on): r for r in reports}
    return sorted(last.values(), key=lambda r: (r.known_on, r.end, r.start))


def _flows(reports: list[Report]) -> Iterable[Report]:
    step = common_step(r.value for r in reports)
    for report in without_totals(reports):
        if report.days <= LONGEST:
            yield replace(report, step=step)


def _added(reports: list[Report], since: date | None) -> Iterable[Report]:
    """What each reading of a running count adds to the last; a count that falls has begun anew.

    A first reading counts from its start where the count has a date of its own; otherwise nobody
    knows how long it had run.
    """
    held: Report | None = None
    step = common_step(r.value for r in reports)
    for reading in reports:
        if held is None or reading.end <= held.end:
            if held is None and since is not None and reading.days <= LONGEST:
                yield reading
            held = reading if held is None or reading.end == held.end else held
            continue
        added = reading.value - held.value
        start = held.end + timedelta(1)
        if added < 0 and reading.value < held.value * RESET:
            added = reading.value
        held = reading
        whole = replace(reading, start=start, value=added, step=step)
        if added >= 0 and whole.days <= LONGEST:
            yield whole
