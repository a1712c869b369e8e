"""The dashboard at the end of a bad line: near a camp, 50 kbit/s and a second each way and back."""

import time

import pytest

from tests.browser.bad_line import line

RATE, DELAY = 50_000 / 8, 1.0
LIMIT = 20_000
"""Bytes that a change of month may bring."""
ARRIVALS = {"series": "published_figures~IDP_ARR~flow~movements~OCHA~IDP_movements", "level": "3"}
PLACED = ".nz-stage a[aria-label]"


def query(choices):
    return "&".join(f"{key}={value}" for key, value in choices.items())


def shown(page):
    """What makes a view: its address, its map, its language, its time."""
    return (
        page.url.split("?", 1)[1],
        page.inner_text(".nz-atlas table"),
        page.evaluate("document.documentElement.lang"),
    )


def test_the_line_is_as_bad_as_it_says(app, sheet):
    """What the tests below rest on: the WebSocket is slowed too, which Chromium's own does not."""
    with line(app.address) as bad:
        tab = sheet()
        tab.open(f"{bad.address}/sources?lang=en")
        bad.slow(RATE, DELAY)
        bad.taken()
        begun = time.monotonic()
        tab.page.get_by_role("button", name="Türkçe").click()
        tab.page.wait_for_function("() => document.documentElement.lang === 'tr'")
        taken, seconds = bad.taken(), time.monotonic() - begun
        assert seconds > DELAY + 0.5 * taken / RATE


def test_a_month_on_the_map_is_one_round_trip_and_small(app, sheet):
    """A second and what 50 kbit/s need for the bytes: another round trip would be a second more."""
    with line(app.address) as bad:
        tab = sheet()
        tab.open(f"{bad.address}/map?{query(ARRIVALS | {'lang': 'ar'})}")
        tab.page.wait_for_selector(PLACED)
        before = shown(tab.page)
        bad.slow(RATE, DELAY)
        bad.taken()
        begun = time.monotonic()
        tab.page.locator("[class*=st-key-map-earlier] button").click()
        tab.page.wait_for_function(
            "(text) => document.querySelector('.nz-atlas table').innerText !== text",
            arg=before[1],
            timeout=60_000,
        )
        seconds = time.monotonic() - begun
        tab.settle()
        turns = [way for _, way, size in bad.turns if size > 64]
        taken = bad.taken()
        print(f"\na month: {taken} bytes, {seconds:.1f} s until the map stands")  # noqa: T201
        assert taken < LIMIT
        assert seconds < DELAY + LIMIT / RATE + 2
        assert seconds < 2 * DELAY + taken / RATE + 2
        # The reader's word goes up, the answer comes down, and nothing is asked in between.
        assert turns[0] == "up"
        assert "up" not in turns[turns.index("down") :]


def test_a_lost_line_comes_back_with_the_same_view(app, sheet):
    """The line near a camp drops many times a day; what was chosen must outlive it."""
    with line(app.address) as bad:
        tab = sheet()
        tab.open(f"{bad.address}/map?{query(ARRIVALS | {'lang': 'en'})}")
        tab.page.wait_for_selector(PLACED)
        tab.page.get_by_role("button", name="العربية").click()
        tab.page.wait_for_function("() => document.documentElement.lang === 'ar'")
        tab.settle()
        tab.page.locator("[class*=st-key-map-earlier] button").click()
        tab.page.wait_for_function("() => location.search.includes('day=')")
        tab.settle()
        before = shown(tab.page)
        assert before[2] == "ar"
        bad.cut()
        state = "document.querySelector('.stApp').dataset.testConnectionState"
        tab.page.wait_for_function(f"() => {state} !== 'CONNECTED'", timeout=20_000)
        assert shown(tab.page) == before  # the page stays while the line is away
        bad.mend()
        tab.page.wait_for_function(f"() => {state} === 'CONNECTED'", timeout=60_000)
        tab.settle()
        tab.page.wait_for_selector(PLACED)
        assert shown(tab.page) == before
        tab.page.locator("[class*=st-key-map-earlier] button").click()
        tab.page.wait_for_function("(query) => location.search.slice(1) !== query", arg=before[0])
        tab.settle()
        assert shown(tab.page) != before
        assert shown(tab.page)[2] == "ar"
        assert not tab.errors


@pytest.mark.wide
def test_a_tab_opened_anew_shows_the_same_view(app, sheet):
    """The server knows nothing of it: the address alone brings the view back."""
    with line(app.address) as bad:
        tab = sheet()
        tab.open(f"{bad.address}/map?{query(ARRIVALS | {'lang': 'tr'})}")
        tab.page.wait_for_selector(PLACED)
        tab.page.locator("[class*=st-key-map-earlier] button").click()
        tab.page.wait_for_function("() => location.search.includes('day=')")
        tab.settle()
        before = shown(tab.page)
        again = sheet()
        again.open(tab.page.url)
        again.page.wait_for_selector(PLACED)
        assert shown(again.page) == before
