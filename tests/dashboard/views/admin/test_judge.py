"""The rows of a held answer: what is doubted first, each with origin and the year before."""

import io
from datetime import date

import pandas as pd
import pytest
from click.testing import CliRunner

from commands.main import main
from dashboard.session.urlstate import View
from dashboard.views.admin import judge
from visuals.language.words import Words

URL = "https://www.goc.gov.tr/gecici-koruma5638"
BEFORE = {"Hatay": 203_412, "Gaziantep": 361_005, "Kilis": 64_210, "Şanlıurfa": 245_100}
NOW = BEFORE | {"Şanlıurfa": 2_451_000}


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """As `judge.read` reads them: a year's figures published, those of the next year held."""
    folder = tmp_path_factory.mktemp("held")
    for day, figures in (("2025-09-17", BEFORE), ("2026-09-17", NOW)):
        lines = [f"{place},{day},{number},{URL}\n" for place, number in figures.items()]
        file = folder / f"{day}.csv"
        file.write_text("province,as_of,syrians,source_url\n" + "".join(lines), encoding="utf-8")
        asked = ["--store", str(folder / "store"), "import", "pmm_provinces", str(file), "--yes"]
        code = CliRunner().invoke(main, asked).exit_code
        assert code == (day == "2026-09-17")
    out = folder / "rows.csv"
    asked = ["accept", "pmm_provinces", "--show", "--rows=0", f"--output={out}", "--json"]
    assert CliRunner().invoke(main, ["--store", str(folder / "store"), *asked]).exit_code == 0
    types = {"doubts": "string", "change": "string", "figure_id": "string", "value_raw": "string"}
    frame = pd.read_csv(io.BytesIO(out.read_bytes()), dtype=types)
    return frame.assign(doubts=frame["doubts"].fillna(""), number=range(1, len(frame) + 1))


def test_the_doubted_row_is_first_with_its_origin_and_the_year_before(rows):
    """It was number 680 of a page that stopped at 200, and without the country of origin."""
    assert len(rows) == 4
    first = rows.iloc[0]
    assert (first["place_code"], first["origin_code"]) == ("TUR063", "SYR")
    assert first["doubts"].split() == ["stock_jumped"]
    assert (first["value"], first["value_raw"]) == (2_451_000, "2451000")
    assert (first["value_year_before"], first["year_before"]) == (245_100, "2025-09-17")
    assert first["times"] == 10
    assert (rows["doubts"].iloc[1:] == "").all()


@pytest.mark.parametrize(
    ("language", "sought", "place"),
    [
        ("en", "hatay", "TUR031"),
        ("ar", "هاتاي", "TUR031"),
        ("tr", "ŞANLIURFA suriye", "TUR063"),
        ("en", "2,451,000", "TUR063"),
        ("en", "TUR027", "TUR027"),
    ],
)
def test_a_row_is_found_by_place_origin_code_or_number(rows, language, sought, place):
    view = View(Words(language), None, date(2026, 12, 1))
    assert list(judge._sought(view, rows, sought)["place_code"]) == [place]
