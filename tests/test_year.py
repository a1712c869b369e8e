"""An office by the clock, for NUZUH_DAYS days: what was published stays, what went wrong was said.

Publishers revise their numbers, break off, answer with walls and half tables, and the machine is
switched off now and then. `make year` runs 365 days; the tests a fortnight and a half.
"""

import os
import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from data import settings
from data.gazetteer import area
from data.store import FigureFilter, Store
from pipelines import registry
from pipelines.http.client import Client
from pipelines.run import schedule
from pipelines.run.context import RunContext
from pipelines.run.replay import read_again
from pipelines.run.run import prime, run_source
from pipelines.run.source_register import why_skipped
from tests.servers.dtm import KEY
from tests.servers.everyone import everyone

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1", "localhost"])]

DAYS = int(os.environ.get("NUZUH_DAYS") or 18)
SEED = int(os.environ.get("NUZUH_SEED") or 20261126)
BEGIN = datetime(2026, 12, 1, 6, tzinfo=UTC)
STEP = timedelta(hours=6)
REVISED_EVERY = 16
"""Days between two revisions; faults stop so early before the next that each is seen by somebody
who asks once a week and tries again within a day."""
QUIET = 9
WAITS = {"report_figures", "ocha_idp_movements"}
"""Figures that wait for a person: those out of a report's text, and the made-up months of OCHA's
stand-in, which contradict the true ones that are carried."""
FAULTS = (
    "bot wall",
    "html 200",
    "403",
    "404",
    "500",
    "503",
    "truncated",
    "garbage",
    "nothing",
    "login page",
    "login elsewhere",
)
"""What every source must refuse, whatever it reads."""


@dataclass
class Year:
    """What happened, as the world knows it and not as the store says it."""

    now: datetime = BEGIN
    attempts: list[tuple[datetime, str, str | None, str, str]] = field(default_factory=list)
    """When, source, the fault of its publisher at that moment, state, sentence."""
    ever: set[tuple[str, float]] = field(default_factory=set)
    """Figure and value of everything that readers were ever shown."""
    said: list[tuple[datetime, int]] = field(default_factory=list)
    """From when UNHCR says which number of refugees for Jordan in 2025."""


def _office(folder, publishers, year):
    return RunContext(
        store=Store(str(folder / "store")),
        settings=settings.Settings(
            url={api: server.base_url for api, server in publishers.by_api.items()},
            key={s.api: KEY for s in registry.SOURCES if s.key != "none"},
            contact="im@example.org",
        ),
        area=replace(area.load("idlib"), boundaries=("SYR",)),
        client=Client("test", retries=1, backoff=0, interval=0, timeout=(2, 2)),
        sources=registry.SOURCES,
        now=lambda: year.now,
    )


def _live_through(at, publishers, year):
    chance = random.Random(SEED)  # noqa: S311 - a year that can be repeated, no secret
    ends = dict.fromkeys(publishers.by_api, BEGIN)
    enabled = tuple(s for s in at.sources if why_skipped(s, at.settings) is None)

    def run(source):
        fault = publishers.by_api[source.api].fault if source.api else None
        outcome = run_source(source, at)
        year.attempts.append((year.now, source.name, fault, outcome.state, outcome.sentence))
        if outcome.state == "published":
            shown = at.store.current().figures()[["figure_id", "value"]].dropna()
            year.ever.update(shown.itertuples(index=False, name=None))
        return int(not outcome.good)

    scheduler = schedule.Scheduler(at.store, enabled, run=run, now=lambda: year.now)
    for step in range(DAYS * 4):
        day = step // 4
        if step % (REVISED_EVERY * 4) == 0:
            number = 400_000 + 137 * (day // REVISED_EVERY)
            publishers.by_api["UNHCR"].edit[2025, "JOR"] = number
            year.said.append((year.now, number))
        for api, server in publishers.by_api.items():
            if year.now >= ends[api]:
                server.fault = None
                # Nothing breaks at the very end: by then the publishers are to be well again.
                calm = day % REVISED_EVERY >= REVISED_EVERY - QUIET or day >= DAYS - QUIET
                breaks = chance.random() < 0.12 and not calm
                if breaks:
                    server.fault = chance.choice(FAULTS)
                    ends[api] = year.now + timedelta(hours=chance.choice((6, 12, 24, 60)))
        scheduler.once()
        if chance.random() < 0.01:
            year.now += timedelta(days=1)  # nobody paid for the generator's fuel
        if step % 120 == 119:
            at.store.prune(now=year.now)
        year.now += STEP


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """The office and its year, once for all the questions."""
    year = Year()
    with everyone() as publishers:
        at = _office(tmp_path_factory.mktemp("office"), publishers, year)
        assert prime(at).state == "published"
        _live_through(at, publishers, year)
    return at, year


def test_the_year_had_its_troubles(lived):
    """Otherwise nothing below proves anything."""
    _, year = lived
    troubled = [attempt for attempt in year.attempts if attempt[2]]
    published = sum(attempt[3] == "published" for attempt in year.attempts)
    print(  # noqa: T201
        f"\n{DAYS} days: {len(year.attempts):,} runs, {published:,} published something, "
        f"{len(troubled):,} met a fault; {len(year.ever):,} numbers were shown."
    )
    assert len({name for _, name, *_ in year.attempts}) >= 18
    assert len(troubled) > DAYS / 2


def test_every_fault_that_a_source_met_was_told(lived):
    _, year = lived
    for when, source, fault, state, sentence in year.attempts:
        if fault:
            assert state == "failed", (when, source, fault, sentence)
            assert sentence.endswith("."), sentence
            assert "\n" not in sentence


def test_nothing_failed_that_met_no_fault(lived):
    """A false alarm a week, and nobody reads the log any more."""
    _, year = lived
    wrong = [a for a in year.attempts if not a[2] and a[3] not in ("published", "unchanged")]
    assert {a[1] for a in wrong} <= WAITS, wrong[:3]


def test_every_number_that_was_ever_shown_is_still_known(lived):
    at, year = lived
    known = at.store.current().vintages(FigureFilter(), ["figure_id", "value"]).dropna()
    assert year.ever <= set(known.itertuples(index=False, name=None))


def test_every_revision_is_a_vintage_of_its_time(lived):
    at, year = lived
    found = at.store.current().vintages(
        FigureFilter(asylum=("JOR",), group=("REF",), source=("unhcr_population",))
    )
    found = found[found["reference_period_end"].dt.year.eq(2025) & found["origin_code"].eq("SYR")]
    known = {int(v): day.date() for v, day in zip(found["value"], found["known_from"], strict=True)}
    ended = year.now - timedelta(days=QUIET)
    for since, number in (said for said in year.said if said[0] < ended):
        assert number in known, f"{number} was said from {since} on, and nobody heard it"
        until = since + timedelta(days=REVISED_EVERY + 4)
        assert since.date() <= known[number] <= until.date()


def test_at_the_end_everything_comes_out_of_its_stored_file_again(lived):
    at, _ = lived
    assert list(at.store.verify(read_again(at))) == []


def test_sources_are_fresh_when_the_publishers_are_well_again(lived):
    at, year = lived
    last = {name: state for _, name, _, state, _ in year.attempts}
    wrong = {
        name: state
        for name, state in last.items()
        if name not in WAITS and state not in ("published", "unchanged")
    }
    assert wrong == {}
    assert all(at.store.status(name).failures == 0 for name in last if name not in WAITS)
