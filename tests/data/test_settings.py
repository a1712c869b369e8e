"""A setting that is misspelt or cannot be used is told at once, in one sentence, by every command.

Ignored, it would look as if it worked: a key that is never sent, a source that is never left out.
"""

import json
import os

import pytest
from click.testing import CliRunner

from commands.main import main
from data import settings
from data.settings import BadConfiguration


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder to work in, without any setting."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("NUZUH_"):
            monkeypatch.delenv(name)
    return tmp_path


def refused():
    with pytest.raises(BadConfiguration) as told:
        settings.load()
    assert "\n" not in str(told.value)
    return str(told.value)


@pytest.mark.parametrize(
    ("written", "nearest"),
    [
        ("NUZUH_STROE", "NUZUH_STORE"),
        ("NUZUH_KEY_RELIFWEB", "NUZUH_KEY_RELIEFWEB"),
        ("NUZUH_URL_UNCHR", "NUZUH_URL_UNHCR"),
        ("NUZUH_DISABLED", "NUZUH_DISABLE"),
        ("nuzuh_prot", "NUZUH_PORT"),
        ("NUZUH_KEY", "NUZUH_KEY_"),
    ],
)
def test_a_variable_that_is_none_of_ours_is_named_with_the_nearest(
    folder, monkeypatch, written, nearest
):
    monkeypatch.setenv(written, "s3cret")
    told = refused()
    assert written.upper() in told
    assert f"nearest that there is: {nearest}" in told
    assert "s3cret" not in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('stroe = "x"', "'stroe'; the nearest that there is: store"),
        ("[url]\nUNCHR = 'https://x.org'", "'UNCHR'; the nearest that there is: UNHCR"),
        ("[key]\nreliefweb = 's3cret'", "'reliefweb'; the nearest that there is: RELIEFWEB"),
        ("[keys]\nDTM = 's3cret'", "'keys'; the nearest that there is: key"),
        ("key = 's3cret'", "must be a table"),
        ("port = 70000", "NUZUH_PORT"),
        ("port = 's3cret'", "NUZUH_PORT"),
        ("deadline = 0", "NUZUH_DEADLINE"),
        ("deadline = inf", "NUZUH_DEADLINE"),
        ("store = 'ftp://s3cret'", "NUZUH_STORE: must be a folder, or start with s3://"),
        ("address = 'example.org'", "NUZUH_ADDRESS: must be an address"),
        ("[url]\nUNHCR = 'example.org'", "NUZUH_URL_UNHCR: must be an address"),
        ("[url]\nUNHCR = 'http://[::1'", "NUZUH_URL_UNHCR"),
        ('[key]\nDTM = "s3cret\\u200b"', "NUZUH_KEY_DTM: holds a letter"),
        ('store = "a\\u0000"', "NUZUH_STORE: holds a letter"),
        ("store = ", "is not TOML"),
        ("a = " + "[" * 5_000, "is not TOML"),
    ],
)
def test_a_line_of_the_file_that_is_no_setting_or_cannot_be_used_is_named(folder, text, told):
    (folder / "nuzuh.toml").write_text(text, encoding="utf-8")
    sentence = refused()
    assert told in sentence
    assert "s3cret" not in sentence


def test_a_file_that_is_none_is_told_as_what_it_is(folder):
    file = folder / "nuzuh.toml"
    file.mkdir()
    assert "is a folder" in refused()
    file.rmdir()
    file.write_bytes('contact = "عمل"'.encode("cp1256"))
    assert "UTF-8" in refused()
    file.unlink()
    os.mkfifo(file)
    assert "no file at all" in refused()
    file.unlink()
    file.symlink_to(folder / "moved-away.toml")
    assert "no file at all" in refused(), "an office's whole configuration, gone without a word"


def test_an_empty_value_is_the_default(folder, monkeypatch):
    """A line of a unit or a form that somebody left empty; empty beats what the file says."""
    for name in ("STORE", "PORT", "DEADLINE", "PUBLIC", "KEY_DTM", "URL_UNHCR", "EDITIONS"):
        monkeypatch.setenv(f"NUZUH_{name}", " " if name == "PORT" else "")
    (folder / "nuzuh.toml").write_text('editions = "e"\narea = ""\n[key]\nRELIEFWEB = ""\n')
    found = settings.load()
    assert (found.port, found.public, found.area, found.editions) == (8501, True, "idlib", "")
    assert found.store == settings.Settings.model_fields["store"].default
    assert (found.key, found.url) == ({}, {})


def test_the_environment_comes_before_the_file_key_by_key(folder, monkeypatch):
    (folder / "nuzuh.toml").write_text('port = 1\n[key]\nDTM = "file"\nRELIEFWEB = "file"\n')
    monkeypatch.setenv("NUZUH_PORT", "2")
    monkeypatch.setenv("NUZUH_KEY_DTM", "variable")
    found = settings.load()
    assert (found.port, found.key) == (2, {"DTM": "variable", "RELIEFWEB": "file"})
    assert "variable" not in repr(found)


def test_what_is_set_anew_counts_at_once(folder, monkeypatch):
    """An administrator moves the store or makes the office public, and looks at the page."""
    file = folder / "nuzuh.toml"
    assert settings.load() is settings.load(), "a page asks a dozen times"
    assert settings.load().port == 8501
    file.write_text("port = 1111\n")
    assert settings.load().port == 1111
    file.write_text("port = 2222\n")
    assert settings.load().port == 2222
    monkeypatch.setenv("NUZUH_PORT", "3333")
    assert settings.load().port == 3333
    monkeypatch.delenv("NUZUH_PORT")
    assert settings.load().port == 2222
    file.unlink()
    assert settings.load().port == 8501
    file.symlink_to(folder / "moved-away.toml")
    assert "no file at all" in refused()


WRONG = {
    "variable": {"NUZUH_STROE": "x"},
    "source": {"NUZUH_DISABLE": "unhcr_populaton"},
    "area": {"NUZUH_AREA": "idlip"},
    "alerts": {"NUZUH_ALERTS": '[{"nmae": "x"}]'},
    "port": {"NUZUH_PORT": "x"},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_doctor_says_what_run_says(folder, monkeypatch, wrong):
    """A doctor that finds nothing where nothing runs sends the administrator elsewhere."""
    for name, value in WRONG[wrong].items():
        monkeypatch.setenv(name, value)
    looked = CliRunner().invoke(main, ["--store", "s", "doctor", "--json"])
    check = json.loads(looked.stdout)["checks"][0]
    assert (looked.exit_code, check["name"], check["state"]) == (1, "settings", "wrong")
    if wrong != "alerts":  # a run publishes all the same, and says it afterwards
        ran = CliRunner().invoke(main, ["--store", "s", "run", "published_figures"])
        assert ran.exit_code == 1
        assert ran.stderr.strip().removeprefix("Error: ") == check["sentence"]
    if wrong == "source":
        assert "unhcr_population" in check["sentence"]
