"""Every chart and table that can be drawn is walked, and each number on it is a published one.

The pages' own functions draw what they draw for a reader; what they would show is caught before
the browser. A number passes where the figures of the store have it for that place and series, or
where the page marks it with the way it was made (`data-derived`). Drawings without numbers are
measured: the height of a bar and the size of a circle lead back to a number.

Every country, governorate and province and a few of each kind of smaller place are walked, in three
languages. `NUZUH_WALK=all` walks every place, day and picture that the store has, in every
language, and prints the tally: charts, tables, numbers, not found.
"""

import base64
import importlib
import json
import os
import pkgutil
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from itertools import accumulate, pairwise
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from hypothesis import given, settings
from hypothesis import strategies as st_
from streamlit.testing.v1 import AppTest

import dashboard.views
from dashboard.components import drawing as page_drawing
from dashboard.components import tables as page_tables
from dashboard.session import cached
from dashboard.session.urlstate import View
from dashboard.shell import navigation
from dashboard.views import border, charts, compare, coverage, movements, place, shaded
from data.analysis import movements as moves
from data.analysis import precedence, reconciliations, series, shared_axis
from data.gazetteer import area
from data.gazetteer import places as gazetteer
from data.schema import tables
from data.schema.tables import cited
from data.settings import ROOT
from data.store import FigureFilter
from editions import brief, drawing
from editions.content import CHARTED, Content, gather
from editions.layout import EditionReader
from editions.light import Edition
from surges import rule
from tests import builders
from visuals.charts import comparison, svg
from visuals.charts.studio import Studio
from visuals.html.elements import DERIVED
from visuals.language import figure_text
from visuals.language.words import LANGUAGES, Words
from visuals.map import draw, geometry, no_figure, shades

TODAY = date(2026, 11, 24)
LINK = re.compile(r'<a href="[^"]*[?&]figure=(?P<id>[0-9a-f]+)[^"]*"[^>]*>(?P<shown>.*?)</a>')
PAPERS = re.compile(r'<a href="provenance-[^"#]*#f(?P<id>[0-9a-f]+)"[^>]*>(?P<shown>.*?)</a>')
MADE = re.compile(r'<span data-derived="(?P<kind>\w+)">.*?</span>', re.DOTALL)
ATTRIBUTE = re.compile(r"<[^>]*>")
MADE_LINK = re.compile(
    r'<span data-derived="(?P<kind>\w+)"><a href="[^"]*figure=(?P<id>[0-9a-f]+)[^"]*"[^>]*>'
    r"(?P<shown>[^<]*)</a></span>"
)
BARE = re.compile(r'<td class="nz-num"[^>]*>(.*?)</td>', re.DOTALL)
"""Cells for numbers, of any size; what is linked or derived in them is looked at before."""
AXIS = re.compile(r"<text.*?</text>", re.DOTALL)
"""What drawings write on their axes and in their legends; their marks are measured apart."""
GROUPED = {
    ",": re.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,])"),
    ".": re.compile(r"(?<![\d,.])\d{1,3}(?:\.\d{3})+(?![\d.]\d)"),
}
"""A number from a thousand on, by what stands between its groups: years never look like it."""
FIRST = {",": re.compile(r"\d[\d,]*"), ".": re.compile(r"\d[\d.]*")}
"""A number of any size: the difference of two rounds may be a few hundred."""
WALKED = os.environ.get("NUZUH_WALK", "")
ALL = WALKED == "all"
MONTHS_WALKED = 3
"""Of the months of one series of movements, about so many are walked."""
SMALLER = 1
"""Of the places of one kind below governorates and provinces, so many are walked."""

CIRCLE = re.compile(r'<circle transform="[^"]*" r="([\d.]+)"[^>]*><title>([^<]*)</title></circle>')

