"""Surges as items of an alert: what each series' newest alarm is, and how it stands on a day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import pandas as pd

from alerts.ledger import Facts, Item, ItemState
from data.analysis.cells import has_caveat
from data.store import FigureFilter, Release
from surges import current, events, figures, outlook
from surges.outlook import key
from surges.reports import Report
from surges.rule import OVER, Alarm, Followed
from surges.score import Row, change_json

MOST_OTHERS: Final = 3
"""Other counts of one place that a message names."""
ASSUMED: Final = "start_assumed"
"""The caveat of a count whose first day its publisher does not say."""


def followed(release: Release, day: date) -> list[Followed]:
    """What both rules say of every series, with what was known on that day."""
    return current.followed(release, day, readable=False)


def alarms(found: Iterable[Followed], day: date) -> list[Alarm]:
    """Every alarm known on that day, the last known first."""
    known = [a for line in found for a in line.alarms if a.report.known_on <= day]
    return sorted(known, key=lambda a: (a.report.known_on, a.day, key(a)), reverse=True)


def items(found: Iterable[Followed], day: date, provenance: Mapping[str, Facts]) -> list[Item]:
    """One item for each series that ever fired: its newest alarm that was known on that day.

    Args:
        found: What the rule says of every series.
        day: Nothing that became known later is included.
        provenance: What the figures behind the alarms say of themselves, by figure id.

    Returns:
        Series of one place and kind share a topic: who counts the same crisis twice, in families
        and in people, or beside another publisher, makes one event of it and never a sum. Surges
        between rounds have topics of their own, one for each thread: what a round that does not
        compare has ended is never reported as the beginning of what comes after.
    """
    lines = list(found)
    scored = outlook.rows(current.flows_only(lines), events.listed(), day)
    return [
        _item(line, known, day, provenance, [other for other in lines if other is not line], scored)
        for line in lines
        if (known := [a for a in line.alarms if a.report.known_on <= day])
    ]


def newest_figures(found: Iterable[Followed], day: date) -> list[str]:
    """Ids of the figures behind every line's newest alarm and newest reading."""
    ids: list[str] = []
    for line in found:
        ids += [alarm.report.figures[-1] for alarm in line.alarms[-1:]]
        reading = _last_reading(line, day)
        ids += reading.figures if reading else ()
    return ids


def _last_reading(line: Followed, day: date) -> Report | None:
    """The number that the publisher printed last of a line's count, as was known on a day."""
    known = [reading for reading in line.line.readings if reading.known_on <= day]
    return max(known, key=lambda reading: (reading.end, reading.known_on), default=None)


def _item(
    line: Followed,
    known: Sequence[Alarm],
    day: date,
    provenance: Mapping[str, Facts],
    others: Sequence[Followed],
    scored: Sequence[Row],
) -> Item:
    alarm = known[-1]
    wave = [a for a in known if a.started == alarm.started]
    last = line.last if line.last is not None and line.last.known_on <= day else alarm.report
    reading = _last_reading(line, day) or last
    state: ItemState = "eased"
    if line.open:
        # A count that is published goes on, also where the rule waits for a reading that says more.
        # Between rounds only one that compares says whether it goes on.
        printed = line.rule == "flows" and 0 <= (day - reading.end).days <= figures.STILL
        state = "open" if printed or _still(last, day) else "silent"
    level = max(a.level for a in wave)
    return Item(
        topic=_topic(alarm),
        key=key(alarm),
        level=level,
        state=state,
        facts={
            **facts(alarm, provenance),
            **(_outlook(alarm, scored) if line.change is None else _round_outlook(line, alarm)),
            "level": level,
            **_newest(last),
            "reading": _reading(line, reading, provenance),
            "others": _others(alarm, reading, others, day, provenance),
        },
        wave=alarm.kind == "worse",
        fresh=_still(alarm.report, day),
    )


def _topic(alarm: Alarm) -> str:
    about = f"{alarm.line.place} {alarm.line.detector}"
    return about if alarm.rule == "flows" else f"{about} {alarm.group} since {alarm.started}"


def _reading(line: Followed, reading: Report, provenance: Mapping[str, Facts]) -> Facts:
    """A number as its publisher printed it, in the words that a message needs."""
    about = line.line.about
    return {
        "publisher": str(about["publisher"]),
        "dataset": str(about["dataset"]),
        "source": str(about["source"]),
        "measure": line.line.measure,
        "unit": line.line.unit,
        "value": reading.value,
        "start": reading.start.isoformat(),
        "end": reading.end.isoformat(),
        "known_on": reading.known_on.isoformat(),
        "assumed": reading.assumed,
        "pace": round(reading.rate),
        "qualifier": provenance.get(reading.figures[-1], {}).get("qualifier", "exact")
        if reading.figures
        else "exact",
        "start_assumed": bool(
            reading.figures and provenance.get(reading.figures[-1], {}).get("start_assumed")
        ),
    }


