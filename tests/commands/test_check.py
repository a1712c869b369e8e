"""`nuzuh check`: a text goes in, every number comes out with a verdict, nothing stays behind."""

import csv
import io
import json
import os
import subprocess
import sys
import tomllib
import zipfile
from datetime import date
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner

from commands.main import main
from data.settings import ROOT

ARTICLE = """Snow lay on the hills when the first families set out from Idlib.

About 700,000 people have fled their homes in the province since December, the United Nations
said on Tuesday. A recent push displaced nearly a million. Türkiye hosts some 3.7 million Syrian
refugees.

Donors gave 27 per cent of the US$ 336 million asked for.
"""
"""In words of our own, after what the press wrote in the last days of February 2020."""
DAY = date(2020, 2, 28)


def checked(store, *words, given=None):
    result = CliRunner().invoke(
        main, ["--store", store.address, "check", *map(str, words)], input=given
    )
    assert result.exit_code == 0, result.output
    return result.stdout_bytes


def claims(store, *words, given=ARTICLE):
    return json.loads(checked(store, "-", "--json", *words, given=given))["claims"]


def test_the_article_that_this_project_began_from(store):
    found = claims(store, f"--published-on={DAY}")
    about, nearly, hosts, share, money = found
    # The UN's number of 11 February, overtaken by 900,000 and 948,000 within two weeks.
    assert about["verdict"] == "confirmed_then"
    assert about["figures"][0]["as_of"] == "2020-02-11"
    assert about["newer"]["value"] == 948_000
    assert nearly["verdict"] == "rounded"
    assert 948_000 in {figure["value"] for figure in nearly["figures"]}
    assert hosts["verdict"] == "differs"
    assert [(f["publisher"], f["as_of"]) for f in hosts["figures"][:2]] == [
        ("UNHCR", "2020-02-27"),
        ("UNHCR", "2020-01-30"),
    ]
    assert {share["verdict"], money["verdict"]} == {"not_understood"}
    for claim in found:
        assert ARTICLE[claim["start"] : claim["end"]] == claim["raw"]
    for claim in (about, nearly, hosts):
        figure = claim["figures"][0]
        assert figure["source_url"] in claim["citation"]
        assert figure["figure_id"] in claim["citation"]


REWORDED = tomllib.loads((Path(__file__).with_name("article.toml")).read_text("utf-8"))


@pytest.mark.parametrize("language", ["en", "ar", "tr"])
def test_the_article_has_its_three_verdicts_however_it_is_worded(store, language):
    """ "Fled Idlib" and "in Idlib", "Ankara hosts" and "refugees in Türkiye" are one statement."""
    for text in REWORDED[language]:
        about, nearly, hosts = claims(store, f"--published-on={DAY}", given=text)
        assert about["verdict"] == "confirmed_then", text
        assert (about["figures"][0]["value"], about["figures"][0]["as_of"]) == (
            700_000,
            "2020-02-11",
        )
        assert about["newer"]["value"] == 948_000
        assert nearly["verdict"] == "rounded", text
        assert 948_000 in {figure["value"] for figure in nearly["figures"]}
        assert hosts["verdict"] == "differs", text
        best = hosts["figures"][0]
        assert (best["publisher"], best["value"]) == ("UNHCR", 3_600_000)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "نزح نحو 700 ألف شخص في شمال غرب سوريا منذ 1 كانون الأول 2019."),
        ("tr", "BM'ye göre 1 Aralık 2019'dan bu yana kuzeybatı Suriye'de 700 bin kişi kaçtı."),
    ],
)
def test_a_text_and_its_sentences_may_be_arabic_or_turkish(store, language, text):
    (claim,) = claims(store, f"--lang={language}", "--published-on=2020-02-11", given=text)
    assert (claim["value"], claim["verdict"]) == (700_000, "confirmed")
    assert "OCHA" in claim["sentence"] or "أوتشا" in claim["sentence"]


