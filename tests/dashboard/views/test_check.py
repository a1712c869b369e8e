"""The page Check a text: what is pasted comes back marked, in the reader's language."""

import pytest

from data.analysis.claims import VERDICTS
from tests.dashboard.pages.test_pages import opened, said, served
from visuals.html import claims
from visuals.language.words import LANGUAGES, Words

__all__ = ["served"]

TEXT = "Türkiye hosts 2,347,756 Syrians under temporary protection as of 31 December 2025."


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pasted_text_comes_back_with_its_verdicts(served, language):
    app = opened("check", lang=language)
    words = Words(language)
    assert words("check.private") in said(app)
    app.text_area(key="check-text").set_value(TEXT).run()
    app.button(key="check-run").click().run(timeout=60)
    assert not app.exception
    text = said(app)
    assert words("check.verdict.confirmed") in text
    assert words.number(2_347_756) in text


def test_a_number_is_searched_for_with_what_it_contradicts(served):
    app = opened("check")
    app.text_input(key="check-number").set_value("٩٤٨٬٠٠٠").run()
    text = said(app)
    assert "over 948,000" in text
    # Movements of one month are no contradiction of people since December.
    assert "Another count, not comparable: 375,000 (rounded)" in text
    assert "Contradicted by: 961,300" in text
    app.text_input(key="check-number").set_value("many").run()
    assert Words("en")("check.search.not") in said(app)


def claim(start, end, verdict, raw):
    return {"start": start, "end": end, "verdict": verdict, "raw": raw}


def test_whatever_a_text_holds_is_shown_and_never_run():
    text = '<script>alert(1)</script> 948,000 & "more"'
    at = text.index("948")
    marked = claims.marked(Words("en"), text, [claim(at, at + 7, "confirmed", "948,000")])
    assert "<script>" not in marked
    assert "&lt;script&gt;" in marked
    assert "<mark" in marked


def test_every_verdict_is_told_in_words_and_by_its_line():
    """Colour alone would tell nothing on paper, nor to one reader in twelve."""
    for code in VERDICTS:
        assert f".nz-v-{code}" in claims.CSS
        for language in LANGUAGES:
            assert Words(language)(f"check.verdict.{code}")
