"""Where an administrator sees that nobody is told: a failing channel, in the real app."""

import json

import pytest
from click.testing import CliRunner

from commands.main import main
from tests import carried
from tests.browser.conftest import served
from tests.effort import in_each_language

ALERTS = [
    {
        "name": "admin",
        "measures": ["health"],
        "channels": ["smtp://127.0.0.1:9?from=n@example.org&to=im@example.org"],
    },
    {"name": "idlib-office", "channels": ["mailto:im@example.org", "json://127.0.0.1:9/s3cr3t"]},
]


@pytest.fixture(scope="module")
def failing(tmp_path_factory):
    """The app over a store whose every channel was tried and is down or has nothing to say."""
    folder = tmp_path_factory.mktemp("failing")
    carried.publish(folder)
    with pytest.MonkeyPatch.context() as given:
        given.setenv("NUZUH_ALERTS", json.dumps(ALERTS))
        given.setenv("NUZUH_DISK_LEAST", "100000000")
        told = CliRunner().invoke(main, ["--store", str(folder), "alerts", "--send"])
        assert told.exit_code == 1, told.output
    yield from served(folder)


def fits(tab, name):
    """On a phone and on a desk nothing leaves the page and nothing fails; pictures are kept."""
    for width in (390, 1440):
        tab.page.set_viewport_size({"width": width, "height": 900})
        tab.keep(f"{name}-{width}")
        assert tab.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert not tab.errors


@pytest.mark.wide  # tests/commands/test_alert_commands.py asks the page without a browser
@in_each_language("en", "ar")
def test_a_failing_channel_is_seen_with_its_reason_and_without_its_address(
    failing, sheet, language
):
    tab = sheet(390)
    tab.open(failing.at("sources", lang=language))
    text = tab.page.inner_text(".stMainBlockContainer")
    assert "admin.1" in text
    assert {"en": "it cannot be reached", "ar": "لا يمكن الوصول إليه"}[language] in text
    # Before the list of sources, which is four screens long on a phone.
    assert text.index("admin.1") < text.index("camp_ledger")
    for secret in ("im@example.org", "s3cr3t", "127.0.0.1:9"):
        assert secret not in tab.page.content()
    fits(tab, f"sources-failing-{language}")


@in_each_language("en", "ar")
def test_the_surges_page_leads_to_feed_and_calendar_that_are_served(failing, sheet, language):
    tab = sheet(390)
    tab.open(failing.at("surges", lang=language))
    for end, kind in (("feed.atom", "application/atom+xml"), ("releases.ics", "text/calendar")):
        link = tab.page.locator(f"a[href*='{end}']")
        answer = tab.page.request.get(link.evaluate("a => a.href"))
        assert answer.ok
        assert answer.headers["content-type"].startswith(kind)
    fits(tab, f"surges-failing-{language}")


@in_each_language("en", "ar")
def test_the_numbers_of_the_rule_stand_within_the_page(failing, sheet, language):
    """Streamlit indents lists from the left alone; in Arabic their numbers left the phone."""
    tab = sheet(390)
    tab.open(failing.at("surges", lang=language))
    start = {"en": "paddingLeft", "ar": "paddingRight"}[language]
    item = {"en": "marginLeft", "ar": "marginRight"}[language]
    room = tab.page.locator(".nz ol").evaluate(
        "(ol, [start, item]) => parseFloat(getComputedStyle(ol)[start])"
        " + parseFloat(getComputedStyle(ol.querySelector('li'))[item])",
        [start, item],
    )
    assert room >= 20
    tab.keep(f"surges-rule-{language}-390")
