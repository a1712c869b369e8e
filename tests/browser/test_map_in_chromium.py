"""The map in a reader's hands: on a bad line, without a mouse, without a line."""

import re
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import TimeoutError as PatienceLost

from data.schema.tables import cited
from data.store import FigureFilter, Store
from tests.browser.conftest import TOUCH, snap
from tests.effort import first_of_each, in_each_language
from visuals.language import figure_text
from visuals.language.words import Words

ARRIVALS = {"series": "published_figures~IDP_ARR~flow~movements~OCHA~IDP_movements"}
IDPS = "dtm_syria_rounds~IDP~stock~people~IOM~DTM_Syria:_mobility_tracking_by_round~BA"
LIMIT = 20_000
"""Bytes that a change of month may bring, all that Streamlit says counted, uncompressed."""
LABELS = """() => [...document.querySelectorAll('.nz-stage g[text-anchor]')]
  .filter(g => g.getAttribute('display') !== 'none')
  .map(g => { const b = g.getBoundingClientRect();
              return [b.left, b.top, b.right, b.bottom, g.textContent]; })"""


class Line:
    """What came over the tab's WebSocket, in bytes."""

    def __init__(self, page):
        self.bytes = 0
        self.compressed = False
        page.on("websocket", self._opened)

    def _opened(self, socket):
        socket.on("framereceived", self._count)

    def _count(self, frame):
        self.bytes += len(frame.encode() if isinstance(frame, str) else frame)

    def taken(self):
        found, self.bytes = self.bytes, 0
        return found


def opened(app, sheet, width=1440, page="map", **choices):
    options = choices.pop("options", {})
    tab = sheet(width, **options)
    tab.line = Line(tab.page)
    tab.open(app.at(page, **choices))
    tab.page.wait_for_selector(".nz-stage a[aria-label]")
    return tab


def asked(tab, ending):
    return [r.url for r in tab.requests if "/nuzuh/kept/" in r.url and r.url.endswith(ending)]


def seen(tab):
    """Left, top, width and height of what the map shows."""
    return [float(n) for n in tab.page.get_attribute(".nz-stage > svg", "viewBox").split()]


def earlier(tab):
    before, told = tab.page.url, tab.page.inner_text(".nz-stage")
    tab.page.locator("[class*=st-key-map-earlier] button").click()
    tab.page.wait_for_function("before => location.href !== before", arg=before)
    # On a busy machine the page stands still for a while before its script runs.
    other = "told => document.querySelector('.nz-stage')?.innerText !== told"
    tab.page.wait_for_function(other, arg=told)
    tab.settle()


@in_each_language()
def test_the_outlines_travel_once_and_a_month_is_small(app, sheet, language):
    """50 kbit/s: 20 kB are three seconds, the outlines would be as much again each time."""
    tab = opened(app, sheet, lang=language, level="3", **ARRIVALS)
    assert len(asked(tab, ".json")) == len(asked(tab, ".js")) == 1
    taken = []
    shown = {tab.page.inner_text(".nz-stage")}
    for _ in range(3):
        tab.line.taken()
        earlier(tab)
        taken.append(tab.line.taken())
        shown.add(tab.page.inner_text(".nz-stage"))
    print(f"\n{language}: bytes for a change of month: {taken}")  # noqa: T201
    assert len(shown) == 4
    assert max(taken) < LIMIT
    assert len(asked(tab, ".json")) == len(asked(tab, ".js")) == 1
    tab.line.taken()
    tab.settle()
    # Another series, as this one has one level.
    before = tab.page.url
    for _ in range(5):  # a list that opens while the page is drawn anew closes again
        tab.page.locator(".stSelectbox").first.click()
        tab.page.locator("[role=option][aria-selected=false]").last.click()
        with suppress(PatienceLost):
            tab.page.wait_for_function(
                "before => location.href !== before", arg=before, timeout=8_000
            )
        if tab.page.url != before:
            break
    assert tab.page.url != before
    tab.settle()
    whole = tab.line.taken()
    print(f"{language}: bytes for a change of series: {whole}")  # noqa: T201
    assert 0 < whole < 2 * LIMIT
    assert len(asked(tab, ".json")) == 1
    hosts = {urlsplit(request.url).hostname for request in tab.requests}
    assert hosts - {None} == {"127.0.0.1"}
    assert not tab.errors


