"""HAPI's themes over real HTTP: paged, identified, and by HDX's files where HAPI is shut."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from data import settings
from data.gazetteer import area
from data.store import Document
from pipelines.errors import SourceChanged, SourceUnavailable
from pipelines.http.client import Client
from pipelines.publishers import hapi
from pipelines.sources import hapi_idps, hapi_needs, hapi_refugees, hapi_returnees
from tests import builders, real_files
from tests.builders import prepared
from tests.servers import feeds
from tests.servers.feeds import HapiServer, as_csv
from tests.servers.hdx import HdxServer

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

IDLIB = area.load("idlib")
CONTACT = "im@example.org"
RECORDED = real_files.RECORDED / "hapi"
MODULES = (hapi_idps, hapi_refugees, hapi_returnees, hapi_needs)
SAMPLES = dict(feeds.THEMES.values())
AT = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def server():
    with HapiServer() as running:
        yield running


@pytest.fixture
def files():
    with HdxServer() as running:
        yield running


def asked(server, files=None):
    urls = {"HAPI": server.base_url, "HDX": files.base_url if files else "http://127.0.0.1:9/"}
    client = Client("test", retries=0, backoff=0, interval=0, timeout=(2, 2))
    return client, settings.Settings(url=urls, contact=CONTACT), IDLIB


def figures(module, *given):
    documents = list(module.fetch(*given))
    return prepared(module.SOURCE, module.read(documents, IDLIB), documents)


def told(frame):
    names = ["figure_id", "value", "missing_reason", "as_of"]
    return sorted(frame[names].astype(str).itertuples(index=False, name=None))


def answered(module, rows):
    body = json.dumps({"data": rows}, ensure_ascii=False).encode()
    return Document(f"{module.THEME.stem}-SYR/page-1", "https://hapi.example/", body, AT)


def test_only_the_newest_round_of_each_operation_is_a_figure(server):
    """Rounds are never added, and As-Sweida's people may be counted in the country's too."""
    frame = figures(hapi_idps, *asked(server))
    by_operation = frame.groupby("operation")["reporting_round"].unique().map(list).to_dict()
    assert by_operation == {feeds.IDPS_OF: [9], feeds.SWEIDA: [2]}
    assert frame.set_index("place_code")["value"].to_dict() == {
        "SYR": 6_000_000,
        "SY07": 1_850_000,
        "SY02": 1_550_000,
        "SY0703": 690_000,
        "SY13": 150_000,
    }
    assert set(frame["licence"]) == {"IOM: non-commercial use only"}


def test_who_asks_is_told_in_a_header_and_nowhere_else(server):
    """The identifier holds a contact: not in an address, not in what is kept."""
    documents = list(hapi_idps.fetch(*asked(server)))
    known = hapi.identifier(settings.Settings(contact=CONTACT))
    assert server.headers["x-hdx-hapi-app-identifier"] == known
    assert server.asked
    assert all("app_identifier" not in query for _, query, _ in server.asked)
    assert known not in repr(documents)


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.SOURCE.name)
def test_many_pages_say_the_same_as_one(server, monkeypatch, module):
    """A page too few would lose districts without a word."""
    whole = figures(module, *asked(server))
    monkeypatch.setattr(hapi, "LIMIT", 3)
    server.asked.clear()
    assert told(figures(module, *asked(server))) == told(whole)
    offsets = {query["offset"] for _, query, _ in server.asked}
    assert {"0", "3"} <= offsets


def test_a_table_replaced_between_two_pages_is_not_published(server, monkeypatch):
    """Half of each edition would be of no edition at all."""
    monkeypatch.setattr(hapi, "LIMIT", 3)
    pages = []

    def revised():
        pages.append(1)
        if len(pages) == 2:
            server.edit = lambda rows: [row | {"population": 1} for row in rows]

    server.meanwhile = revised
    with pytest.raises(SourceUnavailable, match="replaced while its pages"):
        list(hapi_idps.fetch(*asked(server)))


@pytest.mark.parametrize("fault", ["bot wall", "html 200", "500", "garbage", "empty"])
@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.SOURCE.name)
def test_where_hapi_is_shut_hdxs_file_says_the_same(server, files, module, fault):
    whole = figures(module, *asked(server))
    stem = module.THEME.stem
    body = as_csv(SAMPLES[stem](), mark=True, yes="Y")
    files.put(f"hdx-hapi-{stem.replace('_', '-')}", f"hdx_hapi_{stem}_global.csv", body)
    server.fault = fault
    assert told(figures(module, *asked(server, files))) == told(whole)


@pytest.mark.parametrize("mark", [True, False])
@pytest.mark.parametrize("tags", [True, False])
@pytest.mark.parametrize("yes", ["Y", "True"])
@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.SOURCE.name)
def test_the_file_is_read_in_every_dress(module, mark, tags, yes):
    """The byte order mark, the row of tags and the word for yes come and go without notice."""
    rows = SAMPLES[module.THEME.stem]()
    expected = builders.figures_read(module.read([answered(module, rows)], IDLIB))
    body = as_csv(rows, mark=mark, tags=tags, yes=yes)
    file = Document("hdx-hapi/file.csv", "https://data.humdata.org/x", body, AT)
    found = builders.figures_read(module.read([file], IDLIB))
    assert found["value"].equals(expected["value"])
    assert found["as_of"].tolist() == expected["as_of"].tolist()


def test_the_files_of_the_countries_stand_in_for_the_worlds(server, files):
    server.fault = "bot wall"
    files.put("hdx-hapi-syr", "hdx_hapi_idps_syr.csv", as_csv(feeds.idps()))
    files.put("hdx-hapi-syr", "hdx_hapi_refugees_syr.csv", as_csv(feeds.refugees()))
    assert len(figures(hapi_idps, *asked(server, files))) == 5


def test_files_of_several_years_are_read_together(server, files):
    server.fault = "bot wall"
    rows = feeds.needs()
    later = [
        row | {"reference_period_start": "2026-01-01", "reference_period_end": "2026-12-31"}
        for row in rows
    ]
    for year, body in ((2025, as_csv(rows)), (2026, as_csv(later))):
        name = f"hdx_hapi_humanitarian_needs_global_{year}.csv"
        files.put("hdx-hapi-humanitarian-needs", name, body)
    frame = figures(hapi_needs, *asked(server, files))
    assert set(frame["as_of"].dt.year) == {2025, 2026}


@pytest.mark.parametrize("module", [hapi_idps, hapi_needs, hapi_refugees])
def test_a_period_that_ends_before_it_starts_is_refused_where_it_stands(module):
    rows = {
        hapi_idps: feeds.idps,
        hapi_needs: feeds.needs,
        hapi_refugees: feeds.refugees,
    }[module]()
    wrong = [row | {"reference_period_end": "2011-02-01"} for row in rows]
    with pytest.raises(SourceChanged, match=r"ends before it starts \(.*data\[\d+\].population\)"):
        module.read([answered(module, wrong)], IDLIB)


@pytest.mark.parametrize("said", [True, False])
def test_true_is_no_count_of_people(said):
    """Read as nothing, a governorate would be said to have no number where one was sent."""
    wrong = [row | {"population": said} for row in feeds.idps()]
    with pytest.raises(SourceChanged, match=f"'{str(said).lower()}' as population"):
        hapi_idps.read([answered(hapi_idps, wrong)], IDLIB)


def test_neither_door_open_is_one_sentence_with_both_reasons(server):
    server.fault = "bot wall"
    with pytest.raises(SourceUnavailable, match=r"403.*Nor from HDX"):
        list(hapi_idps.fetch(*asked(server)))


def test_a_place_without_code_is_named_and_not_guessed():
    """A name is never matched by likeness; and a few of them do not stop the rest."""
    rows = feeds.idps()
    unmatched = rows[4] | {"admin1_code": "SYR-XXX", "provider_admin1_name": "Elsewhere"}
    unmatched |= {"admin_level": 1, "operation": "Other"}
    many = [
        row | {"operation": f"Operation {n}", "reporting_round": 1}
        for n in range(3)
        for row in rows[:4]
    ]
    reading = hapi_idps.read([answered(hapi_idps, [*rows, *many, unmatched])], IDLIB)
    assert reading.remarks == ("1 rows left out, without known P-code: SYR-XXX.",)
    with pytest.raises(SourceChanged, match="without a known P-code"):
        hapi_idps.read([answered(hapi_idps, [rows[4], unmatched])], IDLIB)


def test_a_code_under_another_country_is_refused():
    row = feeds.idps()[5] | {"location_code": "TUR"}
    with pytest.raises(SourceChanged, match="SY07"):
        hapi_idps.read([answered(hapi_idps, [row])], IDLIB)


def test_rows_that_hapi_marks_as_faulty_are_left_out_aloud():
    """Idleb would be missing from the newest round, and nobody would be told why."""
    rows = [row | {"error": "None"} for row in feeds.idps()]
    whole = hapi_idps.read([answered(hapi_idps, rows)], IDLIB)
    assert told_of(whole) == told_of(hapi_idps.read([answered(hapi_idps, feeds.idps())], IDLIB))
    rows[5] |= {"error": "Duplicate row"}
    reading = hapi_idps.read([answered(hapi_idps, rows)], IDLIB)
    assert "1 rows left out, which HAPI itself marks as faulty: Duplicate row." in reading.remarks
    faulty = [row | {"error": "Duplicate row"} for row in rows]
    with pytest.raises(
        SourceChanged, match="marks all rows of SYR, TUR as faulty: 'Duplicate row'"
    ):
        hapi_idps.read([answered(hapi_idps, faulty)], IDLIB)


def test_a_code_is_known_in_lower_case():
    rows = [row | {"admin1_code": str(row["admin1_code"]).lower()} for row in feeds.idps()]
    assert told_of(hapi_idps.read([answered(hapi_idps, rows)], IDLIB)) == told_of(
        hapi_idps.read([answered(hapi_idps, feeds.idps())], IDLIB)
    )


def told_of(reading):
    frame = builders.figures_read(reading)
    return sorted(frame[["place_code", "value"]].astype(str).itertuples(index=False, name=None))


def test_a_row_said_twice_is_refused_and_parts_of_a_code_are_left_out():
    rows = feeds.idps()
    with pytest.raises(SourceChanged, match="twice"):
        hapi_idps.read([answered(hapi_idps, [*rows, rows[5]])], IDLIB)
    part = rows[5] | {"provider_admin1_name": "Idleb, the other half", "population": 5}
    reading = hapi_idps.read([answered(hapi_idps, [*rows, part])], IDLIB)
    assert "SY07" not in set(builders.figures_read(reading)["place_code"])
    assert "in parts under one code: SY07" in reading.remarks[0]


def test_people_in_need_are_never_the_whole_population(server):
    """Status `all` is everybody in the country: 23.7 million would pass for people in need."""
    frame = figures(hapi_needs, *asked(server))
    assert set(frame["population_group"]) == {"PIN"}
    assert set(frame["population_status"]) == {"INN", "TGT"}
    assert not frame["value"].eq(23_700_000).any()
    head = frame[frame["sector"].eq("intersectoral") & frame["place_code"].eq("SYR")]
    assert head.set_index("population_status")["value"].to_dict() == {
        "INN": 16_500_000,
        "TGT": 10_300_000,
    }


def test_a_need_that_nobody_stated_is_null_and_not_zero(server):
    frame = figures(hapi_needs, *asked(server))
    (row,) = frame[frame["value"].isna()].to_dict("records")
    assert (row["place_code"], row["sector"], row["missing_reason"]) == (
        "SY07",
        "EDU",
        "not_reported",
    )


def test_a_category_is_a_figure_of_its_own(server):
    frame = figures(hapi_needs, *asked(server))
    education = frame[frame["sector"].eq("EDU") & frame["place_code"].eq("SYR")]
    by_category = education.set_index(education["category"].fillna(""))["value"].to_dict()
    assert by_category == {"": 7_200_000, "Children - Female": 3_500_000}


def test_syrians_in_turkiye_are_those_of_unhcrs_own_table(server):
    frame = figures(hapi_refugees, *asked(server)).set_index(
        ["population_group", "place_code", "as_of"]
    )
    assert frame.loc[("REF", "TUR", "2024-12-31"), "value"] == 2_901_478
    assert frame.loc[("IDP", "SYR", "2024-12-31"), "value"] == 7_408_909
    assert set(frame["gender"]) == {"all"}
    assert frame.index.get_level_values("as_of").min().year == 2023  # the area begins in 2011


def test_returns_are_flows_from_the_country_returned_from(server):
    frame = figures(hapi_returnees, *asked(server))
    assert set(frame["measure"]) == {"flow"}
    returned = frame[frame["population_group"].eq("RET") & frame["as_of"].eq("2024-12-31")]
    by_country = returned.set_index("asylum_location_code")["value"].to_dict()
    assert by_country == {"TUR": 159_439, "LBN": 254_651}


def test_refugees_by_sex_alone_are_nobodys_total():
    """Nothing would be published, and nobody would be told."""
    row = feeds.refugees()[0]
    with pytest.raises(SourceChanged, match="no row of both sexes and all ages"):
        hapi_refugees.read([answered(hapi_refugees, [row | {"gender": "f"}])], IDLIB)
    whole = answered(hapi_refugees, [row | {"gender": "All", "age_range": "All"}])
    assert len(hapi_refugees.read([whole], IDLIB).figures) == 1


def test_a_country_of_asylum_that_is_none_is_refused():
    row = feeds.refugees()[0] | {"asylum_location_code": "GFR"}
    with pytest.raises(SourceChanged, match=r"'GFR' .* which is no ISO code"):
        hapi_refugees.read([answered(hapi_refugees, [row])], IDLIB)


def test_a_group_that_is_not_a_figure_is_named():
    reading = hapi_refugees.read([answered(hapi_refugees, feeds.refugees())], IDLIB)
    assert reading.remarks == ("Groups left out: ROC.",)


def recorded(name):
    path = RECORDED / name
    if not path.exists():
        pytest.skip(f"no recorded answer at ../shared/recordings/hapi/{name}")
    return path.read_bytes()


def test_the_recorded_world_of_idps_is_read():
    """6,854 rows of three countries; the newest round of each operation, none without its code."""
    body = recorded("hdx_hapi_idps_global.csv")
    haiti = replace(IDLIB, origins=("HTI",), boundaries=())
    file = Document("hdx-hapi-idps/file.csv", "https://data.humdata.org/x", body, AT)
    countries = ("AFG", "HTI", "TCD")
    assert len(hapi.rows_of([file], hapi_idps.THEME, countries)) == 6854
    with pytest.raises(SourceChanged, match="without a known P-code"):
        hapi_idps.read([file], haiti)  # Haiti's districts are not in this area's places
    with pytest.raises(SourceChanged, match="no row of SYR"):
        hapi_idps.read([file], IDLIB)


def test_the_recorded_needs_are_read():
    body = recorded("hdx_hapi_humanitarian_needs_sample.csv")
    afghan = replace(IDLIB, origins=("AFG",), boundaries=())
    national = b"".join(
        line for line in body.splitlines(keepends=True) if b"AF" not in line or b",,0," in line
    )
    file = Document("hdx-hapi/file.csv", "https://data.humdata.org/x", national, AT)
    frame = prepared(hapi_needs.SOURCE, hapi_needs.read([file], afghan), [file])
    head = frame[frame["sector"].eq("intersectoral")].set_index("population_status")["value"]
    assert head.to_dict() == {"INN": 23_666_389, "REA": 18_400_000, "TGT": 17_327_995}
