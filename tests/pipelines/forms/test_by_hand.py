"""What a person brings by hand: forms, the same checks, a preview, and no half import."""

import csv
import io
import json
import zipfile

import pandas as pd
import pytest
import xlsxwriter
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as some

from commands.main import main
from data.analysis import border
from data.gazetteer import area, crossings
from data.store import Document, FigureFilter, Store
from pipelines import registry
from pipelines.errors import SourceChanged
from pipelines.forms import templates
from pipelines.publishers.workbook import UNPACKED
from pipelines.sources import camp_ledger, crossing_status, pmm_provinces
from tests.effort import tries
from tests.run_contexts import NOW, bytes_of

URL = "https://www.goc.gov.tr/gecici-koruma5638"
FORMS = ("pmm_provinces", "camp_ledger", "crossing_status")
PROVINCES = "province,as_of,syrians,source_url\n"
HATAY = f"Hatay,2026-09-17,203412,{URL}\n"
CAMPS = (
    "place,p_code,as_of,counted_since,families_total,families_left,families_remaining,"
    "publisher,source_url\n"
)


def nuzuh(store, *words, answers=None):
    return CliRunner().invoke(main, ["--store", str(store), *map(str, words)], input=answers)


def bring(store, source, path, *options):
    return nuzuh(store, "import", source, path, *options)


def shown(store, source):
    return Store(str(store)).current().figures(FigureFilter(source=(source,)))


def workbook(path, rows):
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("cover").write_string(0, 0, "Read the next sheet")
        sheet = book.add_worksheet("counts")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for n, row in enumerate(rows):
            for m, cell in enumerate(row):
                if isinstance(cell, pd.Timestamp):
                    sheet.write_datetime(n, m, cell.to_pydatetime(), day)
                else:
                    sheet.write(n, m, cell)
    return path


# Forms


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_form_as_written_imports_nothing(tmp_path, form, ending):
    """Its example is no figure: an office that sends it back unfilled must publish nothing."""
    path = tmp_path / f"form{ending}"
    assert nuzuh(tmp_path / "store", "import", "--template", form, "-o", path).exit_code == 0
    result = bring(tmp_path / "store", form, path)
    assert result.exit_code == 1
    assert "no filled row" in result.stderr
    assert not (tmp_path / "store" / "current.json").exists()


@pytest.mark.parametrize("form", FORMS)
def test_the_example_of_a_form_is_a_row_that_would_be_accepted(tmp_path, form):
    """A person copies it: it must show what is right."""
    template = registry.templates()[form]
    path = tmp_path / "form.csv"
    path.write_bytes(templates.written(template, "csv"))
    text = path.read_text("utf-8-sig")
    *notes, heading, example = text.splitlines()
    assert all(line.lstrip('"').startswith("#") for line in notes)
    path.write_text(f"{heading}\n{example.removeprefix('# ')}\n", "utf-8")
    result = bring(tmp_path / "store", form, path, "--publisher", "Example", "--url", URL)
    assert result.exit_code == 0, result.output
    assert f"{form}: published" in result.stdout


def test_a_form_goes_to_the_screen_where_no_file_is_named():
    result = CliRunner().invoke(main, ["import", "--template", "pmm_provinces"])
    assert result.stdout_bytes.startswith(b"\xef\xbb\xbf#")
    assert "province,plate,p_code" in result.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["import", "--template", "nosuch"],
        ["import", "--template", "pmm_provinces", "-o", "form.ods"],
        ["import", "pmm_provinces"],
        ["import", "pmm_provinces", "x.csv", "--url", "the web"],
    ],
    ids=lambda words: " ".join(words[1:]),
)
def test_a_slip_of_the_hand_is_exit_2(tmp_path, words):
    assert nuzuh(tmp_path, *words).exit_code == 2


# Encodings and shapes of the same table

TABLE = (("İl", "Tarih", "Kayıtlı Suriyeli", "Kaynak"), ("Şanlıurfa", "2026-09-17", "245.100", URL))


def as_csv(separator, encoding):
    return "\r\n".join(separator.join(row) for row in TABLE).encode(encoding)


