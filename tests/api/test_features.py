"""QGIS and other desktop maps read the figures as layers, without a file in between."""

import re
import shutil
import subprocess

import geopandas as gpd
import pytest
import requests

from data.publication import layers

OGRINFO = shutil.which("ogrinfo")


@pytest.fixture
def ogc(served):
    return served.replace("/api/v1", "/ogc")


def test_gdal_reads_the_layers_and_their_figures(ogc):
    """GDAL is what QGIS asks with: the driver follows the links, the pages and the bounds."""
    if OGRINFO is None:
        pytest.skip("GDAL is not installed here (Debian: gdal-bin)")
    listed = subprocess.run(
        [OGRINFO, f"OAPIF:{ogc}"], capture_output=True, text=True, timeout=60, check=True
    ).stdout
    assert "IDP" in listed
    assert re.search(r"idp-admin1", listed)
    asked = [OGRINFO, "-al", "-so", f"OAPIF:{ogc}", "idp-admin1"]
    told = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=True).stdout
    count = requests.get(f"{ogc}/collections/idp-admin1/items", timeout=60).json()["numberMatched"]
    assert f"Feature Count: {count}" in told
    assert count > 10
    fields = set(re.findall(r"^(\w+): \w+ \(", told, re.M))
    assert {"value", "as_of", "publisher", "licence"} <= fields


def test_geopandas_reads_an_address(ogc):
    response = requests.get(f"{ogc}/collections/idp-admin1/items?limit=10000", timeout=60)
    found = gpd.read_file(response.text)
    assert found.crs == "EPSG:4326"
    assert found.geometry.notna().all()
    assert not found.duplicated(list(layers.SERIES)).any()


def test_pages_hold_every_feature_once(ogc):
    url, seen = f"{ogc}/collections/idp-admin1/items?limit=7", []
    while url:
        page = requests.get(url, timeout=60).json()
        seen += [feature["id"] for feature in page["features"]]
        url = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    assert len(seen) == len(set(seen)) == page["numberMatched"]


def test_a_box_and_a_day_narrow_what_is_given(ogc):
    """A map asks for what it shows: Idleb's seat lies in this box, Damascus does not."""
    items = f"{ogc}/collections/idp-admin1/items"
    found = requests.get(f"{items}?bbox=36,35.5,37,36.3", timeout=60).json()["features"]
    assert {f["properties"]["place_code"] for f in found} == {"SY07"}
    early = requests.get(f"{items}?datetime=../2014-12-31", timeout=60).json()["features"]
    late = requests.get(f"{items}?datetime=2025-01-01/..", timeout=60).json()["features"]
    assert all(f["properties"]["as_of"] <= "2014-12-31" for f in early)
    assert late
    for wrong in ("bbox=1,2,3", "datetime=soon", "offset=x", "colour=red"):
        got = requests.get(f"{items}?{wrong}", timeout=60)
        assert got.status_code == 400
        assert got.json()["detail"]


def test_one_feature_is_one_published_figure(ogc):
    first = requests.get(f"{ogc}/collections/idp-admin1/items?limit=1", timeout=60).json()
    feature = first["features"][0]
    one = requests.get(f"{ogc}/collections/idp-admin1/items/{feature['id']}", timeout=60).json()
    assert one["properties"] == feature["properties"]
    gone = requests.get(f"{ogc}/collections/idp-admin1/items/none", timeout=60)
    assert gone.status_code == 404
    assert requests.get(f"{ogc}/collections/no-such", timeout=60).status_code == 404


def test_it_says_what_it_conforms_to(ogc):
    told = requests.get(f"{ogc}/conformance", timeout=60).json()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in told
    rels = {link["rel"] for link in requests.get(ogc, timeout=60).json()["links"]}
    assert {"self", "service-desc", "conformance", "data"} <= rels
