"""One bit at a time, over every file of a store: does anybody see another number without a word?

`python -m bench.flips 10000 --docs` flips that many bits of a copy of a store, one at a time, and
asks the store after each as a fresh process does, which remembers nothing: `intact.forget_hashes`
makes it one, so that thousands of flips share a process. In turn it runs every command and opens
every page and address. An answer is held
against that of the whole store. It may be the same; it may be the release before, with a sentence
that says so; it may be a sentence alone. Another answer without a sentence is a silent change,
anything else that is raised is a traceback. The tally goes into docs/reliability.md.
"""

import argparse
import asyncio
import json
import os
import random
import re
import shutil
import sys
import tempfile
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import AbstractContextManager, nullcontext, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from hashlib import sha256
from io import StringIO
from math import inf
from multiprocessing import get_context
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any, Final
from unittest import mock
from urllib.parse import parse_qsl

import pandas as pd
from click.testing import CliRunner

from alerts.ledger import Ledger
from bench import reliability
from data import settings
from data.handover import BadRequest, Inbox, Request
from data.schema.tables import FIGURES, TABLES
from data.store import (
    Channel,
    Decision,
    FigureFilter,
    Publication,
    Release,
    Status,
    Store,
    StoreProblem,
    Token,
    Withheld,
    intact,
)

COMMAND_EACH: Final = 40
"""Of so many flips one is met by a command as well."""
LONG_EACH: Final = 400
"""Of so many flips one is met by a command that takes seconds."""
SNAPSHOTS_EACH: Final = 8
"""Of so many flips one has the stored documents listed, beside those among them."""
PAGE_EACH: Final = 150
"""Of so many flips one is met by a page or an address as well."""
WORKERS: Final = 2
SHARE: Final = 50
"""Flips that are tallied together."""
SEED: Final = 20261130
FAULT_WORDS: Final = ("nuzuh repair", "damaged", "altered", "cannot be read", "newest release")
"""What a sentence of the store holds, in English."""
MENDED: Final = re.compile(r"^\S+ (?:was|carries|cannot|is lost)\b", re.MULTILINE)
"""How `nuzuh repair` tells of a file."""
_AGES: Final = re.compile(
    r"\d{1,2}:\d\d(:\d\d)?|\"age_seconds\": ?\d+|\d{8}T\d{6,12}Z(-[0-9a-f]+)?"
)
MOMENT: Final = re.compile(r"/(?:index\.html|manifest\.json|briefs/[^/]+)$")
"""Parts of a bundle that say at which minute they were made: the addresses ask for the same."""
SOURCE: Final = "published_figures"
BY_HAND: Final = "pmm_provinces"

Answer = tuple[str, Any]
"""("is", what was answered) or ("said", the sentence)."""


@dataclass
class Tally:
    """What became of the flips."""

    flips: int = 0
    same: int = 0
    sentences: int = 0
    files: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    silent: list[str] = field(default_factory=list)
    tracebacks: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(
            self.flips + other.flips,
            self.same + other.same,
            self.sentences + other.sentences,
            self.files + other.files,
            self.asked + other.asked,
            self.silent + other.silent,
            self.tracebacks + other.tracebacks,
            self.seconds + other.seconds,
        )


def lay(folder: Path) -> None:
    """A store with all kinds of files.

    Six releases, the older with tables and boundaries of their own; snapshots, one of them held;
    every note beside the releases; an inbox in which two decisions wait; a scheduler's claim.
    """
    from pipelines.registry import SOURCES
    from pipelines.run.context import context_of
    from pipelines.run.run import prime
    from pipelines.run.upload import import_file

    context = context_of(settings.load(store=str(folder), cache=folder / "cache"), SOURCES)
    prime(context)
    store, now, source = context.store, datetime.now(UTC), BY_HAND
    for half in (0.2, 0.25):
        tables = {"boundaries": _boxes(half), "events": _events(round(100 * half))}
        drawn = Publication("cod_ab", FIGURES.empty(), "boundaries", tables)
        store.publish(drawn, now=datetime.now(UTC))
    brought = folder.with_name("provinces.csv")
    for day, syrians in (("2026-06-17", 244_000), ("2026-07-17", 244_500), ("2026-08-17", 9_000)):
        brought.write_text(f"{HEAD}Hatay,{day},{syrians},{PAGE}\n", encoding="utf-8")
        by_hand = next(one for one in SOURCES if one.name == source)
        import_file(by_hand, brought, None, context, got=now)
    held = store.statuses()[source].held_fetch
    assert held, "the last one should wait for a person"  # noqa: S101 - what is tried needs it
    store.set_status(Status("unhcr_idmc").after(now, "failed", "The line broke."))
    store.set_ledger("office.1", Ledger(Channel("office.1", "mail")).to_bytes())
    store.note(Decision("0" * 24, "accept", now, by="amal", source=source))
    store.set_token(Token("0" * 12, "a notebook", "0" * 64, "amal", now))
    left = Withheld("f", 1, None, "0" * 24, "amal", "a digit", "2026-11-30", "x", {})
    store.set_withheld(source, [left])
    with store.lease_scheduler():
        pass
    inbox = Inbox(folder / "inbox")
    inbox.hand_over(Request.of("reject", "amal", "1", now, source=source, held=held))
    body = FORM.encode()
    given = {"file_name": "provinces.csv", "file_sha256": sha256(body).hexdigest()}
    inbox.hand_over(Request.of("import", "amal", "2", now, source=source, **given), body)


