"""A donor who doubts a number checks it on a machine that has never seen this project."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import date
from hashlib import sha256

import pytest

from data.publication import exports, proof, show_the_number
from tests import builders, clients, real_files
from tests.effort import tries

ISOLATED = (sys.executable, "-I", "-S", proof.SCRIPT)


def unpacked(body, folder):
    with zipfile.ZipFile(io.BytesIO(body)) as zipped:
        zipped.extractall(folder)
    return folder


def run(folder):
    return subprocess.run(ISOLATED, cwd=folder, capture_output=True, text=True, timeout=30)


def test_a_proof_is_checked_without_the_project(store, tmp_path):
    release = store.current()
    figures = release.figures()
    one = figures[figures["value"].notna()].iloc[7]
    row = proof.figure(release, one["figure_id"])
    folder = unpacked(proof.made(release, row, proof.sent(store, release, row)), tmp_path)
    done = run(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert str(row["value"]) in done.stdout
    for line in (folder / "hashes.sha256").read_text().splitlines():
        digest, path = line.split("  ")
        assert sha256((folder / path).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("spoilt", ["byte", "value", "place"])
def test_a_proof_that_was_tampered_with_shows_nothing(store, tmp_path, spoilt):
    release = store.current()
    figures = release.figures()
    one = figures[figures["value"].gt(1000)].iloc[0]
    row = proof.figure(release, one["figure_id"])
    folder = unpacked(proof.made(release, row, proof.sent(store, release, row)), tmp_path)
    told = json.loads((folder / "figure.json").read_text())
    if spoilt == "byte":
        (folder / told["file"]).write_bytes((folder / told["file"]).read_bytes() + b" ")
    elif spoilt == "value":
        told |= {"value": told["value"] + 1, "value_raw": None}
    else:
        told |= {"locator": told["locator"].split(": row")[0] + ": row 99999"}
    (folder / "figure.json").write_text(json.dumps(told))
    assert run(folder).returncode == 1


def test_every_carried_number_can_be_shown(store):
    """Each of them, since a proof that works for most is none; in small, one of nine."""
    release = store.current()
    bodies, missed = {}, []
    for row in list(exports.records(release.figures()))[:: tries(1, 9)]:
        if row["value"] is None:
            continue
        digest = row["content_sha256"]
        if digest not in bodies:
            bodies[digest] = store.copy(release, row["via"], digest)
        shown, _ = show_the_number.shown(bodies[digest], row["locator"], row)
        if not shown:
            missed.append((row["figure_id"], row["locator"]))
    assert missed == []
    assert len(bodies) > 10


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,203,412", 1203412), ("٩٤٨٬٠٠٠", 948000), ("203 412", 203412), ("1.5", None), ("-", None)],
)
def test_a_cell_is_read_as_its_publisher_wrote_it(text, number):
    figure = {"value": number or 2, "value_raw": None}
    assert show_the_number.is_the_number(text, figure) is (number is not None)


def test_values_of_a_json_answer_are_added_where_the_figure_was():
    body = json.dumps({"items": [{"total": 5, "x": 1}, {"total": "7"}]}).encode()
    figure = {"value": 12, "value_raw": None}
    assert show_the_number.in_json(body, "items[0].total + items[1]", figure)[0]
    assert not show_the_number.in_json(body, "items[0].total", figure)[0]


@pytest.mark.wide
def test_a_sum_of_a_real_workbook_is_added_again_by_the_script():
    """A sub-district of DTM is the sum of its locations: the script adds the same cells."""
    rounds = sorted((real_files.RECORDED / "dtm_syria").glob("*round-11*.xlsx"))
    if not rounds:
        pytest.skip("no real round of IOM DTM Syria is at hand beside the checkout")
    from datetime import UTC, datetime

    from data.gazetteer import area
    from data.store import Document
    from pipelines.sources import dtm_syria_rounds

    body = rounds[0].read_bytes()
    document = Document(
        name=rounds[0].name,
        url="https://example.org/round-11.xlsx",
        body=body,
        fetched_at=datetime(2026, 1, 31, tzinfo=UTC),
    )
    figures = builders.figures_read(dtm_syria_rounds.SOURCE.read([document], area.load("idlib")))
    dana = figures[figures["place_code"].eq("SY070301") & figures["population_group"].eq("IDP")]
    row = dana[dana["unit"].eq("people") & dana["category"].isna()].iloc[0].to_dict()
    assert row["value"] == 537_713
    assert show_the_number.shown(body, row["locator"], row)[0]


@pytest.fixture(scope="module")
def made(store):
    """A figure and its proof."""
    release = store.current()
    figures = release.figures()
    row = proof.figure(release, figures[figures["value"].notna()].iloc[3]["figure_id"])
    return row, proof.made(release, row, proof.sent(store, release, row))


OF_ITS_KIND = ("absolute HTTP(S) URL", "ROR identifier", "contactPoint")
"""What the validator recommends and we do not know: a licence's address, whom to ask."""


