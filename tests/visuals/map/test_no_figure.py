"""A place that nobody counted is not a place with nobody: it is hatched, a nought is a number."""

import re

import pytest

from visuals.language.words import LANGUAGES, Words
from visuals.map import draw, geometry, no_figure
from visuals.map.draw import Circle

OUTLINES = geometry.of_area("idlib")
KNOWN = {"SY07": 944_801, "SY02": 0}


def circles():
    return [Circle(code, people, code, "#1f5f8b") for code, people in KNOWN.items()]


def blank(level="1"):
    return no_figure.without(no_figure.grounds(OUTLINES, level), KNOWN, {"SYR"})


def test_the_other_governorates_in_sight_are_without_a_figure():
    """Nine of fourteen lie in the frame; another publisher counts in Türkiye."""
    assert len(blank()) == 7
    assert not {*blank()} & {*KNOWN}
    assert all(code.startswith("SY") for code in blank())


@pytest.mark.parametrize("level", ["0", "none"])
def test_a_map_of_countries_hatches_none(level):
    assert blank(level) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_hatches_them_and_says_what_that_means(language):
    words = Words(language)
    svg = draw.draw(OUTLINES, circles(), words, title="", description="", blank=blank())
    assert svg.count(f'fill="{no_figure.FILL}"') == len(blank()) + 1  # and the legend's
    assert words("map.no_figure") in svg
    for code in KNOWN:
        hatched = re.findall(r'<path fill="url\(#no-figure\)"[^>]* d="([^"]*)"', svg)
        assert OUTLINES.admin1[code] not in hatched


def test_where_every_place_has_a_figure_nothing_speaks_of_hatching():
    words = Words("en")
    svg = draw.draw(OUTLINES, circles(), words, title="", description="")
    assert "no-figure" not in svg
    assert words("map.no_figure") not in svg


def test_the_page_is_told_the_same_places():
    change = draw.change(OUTLINES, circles(), Words("ar"), title="", description="", blank=blank())
    assert change["blank"].split() == blank()