def _boxes(half: float) -> Any:
    """Boundaries of no country: a box around the seat of each governorate and province."""
    import geopandas
    from shapely import box

    from data.gazetteer import places

    seats = [row for row in places.rows() if row["admin_level"] == 1 and row["lat"]]
    return geopandas.GeoDataFrame(
        {
            "place_code": [str(row["place_code"]) for row in seats],
            "admin_level": [1 for _ in seats],
            "location_code": [str(row["location_code"]) for row in seats],
            "name_en": [str(row["name_en"]) for row in seats],
            "name_ar": [None for _ in seats],
            "valid_on": [datetime(2026, 1, 1) for _ in seats],  # noqa: DTZ001 - a day
            "version": ["v1" for _ in seats],
            "licence": ["CC BY 4.0" for _ in seats],
            "attribution": ["nobody" for _ in seats],
            "geometry": [
                box(x - half, y - half, x + half, y + half)
                for x, y in ((float(str(row["lon"])), float(str(row["lat"]))) for row in seats)
            ],
        },
        crs=4326,
    )


def _events(day: int) -> pd.DataFrame:
    """Two events of no history."""
    starts = pd.to_datetime(["2024-11-27", f"2024-12-{day % 28 + 1:02}"])
    rows = {
        "event_code": ["one", "two"],
        "starts_on": starts,
        "ends_on": [pd.NaT, pd.NaT],
        "place_code": ["SY07", "SY02"],
        "kind": ["conflict", "conflict"],
        "source_url": [PAGE, PAGE],
    }
    events = next(table for table in TABLES if table.name == "events")
    return events.cast(pd.DataFrame(rows))


def questions(store: Store, older: Sequence[str]) -> dict[str, Callable[[Release], Any]]:
    """Everything that is asked of a store.

    Args:
        store: The store.
        older: The releases before the newest, newest first, that are asked beside it.
    """
    asked = {f"newest: {name}": ask for name, ask in _OF_A_RELEASE.items()}
    for release in older:
        for name, ask in (_OF_A_RELEASE | _BACK).items():
            asked[f"{release}: {name}"] = partial(_of_an_older, store, release, ask)
    for source in (SOURCE, BY_HAND):
        asked[f"copies {source}"] = partial(_copies, store, source)
        for fetch in store.fetches(source):
            asked[f"documents {source} {fetch}"] = partial(_documents, store, source, fetch)
    inbox = Inbox(Path(store.address) / "inbox")
    return asked | {
        "count": lambda r: r.count(),
        "statuses": lambda _: store.statuses(),
        "channels": lambda _: store.channels(),
        "decisions": lambda _: store.decisions(),
        "tokens": lambda _: store.tokens(),
        "withheld": lambda _: [store.withheld(s) for s in sorted(store.statuses())],
        "side files": lambda _: [fault.path for fault in store.side_faults()],
        "releases": lambda _: (store.releases(), store.lost_releases()),
        "inbox": lambda _: inbox.waiting(),
        "brought": lambda _: [
            inbox.body(one) for one in inbox.waiting() if one.file_sha256 is not None
        ],
    }


