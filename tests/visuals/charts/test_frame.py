"""A picture in somebody's report says what it shows, of when, by whom, and where it is from."""

import io
import os
import re
import subprocess
from html import unescape
from itertools import pairwise
from shutil import which
from xml.etree import ElementTree

import pandas as pd
import pytest
import zxingcpp
from PIL import Image

from data.schema import tables
from tests import builders
from visuals.charts import frame, shared
from visuals.charts.points import MixedAxis
from visuals.charts.studio import Studio
from visuals.language.words import LANGUAGES, Words
from visuals.map.picture import png

ADDRESS = "https://figures.example.org/charts?places=SY07,SY02&series=IDP~stock~people"


def idps(**more: object) -> pd.DataFrame:
    other = {"place_code": "SY02", "admin1_code": "SY02"}
    return pd.concat([builders.years(10, 20, 30, **more), builders.years(5, 6, 7, **other, **more)])


def studio(language: str = "en", figures: pd.DataFrame | None = None) -> Studio:
    shown = idps() if figures is None else figures
    return Studio(Words(language), shown, ("SY07", "SY02"), tables.EVENTS.empty())


def text_of(svg: str) -> str:
    return unescape(" ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_names_places_unit_days_publisher_licence_and_address(language):
    words, svg = Words(language), studio(language).picture(ADDRESS)
    ElementTree.fromstring(svg)  # noqa: S314 - our own drawing
    told = re.sub("[\u2067\u2069]", "", text_of(svg))
    for part in (
        words.place("SY07"),
        words.place("SY02"),
        words("unit.people"),
        words.day(pd.Timestamp("2023-12-31")),
        words.day(pd.Timestamp("2025-12-31")),
        "CC BY 4.0",
    ):
        assert part in told
    assert ADDRESS in told.replace(" ", "")


def has_bold_arabic() -> bool:
    """Whether a drawing finds Arabic letters in a bold weight; CI always has them."""
    if os.environ.get("CI"):
        return True
    asked = ["fc-list", ":lang=ar:weight=200"]
    found = subprocess.run(asked, capture_output=True, check=False) if which(asked[0]) else None
    return found is not None and bool(found.stdout)


@pytest.mark.skipif(
    not has_bold_arabic(), reason="NO BOLD ARABIC FONT ON THIS MACHINE (Debian: fonts-noto-core)"
)
def test_an_arabic_title_is_as_bold_in_a_png_as_in_a_browser():
    """It stood there as thin as the line beneath it: the drawing fell back to the wrong weight."""
    svg = studio("ar").picture(ADDRESS)
    thin = svg.replace(frame.BOLD_ARABIC, "").replace('font-weight="600"', 'font-weight="400"')
    assert ink_of_the_title(svg) > 1.08 * ink_of_the_title(thin)


def ink_of_the_title(svg: str) -> int:
    sheet = Image.open(io.BytesIO(png(svg))).convert("L").crop((0, 0, 1200, 66))
    return sum(255 - level for level in sheet.tobytes() if level < 200)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_held_over_a_printed_picture_opens_the_same_chart(language):
    """A report on paper reaches its reader without the link; nobody types such an address."""
    drawn = Image.open(io.BytesIO(png(studio(language).picture(ADDRESS))))
    (code,) = zxingcpp.read_barcodes(drawn)
    assert code.text == ADDRESS


def test_an_address_of_this_machine_alone_is_written_and_is_no_code():
    own = ADDRESS.replace("https://figures.example.org", "http://127.0.0.1:8501")
    svg = studio().picture(own)
    assert own in text_of(svg).replace(" ", "")
    assert not zxingcpp.read_barcodes(Image.open(io.BytesIO(png(svg))))


def test_an_arabic_line_runs_from_the_right_whatever_draws_it():
    svg = studio("ar").picture(ADDRESS)
    lines = re.findall(r'<text [^>]*text-anchor="(\w+)"[^>]*>(\u2067?)', svg)
    framed = [anchor for anchor, isolated in lines if isolated]
    assert len(framed) > 5
    assert set(framed) == {"end"}


def test_a_line_is_told_apart_without_its_colour():
    keys = shared.keys(Words("en"), idps())
    assert [key.number for key in keys] == [1, 2]
    assert len({key.dashes for key in keys}) == 2
    drawn = studio().drawn(idps())
    assert sorted(re.findall(r'font-weight="600"[^>]*>(\d)<', drawn)) == ["1", "2"]


def flows() -> pd.DataFrame:
    """Two publishers' counts of the same months: periods over one another."""
    more = {"measure": "flow", "population_group": "IDP_ARR"}
    whole = builders.years(10, 20, 30, **more)
    starts = whole.assign(reference_period_start=whole["reference_period_end"].map(january))
    return pd.concat([starts, starts.assign(publisher="OCHA", figure_id=starts["figure_id"] + "o")])


def january(day: pd.Timestamp) -> pd.Timestamp:
    return pd.Timestamp(year=day.year, month=1, day=1)


def test_spans_are_seen_and_told_apart_without_their_colour():
    """They were drawn without a stroke for a while: a chart of axes and numbers alone."""
    both = flows()
    drawn = shared.draw(Words("en"), both, tables.EVENTS.empty())
    assert drawn.count('class="span"') == len(both)
    groups = re.findall(r'<g stroke="(#\w+)" stroke-width="3">', drawn)
    assert len(set(groups)) == 2
    assert sorted(set(re.findall(r'font-size="9" font-weight="600"[^>]*>(\d)<', drawn))) == [
        "1",
        "2",
    ]
    alone = shared.draw(Words("en"), both[both["publisher"].eq("OCHA")], tables.EVENTS.empty())
    assert re.search(r'<g fill="#\w+" fill-opacity=".8"><g><title>[^<]*</title><rect', alone)


def test_the_numbers_of_lines_that_end_together_do_not_cover_one_another():
    close = pd.concat(
        [
            builders.years(10, 20, 30, place_code=code, admin1_code=code)
            for code in ("SY07", "SY02", "SY05")
        ]
    )
    drawn = shared.draw(Words("en"), close, tables.EVENTS.empty())
    tops = [float(y) for y in re.findall(r'y="([\d.]+)" font-size="11" font-weight', drawn)]
    assert len(tops) == 3
    assert min(abs(a - b) for a, b in pairwise(tops)) >= 11.9


def test_two_units_on_one_axis_are_refused():
    mixed = pd.concat([idps(), idps(unit="families")])
    with pytest.raises(MixedAxis):
        shared.draw(Words("en"), mixed, tables.EVENTS.empty())


def test_a_long_address_is_cut_and_nothing_of_it_lost():
    address = "https://example.org/" + "x" * 300
    lines = list(frame.wrapped(f"Source: {address} end", 400, 11))
    assert "".join(lines).replace(" ", "") == f"Source:{address}end"
    assert max(map(len, lines)) <= 400 / (11 * frame.LETTER)
