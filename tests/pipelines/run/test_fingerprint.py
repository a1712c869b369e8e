"""What may go unread: only a fetch that would end `unchanged` if it were read.

A stale number that is called fresh would be worse than a slow refresh, so every thing that an
outcome depends on is changed here, one at a time, and must bring about a reading.
"""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.gazetteer import area
from data.store import Document, Publication
from data.store import manifest as manifests
from data.store.manifest import File
from pipelines import registry
from pipelines.publishers import unhcr
from pipelines.run import fingerprint, review
from pipelines.run import replay as replays
from pipelines.run import run as runs
from pipelines.source import CARRIED, no_day, the_day_itself
from pipelines.sources import hapi_idps, unhcr_population
from tests.builders import figures
from tests.run_contexts import NOW, context_in
from tests.servers import feeds

URL = "https://hapi.humdata.org/api/v2/affected-people/idps"


class Answering:
    """A HAPI that answers what a test says, and counts how often the answer is read."""

    def __init__(self, monkeypatch):
        self.rows = feeds.idps()
        self.read = 0
        self.more = {"headers": {"content-type": "application/json", "date": "Tue"}}
        self.at = NOW
        self.indent = None
        prepare = runs.prepare

        def counted(*given, **more):
            self.read += 1
            return prepare(*given, **more)

        monkeypatch.setattr(runs, "prepare", counted)
        self.source = replace(hapi_idps.SOURCE, fetch=self.fetch)

    def fetch(self, client, given, where):
        body = json.dumps({"data": self.rows}, indent=self.indent).encode()
        return [
            Document(
                **{"name": "idps-SYR/page-1", "url": URL, "body": body, "fetched_at": self.at}
                | self.more
            )
        ]


@pytest.fixture
def hapi(monkeypatch):
    # The tests' own process may be younger than a file that was just edited.
    monkeypatch.setattr(fingerprint, "_code", lambda: "code")
    return Answering(monkeypatch)


@pytest.fixture
def at(tmp_path, hapi):
    return context_in(tmp_path, hapi.source)


def test_the_same_answer_is_not_read_again_and_counts_as_a_success(hapi, at):
    """Most nights nothing is new: an office's small server should not work for it."""
    first = runs.run_source(hapi.source, at)
    assert (first.state, hapi.read) == ("published", 1)
    hapi.at, hapi.more["headers"]["date"] = NOW + timedelta(days=7), "Tue, a week later"
    later = replace(at, now=lambda: NOW + timedelta(days=7))
    again = runs.run_source(hapi.source, later)
    assert (again.state, hapi.read) == ("unchanged", 1)
    assert (again.figures, again.release_id) == (first.figures, first.release_id)
    status = at.store.status("hapi_idps")
    assert status.last_success == NOW + timedelta(days=7)
    assert (status.figures, status.newest_as_of) == (first.figures, date(2025, 10, 31))
    assert len(at.store.fetches("hapi_idps")) == 2, "what was sent is kept all the same"


def test_what_the_reading_remarked_is_said_again(hapi, at):
    """A place left out stays left out, and the list of sources keeps saying so."""
    hapi.rows += [feeds.idps()[5] | {"provider_admin1_name": "Idleb, the other part"}]
    first = runs.run_source(hapi.source, at)
    assert "given in parts under one code: SY07" in first.sentence
    assert "given in parts under one code: SY07" in runs.run_source(hapi.source, at).sentence
    assert hapi.read == 1


def test_an_answer_with_dated_history_is_trusted_only_once_a_reading_found_nothing_new(
    tmp_path, monkeypatch
):
    """History beside today's word may add a vintage when it is set beside itself."""
    monkeypatch.setattr(fingerprint, "_code", lambda: "code")
    carried = registry.by_name(CARRIED)
    at = context_in(tmp_path, carried)
    assert runs.run_source(carried, at).state == "published"
    assert at.store.status(CARRIED).read_as is None
    assert runs.run_source(carried, at).state == "unchanged"
    assert "read before" in runs.run_source(carried, at).sentence


def other_bytes(hapi, at, monkeypatch):
    hapi.indent = 1
    return hapi.source, at


def other_address(hapi, at, monkeypatch):
    hapi.more["url"] = f"{URL}/"
    return hapi.source, at


def other_question(hapi, at, monkeypatch):
    hapi.more["query"] = {"offset": "10"}
    return hapi.source, at


def other_name(hapi, at, monkeypatch):
    hapi.more["name"] = "idps-SYR/page-2"
    return hapi.source, at


def other_header(hapi, at, monkeypatch):
    hapi.more["headers"]["last-modified"] = "Mon"
    return hapi.source, at