AXIS_ACROSS = re.compile(r'<text class="axis" x="([\d.]+)"[^>]*>([\d.,]+)<')
NOTHING = re.compile(r"<NA>|&lt;NA&gt;|\bNaT\b|\bnan\b")
"""What a program calls a missing value: no reader is to see it."""
DOT = re.compile(r'<g><title>([^<]*)</title>(?:<path[^>]*>)+<circle class="value" cx="([\d.]+)"')


@dataclass
class Tally:
    """What was walked, and what was found nowhere."""

    counts: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)

    def number(self, found: bool, where: str) -> None:
        self.counts["numbers"] += 1
        if not found:
            self.lost.append(where)


class Walk:
    """The figures of a store, every vintage, and the ways to hold what was drawn against them."""

    def __init__(self, figures: pd.DataFrame, words: Words, tally: Tally) -> None:
        self.words, self.tally = words, tally
        self.by_id: dict[str, list[dict[Any, Any]]] = {}
        for row in figures.to_dict("records"):
            self.by_id.setdefault(str(row["figure_id"]), []).append(row)
        self.values = {int(value) for value in figures["value"].dropna()}
        self.series: dict[tuple[str, ...], set[int]] = {}
        for rows in self.by_id.values():
            told = {int(row["value"]) for row in rows if not pd.isna(row["value"])}
            self.series.setdefault(self.of(rows[0]), set()).update(told)
        self.group = words.number(1_000)[1]
        self.counted: set[int] = set()
        """Numbers that count figures, and those of the rule's own sentences: no figure has them."""

    def read_in(self, language: str) -> "Walk":
        """The same figures walked by a reader of a language."""
        own = copy(self)
        own.words, own.tally = Words(language), Tally()
        own.group = own.words.number(1_000)[1]
        return own

    def html(self, body: str, where: str) -> None:
        """A table or a sentence: linked numbers are those of their figure, others published."""
        self.tally.counts["tables"] += body.count("<table")
        missing = NOTHING.search(body)
        assert missing is None, f"{where}: {body[max(missing.start() - 80, 0) : missing.end()]}"
        for kind in MADE.finditer(body):
            assert kind["kind"] in DERIVED
        for alone in MADE_LINK.finditer(body):
            self.made(alone["kind"], alone["id"], unescape(alone["shown"]), where)
        told = MADE_LINK.sub(" ", body)
        for link in [*LINK.finditer(told), *PAPERS.finditer(told)]:
            rows, shown = self.by_id[link["id"]], unescape(ATTRIBUTE.sub("", link["shown"]))
            texts = [figure_text.value(self.words, row) for row in rows]
            self.tally.number(any(text in shown for text in texts), f"{where}: {shown}")
        rest = MADE.sub(" ", body)
        rest = PAPERS.sub(" ", LINK.sub(" ", re.sub(r"<svg.*?</svg>", " ", rest, flags=re.DOTALL)))
        rest = AXIS.sub(" ", rest)
        for cell in BARE.findall(rest):
            shown = unescape(ATTRIBUTE.sub("", cell)).replace(self.group, "").strip()
            if shown.isdecimal():
                self.tally.number(int(shown) in self.values, f"{where}: a cell of {shown}")
        for number in GROUPED[self.group].findall(unescape(ATTRIBUTE.sub(" ", rest))):
            known = int(number.replace(self.group, ""))
            found = known in self.values or known in self.counted
            self.tally.number(found, f"{where}: {number}")

    def made(self, kind: str, of: str, shown: str, where: str) -> None:
        """A number of ours that leads to the last of its figures: it is what it is said to be."""
        number = int(FIRST[self.group].findall(shown)[0].replace(self.group, ""))
        if kind != "difference":
            assert kind == "sum", where
            return
        last = self.by_id[of]
        before = self.series[self.of(last[0])]
        # Between two rounds it is how many more or fewer: departures are fewer.
        found = any(
            {int(row["value"]) - number, int(row["value"]) + number} & before for row in last
        )
        self.tally.number(found, f"{where}: {shown} is no difference of two figures")

    def of(self, row: dict[Any, Any]) -> tuple[str, ...]:
        """The series of a figure."""
        return tuple(str(row[name]) for name in series.SERIES)

    def dots(self, drawn: str, where: str) -> None:
        """Dots on an axis from zero: each stands at the number that it says, a published one."""
        self.tally.counts["charts"] += 1
        axis = {
            int(label.replace(self.group, "")): float(x) for x, label in AXIS_ACROSS.findall(drawn)
        }
        top = max(axis)
        pixel = top / abs(axis[top] - axis[0])
        for said, x in DOT.findall(drawn):
            at = (float(x) - axis[0]) / (axis[top] - axis[0]) * top
            number = int(FIRST[self.group].findall(unescape(said).rpartition(": ")[2])[0]
                         .replace(self.group, ""))  # fmt: skip
            self.tally.number(number in self.values, f"{where}: {said}")
            self.tally.number(abs(at - number) <= pixel, f"{where}: {said} stands at {at}")

    def life(self, drawn: str, where: str) -> None:
        """A figure's life: each dot stands at a published number, and says it."""
        self.tally.counts["charts"] += 1
        pixel = scale(drawn, self.group)
        said = re.findall(r"<g><title>([^<]*)</title><circle", drawn)
        for text, height in zip(said, measured(drawn, self.group), strict=True):
            number = int(FIRST[self.group].findall(unescape(text))[0].replace(self.group, ""))
            self.tally.number(number in self.values, f"{where}: {text}")
            self.tally.number(abs(number - height) <= pixel, f"{where}: {text} at {height}")

    def shaded(self, change: dict[str, Any], where: str) -> None:
        """A shaded map: each number is made of the two figures that its place leads to."""
        self.tally.counts["charts"] += 1
        for mark in change["marks"]:
            shown, of, displaced, everybody, among = mark[2], mark[7], mark[9], mark[10], mark[11]
            if not of:
                assert mark[8] == shades.NO_FIGURE
                continue
            rate = change["shadeMade"] == "rate"
            told = [
                (str(a["place_code"]), self.per_hundred(a, b) if rate else self.shifted(a, b))
                for a in self.by_id[of]
                for b in self.by_id[among]
                if figure_text.value(self.words, a) == displaced
                and figure_text.value(self.words, b) == everybody
            ]
            self.tally.number((mark[0], shown) in told, f"{where}: {mark}")

    def on_page(self, change: dict[str, Any], where: str) -> None:
        """The page's map: each mark says its figure's number, and its area stands to it."""
        self.tally.counts["charts"] += 1
        _, steps, numbers, *_ = change["marks"]
        radii = [tenths / 10 for tenths in accumulate(steps)]
        packed, sizes = base64.b64decode(change["figures"]), []
        ids = [cited(packed[at : at + 8].hex()) for at in range(0, len(packed), 8)]
        for r, shown, of in zip(radii, numbers.split("|"), ids, strict=True):
            rows = [row for row in self.by_id[of] if figure_text.value(self.words, row) in shown]
            self.tally.number(bool(rows), f"{where}: {shown}")
            sizes += [(r, int(row["value"])) for row in rows[:1]]
        self.areas(sizes, where)

    def moves(self, drawn: str, where: str) -> None:
        """Arrows between places: each leads to its figure and says that figure's number."""
        self.tally.counts["charts"] += 1
        for link in re.finditer(
            r"<a [^>]*figure=([0-9a-f]{16,17})[^>]*>(.*?)</a>", drawn, re.DOTALL
        ):
            said = unescape(ATTRIBUTE.sub(" ", link[2]))
            texts = [figure_text.value(self.words, row) for row in self.by_id[link[1]]]
            self.tally.number(any(text in said for text in texts), f"{where}: {said}")

    def per_hundred(self, of: dict[Any, Any], among: dict[Any, Any]) -> str:
        """A rate, of one publisher's round and place alone."""
        same = ("publisher", "as_of", "reporting_round", "place_code")
        assert all(of[name] == among[name] for name in same)
        return self.words.per_hundred(100 * of["value"] / among["value"])

    def shifted(self, after: dict[Any, Any], before: dict[Any, Any]) -> str:
        """A change, of one series alone, from one day to a later one."""
        assert self.of(after) == self.of(before)
        assert after["as_of"] > before["as_of"]
        return self.words.signed_percent((after["value"] - before["value"]) / before["value"])

    def drawing(self, drawn: str, line: pd.DataFrame, where: str) -> None:
        """A drawn series: the height of each mark, measured on its own axis, is its number."""
        self.tally.counts["charts"] += 1
        told = sorted(int(value) for value in line["value"].dropna())
        found = sorted(measured(drawn, self.group))
        assert len(found) == len(told), f"{where}: {len(found)} marks for {len(told)} figures"
        pixel = scale(drawn, self.group)
        for value, height in zip(told, found, strict=True):
            self.tally.number(abs(value - height) <= pixel, f"{where}: {height} for {value}")

    def map(self, drawn: str, shown: pd.DataFrame, where: str) -> None:
        """A map: what each circle says is a figure's, and its area stands to it as to the others.

        Circles of the smallest size say their number and no more.
        """
        self.tally.counts["charts"] += 1
        own = {figure_text.value(self.words, row) for row in shown.to_dict("records")}
        sizes = []
        for radius, title in CIRCLE.findall(drawn):
            said = unescape(title)
            found = [text for text in own if f": {text}" in said]
            self.tally.number(bool(found), f"{where}: {said}")
            if found:
                digits = re.sub(r"[^\d]", "", max(found, key=len))
                sizes.append((float(radius), int(digits)))
        self.areas(sizes, where)

    def areas(self, sizes: list[tuple[float, int]], where: str) -> None:
        """The areas of a map's circles stand to each other as their numbers do."""
        least = min((radius for radius, _ in sizes), default=0)
        larger = [(r, value) for r, value in sizes if r > least * 1.1]
        for (r, value), (other, against) in pairwise(larger):
            expected = other * (value / against) ** 0.5
            assert abs(r - expected) <= 0.15 * (1 + (value / against) ** 0.5), (where, r, expected)


