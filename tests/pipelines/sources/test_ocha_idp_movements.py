"""OCHA's movements: the same moves out of every layout, by place and month, and never people."""

from datetime import UTC, date, datetime

import pytest

from data.gazetteer import area
from data.gazetteer.places import UnknownPlace
from data.settings import ROOT
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.sources import dtm_syria_rounds
from pipelines.sources import ocha_idp_movements as ocha
from tests.builders import prepared
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
    return prepared(ocha.SOURCE, reading, documents), reading.remarks


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


def test_moves_of_one_month_under_the_name_of_another_are_refused():
    """Days that a Mac counts from 1904 put December 2021 into November 2017."""
    named = "idp-movements-december-2021"
    assert moves(read(books.plain(), name=named)[0], 3)
    with pytest.raises(SourceChanged, match=r"of 2022-01 by its name and its newest .* 2021-12"):
        read(books.plain(), name="idp-movements-january-2022")


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


def changed(row, column, value):
    """The month by community with one cell changed."""
    cells = books.communities()
    cells[row][column] = value
    return cells


@pytest.mark.parametrize(
    ("flow", "says"),
    [
        ([[*r[:1], r[1][:1] if n else r[1], *r[2:]] for n, r in enumerate(books.communities())],
         "row 2: 'I' is neither IDPs nor returns"),
        (changed(3, 1, None), "row 4: '' is neither"),
        ([*books.communities(), books.communities()[1]], "row 8 repeats row 2"),
        ([[*r, "IDP_Flow_November" if not n else 5] for n, r in enumerate(books.communities())],
         "several columns could be the moves: .*'IDP_Flow_November'"),
        ([["Reporting_Year" if not n else 2021, *r[1:]]
          for n, r in enumerate(books.communities())], "a column of years and none of months"),
    ],
)  # fmt: skip
def test_a_month_by_community_that_could_be_counted_wrong_is_refused(flow, says):
    """Returns taken for flight, a month before for this one, a village counted twice."""
    with pytest.raises(SourceChanged, match=says):
        read(dtm_workbooks.book(("Flow", flow)), name="december-2021")


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("IDP movements (in thousands)", "thousands"),
        ("IDP families moved", "families"),
        ("IDPs present by governorate", "people present"),
        ("IDP movements, cumulative since January", "running sums"),
    ],
)
def test_a_title_that_says_another_unit_is_no_table_of_moves(title, unit):
    """People who are there would be drawn as the moves of each month."""
    months = ["", "Jan-20", "Feb-20", "Mar-20"]
    rows = [[title], months, ["Idleb", 1, 2, 3], ["Aleppo", 4, 5, 6], ["Hama", 7, 8, 9]]
    with pytest.raises(SourceChanged, match=f"counts {unit} by '"):
        read(dtm_workbooks.book(("S", rows)))
    rows[0] = ["IDP movements"]
    assert (
        moves(read(dtm_workbooks.book(("S", rows)))[0], 1, "2020-03-31")[("SY07", "IDP_ARR")] == 3
    )


@pytest.mark.parametrize("label", ["Sum", "All", "المجموع", "الإجمالي"])
def test_subtotals_among_the_communities_are_not_added_to_them(label):
    flow = books.communities()
    subtotal = [*flow[1][:8], label, "", 1500]
    frame, _ = read(dtm_workbooks.book(("Flow", [*flow[:3], subtotal, *flow[3:]])))
    assert moves(frame, 3) == EXPECTED


def by_month(title, *numbers):
    months = ["", "Jan-20", "Feb-20", "Mar-20"]
    return [[title], months, *([p, *numbers] for p in ("Idleb", "Aleppo", "Hama")), []]


def test_departures_are_no_arrivals():
    """Those who fled Idleb would be drawn as having come to it."""
    both = [*by_month("IDP arrivals", 5, 6, 7), *by_month("IDP departures", 1, 2, 3)]
    frame, remarks = read(dtm_workbooks.book(("S", both)))
    assert moves(frame, 1, "2020-01-31")[("SY07", "IDP_ARR")] == 5
    assert any("row 8: a table of departures left out" in remark for remark in remarks)
    with pytest.raises(SourceChanged, match="a table of departures left out"):
        read(dtm_workbooks.book(("S", by_month("IDPs by governorate of departure", 1, 2, 3))))
    flow = [[*r[:10], "IDP departures" if not n else r[10]]
            for n, r in enumerate(books.communities())]  # fmt: skip
    with pytest.raises(SourceChanged, match="no table of OCHA's movements"):
        read(dtm_workbooks.book(("Flow", flow)))


