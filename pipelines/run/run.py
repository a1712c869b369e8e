"""One source from the publisher to the readers: fetch, keep, read, check, publish.

A worse answer never replaces a better one: whatever goes wrong, the published files stay as they
were and the outcome says why in one sentence. An error that is not named here is a bug and is loud.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

import pandas as pd

from data.gazetteer import area as areas
from data.gazetteer.area import Area
from data.gazetteer.places import UnknownPlace
from data.publication.harm import HarmFound
from data.schema.check_results import Doubt
from data.schema.contract import ContractBroken
from data.schema.tables import CAVEATS, FIGURES, FUNDING, REPORTS, SOURCES, TABLES
from data.settings import Settings
from data.status.freshness import copied_at
from data.store import (
    Document,
    Publication,
    Status,
    Store,
    StoreBroken,
    StoreBusy,
    StoreEmpty,
    StoreProblem,
    Wanted,
)
from data.store.manifest import Manifest
from pipelines.errors import SourceChanged, SourceRefused, SourceUnavailable
from pipelines.forms.provenance import Papers
from pipelines.http.client import MARKS, MAX_BYTES, Client, Recall, user_agent
from pipelines.run import fingerprint
from pipelines.run import preview as previews
from pipelines.run.checks import doubts, table_doubts
from pipelines.run.prepare import AS_OF, prepare
from pipelines.run.preview import Preview
from pipelines.source import CARRIED, Reading, Source

State = Literal["published", "unchanged", "held", "failed", "skipped"]
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
NO_PAPERS: Final = Papers()


@dataclass(frozen=True)
class Outcome:
    """How one run ended. `skipped` means that it was not tried: no key, or left out.

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

    @property
    def good(self) -> bool:
        """Whether nobody needs to look."""
        return self.state not in ("held", "failed")


@dataclass(frozen=True)
class Word:
    """A person's word on what is held.

    Attributes:
        by: Who gives it; goes into the release's reason or the source's status, in the store.
        why: Their reason.
        fetch: The held fetch that they looked at; None for whatever is held now.
    """

    by: str | None = None
    why: str | None = None
    fetch: str | None = None

    def __str__(self) -> str:
        """As the end of a sentence; nothing where nobody said anything."""
        said = f" by {self.by}" if self.by else ""
        return f"{said}: {self.why}" if self.why else said


NO_WORD: Final = Word()


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Office:
    """What a run works with. Tests give a clock, a client and sources of their own."""

    store: Store
    settings: Settings
    area: Area
    client: Client
    sources: tuple[Source, ...]
    now: Callable[[], datetime] = field(default=_utc_now)


def office(settings: Settings, sources: tuple[Source, ...]) -> Office:
    """The office that the settings describe.

    Raises:
        NoSuchArea: There is no file for the area.
    """
    return Office(
        store=Store(settings.store, settings.cache),
        settings=settings,
        area=areas.load(settings.area),
        client=Client(user_agent(settings.contact)),
        sources=sources,
    )


def run_source(source: Source, at: Office) -> Outcome:
    """Fetch, keep, read, check and publish one source."""
    reason = why_skipped(source, at.settings)
    if reason:
        return Outcome(source.name, "skipped", reason)

    def kept() -> tuple[list[Document], str]:
        client = at.client.recalling(_newest(source, at.store))
        fetched = list(source.fetch(client, at.settings, at.area))
        documents = _beside_what_is_held(source, fetched, at)
        # Kept before anything is read: a reader that fails today may be mended tomorrow.
        return documents, at.store.keep(source.name, documents)

    return _guarded(source, at, kept, fetched=True)


def _newest(source: Source, store: Store) -> Recall:
    """What the newest stored fetch was answered, for the client to ask whether it still holds."""
    kept = store.fetches(source.name)[:1]

    def recall(url: str, query: Mapping[str, str]) -> Document | None:
        # What cannot be read again is asked for anew.
        with suppress(StoreBroken):
            if kept:
                return store.answer(source.name, kept[0], url, query, tuple(MARKS.values()))
        return None

    return recall


def import_file(
    source: Source, path: Path, as_of: date | None, at: Office, papers: Papers = NO_PAPERS
) -> Outcome:
    """The same from a file that a person got by hand.

    Args:
        source: Whose figures the file holds; its `read` finds its way by the file's name.
        path: The file.
        as_of: The day the file was got. Its figures are known from that day, so that an older
            download fills in history; None for one that is as new as today.
        at: What the run works with.
        papers: What the person said of where it comes from; stored with it.

    Raises:
        SourceUnavailable: The file cannot be read.
    """
    document = _brought(source, path, as_of, at, papers)

    def kept() -> tuple[list[Document], str]:
        documents = _beside_what_is_held(source, [document], at)
        return documents, at.store.keep(source.name, documents)

    return _guarded(source, at, kept)


