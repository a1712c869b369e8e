"""The map: right places, right sizes, readable by people who do not see it, light on a bad line."""

import gzip
import io
import json
import re
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from math import cos, hypot, pi, radians
from types import SimpleNamespace
from xml.etree import ElementTree

import geopandas as gpd
import pandas as pd
import pytest
import requests
import shapely
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from dashboard.components import drawing
from dashboard.server import hashed_assets, routes
from dashboard.session import cached
from data import settings
from data.analysis import map_layers
from data.analysis import series as measures
from data.analysis.rates import pictures
from data.gazetteer import area as areas
from data.gazetteer import places
from data.store import Document, FigureFilter
from pipelines.registry import SOURCES
from pipelines.run.context import context_of
from pipelines.run.run import run_source
from pipelines.sources import cod_ab
from tests import asgi, carried, real_files
from tests.effort import each_with_each, in_each_language
from visuals.language import figure_text
from visuals.language.words import LANGUAGES, Words, catalogue
from visuals.map import circles as map_figures
from visuals.map import draw, geometry, layout, picture, shades
from visuals.map.draw import Circle
from visuals.map.layout import Mark

AREA = areas.load("idlib")
OFFICIAL = real_files.BOUNDARIES
SVG = "{http://www.w3.org/2000/svg}"
NUMBERS = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")


def drawn(circles, language="en", **more):
    return draw.draw(
        geometry.of_area("idlib"),
        circles,
        Words(language),
        title="IDPs",
        description="Idleb has 1,182,989.",
        core=AREA.core,
        **more,
    )


def corners(path):
    """The points of an SVG path of relative lines."""
    points = []
    for part in re.findall(r"M[^MZ]*", path):
        numbers = [float(n) for n in NUMBERS.findall(part)]
        x, y = numbers[:2]
        points.append((x, y))
        for right, down in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + right, y + down
            points.append((x, y))
    return points


def test_every_governorate_and_province_of_the_area_is_drawn_and_seated():
    found = geometry.of_area("idlib")
    for code in (*AREA.core, *AREA.around, *AREA.border, *AREA.behind):
        assert found.admin1.get(code), code
        x, y = found.seats[code]
        assert 0 < x < found.size[0]
        assert 0 < y < found.size[1]


def test_a_governorate_is_drawn_around_its_seat():
    """Steps of tenths that added up their rounding would shear the outlines off their circles."""
    found = geometry.of_area("idlib")
    for code in (*AREA.core, *AREA.border):
        shape = shapely.Polygon(max(map(corners, found.admin1[code].split("Z")), key=len))
        assert shape.distance(shapely.Point(found.seats[code])) < 8, code


def test_the_geometry_is_light():
    """It is part of a page that opens on a bad line."""
    found = geometry.of_area("idlib")
    assert sum(len(p) for p in [*found.countries.values(), *found.admin1.values()]) < 40_000
    whole = json.dumps(draw.atlas(found, AREA.core), ensure_ascii=False).encode()
    assert len(gzip.compress(whole, 9)) < 20_000


def test_area_is_in_proportion_to_the_number():
    large, small = draw.radius(1_000_000, 1_000_000), draw.radius(250_000, 1_000_000)
    assert (pi * large**2) / (pi * small**2) == pytest.approx(4)


