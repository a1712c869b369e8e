"""Publishing: nothing lost, nothing half shown, everything findable later."""

import errno
import hashlib
import shutil
from datetime import UTC, date, datetime, timedelta

import geopandas as gpd
import pandas as pd
import pyarrow as arrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import compute
from shapely.geometry import box

from data.schema import tables
from data.store import (
    Document,
    FigureFilter,
    Publication,
    Store,
    StoreBroken,
    StoreEmpty,
    StoreNotWritable,
    intact,
    objects,
)
from data.store.vintages import last_of, merge
from tests.builders import figures
from tests.effort import tries

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def publish(store, *rows, at=NOW, source="test_source", complete=True):
    return store.publish(Publication(source, figures(*rows), "test", complete=complete), now=at)


@pytest.fixture
def store(tmp_path):
    return Store(str(tmp_path / "store"))


def test_an_empty_store_says_what_to_do(store):
    with pytest.raises(StoreEmpty, match="nuzuh run"):
        store.current()


def test_a_changed_number_is_a_vintage_and_the_first_one_stays(store):
    publish(store, {"value": 2646142})
    publish(store, {"value": 2347756}, at=NOW + timedelta(days=1))
    release = store.current()
    assert release.figures()["value"].tolist() == [2347756]
    assert release.vintages()["value"].tolist() == [2646142, 2347756]
    then = release.figures(FigureFilter(as_known_on=NOW.date()))
    assert then["value"].tolist() == [2646142]


def test_the_same_answer_writes_no_release(store):
    first = publish(store, {})
    again = publish(store, {}, at=NOW + timedelta(days=1))
    assert again.unchanged
    assert again.release_id == first.release_id


def test_a_figure_that_is_gone_is_withdrawn_and_can_come_back(store):
    other = {"place_code": "SY02", "admin1_code": "SY02"}
    publish(store, {}, other)
    publish(store, other, at=NOW + timedelta(days=1))
    assert store.current().figures()["place_code"].tolist() == ["SY02"]
    publish(store, {}, other, at=NOW + timedelta(days=2))
    assert len(store.current().figures()) == 2
    assert store.current().vintages(FigureFilter(place=("SY07",)))[
        "missing_reason"
    ].notna().tolist() == [
        False,
        True,
        False,
    ]


def test_a_source_that_keeps_history_withdraws_nothing(store):
    other = {"place_code": "SY02", "admin1_code": "SY02"}
    publish(store, {}, complete=False)
    publish(store, other, complete=False)
    assert len(store.current().figures()) == 2


def test_the_live_source_takes_over_the_provenance_of_a_carried_number(store):
    """Carried history says when it was known; the live file says where it stands now."""
    publish(
        store,
        {"known_from": "2026-06-12", "value": 5, "via": "carried", "source": "live"},
        source="carried",
    )
    live = {"value": 5, "via": "live", "source": "live", "content_sha256": "1" * 64}
    live["retrieved_at"] = NOW + timedelta(hours=1)
    publish(store, live, source="live", at=NOW + timedelta(days=1))
    shown = store.current().figures()
    assert shown["content_sha256"].tolist() == ["1" * 64]
    assert shown["known_from"].dt.strftime("%Y-%m-%d").tolist() == ["2026-06-12"]
    # The carried table comes again with the next version of the project: nothing changes.
    carried = {"known_from": "2026-06-12", "value": 5, "via": "carried", "source": "live"}
    assert publish(store, carried, source="carried", at=NOW + timedelta(days=2)).unchanged


def test_one_source_touches_no_file_of_another(store):
    publish(store, {"source": "big", "via": "big"}, source="big")
    before = store.current().manifest.figures["big"]
    publish(store, {"source": "small", "via": "small"}, source="small")
    assert store.current().manifest.figures["big"] == before


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["SY01", "SY02", "SY07"]), st.integers(0, 3), min_size=1),
        min_size=1,
        max_size=6,
    )
)
def test_as_known_on_equals_what_was_published_that_day(tmp_path_factory, answers):
    """The truth is simply each day's answer; the store must give it back for every day."""
    store = Store(str(tmp_path_factory.mktemp("store")))
    for number, answer in enumerate(answers):
        rows = [
            {"place_code": c, "admin1_code": c, "value": v, "retrieved_at": NOW + timedelta(number)}
            for c, v in answer.items()
        ]
        publish(store, *rows, at=NOW + timedelta(days=number))
    release = store.current()
    for number, answer in enumerate(answers):
        day = (NOW + timedelta(days=number)).date()
        known = release.figures(FigureFilter(as_known_on=day))
        assert dict(zip(known["place_code"], known["value"], strict=True)) == answer
    now = release.figures()
    assert dict(zip(now["place_code"], now["value"], strict=True)) == answers[-1]