def preview_file(
    source: Source, path: Path, as_of: date | None, at: Office, papers: Papers = NO_PAPERS
) -> Preview:
    """What importing the file would change; nothing is stored.

    Raises:
        SourceUnavailable: The file cannot be read.
        SourceChanged, ContractBroken, UnknownPlace, HarmFound: Importing it would fail so.
    """
    return _previewed(source, [_brought(source, path, as_of, at, papers)], at)


def preview_held(source: Source, at: Office) -> Preview | None:
    """What accepting would publish; None where nothing is held."""
    status = at.store.status(source.name)
    if status is None or status.held_fetch is None:
        return None
    return _previewed(source, at.store.documents(source.name, status.held_fetch), at)


def read_file(path: Path) -> bytes:
    """The bytes of a file that a person names, within the bound of what a publisher may send.

    Raises:
        SourceUnavailable: It cannot be read, or is too large.
    """
    try:
        with path.open("rb") as opened:
            return read_stream(opened, f"The file {path}")
    except OSError as error:
        raise SourceUnavailable(f"The file {path} cannot be read ({error.strerror}).") from None


def read_stream(opened: BinaryIO, said: str) -> bytes:
    """The bytes of a file or a pipe, within the same bound.

    Raises:
        SourceUnavailable: What is called `said` is too large.
    """
    body = opened.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise SourceUnavailable(
            f"{said} is larger than {MAX_BYTES:,} bytes; look whether it is the right one."
        )
    return body


def _brought(
    source: Source, path: Path, as_of: date | None, at: Office, papers: Papers
) -> Document:
    body = read_file(path)
    # A form says itself what day each row speaks of, and may be filled in later.
    form = source.by_hand or source.reviewed
    got = datetime.combine(as_of, time(), UTC) if as_of and not form else at.now()
    query = papers.query() | ({AS_OF: as_of.isoformat()} if as_of else {})
    name = path.name if form else path.stem
    return Document(name, papers.address or f"file:{path.name}", body, got, query)


def _beside_what_is_held(source: Source, documents: list[Document], at: Office) -> list[Document]:
    """The documents and, of a source whose figures wait for a person, those that wait already."""
    status = at.store.status(source.name) if source.reviewed else None
    if status is None or status.held_fetch is None:
        return documents
    new = {document.sha256 for document in documents}
    waiting = at.store.documents(source.name, status.held_fetch)
    return [*(d for d in waiting if d.sha256 not in new), *documents]


def _previewed(source: Source, documents: list[Document], at: Office) -> Preview:
    reading = source.read(documents, at.area)
    figures = prepare(source, reading, documents, public=at.settings.public)
    complete = source.complete and not any(AS_OF in d.query for d in documents)
    shown, gone = previews.of_figures(
        figures, source, previews.current(at.store), complete=complete
    )
    reasons = [] if source.reviewed else _doubts(source, at, figures, complete=complete)
    return Preview(
        shown,
        gone,
        {name: len(frame) for name, frame in _grown(source, at, reading.tables).items()},
        tuple(reasons),
        reading.remarks,
        reading.evidence,
    )


def replay(source: Source, at: Office) -> Outcome:
    """Read the newest stored fetch again, without network, with the same checks."""

    def stored() -> tuple[list[Document], str]:
        kept = at.store.fetches(source.name)
        if not kept:
            raise SourceRefused(
                f"Nothing of {source.name} is stored yet; run `nuzuh run {source.name}` first."
            )
        return at.store.documents(source.name, kept[0]), kept[0]

    return _guarded(source, at, stored)


