"""Every chart and table that can be drawn is walked, and each number on it is a published one.

The pages' own functions draw what they draw for a reader; what they would show is caught before
the browser. A number passes where the figures of the store have it for that place and series, or
where the page marks it with the way it was made (`data-derived`). Drawings without numbers are
measured: the height of a bar and the size of a circle lead back to a number.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd
import pytest
import streamlit as st
from hypothesis import given, settings
from hypothesis import strategies as st_

from dashboard.components import tables as page_tables
from dashboard.session import cached
from dashboard.session.urlstate import View
from dashboard.views import border, charts, compare, coverage, movements, place, shaded
from data.analysis import movements as moves
from data.analysis import precedence, reconciliations, series, shared_axis
from data.gazetteer import area
from data.schema import tables
from data.store import Wanted
from editions import brief, drawing
from editions.content import CHARTED, Content, gather
from editions.layout import EditionReader
from editions.light import Edition
from tests import builders, carried
from visuals.charts import comparison, points, svg, vega_lite
from visuals.charts.studio import Studio
from visuals.html.elements import DERIVED
from visuals.language import figure_text
from visuals.language.words import Words
from visuals.map import draw, geometry, shades

TODAY = date(2026, 11, 24)
LINK = re.compile(r'<a href="[^"]*[?&]figure=(?P<id>[0-9a-f]+)[^"]*"[^>]*>(?P<shown>.*?)</a>')
PAPERS = re.compile(r'<a href="papers-[^"#]*#f(?P<id>[0-9a-f]+)"[^>]*>(?P<shown>.*?)</a>')
MADE = re.compile(r'<span data-derived="(?P<kind>\w+)">.*?</span>', re.DOTALL)
ATTRIBUTE = re.compile(r"<[^>]*>")
AXIS = re.compile(r"<text.*?</text>", re.DOTALL)
"""What drawings write on their axes and in their legends; their marks are measured apart."""
GROUPED = re.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,])")
"""A number as English writes one from a thousand on: years and days never look like it."""

CIRCLE = re.compile(r'<circle transform="[^"]*" r="([\d.]+)"[^>]*><title>([^<]*)</title></circle>')


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

    def html(self, body: str, where: str) -> None:
        """A table or a sentence: linked numbers are those of their figure, others published."""
        self.tally.counts["tables"] += body.count("<table")
        for kind in MADE.finditer(body):
            assert kind["kind"] in DERIVED
        for link in [*LINK.finditer(body), *PAPERS.finditer(body)]:
            rows, shown = self.by_id[link["id"]], unescape(ATTRIBUTE.sub("", link["shown"]))
            texts = [figure_text.value(self.words, row) for row in rows]
            self.tally.number(any(text in shown for text in texts), f"{where}: {shown}")
        rest = MADE.sub(" ", body)
        rest = PAPERS.sub(" ", LINK.sub(" ", re.sub(r"<svg.*?</svg>", " ", rest, flags=re.DOTALL)))
        rest = AXIS.sub(" ", rest)
        for number in GROUPED.findall(unescape(ATTRIBUTE.sub(" ", rest))):
            self.tally.number(int(number.replace(",", "")) in self.values, f"{where}: {number}")

    def chart(self, chart: alt.LayerChart, where: str) -> None:
        """An Altair chart: its data are figures, and nothing in it adds them up."""
        spec = chart.to_dict(validate=False)
        self.tally.counts["charts"] += 1
        assert "aggregate" not in str(spec), where
        for layer in spec["layer"]:
            y = layer["encoding"].get("y", {})
            assert y.get("stack", None) is None, where
            assert "stack" in y or y.get("field") != "value", f"{where} may be stacked"
            assert not [t for t in layer.get("transform", ()) if "filter" not in t], where
        for rows in spec["datasets"].values():
            for row in rows:
                if "value" in row and row["value"] is not None:
                    told = [r["value"] for r in self.by_id[row["figure_id"]]]
                    self.tally.number(row["value"] in told, f"{where}: {row}")
        if any("x2" in layer["encoding"] and "y2" in layer["encoding"] for layer in spec["layer"]):
            self.no_overlap(spec, where)

    def no_overlap(self, spec: dict[str, Any], where: str) -> None:
        """Bars stand beside one another: of one line, and no period in another."""
        rows = [r for rows in spec["datasets"].values() for r in rows if "start" in r]
        assert len({row["line"] for row in rows}) == 1, where
        spans = sorted((row["start"], row["end"]) for row in rows)
        for (_, end), (start, _) in pairwise(spans):
            assert start >= end, where

    def shaded(self, change: dict[str, Any], where: str) -> None:
        """A map of rates: each is the quotient of the two figures that its place leads to."""
        self.tally.counts["charts"] += 1
        for mark in change["marks"]:
            shown, of, displaced, everybody, among = mark[2], mark[7], mark[9], mark[10], mark[11]
            if not of:
                assert mark[8] == shades.NO_FIGURE
                continue
            pairs = [(a, b) for a in self.by_id[of] for b in self.by_id[among]]
            told = [
                (str(a["place_code"]), f"{100 * a['value'] / b['value']:.1f}")
                for a, b in pairs
                if (a["publisher"], a["as_of"], a["reporting_round"], a["place_code"])
                == (b["publisher"], b["as_of"], b["reporting_round"], b["place_code"])
                and figure_text.value(self.words, a) == displaced
                and figure_text.value(self.words, b) == everybody
            ]
            self.tally.number((mark[0], shown) in told, f"{where}: {mark}")

    def drawing(self, drawn: str, line: pd.DataFrame, where: str) -> None:
        """A drawn series: the height of each mark, measured on its own axis, is its number."""
        self.tally.counts["charts"] += 1
        told = sorted(int(value) for value in line["value"].dropna())
        found = sorted(measured(drawn))
        assert len(found) == len(told), f"{where}: {len(found)} marks for {len(told)} figures"
        pixel = scale(drawn)
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
        least = min((radius for radius, _ in sizes), default=0)
        larger = [(r, value) for r, value in sizes if r > least * 1.1]
        for (r, value), (other, against) in pairwise(larger):
            expected = other * (value / against) ** 0.5
            assert abs(r - expected) <= 0.15 * (1 + (value / against) ** 0.5), (where, r, expected)


def measured(drawn: str) -> Iterator[float]:
    """The numbers that the marks of a drawn series stand for, read off its own axis."""
    (_, zero), per = ground(drawn), scale(drawn)
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


def ground(drawn: str) -> tuple[dict[int, float], float]:
    """Where each number of a drawing's axis stands, and where its zero does."""
    lines = re.findall(
        r'H\d+" stroke="[^"]*" stroke-width="[^"]*"/><text x="\d+" y="([\d.]+)"[^>]*>([\d,]+)<',
        drawn,
    )
    at = {int(label.replace(",", "")): float(y) - 4 for y, label in lines}
    return at, at[0]


