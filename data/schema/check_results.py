"""Why an answer waits for a person: what is odd about it, as a code and the facts that say so.

The checks find doubts, a source's status keeps them beside what is held, and whoever decides reads
them in their own language (`visuals.doubts`). The command line says `sentence`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

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
    "fewer_places": "Round {round} names {now:,} places where the one before it named {before:,}.",
    "sum_jumped": "All figures of {measure} in {unit} together changed at least {times:g}-fold.",
    "table_shrunk": "The table {table} has {now:,} rows where it had {before:,}.",
    "table_jumped": "Changed at least {times:g}-fold: {column} in {count:,} of {of:,} rows, for "
    "example {was:,} became {now:,}.",
    "reports": "{count:,} figures out of reports wait for a person; `nuzuh accept {source} --show` "
    "lists them with their sentences.",
}
"""Each kind of doubt as the command line says it."""


@dataclass(frozen=True)
class CheckResult:
    """One thing for a person to judge.

    Attributes:
        code: A key of `SENTENCES`.
        facts: What the sentence needs: counts and amounts as numbers, shares between 0 and 1, days
            as ISO text, groups, measures, units and places by their codes.
    """

    code: str
    facts: Mapping[str, Fact]

    @property
    def sentence(self) -> str:
        """In English, one sentence."""
        return SENTENCES[self.code].format(**self.facts)