def measured(drawn: str, group: str) -> Iterator[float]:
    """The numbers that the marks of a drawn series stand for, read off its own axis."""
    (_, zero), per = ground(drawn, group), scale(drawn, group)
    for y in re.findall(r'<rect x="[^"]*" y="([\d.]+)"', drawn):
        yield (zero - float(y)) * per
    for y in re.findall(r'<path class="span" d="M[\d.]+ ([\d.]+)H', drawn):
        yield (zero - float(y)) * per
    for y in re.findall(r'<circle cx="[^"]*" cy="([\d.]+)"', drawn):
        yield (zero - float(y)) * per
    for y in re.findall(r'<path d="M[\d.]+ (-?[\d.]+)h6v6h-6Z"', drawn):
        yield (zero - float(y) - 3) * per
    for y in re.findall(r'<path d="M[\d.]+ (-?[\d.]+)l4 4l-4 4l-4-4Z"', drawn):
        yield (zero - float(y) - 4) * per


def ground(drawn: str, group: str) -> tuple[dict[int, float], float]:
    """Where each number of a drawing's axis stands, and where its zero does."""
    lines = re.findall(
        r'H[\d.]+" stroke="[^"]*" stroke-width="[^"]*"/><text x="\d+" y="([\d.]+)"[^>]*>([\d.,]+)<',
        drawn,
    )
    at = {int(label.replace(group, "")): float(y) - 4 for y, label in lines}
    return at, at[0]


