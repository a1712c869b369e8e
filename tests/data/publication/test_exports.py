"""A file that leaves the dashboard goes where nobody can ask: it must say the same, and no more."""

import csv
import io
import json
import zipfile
from datetime import date

import geopandas as gpd
import pandas as pd
import pyarrow
import pyarrow.parquet as parquet
import pytest
import shapely
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from commands.main import main
from data.publication import exports
from data.publication.exports import EXPORT, FORMS, Provenance
from data.publication.harm import HarmFound
from data.schema import tables
from data.schema.kinds import ARROW
from data.schema.tables import FIGURES, SOURCES
from data.store import Publication, Store
from tests import builders

CITATION = "UNHCR. As known on 1 May 2026: http://127.0.0.1:8501/downloads?known=2026-05-01"
PAPERS = Provenance(
    CITATION,
    SOURCES.cast(
        pd.DataFrame(
            [
                {
                    "source": "test_source",
                    "title": "Test",
                    "publisher": "UNHCR",
                    "homepage": "https://example.org",
                    "licence": "CC BY 4.0",
                    "attribution": "UNHCR, as asked",
                }
            ]
        )
    ),
)
KNOWN = {"known_from": pd.Timestamp("2026-01-01"), "published_on": pd.Timestamp("2026-01-01")}


def figures(*rows):
    return builders.figures(*(KNOWN | row for row in rows))


