"""IDMC's updates through HDX: figure by figure, placed with care, never finer, never added."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from data.gazetteer import area, outlines
from data.publication import harm
from data.store import Document
from pipelines import registry
from pipelines.errors import SourceChanged, SourceUnavailable
from pipelines.run.run import run_source
from pipelines.sources import idmc_idu
from tests import builders, real_files
from tests.run_contexts import context_in
from tests.servers.hdx import HdxServer

http = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]
IDLIB = area.load("idlib")
AT = datetime(2026, 11, 24, tzinfo=UTC)
RECORDED = real_files.RECORDED / "idmc"
IDLEB = (35.93, 36.63)
ALEPPO = (36.20, 37.16)
BORDER = tuple(reversed(outlines._shapes("admin1")["SY07"].boundary.coords[0]))


def at(*point):
    return {
        "latitude": str(point[0]),
        "longitude": str(point[1]),
        "locations_coordinates": f"{point[0]}, {point[1]}",
        "locations_accuracy": "District/Zone/Department (ADM2)",
    }


def row(number=1, **more):
    return {
        "id": str(number),
        "country": "Syria",
        "iso3": "SYR",
        "displacement_type": "Conflict",
        "qualifier": "total",
        "figure": "1200",
        "displacement_date": "2026-01-08",
        "displacement_start_date": "2026-01-06",
        "displacement_end_date": "2026-01-10",
        "event_name": "Syria: armed conflict, Aleppo, January 2026",
        "role": "Recommended figure",
        "description": "<b>People fled</b> from the Şeyh camp",
        **at(*IDLEB),
    } | more


def table(*rows, without=()):
    out = io.StringIO()
    names = [name for name in row() if name not in without]
    writer = csv.DictWriter(out, names, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def document(*rows, **more):
    return Document(
        "syr-idmc-idu-events/events", "https://data.humdata.org/x", table(*rows, **more), AT
    )


def read(*rows, **more):
    return idmc_idu.read([document(*rows, **more)], IDLIB)


def prepared(*rows, **more):
    given = document(*rows, **more)
    return builders.prepared(idmc_idu.SOURCE, idmc_idu.read([given], IDLIB), [given])


def test_a_figure_is_a_flow_of_displacements_in_its_own_days():
    (found,) = prepared(row()).to_dict("records")
    assert (found["measure"], found["population_group"], found["unit"]) == (
        "flow",
        "NEWDISP",
        "movements",
    )
    assert str(found["reference_period_start"])[:10] == "2026-01-06"
    assert str(found["as_of"])[:10] == "2026-01-10"
    assert found["caveat"] == "movements_not_people provisional"
    assert (found["value"], found["qualifier"]) == (1200, "exact")


def test_only_the_recommended_figure_is_kept_where_roles_are_told():
    """Other roles are more evidence for the same displacement: they would count it twice."""
    reading = read(row(1), row(2, role="Triangulation"), row(3, role=""))
    assert len(reading.figures) == 1
    assert reading.remarks == ("2 rows left out, not the recommended figure.",)
    assert len(read(row(1), row(2), without=("role",)).figures) == 2


def test_two_figures_of_one_event_stay_two_figures():
    assert prepared(row(1), row(2))["figure_id"].nunique() == 2


@pytest.mark.parametrize(
    ("where", "code"),
    [
        (at(*IDLEB), "SY07"),
        (at(*ALEPPO), "SY02"),
        (at(*BORDER), "SYR"),
        (at(*IDLEB) | {"locations_accuracy": "Country/territory (ADM0)"}, "SYR"),
        (at(*IDLEB) | {"locations_accuracy": ""}, "SYR"),
        (at(*IDLEB) | {"locations_coordinates": ""}, "SYR"),
        (
            at(*IDLEB)
            | {
                "locations_coordinates": f"{IDLEB[0]},{IDLEB[1]}; {ALEPPO[0]},{ALEPPO[1]}",
                "locations_accuracy": "Town (ADM3); Town (ADM3)",
            },
            "SYR",
        ),
        ({"latitude": "", "longitude": "", "locations_coordinates": ""}, "SYR"),
    ],
    ids=["Idleb", "Aleppo", "border", "country", "unsaid", "middle", "two governorates", "none"],
)
def test_a_governorate_is_named_only_where_every_location_is_known_to_lie_in_it(where, code):
    """The row's own position is the middle of its locations: it may lie where nobody fled."""
    assert prepared(row(**where))["place_code"].tolist() == [code]


@pytest.mark.parametrize("point", [(33.31, 44.36), (0.0, 0.0), (36.20, 136.16), (95, 37)])
def test_a_position_outside_the_country_is_refused_by_id(point):
    reading = read(row(1), row(77, **at(*point)))
    assert len(reading.figures) == 1
    assert reading.remarks == ("1 rows left out, with a position outside the country (id 77).",)


def test_no_position_and_no_camp_leaves_with_a_figure():
    """A published position or camp can get people killed."""
    frame = prepared(
        row(1),
        row(2, event_name="Fire in Şeyh camp", **at(*ALEPPO)),
        row(3, event_name="Seen at 36.20210, 37.13430"),
    )
    harm.refuse(frame)
    text = frame.drop(columns=["content_sha256", "source_url"]).to_csv()
    for secret in ("35.93", "36.63", "camp", "37.134", "Şeyh", "<b>"):
        assert secret not in text
    assert frame.set_index("operation")["note"].notna().to_dict() == {
        "IDU 1": True,
        "IDU 2": False,
        "IDU 3": False,
    }