def test_nothing_published_later_is_ever_shown_for_a_day(store):
    publish(store, {"known_from": "2020-02-10", "value": 700000})
    publish(store, {"known_from": "2020-02-26", "value": 948000}, complete=False)
    for day, value in (
        (date(2020, 2, 9), []),
        (date(2020, 2, 11), [700000]),
        (date(2020, 2, 26), [948000]),
    ):
        assert store.current().figures(FigureFilter(as_known_on=day))["value"].tolist() == value


def test_rollback_is_a_new_release_equal_to_the_old_one(store):
    first = publish(store, {"value": 1})
    publish(store, {"value": 2}, at=NOW + timedelta(days=1))
    new = store.rollback(None, now=NOW + timedelta(days=2))
    assert new != first.release_id
    assert store.current().figures()["value"].tolist() == [1]
    assert [info.current for info in store.releases()] == [True, False, False]


def test_pruning_keeps_every_vintage(store):
    for day in range(8):
        publish(store, {"value": day}, at=NOW + timedelta(days=day))
    removed = store.prune(keep=2, now=NOW + timedelta(days=30))
    assert removed > 0
    assert len(store.current().vintages()) == 8
    assert store.current().figures()["value"].tolist() == [7]
    assert len(store.releases()) == 2


def test_a_snapshot_is_the_bytes_as_sent(store):
    body = b'{"a": 1}\r\n\xef\xbb\xbf'
    kept = store.keep("s", [Document("d", "https://example.org", body, NOW)])
    (document,) = store.documents("s", kept)
    assert document.body == body
    assert document.fetched_at == NOW


def test_an_altered_snapshot_is_found(store, tmp_path):
    kept = store.keep("s", [Document("d", "https://example.org", b"x" * 500, NOW)])
    (raw,) = (tmp_path / "store" / "raw").rglob("*.gz")
    raw.write_bytes(raw.read_bytes()[:-9] + b"123456789")
    with pytest.raises(StoreBroken, match="fetch the source again"):
        store.documents("s", kept)


def test_verify_finds_a_flipped_byte_and_a_figure_that_does_not_come_out_again(store, tmp_path):
    rows = figures({})
    body = b"as sent"
    rows["content_sha256"] = hashlib.sha256(body).hexdigest()
    fetch = store.keep("test_source", [Document("d", "u", body, NOW)])
    store.publish(Publication("test_source", rows, "test", fetch_id=fetch), now=NOW)
    assert list(store.verify(lambda source, documents: rows)) == []
    wrong = rows.assign(value=pd.array([101], dtype="Int64"))
    faults = list(store.verify(lambda source, documents: wrong))
    assert "does not come out" in faults[0].sentence
    file = next((tmp_path / "store" / "vintages").rglob("*.parquet"))
    file.write_bytes(file.read_bytes()[:-1] + b"\x00")
    assert any("not the file" in f.sentence for f in store.verify(lambda s, d: rows))


def test_a_pointer_to_a_missing_release_serves_the_last_good_one(store, tmp_path):
    publish(store, {"value": 1})
    second = publish(store, {"value": 2}, at=NOW + timedelta(days=1))
    for path in (tmp_path / "store" / "releases" / second.release_id).rglob("*.parquet"):
        path.unlink()
    release = store.current()
    assert release.figures()["value"].tolist() == [1]
    assert release.warning is not None
    assert second.release_id in release.warning


@pytest.mark.parametrize(
    ("code", "says"), [(errno.ENOSPC, "is full"), (errno.EROFS, "may not be written")]
)
def test_a_store_that_cannot_be_written_says_so_and_keeps_what_it_has(
    store, monkeypatch, code, says
):
    publish(store, {"value": 1})

    def refuse(*_):
        raise OSError(code, "no")

    monkeypatch.setattr(objects.os, "fsync", refuse)
    with pytest.raises(StoreNotWritable, match=says):
        publish(store, {"value": 2}, at=NOW + timedelta(days=1))
    monkeypatch.undo()
    assert store.current().figures()["value"].tolist() == [1]