@pytest.mark.parametrize(
    "body",
    [
        as_csv(",", "utf-8"),
        as_csv(",", "utf-8-sig"),
        as_csv(";", "utf-8"),
        as_csv(";", "utf-8-sig"),
        as_csv("\t", "utf-16"),
        b"PMM table\n\n" + as_csv(",", "utf-8"),
    ],
    ids=["comma", "comma mark", "semicolon", "semicolon mark", "excel unicode", "banner"],
)
def test_the_same_table_is_read_however_a_spreadsheet_saved_it(tmp_path, body):
    path = tmp_path / "provinces.csv"
    path.write_bytes(body)
    result = bring(tmp_path / "store", "pmm_provinces", path)
    assert result.exit_code == 0, result.output
    (row,) = shown(tmp_path / "store", "pmm_provinces").to_dict("records")
    assert (row["place_code"], row["value"], row["value_raw"]) == ("TUR063", 245_100, "245.100")
    assert (row["population_group"], row["unit"], row["measure"]) == ("REF", "people", "stock")
    assert (row["origin_code"], row["asylum_location_code"]) == ("SYR", "TUR")


def test_a_workbook_is_read_from_the_sheet_that_has_the_headings(tmp_path):
    rows = [
        ["province", "as_of", "syrians", "source_url"],
        ["Kilis", pd.Timestamp("2026-09-17"), 70_123, URL],
    ]
    path = workbook(tmp_path / "provinces.xlsx", rows)
    assert bring(tmp_path / "store", "pmm_provinces", path).exit_code == 0
    (row,) = shown(tmp_path / "store", "pmm_provinces").to_dict("records")
    assert (row["place_code"], row["value"], str(row["as_of"])[:10]) == (
        "TUR079",
        70_123,
        "2026-09-17",
    )
    assert row["locator"] == "provinces.xlsx: row 2"


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * (UNPACKED + 1))
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<!DOCTYPE html><html>Log in</html>", "web page"),
        ("il,syrians\nŞanlıurfa,1".encode("cp1254"), "UTF-8"),
        (b"PK\x03\x04 no workbook", "workbook"),
        (b"", "empty"),
        (b"a,b\n1,2\n", "lacks the column syrians"),
        (b"\x00\x01\x02\x03", "no table"),
    ],
    ids=["page", "charset", "torn", "empty", "headings", "bytes"],
)
def test_a_file_that_is_no_form_is_one_sentence(tmp_path, body, says):
    path = tmp_path / "file.csv"
    path.write_bytes(body)
    result = bring(tmp_path / "store", "pmm_provinces", path)
    assert result.exit_code == 1
    assert says in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "file.xlsx"
    path.write_bytes(bomb())
    assert "unpacks to more than" in bring(tmp_path / "store", "pmm_provinces", path).stderr


# Rows


def test_every_bad_row_is_named_with_its_reason_and_nothing_is_imported(tmp_path):
    path = tmp_path / "provinces.csv"
    bad = {
        3: (f"Hataj,2026-09-17,1,{URL}", "province 'Hataj' is not known"),
        4: (f"Kilis,17/09/2026,1,{URL}", "is no day"),
        5: (f"Mardin,2026-09-17,many,{URL}", "'many' is no whole number"),
        6: (f"Mersin,2026-09-17,1.5,{URL}", "'1.5' is no whole number"),
        7: ("Adana,2026-09-17,1,", "no address"),
        8: (f"Hatay,2026-09-17,5,{URL}", "same province and day as row 2"),
        9: (f"Adana,2999-01-01,1,{URL}", "lies in the future"),
        10: (f"Adana,2026-09-17,-4,{URL}", "'-4' is no whole number"),
    }
    path.write_text(PROVINCES + HATAY + "\n".join(line for line, _ in bad.values()), "utf-8")
    result = bring(tmp_path / "store", "pmm_provinces", path)
    assert result.exit_code == 1
    for row, (_, reason) in bad.items():
        assert f"row {row}: " in result.stderr
        assert reason in result.stderr
    assert "row 2:" not in result.stderr
    assert not (tmp_path / "store" / "current.json").exists()


@pytest.mark.parametrize("title", ["Suriyeliler (bin kişi)", "Syrians by province, in thousands"])
def test_a_title_that_says_thousands_is_not_read_past(tmp_path, title):
    """Hatay would have 203 Syrians."""
    path = tmp_path / "provinces.csv"
    path.write_text(f'"{title}",,,\n' + PROVINCES + f"Hatay,2026-09-17,203,{URL}\n", "utf-8")
    result = bring(tmp_path / "store", "pmm_provinces", path)
    assert result.exit_code == 1
    assert f"is in thousands by {title!r} in row 1; write each number whole" in result.stderr


