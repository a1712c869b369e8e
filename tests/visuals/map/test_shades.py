"""Rates on the map: right numbers of one source, and no figure is not the lowest class."""

from dataclasses import replace
from datetime import date
from html import unescape
from itertools import pairwise
from xml.etree import ElementTree

import pandas as pd
import pytest

from dashboard.session.urlstate import View
from dashboard.views import shaded
from data.analysis import shifts
from data.analysis.rates import pictures
from tests import builders, carried
from visuals import tokens
from visuals.language import figure_text
from visuals.language.words import LANGUAGES, Words
from visuals.map import draw, geometry, no_figure, picture, shades

VIEW = View(Words("en"), None, date(2026, 11, 24))
OUTLINES = geometry.of_area("idlib")


def count(group, people, place="SY07", **more):
    row = {"publisher": "IOM", "reporting_round": "11", "admin_level": 1}
    return row | {"population_group": group, "value": people, "place_code": place} | more


def both(displaced, everybody, place="SY07", **more):
    return [count("IDP", displaced, place, **more), count("POP", everybody, place, **more)]


def changed(*rows):
    (times,) = pictures(builders.figures(*rows)).values()
    rates = list(times.values())[-1]
    blank = shades.without(OUTLINES, "1", rates)
    return shades.change(
        OUTLINES,
        rates,
        blank,
        VIEW,
        view=draw.everywhere(OUTLINES),
        link="place?place=",
        provenance="figure?figure=",
    )


def test_idleb_in_round_11_by_the_carried_figures(tmp_path):
    """IOM's DTM, December 2025: 944,801 displaced of 2,633,164 in Idleb are 35.9 of a hundred."""
    figures = carried.publish(tmp_path).current().figures()
    rate = next(
        rate
        for rate in pictures(figures)["1"]["2025-12-31"]
        if rate.displaced["place_code"] == "SY07"
    )
    assert (rate.displaced["value"], rate.everybody["value"]) == (944_801, 2_633_164)
    assert VIEW.words.per_hundred(rate.per_hundred) == "35.9"
    assert rate.displaced["publisher"] == rate.everybody["publisher"] == "IOM"


def test_a_picture_is_of_one_publisher_and_one_round():
    rows = [
        *both(10, 100),
        *both(20, 100, "SY02"),
        *both(30, 100, publisher="UNHCR"),
        *both(40, 100, reporting_round="12"),
        *both(50, 100, as_of="2020-01-31", reference_period_end="2020-01-31"),
    ]
    times = pictures(builders.figures(*rows))["1"]
    assert sorted(len(rates) for rates in times.values()) == [1, 1, 1, 2]
    for rates in times.values():
        named = {
            (one["publisher"], one["reporting_round"], one["as_of"])
            for rate in rates
            for one in (rate.displaced, rate.everybody)
        }
        assert len(named) == 1
    assert next(iter(times)) == "2020-01-31"


def test_no_figure_is_hatched_and_zero_is_the_lowest_class():
    """A reader who takes "not counted" for "none displaced" sends nobody."""
    rows = {row[0]: row for row in changed(*both(0, 100), *both(36, 100, "SY02"))["marks"]}
    assert (rows["SY07"][2], rows["SY07"][8]) == ("0.0", 0)
    assert (rows["SY02"][2], rows["SY02"][8]) == ("36.0", 3)
    assert (rows["SY08"][2], rows["SY08"][8]) == ("No figure", shades.NO_FIGURE)
    # The publisher counts in Syria: Hatay is none of its places.
    assert "TUR031" not in rows


@pytest.mark.parametrize(
    ("displaced", "number", "shade"),
    [(49, "4.9", 0), (50, "5.0", 1), (499, "49.9", 3), (500, "50.0", 4), (1000, "100.0", 4)],
)
def test_the_class_is_that_of_the_number_shown(displaced, number, shade):
    marks = changed(*both(displaced, 1000))["marks"]
    assert (marks[0][2], marks[0][8]) == (number, shade)


def test_each_rate_carries_both_figures_and_the_words_say_the_highest():
    rows = [*both(359, 1000), *both(8, 1000, "SY02")]
    change = changed(*rows)
    figures = builders.figures(*rows).set_index(["place_code", "population_group"])["figure_id"]
    first = change["marks"][0]
    assert (first[7], first[11]) == (figures["SY07", "IDP"], figures["SY07", "POP"])
    assert first[9:11] == ["359", "1,000"]
    assert "35.9 in Idleb (359 displaced of 1,000 inhabitants)" in change["description"]
    assert "0.8 in Aleppo" in change["description"]
    assert change["sizes"] == change["keys"] == []