def test_a_garbled_pointer_is_one_sentence(store, tmp_path):
    publish(store, {})
    (tmp_path / "store" / "current.json").write_text("{")
    assert store.current().warning is not None
    assert len(store.releases()) == 1
    store.rollback(None, now=NOW + timedelta(days=1))
    assert store.current().warning is None
    assert store.current().figures()["value"].tolist() == [100]


def test_a_lost_pointer_never_starts_the_history_afresh(store, tmp_path):
    """Publishing onto a store that only looks empty would forget every vintage before it."""
    publish(store, {"value": 1})
    publish(store, {"value": 2}, at=NOW + timedelta(days=1))
    (tmp_path / "store" / "current.json").unlink()
    assert store.current().figures()["value"].tolist() == [2]
    assert "is gone" in store.current().warning
    with pytest.raises(StoreBroken, match="nuzuh repair"):
        publish(store, {"value": 3}, at=NOW + timedelta(days=2))
    store.rollback(None, now=NOW + timedelta(days=2))
    publish(store, {"value": 3}, at=NOW + timedelta(days=2))
    assert store.current().vintages()["value"].tolist() == [1, 2, 3]


def test_where_every_release_is_damaged_nobody_hears_that_there_is_none(store, tmp_path):
    """One damaged file that all releases share: there is something to repair, not nothing."""
    publish(store, {"source": "kept"}, source="kept")
    for value in (1, 2):
        later = NOW + timedelta(seconds=value)
        publish(store, {"source": "other", "value": value}, at=later, source="other")
    (shared,) = (tmp_path / "store").glob("releases/*/figures/kept*")
    shared.write_bytes(shared.read_bytes()[:-9] + b"damaged!!")
    intact.forget_hashes()
    with pytest.raises(StoreBroken, match="nuzuh repair"):
        store.rollback(None, now=NOW + timedelta(minutes=1))


def test_nothing_is_built_on_a_broken_release_and_rollback_mends_it(store, tmp_path):
    publish(store, {"value": 1})
    second = publish(store, {"value": 2}, at=NOW + timedelta(days=1))
    shutil.rmtree(tmp_path / "store" / "releases" / second.release_id / "figures")
    with pytest.raises(StoreBroken, match="nuzuh repair"):
        publish(store, {"source": "other", "via": "other"}, source="other")
    store.rollback(None, now=NOW + timedelta(days=2))
    assert store.current().warning is None
    assert store.current().figures()["value"].tolist() == [1]


def test_a_file_read_again_by_a_mended_reader_is_the_newer_vintage_on_the_same_day(store):
    """Without it the wrong number would stay up until midnight."""
    publish(store, {"value": 5})
    publish(store, {"value": 50})
    assert store.current().figures()["value"].tolist() == [50]
    assert store.current().figures(FigureFilter(as_known_on=NOW.date()))["value"].tolist() == [50]
    publish(store, {"place_code": "SY02", "admin1_code": "SY02"})
    known = store.current().figures(FigureFilter(as_known_on=NOW.date()))
    assert known["place_code"].tolist() == ["SY02"]


def test_a_series_that_the_carried_table_drops_whole_is_withdrawn(store):
    own = {"source": "carried", "via": "carried"}
    publish(store, own, {"source": "live", "via": "carried"}, source="carried")
    gone = publish(store, own, source="carried", at=NOW + timedelta(days=1))
    assert gone.withdrawn == 1
    assert store.current().figures()["source"].tolist() == ["carried"]


def footnote(text, at):
    return pd.DataFrame(
        [
            {
                "source": "s",
                "footnote_id": "1",
                "text": text,
                "content_sha256": f"{at.day:064x}",
                "retrieved_at": at,
            }
        ]
    )


def test_a_table_fetched_again_with_the_same_words_is_no_news(store):
    """Footnotes are fetched monthly: without this each fetch is a release that says nothing new."""

    def say(text, at):
        notes = {"caveats": footnote(text, at)}
        return store.publish(Publication("s", tables.FIGURES.empty(), "s", tables=notes), now=at)

    first = say("People of concern.", NOW)
    assert not first.unchanged
    assert say("People of concern.", NOW + timedelta(days=30)).unchanged
    assert not say("People we serve.", NOW + timedelta(days=60)).unchanged
    assert store.current().table("caveats")["text"].tolist() == ["People we serve."]