_OF_A_RELEASE: Final[dict[str, Callable[[Release], Any]]] = {
    "figures": lambda r: _marked(r.figures(columns=["figure_id", "value", "as_of"])),
    "vintages": lambda r: _marked(r.vintages(columns=["figure_id", "value", "known_from"])),
    "as known on": lambda r: _marked(
        r.figures(FigureFilter(as_known_on=date(2026, 9, 1)), columns=["figure_id", "value"])
    ),
    "arrived": lambda r: len(r.arrived(r.published_at - timedelta(hours=1)) or ()),
    "sources": lambda r: _marked(r.table("sources")),
    "events": lambda r: _marked(r.table("events")),
    "boundaries": lambda r: _drawn(r.boundaries()),
    "fetches": lambda r: [r.fetches(source) for source in (SOURCE, BY_HAND)],
    "sql": lambda r: r.sql("select count(*) as n, sum(value) as s from figures", []).to_dict(),
}
"""What is asked of one release."""
_BACK: Final[dict[str, Callable[[Release], Any]]] = {
    "reason": lambda r: (r.id, r.published_at, r.reason, r.count()),
}
"""What is asked of an older one as well, before somebody goes back to it."""
_NOTES: Final = ("count", "statuses", "channels", "decisions", "tokens", "withheld", "side files")
_ALWAYS: Final = (*_NOTES, "releases", "inbox", "brought")


def readings(names: Sequence[str], number: int, path: Path) -> list[str]:
    """Which questions a flip is met by.

    What lies beside the releases always; of the releases one question in turn, and those that read
    the flipped file.

    Args:
        names: Of every question.
        number: The flip's.
        path: The flipped file in the store.
    """
    kind, of_releases = path.parts[0], [name for name in names if ": " in name]
    wanted = {*_ALWAYS, of_releases[number % len(of_releases)]}
    if kind == "vintages":
        wanted |= {f"newest: {name}" for name in ("vintages", "as known on", "arrived")}
    if kind == "releases":
        parts = ("figures", "events", "boundaries", "reason")
        wanted |= {f"{path.parts[1]}: {name}" for name in parts}
    if kind in ("raw", "fetches"):
        wanted |= {n for n in names if n.startswith(f"documents {path.parts[1]}")}
        wanted.add(f"copies {path.parts[1]}")
    elif number % SNAPSHOTS_EACH == 0:
        wanted |= {name for name in names if name.startswith(("copies", "documents"))}
    return [name for name in names if name in wanted]


def _of_an_older(store: Store, release: str, ask: Callable[[Release], Any], _: Release) -> Any:
    return ask(store.release(release))


def _copies(store: Store, source: str, newest: Release) -> Any:
    return store.copies(newest, source)


def _documents(store: Store, source: str, fetch: str, _: Release) -> Any:
    return [(d.name, d.url, d.sha256, len(d.body)) for d in store.documents(source, fetch)]


def _drawn(boundaries: Any) -> Any:
    return None if boundaries is None else sha256(boundaries.to_wkb().to_csv().encode()).hexdigest()


def _marked(frame: pd.DataFrame) -> tuple[int, int]:
    """Two numbers that are equal where the rows are, whatever their order."""
    marks = pd.util.hash_pandas_object(frame, index=False)
    return len(frame), int(marks.sum())


def answers(folder: Path, older: Sequence[str], number: int, path: Path) -> dict[str, Answer]:
    """Every answer of a fresh process."""
    store = Store(str(folder))
    try:
        release = store.current()
    except StoreProblem as problem:
        return {"current": ("said", str(problem))}
    found: dict[str, Answer] = {"current": ("is", release.id)}
    if release.warning:
        found["current"] = ("warned", (release.id, release.warning))
    asked = questions(store, older)
    for name in readings(list(asked), number, path):
        try:
            found[name] = ("is", asked[name](release))
        except (StoreProblem, BadRequest) as problem:
            found[name] = ("said", str(problem))
    return found


def judged(found: dict[str, Answer], whole: dict[str, dict[str, Answer]]) -> tuple[bool, list[str]]:
    """Whether a sentence was given, and what changed without one.

    Args:
        found: The answers.
        whole: The answers of the whole store, by the release that is served.
    """
    kind, current = found["current"]
    if kind == "said":
        return True, []
    served = current[0] if kind == "warned" else current
    before = whole.get(served)
    if before is None:
        return kind == "warned", [f"release {served} was never published"]
    beside = bool(found["side files"][1]) if found["side files"][0] == "is" else True
    lost = {"statuses", "channels", "decisions", "tokens", "side files"} if beside else set()
    fewer = found["releases"][0] == "is" and bool(found["releases"][1][1])
    # The scheduler removes what is no request any more and says so.
    waits, waited = found["inbox"][1], before["inbox"][1]
    refused = found["inbox"][0] == "is" and len(waits) < len(waited)
    if refused and all(request in waited for request in waits):
        lost |= {"inbox", "brought"}
    changes = (
        *(kind == "warned", beside, fewer, refused),
        *(answer[0] == "said" for answer in found.values()),
    )
    changed = [
        name
        for name, answer in found.items()
        if name != "current"
        and name not in lost
        and answer[0] == "is"
        and answer != before[name]
        and not (name == "releases" and (fewer or kind == "warned"))
    ]
    return any(changes), changed


