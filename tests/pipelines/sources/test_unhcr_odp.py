"""UNHCR's portal: rows that say what they are, files whose name must, and a wall in front."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from data.gazetteer import area
from data.store import Document
from pipelines import registry
from pipelines.errors import SourceChanged
from pipelines.run.run import run_source
from pipelines.run.upload import import_file
from pipelines.sources import unhcr_odp
from tests import real_files
from tests.builders import prepared
from tests.run_contexts import context_in
from tests.servers.feeds import OdpServer, odp_rows

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

IDLIB = area.load("idlib")
AT = datetime(2026, 11, 24, tzinfo=UTC)
RECORDED = real_files.RECORDED / "unhcr_odp"
EXPORT = (
    "Registered Syrians in Türkiye\ndate;individuals\n2026-08-31;2250000\n2026-09-17;2,210,644\n"
)


@pytest.fixture
def server():
    with OdpServer() as running:
        yield running


def context_of(tmp_path, server):
    return context_in(tmp_path, *registry.SOURCES, now=lambda: AT, url={"ODP": server.base_url})


def document(body, name="sublocation"):
    body = body if isinstance(body, bytes) else body.encode()
    return Document(name, "https://data.unhcr.org/population/get/x", body, AT)


def rows_of(*rows):
    return document(json.dumps({"data": rows}, ensure_ascii=False))


def read(*documents, where=IDLIB):
    reading = unhcr_odp.read(documents, where)
    return prepared(unhcr_odp.SOURCE, reading, documents), reading.remarks


def test_registered_people_by_country_are_read_as_text_and_counted_as_stocks(server, tmp_path):
    at = context_of(tmp_path, server)
    assert run_source(unhcr_odp.SOURCE, at).state == "published"
    figures = at.store.current().figures().set_index("place_code")
    assert figures["value"].to_dict() == {
        "TUR": 2_210_644,
        "LBN": 512_000,
        "JOR": 400_000,
        "IRQ": 230_000,
        "EGY": 118_000,
    }
    assert set(figures["measure"]) == {"stock"}
    assert set(figures["origin_code"]) == {"SYR"}
    assert set(figures["as_of"].dt.strftime("%Y-%m-%d")) == {"2026-09-17"}


def test_a_site_is_left_out_and_not_even_named():
    """A camp's name in a remark would be read out of the log as well as off a page."""
    figures, remarks = read(rows_of(*odp_rows()))
    assert "Some Camp" not in " ".join(remarks) + figures.to_csv()
    assert remarks == (
        "1 rows left out, finer than a country.",
        "1 rows left out, of other origins.",
    )


@pytest.mark.parametrize(
    ("groups", "why"),
    [
        (({}, {"pop_type_code": "ASY"}), "several kinds"),
        (({}, {"pop_origin_code": "IRQ"}), "other origins"),
        (({"pop_data_type_code": "NEW"},), "new arrivals"),
    ],
)
def test_a_number_that_mixes_kinds_is_left_out(groups, why):
    """Refugees and asylum-seekers in one number are neither."""
    row = odp_rows()[0]
    mixed = row | {"population_groups": [row["population_groups"][0] | more for more in groups]}
    _, remarks = read(rows_of(odp_rows()[1], mixed))
    assert why in remarks[0]


def test_a_bot_wall_is_told_and_the_last_figures_stay(server, tmp_path):
    at = context_of(tmp_path, server)
    run_source(unhcr_odp.SOURCE, at)
    before = at.store.current().id
    for fault in ("bot wall", "html 200", "404", "login page"):
        server.fault, asked = fault, len(server.asked)
        outcome = run_source(unhcr_odp.SOURCE, at)
        assert outcome.state == "failed"
        assert len(server.asked) - asked <= 2  # asked once, and led to a login page
    assert "import the file by hand" in outcome.sentence
    assert at.store.current().id == before


