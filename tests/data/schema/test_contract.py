"""What is seen at once to keep the contract is what the contract's checks would let pass.

A fault that the short way overlooked would be published, in a row that nobody looks at again.
"""

import pandas as pd
import pytest

from data.schema.contract import Column
from data.schema.tables import FIGURES, figure_ids
from tests.builders import figures, years

WORDS = ["", "Zzz", "syr", "SYR\n", "SY07\n", "ÉÉÉ", "٣٣٣", "0" * 64 + "\n", "all", "ftp://a", None]
ODD = {"text": WORDS, "integer": [-1, 0, 4, None], "date": [None], "timestamp": [None]}
LIMITED = [column for column in FIGURES.columns if column.limited]
WHOLE = figures(
    {"known_from": pd.Timestamp("2026-01-01")}, {"known_from": pd.Timestamp("2026-02-01")}
)


@pytest.mark.parametrize("column", LIMITED, ids=lambda column: column.name)
def test_the_short_way_lets_pass_only_what_the_checks_do(column, monkeypatch):
    for value in ODD[column.kind]:
        frame = WHOLE.copy()
        frame.loc[1, column.name] = pd.NA if value is None else value
        rows = FIGURES.rows(frame)
        told = FIGURES._column_faults(rows)
        with monkeypatch.context() as patched:
            patched.setattr(Column, "plainly_keeps", lambda *_: False)
            assert told == FIGURES._column_faults(rows), f"{column.name}: {value!r}"


def test_a_whole_frame_is_seen_to_keep_the_contract():
    """Else the long way would be gone every time, and nobody would notice."""
    rows = FIGURES.rows(WHOLE)
    assert all(column.plainly_keeps(rows[column.name]) for column in LIMITED)


def test_an_id_is_of_the_row_and_not_of_where_it_stands():
    """A filtered table keeps its rows' numbers; ids of other rows would hold others' history."""
    whole = years(1, 2, 3, 4)
    part = whole[whole["value"].isin([2, 4])]
    assert figure_ids(part).tolist() == whole.loc[part.index, "figure_id"].tolist()