@pytest.mark.parametrize("sheets", [1, 2])
def test_two_tables_of_one_month_that_differ_are_refused(sheets):
    """The last of them would stand, and nobody would see the other."""
    one, other = by_month("IDP movements", 5, 6, 7), by_month("IDP movements", 5, 6, 8)
    together = [("A", [*one, *other])] if sheets == 1 else [("A", one), ("B", other)]
    with pytest.raises(SourceChanged, match=r"IDP_ARR of SY07 in 2020-03 twice: 7 at .* and 8 at"):
        read(dtm_workbooks.book(*together))
    frame, _ = read(dtm_workbooks.book(("A", one), ("B", one)))
    assert moves(frame, 1, "2020-03-31")[("SY07", "IDP_ARR")] == 7


def test_tables_of_origins_that_differ_are_left_out_aloud():
    names = ("Aleppo", "Idleb", "Hama")
    tables = [
        books.origins("IDP movements, December 2021", "From | To", [[n, 2, 3]] * 3, names)
        for n in (1, 9)
    ]
    flow = ("Flow", books.communities())
    frame, remarks = read(dtm_workbooks.book(flow, *zip(("A", "B"), tables, strict=True)))
    assert frame["origin_code"].isna().all()
    assert any("the origins of IDP_ARR in 2021-12 left out" in remark for remark in remarks)
    with pytest.raises(SourceChanged, match=r"no moves to publish.*origins of IDP_ARR"):
        read(dtm_workbooks.book(*zip(("A", "B"), tables, strict=True)))


def test_hidden_rows_are_told_in_both_kinds_of_tables():
    sheets = [("Flow", books.communities()), ("Summary", books.summary("IDP", 1550, 450))]

    def hide(_, added):
        added[0].set_row(2, None, None, {"hidden": True})
        added[1].set_row(4, None, None, {"hidden": True})

    _, remarks = read(dtm_workbooks.book(*sheets, then=hide))
    assert [r.rsplit("sheet ", 1)[-1] for r in remarks if "hidden" in r] == [
        "1: 1 hidden rows were read, the first is row 3.",
        "2: 1 hidden rows were read, the first is row 5.",
    ]


def test_where_people_left_is_not_where_they_arrived():
    """With names alone and the departure first, moves would be drawn where nobody came."""
    flow = [
        ["From_Nahya" if not n else "Dana", "From_Mohafaza" if not n else "Idleb", *row]
        for n, row in enumerate(books.communities())
    ]
    codes = {n for n, name in enumerate(flow[0]) if str(name).endswith("PCODE")}
    flow = [[cell for n, cell in enumerate(row) if n not in codes] for row in flow]
    frame, _ = read(dtm_workbooks.book(("Flow", flow)))
    assert moves(frame, 3) == EXPECTED


@pytest.mark.parametrize(
    "more",
    [
        [["Grand Total", *[""] * 9, 2047]],
        [["", "IDP", "Grand Total", *[""] * 7, 2000]],
        [["", "", "Aleppo Total", *[""] * 7, 457]],
        [[], ["Source: OCHA"]],
    ],
)
def test_totals_over_both_kinds_add_nothing_to_the_communities(more):
    frame, remarks = read(dtm_workbooks.book(("Flow", [*books.communities(), *more])))
    assert moves(frame, 3) == EXPECTED
    assert moves(frame, 0) == {("SYR", "IDP_ARR"): 2000, ("SYR", "RDP"): 47}
    assert remarks == ()


def test_a_total_printed_under_the_communities_is_kept_beside_their_sum():
    total = [books.communities()[1][0], "IDP", "Grand Total", *[""] * 7, 2500]
    frame, remarks = read(dtm_workbooks.book(("Flow", [*books.communities(), total])))
    whole = frame[frame["place_code"].eq("SYR") & frame["population_group"].eq("IDP_ARR")]
    assert sorted(whole["value"]) == [2000, 2500]
    assert any("SYR 2,500 and 2,000" in remark for remark in remarks)


