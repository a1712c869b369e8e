"""The page that explains the words: complete in every language, and true to the rules it quotes."""

from html import escape

import pytest

from data.schema import codes
from surges.rule import RECENT
from visuals.html import method
from visuals.language.glossary import terms
from visuals.language.words import LANGUAGES, Words

ALL = pytest.mark.parametrize("language", LANGUAGES)


@ALL
def test_whatever_a_figure_says_of_itself_is_explained(language):
    """A group, kind or caveat without an entry sends its reader to guess."""
    words, shown = Words(language), method.explained(Words(language))
    keys = [
        *(f"group.{code}" for code in codes.POPULATION_GROUPS),
        *(f"measure.{code}" for code in codes.MEASURES),
        *(f"unit.{code}" for code in codes.UNITS if code not in method.PLAIN_UNITS),
        *(f"caveat.{code}" for code in codes.CAVEATS),
        *(f"missing.{code}" for code in codes.MISSING_REASONS),
    ]
    assert [key for key in keys if escape(words(key)) not in shown] == []


@ALL
def test_the_terms_are_named_as_the_glossary_names_them(language):
    shown = method.explained(Words(language))
    on_page = [term for term in terms() if term.on_page]
    assert len(on_page) >= 8
    for term in on_page:
        assert f"<dt><b>{escape(term.names[language])}</b></dt>" in shown


@ALL
def test_definitions_differ_from_each_other(language):
    """A text copied under a second key would explain the wrong word."""
    words = Words(language)
    texts = [words(f"definition.group.{code}") for code in codes.POPULATION_GROUPS]
    assert len(set(texts)) == len(texts)


@ALL
def test_the_baseline_is_explained_with_the_months_that_the_rule_takes(language):
    """Another window in the rule would leave a wrong explanation under every alert."""
    assert str(round(RECENT / 30.4)) in Words(language)("glossary.baseline")
