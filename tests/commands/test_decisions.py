"""The record of decisions on the command line: whole, exported, and safe to open."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from commands.main import main
from data.store import Store
from tests.servers.oidc import ADMINISTRATOR

URL = "https://www.goc.gov.tr/gecici-koruma5638"


def nuzuh(folder, *words, **environment):
    return CliRunner().invoke(main, ["--store", str(folder), *words], env=environment)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store in which a form was imported, a second one held and rejected, and one rolled back."""
    folder = tmp_path_factory.mktemp("decided")
    path = folder / "provinces.csv"
    for number in ("245100", "2451000"):
        text = f"province,as_of,syrians,source_url\nŞanlıurfa,2026-09-17,{number},{URL}\n"
        path.write_text(text, encoding="utf-8")
        nuzuh(folder / "store", "import", "pmm_provinces", str(path), "--typed-by", ADMINISTRATOR)
    said = ("--by", ADMINISTRATOR, "--why", "=a digit too many")
    assert nuzuh(folder / "store", "reject", "pmm_provinces", *said).exit_code == 0
    return folder / "store"


def test_command_line_and_browser_share_one_record(store):
    found = json.loads(nuzuh(store, "decisions", "--json").stdout)["decisions"]
    told = [(one["kind"], one["by"], one["outcome"], one["state"]) for one in found]
    assert told == [
        ("reject", ADMINISTRATOR, "rejected", "done"),
        ("import", ADMINISTRATOR, "held", "done"),
        ("import", ADMINISTRATOR, "published", "done"),
    ]
    assert found[2]["release"] == Store(str(store)).current().id
    assert found[0]["held"] is None or found[0]["why"]


def test_the_record_is_exported_whole_and_opens_in_a_spreadsheet(store, tmp_path):
    """What people type must not be computed by the program that opens the file."""
    assert nuzuh(store, "decisions", "-o", str(tmp_path / "record.csv")).exit_code == 0
    text = (tmp_path / "record.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["kind"] for row in rows] == ["reject", "import", "import"]
    assert rows[0]["why"] == "'=a digit too many"
    assert rows[1]["file_name"] == "provinces.csv"
    assert len(rows[1]["file_sha256"]) == 64


def test_an_alert_that_was_changed_in_the_settings_is_in_the_record_once(tmp_path):
    alert = {"name": "team", "channels": ["json://127.0.0.1:9/token-of-the-team"]}

    def served(*alerts):
        given = {"NUZUH_ALERTS": json.dumps(alerts), "NUZUH_DISABLE": _everything()}
        assert nuzuh(tmp_path, "serve", "--once", **given).exit_code == 0

    served(alert)
    served(alert)
    served(alert | {"level": 2})
    served()
    found = Store(str(tmp_path)).decisions()
    assert [(one.given["alert"], one.given["change"]) for one in reversed(found)] == [
        ("team", "added"),
        ("team", "changed"),
        ("team", "removed"),
    ]
    assert "token-of-the-team" not in str(found)


def _everything():
    from pipelines.registry import SOURCES

    return ",".join(source.name for source in SOURCES)
