"""What a reader must know beside an alarm: how the rule did there before, and what would end it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from data.analysis.series import SERIES
from data.gazetteer import places
from surges.events import Event, inside
from surges.figures import until
from surges.rule import BASE, CHOSEN, EASED, OVER, SETTLED, Alarm, Followed
from surges.score import Row, score


@dataclass(frozen=True)
class Record:
    """How the rule did before at a place, against the listed events there.

    Attributes:
        alerted: How many events that an alert was expected for had one.
        missed: Those that it did not, newest first.
    """

    alerted: int
    missed: tuple[Event, ...]

    @property
    def events(self) -> int:
        """How many there are."""
        return self.alerted + len(self.missed)


@dataclass(frozen=True)
class Ending:
    """What would end a surge.

    Attributes:
        below: People per 30 days at or below which a report counts as back: the high end of the
            usual, and less than twice its middle, which a wild series has below that.
        days: Days that reports must stay there.
        settles: The day from which a level that lasts is the new usual.
    """

    below: float
    days: int
    settles: date


def closes(alarm: Alarm) -> date:
    """The last day on which a surge between rounds goes on without a newer round."""
    return until(alarm.report)


def ending(alarm: Alarm) -> Ending:
    """What would end one of flows; a count without a usual eases at a quarter of its peak."""
    if alarm.usual is None:
        below = _short(alarm.report.rate * EASED)
    else:
        twice = CHOSEN.times * (alarm.usual.middle + BASE) - BASE
        below = min(alarm.usual.high, twice)
    return Ending(below, OVER, alarm.started + timedelta(SETTLED))


def _short(rate: float) -> float:
    """A rate that is worked out from a rounded count is no more exact than that."""
    return float(f"{rate:.3g}")


def rows(followed: Sequence[Followed], listed: Iterable[Event], day: date) -> tuple[Row, ...]:
    """What came of each listed event that was over by a day."""
    return score(followed, [event for event in listed if event.end <= day], inside).rows


def record(found: Iterable[Row], place: str, detector: str, before: date) -> Record:
    """How the rule did at a place.

    Args:
        found: What came of each event.
        place: Events count that are of the place, of what it lies in, or of what lies in it.
        detector: Events of the other detector are left out.
        before: Events that began on this day or later are left out: one of them may be the surge
            that is spoken of.
    """
    of_place = [
        row
        for row in found
        if row.event.expected == "must_fire"
        and row.event.detector in (None, detector)
        and row.event.start < before
        and any(_touches(place, one) for one in row.event.places)
    ]
    missed = sorted(
        (row.event for row in of_place if row.outcome == "miss"),
        key=lambda event: event.start,
        reverse=True,
    )
    return Record(sum(row.outcome == "hit" for row in of_place), tuple(missed))


def _touches(place: str, other: str) -> bool:
    """Whether one of two places lies in the other; a region is where its parts are."""
    if inside(place, other) or inside(other, place):
        return True
    parts = places.region_parts()
    mine, theirs = (parts.get(code, frozenset()) for code in (place, other))
    return any(_touches(part, other) for part in mine) or any(
        _touches(place, part) for part in theirs
    )


def key(alarm: Alarm) -> str:
    """An alarm's own name: its series and its period; a revised number does not change it."""
    series = [str(alarm.line.about.get(name)) for name in SERIES]
    # Between two rounds there is one change: whether it opens a thread may hang on revised ones.
    kind = alarm.kind if alarm.rule == "flows" else f"{alarm.rule} {alarm.line.detector}"
    whole = "|".join((*series, kind, f"{alarm.report.start}", f"{alarm.report.end}"))
    return sha256(whole.encode()).hexdigest()[:16]