def test_each_class_of_the_legend_has_its_numbers():
    said = dict(shades.legend(VIEW.words))
    assert sorted(said) == [-1, *range(len(shades.BOUNDS) + 1)]
    for n, bound in enumerate(shades.BOUNDS):
        assert str(bound) in said[n]
        assert str(bound) in said[n + 1]


def test_lightness_alone_tells_the_classes_apart():
    """Whoever sees no hue still sees the order; on a dark page it runs the other way."""
    light = [_lightness(draw.PAPER[f"shade{n}"][0]) for n in range(5)]
    dark = [_lightness(draw.PAPER[f"shade{n}"][1]) for n in range(5)]
    for one in (light, dark[::-1]):
        assert all(high / low > 1.3 for high, low in pairwise(one))


def _lightness(colour):
    """Relative luminance as WCAG has it, with its flare."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True)) + 0.05


def test_without_official_boundaries_sub_districts_are_a_table():
    rows = both(537_713, 711_000, "SY070301", admin_level=3)
    (rates,) = pictures(builders.figures(*rows))["3"].values()
    body = shaded.table(VIEW, rates)
    assert '<span data-derived="rate">75.6</span>' in body
    for one in (rates[0].displaced, rates[0].everybody):
        assert str(one["figure_id"]) in body


def shifted(day, people, place="SY07"):
    when = {"reference_period_start": day, "reference_period_end": day, "as_of": day}
    return count("IDP", people, place, reporting_round=None) | when


def changes():
    frame = builders.figures(
        *(shifted("2025-10-31", 1_000, place) for place in ("SY07", "SY02", "SY08", "SY11")),
        shifted("2025-11-30", 1_260),
        shifted("2025-11-30", 1_050, "SY02"),
        shifted("2025-11-30", 900, "SY08"),
        shifted("2025-11-30", 700, "SY11"),
    )
    (at,) = shifts.pictures(frame)["1"].values()
    return at


def test_a_change_has_its_class_by_the_number_that_is_shown():
    """About the same is a class of its own: nobody reads five of a hundred as a flight."""
    found = {shades.both(one)[0]["place_code"]: shades.shade(one) for one in changes()}
    assert found == {"SY07": 4, "SY02": 2, "SY08": 1, "SY11": 0}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_of_changes_says_what_whose_and_when(language):
    """It is sent on alone: without a publisher and both days it would be a rumour."""
    words, at = Words(language), changes()
    blank = shades.without(OUTLINES, "1", at)
    figures = pd.DataFrame([row for one in at for row in shades.both(one)])
    address = "https://office.example/map?series=change&day=2025-11-30"
    svg = picture.shaded(
        words,
        figures,
        address,
        outlines=OUTLINES,
        rates=at,
        unknown=blank,
        view=draw.everywhere(OUTLINES),
        core=(),
    )
    told = "".join(ElementTree.fromstring(svg).itertext())  # noqa: S314 - our own drawing
    assert address in told.replace(" ", "")
    assert any(words("map.kilometres", count=words.number(n)) in told for n in (50, 100))
    assert figure_text.licence(words, str(figures["licence"].iloc[0])) in told.replace("\n", " ")
    assert picture.png(svg).startswith(b"\x89PNG")
    said = unescape(svg)
    for part in (
        words("column.shift"),
        figure_text.publisher(words, {"publisher": "IOM"}),
        words.day(date(2025, 10, 31)),
        words.day(date(2025, 11, 30)),
        words.signed_percent(0.26),
        words("map.shift_none"),
    ):
        assert part in said
    assert svg.count('fill="url(#no-figure)"') == len(blank) + 1  # and the legend's


def test_a_district_is_shaded_by_the_outlines_of_its_sub_districts():
    fine = replace(OUTLINES, admin3={"SY070301": "M0 0l1 1 1 0Z", "SY020001": "M5 5l1 1 1 0Z"})
    assert no_figure.grounds(fine, "2") == {"SY0703", "SY0200"}
    assert no_figure.grounds(OUTLINES, "2") == set()
    rows = [
        count("IDP", 10, "SY0703", admin_level=2),
        count("POP", 100, "SY0703", admin_level=2),
    ]
    (times,) = pictures(builders.figures(*rows)).values()
    (at,) = times.values()
    svg = shades.picture(fine, at, [], VIEW.words, view=draw.everywhere(fine))
    assert f'<path d="M0 0l1 1 1 0Z" fill="{tokens.SHADES[2][0]}"' in svg
    assert 'd="M5 5l1 1 1 0Z" fill' not in svg