def other_day_where_it_matters(hapi, at, monkeypatch):
    hapi.at = NOW + timedelta(days=1)
    return replace(hapi.source, reading_depends_on=the_day_itself), at


def other_code(hapi, at, monkeypatch):
    monkeypatch.setattr(fingerprint, "_code", lambda: "mended")
    return hapi.source, at


def code_that_cannot_be_told(hapi, at, monkeypatch):
    monkeypatch.setattr(fingerprint, "_code", lambda: None)
    return hapi.source, at


def other_licence(hapi, at, monkeypatch):
    return replace(hapi.source, licence="CC0"), at


def a_reader_of_somebody_else(hapi, at, monkeypatch):
    return replace(hapi.source, read=lambda d, a: hapi_idps.read(d, a)), at


def other_sources(hapi, at, monkeypatch):
    return hapi.source, replace(at, sources=(*at.sources, unhcr_population.SOURCE))


def other_area(hapi, at, monkeypatch):
    return hapi.source, replace(at, area=replace(at.area, since=2020))


def harm_check_switched(hapi, at, monkeypatch):
    return hapi.source, replace(at, settings=at.settings.model_copy(update={"public": False}))


def a_figure_written_by_another(hapi, at, monkeypatch):
    rows = figures({"source": "hapi_idps", "via": "carried", "value": 5})
    at.store.publish(Publication("carried", rows, "test"), now=NOW)
    return hapi.source, at


def rolled_back(hapi, at, monkeypatch):
    first = at.store.current().id
    hapi.rows[0]["population"] += 1
    hapi.rows[5]["population"] += 1
    assert runs.run_source(hapi.source, at).state == "published"
    at.store.rollback(first, now=NOW + timedelta(hours=1))
    hapi.read = 1
    return hapi.source, at


def accepted_by_a_person(hapi, at, monkeypatch):
    for row in hapi.rows:
        row["population"] *= 20
    assert runs.run_source(hapi.source, at).state == "held"
    assert review.accept(hapi.source, at).state == "published"
    hapi.read = 1
    return hapi.source, at


def held_for_a_person(hapi, at, monkeypatch):
    same = [dict(row) for row in hapi.rows]
    for row in hapi.rows:
        row["population"] *= 20
    assert runs.run_source(hapi.source, at).state == "held"
    hapi.rows, hapi.read = same, 1
    return hapi.source, at


