"""Charts: one kind on an axis, true dates, and the reader's own words on them."""

import re
from base64 import b64decode
from datetime import date
from itertools import pairwise

import pandas as pd
import pytest

from data.analysis import shared_axis
from data.analysis.comparable import breaks
from data.analysis.series import records
from data.schema import tables
from tests.builders import figures
from visuals.charts import comparison, points, shared, svg, timeline
from visuals.charts.points import Drawn, MixedAxis
from visuals.charts.revisions import life_chart
from visuals.charts.sparkline import sparkline
from visuals.language.words import LANGUAGES, Words

NO_EVENTS = tables.EVENTS.empty()
YEAR = {"reference_period_start": "2024-01-01", "reference_period_end": "2024-12-31"}
EARLIER = YEAR | {"as_of": "2024-12-31", "value": 90, "known_from": "2025-06-12"}
MID_YEAR = {"as_of": "2025-06-30", "caveat": "mid_year", "known_from": "2025-11-10"}


def drawn(frame, events=NO_EVENTS):
    return shared.draw(Words("en"), frame, events)


@pytest.mark.parametrize(
    "other",
    [{"measure": "flow"}, {"unit": "families"}, {"population_group": "RDP"}],
)
def test_two_kinds_on_one_axis_are_refused(other):
    for draw in (drawn, lambda frame: svg.draw(Words("en"), frame, NO_EVENTS)):
        with pytest.raises(MixedAxis):
            draw(figures(EARLIER, other))


def test_two_sources_are_no_one_line():
    with pytest.raises(MixedAxis):
        svg.draw(Words("en"), figures(EARLIER, {"source": "b"}), NO_EVENTS)


def test_a_mid_year_value_is_drawn_at_mid_year_in_another_shape():
    both = figures(EARLIER, MID_YEAR)
    read = Drawn(Words("en"), both).points
    assert read["as_of"].tolist() == [pd.Timestamp("2024-12-31"), pd.Timestamp("2025-06-30")]
    assert read["look"].tolist() == ["exact", "mid_year"]
    assert drawn(both).count("<circle") == 1
    assert drawn(both).count("l4 4l-4 4l-4-4Z") == 1


def test_a_flow_is_as_wide_as_its_period():
    flow = figures(EARLIER | {"measure": "flow"}, {"measure": "flow"})
    widths = [float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)"', drawn(flow))]
    assert widths[0] == pytest.approx(widths[1], rel=0.01)
    assert sum(widths) == pytest.approx(shared.SIZE[0] - svg.LEFT - svg.RIGHT, rel=0.01)


def test_periods_that_overlap_are_not_drawn_over_one_another():
    rolling = {
        "measure": "flow",
        "reference_period_start": "2024-07-01",
        "reference_period_end": "2025-06-30",
        "as_of": "2025-06-30",
    }
    both = drawn(figures(EARLIER | {"measure": "flow"}, rolling))
    assert both.count('class="span"') == 2
    assert "<rect" not in both


def test_bars_of_two_publishers_are_never_stacked():
    """Syria's page drew 2,680,000 returns in 2025 where 1,341,148 were published."""
    flow = {"measure": "flow", "population_group": "RET"}
    both = drawn(figures(flow, flow | {"source": "b", "publisher": "IOM"}))
    heights = re.findall(r'class="span" d="M[\d.]+ ([\d.]+)H', both)
    assert len(heights) == 2
    assert heights[0] == heights[1]


def test_a_total_never_shares_a_chart_with_its_parts():
    flow = {"measure": "flow", "population_group": "RET"}
    frame = figures(*(flow | {"asylum_location_code": code} for code in ("ALL", "TUR", "LBN")))
    counts = shared_axis.kinds_of_count(frame).values()
    assert sorted(len(set(part["asylum_location_code"])) for part in counts) == [1, 1, 1]


IDLEB = {"place_code": "SY07", "admin_level": 1}
ALEPPO = {"place_code": "SY02", "admin_level": 1}


def two_places(*more):
    return figures(EARLIER | IDLEB, IDLEB, EARLIER | ALEPPO, ALEPPO, *more)


def numbered_ends(svg_text):
    found = re.findall(r'<text [^>]*font-weight="600"[^>]*>(\d)(.*?)</text>', svg_text)
    return {number: re.sub("<[^>]*>", "", rest) for number, rest in found}


@pytest.mark.parametrize(
    ("language", "names"), [("en", {"Idleb", "Aleppo"}), ("ar", {"إدلب", "حلب"})]
)
def test_a_line_is_named_where_it_ends_and_on_a_phone_numbered(language, names):
    """Eyes went from a number at the line down to the key and back, for each line."""
    words, both = Words(language), two_places()
    wide = numbered_ends(shared.draw(words, both, NO_EVENTS))
    assert {name.strip("\u2067\u2069") for name in wide.values()} == names
    narrow = numbered_ends(shared.draw(words, both, NO_EVENTS, size=shared.NARROW))
    assert narrow == dict.fromkeys(wide, "")


