"""What changed: between two figures of a series, and between two days of a reader.

`comparable_change` is the only rule by which a difference is taken anywhere. `since` lists what
became known for a reader who was here before: a number has one line however many vintages it got
in between, and none where it repeats a value. Pure: figures in, values out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final, Literal

import pandas as pd

from data.analysis import revisions
from data.analysis.revisions import COVERAGE, METHOD
from data.analysis.series import Row, have_caveat, same_cell
from data.store.release import UNDATED
from data.store.vintages import STATED_COLUMNS

Status = Literal["number", "words", "not_comparable"]
ALIKE: Final[Mapping[str, tuple[str, ...]]] = {
    "measure": ("measure",),
    "unit": ("unit",),
    "group": (
        "population_group",
        "gender",
        "age_range",
        "population_status",
        "sector",
        "category",
    ),
    "place": ("place_code",),
    "source": ("source", "publisher", "dataset"),
    "origin": ("origin_code", "asylum_location_code"),
    "window": ("cumulative_since",),
    "method": ("operation", "assessment_type"),
}
"""Columns that two comparable figures share, by the reason that is given where they do not."""
VAGUE: Final = frozenset({"rounded_by_source", "range_low", "range_high"})
BOUNDS: Final = frozenset({"over", "up to", "nearly"})
"""Words that give a bound and no number: nothing can be taken from it."""
SMALL: Final = 2
"""How far UNHCR's rounding of numbers below five may move one of them."""
DIGITS: Final = 2
"""Digits of a difference that is given in words."""
SAME_LENGTH: Final = 3
"""Days by which two months differ and are a month all the same."""
BREAKS: Final = frozenset({"method", "coverage", "fell"})
"""Reasons for which a line is not drawn through."""
NOT_COMPARABLE: Final = (*ALIKE, "coverage", "repeated", "period", "rounded", "missing", "fell")
"""Every reason why two figures have no difference; a key `not_comparable.<reason>` each."""

Kind = Literal["changed", "withdrawn", "definition", "new"]
KINDS: Final[tuple[Kind, ...]] = ("changed", "withdrawn", "definition", "new")
"""Most important first: what a reader may have cited comes before what nobody has seen."""
LINES: Final[dict[Kind, int]] = {"changed": 20, "withdrawn": 20, "definition": 5, "new": 5}
"""More lines of one kind and series than this are a count: a bulk addition is one piece of news."""
ORDER: Final = ["known_from", "retrieved_at"]


@dataclass(frozen=True, slots=True)
class ComparableChange:
    """What can be stated about the difference between two figures.

    Attributes:
        status: number where both are exact and comparable; words where they are comparable and one
            is rounded ("about 54,000 more"); not_comparable otherwise.
        value: The later less the earlier; rounded to two digits in words; None where nothing may
            be taken.
        reason: Why not, one of `NOT_COMPARABLE`; empty where there is a value.
    """

    status: Status
    value: int | None
    reason: str = ""


def comparable_change(before: Row, after: Row) -> ComparableChange:
    """The difference between two figures, where they may be compared at all.

    They may where kind, unit, group, place, source, origin, window, method and coverage are equal;
    the difference is a number only where both were printed exactly.

    Args:
        before: The earlier figure, a row of `tables.FIGURES`.
        after: The later one.
    """
    reason = _unlike(before, after)
    if reason:
        return ComparableChange("not_comparable", None, reason)
    moved = int(after["value"]) - int(before["value"])
    if after["measure"] == "cumulative" and moved < 0:
        return ComparableChange("not_comparable", None, "fell")
    doubt = _doubt(before) + _doubt(after)
    if not doubt:
        return ComparableChange("number", moved)
    bounded = {before["qualifier"], after["qualifier"]} & BOUNDS
    if bounded or abs(moved) <= doubt:
        return ComparableChange("not_comparable", None, "rounded")
    return ComparableChange("words", _rounded(moved))


