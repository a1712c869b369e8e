"""What a run tells Dagster, without a daemon: each outcome, the clock, the watch, and a bug."""

from datetime import timedelta

import pytest

pytest.importorskip("dagster", reason="`make cluster-test` has Dagster; `make test` has not")

import dagster as dg

from cluster import assets, clock, plan, work
from data.store import Status
from pipelines import registry
from pipelines.errors import SourceChanged, SourceRefused, SourceUnavailable
from pipelines.source import CARRIED
from tests.run_contexts import NOW, Publisher, context_in, fake_source

pytestmark = [
    pytest.mark.filterwarnings("default"),
    # asyncio's own pair of sockets, which Dagster opens to wait for nobody.
    pytest.mark.enable_socket,
    pytest.mark.allow_hosts(["127.0.0.1"]),
]
AREAS = ("east", "west")


@pytest.fixture
def publisher():
    return Publisher()


@pytest.fixture
def source(publisher):
    return fake_source("example", publisher)


@pytest.fixture
def at(monkeypatch, tmp_path, source):
    """The office of the area `west`, whatever the environment says."""
    monkeypatch.setenv("NUZUH_KEY_UNHCR", "the-key-of-unhcr")
    made = context_in(tmp_path, source, fake_source(CARRIED))
    monkeypatch.setattr(work, "context_of", {"west": made, "east": made}.__getitem__)
    monkeypatch.setattr(assets, "AGAIN", dg.RetryPolicy(max_retries=2, delay=0.01))
    return made


@pytest.fixture
def run(at, source):
    """Run the source in the area `west`; the run and its events by kind."""

    def once(**config):
        asset = assets.of_source(source, dg.StaticPartitionsDefinition(list(AREAS)))
        defs = dg.Definitions(assets=[asset], executor=dg.in_process_executor)
        with dg.instance_for_test() as instance:
            done = defs.resolve_implicit_global_asset_job_def().execute_in_process(
                instance=instance,
                partition_key="west",
                raise_on_error=False,
                run_config={"ops": {source.name: {"config": config}}},
            )
        kinds = {}
        for event in done.all_events:
            kinds.setdefault(event.event_type_value, []).append(event)
        return done, kinds

    return once


def checks(kinds):
    found = [event.event_specific_data for event in kinds["ASSET_CHECK_EVALUATION"]]
    return {check.check_name: check for check in found}


def failure(kinds):
    (failed,) = kinds["STEP_FAILURE"]
    return failed.event_specific_data


def test_published_and_unchanged_are_materialisations_of_the_area(run):
    """Unchanged is news too: the source answered, and its figures may be relied on."""
    for state in ("published", "unchanged"):
        done, kinds = run()
        assert done.success
        (made,) = kinds["ASSET_MATERIALIZATION"]
        assert made.partition == "west"
        said = {name: entry.value for name, entry in made.materialization.metadata.items()}
        assert said["state"] == state
        assert said["newest_as_of"] == "2025-12-31"
        assert said["new"] == (2 if state == "published" else 0)
        assert {check.passed for check in checks(kinds).values()} == {True}


def test_held_is_a_failed_check_and_no_materialisation(run, publisher, at):
    """A materialisation would call the old figures fresh, and nobody would look."""
    run()
    publisher.years = {"2024": 9_000_000, "2025": 9_000_000}
    done, kinds = run()
    assert done.success
    assert "ASSET_MATERIALIZATION" not in kinds
    check = checks(kinds)["plausible"]
    assert not check.passed
    assert check.severity is dg.AssetCheckSeverity.ERROR
    reasons = check.metadata["reasons"].value
    assert reasons == list(at.store.status("example").held_reasons)
    assert reasons


@pytest.mark.parametrize(
    "error", [SourceChanged("The column year is gone."), SourceRefused("A key is needed.")]
)
def test_what_will_not_pass_by_itself_fails_once_with_its_sentence(run, publisher, error):
    """Asking a publisher again for a layout that changed only annoys it."""
    publisher.error = error
    done, kinds = run()
    assert not done.success
    assert "STEP_UP_FOR_RETRY" not in kinds
    assert failure(kinds).user_failure_data.description == str(error)


def test_what_may_pass_is_asked_again_and_ends_with_its_sentence(run, publisher, at):
    publisher.error = SourceUnavailable("The line is down.")
    done, kinds = run()
    assert not done.success
    assert len(kinds["STEP_UP_FOR_RETRY"]) == 2
    assert len(kinds["STEP_RESTARTED"]) == 2
    assert failure(kinds).user_failure_data.description == "The line is down."
    assert at.store.status("example").failures == 3


def test_a_bug_fails_with_its_place_and_is_not_asked_again(run, publisher):
    publisher.error = ZeroDivisionError("a bug")
    done, kinds = run()
    assert not done.success
    assert "STEP_UP_FOR_RETRY" not in kinds
    told = failure(kinds).user_failure_data.description
    assert "ZeroDivisionError in run_contexts.py, line " in told