def test_names_at_the_ends_have_room_and_the_dates_a_hand_marks_know_it():
    named = drawn(two_places())
    right = float(re.search(r'data-right="([\d.]+)"', named)[1])
    assert right >= svg.RIGHT + svg.LETTER * len("1 Aleppo")
    last = max(float(x) for x in re.findall(r'<circle cx="([\d.]+)"', named))
    # The axis ends the day after the last one.
    assert last == pytest.approx(shared.SIZE[0] - right, abs=3)


def test_a_line_that_ended_long_ago_is_not_named_at_the_edge():
    old = {"as_of": "2015-12-31", "reference_period_end": "2015-12-31"}
    found = numbered_ends(drawn(two_places(old | IDLEB | {"source": "b", "publisher": "IOM"})))
    assert sorted(found.values()) == ["", "Aleppo", "Idleb · UNHCR"]


def test_a_place_has_one_colour_and_each_line_dashes_of_its_own():
    frame = two_places(IDLEB | {"source": "b", "publisher": "IOM"})
    keys = shared.keys(Words("en"), frame)
    idleb = {key.colour for key in keys if key.label.startswith("Idleb")}
    assert len(idleb) == 1
    assert len({key.colour for key in keys}) == 2
    assert len({key.dashes for key in keys}) == len(keys) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_months_do_not_stand_on_one_another(language):
    """From 30 January to 29 May, January moved inwards and covered the half of March."""
    days = {"reference_period_start": "2025-01-30", "reference_period_end": "2025-01-30"}
    till = {"reference_period_start": "2025-05-29", "reference_period_end": "2025-05-29"}
    frame = figures(days | {"as_of": "2025-01-30"}, till | {"as_of": "2025-05-29"})
    found = shared.draw(Words(language), frame, NO_EVENTS, size=shared.NARROW)
    foot = shared.NARROW[1] - 6
    names = re.findall(rf'<text x="([\d.]+)" y="{foot}"[^>]*>([^<]+)<', found)
    spans = sorted((float(x), svg.LETTER * len(name) / 2) for x, name in names)
    assert names
    for (left, half), (right, other) in pairwise(spans):
        assert left + half < right - other


@pytest.mark.parametrize("measure", ["stock", "flow"])
def test_a_series_of_nothing_but_zeros_is_drawn(measure: str):
    """490 series of UNHCR's release are all zero: the light edition died on the first of them."""
    zeros = figures(EARLIER | {"value": 0, "measure": measure}, {"value": 0, "measure": measure})
    assert svg.draw(Words("en"), zeros, NO_EVENTS).endswith("</svg>")
    assert drawn(zeros).endswith("</svg>")


def test_a_line_is_broken_where_the_method_changed_and_says_so():
    frame = figures(EARLIER, {"caveat": "partial_coverage"})
    read = Drawn(Words("en"), frame)
    assert read.points["piece"].nunique() == 2
    assert "The line is broken at 31 December 2025" in read.alternative
    assert 'class="break"' in svg.draw(Words("en"), frame, NO_EVENTS)


def test_a_null_is_not_drawn_as_zero():
    null = {"value": None, "missing_reason": "not_reported"}
    assert Drawn(Words("en"), figures(EARLIER, null)).points["value"].tolist() == [90]


def test_a_series_is_drawn_the_same_from_its_rows_as_from_its_frame():
    """An edition takes rows out once; a null or a break must not come back by that way."""
    null = {"value": None, "missing_reason": "not_reported", "as_of": "2025-01-31"}
    frame = figures(EARLIER, null, {"caveat": "partial_coverage", "value": 120})
    plan = svg.Plan(records(frame), NO_EVENTS)
    assert [row["value"] for row in plan.read.rows] == [90, 120]
    assert plan.marks.count("<circle") + plan.marks.count("h6v6h-6Z") == 2
    assert plan.marks.count('class="break"') == 1
    assert svg.written(Words("ar"), plan) == svg.draw(Words("ar"), frame, NO_EVENTS)


def test_an_event_inside_the_time_is_marked_and_one_outside_is_not():
    events = tables.EVENTS.cast(
        pd.DataFrame(
            {
                "event_code": ["inside", "outside"],
                "starts_on": ["2025-02-06", "2012-01-01"],
                "place_code": ["SY07", "SY07"],
                "kind": ["disaster", "conflict"],
                "source_url": ["https://example.org"] * 2,
            }
        )
    )
    told = svg.marked(figures(EARLIER, {}), events)
    assert [event["event_code"] for event in told] == ["inside"]
    assert drawn(figures(EARLIER, {}), events).count('stroke-dasharray="2 3"') == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_axis_speaks_the_readers_language(language):
    words = Words(language)
    assert words.month(date(2025, 12, 1)) in shared.draw(words, figures({}), NO_EVENTS)
    told = life_chart(words, figures(EARLIER, MID_YEAR), date(2026, 11, 26))
    assert words.day(date(2025, 11, 10)) in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chart_says_itself_in_one_sentence(language):
    words = Words(language)
    said = points.alternative(words, figures(EARLIER, {}))
    assert words.number(90) in said
    assert words.number(100) in said


