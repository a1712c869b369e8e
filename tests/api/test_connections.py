"""What the page "Use these figures elsewhere" hands out does in each tool what it says."""

import io
import json
import re
import shutil
import socket
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pyarrow.parquet
import pytest
import requests

from data.publication import connections, layers
from data.schema.tables import FIGURES
from data.store import Store
from tests import clients
from visuals.language.words import LANGUAGES, Words
from visuals.map import qgis_layer

IDLEB = [("within", "SY07"), ("group", "IDP")]
SYSTEM_PYTHON = Path("/usr/bin/python3")


def parsed(body):
    return ElementTree.fromstring(body)  # noqa: S314 - our own bytes


@pytest.fixture(scope="module")
def root(served):
    return served.removesuffix(connections.API)


@pytest.fixture(scope="module")
def rows(root):
    """What the API says, as a person who checks it reads it."""
    return requests.get(connections.address(root, "figures", IDLEB), timeout=60).json()


def test_the_line_for_pandas_reads_the_figures(root, rows):
    address = connections.address(root, "figures", [*IDLEB, ("format", "parquet")])
    found = {}
    exec(connections.pandas(address, guarded=False), found)  # noqa: S102 - our own line
    assert found["figures"]["value"].sum() == sum(row["value"] or 0 for row in rows)
    assert list(found["figures"]["figure_id"]) == [row["figure_id"] for row in rows]


class Ranged(io.RawIOBase):
    """A file at an address, read by ranges as DuckDB and Arrow read one; it counts what it got."""

    def __init__(self, address):
        self.address, self.at, self.got = address, 0, 0
        head = requests.head(address, timeout=60)
        assert head.headers["Accept-Ranges"] == "bytes"
        self.size = int(head.headers["Content-Length"])

    def seekable(self):
        return True

    def readable(self):
        return True

    def tell(self):
        return self.at

    def seek(self, offset, whence=io.SEEK_SET):
        self.at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size}[whence]
        return self.at

    def readinto(self, buffer):
        if self.at >= self.size or not len(buffer):
            return 0
        last = min(self.at + len(buffer), self.size) - 1
        asked = {"Range": f"bytes={self.at}-{last}"}
        part = requests.get(self.address, headers=asked, timeout=60)
        assert part.status_code == 206
        assert part.headers["Content-Range"] == f"bytes {self.at}-{last}/{self.size}"
        buffer[: len(part.content)] = part.content
        self.at += len(part.content)
        self.got += len(part.content)
        return len(part.content)


def test_one_column_is_read_by_ranges_without_the_whole_file(root):
    """DuckDB and Arrow fetch the end of the file and then the columns that are asked for."""
    address = connections.address(root, "figures", [("within", "SYR"), ("format", "parquet")])
    file = Ranged(address)
    column = pyarrow.parquet.ParquetFile(file).read(["value"])["value"]
    whole = pd.read_parquet(io.BytesIO(requests.get(address, timeout=60).content))
    assert column.to_pandas().sum() == whole["value"].sum()
    assert file.got < file.size / 2


def test_the_line_for_duckdb_reads_the_figures(root, rows):
    """By ranges: of one column it fetches less than half of the file."""
    address = connections.address(root, "figures", [*IDLEB, ("format", "parquet")])
    told = clients.told("duckdb_over_http", connections.duckdb(address, guarded=False))
    names = [column.name for column in FIGURES.columns]
    found = [dict(zip(names, row, strict=True)) for row in told["rows"]]
    assert [one["figure_id"] for one in found] == [row["figure_id"] for row in rows]
    values = [None if row["value"] is None else str(row["value"]) for row in rows]
    assert [one["value"] for one in found] == values
    whole = connections.address(root, "figures", [("within", "SYR"), ("format", "parquet")])
    line = connections.duckdb(whole, guarded=False).replace("*", "sum(value)", 1)
    told = clients.told("duckdb_over_http", line)
    got = requests.get(whole, timeout=60).content
    assert told["rows"] == [[str(pd.read_parquet(io.BytesIO(got))["value"].sum())]]
    assert told["fetched"] < len(got) / 2


def test_the_line_for_r_reads_the_figures(root, rows):
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("R is not installed here (Debian: r-base-core)")
    address = connections.address(root, "figures", [*IDLEB, ("format", "csv")])
    line = connections.r(address, guarded=False)
    line += "cat(nrow(figures), format(sum(figures$value, na.rm = TRUE), scientific = FALSE))"
    told = subprocess.run(
        [rscript, "-e", line], capture_output=True, text=True, timeout=60, check=True
    )
    assert told.stdout.split() == [str(len(rows)), str(sum(row["value"] or 0 for row in rows))]


def test_the_table_holds_the_published_values_and_no_others(root, rows):
    got = requests.get(connections.address(root, "table", IDLEB), timeout=60)
    cells = [re.findall(r"<t[dh]>(.*?)</t[dh]>", line) for line in got.text.splitlines()]
    told = [dict(zip(connections.TABLE, line, strict=True)) for line in cells if line][1:]
    assert [one["figure_id"] for one in told] == [row["figure_id"] for row in rows]
    assert [one["value"] for one in told] == [
        "" if row["value"] is None else str(row["value"]) for row in rows
    ]
    assert "default-src 'none'" in got.headers["Content-Security-Policy"]


