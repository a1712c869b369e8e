"""The chart studio in a reader's hands."""

from urllib.parse import parse_qs, urlsplit

from visuals.language.words import Words


def test_days_are_marked_on_the_drawing_itself(app, sheet):
    """A reader sees the winter they mean; its first and last day they would have to guess."""
    tab = sheet()
    tab.open(app.at("charts", lang="en", places="SY07,SY02", series="IDP_ARR~flow~movements"))
    chart = tab.page.locator(".nz-brush .nz-roomy svg[data-first]").first
    chart.scroll_into_view_if_needed()
    box, before = chart.bounding_box(), chart.get_attribute("data-first")
    y = box["y"] + box["height"] / 2
    tab.page.mouse.move(box["x"] + box["width"] * 0.5, y)
    tab.page.mouse.down()
    tab.page.mouse.move(box["x"] + box["width"] * 0.75, y, steps=4)
    tab.page.mouse.up()
    tab.page.wait_for_function("() => /from=.*to=|to=.*from=/.test(location.search)")
    tab.settle()
    asked = parse_qs(urlsplit(tab.page.url).query)
    (first,), (last,) = asked["from"], asked["to"]
    assert before < first < last
    shown = tab.page.locator(".nz-brush .nz-roomy svg[data-first]").first
    assert first[:4] <= shown.get_attribute("data-first")[:4]
    assert shown.get_attribute("data-last") <= f"{int(last[:4]) + 1}"
    assert tab.page.get_by_text(Words("en")("charts.brush")).is_visible()
    assert not tab.errors