def replay_every(source: Source, at: Office) -> Outcome:
    """Read again every stored fetch that is newer than what is published, oldest first.

    Each is published as known on the day it was made: a store that has a source's documents but
    no release of it gets its whole history back. It ends where an answer is held, since what
    follows is compared with it; one that cannot be read is passed over and told, as it was then.
    """
    outcomes = []
    for fetch_id in _unpublished(source, at.store):
        outcomes.append(_replay_one(source, fetch_id, at))
        if outcomes[-1].state == "held":
            break
    if not outcomes:
        return Outcome(source.name, "unchanged", "Every stored fetch is published already.")
    last = outcomes[-1]
    unread = [o.sentence for o in outcomes[:-1] if o.state == "failed"]
    published = any(o.state == "published" for o in outcomes)
    return replace(
        last,
        state="published" if published and last.state == "unchanged" else last.state,
        sentence=" ".join([f"Stored fetches read: {len(outcomes):,}.", last.sentence, *unread]),
        new=sum(o.new for o in outcomes),
        changed=sum(o.changed for o in outcomes),
        withdrawn=sum(o.withdrawn for o in outcomes),
    )


def _replay_one(source: Source, fetch_id: str, at: Office) -> Outcome:
    def stored() -> tuple[list[Document], str]:
        return at.store.documents(source.name, fetch_id), fetch_id

    return _guarded(source, at, stored, known_on=copied_at(fetch_id))


def _unpublished(source: Source, store: Store) -> list[str]:
    try:
        published = store.current().fetches(source.name)
    except StoreEmpty:
        published = ()
    newest = max(published, default="")
    return sorted(fetch for fetch in store.fetches(source.name) if fetch > newest)


def accept(source: Source, at: Office, word: Word = NO_WORD) -> Outcome:
    """Publish what was held: a person looked at it."""
    status = at.store.status(source.name)
    fetch_id = status.held_fetch if status else None
    if fetch_id is None:
        return Outcome(source.name, "skipped", f"Nothing of {source.name} is held.")
    if word.fetch not in (None, fetch_id):
        return Outcome(source.name, "skipped", _another(source))
    return _guarded(
        source,
        at,
        lambda: (at.store.documents(source.name, fetch_id), fetch_id),
        word=word,
    )


def _another(source: Source) -> str:
    return f"Another answer of {source.name} is held by now; look at that one first."


def reject(source: Source, at: Office, word: Word = NO_WORD) -> Outcome:
    """Put away what was held; its documents stay stored, the figures stay as they are."""
    with at.store.lock_source(source.name):
        status = at.store.status(source.name)
        if status is None or status.held_fetch is None:
            return Outcome(source.name, "skipped", f"Nothing of {source.name} is held.")
        if word.fetch not in (None, status.held_fetch):
            return Outcome(source.name, "skipped", _another(source))
        said = f"Rejected{word}; the published figures stay."
        at.store.set_status(
            replace(
                status,
                held_fetch=None,
                held_reasons=(),
                held_doubts=(),
                outcome="failed",
                sentence=said,
            )
        )
    return Outcome(source.name, "unchanged", said)


def prime(at: Office) -> Outcome | None:
    """Publish the carried figures on an empty store; None where there is a release already."""
    try:
        at.store.current()
    except StoreEmpty:
        carried = next(source for source in at.sources if source.name == CARRIED)
        return run_source(carried, at)
    return None


def read_again(
    at: Office,
) -> Callable[[str, list[Document]], pd.DataFrame | None]:
    """What `Store.verify` asks: the figures that stored documents give."""
    by_name = {source.name: source for source in at.sources}

    def read(name: str, documents: list[Document]) -> pd.DataFrame | None:
        source = by_name.get(name)
        if source is None:
            return None
        try:
            return prepare(source, source.read(documents, at.area), documents, public=False)
        except EXPECTED:
            return FIGURES.empty()  # its published figures are then named one by one

    return read


def register(sources: Sequence[Source]) -> pd.DataFrame:
    """The sources as rows of `tables.SOURCES`."""
    rows = [
        {
            "source": source.name,
            "title": source.title,
            "publisher": source.publisher,
            "homepage": source.homepage,
            "licence": source.licence,
            "attribution": source.attribution,
            "cadence_days": source.cadence.total_seconds() / 86400,
            "late_after_days": source.late_after.total_seconds() / 86400,
            "key": source.key,
            "replaced_by": source.replaced_by,
            "origin": source.origin,
            "origin_rank": source.origin_rank,
        }
        for source in sources
    ]
    return SOURCES.cast(pd.DataFrame(rows, columns=SOURCES.names))


def why_skipped(source: Source, settings: Settings) -> str | None:
    """Why the source would not be tried, in a sentence; None where it would."""
    if source.name in settings.disabled:
        return "Left out by NUZUH_DISABLE."
    if source.by_hand:
        return f"Comes by hand: `nuzuh import {source.name} FILE`."
    if source.key == "required" and source.api and not settings.key.get(source.api):
        return f"Needs a key; set NUZUH_KEY_{source.api}. Where to get one: {source.homepage}"
    return None