def test_a_dot_between_thousands_beside_a_comma_is_a_guess_and_refused(tmp_path):
    """66.319 beside 203,412 may be sixty-six people and a bit, or 66,319 of them."""
    path = tmp_path / "provinces.csv"
    path.write_text(
        PROVINCES.replace(",", ";")
        + f"Hatay;2026-09-17;203,412;{URL}\nKilis;2026-09-17;66.319;{URL}\n",
        "utf-8",
    )
    result = bring(tmp_path / "store", "pmm_provinces", path)
    assert result.exit_code == 1
    assert "row 3: syrians '66.319' has '.' between thousands where row 2 has ','" in result.stderr
    path.write_text(path.read_text("utf-8").replace("203,412", "203.412"), "utf-8")
    assert bring(tmp_path / "store", "pmm_provinces", path).exit_code == 0
    rows = shown(tmp_path / "store", "pmm_provinces").set_index("place_code")
    assert rows["value"].to_dict() == {"TUR031": 203_412, "TUR079": 66_319}


def test_name_plate_and_p_code_must_mean_one_province(tmp_path):
    path = tmp_path / "provinces.csv"
    heading = "province,plate,p_code,as_of,syrians,source_url\n"
    path.write_text(f"{heading}Hatay,31,TUR031,2026-09-17,1,{URL}\n,79,,2026-09-17,2,{URL}\n")
    assert bring(tmp_path / "store", "pmm_provinces", path).exit_code == 0
    assert set(shown(tmp_path / "store", "pmm_provinces")["place_code"]) == {"TUR031", "TUR079"}
    path.write_text(f"{heading}Hatay,32,,2026-09-17,1,{URL}\n,99,,2026-09-17,2,{URL}\n")
    result = bring(tmp_path / "store", "pmm_provinces", path)
    assert "different places" in result.stderr
    assert "plate '99'" in result.stderr


def test_a_blank_is_no_zero(tmp_path):
    path = tmp_path / "provinces.csv"
    path.write_text(PROVINCES + f"Hatay,2026-09-17,-,{URL}\nKilis,2026-09-17,0,{URL}\n")
    assert bring(tmp_path / "store", "pmm_provinces", path).exit_code == 0
    rows = shown(tmp_path / "store", "pmm_provinces").set_index("place_code")
    assert pd.isna(rows.loc["TUR031", "value"])
    assert rows.loc["TUR031", "missing_reason"] == "not_reported"
    assert rows.loc["TUR079", "value"] == 0


def test_a_total_that_the_81_provinces_do_not_make_is_kept_and_flagged(tmp_path):
    lines = [f",{n},2026-09-17,100,{URL}" for n in range(1, 82)]
    path = tmp_path / "provinces.csv"
    heading = "province,plate,as_of,syrians,source_url\n"
    path.write_text(heading + "\n".join([*lines, f"Toplam,,2026-09-17,8200,{URL}"]))
    result = bring(tmp_path / "store", "pmm_provinces", path)
    assert "8,100" in result.stdout
    rows = shown(tmp_path / "store", "pmm_provinces").set_index("place_code")
    assert rows.loc["TUR", "value"] == 8_200
    flagged = rows["caveat"].str.contains("parts_do_not_add").fillna(False)
    assert rows.index[flagged].tolist() == ["TUR"]
    # PMM's own count says on every row that it is of temporary protection.
    assert rows["caveat"].str.contains("temporary_protection").all()


def test_camp_lists_whose_parts_do_not_add_are_kept_and_flagged(tmp_path):
    path = tmp_path / "camps.csv"
    path.write_text(
        CAMPS
        + f"Dana,SY070301,2025-12-07,2024-12-08,5200,3100,2200,Authority,{URL}\n"
        + f"Harim sub-district,,2025-12-07,2024-12-08,300,100,200,Authority,{URL}\n"
    )
    result = bring(tmp_path / "store", "camp_ledger", path)
    assert result.exit_code == 0, result.output
    assert "5,300" in result.stdout
    rows = shown(tmp_path / "store", "camp_ledger")
    assert set(rows["unit"]) == {"families"}
    flagged = rows[rows["caveat"].str.contains("parts_do_not_add")]
    assert set(flagged["place_code"]) == {"SY070301"}
    assert sorted(flagged["value"]) == [2_200, 3_100, 5_200]
    left = rows[rows["population_group"] == "IDP_DEP"].set_index("place_code")
    assert (left.loc["SY070300", "measure"], left.loc["SY070300", "value"]) == ("cumulative", 100)
    assert str(left.loc["SY070300", "cumulative_since"])[:10] == "2024-12-08"