def breaks(rows: Sequence[Row]) -> dict[int, str]:
    """Where a line may not be drawn through.

    Args:
        rows: Figures of one series that have a number, oldest first; rows of `tables.FIGURES`.

    Returns:
        The position of each figure that begins a new piece, with the reason, one of `BREAKS`.
    """
    found = {}
    for at in range(1, len(rows)):
        reason = comparable_change(rows[at - 1], rows[at]).reason
        if reason in BREAKS:
            found[at] = reason
    return found


def is_exact(row: Row) -> bool:
    """Whether a figure was printed to the last digit."""
    return _doubt(row) == 0 and row["qualifier"] not in BOUNDS


def _unlike(before: Row, after: Row) -> str:
    if pd.isna(before["value"]) or pd.isna(after["value"]):
        return "missing"
    for reason, columns in ALIKE.items():
        if any(not same_cell(before[name], after[name]) for name in columns):
            return reason
    earlier, later = _codes(before), _codes(after)
    modelled = [row["qualifier"] == "modelled" for row in (before, after)]
    if earlier & METHOD != later & METHOD or modelled[0] != modelled[1]:
        return "method"
    if "method_break" in later and before["as_of"] < after["as_of"]:
        return "method"
    moved = "coverage_changed" in later and before["as_of"] < after["as_of"]
    if earlier & COVERAGE != later & COVERAGE or moved:
        return "coverage"
    if "coverage_changed" in earlier & later and before["as_of"] != after["as_of"]:
        return "coverage"  # the round before the change, and the first after it
    if "carried_forward" in later:
        return "repeated"
    if after["measure"] == "flow" and not _alike_periods(before, after):
        return "period"
    return ""


def _alike_periods(before: Row, after: Row) -> bool:
    """Whether two periods are as long as one another and neither holds a day of the other."""
    lengths = [
        row["reference_period_end"] - row["reference_period_start"] for row in (before, after)
    ]
    if abs((lengths[0] - lengths[1]).days) > SAME_LENGTH:
        return False
    same = before["reference_period_start"] == after["reference_period_start"]
    return bool(same or before["reference_period_end"] < after["reference_period_start"])


def _doubt(row: Row) -> float:
    """How far the true number may lie from the printed one."""
    codes = _codes(row)
    if row["qualifier"] == "exact" and not codes & VAGUE:
        small = "disclosure_rounding" in codes and int(row["value"]) in (0, 5)
        return SMALL if small else 0
    digits = str(int(row["value"]))
    return 10 ** (len(digits) - len(digits.rstrip("0"))) / 2 if int(row["value"]) else 0.5


def _rounded(number: int) -> int:
    grain = 10 ** max(len(str(abs(number))) - DIGITS, 0)
    return round(number / grain) * grain


def _codes(row: Row) -> set[str]:
    return set() if pd.isna(row["caveat"]) else set(str(row["caveat"]).split())


@dataclass(frozen=True)
class Change:
    """One number that says something else than at the last visit.

    Attributes:
        row: Its vintage now, in the columns of `tables.FIGURES`.
        before: Its vintage at the last visit; None where it was not known then.
        relative: How far the number moved, as a share of what it was; None where that has no
            meaning (a new, withdrawn or null number, or one that was 0).
    """

    kind: Kind
    row: dict[str, Any]
    before: dict[str, Any] | None
    relative: float | None


@dataclass(frozen=True)
class Group:
    """The lines of one source's series.

    Attributes:
        lines: The most important first, at most `LINES` of each kind.
        more: How many lines of each kind were left out.
    """

    source: str
    publisher: str
    dataset: str
    lines: tuple[Change, ...]
    more: dict[Kind, int]