CHANGES = [
    other_bytes,
    other_address,
    other_question,
    other_name,
    other_header,
    other_day_where_it_matters,
    other_code,
    code_that_cannot_be_told,
    other_licence,
    a_reader_of_somebody_else,
    other_sources,
    other_area,
    harm_check_switched,
    a_figure_written_by_another,
    rolled_back,
    accepted_by_a_person,
    held_for_a_person,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_of_anything_that_the_outcome_depends_on_is_read(hapi, at, monkeypatch, change):
    runs.run_source(hapi.source, at)
    runs.run_source(hapi.source, at)
    assert hapi.read == 1
    source, then = change(hapi, at, monkeypatch)
    runs.run_source(source, then)
    assert hapi.read == 2


def test_a_broken_release_is_never_called_unchanged(hapi, at, tmp_path):
    """A damaged disk must end as a failure, not as a good night."""
    runs.run_source(hapi.source, at)
    (file,) = at.store.current().manifest.figures.values()
    (tmp_path / file.path).unlink()
    assert runs.run_source(hapi.source, at).state == "failed"


@pytest.mark.parametrize("ask", [replays.replay, review.accept], ids=["replay", "accept"])
def test_who_asks_for_a_reading_gets_one(hapi, at, ask):
    runs.run_source(hapi.source, at)
    for row in hapi.rows:
        row["population"] *= 20
    runs.run_source(hapi.source, at)
    before = hapi.read
    ask(hapi.source, at)
    assert hapi.read == before + 1


WORLD = st.fixed_dictionaries(
    {
        "body": st.sampled_from([b"{}", b"[]"]),
        "url": st.sampled_from(["https://a.org/x", "https://a.org/y"]),
        "query": st.sampled_from([{}, {"q": "1"}]),
        "name": st.sampled_from(["one", "two"]),
        "mark": st.sampled_from(["1", "2"]),
        "twice": st.booleans(),
        "year": st.sampled_from([2025, 2026]),
        "licence": st.sampled_from(["CC0", "CC BY 4.0"]),
        "since": st.sampled_from([2012, 2020]),
        "public": st.booleans(),
        "all": st.sampled_from([(), registry.SOURCES[:1]]),
        "own": st.sampled_from(["0", "1"]),
        "series": st.sampled_from(["0", "1"]),
        "vintage": st.sampled_from(["0", "1"]),
        "table": st.sampled_from(["0", "1"]),
        "carried": st.booleans(),
    }
)
NOISE = st.fixed_dictionaries(
    {
        "date": st.sampled_from(["Mon", "Tue"]),
        "hour": st.integers(0, 23),
        "status": st.sampled_from([200, 304]),
        "foreign": st.sampled_from(["0", "1"]),
    }
)


def marked(world, noise):
    """The mark of one run in a world, with what makes no difference beside it."""
    document = Document(
        name=world["name"],
        url=world["url"],
        body=world["body"],
        query=world["query"],
        status=noise["status"],
        headers={"etag": world["mark"], "date": noise["date"]},
        fetched_at=datetime(world["year"], 7, 1, noise["hour"], tzinfo=UTC),
    )

    def file(path, digest):
        said = hashlib.sha256(digest.encode()).hexdigest()
        return File(f"releases/{path}.parquet", said, 1, 1)

    manifest = replace(
        manifests.empty_manifest(NOW),
        figures={
            "unhcr_population": file("a", world["own"]),
            "other_series": file("b", world["series"]),
            "foreign": file("c", noise["foreign"]),
        },
        vintages={"other_series": (file("v", world["vintage"]),)},
        deliveries={"unhcr_population": ("other_series",), "foreign": ("foreign",)},
        tables={
            "caveats": {"unhcr_population": file("t", world["table"])},
            "sources": {"foreign": file("s", noise["foreign"])}
            | ({CARRIED: file("r", "0")} if world["carried"] else {}),
        },
    )
    return fingerprint.fingerprint(
        replace(unhcr_population.SOURCE, licence=world["licence"]),
        [document] * (1 + world["twice"]),
        manifest,
        area=replace(area.load("idlib"), since=world["since"]),
        public=world["public"],
        sources=world["all"],
    )


@given(WORLD, WORLD, NOISE, NOISE)
def test_two_runs_have_one_mark_exactly_where_all_they_depend_on_is_equal(one, two, here, there):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fingerprint, "_code", lambda: "code")
        assert (marked(one, here) == marked(two, there)) == (one == two)
        for name in one:  # nearly equal is the dangerous case
            changed = {**one, name: two[name]}
            assert (marked(one, here) == marked(changed, there)) == (one == changed), name


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A small project of two packages; its code's hash is told afresh each time."""
    for path in ("data/reference/places/syria.csv", "pipelines/sources/one.py", "visuals/look.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("1")
    monkeypatch.setattr(fingerprint, "ROOT", tmp_path)
    monkeypatch.setattr(fingerprint, "_BEGUN", float("inf"))

    def told():
        fingerprint._code.cache_clear()
        return fingerprint._code()

    yield tmp_path, told
    fingerprint._code.cache_clear()


@pytest.mark.parametrize("path", ["data/reference/places/syria.csv", "pipelines/sources/one.py"])
def test_a_mended_reader_or_place_table_reads_the_same_documents_again(project, path):
    folder, told = project
    before = told()
    (folder / path).write_text("2")
    changed = told()
    (folder / path).rename(folder / path.replace(".", "_."))
    assert len({before, changed, told()}) == 3
    (folder / "visuals" / "look.py").write_text("2")
    assert told() == told()


def test_another_version_of_a_package_or_of_python_reads_again(project, monkeypatch):
    _, told = project
    before = told()
    monkeypatch.setattr(fingerprint, "distributions", lambda: [])
    without = told()
    monkeypatch.setattr(fingerprint.sys, "version", "3.99")
    assert len({before, without, told()}) == 3


def test_a_process_older_than_its_files_trusts_nothing(project, monkeypatch):
    """Upgraded under a running scheduler: what it runs is not what lies on the disk."""
    _, told = project
    monkeypatch.setattr(fingerprint, "_BEGUN", 0.0)
    assert told() is None


def test_only_this_projects_own_readers_are_trusted_to_be_hashed():
    for source in registry.SOURCES:
        assert source.read.__module__.startswith("pipelines."), source.name


def test_a_closed_year_is_all_that_unhcrs_figures_take_from_the_day():
    """In June last year's figures become those of its end; nothing else ever moves."""
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(900)]
    for year in (2022, 2023, 2024, 2025, 2026):
        by_turn = {}
        for day in days:
            at = datetime(day.year, day.month, day.day, tzinfo=UTC)
            said = unhcr.year_of({"year": year}, at)
            by_turn.setdefault(unhcr.newest_closed_year(day), []).append(said)
        assert all(all(s == told[0] for s in told) for told in by_turn.values())


def test_no_source_is_without_a_reason_for_what_it_turns_on():
    """A new source is read every day until its test of the day is written."""
    allowed = {the_day_itself, no_day, unhcr.newest_closed_year}
    assert {source.reading_depends_on for source in registry.SOURCES} <= allowed
