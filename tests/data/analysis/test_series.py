"""Picks over figures: the newest known, what came before it, and what may share an axis."""

from datetime import date

import pandas as pd
from hypothesis import given
from hypothesis import strategies as some

from data.analysis import map_layers, revisions, series
from tests.builders import figures

TODAY = date(2026, 1, 15)


def stock(year: int, value: int | None, **more: object) -> dict[str, object]:
    row = {
        "reference_period_start": f"{year}-01-01",
        "reference_period_end": f"{year}-12-31",
        "as_of": f"{year}-12-31",
        "known_from": f"{year + 1}-06-12",
        "value": value,
    }
    return row | more


KINDS = some.fixed_dictionaries(
    {
        "measure": some.sampled_from(["stock", "flow"]),
        "unit": some.sampled_from(["people", "movements", "families"]),
        "source": some.sampled_from(["a", "b"]),
        "publisher": some.sampled_from(["UNHCR", "OCHA"]),
        "population_group": some.sampled_from(["IDP", "RDP"]),
        "place_code": some.sampled_from(["SY07", "SY02"]),
    }
)


@given(some.lists(KINDS, min_size=1, max_size=12))
def test_no_line_mixes_kinds_units_groups_or_sources(rows):
    frame = figures(*rows)
    parts = list(series.lines(frame))
    assert sum(len(part) for part in parts) == len(frame)
    for part in parts:
        for name in ("measure", "unit", "source", "publisher", "population_group"):
            assert part[name].nunique() == 1


@given(some.lists(KINDS, min_size=1, max_size=12))
def test_a_map_shows_one_kind_of_one_source(rows):
    layers = map_layers.layers(figures(*rows))
    for layer in layers:
        for name in ("measure", "unit", "source", "publisher", "population_group"):
            assert layer[name].nunique() == 1
    assert len({map_layers.layer_id(layer) for layer in layers}) == len(layers)


def test_movements_by_origin_do_not_stand_on_the_map():
    """They are parts of the arrivals beside them and would draw a second circle."""
    arrivals = {"measure": "flow", "population_group": "IDP_ARR", "unit": "movements"}
    origin = arrivals | {"origin_code": "SY02", "origin_location_code": "SYR", "value": 3}
    layers = map_layers.layers(figures(arrivals, origin))
    assert [len(layer) for layer in layers] == [1]
    assert layers[0]["origin_code"].isna().all()


def test_cumulative_counts_of_two_windows_are_two_lines():
    window = {"measure": "cumulative", "population_group": "RET"}
    frame = figures(
        window | {"cumulative_since": "2016-01-01"}, window | {"cumulative_since": "2024-12-08"}
    )
    assert len(list(series.lines(frame))) == 2


def test_the_kinds_of_change_are_named():
    history = figures(
        stock(2025, 2_646_142, caveat="mid_year", as_of="2025-06-30", known_from="2025-11-10"),
        stock(2025, 2_347_756, known_from="2026-06-12"),
        stock(2025, 2_347_756, known_from="2026-07-01"),
        stock(2025, 2_300_000, known_from="2026-08-01"),
        stock(2025, None, missing_reason="withdrawn", known_from="2026-09-01"),
        stock(2025, 2_300_000, known_from="2026-10-01"),
    )
    kinds = revisions.kinds_of_change(history)
    assert kinds == ["first", "year_end", "confirmed", "corrected", "withdrawn", "back"]


def test_a_day_that_moved_on_a_method_and_a_file_sent_again_are_told_apart():
    """Each asks something else of a reader who cited the number."""
    history = figures(
        stock(2025, 100, as_of="2025-06-30", known_from="2025-07-10", published_on="2025-07-10"),
        stock(2025, 120, as_of="2025-09-30", known_from="2025-10-10", published_on="2025-10-10"),
        stock(2025, 120, as_of="2025-09-30", known_from="2025-10-12", published_on="2025-10-10"),
        stock(2025, 90, as_of="2025-09-30", known_from="2025-11-01", caveat="method_break"),
        stock(2025, 90, as_of="2025-09-30", known_from="2025-11-02", caveat="method_break")
        | {"licence": "CC BY-NC 4.0"},
    )
    kinds = revisions.kinds_of_change(history)
    assert kinds == ["first", "extended", "reupload", "method", "method"]