def scale(drawn: str, group: str) -> float:
    """What a unit of the drawing stands for."""
    at, zero = ground(drawn, group)
    top = max(at)
    return top / (zero - at[top])


class Caught:
    """What a page would show, caught before the browser."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.html: list[str] = []
        self.maps: list[dict[str, Any]] = []
        self.drawings: list[str] = []
        monkeypatch.setattr(st, "html", lambda body, **_: self.html.append(body))
        monkeypatch.setattr(page_tables, "download", lambda *_: None)
        monkeypatch.setattr(
            page_drawing, "show", lambda change, *_, **__: self.maps.append(json.loads(change))
        )
        monkeypatch.setattr(
            page_drawing, "show_static", lambda svg, *_, **__: self.drawings.append(svg)
        )

    def walk(self, walk: Walk, where: str) -> None:
        for body in self.html:
            walk.html(body, where)
        for change in self.maps:
            if "shades" in change:
                walk.shaded(change, where)
            else:
                walk.on_page(change, where)
        for drawn in self.drawings:
            if "nz-flow" in drawn:
                walk.moves(drawn, where)
            elif 'class="value"' in drawn:
                for drawing in drawn.split("</svg>")[:-1]:
                    walk.dots(drawing, where)
            elif 'class="life"' in drawn:
                for drawing in drawn.split("</svg>")[:-1]:
                    walk.life(drawing, where)
            elif "nz-chart" in drawn:
                walk.html(drawn, where)
            # Rings of surges say in their titles what stands on the cards.
        for kind in (self.html, self.maps, self.drawings):
            kind.clear()


@pytest.fixture(scope="module")
def every(store: Any) -> Walk:
    """Every vintage of every figure, and the numbers that pages say of figures and rules."""
    made = Walk(precedence.vintages(store.current()), Words("en"), Tally())
    release = store.current()
    shown = len(precedence.figures(release, FigureFilter()))
    made.counted = {release.count(), shown, int(rule.CHOSEN.opening), rule.GREAT}
    made.counted |= {rule.CHOSEN.opening // small for small in rule.OPENINGS.values()}
    return made


@pytest.fixture(params=LANGUAGES)
def walk(store: Any, every: Walk, monkeypatch: pytest.MonkeyPatch, request: Any) -> Walk:
    """One for each language."""
    monkeypatch.setenv("NUZUH_STORE", store.address)
    return every.read_in(request.param)


IN_ENGLISH = pytest.mark.parametrize("walk", LANGUAGES if ALL else ["en"], indirect=True)
"""Where other languages draw by the same functions what is walked in them elsewhere."""


@pytest.fixture
def view(walk: Walk) -> View:
    return View(walk.words, None, TODAY)


def few(found: Sequence[Any], number: int) -> Sequence[Any]:
    """At most so many of them, from first to last; all where the whole store is walked."""
    return found if ALL else found[:: max(1, -(-len(found) // number))]


def sample(codes: Iterable[str], language: str) -> list[str]:
    """The places that are walked: countries, governorates, the border's provinces, a few others.

    Other languages draw the same figures: of their places every sixth is walked.
    """
    of_area = set(area.load("idlib").border)
    kinds: dict[tuple[str, str], list[str]] = {}
    for code in sorted(codes):
        row = gazetteer.codes(code)
        level = "none" if pd.isna(row["admin_level"]) else str(row["admin_level"])
        kinds.setdefault((str(row["location_code"]), level), []).append(code)
    chosen: list[str] = []
    for (country, level), found in kinds.items():
        if level == "1" and country != "SYR":
            chosen += found if ALL else [code for code in found if code in of_area]
        else:
            chosen += found if level in ("0", "1") else few(found, SMALLER)
    return sorted(chosen) if ALL or language == "en" else sorted(chosen)[::6]


def ended(walk: Walk, record: Callable[[str, object], None], *, some: bool = True) -> None:
    """Report the tally, and fail where a number was found nowhere."""
    for name in ("charts", "tables", "numbers"):
        record(name, walk.tally.counts[name])
    record("not found", len(walk.tally.lost))
    print({**walk.tally.counts, "not found": len(walk.tally.lost)})  # noqa: T201 - the tally
    assert walk.tally.counts["numbers"] > 0 or not some
    assert not walk.tally.lost, walk.tally.lost[:20]


def test_every_place_s_page(store, walk, view, monkeypatch, record_property):
    """Syria drew 2,680,000 returns for a published 1,341,148, Türkiye 359 provinces unnamed."""
    release, caught = store.current(), Caught(monkeypatch)
    codes = {str(rows[0]["place_code"]) for rows in walk.by_id.values()}
    for code in sample(codes, walk.words.language):
        figures = place.figures(view, release, code)
        assert set(figures["place_code"]) <= {code}
        st.html(place.newest(view, figures))
        st.html(place.shares(view, release, figures, code))
        made, rest = place.drawings(view, release, figures, code)
        for studio in made:
            for axis in studio.axes:
                walk.drawing(studio.drawn(axis), axis, code)
        assert len(made) <= place.LARGE
        st.html(page_tables.of_figures(view, rest, place.NEWEST))
        caught.walk(walk, code)
    ended(walk, record_property)


ADDRESSES: dict[str, tuple[dict[str, str], ...]] = {
    "situation": (
        {},
        {"since": "2026-01-01"},
        {"known": "2020-02-11"},
        {"known": "2020-03-06", "open": "send"},
    ),
    "map": (
        {},
        {"series": "rate", "level": "1"},
        {"series": "change", "level": "1"},
        {"series": "change", "level": "3"},
    ),
    "compare": ({"place": "SY07"},),
    "surges": ({}, {"known": "2020-02-11"}),
    "charts": ({"places": "SY07,SY02"},),
    "coverage": ({"place": "SY02"},),
    "downloads": ({"place": "SY07"},),
    # Each place, figure and text has its own walk; the addresses for other tools hold no figure.
    **dict.fromkeys(("place", "figure", "check", "elsewhere"), ()),
}
"""Where a page shows other things than at its own address alone."""
PAGES = tuple(
    (page.name, address) for page in navigation.PAGES for address in ADDRESSES.get(page.name, ({},))
)
"""Every page that shows figures, at the addresses at which it shows different things."""


@pytest.mark.parametrize(("page", "address"), PAGES, ids=lambda at: str(at))
def test_every_page_as_it_opens(page, address, walk, monkeypatch, record_property):
    """The pages' own scripts, with all that stands around the parts that are walked above."""
    for module in pkgutil.walk_packages(dashboard.views.__path__, "dashboard.views."):
        # A page's script lies beside a page that is called as a package is.
        importlib.import_module(module.name)
    later = {"known", "since"} & set(address) or page in ("downloads", "glossary")
    if later and walk.words.language != "en" and not ALL:
        pytest.skip("walked in English; NUZUH_WALK=all walks it in every language")
    caught = Caught(monkeypatch)
    app = AppTest.from_file(str(ROOT / "dashboard" / "pages" / f"{page}.py"), default_timeout=120)
    for name, value in {"lang": walk.words.language, **address}.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception
    assert caught.html
    caught.walk(walk, f"{page} {address}")
    ended(walk, record_property, some=False)


