"""UNHCR's tables, asked over real HTTP from a local server with the API's own quirks."""

import json
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from data import settings
from data.gazetteer import area
from data.gazetteer.places import UnknownPlace
from data.store import Document
from pipelines.errors import SourceChanged, SourceUnavailable
from pipelines.http.client import Client
from pipelines.publishers import unhcr
from pipelines.sources import (
    published_figures,
    unhcr_demographics,
    unhcr_footnotes,
    unhcr_idmc,
    unhcr_nowcasting,
    unhcr_population,
    unhcr_solutions,
)
from tests import builders, real_files
from tests.builders import prepared
from tests.servers.unhcr import GOVERNORATES, REFUGEES, UnhcrServer

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

IDLIB = area.load("idlib")
RECORDED = real_files.RECORDED / "unhcr_api"
SUMMED = "population_coo-SYR_coa-summed_2023-2025.RECORDED-ROWS.json"


@pytest.fixture
def server():
    with UnhcrServer() as running:
        yield running


def figures(source, server):
    where = settings.Settings(url={"UNHCR": server.base_url})
    client = Client("test", retries=0, backoff=0, interval=0)
    documents = list(source.fetch(client, where, IDLIB))
    return prepared(source, source.read(documents, IDLIB), documents)


def value(frame, **where):
    for column, wanted in where.items():
        frame = frame[frame[column] == wanted]
    return frame["value"].item()


def test_syrians_in_turkiye_come_out_to_the_last_person(server):
    frame = figures(unhcr_population.SOURCE, server)
    for year, people in REFUGEES["TUR"].items():
        day = f"{year}-12-31"
        found = value(frame, population_group="REF", place_code="TUR", as_of=day)
        assert found == people


def test_returns_are_flows_from_the_country_returned_from(server):
    frame = figures(unhcr_population.SOURCE, server)
    returns = frame[(frame["population_group"] == "RET") & (frame["as_of"] == "2025-12-31")]
    assert set(returns["measure"]) == {"flow"}
    by_country = returns.set_index("asylum_location_code")["value"]
    assert by_country["TUR"] == 556009
    assert by_country["LBN"] == 465578
    assert by_country["ALL"] == 1341148


def test_idps_are_counted_once_at_home(server):
    """UNHCR repeats the country as origin and asylum; abroad the cell speaks of nobody."""
    frame = figures(unhcr_population.SOURCE, server)
    idps = frame[(frame["population_group"] == "IDP") & (frame["as_of"] == "2025-12-31")]
    assert idps[["place_code", "value"]].to_numpy().tolist() == [["SYR", 5542227]]


def test_a_dash_is_null_with_its_reason_and_zero_is_zero():
    assert unhcr.number("-") == (None, "-", "not_applicable")
    assert unhcr.number("0") == (0, "0", None)
    assert unhcr.number(2347756) == (2347756, "2347756", None)
    assert unhcr.number("") == (None, None, "not_reported")
    with pytest.raises(SourceChanged, match="1 234"):
        unhcr.number("1 234")


def test_every_query_asks_for_iso_codes_and_both_year_bounds(server):
    """A lone bound is ignored by the API and the whole history comes back."""
    figures(unhcr_population.SOURCE, server)
    for _, query, _ in server.asked:
        assert query["cf_type"] == "ISO"
        assert {"yearFrom", "yearTo"} <= set(query)


def test_an_answer_to_another_question_is_refused(server):
    """An unknown parameter is ignored by the API: the world's totals would pass for Syria's."""
    where = settings.Settings(url={"UNHCR": server.base_url})
    client = Client("test", retries=0, backoff=0, interval=0)
    documents = list(unhcr_population.fetch(client, where, IDLIB))
    spoilt = [
        Document(d.name, d.url, d.body, d.fetched_at, {**d.query, "coo": "AFG"}) for d in documents
    ]
    with pytest.raises(SourceChanged, match="asked for AFG"):
        unhcr_population.read(spoilt, IDLIB)


def test_a_value_of_a_year_that_is_not_over_is_a_mid_year_value():
    item = {"year": 2026}
    period = unhcr.year_of(item, datetime(2026, 11, 24, tzinfo=UTC))
    assert period["as_of"] == date(2026, 6, 30)
    assert period["reference_period_end"] == date(2026, 12, 31)
    assert period["caveat"] == "mid_year"
    assert unhcr.year_of(item, datetime(2027, 6, 20, tzinfo=UTC))["caveat"] is None


