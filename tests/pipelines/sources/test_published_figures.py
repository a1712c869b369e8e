"""The carried figures: the whole content of a first start without a network."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from data.gazetteer import area, places
from data.settings import ROOT, Settings
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.sources import published_figures as carried
from tests.builders import prepared

RELEASES = ROOT.parent / "shared" / "figures" / "unhcr_vintages_syria.csv"
IDLIB = area.load("idlib")
GROUPS = {
    "refugees_stock": "REF",
    "idps_stock": "IDP",
    "returned_idps_flow": "RDP",
    "returned_refugees_flow": "RET",
}
GOLDEN = {
    "dtm_rounds.csv": 3821,
    "displacement_flows.csv": 116,
    "idleb_camps.csv": 2,
    "idp_returns.csv": 15,
    "idp_sites_and_remaining.csv": 23,
    "idp_stocks.csv": 24,
    "ismi_movements.csv": 107,
    "newly_displaced.csv": 72,
    "ocha_movements.csv": 225,
    "ocha_movements_2016_2017.csv": 325,
    "ocha_movements_2016_2021.csv": 1494,
    "ocha_spontaneous_returns.csv": 170,
    "refugee_returns.csv": 56,
    "return_flows.csv": 16,
    "syrians_registered.csv": 162,
    "unhcr_governorates.csv": 223,
    "unhcr_releases.csv": 146,
    "unhcr_solutions.csv": 405,
    "unhcr_turkiye_provinces.csv": 251,
}


def documents() -> list[Document]:
    return list(carried.fetch(None, Settings(), IDLIB))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def figures() -> pd.DataFrame:
    """Every carried row, prepared as a run does: contract, harm check, figure ids."""
    sent = documents()
    return prepared(carried.SOURCE, carried.read(sent, IDLIB), sent)


def known_on(figures: pd.DataFrame, day: str) -> pd.DataFrame:
    past = figures[figures["known_from"] <= day]
    order = past.sort_values(["known_from", "retrieved_at"])
    return order.drop_duplicates("figure_id", keep="last")


def test_each_family_has_the_rows_that_were_counted(figures: pd.DataFrame) -> None:
    """A row lost in an edit of a table would go unseen: the page just shows less."""
    assert figures["locator"].str.split(":").str[0].value_counts().to_dict() == GOLDEN


# Who counted, as each article itself says; a list of whom it cites does not tell which is whose.
COUNTED_BY = {
    ("okaz.com.sa", 779_473): "UNHCR",
    ("okaz.com.sa", 1_694_418): "UNHCR",
    ("okaz.com.sa", 411_649): "Türkiye Ministry of Interior",
    ("alanba.com.kw", 1_160_000): "UNHCR",
    ("alanba.com.kw", 550_000): "Türkiye Ministry of Interior",
    ("alanba.com.kw", 2_400_000): "Türkiye Ministry of Interior",
    ("international-blue-crescent", 115_000): "UNHCR",
    ("international-blue-crescent", 35_114): "Türkiye Ministry of Interior",
    ("international-blue-crescent", 22_000): "Government of Jordan",
}


@pytest.mark.parametrize(("page", "value"), COUNTED_BY)
def test_a_number_of_an_article_is_whose_the_article_says(
    figures: pd.DataFrame, page: str, value: int
) -> None:
    """A ministry's number under UNHCR's name is cited as UNHCR's, and held against it."""
    found = figures[figures["source_url"].str.contains(page) & figures["value"].eq(value)]
    assert set(found["publisher"]) == {COUNTED_BY[page, value]}


def test_no_two_rows_are_the_same_vintage(figures: pd.DataFrame) -> None:
    assert not figures.duplicated(["figure_id", "known_from"]).any()


def test_every_place_and_origin_is_in_the_written_tables(figures: pd.DataFrame) -> None:
    codes = set(figures["place_code"]) | set(figures["origin_code"].dropna())
    assert not [code for code in codes if not places.is_known_code(code)]


def test_every_written_alias_and_region_leads_to_a_place() -> None:
    aliases = pd.read_csv(places.REFERENCE / "aliases.csv", dtype="string")
    assert not [code for code in aliases["place_code"] if not places.is_known_code(code)]
    assert not aliases.duplicated(["name", "kind"]).any()


def test_a_place_without_a_code_fails_by_name() -> None:
    first = documents()[0]
    header, row = first.body.decode().splitlines()[:2]
    code = pd.read_csv(carried.FOLDER / first.name, dtype="string")["place_code"].iloc[0]
    changed = replace(first, body=f"{header}\n{row.replace(code, 'SY99')}\n".encode())
    with pytest.raises(places.UnknownPlace, match="SY99"):
        carried.read([changed], IDLIB)