def test_both_kinds_may_stand_in_columns_of_their_own():
    """A row lists a community where people came or went back: a blank is no unknown number."""
    rows = [[*r[:1], *r[2:10], r[10] if r[1] == "IDP" else "", r[10] if r[1] != "IDP" else ""]
            for r in books.communities()[1:]]  # fmt: skip
    flow = [["Month", *books.HEADING[2:10], "IDP_Flow", "Ret_Flow"], *rows]
    frame, _ = read(dtm_workbooks.book(("Flow", flow)))
    assert moves(frame, 3) == EXPECTED


def titled(write):
    """A summary whose months are written another way."""
    cells = books.summary("IDP", 1550, 450)
    years = [2020] * 13 + [2021] * 12
    for column in range(1, 26):
        month = cells[2][column]
        if month:
            cells[2][column] = write(years[column - 1], books.MONTHS.index(month) + 1)
    return cells


@pytest.mark.parametrize(
    "write", [lambda y, m: f"{m:02d}/{y}", lambda y, m: (date(y, m, 1) - date(1899, 12, 30)).days]
)
def test_months_may_be_numbers(write):
    frame, remarks = read(dtm_workbooks.book(("Summary", titled(write))))
    assert moves(frame, 1) == {("SY02", "IDP_ARR"): 450, ("SY07", "IDP_ARR"): 1550}
    assert frame["as_of"].nunique() == 24
    assert remarks == ()


def test_a_month_that_is_misspelt_is_left_out_aloud():
    cells = books.summary("IDP", 1550, 450)
    cells[2][8] = "Agu"
    frame, remarks = read(dtm_workbooks.book(("Summary", cells)))
    assert frame["as_of"].nunique() == 23
    assert any("column of I3 left out: 'Agu' is no month" in remark for remark in remarks)


@pytest.mark.parametrize("footer", ["Cumulative", "YTD", "Northwest Syria", "Net change"])
def test_whatever_stands_below_the_countrys_total_is_a_footer(footer):
    cells = books.summary("IDP", 1550, 450)
    cells[6][0] = footer
    frame, _ = read(dtm_workbooks.book(("Summary", cells)))
    assert moves(frame, 0) == {("SYR", "IDP_ARR"): 2000}


def test_a_governorate_that_stands_twice_with_other_numbers_is_refused():
    cells = books.summary("IDP", 1550, 450)
    cells.insert(5, [*cells[4][:5], 1, *cells[4][6:]])
    with pytest.raises(SourceChanged, match="row 6 gives other numbers of 'Idleb' than row 5"):
        read(dtm_workbooks.book(("Summary", cells)))


def test_a_sheet_of_governorates_that_names_no_months_is_told():
    cells = [["Governorate", *range(1, 13)], *([n, *range(12)] for n in ("Idleb", "Hama", "Homs"))]
    body = dtm_workbooks.book(("Flow", books.communities()), ("Summary", cells))
    assert any("sheet 2 left out" in remark for remark in read(body)[1])


def pairs(rows, names):
    title = "IDP movements, December 2021"
    return dtm_workbooks.book(("P", books.origins(title, "From | To", rows, names)))


@pytest.mark.parametrize("place", [0, 1])
def test_an_origin_or_destination_without_code_fails_by_name(place):
    """The rows below it were lost without a word."""
    names = ["Aleppo", "Idleb", "Hama"]
    names[place] = "Idlib Gov."
    with pytest.raises(UnknownPlace, match=r"Idlib Gov\."):
        read(pairs([[1, 2, 3], [4, 5, 6], [7, 8, 9]], names))


def test_origins_that_are_no_place_are_left_out_and_told():
    frame, remarks = read(pairs([[1, 2, 3], [4, 5, 6], [7, 8, 9]], ["Aleppo", "Unknown", "Hama"]))
    assert sorted(frame["value"]) == [1, 3, 7, 9]
    assert sum("'Unknown' left out" in remark for remark in remarks) == 2


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