def table(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def sheets(body: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_a_cell_that_a_spreadsheet_would_compute_is_made_text():
    """A note of a publisher must not run on the reader's machine; a dash stays a dash."""
    body = exports.as_bytes(
        figures({"note": "=HYPERLINK(1)", "value_raw": "-", "category": "@x"}), "csv"
    )
    (row,) = table(body)
    assert (row["note"], row["value_raw"], row["category"]) == ("'=HYPERLINK(1)", "-", "'@x")


@given(st.text(min_size=2, max_size=12))
def test_no_text_of_a_csv_begins_a_formula_and_none_is_lost(text):
    shown = exports.harmless(text)
    assert not shown.startswith(exports.STARTS_A_FORMULA)
    assert shown.removeprefix("'") == text.removeprefix("'") or shown == text


@pytest.mark.parametrize("form", FORMS)
def test_what_could_hurt_somebody_leaves_in_no_format(form):
    """A release of an office's own store may hold it; a file of the public page may not."""
    camp = figures({"provider_admin3_name": "Atmeh camp"})
    with pytest.raises(HarmFound):
        exports.as_bytes(camp, form, provenance=PAPERS)
    with pytest.raises(HarmFound):
        exports.as_bytes(figures({"place_code": "C3871"}), form)
    for column in ("note", "dataset"):
        with pytest.raises(HarmFound, match=f"giving a position in {column}"):
            exports.as_bytes(figures({column: "seen at 36.2021, 37.1343"}), form)
        with pytest.raises(HarmFound, match=f"giving a contact in {column}") as raised:
            exports.as_bytes(figures({column: "ask +963 944 123 456"}), form, provenance=PAPERS)
        assert "963" not in str(raised.value)
    assert exports.as_bytes(camp, form, public=False)


def test_a_csv_has_codes_units_licence_names_and_the_citation_in_every_row():
    body = exports.as_bytes(figures({"value": None, "missing_reason": "suppressed"}, {}), "csv")
    assert list(table(body)[0]) == FIGURES.names
    two = figures({"value": None, "missing_reason": "suppressed"}, {"gender": "f"})
    first, second = table(exports.as_bytes(two, "csv", provenance=PAPERS))
    assert list(first) == EXPORT.names
    assert (first["value"], first["missing_reason"]) == ("", "suppressed")
    assert second["value"] == "100"
    assert second["admin1_code"] == second["place_code"] == "SY07"
    assert (second["unit"], second["licence"]) == ("people", "CC BY 4.0")
    assert (second["place_name"], second["place_name_ar"]) == ("Idleb", "إدلب")
    assert first["citation"] == second["citation"] == CITATION
    assert second["as_of"] == "2025-12-31"


def test_a_byte_order_mark_comes_only_when_asked_for():
    """Excel needs it for Arabic; every other reader takes it for a letter of the first heading."""
    rows = figures({})
    assert not exports.as_bytes(rows, "csv").startswith(exports.BOM)
    assert exports.as_bytes(rows, "csv", bom=True).startswith(exports.BOM)


def test_tags_stand_below_the_heading_and_name_the_group_where_there_is_one():
    tagged = table(exports.as_bytes(figures({}), "csv", provenance=PAPERS, hxl=True))
    assert tagged[0]["value"] == "#affected+idps"
    assert tagged[0]["admin1_code"] == "#adm1+code+v_pcode"
    assert all(tag.startswith("#") for tag in tagged[0].values())
    assert tagged[1]["value"] == "100"
    mixed = figures({}, {"population_group": "REF"})
    assert table(exports.as_bytes(mixed, "csv", hxl=True))[0]["value"] == "#indicator+value+num"
    assert set(exports.TAGS) == set(EXPORT.names)


def test_a_workbook_keeps_types_and_has_a_sheet_of_sources():
    rows = figures(
        {"value": 1234, "category": "=1+1"}, {"value": None, "missing_reason": "suppressed"}
    )
    rows.loc[1, "gender"] = "f"
    found = sheets(exports.as_bytes(rows, "xlsx", provenance=PAPERS))
    assert list(found) == ["figures", "sources"]
    heading, first, second = found["figures"]
    assert heading == EXPORT.names
    row = dict(zip(heading, first, strict=True))
    assert row["value"] == 1234.0
    assert row["as_of"] == date(2025, 12, 31)
    assert row["category"] == "=1+1"  # a text; nothing computes it
    assert dict(zip(heading, second, strict=True))["value"] == ""
    names, series = found["sources"][:2]
    assert dict(zip(names, series, strict=True)) | {
        "licence": "CC BY 4.0",
        "attribution": "UNHCR, as asked",
        "figures": 2.0,
        "last_as_of": date(2025, 12, 31),
    } == dict(zip(names, series, strict=True))
    assert CITATION in found["sources"][-1]


def test_a_workbook_says_when_its_rows_were_fetched_and_not_when_it_was_made():
    """Else the same question is answered by other bytes, and no hash of them holds."""
    rows = figures({})
    with zipfile.ZipFile(io.BytesIO(exports.as_bytes(rows, "xlsx", provenance=PAPERS))) as book:
        said = book.read("docProps/core.xml").decode()
    fetched = rows["retrieved_at"].max().strftime("%Y-%m-%dT%H:%M:%SZ")
    assert f">{fetched}</dcterms:created>" in said
    assert f">{fetched}</dcterms:modified>" in said


def test_a_tagged_workbook_keeps_its_numbers_numbers():
    found = sheets(exports.as_bytes(figures({}), "xlsx", provenance=PAPERS, hxl=True))["figures"]
    assert found[1][EXPORT.names.index("value")] == "#affected+idps"
    assert found[2][EXPORT.names.index("value")] == 100.0


def test_parquet_has_the_declared_types():
    body = exports.as_bytes(figures({}), "parquet", provenance=PAPERS)
    schema = parquet.read_schema(io.BytesIO(body))
    assert [(f.name, f.type) for f in schema] == [(c.name, ARROW[c.kind]) for c in EXPORT.columns]


def test_geography_is_the_official_polygon_else_the_seat_else_nothing():
    rows = figures(
        {},
        {"place_code": "SY02", "admin1_code": "SY02"},
        {"place_code": "X-SYR-NW", "admin1_code": None, "admin_level": None},
    )
    square = shapely.box(36, 35, 37, 36)
    official = gpd.GeoDataFrame({"place_code": ["SY07"]}, geometry=[square], crs=4326)
    body = exports.as_bytes(rows, "geoparquet", provenance=PAPERS, boundaries=official)
    found = gpd.read_parquet(io.BytesIO(body))
    assert found.crs.to_epsg() == 4326
    assert found["geometry_from"].isna().tolist() == [False, False, True]
    assert found["geometry_from"].tolist()[:2] == ["boundary", "seat"]
    assert found.geometry.geom_type.tolist()[:2] == ["Polygon", "Point"]
    assert found.geometry.iloc[2] is None  # north-west Syria has no exact borders
    assert found.geometry.iloc[0].equals(square)
    assert found["value"].dtype.kind == "i"
    assert found["as_of"].iloc[0] == date(2025, 12, 31)


def test_geojson_opens_with_its_citation_and_nulls():
    rows = figures({"value": None, "missing_reason": "suppressed"})
    body = exports.as_bytes(rows, "geojson", provenance=PAPERS)
    whole = json.loads(body)
    assert whole["citation"] == CITATION
    assert whole["licence"] == ["CC BY 4.0"]
    (feature,) = whole["features"]
    assert feature["properties"]["value"] is None
    assert feature["geometry"]["type"] == "Point"
    found = gpd.read_file(io.BytesIO(body))
    assert found["place_code"].tolist() == ["SY07"]


@pytest.mark.parametrize("form", FORMS)
def test_no_figure_is_an_empty_file_and_no_error(form):
    assert exports.as_bytes(FIGURES.empty(), form, provenance=PAPERS)


def test_every_row_and_no_other_is_in_every_format():
    rows = figures({}, {"gender": "f"}, {"gender": "m"})
    counts = {
        "csv": len(table(exports.as_bytes(rows, "csv", provenance=PAPERS))),
        "xlsx": len(sheets(exports.as_bytes(rows, "xlsx", provenance=PAPERS))["figures"]) - 1,
        "json": len(json.loads(exports.as_bytes(rows, "json", provenance=PAPERS))),
        "arrow": pyarrow.ipc.open_stream(exports.as_bytes(rows, "arrow")).read_all().num_rows,
        "parquet": len(pd.read_parquet(io.BytesIO(exports.as_bytes(rows, "parquet")))),
        "geojson": len(json.loads(exports.as_bytes(rows, "geojson"))["features"]),
        "geoparquet": len(gpd.read_parquet(io.BytesIO(exports.as_bytes(rows, "geoparquet")))),
    }
    assert counts == dict.fromkeys(FORMS, 3)


def exported(store, folder):
    return CliRunner().invoke(main, ["--store", str(store), "export", "--to", str(folder)])


def test_a_release_is_exported_whole_and_opens_in_a_gis(tmp_path):
    store = Store(str(tmp_path / "store"))
    rows = figures({}, {"place_code": "SY02", "admin1_code": "SY02", "category": "=1+1"})
    store.publish(Publication("test_source", rows, "test"), now=builders.RETRIEVED)
    result = exported(store.address, tmp_path / "out" / "deep")
    assert result.exit_code == 0, result.output
    out = tmp_path / "out" / "deep"
    names = {path.name for path in out.iterdir()}
    assert {"figures.csv", "figures.parquet", "figures.geo.parquet", "nuzuh.gpkg"} <= names
    assert {"places.csv", "sources.parquet", "crossings.csv", "authorisations.csv"} <= names
    assert len(pd.read_parquet(out / "figures.parquet")) == 2
    assert "'=1+1" in (out / "figures.csv").read_text("utf-8")
    layer = gpd.read_file(out / "nuzuh.gpkg", layer="figures")
    assert layer.geometry.geom_type.tolist() == ["Point", "Point"]
    assert layer.crs.to_epsg() == 4326
    places = gpd.read_file(out / "nuzuh.gpkg", layer="places")
    assert {"SY07", "TUR031"} <= set(places["place_code"])
    assert not [path for path in out.iterdir() if path.name.startswith((".", "tmp"))]


def test_an_export_that_could_hurt_writes_nothing(tmp_path):
    store = Store(str(tmp_path / "store"))
    camp = figures({"provider_admin3_name": "Atmeh camp"})
    store.publish(Publication("test_source", camp, "test"), now=builders.RETRIEVED)
    result = exported(store.address, tmp_path / "out")
    assert result.exit_code == 1
    assert "camp" in result.stderr
    assert "Atmeh" not in result.output
    assert not (tmp_path / "out").exists()


def test_figures_on_the_command_line_pass_the_same_check(tmp_path):
    store = Store(str(tmp_path / "store"))
    camp = figures({"provider_admin3_name": "Atmeh camp"})
    store.publish(Publication("test_source", camp, "test"), now=builders.RETRIEVED)
    asked = ["--store", store.address, "figures", "--group", "IDP"]
    result = CliRunner().invoke(main, asked)
    assert result.exit_code == 1
    assert "Atmeh" not in result.output
    allowed = CliRunner(env={"NUZUH_PUBLIC": "false"}).invoke(main, asked)
    assert allowed.exit_code == 0
    assert "Atmeh camp" in allowed.stdout


def test_households_and_moves_are_never_tagged_as_people():
    """A tag of people on 4,000 families makes them 4,000 people in every tool that reads HXL."""
    shown = {
        "people": "#affected+idps",
        "families": "#affected+idps+hh",
        "movements": "#indicator+movements+num",
    }
    for unit, tag in shown.items():
        assert exports._counted(figures({"unit": unit})) == tag
    mixed = figures({}, {"unit": "families"})
    assert exports._counted(mixed) == "#indicator+value+num"
    kinds = figures({}, {"measure": "flow"})
    assert exports._counted(kinds) == "#indicator+value+num"


def test_a_csv_for_turkish_excel_has_semicolons_and_its_mark():
    body = exports.as_bytes(figures({"value": 1234}), "csv", semicolons=True)
    assert body.startswith(exports.BOM)
    heading, row = body.removeprefix(exports.BOM).decode().splitlines()
    assert heading.split(";")[:2] == ["figure_id", "source"]
    assert len(row.split(";")) == len(heading.split(";"))


def test_outer_rings_run_against_the_clock():
    """RFC 7946: a reader that follows it would take the whole world but Idleb."""
    clockwise = shapely.Polygon([(36, 35), (36, 36), (37, 36), (37, 35)])
    assert not clockwise.exterior.is_ccw
    boundaries = gpd.GeoDataFrame({"place_code": ["SY07"]}, geometry=[clockwise], crs=4326)
    made = json.loads(exports.as_bytes(figures({}), "geojson", boundaries=boundaries))
    ring = made["features"][0]["geometry"]["coordinates"][0]
    assert shapely.LinearRing(ring).is_ccw


def test_no_id_looks_like_a_number():
    """Excel made 3.67992695638792E+14 of the id 0367992695638792."""
    frame = figures(*({"locator": "x", "category": f"{n}"} for n in range(3000)))
    assert frame["figure_id"].is_unique
    assert not frame["figure_id"].str.fullmatch(r"\d+(e\d+)?").any()
    assert frame["figure_id"].str.startswith("f").sum() > frame["figure_id"].str.len().gt(16).sum()
    assert tables.cited("0367992695638792") == "f0367992695638792"
    assert tables.cited("66896ac1d4ef2977") == "66896ac1d4ef2977"


@pytest.mark.parametrize("form", sorted(exports.PIECEMEAL))
def test_a_file_written_in_pieces_is_the_file_written_at_once(form, monkeypatch):
    """Whoever asks a server and whoever asks the command line compare two files by their hash."""
    monkeypatch.setattr(exports, "ROWS", 4)
    rows = figures(*({"value": n, "place_code": "SY07"} for n in range(11)))
    whole = exports.as_bytes(rows, form)
    for cut in (1, 3, 5, 11):
        pieces = [FIGURES.rows(rows.iloc[n : n + cut]) for n in range(0, len(rows), cut)]
        assert b"".join(exports.as_pieces(pieces, form)) == whole
    assert b"".join(exports.as_pieces([], form)) == exports.as_bytes(FIGURES.empty(), form)