def _guarded(
    source: Source,
    at: Office,
    documents: Callable[[], tuple[list[Document], str]],
    *,
    word: Word | None = None,
    fetched: bool = False,
    known_on: datetime | None = None,
) -> Outcome:
    """Conclude one run under the source's lock; what is expected to fail becomes an outcome.

    Only what was `fetched` may go unread where it is the same: whoever replays, imports or accepts
    asked for a reading.
    """
    try:
        with at.store.lock_source(source.name):
            try:
                found, fetch_id = documents()
                same = _read_already(source, at, found) if fetched else None
                if same is not None:
                    return _end(source, at, same)
                return _conclude(source, at, found, fetch_id, word=word, known_on=known_on)
            except EXPECTED as error:
                return _end(source, at, _failed(source, error, at))
    except StoreBusy:
        said = f"Another run of {source.name} is under way; wait for it."
        return Outcome(source.name, "failed", said, passing=True)
    except StoreProblem as error:
        return _failed(source, error, at)


def _failed(source: Source, error: Exception, at: Office) -> Outcome:
    passing = isinstance(error, PASSING) and not isinstance(error, SourceRefused)
    return Outcome(source.name, "failed", _sentence(error, at), passing=passing)


def _read_already(source: Source, at: Office, documents: list[Document]) -> Outcome | None:
    """The outcome, where all that it depends on is as it was at a reading that ended well."""
    status = at.store.status(source.name)
    if status is None or status.read_as is None or status.held_fetch is not None:
        return None
    release = previews.current(at.store)
    if (
        release is None
        or release.warning
        or _mark(source, at, documents, release.manifest) != (status.read_as)
    ):
        return None
    said = f"{status.figures or 0:,} figures, read before: the same documents, reader and release."
    return Outcome(
        source.name,
        "unchanged",
        " ".join([said, *status.remarks]),
        figures=status.figures or 0,
        release_id=release.id,
    )


def _mark(source: Source, at: Office, documents: list[Document], manifest: Manifest) -> str | None:
    return fingerprint.mark(
        source,
        documents,
        manifest,
        area=at.area,
        public=at.settings.public,
        sources=at.sources,
    )


def _conclude(
    source: Source,
    at: Office,
    documents: list[Document],
    fetch_id: str,
    *,
    word: Word | None,
    known_on: datetime | None,
) -> Outcome:
    """Read, check and publish; with a person's word, whatever the checks doubt."""
    reading = source.read(documents, at.area)
    figures = prepare(source, reading, documents, public=at.settings.public)
    if figures.empty and source.reviewed:
        said = f"No figure is certain enough to be offered. {' '.join(reading.remarks)}".strip()
        return _end(source, at, Outcome(source.name, "unchanged", said))
    if figures.empty and not reading.tables:
        raise SourceChanged(f"{source.name} answered with nothing; the last figures stay.")
    history = any(AS_OF in document.query for document in documents)
    if word is None:
        reasons = _doubts(source, at, figures, complete=source.complete and not history)
        reasons += _table_doubts(source, at, reading)
        if reasons:
            told = tuple(doubt.sentence for doubt in reasons)
            said = f"{' '.join(told)} Look, then `nuzuh accept {source.name}` or `reject`."
            return _end(
                source,
                at,
                Outcome(source.name, "held", said, figures=len(figures)),
                held_fetch=fetch_id,
                held_reasons=told,
                held_doubts=tuple(reasons),
            )
    result = at.store.publish(
        Publication(
            source=source.name,
            figures=figures,
            tables={**_grown(source, at, reading.tables), **_own_register(source, at)},
            fetch_id=fetch_id,
            complete=source.complete and not history,
            reason=f"run {source.name}" if word is None else f"accept {source.name}{word}",
            known_on=known_on.date() if known_on else None,
        ),
        now=at.now(),
    )
    outcome = Outcome(
        source.name,
        "unchanged" if result.unchanged else "published",
        _told(figures, result.new, result.changed, result.withdrawn, reading),
        figures=len(figures),
        new=result.new,
        changed=result.changed,
        withdrawn=result.withdrawn,
        release_id=result.release_id,
    )
    newest = figures.loc[figures["value"].notna(), "as_of"].max()
    return _end(
        source,
        at,
        outcome,
        held_fetch=None,
        held_reasons=(),
        held_doubts=(),
        figures=len(figures),
        newest_as_of=None if pd.isna(newest) else newest.date(),
        # A person's word goes beyond the checks: the next fetch meets them again. And history
        # beside today's word may bring another vintage when it is set beside itself.
        read_as=None
        if word is not None or not (result.unchanged or figures["known_from"].isna().all())
        else _mark(source, at, documents, result.manifest),
        remarks=reading.remarks,
    )