def test_the_same_year_is_one_figure_at_mid_year_and_at_the_end(server):
    where = settings.Settings(url={"UNHCR": server.base_url})
    client = Client("test", retries=0, backoff=0, interval=0)
    documents = list(unhcr_population.fetch(client, where, IDLIB))
    early = [
        Document(d.name, d.url, d.body, datetime(2025, 11, 20, tzinfo=UTC), d.query)
        for d in documents
    ]
    now = prepared(
        unhcr_population.SOURCE, unhcr_population.read(documents, IDLIB), documents
    ).set_index("figure_id")
    then = prepared(unhcr_population.SOURCE, unhcr_population.read(early, IDLIB), early).set_index(
        "figure_id"
    )
    stocks = now["measure"].eq("stock")
    assert set(now.index[stocks]) == set(then.index[then["measure"].eq("stock")])
    flows = then[then["measure"].eq("flow") & then["caveat"].fillna("").str.contains("mid_year")]
    assert len(flows)
    assert set(flows["reference_period_end"].dt.strftime("%Y-%m-%d")) == {"2025-06-30"}
    assert not set(flows.index) & set(now.index)
    turkiye = now[(now["place_code"] == "TUR") & (now["reference_period_end"] == "2025-12-31")]
    refugees = turkiye[turkiye["population_group"] == "REF"].index[0]
    assert str(then.loc[refugees, "as_of"])[:10] == "2025-06-30"
    assert str(now.loc[refugees, "as_of"])[:10] == "2025-12-31"


def test_idps_by_governorate_add_up_to_the_nation(server):
    frame = figures(unhcr_demographics.SOURCE, server)
    idps = frame[frame["population_group"] == "IDP"].set_index("provider_admin1_name")["value"]
    assert idps.to_dict() == {name: pair[0] for name, pair in GOVERNORATES.items()}
    assert idps.sum() == 5542227


def test_the_split_of_returns_is_labelled_as_a_model(server):
    frame = figures(unhcr_demographics.SOURCE, server)
    returns = frame[frame["population_group"] == "RDP"]
    assert set(returns["qualifier"]) == {"modelled"}
    assert set(returns["caveat"]) == {"modelled_split"}


def test_a_carried_forward_year_of_idmc_is_flagged():
    def answer(newest):
        rows = [
            {"year": 2024, "coo_iso": "SYR", "coa_iso": "-", "total": 7409000},
            {"year": 2025, "coo_iso": "SYR", "coa_iso": "-", "total": newest},
        ]
        body = json.dumps({"page": 1, "maxPages": 1, "total": [], "items": rows}).encode()
        at = datetime(2025, 11, 20, tzinfo=UTC)
        document = Document("idmc-SYR/page-1", "u", body, at)
        return builders.figures_read(unhcr_idmc.read([document], IDLIB))

    assert "carried_forward" in answer(7409000)["caveat"].iloc[1]
    assert "carried_forward" not in str(answer(5964000)["caveat"].iloc[1])


def test_the_nowcast_says_that_it_counts_every_origin(server):
    frame = figures(unhcr_nowcasting.SOURCE, server)
    assert value(frame, place_code="TUR", population_group="REF") == 2257058
    assert set(frame["caveat"]) == {"estimate_nowcast all_origins similar_situations"}
    assert set(frame["as_of"].dt.strftime("%Y-%m-%d")) == {"2026-08-31"}
    assert not unhcr_nowcasting.SOURCE.complete


def test_solutions_agree_with_the_population_table(server):
    frame = figures(unhcr_solutions.SOURCE, server)
    assert value(frame, asylum_location_code="TUR", as_of="2025-12-31") == 556009


def answered(name, *rows, **query):
    body = json.dumps({"page": 1, "maxPages": 1, "total": [], "items": rows}).encode()
    return Document(name, "https://example.org/", body, datetime(2026, 11, 24, tzinfo=UTC), query)


def pair(origin="SYR", asylum="TUR", year=2025, **cells):
    counts = dict.fromkeys([*unhcr_population.ALWAYS, *unhcr_population.WHERE_ANY], "0")
    names = {"coo_name": "Syrian Arab Rep.", "coa_name": "Türkiye "}
    return {"year": year, "coo_iso": origin, "coa_iso": asylum, **names, **counts, **cells}


def population(*documents):
    return unhcr_population.read(documents, IDLIB)


