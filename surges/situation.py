"""The situation of an area: one thing of which page, brief, light edition and command are made.

Headlines answer the questions of the area's file; beside them stand what changed, which surges are
active and which sources are late. Pure but for reading a release: nothing here asks the clock.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import pandas as pd

from data.analysis import changes, headlines, precedence
from data.analysis.changes import Change, Group
from data.analysis.comparable import comparable_change
from data.analysis.headlines import Headline, Row
from data.gazetteer.area import Area
from data.publication import exports
from data.schema.tables import FIGURES
from data.status.late import Late, late
from data.store import FigureFilter, Release, Status
from surges import current, figures
from surges.current import Say
from surges.rule import Alarm, Followed
from surges.score import alarm_json

RECENT: Final = timedelta(days=180)
"""What became known so lately is new for whoever was never here."""


@dataclass(frozen=True)
class Situation:
    """What the first page says on a day.

    Attributes:
        day: The day it speaks from.
        known: Shown as known at the end of that day; None for now.
        headlines: One for each question of the area, answered or not.
        hidden: Figures that would be known but for a day of publication that nobody knows.
        changes: What became known in the half year before, the area's own first.
        surges: The newest alarm of each series whose surge is active in the area, by both rules.
        late: Sources that somebody should look at; empty where nobody asked how they fare.
    """

    day: date
    known: date | None
    headlines: tuple[Headline, ...]
    hidden: int
    changes: tuple[Group, ...]
    surges: tuple[Alarm, ...]
    late: tuple[Late, ...] = ()
    asked: datetime | None = None
    """The moment for which sources are late; None where nobody asked."""
    newest_report: date | None = None
    """The last day that a report of movements in the area covers; None without such a report."""


def gather(
    release: Release,
    area: Area,
    day: date,
    *,
    known: date | None = None,
    undated: bool = False,
    statuses: Mapping[str, Status] | None = None,
    now: datetime | None = None,
) -> Situation:
    """The situation that a release tells.

    Args:
        release: The release.
        area: Whose questions are asked.
        day: The day it speaks from.
        known: Show what was known at the end of that day; None for now.
        undated: Show figures whose day of publication is not known, too.
        statuses: How each source has fared, where that is asked.
        now: The moment for which sources are late; needed with `statuses`.
    """
    register = release.table("sources").to_dict("records")
    asked = late(register, statuses, now) if statuses is not None and now is not None else []
    followed = current.followed(release, known)
    return Situation(
        day=day,
        known=known,
        headlines=answers(release, area, day, known=known, undated=undated),
        hidden=0 if undated else count_undated(release, area, known),
        changes=tuple(recent_changes(release, area, day)),
        surges=active(followed, area, day),
        late=tuple(asked),
        asked=now if statuses is not None else None,
        newest_report=newest_report(followed, area, day),
    )


def answers(
    release: Release, area: Area, day: date, *, known: date | None = None, undated: bool = False
) -> tuple[Headline, ...]:
    """The headlines on a day; see `gather`."""
    wanted = FigureFilter(
        place=headlines.places_of(area.questions), as_known_on=known, undated=undated
    )
    found = precedence.figures(release, wanted)
    register = release.table("sources")
    return tuple(headlines.answer(q, found, day, register) for q in area.questions)


def count_undated(release: Release, area: Area, known: date | None) -> int:
    """How many figures of the area are not shown as known on a day since nobody knows theirs."""
    return (
        0
        if known is None
        else release.undated(FigureFilter(within=area.watched, as_known_on=known))
    )


def recent_changes(
    release: Release, area: Area, until: date, since: datetime | None = None
) -> list[Group]:
    """What changed in the area after a moment; without one in the half year before `until`.

    Args:
        release: The release.
        area: What lies nearest comes first.
        until: The day that is shown; nothing known later counts.
        since: A reader's last visit: then what came into the store since is shown, otherwise the
            day of publication decides.
    """
    found = precedence.vintages(release, FigureFilter(within=area.watched, as_known_on=until))
    return changes.since(
        found,
        since or start_of_news(until),
        until,
        arrived=None if since is None else release.arrived(since),
        near=area.places,
    )


def start_of_news(day: date) -> datetime:
    """From when on what became known is new on a day, for whoever was never here."""
    return datetime.combine(day - RECENT, time.min, tzinfo=UTC)


def active(followed: Iterable[Followed], area: Area, day: date) -> tuple[Alarm, ...]:
    """The newest alarm of each series whose surge is active in the area, highest level first."""
    return tuple(
        line.alarms[-1] for line in figures.active(followed, day) if area.concerns(line.line.place)
    )


def newest_report(followed: Iterable[Followed], area: Area, day: date) -> date | None:
    """The last day up to a day that any report of movements in the area covers.

    A round of a stock counts who is there and is no such report. Where that is long ago, no surge
    is active since nobody reported one, not since there is none.
    """
    ends = (
        line.last.end
        for line in current.flows_only(followed)
        if line.last is not None and line.last.end <= day and area.concerns(line.line.place)
    )
    return max(ends, default=None)


def shown_figures(found: Sequence[Headline], beside: int | None = None) -> pd.DataFrame:
    """The figures of headlines and of what stands beside them, for a file of exactly those.

    Args:
        found: The headlines.
        beside: How many others of each are shown; None for all.
    """
    rows = [row for one in found if one.figure for row in (one.figure, *one.alternatives[:beside])]
    return _framed(rows)


def all_figures(found: Situation) -> pd.DataFrame:
    """Every figure of a situation: of its headlines, their history, and what changed."""
    rows = [row for one in found.headlines for row in one.alternatives]
    rows += [change.row for group in found.changes for change in group.lines]
    lines = [one.line for one in found.headlines if len(one.line)]
    return pd.concat([*lines, _framed(rows)], ignore_index=True).drop_duplicates("figure_id")


def _framed(rows: Sequence[Row]) -> pd.DataFrame:
    if not rows:
        return FIGURES.empty()
    return FIGURES.cast(pd.DataFrame(rows).drop_duplicates("figure_id"))


def as_json(found: Situation, say: Say) -> dict[str, Any]:
    """The situation as JSON: every figure with all of its columns, days as text, null for none.

    Args:
        found: The situation.
        say: Says in one sentence how unusual a surge is.
    """
    return {
        "day": found.day.isoformat(),
        "as_known_on": found.known.isoformat() if found.known else None,
        "hidden_without_publication_date": found.hidden,
        "headlines": [_headline(one) for one in found.headlines],
        "changes": [_group(group) for group in found.changes],
        "surges": [alarm_json(alarm, say) for alarm in found.surges],
        "newest_report_of_movements": found.newest_report.isoformat()
        if found.newest_report
        else None,
        "late": [_late(one) for one in found.late],
    }


def _headline(one: Headline) -> dict[str, Any]:
    return {
        "question": one.question.code,
        "figure": _figure(one.figure),
        "age_days": one.age_days,
        "change": _change(one),
        "alternatives": [_figure(row) for row in one.alternatives],
    }


def _change(one: Headline) -> dict[str, Any] | None:
    """The difference to the figure before, with its number where both are exact."""
    if one.figure is None or one.before is None:
        return None
    found = comparable_change(one.before, one.figure)
    return {
        "status": found.status,
        "value": found.value,
        "reason": found.reason or None,
        "before": _figure(one.before),
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "source": group.source,
        "publisher": group.publisher,
        "dataset": group.dataset,
        "lines": [_line(change) for change in group.lines],
        "more": dict(group.more),
    }


def _line(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "figure": _figure(change.row),
        "before": _figure(change.before),
        "relative": change.relative,
    }


def _late(one: Late) -> dict[str, Any]:
    status = one.status
    return {
        "source": one.source["source"],
        "title": one.source["title"],
        "publisher": one.source["publisher"],
        "state": one.state,
        "late_after_days": float(one.source["late_after_days"]),
        "last_success": _moment(status.last_success if status else None),
        "failures": status.failures if status else 0,
        "held": bool(status and status.held_fetch),
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _figure(row: Row | None) -> dict[str, Any] | None:
    return None if row is None else exports.record(row)
