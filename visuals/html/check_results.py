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


def listed(words: Words, results: tuple[CheckResult, ...], english: tuple[str, ...]) -> str:
    """Check results as an HTML list.

    Args:
        words: The reader's.
        results: What the checks found; empty where an earlier version looked.
        english: Their sentences in English, for a result that has no words here.
    """
    items = "".join(
        f"<li>{_item(words, result, sentence)}</li>"
        for result, sentence in zip_longest(results, english)
    )
    return f"<ul>{items}</ul>" if items else ""


def sentence(words: Words, result: CheckResult) -> str:
    """One check result as a sentence.

    Raises:
        KeyError: A result that the catalogue has no words for.
    """
    facts = {name: _fact_text(words, name, fact) for name, fact in result.facts.items()}
    return words(f"doubt.{result.code}", **facts)


def _item(words: Words, result: CheckResult | None, english: str | None) -> str:
    if result is None or not figure_text.has(words, f"doubt.{result.code}"):
        return elements.untranslated(english or "")
    return escape(sentence(words, result))


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
