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


def test_charts_of_a_place_are_printed_two_to_a_row(app, sheet):
    tab = sheet()
    tab.open(app.at("place", place="SY07"))
    tab.page.emulate_media(media="print")
    charts = tab.page.locator(".nz-drawing >> visible=true")
    first, second = charts.nth(0).bounding_box(), charts.nth(1).bounding_box()
    assert abs(first["y"] - second["y"]) < 20
    assert first["x"] + first["width"] <= second["x"]