@IN_ENGLISH
def test_the_border_every_comparison_and_every_month_of_movements(
    store, walk, view, monkeypatch, record_property
):
    release, caught = store.current(), Caught(monkeypatch)
    abroad, inside = border.stocks(view, release)
    st.html(border.side_tables(view, abroad, inside))
    returned = border.returns(view, release)
    border.cumulative(view, release, returned)
    st.html(border.by_crossing(view, returned)[0])
    st.html(border.arrivals(view, release)[0])
    caught.walk(walk, "border")
    for case in reconciliations.cases():
        asked = case.places[0], case.groups[0], case.on
        found = compare.compared(view, release, *asked)
        against = compare.reference(found, None)
        if against is None:
            continue
        st.html(compare.case_stories(view, found) + compare.side_by_side(view, found, against))
        compare.axes(view, found)
        caught.walk(walk, f"compare {case.code}")
    wanted = FigureFilter(measure=("flow",), unit=("movements",), within=("SYR",))
    for name, figures in moves.series(moves.moves(cached.figures(release, release.id, wanted))):
        for level in moves.LEVELS:
            at = figures[figures["admin_level"].eq(level).fillna(False)]
            for period in few(list(moves.periods(at)), MONTHS_WALKED):
                matrix = moves.matrix(moves.periods(figures)[period], level)
                st.html(movements.described(view, matrix) + movements.table(view, matrix))
                caught.walk(walk, f"movements {name} {period}")
    ended(walk, record_property)


