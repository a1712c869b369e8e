"""Pages in the dark and under a finger: `test_access_in_chromium.py` opens all in each language."""

import pytest

from dashboard.shell.navigation import PAGES
from tests.browser.conftest import TOUCH

ADDRESSES = [(page.name, "" if page is PAGES[0] else page.name) for page in PAGES if page.shown]


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
    tab = sheet(390, **TOUCH)
    tab.open(app.at(path, lang="tr"))
    small = tab.page.evaluate(
        """() => [...document.querySelectorAll(".stMainBlockContainer :is(button, input, summary)")]
          .map((at) => at.type === "checkbox" ? at.closest("label") : at)
          .filter((at) => at.checkVisibility() && at.type !== "range")
          .map((at) => [at.textContent || at.ariaLabel, at.getBoundingClientRect().height])
          .filter(([, high]) => high > 1 && high < 44)"""
    )
    assert small == []
