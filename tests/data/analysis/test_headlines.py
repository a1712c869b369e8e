"""Headlines: which figure answers a question of the area, and which stand beside it."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from data.analysis import headlines
from data.gazetteer import area
from data.gazetteer.area import Question
from tests.builders import figures

TODAY = date(2026, 11, 30)
IDPS = Question("idps", "displaced", ("SY07",), ("IDP",), ("stock",), publishers=("IOM", "*"))
SYRIANS = Question("syrians", "hosted", ("TUR",), ("REF",), ("stock",), origin="SYR")
SINCE = Question(
    "since",
    "newly_displaced",
    ("X-SYR-NW", "SY07"),
    ("NEWDISP",),
    ("cumulative",),
    publishers=("OCHA", "*"),
    oldest_days=400,
)


def stock(day: str, value: int | None, **more: object) -> dict[str, object]:
    row = {
        "publisher": "UNHCR",
        "reference_period_start": day,
        "reference_period_end": day,
        "as_of": day,
        "known_from": day,
        "value": value,
    }
    return row | more


def hosted(day: str, value: int, **more: object) -> dict[str, object]:
    where = {
        "place_code": "TUR",
        "location_code": "TUR",
        "admin_level": 0,
        "admin1_code": None,
        "asylum_location_code": "TUR",
        "population_group": "REF",
        "origin_code": "SYR",
        "origin_location_code": "SYR",
    }
    return stock(day, value) | where | more


def since(first: str, day: str, value: int, **more: object) -> dict[str, object]:
    window = {
        "measure": "cumulative",
        "population_group": "NEWDISP",
        "reference_period_start": first,
        "cumulative_since": first,
    }
    return stock(day, value, publisher="OCHA") | window | more


def answered(question, *rows, day=TODAY, register=None):
    return headlines.answer(question, figures(*rows), day, register)


def test_the_newest_day_wins_whatever_the_order():
    found = answered(
        IDPS, stock("2024-12-31", 90), stock("2026-10-31", 100), stock("2023-12-31", 80)
    )
    assert found.figure["value"] == 100
    assert found.before["value"] == 90
    assert found.line["value"].tolist() == [80, 90, 100]


def test_last_years_annual_count_gives_way_to_a_live_one_of_any_source():
    """The defect this replaced: every live source at October, and five headlines of last year."""
    annual = stock("2025-12-31", 1_182_989)
    for live in ("dtm_syria_rounds", "unhcr_odp", "report_figures", "an_import"):
        found = answered(IDPS, annual, stock("2026-10-31", 900_000, source=live, publisher="X"))
        assert found.figure["source"] == live
        assert found.age_days == 30
        assert [row["value"] for row in found.alternatives] == [1_182_989]


def test_of_one_day_the_first_authority_answers_and_the_other_stands_beside():
    """Idleb at the end of 2025: DTM 944,801, UNHCR 1,182,989 (both published)."""
    found = answered(
        IDPS,
        stock("2025-12-31", 1_182_989),
        stock("2025-12-31", 944_801, publisher="IOM", source="dtm", caveat="date_approximate"),
    )
    assert found.figure["value"] == 944_801
    assert [row["value"] for row in found.alternatives] == [1_182_989]


def test_authority_decides_first_where_the_question_says_so():
    asked = replace(IDPS, order=("authority", "newness"))
    rows = stock("2026-10-31", 5), stock("2026-01-31", 7, publisher="IOM", source="dtm")
    assert answered(asked, *rows).figure["value"] == 7
    assert answered(IDPS, *rows).figure["value"] == 5


def test_whoever_may_not_answer_stands_beside():
    """A publisher of another definition is shown, and never as the answer."""
    asked = replace(IDPS, publishers=("IOM",))
    rows = stock("2026-10-31", 5), stock("2026-01-31", 7, publisher="IOM", source="dtm")
    found = answered(asked, *rows)
    assert found.figure["value"] == 7
    assert [row["value"] for row in found.alternatives] == [5]


def test_what_came_before_is_of_the_same_series_only():
    """PMM's January minus UNHCR's December is no change of anything."""
    found = answered(IDPS, stock("2025-12-31", 90), stock("2026-01-31", 70, source="other"))
    assert found.figure["value"] == 70
    assert found.before is None


def test_nothing_known_is_nothing_and_not_zero():
    found = answered(IDPS, stock("2026-10-31", 1, place_code="SY02", admin1_code="SY02"))
    assert found.figure is None
    assert found.age_days is None


def test_a_figure_of_years_ago_answers_nothing():
    """On a day of 2020 the newest count known was of 2013: true, and misleading on a first page."""
    assert answered(IDPS, stock("2023-12-31", 90), day=date(2025, 12, 30)).figure["value"] == 90
    assert answered(IDPS, stock("2023-12-31", 90), day=date(2026, 6, 1)).figure is None


def test_a_null_is_no_headline():
    null = stock("2026-10-31", None, missing_reason="not_reported")
    assert answered(IDPS, stock("2024-12-31", 90), null).figure["value"] == 90


@pytest.mark.parametrize(
    "part",
    [
        {"caveat": "sites_only"},
        {"caveat": "mid_year subset"},
        {"caveat": "other_area_of_control"},
        {"gender": "f"},
        {"category": "camps"},
        {"unit": "families"},
        {"origin_code": "SY02", "origin_location_code": "SYR"},
    ],
)
def test_a_part_is_never_the_whole_nor_beside_it(part):
    found = answered(IDPS, stock("2024-12-31", 90), stock("2026-10-31", 7, **part))
    assert found.figure["value"] == 90
    assert found.alternatives == ()


def test_a_second_hand_figure_of_a_guessed_day_gives_way_to_a_sure_one():
    guess = hosted(
        "2026-02-17",
        2_371_400,
        publisher="PMM",
        dataset="day not stated",
        caveat="secondary_source date_approximate",
    )
    found = answered(SYRIANS, guess, hosted("2026-01-06", 2_329_547, publisher="PMM"))
    assert found.figure["value"] == 2_329_547
    # Not for ever: nobody else said anything for half a year.
    late = answered(SYRIANS, guess, hosted("2025-08-06", 2_500_000, publisher="PMM"))
    assert late.figure["value"] == 2_371_400


def test_people_of_every_origin_stand_beside_a_count_of_syrians():
    """UNHCR's nowcast of Türkiye is of all refugees; UNHCR of 2020: 3.6 of 4 million Syrians."""
    every = hosted("2026-10-31", 2_257_058, source="nowcast", dataset="nowcasting")
    every |= {"origin_code": None, "origin_location_code": None, "caveat": "all_origins"}
    found = answered(SYRIANS, every, hosted("2026-09-17", 2_210_644))
    assert found.figure["value"] == 2_210_644
    assert [row["value"] for row in found.alternatives] == [2_257_058]