@IN_ENGLISH
def test_the_chart_studio_and_the_coverage(store, walk, view, record_property):
    """Places drawn together: each mark is a figure's number, a place never beside its part."""
    release, nothing = store.current(), tables.EVENTS.empty()
    for order in (("SY07", "SY02", "SYR"), ("TUR031", "TUR079", "TUR"), ("SY070301", "SY070302")):
        found = cached.figures(release, release.id, FigureFilter(exactly=order))
        # The first counts are those that a reader is offered first; one function draws them all.
        for code, count in list(shared_axis.kinds_of_count(found).items())[:6]:
            studio = Studio(view.words, count, order, nothing)
            for axis in studio.axes:
                assert not shared_axis.has_nested_places(tuple(axis["place_code"].unique()))
                walk.drawing(studio.drawn(axis), axis, f"studio {order} {code}")
            chosen = charts.Chosen(studio, {}, ())
            walk.html(charts.table(view, chosen), f"studio {order} {code}")
    within = cached.figures(release, release.id, FigureFilter(within=("SY07",)))
    order = sorted(set(within["place_code"]))
    asked = coverage.Asked("SY07", within, within, order, list(range(2011, 2027)), None)
    body = coverage.matrix(view, asked)
    cells = re.findall(r"figure=([0-9a-f]{16,17})", body)
    assert len(cells) > 100
    assert set(cells) <= set(within["figure_id"])
    walk.html(coverage.stopped(view, asked) + coverage.missing(view, asked), "coverage")
    ended(walk, record_property)