def test_a_governorates_total_is_held_against_its_sub_districts(tmp_path):
    path = tmp_path / "camps.csv"
    path.write_text(
        CAMPS
        + f"Idleb governorate,,2025-12-07,2024-12-08,,1000,900,Authority,{URL}\n"
        + f"Dana,SY070301,2025-12-07,2024-12-08,,600,500,Authority,{URL}\n"
        + f"Harim,SY070300,2025-12-07,2024-12-08,,500,400,Authority,{URL}\n"
    )
    assert bring(tmp_path / "store", "camp_ledger", path).exit_code == 0
    rows = shown(tmp_path / "store", "camp_ledger")
    flagged = rows[rows["caveat"].str.contains("parts_do_not_add")]
    assert flagged[["place_code", "value"]].values.tolist() == [["SY07", 1000]]
    assert flagged["note"].tolist() == ["The published parts add up to 1,100"]


@pytest.mark.parametrize(
    "heading",
    [
        *("camp_name", "Camp", "اسم المخيم", "Latitude", "site_name", "Site", "GPS", "lon", "X"),
        *("Enlem", "_location_latitude", "إحداثيات"),
    ],
)
def test_a_list_with_names_or_positions_of_camps_is_refused_whole(tmp_path, heading):
    """Places like these were bombed: they may not even be stored in a published table."""
    path = tmp_path / "camps.csv"
    first, *rest = CAMPS.strip().split(",")
    path.write_text(
        ",".join([first, *rest, heading]) + f"\nDana,SY070301,2025-12-07,,,,5,A,{URL},X\n"
    )
    result = bring(tmp_path / "store", "camp_ledger", path)
    assert result.exit_code == 1
    assert "never" in result.stderr
    assert not (tmp_path / "store" / "current.json").exists()


def test_a_place_finer_than_a_sub_district_is_no_place_of_a_camp_list(tmp_path):
    path = tmp_path / "camps.csv"
    path.write_text(
        CAMPS + f"Atma camp,,2025-12-07,,,,5,A,{URL}\nX,C4126,2025-12-07,,,,5,A,{URL}\n"
    )
    result = bring(tmp_path / "store", "camp_ledger", path)
    assert "row 2:" in result.stderr
    assert "row 3:" in result.stderr


def test_crossing_statuses_pile_up_and_the_newest_shows(tmp_path):
    store = tmp_path / "store"
    path = tmp_path / "crossings.csv"
    heading = "crossing,status,as_of,publisher,source_url\n"
    path.write_text(heading + f"Cilvegözü,open,2026-06-01,Logistics Cluster,{URL}\n")
    assert bring(store, "crossing_status", path).exit_code == 0
    path.write_text(
        heading
        + f"bab-al-hawa,suspended,2026-07-01,Logistics Cluster,{URL}\n"
        + f"جرابلس,restricted,2026-07-01,Governorate,{URL}\n"
    )
    assert bring(store, "crossing_status", path).exit_code == 0
    kept = Store(str(store)).current().table("crossing_statuses")
    assert len(kept) == 3
    newest = border.status_on(crossings.table(), kept, NOW.date()).set_index("crossing_code")
    assert newest.loc["bab-al-hawa", "status"] == "closed"
    assert newest.loc["jarablus", "status_source"] == "Governorate"
    carried = crossings.table().set_index("crossing_code")
    assert newest.loc["al-raee", "status"] == carried.loc["al-raee", "status"]
    path.write_text(heading + f"Nowhere,open,2026-06-01,X,{URL}\nKasab,ajar,2026-06-01,X,{URL}\n")
    result = bring(store, "crossing_status", path)
    assert "crossing 'Nowhere' is not known" in result.stderr
    assert "status 'ajar'" in result.stderr
    assert len(Store(str(store)).current().table("crossing_statuses")) == 3