def test_a_number_in_digits_that_the_tables_do_not_use_is_refused_by_its_row() -> None:
    """An editor's keyboard set to Arabic stopped the whole run with a traceback."""
    first = documents()[0]
    header, row = first.body.decode().splitlines()[:2]
    value = pd.read_csv(carried.FOLDER / first.name, dtype="string")["value"].iloc[0]
    changed = replace(first, body=f"{header}\n{row.replace(value, '١٢٣')}\n".encode())
    with pytest.raises(SourceChanged, match="row 2: '١٢٣' is no whole number"):
        carried.read([changed], IDLIB)


def test_nothing_is_finer_than_a_sub_district(figures: pd.DataFrame) -> None:
    assert not (figures["admin_level"] > 3).fillna(False).any()


def test_a_cumulative_figure_says_since_when(figures: pd.DataFrame) -> None:
    cumulative = figures["measure"] == "cumulative"
    assert cumulative.sum() > 100
    assert figures.loc[cumulative, "cumulative_since"].notna().all()


def test_ocha_counts_movements_and_says_that_they_are_not_people(figures: pd.DataFrame) -> None:
    files = ("ocha_movements", "ocha_spontaneous")
    ocha = figures[figures["locator"].str.startswith(files)]
    assert set(ocha["unit"]) == {"movements"}
    assert set(ocha["measure"]) == {"flow"}
    assert set(ocha["population_group"]) == {"IDP_ARR", "IDP_DEP", "RDP"}
    assert ocha["caveat"].str.contains("movements_not_people").all()


def test_families_are_never_turned_into_people(figures: pd.DataFrame) -> None:
    camps = figures[figures["locator"].str.startswith("idleb_camps")]
    assert set(camps["unit"]) == {"families"}
    assert dict(zip(camps["population_group"], camps["value"], strict=True)) == {
        "IDP_DEP": 117884,
        "IDP": 126782,
    }
    assert camps["caveat"].str.contains("parts_do_not_add").all()


def test_a_round_number_of_a_report_is_not_called_exact(figures: pd.DataFrame) -> None:
    """700,000 in a press text is no count to the last digit; a gap below its rounding is none."""
    read = figures[figures["source"].eq("published_figures")]
    digits = read["value"].astype("string")
    zeros = digits.str.len() - digits.str.rstrip("0").str.len()
    round_ = (zeros >= 4) | ((zeros >= 3) & (read["value"] >= 10_000))
    plain = read["value_raw"].eq(digits)
    exact = read[round_ & plain & read["qualifier"].eq("exact")]
    assert round_.sum() > 150
    assert exact["locator"].tolist() == []


def test_an_unknown_day_of_publication_is_said(figures: pd.DataFrame) -> None:
    """Or a figure noted years later would pass for one known at the time."""
    undated = figures["published_on"].isna()
    assert figures.loc[undated, "caveat"].fillna("").str.contains("publication_date_unknown").all()
    assert (
        not figures.loc[~undated, "caveat"]
        .fillna("")
        .str.contains("publication_date_unknown")
        .any()
    )


@pytest.mark.parametrize(
    ("day", "as_of", "value"),
    [
        ("2020-02-11", "2020-02-11", 700_000),
        ("2020-02-17", "2020-02-17", 900_000),
        ("2020-02-26", "2020-02-23", 948_000),
    ],
)
def test_newly_displaced_since_december_2019_as_known_on(
    figures: pd.DataFrame, day: str, as_of: str, value: int
) -> None:
    series = figures[
        (figures["place_code"] == "X-SYR-NW")
        & (figures["population_group"] == "NEWDISP")
        & (figures["unit"] == "people")
        & (figures["publisher"] == "OCHA")
        & (figures["cumulative_since"] == "2019-12-01")
    ]
    newest = known_on(series, day).sort_values("as_of").iloc[-1]
    assert (newest["as_of"], newest["value"]) == (pd.Timestamp(as_of), value)


def test_turkiye_2025_is_a_mid_year_value_and_then_the_year_end_one(figures: pd.DataFrame) -> None:
    both = figures[
        (figures["source"] == "unhcr_population")
        & (figures["population_group"] == "REF")
        & (figures["place_code"] == "TUR")
        & (figures["reference_period_end"] == "2025-12-31")
    ].sort_values("known_from")
    assert len(set(both["figure_id"])) == 1
    assert both["value"].tolist() == [2_646_142, 2_347_756]
    assert both["as_of"].tolist() == [pd.Timestamp("2025-06-30"), pd.Timestamp("2025-12-31")]
    assert both["caveat"].tolist() == ["mid_year republished", "republished"]


def test_idmc_years_that_were_carried_forward_are_flagged(figures: pd.DataFrame) -> None:
    idmc = figures[
        (figures["source"] == "unhcr_idmc")
        & figures["caveat"].fillna("").str.contains("carried_forward")
    ]
    values = zip(idmc["reference_period_end"].dt.year, idmc["value"], strict=True)
    assert dict(values) == {2024: 7_248_000, 2025: 7_409_000}