COMMANDS: Final = (
    "figures --within SY07 --group IDP",
    "figures --vintages --place SY07",
    "figures --place SY07 --as-known-on 2024-01-01 --format json",
    "sources --json",
    "releases --json",
    "metrics",
    "doctor --json",
    "compare --place SY07 --group IDP --on 2024-06-30 --json",
    "decisions --json",
    "decisions --carry-out",
    "alerts",
    "check {folder}/report.txt --published-on 2024-07-01 --json",
    "extract {folder}/report.txt",
    "prove {figure} -o {folder}/proof.zip",
    "import pmm_provinces {folder}/provinces.csv",
    f"accept {BY_HAND}",
    f"reject {BY_HAND}",
    "verify",
    "prune",
    "repair",
    "rollback",
    "mcp find_place",
    "mcp figures",
    "mcp compare",
    "mcp situation",
    "mcp surges",
    "mcp check_text",
)
"""Every command that reads or writes a store, but those of `LONG` and `SLOW`."""
LONG: Final = (
    "surges --json",
    "situation --json",
    "export --to {folder}/exported",
    "brief --lang en --out {folder}/brief.docx",
    f"replay {SOURCE}",
    f"run {SOURCE}",
    "serve --once",
)
SLOW: Final = ("edition --out {folder}/edition", "bundle --out {folder}/bundle.zip")
SLOW_EACH: Final = 5_000
"""They take most of a minute."""
WRITING: Final = (
    *("replay", "run", "accept", "reject", "prune", "repair", "rollback", "decisions"),
    *("serve", "import"),
)
REPORT: Final = "As of 30 June 2024, 1,000,000 people were displaced in Idleb governorate.\n"
HEAD: Final = "province,as_of,syrians,source_url\n"
PAGE: Final = "https://www.goc.gov.tr/gecici-koruma5638"
FORM: Final = f"{HEAD}Hatay,2026-08-17,245100,{PAGE}\n"
ASSISTANTS: Final[Mapping[str, Mapping[str, str]]] = {
    "find_place": {"name": "Sarmada"},
    "figures": {"place": "SY07", "as_known_on": "2024-01-01"},
    "compare": {"place": "SY07", "group": "IDP", "on": "2024-06-30"},
    "situation": {},
    "surges": {},
    "check_text": {"text": REPORT, "published_on": "2024-07-01"},
}
"""What an assistant asks each tool of `nuzuh mcp`."""
ADMINISTERED: Final = ("held", "import", "sources", "decisions", "alerts", "tokens", "access")
PAGES: Final = (
    *("situation", "map", "place", "movements", "border", "compare", "figure", "surges"),
    *("sources", "downloads", "charts", "coverage", "check", "elsewhere", "glossary"),
    *(f"admin?task={task}" for task in ADMINISTERED),
    "/nuzuh/health",
    "/nuzuh/metrics",
    "/nuzuh/light/en/index.html",
    "/nuzuh/light/en/place-SY07.html",
    "/nuzuh/light/ar/sources.html",
    "/nuzuh/brief/en.pdf",
    "/nuzuh/feed.atom",
    "/nuzuh/releases.ics",
    "/nuzuh/stored/{copy}",
    "/nuzuh/embed/map.svg",
    "/nuzuh/embed/map.svg?release={older}",
    "/nuzuh/embed/series.svg?places=SY02,SY07&series=IDP~stock~people",
    "/nuzuh/preview.png?page=place&place=SY07",
    "/nuzuh/api/v1/figures?place=SY07",
    "/nuzuh/api/v1/figures?place=SY07&format=parquet",
    "/nuzuh/api/v1/figures?place=SY07&as_known_on=2024-01-01",
    "/nuzuh/api/v1/figures?place=SY07&release={older}",
    "/nuzuh/api/v1/vintages?place=SY07",
    "/nuzuh/api/v1/table?place=SY07&release={older}",
    "/nuzuh/api/v1/places?release={older}",
    "/nuzuh/api/v1/compare?place=SY07&group=IDP&on=2024-06-30",
    "/nuzuh/api/v1/surges",
    "/nuzuh/api/v1/situation",
    "/nuzuh/api/v1/proof/{figure}",
    "/nuzuh/api/v1/sources",
    "/nuzuh/api/v1/releases",
    "/nuzuh/ogc/collections",
    "/nuzuh/find?q=idlib",
)