def test_libreoffice_fills_the_spreadsheet_and_shows_what_the_api_says(root, rows, tmp_path):
    if (
        shutil.which("soffice") is None
        or subprocess.run([SYSTEM_PYTHON, "-c", "import uno"]).returncode
    ):
        pytest.skip("LibreOffice and its Python are not installed here (Debian: python3-uno)")
    book = tmp_path / "connected.xlsx"
    table = connections.address(root, "table", [*IDLEB, ("lang", "ar")])
    book.write_bytes(connections.workbook(table, "Use these figures elsewhere", notes=["…"]))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    script = Path(__file__).with_name("refresh_in_libreoffice.py")
    size = [str(len(connections.TABLE)), str(len(rows) + 1)]
    done = subprocess.run(
        [SYSTEM_PYTHON, script, str(port), tmp_path / "profile", book, *size],
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert done.returncode == 0, done.stderr
    heading, *cells = json.loads(done.stdout)
    assert heading == list(connections.TABLE)
    at = heading.index("value")
    assert [line[at] for line in cells] == [row["value"] for row in rows]


def test_the_spreadsheet_holds_no_figure_and_one_connection():
    made = connections.workbook('http://127.0.0.1/t?a=1&b="2"', "Title & more", notes=["<b>"])
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        trees = {name: parsed(parts.read(name)) for name in parts.namelist()}
    (web,) = trees["xl/connections.xml"].iter(f"{{{connections._MAIN}}}webPr")
    assert web.get("url") == 'http://127.0.0.1/t?a=1&b="2"'
    assert not [cell for cell in trees["xl/worksheets/sheet1.xml"].iter() if cell.get("t") == "n"]
    assert connections.workbook("http://a/b", "x", notes=[]) == connections.workbook(
        "http://a/b", "x", notes=[]
    )


@pytest.mark.parametrize("guarded", [False, True])
def test_the_power_query_text_names_every_typed_column_and_splits_host_and_query(guarded):
    address = connections.address("https://h.example", "figures", [*IDLEB, ("format", "csv")])
    text = connections.power_query(address, guarded=guarded)
    assert '"https://h.example"' in text
    assert 'RelativePath = "nuzuh/api/v1/figures"' in text
    assert 'Query = [#"within" = "SY07", #"group" = "IDP", #"format" = "csv"]' in text
    assert ("Bearer TOKEN" in text) is guarded
    for column in FIGURES.columns:
        assert (f'{{"{column.name}",' in text) is (column.kind not in ("text", "timestamp"))
    for opened, closed in ("()", "[]", "{}"):
        assert text.count(opened) == text.count(closed)


def test_a_text_of_power_query_says_marks_and_characters_as_they_are():
    """`#(lf)` inside quotation marks is a line break to Power Query: another source altogether."""
    address = connections.address("https://h.example", "figures", [("source", 'a "b" #(lf)')])
    text = connections.power_query(address, guarded=False)
    assert '#"source" = "a ""b"" #(#)(lf)"' in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_layer_file_names_layers_that_are_served_and_shows_one_count_at_a_time(
    store, root, language
):
    """Circles of two sources over one another would be read as one number."""
    release = Store(store).current()
    figures = layers.newest(release)
    address = f"{root}{connections.OGC}"
    listed = layers.collections(release)
    made = qgis_layer.render(Words(language), address, listed, figures, with_outline=frozenset())
    tree = parsed(made)
    there = requests.get(f"{address}/collections", timeout=60).json()["collections"]
    sources = [one.text for one in tree.iter("datasource")]
    assert len(sources) == len(listed)
    assert {re.search(r"typename='([^']+)'", one)[1] for one in sources} == {
        each["id"] for each in there
    }
    for layer in tree.iter("maplayer"):
        rules = list(layer.iter("rule"))
        assert len([rule for rule in rules if rule.get("checkstate") != "0"]) == 1
        symbols = layer.find("renderer-v2/symbols")
        assert {rule.get("symbol") for rule in rules} == {s.get("name") for s in symbols}
    assert [one.get("checked") for one in tree.iter("layer-tree-layer")].count("Qt::Checked") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_layer_calls_the_protected_what_their_publisher_does(store, language):
    """Türkiye's provinces count Syrians under temporary protection: no refugees in its law."""
    release, words = Store(store).current(), Words(language)
    figures = layers.newest(release)
    listed = layers.collections(release)
    made = qgis_layer.render(words, "http://h/ogc", listed, figures, with_outline=frozenset())
    tree = parsed(made)
    of_pmm = [
        rule.get("label")
        for rule in tree.iter("rule")
        if "'stock'" in rule.get("filter") and "'PMM'" in rule.get("filter")
    ]
    assert of_pmm
    assert all(label.startswith(words("group.REF.protected")) for label in of_pmm)
