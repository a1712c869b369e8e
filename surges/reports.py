"""Reports: what one publisher counted at one place in a stretch of days, from figures or a file.

A flow is a report as it stands. A running count since a date becomes reports by taking each
reading from the one before it, within one series and one starting date. A day without a report
stays without: a gap is never a zero.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final, Literal

import pandas as pd

from data.analysis.cells import caveats_of, has_caveat
from data.analysis.series import SERIES, have_caveat, records
from data.store.release import UNDATED

Detector = Literal["displacement", "returns", "arrivals", "departures"]
"""What a surge is of: the first two of flows, the last three of changes between rounds."""
GROUPS: Final[dict[str, Detector]] = {
    "NEWDISP": "displacement",
    "IDP_ARR": "displacement",
    "RET": "returns",
    "RDP": "returns",
}
"""Which population group either detector reads; nothing else is read."""
LEFT_OUT: Final = ("net_of_returns", "modelled_split", "range_high")
"""Caveats of figures that are not a count of what happened within a stretch of days."""
COMPILED: Final = "compiled_later"
"""Months that were read from a table made later. They are read where the same dataset was also
published month by month, so that the day they were known is clear; left out elsewhere."""
YEAR_OF_MONTHS: Final = 12
"""Dated periods from which a dataset counts as published month by month."""
PER: Final = 30
"""Reports of different lengths are compared as people per this many days."""
LONGEST: Final = 100
"""Days. A report over more says nothing about when."""
SHORTEST: Final = 3
"""Days between two readings of a running count below which their difference is noise."""
USUAL_LAG: Final = 30
"""Days from a period's end to its publication where a dataset never says when it published."""
RESET: Final = 0.5
"""A running count that falls below this part of its last reading has begun anew; one that falls
by less was corrected."""
ROUND: Final = 0.9
"""Part of a series' values that a power of ten must divide to be its rounding step."""


@dataclass(frozen=True, slots=True)
class Report:
    """People or moves that a publisher counted from `start` to `end`, both days included."""

    start: date
    end: date
    value: int
    known_on: date
    """Day from which it was known."""
    assumed: bool = False
    """Whether that day is assumed, because the publisher's is not known."""
    step: int = 1
    """Rounding step of the number: changes smaller than this are none."""
    breaks: bool = False
    """Whether the method changed here: what came before does not compare."""
    floor: bool = False
    """Whether it covers a part of its period only: a lower bound, no measure of what is usual."""
    figures: tuple[str, ...] = ()
    """Ids of the figures it was made from."""

    @property
    def days(self) -> int:
        """Days it covers."""
        return (self.end - self.start).days + 1

    @property
    def rate(self) -> float:
        """People or moves per 30 days."""
        return self.value * PER / self.days


@dataclass(frozen=True)
class Line:
    """The reports of one series: one source, dataset, place, group, unit and starting date."""

    place: str
    unit: str
    measure: str
    detector: Detector = "displacement"
    since: date | None = None
    """First day of a running count."""
    about: dict[str, Any] = field(default_factory=dict)
    """What the figures of the series share, in the columns of `tables.FIGURES`."""
    reports: tuple[Report, ...] = ()
    """In the order they became known; of one day, by their end. Later vintages follow earlier."""
    readings: tuple[Report, ...] = ()
    """The numbers as the publisher printed them: of a running count its totals, with the first day
    counted and the last."""

    @property
    def opens(self) -> bool:
        """Whether the series counts since a date of its own, as flash updates do."""
        return self.since is not None


READ: Final = (
    *SERIES,
    "figure_id",
    "reference_period_start",
    "reference_period_end",
    "known_from",
    "value",
    "qualifier",
    "caveat",
)
"""What a report is made of: to take all columns apart costs three times as much."""


def from_figures(vintages: pd.DataFrame, *, readable: bool = True) -> list[Line]:
    """Every series that a detector reads.

    Args:
        vintages: Rows of `tables.FIGURES`, every vintage known, in any order.
        readable: Whether series without such a report are left out; a message names their newest
            number as well.

    Returns:
        Series of flows and of running counts that have a report of at most 100 days, ordered by
        place and starting date. Figures by sex or age, of stocks, and those whose caveat says
        that they are no count of a stretch of days are left out.
    """
    found = vintages[
        vintages["population_group"].isin(list(GROUPS))
        & vintages["measure"].isin(["flow", "cumulative"])
        & vintages["gender"].eq("all")
        & vintages["age_range"].eq("all")
        & vintages["value"].notna()
    ]
    caveats = found["caveat"].fillna("").str.split()
    left_out = caveats.map(lambda codes: any(code in LEFT_OUT for code in codes)).astype(bool)
    found = found[~left_out]
    lags = lags_of(found)
    later = caveats.loc[found.index].map(lambda codes: COMPILED in codes).astype(bool)
    found = found[~later | found["dataset"].isin(_monthly(found[~later]))]
    if found.empty:
        return []
    # All rows at once: a frame for each of some hundred series takes seconds.
    numbers = found.groupby(list(SERIES), dropna=False, sort=True).ngroup()
    parts: dict[int, list[dict[str, Any]]] = {}
    for number, row in zip(numbers.tolist(), records(found[list(READ)]), strict=True):
        parts.setdefault(number, []).append(row)
    lines = [_line(parts[number], lags) for number in sorted(parts)]
    kept = [line for line in lines if line.reports or not readable]
    return sorted(kept, key=lambda line: (line.place, line.since or date.min, line.detector))