def test_a_live_source_that_takes_a_carried_number_over_redefines_nothing():
    """The licence of the carried number is another one; the number is the same."""
    history = figures(
        stock(2025, 100, known_from="2026-01-01") | {"via": "published_figures"},
        stock(2025, 100, known_from="2026-01-01") | {"licence": "CC BY 3.0 IGO"},
    )
    assert revisions.kinds_of_change(history) == ["first", "confirmed"]


def test_the_newest_of_each_series_is_one_row_a_series():
    newest = series.newest_of_each(
        figures(stock(2024, 1), stock(2025, 2), stock(2025, 9, unit="families"))
    )
    assert sorted(newest["value"]) == [2, 9]
    assert newest["as_of"].eq(pd.Timestamp("2025-12-31")).all()


def test_a_circle_of_ten_years_ago_does_not_stand_beside_one_of_today():
    """A reader compares circles; one place's newest figure may be a decade old."""
    frame = figures(
        stock(2025, 1), stock(2024, 2, place_code="SY02"), stock(2016, 3, place_code="SY05")
    )
    assert series.near_newest(frame)["value"].tolist() == [1, 2]


def test_single_displacements_are_points_of_no_line_chart_or_map():
    """Two reports of one attack a day apart, drawn as a line, would show a fall that never was."""
    event = {"source": "idmc_idu", "population_group": "NEWDISP", "measure": "flow"}
    days = ("2026-01-03", "2026-01-09", "2026-01-05")
    single = [
        event | dict.fromkeys(("reference_period_start", "reference_period_end", "as_of"), day)
        for day in days
    ]
    found = figures(
        stock(2025, 100), *(row | {"operation": f"IDU {n}"} for n, row in enumerate(single))
    )
    told = series.single(found)
    assert [str(day)[:10] for day in told["as_of"]] == sorted(days, reverse=True)
    rest = set(series.in_series(found)["figure_id"])
    assert rest | set(told["figure_id"]) == set(found["figure_id"])
    for parts in (series.lines, map_layers.layers):
        assert {i for part in parts(found) for i in part["figure_id"]} == rest
    assert set(series.newest_of_each(found)["figure_id"]) == rest


def test_what_a_place_is_asked_for_first_stands_first():
    """IDPs in camps stood above all IDPs, and the population of Dana above both."""
    found = figures(
        {"population_group": "POP", "value": 9},
        {"category": "camp", "value": 3},
        {"value": 7, "as_of": "2024-12-31", "publisher": "IOM"},
        {"value": 8},
    )
    assert series.important_first(found)["value"].tolist() == [8, 7, 9, 3]


def test_a_part_is_folded_only_where_its_own_whole_stands():
    """Households in camps by another publisher are no part of IOM's people: they stay in sight."""
    found = figures(
        {"value": 8},
        {"value": 3, "category": "camp"},
        {"value": 2, "category": "camp", "publisher": "Camp managers", "unit": "families"},
    )
    held = series.folded(found)
    assert held.by_category["value"].tolist() == [3]
    assert held.shown["value"].tolist() == [8, 2]


def test_only_what_counts_everybody_is_a_whole_count():
    partial = [
        {"category": "camp"},
        {"sector": "Shelter"},
        {"gender": "female"},
        {"age_range": "0-17"},
        {"population_status": "host"},
        {"caveat": "modelled_split sites_only"},
        {"caveat": "non_camp_only"},
    ]
    found = figures({}, {"sector": "intersectoral"}, {"caveat": "modelled_split"}, *partial)
    assert series.whole_counts(found).tolist() == [True] * 3 + [False] * len(partial)


def test_a_month_and_a_quarter_that_end_on_one_day_are_two_maps_of_the_edition():
    """One map with Idleb's month beside Aleppo's quarter compares what does not compare."""
    flow = {"measure": "flow", "unit": "movements", "as_of": "2018-04-30"}
    month = {**flow, "reference_period_start": "2018-04-01", "reference_period_end": "2018-04-30"}
    quarter = {**month, "reference_period_start": "2018-02-01"}
    both = figures(
        {**month, "place_code": "SY07", "value": 1},
        {**quarter, "place_code": "SY07", "value": 3},
        {**quarter, "place_code": "SY02", "value": 5},
    )
    (days,) = series.by_day_of_each([both])
    found = [list(zip(day["place_code"], day["value"], strict=True)) for day in days]
    assert found == [[("SY07", 1)], [("SY02", 5), ("SY07", 3)]]


