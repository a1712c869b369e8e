"""A surge for other tools: every field with its meaning, as JSON or as a table."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from data.schema.contract import Column, Table
from data.schema.kinds import Kind

Field = tuple[str, bool, str]
"""The JSON type, whether it may be null, and what it means."""

CHANGE: Final[Mapping[str, Field]] = {
    "round_before": ("integer", True, "Of rounds: number of the first. Null: of flows."),
    "date_before": ("string", True, "Its day."),
    "value_before": ("integer", True, "What it counted in the place, as published."),
    "round_after": ("integer", True, "Number of the second round."),
    "date_after": ("string", True, "Its day."),
    "value_after": ("integer", True, "What it counted in the place, as published."),
    "change": (
        "integer",
        True,
        "The second less the first, with its sign: arrivals less departures; both may be larger.",
    ),
    "change_part_of_before": (
        "number",
        True,
        "The change as a part of the first count, without a sign. Null: of flows, or none counted.",
    ),
    "spreads": (
        "number",
        True,
        "Robust standard deviations from the median of the changes it is held against.",
    ),
    "held_against": (
        "string",
        True,
        "own_changes (of the place, earlier) or all_places (between the same two rounds).",
    ),
}
"""Fields of a change between rounds alone; null for flows."""
FIELDS: Final[Mapping[str, Field]] = {
    "rule": (
        "string",
        False,
        "flows: a report of a period. rounds: a stock's change between rounds. Never to be added.",
    ),
    "place_code": ("string", False, "P-code, ISO3 or X- code; of rounds always a sub-district."),
    "detector": (
        "string",
        False,
        "Of flows: displacement or returns. Of rounds: arrivals, departures or returns.",
    ),
    "population_group": ("string", True, "What was counted. Null: the series is a reader's file."),
    "measure": ("string", False, "Kind of the figures: flow or cumulative; of rounds stock."),
    "unit": ("string", False, "What is counted."),
    "publisher": ("string", True, "Who published the figures."),
    "dataset": ("string", True, "The publisher's dataset."),
    "asylum_location_code": ("string", True, "Country of asylum. Null: not said."),
    "kind": ("string", False, "opened: a new surge. worse: a later, higher wave of it."),
    "reason": ("string", False, "unusual, first_count (no baseline yet) or between_rounds."),
    "level": ("integer", False, "1 high, 2 very high, 3 extreme."),
    "unusual": ("string", False, "How unusual it is, in one sentence."),
    "started": ("string", False, "First day of the surge's first report."),
    "period_start": (
        "string",
        False,
        "First day counted; of rounds the day after the first round.",
    ),
    "alarm_date": ("string", False, "Last day counted; of rounds the day of the second round."),
    "known_on": ("string", False, "Day from which it was known."),
    "known_on_assumed": ("boolean", False, "Whether that day is assumed."),
    "value": (
        "integer",
        False,
        "The number that is a surge, never negative; of rounds how many people more or fewer.",
    ),
    "value_made": ("string", True, "difference or sum. Null: published as it is."),
    "per_30_days": ("integer", False, "The same for each 30 days."),
    "usual": ("integer", True, "Baseline for each 30 days. Null: none, as always of rounds."),
    "usual_low": ("integer", True, "Low end of what nine in ten usual reports say."),
    "usual_high": ("integer", True, "High end of it."),
    "times_usual": ("number", True, "Times the baseline."),
    "times_usual_interval": ("array", True, "The same with nine-in-ten uncertainty: low, high."),
    "rank": ("integer", True, "Place by size, 1 for the largest, among what it is held against."),
    "rank_among": ("integer", True, "How many those are, itself among them."),
    "seasonal": ("boolean", True, "Whether the baseline is adjusted to the time of year."),
    **CHANGE,
    "figure_ids": ("array", False, "The published figures it was made from."),
}
"""In the order of the columns."""
DAYS: Final = ("started", "period_start", "alarm_date", "known_on", "date_before", "date_after")
"""Those that are days, as YYYY-MM-DD."""


def schema() -> dict[str, Any]:
    """The same as a JSON schema."""
    properties: dict[str, Any] = {}
    for name, (kind, null, meaning) in FIELDS.items():
        properties[name] = {"type": [kind, "null"] if null else kind, "description": meaning}
        if kind == "array":
            inner = "number" if name == "times_usual_interval" else "string"
            properties[name]["items"] = {"type": inner}
        if name in DAYS:
            properties[name]["format"] = "date"
    return {"type": "object", "required": list(FIELDS), "properties": properties}


_KINDS: Final[Mapping[str, Kind]] = {
    "string": "text",
    "integer": "integer",
    "number": "number",
    "boolean": "flag",
    "array": "text",
}
TABLE: Final = Table(
    name="surges",
    meaning="One row for each surge; lists are one text, parted by spaces.",
    columns=tuple(
        Column(
            name, "date" if name in DAYS else _KINDS[kind], meaning, "Not said" if null else None
        )
        for name, (kind, null, meaning) in FIELDS.items()
    ),
    key=("rule", "place_code", "detector", "dataset", "alarm_date"),
)


def typed(alarms: list[dict[str, Any]]) -> pd.DataFrame:
    """Alarms as rows of `TABLE`, as `exports.of_table` writes them in any format.

    Args:
        alarms: As `alarm_json` gives each.
    """
    rows = [{name: _cell(alarm[name]) for name in FIELDS} for alarm in alarms]
    return TABLE.cast(pd.DataFrame(rows, columns=list(FIELDS)))


def _cell(value: Any) -> Any:
    return " ".join(map(str, value)) if isinstance(value, list) else value
