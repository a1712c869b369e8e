"""What a reader hands on or hands back: the message, the brief, a doubt; and how they begin."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

from tests.browser.conftest import TOUCH
from tests.effort import in_each_language
from visuals.language.words import LANGUAGES, Words

SHARED = "navigator.share = async (told) => { window.shared = told.text; };"
COPIED = "navigator.clipboard.writeText = async (text) => { window.copied = text; };"


@in_each_language()
def test_the_message_with_its_link_is_shared_copied_and_mailed(app, sheet, language):
    """A programme manager on a phone: two presses, and the partner has line, figures and link."""
    tab, words = sheet(390, alone=True, **TOUCH), Words(language)
    tab.page.add_init_script(f"{SHARED}if (navigator.clipboard) {COPIED}")
    tab.open(app.at(lang=language))
    tab.page.locator(".nz-acts a").first.tap()
    tab.settle()
    box = tab.page.locator(".nz-share")
    message = box.locator("textarea").input_value()
    (link,) = re.findall(r"https?://\S+", message)
    asked = parse_qs(urlsplit(link).query)
    assert asked["lang"] == [language]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", asked["known"][0])
    assert words.number(944_801) in message  # IOM's newest count of Idleb, the first headline
    box.get_by_role("button", name=words("share.send")).tap()
    assert tab.page.evaluate("window.shared") == message
    box.get_by_role("button", name=words("share.copy")).tap()
    box.get_by_role("status").get_by_text(words("share.copied")).wait_for()
    assert tab.page.evaluate("window.copied") == message
    mail = box.get_by_role("link", name=words("share.mail")).get_attribute("href")
    assert unquote(mail).endswith(message)
    briefs = box.locator("a[href*='nuzuh/brief/']").evaluate_all(
        "all => all.map((one) => one.pathname)"
    )
    assert briefs[0] == f"/nuzuh/brief/{language}.pdf"
    assert len(briefs) == 2 * len(LANGUAGES)
    assert box.locator("a[href*='feed.atom'], a[href*='releases.ics']").count() == 2
    assert not tab.errors


@in_each_language()
def test_a_first_visit_is_three_sentences_and_three_examples_that_lead_on(app, sheet, language):
    tab, words = sheet(), Words(language)
    tab.open(app.at(lang=language))
    tab.page.get_by_text(words("welcome.title")).first.click()
    tab.settle()
    told = tab.page.locator(".nz", has=tab.page.get_by_text(words("welcome.examples"))).last
    assert told.locator("p").count() == 3
    examples = told.locator("li a")
    assert examples.count() == 3
    examples.first.click()
    tab.page.wait_for_url("**/place?**")
    tab.settle()
    assert tab.page.locator("h1").first.inner_text() == words.place("SY07")


def test_a_doubt_goes_to_the_office_with_the_figures_id(app, sheet):
    """Whoever doubts a number on the road has no time to describe which one."""
    tab = sheet(390)
    tab.open(app.at("place", lang="en", place="SY070301"))
    tab.page.locator("a", has_text="537,713").first.click()
    tab.page.wait_for_url("**/figure?**")
    tab.settle()
    figure = parse_qs(urlsplit(tab.page.url).query)["figure"][0]
    link = tab.page.get_by_role("link", name=Words("en")("report.link")).get_attribute("href")
    mail = parse_qs(urlsplit(link).query)
    assert link.startswith("mailto:")
    assert figure in mail["subject"][0]
    assert "537,713" in mail["body"][0]
    assert f"figure={figure}" in mail["body"][0]
