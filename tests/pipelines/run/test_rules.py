"""A true edition is published, a false one waits: each rule by one case, and by real releases."""

import pandas as pd
import pytest

from bench import faults, holds
from data.schema.check_results import DoubtedRow
from pipelines.run import comparisons
from tests import builders
from tests.builders import doubts, retold
from tests.real_files import RECORDED

HOSTS = {"TUR": 3_000_000, "LBN": 800_000, "JOR": 600_000, "DEU": 700_000, "SWE": 90_000}
YEARS = range(2018, 2026)


def edition(last=2025, but=(), **changed):
    """Refugees by host and year, and their total: `changed` maps host_year to another number."""
    rows = []
    for year in YEARS:
        if year > last:
            continue
        sizes = {
            host: changed.get(f"{host}_{year}", size - 1_000 * (2025 - year))
            for host, size in HOSTS.items()
            if (host, year) not in but
        }
        whole = {"ALL": changed.get(f"ALL_{year}", sum(v or 0 for v in sizes.values()))}
        rows += [cell(host, year, value) for host, value in (sizes | whole).items()]
    return builders.figures(*rows)


def cell(host, year, value):
    return {
        "population_group": "REF",
        "place_code": host,
        "location_code": host,
        "admin_level": None if host == "ALL" else 0,
        "admin1_code": None,
        "origin_code": "SYR",
        "origin_location_code": "SYR",
        "asylum_location_code": host,
        "reference_period_start": f"{year}-01-01",
        "reference_period_end": f"{year}-12-31",
        "as_of": f"{year}-12-31",
        "value": value,
    }


def codes(new, published, **more):
    return {doubt.code for doubt in doubts(new, published, kind="editions", **more)}


@pytest.mark.parametrize("own", [True, False])
def test_the_next_edition_and_the_same_one_are_published(own):
    assert codes(edition(), edition(2024), own=own) == set()
    assert codes(edition(), edition(), own=own) == set()
    assert codes(edition(), edition().head(0), own=False) == set()


def test_a_first_fetch_that_ends_before_the_carried_figures_is_true_and_published():
    assert codes(edition(2023), edition(2025), own=False, complete=False) == set()


def test_what_the_newest_year_does_in_a_war_is_news_and_no_fault():
    """Sudanese in Egypt tripled within a year; the largest real moves must pass."""
    half = edition(SWE_2025=26_000, ALL_2025=5_126_000)
    assert codes(half, edition(2024)) == set()


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (edition(2024), "went_back"),
        (edition(LBN_2020=8_000_000, ALL_2020=12_000_000), "history_changed"),
        (edition(TUR_2025=30_000_000, ALL_2025=32_000_000), "stock_jumped"),
        (edition(SWE_2025=900_000, ALL_2025=5_190_000), "parts"),
        (edition(but=[("JOR", 2019)]), "years_gone"),
        (edition(but=[("TUR", 2025)]), "newest_lost"),
        (edition(but=[(host, 2021) for host in HOSTS]), "holes"),
    ],
)
def test_a_false_edition_waits(new, code):
    published = edition() if code == "went_back" else edition(2024)
    assert code in codes(new, published)


def test_an_edition_that_was_put_back_is_told_by_its_own_vintages():
    """The half year's figures again, after the year's: nothing went back but the numbers."""
    half = edition(**{f"{host}_2025": size + 10_000 for host, size in HOSTS.items()})
    year = edition()
    vintages = pd.concat([half, year], ignore_index=True)
    assert codes(half, year, earlier=vintages) == {"reverted"}
    assert codes(year, half, earlier=half) == set()


