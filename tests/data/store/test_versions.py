"""An office upgrades, or goes back: a store that another version wrote is read, and written on."""

import io
import json
from datetime import UTC, datetime
from hashlib import sha256

import pandas as pd
import pyarrow.parquet as parquet
import pytest

from data.store import Publication, Status, Store, StoreBroken, seal
from tests.builders import figures

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    store = Store(str(tmp_path / "store"))
    rows = figures({"source": "s", "via": "s", "value": 1})
    store.publish(Publication("s", rows, "first"), now=NOW)
    return store


def rewritten(store, change):
    """Every file of the newest release as another version would have written it."""
    root = store._objects.folder
    pointer = json.loads((root / "current.json").read_text())

    def again(entry):
        path = root / entry["path"]
        frame = change(parquet.read_table(path).to_pandas(date_as_object=False))
        out = io.BytesIO()
        frame.to_parquet(out, index=False)
        path.write_bytes(out.getvalue())
        entry |= {
            "sha256": sha256(out.getvalue()).hexdigest(),
            "bytes": len(out.getvalue()),
        }

    for entry in pointer["figures"].values():
        again(entry)
    for entries in pointer["vintages"].values():
        for entry in entries:
            again(entry)
    pointer["what_a_later_version_adds"] = {"x": 1}
    del pointer["seal"]
    (root / "current.json").write_text(json.dumps(pointer | {"schema": 1}, indent=1))


def _goes_on(store):
    """The number is there, another can follow, and both are known on their days."""
    assert store.current().figures()["value"].tolist() == [1]
    rows = figures({"source": "s", "via": "s", "value": 2})
    later = datetime(2026, 11, 25, tzinfo=UTC)
    published = store.publish(Publication("s", rows, "second"), now=later)
    assert (published.new, published.changed) == (0, 1)
    assert store.current().vintages()["value"].tolist() == [1, 2]
    # From now on the manifest carries its own hash.
    assert (store._objects.folder / "current.json").read_bytes().startswith(b'{"seal": "')


@pytest.mark.parametrize(
    "column", ["note", "value_raw", "origin_admin1_code", "provider_admin1_name"]
)
def test_a_store_without_a_column_that_came_later_is_read_and_written_on(store, column):
    rewritten(store, lambda frame: frame.drop(columns=column))
    _goes_on(store)


def test_a_store_with_a_column_of_a_later_version_is_read_and_written_on(store):
    rewritten(store, lambda frame: frame.assign(what_a_later_version_adds=pd.NA))
    _goes_on(store)


def test_how_a_source_fared_is_read_from_older_and_newer_versions(store):
    store.set_status(Status("s").after(NOW, "published", "Well."))
    file = store._objects.folder / "status/s.json"
    said = json.loads(file.read_text())
    del said["seal"]  # came later
    file.write_text(json.dumps(said | {"what_a_later_version_adds": 1}, indent=1))
    assert store.status("s").last_success == NOW
    for name in ("read_as", "remarks"):  # came later
        said.pop(name, None)
    file.write_text(json.dumps(said, indent=1))
    assert store.statuses()["s"].last_success == NOW


def test_a_layout_of_a_later_version_is_refused_and_left_as_it_is(store):
    file = store._objects.folder / "current.json"
    pointer = json.loads(seal.unsealed(file.read_bytes())) | {"schema": 99, "earliest": "7.1.0"}
    file.write_bytes(seal.sealed(json.dumps(pointer, indent=1).encode()))
    before = {path: path.read_bytes() for path in file.parent.rglob("*.parquet")}
    publication = Publication("s", figures({"source": "s", "via": "s", "value": 2}), "second")
    with pytest.raises(StoreBroken, match=r"needs Nuzuh 7\.1\.0 or later; upgrade this one"):
        store.publish(publication, now=NOW)
    assert json.loads(seal.unsealed(file.read_bytes())) == pointer
    assert {path: path.read_bytes() for path in file.parent.rglob("*.parquet")} == before


def test_a_store_says_which_version_reads_it_and_one_of_the_first_layout_is_read(store):
    """An office goes back after an upgrade: the older version must say that it cannot."""
    file = store._objects.folder / "current.json"
    pointer = json.loads(seal.unsealed(file.read_bytes()))
    assert (pointer["schema"], pointer["earliest"]) == (2, "0.2.0")
    older = {name: value for name, value in pointer.items() if name != "earliest"}
    file.write_text(json.dumps(older | {"schema": 1}, indent=1))
    _goes_on(store)
    assert json.loads(seal.unsealed(file.read_bytes()))["schema"] == 2
