"""A worse answer never replaces a better one, whatever is wrong with it."""

import json
import shutil
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import pyarrow as arrow
import pytest

from data.gazetteer.places import UnknownPlace
from data.publication.harm import HarmFound
from data.schema.contract import ContractBroken
from data.schema.tables import FIGURES
from data.store import Document, StoreEmpty
from pipelines.errors import SourceChanged, SourceRefused, SourceUnavailable
from pipelines.run import context as run_context
from pipelines.run import replay as replays
from pipelines.run import review, upload
from pipelines.run import run as runs
from pipelines.run.prepare import prepare
from pipelines.source import CARRIED, Reading
from tests import builders
from tests.builders import prepared
from tests.run_contexts import NOW, Publisher, bytes_of, context_in, fake_source


@pytest.fixture
def publisher():
    return Publisher()


@pytest.fixture
def source(publisher):
    return fake_source("example", publisher)


@pytest.fixture
def at(tmp_path, source):
    return context_in(tmp_path, source)


def values(at):
    return at.store.current().figures().set_index("as_of")["value"].sort_index().tolist()


def test_a_run_publishes_and_the_same_answer_is_unchanged(at, source, tmp_path):
    first = runs.run_source(source, at)
    assert (first.state, first.new, first.figures) == ("published", 2, 2)
    before = bytes_of(tmp_path)
    again = runs.run_source(source, at)
    assert again.state == "unchanged"
    assert bytes_of(tmp_path)["current.json"] == before["current.json"]
    status = at.store.status("example")
    assert (status.figures, status.newest_as_of) == (2, date(2025, 12, 31))
    assert len(status.attempts) == 2


def test_a_figure_carries_its_provenance(at, source):
    runs.run_source(source, at)
    row = at.store.current().figures().iloc[-1]
    assert (row["via"], row["source"], row["licence"]) == ("example", "example", "CC BY 4.0")
    assert row["known_from"].date() == NOW.date()
    assert (
        row["content_sha256"]
        == at.store.documents("example", at.store.fetches("example")[0])[0].sha256
    )
    assert row["missing_reason"] is pd.NA


def test_a_changed_value_is_a_new_vintage_and_the_old_one_stays(at, source, publisher):
    runs.run_source(source, at)
    publisher.years = {"2024": 90_000, "2025": 110_000}
    later = replace(at, now=lambda: NOW + timedelta(days=7))
    assert runs.run_source(source, later).changed == 1
    assert values(at) == [90_000, 110_000]
    assert len(at.store.current().vintages()) == 3