def _doubts(source: Source, at: Office, figures: pd.DataFrame, *, complete: bool) -> list[Doubt]:
    if source.reviewed:
        return _news(source, at, figures)
    if source.api is None and not source.by_hand:
        return []  # no publisher answers: the project wrote these rows and reviewed them
    try:
        published = at.store.current().figures(Wanted(source=(source.name,)))
    except StoreEmpty:
        published = FIGURES.empty()
    own = published[published["via"] == source.name]
    status = at.store.status(source.name)
    if source.by_hand:
        # A form holds some days of many: it is held against them, not for being shorter.
        others = own[~own["figure_id"].isin(figures["figure_id"])]
        return doubts(pd.concat([others, figures], ignore_index=True), own, complete=False)
    if own.empty:
        # The first live answer is held against the carried figures of the same series. One it
        # lacks is no doubt: it stays carried, and nothing is withdrawn.
        carried = published[published["source"] == source.name]
        return doubts(figures, carried, complete=False)
    return doubts(figures, own, complete=complete, size_before=status.figures if status else None)


def _table_doubts(source: Source, at: Office, reading: Reading) -> list[Doubt]:
    """Doubts about companion tables that carry their source's name on every row."""
    try:
        published = at.store.current()
    except StoreEmpty:
        return []
    found = []
    for table in (CAVEATS, FUNDING, REPORTS):
        if table.name in reading.tables:
            before = published.table(table.name)
            own = before[before["source"] == source.name]
            found += table_doubts(reading.tables[table.name], own, table)
    return found


def _news(source: Source, at: Office, figures: pd.DataFrame) -> list[Doubt]:
    """What a person has to read before it is published; nothing where all of it is already."""
    shown, _ = previews.of_figures(figures, source, previews.current(at.store), complete=False)
    news = int((shown["change"] != "same").sum())
    return [Doubt("reports", {"count": news, "source": source.name})] if news else []


def _grown(
    source: Source, at: Office, tables: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """The tables to publish; a ledger's with the rows that it published before."""
    release = previews.current(at.store) if source.ledger else None
    if release is None:
        return dict(tables)
    grown = {}
    for name, frame in tables.items():
        table = next(t for t in TABLES if t.name == name)
        rows = pd.concat([release.table(name), frame], ignore_index=True)
        grown[name] = rows.drop_duplicates(list(table.key), keep="last", ignore_index=True)
    return grown


def _own_register(source: Source, at: Office) -> dict[str, pd.DataFrame]:
    """The rows of the register that this source publishes: over all sources each stands once."""
    try:
        by_source = set(at.store.current().manifest.tables.get(SOURCES.name, {}))
    except StoreEmpty:
        by_source = set()
    if source.name == CARRIED:
        others = by_source - {CARRIED}
        return {SOURCES.name: register([s for s in at.sources if s.name not in others])}
    if CARRIED in by_source and source.name not in by_source:
        return {}
    return {SOURCES.name: register([source])}


def _end(source: Source, at: Office, outcome: Outcome, **changes: Any) -> Outcome:
    """Write the status; a store that cannot even do that has said so in the outcome."""
    try:
        before = at.store.status(source.name) or Status(source.name)
        at.store.set_status(before.after(at.now(), outcome.state, outcome.sentence, **changes))
    except StoreProblem:
        if outcome.state != "failed":
            raise
    return outcome


def _told(figures: pd.DataFrame, new: int, changed: int, withdrawn: int, reading: Reading) -> str:
    parts = [
        f"{len(figures):,} figures: {new:,} new, {changed:,} changed, {withdrawn:,} withdrawn."
    ]
    if figures.empty:
        parts = [f"Tables: {', '.join(sorted(reading.tables))}."]
    return " ".join([*parts, *reading.remarks])


def _sentence(error: Exception, at: Office) -> str:
    """What the error says, on one line; a key that slipped into it is struck out."""
    text = " ".join(str(error).split())
    for secret in at.settings.key.values():
        text = text.replace(secret, "…") if secret else text
    return text
