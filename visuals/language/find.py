"""One search over all a reader may look for: places, crossings, towns, pages, sources, terms.

The names are those of the catalogues, in every language at once: who reads English finds a page by
its Arabic name too.
"""

from collections.abc import Iterable
from functools import cache

from data.gazetteer import events, search
from data.gazetteer.search import Entry, Hit, Index, Kind
from data.schema.codes import MEASURES, POPULATION_GROUPS
from visuals.language.words import LANGUAGES, Words, catalogue


def find(
    words: Words,
    typed: str,
    *,
    sources: Iterable[str] = (),
    pages: Iterable[str] = (),
    limit: int = 12,
    kinds: Iterable[Kind] = (),
) -> list[Hit]:
    """What bears a name like what was typed, best first; as fast as letters are typed.

    Args:
        words: The reader's.
        typed: What was typed so far, in Latin or Arabic letters.
        sources: Names of the sources that may be found.
        pages: Names of the pages that may be found; their titles are the texts `{name}.nav`.
        limit: The most to give.
        kinds: Only of these; all where empty.

    Returns:
        Hits with their entry's kind and code. A town has its sub-district's code, and an event and
        a crossing say where they lie as `place_code`.
    """
    index = _index(tuple(sources), tuple(pages))
    return index.find(typed, words.language, limit=limit, kinds=kinds)


@cache
def _index(sources: tuple[str, ...], pages: tuple[str, ...]) -> Index:
    own = search.gazetteer().entries
    terms = [
        *(_entry("term", code, f"group.{code}") for code in POPULATION_GROUPS),
        *(_entry("term", code, f"measure.{code}") for code in MEASURES),
    ]
    dated = [
        _entry("event", str(row["event_code"]), f"event.{row['event_code']}", row["place_code"])
        for row in events.table().to_dict("records")
    ]
    there = [
        *(_entry("source", name, f"source.{name}") for name in sources),
        *(_entry("page", name, f"{name}.nav") for name in pages),
    ]
    return Index((*own, *(entry for entry in (*there, *terms, *dated) if entry.names)))


def _entry(kind: Kind, code: str, key: str, place: object = None) -> Entry:
    by_language = {language: catalogue(language).get(key) for language in LANGUAGES}
    names = {language: text for language, text in by_language.items() if text}
    return Entry(kind, code, names, place_code=str(place) if place else None)
