"""Official boundaries, from a small coverage drawn around the seats of the places table."""

import io
import json
import threading
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from data import settings
from data.gazetteer import area
from data.store import Document, Store
from pipelines.errors import SourceChanged, SourceUnavailable
from pipelines.http.client import Client
from pipelines.run.context import RunContext
from pipelines.run.run import run_source
from pipelines.sources import cod_ab
from tests import real_files
from tests.servers.cod import SPELLINGS, drawn, parquet

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

SYRIA = replace(area.load("idlib"), boundaries=("SYR",))
OFFICIAL = real_files.BOUNDARIES


def document(body, name="syr_adm1"):
    return Document(name, "https://example.org/x", body, datetime(2026, 11, 24, tzinfo=UTC))


def boundaries(*documents):
    return cod_ab.read(documents, SYRIA).tables["boundaries"]


@pytest.mark.parametrize("spelling", SPELLINGS, ids=("adm1_pcode", "ADM1_PCODE", "admin1Pcode"))
def test_every_generation_of_column_names_is_read(spelling):
    found = boundaries(document(parquet(drawn(1, spelling)))).set_index("place_code")
    assert len(found) == 14
    assert found.loc["SY07", ["name_en", "name_ar"]].tolist() == ["Place SY07", "مكان SY07"]
    assert found.loc["SY07", ["admin_level", "location_code"]].tolist() == [1, "SYR"]
    assert found.crs.to_epsg() == 4326


def test_a_country_goes_by_its_iso_code_as_figures_do():
    found = boundaries(document(parquet(drawn(0)), "syr_adm0"))
    assert found["place_code"].tolist() == ["SYR"]
    assert str(found["valid_on"].iloc[0])[:10] == "2020-12-17"
    assert found["version"].tolist() == ["v02"]


def test_simplified_neighbours_still_share_their_borders():
    """Drawn one by one, simplified polygons leave white slivers and overlaps on the map."""
    before = drawn(1)
    after = boundaries(document(parquet(before)))
    assert before.geometry.is_valid_coverage()
    assert after.geometry.is_valid_coverage()
    assert shapely.get_num_coordinates(after.geometry.to_numpy()).sum() < 0.9 * (
        shapely.get_num_coordinates(before.geometry.to_numpy()).sum()
    )
    assert after.geometry.is_valid.all()


def test_a_zip_of_geojson_is_read_and_its_other_layers_are_not():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for level in (0, 1, 2):
            archive.writestr(f"geo/syr_admin{level}.geojson", drawn(level).to_json())
        archive.writestr("geo/syr_admin1_em.geojson", drawn(2).to_json())
        archive.writestr("geo/syr_adminlines.geojson", '{"type": "FeatureCollection"}')
        archive.writestr("geo/syr_adminpoints.geojson", '{"type": "FeatureCollection"}')
    found = boundaries(document(packed.getvalue(), "cod-ab-syr/geojson.zip"))
    assert found.groupby("admin_level").size().to_dict() == {0: 1, 1: 14, 2: len(drawn(2))}


def test_a_broken_shape_is_repaired_and_told():
    frame = drawn(1)
    bow = shapely.Polygon([(36, 35), (37, 36), (37, 35), (36, 36)])
    frame.loc[frame["adm1_pcode"] == "SY07", "geometry"] = bow
    reading = cod_ab.read([document(parquet(frame))], SYRIA)
    assert reading.tables["boundaries"].geometry.is_valid.all()
    assert "1 shapes of syr_adm1 repaired." in reading.remarks


def test_swapped_axes_are_refused():
    frame = drawn(1)
    swapped = frame.set_geometry(
        shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    )
    with pytest.raises(SourceChanged, match="away from where it is"):
        boundaries(document(parquet(swapped.set_crs(4326, allow_override=True))))


def test_metres_are_refused():
    frame = drawn(1).to_crs(3857).set_crs(4326, allow_override=True)
    with pytest.raises(SourceChanged, match="not degrees"):
        boundaries(document(parquet(frame)))


