"""OCHA's movements: the same moves out of every layout, by place and month, and never people."""

from datetime import UTC, datetime

import pytest

from data.gazetteer import area
from data.settings import ROOT
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.run.prepare import prepare
from pipelines.sources import dtm_syria_rounds
from pipelines.sources import ocha_idp_movements as ocha
from tests.pipelines.sources import dtm_workbooks
from tests.pipelines.sources import ocha_workbooks as books

AREA = area.load("idlib")
REAL = ROOT.parent / "shared" / "recordings" / "ocha_movements" / "idp_gov_2016-2021.xlsx"
DECEMBER = "2021-12-31"
EXPECTED = {
    ("SY070301", "IDP_ARR"): 1500,
    ("SY070302", "IDP_ARR"): 50,
    ("SY020300", "IDP_ARR"): 450,
    ("SY070301", "RDP"): 40,
    ("SY020300", "RDP"): 7,
}


def document(body, name="idp_gov_2016-2021"):
    return Document(name, f"file:{name}.xlsx", body, datetime(2026, 11, 30, tzinfo=UTC))


def read(*bodies, name="idp_gov_2016-2021"):
    documents = [document(body, name) for body in bodies]
    reading = ocha.read(documents, AREA)
    return prepare(ocha.SOURCE, reading, documents), reading.remarks


def moves(frame, level, day=DECEMBER):
    at = frame[
        frame["admin_level"].eq(level) & frame["as_of"].eq(day) & frame["origin_code"].isna()
    ]
    return dict(zip(zip(at["place_code"], at["population_group"], strict=True), at["value"],
                    strict=True))  # fmt: skip


def test_every_figure_is_a_flow_of_moves_within_one_month():
    """Taken for people present, 19,561 moves of a month would be all the IDPs of Syria."""
    frame, _ = read(books.plain())
    assert set(frame["measure"]) == {"flow"}
    assert set(frame["unit"]) == {"movements"}
    assert (frame["reference_period_start"].dt.day == 1).all()
    assert (frame["reference_period_end"] == frame["as_of"]).all()
    assert frame["caveat"].str.contains("movements_not_people").all()
    returns = frame["population_group"].eq("RDP")
    assert frame.loc[returns, "caveat"].str.contains("month_only").all()


def test_communities_are_added_to_sub_districts_and_no_finer():
    frame, _ = read(books.plain())
    assert moves(frame, 3) == EXPECTED
    assert moves(frame, 2)[("SY0703", "IDP_ARR")] == 1550
    told = frame.astype("string").fillna("").to_csv()
    assert "Village" not in told
    assert "C1000" not in told


@pytest.mark.parametrize(
    ("sheets", "name"),
    [
        ([("Flow", books.communities(month="December 2021"))], "x"),
        ([("Flow", books.communities(month="Dec-21"))], "december-2021"),
        (
            [
                ("IDPs", books.of_kind("IDP", "IDP_Flow_Estimation")),
                ("Ret", books.of_kind("Returnees", "Returnees_Flow_Estimation")),
            ],
            "x",
        ),
        (
            [
                ("IDP movements", books.of_kind("IDP", "Estimate")),
                ("Spontaneous returns", books.of_kind("Returnees", "Estimate")),
            ],
            "x",
        ),
    ],
)
def test_the_month_by_community_in_other_layouts(sheets, name):
    frame, _ = read(dtm_workbooks.book(*sheets), name=name)
    assert moves(frame, 3) == EXPECTED
    assert moves(frame, 0) == {("SYR", "IDP_ARR"): 2000, ("SYR", "RDP"): 47}


def test_governorates_by_month_without_footers_averages_and_years():
    frame, _ = read(books.plain())
    country = frame[frame["place_code"].eq("SYR") & frame["population_group"].eq("IDP_ARR")]
    assert len(country) == 24
    assert country["as_of"].nunique() == 24
    assert set(country["value"]) == {1000, 2000}
    assert moves(frame, 1, "2020-06-30") == {
        ("SY02", "IDP_ARR"): 100, ("SY07", "IDP_ARR"): 900,
        ("SY02", "RDP"): 100, ("SY07", "RDP"): 900,
    }  # fmt: skip


def test_months_with_their_year_in_one_row_are_the_same():
    rows = [
        ["Governorate", "January 2020", "February 2020", "Mar-20", "Total"],
        ["Idleb", 5, 6, 7, 18],
        ["Aleppo", 1, None, 3, 4],
        ["Total", 6, 6, 10, 22],
    ]
    frame, _ = read(dtm_workbooks.book(("IDP movements", rows)))
    assert moves(frame, 1, "2020-03-31") == {("SY07", "IDP_ARR"): 7, ("SY02", "IDP_ARR"): 3}
    blank = frame[frame["place_code"].eq("SY02") & frame["as_of"].eq("2020-02-29")]
    assert blank["missing_reason"].tolist() == ["not_reported"]


def test_a_month_that_nobody_reported_is_no_zero():
    """Returns of 2016 have totals of 0 over blank cells: they were not counted yet."""
    rows = [
        ["Governorate", "Jan-16", "Feb-16", "Mar-16"],
        ["Idleb", None, None, 4],
        ["Grand Total", 0, 0, 4],
    ]
    frame, _ = read(dtm_workbooks.book(("Returns", rows)))
    assert set(frame["as_of"].dt.strftime("%Y-%m")) == {"2016-03"}