# Preview, question, provenance


def test_a_preview_shows_what_would_change_and_changes_nothing(tmp_path):
    store, path = tmp_path / "store", tmp_path / "provinces.csv"
    path.write_text(PROVINCES + HATAY + f"Kilis,2026-09-17,70000,{URL}\n")
    assert bring(store, "pmm_provinces", path).exit_code == 0
    path.write_text(
        PROVINCES
        + HATAY.replace("203412", "203999")
        + f"Kilis,2026-09-17,70000,{URL}\nMardin,2026-09-17,80000,{URL}\n"
    )
    before = bytes_of(store)
    result = bring(store, "pmm_provinces", path, "--preview")
    assert result.exit_code == 0, result.output
    assert "1 new, 1 changed, 1 same, 0 withdrawn." in result.stdout
    (line,) = [text for text in result.stdout.splitlines() if text.startswith("changed")]
    assert line.split()[-2:] == ["203412", "203999"]
    told = json.loads(bring(store, "pmm_provinces", path, "--preview", "--json").stdout)
    assert {row["place_code"]: row["change"] for row in told["figures"]} == {
        "TUR031": "changed",
        "TUR079": "same",
        "TUR047": "new",
    }
    assert bytes_of(store) == before
    assert bring(store, "pmm_provinces", path).exit_code == 0
    assert len(Store(str(store)).current().vintages(FigureFilter(source=("pmm_provinces",)))) == 4


def test_a_preview_of_a_bad_file_is_its_sentence(tmp_path):
    path = tmp_path / "provinces.csv"
    path.write_text(PROVINCES + f"Hataj,2026-09-17,1,{URL}\n")
    result = bring(tmp_path / "store", "pmm_provinces", path, "--preview")
    assert result.exit_code == 1
    assert "row 2: province 'Hataj' is not known" in result.stderr


def test_a_wild_number_is_held_and_the_preview_says_so_before(tmp_path):
    store, path = tmp_path / "store", tmp_path / "provinces.csv"
    path.write_text(PROVINCES + HATAY)
    bring(store, "pmm_provinces", path)
    path.write_text(PROVINCES + f"Hatay,2026-10-17,2034120,{URL}\n")
    assert "Would be held" in bring(store, "pmm_provinces", path, "--preview").stdout
    result = bring(store, "pmm_provinces", path)
    assert result.exit_code == 1
    assert "pmm_provinces: held" in result.stderr
    assert shown(store, "pmm_provinces")["value"].tolist() == [203_412]
    assert "2034120" in nuzuh(store, "accept", "pmm_provinces", "--show").stdout
    assert nuzuh(store, "accept", "pmm_provinces").exit_code == 0
    assert len(shown(store, "pmm_provinces")) == 2


def test_an_older_month_typed_later_is_no_doubt(tmp_path):
    store, path = tmp_path / "store", tmp_path / "provinces.csv"
    path.write_text(PROVINCES + HATAY)
    bring(store, "pmm_provinces", path)
    path.write_text(PROVINCES + f"Hatay,2026-08-17,204000,{URL}\n")
    result = bring(store, "pmm_provinces", path)
    assert result.exit_code == 0, result.output
    assert len(shown(store, "pmm_provinces")) == 2


def test_on_a_terminal_a_person_is_asked_and_no_is_no(tmp_path, monkeypatch):
    store, path = tmp_path / "store", tmp_path / "provinces.csv"
    path.write_text("province,as_of,syrians\nHatay,2026-09-17,203412\n")
    monkeypatch.setattr("commands.import_file.on_a_terminal", lambda: True)
    no = nuzuh(store, "import", "pmm_provinces", path, answers=f"\n{URL}\n2026-09-18\nAmal\nn\n")
    assert no.exit_code == 0, no.output
    assert "1 new" in no.stdout
    assert not (store / "current.json").exists()
    yes = nuzuh(store, "import", "pmm_provinces", path, answers=f"\n{URL}\n2026-09-18\nAmal\ny\n")
    assert yes.exit_code == 0, yes.output
    (row,) = shown(store, "pmm_provinces").to_dict("records")
    assert (row["source_url"], str(row["published_on"])[:10]) == (URL, "2026-09-18")