def test_a_word_file_has_a_footnote_of_its_own_for_each_verdict(store, tmp_path):
    (tmp_path / "a.txt").write_text(ARTICLE, "utf-8")
    made = checked(store, tmp_path / "a.txt", "--format=docx", f"--published-on={DAY}")
    document = docx.Document(io.BytesIO(made))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "nearly a million" in text
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        notes = packed.read("word/footnotes.xml").decode()
        body = packed.read("word/document.xml").decode()
    assert body.count("w:footnoteReference") == 3
    assert "948,000" in notes
    # What was written is read again, the footnotes' numbers not among it.
    again = json.loads(checked(store, "-", "--json", "--name=a.docx", given=made))["claims"]
    assert 700_000 in {claim["value"] for claim in again}


def test_a_spreadsheet_has_a_row_for_each_number(store, tmp_path):
    (tmp_path / "a.txt").write_text(ARTICLE, "utf-8")
    body = checked(store, tmp_path / "a.txt", "--format=csv", f"--published-on={DAY}")
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    assert [row["verdict"] for row in rows][:3] == ["confirmed_then", "rounded", "differs"]


def odt(text):
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>'
        f"<text:p>{text}</text:p></office:text></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        packed.writestr("content.xml", content)
    return out.getvalue()


def test_many_files_of_many_kinds_are_checked_in_one_call(store, tmp_path):
    said = "Some 948,000 people have been displaced in north-west Syria since 1 December 2019."
    (tmp_path / "a.txt").write_text(said, "utf-8")
    (tmp_path / "b.html").write_text(f"<p>{said}</p>", "utf-8")
    (tmp_path / "c.odt").write_bytes(odt(said))
    document = docx.Document()
    document.add_paragraph(said)
    document.save(str(tmp_path / "d.docx"))
    paths = sorted(tmp_path.iterdir())
    found = json.loads(checked(store, *paths, "--json", "--published-on=2020-02-26"))["files"]
    assert [one["file"] for one in found] == [str(path) for path in paths]
    assert {one["claims"][0]["verdict"] for one in found} == {"confirmed"}


def test_a_document_that_opens_into_gigabytes_is_one_sentence(store):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"<a>" + b"0" * 60_000_000)
    result = CliRunner().invoke(
        main, ["--store", store.address, "check", "-", "--json"], input=out.getvalue()
    )
    assert result.exit_code == 1
    assert "larger than a report can be" in result.stderr


def test_nothing_of_a_text_is_written_anywhere_or_said_in_a_log(store, tmp_path):
    """People paste what is not public yet."""
    pasted = "Zerzevan said that 948,123 people have been displaced in Idleb since 1 December 2019."
    environment = os.environ | {"NUZUH_STORE": store.address, "TMPDIR": str(tmp_path)}
    environment |= {"HOME": str(tmp_path), "NUZUH_PUBLIC": "true", "NUZUH_LOG": "json"}
    before = {path: path.stat().st_mtime_ns for path in Path(store.address).rglob("*")}
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "check", "-", "--json"],
        input=pasted.encode(),
        capture_output=True,
        env=environment,
        cwd=ROOT,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["claims"][0]["value"] == 948_123
    assert b"Zerzevan" not in done.stdout + done.stderr
    assert {path: path.stat().st_mtime_ns for path in Path(store.address).rglob("*")} == before
    assert list(tmp_path.rglob("*")) == []


def test_figures_are_found_from_a_number_back(store):
    result = CliRunner().invoke(
        main, ["--store", store.address, "figures", "--value", "٩٤٨٬٠٠٠", "--format", "json"]
    )
    found = json.loads(result.stdout)
    assert found
    assert {row["value"] for row in found} == {948_000}


def test_a_region_is_named_by_the_place_that_people_fled(store):
    """ "Syria" instead would tell the reader that the press calls the country so."""
    text = "Some 700,000 people fled Idlib since 1 December 2019, the UN said."
    said = checked(store, "-", f"--published-on={DAY}", given=text).decode()
    assert "which the press often calls Idleb" in said
