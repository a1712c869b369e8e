"""One number through several routes is shown once, and where the routes differ, that is told."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as some

from data.analysis import precedence
from data.schema.tables import FIGURES, SOURCES
from pipelines import registry
from pipelines.run.source_register import register
from tests.builders import figures
from tests.effort import tries

REGISTER = register(registry.SOURCES)
ROUND = {
    "source": "dtm_syria_rounds",
    "dataset": "DTM Syria: mobility tracking by round",
    "reference_period_start": "2025-10-01",
    "reference_period_end": "2025-10-31",
    "as_of": "2025-10-31",
    "reporting_round": 9,
    "assessment_type": "BA",
    "value": 690_000,
}
DOOR = {
    "dataset": "DTM, through HDX HAPI",
    "operation": "Syrian Arab Republic Displacement",
    "reference_period_start": "2025-10-15",
    "reference_period_end": "2025-10-15",
    "as_of": "2025-10-15",
}


def door(source, **more):
    return ROUND | DOOR | {"source": source, "dataset": f"{source}"} | more


def preferred(frame, register):
    return FIGURES.frame(precedence.preferred(FIGURES.rows(frame), register))


def differences(frame, register):
    return precedence.differences(FIGURES.rows(frame), register)


def shown(frame):
    return sorted(preferred(frame, REGISTER)["source"])


def test_the_same_round_through_four_doors_is_shown_once():
    """A reader who sees a district three times adds it three times."""
    frame = figures(ROUND, door("dtm_api"), door("dtm_api_hdx"), door("hapi_idps"))
    assert shown(frame) == ["dtm_syria_rounds"]
    assert differences(frame, REGISTER).empty


def test_a_route_that_says_otherwise_is_told_with_both_provenance():
    frame = figures(ROUND, door("hapi_idps", value=700_000))
    (row,) = differences(frame, REGISTER).to_dict("records")
    assert list(row) == list(precedence.DIFFERENCES)
    assert (row["shown_source"], row["shown_value"]) == ("dtm_syria_rounds", 690_000)
    assert (row["other_source"], row["other_value"]) == ("hapi_idps", 700_000)
    by_id = frame.set_index("figure_id")["source"]
    assert by_id[row["shown_figure_id"]] == "dtm_syria_rounds"
    assert by_id[row["other_figure_id"]] == "hapi_idps"


def test_a_number_beside_no_number_is_a_difference():
    silent = door("hapi_idps", value=None, missing_reason="not_reported")
    assert len(differences(figures(ROUND, silent), REGISTER)) == 1
    both = figures(ROUND | {"value": None, "missing_reason": "not_reported"}, silent)
    assert differences(both, REGISTER).empty


def test_a_newer_round_through_a_lower_door_is_shown():
    """The workbook is late and HAPI is not: the newest count must not be hidden."""
    newer = door(
        "hapi_idps",
        reporting_round=10,
        reference_period_start="2025-11-30",
        reference_period_end="2025-11-30",
        as_of="2025-11-30",
    )
    assert shown(figures(ROUND, newer)) == ["dtm_syria_rounds", "hapi_idps"]


def test_another_place_group_measure_or_type_is_another_number():
    for more in (
        {"place_code": "SY02", "admin1_code": "SY02"},
        {"population_group": "RDP"},
        {"measure": "flow"},
        {"unit": "families"},
        {"assessment_type": "ETT"},
        {"gender": "f"},
    ):
        frame = figures(ROUND, door("hapi_idps", **more))
        assert shown(frame) == ["dtm_syria_rounds", "hapi_idps"], more


def test_a_local_operation_is_not_taken_for_the_countrys():
    """The workbook names no operation; of two that fit neither is hidden as the same."""
    frame = figures(
        ROUND, door("hapi_idps"), door("hapi_idps", operation="As-Sweida Conflict", value=5)
    )
    assert len(preferred(frame, REGISTER)) == 3
    assert differences(frame, REGISTER).empty


def test_sources_of_different_origins_do_not_check_one_another():
    """UNHCR and IDMC differ with a reason: that is for the comparison, not for this."""
    frame = figures({"source": "unhcr_population"}, {"source": "unhcr_idmc"}, ROUND)
    assert len(preferred(frame, REGISTER)) == 3


def test_unhcrs_annual_number_is_shown_from_its_own_api():
    refugees = {
        "population_group": "REF",
        "place_code": "TUR",
        "location_code": "TUR",
        "admin_level": 0,
        "admin1_code": None,
        "origin_code": "SYR",
        "origin_location_code": "SYR",
        "asylum_location_code": "TUR",
    }
    frame = figures(
        refugees | {"source": "hapi_refugees"}, refugees | {"source": "unhcr_population"}
    )
    assert shown(frame) == ["unhcr_population"]


def test_every_source_of_an_origin_has_a_rank_of_its_own_or_other_figures():
    """Two of one rank would both be shown."""
    every = SOURCES.frame(REGISTER)
    table = every[every["origin"].notna()]
    assert set(table["origin"]) == {"iom_dtm", "unhcr_rdf"}
    same = table[table.duplicated(["origin", "origin_rank"], keep=False)]["source"]
    assert set(same) == {"hapi_refugees", "hapi_returnees"}  # stocks here, flows there


VALUES = some.one_of(some.none(), some.integers(0, 9))
DOORS = ("dtm_syria_rounds", "dtm_api", "dtm_api_hdx", "hapi_idps")


@settings(max_examples=tries(40, 15))
@given(some.lists(some.tuples(some.sampled_from(DOORS), some.integers(1, 3), VALUES), max_size=12))
def test_each_number_is_shown_once_whatever_the_doors_hold(held):
    """None is lost, none stands twice, and what is hidden either agrees or is told."""
    unique = {(source, number): value for source, number, value in held}
    rows = [
        door(
            source,
            reporting_round=number,
            value=value,
            missing_reason="not_reported" if value is None else None,
        )
        for (source, number), value in unique.items()
    ]
    if not rows:
        return
    frame = figures(*rows)
    kept = preferred(frame, REGISTER)
    assert sorted(kept["reporting_round"]) == sorted(set(frame["reporting_round"]))
    best = {n: min(DOORS.index(s) for s, m in unique if m == n) for _, n in unique}
    for row in kept.to_dict("records"):
        assert row["source"] == DOORS[best[row["reporting_round"]]]
    told = set(differences(frame, REGISTER)["other_figure_id"])
    for row in frame[~frame["figure_id"].isin(kept["figure_id"])].to_dict("records"):
        shown_value = unique[DOORS[best[row["reporting_round"]]], row["reporting_round"]]
        agrees = (
            pd.isna(row["value"])
            if shown_value is None
            else row["value"] is not pd.NA and (row["value"] == shown_value)
        )
        assert agrees != (row["figure_id"] in told)
