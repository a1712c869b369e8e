"""A whole cluster on one machine: Dagster's own daemon, workers, PostgreSQL, an S3 store.

`make cluster-test` runs it, in the environment that has Dagster; the tests are one story, in order.
"""

import csv
import io
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("dagster", reason="`make cluster-test` has Dagster; `make test` has not")

import boto3

from data.schema.tables import TABLES
from data.settings import ROOT
from data.store import Store
from pipelines import registry
from tests.cluster import postgres
from tests.cluster.site import (
    AWS_SECRET,
    BUCKET,
    OVER,
    Site,
    metadata,
    pss,
    site,
    start_daemon,
    tree,
    until,
)
from tests.servers.dtm import KEY
from tests.servers.feeds import ReliefwebServer

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.filterwarnings("default"),
    pytest.mark.skipif(postgres.binaries() is None, reason="PostgreSQL is not installed"),
]

AUTOMATIC = [source.name for source in registry.SOURCES if not source.by_hand]
AREAS = ("east", "idlib")
SOURCE = "unhcr_population"
OF_THE_FETCH = {"retrieved_at"}
"""The one column that differs between two stores that asked the same: when each asked."""
WORKER = 100.0
"""Megabytes from which a process below the code server is a worker, and not Python's own keeper."""
COSTS: dict[str, object] = {}


@pytest.fixture(scope="module")
def at(tmp_path_factory):
    with site(tmp_path_factory.mktemp("cluster"), postgres.binaries()) as made:
        aws = {name: v for name, v in made.environment.items() if name.startswith("AWS_")}
        before = {name: os.environ.get(name) for name in aws}
        os.environ.update(aws)
        yield made
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
    kept = ROOT / "artifacts" / "cluster.json"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps(COSTS, indent=1) + "\n")
    sys.stderr.write(f"\n{kept.read_text()}")


class Watched(threading.Thread):
    """Looks at the workers' memory and processor while they work."""

    def __init__(self, at: Site) -> None:
        super().__init__(daemon=True)
        self.most: dict[int, float] = {}
        self.seconds: dict[int, float] = {}
        self.together = self.at_once = 0.0
        self._at, self._over = at, threading.Event()

    def run(self) -> None:
        code = self._at.processes["code"].pid
        while not self._over.wait(0.5):
            workers = tree(code)[1:]
            sizes = {pid: pss(pid) for pid in workers}
            for pid, size in sizes.items():
                self.most[pid] = max(size, self.most.get(pid, 0))
                self.seconds[pid] = max(processor(pid), self.seconds.get(pid, 0))
            self.together = max(self.together, sum(sizes.values()))
            self.at_once = max(self.at_once, sum(size > WORKER for size in sizes.values()))

    def stop(self) -> None:
        self._over.set()
        self.join()


def processor(pid: int) -> float:
    """Seconds of processor that a process has used."""
    try:
        parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def size_of_database(at: Site) -> int:
    return int(at.database.asked("select pg_database_size(current_database())"))


def objects(at: Site, prefix: str) -> dict[str, int]:
    """Bytes of every object of a store."""
    client = boto3.client("s3", endpoint_url=at.environment["AWS_ENDPOINT_URL"])
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
    return {o["Key"]: o["Size"] for page in pages for o in page.get("Contents", [])}


def named(run: dict) -> tuple[str, str]:
    tags = {tag["key"]: tag["value"] for tag in run["tags"]}
    return run["assetSelection"][0]["path"][0], tags["dagster/partition"]


def attempts(at: Site, source: str, area: str) -> list[dict]:
    return [run for run in at.runs() if named(run) == (source, area)]


