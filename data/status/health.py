"""How an installation fares, for whoever watches it: in one object, and as Prometheus reads it.

It holds no more than the Sources page shows to everybody, and nothing of any reader.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from data.status import freshness
from data.store import Release, Status, Store

TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"
"""The media type of Prometheus' text form."""
STATES: Final = ("fresh", "due", "late", "dead", "never", "held")
_DAY: Final = 86_400.0


@dataclass(frozen=True)
class Condition:
    """What is served, and how the sources fare.

    Attributes:
        release: The newest release.
        states: By source: a state of `freshness.state`, or held where a person is waited for.
        statuses: By source; one that never ran has none.
        at: When this was so.
    """

    release: Release
    states: dict[str, str]
    statuses: dict[str, Status]
    at: datetime

    @property
    def ok(self) -> bool:
        """Whether the newest release is whole and its store answers."""
        return self.release.warning is None and self.release.away_since is None

    def as_json(self) -> dict[str, Any]:
        """For a health check: release, ages in seconds, and how many sources are in which state."""
        away = self.release.away_since
        counted = Counter(self.states.values())
        return {
            "ok": self.ok,
            "release": self.release.id,
            "published_at": self.release.published_at.isoformat(),
            "age_seconds": round((self.at - self.release.published_at).total_seconds()),
            "figures": self.release.count(),
            "store_away_since": away.isoformat() if away else None,
            "sources": {state: counted[state] for state in STATES if counted[state]},
            "last_attempt": _newest(s.last_attempt for s in self.statuses.values()),
        }


def condition_of(store: Store, now: datetime, disabled: frozenset[str] = frozenset()) -> Condition:
    """How the installation fares.

    Raises:
        StoreProblem: Nothing can be served.
    """
    release = store.current()
    statuses = store.statuses()
    register = release.table("sources")
    listed = register[~register["source"].isin(disabled)]
    states = {
        str(row["source"]): _state(row, statuses.get(str(row["source"])), now)
        for row in listed.to_dict("records")
    }
    return Condition(release, states, statuses, now)


def _state(row: dict[Any, Any], status: Status | None, now: datetime) -> str:
    if status is None:
        return "never"
    if status.held_fetch is not None:
        return "held"
    return freshness.state(
        cadence=timedelta(days=float(row["cadence_days"])),
        late_after=timedelta(days=float(row["late_after_days"])),
        last_success=status.last_success,
        newest_as_of=status.newest_as_of,
        now=now,
    )


def _newest(moments: Any) -> str | None:
    found = [moment for moment in moments if moment is not None]
    return max(found).isoformat() if found else None


def metrics(found: Condition | None) -> bytes:
    """The same in Prometheus' text form; None where nothing can be served."""
    registry = CollectorRegistry()
    up = Gauge("nuzuh_up", "Whether a release can be served.", registry=registry)
    up.set(found is not None)
    if found is None:
        return generate_latest(registry)
    release = found.release
    whole: tuple[tuple[str, str, Any], ...] = (
        ("release_published_seconds", "When it was published.", release.published_at),
        ("figures", "Figures in the newest release.", release.count()),
        ("release_damaged", "Whether it is not the newest.", release.warning is not None),
        ("store_away", "Whether its store is away.", release.away_since is not None),
    )
    for name, meaning, value in whole:
        Gauge(f"nuzuh_{name}", meaning, registry=registry).set(_number(value))
    named = Gauge("nuzuh_release", "The newest release by id.", ["release"], registry=registry)
    named.labels(release.id).set(1)
    state = Gauge("nuzuh_source_state", "1 for its state.", ["source", "state"], registry=registry)
    for source, its in found.states.items():
        for one in STATES:
            state.labels(source, one).set(one == its)
    for name, meaning, held in (
        ("attempt_seconds", "When it was last run.", "last_attempt"),
        ("success_seconds", "When that last went well.", "last_success"),
        ("newest_as_of_seconds", "The newest day it speaks of.", "newest_as_of"),
        ("failures", "Runs without success since then.", "failures"),
        ("figures", "Figures at its last success.", "figures"),
    ):
        gauge = Gauge(f"nuzuh_source_{name}", meaning, ["source"], registry=registry)
        for source in found.states:
            value = getattr(found.statuses.get(source), held, None)
            if value is not None:
                gauge.labels(source).set(_number(value))
    return generate_latest(registry)


def _number(value: Any) -> float:
    if isinstance(value, datetime):
        return value.timestamp()
    if hasattr(value, "toordinal"):
        return (value.toordinal() - 719_163) * _DAY  # 1970-01-01
    return float(value)
