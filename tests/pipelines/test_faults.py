"""Whatever a publisher sends, the last good figures stay up, byte for byte."""

import hashlib
import shutil
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from data import settings
from data.gazetteer import area
from data.store import FigureFilter, Store
from pipelines import registry
from pipelines.http.client import Client
from pipelines.run.context import RunContext
from pipelines.run.replay import read_again
from pipelines.run.run import run_source
from pipelines.sources import unhcr_idmc, unhcr_population
from tests.effort import one_in
from tests.servers.dtm import KEY
from tests.servers.everyone import server_of
from tests.servers.publisher import TRANSPORT, Publisher
from tests.servers.unhcr import UnhcrServer

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1", "localhost"])]

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MOST_BYTES = 8 * 1024 * 1024
"""More than any sample, and far less than the 2 GB that one of the faults sends."""


# One country's shapes take long enough to read.
BOUNDARIES = {"cod_ab": ("SYR",)}


@dataclass(frozen=True)
class Case:
    """A source that is asked over a network, and the server that stands in for its publisher."""

    source: str
    server: type[Publisher]

    @property
    def spared(self) -> tuple[str, ...]:
        """Faults that the source cannot have."""
        return self.server.SPARED.get(self.source, ())

    @property
    def boundaries(self) -> tuple[str, ...]:
        """The countries whose boundaries its office asks for."""
        return BOUNDARIES.get(self.source, ("SYR", "TUR"))


CASES = [
    Case(source.name, server_of(source))
    for source in registry.SOURCES
    # Of what waits for a person nothing is published yet that a fault could touch.
    if source.api and not source.reviewed
]
FAULTS = [
    pytest.param(case, fault, id=f"{case.source}-{fault.replace(' ', '_')}")
    for case in CASES
    for fault in (*TRANSPORT, *case.server.CONTENT)
    if fault not in case.spared
]


@pytest.fixture
def server():
    with UnhcrServer() as running:
        yield running


def office(folder, api, server, now=lambda: NOW, boundaries=("SYR", "TUR")):
    """An office whose one publisher is the server."""
    return RunContext(
        store=Store(str(folder / "store")),
        # Where a publisher has a second route, it leads to the same server and fails as well.
        settings=settings.Settings(
            url={"HDX": server.base_url, api: server.base_url},
            key={api: KEY},
            contact="im@example.org",
        ),
        area=replace(area.load("idlib"), boundaries=boundaries),
        client=Client(
            "test", retries=1, backoff=0, interval=0, timeout=(1, 1), max_bytes=MOST_BYTES
        ),
        sources=registry.SOURCES,
        now=now,
    )


@pytest.fixture
def at(tmp_path, server):
    return office(tmp_path, "UNHCR", server)