def test_another_projection_is_turned_into_degrees():
    found = boundaries(document(parquet(drawn(1).to_crs(3857))))
    assert found.crs.to_epsg() == 4326
    assert found.total_bounds[2] < 43


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda f: f.drop(columns="adm1_pcode"), "P-code of its own"),
        (lambda f: f.assign(adm1_pcode="SY07"), "P-code of its own"),
        (lambda f: f[f["adm1_pcode"] != "SY07"], "lack SY07"),
        (lambda f: f.set_geometry(f.geometry.boundary), "not areas"),
        (lambda f: f.iloc[:0], "P-code of its own"),
    ],
    ids=("no codes", "one code", "a governorate short", "lines", "empty"),
)
def test_what_is_not_a_whole_level_is_refused(spoil, says):
    with pytest.raises(SourceChanged, match=says):
        boundaries(document(parquet(spoil(drawn(1)))))


@pytest.mark.parametrize("body", [b"PAR1garbagePAR1", b"PKgarbage", b"{}", b"\x00\xff", b"[1]"])
def test_garbage_is_refused_with_a_sentence(body):
    with pytest.raises(SourceChanged, match="syr_adm1"):
        boundaries(document(body))


def _repeated(rows=20_000):
    """One shape of thousands of points that is stored once and stands in every row."""
    shape = shapely.Point(38, 35).buffer(1, quad_segs=500).wkb
    column = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), [shape])
    table = pa.table({"adm1_pcode": [f"SY{n:05}" for n in range(rows)], "geometry": column})
    out = io.BytesIO()
    pq.write_table(table, out)
    assert out.tell() < 500_000
    return out.getvalue()


def _pages_that_lie():
    """A page of zeros that unpacks to half a gigabyte, of which the footer says a few bytes."""
    table = pa.table({"adm1_pcode": ["SY01"], "geometry": [bytes(500_000_000)]})
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd", use_dictionary=False, write_statistics=False)
    return out.getvalue()


def _as_json(points):
    ring = b"[1,2]," * points + b"[1,2]"
    return (
        b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":'
        b'{"type":"Polygon","coordinates":[[' + ring + b"]]}}]}"
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (_repeated, "unpacks to more than"),
        (_pages_that_lie, "unpacks to more than"),
        (lambda: _as_json(2_000_001), "6,000,000 values"),
        (lambda: b"[" * 7_000_000, "6,000,000 values"),
    ],
    ids=["one shape in every row", "half a gigabyte", "points", "brackets"],
)
def test_a_layer_is_bounded_by_what_it_holds_and_not_by_what_it_says(body, said):
    """A mirror that is taken over fills the memory of the machine that runs everything else."""
    with pytest.raises(SourceChanged, match=said):
        boundaries(document(body()))


def test_a_library_that_asks_for_too_much_memory_is_a_sentence(monkeypatch):
    """Whatever a file makes it unpack, it ends there, and the bound is gone afterwards."""
    body = parquet(drawn(1))
    monkeypatch.setattr(cod_ab, "MEMORY", 1)
    monkeypatch.setattr(cod_ab, "ROWS", 10_000)

    def greedy(*_):
        return bytearray(200_000_000)

    monkeypatch.setattr(cod_ab.gpd, "read_parquet", greedy)
    with pytest.raises(SourceChanged, match="unpacks to more than"):
        boundaries(document(body))
    assert len(bytearray(200_000_000)) == 200_000_000


def test_a_file_that_is_no_boundaries_is_refused():
    with pytest.raises(SourceChanged, match="No layer"):
        boundaries(document(parquet(drawn(1)), "roads"))