def test_a_bug_that_quotes_a_key_is_told_without_it(run, publisher):
    publisher.error = KeyError("https://example.org/?key=the-key-of-unhcr")
    done, kinds = run()
    assert not done.success
    told = str(
        [event.to_string() if hasattr(event, "to_string") else event for event in done.all_events]
    )
    assert "KeyError in run_contexts.py" in failure(kinds).user_failure_data.description
    assert "the-key-of-unhcr" not in told


def test_what_is_skipped_says_why_and_is_no_failure(monkeypatch, run, at):
    """Twenty red boxes for keys that an office does not have would hide the one that matters."""
    monkeypatch.setitem(
        work.DOES, work.Work.FETCH, lambda s, at: work.Outcome(s.name, "skipped", "Needs a key.")
    )
    done, kinds = run()
    assert done.success
    assert "ASSET_MATERIALIZATION" not in kinds
    (seen,) = kinds["ASSET_OBSERVATION"]
    assert (
        seen.asset_observation_data.asset_observation.metadata["sentence"].value == "Needs a key."
    )


def test_a_run_may_read_again_what_is_stored(run, publisher):
    run()
    publisher.error = AssertionError("replay must not fetch")
    for what in ("REPLAY", "EVERY"):
        assert run(work=what)[0].success


def test_the_carried_figures_come_first_whatever_source_finds_the_store_empty(run, at):
    """A live source takes over since when a figure was known; the other way round it would not."""
    run()
    reasons = {release.id: release.reason for release in at.store.releases()}
    newest = at.store.current()
    assert reasons[newest.manifest.parent] == f"run {CARRIED}"
    assert reasons[newest.id] == "run example"


def test_who_finds_another_filling_the_store_waits(run, at):
    with at.store.lock_source(CARRIED):
        done, kinds = run()
    assert not done.success
    assert kinds["STEP_UP_FOR_RETRY"]
    assert not at.store.releases()
    assert run()[0].success


def test_each_source_has_its_pool_and_says_after_how_long_it_is_late():
    partitions = dg.StaticPartitionsDefinition(list(AREAS))
    pools = set()
    for source in registry.SOURCES:
        made = assets.of_source(source, partitions)
        (spec,) = made.specs
        assert spec.freshness_policy.fail_window.to_timedelta() == source.late_after
        pools |= set(made.op.pools) if hasattr(made.op, "pools") else {made.op.pool}
    assert len(pools) == len(registry.SOURCES)


def test_a_tick_of_a_schedule_asks_for_every_area_once():
    offered = clock.schedules(registry.SOURCES, AREAS)
    assert len(offered) == sum(plan.scheduled(source) for source in registry.SOURCES)
    defs = dg.Definitions(
        assets=assets.all_of(registry.SOURCES, AREAS),
        schedules=offered,
        sensors=clock.watches(registry.SOURCES, AREAS),
    )
    for made in offered:
        with dg.build_schedule_context(
            scheduled_execution_time=NOW, repository_def=defs.get_repository_def()
        ) as context:
            asked = made.evaluate_tick(context).run_requests
        assert [request.partition_key for request in asked] == list(AREAS)
        assert len({request.run_key for request in asked}) == len(AREAS)


def watched(at, source, cursor=None):
    """What the watch of `west` asks for and says."""
    defs = dg.Definitions(
        assets=assets.all_of([source], AREAS), sensors=clock.watches([source], AREAS)
    )
    made = defs.resolve_sensor_def("watch_west")
    with dg.instance_for_test() as instance:
        context = dg.build_sensor_context(
            instance=instance, cursor=cursor, repository_def=defs.get_repository_def()
        )
        return made.evaluate_tick(context)


def test_the_watch_asks_at_once_for_what_never_ran(at, source):
    tick = watched(at, source)
    (request,) = tick.run_requests
    assert request.partition_key == "west"
    assert not tick.asset_events  # nothing is late of what never was


def test_the_watch_asks_again_for_what_failed_once_for_each_failure(at, source):
    """However often it looks: the run's key is that of the attempt before."""
    failed = Status("example", last_attempt=NOW - timedelta(hours=3), outcome="failed", failures=1)
    at.store.set_status(failed)
    one, two = (watched(at, source).run_requests[0].run_key for _ in range(2))
    assert one == two
    at.store.set_status(failed.after(NOW - timedelta(hours=9), "failed", "."))
    assert watched(at, source).run_requests[0].run_key != one
    at.store.set_status(failed.after(NOW, "published", "."))
    assert not watched(at, source).run_requests


def test_the_watch_says_once_that_a_source_grew_late(at, source):
    """A source that nobody runs emits nothing by itself; its readers must still be told."""
    good = Status("example", last_attempt=NOW, last_success=NOW, outcome="published")
    at.store.set_status(good)
    tick = watched(at, source)
    assert [event.passed for event in tick.asset_events] == [True]
    silent = Status(
        "example", last_attempt=NOW, last_success=NOW - 2 * source.late_after, outcome="held"
    )
    at.store.set_status(silent)
    later = watched(at, source, tick.cursor)
    (event,) = later.asset_events
    assert (event.passed, event.check_name, event.partition) == (False, "fresh", "west")
    assert event.metadata["state"].value == "late"
    assert not watched(at, source, later.cursor).asset_events
