"""One field finds a place, a page, a source, a term and an event, in whatever language."""

import pytest

from visuals.language.find import find
from visuals.language.words import Words

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


def test_the_name_is_in_the_readers_language():
    (hit,) = find(Words("ar"), "First Syrians cross", kinds=["event"])
    assert hit.name != "First Syrians cross to Hatay"
    assert hit.entry.place_code == "TUR031"
