"""One search over all a reader may look for: places, crossings, towns, pages, sources, terms.

The names are those of the catalogues, in every language at once: who reads English finds a page by
its Arabic name too. What people type that no page says ("crisis", "kaç kişi") is in
`locales/searched.toml`.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Final

from data.gazetteer import events, search
from data.gazetteer.search import Entry, Hit, Index, Kind
from data.schema.codes import CAVEATS, MEASURES, POPULATION_GROUPS, UNITS
from visuals.language.glossary import terms
from visuals.language.words import LANGUAGES, LOCALES, Words, catalogue

PARTS: Final = {"send": "share.title", "welcome": "welcome.title", "light": "app.light"}
"""What can be opened and is no page of the menu, with the text that names it."""


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
        pages: Names of the pages that may be found; their titles are the texts `{name}.nav`. With
            them comes what `PARTS` names, as a page too.
        limit: The most to give.
        kinds: Only of these; all where empty.

    Returns:
        Hits with their entry's kind and code. A town has its sub-district's code, and an event and
        a crossing say where they lie as `place_code`.
    """
    index = _index(tuple(sources), tuple(pages))
    return index.find(typed, words.language, limit=limit, kinds=kinds)


@cache
def searched() -> dict[str, dict[str, tuple[str, ...]]]:
    """What people type that is no name on any page: by kind and code, of all languages together."""
    table = tomllib.loads((LOCALES / "searched.toml").read_text(encoding="utf-8"))
    return {
        kind: {
            code: tuple(word for words in row.values() for word in words)
            for code, row in rows.items()
        }
        for kind, rows in table.items()
    }


@cache
def _index(sources: tuple[str, ...], pages: tuple[str, ...]) -> Index:
    own = search.gazetteer().entries
    groups = [
        replace(_entry("term", key.removeprefix("group."), key), code=code)
        for code in POPULATION_GROUPS
        for key in catalogue("en")
        if key == f"group.{code}" or key.startswith(f"group.{code}.")
    ]
    dated = [
        _entry("event", str(row["event_code"]), f"event.{row['event_code']}", row["place_code"])
        for row in events.table().to_dict("records")
    ]
    there = [
        *(_entry("source", name, f"source.{name}") for name in sources),
        *(_entry("page", name, f"{name}.nav") for name in pages),
        *(_entry("page", name, key) for name, key in PARTS.items() if pages),
    ]
    entries = (*there, *groups, *dated, *_explained())
    return Index((*own, *(entry for entry in entries if entry.names)))


def _explained() -> list[Entry]:
    """What the glossary explains, under the words that it is not called here as well."""
    counted = [
        *(_entry("word", code, f"measure.{code}") for code in MEASURES),
        *(_entry("word", code, f"caveat.{code}") for code in CAVEATS),
        *(
            _entry("word", code, f"unit.{code}")
            for code in UNITS
            if f"definition.{code}" in catalogue("en")
        ),
    ]
    avoided = {
        tuple(term.names.values()): tuple(
            word.rstrip("*") for words in term.avoid.values() for word in words if "{" not in word
        )
        for term in terms()
    }
    named = [Entry("word", term.id, term.names) for term in terms() if term.on_page]
    return [
        replace(entry, others=avoided.get(tuple(entry.names.values()), ()))
        for entry in (*counted, *named)
    ]


def _entry(kind: Kind, code: str, key: str, place: object = None) -> Entry:
    by_language = {language: catalogue(language).get(key) for language in LANGUAGES}
    names = {language: text for language, text in by_language.items() if text}
    others = searched().get(kind, {}).get(code, ())
    return Entry(kind, code, names, others, place_code=str(place) if place else None)
