"""The masthead by mouse and by keyboard, and what happens when the line drops."""

import pytest

from visuals.language.words import Words


def test_a_language_is_one_press_and_keeps_the_page(app, sheet):
    tab = sheet()
    tab.open(app.at("place", place="TUR031", lang="en"))
    asked = len(tab.requests)
    tab.page.get_by_role("button", name="العربية").click()
    tab.page.wait_for_function("() => document.documentElement.dir === 'rtl'")
    tab.settle()
    assert "place=TUR031" in tab.page.url
    assert "lang=ar" in tab.page.url
    assert tab.page.get_by_role("heading", name=Words("ar").place("TUR031")).first.is_visible()
    chosen = tab.page.locator("[data-testid=stSelectbox] input").first.input_value()
    assert Words("ar").place("TUR031") in chosen
    assert not [r for r in tab.requests[asked:] if r.resource_type == "document"]


def test_a_link_within_the_dashboard_loads_no_page_anew(app, sheet):
    """On 50 kbit/s a page loaded anew is a minute; a round trip is a second."""
    tab = sheet()
    tab.open(app.at(lang="en"))
    asked = len(tab.requests)
    tab.page.get_by_role("link", name="1,182,989").first.click()
    tab.page.wait_for_url("**/figure?**")
    tab.settle()
    assert tab.page.get_by_role("heading", name=Words("en")("papers.title")).is_visible()
    assert not [r for r in tab.requests[asked:] if r.resource_type == "document"]
    tab.page.go_back()
    tab.page.wait_for_function("() => location.pathname === '/'")
    tab.settle()
    title = Words("en")("situation.title")
    assert tab.page.get_by_role("heading", name=title).first.is_visible()


def test_every_page_and_choice_is_reached_by_keyboard(app, sheet):
    tab = sheet()
    tab.open(app.at(lang="en"))
    reached = []
    for _ in range(25):
        tab.page.keyboard.press("Tab")
        reached.append(tab.page.evaluate("() => document.activeElement.dataset.id ?? ''"))
    for wanted in ("home", "map", "sources", "known", "en", "ar", "tr"):
        assert wanted in reached
    tab.page.focus(".nz-mast > nav [data-id=sources]")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url("**/sources?**")
    tab.settle()
    here = tab.page.locator(".nz-mast > nav [aria-current=page]")
    assert here.inner_text() == Words("en")("sources.nav")


def test_a_day_of_the_past_is_in_the_address_and_on_the_page(app, sheet):
    tab = sheet()
    tab.open(app.at(lang="en"))
    tab.page.locator("[data-id=known]").click()
    tab.page.locator(".nz-known input").fill("2020-02-17")
    tab.page.wait_for_url("**known=2020-02-17**")
    tab.settle()
    assert tab.page.get_by_text("900,000").first.is_visible()
    tab.keep("situation-known-2020-02-17")
    tab.page.locator("[data-id=now]").click()
    tab.page.wait_for_url(lambda url: "known" not in url)
    tab.settle()
    assert tab.page.get_by_text("1,182,989").first.is_visible()


def test_a_lost_line_is_said_and_the_page_stays(app, sheet):
    tab = sheet()
    tab.open(app.at(lang="ar"))
    said = "() => getComputedStyle(document.querySelector('.nz-mast'), '::after').content"
    assert tab.page.evaluate(said) in ("none", "normal")
    tab.page.evaluate("() => document.querySelector('.stApp').dataset.testConnectionState = 'X'")
    assert Words("ar")("app.offline") in tab.page.evaluate(said)
    assert tab.page.get_by_text("1,182,989").first.is_visible()


def test_a_mistyped_address_shows_a_first_page_that_can_be_used(app, sheet):
    """Streamlit's own dialog is unseen and in English, and would keep the mouse off the page."""
    tab = sheet()
    tab.open(app.at("nosuchpage", lang="en"))
    tab.page.get_by_role("link", name=Words("en")("map.nav")).first.click(timeout=10_000)
    tab.page.wait_for_url("**/map?**")


@pytest.mark.parametrize(
    ("day", "undated", "said"),
    [
        ("2020-02-11", False, ("about 700,000",)),
        ("2020-03-06", False, ("nearly 1,000,000",)),
        ("2020-02-11", True, ("nearly 3,600,000", "4,000,000")),
    ],
)
def test_what_was_said_in_february_2020_is_three_steps_away(app, sheet, day, undated, said):
    """Open the box, give the day, and where nobody knows when it was published, show it too."""
    tab, words = sheet(), Words("en")
    tab.open(app.at("", lang="en"))
    tab.page.locator("[data-id=known]").click()
    tab.page.locator(".nz-known input").fill(day)
    tab.page.wait_for_url(f"**known={day}**")
    tab.settle()
    if undated:
        tab.page.get_by_role("link", name=words("known.show")).click()
        tab.page.get_by_text(words("known.shown")).wait_for()
        tab.settle()
    cards = tab.page.locator(".nz-cards").inner_text()
    for number in said:
        assert number in cards
    tab.keep(f"claim-{day}-{'undated' if undated else 'dated'}")
    assert not tab.errors
