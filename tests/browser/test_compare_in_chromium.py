"""The page that sets the sources side by side, as readers see it."""

from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from data.store import FigureFilter, Store
from tests.effort import first_of_each, in_each_language
from visuals.language.words import Words

FEBRUARY = {"place": "X-SYR-NW", "group": "NEWDISP", "on": "2020-02-29"}


@first_of_each(width=[390, 1440], scheme=["light", "dark"], language=["ar", "en"])
def test_february_2020_fits_and_asks_nobody_else(app, sheet, language, scheme, width):
    """A reader on a phone sees the three numbers and each reason without scrolling sideways."""
    tab = sheet(width, color_scheme=scheme)
    tab.open(app.at("compare", lang=language, **FEBRUARY))
    tab.page.wait_for_selector("table")
    tab.keep(f"compare-{language}-{scheme}-{width}")
    text = tab.page.inner_text(".stMainBlockContainer")
    for number in ("742,109", "375,000", "948,000"):
        assert number in text
    root = "document.documentElement"
    assert tab.page.evaluate(f"{root}.scrollWidth <= window.innerWidth")
    assert {urlsplit(r.url).hostname for r in tab.requests} - {None} == {"127.0.0.1"}
    assert not tab.errors


@in_each_language("en", "ar")
def test_a_known_contradiction_is_one_click_away(app, sheet, language):
    """Its link carries place, group and day as codes, so it opens in any language."""
    tab = sheet()
    tab.open(app.at("compare", lang=language))
    tab.page.get_by_text(Words(language)("compare.known_cases"), exact=True).click()
    tab.page.locator("a[href*='on=2025-12-07']").click()
    tab.settle()
    tab.page.wait_for_url("**on=2025-12-07**")
    for number in ("9,503", "8,497"):
        # The address changes before the page does.
        tab.page.get_by_text(number).first.wait_for(timeout=60_000)
    tab.keep(f"compare-camps-{language}")


def turkiye_2025(app) -> str:
    figures = Store(str(app.store)).current().figures(FigureFilter(place=("TUR",), group=("REF",)))
    found = figures[figures["value"].eq(2_347_756) & figures["source"].eq("unhcr_population")]
    return str(found["figure_id"].iloc[0])


@first_of_each(width=[390, 1440], language=["ar", "en"])
def test_a_numbers_life_and_the_file_it_came_from(app, sheet, language, width):
    """The stored copy comes down as a file whose bytes hash to what the page says."""
    tab = sheet(width)
    tab.open(app.at("figure", lang=language, figure=turkiye_2025(app)))
    tab.page.wait_for_selector(".nz-drawing svg .life:visible")
    tab.keep(f"figure-life-{language}-{width}")
    root = "document.documentElement"
    assert tab.page.evaluate(f"{root}.scrollWidth <= window.innerWidth")
    with tab.page.expect_download() as started:
        tab.page.locator("a[download]").first.click()
    body = Path(started.value.path()).read_bytes()
    assert sha256(body).hexdigest() in tab.page.inner_text(".stMainBlockContainer")
    assert not tab.errors


def test_the_browser_alone_remembers_the_last_visit(app, sheet):
    """No account: the day stays in the reader's browser, and the page goes without it as well."""
    tab = sheet()
    tab.open(app.at(lang="en"))
    text = tab.page.inner_text(".stMainBlockContainer")
    assert "New in the last six months" in text
    kept = tab.page.evaluate("JSON.parse(localStorage.getItem('nuzuh.visits'))")
    assert kept["before"] is None
    long_ago = 1_780_272_000_000  # 1 June 2026
    tab.page.evaluate(
        "at => localStorage.setItem('nuzuh.visits', JSON.stringify({before: null, latest: at}))",
        long_ago,
    )
    tab.open(app.at(lang="en"))
    tab.page.get_by_role("heading", name="Since your last visit").wait_for(timeout=30_000)
    tab.settle()
    tab.keep("since-last-visit-en")
    assert "Since 1 June 2026" in tab.page.inner_text(".stMainBlockContainer")
    again = tab.page.evaluate("JSON.parse(localStorage.getItem('nuzuh.visits'))")
    assert again["before"] == long_ago
    assert not tab.errors


def test_a_browser_that_keeps_nothing_still_gets_the_page(app, sheet):
    tab = sheet(alone=True)
    tab.page.add_init_script(
        "Object.defineProperty(window, 'localStorage',"
        " {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    tab.open(app.at(lang="en"))
    assert "New in the last six months" in tab.page.inner_text(".stMainBlockContainer")