def test_the_half_years_flows_do_not_come_back_as_the_years():
    """The file of October, fetched again next June, says of the year what was true of its half."""
    flows = {"measure": "flow", "population_group": "RET"}
    span = {"reference_period_end": "2025-06-30", "as_of": "2025-06-30", "caveat": "mid_year"}
    returned = {host: cell(host, 2025, 900 + size // 100) | flows for host, size in HOSTS.items()}
    half = [row | span | {"value": row["value"] // 2} for row in returned.values()]
    put_back = [row | {"value": row["value"] // 2} for row in returned.values()]
    published = builders.figures(*returned.values())
    vintages = builders.figures(*half, *returned.values())
    assert codes(builders.figures(*put_back), published, earlier=vintages) == {"reverted"}
    assert codes(published, published, earlier=vintages) == set()


def test_a_first_fetch_that_lost_rows_waits_beside_the_carried_figures():
    """A blank column or a cut page would leave a new office with holes that nobody sees."""
    cut = edition(but=[("JOR", 2019)], ALL_2019=5_160_000)
    assert codes(cut, edition(2024), own=False, complete=False) >= {"years_gone"}


def test_the_half_years_flow_may_give_way_to_the_years():
    """It covers January to June, and is of another period than the figure that replaces it."""
    half = {"measure": "flow", "population_group": "RET", "caveat": "mid_year", "value": 526_202}
    period = {"reference_period_end": "2025-06-30", "as_of": "2025-06-30"}
    published = pd.concat([edition(), builders.figures(cell("TUR", 2025, 1) | half | period)])
    year = builders.figures(cell("TUR", 2025, 1_341_148) | half | {"caveat": None, "value": 9})
    assert codes(pd.concat([edition(), year]), published) == set()


def test_a_first_answer_without_history_is_held_against_the_other_route_to_its_collection():
    other = edition().assign(source="sibling", dataset="Another table")
    assert codes(edition(), retold(edition(), other), own=False) == set()
    thousandth = edition().assign(value=lambda rows: rows["value"] // 1000)
    assert "history_changed" in codes(thousandth, retold(thousandth, other), own=False)


MANY = {f"H{n:02d}": 2_000 + 37 * n for n in range(30)}


def many(change=lambda host, year, value: value):
    """An edition of thirty hosts, each of which moves by some people every year."""
    return builders.figures(
        *(
            cell(host, year, change(host, year, value + 11 * (year - 2018)))
            for host, value in MANY.items()
            for year in YEARS
        )
    )


def test_the_year_before_under_this_years_name_waits():
    """Readers would be told that for a year nobody came and nobody left."""
    assert codes(many(), many().head(0)) == set()
    copied = many(lambda host, year, value: value - 11 if year == 2025 else value)
    assert codes(copied, many().head(0)) == {"repeated"}


def test_a_column_that_is_halved_waits():
    halved = many(lambda host, year, value: value // 2 if year == 2025 else value)
    assert codes(halved, many().head(0)) == {"stock_jumped"}


def test_a_years_end_is_closed_as_soon_as_a_later_year_is_there():
    """Digits exchanged in last year's number are no news of a war; a half year's may still move."""
    moved = edition(TUR_2024=2_300_000, ALL_2024=4_493_000)
    assert codes(moved, edition(2024)) == {"history_changed"}
    half = edition(2024).assign(caveat="mid_year")
    assert codes(moved, half) == set()


def test_the_rows_say_what_made_it_so_the_largest_change_first():
    wrong = edition(LBN_2020=8_000_000, DEU_2020=1, ALL_2020=12_000_000)
    (doubt,) = (d for d in doubts(wrong, edition(), kind="editions") if d.code == "history_changed")
    told = [(row.place_code, row.value_before, row.value) for row in doubt.rows]
    assert told[:2] == [("LBN", 795_000, 8_000_000), ("ALL", 5_165_000, 12_000_000)]
    assert ("DEU", 695_000, 1) in told
    assert {row.reason for row in doubt.rows} == {"history_changed"}


def test_rounds_in_any_order_are_history_and_a_digit_too_many_is_none():
    def one(number, month, value):
        row = {"place_code": "SY0703", "reporting_round": str(number), "as_of": f"2025-{month}-28"}
        row |= {"reference_period_start": f"2025-{month}-01", "value": value}
        return builders.figures(row | {"reference_period_end": f"2025-{month}-28"})

    old, new = one(7, "08", 500_000), one(11, "12", 540_000)
    both = pd.concat([old, new], ignore_index=True)
    assert doubts(both, new, kind="rounds", complete=False) == []
    tenfold = pd.concat([old, one(11, "12", 5_400_000)], ignore_index=True)
    held = {doubt.code for doubt in doubts(tenfold, old, kind="rounds", complete=False)}
    assert {"sum_jumped", "stock_jumped"} <= held


real = pytest.mark.skipif(
    not (RECORDED / "unhcr_releases").is_dir(),
    reason="NO REAL RELEASES AT ../shared/recordings: the rules were tried on our own alone.",
)


@real
@pytest.mark.parametrize("table", holds.TABLES)
def test_real_releases_pass_in_every_situation(table, monkeypatch):
    monkeypatch.setattr(faults, "of", lambda _: [])
    found = list(holds.tried(RECORDED / "unhcr_releases", table))
    assert len(found) == (19 if table == "solutions" else 15)
    assert [one for one in found if one.codes] == []


@real
def test_a_columns_exchange_in_a_real_release_is_held(monkeypatch):
    exchanged = [f for f in faults.of("solutions") if "exchanged" in f.name]
    monkeypatch.setattr(faults, "of", lambda _: exchanged)
    found = [one for one in holds.tried(RECORDED / "unhcr_releases", "solutions") if one.fault]
    assert len(found) > 4
    assert all(one.codes for one in found if one.situation in ("before", "again"))


@pytest.mark.parametrize(("publisher", "group"), [("PMM", "REF.protected"), ("UNHCR", "REF")])
def test_a_doubt_on_the_turkish_register_calls_nobody_a_refugee(publisher, group):
    """Its own count is of Syrians under temporary protection, and the page said refugees."""
    row = DoubtedRow(
        reason="jumped",
        figure_id="0",
        publisher=publisher,
        dataset="Provinces",
        measure="stock",
        population_group="REF",
        unit="people",
        place_code="TUR063",
        origin_code="SYR",
        asylum_location_code=None,
        as_of="2026-09-17",
        value_before=245_100,
        value=2_451_000,
    )
    told = comparisons._example(row)
    assert told["group"] == group
