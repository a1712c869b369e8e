"""A damaged store: nothing of it is shown or built upon, and what can be is built again."""

import json
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from data.schema import tables
from data.store import Document, FigureFilter, Publication, Reread, Store, StoreBroken
from tests.builders import figures

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
UNCHANGED = {"place_code": "SY11", "admin1_code": "SY11", "value": 7}
"""So that a publish's vintages are other rows than all that it shows, and lie in no second file."""


def read(source, documents):
    """The office's reader: a JSON list of IDP stocks in Idleb, and one that stays as it is."""
    (document,) = documents
    rows = figures(*({"value": value} for value in json.loads(document.body)), UNCHANGED)
    rows["content_sha256"] = document.sha256
    return Reread(tables.FIGURES.rows(rows), {}, complete=True)


def numbers(rows):
    """What is said of Idleb."""
    return rows.loc[rows["place_code"] == "SY07", "value"].tolist()


def publish(store, value, at):
    document = Document("d", "https://example.org", json.dumps([value]).encode(), at)
    fetch = store.keep("test_source", [document])
    rows = read("test_source", [document]).figures
    return store.publish(Publication("test_source", rows, "run", fetch_id=fetch), now=at)


@pytest.fixture
def store(tmp_path):
    """Three days, three numbers."""
    store = Store(str(tmp_path / "store"))
    for day, value in enumerate((6329, 6330, 6331)):
        publish(store, value, NOW + timedelta(days=day))
    return store


def flip(store, path):
    """One bit, in the middle; the bytes before."""
    file = store._objects.folder / path
    before = file.read_bytes()
    bent = bytearray(before)
    bent[len(bent) // 2] ^= 16
    file.write_bytes(bent)
    return before


def repaired(store):
    return list(store.repair(read, now=NOW + timedelta(days=9)))


def test_a_flipped_bit_in_the_numbers_serves_the_release_before_and_is_built_again(store):
    """The siege: SY11 shown as 65,517 where 6,329 was published, and published again for good."""
    file = store.current().manifest.figures["test_source"]
    before = flip(store, file.path)
    served = store.current()
    assert numbers(served.figures()) == [6330]
    assert file.path in served.warning
    assert not served.newest
    with pytest.raises(StoreBroken, match="nuzuh repair"):
        publish(store, 7000, NOW + timedelta(days=3))
    faults = {
        f.path: f.sentence
        for f in store.verify(lambda s, d: tables.FIGURES.frame(read(s, d).figures))
    }
    assert faults == {file.path: "is not the file that was published"}
    (told,) = repaired(store)
    assert told.mended
    assert (store._objects.folder / file.path).read_bytes() == before
    assert numbers(store.current().figures()) == [6331]
    assert store.current().warning is None


@pytest.mark.parametrize("number", [0, 1, 2])
def test_damaged_vintages_leave_the_numbers_and_come_out_of_the_snapshots_again(store, number):
    """A year-old file of history must not take today's numbers off the screen."""
    file = store.current().manifest.vintages["test_source"][number]
    before = flip(store, file.path)
    served = store.current()
    assert (served.newest, served.history_lost) == (True, True)
    assert numbers(served.figures()) == [6331]
    with pytest.raises(StoreBroken, match="nuzuh repair"):
        served.figures(FigureFilter(as_known_on=NOW.date()))
    assert [told.mended for told in repaired(store)] == [True]
    assert (store._objects.folder / file.path).read_bytes() == before
    assert numbers(store.current().vintages()) == [6329, 6330, 6331]


def test_vintages_without_their_snapshot_are_found_again_in_kept_releases(store):
    """Where not even the publisher's answer is left, what was shown then is not lost with it."""
    root = store._objects.folder
    file = store.current().manifest.vintages["test_source"][1]
    flip(store, file.path)
    for raw in (root / "raw").rglob("*.gz"):
        raw.unlink()
    (told,) = [t for t in repaired(store) if t.path == file.path]
    assert told.mended
    assert "kept" in told.sentence
    after = store.current()
    assert (after.reason, after.warning) == ("repair", None)
    assert numbers(after.vintages()) == [6329, 6330, 6331]


@pytest.mark.parametrize("what", ["flipped", "cut", "gone"])
def test_a_damaged_pointer_is_written_again(store, what):
    pointer = store._objects.folder / "current.json"
    before = pointer.read_bytes()
    if what == "flipped":
        flip(store, "current.json")
    elif what == "cut":
        pointer.write_bytes(before[:100])
    else:
        pointer.unlink()
    assert numbers(store.current().figures()) == [6331]
    assert store.current().warning is not None
    assert [told.path for told in repaired(store)] == ["current.json"]
    assert pointer.read_bytes() == before


def test_a_manifest_altered_with_its_hashes_in_order_is_refused(store):
    """Whoever edits the pointer by hand, so that it names another number's file, is found out."""
    pointer = store._objects.folder / "current.json"
    told = json.loads(pointer.read_text())
    old = store.releases()[-1]
    told["figures"] = json.loads((pointer.parent / f"releases/{old.id}/manifest.json").read_text())[
        "figures"
    ]
    pointer.write_text(json.dumps(told, indent=1))
    assert store.current().warning is not None
    assert numbers(store.current().figures()) == [6331]


def test_a_table_is_read_again_from_its_snapshot(store, tmp_path):
    event = {"event_code": "e", "starts_on": "2023-02-06", "kind": "disaster"}
    rows = pd.DataFrame([event | {"place_code": "TUR", "source_url": "https://example.org"}])
    at = NOW + timedelta(days=4)
    fetch = store.keep("s", [Document("d", "https://example.org", b"an earthquake", at)])
    publication = Publication(
        "s", tables.FIGURES.empty(), "s", tables={"events": rows}, fetch_id=fetch
    )
    store.publish(publication, now=at)
    file = store.current().manifest.tables["events"]["s"]
    before = flip(store, file.path)
    again = Reread(tables.FIGURES.none, {"events": rows}, complete=True)
    (told,) = list(store.repair(lambda s, d: again if s == "s" else read(s, d), now=at))
    assert (told.path, told.mended) == (file.path, True)
    assert (tmp_path / "store" / file.path).read_bytes() == before


def test_what_cannot_be_built_again_is_said_and_nothing_is_made_up(store):
    root = store._objects.folder
    found = store.current().manifest
    for path in [f.path for f in found.files()]:
        flip(store, path)
    for raw in (root / "raw").rglob("*.gz"):
        raw.unlink()
    told = repaired(store)
    assert not all(each.mended for each in told)
    served = store.current()
    assert served.warning is not None
    assert numbers(served.figures()) == [6330]


def test_a_whole_store_has_nothing_to_mend(store):
    assert repaired(store) == []


def test_a_store_of_an_earlier_version_gets_its_seal(store):
    pointer = store._objects.folder / "current.json"
    told = json.loads(pointer.read_text())
    del told["seal"]
    pointer.write_text(json.dumps(told | {"schema": 1}, indent=1))
    assert numbers(store.current().figures()) == [6331]
    assert [each.path for each in repaired(store)] == ["current.json"]
    assert pointer.read_bytes().startswith(b'{"seal": "')