def test_a_file_saved_from_the_page_is_imported(server, tmp_path):
    """The way round the wall: a person clicks, and the same checks follow."""
    at = context_of(tmp_path / "store", server)
    file = tmp_path / "REF-TUR.csv"
    file.write_text(EXPORT, encoding="utf-8")
    outcome = import_file(unhcr_odp.SOURCE, file, date(2026, 9, 20), at)
    assert outcome.state == "published", outcome
    figures = at.store.current().figures().set_index("as_of")["value"]
    assert figures["2026-09-17"] == 2_210_644
    saved = tmp_path / "sublocation.json"
    saved.write_text(json.dumps({"data": odp_rows()}), encoding="utf-8")
    assert import_file(unhcr_odp.SOURCE, saved, date(2026, 9, 20), at).state == "published"


def test_a_running_count_says_since_when_in_its_name():
    body = json.dumps(
        {
            "data": {
                "timeseries": [
                    {"data_date": "2025-01-02", "individuals": "115000"},
                    {"data_date": "2025-01-16", "individuals": 195200},
                ]
            }
        }
    )
    figures, _ = read(document(body, "RET-ALL-since-2024-12-08"))
    assert figures["value"].tolist() == [115_000, 195_200]
    assert set(figures["measure"]) == {"cumulative"}
    assert set(figures["cumulative_since"].dt.strftime("%Y-%m-%d")) == {"2024-12-08"}
    assert set(figures["place_code"]) == {"SYR"}
    assert set(figures["asylum_location_code"]) == {"ALL"}


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("download", EXPORT, "does not say what it counts"),
        ("RET-TUR", EXPORT, "since when must stand in its name"),
        ("REF-FRA", EXPORT, "not of the area"),
        ("REF-SYR", EXPORT, "nobody is counted"),
        ("RET-TUR-since-2026-09-01", EXPORT, "before 2026-09-01"),
        ("REF-TUR", EXPORT.replace("2250000", "many"), "where a number belongs"),
        ("RET-TUR-since-2024-12-08", EXPORT.replace("2,210,644", "221,064"), "does not fall"),
        ("REF-TUR", EXPORT.replace("2250000", "2.250.000"), "where a number belongs"),
        ("REF-TUR", EXPORT.replace("2250000", "22500000000"), "where a number belongs"),
        ("REF-TUR", EXPORT.replace("2026-08-31", "31/08/2026"), "where a day belongs"),
        ("REF-TUR", EXPORT + "2026-09-17;9\n", "two values for one day"),
        ("REF-TUR", "date,individuals\n2026-09-17,9\n", "second line must be"),
        ("REF-TUR", EXPORT.encode("cp1254"), "not UTF-8"),
        ("REF-TUR", '{"data": 3}', "neither rows nor a series"),
        ("REF-TUR", "{", "not JSON"),
        ("REF-TUR", '{"data": {"timeseries": ["2026-08-31"]}}', "is no point"),
        ("sublocation", '{"data": [{"geomaster_name": "x"}]}', "no longer sends"),
        ("sublocation", '{"data": []}', "nothing about the area"),
    ],
)
def test_what_does_not_say_what_it_is_is_refused_by_name(name, body, told):
    with pytest.raises(SourceChanged, match=told):
        unhcr_odp.read([document(body, name)], IDLIB)


@pytest.mark.parametrize(
    ("said", "value", "reason"),
    [
        ("2,250,000", 2250000, None),
        ("2\u202f250\u202f000", 2250000, None),
        ("٢٢٥٠٠٠٠", 2250000, None),
        ("N/A", None, "not_reported"),
    ],
)
def test_a_number_is_read_as_offices_write_it(said, value, reason):
    found, _ = read(document(EXPORT.replace("2250000", said), "REF-TUR"))
    first = found[found["as_of"].dt.month == 8].iloc[0]
    assert (None if value is None else first["value"]) == value
    assert (first["missing_reason"] if value is None else None) == reason


