"""What the steps of reading claims pass along: a number, its words, the text so far. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from data.analysis.claims import Claim
from pipelines.extract.languages import Lexicon
from pipelines.extract.languages.calendar import Period
from pipelines.extract.model import Context
from pipelines.extract.numbers import Number, in_brackets
from pipelines.extract.places import Mention


@dataclass(frozen=True)
class Heading:
    """What a heading says that the rows below it count."""

    group: str
    unit: str
    measure: str
    since: date | None = None


@dataclass(frozen=True)
class ReadingState(Context):
    """What the text has stated so far: its title and headings, and the sentences read."""

    lately: str | None = None
    """The place of the last sentence that named one."""
    source: str | None = None
    """The body that the text last named beside a number."""
    hosting: str | None = None
    """The province of Türkiye of the last sentence that named one."""
    titled: bool = False
    """Whether the place is the title's, and not a later heading's."""
    named: frozenset[str] = frozenset()
    """Every place that it has named."""
    before: Claim | None = None
    """The last claim of the paragraph."""
    dated: Claim | None = None
    """The last claim of the text that has days."""
    time: Period | None = None
    """The last time of the paragraph."""
    heading: Heading | None = None
    """What the rows of a table below the last heading count."""
    abroad: bool = False
    """Whether the text last spoke of refugees, and of nobody displaced within the country."""
    departures: bool = False
    """Whether the paragraph has spoken of departures: who "left" a place is one of them."""
    communities: bool = False
    """Whether the paragraph is of towns, finer than anything that is held."""
    open_time: bool = False
    """Whether what the text says without a time may be of several: two times were named, or a
    month that is not the title's."""


@dataclass(frozen=True)
class Clause:
    """A number with the words that belong to it."""

    number: Number
    start: int
    end: int
    noun: str | None
    noun_end: int
    own: bool
    """Whether the noun is its own and not lent by a neighbour."""


@dataclass(frozen=True)
class ParsedSentence:
    """A sentence with the times and places found in it."""

    lower: str
    times: Sequence[Period]
    mentions: Sequence[Mention]
    lexicon: Lexicon
    exact: Sequence[Mention] = ()
    """The places as the strict reader finds them (English alone)."""
    text: str = ""
    """The sentence as printed."""

    def says(self, cue: str, start: int, end: int) -> bool:
        """Whether a cue of the lexicon stands between two places of the sentence."""
        return self.lexicon.cues[cue].search(self.lower, start, end) is not None


@dataclass(frozen=True)
class ClaimContext:
    """What surrounds a claim: its own words, its sentence and what the text stated before it."""

    clause: Clause
    sentence: ParsedSentence
    clauses: Sequence[Clause]
    """Every clause of the sentence."""
    last: Claim | None
    """The claim before it of which the reader knows what it counts."""
    around: ReadingState

    def says(self, *cues: str) -> bool:
        """Whether one of the cues stands in the claim's own words."""
        clause = self.clause
        return any(self.sentence.says(cue, clause.start, clause.end) for cue in cues)

    def sentence_says(self, *cues: str) -> bool:
        """Whether one of the cues stands anywhere in its sentence."""
        return any(self.sentence.says(cue, 0, len(self.sentence.lower)) for cue in cues)

    @property
    def beside_its_place(self) -> bool:
        """Whether a number stands in brackets behind its place: "Dana (3,688), many …"."""
        clause, at = self.clause, self.clause.number.start
        return in_brackets(self.sentence.text, clause.number) and any(
            clause.start <= m.start < at for m in self.sentence.mentions
        )

    @property
    def own_times(self) -> list[Period]:
        """The times among the claim's own words."""
        start, end = self.clause.start, self.clause.end
        end = self.clause.number.start if self.beside_its_place else end
        return [p for p in self.sentence.times if start <= p.start < end]

    @property
    def later_parts(self) -> list[Clause]:
        """Clauses behind it that give parts of a whole."""
        cue = self.sentence.lexicon.cues["subset"]
        lower, start = self.sentence.lower, self.clause.start
        return [c for c in self.clauses if c.start > start and cue.search(lower, c.start, c.end)]

    @property
    def goes_on(self) -> bool:
        """Whether the sentence has said something before it."""
        return self.clause is not self.clauses[0]