@in_each_language()
def test_every_row_of_a_month_leads_to_the_figure_it_shows(app, sheet, language):
    """Circles travel packed: one id unpacked a byte aside would cite another place's number."""
    tab = opened(app, sheet, lang=language, level="3", series=IDPS)
    earlier(tab)
    rows = tab.page.locator("tr:has(td a[href*='figure='])").evaluate_all(
        """all => all.map(row => [...row.querySelectorAll('td a')].map(
            a => [new URL(a.href).searchParams, a.textContent]).map(
            ([to, text]) => [to.get('place'), to.get('figure'), text]))"""
    )
    held = Store(str(app.store)).current().figures(FigureFilter(group=("IDP",)))
    figures = {row["figure_id"]: row for row in held.to_dict("records")}
    words = Words(language)
    assert len(rows) == tab.page.locator(".nz-stage a .disc").count()
    assert len(rows) > 20
    for (place, _, name), (_, cited_as, number) in rows:
        row = figures[cited(cited_as)]
        assert (place, name) == (row["place_code"], words.place(row["place_code"]))
        assert number == figure_text.value(words, row)


@pytest.mark.wide
def test_a_second_visit_asks_for_no_outlines(app, sheet):
    """An office that opens the page each morning pays for the outlines once."""
    tab = opened(app, sheet, lang="en")
    tab.open(app.at("", lang="en"))
    tab.page.wait_for_selector(".nz-stage a")
    kept = "performance.getEntriesByType('resource').filter(e => e.name.includes('/nuzuh/kept/'))"
    assert tab.page.evaluate(f"{kept}.length") == 2
    assert tab.page.evaluate(f"{kept}.every(e => e.transferSize === 0)")


def test_the_line_is_compressed(app, sheet):
    """Figures and words shrink to a third; the setting must have reached the server."""
    tab = sheet()
    session = tab.page.context.new_cdp_session(tab.page)
    session.send("Network.enable")
    answers = []
    session.on("Network.webSocketHandshakeResponseReceived", lambda e: answers.append(e))
    tab.open(app.at("map", lang="en"))
    headers = {k.lower(): v for a in answers for k, v in a["response"]["headers"].items()}
    session.detach()
    assert "permessage-deflate" in headers["sec-websocket-extensions"]


def test_the_map_works_without_a_mouse(app, sheet):
    tab = opened(app, sheet, lang="en")
    page = tab.page
    page.locator(".nz-stage > svg").focus()
    page.keyboard.press("0")
    whole = seen(tab)
    page.keyboard.press("+")
    near = seen(tab)
    assert near[2] < whole[2]
    page.keyboard.press("ArrowRight")
    assert seen(tab)[0] > near[0]
    page.keyboard.press("-")
    page.keyboard.press("0")
    assert seen(tab)[2] >= whole[2]
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.getAttribute('aria-label')")
    tip = page.locator(".nz-tip")
    assert tip.is_visible()
    name = first.split(":")[0]
    assert name in tip.inner_text()
    for part in first.split(": ", 1)[1].split(" · "):
        assert part in tip.inner_text()
    ring = "getComputedStyle(document.activeElement.querySelector('.disc')).strokeWidth"
    assert page.evaluate(ring) == "3px"
    page.keyboard.press("Escape")
    assert not tip.is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") != first
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    panel = page.locator(".nz-panel")
    panel.locator("li").first.wait_for()
    assert name in panel.inner_text()
    assert page.evaluate("document.activeElement.tagName") == "H3"
    page.keyboard.press("Escape")
    assert panel.is_hidden()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == first
    page.keyboard.press("Enter")
    panel.locator("> a").press("Enter")
    page.wait_for_url(re.compile(r"/place\?.*place="))
    tab.settle()
    assert name in page.locator("h1").first.inner_text()