@pytest.fixture(scope="module")
def filled(at):
    """The site once the watch of each empty area has had every source asked."""
    page, code = (at.processes[name].pid for name in ("page", "code"))
    before = size_of_database(at)
    start_daemon(at)
    watched = Watched(at)
    watched.start()
    began = time.monotonic()
    wanted = len(AUTOMATIC) * len(AREAS)

    def all_over() -> bool:
        runs = at.runs()
        return len(runs) >= wanted and all(run["status"] in OVER for run in runs)

    until(all_over, 900, f"{wanted} runs to end")
    took = time.monotonic() - began
    watched.stop()
    runs = at.runs()
    until(lambda: all(pss(pid) < WORKER for pid in tree(code)[1:]), 60, "the last worker to leave")
    daemon = at.processes["daemon"].pid
    idle = {
        name: sum(map(pss, tree(pid)))
        for name, pid in {"page": page, "code": code, "daemon": daemon}.items()
    }
    workers = [size for size in watched.most.values() if size > WORKER]
    COSTS["dagster"] = {
        "runs": len(runs),
        "seconds_in_all": round(took, 1),
        "seconds_a_run_from_start_to_end": _spread(r["endTime"] - r["startTime"] for r in runs),
        "processor_seconds_a_run": _spread(
            s for pid, s in watched.seconds.items() if watched.most[pid] > WORKER
        ),
        "megabytes_of_a_worker": _spread(workers),
        "workers_at_once": watched.at_once,
        "megabytes_of_workers_at_most": round(watched.together),
        "megabytes_idle": {name: round(size) for name, size in idle.items()},
        "database_bytes_empty": before,
        "database_bytes_a_run": round((size_of_database(at) - before) / len(runs)),
        "events_a_run": round(
            int(at.database.asked("select count(*) from event_logs")) / len(runs)
        ),
    }
    return at


