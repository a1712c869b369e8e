"""A number is accepted or rejected on these sentences: each reader must understand them."""

from datetime import UTC, datetime
from string import Formatter

import pytest

from data.schema.check_results import SENTENCES, CheckResult
from data.store.status import Status, from_bytes
from tests import builders
from tests.builders import doubts, years
from visuals.html import check_results as words_of
from visuals.language.words import LANGUAGES, Words, catalogue

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def facts(code):
    """What the sentence of a doubt needs, of the kind that it formats."""
    days = {
        "went_back": {"was": "2025-12-31", "now": "2024-12-31"},
        "no_value": {"was": "2025-12-31"},
    }
    texts = {"group": "IDP", "place": "SY07", "day": "2025-10-31", "measure": "stock"}
    texts |= {"unit": "people", "round": "41", "table": "funding", "column": "requirements"}
    texts |= {"source": "report_figures"}
    names = [name for _, name, _, _ in Formatter().parse(SENTENCES[code]) if name]
    numbers = {"share": 0.123, "times": 5.0}
    given = {name: texts.get(name, numbers.get(name, 1_234_567)) for name in names}
    return given | days.get(code, {})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", SENTENCES)
def test_every_doubt_has_its_sentence_with_all_its_facts_in_every_language(code, language):
    doubt, words = CheckResult(code, facts(code)), Words(language)
    said = words_of.sentence(words, doubt)
    assert "{" not in said
    holes = {
        name for _, name, _, _ in Formatter().parse(catalogue(language)[f"doubt.{code}"]) if name
    }
    # Where reports wait, the page shows them itself and names no command.
    assert holes == set(doubt.facts) - ({"source"} if code == "reports" else set())
    for name, fact in doubt.facts.items():
        if isinstance(fact, int):
            assert words.number(fact) in said, name
    assert "SY07" not in said  # a reader knows Idleb by its name
    assert doubt.sentence.count("{") == 0


def test_no_words_are_left_of_a_doubt_that_is_no_more():
    for language in LANGUAGES:
        keys = {key for key in catalogue(language) if key.startswith("doubt.")}
        assert keys == {f"doubt.{code}" for code in SENTENCES}


def test_what_is_held_can_be_said_in_arabic_after_a_night_on_disk():
    found = doubts(years(10_000, 11_000), years(1_000, 1_100))
    told = tuple(doubt.sentence for doubt in found)
    kept = Status("example").after(
        NOW, "held", "Look.", held_fetch="f", held_reasons=told, held_doubts=tuple(found)
    )
    again = from_bytes(kept.to_bytes())
    assert again == kept
    listed = words_of.listed(Words("ar"), again.held_doubts, again.held_reasons)
    assert listed.count("<li>") == len(found)
    assert Words("ar").place(str(found[0].facts["place"])) in listed
    assert 'lang="en"' not in listed


def test_what_an_earlier_version_held_keeps_its_english_sentence():
    """After an upgrade, what waits still says why; what a newer one holds too, after a way back."""
    before = from_bytes(
        b'{"source": "x", "last_attempt": null, "last_success": null, "last_change": null,'
        b' "failures": 1, "outcome": "held", "sentence": "s", "held_fetch": "f",'
        b' "held_reasons": ["<Much> is gone."], "newest_as_of": null, "figures": 3, "attempts": []}'
    )
    assert before.held_doubts == ()
    said = words_of.listed(Words("tr"), before.held_doubts, before.held_reasons)
    assert said == '<ul><li><span lang="en" dir="ltr">&lt;Much&gt; is gone.</span></li></ul>'
    newer = (CheckResult("of_tomorrow", {"x": 1}),)
    assert "Odd." in words_of.listed(Words("tr"), newer, ("Odd.",))


def test_facts_are_plain_numbers_and_texts_whatever_the_frames_hold():
    """They are stored as JSON; a number of pandas' own would come back as text."""
    more = builders.figures({"value": 90_000}, {"value": 80_000, "place_code": "SY0703"})
    few = years(10_000, 11_000, 70_000)
    for found in (
        doubts(more.iloc[:1], more),
        doubts(few, few.iloc[:2]),
        doubts(few.iloc[:2], few),
    ):
        assert found
        for doubt in found:
            kept = from_bytes(Status("x", held_doubts=(doubt,)).to_bytes())
            assert kept.held_doubts == (doubt,)
            assert {type(fact) for fact in doubt.facts.values()} <= {int, float, str}