class Publisher:
    """The mirror and HDX on 127.0.0.1: what is not in `files` answers 404 in HTML."""

    def __init__(self):
        self.files, self.asked = {}, []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(self.path)
                body = outer.files.get(self.path)
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Type", "text/html" if body is None else "application/x")
                self.end_headers()
                self.wfile.write(b"<html>gone</html>" if body is None else body)

            def log_message(self, *_):
                """Quiet."""

        self._httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._httpd.daemon_threads = True
        self._thread = threading.Thread(target=self._httpd.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._httpd.server_port}"

    def stop(self):
        self._httpd.shutdown()
        self._thread.join()
        self._httpd.server_close()

    def on_the_mirror(self, *levels):
        for level in levels:
            self.files[f"/mirror/syr/latest/adm{level}/original.parquet"] = parquet(drawn(level))

    def on_hdx(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for level in range(4):
                archive.writestr(f"syr_admin{level}.geojson", drawn(level).to_json())
        old, new = "/d/old.geojson.zip", "/d/syr_admin_boundaries.geojson.zip"
        listed = [
            {"name": "a.xlsx", "format": "XLSX", "url": f"{self.url}/d/a.xlsx"},
            {"format": "GeoJSON", "url": self.url + old, "last_modified": "2020-01-01"},
            {"format": "GeoJSON", "url": self.url + new, "last_modified": "2026-01-26"},
        ]
        answer = {"success": True, "result": {"resources": listed}}
        self.files["/hdx/package_show?id=cod-ab-syr"] = json.dumps(answer).encode()
        self.files[new] = packed.getvalue()


@pytest.fixture
def publisher():
    running = Publisher()
    yield running
    running.stop()


def fetched(publisher):
    where = settings.Settings(
        url={"COD_AB": f"{publisher.url}/mirror", "HDX": f"{publisher.url}/hdx"}
    )
    client = Client("test", retries=0, backoff=0, interval=0, timeout=(2, 2))
    return list(cod_ab.fetch(client, where, SYRIA))


def test_the_mirror_is_asked_as_deep_as_the_places_go(publisher):
    publisher.on_the_mirror(0, 1, 2, 3)
    found = boundaries(*fetched(publisher))
    assert sorted(found["admin_level"].unique()) == [0, 1, 2, 3]
    assert not [path for path in publisher.asked if path.startswith("/hdx")]


def test_a_mirror_that_lacks_a_level_is_replaced_by_hdx(publisher):
    """Half a country from one edition and half from another would not fit together."""
    publisher.on_the_mirror(0, 1)
    publisher.on_hdx()
    documents = fetched(publisher)
    assert [document.name for document in documents] == [
        "cod-ab-syr/package",
        "cod-ab-syr/geojson.zip",
    ]
    assert sorted(boundaries(*documents)["admin_level"].unique()) == [0, 1, 2, 3]


def test_neither_address_gives_one_sentence_that_names_both(publisher):
    with pytest.raises(SourceUnavailable) as told:
        fetched(publisher)
    assert "/mirror/syr/latest/adm0" in str(told.value)
    assert "/hdx/package_show" in str(told.value)


def test_boundaries_are_published_and_found_again(publisher, tmp_path):
    publisher.on_the_mirror(0, 1, 2, 3)
    where = settings.Settings(url={"COD_AB": f"{publisher.url}/mirror"})
    at = RunContext(
        store=Store(str(tmp_path / "store")),
        settings=where,
        area=SYRIA,
        client=Client("test", retries=0, backoff=0, interval=0, timeout=(2, 2)),
        sources=(cod_ab.SOURCE,),
        now=lambda: datetime(2026, 11, 24, tzinfo=UTC),
    )
    assert run_source(cod_ab.SOURCE, at).state == "published"
    stored = at.store.current().boundaries()
    assert "SY07" in set(stored["place_code"])
    assert run_source(cod_ab.SOURCE, at).state == "unchanged"


def test_the_official_files_are_read():
    folder = OFFICIAL / "cod_ab_syr_2020_full"
    if not folder.exists():
        pytest.skip("no official boundaries at ../shared")
    files = sorted(folder.glob("*adm*_uncs_unocha_*.shp"))
    documents = [
        document(parquet(gpd.read_file(path)), f"syr_adm{level}")
        for level, path in enumerate(files)
    ]
    found = boundaries(*documents)
    assert found.groupby("admin_level").size().tolist() == [1, 14, 62, 272]
    for level in (1, 2, 3):
        assert found[found["admin_level"] == level].geometry.is_valid_coverage()
