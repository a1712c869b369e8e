"""What there is and what is not: "no figure" must never read as zero, nor an old one as new."""

from datetime import date

import pandas as pd

from data.analysis import coverage
from tests import builders

DAY = date(2026, 11, 30)
ORDER = ["SY07", "SY0703", "SY070301"]


def figure(code: str, as_of: str, value: int | None = 5, **more: object) -> dict[str, object]:
    return {
        "place_code": code,
        "admin_level": {4: 1, 6: 2, 8: 3}[len(code)],
        "admin1_code": code[:4],
        "reference_period_start": as_of,
        "reference_period_end": as_of,
        "as_of": as_of,
        "value": value,
        "missing_reason": "not_reported" if value is None else None,
        **more,
    }


def some() -> pd.DataFrame:
    return builders.figures(
        figure("SY07", "2024-03-31"),
        figure("SY07", "2024-09-30"),
        figure("SY07", "2026-10-31"),
        figure("SY07", "2025-05-31", value=None),
        figure("SY070301", "2023-06-30", population_group="RET", measure="flow"),
    )


def test_a_cell_is_filled_where_a_number_exists_and_opens_the_newest():
    figures = some()
    second, first = coverage.matrix(figures, DAY)  # oldest row first; a page orders places
    assert {at: cell.count for at, cell in first.cells.items()} == {2024: 2, 2026: 1}
    newest = figures[figures["as_of"].eq("2024-09-30")].iloc[0]
    assert first.cells[2024].figure_id == newest["figure_id"]
    assert (first.cells[2024].age, first.cells[2026].age) == ("old", "new")
    assert list(second.cells) == [2023]
    assert second.newest["place_code"] == "SY070301"


def test_a_years_columns_are_its_months():
    (line,) = coverage.matrix(some(), DAY, year=2024)
    assert sorted(line.cells) == [3, 9]
    assert coverage.years(some()) == [2023, 2024, 2025, 2026]
    assert coverage.years(some().iloc[0:0]) == []


def test_an_age_changes_on_its_day():
    assert coverage.age(pd.Timestamp("2026-08-30"), DAY) == "new"  # 92 days
    assert coverage.age(pd.Timestamp("2026-08-29"), DAY) == "year"
    assert coverage.age(pd.Timestamp("2025-11-30"), DAY) == "year"  # 365 days
    assert coverage.age(pd.Timestamp("2025-11-29"), DAY) == "old"


def test_a_place_that_everyone_left_is_told_with_its_last_figure():
    (left,) = coverage.stopped(some(), ORDER, DAY)
    assert (left["place_code"], left["as_of"]) == ("SY070301", pd.Timestamp("2023-06-30"))
    # In 2023 nobody had left it yet.
    assert coverage.stopped(some(), ["SY070301"], date(2023, 12, 31)) == []


def test_a_place_without_such_a_figure_is_told_the_nearest():
    figures = some()
    asked = figures[figures["population_group"].eq("IDP")]
    district, dana = coverage.missing(asked, figures, ORDER)
    assert (district.place, dana.place) == ("SY0703", "SY070301")
    assert district.other is None
    for one in (district, dana):
        assert one.nearest is not None
        assert one.nearest["place_code"] == "SY07"
        assert one.nearest["as_of"] == pd.Timestamp("2026-10-31")
    assert dana.other is not None
    assert dana.other["population_group"] == "RET"
    (alone,) = coverage.missing(asked.iloc[0:0], asked.iloc[0:0], ["SY0703"])
    assert alone.nearest is None


def test_a_cell_opens_the_whole_count_of_its_day_and_no_part_of_it():
    """Harim's 5,000 in communities would be read as all who are displaced there."""
    figures = builders.figures(
        figure("SY0703", "2025-12-31", value=90_000),
        figure("SY0703", "2025-12-31", value=5_000, category="community"),
    )
    (row,) = coverage.matrix(figures, DAY)
    assert (row.newest["value"], row.cells[2025].count) == (90_000, 2)
    (last,) = coverage.stopped(figures, ["SY0703"], date(2027, 6, 1))
    assert last["value"] == 90_000