def test_who_typed_it_is_stored_and_never_published(tmp_path):
    store, path = tmp_path / "store", tmp_path / "provinces.csv"
    path.write_text("province,as_of,syrians\nHatay,2026-09-17,203412\n")
    options = ("--url", URL, "--published-on", "2026-09-18", "--typed-by", "Amal Example")
    assert bring(store, "pmm_provinces", path, *options).exit_code == 0
    opened = Store(str(store))
    (fetch, *_) = opened.fetches("pmm_provinces")
    (document,) = opened.documents("pmm_provinces", fetch)
    assert document.query["typed_by"] == "Amal Example"
    assert document.url == URL
    listed = nuzuh(store, "figures", "--source", "pmm_provinces").stdout
    assert "Amal" not in listed
    (row,) = csv.DictReader(io.StringIO(listed))
    assert (row["source_url"], row["published_on"], row["known_from"]) == (
        URL,
        "2026-09-18",
        "2026-09-18",
    )
    assert row["content_sha256"] == document.sha256
    assert nuzuh(store, "verify").exit_code == 0


def test_what_comes_by_hand_is_never_due(tmp_path):
    result = nuzuh(tmp_path, "run", "pmm_provinces")
    assert result.exit_code == 0
    assert "nuzuh import pmm_provinces FILE" in result.stdout
    listed = json.loads(nuzuh(tmp_path, "sources", "--json").stdout)["sources"]
    assert {r["source"]: r["next_due"] for r in listed}["camp_ledger"] == "by hand"


def test_a_formula_in_a_cell_is_text_in_every_export(tmp_path):
    """A publisher's name that a spreadsheet would run on a colleague's machine."""
    store, path = tmp_path / "store", tmp_path / "camps.csv"
    path.write_text(CAMPS + f'Dana,,2025-12-07,,,,5,"=HYPERLINK(""http://x"")",{URL}\n')
    assert bring(store, "camp_ledger", path).exit_code == 0
    listed = nuzuh(store, "figures", "--source", "camp_ledger").stdout
    (row,) = csv.DictReader(io.StringIO(listed))
    assert row["publisher"] == '\'=HYPERLINK("http://x")'
    out = tmp_path / "figures.xlsx"
    words = ("figures", "--source", "camp_ledger", "--format", "xlsx", "-o", out)
    assert nuzuh(store, *words).exit_code == 0
    with zipfile.ZipFile(out) as book:
        sheets = [book.read(n) for n in book.namelist() if n.startswith("xl/worksheets/")]
    assert not any(b"<f>" in sheet for sheet in sheets)


# Any file whatever


@settings(max_examples=tries(300, 80))
@example(pmm_provinces.SOURCE, b"\x01\x0b\xc2\x80")  # a vertical tab breaks a line too
@given(
    some.sampled_from([pmm_provinces.SOURCE, camp_ledger.SOURCE, crossing_status.SOURCE]),
    some.one_of(
        some.binary(max_size=200),
        some.lists(
            some.lists(
                some.sampled_from(
                    ["province", "place", "crossing", "as_of", "syrians", "families_left", "status",
                     "families_remaining", "source_url", "Hatay", "Dana", "2026-01-01", "12", "-",
                     "open", URL, "#", "=1+1", "publisher", "Idleb", "٣٤", "1e9", "counted_since"]
                ),
                max_size=9,
            ),
            max_size=8,
        ).map(lambda rows: "\n".join(",".join(row) for row in rows).encode()),
    ),
)  # fmt: skip
def test_any_file_is_figures_or_a_named_refusal(source, body):
    document = Document("file.csv", URL, body, NOW)
    try:
        reading = source.read([document], area.load("idlib"))
    except SourceChanged as refusal:
        assert len(str(refusal).splitlines()) == 1  # noqa: PT017 - the refusal is one of two goods
        return
    assert len(reading.figures) or reading.tables


