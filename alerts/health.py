"""The installation's health as items of an alert: sources, held runs, failures, the disk."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from alerts.ledger import Item
from data.status import freshness
from data.store import Status

IN_A_ROW: Final = 3
"""Failures after which the administrator gets a message; one or two pass by themselves."""
NEVER: Final = "never"


def items(
    register: Sequence[Mapping[str, Any]],
    statuses: Mapping[str, Status],
    disk: Item | None,
    now: datetime,
    disabled: Iterable[str] = (),
) -> list[Item]:
    """What the administrator should look at: one item for each source and state.

    Args:
        register: Rows of `tables.SOURCES`.
        statuses: By source; a source that never ran has none and is nobody's fault.
        disk: What `disk` says.
        now: The present.
        disabled: Sources left out.
    """
    left_out = frozenset(disabled)
    found = [disk] if disk is not None else []
    for source in register:
        status = statuses.get(str(source["source"]))
        if status is not None and status.source not in left_out:
            found += _of_source(source, status, now)
    return found


def _of_source(source: Mapping[str, Any], status: Status, now: datetime) -> list[Item]:
    late_after = timedelta(days=float(source["late_after_days"]))
    state = freshness.state(
        cadence=timedelta(days=float(source["cadence_days"])),
        late_after=late_after,
        last_success=status.last_success,
        newest_as_of=status.newest_as_of,
        now=now,
    )
    title = str(source["title"])
    episode = status.last_success.isoformat() if status.last_success else NEVER
    found = []
    if status.last_success is not None and state in ("late", "dead"):
        since = freshness.since(state, status.last_success, late_after, status.newest_as_of)
        level = 2 if state == "dead" else 1
        found.append(_item(status, title, state, episode, level, since))
    if status.held_fetch is not None:
        came = freshness.copied_at(status.held_fetch)
        found.append(_item(status, title, "held", status.held_fetch, 2, came))
    if status.failures >= IN_A_ROW and status.outcome == "failed":
        found.append(_item(status, title, "failing", episode, 1, status.failing_since))
    return found


def _item(
    status: Status, title: str, state: str, episode: str, level: int, since: datetime | None
) -> Item:
    facts = {
        "source": status.source,
        "title": title,
        "state": state,
        "last_success": status.last_success.isoformat() if status.last_success else None,
        "newest_as_of": status.newest_as_of.isoformat() if status.newest_as_of else None,
        "failures": status.failures,
        "since": since.isoformat() if since else None,
        "cause": status.sentence if state != "held" and status.outcome == "failed" else None,
        "asked": status.last_attempt.isoformat() if status.last_attempt else None,
        "paused_by": (status.paused.by or "–") if status.paused else None,
        "paused_at": status.paused.at.isoformat() if status.paused else None,
        "because": [{"code": one.code, "facts": dict(one.facts)} for one in status.held_doubts]
        if state == "held"
        else [],
    }
    name = f"~{status.source} {state}"
    return Item(topic=name, key=f"{name} {episode}", level=level, state="open", facts=facts)


def disk(folder: Path | None, least_mb: int) -> Item | None:
    """The disk of the store, where it is nearly full; None where it is not, or is no folder."""
    if folder is None:
        return None
    there = next((path for path in (folder, *folder.parents) if path.exists()), None)
    if there is None:
        return None
    free = shutil.disk_usage(there).free // 1_000_000
    if free >= least_mb:
        return None
    facts = {"state": "disk", "free_mb": free, "least_mb": least_mb}
    return Item(topic="~disk", key="~disk", level=2, state="open", facts=facts)
