"""An office's own table: what it says is published, what it only seems to say is not."""

import io
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from commands.main import main as cli
from data.gazetteer import area
from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.forms import table_mapping
from pipelines.forms.provenance import Provenance
from pipelines.sources import any_table
from tests.builders import prepared

AREA = area.load("idlib")
COMMUNITIES = """Needs monitoring,,,,,,,,
Date,Governorate,Sub-district,Code,Name,Population,IDPs Individuals,IDPs HH,New IDPs last 30 days
2025-11-15,Idlib,Dana,C4121,Sarmada,"21,000","18,971",3162,210
2025-11-15,إدلب,Dana,C4130,Atma,"17,000","16,483",-,93
2025-11-15,IDLEB,Salqin,C4143,Azmarin,9000,7400,1233,0
Total,,,,,47000,42854,4395,303
"""
CAMPS = """م,المحافظة,الناحية,اسم المخيم,عدد العائلات,عدد النازحين
1,إدلب,الدانا,أ,120,600
2,إدلب,الدانا,ب,80,410
المجموع,,,,200,1010
"""
KOBO = """start;today;location/admin1;location/admin3_pcode;pop/idp_individuals;phone;_id
2025-12-01T08:00:00;2025-12-01;SY07;SY070301;1500;0999;1
2025-12-01T08:00:00;2025-12-01;SY07;SY070302;700;0999;2
"""


def document(body, name="table.csv", mapping=None, **said):
    provenance = Provenance("ACU", "https://example.org/table", date(2025, 12, 5), None, mapping)
    body = body.encode() if isinstance(body, str) else body
    return Document(
        name,
        provenance.address,
        body,
        datetime(2026, 11, 30, tzinfo=UTC),
        provenance.query() | said,
    )


def suggested(body, name="table.csv"):
    return table_mapping.suggested(document(body, name))


def read(body, mapping, name="table.csv"):
    documents = [document(body, name, mapping)]
    reading = any_table.read(documents, AREA)
    return prepared(any_table.SOURCE, reading, documents), reading.remarks


def values(figures):
    return {
        (row.place_code, row.population_group, row.unit): row.value for row in figures.itertuples()
    }


def test_a_table_of_communities_is_read_unchanged_and_summed_to_the_sub_district():
    """Dana's families lack one community's: the sum says so, and no community leaves the reader."""
    figures, remarks = read(COMMUNITIES, suggested(COMMUNITIES))
    assert values(figures) == {
        ("SY070301", "POP", "people"): 38_000,
        ("SY070302", "POP", "people"): 9_000,
        ("SY070301", "IDP", "people"): 35_454,
        ("SY070302", "IDP", "people"): 7_400,
        ("SY070301", "IDP", "families"): 3_162,
        ("SY070302", "IDP", "families"): 1_233,
    }
    assert set(figures["as_of"].dt.strftime("%Y-%m-%d")) == {"2025-11-15"}
    caveats = figures.set_index(["place_code", "unit", "population_group"])["caveat"]
    assert caveats["SY070301", "families", "IDP"] == "summed_from_parts partial_coverage"
    assert "Sarmada" not in figures.to_csv()
    assert any("Idleb: 42,854 people (IDP, 2025-11-15)." in remark for remark in remarks)
    assert any("New IDPs last 30 days" in remark for remark in remarks)


def test_what_is_not_certain_is_commented_out():
    said = suggested(COMMUNITIES)
    assert '# column = "New IDPs last 30 days"' in said
    assert all("New" not in count["column"] for count in tomllib.loads(said)["count"])
    assert "caveat" not in said


def test_a_list_of_camps_names_no_camp_and_says_that_it_counts_sites_only():
    said = suggested(CAMPS)
    found = tomllib.loads(said)
    assert found["caveat"] == "sites_only"
    assert [place["level"] for place in found["place"]] == ["admin1", "admin3"]
    assert "count" not in found  # whom the families are of nobody says
    assert "اسم المخيم" in found["leave_out"]
    with pytest.raises(SourceChanged, match=r"no \[\[count\]\]"):
        read(CAMPS, said)
    mended = said.replace('# as_of = "2026-01-31"', 'as_of = "2025-11-30"')
    for line in ("[[count]]", "column =", 'group = "IDP"', "measure =", "unit ="):
        mended = mended.replace(f"# {line}", line)
    figures, _ = read(CAMPS, mended)
    assert values(figures) == {
        ("SY070301", "IDP", "families"): 200,
        ("SY070301", "IDP", "people"): 1_010,
    }
    assert set(figures["caveat"]) == {"sites_only summed_from_parts"}


def test_an_export_of_kobo_is_read_by_the_day_it_was_asked():
    figures, _ = read(KOBO, suggested(KOBO))
    assert values(figures) == {
        ("SY070301", "IDP", "people"): 1_500,
        ("SY070302", "IDP", "people"): 700,
    }
    assert "0999" not in figures.to_csv()


