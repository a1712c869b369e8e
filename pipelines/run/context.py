"""What a run works with, and how it ends."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal

from data.gazetteer import area as areas
from data.gazetteer.area import Area
from data.gazetteer.places import UnknownPlace
from data.publication.harm import HarmFound
from data.schema.contract import ContractBroken
from data.settings import Settings, must_be_known
from data.store import Policy, Store, StoreProblem
from pipelines.errors import SourceChanged, SourceUnavailable
from pipelines.http.client import Client, user_agent
from pipelines.source import Source

State = Literal["published", "unchanged", "held", "rejected", "failed", "skipped"]
EXPECTED: Final = (
    SourceUnavailable,
    SourceChanged,
    ContractBroken,
    UnknownPlace,
    HarmFound,
    StoreProblem,
)
"""What a run expects to go wrong; anything else is a bug."""
PASSING: Final = (SourceUnavailable, StoreProblem)
"""What may be over by itself in a moment; a changed layout waits for a person."""


@dataclass(frozen=True)
class Outcome:
    """How one run ended. `skipped` means that it was not tried: no key, left out, or under way.

    `rejected` means that the publisher sent again what a person has rejected.

    `passing` says of a failure that it may be over in a moment: a line that broke, another run
    under way. A changed layout or a refused key is not.
    """

    source: str
    state: State
    sentence: str
    figures: int = 0
    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    release_id: str | None = None
    passing: bool = False
    busy: bool = False
    """Whether nothing was done because another run of the source is under way."""
    fetch_id: str | None = None
    """The stored fetch that it was about; None where it did not get so far."""
    remarks: tuple[str, ...] = ()
    """What the reading left out or took otherwise; the sentence ends with them."""

    @property
    def good(self) -> bool:
        """Whether nobody needs to look."""
        return self.state not in ("held", "failed")


@dataclass(frozen=True)
class ReviewDecision:
    """A person's word on what is held.

    Attributes:
        by: Who gives it; goes into the release's reason or the source's status, in the store.
        why: Their reason.
        fetch: The held fetch that they looked at; None for whatever is held now.
        withheld: Ids of figures of it that are not to be published.
        id: The decision's own, under which the record has it.
    """

    by: str | None = None
    why: str | None = None
    fetch: str | None = None
    withheld: frozenset[str] = frozenset()
    id: str | None = None

    def __str__(self) -> str:
        """As the end of a sentence; nothing where nobody said anything."""
        said = f" by {self.by}" if self.by else ""
        return f"{said}: {self.why}" if self.why else said


NO_DECISION: Final = ReviewDecision()


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class RunContext:
    """What a run works with. Tests give a clock, a client and sources of their own."""

    store: Store
    settings: Settings
    area: Area
    client: Client
    sources: tuple[Source, ...]
    now: Callable[[], datetime] = field(default=_utc_now)


def context_of(settings: Settings, sources: tuple[Source, ...]) -> RunContext:
    """The office that the settings describe, with the sources that are about its area.

    Raises:
        NoSuchArea: There is no file for the area.
        BadConfiguration: A source that is to be left out is none.
    """
    must_be_known(
        sorted(settings.disabled), [source.name for source in sources], "source in NUZUH_DISABLE:"
    )
    area = areas.load(settings.area)
    return RunContext(
        store=Store(
            settings.store,
            settings.cache,
            Policy(settings.keep_days, settings.keep_weeks, settings.keep_months),
        ),
        settings=settings,
        area=area,
        client=Client(user_agent(settings.contact)),
        sources=tuple(source for source in sources if source.covers(area)),
    )
