"""Moves from place to place: a sum that passes for the publisher's would be planned with."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.analysis import movements
from data.analysis.movements import UNKNOWN
from tests import builders
from visuals.language.words import LANGUAGES, Words
from visuals.map import flows, geometry
from visuals.map.flows import Move

MONTH = {
    "measure": "flow",
    "unit": "movements",
    "population_group": "IDP_ARR",
    "dataset": "IDP movements",
    "reference_period_start": "2019-12-01",
    "reference_period_end": "2019-12-31",
    "as_of": "2019-12-31",
    "known_from": pd.Timestamp("2020-01-15"),
}
CODES = ("SY07", "SY02", "SY05", "SY11")


def cell(to, value, origin=None, **more):
    given_origin = (
        {}
        if origin is None
        else {
            "origin_code": origin,
            "origin_location_code": "SYR",
            "origin_admin1_code": origin[:4],
        }
    )
    level = 3 if len(to) > 4 else 1
    at = {"place_code": to, "admin1_code": to[:4], "admin_level": level}
    if to == "SYR":
        at |= {"admin1_code": None, "admin_level": 0}
    return MONTH | at | {"value": value} | given_origin | more


def matrix(*rows, level=1):
    return movements.matrix(builders.figures(*rows), level)


def test_the_published_total_stands_beside_the_sum_and_the_difference_is_shown():
    found = matrix(cell("SY02", 81_900, "SY07"), cell("SY02", 2_100, "SY02"), cell("SY02", 84_500))
    sums = found.arrivals["SY02"]
    assert (sums.value, sums.difference, sums.parts) == (84_000, 500, 2)
    assert sums.total["value"] == 84_500
    assert found.inside.value == 2_100
    assert found.between.value == 81_900


def test_without_a_published_total_nothing_is_compared():
    found = matrix(cell("SY02", 81_900, "SY07"))
    assert found.arrivals["SY02"].total is None
    assert found.arrivals["SY02"].difference is None
    assert found.whole.difference is None


def test_a_part_of_another_figure_is_shown_and_in_no_sum():
    found = matrix(
        cell("SY02", 5_000, "SY07"),
        cell("SY02", 900, "SY05", caveat="subset movements_not_people"),
    )
    assert found.cells["SY05", "SY02"].value == 900
    assert found.arrivals["SY02"].value == 5_000


def test_a_sum_of_rounded_words_is_not_exact():
    found = matrix(cell("SY02", 4_800, "SY04", qualifier="over"), cell("SY02", 65, "SY02"))
    assert not found.arrivals["SY02"].exact


def test_a_null_is_no_zero_and_makes_the_sum_inexact():
    null = cell("SY02", None, "SY05", missing_reason="suppressed")
    found = matrix(null, cell("SY02", 65, "SY02"))
    assert found.cells["SY05", "SY02"].value is None
    assert (found.arrivals["SY02"].value, found.arrivals["SY02"].parts) == (65, 1)
    assert not found.arrivals["SY02"].exact
    assert matrix(null).arrivals["SY02"].value is None


def test_an_unknown_origin_is_a_row_of_its_own_and_last():
    found = matrix(
        cell("SY02", 900_000, category=UNKNOWN), cell("SY02", 5, "SY07"), cell("SY02", 900_005)
    )
    assert found.origins == ("SY07", UNKNOWN)
    assert found.unknown.value == 900_000
    assert found.arrivals["SY02"].difference == 0


def test_a_region_without_borders_is_neither_within_nor_between():
    found = matrix(cell("SY07", 3_189, "X-SYR-EHAMA"))
    assert (found.regions.value, found.between.value, found.inside.value) == (3_189, None, None)


def test_moves_from_a_governorate_to_its_own_sub_district_are_within():
    found = matrix(cell("SY070300", 10, "SY07"), cell("SY070300", 4, "SY02"), level=3)
    assert found.cells["SY07", "SY070300"].kind == "within"
    assert found.cells["SY02", "SY070300"].kind == "between"


def test_the_country_is_compared_with_what_was_published_for_each_destination():
    """Idleb's arrivals were not published, its origins were; Aleppo's arrivals stand for it."""
    found = matrix(
        cell("SY07", 214_500, "SY07"),
        cell("SY02", 81_900, "SY07"),
        cell("SY02", 84_000),
        cell("SYR", 308_200),
    )
    assert (found.whole.value, found.whole.parts) == (298_500, 2)
    assert found.whole.difference == 9_700


def test_departures_are_totals_of_the_origin():
    found = matrix(
        cell("SY02", 10, "SY07"),
        cell("SY05", 20, "SY07"),
        cell("SY07", 33, population_group="IDP_DEP"),
    )
    assert (found.departures["SY07"].value, found.departures["SY07"].difference) == (30, 3)


def test_people_and_stocks_never_enter():
    rows = builders.figures(
        cell("SY02", 1, "SY07"),
        cell("SY02", 2, "SY07", unit="people"),
        cell("SY02", 3, "SY07", measure="stock"),
        cell("SY02", 4, "SY07", gender="f"),
    )
    assert movements.moves(rows)["value"].tolist() == [1]


def test_two_publishers_never_share_a_matrix():
    rows = builders.figures(cell("SY02", 1, "SY07"), cell("SY02", 2, "SY07", publisher="REACH"))
    assert [len(part) for _, part in movements.series(rows)] == [1, 1]


def test_a_publishers_maps_and_tables_of_one_dataset_share_a_matrix():
    """The maps name origins, the tables the totals: apart, no sum could stand beside its total."""
    ocha = {"publisher": "OCHA"}
    rows = builders.figures(
        cell("SY02", 81_900, "SY07", source="published_figures", **ocha),
        cell("SY02", 84_021, source="ocha_idp_movements", **ocha),
        cell("SY05", 4, source="ocha_idp_movements", **ocha),
    )
    ((code, part),) = movements.series(rows)
    assert code == "published_figures~OCHA~IDP_movements~IDP_ARR"
    assert movements.matrix(part, 1).arrivals["SY02"].difference == 84_021 - 81_900


def test_of_a_figure_said_twice_the_one_known_last_stands():
    later = {"known_from": pd.Timestamp("2020-03-01"), "dataset": "IDP movements"}
    rows = builders.figures(cell("SY02", 2, "SY07", **later), cell("SY02", 1, "SY07"))
    assert movements.periods(rows)["2019-12"]["value"].tolist() == [2]


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("2019-12-01", "2019-12-31", "2019-12"),
        ("2020-02-01", "2020-02-29", "2020-02"),
        ("2017-08-31", "2017-09-15", "2017-08-31..2017-09-15"),
        ("2019-12-01", "2020-01-31", "2019-12-01..2020-01-31"),
    ],
)
def test_a_period_has_one_code(start, end, code):
    assert movements.period_code(pd.Timestamp(start), pd.Timestamp(end)) == code


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(CODES), st.sampled_from(CODES)),
        st.integers(0, 10**6),
        min_size=1,
    )
)
def test_within_between_columns_and_rows_count_each_cell_once(values):
    found = matrix(*(cell(to, value, origin) for (origin, to), value in values.items()))
    whole = sum(values.values())
    assert sum(s.value or 0 for s in (found.inside, found.between)) == whole
    assert sum(s.value for s in found.arrivals.values()) == whole
    assert sum(s.value for s in found.departures.values()) == whole
    assert {ends: c.value for ends, c in found.cells.items()} == values


AREA = "idlib"


def move(origin, to, value, *, within=False, title="moved", href=None):
    return Move(origin, to, value, str(value), title, within, href)


def test_width_is_in_proportion():
    assert flows.width(50, 100) == pytest.approx(flows.WIDEST / 2)
    assert flows.width(1, 10**6) == flows.THINNEST


def test_kinds_of_move_have_their_own_shapes():
    """Told apart without colour: an arrow's curve, a ring's arc, a broken line."""
    shape = geometry.of_area(AREA)
    between = flows.arcs(shape, [move("SY07", "SY02", 5)], Words("en")).svg
    ring = flows.arcs(shape, [move("SY07", "SY07", 5, within=True)], Words("en")).svg
    unknown = flows.arcs(shape, [move(None, "SY07", 5)], Words("en")).svg
    assert "Q" in between
    assert "dasharray" not in between
    assert "A" in ring.split('d="')[1]
    assert "dasharray" in unknown


def test_there_and_back_are_two_lines():
    shape = geometry.of_area(AREA)
    there = flows.arcs(shape, [move("SY07", "SY02", 5)], Words("en")).svg
    back = flows.arcs(shape, [move("SY02", "SY07", 5)], Words("en")).svg
    middle = [svg.split("Q")[1].split(" ")[:2] for svg in (there, back)]
    assert middle[0] != middle[1]


def test_a_move_that_cannot_be_drawn_is_named_and_not_lost():
    shape = geometry.of_area(AREA)
    found = flows.arcs(shape, [move("SY13", "SY07", 5)], Words("en"))
    assert [m.origin for m in found.left_out] == ["SY13"]
    assert "SY13" not in shape.seats


def test_labels_do_not_lie_on_one_another():
    shape = geometry.of_area(AREA)
    near = [code for code in shape.seats if code.startswith("SY07")][:12]
    moves = [move("SY02", code, 100 - n) for n, code in enumerate(near)]
    labels = flows.arcs(shape, moves, Words("en")).labels
    boxes = [(x.x - len(x.text) * 3.5, x.y - 10, x.x + len(x.text) * 3.5, x.y) for x in labels]
    for n, one in enumerate(boxes):
        for other in boxes[n + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0]
            assert apart or one[3] <= other[1] or other[3] <= one[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_drawing_names_its_places_and_says_its_sentence(language):
    words = Words(language)
    svg = flows.draw(
        geometry.of_area(AREA),
        [move("SY07", "SY02", 5, href="./figure?figure=1")],
        words,
        title="T",
        description="5 moves",
    )
    assert "5 moves" in svg
    assert words.place("SY07") in svg
    assert 'href="./figure?figure=1"' in svg


def test_hostile_words_stay_text():
    shape = geometry.of_area(AREA)
    hostile = move("SY07", "SY02", 5, title="<script>alert(1)</script>", href='"><script>')
    svg = flows.draw(shape, [hostile], Words("en"), title='"><b>', description="<b>")
    assert "<script>" not in svg
    assert "<b>" not in svg


def test_a_change_of_month_sends_the_arrows_and_not_the_outlines():
    """On 50 kbit/s the outlines would take five seconds, each month anew."""
    shape = geometry.of_area(AREA)
    near = [code for code in shape.seats if code.startswith("SY")][:20]
    moves = [move("SY07", code, 100 - n, title="t" * 120) for n, code in enumerate(near)]
    svg = flows.draw(shape, moves, Words("ar"), title="T", description="D", ground="./kept/1.svg")
    assert 'href="./kept/1.svg"' in svg
    assert len(svg.encode()) < 20_000
    outlines = flows.outlines(shape)
    assert next(iter(shape.borders.values())) in outlines
    assert outlines in flows.draw(shape, moves, Words("ar"), title="T", description="D")
