"""The page that sets the sources side by side, as readers see it."""

from urllib.parse import urlsplit

import pytest

CAMPS = {"place": "SY07", "group": "IDP", "on": "2025-12-07"}
FEBRUARY = {"place": "X-SYR-NW", "group": "NEWDISP", "on": "2020-02-29"}


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
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
