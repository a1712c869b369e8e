"""Many offices that read one store over HTTP: what each costs its server, and how many it bears.

`python -m bench.offices` serves a store with nginx on 127.0.0.1, lets mirrors read it as offices'
dashboards do, and counts requests, bytes on the line, connections and nginx's processor. With these
costs it then follows a release to 100, 1,000 and 10,000 offices on lines that were not measured but
chosen; docs/scale.md says what comes of it.
"""

import heapq
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from bench import content, relay, serving
from bench.relay import Relay
from bench.serving import Server
from data.schema import tables
from data.store import Publication, Store
from data.store.mirror import AT_ONCE, LOOK, STATUSES, Mirror

LOOKS = 300
TOGETHER = 100
"""Offices that really fetch a release at once, to see what the server's processor says."""
NGINX = """\
daemon off; master_process off; pid nginx.pid; error_log stderr crit;
events {{ worker_connections 4096; }}
http {{
    access_log {log};
    server {{ listen 127.0.0.1:LISTEN; root {root}; }}
}}
"""
ROUND_TRIP = 0.3
"""Seconds, as on a line of the design's budgets."""
RELEASES_A_DAY = 9
"""Changed sources of an area in a day, of which docs/scale.md plans with four to nine."""


@dataclass(frozen=True)
class Act:
    """What one thing that an office does costs whoever serves the store.

    Attributes:
        what: The act.
        requests: How many.
        moved: Bytes on the line, both ways.
    """

    what: str
    requests: int
    moved: int


@dataclass(frozen=True)
class Served:
    """A store behind nginx, and a relay before it that counts bytes."""

    store: Store
    server: Server
    line: Relay
    log: Path

    @property
    def address(self) -> str:
        """Where offices read it."""
        return f"http://{self.line.host}/"

    def cost(self, what: str, act: Callable[[], object]) -> Act:
        """What an act moves."""
        asked, moved = self.asked(), self.line.moved
        act()
        return Act(what, self.asked() - asked, self.line.moved - moved)

    def asked(self) -> int:
        """Requests so far."""
        return len(self.log.read_text(encoding="utf-8").splitlines())


def main() -> int:
    """Measure, reckon and print; 1 where there is no nginx."""
    if shutil.which("nginx") is None:
        sys.stderr.write("Install nginx to measure what serving a store costs.\n")
        return 1
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder)) as served:
        acts = _acts(served, Path(folder))
        once, together, held = _together(served, Path(folder))
    _say(["an office", "requests", "bytes"], ((a.what, a.requests, a.moved) for a in acts))
    print(f"nginx: {once * 1e3:.2f} ms of processor a request that says nothing is new, "
          f"{together * 1e3:.1f} ms for an office that fetches a release "
          f"({TOGETHER} at once); {held:.1f} connections stay open for an office")  # fmt: skip
    _say(
        ["offices", "Mbit/s", "requests/s", "GB a month", "half have it, s", "nineteen of twenty"],
        (_reckoned(acts, count, line) for count in (100, 1_000, 10_000) for line in (10, 100, 1e3)),
    )
    return 0


@contextmanager
def _served(folder: Path) -> Iterator[Served]:
    """A store as a fresh machine has it, with a series that changes, behind nginx."""
    store = content.store(folder / "store")
    log = folder / "asked.log"
    setting = NGINX.format(log=log, root=folder / "store")
    (folder / "nginx.all").write_text(setting, encoding="utf-8")
    start = "sed s/LISTEN/PORT/ nginx.all > nginx.conf && exec nginx -p . -c nginx.conf"
    command = ["sh", "-c", start]
    with (
        serving.serving(command, folder, ready="/current.json") as server,
        relay.counted(server.host) as line,
    ):
        yield Served(store, server, line, log)


