"""What a person withheld: figures of an accepted answer that are kept and not published.

They come again with the next answer. As long as the source says the same of them they stay
withheld; once it says something else they are a new figure, which the checks look at.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import pyarrow as arrow


@dataclass(frozen=True)
class Withheld:
    """One figure that was left out.

    Attributes:
        figure_id: Which.
        value: What the source says; None where it is missing.
        missing_reason: Why it is missing.
        decision: The decision that left it out.
        by: Who left it out.
        why: Their reason.
        on: The day.
        fetch: The stored fetch that says it.
        facts: What a page shows of it: place, group, measure, unit, day, the value before.
    """

    figure_id: str
    value: int | None
    missing_reason: str | None
    decision: str
    by: str | None
    why: str | None
    on: str
    fetch: str
    facts: dict[str, Any]


def to_bytes(rows: Sequence[Withheld]) -> bytes:
    """As a JSON object."""
    told = {"figures": [asdict(row) for row in rows]}
    return json.dumps(told, ensure_ascii=False, default=str, indent=1).encode()


def from_bytes(body: bytes) -> tuple[Withheld, ...]:
    """The figures that `to_bytes` gave; what a newer version wrote beside them is left alone."""
    known = {each.name for each in fields(Withheld)}
    return tuple(
        Withheld(**{name: value for name, value in row.items() if name in known})
        for row in json.loads(body)["figures"]
    )


def still_withheld(figures: arrow.Table, rows: Iterable[Withheld]) -> frozenset[str]:
    """The ids of the figures that say what was withheld.

    Args:
        figures: Columns of `tables.FIGURES`.
        rows: What was withheld.
    """
    said = {(row.figure_id, row.value, row.missing_reason) for row in rows}
    if not said:
        return frozenset()
    told = (figures[name].to_pylist() for name in ("figure_id", "value", "missing_reason"))
    return frozenset(row[0] for row in zip(*told, strict=True) if row in said)