def test_a_release_of_companion_tables_only_has_no_figures(store):
    event = {"event_code": "e", "starts_on": "2023-02-06", "kind": "disaster"}
    frame = pd.DataFrame([event | {"place_code": "TUR", "source_url": "https://example.org"}])
    publication = Publication("s", tables.FIGURES.empty(), "s", tables={"events": frame})
    store.publish(publication, now=NOW)
    release = store.current()
    assert release.table("events")["event_code"].tolist() == ["e"]
    assert release.figures().columns.tolist() == tables.FIGURES.names
    assert release.vintages().empty
    assert release.boundaries() is None
    assert store.publish(publication, now=NOW + timedelta(days=1)).unchanged


def test_boundaries_come_back_as_they_were_published(store):
    square = gpd.GeoDataFrame({"place_code": ["SY07"]}, geometry=[box(36, 35, 37, 36)], crs=4326)
    publication = Publication("s", tables.FIGURES.empty(), "s", tables={"boundaries": square})
    store.publish(publication, now=NOW)
    found = store.current().boundaries()
    assert found.crs.to_epsg() == 4326
    assert found.geometry.iloc[0].equals(box(36, 35, 37, 36))


def test_a_query_sees_the_latest_figures_and_takes_values_apart_from_its_text(store):
    publish(store, {"value": 7}, {"place_code": "SY02", "admin1_code": "SY02", "value": 9})
    asked = "SELECT sum(value) AS people FROM figures WHERE place_code = ?"
    assert store.current().sql(asked, ["SY02"])["people"].tolist() == [9]


def test_pruning_sweeps_what_killed_writers_left(store, tmp_path):
    publish(store, {})
    draft = tmp_path / "store" / "vintages" / ".x.parquet.1.draft"
    draft.write_bytes(b"half")
    store.prune(now=datetime.now(UTC))
    assert draft.exists()  # its writer may still be alive
    store.prune(now=datetime.now(UTC) + timedelta(days=2))
    assert not draft.exists()


@settings(max_examples=tries(40, 12), deadline=None)
@given(st.dictionaries(st.integers(0, 5), st.integers(0, 9), min_size=1), st.randoms())
def test_history_may_arrive_in_any_order(said, shuffle):
    """Carried history is typed up by people, oldest last as often as first."""
    first = date(2026, 1, 1)
    arriving = list(said.items())
    shuffle.shuffle(arriving)
    latest = history = tables.FIGURES.none
    for day, value in [*arriving, arriving[0]]:  # one of them comes twice
        said_so = figures({"known_from": first + timedelta(days=day), "value": value})
        rows = tables.FIGURES.rows(said_so)
        merged = merge(rows, latest, history, via="test_source", complete=False, today=NOW.date())
        latest, history = merged.latest, arrow.concat_tables([history, merged.added])
    assert len(history) == len(said)
    for day in range(7):
        known = history.filter(
            compute.less_equal(history["known_from"], first + timedelta(days=day))
        )
        truth = [said[d] for d in sorted(said) if d <= day][-1:]
        assert last_of(known)["value"].to_pylist() == truth
    assert latest["value"].to_pylist() == truth


@settings(max_examples=tries(40, 12), deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["SY01", "SY02", "SY07"]),
            st.none() | st.integers(0, 3),
            st.sampled_from(["test_source", "carried"]),
        ),
        min_size=1,
        max_size=8,
        unique_by=lambda row: (row[0], row[2]),
    ),
    st.lists(st.sampled_from(["test_source", "carried"]), min_size=1, max_size=4),
    st.booleans(),
)
def test_what_was_just_published_is_no_news(tmp_path_factory, rows, runs, complete):
    """Whoever published before and in whatever order: it is why a fetch may go unread."""
    store = Store(str(tmp_path_factory.mktemp("store")))
    for number, via in enumerate(runs):
        said = [
            {
                "place_code": code,
                "admin1_code": code,
                "value": value,
                "missing_reason": "not_reported" if value is None else None,
                "via": via,
            }
            for code, value, whose in rows
            if whose == via
        ]
        if not said:
            continue
        at = NOW + timedelta(days=number)
        frame = figures(*said)
        for turn in (0, 1):
            published = store.publish(
                Publication(via, frame, "test", complete=complete), now=at + timedelta(hours=turn)
            )
        assert published.unchanged
        assert published.manifest == store.current().manifest
