"""What may stand on one axis: a reader adds up what looks alike."""

from datetime import date

import pandas as pd
import pytest

from data.analysis import shared_axis
from tests import builders

IDLEB, ALEPPO, SYRIA, DANA = "SY07", "SY02", "SYR", "SY070301"


def at(code: str, *values: int, **more: object) -> pd.DataFrame:
    level = {SYRIA: 0, DANA: 3}.get(code, 1)
    upper = None if code == SYRIA else code[:4]
    return builders.years(*values, place_code=code, admin_level=level, admin1_code=upper, **more)


def placed(axes: list[pd.DataFrame]) -> list[list[str]]:
    return [sorted(set(axis["place_code"])) for axis in axes]


def test_a_country_never_stands_beside_its_governorates():
    """Syria's line above Idleb's would be read as the other places' remainder."""
    found = pd.concat([at(SYRIA, 7, 8), at(IDLEB, 1, 2), at(ALEPPO, 3, 4), at(DANA, 1, 1)])
    order = [IDLEB, SYRIA, ALEPPO, DANA]
    assert placed(shared_axis.split_into_axes(found, order)) == [[ALEPPO, IDLEB], [SYRIA], [DANA]]
    assert shared_axis.has_nested_places(order)
    assert not shared_axis.has_nested_places([IDLEB, ALEPPO])


def test_kind_unit_and_window_part_the_counts():
    since = {"measure": "cumulative", "cumulative_since": "2024-12-08"}
    frames = [
        at(IDLEB, 100, 110),
        at(IDLEB, 30, 40, unit="families"),
        at(IDLEB, 5, 6, measure="flow", population_group="RDP"),
        at(IDLEB, 5, 6, population_group="RDP", **since),
        at(IDLEB, 9, 9, gender="female"),
        at(IDLEB, 9, 9, caveat="sites_only"),
    ]
    codes = list(shared_axis.kinds_of_count(pd.concat(frames)))
    assert sorted(codes) == [
        "IDP~stock~families",
        "IDP~stock~people",
        "RDP~cumulative~people~since.2024-12-08",
        "RDP~flow~people",
    ]
    assert codes[0].startswith("IDP")


def in_exile(country: str, *values: int, **more: object) -> pd.DataFrame:
    here = {"place_code": country, "location_code": country, "asylum_location_code": country}
    told = {"admin_level": 0, "admin1_code": None, "origin_code": "SYR"}
    return builders.years(*values, **({"population_group": "REF"} | here | told | more))


def test_refugees_in_two_countries_are_one_count_at_two_places():
    """Türkiye and Lebanon could not stand on one chart: each was a count of its own."""
    found = pd.concat([in_exile("TUR", 3, 2), in_exile("LBN", 2, 1)])
    (counted,) = shared_axis.kinds_of_count(found).values()
    assert placed(shared_axis.split_into_axes(counted, ["TUR", "LBN"])) == [["LBN", "TUR"]]
    assert set(counted["asylum_location_code"]) == {"TUR", "LBN"}


def test_the_count_that_all_places_have_is_shown_first():
    """Türkiye alone has refugees of every nationality; the studio opened with Lebanon left out."""
    every = in_exile("TUR", 9, 9, origin_code=None)
    found = pd.concat([every, in_exile("TUR", 3, 2), in_exile("LBN", 2, 1)])
    assert list(shared_axis.kinds_of_count(found)) == [
        "REF~stock~people~from.SYR",
        "REF~stock~people",
    ]
    alone = found[found["place_code"].eq("TUR")]
    assert next(iter(shared_axis.kinds_of_count(alone))) == "REF~stock~people"


def test_returns_are_counted_by_the_country_that_was_left():
    found = pd.concat(
        [in_exile(code, 3, 2, population_group="RET", measure="flow") for code in ("TUR", "LBN")]
    )
    assert len(shared_axis.kinds_of_count(found)) == 2


def test_an_address_that_names_the_country_of_asylum_is_answered():
    """As links say that were printed before two countries could share an axis."""
    found = in_exile("TUR", 3, 2)
    older = "REF~stock~people~from.SYR~in.TUR"
    shown = shared_axis.studio_figures(found, older, None, None, None)
    assert shown is not None
    assert shown["value"].tolist() == [3, 2]
    abroad = shared_axis.studio_figures(found, "RET~flow~people~in.TUR", None, None, None)
    assert abroad is None


def test_two_publishers_of_one_place_are_two_lines_of_one_axis():
    found = pd.concat([at(IDLEB, 1, 2), at(IDLEB, 3, 4, source="other", publisher="IOM")])
    (axis,) = shared_axis.split_into_axes(found, [IDLEB])
    assert len(axis) == 4


def test_more_than_eight_lines_give_each_place_its_own_drawing():
    sources = [f"source_{n}" for n in range(5)]
    frames = [at(code, 1, 2, source=name) for code in (IDLEB, ALEPPO) for name in sources]
    found = pd.concat(frames)
    assert shared_axis.too_many(found)
    assert placed(shared_axis.split_into_axes(found, [ALEPPO, IDLEB])) == [[ALEPPO], [IDLEB]]
    assert len(shared_axis.split_into_axes(pd.concat(frames[:8]), [ALEPPO, IDLEB])) == 1


def test_a_choice_is_answered_by_its_source_and_days_alone():
    found = pd.concat([at(IDLEB, 1, 2, 3), at(IDLEB, 7, 8, source="other")])
    kept = shared_axis.studio_figures(
        found, None, "test_source", date(2024, 1, 1), date(2024, 12, 31)
    )
    assert kept is not None
    assert kept["value"].tolist() == [2]
    assert shared_axis.studio_figures(found, "RET~flow~people", None, None, None) is None
    assert shared_axis.studio_figures(found, None, "other", date(2030, 1, 1), None) is None


@pytest.mark.parametrize(
    ("days", "runs"),
    [
        (["2020-12-31", "2021-12-31", "2024-12-31"], [(0, 1), (2, 2)]),
        (["2020-01-31"], [(0, 0)]),
        (["2018-01-01", "2020-01-01", "2022-01-01"], [(0, 0), (1, 1), (2, 2)]),
    ],
)
def test_a_stroke_never_crosses_years_that_nobody_counted(days, runs):
    assert shared_axis.unbroken_runs([pd.Timestamp(day) for day in days]) == runs
