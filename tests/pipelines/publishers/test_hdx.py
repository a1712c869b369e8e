"""HDX: files found anew on every run, at its own addresses alone, and its CSV in every dress."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from data.settings import Settings
from data.store import Document
from pipelines.errors import SourceChanged, SourceUnavailable
from pipelines.http.client import Client
from pipelines.publishers import hdx
from tests.servers.hdx import HdxServer

SLUG = "syr-example"
TABLE = "id,name,value\n#id,#adm1 +name,#affected+idps\n1,Idleb,5\n2,Şeyh,-\n"


@pytest.fixture
def server():
    with HdxServer() as running:
        yield running


def asked(server):
    client = Client("test", retries=0, backoff=0, interval=0, timeout=(2, 2))
    return client, Settings(url={"HDX": server.base_url})


def document(body, name="table"):
    body = body if isinstance(body, bytes) else body.encode()
    return Document(name, "https://data.humdata.org/x", body, datetime(2026, 11, 24, tzinfo=UTC))


def described(*resources):
    answer = {"success": True, "result": {"resources": list(resources)}}
    return document(json.dumps(answer), f"{SLUG}/package")


def one(named):
    return lambda found: [("file", hdx.newest(found, SLUG, named))]


def http(test):
    for mark in (pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])):
        test = mark(test)
    return test


@http
def test_a_file_is_found_again_after_every_upload(server):
    """Identifiers and addresses change: one written down would fetch last month for ever."""
    server.put(SLUG, "Round 1.csv", b"a\n1\n")
    first = list(hdx.fetch_files(*asked(server), SLUG, one("round")))
    server.put(SLUG, "Round 1.csv", b"a\n2\n")
    second = list(hdx.fetch_files(*asked(server), SLUG, one("round")))
    assert [d.name for d in first] == [f"{SLUG}/package", "file"]
    assert [first[1].body, second[1].body] == [b"a\n1\n", b"a\n2\n"]
    assert first[1].url != second[1].url


@http
def test_a_file_replaced_between_look_up_and_end_is_no_answer(server):
    """Two rounds of two editions would stand beside one another as if they were one."""
    server.put(SLUG, "a.csv", b"a\n1\n")
    server.put(SLUG, "b.csv", b"a\n1\n")
    server.replaced = lambda: server.put(SLUG, "a.csv", b"a\n9\n")
    both = lambda found: [(r.name, r) for r in sorted(found, key=lambda r: r.name)]  # noqa: E731
    with pytest.raises(SourceUnavailable, match="replaced while it was being fetched"):
        list(hdx.fetch_files(*asked(server), SLUG, both))
    assert len(list(hdx.fetch_files(*asked(server), SLUG, both))) == 3


@http
def test_a_file_that_lies_elsewhere_is_never_asked_for(server):
    for url in ("https://example.org/a.csv", "http://data.humdata.org/a.csv", "file:///etc/passwd"):
        resource = hdx.Resource("1", "a", url, "CSV", "", "")
        with pytest.raises(SourceUnavailable, match="another host"):
            hdx.download(*asked(server), resource, "a")
    assert server.asked == []


@http
def test_a_dataset_that_is_gone_says_where_it_was_asked(server):
    with pytest.raises(SourceUnavailable, match=r"package_show answered 404"):
        hdx.package(*asked(server), "no-such-dataset")


def test_the_file_changed_last_wins_among_those_that_fit():
    listed = hdx.resources(
        described(
            {
                "id": "2",
                "name": "Old",
                "url": "https://x/round-1.csv",
                "last_modified": "2025-01-01",
            },
            {"id": "1", "name": "Round 1", "url": "https://x/a.csv", "last_modified": "2026-01-01"},
            {"id": "3", "name": "Round 1", "url": "https://x/a.pdf", "last_modified": "2026-02-01"},
            {"id": "0", "name": "Round 1 without address", "last_modified": "2026-03-01"},
        )
    )
    assert hdx.newest(listed, SLUG, r"round[ -]1|\.csv$").id == "3"
    assert hdx.newest(listed, SLUG, r"\.csv$").id == "1"
    assert hdx.newest(listed, SLUG, r"round-1\.csv").id == "2"


def test_a_dataset_without_the_file_names_what_it_has():
    listed = hdx.resources(described({"name": "Readme", "url": "https://x/readme.pdf"}))
    with pytest.raises(SourceChanged, match=r"syr-example has no file.*'Readme'"):
        hdx.newest(listed, SLUG, "round")


@pytest.mark.parametrize("answer", ['{"result": []}', "[]", "3", '{"result": {"resources": [1]}}'])
def test_a_description_without_files_is_refused(answer):
    with pytest.raises(SourceChanged, match="lists no resources"):
        hdx.resources(document(answer, f"{SLUG}/package"))


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("tags", [True, False])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_reads_the_same_in_every_dress(mark, tags, end):
    lines = TABLE.splitlines()
    kept = lines if tags else [lines[0], *lines[2:]]
    found = dict(hdx.records(document(mark + end.join(kept) + end), ["id", "value"]))
    assert [row["name"] for row in found.values()] == ["Idleb", "Şeyh"]
    assert [row["value"] is None for row in found.values()] == [False, True]
    assert list(found) == ([3, 4] if tags else [2, 3])


@pytest.mark.parametrize(
    "printed", ["", " ", "-", "Not available", "N/A", "n/a", " not available "]
)
def test_what_stands_for_nothing_is_null_and_never_zero(printed):
    assert [row["b"] for _, row in hdx.records(document(f"a,b\n1,{printed}\n"))] == [None]
    assert [row["b"] for _, row in hdx.records(document("a,b\n1,0\n"))] == ["0"]


def test_a_number_sign_in_the_data_is_not_taken_for_tags():
    """A first row such as `#1` would vanish without a word if a lone sign made a tag."""
    assert [number for number, _ in hdx.records(document("a,b\n#1,5\n"))] == [2]
    assert hdx.is_tags(["#adm1+code", None, " ", "#date +start"])
    assert not hdx.is_tags([None, ""])
    assert not hdx.is_tags(["#adm1", "5"])


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (TABLE.encode("cp1254"), "is not UTF-8"),
        (TABLE.encode("utf-16"), "is not UTF-8"),
        ("a\nS\ufffdyh\n".encode(), "lost letters"),
        (b"a\n\x00\n", "is no text"),
        (b"", "no heading"),
        (b",,\n1,2,3\n", "no heading"),
        (b"id,name\n1,x\n", "no column value"),
        (b"id,value,value\n1,2,3\n", "several columns 'value'"),
        (b"id,value\n1,2,3\n", "Row 2 of table has more cells"),
        (b'id,value\n1,"2\n', "not readable as CSV"),
        (b'id,value\n1,"' + b"x" * 200_000 + b'"\n', "not readable as CSV"),
    ],
)
def test_a_table_in_another_shape_is_refused_in_a_sentence(body, says):
    with pytest.raises(SourceChanged, match=says):
        list(hdx.records(document(body), ["id", "value"]))


@given(some.binary() | some.text().map(str.encode))
def test_any_bytes_are_a_table_or_a_named_refusal(body):
    try:
        heading = hdx._heading(next(hdx._lines(document(body)), []), (), document(body))
        numbers = [number for number, _ in hdx.rows(document(body))]
    except SourceChanged:
        return
    assert len(set(numbers)) == len(numbers)
    assert len(set(heading)) == len(heading)