def commanded(words: str, folder: Path) -> tuple[str, str, BaseException | None]:
    """What a command printed, and what it raised where that was no sentence."""
    from commands.main import main

    if words.startswith("mcp "):
        return assisted(words.removeprefix("mcp "), folder)
    with tempfile.TemporaryDirectory() as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Path(made, "report.txt").write_text(REPORT, encoding="utf-8")
        Path(made, "provinces.csv").write_text(FORM, encoding="utf-8")
        figure = _a_figure(folder.with_name("store"))
        given = ["--store", str(folder), *words.format(folder=made, figure=figure).split()]
        # The scheduler asks nobody: what it reads of the store is the question.
        alone = {"NUZUH_DISABLE": _others()} if words.startswith("serve") else {}
        done = CliRunner().invoke(main, given, env=alone)
        files = sorted(p for p in Path(made).rglob("*.csv") if p.name != "provinces.csv")
        out = done.stdout.replace(made, "").replace(str(folder), "the store")
        out += "".join(f.read_text() for f in files[:4])
        for packed in sorted(Path(made).glob("*.zip")):
            with zipfile.ZipFile(packed) as parts:
                held = [part for part in parts.infolist() if not MOMENT.search(part.filename)]
                out += str([(part.filename, part.CRC) for part in held])
    expected = done.exception is None or isinstance(done.exception, SystemExit)
    code = "" if done.exit_code == 0 else f"exit {done.exit_code}"
    return _steady(out), done.stderr + code, None if expected else done.exception


def assisted(tool: str, folder: Path) -> tuple[str, str, BaseException | None]:
    """What an assistant gets over the protocol, and what was raised."""
    import anyio
    from mcp import Client

    from commands import assistant

    async def asking() -> tuple[str, bool]:
        async with Client(assistant.server({"store": str(folder)})) as client:
            answer = await client.call_tool(tool, dict(ASSISTANTS[tool]))
            return "".join(getattr(part, "text", "") for part in answer.content), answer.is_error

    try:
        text, refused = anyio.run(asking)
    except Exception as error:  # noqa: BLE001 - that is what is counted
        return "", "", error
    text = text.replace(str(folder), "the store")
    return ("", text, None) if refused else (_steady(text), "", None)


@cache
def _others() -> str:
    from pipelines.registry import SOURCES

    return ",".join(source.name for source in SOURCES if source.name != SOURCE)


@cache
def _a_figure(folder: Path) -> str:
    """The id of a figure."""
    return str(
        Store(str(folder)).current().figures(columns=["figure_id", "source"])["figure_id"].iloc[0]
    )


def _steady(text: str) -> str:
    """Without what differs from one second to the next."""
    return _AGES.sub("…", text)


def opened(name: str, folder: Path) -> tuple[str, BaseException | None]:
    """The text of a page or an address, and what it raised."""
    os.environ["NUZUH_STORE"] = str(folder)
    try:
        if not name.startswith("/"):
            return _steady(_page(name)), None
        copy = sorted((folder / "raw" / SOURCE).glob("*/*.gz"))[0].stem
        whole = folder.with_name("store")
        figure, older = _a_figure(whole), _older(whole)[0]
        path = name.format(copy=f"{SOURCE}/{copy}", figure=figure, older=older)
        return _steady(_address(path)), None
    except Exception as error:  # noqa: BLE001 - that is what is counted
        return "", error


def _page(name: str) -> str:
    import streamlit as st
    from streamlit.testing.v1 import AppTest

    _forget_pages()
    st.cache_data.clear()
    st.cache_resource.clear()
    name, _, query = name.partition("?")
    signed_in = _administrator() if name == "admin" else nullcontext()
    with redirect_stderr(StringIO()), redirect_stdout(StringIO()), signed_in:
        app = AppTest.from_file(str(settings.ROOT / "app.py"), default_timeout=1800)
        app.query_params["lang"] = "en"
        for key, value in parse_qsl(query):
            app.query_params[key] = value
        app.switch_page(f"dashboard/pages/{name}.py").run()
    if app.exception:
        raise RuntimeError(app.exception[0].message)
    return " ".join(element.proto.body for element in app.get("html"))


