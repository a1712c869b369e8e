"""Changes between rounds of a stock: only what compares, and only what stands out."""

import pandas as pd
import pytest

from surges import rounds
from tests import builders, carried
from tests.round_figures import PLACES, calm, series


def between(*rows):
    return rounds.between(builders.figures(*rows))


def told(found):
    return [(c.after["reporting_round"], c.way, c.value) for c in found.over]


def test_a_known_wave_is_told_once_with_both_of_its_figures():
    wave = series(PLACES[0], 20_000, 20_010, 19_990, 20_000, 46_000, 46_020)
    (change,) = between(*calm(), *wave).over
    assert (change.way, change.value, change.days) == ("arrivals", 26_000, 31)
    assert change.after["place_code"] == PLACES[0]
    assert not change.own  # of 10,000 and more its own past is no measure
    assert change.before["figure_id"] != change.after["figure_id"]


def test_many_people_are_told_in_a_city_and_after_a_wild_past_and_fewer_are_not():
    """15,000 more are 7% of the 211,000 there, and no more than the place has always swung."""
    for last, told_ in ((226_000, [(11, "arrivals", 15_000)]), (220_900, [])):
        city = series(PLACES[0], 200_000, 209_000, 201_000, 211_000, last)
        assert [one for one in told(between(*calm(), *city)) if one[0] == 11] == told_


def test_people_who_leave_are_departures_and_no_displacement():
    emptied = series(PLACES[0], 20_000, 20_010, 19_990, 20_000, 9_000)
    assert told(between(*calm(), *emptied)) == [(11, "departures", -11_000)]


def test_more_who_came_back_are_returns_and_fewer_are_nothing():
    """A count of returnees that falls says that some left or were counted anew: no return."""
    back = series(PLACES[0], 5_000, 5_000, 5_010, 5_000, 12_000, 4_000, group="RDP")
    others = [row | {"population_group": "RDP"} for row in calm()]
    assert told(between(*others, *back)) == [(11, "returns", 7_000)]


def test_rounds_that_list_other_places_are_not_compared():
    """Camps were listed to one round and not to the next: the fall is of a list, not of people."""
    changed = {10: "coverage_changed", 11: "coverage_changed"}
    wave = series(PLACES[0], 20_000, 20_010, 19_990, 20_000, 2_000, 2_010, caveats=changed)
    found = between(*calm(), *wave)
    assert found.over == ()
    assert found.refused == {"coverage": 2}


def test_a_first_pair_is_held_against_the_other_places():
    """No place has a history of its own yet; a hundred of them between two rounds have a middle."""
    wave = series(PLACES[0], 20_000, 31_000)
    found = between(*calm(2), *wave)
    assert told(found) == [(8, "arrivals", 11_000)]
    assert not found.over[0].own


def test_where_everybody_moves_as_much_no_place_stands_out():
    """A new way of counting moves all places at once: that is no wave at one of them."""
    rows = [r for n, p in enumerate(PLACES) for r in series(p, 20_000, 31_000 + 40 * n)]
    assert between(*rows).over == ()


@pytest.mark.parametrize(
    "values",
    [
        (20_000, 20_000, 20_000, 20_000, 20_400),  # fewer than 500 in 30 days
        (90_000, 90_000, 90_000, 90_000, 92_000),  # less than a tenth of those there
        (9_000, 12_000, 8_000, 13_000, 16_500),  # no more than it always swings
    ],
)
def test_a_small_change_is_none(values):
    assert [
        c for c in between(*calm(), *series(PLACES[0], *values)).over if c.day.month == 12
    ] == []


def test_sexes_categories_and_other_operations_are_not_mixed():
    split = series(PLACES[0], 20_000, 40_000, gender="f")
    split += series(PLACES[0], 20_000, 40_000, category="camp")
    other = [*series(PLACES[0], 20_000, operation="A"), *series(PLACES[0], None, 50_000)]
    assert between(*calm(2), *split, *other).over == ()


def test_rounds_far_apart_say_nothing_about_when():
    rows = series(PLACES[0], 20_000, None, None, None, None, 60_000)
    assert between(*rows).refused == {"far_apart": 1}


def test_the_carried_rounds_compare_ten_with_eleven_alone(tmp_path):
    """Round 7 lists camps and round 10 does not: 408 series, and no difference between the two."""
    found = rounds.of_release(carried.publish(tmp_path).current())
    pairs = {(c.before["reporting_round"], c.after["reporting_round"]) for c in found.changes}
    assert pairs == {(10, 11)}
    assert found.refused == {"coverage": 408}
    told_there = {(c.after["place_code"], c.group, c.value) for c in found.over}
    assert ("SY070203", "RDP", 54_107 - 47_644) in told_there  # Kafr Nobol
    assert ("SY020200", "IDP", -19_803) in told_there  # 9% of the 218,410 there
    assert ("SY070203", "RET", 1_246 - 538) not in told_there
    assert all(pd.notna(c.after["reporting_round"]) for c in found.changes)
