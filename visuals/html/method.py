"""How to read the figures: rules, terms, kinds, groups, caveats and what means no number."""

from collections.abc import Iterable
from html import escape
from typing import Final

from data.schema import codes
from visuals.html import elements
from visuals.language.glossary import terms
from visuals.language.words import Words

RULES: Final = 9
"""Rules of truth in the catalogues, `edition.rule.1` on."""
PLAIN_UNITS: Final = frozenset({"people", "events", "usd"})
"""Units whose name says all there is to say."""


def explained(words: Words) -> str:
    """The body of the method page, of the dashboard and of the editions alike."""
    kinds = [(words(f"measure.{c}"), words(f"definition.{c}")) for c in codes.MEASURES]
    units = [
        (words(f"unit.{c}"), words(f"definition.{c}")) for c in codes.UNITS if c not in PLAIN_UNITS
    ]
    groups = [
        (words(f"group.{c}"), words(f"definition.group.{c}")) for c in codes.POPULATION_GROUPS
    ]
    named = [
        (term.names[words.language], words(f"glossary.{term.id}"))
        for term in terms()
        if term.on_page
    ]
    return "".join(
        [
            elements.heading(words("glossary.rules")),
            f"<ol>{_items(words(f'edition.rule.{n}') for n in range(1, RULES + 1))}</ol>",
            elements.heading(words("edition.kinds")),
            _defined([*kinds, *units]),
            elements.heading(words("column.group")),
            _defined(groups),
            elements.heading(words("column.caveat")),
            f"<ul>{_items(words(f'caveat.{c}') for c in codes.CAVEATS)}</ul>",
            elements.heading(words("edition.missing")),
            f"<ul>{_items(words(f'missing.{c}') for c in codes.MISSING_REASONS)}</ul>",
            elements.heading(words("glossary.terms")),
            _defined(named),
        ]
    )


def _items(sentences: Iterable[str]) -> str:
    return "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)


def _defined(pairs: Iterable[tuple[str, str]]) -> str:
    inner = "".join(f"<dt><b>{escape(a)}</b></dt><dd>{escape(b)}</dd>" for a, b in pairs)
    return f"<dl>{inner}</dl>"
