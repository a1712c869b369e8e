"""Why an answer waits for a person, in the reader's words."""

from datetime import date
from html import escape
from itertools import zip_longest

from data.schema.check_results import CheckResult, Fact
from visuals.html import elements
from visuals.language import figure_text
from visuals.language.words import Words

DAYS = ("day", "was", "now")
"""Facts that are a day where they are text."""
NAMED = ("group", "measure", "unit", "column")


def listed(words: Words, doubts: tuple[CheckResult, ...], names: tuple[str, ...]) -> str:
    """The doubts as an HTML list.

    Args:
        words: The reader's.
        doubts: What the checks found; empty where an earlier version looked.
        names: The same in English, which stands for a doubt that has no words here.
    """
    items = "".join(
        f"<li>{_item(words, doubt, sentence)}</li>"
        for doubt, sentence in zip_longest(doubts, names)
    )
    return f"<ul>{items}</ul>" if items else ""


def sentence(words: Words, doubt: CheckResult) -> str:
    """One doubt as a sentence.

    Raises:
        KeyError: A doubt that the catalogue has no words for.
    """
    facts = {name: _fact_text(words, name, fact) for name, fact in doubt.facts.items()}
    return words(f"doubt.{doubt.code}", **facts)


def _item(words: Words, doubt: CheckResult | None, name: str | None) -> str:
    if doubt is None or not figure_text.has(words, f"doubt.{doubt.code}"):
        return elements.untranslated(name or "")
    return escape(sentence(words, doubt))


def _fact_text(words: Words, name: str, fact: Fact) -> str:
    if isinstance(fact, str):
        if name in DAYS:
            return words.day(date.fromisoformat(fact))
        if name in NAMED:
            return figure_text.named(words, name, fact)
        return words.place(fact) if name == "place" else fact
    if name == "share":
        return words.percent(fact)
    return words.times(fact) if name == "times" else words.number(fact)
