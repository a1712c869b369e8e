"""Columns of what a publisher sent say the same as its rows, and faults name their own row."""

from datetime import UTC, datetime

import pytest

from data.store import Document
from pipelines.publishers.rows import Rows

AT = datetime(2026, 11, 24, tzinfo=UTC)
FILES = [Document(name, f"https://example.org/{name}", b"", AT) for name in ("a", "b")]


def rows(*cells):
    return Rows.of((FILES[n % 2], f"data[{n}]", row) for n, row in enumerate(cells))


def test_a_column_is_its_cells_cleaned_whatever_their_type():
    """True, 1 and 1.0 are one key to Python, and not one to a publisher."""
    sent = rows(
        {"n": " 1 "}, {"n": True}, {"n": 1}, {"n": 1.0}, {"n": "-"}, {}, {"n": "SY\u200b07"}
    )
    assert sent.texts("n") == ["1", None, "1", "1", None, None, "SY07"]


def test_rows_that_are_left_keep_their_file_and_place():
    left = rows({"n": "1"}, {"n": "2"}, {"n": "3"}).only([False, True, True])
    assert (left.texts("n"), left.places, len(left)) == (["2", "3"], ["data[1]", "data[2]"], 2)
    assert [file["source_url"][-1] for file in left.files()] == ["b", "a"]


def test_the_first_cell_that_is_not_understood_is_named_and_no_later_one():
    def refusal(printed, row):
        return LookupError(f"{printed} in row {row}")

    sent = rows({"n": "1"}, {"n": "x"}, {"n": "1"}, {"n": "x"})
    with pytest.raises(LookupError, match="x in row 1"):
        sent.read("n", lambda said: int(said or 0), refusal)
    assert sent.only([True, False, True, False]).read("n", lambda s: int(s or 0), refusal) == [1, 1]


def test_no_rows_have_columns_without_cells():
    assert rows().texts("n") == []
    assert len(rows().only([])) == 0