@pytest.mark.parametrize(
    "error",
    [
        SourceUnavailable("example.org did not answer in time."),
        SourceChanged("The table no longer sends year."),
        ContractBroken("figures", ["value below 0"]),
        UnknownPlace("Atlantis", "admin1"),
        HarmFound("Row 1 is finer than sub-district."),
        StoreEmpty("The store is empty."),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_is_expected_to_fail_ends_in_one_sentence_and_leaves_every_byte(
    at, source, publisher, tmp_path, error
):
    runs.run_source(source, at)
    before = bytes_of(tmp_path)
    publisher.error = error
    outcome = runs.run_source(source, at)
    assert outcome.state == "failed"
    assert outcome.sentence == str(error)
    assert "\n" not in outcome.sentence
    assert bytes_of(tmp_path) == before
    assert at.store.status("example").failures == 1


def test_a_bug_is_told_as_ours_with_its_place_and_stops_no_other_source(at, source, publisher):
    """Reported as the publisher's it would never be mended; raised, it would end the night."""
    publisher.error = ZeroDivisionError("key=s3cret")
    outcome = runs.run_source(source, at)
    assert (outcome.state, outcome.passing, outcome.good) == ("failed", False, False)
    assert "fault of Nuzuh itself" in outcome.sentence
    assert "ZeroDivisionError in run_contexts.py, line " in outcome.sentence
    assert "s3cret" not in outcome.sentence
    assert at.store.status("example").failures == 1


def test_an_answer_that_cannot_be_read_is_kept_all_the_same(at, tmp_path):
    def unreadable(documents, area):
        raise SourceChanged("The table no longer sends year.")

    runs.run_source(fake_source("example", read=unreadable), at)
    (kept,) = at.store.fetches("example")
    assert at.store.documents("example", kept)


def test_an_answer_with_nothing_in_it_fails(at):
    outcome = runs.run_source(fake_source(read=lambda d, a: Reading(FIGURES.none)), at)
    assert outcome.state == "failed"
    assert "nothing" in outcome.sentence


def test_a_wildly_different_answer_is_held_until_a_person_accepts_it(
    at, source, publisher, tmp_path
):
    runs.run_source(source, at)
    before = bytes_of(tmp_path)
    publisher.years = {"2024": 900_000, "2025": 1_000_000}
    outcome = runs.run_source(source, at)
    assert outcome.state == "held"
    assert bytes_of(tmp_path) == before
    status = at.store.status("example")
    assert status.held_fetch
    assert status.held_reasons

    publisher.error = AssertionError("accept must not ask the publisher again")
    assert review.accept(source, at).state == "published"
    assert values(at) == [900_000, 1_000_000]
    assert at.store.status("example").held_fetch is None


def test_what_a_person_rejects_stays_stored_and_unpublished(at, source, publisher, tmp_path):
    runs.run_source(source, at)
    before = bytes_of(tmp_path)
    publisher.years = {"2024": 900_000, "2025": 1_000_000}
    runs.run_source(source, at)
    review.reject(source, at)
    assert bytes_of(tmp_path) == before
    assert at.store.status("example").held_fetch is None
    assert len(at.store.fetches("example")) == 2
    assert review.accept(source, at).state == "skipped"


def test_two_runs_of_one_source_do_not_overlap(at, source):
    with at.store.lock_source("example"):
        outcome = runs.run_source(source, at)
    assert (outcome.state, outcome.good, outcome.busy) == ("skipped", True, True)
    assert "under way" in outcome.sentence
    assert outcome.passing


@pytest.mark.parametrize(
    ("error", "passing"),
    [
        (SourceUnavailable("The line is down."), True),
        (SourceRefused("A key is needed."), False),
        (SourceChanged("A column is gone."), False),
        (UnknownPlace("X", "place"), False),
    ],
)
def test_a_failure_says_whether_it_may_be_over_in_a_moment(at, source, publisher, error, passing):
    """Whoever asks again by himself asks a broken line, and not a changed layout, again."""
    publisher.error = error
    assert runs.run_source(source, at).passing is passing


def test_replay_reads_what_is_stored_and_asks_nobody(at, source, publisher):
    runs.run_source(source, at)
    publisher.error = AssertionError("replay must not fetch")
    assert replays.replay(source, at).state == "unchanged"


def test_replay_without_anything_stored_says_what_to_do(at, source):
    outcome = replays.replay(source, at)
    assert outcome.state == "failed"
    assert "nuzuh run example" in outcome.sentence


@dataclass
class Day:
    """A publisher and an office's clock that move together."""

    at: Any
    publisher: Publisher
    today: datetime = NOW

    def says(self, days: int, **years: int) -> run_context.Outcome:
        self.today = NOW + timedelta(days=days)
        self.publisher.years = years
        return runs.run_source(self.at.sources[0], self.at)


@pytest.fixture
def days(tmp_path):
    """An office where each fetch is made on its own day."""
    made = Day(None, Publisher())

    def fetch(client, given, where):
        body = json.dumps(made.publisher.years).encode()
        return [Document("table", "https://example.org/table", body, made.today)]

    changing = fake_source("example", fetch=fetch)
    made.at = context_in(tmp_path / "first", changing, now=lambda: made.today)
    return made


LIFE = ["figure_id", "as_of", "value", "missing_reason", "known_from", "content_sha256"]


def life(store):
    """Every vintage, without what the store that wrote it says of itself."""
    return store.current().vintages()[LIFE].sort_values(LIFE, ignore_index=True)


def test_every_stored_fetch_read_again_gives_the_same_history(days, tmp_path):
    """A store whose releases are lost is not a lost memory: the documents are the memory."""
    long = {str(year): 90_000 for year in range(2005, 2025)}
    days.says(0, **long, **{"2025": 100_000})
    days.says(1, **long, **{"2025": 101_000})
    days.says(2, **long, **{"2025": 101_000})
    del long["2005"]
    days.says(3, **long, **{"2025": 101_500})
    second = tmp_path / "second"
    for part in ("raw", "fetches"):
        shutil.copytree(tmp_path / "first" / part, second / part)
    rebuilt = context_in(second, *days.at.sources, now=lambda: NOW + timedelta(days=30))
    outcome = replays.replay_every(rebuilt.sources[0], rebuilt)
    counted = (outcome.state, outcome.new, outcome.changed, outcome.withdrawn)
    assert counted == ("published", 21, 2, 1)
    pd.testing.assert_frame_equal(life(rebuilt.store), life(days.at.store))
    assert life(rebuilt.store)["known_from"].max().date() == (NOW + timedelta(days=3)).date()
    # A second time there is nothing left to read.
    assert replays.replay_every(rebuilt.sources[0], rebuilt).state == "unchanged"


def test_reading_every_stored_fetch_again_never_puts_an_older_answer_over_a_newer(days):
    days.says(0, **{"2024": 90_000, "2025": 100_000})
    days.says(1, **{"2024": 90_000, "2025": 101_000})
    before = life(days.at.store)
    assert replays.replay_every(days.at.sources[0], days.at).state == "unchanged"
    pd.testing.assert_frame_equal(life(days.at.store), before)


def test_reading_every_stored_fetch_again_ends_where_a_person_must_decide(days, tmp_path):
    days.says(0, **{"2024": 90_000, "2025": 100_000})
    assert days.says(1, **{"2024": 9_000_000, "2025": 9_000_000}).state == "held"
    days.says(2, **{"2024": 9_000_001, "2025": 9_000_001})
    for part in ("raw", "fetches"):
        shutil.copytree(tmp_path / "first" / part, tmp_path / "second" / part)
    rebuilt = context_in(tmp_path / "second", *days.at.sources)
    outcome = replays.replay_every(rebuilt.sources[0], rebuilt)
    assert outcome.state == "held"
    assert "Stored fetches read: 2." in outcome.sentence
    assert values(rebuilt) == [90_000, 100_000]


def test_an_older_file_fills_in_history_and_does_not_replace_what_is_newer(at, source, tmp_path):
    runs.run_source(source, at)
    old = tmp_path / "old.json"
    old.write_text(json.dumps({"2024": 91_000}))
    # It lacks the newest year, and takes nothing away: history is no doubt.
    assert upload.import_file(source, old, date(2025, 3, 1), at).state == "published"
    assert values(at) == [90_000, 100_000]
    history = at.store.current().vintages()
    assert history["known_from"].min().date() == date(2025, 3, 1)


def test_a_file_of_today_is_a_run_like_any_other(at, source, tmp_path):
    path = tmp_path / "table.json"
    path.write_text(json.dumps({"2024": 90_000, "2025": 100_000}))
    assert upload.import_file(source, path, None, at).state == "published"
    assert list(at.store.verify(replays.read_again(at))) == []


def test_a_source_whose_key_is_missing_is_skipped_with_the_setting_named(at):
    outcome = runs.run_source(fake_source(key="required", api="RELIEFWEB"), at)
    assert outcome.state == "skipped"
    assert outcome.good
    assert "NUZUH_KEY_RELIEFWEB" in outcome.sentence


def test_a_source_left_out_is_not_asked(tmp_path):
    publisher = Publisher()
    publisher.error = AssertionError("must not be asked")
    source = fake_source("example", publisher)
    assert (
        runs.run_source(source, context_in(tmp_path, source, disable="example")).state == "skipped"
    )


def test_a_key_that_slipped_into_an_error_is_struck_out(tmp_path):
    publisher = Publisher()
    publisher.error = SourceUnavailable("example.org/?appname=s3cr3t-k3y answered 500")
    source = fake_source("example", publisher)
    outcome = runs.run_source(source, context_in(tmp_path, source, key={"RELIEFWEB": "s3cr3t-k3y"}))
    assert outcome.state == "failed"
    assert "s3cr3t-k3y" not in outcome.sentence
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"s3cr3t-k3y" not in path.read_bytes()


def test_what_the_project_itself_carries_is_never_held(tmp_path):
    """The first start of a newcomer would show an empty dashboard."""
    publisher = Publisher()
    carried = fake_source(CARRIED, publisher, api=None)
    at = context_in(tmp_path, carried)
    runs.run_source(carried, at)
    publisher.years = {"2024": 900_000}
    assert runs.run_source(carried, at).state == "published"


def carrying(publisher):
    """The carried source with figures of the series of `example`."""

    def read(documents, area):
        reading = fake_source().read(documents, area)
        return builders.reading_of(
            builders.figures_read(reading).assign(source="example", known_from=date(2026, 11, 23))
        )

    return fake_source(CARRIED, publisher, api=None, read=read)


def test_a_first_live_answer_takes_over_carried_figures_and_keeps_those_it_lacks(tmp_path):
    carried, live = carrying(Publisher()), Publisher()
    live.years = {"2025": 100_000}
    source = fake_source("example", live)
    at = context_in(tmp_path, carried, source)
    runs.run_source(carried, at)
    assert runs.run_source(source, at).state == "published"
    figures = at.store.current().figures().set_index("as_of")["via"].sort_index()
    assert figures.tolist() == [CARRIED, "example"]


def test_a_first_live_answer_ten_times_the_carried_figures_is_held(tmp_path):
    carried, live = carrying(Publisher()), Publisher()
    live.years = {"2024": 900_000, "2025": 1_000_000}
    source = fake_source("example", live)
    at = context_in(tmp_path, carried, source)
    runs.run_source(carried, at)
    assert runs.run_source(source, at).state == "held"


def test_an_empty_store_is_primed_with_the_carried_figures_once(tmp_path):
    carried = fake_source(CARRIED)
    at = context_in(tmp_path, carried, fake_source("live"))
    assert runs.prime(at).state == "published"
    assert runs.prime(at) is None


def test_every_source_stands_once_in_the_register_whatever_ran_in_which_order(tmp_path):
    """The Sources page lists sources that were never asked, and none twice."""
    carried, first, second = fake_source(CARRIED), fake_source("first"), fake_source("second")
    at = context_in(tmp_path, carried, first, second)
    for source in (first, carried, second, first, carried):
        runs.run_source(source, at)
    listed = at.store.current().table("sources")
    assert sorted(listed["source"]) == sorted([CARRIED, "first", "second"])
    assert set(listed["cadence_days"]) == {7.0}


def test_every_published_figure_comes_out_of_its_stored_file_again(at, source, publisher):
    runs.run_source(source, at)
    publisher.years = {"2024": 90_000, "2025": 110_000}
    runs.run_source(source, replace(at, now=lambda: NOW + timedelta(days=7)))
    assert list(at.store.verify(replays.read_again(at))) == []


def test_a_source_that_says_one_figure_twice_is_refused(source):
    rows = source.read(source.fetch(None, None, None), None).figures
    twice = arrow.concat_tables([rows, rows])
    with pytest.raises(ContractBroken, match="twice"):
        prepare(source, Reading(twice), [])


def test_prepared_figures_keep_their_history_and_leave_what_is_new_undated(source):
    rows = builders.figures_read(source.read(source.fetch(None, None, None), None))
    rows["known_from"] = [pd.Timestamp("2025-06-12"), pd.NaT]
    figures = prepared(source, builders.reading_of(rows), [])
    assert list(figures.columns) == FIGURES.names
    assert figures["known_from"].isna().sum() == 1
    assert figures["figure_id"].str.fullmatch("[0-9a-f]{16}").all()


def test_the_harm_check_is_off_only_where_an_office_said_so(tmp_path):
    def finer(documents, area):
        reading = fake_source().read(documents, area)
        return builders.reading_of(
            builders.figures_read(reading).assign(note="seen at 36.2021, 37.1343")
        )

    source = fake_source(read=finer)
    assert runs.run_source(source, context_in(tmp_path / "a", source)).state == "failed"
    assert (
        runs.run_source(source, context_in(tmp_path / "b", source, public=False)).state
        == "published"
    )


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_source_that_did_not_change_is_read_from_its_stored_copy(tmp_path):
    """The publisher sends a line instead of a file; what is published stays, and verifies."""
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    answers = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            fresh = self.headers.get("If-None-Match") != '"1"'
            answers.append(200 if fresh else 304)
            self.send_response(answers[-1])
            self.send_header("ETag", '"1"')
            self.end_headers()
            if fresh:
                self.wfile.write(json.dumps(Publisher().years).encode())

        def log_message(self, *_):
            """Quiet."""

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,))
    thread.start()
    url = f"http://127.0.0.1:{httpd.server_port}/table"
    try:
        source = fake_source(fetch=lambda client, given, where: [client.get(url, name="table")])
        at = context_in(tmp_path, source)
        assert runs.run_source(source, at).state == "published"
        assert runs.run_source(source, at).state == "unchanged"
        assert answers == [200, 304]
        assert list(at.store.verify(replays.read_again(at))) == []
        for raw in (tmp_path / "raw").rglob("*.gz"):
            raw.write_bytes(b"damaged")
        assert runs.run_source(source, at).state == "unchanged"
        assert answers == [200, 304, 200]  # a copy that cannot be read is fetched anew
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()