def test_every_release_of_unhcr_comes_out_as_it_was_on_its_day(figures: pd.DataFrame) -> None:
    """925 values of ten releases; the history that the page of a figure's life stands on."""
    if not Path(RELEASES).is_file():
        pytest.skip("the reading of UNHCR's releases is not beside this repository")
    told = pd.read_csv(RELEASES)
    own = figures[figures["source"].isin(["unhcr_population", "unhcr_idmc"])]
    for day, release in told.groupby("release_date"):
        then = known_on(own, str(day))
        there = then.set_index(
            [
                then["population_group"],
                then["asylum_location_code"].fillna("SYR"),
                then["source"].map({"unhcr_idmc": "IDMC", "unhcr_population": "UNHCR"}),
                then["reference_period_end"].dt.year,
            ]
        )["value"]
        # Half a year's flow is another number than the year's; the release of its day had it alone.
        there = there[~there.index.duplicated(keep="last")]
        keys = zip(
            release["metric"].map(GROUPS),
            release["asylum"],
            release["figure_source"],
            release["year"],
            strict=True,
        )
        assert [int(there.loc[key]) for key in keys] == release["value"].tolist(), day


def shown(figures: pd.DataFrame, place: str, group: str, day: str, **more: str) -> pd.DataFrame:
    found = figures[
        figures["place_code"].eq(place)
        & figures["population_group"].eq(group)
        & figures["as_of"].eq(day)
    ]
    for column, value in more.items():
        found = found[found[column].eq(value)]
    return found


def test_dana_has_its_people_on_the_last_day_of_2025(figures: pd.DataFrame) -> None:
    """IOM's round 11, summed by hand over the 24 communities of the sub-district."""
    dana = shown(figures, "SY070301", "IDP", "2025-12-31", measure="stock")
    whole = dana[dana["category"].isna()]
    assert whole["value"].tolist() == [537_713]
    assert whole["licence"].tolist() == ["IOM: non-commercial use only"]


def test_the_rounds_carried_have_the_publishers_own_totals(figures: pd.DataFrame) -> None:
    """Read in three workbooks of IOM and added up without this project."""
    rounds = {
        "2025-08-31": {"IDP": 6_115_860, "RDP": 1_937_157, "RET": 915_482, "POP": 26_511_413},
        "2025-11-30": {"IDP": 6_022_969, "RDP": 1_839_121, "RET": 863_275, "POP": 26_994_735},
        "2025-12-31": {"IDP": 5_963_668, "RDP": 1_911_262, "RET": 1_071_424, "POP": 27_239_039},
    }
    for day, totals in rounds.items():
        for group, total in totals.items():
            found = shown(figures, "SYR", group, day, source="dtm_syria_rounds", measure="stock")
            assert found.loc[found["category"].isna(), "value"].tolist() == [total]


def test_rounds_that_list_other_places_say_so(figures: pd.DataFrame) -> None:
    """Round 7 lists 1,746 camps as rows, those after it none: no line joins them."""
    dtm = figures[figures["source"].eq("dtm_syria_rounds") & figures["measure"].eq("stock")]
    changed = dtm["caveat"].str.contains("coverage_changed").groupby(dtm["reporting_round"])
    assert changed.agg(["min", "max"]).to_numpy().tolist() == [[True] * 2, [True] * 2, [False] * 2]


def test_ocha_moves_of_a_year_are_the_publishers_total(figures: pd.DataFrame) -> None:
    now = known_on(figures, "2026-11-30")
    ocha = now[now["source"].eq("ocha_idp_movements") & now["origin_code"].isna()]
    country = ocha[ocha["place_code"].eq("SYR") & ocha["population_group"].eq("IDP_ARR")]
    year = country[country["as_of"].dt.year.eq(2021)]
    assert (len(year), year["value"].sum()) == (12, 455_864)


def test_a_part_of_a_province_never_stands_for_the_whole(figures: pd.DataFrame) -> None:
    """Syrians outside camps were shown as all Syrians of 80 Turkish provinces."""
    located = figures[figures["locator"].str.startswith("unhcr_turkiye_provinces")]
    outside = located["category"].eq("outside_camps")
    assert outside.sum() == 198
    assert located.loc[outside, "caveat"].str.contains("non_camp_only").all()
    assert located[located["as_of"].dt.year.eq(2016)]["category"].notna().all()
    sitrep = figures[figures["as_of"].eq("2013-12-22")]
    whole = sitrep[sitrep["place_code"].isin(["TUR027", "TUR047"])]
    assert sorted(whole["value"]) == [40_932, 145_019]
    assert not whole["caveat"].fillna("").str.contains("sites_only").any()


def test_one_press_article_is_one_figure(figures: pd.DataFrame) -> None:
    for value in (250_064, 11_806, 27_750):
        assert figures["value"].eq(value).sum() == 1
