"""What else happened, and who lives there: context that is never a figure of people displaced."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest

from data import settings
from data.gazetteer import area, nearest
from data.publication import harm
from data.schema.tables import CONTEXT
from data.store import Document, Store
from pipelines import registry
from pipelines.errors import SourceChanged
from pipelines.http.client import Client
from pipelines.run.context import RunContext
from pipelines.run.run import run_source
from pipelines.sources import hapi_conflict_events, hapi_population, usgs_earthquakes
from tests.servers import feeds
from tests.servers.feeds import HapiServer, UsgsServer, as_csv
from tests.servers.hdx import HdxServer

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

IDLIB = area.load("idlib")
AT = datetime(2026, 11, 24, tzinfo=UTC)
HAPI = (hapi_conflict_events, hapi_population)


def answered(rows):
    body = json.dumps({"data": rows}, ensure_ascii=False).encode()
    return Document("theme-SYR/page-1", "https://hapi.example/", body, AT)


def listed(features):
    body = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    return Document("earthquakes", "https://usgs.example/query", body, AT)


def table(module, *documents):
    reading = module.read(documents, IDLIB)
    assert not len(reading.figures)
    (found,) = reading.tables.values()
    return found


@pytest.mark.parametrize("name", [t.name for t in CONTEXT])
def test_context_is_a_table_of_its_own_and_never_a_figure(name):
    """As a figure it would reach axes, sums, the map and every export of people."""
    sources = [source for source in registry.SOURCES if name in source.tables]
    assert len(sources) == 1
    assert sources[0].title.endswith("context")


def test_an_event_is_told_by_district_month_and_kind():
    found = table(hapi_conflict_events, answered(feeds.conflict_events()))
    row = found[
        found["place_code"].eq("SY0702")
        & found["event_type"].eq("political_violence")
        & found["period_start"].eq("2020-02-01")
    ].iloc[0]
    assert (row["events"], row["fatalities"]) == (132, 210)
    assert str(row["period_end"])[:10] == "2020-02-29"


def test_deaths_that_nobody_gave_are_null_and_not_zero():
    found = table(hapi_conflict_events, answered(feeds.conflict_events()))
    unknown = found[found["fatalities"].isna()]
    assert set(unknown["place_code"]) == {"SY0703"}
    assert set(unknown["event_type"]) == {"civilian_targeting"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"event_type": "battle of two groups"}, "kind of event"),
        ({"reference_period_end": "2020-12-31"}, "no month"),
        ({"events": "many"}, "no number"),
    ],
)
def test_events_of_another_shape_are_refused_by_name(change, told):
    rows = [feeds.conflict_events()[0] | change]
    with pytest.raises(SourceChanged, match=told):
        hapi_conflict_events.read([answered(rows)], IDLIB)


@pytest.mark.parametrize("module", HAPI, ids=lambda m: m.NAME)
def test_a_row_twice_is_refused_and_parts_are_left_out(module):
    """Two parts of a district under one code are nobody's total."""
    rows = dict(feeds.THEMES.values())[module.THEME.stem]()
    with pytest.raises(SourceChanged, match="twice"):
        module.read([answered([*rows, rows[0]])], IDLIB)
    part = rows[0] | {"provider_admin1_name": "The other half", "provider_admin2_name": "x"}
    reading = module.read([answered([*rows, part])], IDLIB)
    assert len(next(iter(reading.tables.values()))) == len(rows) - 1
    assert "in parts under one code" in reading.remarks[0]


@pytest.mark.parametrize("module", HAPI, ids=lambda m: m.NAME)
def test_where_hapi_is_shut_hdxs_file_says_the_same(module):
    rows = dict(feeds.THEMES.values())[module.THEME.stem]()
    whole = table(module, answered(rows))
    with HapiServer() as server, HdxServer() as files:
        name = f"hdx_hapi_{module.THEME.stem}_global_2020.csv"
        files.put(module.THEME.slug, name, as_csv(rows, mark=True, tags=True, yes="Y"))
        server.fault = "bot wall"
        urls = {"HAPI": server.base_url, "HDX": files.base_url}
        client = Client("test", retries=0, backoff=0, interval=0, timeout=(2, 2))
        given = settings.Settings(url=urls, contact="im@example.org")
        found = table(module, *module.fetch(client, given, IDLIB))
    provenance = ["source_url", "content_sha256", "locator"]
    assert found.drop(columns=provenance).equals(whole.drop(columns=provenance))


def test_everybody_by_sex_and_age_stays_apart():
    found = table(hapi_population, answered(feeds.population()))
    harim = found[found["place_code"].eq("SY0703")].set_index(["gender", "age_range"])
    assert harim["population"].to_dict() == {
        ("all", "all"): 1_120_000,
        ("f", "0-4"): 71_000,
        ("f", "all"): 560_000,
    }
    assert found.loc[found["place_code"].eq("SY0702"), "population"].isna().all()