def test_a_workbook_with_tags_under_its_heading_and_another_sheet():
    kept = io.BytesIO()
    rows = (
        ("Date", "Admin 3 Pcode", "IDP individuals"),
        ("#date", "#adm3+code", "#affected"),
        ("2025-10-31", "SY070301", 12),
    )
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        book.add_worksheet("Notes").write(0, 0, "Read me")
        sheet = book.add_worksheet("Data")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    figures, _ = read(kept.getvalue(), suggested(kept.getvalue(), "t.xlsx"), "t.xlsx")
    assert values(figures) == {("SY070301", "IDP", "people"): 12}


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("Idlib,Dana", "Idlib,Danna", "row 3: No code is written for the place 'Danna'"),
        ("Idlib,Dana", "Aleppo,Dana", "row 3"),
        ('"18,971"', "1.203", "row 3: '1.203' is no whole number"),
        ("2025-11-15,Idlib", "15/11/25,Idlib", "row 3"),
        (
            "2025-11-15,Idlib",
            "2026-11-15,Idlib",
            "row 3: it speaks of 2026-11-15 and was published",
        ),
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_nothing_is_imported(was, now, said):
    mapping = suggested(COMMUNITIES)
    with pytest.raises(SourceChanged, match=said):
        read(COMMUNITIES.replace(was, now, 1), mapping)
    figures, _ = read(COMMUNITIES.replace(was, now, 1), f"skip_rows = [3]\n{mapping}")
    assert values(figures)["SY070301", "IDP", "people"] == 16_483


def test_a_place_twice_is_no_sum_unless_a_person_says_that_its_rows_are_parts():
    mapping = suggested(COMMUNITIES).replace("sum_rows = true", "sum_rows = false")
    with pytest.raises(SourceChanged, match="row 4: SY070301 stands in row 3 too"):
        read(COMMUNITIES, mapping)


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ('group = "IDP"', 'group = "IDPS"', "'IDPS' of 'IDPs Individuals' is none of"),
        ('measure = "stock"', 'measure = "flow"', "no period_start"),
        ('as_of_column = "Date"', "", "either as_of or as_of_column"),
        ('column = "Population"', 'column = "People"', "no column 'People'"),
        ("heading_row = 2", "heading_row = [", "no TOML"),
    ],
)
def test_a_mapping_that_does_not_fit_says_what_to_mend(was, now, said):
    with pytest.raises(SourceChanged, match=said):
        read(COMMUNITIES, suggested(COMMUNITIES).replace(was, now, 1))


def test_nothing_is_published_on_a_guess():
    with pytest.raises(SourceChanged, match="--suggest"):
        any_table.read([document(COMMUNITIES)], AREA)


def test_the_command_suggests_and_imports_by_the_mapping(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("NUZUH_STORE", str(tmp_path / "store"))
    table = tmp_path / "table.csv"
    table.write_text(COMMUNITIES, encoding="utf-8")
    assert run("import", "any_table", table, "--suggest") == 0
    mapping = tmp_path / "map.toml"
    mapping.write_text(capsys.readouterr().out, encoding="utf-8")
    provenance = (
        "--publisher",
        "ACU",
        "--published-on",
        "2025-11-20",
        "--url",
        "https://example.org",
    )
    assert run("import", "any_table", table, "--map", mapping, *provenance) == 0
    assert "6 new" in capsys.readouterr().out
    assert run("import", "any_table", table, "--map", mapping) == 1
    assert "--publisher, --published-on, --url is missing" in capsys.readouterr().err


def run(*words: str | Path) -> int:
    with pytest.raises(SystemExit) as ended:
        cli([str(word) for word in words])
    return int(ended.value.code or 0)


SMALL = """adm1,adm3,community,date,IDPs individuals
SY07,SY070301,Atma,2025-10-31,1000
SY07,SY070301,Sarmada,2025-10-31,500
"""
SMALL_MAP = """heading_row = 1
as_of_column = "date"
sum_rows = true
[[place]]
column = "adm1"
level = "admin1"
by = "code"
[[place]]
column = "adm3"
level = "admin3"
by = "code"
[[count]]
column = "IDPs individuals"
group = "IDP"
measure = "stock"
unit = "people"
"""


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("1000", "1,000", "row 2: it has more cells than the heading"),
        (",1000", "", "row 2: it ends before the heading does"),
        ("Sarmada,2025-10-31,500", "Atma,2025-10-31,1000", "row 3: it repeats row 2"),
        ("2025-10-31,1000", "31/10/2025,1000", "row 2: '31/10/2025' is no day; write it as"),
        ("2025-10-31,1000", "1925-10-31,1000", "row 2: 1925-10-31 lies before anybody counted"),
    ],
)
def test_a_row_that_would_be_counted_wrong_is_refused_by_its_number(was, now, says):
    """1,000 without quotes became one person, and a row that stands twice became two."""
    with pytest.raises(SourceChanged, match=says):
        read(SMALL.replace(was, now), SMALL_MAP)


