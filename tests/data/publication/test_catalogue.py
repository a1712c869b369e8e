"""An exported release is found, read and judged by the tools of those who collect data sets."""

import json
import os
import subprocess
import sys
from hashlib import sha256

import pandas as pd
import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS, RDF

from data.publication import catalogue, licences, release_export
from data.schema.tables import FIGURES
from tests import carried


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    store = carried.publish(tmp_path_factory.mktemp("store"))
    folder = tmp_path_factory.mktemp("exported")
    rows = dict(release_export.to_folder(store.current(), folder))
    return folder, {path.relative_to(folder).as_posix(): n for path, n in rows.items()}


def test_frictionless_finds_every_table_valid(exported):
    """Its own tool reads every row by the types, bounds and key that the package names."""
    folder, rows = exported
    checked = subprocess.run(
        [sys.executable, "-m", "frictionless", "validate", "--json", "datapackage.json"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "NO_COLOR": "1"},
    )
    told = json.loads(checked.stdout)
    assert told["valid"], checked.stdout[:4000]
    assert {task["name"] for task in told["tasks"]} >= {"figures", "places", "sources"}
    (figures,) = [task for task in told["tasks"] if task["name"] == "figures"]
    assert figures["stats"]["rows"] == rows["figures.csv"] > 5000


def test_frictionless_refuses_a_table_that_was_altered(exported, tmp_path):
    """The other half: a package that is valid whatever is in it says nothing."""
    folder, _ = exported
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    package["resources"] = [r for r in package["resources"] if r["name"] == "events"]
    body = (folder / "events.csv").read_bytes().replace(b"2011-04-29", b"in spring ", 1)
    (tmp_path / "events.csv").write_bytes(body)
    (tmp_path / "datapackage.json").write_text(json.dumps(package), "utf-8")
    checked = subprocess.run(
        [sys.executable, "-m", "frictionless", "validate", "--json", "datapackage.json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert not json.loads(checked.stdout)["valid"]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_the_catalogue_is_dcat_and_names_every_file_with_its_hash(exported):
    folder, _ = exported
    graph = rdflib.Graph().parse(folder / "catalogue.jsonld", format="json-ld")
    (dataset,) = graph.subjects(RDF.type, DCAT.Dataset)
    (found,) = graph.subjects(RDF.type, DCAT.Catalog)
    assert (found, DCAT.dataset, dataset) in graph
    # What DCAT-AP calls mandatory.
    for about in (found, dataset):
        assert all(list(graph.objects(about, p)) for p in (DCTERMS.title, DCTERMS.description))
    assert list(graph.objects(found, DCTERMS.publisher))
    distributions = list(graph.objects(dataset, DCAT.distribution))
    assert len(distributions) == len(set(distributions)) > 10
    spdx = rdflib.Namespace("http://spdx.org/rdf/terms#")
    for each in distributions:
        (title,) = graph.objects(each, DCTERMS.title)
        assert list(graph.objects(each, DCAT.accessURL))
        # At most one of each: DCAT-AP's validator refuses a file of several licences.
        for one in (DCTERMS.license, DCTERMS.rights, DCAT.mediaType):
            assert len(list(graph.objects(each, one))) <= 1
        (licence,) = graph.objects(each, DCTERMS.license)
        assert "CC BY 4.0" in str(*graph.objects(licence, DCTERMS.title))
        (size,) = graph.objects(each, DCAT.byteSize)
        assert size.datatype == rdflib.XSD.nonNegativeInteger  # as DCAT 3 has it
        (checksum,) = graph.objects(each, spdx.checksum)
        (value,) = graph.objects(checksum, spdx.checksumValue)
        assert str(value).lower() == sha256((folder / str(title)).read_bytes()).hexdigest()
    assert rdflib.URIRef("http://purl.org/dc/terms/title") in set(graph.predicates())


def test_the_folder_for_hdx_holds_only_what_may_be_passed_on_and_says_what_is_left_out(exported):
    folder, rows = exported
    hdx = folder / release_export.HDX
    told = json.loads((hdx / "dataset.json").read_text("utf-8"))
    assert {resource["name"] for resource in told["resources"]} <= {p.name for p in hdx.iterdir()}
    figures = pd.read_csv(hdx / "figures.csv", dtype="string")
    assert figures.iloc[0]["value"].startswith("#")
    figures = figures.iloc[1:]
    assert all(licences.is_open(licence) for licence in figures["licence"].unique())
    left = rows["figures.csv"] - len(figures)
    assert left > 0
    assert f"{left:,} figures" in told["caveats"]
    for name in ("name", "title", "notes", "dataset_source", "dataset_date", "methodology_other"):
        assert told[name]
    assert told["private"] is True
    assert "never to be added up" in (hdx / "caveats.md").read_text("utf-8")
    assert "`stock`" in (hdx / "methodology.md").read_text("utf-8")


def test_every_type_of_column_has_one_in_the_package():
    schema = catalogue.table_schema(FIGURES)
    assert [field["name"] for field in schema["fields"]] == FIGURES.names
    assert schema["primaryKey"] == list(FIGURES.key)


def test_what_stands_in_a_page_cannot_end_its_own_element():
    made = catalogue.in_page({"name": "</script><script>alert(1)</script>&"})
    assert made.count("<") == 2
    assert json.loads(made.partition(">")[2].rpartition("<")[0])["name"].startswith("</script>")