def _acts(served: Served, folder: Path) -> list[Act]:
    office = Mirror(served.address, folder / "office")
    acts = [served.cost("its first visit", office.look)]
    several = served.cost("nothing is new", lambda: [office.look() for _ in range(LOOKS)])
    acts.append(replace(several, requests=several.requests // LOOKS, moved=several.moved // LOOKS))
    office._looked_at_statuses = float("-inf")
    with_statuses = served.cost("how the sources fare", office.look)
    acts.append(replace(with_statuses, requests=with_statuses.requests - 1))
    _publish(served.store, content.SOURCE, 1)
    acts.append(served.cost("a release, every figure of a large source changed", office.look))
    _publish(served.store, "unhcr_population", 1)
    acts.append(served.cost("a release, one number changed", office.look))
    return acts


def _publish(store: Store, source: str, by: int) -> None:
    """A release in which one source says other numbers, or one other number."""
    rows = store.current().of_source(source).to_pandas(date_as_object=False)
    moved = rows.index == rows.index[-1] if source != content.SOURCE else rows.index >= 0
    rows.loc[moved, "value"] += by
    rows["known_from"] = None
    figures = tables.FIGURES.cast(rows)
    store.publish(Publication(source, figures, "bench", complete=False), now=datetime.now(UTC))


def _together(served: Served, folder: Path) -> tuple[float, float, float]:
    """Seconds of nginx's processor: of a look at what is not new, of an office's release.

    Then the connections that an office leaves open for its next look.
    """
    offices = [Mirror(served.address, folder / f"office-{n}") for n in range(TOGETHER)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(Mirror.look, offices))
        before = served.server.cpu()
        for _ in range(10):
            list(pool.map(Mirror.look, offices))
        looked = served.server.cpu()
        _publish(served.store, content.SOURCE, 2)
        list(pool.map(Mirror.look, offices))
        fetched = served.server.cpu()
        held = _connections(int(served.line.host.rpartition(":")[2]))
    once, together = (looked - before) / (10 * TOGETHER), (fetched - looked) / TOGETHER
    return once, together, held / TOGETHER


def _connections(port: int) -> int:
    """Established connections at a port of this machine."""
    ends = (line.split()[1:4] for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return sum(here.endswith(f":{port:04X}") and state == "01" for here, _, state in ends)


def _reckoned(acts: Sequence[Act], offices: int, megabits: float) -> tuple[object, ...]:
    """A row: what so many offices ask and move, and when a release is with them."""
    _, nothing, statuses, release, _ = acts
    second = offices * (nothing.requests / LOOK + statuses.requests / STATUSES)
    month = 30 * 86_400 * offices * (nothing.moved / LOOK + statuses.moved / STATUSES)
    month += 30 * RELEASES_A_DAY * offices * release.moved
    turns = 1 + -(-release.requests // AT_ONCE)
    seconds = arrived(clocks(offices), release.moved, megabits * 1e6 / 8, turns * ROUND_TRIP)
    found = (round(median(seconds)), round(quantiles(seconds, n=20)[-1]))
    return (f"{offices:,}", f"{megabits:,.0f}", f"{second:,.0f}", f"{month / 1e9:,.0f}", *found)


def clocks(offices: int, seed: int = 1) -> list[float]:
    """Seconds from a release until each office looks; their clocks go by nobody's."""
    clock = random.Random(seed)  # noqa: S311 - no secret
    return sorted(clock.uniform(0, LOOK) for _ in range(offices))


def arrived(begins: Sequence[float], moved: float, line: float, waits: float) -> list[float]:
    """Seconds from a release until each office has it, in the order in which they have.

    Those that fetch at a time share the line evenly, so that who began first ends first.

    Args:
        begins: When each begins to fetch, in order.
        moved: Bytes that one fetches.
        line: Bytes a second of the server's line.
        waits: Seconds that one waits for answers, however fast the line is.
    """
    done: list[float] = []
    fetching: list[float] = []
    now = shared = 0.0  # `shared` is what each that fetches since the start would have by now
    for begin in [*begins, float("inf")]:
        while fetching:
            ends = now + (fetching[0] - shared) * len(fetching) / line
            if ends > begin:
                break
            now, shared = ends, heapq.heappop(fetching)
            done.append(now + waits)
        if fetching:
            shared += (begin - now) * line / len(fetching)
        now = begin
        heapq.heappush(fetching, shared + moved)
    return done


def _say(head: Sequence[str], rows: Iterator[Sequence[object]]) -> None:
    print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(f'{v:,}' if isinstance(v, int) else str(v) for v in row)} |")


if __name__ == "__main__":
    sys.exit(main())