@pytest.mark.parametrize("label", ["Total", "Sub-total", "المجموع", "Toplam", "Dana total"])
def test_a_total_of_a_sub_district_among_its_communities_is_refused(label):
    """Rows are added: the sub-district would have twice its people."""
    body = SMALL + f"SY07,SY070301,{label},2025-10-31,1500\n"
    with pytest.raises(SourceChanged, match=f"row 4: '{label}' in community is a total"):
        read(body, SMALL_MAP)
    left_out = SMALL_MAP.replace("sum_rows", "skip_rows = [4]\nsum_rows")
    assert values(read(body, left_out)[0]) == {("SY070301", "IDP", "people"): 1500}


@pytest.mark.parametrize("label", ["Atma, of which women", "منهم نساء"])
def test_a_part_of_a_community_among_communities_is_refused(label):
    body = SMALL + f'SY07,SY070301,"{label}",2025-10-31,400\n'
    with pytest.raises(SourceChanged, match=f"row 4: '{label}' in community is a part"):
        read(body, SMALL_MAP)


def test_a_row_without_a_community_beside_communities_may_be_their_total():
    """A sheet's own sum without a label: the sub-district would have twice its people."""
    body = SMALL + "SY07,SY070301,,2025-10-31,1500\n"
    with pytest.raises(SourceChanged, match="row 4: it names no community beside rows"):
        read(body, SMALL_MAP)
    left_out = SMALL_MAP.replace("sum_rows", "skip_rows = [4]\nsum_rows")
    assert values(read(body, left_out)[0]) == {("SY070301", "IDP", "people"): 1500}
    elsewhere = SMALL + "SY07,SY070302,,2025-10-31,70\n"
    assert values(read(elsewhere, SMALL_MAP)[0])[("SY070302", "IDP", "people")] == 70


def test_a_community_that_stands_twice_with_other_numbers_is_told():
    _, remarks = read(SMALL + "SY07,SY070301,Atma,2025-10-31,900\n", SMALL_MAP)
    assert "Added together, though row 4 names the place of row 2." in remarks


@pytest.mark.parametrize(
    ("title", "heading", "unit"),
    [
        ("Number of families", "IDPs", "families"),
        ("IDPs in thousands", "IDPs individuals", "thousands"),
        ("List of October", "IDPs (HH)", "families"),
    ],
)
def test_a_unit_that_the_table_says_and_the_mapping_does_not_is_refused(title, heading, unit):
    """Families under the word people are a fifth of those who are there."""
    body = f"{title}\n" + SMALL.replace("IDPs individuals", heading)
    mapping = SMALL_MAP.replace("IDPs individuals", heading).replace("row = 1", "row = 2")
    with pytest.raises(SourceChanged, match=f"is in {unit} by .* its mapping says people"):
        read(body, mapping)
    if unit == "families":
        frame, _ = read(body, mapping.replace('unit = "people"', 'unit = "families"'))
        assert values(frame) == {("SY070301", "IDP", "families"): 1500}


def test_a_mapping_of_another_row_is_told_what_stands_there():
    with pytest.raises(
        SourceChanged, match=r"no column 'adm1'.* Its row 2 says 'SY07', .*mend the"
    ):
        read(SMALL, SMALL_MAP.replace("heading_row = 1", "heading_row = 2"))


def test_rows_that_nothing_tells_apart_may_be_alike():
    """Names of camps are taken out before a list is given away: two may have as many people."""
    body = SMALL.replace("Sarmada,", ",").replace("Atma,", ",").replace("500", "1000")
    assert values(read(body, SMALL_MAP)[0]) == {("SY070301", "IDP", "people"): 2000}


def test_codes_are_known_in_lower_case_and_utf_16_is_read():
    body = SMALL.replace("SY07", "sy07").encode("utf-16")
    assert values(read(body, SMALL_MAP)[0]) == {("SY070301", "IDP", "people"): 1500}
    assert 'by = "code"' in suggested(SMALL.replace("SY07", "sy07"))


def workbook_of(change):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for n, line in enumerate(SMALL.splitlines()):
            sheet.write_row(n, 0, [int(c) if c.isdigit() else c for c in line.split(",")])
        change(sheet)
    return out.getvalue()


def test_a_row_of_errors_is_no_blank_row():
    """All cells of a broken look-up are errors: the place would lose a community without a word."""

    def broken(sheet):
        for column in range(5):
            sheet.write_formula(1, column, "=A9", None, "#REF!")

    with pytest.raises(SourceChanged, match="row 2: adm1 has #REF!"):
        read(workbook_of(broken), SMALL_MAP, "t.xlsx")


def test_hidden_columns_of_an_offices_table_are_told():
    hidden = workbook_of(lambda sheet: sheet.set_column(4, 4, None, None, {"hidden": True}))
    _, remarks = read(hidden, SMALL_MAP, "t.xlsx")
    assert "Columns that the workbook hides were read: IDPs individuals." in remarks


def test_hidden_rows_of_an_offices_table_are_told():
    _, remarks = read(
        workbook_of(lambda sheet: sheet.set_row(2, None, None, {"hidden": True})),
        SMALL_MAP,
        "t.xlsx",
    )
    assert "Rows that the workbook hides were read: 3." in remarks