def published(folder):
    """Hash of every published file: releases, vintages and the pointer."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for part in ("releases", "vintages", "current.json")
        for path in (
            [folder / part] if part.endswith("json") else sorted((folder / part).rglob("*"))
        )
        if path.is_file()
    }


@pytest.fixture(scope="module")
def standing(tmp_path_factory):
    """Servers that run for the whole file, each with a folder whose store it once filled."""
    running = {}

    def of(case):
        if case.source not in running:
            server, folder = case.server(), tmp_path_factory.mktemp(case.source)
            server.__enter__()
            running[case.source] = server, folder
            source = registry.by_name(case.source)
            outcome = run_source(
                source, office(folder, source.api, server, boundaries=case.boundaries)
            )
            assert outcome.state == "published", outcome
        return running[case.source]

    yield of
    for server, _ in running.values():
        server.__exit__()


@pytest.mark.parametrize(("case", "fault"), one_in(5, FAULTS))
def test_a_worse_answer_leaves_every_published_byte_alone(tmp_path, standing, case, fault):
    source = registry.by_name(case.source)
    server, filled = standing(case)
    shutil.copytree(filled / "store", tmp_path / "store")
    at = office(tmp_path, source.api, server, boundaries=case.boundaries)
    before = published(tmp_path / "store")
    server.fault = fault
    try:
        outcome = run_source(source, at)
    finally:
        server.fault = None
    assert outcome.state in ("failed", "held"), outcome
    assert outcome.sentence
    assert "Traceback" not in outcome.sentence
    assert KEY not in outcome.sentence
    assert published(tmp_path / "store") == before
    assert run_source(source, at).state == "unchanged"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.source)
def test_a_clock_that_goes_back_loses_and_invents_nothing(tmp_path, case):
    """A machine without battery starts in 1970; what was known stays known, once."""
    source = registry.by_name(case.source)
    with case.server() as server:
        clock = [NOW]
        at = office(tmp_path, source.api, server, now=lambda: clock[0], boundaries=case.boundaries)
        assert run_source(source, at).state == "published"
        before = published(tmp_path / "store")
        for moment in (NOW - timedelta(days=3), datetime(1970, 1, 1, tzinfo=UTC)):
            clock[0] = moment
            assert run_source(source, at).state == "unchanged"
            # The pointer among them: whatever else lies about, readers open what it names.
            assert published(tmp_path / "store").items() >= before.items()
        assert list(at.store.verify(read_again(at))) == []


def test_what_was_tried_is_told(record_testsuite_property):
    """The tally for whoever closes the release."""
    spared = sum(len(case.spared) for case in CASES)
    whole = [fault for case in CASES for fault in (*TRANSPORT, *case.server.CONTENT)]
    assert len(FAULTS) == len(whole) - spared
    told = f"faults: {len(FAULTS)} cells and {len(CASES)} clocks tried, {spared} do not apply"
    record_testsuite_property("faults", told)
    sys.stderr.write(f"\n{told}\n")


@pytest.mark.parametrize("fault", ["shrunk", "tenfold"])
def test_a_well_formed_but_wild_answer_waits_for_a_person(at, server, fault):
    run_source(unhcr_population.SOURCE, at)
    server.fault = fault
    assert run_source(unhcr_population.SOURCE, at).state == "held"


def test_a_source_that_does_not_answer_fails_with_a_sentence(at):
    nobody = replace(at, settings=settings.Settings(url={"UNHCR": "http://127.0.0.1:9/"}))
    outcome = run_source(unhcr_idmc.SOURCE, nobody)
    assert outcome.state == "failed"
    assert "could not be reached" in outcome.sentence


def test_one_altered_cell_is_one_new_vintage(at, server):
    run_source(unhcr_population.SOURCE, at)
    server.edit[(2024, "TUR")] = 2_901_480
    outcome = run_source(unhcr_population.SOURCE, at)
    assert (outcome.state, outcome.new, outcome.changed, outcome.withdrawn) == (
        "published",
        0,
        1,
        0,
    )


def test_live_values_take_over_the_carried_history_without_a_doubt(at, server):
    """Same key, same number: the first live run adds what is new and doubles nothing."""
    for source in registry.SOURCES:
        if source.api in (None, "UNHCR") and not source.by_hand:
            outcome = run_source(source, at)
            assert outcome.state == "published", outcome
    shown = at.store.current().figures(
        FigureFilter(place=("TUR",), group=("REF",), source=("unhcr_population",))
    )
    ended = shown[shown["as_of"] == "2025-12-31"]
    assert ended["value"].tolist() == [2_347_756]
    assert list(at.store.verify(read_again(at))) == []


def test_the_mid_year_value_stays_known_as_a_vintage(at):
    """Türkiye 2025: 2,646,142 at mid-year, 2,347,756 at its end; one figure, two vintages."""
    run_source(registry.SOURCES[0], at)
    run_source(unhcr_population.SOURCE, at)
    wanted = FigureFilter(place=("TUR",), group=("REF",), source=("unhcr_population",))
    told = at.store.current().vintages(wanted)
    year = told[told["reference_period_end"] == "2025-12-31"]
    by_value = year.drop_duplicates("value", keep="first").set_index("value")
    assert {2_646_142, 2_347_756} <= set(by_value.index)
    assert str(by_value.loc[2_646_142, "as_of"])[:10] == "2025-06-30"
    assert "mid_year" in by_value.loc[2_646_142, "caveat"]
    assert str(by_value.loc[2_347_756, "as_of"])[:10] == "2025-12-31"
    assert year["figure_id"].nunique() == 1


def test_the_agent_says_who_asks(at, server):
    run_source(unhcr_idmc.SOURCE, at)
    assert {agent for _, _, agent in server.asked} == {"test"}