def test_a_country_of_the_area_without_its_code_is_not_left_out_in_silence():
    """Left out, Türkiye would be missing from the host countries without a word."""
    lost = answered("origin-SYR/page-1", pair(), pair(asylum=None, refugees=2347756))
    with pytest.raises(SourceChanged, match=r"Türkiye \(TUR\)"):
        population(lost)


def test_another_country_without_a_code_is_named():
    row = pair(asylum=None, refugees=5) | {"coa_name": "South Georgia "}
    reading = population(answered("origin-SYR/page-1", pair(), row))
    assert reading.remarks == ("Left out, without ISO code: Syrian Arab Rep. to South Georgia.",)


def test_two_answers_that_disagree_are_refused():
    """Which of them is true is for a person to find out, also where one of them is zero."""
    asked_twice = (
        answered("origin-SYR/page-1", pair(refugees=2347756)),
        answered("asylum-TUR/page-1", pair(refugees="0")),
    )
    with pytest.raises(SourceChanged, match=r"REF in TUR: 2347756 .* and 0 "):
        population(*asked_twice)


def test_a_sum_that_comes_by_country_is_no_sum():
    """One country's refugees would be published as those of every country."""
    with pytest.raises(SourceChanged, match="wrong countries"):
        population(answered("total-SYR/page-1", pair(refugees=2347756)))


class Pages:
    """A client that gives one answer after the other."""

    def __init__(self, *answers):
        self.answers = list(answers)

    def get(self, url, query=None, *, name, **_):
        answer = self.answers.pop(0)
        if answer["page"] is None:
            answer["page"] = int(query["page"])
        body = json.dumps(answer).encode()
        return Document(name, url, body, datetime(2026, 11, 24, tzinfo=UTC), dict(query))


def page(*rows, pages=1, number=None):
    """A page; the one that was asked for, unless another number is given."""
    return {"page": number, "maxPages": pages, "total": [], "items": rows}


def paged(*answers):
    client, none = Pages(*answers), settings.Settings()
    return list(unhcr.pages(client, none, "population", "origin-SYR", {"coo": "SYR"}))


@pytest.mark.parametrize(("second", "says"), [((), "is empty"), ((pair(),), "repeats the one")])
def test_a_table_that_changes_between_its_pages_is_not_published(second, says):
    """Rows of the pages behind would be missing, and nobody would be told."""
    first = page(pair(), pages=3)
    with pytest.raises(SourceUnavailable, match=f"page 2 for origin-SYR {says}"):
        paged(first, page(*second, pages=3), page(pair(asylum="LBN"), pages=3))


def test_a_page_that_answers_for_another_is_not_published():
    """A cache that forgets the page sends the first for each: the rest would be gone in silence."""
    pages = [
        page(pair(asylum=a), pages=3, number=n) for a, n in (("TUR", 1), ("LBN", 2), ("TUR", 1))
    ]
    with pytest.raises(SourceChanged, match="answered page 1 to origin-SYR/page-3"):
        paged(*pages)
    stored = answered("origin-SYR/page-2", pair())
    with pytest.raises(SourceChanged, match="answered page 1 to origin-SYR/page-2"):
        population(answered("origin-SYR/page-1", pair()), stored)


def test_a_page_whose_next_one_is_missing_is_not_the_whole_table():
    """Read again from what is stored, or brought by hand, half the countries would be withdrawn."""
    rows = {"page": 1, "maxPages": 2, "total": [], "items": [pair()]}
    first, second = (
        Document(
            f"origin-SYR/page-{n}",
            "x",
            json.dumps(rows | {"page": n}).encode(),
            datetime(2026, 11, 24, tzinfo=UTC),
        )
        for n in (1, 2)
    )
    assert population(second, first)
    with pytest.raises(SourceChanged, match="is one of 2 pages, and the next one is missing"):
        population(first)


def test_how_many_pages_there_are_may_be_left_open_but_is_no_word():
    assert len(paged(page(pair(), pages=None))) == 1
    with pytest.raises(SourceChanged, match="'many' as maxPages"):
        paged(page(pair(), pages="many"))
    with pytest.raises(SourceChanged, match="'inf' as maxPages"):
        paged(page(pair(), pages=float("inf")))


@pytest.mark.parametrize("cell", [-5, "-5", 10**13, "12.5", True])
def test_a_number_that_counts_nobody_is_refused(cell):
    with pytest.raises(SourceChanged, match="UNHCR sent"):
        population(answered("origin-SYR/page-1", pair(refugees=cell)))