def test_origin_and_destination_are_told_apart_and_fractions_are_said():
    frame, _ = read(books.plain())
    pairs = frame[frame["origin_code"].notna()].set_index(["origin_code", "place_code"])
    assert pairs["value"].to_dict() == {
        ("SY02", "SY02"): 400, ("SY07", "SY02"): 51, ("SY07", "SY07"): 1550,
        ("SY07", "SY05"): 10, ("SY05", "SY05"): 3,
    }  # fmt: skip
    modelled = pairs.loc[("SY07", "SY02")]
    assert "fractions_rounded" in modelled["caveat"]
    assert modelled["qualifier"] == "modelled"


def test_a_table_turned_round_is_read_the_other_way():
    pairs = books.origins("IDP movements", "To ↓ From →", [[1, 2], [3, 4]], ["Aleppo", "Idleb"])
    body = dtm_workbooks.book(("Flow", books.communities()), ("Pairs", pairs))
    frame, _ = read(body)
    pairs = frame[frame["origin_code"].notna()].set_index(["origin_code", "place_code"])["value"]
    assert pairs.to_dict()[("SY07", "SY02")] == 2


def test_a_table_that_does_not_say_which_side_is_the_origin_is_left_out_and_told():
    pairs = books.origins("IDP movements", "Governorate", [[1, 2], [3, 4]], ["Aleppo", "Idleb"])
    frame, remarks = read(dtm_workbooks.book(("Flow", books.communities()), ("Pairs", pairs)))
    assert frame["origin_code"].isna().all()
    assert any("which side is the origin" in remark for remark in remarks)


def test_where_the_summary_and_its_month_differ_both_are_kept_and_told():
    """One of them silently chosen would hide that OCHA says two things."""
    body = dtm_workbooks.book(
        ("Flow_Estimation", books.communities()), ("Summary", books.summary("IDP", 1560, 450))
    )
    frame, remarks = read(body)
    idleb = frame[
        frame["place_code"].eq("SY07")
        & frame["as_of"].eq(DECEMBER)
        & frame["population_group"].eq("IDP_ARR")
    ].sort_values("value")
    assert idleb["value"].tolist() == [1550, 1560]
    assert idleb["dataset"].nunique() == 2
    assert "1,550" in idleb["note"].iloc[1]
    assert any("differ in 2 numbers" in remark for remark in remarks)
    aleppo = frame[frame["place_code"].eq("SY02") & frame["as_of"].eq(DECEMBER)]
    assert aleppo["population_group"].tolist().count("IDP_ARR") == 1


def test_a_printed_total_that_its_governorates_do_not_make_is_flagged():
    body = dtm_workbooks.book(("Summary", books.summary("IDP", 1550, 450, total=2100)))
    frame, _ = read(body)
    total = frame[frame["place_code"].eq("SYR") & frame["as_of"].eq(DECEMBER)]
    assert total["value"].tolist() == [2100]
    assert "parts_do_not_add" in total["caveat"].item()
    assert total["note"].item() == "The governorates add up to 2,000."


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (dtm_workbooks.plain(), "has no table of OCHA's movements"),
        (dtm_workbooks.book(("Flow", [["Nahya_PCODE", "x"], ["SY070301", 1]])), "no table"),
        (
            dtm_workbooks.book(("IDP_Flow", [["Nahya_PCODE", "IDP_Flow"], ["SY070301", 1]])),
            "does not say its month",
        ),
        (
            dtm_workbooks.book(
                ("S", [["", "Jan-20", "Feb-20", "Mar-20"], ["Idleb", 1, 2, 3]]),
            ),
            "does not say whether it counts IDPs or returns",
        ),
    ],
)
def test_what_is_not_certain_is_refused(body, says):
    with pytest.raises(SourceChanged, match=says):
        read(body, name="workbook")


def test_each_of_the_two_sources_names_the_other():
    """Whoever brings OCHA's moves as a round of DTM is told where they belong."""
    with pytest.raises(SourceChanged, match="nuzuh import ocha_idp_movements"):
        dtm_syria_rounds.read([document(books.plain(), "december-2021")], AREA)
    with pytest.raises(SourceChanged, match="nuzuh import dtm_syria_rounds"):
        read(dtm_workbooks.communities())


@pytest.mark.skipif(not REAL.exists(), reason="OCHA's workbook is not beside the checkout")
def test_the_real_workbook_gives_the_publishers_own_totals():
    frame, remarks = read(REAL.read_bytes())
    assert remarks == ()
    arrivals, returns = (frame[frame["population_group"].eq(g)] for g in ("IDP_ARR", "RDP"))
    whole = arrivals[arrivals["place_code"].eq("SYR") & arrivals["origin_code"].isna()]
    assert whole.loc[whole["as_of"].dt.year.eq(2021), "value"].sum() == 455_864
    assert whole["value"].sum() == 10_685_316
    back = returns[returns["place_code"].eq("SYR") & returns["origin_code"].isna()]
    assert back["value"].sum() == 3_290_100
    assert moves(frame, 1)[("SY07", "IDP_ARR")] == 10_588
    assert moves(frame, 1)[("SY07", "RDP")] == 2_157
    assert arrivals.loc[arrivals["origin_code"].notna(), "value"].sum() == 19_561
    assert returns.loc[returns["origin_code"].notna(), "value"].sum() == 14_238
