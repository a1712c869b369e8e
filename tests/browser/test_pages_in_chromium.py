"""What readers get to see, at the widths and in the languages they have."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from dashboard.shell.navigation import PAGES
from tests.browser.conftest import Sheet, opened
from tests.effort import in_each_language

ADDRESSES = [(page.name, "" if page is PAGES[0] else page.name) for page in PAGES if page.shown]
WIDTHS = (390, 768, 1440)
SCROLLED = """() => [...document.querySelectorAll('.nz-wrap')]
  .filter((box) => box.scrollWidth > box.clientWidth + 1)
  .map((box) => box.querySelector('thead')?.textContent)"""
"""Tables of which a part is out of sight until somebody finds out that their box scrolls."""


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[Sheet]:
    """A tab that goes from page to page, as a reader's does: scripts are compiled once."""
    with opened(browser, WIDTHS[0], 900) as tab:
        yield tab


@in_each_language()
@pytest.mark.parametrize(("name", "path"), ADDRESSES)
def test_a_page_fits_and_asks_nobody_else(app, phone, name, path, language):
    """An office with the cable pulled, or one that must not tell others what it reads."""
    tab = phone
    tab.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    tab.requests.clear()
    tab.errors.clear()
    tab.refused.clear()
    tab.open(app.at(path, lang=language))
    for width in WIDTHS:
        tab.page.set_viewport_size({"width": width, "height": 900})
        tab.keep(f"{name}-{language}-{width}")
        root = "document.documentElement"
        assert tab.page.evaluate(f"{root}.dir") == ("rtl" if language == "ar" else "ltr")
        assert tab.page.evaluate(f"{root}.scrollWidth <= window.innerWidth")
        assert tab.page.evaluate(SCROLLED) == []
    hosts = {urlsplit(request.url).hostname for request in tab.requests}
    assert hosts - {None} == {"127.0.0.1"}
    assert not tab.errors
    assert not tab.refused, "the page's own policy stopped a part of it"


@pytest.mark.wide
@pytest.mark.parametrize(("name", "path"), ADDRESSES)
def test_a_page_is_kept_in_the_dark_too(app, sheet, name, path):
    tab = sheet(color_scheme="dark")
    tab.open(app.at(path, lang="en"))
    tab.keep(f"{name}-dark")
    colour = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    assert tab.page.evaluate(colour) == "rgb(20, 25, 30)"


@pytest.mark.parametrize("path", ["charts", "downloads", "compare"])
def test_a_finger_finds_every_field_and_button(app, sheet, path):
    """44 pixels; a box that is ticked is as high as its label, which ticks it too."""
    tab = sheet(WIDTHS[0], has_touch=True, is_mobile=True)
    tab.open(app.at(path, lang="tr"))
    small = tab.page.evaluate(
        """() => [...document.querySelectorAll(".stMainBlockContainer :is(button, input, summary)")]
          .map((at) => at.type === "checkbox" ? at.closest("label") : at)
          .filter((at) => at.checkVisibility() && at.type !== "range")
          .map((at) => [at.textContent || at.ariaLabel, at.getBoundingClientRect().height])
          .filter(([, high]) => high > 1 && high < 44)"""
    )
    assert small == []
