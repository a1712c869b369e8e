"""What a source is. `fetch` moves bytes; `read` is pure and is where the tests aim."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from typing import Final, Literal, Protocol

import pandas as pd
import pyarrow as arrow

from data.gazetteer.area import Area
from data.settings import Settings
from data.store.snapshots import Document

Expected = Literal["json", "csv", "binary"]
"""What the body of an answer must be; a page of HTML never is."""

CARRIED: Final = "published_figures"
"""The source that needs no network and publishes the register of all the others."""


class DocumentClient(Protocol):
    """What `fetch` asks with; `pipelines.http.client.Client` is the one that uses the network.

    A source names this instead, so that its `read` loads nothing that could send a request.
    """

    def get(
        self,
        url: str,
        query: Mapping[str, str] | None = None,
        *,
        name: str,
        expect: Expected = "json",
        secret_query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        allowed_redirect_hosts: tuple[str, ...] = (),
    ) -> Document:
        """One document, whole and of the kind expected.

        Raises:
            SourceUnavailable: Unreachable, late, refused, too large, cut off, or a page of HTML.
        """
        ...


@dataclass(frozen=True)
class Reading:
    """What one fetch says.

    Attributes:
        figures: In the columns and types of `tables.FIGURES`, as `pipelines.figures` makes them;
            null in those that the run fills in (figure_id, source if it is the reading source's
            own, via, licence, known_from where the publisher gives none, and everything in
            `tables.DEFAULTS`).
        tables: Companion tables by name (`tables.CAVEATS`, boundaries …), whole.
        remarks: Sentences for the run's report: what was left out, and why.
    """

    figures: arrow.Table
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)
    """The words behind a figure, by its locator: for the person who accepts, never published."""


def file_of(document: Document, url: str | None = None) -> Mapping[str, object]:
    """The columns of a figure that name the stored file.

    Args:
        document: The file.
        url: Where the publisher shows it, if that is not where the file came from.
    """
    return _file(url or document.url, document.sha256, document.fetched_at)


@lru_cache(1_000)
def _file(url: str, sha256: str, fetched_at: datetime) -> Mapping[str, object]:
    return {"source_url": url, "content_sha256": sha256, "retrieved_at": fetched_at}


def provenance_of(document: Document, locator: str, url: str | None = None) -> dict[str, object]:
    """The columns of a figure that lead back to the stored file, and to where the number stands.

    Args:
        document: The file.
        locator: Where in it the number stands.
        url: Where the publisher shows it, if that is not where the file came from.
    """
    return {**file_of(document, url), "locator": locator}


def the_day_itself(day: date) -> object:
    """For readings that may say something else of the same documents on any other day."""
    return day


def no_day(_day: date) -> object:
    """For readings that say the same of the same documents whenever they were fetched."""
    return None


@dataclass(frozen=True)
class Source:
    """A publisher's dataset and the two functions that turn it into figures."""

    name: str
    title: str
    publisher: str
    homepage: str
    licence: str
    attribution: str
    cadence: timedelta
    """How often to ask. The scheduler adds jitter."""
    late_after: timedelta
    """Age of the last success from which pages show that the source is late."""
    api: str | None
    """Key of NUZUH_URL_… and NUZUH_KEY_…; None for a carried source."""
    fetch: Callable[[DocumentClient, Settings, Area], Iterable[Document]]
    read: Callable[[Sequence[Document], Area], Reading]
    countries: tuple[str, ...] = ()
    """Countries (ISO3) whose people it is about; empty where it is asked about any country's. An
    area that follows none of them has no use for it, and does not list it."""
    complete: bool = True
    """Whether one answer lists every figure, so that one gone from it was withdrawn."""
    key: Literal["none", "optional", "required"] = "none"
    replaced_by: str | None = None
    """What to use if the source stops, as a source name."""
    origin: str | None = None
    """The one collection behind several sources; pages show each of its figures once."""
    origin_rank: int | None = None
    """Among sources of one origin the lowest that has a figure is shown, the others check it."""
    kind: Literal["editions", "rounds", "feed", "form"] = "feed"
    """What its answers are, and so what they are held against (`pipelines.run.rules`)."""
    by_hand: bool = False
    """Whether it comes from a person alone, with `nuzuh import`; it is never due."""
    reviewed: bool = False
    """Whether nothing of it is published without a person's decision: what is new is held."""
    ledger: bool = False
    """Whether its tables grow: rows published before stay beside those of a new file."""
    tables: tuple[str, ...] = ()
    """Companion tables that it fills."""
    reading_depends_on: Callable[[date], object] = the_day_itself
    """What of the day of a fetch its reading depends on. By default the day: the same documents
    are then read again on every other day."""
    superseded: Callable[[pd.DataFrame], "pd.Series[bool]"] | None = None
    """Which published figures an earlier reader got wrong: of another kind than they are. They are
    withdrawn once the stored documents say them again as they should be."""

    def covers(self, area: Area) -> bool:
        """Whether it is about anybody whom the area follows."""
        return not self.countries or bool(set(self.countries) & set(area.origins))


def no_documents(client: DocumentClient, settings: Settings, area: Area) -> Iterable[Document]:
    """The `fetch` of what a person brings as a file: there is nothing to ask for."""
    return ()


brought_by_hand: Final = partial(
    Source,
    cadence=timedelta(days=30),
    api=None,
    fetch=no_documents,
    kind="form",
    complete=False,
    by_hand=True,
)
"""A source that a person alone brings, as a table or a filled form."""
