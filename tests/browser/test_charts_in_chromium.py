"""The chart studio in a reader's hands."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.effort import one_in
from visuals.language.words import Words

TOUCHING = """() => [...document.querySelectorAll('svg')].flatMap((svg) => {
  const box = (text) => text.getBoundingClientRect();
  const seen = [...svg.querySelectorAll('text')].filter((text) => box(text).width);
  return seen.filter((text) => text.matches('.event')).flatMap((one) => seen
    .filter((other) => other !== one
      && box(other).left <= box(one).right && box(one).left <= box(other).right
      && box(other).top <= box(one).bottom && box(one).top <= box(other).bottom)
    .map((other) => `${one.textContent} on ${other.textContent}`));
})"""
"""Numbers of events that stand on another number or letter of their drawing."""
EVENTS = "() => [...document.querySelectorAll('text.event')].filter(t => t.getClientRects().length)"


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
    # Who cannot see the drawing hears what it shows now.
    tab.page.locator(".nz-mast > [role=status]", has_text=first[:4]).wait_for(state="attached")
    assert tab.page.get_by_text(Words("en")("charts.brush")).is_visible()
    assert not tab.errors


@pytest.mark.parametrize("width", one_in(3, [390, 768, 1440]))
def test_the_numbers_of_events_stand_apart(app, sheet, width):
    """An "11" on a "13" is read as one number, and the reader looks for an event that is none."""
    tab = sheet(width=width)
    for choices in ({}, {"series": "IDP_ARR~flow~movements"}, {"places": "SY07,SY02,TUR031"}):
        tab.open(app.at("charts", lang="en", **choices))
        shown = tab.page.evaluate(f"({EVENTS})().map(t => t.textContent)")
        assert shown, choices
        assert tab.page.evaluate(TOUCHING) == []
        numbers = [int(n) for said in shown for n in said.split("–")]
        assert numbers == sorted(numbers)


def test_the_numbers_of_events_stand_apart_in_the_picture_of_a_report(app, sheet):
    tab = sheet()
    tab.page.goto(app.at("nuzuh/embed/series.svg", places="SY07,SY02", lang="ar"))
    assert tab.page.evaluate(f"({EVENTS})().length") > 3
    assert tab.page.evaluate(TOUCHING) == []