def _spread(values) -> dict[str, float]:
    ordered = sorted(values)
    return {
        "least": round(ordered[0], 1),
        "middle": round(ordered[len(ordered) // 2], 1),
        "most": round(ordered[-1], 1),
    }


@pytest.fixture(scope="module")
def plain(filled, tmp_path_factory):
    """The same without Dagster: a folder, and a child for each source, as `nuzuh serve` does."""
    folder = tmp_path_factory.mktemp("plain")
    environment = {**filled.environment, "NUZUH_STORE": str(folder)}
    costs = []
    for name in AUTOMATIC:
        began = time.monotonic()
        child = subprocess.Popen(
            [sys.executable, "-m", "pipelines", "run", name],
            cwd=filled.office,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, _, used = os.wait4(child.pid, 0)
        child.returncode = 0  # reaped above, for what it used
        costs.append((name, time.monotonic() - began, used))
    COSTS["plain"] = {
        "seconds_a_run": _spread(seconds for _, seconds, _ in costs),
        "processor_seconds_a_run": _spread(u.ru_utime + u.ru_stime for _, _, u in costs),
        "megabytes_of_a_run": _spread(u.ru_maxrss / 1024 for _, _, u in costs),
        "seconds_in_all": round(sum(seconds for _, seconds, _ in costs), 1),
    }
    assert isinstance(costs[0][2], resource.struct_rusage)
    return Store(str(folder))


def test_every_source_of_the_registry_is_an_asset_in_every_area(at):
    """A source or an area that is added is there without anybody's doing."""
    query = """{ assetNodes { assetKey { path } partitionKeys hasAssetChecks } }"""
    nodes = {n["assetKey"]["path"][0]: n for n in at.asked(query)["assetNodes"]}
    assert set(nodes) == set(registry.names())
    assert {tuple(node["partitionKeys"]) for node in nodes.values()} == {AREAS}
    assert all(node["hasAssetChecks"] for node in nodes.values())


def test_an_empty_area_is_filled_by_itself_each_source_once(filled):
    runs = filled.runs()
    assert Counter(map(named, runs)) == Counter((s, a) for s in AUTOMATIC for a in AREAS)
    failed = [named(run) for run in runs if run["status"] != "SUCCESS"]
    assert failed == []


def test_several_workers_were_at_work_at_once(filled):
    """Or nothing here would prove anything of two machines."""
    spans = [(run["startTime"], run["endTime"]) for run in filled.runs()]
    most = max(sum(a <= start < b for a, b in spans) for start, _ in spans)
    assert 2 <= most <= 3


def test_a_source_was_never_asked_twice_at_the_same_time(filled):
    """In two areas neither: a publisher is asked by one worker at a time."""
    for name in AUTOMATIC:
        runs = [run for run in filled.runs() if named(run)[0] == name]
        first, second = sorted(runs, key=lambda run: run["startTime"])[:2]
        assert first["endTime"] <= second["startTime"], name


def test_each_materialisation_says_what_it_published(filled):
    (run,) = attempts(filled, SOURCE, "idlib")
    events = filled.events(run["runId"])
    (made,) = [e for e in events if e["__typename"] == "MaterializationEvent"]
    said = metadata(made)
    release = filled.store("idlib").current()
    own = release.figures().loc[lambda f: f["via"] == SOURCE]
    assert made["partition"] == "idlib"
    assert said["state"] == "published"
    assert said["figures"] == len(own)
    # The rest was carried: known before, and now with UNHCR's own provenance.
    assert 0 < said["new"] < said["figures"]
    assert said["newest_as_of"] == str(own.loc[own["value"].notna(), "as_of"].max().date())
    assert said["release"] in {info.id for info in filled.store("idlib").releases()}
    checks = {
        e["evaluation"]["checkName"]: e["evaluation"]
        for e in events
        if e["__typename"] == "AssetCheckEvaluationEvent"
    }
    assert {name: check["success"] for name, check in checks.items()} == {
        "plausible": True,
        "fresh": True,
    }
    assert {check["partition"] for check in checks.values()} == {"idlib"}


def exported(at: Site, address: str) -> bytes:
    """Every vintage of every figure as anybody exports them."""
    done = at.nuzuh("figures", "--vintages", "--format", "csv", NUZUH_STORE=address)
    assert done.returncode == 0, done.stderr
    return done.stdout.encode()


def without(body: bytes, columns: set[str]) -> bytes:
    """The same CSV without some columns."""
    rows = list(csv.reader(io.StringIO(body.decode())))
    kept = [n for n, name in enumerate(rows[0]) if name not in columns]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([[row[n] for n in kept] for row in rows])
    return out.getvalue().encode()


def test_the_figures_are_those_of_one_machine_byte_for_byte(filled, plain, tmp_path_factory):
    """Whoever grows out of one machine must not see a number change for it."""
    here, there = exported(filled, f"s3://{BUCKET}/idlib"), exported(filled, plain.address)
    assert here.count(b"\n") > 1000
    rows = [list(csv.DictReader(io.StringIO(body.decode()))) for body in (here, there)]
    assert len(rows[0]) == len(rows[1])
    differing = {
        name for one, other in zip(*rows, strict=True) for name in one if one[name] != other[name]
    }
    assert differing == OF_THE_FETCH
    assert without(here, OF_THE_FETCH) == without(there, OF_THE_FETCH)
    COSTS["compared"] = {"vintages": len(rows[0]), "differing": sorted(differing)}


def test_so_are_the_tables_beside_them(filled, plain):
    """Caveats, reports, funding, and the register of sources that tells licences."""
    one, other = filled.store("idlib").current(), plain.current()
    assert set(one.manifest.tables) == set(other.manifest.tables)
    for table in TABLES:
        if table.name not in one.manifest.tables:
            continue
        key = list(table.key)
        frames = [
            release.table(table.name)
            .drop(columns=[c for c in OF_THE_FETCH if c in table.names])
            .sort_values(key, ignore_index=True)
            for release in (one, other)
        ]
        assert len(frames[0])
        assert frames[0].equals(frames[1]), table.name
    assert one.boundaries().equals(other.boundaries())


def test_a_store_costs_what_is_told(filled):
    """No test of its own: what docs/scale.md plans with."""
    sizes = objects(filled, "idlib/")
    parts: Counter[str] = Counter()
    for path, size in sizes.items():
        parts[path.split("/")[1]] += size
    releases = filled.store("idlib").releases()
    COSTS["store"] = {
        "bytes_by_part": dict(parts),
        "objects": len(sizes),
        "releases": len(releases),
        "release_bytes_each": round(parts["releases"] / len(releases)),
        "manifest_bytes": sizes[f"idlib/releases/{releases[0].id}/manifest.json"],
        "figures": releases[0].figures,
        "figure_bytes": round(
            sum(f.bytes for f in filled.store("idlib").current().manifest.figures.values())
            / releases[0].figures,
            1,
        ),
    }
    assert releases[0].current


def revise(at: Site, number: int) -> None:
    """UNHCR says something else of Türkiye in 2025 from now on."""
    at.publishers.by_api["UNHCR"].edit[(2025, "TUR")] = number


def shown(at: Site, area: str, number: int) -> int:
    """How many vintages of UNHCR's table hold a number."""
    every = at.store(area).current().vintages()
    return int(((every["via"] == SOURCE) & (every["value"] == number)).sum())


def held_at(at: Site, path: str) -> None:
    """Whoever writes there waits from now on."""
    (at.gate / "held").unlink(missing_ok=True)
    (at.gate / "hold").write_text(path)


def let_go(at: Site) -> None:
    (at.gate / "hold").unlink(missing_ok=True)


def test_a_worker_killed_in_the_middle_is_noticed_and_its_run_done_again(filled):
    """The files of the release lie there, the pointer does not: the worst moment to lose power."""
    before = filled.store("idlib").current()
    revise(filled, 2_345_001)
    held_at(filled, "/idlib/current.json")
    run_id = filled.launch(SOURCE, "idlib")
    until((filled.gate / "held").exists, 180, "the worker to be about to publish")
    began = time.monotonic()
    os.kill(filled.worker(run_id), signal.SIGKILL)
    let_go(filled)
    # Nothing is half visible: readers have the release from before, whole.
    reader = filled.store("idlib").current()
    assert (reader.id, reader.warning) == (before.id, before.warning)
    assert shown(filled, "idlib", 2_345_001) == 0
    assert filled.ended(run_id)["status"] == "FAILURE"
    noticed = time.monotonic() - began
    until(lambda: _again(filled, run_id), 120, "the run to be asked for again")
    again = filled.ended(_again(filled, run_id), 400)
    assert again["status"] == "SUCCESS"
    COSTS["killed"] = {
        "seconds_until_noticed": round(noticed, 1),
        "seconds_until_done_again": round(time.monotonic() - began, 1),
    }
    # Nothing is lost, and nothing there twice.
    assert shown(filled, "idlib", 2_345_001) == 1
    assert filled.store("idlib").current().id != before.id
    told = filled.nuzuh("verify", NUZUH_STORE=f"s3://{BUCKET}/idlib")
    assert told.returncode == 0, told.stdout + told.stderr


def _again(at: Site, run_id: str) -> str:
    return next((run["runId"] for run in at.runs() if run["parentRunId"] == run_id), "")


def test_two_runs_of_one_source_at_once_give_one_vintage(filled):
    revise(filled, 2_345_002)
    one, two = (filled.launch(SOURCE, "idlib") for _ in range(2))
    first, second = sorted((filled.ended(one), filled.ended(two)), key=lambda r: r["startTime"])
    assert {first["status"], second["status"]} == {"SUCCESS"}
    assert first["endTime"] <= second["startTime"]  # one waited
    assert [_state(filled, run) for run in (first, second)] == ["published", "unchanged"]
    assert shown(filled, "idlib", 2_345_002) == 1


def _state(at: Site, run: dict) -> str:
    (made,) = [e for e in at.events(run["runId"]) if e["__typename"] == "MaterializationEvent"]
    state: str = metadata(made)["state"]
    return state


def test_a_run_beside_the_cluster_is_refused_while_one_is_under_way(filled):
    """A person at a keyboard is not in Dagster's queue; the store's own claim holds."""
    revise(filled, 2_345_003)
    held_at(filled, "/idlib/current.json")
    run_id = filled.launch(SOURCE, "idlib")
    until((filled.gate / "held").exists, 180, "the worker to be about to publish")
    beside = filled.nuzuh("run", SOURCE, NUZUH_STORE=f"s3://{BUCKET}/idlib")
    let_go(filled)  # the write is refused once with 503, and asked again
    assert beside.returncode == 1
    assert f"Another run of {SOURCE} is under way" in beside.stderr
    assert filled.ended(run_id)["status"] == "SUCCESS"
    assert shown(filled, "idlib", 2_345_003) == 1


def test_an_answer_that_is_wildly_different_is_a_failed_check_with_its_reasons(filled):
    unhcr = filled.publishers.by_api["UNHCR"]
    before = filled.store("east").current().id
    unhcr.fault = "tenfold"
    try:
        run = filled.ended(filled.launch(SOURCE, "east"))
    finally:
        unhcr.fault = None
    events = filled.events(run["runId"])
    assert run["status"] == "SUCCESS"
    assert not [e for e in events if e["__typename"] == "MaterializationEvent"]
    (check,) = [
        e["evaluation"]
        for e in events
        if e["__typename"] == "AssetCheckEvaluationEvent"
        and e["evaluation"]["checkName"] == "plausible"
    ]
    status = filled.store("east").status(SOURCE)
    assert (check["success"], check["severity"], check["partition"]) == (False, "ERROR", "east")
    assert json.loads(metadata({"metadataEntries": check["metadataEntries"]})["reasons"]) == list(
        status.held_reasons
    )
    assert status.held_reasons
    assert filled.store("east").current().id == before
    # The other area's check is its own, and stands.
    assert filled.store("idlib").status(SOURCE).held_fetch is None


def test_a_changed_layout_fails_at_once_with_the_one_sentence(filled):
    unhcr = filled.publishers.by_api["UNHCR"]
    unhcr.fault = "dropped column"
    try:
        run = filled.ended(filled.launch(SOURCE, "east"))
    finally:
        unhcr.fault = None
    assert run["status"] == "FAILURE"
    events = filled.events(run["runId"])
    (failed,) = [e for e in events if e["__typename"] == "ExecutionStepFailureEvent"]
    sentence = filled.store("east").status(SOURCE).sentence
    assert sentence in failed["error"]["message"]
    assert not [e for e in events if e["__typename"] == "ExecutionStepUpForRetryEvent"]
    time.sleep(15)
    assert _again(filled, run["runId"]) == ""  # a run that failed with a reason is not done again


def test_a_publisher_that_is_down_for_a_moment_is_asked_again(filled):
    unhcr = filled.publishers.by_api["UNHCR"]
    unhcr.fault = "503"
    run_id = filled.launch(SOURCE, "east")

    def again() -> bool:
        return any(e["__typename"] == "ExecutionStepUpForRetryEvent" for e in filled.events(run_id))

    try:
        until(again, 180, "the step to be up for another try")
    finally:
        unhcr.fault = None
    assert filled.ended(run_id)["status"] == "SUCCESS"


def test_a_backfill_asks_a_source_in_every_area(filled):
    """And reading what is stored again is one too: no publisher is asked."""
    asked = len(filled.publishers.by_api["UNHCR"].asked)
    before = {run["runId"] for run in filled.runs()}
    backfill = filled.backfill(["unhcr_idmc"], list(AREAS))
    tagged = {"dagster/backfill": backfill}
    until(
        lambda: [r["status"] for r in filled.runs(**tagged)] == ["SUCCESS"] * len(AREAS),
        300,
        "the backfill to end",
    )
    assert {named(run) for run in filled.runs(**tagged)} == {("unhcr_idmc", a) for a in AREAS}
    assert not before & {run["runId"] for run in filled.runs(**tagged)}
    asked_then = len(filled.publishers.by_api["UNHCR"].asked)
    assert asked_then > asked
    for work in ("REPLAY", "EVERY"):
        run = filled.ended(filled.launch("unhcr_idmc", "idlib", work))
        assert run["status"] == "SUCCESS"
        assert _state(filled, run) == "unchanged"
    assert len(filled.publishers.by_api["UNHCR"].asked) == asked_then


def test_a_lost_store_gets_its_history_back_from_what_publishers_sent(filled):
    """The backfill of vintages: documents copied to an empty store, every fetch read again."""
    client = boto3.client("s3", endpoint_url=filled.environment["AWS_ENDPOINT_URL"])
    before = _life(filled.store("idlib"))
    gone = [
        path
        for path in objects(filled, "idlib/")
        if not path.startswith(("idlib/raw/", "idlib/fetches/"))
    ]
    bodies = {p: client.get_object(Bucket=BUCKET, Key=p)["Body"].read() for p in gone}
    for path in gone:
        client.delete_object(Bucket=BUCKET, Key=path)
    try:
        run = filled.ended(filled.launch(SOURCE, "idlib", "EVERY"))
        assert run["status"] == "SUCCESS"
        again = _life(filled.store("idlib"))
    finally:
        for path in objects(filled, "idlib/"):
            if not path.startswith(("idlib/raw/", "idlib/fetches/")):
                client.delete_object(Bucket=BUCKET, Key=path)
        for path, body in bodies.items():
            client.put_object(Bucket=BUCKET, Key=path, Body=body)
    assert len(before) == len(again)
    assert before.equals(again)


def _life(store: Store):
    columns = ["figure_id", "as_of", "value", "missing_reason", "known_from", "content_sha256"]
    every = store.current().vintages().loc[lambda f: f["via"] == SOURCE, columns]
    return every.sort_values(columns, ignore_index=True)


def test_no_secret_stands_in_an_event_a_log_or_the_database(filled):
    """Whoever opens the page, or gets a copy of the database, must not hold an office's keys."""
    home = Path(filled.environment["DAGSTER_HOME"])
    files = [p for p in home.rglob("*") if p.is_file()]
    said = filled.said() + filled.database.dump() + "".join(p.read_text("latin-1") for p in files)
    assert SOURCE in said  # or nothing would be looked at
    for secret in (KEY, ReliefwebServer.approved, AWS_SECRET, postgres.PASSWORD):
        assert secret not in said