def lags_of(figures: pd.DataFrame) -> dict[str, int]:
    """Days from the end of a period to its publication, the middle value of each dataset."""
    dated = figures[~have_caveat(figures, {UNDATED})]
    passed = (dated["known_from"] - dated["reference_period_end"]).dt.days
    near = passed[passed.between(0, 120)]
    return {str(name): int(lag) for name, lag in near.groupby(dated["dataset"]).median().items()}


def _monthly(figures: pd.DataFrame) -> list[str]:
    """Datasets of which a year or more of periods was published one by one, on days known."""
    dated = figures[~have_caveat(figures, {UNDATED})]
    ends = dated.groupby("dataset")["reference_period_end"].nunique()
    return [str(name) for name in ends.index[ends >= YEAR_OF_MONTHS]]


def _line(part: list[dict[str, Any]], lags: dict[str, int]) -> Line:
    first = part[0]
    since = first["cumulative_since"]
    line = Line(
        place=str(first["place_code"]),
        unit=str(first["unit"]),
        measure=str(first["measure"]),
        detector=GROUPS[str(first["population_group"])],
        since=None if pd.isna(since) else pd.Timestamp(since).date(),
        about={name: None if pd.isna(first[name]) else first[name] for name in SERIES},
    )
    lag = lags.get(str(first["dataset"]), USUAL_LAG)
    readings = [_reading(row, lag) for row in part]
    reports = tuple(_reports(readings, running=line.opens))
    return replace(line, reports=reports, readings=tuple(readings))


def _reading(row: dict[str, Any], lag: int) -> Report:
    end = row["reference_period_end"].date()
    codes = caveats_of(row)
    known_on, undated = known_from(row, lag)
    value = int(row["value"])
    return Report(
        start=row["reference_period_start"].date(),
        end=end,
        value=value,
        known_on=known_on,
        assumed=undated,
        step=1 if row["qualifier"] == "exact" and value % 1000 else _step(value),
        breaks="method_break" in codes,
        floor="partial_period" in codes,
        figures=(str(row["figure_id"]),),
    )


def known_from(row: dict[str, Any], lag: int) -> tuple[date, bool]:
    """From when a figure was known, and whether that day is assumed.

    Args:
        row: In the columns of `tables.FIGURES`.
        lag: Days from a period's end to its publication, where the publisher's day is not known.
    """
    undated = has_caveat(row, UNDATED)
    noted: date = row["known_from"].date()
    if not undated:
        return noted, False
    end: date = row["reference_period_end"].date()
    return min(end + timedelta(lag), noted), True


def _step(value: int) -> int:
    """The power of ten that a number was rounded to, as its zeros tell."""
    step = 1
    while value and value % (step * 10) == 0:
        step *= 10
    return step


def common_step(values: Iterable[int]) -> int:
    """The rounding step of a series: the largest power of ten that nearly all its values share."""
    counted = [value for value in values if value > 0]
    step = 1
    while counted and sum(v % (step * 10) == 0 for v in counted) >= ROUND * len(counted):
        step *= 10
        if step >= 1_000_000:
            break
    return step


def _reports(readings: list[Report], *, running: bool) -> Iterator[Report]:
    ordered = sorted(readings, key=lambda r: (r.known_on, r.end, r.start))
    found = list(_differences(ordered) if running else _flows(ordered))
    step = common_step(r.value for r in ordered)
    for report in found:
        if report.days <= LONGEST:
            # A number's own zeros say how far a difference may be off; a flow's are chance.
            yield report if running else replace(report, step=step)


def _flows(ordered: list[Report]) -> Iterator[Report]:
    """Flows as they are; a total over periods that the series also has one by one is left out."""
    yield from without_totals(ordered)


def without_totals(ordered: Sequence[Report]) -> Iterator[Report]:
    """Flows without the totals over periods that the series also has one by one."""
    periods = sorted({(r.start, r.end) for r in ordered})
    starts = [start for start, _ in periods]
    for report in ordered:
        near = periods[bisect_left(starts, report.start) : bisect_right(starts, report.end)]
        if sum(end <= report.end for _, end in near) <= 2:
            yield report


def _differences(ordered: list[Report]) -> Iterator[Report]:
    """A running count as what each reading adds to the one it can be compared with."""
    anchor: Report | None = None
    for reading in ordered:
        if anchor is None or reading.breaks:
            if anchor is None:
                yield reading
            anchor = reading
            continue
        if reading.end <= anchor.end:
            if reading.end == anchor.end:
                anchor = reading  # a later vintage of the same day
            continue
        added = reading.value - anchor.value
        if added < 0:
            if reading.value < anchor.value * RESET:
                yield replace(reading, start=anchor.end + timedelta(1))
            anchor = reading
            continue
        passed = (reading.end - anchor.end).days
        step = max(reading.step, anchor.step)
        if passed < SHORTEST or (added < step and step > 1):
            continue  # wait for a reading that says more
        yield replace(
            reading,
            start=anchor.end + timedelta(1),
            value=added,
            known_on=max(reading.known_on, anchor.known_on),
            assumed=reading.assumed or anchor.assumed,
            step=step,
            figures=anchor.figures + reading.figures,
        )
        anchor = reading
