"""A surge that only two rounds show reaches whoever reads by file: light edition, brief, feed."""

from datetime import UTC, date, datetime
from xml.etree import ElementTree as Xml

import pytest

from alerts import feed, files
from data import settings
from data.gazetteer import area as areas
from editions import brief, content, layout, light
from tests.round_figures import GREW, publish
from visuals.html import surges
from visuals.language.words import LANGUAGES, Words

DAY = date(2026, 2, 20)
ATOM = {"a": feed.ATOM}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return publish(tmp_path_factory.mktemp("rounds"))


@pytest.fixture(scope="module")
def shown(store):
    return content.gather(store.current(), areas.load("idlib"), DAY)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_light_edition_and_the_brief_name_it_and_say_how_unusual(shown, language):
    words = Words(language)
    (alarm,) = shown.situation.surges
    told = surges.plain_line(words, alarm)
    for part in (words.place(GREW), words("rounds.arrivals"), words.number(44_000)):
        assert part in told
    assert words.percent(0.9565) in told
    assert told in brief.compose(shown, language).texts()
    page = light.Edition(shown, language).file(layout.FIRST).decode()
    assert words("rounds.arrivals") in page
    assert words.number(44_000) in page
    assert words.percent(0.9565) in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_feed_has_each_wave_once_and_nothing_of_the_changed_list(store, language):
    given = settings.load(store=store.address, address="https://figures.example.org")
    now = datetime(2026, 6, 20, 9, tzinfo=UTC)
    words = Words(language)
    root = Xml.fromstring(files.atom(given, store, now, given.address)[language])  # noqa: S314
    entries = [
        (e.findtext("a:updated", namespaces=ATOM)[:10], e.findtext("a:content", namespaces=ATOM))
        for e in root.findall("a:entry", ATOM)
        if "surge" in e.findtext("a:id", namespaces=ATOM) or "place=" in Xml.tostring(e).decode()
    ]
    assert [day for day, _ in entries] == ["2026-03-14", "2026-02-14", "2026-01-14"]
    for (_, said), number in zip(entries, (11_000, 44_000, 26_000), strict=True):
        assert words.number(number) in said
        assert words("alert.rule") in said
        assert words("rounds.intro").split("{")[0] in said


def test_a_first_page_on_a_phone_lists_a_few_of_many_and_counts_the_rest(shown):
    (alarm,) = shown.situation.surges
    listed, more = surges.short([alarm] * 12)
    assert (len(listed), more) == (surges.BETWEEN, 12 - surges.BETWEEN)
