"""The two sides of the border: windows that would contain one another, statuses that grew old."""

import shlex
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from dashboard.views import downloads
from data.analysis import border
from data.gazetteer import area, authorisations, crossings
from data.schema.codes import CROSSING_STATES
from data.schema.tables import CROSSING_STATUSES
from data.store import FigureFilter
from tests import builders
from visuals.language.words import LANGUAGES, catalogue

FALL = date(2024, 12, 1), date(2024, 12, 31)
NO_STATUS = CROSSING_STATUSES.empty()


def returns(since, value, **more):
    return {
        "measure": "cumulative",
        "population_group": "RET",
        "place_code": "SYR",
        "admin_level": 0,
        "admin1_code": None,
        "asylum_location_code": "TUR",
        "cumulative_since": since,
        "reference_period_start": since,
        "reference_period_end": "2025-12-08",
        "as_of": "2025-12-08",
        "value": value,
    } | more


def test_returns_since_2016_and_since_the_fall_never_share_a_chart():
    """The longer window contains the shorter: on one axis a reader would take them for one."""
    rows = builders.figures(
        returns("2016-01-01", 1_300_000),
        returns("2024-12-08", 578_000),
        returns("2024-12-09", 580_000),
        returns("2024-12-08", 600_000, publisher="Ministry"),
    )
    fall = list(border.split_by_start(rows, *FALL))
    long = border.split_by_start(rows, date(2016, 1, 1), date(2016, 1, 1))
    assert [since for since, _ in long] == [date(2016, 1, 1)]
    assert len(fall) == 3
    for _, part in fall:
        assert part["cumulative_since"].nunique() == 1
        assert part["publisher"].nunique() == 1
    assert 1_300_000 not in {value for _, part in fall for value in part["value"]}


def test_flows_and_stocks_are_no_window():
    rows = builders.figures(returns(None, 5, measure="flow", reference_period_start="2024-12-08"))
    assert list(border.split_by_start(rows, *FALL)) == []


def test_each_province_has_its_newest_number_and_parts_do_not_pass_for_the_whole():
    row = {"population_group": "REF", "place_code": "TUR031", "location_code": "TUR"}
    rows = builders.figures(
        row | {"value": 5, "as_of": "2025-06-30"},
        row | {"value": 4, "publisher": "PMM"},
        row | {"value": 9, "category": "camps", "caveat": "sites_only"},
        row | {"value": None, "missing_reason": "suppressed", "dataset": "Other"},
        row | {"value": 70, "place_code": "TUR027", "as_of": "2025-01-31"},
    )
    newest = border.newest_stocks(rows)
    assert newest["place_code"].tolist() == ["TUR027", "TUR031"]
    assert newest["value"].tolist() == [70, 4]


def test_governorates_come_from_one_series_and_what_remained_is_not_the_stock():
    """Aleppo's 119,000 who remained displaced in January would stand beside Idleb's million."""
    rows = builders.figures(
        {"value": 1_182_989},
        {"value": 1_143_009, "place_code": "SY02", "admin1_code": "SY02"},
        {"value": 119_000, "place_code": "SY02", "admin1_code": "SY02", "publisher": "OCHA",
         "dataset": "Remaining newly displaced", "as_of": "2026-01-13", "caveat": "net_of_returns",
         "reference_period_start": "2026-01-13", "reference_period_end": "2026-01-13"},
    )  # fmt: skip
    assert border.one_series(rows)["value"].tolist() == [1_182_989, 1_143_009]
    assert border.one_series(rows.iloc[0:0]).empty


def test_a_part_by_category_never_stands_for_a_governorate():
    """Idleb stood with 7,554 IDPs, of its communities alone; IOM counted 944,801 in all of it.

    The values are those of IOM's round of 31 December 2025.
    """
    aleppo = {"place_code": "SY02", "admin1_code": "SY02"}
    rows = builders.figures(
        {"value": 7_554, "category": "community"},
        {"value": 100_043, "category": "neighbourhood"},
        {"value": 944_801},
        aleppo | {"value": 16_976, "category": "community"},
        aleppo | {"value": 1_278_433},
    )
    assert border.one_series(rows)["value"].tolist() == [1_278_433, 944_801]
    assert border.one_series(rows[rows["category"].notna()]).empty
    assert border.newest_stocks(rows[rows["category"].notna()]).empty