def scale(drawn: str) -> float:
    """What a unit of the drawing stands for."""
    at, zero = ground(drawn)
    top = max(at)
    return top / (zero - at[top])


class Caught:
    """What a page would show, caught before the browser."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.html: list[str] = []
        self.charts: list[alt.LayerChart] = []
        monkeypatch.setattr(st, "html", lambda body, **_: self.html.append(body))
        monkeypatch.setattr(st, "altair_chart", lambda chart, **_: self.charts.append(chart))
        monkeypatch.setattr(page_tables, "download", lambda *_: None)

    def walk(self, walk: Walk, where: str) -> None:
        for body in self.html:
            walk.html(body, where)
        for chart in self.charts:
            walk.chart(chart, where)
        self.html.clear()
        self.charts.clear()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return carried.publish(tmp_path_factory.mktemp("store"))


@pytest.fixture
def walk(store: Any, monkeypatch: pytest.MonkeyPatch) -> Walk:
    monkeypatch.setenv("NUZUH_STORE", store.address)
    return Walk(precedence.vintages(store.current()), Words("en"), Tally())


@pytest.fixture
def view() -> View:
    return View(Words("en"), None, TODAY)


def ended(walk: Walk, record: Callable[[str, object], None]) -> None:
    """Report the tally, and fail where a number was found nowhere."""
    for name in ("charts", "tables", "numbers"):
        record(name, walk.tally.counts[name])
    record("not found", len(walk.tally.lost))
    print({**walk.tally.counts, "not found": len(walk.tally.lost)})  # noqa: T201 - the tally
    assert walk.tally.counts["numbers"] > 0
    assert not walk.tally.lost, walk.tally.lost[:20]


def test_every_place_s_page(store, walk, view, monkeypatch, record_property):
    """Syria drew 2,680,000 returns for a published 1,341,148, Türkiye 359 provinces unnamed."""
    release, caught = store.current(), Caught(monkeypatch)
    for code in sorted({str(rows[0]["place_code"]) for rows in walk.by_id.values()}):
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


def test_the_border_every_comparison_and_every_month_of_movements(
    store, walk, view, monkeypatch, record_property
):
    release, caught = store.current(), Caught(monkeypatch)
    abroad, inside = border.stocks(view, release)
    st.html(border.sides(view, abroad, inside))
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
        st.html(compare.told_cases(view, found) + compare.side_by_side(view, found, against))
        compare.axes(view, found)
        caught.walk(walk, f"compare {case.code}")
    wanted = Wanted(measure=("flow",), unit=("movements",), within=("SYR",))
    for name, figures in moves.series(moves.moves(cached.figures(release, release.id, wanted))):
        for level in moves.LEVELS:
            at = figures[figures["admin_level"].eq(level).fillna(False)]
            for period in moves.periods(at):
                matrix = moves.matrix(moves.of_period(figures, period), level)
                st.html(movements.described(view, matrix) + movements.table(view, matrix))
                caught.walk(walk, f"movements {name} {period}")
    ended(walk, record_property)


def test_the_chart_studio_and_the_coverage(store, walk, view, record_property):
    """Places drawn together: each mark is a figure's number, a place never beside its part."""
    release, nothing = store.current(), tables.EVENTS.empty()
    for order in (("SY07", "SY02", "SYR"), ("TUR031", "TUR079", "TUR"), ("SY070301", "SY070302")):
        found = cached.figures(release, release.id, Wanted(exactly=order))
        # The first counts are those that a reader is offered first; one function draws them all.
        for code, count in list(shared_axis.counts(found).items())[:6]:
            studio = Studio(view.words, count, order, nothing)
            for axis in studio.axes:
                assert not shared_axis.nested(tuple(axis["place_code"].unique()))
                walk.drawing(studio.drawn(axis), axis, f"studio {order} {code}")
            chosen = charts.Chosen(studio, {}, ())
            walk.html(charts.table(view, chosen), f"studio {order} {code}")
    within = cached.figures(release, release.id, Wanted(within=("SY07",)))
    order = sorted(set(within["place_code"]))
    asked = coverage.Asked("SY07", within, within, order, list(range(2011, 2027)), None)
    body = coverage.matrix(view, asked)
    cells = re.findall(r"figure=([0-9a-f]{16,17})", body)
    assert len(cells) > 100
    assert set(cells) <= set(within["figure_id"])
    walk.html(coverage.stopped(view, asked) + coverage.missing(view, asked), "coverage")
    ended(walk, record_property)