@IN_ENGLISH
def test_the_shaded_map(store, walk, view, record_property):
    """A rate of two publishers, or of two rounds, would be a share of nothing."""
    release, outlines = store.current(), geometry.of_area("idlib")
    found = [
        (f"{series} {level} {time}", level, numbers)
        for series in shaded.SERIES
        for level, times in shaded.pictures(view, release, series).items()
        if level in shades.LEVELS
        for time, numbers in times.items()
    ]
    for what, level, numbers in few(found, 30):
        ground = no_figure.grounds(outlines, level)
        at = [one for one in numbers if shades.both(one)[0]["place_code"] in ground]
        if at:
            change = shades.change(
                outlines,
                at,
                shades.without(outlines, level, at),
                view,
                view=draw.everywhere(outlines),
                link="",
                provenance="",
            )
            walk.shaded(change, what)
        walk.html(shaded.table(view, numbers), what)
    ended(walk, record_property)


@pytest.fixture(scope="module")
def content(store: Any) -> Content:
    return gather(store.current(), area.load("idlib"))


@IN_ENGLISH
def test_the_edition_the_brief_and_single_pictures(content, walk, record_property):
    words, nothing, language = walk.words, tables.EVENTS.empty(), walk.words.language
    chosen = sample(content.codes, language)
    pages = Edition(content, language).pages
    several = ("place-", "map-", "provenance-")  # provenance: every figure as it is, one row each
    walked = [name for name in pages if not name.startswith(several)]
    walked += [f"place-{code}.html" for code in few(chosen, 8)]
    for kind in several[1:]:
        walked += few([name for name in pages if name.startswith(kind)], 12)
    for name in walked:
        walk.html(pages[name].body(), f"edition {name}")
    reader = EditionReader(words, content)
    layers = few(content.layers, 30)
    pictures = [(content.overview, None), *((at.days[0], at.largest) for at in layers)]
    for shown, largest in pictures:
        drawn = drawing.picture(reader, content, shown, "map", largest=largest, short=True)
        walk.map(drawn, shown, f"map of {shown['dataset'].iloc[0]}")
    for code in few(chosen, 8):
        for line in few(content.places[code].lines, 8):
            assert len(line) >= CHARTED
            walk.drawing(svg.draw(words, line, nothing), line, f"chart {code}")
    made = brief.compose(content, language)
    listed = [t for t in (made.mapped, made.changes, *made.comparisons) if t is not None]
    cells = [cell for table in listed for row in table.rows for cell in row]
    for said in [*(headline.value for headline in made.headlines), *cells]:
        walk.html(said, "brief")
    ended(walk, record_property)


