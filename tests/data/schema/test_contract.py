"""What is seen at once to keep the contract is what the contract's checks would let pass.

A fault that the short way overlooked would be published, in a row that nobody looks at again.
"""

import pandas as pd
import pytest

from data.schema.contract import Column, ContractBroken
from data.schema.frame_keys import figure_ids
from data.schema.tables import FIGURES
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
        if told:
            continue  # the checks themselves found it
        with monkeypatch.context() as patched:
            patched.setattr(Column, "plainly_keeps", lambda *_: False)
            assert told == FIGURES._column_faults(rows), f"{column.name}: {value!r}"


def test_a_whole_frame_is_seen_to_keep_the_contract():
    """Else the long way would be gone every time, and nobody would notice."""
    rows = FIGURES.rows(WHOLE)
    assert all(column.plainly_keeps(rows[column.name]) for column in LIMITED)


def test_a_row_that_breaks_the_contract_is_named_as_its_file_does():
    """Row 0 of a frame of nineteen tables leads nobody to the cell that has to be mended."""
    places = ["idp_stocks.csv: row 2", "idp_stocks.csv: row 9"]
    rows = WHOLE.assign(locator=places, measure=["stock", "stocks"])
    with pytest.raises(ContractBroken, match=r"'stocks' .idp_stocks.csv: row 9; 1 in all"):
        FIGURES.conform(rows)
    rows = WHOLE.assign(locator=places, missing_reason=["not_reported", None])
    with pytest.raises(ContractBroken, match=r"exclude one another .idp_stocks.csv: row 2; 1 in"):
        FIGURES.conform(rows)


def test_a_day_that_is_none_is_refused_in_one_line():
    with pytest.raises(ContractBroken) as refused:
        FIGURES.conform(WHOLE.astype({"as_of": "object"}).assign(as_of="23/01/2018"))
    assert "23/01/2018" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_id_is_of_the_row_and_not_of_where_it_stands():
    """A filtered table keeps its rows' numbers; ids of other rows would hold others' history."""
    whole = years(1, 2, 3, 4)
    part = whole[whole["value"].isin([2, 4])]
    assert figure_ids(part).tolist() == whole.loc[part.index, "figure_id"].tolist()