def test_counts_of_another_crisis_do_not_stand_beside():
    found = answered(
        SINCE,
        since("2019-12-01", "2020-02-11", 700_000),
        since("2019-12-01", "2020-02-10", 650_000, publisher="REACH"),
        since("2019-04-29", "2019-10-05", 400_000, publisher="ACAPS"),
        day=date(2020, 2, 11),
    )
    assert found.figure["value"] == 700_000
    assert [row["publisher"] for row in found.alternatives] == ["REACH"]


def test_one_collection_through_another_route_is_no_alternative():
    """IOM's round of before through HAPI beside its newest workbook: no second opinion."""
    register = pd.DataFrame(
        {"source": ["rounds", "hapi", "unhcr"], "origin": ["iom_dtm", "iom_dtm", None]}
    )
    found = answered(
        IDPS,
        stock("2026-10-31", 5, publisher="IOM", source="rounds", dataset="DTM rounds"),
        stock("2026-09-30", 6, publisher="IOM", source="hapi", dataset="DTM through HAPI"),
        stock("2025-12-31", 7, source="unhcr"),
        register=register,
    )
    assert [row["source"] for row in found.alternatives] == ["unhcr"]


def test_a_month_that_has_begun_was_counted_and_one_to_come_is_a_plan():
    month = {"reference_period_start": "2026-11-01", "as_of": "2026-11-30"}
    month |= {"reference_period_end": "2026-11-30"}
    assert answered(IDPS, stock("2026-11-30", 4, **month), day=date(2026, 11, 20)).age_days == 0
    assert answered(IDPS, stock("2026-12-31", 4)).figure is None


@pytest.mark.parametrize("code", area.names())
def test_every_question_of_an_area_can_be_asked(code):
    """A slip in an area's file would leave a headline empty for ever."""
    found = area.load(code)
    assert len(found.questions) >= 4
    for question in found.questions:
        assert set(question.order) <= {"newness", "authority"}
        assert headlines.answer(question, figures(stock("2026-10-31", 1)), TODAY).question
