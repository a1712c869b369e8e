"""One field finds a place, a page, a source, a term and an event, in whatever language."""

import tomllib

import pytest

from data.gazetteer import events
from data.settings import ROOT
from visuals.language.find import PARTS, find, searched
from visuals.language.words import LANGUAGES, LOCALES, Words, catalogue

SOURCES = ("unhcr_population", "dtm_syria_rounds")
PAGES = ("situation", "map", "border")


@pytest.mark.parametrize(
    ("typed", "kind", "code"),
    [
        ("Sarmada", "town", "SY070301"),
        ("Bab al-Hawa", "crossing", "bab-al-hawa"),
        ("DTM", "source", "dtm_syria_rounds"),
        ("الحدود", "page", "border"),
        ("internally displaced", "term", "IDP"),
        ("First Syrians cross", "event", "2011-first-arrivals"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ar", "tr"])
def test_whatever_is_typed_is_found_with_its_kind(typed, kind, code, language):
    found = find(Words(language), typed, sources=SOURCES, pages=PAGES, limit=30)
    assert (kind, code) in [(hit.entry.kind, hit.entry.code) for hit in found]


@pytest.mark.parametrize(
    ("typed", "kind", "code"),
    [
        ("kriz", "page", "situation"),
        ("kaç kişi", "page", "situation"),
        ("كم عدد", "page", "situation"),
        ("crossings", "page", "border"),
        ("معابر", "page", "border"),
        ("print", "page", "send"),
        ("طباعة", "page", "send"),
        ("yazdır", "page", "send"),
        ("ابحث", "page", "welcome"),
        ("نازحون", "term", "IDP"),
        ("النازحين", "term", "IDP"),
        ("IDPs", "term", "IDP"),
        ("لاجئين", "term", "REF"),
        ("mülteciler", "term", "REF"),
        ("حماية مؤقتة", "term", "REF"),
        ("الزلازل", "event", "2023-earthquakes"),
        ("depremler", "event", "2023-earthquakes"),
        ("سقوط النظام", "event", "2024-12-government-falls"),
        ("families", "word", "families"),
        ("brief", "page", "send"),
        ("اشتراك", "page", "send"),
        ("gönder", "page", "send"),
        ("light version", "page", "light"),
        ("help", "page", "welcome"),
        ("Palestinians", "word", "temporary_protection"),
        ("فلسطينيين", "word", "temporary_protection"),
        ("Filistinli", "word", "temporary_protection"),
        ("secondary source", "word", "secondary_source"),
        ("aile", "word", "families"),
    ],
)
def test_what_people_type_is_among_the_first_three(typed, kind, code):
    """Nobody types the words that the pages chose; each of these once found nothing or too late."""
    found = find(Words("en"), typed, sources=SOURCES, pages=PAGES, limit=3)
    assert (kind, code) in [(hit.entry.kind, hit.entry.code) for hit in found]


def test_each_line_of_what_people_type_leads_to_something_in_every_language():
    """A code that no page, group or event has any more would be found by nobody."""
    pages = {path.stem for path in (ROOT / "dashboard/pages").glob("*.py")}
    groups = {key.removeprefix("group.") for key in catalogue("en") if key.startswith("group.")}
    there = {
        "page": pages | set(PARTS),
        "term": groups,
        "event": set(events.table()["event_code"]),
        "source": {key.removeprefix("source.") for key in catalogue("en") if key[:7] == "source."},
    }
    for kind, rows in searched().items():
        assert set(rows) <= there[kind]
    written = tomllib.loads((LOCALES / "searched.toml").read_text(encoding="utf-8"))
    assert all(set(row) == set(LANGUAGES) for rows in written.values() for row in rows.values())


def test_the_name_is_in_the_readers_language():
    (hit,) = find(Words("ar"), "First Syrians cross", kinds=["event"])
    assert hit.name != "First Syrians cross to Hatay"
    assert hit.entry.place_code == "TUR031"