def test_a_return_is_at_a_crossing_where_its_category_is_the_crossings_code():
    rows = builders.figures(
        returns("2024-12-08", 10, category="bab-al-hawa"),
        returns("2024-12-08", 20),
        returns("2024-12-08", 30, category="by bus"),
    )
    assert border.by_crossing(rows, crossings.table())["value"].tolist() == [10]


def status(code, said, day, published=None, publisher="An office"):
    return {
        "crossing_code": code,
        "status": said,
        "as_of": pd.Timestamp(day),
        "publisher": publisher,
        "published_on": pd.NaT if published is None else pd.Timestamp(published),
        "source_url": "https://example.org/notice",
    }


def of(code, frame):
    return frame.set_index("crossing_code").loc[code]


def test_a_status_that_was_brought_later_counts_and_names_who_says_so():
    brought = pd.DataFrame([status("bab-al-hawa", "closed", "2026-09-01")])
    found = of("bab-al-hawa", border.status_on(crossings.table(), brought, date(2026, 11, 25)))
    assert (found["status"], found["status_source"]) == ("closed", "An office")
    assert found["status_url"] == "https://example.org/notice"


def test_an_older_status_does_not_replace_a_newer_one():
    brought = pd.DataFrame([status("bab-al-hawa", "closed", "2025-01-01")])
    found = of("bab-al-hawa", border.status_on(crossings.table(), brought, date(2026, 11, 25)))
    assert (found["status"], f"{found['status_as_of']:%Y-%m-%d}") == ("active", "2026-05-25")


def test_nothing_of_the_future_is_shown_as_known_on_a_past_day():
    brought = pd.DataFrame([status("bab-al-hawa", "closed", "2020-01-01", published="2020-06-01")])
    found = border.status_on(crossings.table(), brought, date(2020, 2, 1))
    assert found["status"].isna().all()


def test_a_crossing_that_nobody_wrote_about_has_no_status():
    found = border.status_on(crossings.table(), NO_STATUS, date(2026, 11, 25))
    assert len(found) == len(crossings.table())
    assert pd.isna(of("cizre", found)["status"])


def test_the_authorisations_are_those_of_the_record():
    """Bab al-Salam fell out in July 2020, the last resolution lapsed on 10 July 2023."""
    spans = authorisations.table()
    salam = spans[spans["crossing_code"].eq("bab-al-salam") & spans["kind"].eq("resolution")]
    assert f"{salam['ends_on'].max():%Y-%m-%d}" == "2020-07-10"
    resolutions = spans[spans["kind"].eq("resolution")]
    assert f"{resolutions['ends_on'].max():%Y-%m-%d}" == "2023-07-10"
    elsewhere = set(spans["crossing_code"]) - set(crossings.table()["crossing_code"])
    assert elsewhere == set(authorisations.ELSEWHERE)
    assert spans["source_url"].str.startswith("https://").all()
    idlib = area.load("idlib")
    assert len(authorisations.known_on(pd.Timestamp("2019-01-01"), idlib)) == 4
    # Where no crossing of the area was ever named by a resolution there is nothing to say.
    inland = replace(idlib, crossings=(("SY01", "TUR031"),))
    assert authorisations.known_on(pd.Timestamp("2019-01-01"), inland) is None


@pytest.mark.parametrize("place", ["SY07", "x; rm -rf /", "$(reboot)"])
def test_the_command_that_a_page_names_asks_the_same_and_is_safe_to_paste(place):
    wanted = FigureFilter(within=(place,), group=("IDP",), since=date(2020, 1, 1))
    words = shlex.split(downloads.command(wanted))
    assert words[:6] == ["nuzuh", "figures", "--within", place, "--group", "IDP"]
    assert words[6:8] == ["--from", "2020-01-01"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_of_a_crossing_has_words(language):
    assert [s for s in CROSSING_STATES if f"crossing.{s}" not in catalogue(language)] == []