def test_people_present_on_one_day_are_one_map_whatever_period_they_were_counted_in():
    """A stock's day is its day: two provinces counted over two weeks and one are one picture."""
    day = {"measure": "stock", "as_of": "2018-04-30", "reference_period_end": "2018-04-30"}
    both = figures(
        {**day, "place_code": "SY07", "reference_period_start": "2018-04-15", "value": 1},
        {**day, "place_code": "SY02", "reference_period_start": "2018-04-23", "value": 5},
    )
    (days,) = series.by_day_of_each([both])
    assert [list(shown["place_code"]) for shown in days] == [["SY02", "SY07"]]


def test_days_of_several_series_worked_out_at_once_stay_with_their_series():
    """Two sources' maps of one month became one, with circles of both; a revised number twice."""
    march = {"reference_period_start": "2025-03-01", "reference_period_end": "2025-03-31"}
    march |= {"as_of": "2025-03-31", "known_from": "2025-04-10"}
    april = {"reference_period_start": "2025-04-01", "reference_period_end": "2025-04-30"}
    april |= {"as_of": "2025-04-30", "known_from": "2025-05-10"}
    iom = figures(
        {**march, "place_code": "SY07", "value": 40},
        {**april, "place_code": "SY07", "value": 60},
        {**april, "place_code": "SY02", "value": 70},
        {**march, "place_code": "SY07", "value": 50, "known_from": "2025-06-01"},
    )
    women = figures({**april, "gender": "female", "value": 5})
    unhcr = figures(
        {**april, "place_code": "SY02", "value": 9, "publisher": "Other"},
        {**april, "place_code": "SY08", "value": 9, "publisher": "Other"},
    )
    told = [
        [
            (
                f"{day['as_of'].iat[0]:%Y-%m}",
                list(zip(day["place_code"], day["value"], strict=True)),
            )
            for day in days
        ]
        for days in series.by_day_of_each([iom, women, unhcr])
    ]
    assert told == [
        [("2025-04", [("SY02", 70), ("SY07", 60)]), ("2025-03", [("SY07", 50)])],
        [],
        [("2025-04", [("SY02", 9), ("SY08", 9)])],
    ]


def test_what_is_old_or_a_part_is_so_beside_the_same_place_alone():
    """Aleppo's last count, of 2020, was folded away since Idleb's is of 2025."""
    in_2020 = {"reference_period_start": "2020-01-01", "reference_period_end": "2020-12-31"}
    in_2020 |= {"as_of": "2020-12-31"}
    found = figures(
        {"value": 8},
        {"value": 3, "category": "camp"},
        {**in_2020, "value": 7, "publisher": "IOM"},
        {**in_2020, "value": 6, "place_code": "SY02"},
        {**in_2020, "value": 2, "place_code": "SY02", "category": "camp", "publisher": "IOM"},
    )
    held = series.folded_by_place(found, series.records(found))
    told = {
        place: (f"{one.since:%Y-%m-%d}", *([row["value"] for row in part] for part in one[:3]))
        for place, one in held.items()
    }
    # Shown, parts of what is shown, older; 731 days before each place's own newest day.
    assert told == {
        "SY07": ("2023-12-31", [8], [3], [7]),
        "SY02": ("2018-12-31", [6, 2], [], []),
    }


def test_the_maps_of_an_edition_are_of_one_series_at_one_level_and_of_several_places():
    """Sub-districts were drawn over their province, and a map of one circle told nothing."""
    below = {"admin_level": 3, "admin2_code": "SY0700"}
    moved = {"measure": "flow", "unit": "movements", "population_group": "NEWDISP"}
    found = figures(
        {**moved, "place_code": "SY02", "value": 1},
        {**moved, "place_code": "SY07", "value": 2},
        {"place_code": "SY070000", "admin3_code": "SY070000", **below, "value": 3},
        {"place_code": "SY07", "value": 4},
        {"place_code": "SY070001", "admin3_code": "SY070001", **below, "value": 5},
        {"place_code": "SY02", "value": 6},
        {"place_code": "SY07", "value": 7, "publisher": "Alone"},
    )
    maps = [
        (name.split("~")[1], level, part["value"].tolist())
        for name, level, part in map_layers.at_levels(found)
    ]
    assert maps == [("IDP", "1", [4, 6]), ("IDP", "3", [3, 5]), ("NEWDISP", "1", [1, 2])]