def test_the_shaded_map(store, walk, view, record_property):
    """A rate of two publishers, or of two rounds, would be a share of nothing."""
    release, outlines = store.current(), geometry.of_area("idlib")
    found = cached.rate_pictures(release, release.id, None)
    for level in shaded.levels(found):
        for time, rates in found[level].items():
            at = [rate for rate in rates if rate.displaced["place_code"] in outlines.seats]
            change = shades.change(
                outlines,
                at,
                shaded.without(outlines.admin1, at) if level == "1" else [],
                view,
                view=draw.everywhere(outlines),
                link="",
                papers="",
            )
            walk.shaded(change, f"rates {level} {time}")
            walk.html(shaded.table(view, rates), f"rates {level} {time}")
    ended(walk, record_property)


@pytest.fixture(scope="module")
def content(store: Any) -> Content:
    return gather(store.current(), area.load("idlib"))


def test_the_edition_the_brief_and_single_pictures(content, walk, record_property):
    words, nothing = Words("en"), tables.EVENTS.empty()
    for name, page in Edition(content, "en").pages.items():
        if not name.startswith("papers-"):  # every figure as it is, one row each
            walk.html(page.body(), f"edition {name}")
    reader = EditionReader(words, content)
    pictures = [(content.overview, None), *((at.days[0], at.largest) for at in content.layers)]
    for shown, largest in pictures:
        drawn = drawing.picture(reader, content, shown, "map", largest=largest, short=True)
        walk.map(drawn, shown, f"map of {shown['dataset'].iloc[0]}")
    for code, shown in content.places.items():
        for line in shown.lines:
            assert len(line) >= CHARTED
            walk.drawing(svg.draw(words, line, nothing), line, f"chart {code}")
    made = brief.compose(content, "en")
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
    for part in series.charts(frame):
        if part["value"].isna().all():
            continue  # a page has no chart without a number
        totals = part["asylum_location_code"].isna() | part["asylum_location_code"].eq("ALL")
        assert totals.all() or not totals.any()
        walk.chart(vega_lite.series_chart(words, part, tables.EVENTS.empty()), "chart")
        seen += part.loc[part["value"].notna(), "figure_id"].tolist()
        assert len(points.points(words, part)) == part["value"].notna().sum()
    for line in series.lines(frame):
        if line["value"].notna().any():
            walk.drawing(svg.draw(words, line, tables.EVENTS.empty()), line, "drawing")
    for _, part in frame[frame["value"].notna()].groupby(["measure", "unit"]):
        walk.chart(comparison.dots(words, part), "dots")
    assert not walk.tally.lost
    assert sorted(seen) == sorted(frame.loc[frame["value"].notna(), "figure_id"])
