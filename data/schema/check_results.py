"""Why an answer waits for a person: what is odd about it, as a code and the facts that say so.

The checks find doubts, a source's status keeps them beside what is held, and whoever decides reads
them in their own language (`visuals.doubts`). The command line says `sentence`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

Fact = int | float | str

SENTENCES: Final[Mapping[str, str]] = {
    "gone": "{gone:,} of {of:,} published figures are gone ({share:.0%}).",
    "shrunk": "The answer has {now:,} figures where the one before had {before:,}.",
    "went_back": "The newest figure went back from {was} to {now}.",
    "no_value": "The newest figure went back from {was} to nothing.",
    "jumped": "Changed at least {times:g}-fold: {count:,} of {of:,} figures, for example {group} "
    "in {place} on {day}: {was:,} became {now:,}.",
    "stock_jumped": "Changed at least {times:g}-fold within a year: {count:,} of {of:,} newest "
    "stocks, for example {group} in {place}: {was:,} became {now:,} on {day}.",
    "years_gone": "{gone:,} of {of:,} published figures of closed years are gone ({share:.1%}), "
    "for example {group} in {place} on {day}: {was:,}.",
    "history_changed": "{count:,} of {of:,} figures of closed years changed more than publishers "
    "revise them, for example {group} in {place} on {day}: {was:,} became {now:,}.",
    "reverted": "{count:,} of {of:,} changed figures are back at what an earlier edition said, for "
    "example {group} in {place} on {day}: {was:,} became {now:,}.",
    "repeated": "{count:,} of {of:,} newest stocks are those before to the last person, for "
    "example {group} in {place} on {day}: {now:,}.",
    "newest_lost": "{count:,} large stocks have no figure for the newest year, for example {group} "
    "in {place}: {was:,} on {day}.",
    "holes": "{count:,} figures are missing between a year before and a year after, for example "
    "{group} in {place} on {day}.",
    "parts": "The publisher's own total differs from the sum of its parts: {count:,} of {of:,} "
    "totals, for example {group} on {day}: {was:,} in parts, {now:,} in total.",
    "fewer_places": "Round {round} names {now:,} places where the one before it named {before:,}.",
    "sum_jumped": "All figures of {measure} in {unit} together changed at least {times:g}-fold.",
    "table_shrunk": "The table {table} has {now:,} rows where it had {before:,}.",
    "table_jumped": "Changed at least {times:g}-fold: {column} in {count:,} of {of:,} rows, for "
    "example {was:,} became {now:,}.",
    "reports": "{count:,} figures out of reports wait for a person; `nuzuh accept {source} --show` "
    "lists them with their sentences.",
}
"""Each kind of doubt as the command line says it."""
EXAMPLE_ROWS: Final = 20
"""Rows of each doubt that a source's status keeps: every page reads it, so it stays small. All of
them are in the preview of what is held."""


@dataclass(frozen=True)
class DoubtedRow:
    """One figure that made a run be held, old beside new.

    Attributes:
        reason: The code of the doubt it belongs to.
        figure_id: Of the new figure; of the published one where the answer has none.
        place_code, origin_code, asylum_location_code: Codes; None where the figure has none.
        as_of: Day the figure speaks of, ISO.
        value_before: The figure it was held against; None where there was no number.
        value: What the answer says; None where it has no number.
    """

    reason: str
    figure_id: str
    publisher: str
    dataset: str
    measure: str
    population_group: str
    unit: str
    place_code: str
    origin_code: str | None
    asylum_location_code: str | None
    as_of: str
    value_before: int | None
    value: int | None


ROW_FIELDS: Final = tuple(field.name for field in fields(DoubtedRow))


@dataclass(frozen=True)
class CheckResult:
    """One thing for a person to judge.

    Attributes:
        code: A key of `SENTENCES`.
        facts: What the sentence needs: counts and amounts as numbers, shares between 0 and 1, days
            as ISO text, groups, measures, units and places by their codes.
        rows: The figures that made it so, largest change first; empty where it speaks of the whole
            answer or of a companion table.
    """

    code: str
    facts: Mapping[str, Fact]
    rows: tuple[DoubtedRow, ...] = ()

    @property
    def sentence(self) -> str:
        """In English, one sentence."""
        return SENTENCES[self.code].format(**self.facts)

    def shortened(self) -> "CheckResult":
        """The same with as many rows as a status keeps."""
        return replace(self, rows=self.rows[:EXAMPLE_ROWS])


def from_stored(stored: Mapping[str, Any]) -> CheckResult:
    """The doubt that a status holds; what a newer version wrote beside a row is left alone."""
    rows = [
        DoubtedRow(**{name: row.get(name) for name in ROW_FIELDS}) for row in stored.get("rows", ())
    ]
    return CheckResult(str(stored["code"]), dict(stored["facts"]), tuple(rows))
