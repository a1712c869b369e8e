"""The Surges page on a day when something fires, as an officer in February 2020 had it."""

from tests.effort import in_each_language
from visuals.language.words import Words

DAY = "2020-02-13"


@in_each_language()
def test_an_active_surge_leads_to_its_provenance_and_its_place(app, sheet, language):
    """A number that cannot be traced is useless; keyboard alone must reach it."""
    tab, words = sheet(390), Words(language)
    tab.open(app.at("surges", lang=language, known=DAY))
    card = tab.page.locator(".nz-card", has_text=words.number(196_000))
    assert card.count() == 1
    for width in (390, 1440):
        tab.page.set_viewport_size({"width": width, "height": 900})
        tab.keep(f"surges-{DAY}-{language}-{width}")
        # No round was published then: the page goes on without that part.
        assert not tab.page.locator(".stException").count()
        assert tab.page.get_by_text(words("surges.score")).first.is_visible()
        assert tab.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    link = card.locator(".nz-value a")
    link.focus()
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url("**/figure?**")
    tab.settle()
    assert words.number(586_000) in tab.page.locator(".stMainBlockContainer").inner_text()
    assert not tab.errors


@in_each_language()
def test_a_past_surge_opens_with_what_was_reported_around_it(app, sheet, language):
    """From the list of all alerts to one of them, with its sentences, on a phone."""
    tab = sheet(390)
    tab.open(app.at("surges", lang=language))
    listed = tab.page.locator("details").last
    listed.locator("summary").click()
    listed.locator("a[href*='surge=']").first.click()
    tab.page.wait_for_url("**surge=**")
    tab.settle()
    assert tab.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    text = tab.page.locator(".stMainBlockContainer").inner_text()
    words = Words(language)
    assert words("context.title") in text
    assert words("context.not_fetched") in text  # a fresh machine has none, and says so
    tab.keep(f"one-surge-{language}-390")
    assert not tab.errors


def test_a_surge_that_nobody_knows_is_said_to_be_none(app, sheet):
    tab = sheet(1440)
    tab.open(app.at("surges", lang="en", surge="0123456789abcdef"))
    assert (
        "There was no alert with this name"
        in tab.page.locator(".stMainBlockContainer").inner_text()
    )
    assert not tab.errors
