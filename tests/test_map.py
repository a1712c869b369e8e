"""The map: right places, right sizes, readable by people who do not see it."""

from math import pi
from xml.etree import ElementTree

import pytest
import vl_convert

from data import area as areas
from visuals import geometry, map_svg
from visuals.map_svg import Circle
from visuals.words import LANGUAGES, Words

AREA = areas.load("idlib")


def drawn(circles, language="en"):
    return map_svg.draw(
        geometry.of_area("idlib"),
        circles,
        Words(language),
        title="IDPs",
        description="Idleb has 1,182,989.",
        core=AREA.core,
    )


def test_every_governorate_and_province_of_the_area_is_drawn_and_seated():
    found = geometry.of_area("idlib")
    for code in (*AREA.core, *AREA.around, *AREA.border, *AREA.behind):
        assert found.admin1.get(code), code
    for code in (*AREA.core, *AREA.around, *AREA.border, *AREA.behind):
        x, y = found.seats[code]
        assert 0 < x < found.size[0]
        assert 0 < y < found.size[1]


def test_the_geometry_is_light():
    """It is part of a page that opens on a bad line."""
    found = geometry.of_area("idlib")
    assert sum(len(p) for p in [*found.countries.values(), *found.admin1.values()]) < 40_000


def test_area_is_in_proportion_to_the_number():
    large, small = map_svg.radius(1_000_000, 1_000_000), map_svg.radius(250_000, 1_000_000)
    assert (pi * large**2) / (pi * small**2) == pytest.approx(4)


def test_no_figure_is_a_ring_and_not_a_small_circle():
    svg = drawn([Circle("SY07", None, "Idleb: not reported", "#2f7fb8")])
    ring = ElementTree.fromstring(svg).find(".//{*}circle")  # noqa: S314 - our own drawing
    assert ring.get("fill") == "none"
    assert ring.get("stroke-dasharray")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_drawing_has_a_name_a_sentence_and_places_in_the_readers_language(language):
    words = Words(language)
    svg = drawn([Circle("SY07", 1182989, "x", "#2f7fb8", "./place?place=SY07")], language)
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own drawing
    assert root.find("{*}title").text == "IDPs"
    assert "1,182,989" in root.find("{*}desc").text
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert words.place("SY07") in texts
    assert words.count(1182989) in texts
    assert root.find(".//{*}a").get("aria-label") == "x"


def test_hostile_names_stay_text():
    svg = drawn([Circle("SY07", 1, "<script>alert(1)</script>", "#000", 'x" onload="y')])
    assert "<script>" not in svg
    assert 'onload="y' not in svg


def test_the_map_becomes_a_png_without_a_browser():
    png = vl_convert.svg_to_png(drawn([Circle("SY07", 1182989, "x", "#2f7fb8")]))
    assert png[:4] == b"\x89PNG"
