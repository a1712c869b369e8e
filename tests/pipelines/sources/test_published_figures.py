"""The carried figures: the whole content of a first start without a network."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from data.gazetteer import area, places
from data.settings import ROOT, Settings
from data.store import Document
from pipelines.run.prepare import prepare
from pipelines.sources import published_figures as carried

RELEASES = ROOT.parent / "shared" / "figures" / "unhcr_vintages_syria.csv"
IDLIB = area.load("idlib")
GROUPS = {
    "refugees_stock": "REF",
    "idps_stock": "IDP",
    "returned_idps_flow": "RDP",
    "returned_refugees_flow": "RET",
}
GOLDEN = {
    "displacement_flows.csv": 116,
    "idleb_camps.csv": 2,
    "idp_returns.csv": 15,
    "idp_sites_and_remaining.csv": 23,
    "idp_stocks.csv": 24,
    "ismi_movements.csv": 107,
    "newly_displaced.csv": 74,
    "ocha_movements.csv": 225,
    "ocha_movements_2016_2017.csv": 325,
    "ocha_spontaneous_returns.csv": 170,
    "refugee_returns.csv": 58,
    "return_flows.csv": 16,
    "syrians_registered.csv": 153,
    "unhcr_governorates.csv": 223,
    "unhcr_releases.csv": 146,
    "unhcr_turkiye_provinces.csv": 251,
}


def documents() -> list[Document]:
    return list(carried.fetch(None, Settings(), IDLIB))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def figures() -> pd.DataFrame:
    """Every carried row, prepared as a run does: contract, harm check, figure ids."""
    sent = documents()
    return prepare(carried.SOURCE, carried.read(sent, IDLIB), sent)


def known_on(figures: pd.DataFrame, day: str) -> pd.DataFrame:
    past = figures[figures["known_from"] <= day]
    order = past.sort_values(["known_from", "retrieved_at"])
    return order.drop_duplicates("figure_id", keep="last")


def test_each_family_has_the_rows_that_were_counted(figures: pd.DataFrame) -> None:
    """A row lost in an edit of a table would go unseen: the page just shows less."""
    assert figures["locator"].str.split(":").str[0].value_counts().to_dict() == GOLDEN


def test_no_two_rows_are_the_same_vintage(figures: pd.DataFrame) -> None:
    assert not figures.duplicated(["figure_id", "known_from"]).any()


def test_every_place_and_origin_is_in_the_written_tables(figures: pd.DataFrame) -> None:
    codes = set(figures["place_code"]) | set(figures["origin_code"].dropna())
    assert not [code for code in codes if not places.known(code)]


def test_every_written_alias_and_region_leads_to_a_place() -> None:
    aliases = pd.read_csv(places.REFERENCE / "aliases.csv", dtype="string")
    assert not [code for code in aliases["place_code"] if not places.known(code)]
    assert not aliases.duplicated(["name", "kind"]).any()


def test_a_place_without_a_code_fails_by_name() -> None:
    first = documents()[0]
    header, row = first.body.decode().splitlines()[:2]
    code = pd.read_csv(carried.FOLDER / first.name, dtype="string")["place_code"].iloc[0]
    changed = replace(first, body=f"{header}\n{row.replace(code, 'SY99')}\n".encode())
    with pytest.raises(places.UnknownPlace, match="SY99"):
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
    assert round_.sum() > 200
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
