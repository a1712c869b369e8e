"""A whole site on one machine: code server, daemon and page of Dagster, and what they work with."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from data.settings import ROOT
from data.store import Store
from tests.cluster.postgres import Postgres, free_port, postgres
from tests.servers.everyone import Everyone, everyone

BUCKET = "figures"
AWS_SECRET = "aws-secret-that-must-stand-nowhere"  # noqa: S105 - of a server that lives for a test
OVER = ("SUCCESS", "FAILURE", "CANCELED")
EAST = """\
# North-east Syria: a second area is a second file.
origins = ["SYR"]
hosts = ["TUR", "IRQ"]
core = ["SY08", "SY11"]
around = ["SY09"]
border = ["TUR047", "TUR073"]
behind = []
regions = []
bounds = [38.0, 34.0, 43.0, 38.0]
since = 2011
boundaries = ["SYR"]
"""
LAUNCH = """
mutation ($given: ExecutionParams!) { launchRun(executionParams: $given) {
  __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }
"""
BACKFILL = """
mutation ($given: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $given) {
  __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }
"""


@dataclass
class Site:
    """What runs, and how to ask it."""

    office: Path
    environment: dict[str, str]
    publishers: Everyone
    database: Postgres
    page: str
    logs: Path
    gate: Path
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def store(self, area: str) -> Store:
        """The store of an area, read as any reader reads it."""
        return Store(f"s3://{BUCKET}/{area}", self.logs / "cache-of-the-test")

    def nuzuh(self, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """The command line beside the cluster."""
        return subprocess.run(
            [sys.executable, "-m", "pipelines", *words],
            cwd=self.office,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def asked(self, query: str, **given: Any) -> dict[str, Any]:
        """What the page's own interface answers."""
        told = requests.post(
            f"{self.page}/graphql", json={"query": query, "variables": given}, timeout=60
        )
        answer: dict[str, Any] = told.json()
        assert "errors" not in answer, answer
        return answer["data"]  # type: ignore[no-any-return]

    def launch(self, source: str, area: str, work: str = "FETCH") -> str:
        """Ask for a run as a person does on the page; its id."""
        config = {"ops": {source: {"config": {"work": work}}}}
        given = {
            "selector": {
                "repositoryLocationName": "nuzuh",
                "repositoryName": "__repository__",
                "pipelineName": "__ASSET_JOB",
                "assetSelection": [{"path": [source]}],
                "assetCheckSelection": [
                    {"assetKey": {"path": [source]}, "name": name}
                    for name in ("plausible", "fresh")
                ],
            },
            "runConfigData": config,
            "executionMetadata": {"tags": [{"key": "dagster/partition", "value": area}]},
        }
        answer = self.asked(LAUNCH, given=given)["launchRun"]
        assert answer["__typename"] == "LaunchRunSuccess", answer
        run_id: str = answer["run"]["runId"]
        return run_id

    def backfill(self, sources: list[str], areas: list[str]) -> str:
        """Ask for sources in several areas at once; the backfill's id."""
        given = {"assetSelection": [{"path": [s]} for s in sources], "partitionNames": areas}
        answer = self.asked(BACKFILL, given=given)["launchPartitionBackfill"]
        assert answer["__typename"] == "LaunchBackfillSuccess", answer
        backfill_id: str = answer["backfillId"]
        return backfill_id

    def runs(self, **tags: str) -> list[dict[str, Any]]:
        """The runs with these tags, oldest first."""
        query = """query ($filter: RunsFilter) { runsOrError(filter: $filter, limit: 1000) {
          ... on Runs { results { runId status creationTime startTime endTime parentRunId
          tags { key value } assetSelection { path } } } } }"""
        wanted = {"tags": [{"key": k, "value": v} for k, v in tags.items()]}
        found: list[dict[str, Any]] = self.asked(query, filter=wanted)["runsOrError"]["results"]
        return sorted(found, key=lambda run: run["creationTime"])

    def run(self, run_id: str) -> dict[str, Any]:
        """One run."""
        return next(run for run in self.runs() if run["runId"] == run_id)

    def events(self, run_id: str) -> list[dict[str, Any]]:
        """What was told of a run, in order."""
        query = """query ($id: ID!) { logsForRun(runId: $id, limit: 1000) { ... on EventConnection {
          events { __typename ... on MessageEvent { message timestamp }
          ... on ErrorEvent { error { message className stack cause { message } } }
          ... on MaterializationEvent { partition metadataEntries { __typename label
            ... on TextMetadataEntry { text } ... on IntMetadataEntry { intValue } } }
          ... on AssetCheckEvaluationEvent { evaluation { checkName success severity partition
            metadataEntries { label ... on JsonMetadataEntry { jsonString }
            ... on TextMetadataEntry { text } } } } } } } }"""
        found: list[dict[str, Any]] = self.asked(query, id=run_id)["logsForRun"]["events"]
        return found

    def ended(self, run_id: str, seconds: float = 300) -> dict[str, Any]:
        """The run once it is over."""
        until(lambda: self.run(run_id)["status"] in OVER, seconds, f"run {run_id} to end")
        return self.run(run_id)

    def worker(self, run_id: str) -> int:
        """The process that a run is in, as its first event says."""
        told: list[int] = []

        def found() -> bool:
            told.extend(
                int(event["message"].split("pid: ")[1].rstrip(")"))
                for event in self.events(run_id)
                if "Executing steps in process (pid: " in event.get("message", "")
            )
            return bool(told)

        until(found, 120, f"run {run_id} to start")
        return told[0]

    def said(self) -> str:
        """Everything that the processes printed."""
        return "".join(p.read_text(errors="replace") for p in sorted(self.logs.glob("*.log")))


def until(true: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for something, and say what was waited for in vain."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"Waited {seconds:.0f} s for {what}.")
        time.sleep(0.5)


def metadata(event: dict[str, Any]) -> dict[str, Any]:
    """An event's entries by label."""
    return {
        e["label"]: e.get("text", e.get("intValue", e.get("jsonString")))
        for e in event["metadataEntries"]
    }


def pss(pid: int) -> float:
    """Megabytes of a process, its share of what it shares with others included."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next(
        int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("Pss:")
    )


def tree(pid: int) -> list[int]:
    """A process and all below it, whichever of its threads started them."""
    children: list[str] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children += task.read_text().split()
        except OSError:
            continue
    return [pid, *(below for child in children for below in tree(int(child)))]


def copy_of_the_project(folder: Path) -> Path:
    """The files of the repository as they are now, with a second area beside the first."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    (folder / "data/reference/areas/east.toml").write_text(EAST)
    return folder


@contextmanager
def site(folder: Path, bin_folder: Path) -> Iterator[Site]:
    """Everything, on 127.0.0.1, stopped in the end."""
    office, logs, gate, home = (folder / name for name in ("office", "logs", "gate", "home"))
    for path in (office, logs, gate, home):
        path.mkdir()
    copy_of_the_project(office)
    shutil.copy(office / "deploy/cluster/dagster.yaml", home)
    s3, code, page = free_port(), free_port(), free_port()
    with ExitStack() as stack:
        database = stack.enter_context(postgres(bin_folder))
        publishers = stack.enter_context(everyone())
        environment = {
            **os.environ,
            **database.environment,
            **publishers.environment,
            "PYTHONPATH": str(office),
            "PYTHONDONTWRITEBYTECODE": "",
            "DAGSTER_HOME": str(home),
            "DAGSTER_CODE_HOST": "127.0.0.1",
            "DAGSTER_CODE_PORT": str(code),
            "NUZUH_STORE": f"s3://{BUCKET}/{{area}}",
            "NUZUH_CACHE": str(folder / "cache"),
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{s3}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": AWS_SECRET,
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        made = Site(
            office, environment, publishers, database, f"http://127.0.0.1:{page}", logs, gate
        )
        stack.callback(_stop, made)
        tool = Path(sys.executable).parent
        _start(made, "s3", sys.executable, "-m", "tests.cluster.bucket", str(s3), BUCKET, str(gate))
        until(lambda: "ready" in made.said(), 60, "the S3 server")
        serve = ["--host", "127.0.0.1", "--port", str(code)]
        module = ["--module-name", "cluster.definitions"]
        _start(made, "code", str(tool / "dagster"), "api", "grpc", *module, *serve)
        until(lambda: "Started Dagster code server" in made.said(), 120, "the code server")
        place = ["-w", str(office / "deploy/cluster/workspace.yaml")]
        port = ["-h", "127.0.0.1", "-p", str(page)]
        _start(made, "page", str(tool / "dagster-webserver"), *place, *port)
        until(lambda: _answers(made.page), 120, "the page")
        yield made


def start_daemon(at: Site) -> None:
    """Start what schedules, queues, monitors and retries."""
    tool = Path(sys.executable).parent
    place = ["-w", str(at.office / "deploy/cluster/workspace.yaml")]
    _start(at, "daemon", str(tool / "dagster-daemon"), "run", *place)


def _answers(page: str) -> bool:
    try:
        return requests.get(f"{page}/server_info", timeout=5).ok
    except requests.RequestException:
        return False


def _start(at: Site, name: str, *command: str) -> None:
    with (at.logs / f"{name}.log").open("ab") as log:
        at.processes[name] = subprocess.Popen(
            command,
            cwd=at.office,
            env=at.environment,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _stop(at: Site) -> None:
    for name in ("daemon", "page", "code", "s3"):
        process = at.processes.get(name)
        if process is None:
            continue
        below = tree(process.pid)
        process.send_signal(signal.SIGTERM)
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
        for pid in below[1:]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