def recorded(name):
    path = RECORDED / name
    if not path.exists():
        pytest.skip(f"no recorded answer at ../shared/recordings/unhcr_odp/{name}")
    return path.read_bytes()


@pytest.mark.parametrize(
    ("groups", "code", "why"),
    [
        ("Refugees from Syria, Asylum-Seekers from Syria in Egypt", "REF", "several kinds"),
        ("Asylum-Seekers from Syria in Egypt, Refugees from Syria", "ASY", "several kinds"),
        ("Asylum Seekers from Syria", "REF", "several kinds"),
        ("Refugees from Syria - Newly Arrival 2026, Refugees from Syria", "REF", "new arrivals"),
    ],
)
def test_a_number_whose_groups_are_listed_as_text_has_the_code_of_the_first_alone(
    groups, code, why
):
    """Egypt's asylum-seekers would be counted as refugees, and shown as such."""
    first, row, *_ = odp_rows()
    listed = {"population_groups": groups, "pop_type_code": code, "pop_origin_code": "SYR"}
    figures, remarks = read(rows_of(first, row | listed))
    assert why in remarks[0]
    assert len(figures) == 1
    alone = listed | {"population_groups": "Registered refugees from Syria (refugee camps/centers)"}
    figures, remarks = read(rows_of(first, row | alone | {"pop_type_code": "REF"}))
    assert (len(figures), remarks) == (2, ())


@pytest.mark.parametrize(
    ("number", "origin", "host", "day", "value"),
    [
        (36, "SYR", "JOR", date(2022, 4, 30), 674_458),
        (5, "SYR", "IRQ", date(2022, 4, 30), 258_965),
        (71, "SYR", "LBN", date(2022, 3, 31), 839_086),
        (295, "SSD", "SDN", date(2024, 3, 31), 663_396),
    ],
)
def test_recorded_answers_are_read_to_the_last_figure(number, origin, host, day, value):
    """Each is of refugees alone, those who wait for their registration among them."""
    by_origin = "get-origin-geo-id-{}-population-collection-429.json"
    by_host = "unhcr_population-population-collection-4-geo-id-{}.json"
    body = recorded((by_host if origin == "SYR" else by_origin).format(number))
    where = IDLIB if origin == "SYR" else replace(IDLIB, origins=(origin,), hosts=(host,))
    figures, _ = read(document(body), where=where)
    (row,) = figures.to_dict("records")
    assert (row["place_code"], row["population_group"], row["value"]) == (host, "REF", value)
    assert (row["measure"], row["as_of"].date()) == ("stock", day)
    assert row["value_raw"] == str(value)


@pytest.mark.parametrize("origin", ["SOM", "ETH", "SSD", "COD", "SUD"])
def test_recorded_answers_by_origin_mix_refugees_and_asylum_seekers(origin):
    """Uganda, June 2024: 51,350 from Somalia are both, under the code of refugees."""
    body = recorded("get-origin-geo-id-220-population-collection-429.json")
    where = replace(IDLIB, origins=(origin,), hosts=("UGA",))
    with pytest.raises(SourceChanged, match="1 of several kinds in one number"):
        unhcr_odp.read([document(body)], where)


def test_recorded_answers_by_place_mix_origins_and_are_left_out():
    """A region's view gives one number for people of many origins: it is nobody's figure here."""
    for number in (45, 47, 48, 51):
        body = recorded(f"get-sublocation-sv-id-{number}-population-collection-42981.json")
        with pytest.raises(SourceChanged, match="of other origins"):
            unhcr_odp.read([document(body)], IDLIB)


def test_the_recorded_file_of_hdx_is_no_export_of_the_portal():
    body = recorded("download-unhcr-situations.csv")
    with pytest.raises(SourceChanged, match="second line must be"):
        unhcr_odp.read([document(body, "REF-TUR")], IDLIB)