# What a hand or a spreadsheet makes of a number ---------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (
            f"province,as_of,source_url,syrians\nHatay,2026-09-17,{URL},203,412\n",
            "row 2: it has 5 cells and the heading has 4",
        ),
        (f"{PROVINCES}Hatay,2026-09-17,203,412,{URL}\n", "row 2: it has 5 cells"),
        (
            f"province,as_of,source_url,syrians\nHatay,2026-09-17,{URL}\n",
            "row 2: it ends before the heading does",
        ),
        (f"{PROVINCES}Hatay,1926-09-17,203412,{URL}\n", "row 2: as_of '1926-09-17' is no day"),
        (f"{PROVINCES}Hatay,2006-09-17,203412,{URL}\n", "before anybody was registered"),
    ],
)
def test_a_row_that_a_comma_or_a_slip_moved_is_refused_by_its_number(tmp_path, lines, says):
    """203,412 without quotes was published as 203 people; 1926 for 2026 stood in the history."""
    path = tmp_path / "provinces.csv"
    path.write_text(lines, "utf-8")
    result = bring(tmp_path / "store", "pmm_provinces", path)
    assert result.exit_code == 1
    assert says in result.stderr


def sheet_with(path, change, rows=()):
    """A form of one province and what `change` does to its sheet."""
    cells = [["province", "as_of", "syrians", "source_url"], ["Hatay", "2026-09-17", 203_412, URL]]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("counts")
        for n, row in enumerate([*cells, *rows]):
            sheet.write_row(n, 0, row)
        change(book, sheet)
    return path


@pytest.mark.parametrize("share", [1, 0.2034])
def test_a_cell_that_shows_a_share_is_no_count(tmp_path, share):
    """A cell that shows 100 % holds a 1, which is not one person."""
    path = sheet_with(
        tmp_path / "provinces.xlsx",
        lambda book, sheet: sheet.write_number(1, 2, share, book.add_format({"num_format": "0%"})),
    )
    result = bring(tmp_path / "store", "pmm_provinces", path)
    assert "row 2: syrians has a percentage" in result.stderr


def test_one_number_merged_over_two_provinces_is_of_neither(tmp_path):
    path = sheet_with(
        tmp_path / "provinces.xlsx",
        lambda book, sheet: sheet.merge_range(1, 2, 2, 2, 203_412),
        [["Adana", "2026-09-17", "", URL]],
    )
    result = bring(tmp_path / "store", "pmm_provinces", path)
    assert "row 2: syrians has one number for several rows; row 3" in result.stderr


def test_a_hidden_column_of_counts_is_told(tmp_path):
    """Who looks at the file sees no number, and a number is published."""
    path = sheet_with(
        tmp_path / "provinces.xlsx",
        lambda _, sheet: sheet.set_column(2, 2, None, None, {"hidden": True}),
    )
    result = bring(tmp_path / "store", "pmm_provinces", path)
    assert "columns that the workbook hides were read: syrians" in result.output


def test_a_total_with_a_colon_and_a_plate_with_a_nought_are_understood(tmp_path):
    path = tmp_path / "provinces.csv"
    rows = ["province;plate;as_of;syrians;source_url", f"Genel Toplam:;;2026-09-17;2900000;{URL}"]
    path.write_text("\n".join([*rows, f";031;2026-09-17;203412;{URL}"]), encoding="utf-8")
    assert bring(tmp_path / "store", "pmm_provinces", path).exit_code == 0
    found = shown(tmp_path / "store", "pmm_provinces")
    assert sorted(found["place_code"]) == ["TUR", "TUR031"]


def test_a_sheet_of_numbers_without_headings_is_told(tmp_path):
    path = sheet_with(
        tmp_path / "provinces.xlsx",
        lambda book, _: book.add_worksheet().write_row(0, 0, ["Adana", "2026-08-17", 5]),
    )
    result = bring(tmp_path / "store", "pmm_provinces", path)
    assert result.exit_code == 0
    assert "sheet 2 left out, which has numbers and no headings of the form" in result.output


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("p.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old or locked workbook"),
        ("p.xls", b"<table><tr><td>province</td></tr></table>", "web page"),
        ("p.ods", "content.xml", "not an .xlsx workbook"),
        ("p.xlsb", "xl/workbook.bin", "not an .xlsx workbook"),
    ],
)
def test_workbooks_whose_errors_would_not_be_seen_are_refused(tmp_path, name, body, says):
    """An error in an ODS or XLSB file reads as an empty cell: "not reported" would be published."""
    path = tmp_path / name
    if isinstance(body, str):
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr(body, "x")
    else:
        path.write_bytes(body)
    result = bring(tmp_path / "store", "pmm_provinces", path)
    assert says in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
