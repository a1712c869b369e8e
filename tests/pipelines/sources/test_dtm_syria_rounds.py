"""IOM's rounds: the same numbers out of every layout, or a sentence that says what is unclear."""

import io
import zipfile
from datetime import UTC, date, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from data.gazetteer import area, places
from data.gazetteer.places import UnknownPlace
from data.publication import exports
from data.schema.codes import CAVEATS
from data.settings import ROOT
from data.store import Document, FigureFilter
from pipelines import registry
from pipelines.errors import SourceChanged
from pipelines.publishers import dtm, hdx, workbook
from pipelines.run.replay import read_again
from pipelines.run.run import run_source
from pipelines.run.upload import import_file
from pipelines.sources import dtm_syria_rounds as rounds
from tests import builders
from tests.builders import doubts, prepared
from tests.pipelines.sources import dtm_workbooks as books
from tests.run_contexts import context_in
from tests.servers.dtm import DtmRoundsServer

AREA = area.load("idlib")
NAME = "round-9-october-2025"
HEADING = books.HEADING


def document(body, name=NAME):
    return Document(name, f"file:{name}.xlsx", body, datetime(2026, 6, 1, tzinfo=UTC))


def figures(*bodies, name=NAME):
    given_names = name if isinstance(name, tuple) else (name,) * len(bodies)
    documents = [document(b, n) for b, n in zip(bodies, given_names, strict=True)]
    return prepared(rounds.SOURCE, rounds.read(documents, AREA), documents)


def data(*rows, heading=HEADING):
    return books.book(("Data", [heading, *rows]))


def counts(frame, unit="people", level=3, category=None):
    at = frame[(frame["unit"] == unit) & (frame["admin_level"] == level)]
    at = at[at["category"].isna() if category is None else at["category"].eq(category)]
    named = zip(at["place_code"], at["population_group"], strict=True)
    return dict(zip(named, at["value"], strict=True))


def row(code="SY070301", *numbers):
    return [*books.place_cells(code), *(numbers or (1, 2, 3))]


# What is read -----------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", books.LAYOUTS)
def test_every_layout_says_the_same_numbers(layout):
    """Each round comes in another dress; a column taken for its neighbour moves a town's people."""
    assert counts(figures(books.LAYOUTS[layout]())) == books.expected()


def test_households_stay_families_and_never_become_people():
    frame = figures(books.households())
    assert counts(frame, "families") == books.expected()
    assert set(frame["unit"]) == {"families"}


