"""The common table: medians of interleaved runs, their spread, and ratios within the same run."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """One measured thing.

    Attributes:
        subject: Which part of the benchmark.
        what: What was measured.
        who: Of whom: Nuzuh's page, a floor, another way to do the same.
        unit: Of median, low and high.
        median: The middle of the rounds.
        low: The smallest round.
        high: The largest round.
        rounds: How many.
        floor: Beside whom; None where it stands alone.
        ratio: The middle of the rounds' ratios to the floor.
        budget: At most this: a ratio where there is a floor, else in the unit.
        note: What a reader must know, such as that it took longer than was waited for.
    """

    subject: str
    what: str
    who: str
    unit: str
    median: float
    low: float
    high: float
    rounds: int
    floor: str | None = None
    ratio: float | None = None
    budget: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether it keeps its budget; None where it has none."""
        if self.budget is None:
            return None
        return (self.median if self.floor is None else self.ratio or 0.0) <= self.budget


@dataclass(frozen=True)
class Budget:
    """At most `most`: times the floor, or in the unit where `floor` is None."""

    who: str
    most: float
    floor: str | None = None


def rows(
    subject: str,
    what: str,
    unit: str,
    samples: Mapping[str, Sequence[float]],
    *,
    floor: str | None = None,
    budgets: Sequence[Budget] = (),
    notes: Mapping[str, str] | None = None,
) -> list[Row]:
    """A row for each, beside the floor; a further row for a budget beside another floor.

    Args:
        subject: Which part of the benchmark.
        what: What was measured.
        unit: Of the samples.
        samples: The rounds of each, in the order they were run.
        floor: Whom all are set beside.
        budgets: What some of them must keep.
        notes: What a reader must know of some of them.
    """
    notes_ = notes or {}

    def row(who: str, beside: str | None, budget: float | None) -> Row:
        values = samples[who]
        return Row(
            subject,
            what,
            who,
            unit,
            statistics.median(values),
            min(values),
            max(values),
            len(values),
            beside,
            None if beside is None else _ratio(values, samples[beside]),
            budget,
            notes_.get(who, ""),
        )

    kept = {(b.who, b.floor): b.most for b in budgets if b.who in samples}
    found = [
        row(who, floor if who != floor else None, kept.pop((who, floor), None))
        for who, values in samples.items()
        if values
    ]
    found += [
        row(who, beside, most)
        for (who, beside), most in kept.items()
        if samples[who] and (beside is None or samples.get(beside))
    ]
    return found


def with_ratio(row: Row, floor: str, ratio: float | None, budget: float | None) -> Row:
    """The row with a ratio of its own, where less is not better: turned, so that it is."""
    return replace(row, floor=floor, ratio=ratio, budget=budget)


def _ratio(values: Sequence[float], floor: Sequence[float]) -> float:
    """Of rounds run side by side where they are as many: a busy minute slows both."""
    if len(values) == len(floor):
        return statistics.median(v / f if f else 0.0 for v, f in zip(values, floor, strict=True))
    beside = statistics.median(floor)
    return statistics.median(values) / beside if beside else 0.0


def interleaved(
    tasks: Mapping[str, Callable[[], T]], rounds: int, within: float
) -> dict[str, list[T]]:
    """Every task once a round, in turn; no new round is begun after `within` seconds."""
    found: dict[str, list[T]] = {name: [] for name in tasks}
    begun = time.monotonic()
    for number in range(rounds):
        if number and time.monotonic() - begun > within:
            break
        for name, task in tasks.items():
            found[name].append(task())
    return found


def printed(rows_: Sequence[Row]) -> str:
    """The table as text, a block for each subject and thing measured."""
    heads = ("who", "median", "spread", "x floor", "budget", "")
    lines: list[str] = []
    for subject, what, unit in dict.fromkeys((r.subject, r.what, r.unit) for r in rows_):
        block = [r for r in rows_ if (r.subject, r.what, r.unit) == (subject, what, unit)]
        floors = {r.floor for r in block if r.floor}
        beside = f", beside {' and '.join(sorted(floors))}" if floors else ""
        lines.append(f"\n{subject}: {what}, {unit}{beside}")
        cells = [heads, *(_cells(row, several=len(floors) > 1) for row in block)]
        widths = [max(len(c[i]) for c in cells) for i in range(len(heads))]
        for c in cells:
            rest = (c[i].rjust(widths[i]) for i in range(1, len(heads) - 1))
            lines.append("  " + "  ".join([c[0].ljust(widths[0]), *rest, c[-1]]).rstrip())
    return "\n".join(lines)


def _cells(row: Row, *, several: bool) -> tuple[str, str, str, str, str, str]:
    who = f"{row.who} / {row.floor}" if several and row.floor else row.who
    spread = f"{_short(row.low)}..{_short(row.high)}" if row.rounds > 1 else "once"
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    budget = "" if row.budget is None else f"<= {row.budget:g}"
    judged = {None: "", True: "met", False: "MISSED"}[row.met]
    return who, _short(row.median), spread, ratio, budget, f"{judged} {row.note}".strip()


def _short(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def as_json(rows_: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows as objects, with whether each kept its budget."""
    return [asdict(row) | {"met": row.met} for row in rows_]
