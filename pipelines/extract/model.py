"""What the reader of texts passes along: a figure, a sentence, a number with its words. Pure."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final

from data.gazetteer import places
from pipelines.extract.languages.calendar import Period
from pipelines.extract.numbers import Number
from pipelines.extract.places import Mention
from pipelines.extract.statement_reading.topics import Counted, Series


@dataclass(frozen=True)
class Statement:
    """One figure that a text states.

    Names and codes are those of `tables.FIGURES`. `value` is a count in `unit`; days are inclusive.
    A cumulative figure whose last day the text leaves open has no `reference_period_end`.
    `evidence_start` and `evidence_end` are the sentence's characters in the text as given,
    `value_start` and `value_end` the number's.
    """

    dataset: str
    measure: str
    population_group: str
    unit: str
    value: int
    value_raw: str
    qualifier: str
    place_code: str
    origin_code: str | None
    asylum_location_code: str | None
    reference_period_start: date
    reference_period_end: date | None
    cumulative_since: date | None
    category: str | None
    caveat: str | None
    evidence_start: int
    evidence_end: int
    value_start: int
    value_end: int
    evidence: str

    def record(self) -> dict[str, Any]:
        """As JSON writes it: days as YYYY-MM-DD; the place with the codes of what it lies in."""
        series = self.dataset.lower().replace(" ", "_")
        whole = {"series": series, **asdict(self), **places.codes(self.place_code)}
        return {k: v.isoformat() if isinstance(v, date) else v for k, v in whole.items()}

    @property
    def caveats(self) -> list[str]:
        """The codes of its caveats."""
        return (self.caveat or "").split()

    @property
    def key(self) -> tuple[Any, ...]:
        """What makes two statements the same figure."""
        return (
            self.dataset,
            self.measure,
            self.population_group,
            self.unit,
            self.place_code,
            self.origin_code,
            self.asylum_location_code,
            self.reference_period_start,
            self.reference_period_end,
            self.cumulative_since,
            self.category,
        )


_SINCE: Final = {
    "New displacement": "Newly displaced since a date",
    "IDP returns": "IDP returns since a date",
    "Refugee returns": "Refugee returns since a date",
}


def dataset_of(base: str, measure: str, *, sites: bool) -> str:
    """The dataset of what is counted; counts since a date and those of camps have their own."""
    if base == "Departures of IDPs" and sites:
        return "Departures from camps"
    return _SINCE.get(base, base) if measure == "cumulative" else base


_SOON: Final = timedelta(days=92)


@dataclass(frozen=True)
class Context:
    """What the title and the headings say for the sentences below them."""

    series: Series | None = None
    place: str | None = None
    """Of the title or heading."""
    span: Period | None = None
    """The month or window that the report covers."""
    day: date | None = None
    """The day as of which the report speaks."""
    published_on: date | None = None
    sub_districts: bool = False
    """Whether what follows is at the level of sub-districts."""
    preceding: str = ""
    """The sentence before, in the same paragraph."""

    @property
    def near(self) -> date | None:
        """A day that the text is known to speak of; it completes dates without a year.

        A text that comes out within weeks of its title's day may speak of the days between.
        """
        day = self.day or (self.span.last if self.span else None)
        whole_month = self.day is None and self.span is not None and self.span.kind == "month"
        if day is None or self.published_on is None or whole_month:
            return day or self.published_on
        soon = timedelta(0) <= self.published_on - day <= _SOON
        return self.published_on if soon else day

    @property
    def newest(self) -> date | None:
        """The newest day that the text is known to speak of."""
        return self.day or self.published_on

    @property
    def present(self) -> tuple[date | None, date | None]:
        """First and last day of people present, where their sentence does not say.

        A report on a month counts in that month, and not on the day it comes out.
        """
        if self.day is None and self.span is not None and self.span.kind == "month":
            return self.span.first, self.span.last
        return self.newest, self.newest

    def counted_until(self, first: date | None) -> date | None:
        """The last day of a count since a first one, where its sentence does not say."""
        window = self.span
        if window is not None and (
            (window.kind == "span" and window.first == first)
            or (window.kind == "month" and self.day is None)
        ):
            # The title says up to which day it counts; a report on a month, up to its end.
            return min((d for d in (window.last, self.published_on) if d), default=None)
        return self.newest


@dataclass(frozen=True)
class Sentence:
    """A sentence with the times, places and numbers found in it; offsets are its own."""

    text: str
    at: int
    periods: tuple[Period, ...]
    mentions: tuple[Mention, ...]
    numbers: tuple[Number, ...]
    lower: str
    """In lower case, with dates and asides about shares blanked; the same length."""


@dataclass(frozen=True)
class Part:
    """A number with the words that belong to it."""

    number: Number
    counted: Counted
    start: int
    end: int
    subset: bool

    @property
    def elided(self) -> bool:
        """Whether its noun stands with another number."""
        return self.counted.end == self.number.end


@dataclass(frozen=True)
class PartContext:
    """What surrounds a number: its own words, its sentence and what the text stated before it."""

    sentence: Sentence
    part: Part
    first: Part
    """The first number of its sentence."""
    context: Context
    last: Period | None = None
    """The time that its paragraph speaks of."""
    whole: Statement | None = None
    """What it may be a part of."""
