"""One word for each thing on every page, and numbers that agree with their nouns."""

import re
from collections import defaultdict

import pytest
from babel import Locale

from visuals.language.glossary import Term, terms
from visuals.language.words import LANGUAGES, Words, catalogue

ALL = pytest.mark.parametrize("language", LANGUAGES)
FORMS = frozenset({"zero", "one", "two", "few", "many", "other"})
COUNTED = (
    "alerts|bytes|characters|crossings|dates|days|decisions|differences|documents|events|"
    "figures|files|hours|households|individuals|lines|minutes|months|movements|numbers|people|"
    "periods|places|reports|rows|series|sites|sources|totals|years"
)
ONE_AS_MANY = {
    "en": re.compile(rf"(?<!of )\{{\w+\}} (?:[a-z-]+ )?(?:{COUNTED})\b"),
    "ar": re.compile(r"\{\w+\}\u2069? (?:\w+اً|أضعاف|أيام|يوم|أشهر|مرات|شخص|حرف)(?!\w)"),
}
"""A number before a noun that only fits some numbers: "1 figures", "5 يوماً"."""
NEVER_ONE = {
    "en": {
        "alert.summed": "a sum is of two figures or more",
        "downloads.too_many": "a limit of thousands",
        "provenance.bytes": "the size of a document",
        "surges.none": "series reads the same for one",
        "surges.unheard": "series reads the same for one",
        "surges.rank": "the rule's own constants",
        "surges.rule.1": "the rule's own constants",
        "surges.rule.2": "the rule's own constants",
        "surges.rule.3": "the rule's own constants",
    },
    "ar": {},
}


def _pattern(word: str, language: str) -> re.Pattern[str]:
    """A whole word; a star takes any ending, and Arabic its article and prefixes."""
    before = r"(?<!\w)(?:[وفبكل]?(?:ال|لل)?)" if language == "ar" else r"(?<!\w)"
    body, after = re.escape(word.rstrip("*")), "" if word.endswith("*") else r"(?!\w)"
    return re.compile(before + body + after, re.IGNORECASE)


def _bare(text: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", text)


def _found(term: Term, language: str) -> list[tuple[str, str]]:
    """Key and word of every text that says the term with a word that is not used for it."""
    patterns = [(word, _pattern(word, language)) for word in term.avoid.get(language, ())]
    return [
        (key, word)
        for key, text in catalogue(language).items()
        if key not in term.keep
        for word, pattern in patterns
        if pattern.search(_bare(text))
    ]


@ALL
@pytest.mark.parametrize("term", terms(), ids=lambda term: term.id)
def test_each_thing_is_said_with_its_own_word(term, language):
    """Two words for one thing read as two things: "papers" beside "source and history"."""
    assert _found(term, language) == []


@pytest.mark.parametrize("term", [t for t in terms() if t.keep], ids=lambda term: term.id)
def test_an_exception_is_still_needed(term):
    """An exception that outlives its text would let the word back in."""
    free = Term(term.id, term.names, term.avoid, frozenset(), term.on_page)
    met = {key for language in LANGUAGES for key, _ in _found(free, language)}
    assert term.keep <= met


@pytest.mark.parametrize(
    ("word", "language", "text", "is_met"),
    [
        ("vintage", "en", "Three Vintage figures", True),
        ("dead", "en", "deadline", False),
        ("rakam*", "tr", "bu rakamdan", True),
        ("جواب", "ar", "مع الجواب", True),
        ("وثائق", "ar", "بالوثائق", True),
        ("أبواب", "ar", "والأبواب", True),
        ("المنهج", "ar", "المنهجية", False),
        ("{} people", "en", "{number} people", True),
    ],
)
def test_a_word_is_met_whole_and_with_its_languages_endings(word, language, text, is_met):
    assert bool(_pattern(word, language).search(_bare(text))) is is_met


def _plurals() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for key in catalogue("en"):
        stem, _, form = key.rpartition(".")
        if form in FORMS:
            found[stem].add(form)
    return {stem: forms for stem, forms in found.items() if len(forms) > 1}


@ALL
def test_a_counted_text_has_every_plural_of_the_language(language):
    """Arabic counts in six forms; without one of them the page fails on that number."""
    rules = set(Locale.parse(Words(language).locale).plural_form.rules) | {"other"}
    lacking = {stem: rules - forms for stem, forms in _plurals().items() if not rules <= forms}
    assert len(_plurals()) >= 6
    assert lacking == {}


@pytest.mark.parametrize("language", list(ONE_AS_MANY))
def test_no_number_stands_before_a_noun_that_fits_only_some(language):
    """No "1 figures" and no "5 يوماً": plural keys, or the number behind a colon."""
    texts = {
        key: text
        for key, text in catalogue(language).items()
        if key.rpartition(".")[2] not in FORMS
    }
    met = {key for key, text in texts.items() if ONE_AS_MANY[language].search(text)}
    assert met == set(NEVER_ONE[language])