def test_the_crates_own_validator_finds_nothing_that_must_be_mended(made, tmp_path):
    """Every check of the profile, its vocabulary among them; a hash that means nothing is found."""
    folder = unpacked(made[1], tmp_path)
    told = clients.told("crate", str(folder))
    assert told["profile"] == "ro-crate-1.3"
    assert told["passed"] > 150
    assert {severity for severity, _ in told["issues"]} <= {"RECOMMENDED"}
    assert [m for _, m in told["issues"] if not any(word in m for word in OF_ITS_KIND)] == []
    metadata = folder / "ro-crate-metadata.json"
    metadata.write_text(metadata.read_text("utf-8").replace('"sha256"', '"md6"'), "utf-8")
    spoilt = clients.told("crate", str(folder))["issues"]
    assert any(severity == "REQUIRED" and "md6" in message for severity, message in spoilt)


def test_the_crate_has_what_the_specification_asks_for(made):
    """What holds also where the validator is not at hand."""
    row, body = made
    with zipfile.ZipFile(io.BytesIO(body)) as zipped:
        crate = json.loads(zipped.read("ro-crate-metadata.json"))
        there = set(zipped.namelist())
    assert crate["@context"] == "https://w3id.org/ro/crate/1.3/context"
    by_id = {entity["@id"]: entity for entity in crate["@graph"]}
    assert len(by_id) == len(crate["@graph"])
    assert all(entity.get("@type") for entity in by_id.values())
    descriptor = by_id["ro-crate-metadata.json"]
    assert descriptor["@type"] == "CreativeWork"
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.3"}
    root = by_id[descriptor["about"]["@id"]]
    assert root["@type"] == "Dataset"
    assert all(root[name] for name in ("name", "description", "datePublished", "license"))
    assert by_id[root["license"]["@id"]]["name"] == row["licence"]
    assert date.fromisoformat(root["datePublished"][:10])
    parts = {part["@id"] for part in root["hasPart"]}
    files = {e["@id"] for e in by_id.values() if e["@type"] == "File"}
    # Every file of the zip is described, but for the metadata and the list of hashes it is in.
    assert parts == files == there - {"ro-crate-metadata.json", "hashes.sha256"}
    for entity in by_id.values():
        for value in entity.values():
            for reference in value if isinstance(value, list) else [value]:
                if isinstance(reference, dict) and not reference["@id"].startswith("http"):
                    assert reference["@id"] in by_id


def test_the_bytes_are_read_from_the_store_once(store, monkeypatch):
    release = store.current()
    figures = release.figures()
    row = proof.figure(release, figures[figures["value"].notna()].iloc[3]["figure_id"])
    read = []
    real = type(store)._sent
    monkeypatch.setattr(type(store), "_sent", lambda *given: read.append(given[2]) or real(*given))
    proof.made(release, row, proof.sent(store, release, row))
    assert read == [row["content_sha256"]]
