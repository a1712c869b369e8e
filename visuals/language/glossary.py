"""The project's terms in three languages, and the words that are not used for them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from visuals.language.words import LANGUAGES, LOCALES


@dataclass(frozen=True, slots=True)
class Term:
    """One thing and its one word in each language.

    `avoid` holds, by language, the words that are not used for it; `keep` the keys of the texts in
    which such a word means something else; `on_page` says whether readers find it explained.
    """

    id: str
    names: Mapping[str, str]
    avoid: Mapping[str, tuple[str, ...]]
    keep: frozenset[str]
    on_page: bool


@cache
def terms() -> tuple[Term, ...]:
    """Every term of `locales/glossary.toml`, in its order."""
    table = tomllib.loads((LOCALES / "glossary.toml").read_text(encoding="utf-8"))
    return tuple(
        Term(
            id=name,
            names={language: row[language] for language in LANGUAGES},
            avoid={language: tuple(words) for language, words in row.get("avoid", {}).items()},
            keep=frozenset(row.get("keep", ())),
            on_page=row.get("page", False),
        )
        for name, row in table.items()
    )