MONTHS = st_.tuples(st_.integers(0, 30), st_.integers(1, 24))
ROWS = st_.lists(
    st_.fixed_dictionaries(
        {
            "period": MONTHS,
            "value": st_.one_of(st_.none(), st_.integers(0, 5_000_000)),
            "measure": st_.sampled_from(["stock", "flow", "cumulative"]),
            "asylum_location_code": st_.sampled_from([None, "ALL", "TUR", "LBN"]),
            "qualifier": st_.sampled_from(["exact", "about", "over", "rounded"]),
            "caveat": st_.sampled_from([None, "mid_year", "partial_coverage", "subset"]),
            "operation": st_.sampled_from([None, "a"]),
        }
    ),
    min_size=1,
    max_size=14,
)


def rows_of(found: list[dict[str, Any]]) -> pd.DataFrame:
    made = []
    for row in found:
        start = pd.Timestamp("2022-01-01") + pd.DateOffset(months=row["period"][0])
        end = start + pd.DateOffset(months=row["period"][1]) - pd.Timedelta(days=1)
        more = {k: v for k, v in row.items() if k != "period"}
        since = "2020-01-01" if row["measure"] == "cumulative" else None
        more |= {"missing_reason": "not_reported"} if row["value"] is None else {}
        made.append(
            more
            | {
                "population_group": "RET",
                "reference_period_start": str(start.date()),
                "reference_period_end": str(end.date()),
                "as_of": str(end.date()),
                "cumulative_since": since,
            }
        )
    frame = builders.figures(*made)
    return frame.drop_duplicates("figure_id", ignore_index=True)


@settings(max_examples=10)
@given(ROWS)
def test_whatever_a_store_holds_its_charts_draw_its_numbers_alone(found: list[dict[str, Any]]):
    frame, words = rows_of(found), Words("en")
    walk = Walk(frame, words, Tally())
    seen: list[str] = []
    for line in series.lines(frame):
        if line["value"].notna().any():
            walk.drawing(svg.draw(words, line, tables.EVENTS.empty()), line, "drawing")
            seen += line.loc[line["value"].notna(), "figure_id"].tolist()
    for part in shared_axis.kinds_of_count(frame[frame["value"].notna()]).values():
        places = tuple(dict.fromkeys(part["place_code"]))
        studio = Studio(words, part, places, tables.EVENTS.empty())
        for axis in studio.axes:
            walk.drawing(studio.drawn(axis), axis, "studio")
    for _, part in frame[frame["value"].notna()].groupby(["measure", "unit"]):
        walk.dots(comparison.dots(words, part), "dots")
    assert not walk.tally.lost
    assert sorted(seen) == sorted(frame.loc[frame["value"].notna(), "figure_id"])
