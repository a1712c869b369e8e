"""An office that only reads: whole releases from an address, kept here, served while it is away."""

import json
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pandas as pd
import pytest

from data.schema.tables import TABLES
from data.store import Publication, Status, Store, StoreBroken, StoreEmpty, StoreNotWritable
from data.store import mirror as mirrors
from data.store.mirror import Mirror
from tests.builders import figures

NOW = datetime(2026, 11, 24, tzinfo=UTC)
pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.filterwarnings("default"),
]


class Files(SimpleHTTPRequestHandler):
    """A plain web server over a folder; counts what it is asked, breaks off where it is told to."""

    def do_GET(self):
        path = self.path.removeprefix("/")
        self.server.asked.append(path)
        if self.server.breaks and self.server.breaks in path:
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(b"PAR1")
            self.close_connection = True
            return
        super().do_GET()

    def log_message(self, *_):
        pass


class Served:
    """The folder at an address, and whether anybody answers there."""

    def __init__(self, folder):
        self.folder = folder
        self.server = None
        self.port = None

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}/"

    def up(self):
        handler = partial(Files, directory=str(self.folder))
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port or 0), handler)
        self.server.asked, self.server.breaks = [], None
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def down(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def office(tmp_path):
    """A folder that is written, and a plain web server that shows it."""
    served = Served(tmp_path / "written")
    served.folder.mkdir()
    served.up()
    yield served
    served.down()


@pytest.fixture
def quick(monkeypatch):
    """A deadline for a line that is down that a test can wait for."""
    from data.store import objects

    monkeypatch.setattr(objects, "_RETRIES", {"max_retries": 0})


def _published(folder, value, source="s"):
    rows = figures({"source": source, "via": source, "value": value})
    return Store(str(folder)).publish(
        Publication(source, rows, f"{source} {value}"), now=datetime.now(UTC)
    )


def _values(store):
    return sorted(store.current().figures()["value"].tolist())


def test_a_second_office_reads_what_a_plain_web_server_shows(office, tmp_path):
    _published(office.folder, 1)
    mirror = Mirror(office.address, tmp_path / "cache")
    mirror.look()
    assert _values(mirror) == [1]
    asked = len(office.server.asked)
    mirror.look()
    assert office.server.asked[asked:] == ["current.json"], "an unchanged store costs one question"
    _published(office.folder, 2)
    _published(office.folder, 7, "other")
    asked = len(office.server.asked)
    mirror.look()
    assert _values(mirror) == [2, 7]
    assert len(mirror.current().vintages()) == 3
    again = [path for path in office.server.asked[asked:] if path.startswith("vintages/s/")]
    assert len(again) == 1, "a vintage that is here was fetched again"


def test_an_office_leaves_one_connection_open(office, tmp_path, monkeypatch):
    """A thousand offices would else take six thousand of a web server's connections."""
    open_now, at_most = set(), []

    class Counted(Files):
        protocol_version = "HTTP/1.1"

        def setup(self):
            super().setup()
            open_now.add(self)
            at_most.append(len(open_now))

        def finish(self):
            open_now.discard(self)
            super().finish()

    office.server.RequestHandlerClass = partial(Counted, directory=str(office.folder))
    for number in range(12):
        _published(office.folder, number, f"s{number}")
    mirror = Mirror(office.address, tmp_path / "cache")
    mirror.look()
    assert max(at_most) > 1, "files are fetched side by side"
    until = time.monotonic() + 10
    while len(open_now) > 1 and time.monotonic() < until:
        time.sleep(0.02)
    assert len(open_now) == 1
    mirror.look()
    assert len(open_now) == 1, "and the next look takes the one that is there"


def test_the_store_that_is_away_is_still_served_and_said_to_be_away(
    office, tmp_path, quick, monkeypatch
):
    _published(office.folder, 1)
    Mirror(office.address, tmp_path / "cache").look()
    office.down()
    monkeypatch.setattr(mirrors, "AWAY", timedelta(0))
    after_a_restart = Mirror(office.address, tmp_path / "cache")
    after_a_restart.look()
    release = after_a_restart.current()
    assert release.figures()["value"].tolist() == [1]
    assert release.away_since is not None
    office.up()
    _published(office.folder, 5)
    after_a_restart.look()
    assert _values(after_a_restart) == [5]
    assert after_a_restart.current().away_since is None


def test_where_nothing_was_ever_fetched_the_reason_is_one_sentence(office, tmp_path, quick):
    empty = Mirror(office.address, tmp_path / "cache")
    empty.look()
    with pytest.raises(StoreEmpty, match="check the address"):
        empty.current()
    office.down()
    away = Mirror(office.address, tmp_path / "other")
    away.look()
    with pytest.raises(StoreBroken, match="cannot be read"):
        away.current()
    office.up()


def test_a_file_that_breaks_off_leaves_the_release_that_is_whole(office, tmp_path, quick):
    _published(office.folder, 1)
    mirror = Mirror(office.address, tmp_path / "cache")
    mirror.look()
    _published(office.folder, 2)
    office.server.breaks = "figures/s.parquet"
    mirror.look()
    assert _values(mirror) == [1], "half a release was shown"
    office.server.breaks = None
    mirror.look()
    assert _values(mirror) == [2]


def test_an_altered_file_is_refused_by_its_hash(office, tmp_path):
    _published(office.folder, 1)
    mirror = Mirror(office.address, tmp_path / "cache")
    mirror.look()
    published = _published(office.folder, 2)
    file = office.folder / f"releases/{published.release_id}/figures/s.parquet"
    body = bytearray(file.read_bytes())
    body[100] ^= 1
    file.write_bytes(body)
    mirror.look()
    assert _values(mirror) == [1], "a number that nobody published was shown"


def test_a_file_lost_from_the_mirror_is_fetched_again(office, tmp_path):
    _published(office.folder, 1)
    mirror = Mirror(office.address, tmp_path / "cache")
    mirror.look()
    for file in (tmp_path / "cache").rglob("*.parquet"):
        file.unlink()
    mirror.look()
    assert _values(mirror) == [1]


def _entry(path, digest="0" * 64):
    return {"path": path, "sha256": digest, "bytes": 3, "rows": 1}


@pytest.mark.parametrize(
    "entry",
    [
        _entry("../../outside.parquet"),
        _entry("releases/../../outside.parquet"),
        _entry("/etc/passwd"),
        _entry("releases/x/figures/s.parquet", "../../outside"),
        _entry("current.json"),
    ],
)
def test_a_manifest_that_names_a_file_outside_of_the_store_is_no_manifest(
    office, tmp_path, quick, entry
):
    _published(office.folder, 1)
    pointer = json.loads((office.folder / "current.json").read_text())
    pointer["figures"]["s"] = entry
    (office.folder / "current.json").write_text(json.dumps(pointer))
    before = sorted(tmp_path.rglob("*"))
    mirror = Mirror(office.address, tmp_path / "cache")
    mirror.look()
    with pytest.raises(StoreBroken, match="not readable"):
        mirror.current()
    added = [path for path in tmp_path.rglob("*") if path not in before and path.is_file()]
    assert all(path.name.endswith(".lock") for path in added)
    assert Store(str(office.folder)).current().warning is not None


def test_how_sources_fare_comes_along(office, tmp_path):
    register = next(table for table in TABLES if table.name == "sources")
    kinds = {"text": "x", "integer": 1, "number": 1.0, "flag": False}
    row = {c.name: (c.vocabulary or [kinds.get(c.kind)])[0] for c in register.columns}
    row |= {"source": "s"}
    store = Store(str(office.folder))
    rows = figures({"source": "s", "via": "s"})
    listed = register.cast(pd.DataFrame([row]))
    store.publish(Publication("s", rows, "s", {"sources": listed}), now=NOW)
    store.set_status(Status("s").after(NOW, "failed", "The publisher is away; wait."))
    mirror = Mirror(office.address, tmp_path / "cache")
    mirror.look()
    assert mirror.statuses()["s"].sentence == "The publisher is away; wait."
    assert Store(office.address, tmp_path / "direct").statuses()["s"].failures == 1


def test_what_lies_at_an_https_address_is_never_written(office):
    _published(office.folder, 1)
    store = Store(office.address)
    with pytest.raises(StoreNotWritable, match="can only be read"):
        store.publish(Publication("s", figures({"source": "s"}), "s"), now=NOW)
    with pytest.raises(StoreNotWritable), store.lock_source("s"):
        pass
    with pytest.raises(StoreNotWritable):
        store.set_status(Status("s"))
    assert [line.id for line in store.releases()] == [store.current().id]


def test_a_stored_copy_is_asked_for_when_somebody_wants_it(office, tmp_path):
    from data.store import Document

    store = Store(str(office.folder))
    sent = Document("t", "https://example.org/t", b"a,b\n1,2\n", NOW)
    fetch = store.keep("s", [sent])
    rows = figures({"source": "s", "via": "s"})
    store.publish(Publication("s", rows, "s", fetch_id=fetch), now=NOW)
    mirror = Mirror(office.address, tmp_path / "cache")
    mirror.look()
    assert not any("raw" in path for path in office.server.asked)
    assert mirror.copy(mirror.current(), "s", sent.sha256) == b"a,b\n1,2\n"


def test_the_thread_follows_by_itself_and_ends_when_nobody_reads(office, tmp_path, monkeypatch):
    monkeypatch.setattr(mirrors, "LOOK", 0.05)
    _published(office.folder, 1)
    store = mirrors.serving(office.address, tmp_path / "cache")
    try:
        assert _values(store) == [1], "the first reader waits for the first look"
        _published(office.folder, 2)
        _wait(lambda: _values(store) == [2])
        monkeypatch.setattr(mirrors, "UNWATCHED", 0.0)
        _wait(lambda: not store._thread.is_alive())
        monkeypatch.setattr(mirrors, "UNWATCHED", 600.0)
        _published(office.folder, 3)
        assert mirrors.serving(office.address, tmp_path / "cache") is store
        _wait(lambda: _values(store) == [3])
    finally:
        mirrors.stop_all()


def _wait(seen, seconds=20):
    pause = threading.Event()
    for _ in range(int(seconds / 0.05)):
        if seen():
            return
        pause.wait(0.05)
    pytest.fail("it did not happen within the time that readers are promised")


def test_nobody_waits_for_ever_for_a_server_that_says_nothing(tmp_path, monkeypatch):
    from data.store import objects

    monkeypatch.setattr(objects, "_DEADLINES", {"read_timeout": "300ms"})
    monkeypatch.setattr(objects, "_RETRIES", {"max_retries": 0})
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mirror = Mirror(f"http://127.0.0.1:{silent.getsockname()[1]}/", tmp_path)
        mirror.look()
        with pytest.raises(StoreBroken, match="cannot be read"):
            mirror.current()
