"""What changed between two days of a reader.

`since` lists what became known for a reader who was here before: a number has one line however many
vintages it got in between, and none where it repeats a value. Pure: figures in, values out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final, Literal

import pandas as pd

from data.analysis import revisions
from data.analysis.cells import same_cell
from data.analysis.series import have_caveat
from data.store.release import UNDATED
from data.store.vintages import STATED_COLUMNS

Kind = Literal["changed", "withdrawn", "definition", "new"]
KINDS: Final[tuple[Kind, ...]] = ("changed", "withdrawn", "definition", "new")
"""Most important first: what a reader may have cited comes before what nobody has seen."""
LINES: Final[dict[Kind, int]] = {"changed": 20, "withdrawn": 20, "definition": 5, "new": 5}
"""More lines of one kind and series than this are a count: a bulk addition is one piece of news."""
ORDER: Final = ["known_from", "retrieved_at"]


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