def test_both_units_of_one_workbook_stand_beside_one_another():
    frame = figures(books.two_heading_rows())
    assert counts(frame, "people") == books.expected()
    assert counts(frame, "families") == {k: n // 5 for k, n in books.expected().items()}


def test_those_who_returned_are_present_at_the_date_and_came_since_january_2024():
    """Counted on, they could never fall; they do, when people leave again."""
    frame = figures(books.plain()).set_index("population_group")
    assert set(frame["measure"]) == {"stock"}
    assert frame.loc["IDP", "cumulative_since"].isna().all()
    for group in ("RDP", "RET"):
        assert set(frame.loc[group, "cumulative_since"].dt.date) == {date(2024, 1, 1)}
        assert frame.loc[group, "caveat"].str.contains("start_assumed").all()
    assert not frame.loc["IDP", "caveat"].str.contains("start_assumed").any()
    assert set(frame["as_of"].dt.date) == {date(2025, 10, 31)}
    assert set(frame["reporting_round"]) == {9}


def test_a_round_whose_headings_say_the_start_does_not_assume_it():
    heading = [*HEADING[:7], "IDP returnees since January 2024", HEADING[8]]
    frame = figures(data(row(), heading=heading))
    assert not frame["caveat"].str.contains("start_assumed").any()


def test_the_three_groups_are_never_added():
    """Every number of a sub-district stands in the workbook as it is, whatever stands beside it."""
    cells = {count for counted in books.COUNTS.values() for count in counted}
    frame = figures(books.plain())
    assert set(frame.loc[frame["admin_level"] == 3, "value"]) <= cells
    assert set(frame["population_group"]) == {"IDP", "RDP", "RET"}


def test_a_figure_names_its_cell_its_file_and_its_licence():
    frame = figures(books.banner())
    dana = frame[(frame["place_code"] == "SY070301") & (frame["population_group"] == "RET")]
    assert dana["locator"].item() == "sheet 1, I7"
    assert dana["content_sha256"].item() == document(books.banner()).sha256
    assert dana["provider_admin3_name"].item() == "Dana"
    assert set(frame["licence"]) == {dtm.LICENCE}
    assert "non-commercial" in dtm.LICENCE


def test_the_licence_goes_into_every_export():
    """Whoever gets a file from a colleague must see that IOM allows no commercial use."""
    frame = figures(books.plain()).assign(known_from=pd.Timestamp("2025-11-20").as_unit("s"))
    assert exports.as_bytes(frame, "csv").decode().count(dtm.LICENCE) >= len(frame)
    assert dtm.LICENCE in exports.as_bytes(frame, "json").decode()


def test_blank_is_null_and_nought_is_nought():
    body = data(row("SY070301", "", "-", 0), row("SY070300", "N/A", "not collected", 5))
    frame = figures(body)
    frame = frame[frame["admin_level"] == 3].set_index(["place_code", "population_group"])
    assert frame.loc[("SY070301", "RET"), "value"] == 0
    blank = frame[frame["value"].isna()]["missing_reason"].to_dict()
    assert blank == {
        ("SY070301", "IDP"): "not_reported",
        ("SY070301", "RDP"): "not_reported",
        ("SY070300", "IDP"): "not_reported",
        ("SY070300", "RDP"): "not_collected",
    }


# Communities ------------------------------------------------------------------------------------


def test_communities_are_summed_and_the_sum_says_so():
    frame = figures(books.communities())
    assert counts(frame) == books.expected()
    frame = frame[frame["admin_level"] == 3]
    assert frame["caveat"].str.contains("summed_from_parts").all()
    assert frame["locator"].str.contains("summed from 2 rows").all()
    assert "summed_from_parts" in CAVEATS


@pytest.mark.parametrize("blank", [None, "-", "N/A"])
def test_a_sub_district_is_null_where_one_community_has_no_number(blank):
    """The sum of those that answered would look like a town that half emptied."""
    parts = {c: list(p) for c, p in books.COMMUNITIES.items()}
    parts["SY070301"][1] = (blank, *parts["SY070301"][1][1:])
    frame = figures(books.communities(parts)).set_index(["place_code", "population_group"])
    assert pd.isna(frame.loc[("SY070301", "IDP"), "value"])
    assert frame.loc[("SY070301", "IDP"), "missing_reason"] == "not_reported"
    assert frame.loc[("SY070301", "RDP"), "value"] == books.COUNTS["SY070301"][1]


def test_a_community_that_says_nothing_at_all_leaves_the_sum_unknown():
    parts = {c: list(p) for c, p in books.COMMUNITIES.items()}
    parts["SY070301"].append((None, None, None))
    frame = figures(books.communities(parts))
    assert frame[frame["place_code"] == "SY070301"]["value"].isna().all()
    assert frame.loc[frame["admin_level"] == 3, "value"].notna().sum() == 15
    above = frame[frame["place_code"].isin(["SY0703", "SY07", "SYR"])]
    assert len(above) == 9
    assert above["value"].isna().all()


def test_no_name_or_place_of_a_camp_or_community_enters_a_figure():
    """Whoever knows where a camp lies can shell it."""
    frame = figures(books.communities())
    told = frame.astype("string").fillna("").to_csv()
    for secret in ("camp", "Atma", "Village", "C0703010", "36.685"):
        assert secret not in told
    assert frame["admin_level"].max() == 3


@given(
    some.lists(some.none() | some.integers(0, 500_000), min_size=1, max_size=6),
)
def test_a_sum_is_the_sum_of_all_its_parts_or_nothing(parts):
    body = books.communities({"SY070301": [(n, n, n) for n in parts], "SY070300": [(1, 1, 1)]})
    frame = counts(figures(body))
    for group in books.GROUPS:
        found = frame[("SY070301", group)]
        assert pd.isna(found) if None in parts else found == sum(parts)


def test_a_community_that_stands_twice_is_refused():
    twice = [*books.place_cells("SY070301"), "C1", "Village", 5, 5, 5]
    heading = [*HEADING[:6], "Community P-code", "Community", *HEADING[6:]]
    with pytest.raises(SourceChanged, match="row 3 repeats the location of row 2"):
        figures(data(twice, twice, heading=heading))


# Published totals -------------------------------------------------------------------------------


def test_published_totals_are_kept_at_their_own_level():
    frame = figures(books.totals())
    idleb = sum(books.COUNTS[c][0] for c in books.COUNTS if c.startswith("SY07"))
    assert counts(frame, level=1)[("SY07", "IDP")] == idleb
    assert counts(frame, level=0)[("SYR", "IDP")] == sum(n[0] for n in books.COUNTS.values())
    assert not frame["caveat"].str.contains("parts_do_not_add").any()


def test_a_total_that_its_parts_do_not_add_up_to_is_flagged_and_shown():
    total = ["SY07", "Idleb", "", "Total", "", "", 100, 4, 6]
    frame = figures(data(row("SY070301", 60, 2, 3), row("SY070300", 39, 2, 3), total))
    off = frame[frame["caveat"].str.contains("parts_do_not_add")]
    assert off[["place_code", "population_group"]].to_numpy().tolist() == [["SY07", "IDP"]]
    assert off["value"].item() == 100
    assert off["note"].item() == "Its parts in the workbook add to 99."


def test_nothing_is_said_of_a_total_whose_parts_are_not_all_known():
    total = ["SY07", "Idleb", "", "Total", "", "", 100, 4, 6]
    frame = figures(data(row("SY070301", 60, 2, 3), row("SY070300", None, 2, 3), total))
    assert not frame["caveat"].str.contains("parts_do_not_add").any()


def test_a_published_sub_district_stands_over_the_sum_of_its_communities():
    heading = [*HEADING[:6], "Community", *HEADING[6:]]
    parts = [[*books.place_cells("SY070301"), f"V{n}", n, n, n] for n in (1, 2)]
    body = books.book(
        ("Sub-districts", [HEADING, row("SY070301", 4, 3, 3)]), ("Places", [heading, *parts])
    )
    frame = figures(body)
    frame = frame[frame["admin_level"] == 3].set_index("population_group")
    assert frame["value"].to_dict() == {"IDP": 4, "RDP": 3, "RET": 3}
    assert frame["note"].to_dict()["IDP"] == "Its parts in the workbook add to 3."
    assert frame["note"].isna().sum() == 2


# What is refused --------------------------------------------------------------------------------


@pytest.mark.parametrize(("column", "group"), [(6, "IDP"), (7, "RDP"), (8, "RET")])
def test_a_renamed_column_is_refused_with_its_heading(column, group):
    """A group that vanished quietly would be drawn as if nobody had come."""
    heading = [*HEADING]
    heading[column] = "Caseload B"
    with pytest.raises(SourceChanged, match=rf"understood as {group}; .*'Caseload B'"):
        figures(data(*books.rows(), heading=heading))


def test_two_columns_that_could_be_one_group_are_refused():
    heading = [*HEADING, "Number of IDPs"]
    with pytest.raises(SourceChanged, match=r"'IDPs \(individuals\)', 'Number of IDPs'"):
        figures(data([*row(), 9], heading=heading))


@pytest.mark.parametrize("word", ["Returnees", "Returned"])
def test_returnees_alone_are_a_guess_where_no_arrivals_stand_beside_them(word):
    heading = [*HEADING[:7], word]
    with pytest.raises(SourceChanged, match="understood as RET"):
        figures(data(row()[:8], heading=heading))


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (row("SY070301", -5, 1, 1), "'-5' where a count"),
        (row("SY070301", 5.5, 1, 1), "'5.5' where a count"),
        (row("SY070301", "about 5", 1, 1), "'about 5' where a count"),
        (row("SY070301", True, 1, 1), "'True' where a count"),
        (row("SY070301", 10**9, 1, 1), "more people than there are"),
        (["SY07", "Idleb", "SY0703", "Harim", "070301", "Dana", 1, 1, 1], "'070301' for a sub"),
    ],
)
def test_a_row_that_cannot_be_true_is_refused_with_its_number(cells, says):
    with pytest.raises(SourceChanged, match=rf"row 3 .*{says}"):
        figures(data(row("SY020400"), cells))


def test_a_place_without_code_is_refused_by_name():
    cells = ["", "Idleb", "", "Harim", "", "Danaa", 1, 1, 1]
    with pytest.raises(UnknownPlace, match="'Danaa'"):
        figures(data(cells))


def test_a_number_among_the_rows_that_names_no_place_is_refused():
    nameless = ["", "", "", "", "", "", 7, 7, 7]
    with pytest.raises(SourceChanged, match="row 2 has a number and names no place"):
        figures(data(nameless, row()))


