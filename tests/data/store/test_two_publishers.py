"""Two publishers at once, in a folder and at an S3 address: one waits, nothing is lost."""

import multiprocessing
import socket
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from data.store import Document, Publication, Store, StoreBroken, StoreBusy, objects
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
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
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


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.filterwarnings("default")  # the S3 server's own libraries warn
def test_at_an_s3_address_what_a_publisher_sent_is_kept_once(bucket, tmp_path):
    """Without its bytes a figure could not be traced, nor read again by a better reader."""
    at = datetime(2026, 11, 24, 6, tzinfo=UTC)
    sent = [
        Document(f"{n}.json", f"https://example.org/{n}", b'{"n": %d}' % n, at) for n in range(2)
    ]
    store = Store(bucket, tmp_path / "cache")
    first = store.keep("s", sent)
    assert [found.body for found in store.documents("s", first)] == [d.body for d in sent]
    lying = store._objects.list("raw")
    assert len(lying) == len(sent)
    store.keep("s", [replace(d, fetched_at=at + timedelta(days=1)) for d in sent])
    assert store._objects.list("raw") == lying
    assert len(store.fetches("s")) == 2


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.filterwarnings("default")  # the S3 server's own libraries warn
def test_at_an_s3_address_a_run_holds_its_source_until_it_ends(bucket):
    one, two = Store(bucket), Store(bucket)
    with one.lock_source("s"):
        with pytest.raises(StoreBusy, match="wait for it"), two.lock_source("s"):
            pass
        with two.lock_source("t"):
            pass
    with two.lock_source("s"):
        pass


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.filterwarnings("default")
def test_at_an_s3_address_a_run_that_died_is_not_waited_for_for_ever(bucket, monkeypatch):
    monkeypatch.setattr(objects, "CLAIM", -timedelta(minutes=1))
    died = Store(bucket).lock_source("s")
    died.__enter__()
    with Store(bucket).lock_source("s"):
        pass


def _hold(address, held):
    """Hold a source until killed."""
    objects.BEAT, objects.CLAIM = 0.2, timedelta(seconds=2)
    with Store(address).lock_source("s"):
        held.set()
        time.sleep(60)


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.filterwarnings("default")
def test_at_an_s3_address_a_long_run_keeps_its_source_and_a_killed_one_gives_it_back(bucket):
    """An hour's claim of a killed worker kept its source from being asked for that hour."""
    context = multiprocessing.get_context("spawn")
    held = context.Event()
    worker = context.Process(target=_hold, args=(bucket, held))
    worker.start()
    assert held.wait(60)
    time.sleep(3)  # longer than the claim lasts without being renewed
    with pytest.raises(StoreBusy, match="wait for it"), Store(bucket).lock_source("s"):
        pass
    worker.kill()
    worker.join(10)
    time.sleep(2.5)
    with Store(bucket).lock_source("s"):
        pass


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.filterwarnings("default")
def test_at_an_s3_address_whoever_lost_its_claim_does_not_end_the_next_ones(bucket, monkeypatch):
    monkeypatch.setattr(objects, "CLAIM", -timedelta(minutes=1))
    slept = Store(bucket).lock_source("s")
    slept.__enter__()
    monkeypatch.setattr(objects, "CLAIM", timedelta(minutes=1))
    with Store(bucket).lock_source("s"):
        slept.__exit__(None, None, None)
        with pytest.raises(StoreBusy), Store(bucket).lock_source("s"):
            pass


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.filterwarnings("default")
def test_a_bucket_that_is_not_there_is_one_sentence_without_credentials(bucket):
    with pytest.raises(StoreBroken, match="check the address") as caught:
        Store("s3://figures-elsewhere/nuzuh").current().figures()
    assert "test" not in str(caught.value)
