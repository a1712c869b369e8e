"""The masthead by mouse and by keyboard, and what happens when the line drops."""

import re

import pytest

from dashboard.shell.navigation import PAGES
from tests.browser.conftest import TOUCH, snap
from tests.effort import in_each_language, one_in
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
    assert tab.page.get_by_role("heading", name=Words("en")("provenance.title")).is_visible()
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
    for wanted in ("home", "map", "more", "find", "known", "en", "ar", "tr"):
        assert wanted in reached
    button, panel = tab.page.locator(".nz-more > button"), tab.page.locator("#nz-more")
    button.focus()
    tab.page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    tab.page.keyboard.press("Tab")
    assert panel.locator(":focus").count()
    tab.page.keyboard.press("Escape")
    assert panel.is_hidden()
    assert tab.page.evaluate("() => document.activeElement.dataset.id") == "more"
    tab.page.keyboard.press("Enter")
    panel.locator("[data-id=sources]").focus()
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url("**/sources?**")
    tab.settle()
    assert panel.is_hidden()
    here = panel.locator("[aria-current=page]")
    assert here.text_content() == Words("en")("sources.nav")
    title = Words("en")("sources.title")
    told = tab.page.locator(".nz-mast > [role=status]", has_text=title)
    told.wait_for(state="attached", timeout=10_000)


@pytest.mark.parametrize("key", one_in(2, ["/", "Control+k"]))
def test_the_search_is_one_key_away_and_no_key_is_taken_from_a_text(app, sheet, key):
    """Whoever opens this every morning types a place at once; `/` in a field stays a letter."""
    tab = sheet()
    tab.open(app.at("place", lang="en", place="SY070301"))
    field = tab.page.locator(".nz-find input")
    there = "() => document.activeElement.matches('.nz-find input')"
    tab.page.keyboard.press(key)
    tab.page.wait_for_function(there)
    tab.page.keyboard.type("Dana")
    tab.page.keyboard.press(key)
    assert tab.page.evaluate(there)
    assert field.input_value() == ("Dana/" if key == "/" else "Dana")


ROW = """() => {
  const mast = document.querySelector(".nz-mast"), box = mast.getBoundingClientRect();
  const inside = [...mast.children].filter((at) => at.checkVisibility()
    && !at.matches(".nz-skip, [role=status]")).map((at) => at.getBoundingClientRect());
  const pages = new Set([...mast.querySelectorAll("nav a")].map((at) => at.dataset.id));
  return {
    high: box.height,
    out: inside.filter((at) => at.left < box.left - 1 || at.right > box.right + 1).length,
    under: inside.filter((at) => at.top > inside[0].bottom || at.bottom < inside[0].top).length,
    pages: pages.size, links: mast.querySelectorAll("nav a").length,
    row: [...mast.querySelectorAll(":scope > nav a")].filter((at) => at.checkVisibility()).length,
    wide: document.documentElement.scrollWidth - innerWidth,
  };
}"""


@in_each_language()
def test_the_head_is_one_row_at_every_width_and_every_page_is_in_it(app, sheet, language):
    """Two rows at 1440 and four on a phone left little of the screen to the figures."""
    tab = sheet(1440)
    tab.open(app.at(lang=language))
    shown = len([page for page in PAGES if page.shown])
    for width, least, most in ((1440, 4, 6), (1024, 2, 6), (768, 1, 6), (390, 0, 0)):
        tab.page.set_viewport_size({"width": width, "height": 900})
        tab.page.wait_for_timeout(150)
        row = tab.page.evaluate(ROW)
        assert row["high"] < 70, (width, row)
        assert (row["out"], row["under"]) == (0, 0), (width, row)
        assert row["wide"] <= 0, (width, row)
        assert row["pages"] == row["links"] == shown
        assert least <= row["row"] <= most, (width, row)
        tab.page.locator(".nz-more > button").click()
        panel = tab.page.locator("#nz-more")
        box = panel.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        snap(tab.page, f"head-{language}-{width}")
        if width == 390:
            assert panel.locator("[data-id=light]").is_visible()
            panel.locator("[data-id=known]").click()
            assert panel.locator(".nz-known input").is_visible()
        tab.page.mouse.click(4, 890)
        assert panel.is_hidden()


WIDER = """() => {
  document.querySelector(".nz-mast").style.letterSpacing = ".2em";
  const before = document.querySelectorAll(".nz-mast > nav a").length;
  return before;
}"""


@pytest.mark.wide
def test_the_head_fits_again_once_its_letters_have_come(app, sheet):
    """In Turkish, the longest, a language stood out of the row where the font came late."""
    tab = sheet(1440)
    tab.open(app.at("map", lang="tr"))
    before = tab.page.evaluate(WIDER)
    tab.page.wait_for_timeout(300)
    row = tab.page.evaluate(ROW)
    assert row["out"] == 0
    assert row["row"] < before


def test_a_finger_finds_everything_of_the_head(app, sheet):
    """44 pixels, as a thumb on a moving bus needs; and nothing tells of keys that are not there."""
    tab = sheet(390, **TOUCH)
    tab.open(app.at(lang="ar"))
    tab.page.locator(".nz-more > button").tap()
    small = tab.page.evaluate(
        """() => [...document.querySelectorAll(".nz-mast :is(a, button, summary, input)")]
          .filter((at) => at.checkVisibility() && !at.matches(".nz-skip"))
          .map((at) => [at.dataset.id, at.getBoundingClientRect().height])
          .filter(([, high]) => high < 44)"""
    )
    assert small == []
    said = tab.page.locator(".nz-mast").inner_text()
    assert not re.search(r"Ctrl|Enter|Esc", said)


@pytest.mark.wide
def test_dark_light_and_automatic_are_kept_for_the_next_visit(app, sheet):
    """A tent at night and a sunny road: whatever the machine itself is set to."""
    tab = sheet(color_scheme="light")
    tab.open(app.at(lang="en"))
    ground = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    light = tab.page.evaluate(ground)
    tab.page.locator(".nz-more > button").click()
    with tab.page.expect_navigation():
        tab.page.locator("[data-id=themeDark]").click()
    tab.settle()
    dark = tab.page.evaluate(ground)
    assert dark != light
    tab.open(app.at("map", lang="en"))
    assert tab.page.evaluate(ground) == dark
    assert tab.page.evaluate(
        "getComputedStyle(document.querySelector('.nz-stage .near')).fill"
    ) != ("rgb(248, 246, 240)")
    tab.page.locator(".nz-more > button").click()
    with tab.page.expect_navigation():
        tab.page.locator("#nz-more [data-id=theme]").click()
    tab.settle()
    assert tab.page.evaluate(ground) == light


def test_whoever_waits_is_offered_the_light_edition(app, sheet):
    """On 50 kbit/s the dashboard takes a minute to come; the light page is there in seconds."""
    tab = sheet(alone=True)
    tab.page.route("**/static/js/**", lambda route: None)
    tab.page.goto(app.at("map", lang="ar"), wait_until="commit")
    tab.page.get_by_text(Words("ar")("app.loading")).wait_for(timeout=15_000)
    link = tab.page.get_by_role("link", name=Words("ar")("app.slow"))
    link.wait_for(timeout=15_000)
    assert link.get_attribute("href") == "./nuzuh/light/ar/index.html"


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
    one_in(
        3,
        [
            ("2020-02-11", True, ("nearly 3,600,000", "4,000,000")),
            ("2020-02-11", False, ("about 700,000",)),
            ("2020-03-06", False, ("nearly 1,000,000",)),
        ],
    ),
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
