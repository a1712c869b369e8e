"""Neighbours share a boundary, events belong to the places they name, places bear their word."""

import pandas as pd
import pytest

from data.gazetteer import events, neighbours, places
from visuals.language.words import LANGUAGES, Words


def test_idleb_has_its_own_neighbours_and_the_province_across_the_border():
    """ "Beside it" listed all fourteen governorates."""
    assert neighbours.neighbours_of("SY07") == ["SY02", "SY05", "SY06", "TUR031"]


def test_kilis_and_a_sub_district_see_one_another_across_the_border():
    assert "SY020400" in neighbours.neighbours_of("TUR079")
    assert neighbours.neighbours_of("SY020400")[-1] == "TUR079"


def test_the_north_east_sees_iraq_and_turkiye():
    assert {"IRQ", "TUR047", "TUR063", "TUR073", "SY11", "SY09"} == set(
        neighbours.neighbours_of("SY08")
    )


def test_every_pair_is_known_both_ways_and_no_place_is_beside_itself():
    table = pd.read_csv(neighbours.FILE, dtype="string")
    codes = set(places.table()["place_code"])
    assert set(table["place_code"]) | set(table["neighbour_code"]) <= codes
    assert not table["place_code"].eq(table["neighbour_code"]).any()
    for one, other in zip(table["place_code"], table["neighbour_code"], strict=True):
        assert one in neighbours.neighbours_of(other)
        assert other in neighbours.neighbours_of(one)


def test_every_sub_district_of_the_mainland_has_a_neighbour():
    sub_districts = places.table().loc[places.table()["kind"].eq("admin3"), "place_code"]
    alone = [code for code in sub_districts if not neighbours.neighbours_of(code)]
    assert alone == ["SY100001"] or alone == []  # Arwad is an island


@pytest.mark.parametrize("region", sorted(places.region_parts()))
def test_a_region_is_made_of_known_places(region: str):
    assert places.row(region)["kind"] == "region"
    assert all(places.is_known_code(code) for code in places.region_parts()[region])


def codes_at(place: str) -> set[str]:
    return set(events.at_place(events.table(), place)["event_code"])


def test_an_event_of_the_north_west_is_none_of_damascus_or_istanbul():
    """Each page listed every event of a region without exact borders."""
    assert "2020-idlib-offensive" in codes_at("SY07")
    assert "2020-idlib-offensive" in codes_at("SY070301")
    assert "2020-idlib-offensive" in codes_at("SYR")
    assert "2020-idlib-offensive" not in codes_at("SY01")
    assert "2020-idlib-offensive" not in codes_at("TUR034")


def test_an_event_inside_a_governorate_is_on_its_page_and_one_above_it_too():
    assert {"2018-afrin-operation", "2024-12-government-falls"} <= codes_at("SY02")
    assert "2018-afrin-operation" not in codes_at("SY07")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_province_is_no_governorate(language: str):
    words = Words(language)
    assert words.kind("TUR031") != words.kind("SY07")
    assert words.kind("TUR031") == words("kind.admin1.TUR")
    assert words.level("1", ["SY07", "SY02"]) == words("level.1.SYR")
    assert words.level("1", ["SY07", "TUR031"]) == words("level.1")


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-11-30", "today"),
        ("2026-10-17", "44 days ago"),
        ("2026-10-01", "2 months ago"),
        ("2025-01-06", "23 months ago"),
        ("2024-05-31", "2 years ago"),
        ("2024-05-01", "3 years ago"),
    ],
)
def test_an_age_is_rounded_and_not_cut(day: str, said: str):
    """22.7 months were said as one year."""
    assert Words("en").age(pd.Timestamp(day), pd.Timestamp("2026-11-30").date()) == said
