"""Two publishers at once, in a folder and at an S3 address: one waits, nothing is lost."""

import multiprocessing
import socket
from datetime import UTC, datetime

import pytest

from data.store import Publication, Store, StoreBusy
from data.store.objects import Objects
from tests.builders import figures

NOW = datetime(2026, 11, 24, tzinfo=UTC)
EACH = 5


def _publish(address, source):
    store = Store(address)
    for number in range(EACH):
        rows = figures({"source": source, "via": source, "value": number})
        store.publish(Publication(source, rows, source), now=datetime.now(UTC))


def test_in_a_folder_the_second_waits(tmp_path):
    address = str(tmp_path / "store")
    context = multiprocessing.get_context("fork")
    both = [context.Process(target=_publish, args=(address, name)) for name in ("one", "two")]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
        assert process.exitcode == 0
    release = Store(address).current()
    assert release.figures()["value"].tolist() == [EACH - 1, EACH - 1]
    assert len(release.vintages()) == 2 * EACH


def test_a_lock_that_is_held_too_long_is_one_sentence(tmp_path):
    one, two = Objects(str(tmp_path)), Objects(str(tmp_path))
    with (
        one.lock("publish"),
        pytest.raises(StoreBusy, match="wait for it"),
        two.lock("publish", wait=0.0),
    ):
        pass


@pytest.fixture
def bucket(monkeypatch):
    from moto.server import ThreadedMotoServer

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = ThreadedMotoServer("127.0.0.1", port)
    server.start()
    monkeypatch.setenv("AWS_ENDPOINT", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    import boto3

    boto3.client("s3", endpoint_url=f"http://127.0.0.1:{port}").create_bucket(Bucket="figures")
    yield "s3://figures/nuzuh"
    server.stop()


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.filterwarnings("default")  # the S3 server's own libraries warn
def test_at_an_s3_address_the_same_store_works(bucket, tmp_path):
    one = Store(bucket, tmp_path / "cache-one")
    one.publish(Publication("s", figures({"source": "s", "via": "s"}), "first"), now=NOW)
    two = Store(bucket, tmp_path / "cache-two")
    assert two.current().figures()["value"].tolist() == [100]
    body, mark = two._objects.pointer()
    changed = figures({"source": "s", "via": "s", "value": 7})
    one.publish(Publication("s", changed, "second"), now=NOW)
    with pytest.raises(StoreBusy):
        two._objects.swap_pointer(body, mark)  # a stale writer is refused
    more = figures({"source": "t", "via": "t", "value": 9})
    two.publish(Publication("t", more, "third"), now=NOW)
    assert sorted(one.current().figures()["value"]) == [7, 9]
    assert len(one.current().vintages()) == 3