def test_an_earthquake_is_told_by_the_nearest_district_without_its_position():
    found = table(usgs_earthquakes, listed(feeds.earthquakes())).set_index("event_id")
    uzunbag = found.loc["us6000jqcn"]
    assert uzunbag["magnitude"] == 6.3
    assert str(uzunbag["occurred_at"])[:10] == "2023-02-20"
    assert uzunbag["near_code"] == "TUR031"  # Hatay, and no district of Syria
    assert 0 < uzunbag["distance_km"] < 30
    assert not {"lat", "lon", "place"} & set(found.columns)
    assert "us6000jlqa" in found.index  # north of the area, and felt all over it


def test_what_is_weaker_elsewhere_or_no_earthquake_is_left_out():
    first = feeds.earthquakes()[0]
    weak = first | {"id": "a1", "properties": first["properties"] | {"mag": 4.9}}
    blast = first | {"id": "a2", "properties": first["properties"] | {"type": "quarry blast"}}
    far = first | {"id": "a3", "geometry": {"type": "Point", "coordinates": [10.0, 45.0, 1]}}
    reading = usgs_earthquakes.read([listed([first, weak, blast, far])], IDLIB)
    assert reading.tables["earthquakes"]["event_id"].tolist() == [first["id"]]
    assert reading.remarks == ("3 weaker than 5, elsewhere or no earthquake.",)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"id": None}, "without a name"),
        ({"geometry": None}, "without a place"),
        ({"properties": {"mag": "7", "time": 0}}, "number belongs"),
        ({"properties": {"mag": 78, "time": 0}}, "magnitude 78"),
        ({"properties": {"mag": 7, "time": 9e14}}, "nobody lives in"),
        ({"properties": {"mag": 7, "time": 1675646254}}, "of 1970-01-20"),
        ({"properties": {"mag": 7, "time": 4831306254000}}, "of 2123-02-05"),
    ],
)
def test_an_earthquake_of_another_shape_is_refused_by_name(change, told):
    with pytest.raises(SourceChanged, match=told):
        usgs_earthquakes.read([listed([feeds.earthquakes()[0] | change])], IDLIB)


def test_one_earthquake_given_twice_is_one_and_given_otherwise_is_refused():
    first = feeds.earthquakes()[0]
    reading = usgs_earthquakes.read([listed([first, first])], IDLIB)
    assert len(reading.tables["earthquakes"]) == 1
    other = first | {"properties": first["properties"] | {"mag": 5.1}}
    with pytest.raises(SourceChanged, match=r"twice .* and not alike"):
        usgs_earthquakes.read([listed([first, other])], IDLIB)


def test_only_strong_earthquakes_of_the_area_are_asked_for():
    with UsgsServer() as server:
        client = Client("test", retries=0, backoff=0, interval=0, timeout=(2, 2))
        given = settings.Settings(url={"USGS": server.base_url})
        list(usgs_earthquakes.fetch(client, given, IDLIB))
    ((_, query, _),) = server.asked
    assert query["minmagnitude"] == "5"
    assert float(query["minlatitude"]) == IDLIB.bounds[1] - 1
    assert query["starttime"] == "2011-01-01"


def test_nothing_finer_than_a_district_is_published(tmp_path, monkeypatch):
    """Who reports violence from a village can be found there."""
    named = pd.DataFrame({"place_code": ["SY0703", "SY070301"], "locator": ["a", "b"]})
    with pytest.raises(harm.HarmFound, match=r"Row 1 \(b\).*finer than a district"):
        harm.refuse_context(named)
    finer = replace(
        hapi_conflict_events.SOURCE,
        read=lambda documents, area: _finer(hapi_conflict_events.read(documents, area)),
    )
    with HapiServer() as server:
        urls = {"HAPI": server.base_url, "HDX": server.base_url}
        at = RunContext(
            Store(str(tmp_path)),
            settings.Settings(url=urls, contact="im@example.org"),
            IDLIB,
            Client("test", retries=0, backoff=0, interval=0, timeout=(2, 2)),
            registry.SOURCES,
        )
        outcome = run_source(finer, at)
        assert outcome.state == "failed"
        assert "finer than a district" in outcome.sentence
        assert run_source(hapi_conflict_events.SOURCE, at).state == "published"
        assert len(at.store.current().table("conflict_months")) == 28


def _finer(reading):
    found = reading.tables["conflict_months"]
    finer = found.assign(place_code=found["place_code"].replace("SY0703", "SY070301"))
    return replace(reading, tables={"conflict_months": finer})


def test_the_nearest_district_is_the_one_of_the_nearest_seat():
    assert nearest.district(36.5119, 36.8695) == ("SY0203", 0.0)  # Afrin's own seat
    assert 60 < nearest.kilometres_apart("SY07", "SY0203") < 80