def moment(text: str | None, now: datetime) -> datetime | None:
    """The moment that an address or a browser names: a day (its start), a time, a release's id.

    Returns:
        None where it is none of them, or lies outside 2011 to now.
    """
    for form in ("%Y%m%dT%H%M%S%fZ", "%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d"):
        given = (text or "").split("-")[0] if form.startswith("%Y%m%d") else text or ""
        try:
            at = datetime.strptime(given, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return at if datetime(2011, 1, 1, tzinfo=UTC) <= at <= now else None
    return None


def since(
    vintages: pd.DataFrame,
    at: datetime,
    until: date,
    *,
    arrived: frozenset[tuple[str, pd.Timestamp, pd.Timestamp]] | None,
    near: Sequence[str],
) -> list[Group]:
    """What became known after a moment, grouped by source and series.

    Args:
        vintages: Every vintage, in the columns of `tables.FIGURES`.
        at: The last visit.
        until: The day that is shown; nothing known later counts.
        arrived: Which vintages came into the store after `at`, as (figure_id, known_from,
            retrieved_at); None where the store does not reach back so far. Then the day of
            publication decides, and a number whose day is not known is no news.
        near: Codes of the area, nearest first; what lies there comes first.

    Returns:
        The group with the most important line first.
    """
    known = vintages[vintages["known_from"] <= pd.Timestamp(until)].sort_values(
        ORDER, kind="stable"
    )
    fresh = _fresh(known, at, arrived)
    listed = known["figure_id"].isin(known.loc[fresh, "figure_id"])
    then = _last(known[listed & ~fresh])
    changes = [
        change
        for figure, row in _last(known[listed]).items()
        if (change := _change(row, then.get(figure))) is not None
    ]
    ranked = sorted(changes, key=lambda change: _rank(change, near))
    return list(_grouped(ranked))


def _fresh(
    known: pd.DataFrame,
    at: datetime,
    arrived: frozenset[tuple[str, pd.Timestamp, pd.Timestamp]] | None,
) -> "pd.Series[bool]":
    if arrived is None:
        day = pd.Timestamp(datetime.combine(at.date(), time.min))
        return (known["known_from"] >= day) & ~have_caveat(known, {UNDATED})
    marks = zip(known["figure_id"], known["known_from"], known["retrieved_at"], strict=True)
    return pd.Series([mark in arrived for mark in marks], index=known.index, dtype=bool)


def _last(vintages: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """The last vintage of each figure, by its id."""
    rows = vintages.drop_duplicates("figure_id", keep="last").to_dict("records")
    return {str(row["figure_id"]): {str(name): cell for name, cell in row.items()} for row in rows}


def _change(row: dict[str, Any], before: dict[str, Any] | None) -> Change | None:
    if before is None:
        return None if row["missing_reason"] == "withdrawn" else Change("new", row, None, None)
    if row["missing_reason"] == "withdrawn":
        gone = before["missing_reason"] == "withdrawn"
        return None if gone else Change("withdrawn", row, before, None)
    if not same_cell(before["value"], row["value"]) or before["missing_reason"] == "withdrawn":
        return Change("changed", row, before, _relative(before["value"], row["value"]))
    same = all(same_cell(before[name], row[name]) for name in STATED_COLUMNS)
    if same and not revisions.redefined(before, row):
        return None
    return Change("definition", row, before, None)


def _relative(before: Any, now: Any) -> float | None:
    if pd.isna(before) or pd.isna(now) or int(before) == 0:
        return None
    return (int(now) - int(before)) / int(before)


def _rank(change: Change, near: Sequence[str]) -> tuple[Any, ...]:
    """The area first, then what was changed, then by how much, then the newest and largest."""
    row = change.row
    codes = [str(row[name]) for name in ("place_code", "admin1_code") if pd.notna(row[name])]
    distance = min((near.index(code) for code in codes if code in near), default=len(near))
    value = 0 if pd.isna(row["value"]) else int(row["value"])
    return (
        distance == len(near),
        KINDS.index(change.kind),
        -abs(change.relative or 0.0),
        distance,
        -row["as_of"].toordinal(),
        -value,
        str(row["figure_id"]),
    )


def _grouped(ranked: Sequence[Change]) -> Iterator[Group]:
    held: dict[tuple[str, str, str], list[Change]] = {}
    for change in ranked:
        row = change.row
        key = (str(row["source"]), str(row["publisher"]), str(row["dataset"]))
        held.setdefault(key, []).append(change)
    for (source, publisher, dataset), lines in held.items():
        shown: list[Change] = []
        more: dict[Kind, int] = {}
        for change in lines:
            if sum(c.kind == change.kind for c in shown) < LINES[change.kind]:
                shown.append(change)
            else:
                more[change.kind] = more.get(change.kind, 0) + 1
        yield Group(source, publisher, dataset, tuple(shown), more)