def test_a_day_on_the_axis_of_a_life_is_not_torn_apart_in_arabic():
    """A drawing runs from the left: unisolated, 1 January 2026 would be read as January 2026 1."""
    words = Words("ar")
    told = life_chart(words, figures(EARLIER, MID_YEAR), date(2026, 11, 26))
    assert f">\u2067{words.day(date(2025, 11, 10))}\u2069<" in told


def test_a_withdrawn_figure_ends_its_life_until_it_is_said_again():
    """A stroke through a withdrawal would show a number that nobody stood by."""
    none = YEAR | {"as_of": "2024-12-31", "value": None, "missing_reason": "not_reported"}
    told = figures(
        EARLIER, none | {"known_from": "2026-01-10"}, EARLIER | {"known_from": "2026-05-12"}
    )
    drawn = life_chart(Words("en"), told, date(2026, 11, 26))
    (path,) = re.findall(r'class="life" d="([^"]+)"', drawn)
    assert path.count("M") == 2
    assert drawn.count("<circle") == 2


@pytest.mark.parametrize("width", [svg.PHONE, svg.ROOMY])
@pytest.mark.parametrize("language", LANGUAGES)
def test_names_above_dots_stay_inside_the_drawing(language, width):
    """On a phone a publisher's name and window take two lines; none is cut."""
    told = comparison.dots(Words(language), figures(EARLIER, {}), width)
    names = re.findall(r'<text x="[\d.]+" y="\d+" text-anchor="\w+" [^>]*>([^<]+)<', told)
    assert max(map(len, names)) * svg.LETTER <= width * 1.05
    assert told.count('class="value"') == 2


def test_an_axis_of_dots_begins_where_the_language_does():
    read, back = (comparison.dots(Words(name), figures(EARLIER, {})) for name in ("en", "ar"))
    zero = [float(re.findall(r'class="axis" x="([\d.]+)"', one)[0]) for one in (read, back)]
    assert zero[0] < svg.ROOMY / 2 < zero[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_spans_are_drawn_from_their_first_to_their_last_day(language):
    """A right by which aid may cross is read off the bar: its edges are its days."""
    ends = {"resolution": "2021-07-10", "consent": "2020-02-10"}
    spans = pd.DataFrame(
        [
            {"line": "A", "label": "Resolution 2165", "kind": kind, "kind_name": f"K {kind}",
             "said": kind, "starts_on": pd.Timestamp("2020-01-10"), "ends_on": pd.Timestamp(end)}
            for kind, end in ends.items()
        ]
    )  # fmt: skip
    told = timeline.spans_chart(Words(language), spans, "Two rights.")
    bars = re.findall(r'<rect x="([\d.]+)" y="\d+" width="([\d.]+)"', told)
    (left, wide), (other, short) = [(float(x), float(width)) for x, width in bars]
    assert left == other == timeline.EDGE
    assert left + wide == svg.ROOMY - timeline.EDGE
    assert short / wide == pytest.approx(31 / 547, abs=0.001)
    assert told.count("stroke-dasharray") == 1  # kinds are told apart without colour
    assert told.count("Resolution 2165") == 1  # a short bar has no room for its name
    assert timeline.key(spans).count("<li>") == 2


def test_a_sparkline_has_words_and_is_empty_for_one_figure():
    words = Words("en")
    drawn = sparkline(words, figures(EARLIER, {}), {})
    assert 'alt="Figures: 2, from 31 December 2024: 90 to 31 December 2025: 100."' in drawn
    assert sparkline(words, figures(EARLIER), {}) == ""


def test_a_sparkline_breaks_where_the_chart_of_its_series_does():
    """A round that lists camps and the next that lists none are no rise and no fall."""
    changed = {"caveat": "coverage_changed"}
    first = EARLIER | {"as_of": "2024-06-30"} | changed
    rows = figures(first, EARLIER | changed, {"value": 95})
    drawn = sparkline(Words("en"), rows, breaks(records(rows)))
    (body,) = re.findall(r"base64,([^\"]+)", drawn)
    (stroke,) = re.findall(r'<path d="M([^"h]+)"', b64decode(body).decode())
    assert len(stroke.split("L")) == 2
    assert "31 December 2024" in drawn.split("to 31 December 2025: 95", 1)[1]