def test_two_sheets_that_contradict_one_another_are_refused():
    body = books.book(("A", [HEADING, row()]), ("B", [HEADING, row("SY070301", 9, 2, 3)]))
    with pytest.raises(SourceChanged, match="IDP of SY070301 twice: 1 at sheet 1, G2 and 9 at"):
        figures(body)
    twice = figures(books.book(("A", [HEADING, row()]), ("B", [HEADING, row()])))
    assert list(counts(twice).values()) == [1, 2, 3]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"\n <html><body>Sign in</body></html>", "is a web page, not a workbook"),
        (b"id,name\n1,2\n", "is not an .xlsx workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "is not an .xlsx workbook"),
        (b"PK\x03\x04 and no more", "is not a whole workbook"),
        (b"", "is not an .xlsx workbook"),
    ],
)
def test_what_is_no_workbook_is_told_apart(body, says):
    with pytest.raises(SourceChanged, match=says):
        figures(body)


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    assert len(books.bomb()) < 1_000_000
    with pytest.raises(SourceChanged, match="unpacks to more than"):
        figures(books.bomb())


def test_a_directory_that_lies_about_sizes_is_refused():
    """The sizes are counted from the directory: what is unpacked must not go beyond them."""
    lying = bytearray(books.plain())
    at = lying.rfind(b"xl/worksheets/sheet1.xml") - 46  # its entry in the directory
    assert lying[at : at + 4] == b"PK\x01\x02"
    lying[at + 24 : at + 28] = (5).to_bytes(4, "little")
    with pytest.raises(SourceChanged, match=r"is not a whole workbook|is a damaged workbook"):
        figures(bytes(lying))


@pytest.mark.parametrize("cell", ["XFD1048576", "A9000000", "I1048576"])
def test_a_far_cell_does_not_ask_for_all_the_memory_there_is(cell):
    with pytest.raises(SourceChanged, match="more than 2,000,000 cells"):
        figures(books.far_cell(cell))


def test_a_workbook_cut_short_is_refused():
    with pytest.raises(SourceChanged, match="not a whole workbook"):
        figures(books.plain()[:-200])