@pytest.mark.parametrize(
    ("said", "qualifier"),
    [("Total", "exact"), ("More than", "over"), ("approximately", "about"), ("unheard", "about")],
)
def test_idmcs_qualifier_is_carried(said, qualifier):
    (found,) = prepared(row(qualifier=said)).to_dict("records")
    assert found["qualifier"] == qualifier
    assert said == "Total" or said.casefold() in found["note"]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"displacement_start_date": "", "displacement_date": ""}, "without a day"),
        ({"displacement_end_date": "2025-01-01"}, "ending before they start"),
        ({"figure": "many"}, "no whole number"),
        ({"figure": "2147483648000"}, "no whole number"),
        ({"displacement_end_date": "2205-07-14"}, "of a day that has not come"),
        ({"latitude": "north"}, "cannot be read"),
        ({"iso3": "IND"}, "of another country"),
    ],
)
def test_a_row_that_cannot_be_used_is_told_by_id_and_the_rest_stays(wrong, why):
    reading = read(row(1), row(5, **wrong))
    assert len(reading.figures) == 1
    assert why in reading.remarks[0]
    assert "(id 5)" in reading.remarks[0]


@pytest.mark.parametrize("said", ["1200", "1200.0", "1,200", "1\u00a0200"])
def test_thousands_may_be_apart(said):
    """Left out, people who fled would be missing from a month for the sake of a comma."""
    (found,) = prepared(row(figure=said)).to_dict("records")
    assert found["value"] == 1200


def test_a_missing_figure_is_null_with_its_reason():
    (found,) = prepared(row(figure="")).to_dict("records")
    assert found["missing_reason"] == "not_reported"


def test_a_lost_column_a_lost_id_and_a_figure_twice_are_refused():
    with pytest.raises(SourceChanged, match="figure"):
        read(row(), without=("figure",))
    with pytest.raises(SourceChanged, match="no id"):
        read(row(id=""))
    with pytest.raises(SourceChanged, match="gives the figure 1 twice"):
        read(row(1), row(1))
    with pytest.raises(SourceChanged, match=r"can be used \(1 of another country\)"):
        read(row(iso3="IND"))


def test_turkish_positions_west_of_the_outlines_are_still_in_the_country():
    """The carried outlines are cut to the region: İzmir lies beyond them, and in Türkiye."""
    assert outlines.in_country(38.42, 27.14, "TUR")
    assert not outlines.in_country(37.98, 23.73, "TUR")  # Athens
    assert outlines.admin1_of(36.40, 36.35, "TUR") == "TUR031"


def test_every_governorate_holds_its_own_seat():
    from data.gazetteer import places

    seats = places.table()
    seats = seats[seats["kind"].eq("admin1") & seats["location_code"].eq("SYR")]
    for seat in seats.to_dict("records"):
        found = outlines.admin1_of(float(seat["lat"]), float(seat["lon"]), "SYR")
        assert found in (seat["place_code"], None)


@pytest.fixture
def files():
    with HdxServer() as running:
        running.put("syr-idmc-idu-events", "event_data_syr.csv", table(row(1), row(2)))
        running.put("tur-idmc-idu-events", "event_data_tur.csv", table(turkish()))
        yield running


def turkish():
    return row(9, iso3="TUR", country="Türkiye", displacement_type="Disaster", **at(36.40, 36.35))


def context_of(tmp_path, files, now=AT):
    return context_in(tmp_path, *registry.SOURCES, now=lambda: now, url={"HDX": files.base_url})


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_row_revised_in_place_is_a_new_vintage_of_one_figure(tmp_path, files):
    """IDMC changes numbers without saying when: what was known before must stay readable."""
    assert run_source(idmc_idu.SOURCE, context_of(tmp_path, files)).new == 3
    revised = table(row(1, figure="1500"), row(2))
    files.put("syr-idmc-idu-events", "event_data_syr.csv", revised)
    later = context_of(tmp_path, files, AT + timedelta(days=1))
    outcome = run_source(idmc_idu.SOURCE, later)
    assert (outcome.state, outcome.new, outcome.changed) == ("published", 0, 1), outcome
    history = later.store.current().vintages()
    one = history[history["operation"].eq("IDU 1")]
    assert one["value"].tolist() == [1200, 1500]
    assert one["locator"].nunique() == 2  # the row's hash moved with it


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_one_country_that_cannot_be_had_publishes_no_half(tmp_path, files):
    at_work = context_of(tmp_path, files)
    run_source(idmc_idu.SOURCE, at_work)
    files.drop("tur-idmc-idu-events", "event_data_tur.csv")
    with pytest.raises((SourceUnavailable, SourceChanged)):
        list(idmc_idu.fetch(at_work.client, at_work.settings, IDLIB))
    assert run_source(idmc_idu.SOURCE, at_work).state == "failed"
    assert len(at_work.store.current().figures()) == 3


def test_a_recorded_file_of_another_table_is_refused_by_its_columns():
    """GIDD's yearly table is no list of events: read as one, its totals would be flows."""
    path = RECORDED / "gidd_idps_all.csv"
    if not path.exists():
        pytest.skip("no recorded answer at ../shared/recordings/idmc")
    given = Document("gidd", "file:gidd.csv", path.read_bytes(), AT)
    with pytest.raises(SourceChanged, match="no column id"):
        idmc_idu.read([given], IDLIB)