def test_a_small_number_held_back_is_null_and_says_why():
    """Older editions wrote small numbers so; the other figures of the answer are read."""
    reading = population(answered("origin-SYR/page-1", pair(refugees="*", asylum_seekers=7)))
    frame = builders.figures_read(reading).set_index("population_group")
    assert frame.loc["REF", "missing_reason"] == "suppressed"
    assert frame.loc["ASY", "value"] == 7


@pytest.mark.parametrize("source", [unhcr_population, unhcr_solutions])
def test_codes_that_are_unhcrs_own_are_refused(source):
    """By them Austria is AUS: 100,000 Syrians would stand in Australia."""
    row = pair(asylum="GFR", refugees=5) | {"resettlement": 5, "naturalisation": "-"}
    name = "origin-SYR/page-1" if source is unhcr_population else "solutions-SYR/page-1"
    with pytest.raises(SourceChanged, match="GFR, which is no ISO code"):
        source.read([answered(name, row)], IDLIB)


def test_two_values_of_one_year_are_refused_in_every_table():
    """The last row would stand without a word, or the table break without a sentence."""
    idmc = [{"year": 2025, "coo_iso": "SYR", "total": n} for n in (5964000, 12)]
    month = {"year": 2026, "month": "August", "coa_iso": "TUR", "asylum_seekers": 1}
    solved = {"resettlement": 441, "naturalisation": "-"}
    for source, name, rows in (
        (unhcr_idmc, "idmc-SYR/page-1", idmc),
        (unhcr_nowcasting, "nowcast-TUR/page-1", [{**month, "refugees": n} for n in (8, 9)]),
        (unhcr_solutions, "solutions-SYR/page-1",
         [pair() | solved, pair() | solved | {"resettlement": 7}]),
    ):  # fmt: skip
        with pytest.raises(SourceChanged, match="UNHCR gives two values for"):
            source.read([answered(name, *rows)], IDLIB)
        once = source.read([answered(name, rows[0], rows[0])], IDLIB)
        assert not builders.figures_read(once).duplicated(["population_group", "as_of"]).any()


def test_solutions_in_a_country_without_code_are_not_left_out_in_silence():
    row = pair(asylum=None) | {"resettlement": 5, "naturalisation": "-"}
    with pytest.raises(SourceChanged, match=r"Türkiye \(TUR\)"):
        unhcr_solutions.read([answered("solutions-SYR/page-1", row)], IDLIB)
    row["coa_name"] = "South Georgia"
    reading = unhcr_solutions.read([answered("solutions-SYR/page-1", row)], IDLIB)
    assert reading.remarks == ("Left out, without ISO code: Syrian Arab Rep. to South Georgia.",)


def test_years_nobody_asked_for_are_refused():
    """A lone bound is ignored by the API, and of `year=A,B` it hears A alone."""
    row = pair(year=1951)
    for asked in ({"yearFrom": "2011", "yearTo": "2026"}, {"year": "2025"}):
        with pytest.raises(SourceChanged, match="1951"):
            population(answered("origin-SYR/page-1", row, **asked))


def test_a_dash_stays_null_and_people_in_need_at_home_stay():
    reading = population(
        answered(
            "origin-SYR/page-1",
            pair(refugees="-", oip="-"),
            pair(asylum="SYR", idps=5542227, ooc=120, hst=16504958),
        )
    )
    figures = builders.figures_read(reading).set_index(["population_group", "place_code"])
    assert figures.loc[("REF", "TUR"), "missing_reason"] == "not_applicable"
    assert figures["value"].isna().sum() == 1
    assert figures.loc[("OOC", "SYR"), "value"] == 120
    assert figures.loc[("HST", "SYR"), "value"] == 16504958
    assert ("REF", "SYR") not in figures.index
    assert ("OIP", "TUR") not in figures.index


def test_a_five_and_a_zero_are_flagged_as_rounded_and_a_six_is_not():
    """Values below 5 are rounded to the nearest 5: 0 stands for 0 to 2, 5 for 3 to 5."""
    rows = (pair(refugees=5), pair(asylum="EGY", refugees="0"), pair(asylum="IRQ", refugees=6))
    documents = [answered("origin-SYR/page-1", *rows)]
    frame = prepared(unhcr_population.SOURCE, population(*documents), documents)
    refugees = frame[frame["population_group"] == "REF"].set_index("place_code")["caveat"]
    assert "disclosure_rounding" in refugees["TUR"]
    assert refugees["EGY"] == "disclosure_rounding"
    assert pd.isna(refugees["IRQ"])