def _others(
    alarm: Alarm,
    reading: Report,
    lines: Sequence[Followed],
    day: date,
    provenance: Mapping[str, Facts],
) -> list[Facts]:
    """The last values of other counts of the same place and kind, where as new or newer.

    Never summed: they may count the same people, in other words or after other days.
    """
    found = []
    for line in lines:
        mine, its = alarm.line, line.line
        same = (its.place, its.detector) == (mine.place, mine.detector) and line.rule == alarm.rule
        if alarm.rule == "rounds":
            # Another group's count is another thing, and a later thread of this one the same.
            same = same and its.about["population_group"] == alarm.group
            same = same and its.about != mine.about
        last = _last_reading(line, day) if same else None
        if last is not None and last.end >= reading.end and last.value > 0:
            found.append(_reading(line, last, provenance))
    found.sort(key=lambda reading: (reading["end"], reading["known_on"]), reverse=True)
    return found[:MOST_OTHERS]


def _still(report: Report, day: date) -> bool:
    return report.end <= day <= figures.until(report)


def facts(alarm: Alarm, provenance: Mapping[str, Facts]) -> Facts:
    """What the words of an alarm need; days as text, None where there is none."""
    report, line, usual, times = alarm.report, alarm.line, alarm.usual, alarm.times_range
    about = {
        name: None if pd.isna(line.about.get(name)) else str(line.about[name])
        for name in ("publisher", "dataset", "source", "origin_code", "asylum_location_code")
    }
    return {
        **about,
        **provenance.get(report.figures[-1], {}),
        "rule": alarm.rule,
        "group": alarm.group,
        "change": None if alarm.change is None else change_json(alarm.change),
        "place": line.place,
        "detector": line.detector,
        "measure": line.measure,
        "unit": line.unit,
        "since": line.since.isoformat() if line.since else None,
        "kind": alarm.kind,
        "reason": alarm.reason,
        "level": alarm.level,
        "started": alarm.started.isoformat(),
        "start": report.start.isoformat(),
        "end": report.end.isoformat(),
        "value": report.value,
        "parts": len(report.figures),
        "figure": report.figures[-1],
        "known_on": report.known_on.isoformat(),
        "assumed": report.assumed,
        "pace": round(report.rate),
        "beyond": None
        if alarm.beyond is None
        else {
            "start": alarm.beyond.start.isoformat(),
            "end": alarm.beyond.end.isoformat(),
            "value": alarm.beyond.value,
            "pace": round(alarm.beyond.rate),
        },
        "usual_low": None if usual is None else round(usual.low),
        "usual_high": None if usual is None else round(usual.high),
        "times": alarm.times,
        "rank": alarm.rank,
        "among": alarm.among,
        "times_low": times[0] if times else None,
        "times_high": times[1] if times else None,
    }


def _outlook(alarm: Alarm, scored: Sequence[Row]) -> Facts:
    """What would end it, and which events the rule found and missed there before."""
    ends = outlook.ending(alarm)
    before = outlook.record(scored, alarm.line.place, alarm.line.detector, alarm.started)
    return {
        "ends_below": round(ends.below),
        "ends_days": ends.days,
        "settles": ends.settles.isoformat(),
        "surge": key(alarm),
        "told_before": before.alerted,
        "missed_before": [event.code for event in before.missed],
    }


def _round_outlook(line: Followed, alarm: Alarm) -> Facts:
    """What would end a surge between rounds, the newest change, and what followed it."""
    return {
        "ends_days": OVER,
        "closes": outlook.closes(alarm).isoformat(),
        "surge": key(alarm),
        "newest_change": None if line.change is None else change_json(line.change),
        "refused": line.refused,
    }


def _newest(last: Report) -> Facts:
    """The newest report, which says whether it eases."""
    return {
        "last_start": last.start.isoformat(),
        "last_end": last.end.isoformat(),
        "last_value": last.value,
    }


def provenance(release: Release, figure_ids: Iterable[str]) -> dict[str, Facts]:
    """How exact figures are, and where they were published, by figure id."""
    wanted = tuple(sorted(set(figure_ids)))
    if not wanted:
        return {}
    rows: list[dict[str, Any]] = release.figures(FigureFilter(figure_id=wanted)).to_dict("records")
    return {
        str(row["figure_id"]): {
            "qualifier": str(row["qualifier"]),
            "url": None if pd.isna(row["source_url"]) else str(row["source_url"]),
            "licence": str(row["licence"]),
            "start_assumed": has_caveat(row, ASSUMED),
        }
        for row in rows
    }