def _administrator() -> AbstractContextManager[Any]:
    """As one of the administrators: how they sign in reads nothing of a store."""
    from dashboard.server import signin

    who = signin.Visitor("amal", "amal", "administrator", 4e9, "0")
    office = signin.SignInConfig(
        *("http://127.0.0.1:9", "nuzuh", "secret", "http://127.0.0.1:9", "groups", "name"),
        *(frozenset({"*"}), frozenset({"admins"}), 3600.0, 300.0, Path(tempfile.gettempdir())),
    )
    return mock.patch.multiple(signin, here=lambda: who, config=lambda: office)


def _forget_pages() -> None:
    """What a process has made of a release, so that the next answer is a fresh one's."""
    from data.store.mirror import stop_all

    stop_all()
    intact.forget_hashes()
    shutil.rmtree(settings.load().cache / "answers", ignore_errors=True)
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ("alerts", "api", "dashboard", "editions"):
            for each in list(vars(module).values()):
                if callable(forget := getattr(each, "cache_clear", None)):
                    forget()


def _address(path: str) -> str:
    from starlette.applications import Starlette

    from alerts import routes as alerts
    from api import answer_cache, limits
    from api import routes as api
    from api import serving as api_serving
    from dashboard.server import routes
    from dashboard.shell import find
    from editions import brief_routes, link_preview
    from editions import routes as editions

    _forget_pages()
    path, _, query = path.partition("?")
    served = (*editions.ROUTES, *brief_routes.ROUTES, *link_preview.ROUTES, *alerts.ROUTES)
    app = Starlette(routes=[*served, *api.ROUTES, *routes.ROUTES, *find.ROUTES])
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [],
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1),
        "root_path": "",
    }
    sent: list[Any] = []
    asked = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> dict[str, Any]:
        for message in asked:
            return message
        await asyncio.Event().wait()  # who asked stays until the answer is there
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message)

    with mock.patch.multiple(api_serving, CACHE=answer_cache.AnswerCache(), LIMITS=limits.Limits()):
        asyncio.run(app(scope, receive, send))
    body = b"".join(m.get("body", b"") for m in sent)
    try:
        return f"{sent[0]['status']} {body.decode()}"
    except UnicodeDecodeError:
        return f"{sent[0]['status']} {sha256(body).hexdigest()}"


def _clean(pristine: Path, asked: str) -> tuple[str, list[Any]]:
    """What a command or a page says of the whole store, made once for all processes.

    With what the store holds after a command that writes.
    """
    kept = pristine.with_name(f"clean-{sha256(asked.encode()).hexdigest()[:16]}")
    if not kept.exists():
        held: list[Any] = []
        copy = _copied(pristine)
        if asked in PAGES:
            text, problem = opened(asked, copy)
        else:
            text, _, problem = commanded(asked, copy)
            held = _held(copy) if _writes(asked) else []
        if problem is not None:
            raise problem
        kept.write_text(json.dumps([text, held]), encoding="utf-8")
    text, held = json.loads(kept.read_text(encoding="utf-8"))
    return text, held


def _writes(words: str) -> bool:
    return words.split()[0] in WRITING


def _held(folder: Path) -> list[Any]:
    """The numbers that a store shows, and those that it says were known before."""
    try:
        release = Store(str(folder)).current()
    except StoreProblem:
        return []
    shown = _marked(release.figures(columns=["figure_id", "value", "as_of"]))
    if release.history_lost:
        return [list(shown), None]
    return [list(shown), list(_marked(release.vintages(columns=["figure_id", "value"])))]


