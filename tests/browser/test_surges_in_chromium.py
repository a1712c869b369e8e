"""The Surges page on a day when something fires, as an officer in February 2020 had it."""

import pytest

DAY = "2020-02-13"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_active_surge_leads_to_its_papers_and_its_place(app, sheet, language):
    """A number that cannot be traced is useless; keyboard alone must reach it."""
    tab = sheet(390)
    tab.open(app.at("surges", lang=language, known=DAY))
    card = tab.page.locator(".nz-card")
    assert card.count() == 1
    assert "196,000" in card.inner_text()
    for width in (390, 1440):
        tab.page.set_viewport_size({"width": width, "height": 900})
        tab.keep(f"surges-{DAY}-{language}-{width}")
        assert tab.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    link = card.locator(".nz-value a")
    link.focus()
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url("**/figure?**")
    tab.settle()
    assert "586,000" in tab.page.locator(".stMainBlockContainer").inner_text()
    assert not tab.errors
