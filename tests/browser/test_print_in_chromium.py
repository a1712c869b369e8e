"""What is printed for a meeting: two sheets, the numbers on them, nothing that is only pressed."""

import re

import pytest

from tests.effort import in_each_language
from visuals.language.words import Words


@pytest.mark.parametrize(
    ("page", "choices", "said"),
    [
        ("", {}, "944,801"),
        pytest.param("place", {"place": "SY070301"}, "537,713", marks=pytest.mark.wide),
        ("place", {"place": "SY07"}, "1,182,989"),
    ],
)
@in_each_language("en", "ar")
def test_the_situation_and_a_place_are_two_sheets(app, sheet, page, choices, said, language):
    tab = sheet()
    tab.open(app.at(page, lang=language, **choices))
    printed = tab.page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
    tab.page.emulate_media(media="print")
    assert tab.page.get_by_text(said).first.is_visible()
    for left_out in (".nz-find", ".nz-more", ".stDownloadButton", "[data-testid=stSelectbox]"):
        assert not tab.page.locator(f"{left_out}:visible").count(), left_out
    title = Words(language)("download.title")
    assert not tab.page.get_by_role("heading", name=title).locator("visible=true").count()


@pytest.mark.parametrize("series", ["", "rate"])
def test_a_map_says_on_paper_what_it_is_and_where_it_is_found(app, sheet, series):
    """Its choices are left out on paper: without them nobody knows what the circles count."""
    tab = sheet()
    tab.open(app.at("map", lang="en", level="1", **({"series": series} if series else {})))
    page = tab.page
    page.wait_for_selector(".nz-stage a[aria-label]")
    tab.settle()
    assert not page.locator(".nz-paper >> visible=true").count()
    page.emulate_media(media="print")
    title = page.locator(".nz-atlas h2").inner_text()
    assert title
    assert page.locator(".nz-stage > svg").get_attribute("aria-label").startswith(title)
    credit = page.locator("p.nz-paper >> visible=true").inner_text()
    for said in ("Licence", "/map?", "day=", "level=1"):
        assert said in credit


@pytest.mark.parametrize("page", ["map", pytest.param("place", marks=pytest.mark.wide)])
def test_a_dark_screen_prints_dark_letters_on_white(app, sheet, page):
    """Letters of the dark theme were printed as they are: white on white."""
    tab = sheet(color_scheme="dark")
    tab.open(app.at(page, lang="en"))
    tab.page.wait_for_selector(".nz-stage a[aria-label], .nz-cards, .nz table")
    tab.page.emulate_media(media="print", color_scheme="dark")
    light = """all => all.filter(at => at.checkVisibility() && at.textContent.trim())
      .map(at => getComputedStyle(at).color.match(/[\\d.]+/g).map(Number))
      .filter(([red, green, blue]) => red + green + blue > 380).length"""
    letters = tab.page.locator(".stApp :is(h1, h2, h3, p, td, th, li, a, text)")
    assert letters.count() > 5
    assert letters.evaluate_all(light) == 0
    ground = "at => getComputedStyle(at).fill"
    if page == "map":
        near = tab.page.locator(".nz-stage .near").first.evaluate(ground)
        assert near == "rgb(248, 246, 240)"


def test_charts_of_a_place_are_printed_two_to_a_row(app, sheet):
    tab = sheet()
    tab.open(app.at("place", place="SY07"))
    tab.page.emulate_media(media="print")
    charts = tab.page.locator(".nz-drawing >> visible=true")
    first, second = charts.nth(0).bounding_box(), charts.nth(1).bounding_box()
    assert abs(first["y"] - second["y"]) < 20
    assert first["x"] + first["width"] <= second["x"]
