"""How a channel of the alerts fares: the part of its ledger that anybody may see.

It names no address, no person and no secret: a channel is `<alert>.<number>` and a kind.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Channel:
    """One channel of one alert.

    Attributes:
        kind: mail, or the name of the service as its address begins (json, tgram …).
        failures: Attempts without success since the last success.
        failing_since: The first of them.
        problem: Why the last attempt failed: a key `channel.problem.<problem>` of the catalogues.
        next_try: Not tried before this moment.
        waiting: Messages that are written and not delivered.
        given_up: Messages that were never accepted and are not tried any more.
    """

    name: str
    kind: str
    looked_at: datetime | None = None
    last_success: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    problem: str | None = None
    next_try: datetime | None = None
    waiting: int = 0
    given_up: int = 0

    def as_json(self) -> dict[str, Any]:
        """With moments as text."""
        found = asdict(self)
        return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in found.items()}


def from_json(values: dict[str, Any]) -> Channel:
    """The channel that `as_json` gave."""
    moments = ("looked_at", "last_success", "failing_since", "next_try")
    read = {k: datetime.fromisoformat(values[k]) if values[k] else None for k in moments}
    return Channel(**(values | read))