@pytest.mark.parametrize(
    ("day", "closed"),
    [("2026-06-11", 2024), ("2026-06-12", 2025), ("2027-06-01", 2025), ("2027-06-17", 2026)],
)
def test_a_year_is_closed_on_its_day_of_publication_and_not_on_1_june(day: str, closed: int):
    assert unhcr.newest_closed_year(date.fromisoformat(day)) == closed


def located(location, total, group="IDP", lodged="U"):
    return {
        "loc_type": "V",
        "acc_type": lodged,
        "year": 2025,
        "coo_iso": "SYR",
        "coa_iso": "SYR",
        "pop_type": group,
        "location": location,
        "total": total,
    }


def by_place(*rows):
    return unhcr_demographics.read([answered("locations-SYR-2025/page-1", *rows)], IDLIB)


def test_a_governorate_split_by_settlement_is_one_figure():
    idps = (located("Idleb [Admin 1]", n, lodged=kind) for n, kind in ((1182889, "I"), (100, "P")))
    figures = builders.figures_read(by_place(*idps, located("x", 1, "HST")))
    assert figures[["place_code", "value", "value_raw"]].to_numpy().tolist() == [
        ["SY07", 1182989, "1182989"]
    ]
    assert figures["locator"].item() == "locations-SYR-2025/page-1: items[0].total + items[1]"


@pytest.mark.parametrize("again", [1182889, 100])
@pytest.mark.parametrize("named", ["Idleb [Admin 1]", "Idleb: Mohafazah - Governorate"])
def test_a_part_of_a_governorate_that_came_twice_is_not_added_twice(again: int, named: str):
    with pytest.raises(SourceChanged, match="UNHCR sent one part twice"):
        by_place(located("Idleb [Admin 1]", 1182889), located(named, again))


@pytest.mark.parametrize("word", ["-", "", None, "Total"])
def test_a_count_beside_its_own_parts_is_not_added_to_them(word: str | None):
    parts = [located("Idleb [Admin 1]", 100, lodged=kind) for kind in "IP"]
    whole = located("Idleb [Admin 1]", 200, lodged=word) | {"loc_type": word}
    with pytest.raises(SourceChanged, match="UNHCR sent a count beside its own parts"):
        by_place(*parts, whole)


def test_older_names_of_governorates_lead_to_the_same_code():
    figures = builders.figures_read(
        by_place(located("Dayr Az-Zor : Mohafazah - Governorate", 69848))
    )
    assert figures["place_code"].tolist() == ["SY09"]


def test_a_governorate_without_code_fails_by_name():
    with pytest.raises(UnknownPlace, match="Idlip"):
        by_place(located("Idlip [Admin 1]", 1))


def test_people_of_no_governorate_are_told_and_not_spread():
    reading = by_place(
        located("Idleb [Admin 1]", 7), located("Dispersed in the country / territory", 9)
    )
    assert builders.figures_read(reading)["value"].tolist() == [7]
    assert reading.remarks == ("1 rows for no governorate left out.",)


def test_footnotes_of_the_area_are_kept_in_plain_lines(server):
    where = settings.Settings(url={"UNHCR": server.base_url})
    client = Client("test", retries=0, backoff=0, interval=0)
    documents = list(unhcr_footnotes.fetch(client, where, IDLIB))
    reading = unhcr_footnotes.read(documents, IDLIB)
    assert not len(reading.figures)
    notes = reading.tables["caveats"].set_index("years")
    assert sorted(notes.index) == ["2019 - 2022", "2024 - 2025", "2025"]
    assert notes.loc["2024 - 2025", "text"] == "Two\nparagraphs."
    assert notes.loc["2025", ["location_code", "population_group"]].tolist() == ["TUR", "REF ASY"]
    assert notes.loc["2019 - 2022", ["location_code", "origin_location_code"]].isna().all()


def test_a_footnote_keeps_its_name_when_another_comes_before_it(server):
    def names(rows):
        reading = unhcr_footnotes.read([answered("footnotes/page-1", *rows)], IDLIB)
        return set(reading.tables["caveats"]["footnote_id"])

    note = {
        "footnote": "A",
        "year": "2025",
        "coo_iso": "SYR",
        "coa_iso": "",
        "population_type": "R",
    }
    assert names([note]) < names([note | {"footnote": "B"}, note])
    assert names([note]) == names([note, note])