@in_each_language("en", "ar")
def test_a_press_tells_a_place_without_leaving_the_map(app, sheet, language):
    """Whoever looks at ten places one after the other would go back and forth ten times."""
    tab = opened(app, sheet, lang=language, series=IDPS, level="3")
    before = tab.page.url
    tab.page.locator('.nz-stage a[href$="place=SY070301"] .disc').click(force=True)
    panel = tab.page.locator(".nz-panel")
    panel.locator("li").first.wait_for()
    told = panel.inner_text()
    assert Words(language).place("SY070301") in told
    assert "537,713" in told
    assert tab.page.url == before
    # The map is narrower beside the panel: what lies under the resting hand now was not meant.
    tab.page.wait_for_timeout(300)
    assert not tab.page.locator(".nz-tip").is_visible()
    provenance = panel.locator("li a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert all("figure?" in address and f"lang={language}" in address for address in provenance)
    snap(tab.page, f"map-panel-{language}")
    panel.get_by_role("button").click()
    assert panel.is_hidden()


def test_time_plays_and_stops_at_the_newest(app, sheet):
    """Who explains a winter to others wants it to run while they speak."""
    tab = opened(app, sheet, lang="en", **ARRIVALS, level="3", day="2022-06-01~2022-06-30")
    play = tab.page.get_by_role("button", name=Words("en")("map.play"))
    play.click()
    tab.page.wait_for_function("() => !location.search.includes('day=')", timeout=20_000)
    play.wait_for()
    shown = tab.page.locator(".nz-map-notes p").first.inner_text()
    assert "September 2022" in shown
    assert not tab.errors


@in_each_language("en", "ar")
def test_two_dates_stand_side_by_side_on_one_scale(app, sheet, language):
    tab = opened(app, sheet, lang=language, series=IDPS, level="1", beside="date")
    words = Words(language)
    tab.page.locator(".nz-stage").nth(1).wait_for()
    tab.page.locator(".nz-stage >> nth=1 >> a[aria-label] >> nth=0").wait_for()
    assert tab.page.get_by_text(words("map.one_scale")).is_visible()
    one, other = (tab.page.locator(".nz-legend").nth(n).locator("svg").first for n in (0, 1))
    assert one.text_content() == other.text_content() != ""
    one, other = (tab.page.locator(".nz-map-notes").nth(n).inner_text() for n in (0, 1))
    assert one != other
    snap(tab.page, f"map-beside-{language}", whole=True)
    assert tab.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert not tab.errors


BESIDE = {"series": IDPS, "level": "3", "beside": "date"}


@first_of_each(width=[768, 1440, 390], language=["ar", "en"])
def test_two_maps_show_one_part_of_the_ground_and_speak_of_one_place(app, sheet, language, width):
    """Who compares two rounds would zoom and point twice, and never at quite the same place."""
    tab = opened(app, sheet, width, lang=language, **BESIDE)
    page = tab.page
    page.locator(".nz-stage >> nth=1 >> a[aria-label] >> nth=0").wait_for()
    tab.settle()
    one, other = (page.locator(".nz-stage").nth(n).bounding_box() for n in (0, 1))
    if width > 640:
        assert abs(one["y"] - other["y"]) < 1
        assert one["width"] == pytest.approx(other["width"], abs=1)
    else:
        height = page.evaluate("window.innerHeight")
        assert other["y"] + other["height"] - one["y"] < height
    views = """() => [...document.querySelectorAll('.nz-stage > svg')]
      .map(at => at.getAttribute('viewBox'))"""
    before = page.evaluate(views)
    page.locator(".nz-zoom").nth(1).locator("button").first.click()
    after = page.evaluate(views)
    assert len({*before}) == len({*after}) == 1
    assert before != after
    page.locator('.nz-stage >> nth=0 >> a[href$="place=SY070301"]').focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    tips = [page.locator(".nz-tip").nth(n).inner_text() for n in (0, 1)]
    assert all(Words(language).place("SY070301") in tip for tip in tips)
    assert "537,713" in tips[0]
    assert "537,713" not in tips[1]
    page.keyboard.press("Escape")
    assert not page.locator(".nz-tip").nth(1).is_visible()
    snap(page, f"map-two-{language}-{width}", whole=True)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert not tab.errors


def test_nothing_of_the_map_covers_a_number(app, sheet):
    """At 768 px the buttons lay on the names of the east."""
    tab = opened(app, sheet, 768, lang="en")
    stage = tab.page.locator(".nz-stage").bounding_box()
    for button in tab.page.locator(".nz-zoom button:visible").all():
        box = button.bounding_box()
        assert box["y"] >= stage["y"] + stage["height"]


@pytest.mark.wide
def test_a_circle_that_is_out_of_sight_comes_into_it_with_the_focus(app, sheet):
    tab = opened(app, sheet, lang="en")
    tab.page.locator(".nz-stage > svg").focus()
    for _ in range(4):
        tab.page.keyboard.press("+")
    for link in tab.page.locator(".nz-stage a").all():
        link.focus()
        box = link.locator(".disc").bounding_box()
        stage = tab.page.locator(".nz-stage").bounding_box()
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        assert stage["x"] <= middle[0] <= stage["x"] + stage["width"]
        assert stage["y"] <= middle[1] <= stage["y"] + stage["height"]


@in_each_language("en", "ar")
def test_a_finger_is_told_before_anything_opens(app, sheet, language):
    """The first tap tells; a page that opened at once would hide what was asked."""
    tab = opened(app, sheet, 390, lang=language, options=TOUCH)
    before = tab.page.url
    tab.page.locator(".nz-stage a").last.tap()
    tip = tab.page.locator(".nz-tip")
    assert tip.is_visible()
    box, stage = tip.bounding_box(), tab.page.locator(".nz-stage").bounding_box()
    assert stage["x"] <= box["x"]
    assert box["x"] + box["width"] <= stage["x"] + stage["width"] + 1
    tab.keep(f"map-touch-{language}-390")
    assert tab.page.url == before
    tip.locator("a").tap()
    tab.page.wait_for_url(re.compile("/place"))


@pytest.mark.wide
def test_dragging_moves_and_the_wheel_leaves_the_page_alone(app, sheet):
    tab = opened(app, sheet, lang="en")
    page = tab.page
    page.locator(".nz-stage").scroll_into_view_if_needed()
    page.locator(".nz-zoom button").first.click()
    page.evaluate("document.activeElement.blur()")
    page.evaluate("document.querySelector('.nz-stage').scrollIntoView({block: 'center'})")
    box = page.locator(".nz-stage").bounding_box()
    x, y = box["x"] + box["width"] / 3, box["y"] + 120
    page.mouse.move(x, y)
    before = seen(tab)
    page.mouse.wheel(0, 40)
    assert seen(tab) == before
    page.mouse.down()
    page.mouse.move(x - 80, y, steps=4)
    page.mouse.up()
    assert seen(tab)[0] > before[0]
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    page.wait_for_timeout(100)
    nearer = seen(tab)
    assert nearer[2] < before[2]
    # Once it was pressed the wheel is the map's, and what is under the pointer stays there.
    page.mouse.click(x, y)
    under = nearer[0] + (x - box["x"]) / box["width"] * nearer[2]
    page.mouse.wheel(0, -200)
    page.wait_for_timeout(100)
    nearest = seen(tab)
    assert nearest[2] < nearer[2]
    assert abs(nearest[0] + (x - box["x"]) / box["width"] * nearest[2] - under) < 1
    page.get_by_role("button", name=Words("en")("map.reset")).click()
    assert seen(tab)[:2] == [0, 0]


def fingers(session, kind, *places):
    """Two fingers of a hand on the glass, as the browser hears of them."""
    points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_two_fingers_that_part_bring_nearer_what_is_between_them(app, sheet):
    """On a phone there is no wheel, and the place between the fingers is what is meant."""
    tab = opened(app, sheet, 390, lang="en", options=TOUCH)
    tab.page.evaluate("document.querySelector('.nz-stage').scrollIntoView({block: 'center'})")
    box, before = tab.page.locator(".nz-stage").bounding_box(), seen(tab)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    under = before[0] + (x - box["x"]) / box["width"] * before[2]
    session = tab.page.context.new_cdp_session(tab.page)
    fingers(session, "touchStart", (x - 20, y), (x + 20, y))
    for apart in (26, 32, 40):
        fingers(session, "touchMove", (x - apart, y), (x + apart, y))
    fingers(session, "touchEnd")
    tab.page.wait_for_function(
        "most => Number(document.querySelector('.nz-stage > svg').getAttribute('viewBox')"
        ".split(' ')[2]) < most",
        arg=before[2] * 0.7,
    )
    after = seen(tab)
    assert abs(after[0] + (x - box["x"]) / box["width"] * after[2] - under) < 0.03 * after[2]


@in_each_language()
def test_a_province_without_a_figure_is_hatched_and_the_legend_says_so(app, sheet, language):
    """PMM's press table of January 2026 has four border provinces; Kilis is not without Syrians."""
    series = "published_figures~REF~stock~people~PMM~Registered_Syrians~SYR~TUR"
    tab = opened(app, sheet, lang=language, series=series, level="1")
    hatched = tab.page.locator(".nz-stage path.shade-1")
    assert hatched.count() > 10
    fill = hatched.first.evaluate("at => getComputedStyle(at).fill")
    assert "nz-hatch" in fill
    said = tab.page.locator(".nz-legend li", has_text=Words(language)("map.no_figure"))
    assert said.is_visible()
    # Not in Syria: another publisher counts there, of whom this map says nothing.
    assert hatched.count() <= 81 - tab.page.locator(".nz-stage a").count()


@first_of_each(level=["3", "1"], language=["ar", "en"], width=[1440, 390])
def test_no_two_labels_cover_each_other(app, sheet, language, width, level):
    """Measured in the browser's own fonts, at the first look and nearer."""
    tab = opened(app, sheet, width, lang=language, level=level, **ARRIVALS)
    tab.keep(f"map-level-{level}-{language}-{width}")
    words = Words(language)
    for _ in range(4):
        boxes = tab.page.evaluate(LABELS)
        assert boxes
        for i, one in enumerate(boxes):
            for other in boxes[i + 1 :]:
                across = min(one[2], other[2]) - max(one[0], other[0])
                down = min(one[3], other[3]) - max(one[1], other[1])
                assert across <= 1 or down <= 1, (one[4], other[4])
        tab.page.get_by_role("button", name=words("map.zoom_in"), exact=True).click()
    tab.keep(f"map-level-{level}-{language}-{width}-near")


@in_each_language()
def test_a_zero_is_empty_and_the_legend_says_so(app, sheet, language):
    """A published zero is not a few hundred people, and no place without a figure either."""
    tab = opened(app, sheet, lang=language, level="3", series=IDPS)
    page = tab.page
    of_zero = page.locator(".nz-atlas tbody tr").evaluate_all(
        "all => all.filter(row => row.cells[1].textContent.trim() === '0').length"
    )
    assert page.locator(".nz-stage .disc.zero").count() == of_zero > 0
    opacity = "all => [...new Set(all.map(at => getComputedStyle(at).fillOpacity))]"
    assert page.locator(".nz-stage .disc.zero").evaluate_all(opacity) == ["0"]
    assert "0" not in page.locator(".nz-stage .disc:not(.zero)").evaluate_all(opacity)
    said = page.locator(".nz-legend li", has_text=Words(language)("map.zero"))
    assert said.is_visible()


@in_each_language("en", "ar")
def test_the_map_stands_with_the_line_cut(app, sheet, language):
    tab = opened(app, sheet, lang=language)
    tab.page.context.set_offline(True)
    before = len(tab.requests)
    tab.page.locator(".nz-stage > svg").focus()
    tab.page.keyboard.press("+")
    tab.page.keyboard.press("Tab")
    assert tab.page.locator(".nz-tip").is_visible()
    assert tab.page.locator(".nz-stage path.near").count() > 20
    assert not [r for r in tab.requests[before:] if "kept" in r.url]
    assert not tab.errors


def test_outlines_that_do_not_arrive_are_a_sentence(app, sheet):
    tab = sheet()
    tab.page.route("**/nuzuh/kept/*.json", lambda route: route.abort())
    tab.open(app.at("map", lang="tr"))
    alert = tab.page.locator(".nz-atlas [role=alert]")
    alert.wait_for()
    assert alert.inner_text() == Words("tr")("map.failed")
    assert not tab.errors


def test_hostile_words_stay_words(app, sheet):
    """What a publisher calls a thing comes into the page as text, wherever it is shown."""
    tab = sheet()

    def bend(route):
        answer = route.fetch()
        atlas = answer.json()
        evil = "<img src=x onerror=document.title='bad'>"
        for names in atlas["names"].values():
            for code in names:
                names[code] = evil
        route.fulfill(response=answer, json=atlas)

    tab.page.route("**/nuzuh/kept/*.json", bend)
    tab.open(app.at("map", lang="en"))
    tab.page.wait_for_selector(".nz-stage a[aria-label]")
    tab.page.locator(".nz-stage a").first.focus()
    assert "<img" in tab.page.inner_text(".nz-tip")
    assert tab.page.locator(".nz-atlas img").count() == 0
    assert tab.page.title() != "bad"


@pytest.mark.wide
def test_a_time_in_the_address_is_the_time_on_the_map(app, sheet):
    tab = opened(app, sheet, lang="en", level="3", **ARRIVALS)
    earlier(tab)
    earlier(tab)
    address, shown = tab.page.url, tab.page.inner_text(".nz-atlas table")
    again = sheet()
    again.open(address.replace("lang=en", "lang=ar"))
    again.page.wait_for_selector(".nz-stage a[aria-label]")
    assert "day=" in address
    numbers = re.findall(r"\d[\d,]*\d", shown)
    there = again.page.inner_text(".nz-atlas table")
    assert [n for n in numbers if "," in n] == [
        n for n in re.findall(r"\d[\d,]*\d", there) if "," in n
    ]


@first_of_each(scheme=["dark", "light"])
def test_the_map_follows_the_pages_theme(app, sheet, scheme):
    tab = opened(app, sheet, lang="en", options={"color_scheme": scheme})
    ground = "getComputedStyle(document.querySelector('.nz-stage .near')).fill"
    light = tab.page.evaluate(ground) == "rgb(248, 246, 240)"
    assert light == (scheme == "light")
    tab.keep(f"map-{scheme}")


RATES = {"series": "rate", "level": "1"}


@first_of_each(language=["ar", "en"], width=[390, 1440])
def test_rates_are_shaded_with_both_numbers_one_step_away(app, sheet, width, language):
    """A shade alone is no number: each is in a tooltip and in a table, by keyboard too."""
    tab = opened(app, sheet, width, lang=language, **RATES)
    page, words = tab.page, Words(language)
    shaded = page.locator(".nz-stage path.shade")
    assert shaded.count() == 9  # of fourteen: the others lie outside the area
    assert page.locator(".nz-stage.shaded").count() == 1
    row = page.locator(".nz-map-notes ~ details tr", has_text=words.place("SY07"))
    assert [row.locator("td").nth(n).inner_text() for n in (1, 2, 3)] == [
        "35.9",
        "944,801",
        "2,633,164",
    ]
    assert row.locator("[data-derived=rate]").inner_text() == "35.9"
    links = [row.locator("td a").nth(n).get_attribute("href") for n in range(3)]
    assert "place=SY07" in links[0]
    assert len({*links}) == 3
    assert all("figure=" in link for link in links[1:])
    legend = page.locator(".nz-legend").inner_text()
    assert words("map.no_figure") in legend
    assert words("map.shade_under", to="5") in legend
    page.locator(".nz-stage > svg").focus()
    page.keyboard.press("Tab")
    tip = page.locator(".nz-tip").inner_text()
    for part in (words.place("SY07"), "35.9", "944,801", "2,633,164"):
        assert part in tip
    assert page.locator(".nz-stage .outline").get_attribute("display") == "inline"
    snap(page, f"map-rates-{language}-{width}", whole=True)
    page.keyboard.press("Escape")
    tab.line.taken()
    earlier(tab)
    taken = tab.line.taken()
    print(f"\n{language}: bytes for a change of round of rates: {taken}")  # noqa: T201
    assert taken < LIMIT
    assert not tab.errors


def test_without_official_boundaries_sub_districts_say_so_and_are_a_table(app, sheet):
    """Dana's 75.6 must be found, though no carried outline can be shaded with it."""
    tab = sheet(390)
    tab.open(app.at("map", lang="en", series="rate", level="3"))
    words = Words("en")
    note = tab.page.get_by_text(words("map.rates_unshaded"))
    note.wait_for()
    row = tab.page.locator("tr", has_text="537,713")
    assert "75.6" in row.inner_text()
    assert tab.page.locator(".nz-stage path.shade").count() == 0
    snap(tab.page, "map-rates-unshaded-en-390", whole=True)
    assert not tab.errors


def frame_cuts(tab):
    """Labels that the map's frame cuts, with by how many pixels."""
    found = []
    stage = tab.page.locator(".nz-stage").bounding_box()
    right, foot = stage["x"] + stage["width"], stage["y"] + stage["height"]
    for left, top, end, low, name in tab.page.evaluate(LABELS):
        out = max(stage["x"] - left, stage["y"] - top, end - right, low - foot)
        if out > 1:
            found.append((name, round(out, 1)))
    return found


@first_of_each(language=["ar", "en"], width=[390, 768, 1440])
def test_no_frame_cuts_a_label_wherever_the_map_is_moved(app, sheet, language, width):
    """Half a number at the edge is another number: 198,607 is read as 607."""
    tab = opened(app, sheet, width, lang=language, series=IDPS, level="3")
    page = tab.page
    page.locator(".nz-stage > svg").focus()
    named = 0
    for key in ("", "+", "ArrowLeft", "ArrowDown", "+", "ArrowRight", "ArrowUp", "+", "ArrowUp"):
        if key:
            page.keyboard.press(key)
        assert not frame_cuts(tab)
        named += len(page.evaluate(LABELS))
    assert named > 20


def scrolled(tab):
    return tab.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")


def drawn(tab, session, at, by, count=1):
    """Fingers that go down, move together and leave."""
    (x, y), (right, down) = at, by
    steps = range(9)
    places = [
        [(x + 60 * n + right * step / 8, y + down * step / 8) for n in range(count)]
        for step in steps
    ]
    fingers(session, "touchStart", *places[0])
    for place in places[1:]:
        fingers(session, "touchMove", *place)
        tab.page.wait_for_timeout(20)
    fingers(session, "touchEnd")
    tab.page.wait_for_timeout(300)


def test_one_finger_scrolls_the_page_and_two_move_the_map(app, sheet):
    """A map that catches the thumb on the way down holds a reader on a phone where they are."""
    tab = opened(app, sheet, 390, lang="en", options=TOUCH)
    page = tab.page
    page.locator(".nz-zoom button").first.tap()
    page.evaluate("document.querySelector('.nz-stage').scrollIntoView({block: 'center'})")
    box = page.locator(".nz-stage").bounding_box()
    at = box["x"] + box["width"] / 3, box["y"] + box["height"] / 2
    session = page.context.new_cdp_session(page)
    before, view = scrolled(tab), seen(tab)
    drawn(tab, session, at, (0, -120))
    assert scrolled(tab) > before + 50
    assert seen(tab) == view
    page.evaluate("document.querySelector('.nz-stage').scrollIntoView({block: 'center'})")
    before = scrolled(tab)
    drawn(tab, session, at, (0, -60), count=2)
    assert scrolled(tab) == before
    after = seen(tab)
    assert abs(after[2] - view[2]) < 0.05 * view[2]
    assert after[1] > view[1]
    drawn(tab, session, at, (-60, 0))
    assert seen(tab)[0] > after[0]
    assert scrolled(tab) == before


def test_a_wheel_that_reaches_the_end_does_not_throw_the_page_away(app, sheet):
    """Whoever turns the wheel until nothing is nearer must not find themselves at the foot."""
    tab = opened(app, sheet, lang="en")
    page = tab.page
    for _ in range(3):
        page.locator(".nz-zoom button").first.click()
    page.evaluate("document.querySelector('.nz-stage').scrollIntoView({block: 'center'})")
    box = page.locator(".nz-stage").bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 90)
    before = scrolled(tab)
    for _ in range(14):
        page.mouse.wheel(0, 240)
        page.wait_for_timeout(30)
    assert seen(tab)[:2] == [0, 0]
    assert scrolled(tab) == before
    page.wait_for_timeout(400)
    page.mouse.wheel(0, 240)
    page.wait_for_timeout(200)
    assert scrolled(tab) > before


