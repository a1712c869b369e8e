"""Years of publishes: few files, no vintage lost, and old releases gone by the rules."""

import shutil
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from data.store import (
    Document,
    FigureFilter,
    Policy,
    Publication,
    Store,
    history,
    intact,
    retention,
)
from data.store.manifest import File
from tests.builders import figures
from tests.effort import tries

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
PUBLISHES = 75


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    """A number that changed each day, from a fetch each day."""
    store = Store(str(tmp_path_factory.mktemp("old")))
    for day in range(PUBLISHES):
        at = NOW + timedelta(days=day)
        fetch = store.keep("s", [Document("d", "u", str(day).encode(), at)])
        rows = figures({"source": "s", "via": "s", "value": day})
        store.publish(Publication("s", rows, str(day), fetch_id=fetch), now=at)
    return store


def test_a_manifest_stays_small_and_no_vintage_and_no_fetch_is_lost(old):
    release = old.current()
    assert len(release.manifest.vintages["s"]) <= history.MOST + 1
    assert len(release.manifest.fetches["s"]) <= 2 * history.FETCHES + 1
    assert release.vintages()["value"].tolist() == list(range(PUBLISHES))
    assert list(release.fetches("s")) == sorted(old.fetches("s"))
    assert [f.path for f in old.verify(lambda s, d: figures({"source": "s", "via": "s"}))] == [
        f"figure {release.figures()['figure_id'].iloc[0]}"
    ]


@pytest.mark.parametrize("day", [0, 1, 30, 60, PUBLISHES - 1])
def test_each_past_day_is_known_as_it_was(old, day):
    known = old.current().figures(FigureFilter(as_known_on=(NOW + timedelta(days=day)).date()))
    assert known["value"].tolist() == [day]


@pytest.mark.parametrize("day", [3, 30, 60])
def test_what_arrived_since_a_visit_is_told_out_of_files_of_many(old, day):
    """Written as one today, they would all seem to have come today."""
    found = old.current().arrived(NOW + timedelta(days=day))
    assert len(found) == PUBLISHES - 1 - day


def test_pruning_leaves_every_vintage_and_what_kept_releases_name(old, tmp_path):
    copy = Store(str(shutil.copytree(old.address, tmp_path / "copy")))
    now = NOW + timedelta(days=PUBLISHES)
    before = copy.current().vintages()["value"].tolist()
    assert copy.prune(policy=Policy(days=7, weeks=3, months=2), now=now) > 0
    kept = copy.releases()
    assert len(kept) < 20
    intact.forget_hashes()
    for release in kept:
        assert copy.release(release.id).figures()["value"].tolist() == [int(release.reason)]
        assert len(copy.release(release.id).vintages()) == int(release.reason) + 1
    assert copy.current().vintages()["value"].tolist() == before
    assert copy.prune(policy=Policy(days=7, weeks=3, months=2), now=now) == 0


def test_a_damaged_file_of_many_is_written_again_out_of_the_files_it_was_made_of(old, tmp_path):
    copy = Store(str(shutil.copytree(old.address, tmp_path / "copy")))
    many = next(f for f in copy.current().manifest.vintages["s"] if history.is_of_many(f.path))
    place = tmp_path / "copy" / many.path
    before = place.read_bytes()
    place.write_bytes(before[:-1] + b"\0")
    told = list(copy.repair(lambda s, d: None, now=NOW + timedelta(days=PUBLISHES)))
    assert [t.path for t in told if t.mended] == [many.path]
    assert place.read_bytes() == before


def test_the_first_publish_of_a_day_prunes_by_itself(tmp_path):
    store = Store(str(tmp_path), policy=Policy(days=2, weeks=0, months=0))
    for hour in range(0, 24 * 9, 12):
        rows = figures({"source": "s", "via": "s", "value": hour})
        store.publish(Publication("s", rows, str(hour)), now=NOW + timedelta(hours=hour))
    assert len(store.releases()) <= retention.AT_LEAST + 2
    assert len(store.current().vintages()) == 18


def test_a_kill_in_the_middle_of_pruning_leaves_no_half_release(old, tmp_path, monkeypatch):
    copy = Store(str(shutil.copytree(old.address, tmp_path / "copy")))
    now, left = NOW + timedelta(days=PUBLISHES), 5

    class Killed(BaseException):
        pass

    delete = copy._objects.delete

    def some(path):
        nonlocal left
        if left == 0:
            raise Killed
        left -= 1
        delete(path)

    monkeypatch.setattr(copy._objects, "delete", some)
    with pytest.raises(Killed):
        copy.prune(policy=Policy(2, 1, 1), now=now)
    monkeypatch.undo()
    for release in copy.releases():
        assert copy.release(release.id).figures()["value"].tolist() == [int(release.reason)]
    copy.prune(policy=Policy(2, 1, 1), now=now)
    assert copy.current().vintages()["value"].tolist() == list(range(PUBLISHES))


def test_all_of_the_last_days_stay_then_one_a_week_then_one_a_month():
    now = datetime(2026, 11, 30, 12, tzinfo=UTC)
    daily = [(f"{n:04}", now - timedelta(days=n)) for n in range(1000)]
    kept = sorted(int(r) for r in retention.staying(daily, now, Policy(14, 8, 12)))
    assert kept[:15] == list(range(15))
    weekly = [n for n in kept if 14 < n <= 14 + 56]
    assert 8 <= len(weekly) <= 9
    assert {b - a for a, b in pairwise(weekly)} == {7}
    monthly = [now - timedelta(days=n) for n in kept if n > 14 + 56]
    assert len({(d.year, d.month) for d in monthly}) == len(monthly)
    assert 11 <= len(monthly) <= 13


@examples(max_examples=tries(50, 15))
@given(st.lists(st.integers(1, 500), min_size=1, max_size=400))
def test_files_stay_few_and_rows_are_seldom_written_again(sizes):
    files, written = [], 0
    for number, rows in enumerate(sizes):
        count = history.files_to_merge(files)
        if count:
            parts = files[-count:]
            total = sum(part.rows for part in parts)
            written += total
            files = [*files[:-count], File("vintages/s/x.parquet", "0" * 64, 1, total)]
        files.append(File(f"vintages/s/{number}.parquet", "0" * 64, 1, rows))
    assert sum(file.rows for file in files) == sum(sizes)
    assert len(files) <= history.MOST + 1
    assert written <= 12 * sum(sizes)