def test_many_pages_say_the_same_as_one(server, monkeypatch):
    whole = figures(unhcr_population.SOURCE, server)
    monkeypatch.setattr(unhcr, "LIMIT", 7)
    server.asked.clear()
    paged = figures(unhcr_population.SOURCE, server)
    assert {query["page"] for _, query, _ in server.asked} > {"1", "2"}
    names = ["figure_id", "value", "as_of"]
    assert paged[names].sort_values("figure_id").to_numpy().tolist() == (
        whole[names].sort_values("figure_id").to_numpy().tolist()
    )


def test_the_server_answers_a_lone_bound_with_every_year(server):
    """So does UNHCR's; a server that were stricter would hide the fault it stands for."""
    client = Client("test", retries=0, backoff=0, interval=0)
    query = {"coo": "SYR", "coa": "TUR", "cf_type": "ISO"}
    url = f"{server.base_url}population/"
    lone = json.loads(client.get(url, {**query, "yearFrom": "2025"}, name="t").body)
    both = json.loads(
        client.get(url, {**query, "yearFrom": "2025", "yearTo": "2026"}, name="t").body
    )
    assert {row["year"] for row in lone["items"]} > {2018, 2025}
    assert {row["year"] for row in both["items"]} == {2025}
    past = json.loads(client.get(url, {**query, "page": "9"}, name="t").body)
    assert past["items"] == []


def test_recorded_idmc_and_nowcast_are_read():
    path = RECORDED / "idmc_coo-SYR_2023-2025.RECORDED-ROWS.json"
    if not path.exists():
        pytest.skip("no recorded answer at ../shared")
    at = datetime(2026, 11, 24, tzinfo=UTC)
    idmc = unhcr_idmc.read([Document("idmc-SYR/page-1", "u", path.read_bytes(), at)], IDLIB)
    assert builders.figures_read(idmc)["value"].tolist() == [7248000, 7409000, 5964000]
    recorded = json.loads((RECORDED / "nowcasting_2026-08.RECORDED-ROWS.json").read_text("utf-8"))
    hosts = {row["coa_iso"]: row for row in recorded["items"]}
    documents = [
        answered(f"nowcast-{host}/page-1", hosts[host], coa=host) for host in ("TUR", "JOR")
    ]
    found = builders.figures_read(unhcr_nowcasting.read(documents, IDLIB))
    assert found["value"].tolist() == [2257058, 102497, 345321, 7647]


def test_carried_and_live_values_are_one_figure():
    """Else the first live run shows each number of the history twice."""
    path = RECORDED / "population_coo-SYR_coa-TUR-LBN-JOR-IRQ-EGY-DEU-SYR_2010-2025.DERIVED.json"
    if not path.exists():
        pytest.skip("no recorded answer at ../shared")
    at = datetime(2026, 11, 24, tzinfo=UTC)
    documents = [
        Document("origin-SYR/page-1", "u", path.read_bytes(), at),
        Document("total-SYR/page-1", "u", (RECORDED / SUMMED).read_bytes(), at),
    ]
    source = unhcr_population.SOURCE
    live = prepared(source, unhcr_population.read(documents, IDLIB), documents)
    live = live.set_index("figure_id")
    source = published_figures.SOURCE
    given = list(source.fetch(None, None, IDLIB))
    carried = prepared(source, source.read(given, IDLIB), given)
    newest = (
        carried[carried["source"] == "unhcr_population"]
        .sort_values("known_from")
        .drop_duplicates("figure_id", keep="last")
        .set_index("figure_id")
    )
    both = newest.join(live.add_suffix("_live"), how="inner")
    ended = both[~both["caveat"].fillna("").str.contains("mid_year")]
    assert len(ended) > 50
    assert ended["value"].tolist() == ended["value_live"].tolist()
    assert (ended["as_of"] == ended["as_of_live"]).all()


@pytest.mark.parametrize(
    ("name", "query", "expected"),
    [
        ("population_coo-SYR_2023-2025.RECORDED-ROWS.json", "origin-SYR", 2347756),
        (SUMMED, "total-SYR", 4865764),
    ],
)
def test_recorded_answers_are_read(name, query, expected):
    path = RECORDED / name
    if not path.exists():
        pytest.skip(f"no recorded answer at ../shared ({name})")
    document = Document(
        f"{query}/page-1", "u", path.read_bytes(), datetime(2026, 11, 24, tzinfo=UTC)
    )
    frame = prepared(unhcr_population.SOURCE, unhcr_population.read([document], IDLIB), [document])
    refugees = frame[(frame["population_group"] == "REF") & (frame["as_of"] == "2025-12-31")]
    assert expected in set(refugees["value"])
