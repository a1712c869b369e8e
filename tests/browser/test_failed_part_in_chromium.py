"""What a reader sees where a part of a page failed: a sentence in their language, and a way on."""

from pathlib import Path

import streamlit

from tests.effort import in_each_language
from visuals.language.words import Words

AS_STREAMLIT_DRAWS_IT = """() => {
  const drawn = document.createElement("div");
  drawn.className = "stException";
  drawn.innerHTML = `<div role="alert"><div data-testid="stAlertContentError">
    This app has encountered an error. <a href="https://www.google.com/search">Ask Google</a>
    </div></div>`;
  document.querySelector(".stMainBlockContainer").append(drawn);
}"""


@in_each_language()
def test_a_fault_is_said_in_the_readers_language_and_asks_no_stranger(app, sheet, language):
    tab = sheet(390, 844)
    tab.open(app.at("glossary", lang=language))
    tab.page.evaluate(AS_STREAMLIT_DRAWS_IT)
    fault = tab.page.locator(".stException")
    assert Words(language)("app.failed") in fault.aria_snapshot()
    assert not fault.locator("a >> visible=true").count()
    assert "encountered" not in fault.inner_text()


def test_streamlit_still_draws_faults_by_these_names():
    """Else its English sentence, and links to search engines, would stand on the page again."""
    scripts = Path(streamlit.__file__).parent / "static" / "static" / "js"
    drawn = "".join(path.read_text(encoding="utf-8") for path in scripts.glob("*.js"))
    assert "stException" in drawn
    assert "stAlertContent" in drawn