def flipped(pristine: Path, folder: Path, numbers: range) -> Tally:
    """Flip one bit for each number, ask, and put the byte back."""
    tally, began = Tally(), perf_counter()
    if not folder.exists():
        shutil.copytree(pristine, folder)
    whole, older = _whole(folder), _older(folder)
    for number in numbers:
        chance = random.Random(SEED + number)  # noqa: S311 - places on a disk, no secrets
        path = chance.choice(_files(folder))
        body = path.read_bytes()
        where, bit = chance.randrange(len(body)), chance.randrange(8)
        slow = _turn(SLOW, number + SLOW_EACH // 2, SLOW_EACH)
        long = _turn(LONG, number + LONG_EACH // 2, LONG_EACH)
        words = slow or long or _turn(COMMANDS, number, COMMAND_EACH)
        page = _turn(PAGES, number, PAGE_EACH)
        bent = bytearray(body)
        bent[where] ^= 1 << bit
        path.write_bytes(bent)
        intact.forget_hashes()
        within = path.relative_to(folder)
        place = f"{within} byte {where} bit {bit}"
        tally.flips += 1
        tally.files[_kind(within)] += 1
        try:
            verdict, changed = judged(answers(folder, older, number, within), whole)
        except Exception as error:  # noqa: BLE001 - that is what is counted
            tally.tracebacks.append(f"{place}: {type(error).__name__} {error}")
        else:
            tally.sentences += verdict
            tally.same += not verdict
            tally.silent += [f"{place}: {name}" for name in changed]
        if words:
            tally.asked[words.split()[0]] += 1
            _met(tally, place, words, pristine, folder)
        if page:
            tally.asked[page] += 1
            shown, problem = opened(page, folder)
            if problem is not None:
                tally.tracebacks.append(f"{place}: page {page}: {problem!r}")
            elif not _says(shown) and shown != _clean(pristine, page)[0]:
                tally.silent.append(f"{place}: page {page}")
        path.write_bytes(body)
    tally.seconds = perf_counter() - began
    return tally


def _turn(of: tuple[str, ...], number: int, each: int) -> str:
    """Which one this flip meets; none for most."""
    return "" if number % each else of[number // each % len(of)]


def _met(tally: Tally, place: str, words: str, pristine: Path, folder: Path) -> None:
    """One command on the damaged store; one that writes, on a copy, which is then asked again."""
    at = _copied(folder) if _writes(words) else folder
    out, err, problem = commanded(words, at)
    sentence = _says(out + err)
    if problem is not None:
        tally.tracebacks.append(f"{place}: {words}: {problem!r}")
    elif not sentence and out != _clean(pristine, words)[0]:
        tally.silent.append(f"{place}: {words}")
    if not _writes(words):
        return
    intact.forget_hashes()
    held = _held(at)
    if not held:
        return  # it says in a sentence that nothing is whole
    shown, known = (
        {*of, _key(now)}
        for of, now in zip(_numbers(pristine), _clean(pristine, words)[1], strict=True)
    )
    if _key(held[0]) not in shown:
        tally.silent.append(f"{place}: {words}: numbers that nobody published")
    if _key(held[1]) not in known | {_key(None)} and not sentence:
        tally.silent.append(f"{place}: {words}: versions that nobody published")


def _key(marks: Any) -> str:
    return json.dumps(marks)


@cache
def _numbers(pristine: Path) -> tuple[frozenset[str], frozenset[str]]:
    """The numbers that each release of the whole store shows, and the versions it has."""
    store = Store(str(pristine))
    releases = [store.release(info.id) for info in store.releases()]
    return (
        frozenset(
            _key(_marked(r.figures(columns=["figure_id", "value", "as_of"]))) for r in releases
        ),
        frozenset(_key(_marked(r.vintages(columns=["figure_id", "value"]))) for r in releases),
    )


def _says(text: str) -> bool:
    return any(word in text for word in FAULT_WORDS) or MENDED.search(text) is not None


def _copied(folder: Path) -> Path:
    """A copy of the store as it is now."""
    copy = folder.with_name(f"{folder.name}-{os.getpid()}-copy")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    return copy


def _files(folder: Path) -> list[Path]:
    return [p for p in sorted(folder.rglob("*")) if p.is_file() and p.stat().st_size]


def _kind(path: Path) -> str:
    parts = path.parts
    return (
        "manifest.json"
        if path.name == "manifest.json"
        else (f"releases/…/{parts[2]}" if parts[0] == "releases" else parts[0])
    )


@cache
def _older(folder: Path) -> tuple[str, ...]:
    """The releases before the newest of a store; asked first while it is whole."""
    return tuple(info.id for info in Store(str(folder)).releases())[1:]


@cache
def _whole(folder: Path) -> dict[str, dict[str, Answer]]:
    """The answers of the whole store by question, for each release that may be served."""
    store = Store(str(folder))
    releases = [store.release(info.id) for info in store.releases()]
    asked = questions(store, _older(folder))
    same = {n: ("is", ask(releases[0])) for n, ask in asked.items() if not n.startswith("newest")}
    return {
        release.id: same
        | {
            name: ("is", ask(release))
            for name, ask in asked.items()
            if name.startswith(("newest", "copies", "count"))
        }
        for release in releases
    }


def _worker(pristine: Path, numbers: range) -> Tally:
    """A share of the flips, in a copy of its own that stays for the next share."""
    folder = pristine.with_name(f"copy-{os.getpid()}")
    # Whatever else answers on this machine, and whatever it has made before, is not the question.
    ours = {"NUZUH_PORT": "9", "NUZUH_CACHE": str(pristine.with_name("cache"))}
    with mock.patch.dict(os.environ, ours):
        return flipped(pristine, folder, numbers)


def tried(flips: int, beside: Path, workers: int = WORKERS, until: float = inf) -> Tally:
    """Lay a store down and flip, in shares.

    Args:
        flips: How many.
        beside: A folder for the stores and the tallies: a run that was stopped goes on from there.
        workers: In so many processes; 1 for this one.
        until: No share is begun after this moment of `monotonic`.
    """
    pristine = beside / "store"
    if not pristine.exists():
        lay(beside / "laid")
        shutil.rmtree(beside / "laid" / "cache", ignore_errors=True)
        (beside / "laid").rename(pristine)
    parts = [range(n, min(n + SHARE, flips)) for n in range(0, flips, SHARE)]
    known = {part: beside / f"tally-{part.start}-{part.stop}.json" for part in parts}
    waiting = [part for part in parts if not known[part].exists()]
    if workers == 1:
        for part in waiting:
            if monotonic() > until:
                break
            _write_tally(known[part], _worker(pristine, part))
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            begun = {pool.submit(_worker, pristine, part): part for part in waiting}
            for done in as_completed(begun):
                if monotonic() > until:
                    pool.shutdown(cancel_futures=True)
                    break
                _write_tally(known[begun[done]], done.result())
                sys.stderr.write(f"{len(list(beside.glob('tally-*')))} of {len(parts)} shares\n")
    return sum((_read_tally(file) for file in known.values() if file.exists()), Tally())


def _write_tally(file: Path, tally: Tally) -> None:
    file.write_text(json.dumps(vars(tally)))


def _read_tally(file: Path) -> Tally:
    stored = json.loads(file.read_text())
    counted = {name: Counter(stored[name]) for name in ("files", "asked")}
    return Tally(**(stored | counted))


def tally_lines(tally: Tally) -> Iterator[str]:
    """The tally as lines of docs/reliability.md."""
    yield "| what | count |"
    yield "|---|--:|"
    yield f"| single bits flipped, over every file of a store | {tally.flips:,} |"
    yield f"| … a sentence, with the release before where there is one | {tally.sentences:,} |"
    yield f"| … read by no answer (heads of gzip and the like) | {tally.same:,} |"
    yield f"| **answers that changed without a word** | **{len(tally.silent):,}** |"
    yield f"| **tracebacks** | **{len(tally.tracebacks):,}** |"
    yield ""
    kinds = ", ".join(f"{kind} {count:,}" for kind, count in sorted(tally.files.items()))
    yield f"Flips by file: {kinds}."
    met = ", ".join(f"{name} {count}" for name, count in sorted(tally.asked.items()))
    yield f"Beside every question of the store, these were asked in turn: {met}."


def main() -> None:
    """Flip, and tell; exit 1 where anything changed without a word or ended in a traceback."""
    parser = argparse.ArgumentParser()
    parser.add_argument("flips", type=int)
    parser.add_argument("--workers", type=int, default=WORKERS)
    parser.add_argument("--beside", type=Path, help="a folder to go on from after a stop")
    parser.add_argument("--minutes", type=float, default=inf, help="begin nothing after so long")
    parser.add_argument("--docs", action="store_true", help="write docs/reliability.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nuzuh-flips-") as own:
        beside = given.beside or Path(own)
        beside.mkdir(parents=True, exist_ok=True)
        tally = tried(given.flips, beside, given.workers, monotonic() + 60 * given.minutes)
    lines = list(tally_lines(tally))
    sys.stdout.write("\n".join([*lines, *tally.silent[:20], *tally.tracebacks[:20], ""]))
    sys.stdout.write(f"{tally.seconds:.0f} s\n")
    if given.docs:
        reliability.write("flips", lines)
    sys.exit(bool(tally.silent or tally.tracebacks))


if __name__ == "__main__":
    # Under its own name: a page that is opened in a worker takes the place of `__main__` there.
    from bench.flips import main as begin

    begin()