@in_each_language()
def test_a_panel_takes_the_focus_speaks_and_gives_the_focus_back(app, sheet, language):
    """Who cannot see the map hears what opened and its first figure, and leaves by Escape."""
    tab = opened(app, sheet, lang=language, series=IDPS, level="3")
    page, words = tab.page, Words(language)
    page.locator('.nz-stage a[href$="place=SY070301"] .disc').click(force=True)
    panel = page.locator(".nz-panel")
    panel.locator("li").first.wait_for()
    assert page.evaluate("document.activeElement.tagName") == "H3"
    spoken = page.locator(".nz-mast > [role=status]").text_content()
    assert words.place("SY070301") in spoken
    first = panel.locator("li").first
    for part in (first.locator("span").first, first.locator("a")):
        assert part.inner_text() in spoken
    assert words.number(panel.locator("li").count()) in spoken
    page.keyboard.press("Escape")
    assert panel.is_hidden()
    focus = "document.activeElement.getAttribute('href')"
    assert page.evaluate(focus).endswith("place=SY070301")


def test_the_shaded_map_plays_with_its_dates(app, sheet):
    """Rounds that pass without their date are a film of nothing."""
    tab = opened(app, sheet, lang="en", **RATES)
    page = tab.page
    newest = page.inner_text(".nz-when")
    for _ in range(2):
        earlier(tab)
    assert page.inner_text(".nz-when") != newest
    assert page.inner_text(".nz-when") in page.inner_text("[class*=st-key-map-time]")
    page.get_by_role("button", name=Words("en")("map.play")).click()
    page.wait_for_function(
        "newest => document.querySelector('.nz-when').textContent === newest",
        arg=newest,
        timeout=20_000,
    )
    assert not tab.errors
