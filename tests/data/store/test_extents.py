"""A file is left unread only where nothing asked for can stand in it: else people are missing."""

import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as arrow
import pyarrow.parquet as parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.store import FigureFilter, Publication, Store, extents
from tests.builders import figures

CODES = ("SY07", "SY0703", "SY14", "TUR", "İ", "ü", "إدلب", "")
columns = st.lists(st.sampled_from([*CODES, None]), max_size=7)


def written(folder, texts, name="place_code", **how):
    path = str(Path(folder) / f"{len(list(Path(folder).iterdir()))}.parquet")
    rows = arrow.table({name: arrow.array(texts, arrow.string()), "value": range(len(texts))})
    parquet.write_table(rows, path, row_group_size=2, **how)
    return extents.of(path)


@given(columns, st.lists(st.sampled_from(CODES), min_size=1, max_size=3))
def test_what_stands_in_a_file_is_never_said_to_be_absent(texts, asked):
    """In any script, in any of its parts, beside whatever nulls."""
    with tempfile.TemporaryDirectory() as folder:
        may = written(folder, texts).may_hold(asked, ("place_code",))
    assert may or not set(texts) & set(asked)


@pytest.mark.parametrize(
    ("texts", "asked", "may"),
    [
        (["SY07", "SY14", None], ["SY08"], True),
        (["SY07", "SY14"], ["TUR"], False),
        (["SY07", "SY14"], ["TUR", "SY14"], True),
        ([None, None, None], ["SY07"], False),
        ([], ["SY07"], False),
    ],
)
def test_only_what_lies_outside_of_a_files_bounds_is_passed_by(tmp_path, texts, asked, may):
    """Else each question would read every file of a store again."""
    assert written(tmp_path, texts).may_hold(asked, ("place_code",)) is may


def test_one_column_of_several_is_enough(tmp_path):
    """A country's figures are also those of whom it took in, though its code is not their place."""
    extent = written(tmp_path, ["TUR"], "asylum_location_code")
    assert extent.may_hold(["TUR"], ("place_code", "asylum_location_code"))
    assert not extent.may_hold(["TUR"], ("place_code",)), "a column that the file does not have"


def test_a_file_that_tells_no_bounds_is_read(tmp_path):
    """Another program may have written the store."""
    assert written(tmp_path, ["SY07"], write_statistics=False).may_hold(["TUR"], ("place_code",))


def test_figures_of_a_place_come_out_of_every_file_that_holds_it(tmp_path):
    """Now, among all vintages and as known on a day, however many sources say something of it."""
    store = Store(str(tmp_path))
    told = {"a": ("SY07", 1), "b": ("SY14", 2), "c": ("SY07", 4), "d": ("SY01", 8)}
    for hour, (source, (place, people)) in enumerate(told.items()):
        row = {
            "source": source,
            "via": source,
            "place_code": place,
            "admin1_code": place,
            "value": people,
        }
        store.publish(
            Publication(source, figures(row), "test"), now=datetime(2026, 11, 24, hour, tzinfo=UTC)
        )
    release = store.current()
    for wanted in (FigureFilter(place=("SY07",)), FigureFilter(within=("SY07", "TUR"))):
        assert sorted(release.figures(wanted)["value"]) == [1, 4]
        assert sorted(release.vintages(wanted)["value"]) == [1, 4]
    known = FigureFilter(place=("SY07", "SY01"), as_known_on=date(2026, 11, 25))
    assert sorted(release.figures(known)["value"]) == [1, 4, 8]
    assert release.figures(FigureFilter(place=("XX",))).empty
    assert release.matching(FigureFilter(source=("b",))) == 1