def test_no_figure_is_a_ring_and_not_a_small_circle():
    svg = drawn([Circle("SY07", None, "Idleb: not reported", "#2f7fb8")])
    ring = ElementTree.fromstring(svg).find(f".//{SVG}circle")  # noqa: S314 - our own drawing
    assert ring.get("fill") == "none"
    assert ring.get("stroke-dasharray")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_zero_is_an_empty_circle_and_the_legend_says_so(language):
    """25 of 135 sub-districts with a published zero looked as if 3,000 people were there."""
    given = [
        Circle("SY07", 537_713, "x", "#2f7fb8"),
        Circle("SY02", 300, "y", "#2f7fb8"),
        Circle("SY08", 0, "z", "#2f7fb8"),
    ]
    root = ElementTree.fromstring(drawn(given, language))  # noqa: S314 - our own drawing
    large, small, zero, *legend = [c for c in root.iter(f"{SVG}circle") if c.get("fill")]
    assert float(large.get("fill-opacity")) == float(small.get("fill-opacity")) > 0
    assert zero.get("fill-opacity") == "0"
    assert zero.get("stroke") == "#2f7fb8"
    assert not zero.get("stroke-dasharray")
    assert [c.get("fill-opacity") for c in legend] == ["0"]
    said = catalogue(language)["map.zero"]
    assert said in "".join(root.itertext())
    found = geometry.of_area("idlib")
    change = draw.change(found, given, Words(language), title="", description="")
    assert change["zeros"] == 2
    assert said not in drawn(given[:2], language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_drawing_has_a_name_a_sentence_and_places_in_the_readers_language(language):
    words = Words(language)
    svg = drawn([Circle("SY07", 1182989, "x", "#2f7fb8", "./place?place=SY07")], language)
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own drawing
    assert root.find("{*}title").text == "IDPs"
    assert "1,182,989" in root.find("{*}desc").text
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert words.place("SY07") in texts
    assert words.count(1182989) in texts
    assert root.find(".//{*}a").get("aria-label") == "x"


def test_hostile_names_stay_text():
    svg = drawn(
        [Circle("SY07", 1, "<script>alert(1)</script>", "#000", 'x" onload="y', "<b>1</b>")],
        keys=[("#000", "<img src=x onerror=y>")],
    )
    assert "<script>" not in svg
    assert 'onload="y' not in svg
    assert "<b>" not in svg
    assert "<img" not in svg


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("pixels", [390, 1000])
def test_nothing_of_the_legend_leaves_a_drawing_of_any_width(language, pixels):
    """A note cut off at a phone's edge is a disclaimer that nobody gave."""
    keys = [("#2f7fb8", "IDPs (stock, people) · 31 December 2025 · UNHCR " * 2)]
    svg = drawn([Circle("SY07", 10, "x", "#2f7fb8")], language, pixels=pixels, keys=keys)
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own drawing
    _, _, width, height = map(float, root.get("viewBox").split())
    legend = root.findall("{*}g")[-1]
    for line in legend.iter(f"{SVG}text"):
        x, y = float(line.get("x")), float(line.get("y"))
        wide = layout.width(line.text, layout.NUMBER)
        left = {"start": x, "end": x - wide, "middle": x - wide / 2}[
            line.get("text-anchor", "start")
        ]
        assert left > 0
        assert left + wide <= pixels + 2
        assert geometry.of_area("idlib").size[1] + y * width / pixels <= height


def test_the_map_becomes_a_png_without_a_browser():
    svg = drawn([Circle("SY07", 1182989, "x", "#2f7fb8")])
    assert picture.png(svg)[:4] == b"\x89PNG"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_of_the_map_says_what_it_is(store, language):
    """Pasted into a report it is alone: title, days, publisher, scale and address stand in it."""
    reader = view(language)
    layer = next(iter(layers(store, 1)))
    shown = measures.newest_by_place(layer.loc[list(map_layers.moments(layer).values())[-1]])
    address = "https://office.example/map?series=x&known=2026-11-30"
    found = picture.picture(
        words=reader.words,
        shown=shown,
        address=address,
        dated="of these days",
        core=AREA.core,
        geometry=geometry.of_area("idlib"),
        circles=map_figures.circles(reader, shown),
        title="What is shown",
        description="d",
    )
    told = " ".join(ElementTree.fromstring(found).itertext())  # noqa: S314 - our own drawing
    for said in (
        "What is shown",
        "of these days",
        figure_text.publisher(reader.words, shown.iloc[0].to_dict()),
    ):
        assert said in told
    assert address in told.replace(" ", "")
    assert any(
        reader.words("map.kilometres", count=reader.words.number(n)) in told for n in (50, 100)
    )
    assert "prefers-color-scheme" not in found, "dark on one half of a light sheet"
    assert picture.png(found)[:4] == b"\x89PNG"


def test_the_scale_of_a_picture_is_true():
    """Afrin and Azaz lie some thirty kilometres apart: so must their seats."""
    outlines = geometry.of_area("idlib")
    (x, y), (u, v) = outlines.seats["SY0203"], outlines.seats["SY0204"]
    apart = hypot(x - u, y - v) * outlines.metres / 1000
    one, other = (places.row(code) for code in ("SY0203", "SY0204"))
    south_north = 111.2 * (float(one["lat"]) - float(other["lat"]))
    west_east = 111.2 * cos(radians(36.5)) * (float(one["lon"]) - float(other["lon"]))
    assert apart == pytest.approx(hypot(south_north, west_east), rel=0.01)


def test_no_nought_is_named_before_a_hundred_thousand():
    """A reader sees names one after the other: the least must not come first for want of room."""
    great = [
        Mark(100.0, 100.0, 36.0, "Great", "100,000"),
        Mark(112.0, 104.0, 34.0, "Big", "90,000"),
    ]
    noughts = [Mark(600.0 + 90 * n, 600.0, 3.0, f"None {n}", "0") for n in range(4)]
    found = layout.labels((*great, *noughts), layout.STEPS, (0.0, 0.0, 1000.0, 1000.0))
    last = max(label.step for label in found[:2] if label)
    assert all(found[:2])
    assert all(label is None or label.step >= last for label in found[2:])


# ---- labels

MARKS = st.lists(
    st.builds(
        Mark,
        st.floats(0, 1000),
        st.floats(0, 557),
        st.floats(layout.SMALLEST, layout.LARGEST),
        st.sampled_from(["Idleb", "Maaret Tamsrin", "دارة عزة", "Şanlıurfa"]),
        st.sampled_from(["7", "about 1,400,000", "نحو 700"]),
    ),
    max_size=25,
)


def box(mark, spot, scale):
    """A label's box in pixels, by the rule that the page and the drawing follow."""
    anchor, across, right, down, below = layout.SPOTS[spot]
    r = mark.r * layout.growth(scale)
    x = mark.x * scale + across * r + right
    y = mark.y * scale + down * r + below
    wide = max(
        layout.width(mark.name, layout.NAME),
        layout.width(mark.number, layout.NUMBER),
    )
    left = {"middle": x - wide / 2, "start": x, "end": x - wide}[anchor]
    return shapely.box(left, y - layout.NAME, left + wide, y + layout.LINE)


@given(MARKS)
def test_labels_never_cover_each_other_when_they_first_show(marks):
    """Two numbers printed over one another are two numbers nobody can read."""
    whole = (0.0, 0.0, 1000.0, 557.0)
    found = layout.labels(tuple(marks), layout.STEPS, whole)
    for step, scale in enumerate(layout.STEPS):
        new = [label is not None and label.step == step for label in found]
        shown = [
            (box(mark, label.spot, scale), is_new)
            for mark, label, is_new in zip(marks, found, new, strict=True)
            if label and label.step <= step
        ]
        for i, (one, one_new) in enumerate(shown):
            for other, other_new in shown[i + 1 :]:
                if one_new or other_new:
                    assert not one.intersects(other)


def _misread(marks, found):
    """Labels that lie on another's circle, at any step at which they show.

    A great one's may lie on a smaller circle: it is read before what it covers.
    """
    for scale in layout.STEPS:
        large = [
            (mark, mark.r * layout.growth(scale))
            for mark in marks
            if mark.r * layout.growth(scale) >= layout.SEEN
        ]
        for mark, label in zip(marks, found, strict=True):
            if label is None or layout.STEPS[label.step] > scale:
                continue
            said = box(mark, label.spot, scale)
            for other, r in large:
                at = shapely.Point(other.x * scale, other.y * scale)
                allowed = other is mark or (mark.r >= layout.GREAT and other.r <= mark.r)
                if not allowed and said.distance(at) < layout.INNER * r - 0.01:
                    yield mark.name, other.name, scale


@given(MARKS)
def test_no_label_lies_on_anothers_circle(marks):
    """Sharan's 7,677 stood on Afrin's circle: whoever reads it there is wrong by 78,544 people."""
    found = layout.labels(tuple(marks), layout.STEPS, (0.0, 0.0, 1000.0, 557.0))
    assert list(_misread(marks, found)) == []


def test_a_great_circle_is_named_even_where_no_spot_is_free_of_others():
    """Aleppo without its name is worse than its name across a neighbour."""
    ring = [Mark(500.0 + x, 250.0 + y, 11.0, "n", "7") for x in (-70, 0, 70) for y in (-40, 0, 40)]
    great = Mark(500.0, 251.0, 20.0, "Great", "100,000")
    found = layout.labels((great, *ring), (1.0,), (0.0, 0.0, 1000.0, 557.0))
    assert found[0] is not None


def test_a_great_number_stands_on_another_great_circle_only_where_no_side_is_left():
    """Dana's 537,713 stood in the middle of Jebel Saman's circle, as if it were its number."""
    dana = Mark(400.0, 280.0, 36.0, "Dana", "537,713")
    saman = Mark(475.0, 280.0, 33.0, "Jebel Saman", "439,244")
    small = [Mark(345.0 - 16 * n, 272.0 + 8 * n, 5.5, "n", "9,000") for n in range(3)]
    above = [Mark(390.0 + 10 * n, 216.0, 5.5, "n", "9,000") for n in range(3)]
    below = [Mark(390.0 + 10 * n, 345.0, 5.5, "n", "9,000") for n in range(3)]
    within = [Mark(390.0 + 20 * n, 280.0, 8.0, "n", "9,000") for n in range(2)]
    marks = (dana, saman, *small, *above, *below, *within)
    first = layout.labels(marks, (1.0,), (0.0, 0.0, 1000.0, 557.0))[0]
    assert first is not None
    assert not box(dana, first.spot, 1.0).intersects(shapely.Point(475, 280).buffer(33 * 0.85))


@given(MARKS)
def test_no_label_leaves_the_map(marks):
    found = layout.labels(tuple(marks), (1.0,), (0.0, 0.0, 1000.0, 557.0))
    frame = shapely.box(0, 0, 1000, 557)
    for mark, label in zip(marks, found, strict=True):
        assert label is None or frame.covers(box(mark, label.spot, 1.0))


@given(st.integers(1, 10**8))
def test_the_legends_numbers_are_round_and_no_larger_than_the_largest(largest):
    found = layout.reference(largest)
    assert found == sorted(found, reverse=True)
    assert 1 <= len(found) <= 3
    for number in found:
        assert number <= largest
        assert str(number).strip("0") in "125"


def test_the_first_look_holds_every_place_that_has_a_figure():
    """A circle outside the first look is a figure left out without a word."""
    found = geometry.of_area("idlib")
    table = places.table()
    for parent in ("SY07", "SY02"):
        codes = table.loc[table["parent_code"].eq(parent), "place_code"].tolist()
        left, top, width, height = draw.fitted(found, codes)
        assert width < found.size[0]
        assert width / height == pytest.approx(found.size[0] / found.size[1], rel=0.01)
        for code in codes:
            if code in found.seats:
                x, y = found.seats[code]
                assert left < x < left + width
                assert top < y < top + height
    assert draw.fitted(found, ["SY07", "TUR073"])[2] == found.size[0]


# ---- what travels


def layers(store, level):
    """Every series that the Map page offers at a level."""
    found = store.current().figures(FigureFilter())
    kept_ = found[found["place_code"].isin(cached.places_on_map()) & found["value"].notna()]
    for layer in map_layers.layers(kept_):
        at = layer[layer["admin_level"].eq(level).fillna(False)]
        if at["place_code"].nunique() > 1:
            yield at


def view(language):
    def link(page, **choices):
        return f"./{page}?lang={language}" + "".join(f"&{k}={v}" for k, v in choices.items())

    return SimpleNamespace(words=Words(language), link=link)


def changed(store, shown, language):
    reader, release = view(language), store.current()
    found = geometry.of_release(release, "idlib")
    circles = map_figures.circles(reader, shown)
    change = draw.change(
        found,
        circles,
        reader.words,
        title="t",
        description="d",
        keys=map_figures.legend_keys(reader, shown),
        link=reader.link("place") + "&place=",
        provenance=reader.link("figure") + "&figure=",
    )
    return change, circles, found


def on_the_line(body):
    """As the WebSocket's permessage-deflate carries it (`test_the_line_is_compressed`)."""
    pack = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return pack.compress(body) + pack.flush(zlib.Z_SYNC_FLUSH)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_largest_are_named_at_a_first_look_before_their_smaller_neighbours(store, language):
    """Aleppo's 439,244 stood without a name while Daret Azza's 26,979 beside it had one."""
    layer = next(
        layer
        for layer in layers(store, 3)
        if set(layer["publisher"]) == {"IOM"} and set(layer["population_group"]) == {"IDP"}
    )
    rows = list(map_layers.moments(layer).values())[-1]
    change, *_ = changed(store, measures.newest_by_place(layer.loc[rows]), language)
    desk = layout.STEPS.index(1.2)
    first = [(mark[2], mark[5]) for mark in change["marks"][:8]]
    assert Words(language).number(439_244) == first[1][0]
    assert all(0 <= step <= desk for _, step in first)


@each_with_each(level=[1, 3], language=LANGUAGES)
def test_a_change_of_month_is_a_few_kilobytes_whatever_is_shown(store, level, language):
    """The budget of a line of 50 kbit/s: the outlines must not travel again.

    At most 8 kB as it is written, which is the budget where a proxy takes the compression off, and
    4 kB as a line carries it, so that Streamlit's own messages have room beside it.
    """
    atlas = hashed_assets.atlas(store.current(), "idlib")
    sizes = []
    for layer in layers(store, level):
        rows = max(map_layers.moments(layer).values(), key=len)
        shown = measures.newest_by_place(layer.loc[rows])
        change, circles, _ = changed(store, shown, language)
        body = drawing.as_bytes(change, atlas)
        sizes.append((len(body), len(on_the_line(body))))
        assert len(change["marks"]) == len(circles) == len(shown)
    assert sizes
    plain, carried_ = (max(of) for of in zip(*sizes, strict=True))
    assert plain < 8_000
    assert carried_ < 4_000


def test_idleb_and_aleppo_have_sub_district_circles_from_the_first_start(store):
    """Without a network, on the first day: the level that field staff plan by."""
    seen = {code for layer in layers(store, 3) for code in layer["place_code"]}
    above = {places.codes(code)["admin1_code"] for code in seen}
    assert {"SY07", "SY02"} <= above
    assert len(seen) >= 20


@in_each_language()
def test_page_and_download_are_one_map(store, language):
    """Same circles, same order, same size, same words: a brief must not differ from the screen."""
    for layer in (*layers(store, 1), *layers(store, 3)):
        shown = measures.newest_by_place(layer.loc[list(map_layers.moments(layer).values())[-1]])
        if shown.empty:
            continue
        change, circles, found = changed(store, shown, language)
        words = Words(language)
        svg = draw.draw(found, circles, words, title="t", description="d", core=AREA.core)
        root = ElementTree.fromstring(svg)  # noqa: S314 - our own drawing
        links = root.findall(f".//{SVG}a")
        assert len(links) == len(change["marks"])
        seats = list(found.seats)
        cited = dict(shown[["place_code", "figure_id"]].itertuples(index=False))
        assert change["figures"].split(" ") == [cited[seats[row[0]]] for row in change["marks"]]
        for link, mark in zip(links, change["marks"], strict=True):
            seat, r, number, look, note, *_ = mark
            code = seats[seat]
            circle = link.find(f"{SVG}circle")
            assert link.get("href") == change["link"] + code
            assert float(circle.get("r")) == r
            assert circle.get("fill") == change["colours"][look]
            series, when, publisher = change["notes"][note][:3]
            said = catalogue(language)["map.circle"].format(
                place=words.place(code),
                value=number,
                series=series,
                when=when,
                publisher=publisher,
            )
            assert link.get("aria-label") == said


def test_a_month_and_a_quarter_that_end_on_one_day_are_two_pictures(store):
    """A flow of a quarter beside one of a month compares what does not compare."""
    for layer in (*layers(store, 1), *layers(store, 3)):
        found = map_layers.moments(layer)
        assert sum(len(rows) for rows in found.values()) == len(layer)
        for rows in found.values():
            of = layer.loc[rows]
            assert of["as_of"].nunique() == 1
            if of["measure"].iloc[0] == "flow":
                assert of["reference_period_start"].nunique() == 1
    days = pd.to_datetime(["2018-04-30"] * 2)
    both = pd.DataFrame(
        {
            "as_of": days,
            "reference_period_start": pd.to_datetime(["2018-04-01", "2018-02-01"]),
            "measure": "flow",
        }
    )
    assert len(map_layers.moments(both)) == 2
    assert len(map_layers.moments(both.assign(measure="stock"))) == 1


# ---- the addresses


def forget():
    """As a process that has just been started."""
    hashed_assets._files.clear()
    hashed_assets.script.cache_clear()
    hashed_assets._atlas.cache_clear()
    hashed_assets._ground.cache_clear()


@pytest.fixture
def get(store, monkeypatch):
    """Asks the app's own routes over HTTP."""
    monkeypatch.setenv("NUZUH_STORE", store.address)
    forget()
    with (
        asgi.served(Starlette(routes=list(routes.ROUTES))) as address,
        requests.Session() as session,
    ):
        yield lambda path, **headers: session.get(
            f"{address}/{path.removeprefix('./')}",
            headers={k.replace("_", "-"): v for k, v in headers.items()},
            timeout=20,
        )


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_the_outlines_are_kept_by_browsers_and_sent_compressed(get, store, encoding):
    atlas = hashed_assets.atlas(store.current(), "idlib")
    answer = get(atlas.address, Accept_Encoding=encoding)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == encoding
    assert int(answer.headers["content-length"]) == len(atlas.packed[encoding]) < 20_000
    assert answer.content == atlas.body
    plain = get(atlas.address, Accept_Encoding="identity")
    assert "content-encoding" not in plain.headers
    assert plain.content == atlas.body
    known = get(atlas.address, If_None_Match=answer.headers["etag"])
    assert known.status_code == 304
    assert not known.content


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_after_a_restart_the_same_address_serves_the_same_outlines(get, store):
    """A page that stayed open over a restart, or another copy of the app behind one address."""
    release = store.current()
    addresses = [
        hashed_assets.atlas(release, "idlib").address,
        hashed_assets.ground(release, "idlib").address,
        hashed_assets.script().address,
    ]
    bodies = [get(address).content for address in addresses]
    forget()
    assert [get(address).content for address in addresses] == bodies


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize("name", ["0" * 20 + ".json", "..%2Fmap.js", "x", "0.js"])
def test_an_address_of_nothing_is_a_404(get, name, tmp_path, monkeypatch):
    assert get(f"{hashed_assets.PREFIX}{name}").status_code == 404
    monkeypatch.setenv("NUZUH_STORE", str(tmp_path / "none"))
    assert get(f"{hashed_assets.PREFIX}{name}").status_code == 404


# ---- official boundaries


def test_boundaries_without_sub_districts_are_drawn_as_they_are():
    """A fetch in which one country is missing is published; the map said an error then."""
    seats = [places.row(code) for code in ("TUR031", "TUR063", "TUR027")]
    rows = {
        "place_code": [str(row["place_code"]) for row in seats],
        "admin_level": 1,
        "location_code": "TUR",
    }
    shapes = [
        shapely.box(x - 0.4, y - 0.4, x + 0.4, y + 0.4)
        for x, y in ((float(row["lon"]), float(row["lat"])) for row in seats)
    ]
    found = geometry.official(AREA, gpd.GeoDataFrame(rows, geometry=shapes, crs=4326))
    assert found.admin1["TUR063"]
    assert found.admin1["SY07"] == geometry.of_area("idlib").admin1["SY07"]
    assert found.within == ""


def official_documents():
    """OCHA's Syria and a Türkiye in the same shape, as the mirror would send them."""
    folder, turkiye = OFFICIAL / "cod_ab_syr_2020_full", OFFICIAL / "tur_adm1_simplified.geojson"
    if not folder.exists():
        pytest.skip("NO OFFICIAL BOUNDARIES AT ../shared: the map was not drawn from COD-AB.")
    files = sorted(folder.glob("*adm*_uncs_unocha_*.shp"))
    named = [(f"syr_adm{level}", gpd.read_file(path)) for level, path in enumerate(files)]
    named.append(("tur_adm1", gpd.read_file(turkiye)))
    for name, frame in named:
        body = io.BytesIO()
        frame.to_parquet(body)
        yield Document(name, "https://example.org/x", body.getvalue(), datetime.now(UTC))


@pytest.fixture(scope="module")
def with_official(tmp_path_factory):
    """A store whose release has boundaries, published by the source itself."""
    documents = list(official_documents())
    folder = tmp_path_factory.mktemp("official")
    store = carried.publish(folder)
    at = context_of(settings.load(store=str(folder), cache=folder / "cache"), SOURCES)
    handed = replace(cod_ab.SOURCE, fetch=lambda *_: iter(documents))
    outcome = run_source(handed, at)
    assert outcome.state == "published", outcome.sentence
    return store


def test_official_boundaries_take_the_place_of_the_carried_outlines(with_official):
    found = geometry.of_release(with_official.current(), "idlib")
    before = geometry.of_area("idlib")
    assert found.size == before.size
    assert found.seats == before.seats
    assert set(found.admin1) >= {*AREA.core, *AREA.around, *AREA.border, *AREA.behind}
    assert found.within
    assert found.admin1["SY07"] != before.admin1["SY07"]
    for code in (*AREA.core, *AREA.border):
        shape = shapely.Polygon(max(map(corners, found.admin1[code].split("Z")), key=len))
        assert shape.distance(shapely.Point(found.seats[code])) < 2, code
    atlas = hashed_assets.atlas(with_official.current(), "idlib")
    assert len(atlas.packed["gzip"]) < 60_000
    sizes = {encoding: len(body) for encoding, body in atlas.packed.items()}
    print(f"\nwith COD-AB: {len(atlas.body):,} bytes, compressed {sizes}")  # noqa: T201


def test_official_neighbours_share_their_borders(with_official):
    """Governorates simplified one by one would leave white slivers and overlaps."""
    found = geometry.of_release(with_official.current(), "idlib")
    idleb, aleppo = (set(corners(found.admin1[code])) for code in AREA.core)
    rounded = [{(round(x, 1), round(y, 1)) for x, y in points} for points in (idleb, aleppo)]
    assert len(rounded[0] & rounded[1]) > 20


def test_no_sea_shows_between_official_and_carried_outlines(with_official):
    """Two drawings of one border leave strips of blue along the Tigris where no water is."""
    found = geometry.of_release(with_official.current(), "idlib")
    shapes = [
        shapely.make_valid(shapely.Polygon(points))
        for path in (*found.countries.values(), *found.admin1.values())
        for part in path.split("Z")
        if len(points := corners(part)) > 3
    ]
    land = shapely.union_all(shapes).buffer(0.3).buffer(-0.3)
    width, height = found.size
    sea = shapely.box(0, 0, width, height).difference(land)
    inland = [p for p in shapely.get_parts(sea) if p.area > 4 and p.bounds[0] > width * 0.35]
    assert not inland


@pytest.mark.parametrize("language", LANGUAGES)
def test_official_sub_districts_are_shaded_in_few_bytes(with_official, language):
    """With COD-AB the core is shaded by sub-district, and a round still fits a bad line."""
    release = with_official.current()
    found = geometry.of_release(release, "idlib")
    assert {code[:4] for code in found.admin3} == set(AREA.core)
    rates = [
        rate
        for rate in pictures(release.figures())["3"]["2025-12-31"]
        if rate.displaced["place_code"] in found.admin3
    ]
    reader = view(language)
    change = shades.change(
        found,
        rates,
        shades.without(found, "3", rates),
        reader,
        view=draw.everywhere(found),
        link=reader.link("place") + "&place=",
        provenance=reader.link("figure") + "&figure=",
    )
    assert {mark[0] for mark in change["marks"]} == set(found.admin3)
    dana = next(mark for mark in change["marks"] if mark[0] == "SY070301")
    assert dana[2] == reader.words.per_hundred(75.6)
    assert dana[9] == reader.words.number(537_713)
    size = len(drawing.as_bytes(change, hashed_assets.atlas(release, "idlib")))
    print(f"\n{language}: {len(rates)} of {len(change['marks'])} shaded, {size:,} bytes")  # noqa: T201
    assert size < 8_000