def test_a_damaged_part_is_refused():
    with pytest.raises(SourceChanged, match="damaged workbook"):
        figures(books.altered("xl/workbook.xml", lambda xml: xml[: len(xml) // 2]))


def test_pictures_are_never_unpacked():
    out = io.BytesIO(books.plain())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/media/photo.png", b"\0" * 1_000_000)
    assert counts(figures(out.getvalue())) == books.expected()
    names = [sheet.name for sheet in workbook.sheets(document(out.getvalue()))]
    assert names == ["Data", "About"]


# Rounds -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "number", "month"),
    [
        ("oct-baseline-2025-final_hdx", 9, (2025, 10)),
        ("mmt-dataset-august-2025-round-7_hdx", 7, (2025, 8)),
        ("mmt-dataset-july-2025-round-6_hdx", 6, (2025, 7)),
        ("03.-dataset-mmt-june-2025-3_final_hdx", 5, (2025, 6)),
        (
            "syrian-arab-republic-population-mobility-and-baseline-assessment-round-4-v2_hdx",
            4,
            (2025, 5),
        ),
        (
            "syrian-arab-republic-population-mobility-and-baseline-assessment-round-3-apr-2025_hdx",
            3,
            (2025, 4),
        ),
        (
            "syrian-arab-republic-population-mobility-and-baseline-assessment-round-2_hdx",
            2,
            (2025, 3),
        ),
        ("DTM Syria Round 11, December 2025", 11, (2025, 12)),
        ("mobility jan 2026", None, (2026, 1)),
    ],
)
def test_round_and_month_come_from_names_such_as_hdx_has(name, number, month):
    frame = figures(data(row()), name=name)
    ended = frame["as_of"].iloc[0]
    assert (ended.year, ended.month) == month
    told = frame["reporting_round"].iloc[0]
    assert (None if pd.isna(told) else told) == number


def test_round_and_month_are_found_within_where_the_name_is_silent():
    frame = figures(books.banner(), name="dataset_final")
    assert (frame["reporting_round"].iloc[0], str(frame["as_of"].iloc[0])[:10]) == (
        9,
        "2025-10-31",
    )


def test_a_round_that_is_called_by_another_month_is_refused():
    """Figures of October under September's day would hide a month of returns."""
    says = "of 2025-11 by its name and of 2025-10 by its being round 9"
    with pytest.raises(SourceChanged, match=says):
        figures(data(row()), name="round-9-november-2025")


def test_a_workbook_without_a_month_is_refused_with_a_remedy():
    with pytest.raises(SourceChanged, match="put it into the file's name"):
        figures(data(row()), name="round-12")


def test_may_is_a_month_in_a_name_and_a_verb_in_a_sentence():
    body = books.book(("Data", [["Figures may change after 2024"], HEADING, row()]))
    with pytest.raises(SourceChanged, match="which month"):
        figures(body, name="round-12")
    assert str(figures(data(row()), name="mmt may 2026")["as_of"].iloc[0])[:10] == "2026-05-31"


def test_each_round_is_kept_as_its_own():
    both = (books.plain(2, "November 2025"), books.plain(1))
    frame = figures(*both, name=("round-10-november-2025", NAME))
    assert frame.groupby("reporting_round").size().to_dict() == {9: 42, 10: 42}
    later = frame[frame["reporting_round"] == 10]
    assert counts(later) == books.expected(2)
    assert frame["figure_id"].is_unique


def test_an_older_round_that_cannot_be_read_is_left_out_with_a_remark():
    documents = [document(books.plain()), document(b"junk", "round-8-september-2025")]
    reading = rounds.read(documents, AREA)
    assert len(reading.figures) == 42
    assert reading.remarks == (
        "Left out: round-8-september-2025 is not an .xlsx workbook; save it as one.",
    )
    with pytest.raises(SourceChanged, match="round-8"):
        rounds.read(documents[::-1], AREA)


def test_the_newer_of_two_files_of_one_round_stands():
    documents = [document(books.plain(2)), document(books.plain(1))]
    reading = rounds.read(documents, AREA)
    assert counts(prepared(rounds.SOURCE, reading, documents)) == books.expected(2)
    assert reading.remarks == ("An older file of round 9 of 2025-10 left out.",)


def test_a_new_round_of_far_fewer_places_is_doubted():
    """A round of four towns drawn as the newest would show the country as empty."""
    before = figures(books.plain())
    few = figures(data(row()), books.plain(), name=("round-10-november-2025", NAME))
    assert any(
        "places" in doubt.sentence for doubt in doubts(few, before, kind="rounds", complete=False)
    )
    later = data(*([*r[:6], *(n + 3 for n in r[6:])] for r in books.rows()))
    whole = figures(later, books.plain(), name=("round-10-november-2025", NAME))
    assert doubts(whole, before, kind="rounds", complete=False) == []


def test_a_first_round_of_far_fewer_places_than_the_carried_one_is_doubted():
    """Whoever brings one region's workbook would show the governorates without the others."""
    carried = figures(books.plain())
    few = figures(data(row()), name="round-10-november-2025")
    (doubt,) = doubts(few, carried, kind="rounds", own=False, complete=False)
    assert doubt.code == "fewer_places"


@pytest.mark.parametrize("own", [True, False])
def test_a_round_under_the_next_ones_name_is_doubted(own):
    """Readers would be told that for a month nobody came and nobody left."""

    def of(month, more):
        table = places.table()
        codes = table[(table["location_code"] == "SYR") & table["admin_level"].eq(3)]["place_code"]
        rows = [[code, 5_000 + n + more, 10, 10] for n, code in enumerate(codes)]
        body = data(*rows, heading=["P-code", *HEADING[6:]])
        return figures(body, name=month)

    before = of(NAME, 0)
    again, other = of("round-10-november-2025", 0), of("round-10-november-2025", 3)

    def found(new):
        given = pd.concat([before, new]) if own else new
        return [d.code for d in doubts(given, before, kind="rounds", own=own, complete=False)]

    assert found(again) == ["repeated"]
    assert found(other) == []


def test_only_rounds_are_fetched():
    def named(name, form="XLSX"):
        return hdx.Resource("1", name, f"https://data.humdata.org/{name}", form, "", "")

    assert rounds._is_round(named("mmt-dataset-july-2025-round-6_hdx.xlsx"))
    assert rounds._is_round(named("oct-baseline-2025-final_hdx.xlsx"))
    assert not rounds._is_round(named("Baseline report R9.pdf", "PDF"))
    assert not rounds._is_round(named("emergency-mobility-tracking-aleppo.xlsx"))


# From HDX to the readers ------------------------------------------------------------------------


@pytest.fixture
def server():
    with DtmRoundsServer() as running:
        yield running


def context_of(folder, server, now=datetime(2025, 11, 25, tzinfo=UTC)):
    return context_in(folder, *registry.SOURCES, now=lambda: now, url={"HDX": server.base_url})


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_round_uploaded_again_is_a_new_vintage_and_its_address_is_found_anew(server, tmp_path):
    at = context_of(tmp_path, server)
    first = run_source(rounds.SOURCE, at)
    assert (first.state, first.figures) == ("published", 84)
    server.upload()
    assert run_source(rounds.SOURCE, at).state == "unchanged"
    changed = [list(r) for r in books.rows()]
    changed[2][6] += 7
    server.put(server.SLUG, "oct-baseline-2025-final_hdx.xlsx", data(*changed))
    again = run_source(rounds.SOURCE, at)
    assert (again.state, again.new, again.changed, again.withdrawn) == ("published", 0, 4, 0)
    told = at.store.current().vintages(FigureFilter(place=("SY070301",), group=("IDP",)))
    october = told[told["reporting_round"] == 9]
    assert sorted(october["value"]) == [612_455, 612_462]
    assert october["figure_id"].nunique() == 1
    assert list(at.store.verify(read_again(at))) == []


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_round_that_hdx_no_longer_lists_is_not_withdrawn(server, tmp_path):
    at = context_of(tmp_path, server)
    run_source(rounds.SOURCE, at)
    server.drop(server.SLUG, "mmt-dataset-september-2025-round-8_hdx.xlsx")
    outcome = run_source(rounds.SOURCE, at)
    assert (outcome.state, outcome.withdrawn) == ("unchanged", 0)


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_workbook_brought_by_hand_goes_the_same_way(server, tmp_path):
    at = context_of(tmp_path / "store", server)
    path = tmp_path / "DTM round 9 October 2025.xlsx"
    path.write_bytes(books.two_heading_rows())
    outcome = import_file(rounds.SOURCE, path, date(2025, 12, 20), at)
    assert (outcome.state, outcome.figures) == ("published", 84)
    path.write_bytes(books.bomb())
    assert import_file(rounds.SOURCE, path, date(2025, 12, 21), at).state == "failed"


def test_every_sub_district_of_syria_can_be_reported_on():
    """One code that the places lack would stop every round."""
    table = places.table()
    codes = table[(table["location_code"] == "SYR") & (table["kind"] == "admin3")]["place_code"]
    heading = ("Sub-district P-code", *HEADING[6:])
    frame = figures(data(*([c, 10, 20, 30] for c in codes), heading=heading))
    assert frame.loc[frame["admin_level"] == 3, "place_code"].nunique() == 272


# Headings as rounds really word them -------------------------------------------------------------

REAL = ROOT.parent / "shared" / "recordings" / "dtm_syria"
REAL_HEADING = [
    *("Admin 1 Pcode", "Admin 1 name", "Admin 2 Pcode", "Admin 2 name", "Admin 3 Pcode"),
    *("Admin 3 name", "what's the location type?", "location Pcode", "Location Name"),
    *("Residents ", "IDP Returnees", "Arrivals from abroad to their place of origin", "IDPs"),
    *("Arrivals from abroad to another place", "Total Population"),
]


def located(code, kind, number, *numbers):
    return [*books.place_cells(code), kind, f"C{number}", f"Place {number}", *numbers]


LOCATIONS = [
    located("SY070301", "Community", 1, 500, 200, 90, 1000, 10, 1800),
    located("SY070301", "Camp", 2, 0, 0, 0, 300, 0, 300),
    located("SY020400", "Neighborhood", 3, 700, 80, 60, 500, 20, 1361),
]


def test_both_arrivals_columns_are_one_group_and_kept_apart_beside_it():
    """Of 1,071,424 arrivals of a real round 89,796 were published: one column of two."""
    frame = figures(data(*LOCATIONS, heading=REAL_HEADING))
    assert counts(frame)[("SY070301", "RET")] == 100
    assert counts(frame, category="to_origin")[("SY070301", "RET")] == 90
    assert counts(frame, category="elsewhere")[("SY070301", "RET")] == 10
    assert counts(frame, level=0)[("SYR", "RET")] == 180
    assert counts(frame, level=1)[("SY02", "POP")] == 1361
    assert counts(frame, category="residents")[("SY020400", "POP")] == 700


def test_camps_are_told_apart_by_kind_and_never_by_name():
    frame = figures(data(*LOCATIONS, heading=REAL_HEADING))
    assert counts(frame, category="camp") == {
        ("SY070301", "IDP"): 300, ("SY070301", "RDP"): 0, ("SY070301", "RET"): 0,
        ("SY070301", "POP"): 300,
    }  # fmt: skip
    assert "Place 2" not in frame.astype("string").fillna("").to_csv()


def test_a_population_that_its_five_columns_do_not_make_says_so():
    frame = figures(data(*LOCATIONS, heading=REAL_HEADING))
    azaz = frame[frame["place_code"].eq("SY020400") & frame["population_group"].eq("POP")]
    whole = azaz[azaz["category"].isna()]
    assert "parts_do_not_add" in whole["caveat"].item()
    assert whole["note"].item() == "Its parts in the workbook add to 1,360."


@pytest.mark.parametrize("lost", [11, 13])
def test_one_arrivals_column_alone_never_stands_for_both(lost):
    heading = [*REAL_HEADING]
    heading[lost] = "Arrivals by plane"
    with pytest.raises(SourceChanged, match="never stands for the whole"):
        figures(data(*LOCATIONS, heading=heading))


@pytest.mark.parametrize(
    "heading",
    ["Urban IDPs (ind)", "IDPs between 2015-2018", "Registered IDPs", "IDPs in need", "Target IDPs",
     "IDPs in collective centres", "IDPs in the community", "IDPs (2024)", "Non-displaced",
     "IDP movements", "New IDPs"],
)  # fmt: skip
def test_a_part_of_the_idps_is_not_the_idps(heading):
    with pytest.raises(SourceChanged, match="understood as IDP"):
        figures(data(row(), heading=[*HEADING[:6], heading, *HEADING[7:]]))


@pytest.mark.parametrize(
    "heading",
    ["Number of IDPs currently present in the location", "IDPs living in this location (ind)"],
)
def test_the_idps_of_a_row_may_be_said_to_be_in_its_location(heading):
    """DTM's forms word it so; whoever is not in the location of a row is not of that row."""
    frame = figures(data(row(), heading=[*HEADING[:6], heading, *HEADING[7:]]))
    assert counts(frame) == counts(figures(data(row())))


@pytest.mark.parametrize(
    ("month", "says"),
    [("(November)", "of October|of 2025-10|of November"), ("(September 2024)", "2024-09")],
)
def test_a_month_in_the_headings_that_the_name_contradicts_is_refused(month, says):
    heading = [*HEADING[:6], f"IDPs {month}", *HEADING[7:]]
    with pytest.raises(SourceChanged, match=says):
        figures(data(row(), heading=heading))


def test_a_code_outranks_a_name_and_the_row_is_told():
    wrong = ["SY07", "Idleb", "SY0703", "Harim", "SY070300", "Dana", 1, 1, 1]
    documents = [document(data(row("SY020400"), wrong))]
    reading = rounds.read(documents, AREA)
    assert any("SY070300 with the name of SY070301 (row 3)" in text for text in reading.remarks)
    many = [wrong] * 3
    with pytest.raises(SourceChanged, match="3 of 4 rows code and name"):
        figures(data(row("SY020400"), *many))


def test_rounds_that_list_camps_and_rounds_that_do_not_are_not_compared():
    camps = figures(data(*LOCATIONS, heading=REAL_HEADING), name="round-7-august-2025")
    none = figures(
        data(*(x for x in LOCATIONS if x[6] != "Camp"), heading=REAL_HEADING),
        name="round-10-november-2025",
    )
    for frame in (camps, none):
        assert frame["caveat"].str.contains("coverage_changed").all()


def test_national_returns_by_month_are_flows():
    months = ["", *(f"{m} 2025" for m in ("January", "February", "March", "April")), "SUM"]
    sheet = [months, ["Returnees", 5, 6, 7, 8, 26], ["Total Arrivals from abroad", 1, 2, 3, 4, 10]]
    body = books.book(("Data", [HEADING, *books.rows()]), ("Since Dec 2024", sheet))
    frame = figures(body)
    flows = frame[frame["measure"] == "flow"]
    assert len(flows) == 8
    assert flows["cumulative_since"].isna().all()
    assert flows["value"].sum() == 36


@pytest.mark.parametrize(
    "months",
    [
        ["Jan-25", "Feb-25", "Mar-25", "Apr-25"],
        ["January", "February", "March", "April 2025"],
        [45658, 45689, 45717, 45748],
    ],
)
def test_months_of_returns_may_be_written_short_or_say_their_year_once(months):
    sheet = [["", *months, "SUM"], ["Returnees", 5, 6, 7, 8, 26]]
    frame = figures(books.book(("Data", [HEADING, *books.rows()]), ("Since Dec 2024", sheet)))
    flows = frame[frame["measure"] == "flow"]
    assert flows["as_of"].dt.strftime("%Y-%m").tolist() == [f"2025-0{n}" for n in (1, 2, 3, 4)]
    assert flows["value"].tolist() == [5, 6, 7, 8]


def test_returns_by_month_that_say_no_year_are_left_out_aloud():
    sheet = [["", "January", "February", "March"], ["Returnees", 5, 6, 7]]
    body = books.book(("Data", [HEADING, *books.rows()]), ("Since Dec 2024", sheet))
    reading = rounds.read([document(body)], AREA)
    assert any("sheet 2 left out: the months of row 1" in text for text in reading.remarks)
    assert set(builders.figures_read(reading)["measure"]) == {"stock"}


@pytest.mark.parametrize("title", ["Returns (in thousands)", "Cumulative returns since 2024"])
def test_returns_by_month_in_another_unit_are_left_out_aloud(title):
    """The sum since December would be drawn as those who returned within one month."""
    sheet = [[title], ["", "Jan 2025", "Feb 2025", "Mar 2025"], ["Returnees", 5, 6, 7]]
    body = books.book(("Data", [HEADING, *books.rows()]), ("Monthly", sheet))
    reading = rounds.read([document(body)], AREA)
    assert any(f"sheet 2 left out: {title!r} says" in text for text in reading.remarks)
    assert set(builders.figures_read(reading)["measure"]) == {"stock"}


def test_a_row_of_totals_without_a_kind_of_location_keeps_the_camps_apart():
    """With the camps the break in coverage was lost: a line would join rounds it must not join."""
    total = ["Total", *([""] * 8), 1200, 280, 150, 1800, 30, 3461]
    frame = figures(data(*LOCATIONS, total, heading=REAL_HEADING))
    assert counts(frame, category="camp")[("SY070301", "IDP")] == 300
    assert counts(frame, level=0)[("SYR", "IDP")] == 1800
    assert frame["caveat"].str.contains("coverage_changed").all()


@pytest.mark.parametrize(("column", "other"), [(8, "PLACE 1"), (12, 1_001), (6, "Neighborhood")])
def test_a_location_that_stands_twice_with_another_cell_is_refused_by_row(column, other):
    """Added up it would house everybody twice; the code of a location is of one."""
    again = list(LOCATIONS[0])
    again[column] = other
    with pytest.raises(SourceChanged, match="row 5 repeats the location of row 2"):
        figures(data(*LOCATIONS, again, heading=REAL_HEADING))


@pytest.mark.parametrize(
    ("heading", "said"), [("Round", (8, 9)), ("Reporting month", ("Sept", "Oct"))]
)
def test_rounds_below_one_another_are_not_added_up(heading, said):
    """Names alone and other numbers: no row repeats, and the town would have twice its people."""
    names = [heading, *(HEADING[n] for n in (1, 3, 5, 6, 7, 8))]
    rows = [
        [of, r[1], r[3], r[5], r[6] + n, *r[7:]] for n, of in enumerate(said) for r in books.rows()
    ]
    with pytest.raises(SourceChanged, match=f"'{heading}' says .* a sheet holds one round"):
        figures(data(*rows, heading=names))
    one = [row for row in rows if row[0] == said[0]]
    assert counts(figures(data(*one, heading=names))) == books.expected()


@pytest.mark.parametrize("own", [True, False])
def test_a_quarter_may_have_the_code_of_its_town_beside_its_own_or_alone(own):
    """A round that gives quarters the town's code is true, and is not refused for it."""
    heading = [*REAL_HEADING[:7], "Admin 4 Pcode", *REAL_HEADING[7 if own else 8 :]]
    rows = [[*r[:7], "C1007", *r[7 if own else 8 :]] for r in LOCATIONS]
    documents = [document(data(*rows, heading=heading))]
    reading = rounds.read(documents, AREA)
    frame = prepared(rounds.SOURCE, reading, documents)
    assert counts(frame)[("SY070301", "IDP")] == 1300
    told = any("2 rows have a location's code" in remark for remark in reading.remarks)
    assert told is not own


@pytest.mark.parametrize("spelt", [str.lower, lambda c: f"{c[:2]} {c[2:]}",
                                   lambda c: c.translate(books.ARABIC_DIGITS)])  # fmt: skip
def test_a_code_is_known_in_any_case_digits_and_spaces(spelt):
    rows = [[spelt(r[0]), r[1], spelt(r[2]), r[3], spelt(r[4]), *r[5:]] for r in books.rows()]
    assert counts(figures(data(*rows))) == books.expected()


def test_what_a_formula_leaves_over_is_no_fraction_of_a_person():
    frame = figures(data(row("SY070301", 999.9999999999, 2, 3.0000000001), row("SY070300")))
    dana = frame[frame["place_code"] == "SY070301"].set_index("population_group")
    assert dana["value"].to_dict() == {"IDP": 1000, "RDP": 2, "RET": 3}
    assert not dana["caveat"].str.contains("fractions").any()


def test_those_who_came_since_another_day_are_no_third_part_of_the_arrivals():
    heading = [*REAL_HEADING, "Arrivals from abroad since 8 Dec 2024"]
    frame = figures(data(*([*r, 1] for r in LOCATIONS), heading=heading))
    assert counts(frame)[("SY070301", "RET")] == 100


SUMMED = ["SY07", "Idleb", "SY0703", "Harim", "SY070301", "Dana"]
OF_BOTH = (500, 200, 90, 1300, 10, 2100)
"""What both locations of Dana in LOCATIONS count together."""


@pytest.mark.parametrize(
    "label",
    ["Subtotal", "Sum", "All", "All locations", "Overall", "المجموع", "المجموع الكلي", "الإجمالي",
     "Toplam"],
)  # fmt: skip
def test_a_total_among_the_locations_is_no_location_whatever_its_language(label):
    """Every sub-district would have twice its people: 2,600 IDPs in Dana for 1,300."""
    total = [*SUMMED, "", "", label, *OF_BOTH]
    rows = [*LOCATIONS[:2], total, *LOCATIONS[2:]]
    frame = figures(data(*rows, heading=REAL_HEADING))
    assert counts(frame)[("SY070301", "IDP")] == 1300
    assert counts(frame, level=0)[("SYR", "IDP")] == 1800


def test_a_total_under_a_name_that_nobody_knows_is_refused_by_its_row():
    rows = [*LOCATIONS[:2], [*SUMMED, "", "", "Σ Dana", *OF_BOTH], *LOCATIONS[2:]]
    with pytest.raises(SourceChanged, match="row 4 counts exactly what all other locations"):
        figures(data(*rows, heading=REAL_HEADING))


@pytest.mark.parametrize(
    "label",
    ["Idleb Governorate Total", "Total of Idleb", "Total (Idleb)", "إجمالي إدلب", "Idleb toplam"],
)
def test_the_label_of_a_governorates_total_may_say_more_than_its_name(label):
    total = ["", label, *[""] * 4, 100, 4, 6]
    frame = figures(data(row("SY070301", 60, 2, 3), row("SY070300", 40, 2, 3), total))
    assert counts(frame, level=1)[("SY07", "IDP")] == 100


@pytest.mark.parametrize(
    "label",
    ["الإجمالي", "Grand Total (Syria)", "Total for Syria", "Toplam", "Syria", "Whole of Syria",
     "سوريا", "All governorates"],
)  # fmt: skip
def test_the_countrys_total_is_known_in_the_languages_of_its_makers(label):
    frame = figures(data(row("SY070301", 60, 2, 3), [label, *[""] * 5, 60, 2, 3]))
    assert counts(frame, level=0)[("SYR", "IDP")] == 60


@pytest.mark.parametrize("label", ["Subtotal", "Total", "Syria"])
def test_a_total_of_one_region_is_not_the_countrys(label):
    """Syria would have the 60 IDPs of its north-west instead of 160."""
    north_west, others = row("SY070301", 60, 2, 3), row("SY050101", 100, 2, 3)
    with pytest.raises(SourceChanged, match=r"gives 60 as IDP of SYR \(.*\) where its parts"):
        figures(data(north_west, [label, *[""] * 5, 60, 2, 3], others))


@pytest.mark.parametrize("said", ["Atma - of which women", "Of whom in tents", "منهم أطفال"])
def test_a_part_of_a_location_is_not_added_to_it(said):
    part = [*SUMMED, "Camp", "SY070301", said, *LOCATIONS[1][9:]]
    with pytest.raises(SourceChanged, match=f"row 4 is a part of other rows by '{said}'"):
        figures(data(*LOCATIONS[:2], part, *LOCATIONS[2:], heading=REAL_HEADING))


def test_a_location_that_has_another_in_its_name_is_one():
    """Round 7 lists "Salah Eldin (including Al Islah)"."""
    named = [[*r[:8], f"{r[8]} (including Al Islah)", *r[9:]] for r in LOCATIONS]
    frame = figures(data(*named, heading=REAL_HEADING))
    assert counts(frame)[("SY070301", "IDP")] == 1300


@pytest.mark.parametrize("unfilled", ["", 0, "-"])
def test_a_round_in_which_a_group_has_nobody_was_not_filled(unfilled):
    """Published, every place of Syria would have lost its returnees in a month."""
    places = [row(code, n, unfilled, n) for n in range(1, 11) for code in books.PLACES]
    named = [[*r[:6], f"Community {n}", *r[6:]] for n, r in enumerate(places)]
    heading = [*HEADING[:6], "Community", *HEADING[6:]]
    with pytest.raises(SourceChanged, match="counts nobody as RDP in any row"):
        figures(data(*named, heading=heading))


@pytest.mark.parametrize("kind", ["Camp", ""])
def test_a_location_that_lost_its_name_is_not_the_total_of_its_sub_district(kind):
    """Dana would have the 300 IDPs of one camp instead of 1,300, with a remark at most."""
    nameless = [*SUMMED, kind, "", "", *LOCATIONS[1][9:]]
    with pytest.raises(SourceChanged, match="row 3 names SY070301 and no location"):
        figures(data(LOCATIONS[0], nameless, LOCATIONS[2], heading=REAL_HEADING))
    total = [*SUMMED, kind, "", "", *OF_BOTH]
    frame = figures(data(*LOCATIONS, total, heading=REAL_HEADING))
    assert counts(frame)[("SY070301", "IDP")] == 1300


def test_camps_without_a_number_in_a_sheet_of_their_own_leave_the_sum_unknown():
    """Communities in one sheet and camps in the next: the communities are not everybody."""
    heading = [*REAL_HEADING[:9], *HEADING[6:]]
    town, camp = [*LOCATIONS[0][:9], 1000, 5, 5], [*LOCATIONS[1][:9], "", 5, 5]
    sheets = [("Communities", [heading, town]), ("Camps", [heading, camp])]
    for both in (sheets, sheets[::-1]):
        with pytest.raises(SourceChanged, match=r"gives IDP of SY070301 twice: .*no number"):
            figures(books.book(*both))


@pytest.mark.parametrize(
    "heading",
    ["IDPs and returnees", "IDPs + Returnees", "IDPs & returnees", "IDPs/Returnees",
     "Total (IDPs and returnees)", "Displaced and returned (ind)"],
)  # fmt: skip
def test_two_groups_in_one_column_are_neither_of_them(heading):
    with pytest.raises(SourceChanged, match="understood as RDP"):
        figures(data(row(), heading=[*HEADING[:7], heading, *HEADING[8:]]))


@pytest.mark.parametrize(
    ("column", "heading", "group"),
    [(6, "Population and IDPs", "IDP"), (8, "Returnees and arrivals from abroad", "RET")],
)
def test_a_group_among_others_is_not_the_group(column, heading, group):
    named = [*HEADING[:column], heading, *HEADING[column + 1 :]]
    with pytest.raises(SourceChanged, match=f"understood as {group}; .*{heading}"):
        figures(data(row(), heading=named))


@pytest.mark.parametrize(
    ("sheet", "title", "unit"),
    [
        ("Data", "Number of families by sub-district, Round 9", "families"),
        ("Households", None, "families"),
        ("Data", "Figures in thousands", "thousands"),
        ("Data", "عدد الأسر حسب الناحية", "families"),
    ],
)
def test_a_unit_that_only_the_title_says_is_not_taken_for_people(sheet, title, unit):
    """Families published as people are a fifth of those who are there."""
    heading = [*HEADING[:6], "IDPs", "IDP returnees", "Arrivals from abroad"]
    above = [[title], []] if title else []
    with pytest.raises(SourceChanged, match=f"is in {unit} by"):
        figures(books.book((sheet, [*above, heading, *books.rows()])))


def test_a_title_may_speak_of_families_where_the_headings_say_people():
    body = books.book(("Data", [["Number of families, Round 9"], HEADING, *books.rows()]))
    assert counts(figures(body)) == books.expected()


@pytest.mark.parametrize(
    "note",
    ["Families of more than ten were asked twice", "Thousands of people returned in 2025",
     "Of 10 000 people asked, most answered", "Running since February 2025"],
)  # fmt: skip
def test_a_note_above_the_table_is_no_unit(note):
    """A true round is not refused for a word in a remark."""
    heading = [*HEADING[:6], "IDPs", "IDP returnees", "Arrivals from abroad"]
    body = books.book(("Data", [[note], heading, *books.rows()]))
    assert counts(figures(body)) == books.expected()


def test_two_words_for_one_group_are_one_group():
    heading = [*HEADING[:6], "IDPs / displaced persons", *HEADING[7:]]
    assert counts(figures(data(*books.rows(), heading=heading))) == books.expected()


def test_a_location_may_by_chance_count_what_two_others_do():
    """Of small camps one may well have what two others have: that is no total."""

    def of(code, number, people):
        return [*books.place_cells(code), f"Camp {code} {number}", people, 0, 0]

    rows = [of("SY070301", n, p) for n, p in enumerate((10, 20, 30))]
    rows += [of(c, n, p) for c in ("SY070300", "SY020400") for n, p in enumerate((1, 5, 9))]
    heading = [*HEADING[:6], "Camp", *HEADING[6:]]
    assert counts(figures(data(*rows, heading=heading)))[("SY070301", "IDP")] == 60


@pytest.mark.parametrize(
    "sheets",
    [
        [("Data", [["IOM DTM Syria, Round 8"], [], HEADING, *books.rows()])],
        [("R8 Baseline", [HEADING, *books.rows()])],
        [("Cover", [["Round 8"]]), ("Data", [HEADING, *books.rows()])],
    ],
    ids=("title", "sheet", "cover"),
)
def test_a_round_under_the_name_of_the_next_is_refused(sheets):
    """Round 8's people would stand as of October, and nothing would have changed since."""
    with pytest.raises(SourceChanged, match="round 9 by its name and round 8 by a title"):
        figures(books.book(*sheets))


@pytest.mark.parametrize(
    "said",
    [["Compared with round 8, fewer people"], ["Round 8", "Round 9"], ["It follows round 8."]],
)
def test_other_rounds_may_be_spoken_of(said):
    cover = ("Cover", [[text] for text in said])
    assert counts(figures(books.book(cover, ("Data", [HEADING, *books.rows()])))) == (
        books.expected()
    )


def test_a_total_of_the_rows_that_a_filter_shows_is_no_total():
    """Syria would have the 300 IDPs of the rows that somebody looked at, of 1,800."""
    total = ["Total", *([""] * 8), 0, 0, 0, 300, 0, 300]
    with pytest.raises(SourceChanged, match=r"row 5 names SYR .* filter"):
        figures(data(*LOCATIONS, total, heading=REAL_HEADING))


def test_returnees_that_hold_the_arrivals_too_are_refused():
    """As some countries of DTM count them: those from abroad would be counted as RDP too."""
    heading = [*REAL_HEADING]
    heading[10] = "Returnees"
    rows = [located("SY070301", "Community", n, 50, 10 + n, n, 30, 0, 90 + n) for n in range(1, 5)]
    with pytest.raises(SourceChanged, match="'Returnees' seems to hold the arrivals"):
        figures(data(*rows, heading=heading))
    apart = [[*r[:14], r[14] + n] for n, r in enumerate(rows, start=1)]
    assert counts(figures(data(*apart, heading=heading)))[("SY070301", "RDP")] == 50


def test_a_location_outside_syria_is_refused_by_what_it_says():
    rows = [LOCATIONS[0], ["", "Outside Syria", "", "", "", "", *LOCATIONS[1][6:]]]
    with pytest.raises(SourceChanged, match=r"row 3 names a location .* it says 'Outside Syria'"):
        figures(data(*rows, heading=REAL_HEADING))


def test_a_number_that_lost_its_thousands_is_refused():
    """1,203 typed as 1.203 where a dot is a comma: one person would be published."""
    rows = [row("SY070301", 1.203, 2, 3), *(row("SY020400", n, n, n) for n in range(99))]
    heading = [*HEADING[:6], "Community", *HEADING[6:]]
    rows = [[*r[:6], f"Place {n}", *r[6:]] for n, r in enumerate(rows)]
    with pytest.raises(SourceChanged, match=r"row 2 has 1\.203 .* thousands"):
        figures(data(*rows, heading=heading))


def test_a_column_of_true_and_false_counts_nobody():
    heading = [*HEADING, "IDPs present"]
    rows = [[*r, n % 2 == 0] for n, r in enumerate(books.rows())]
    assert counts(figures(data(*rows, heading=heading))) == books.expected()


def test_a_hidden_column_of_counts_is_told():
    body = books.book(
        ("Data", [HEADING, *books.rows()]),
        then=lambda _, sheets: sheets[0].set_column(6, 6, None, None, {"hidden": True}),
    )
    reading = rounds.read([document(body)], AREA)
    assert any("'IDPs (individuals)' is hidden" in remark for remark in reading.remarks)


def test_locations_that_only_names_tell_apart():
    """With one position it is one location; two camps may bear one name, which is said."""
    heading = [*HEADING[:6], "Location", "Latitude", *HEADING[6:]]
    one, other = ([*SUMMED, "Atma", lat, n, 1, 1] for lat, n in ((36.1, 100), (36.2, 90)))
    with pytest.raises(SourceChanged, match="row 3 repeats the location of row 2"):
        figures(data(one, [*one[:8], 105, 1, 1], heading=heading))
    reading = rounds.read([document(data(one, other, heading=heading))], AREA)
    assert any("row 3 has the name of the location of row 2" in r for r in reading.remarks)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([["الناحية", "النازحون", "العائدون"], ["دانا", 5, 6]], "no row is a heading .*'النازحون'"),
        ([HEADING, [*books.place_cells("SY070301"), "1.203", "2.004", "3.999"]],
         "'IDPs .individuals.' holds no whole numbers, such as '1.203' in row 2"),
        ([[*HEADING[:7], "Returnees from abroad", HEADING[8]], row()],
         "understood as RDP; its headings of people are: .*'Returnees from abroad'"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_stands_in_the_way(rows, says):
    with pytest.raises(SourceChanged, match=says):
        figures(books.book(("Data", rows)))


@pytest.mark.parametrize(
    ("cover", "month"),
    [
        ([["Data collection: 5 - 28 January 2026"], ["Published: 20 February 2026"]], "2026-01-31"),
        ([["Data collection", "January 2026"], ["Published on", "February 2026"]], "2026-01-31"),
        ([["Counted from", "8 December 2024"], ["Round 12, January 2026"]], "2026-01-31"),
        ([["Published on", "February 2026"]], None),
        ([["Published"], ["February 2026"]], None),
        ([["8 December 2024"]], None),
        ([["Round 12, November 2025"]], None),
    ],
)
def test_a_cover_gives_the_month_of_the_round_and_no_other(cover, month):
    """A round dated by its publication or by the fall of Damascus stands at the wrong place."""
    body = books.book(("ReadMe", cover), ("Data", [HEADING, *books.rows()]))
    if month is None:
        with pytest.raises(SourceChanged, match=r"which month it is about"):
            figures(body, name="baseline-assessment-round-12_hdx")
    else:
        frame = figures(body, name="baseline-assessment-round-12_hdx")
        assert set(frame["as_of"].astype("string")) == {month}


@pytest.mark.skipif(not REAL.exists(), reason="IOM's rounds are not beside the checkout")
@pytest.mark.parametrize("number", [7, 10, 11])
def test_a_real_round_gives_the_sums_added_up_without_this_project(number):
    (path,) = REAL.glob(f"*round-{number}[-_]*.xlsx")
    frame = figures(path.read_bytes(), name=path.stem)
    whole = frame[frame["category"].isna() & frame["measure"].eq("stock")]
    found = whole.set_index(["place_code", "population_group"])["value"]
    truth = pd.read_csv(REAL / "sums_by_place.csv")
    truth = truth[truth["round"] == f"R{number}"]
    assert len(truth) > 280
    for group in ("IDP", "RDP", "RET"):
        keys = pd.MultiIndex.from_product([truth["code"], [group]])
        assert found.loc[keys].tolist() == truth[group.lower()].tolist()
