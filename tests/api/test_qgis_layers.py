"""The layer file is opened by QGIS itself: whoever drags it in sees circles and not a fault."""

import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import pytest
import requests
from pytest_socket import enable_socket
from shapely.geometry import box
from starlette.applications import Starlette

from api import limits, routes
from data.gazetteer import places
from data.publication import connections, layers
from data.schema import tables
from data.store import Publication
from tests import asgi, carried
from tests.effort import first_of_each
from visuals import tokens
from visuals.language.words import Words
from visuals.map import qgis_layer

SYSTEM_PYTHON = Path("/usr/bin/python3")
IN_SYRIA = ("SYR", "SY")


def squares():
    """A square around each seat in Syria, and none for its neighbours: no file is needed for it."""
    rows = [
        row
        for row in places.rows()
        if row["place_code"] in places.with_seat() and str(row["place_code"]).startswith(IN_SYRIA)
    ]
    shapes = [box(r["lon"] - 0.1, r["lat"] - 0.1, r["lon"] + 0.1, r["lat"] + 0.1) for r in rows]
    codes = {"place_code": [row["place_code"] for row in rows]}
    return gpd.GeoDataFrame(codes, geometry=shapes, crs=4326)


@pytest.fixture(scope="module")
def at_office(tmp_path_factory):
    """The stores of two offices, one with official boundaries."""
    enable_socket()
    made = {}
    for outlined in (True, False):
        folder = tmp_path_factory.mktemp("office")
        made[outlined] = carried.publish(folder)
        if outlined:
            tables_ = {"boundaries": squares()}
            published = Publication("cod_ab", tables.FIGURES.empty(), "cod_ab", tables=tables_)
            made[outlined].publish(published, now=datetime.now(UTC))
    return made


def file_of(release, address, language):
    return qgis_layer.render(
        Words(language),
        address,
        layers.collections(release),
        layers.newest(release),
        with_outline=layers.outlined(release),
    )


@pytest.fixture
def served(at_office, monkeypatch, tmp_path):
    def serving(outlined):
        monkeypatch.setenv("NUZUH_STORE", at_office[outlined].address)
        monkeypatch.setenv("NUZUH_CACHE", str(tmp_path))
        return at_office[outlined].current()

    with asgi.served(Starlette(routes=list(routes.ROUTES))) as address:
        yield serving, address


@first_of_each(language=("ar", "en", "tr"), outlined=(True, False))
def test_qgis_opens_every_layer_and_draws_one_count_of_one_source(
    served, tmp_path, language, outlined
):
    """At each place one circle: two over one another would be read as one number."""
    if subprocess.run([SYSTEM_PYTHON, "-c", "import qgis.core"], capture_output=True).returncode:
        pytest.skip("QGIS is not installed here (Debian: python3-qgis, qgis-providers)")
    serving, root = served
    release = serving(outlined)
    listed = layers.collections(release)
    file = tmp_path / "nuzuh.qlr"
    file.write_bytes(file_of(release, f"{root}{connections.OGC}", language))
    done = subprocess.run(
        [SYSTEM_PYTHON, Path(__file__).with_name("open_in_qgis.py"), file, tmp_path],
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["opened"], told["why"]
    assert [layer["collection"] for layer in told["layers"]] == [each.id for each in listed]
    for layer, asked in zip(told["layers"], listed, strict=True):
        items = f"{root}{connections.OGC}/collections/{asked.id}/items?limit=10000"
        there = requests.get(items, timeout=60).json()["features"]
        assert layer["valid"], layer["name"]
        assert Words(language)(f"elsewhere.level.{layers.LEVELS[asked.level]}") in layer["name"]
        assert layer["figures"] == sorted(feature["id"] for feature in there)
        assert len(set(layer["rules"])) == len(layer["rules"])
        assert layer["shown"] == layer["rules"][:1]
        for drawn in layer["places"]:
            assert 0 < len(drawn) == len(set(drawn)), layer["name"]
        assert not layer["errors"]
        assert any(is_of(asked.group, colour) for colour in layer["colours"]), layer["name"]
    assert [layer["checked"] for layer in told["layers"]].count(True) == 1


def is_of(group, colour):
    """Whether it is the colour of a group as a circle lets the white ground through."""
    seen, meant = (
        [int(each[at : at + 2], 16) for at in (1, 3, 5)] for each in (colour, tokens.group(group))
    )
    through = [255 - (255 - part) * 110 / 255 for part in meant]
    return all(abs(one - other) <= 2 for one, other in zip(seen, through, strict=True))


def test_a_layer_has_one_kind_of_geometry(served):
    """QGIS takes that of the first features for all: countries of refuge would be drawn nowhere."""
    serving, root = served
    serving(True)
    found = {}
    for name in ("ref-country", "idp-country", "idp-admin1"):
        items = requests.get(f"{root}{connections.OGC}/collections/{name}/items", timeout=60).json()
        found[name] = {feature["geometry"]["type"] for feature in items["features"]}
    assert found == {
        "ref-country": {"Point"},
        "idp-country": {"Polygon"},
        "idp-admin1": {"Polygon"},
    }


def test_the_file_knows_which_layers_are_polygons(at_office):
    """A symbol for polygons draws no point."""
    made = file_of(at_office[True].current(), "http://127.0.0.1/ogc", "en")
    shapes = {
        layer.findtext("id"): layer.get("wkbType")
        for layer in ElementTree.fromstring(made).iter("maplayer")  # noqa: S314 - our own bytes
    }
    assert shapes["nuzuh_ref_country"] == "MultiPoint"
    assert shapes["nuzuh_idp_admin1"] == "MultiPolygon"


def test_a_group_that_is_nowhere_on_the_map_is_no_layer(at_office):
    """Countries of resettlement have no seat here: their layer would be an empty table."""
    release = at_office[False].current()
    assert "RST" in set(release.figures(columns=["population_group"])["population_group"])
    assert "RST" not in {each.group for each in layers.collections(release)}


def test_a_desktop_map_may_open_every_layer_at_once(served, monkeypatch):
    """QGIS asks four things of each layer, without a pause; what is refused it shows as a fault."""
    monkeypatch.setattr(limits, "EACH_SECOND", 1e-9)
    serving, root = served
    ogc = f"{root}{connections.OGC}"
    asked = ["", "/api"]
    statuses = []
    for each in layers.collections(serving(False)):
        of_layer = [f"/collections/{each.id}", f"/collections/{each.id}/items?limit=10"]
        statuses += [
            requests.get(f"{ogc}{path}", timeout=60).status_code for path in (*asked, *of_layer)
        ]
    assert set(statuses) == {200}
    assert len(statuses) > 100
