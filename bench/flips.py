"""One bit at a time, over every file of a store: does anybody see another number without a word?

`python -m bench.flips 10000 --docs` flips that many bits of a copy of a store, one at a time, and
asks the store after each as a fresh process does, which remembers nothing: `intact.forget` is what
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
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from io import StringIO
from math import inf
from multiprocessing import get_context
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any, Final

import pandas as pd
from click.testing import CliRunner

from alerts.ledger import Ledger
from bench import reliability
from data import settings
from data.store import (
    Channel,
    Decision,
    Release,
    Status,
    Store,
    StoreProblem,
    Wanted,
    Withheld,
    intact,
)

COMMAND_EACH: Final = 40
"""Of so many flips one is met by a command as well."""
LONG_EACH: Final = 400
"""Of so many flips one is met by a command that takes seconds."""
SNAPSHOTS_EACH: Final = 8
"""Of so many flips one has all stored documents read, beside those among them."""
PAGE_EACH: Final = 300
"""Of so many flips one is met by a page or an address as well."""
WORKERS: Final = 2
SHARE: Final = 50
"""Flips that are tallied together."""
SEED: Final = 20261130
SAID: Final = ("nuzuh repair", "damaged", "altered", "cannot be read", "newest release")
"""What a sentence of the store holds, in English."""
MENDED: Final = re.compile(r"^\S+ (?:was|carries|cannot|is lost)\b", re.MULTILINE)
"""How `nuzuh repair` tells of a file."""
_AGES: Final = re.compile(
    r"\d{1,2}:\d\d(:\d\d)?|\"age_seconds\": ?\d+|\d{8}T\d{6,12}Z(-[0-9a-f]+)?"
)
SOURCE: Final = "published_figures"

Answer = tuple[str, Any]
"""("is", what was answered) or ("said", the sentence)."""


@dataclass
class Tally:
    """What became of the flips."""

    flips: int = 0
    same: int = 0
    said: int = 0
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
            self.said + other.said,
            self.files + other.files,
            self.asked + other.asked,
            self.silent + other.silent,
            self.tracebacks + other.tracebacks,
            self.seconds + other.seconds,
        )


def lay(folder: Path) -> None:
    """A store with all kinds of files: two releases, snapshots, notes, a withheld figure."""
    from pipelines.registry import SOURCES
    from pipelines.run.context import context_of
    from pipelines.run.run import prime
    from pipelines.run.upload import import_file

    context = context_of(settings.load(store=str(folder), cache=folder / "cache"), SOURCES)
    prime(context)
    store, now, name = context.store, datetime.now(UTC), "pmm_provinces"
    brought = folder.with_name("provinces.csv")
    for day, syrians in (("2026-06-17", 244_000), ("2026-07-17", 244_500)):
        brought.write_text(f"{HEAD}Hatay,{day},{syrians},{PAGE}\n", encoding="utf-8")
        source = next(source for source in SOURCES if source.name == name)
        import_file(source, brought, None, context, got=now)
    store.set_status(Status(name).after(now, "failed", "The line broke."))
    store.set_ledger("office.1", Ledger(Channel("office.1", "mail")).to_bytes())
    store.note(Decision("0" * 24, "accept", now, by="amal", source=name))
    left = Withheld("f", 1, None, "0" * 24, "amal", "a digit", "2026-11-30", "x", {})
    store.set_withheld(name, [left])


def readings(store: Store, number: int, of: str = "raw") -> dict[str, Callable[[Release], Any]]:
    """What is asked after a flip in a folder: what lies beside the releases, and one question."""
    day = datetime.now(UTC).date()
    asked: dict[str, Callable[[Release], Any]] = {
        "figures": lambda r: _marked(r.figures(columns=["figure_id", "value", "as_of"])),
        "vintages": lambda r: _marked(r.vintages(columns=["figure_id", "value", "known_from"])),
        "as known on": lambda r: r.matching(Wanted(as_known_on=day - timedelta(days=90))),
        "arrived": lambda r: len(r.arrived(r.published_at - timedelta(hours=1)) or ()),
        "sources": lambda r: _marked(r.table("sources")),
        "events": lambda r: _marked(r.table("events")),
        "boundaries": lambda r: r.boundaries(),
        "sql": lambda r: r.sql("select count(*) as n, sum(value) as s from figures", []).to_dict(),
    }
    name = list(asked)[number % len(asked)]
    return {
        name: asked[name],
        "count": lambda r: r.count(),
        "statuses": lambda _: store.statuses(),
        "channels": lambda _: store.channels(),
        "decisions": lambda _: store.decisions(),
        "withheld": lambda _: [store.withheld(s) for s in sorted(store.statuses())],
        "side files": lambda _: [fault.path for fault in store.side_faults()],
        "releases": lambda _: (store.releases(), store.lost_releases()),
    } | (_snapshots(store) if number % SNAPSHOTS_EACH == 0 or of in ("raw", "fetches") else {})


def _snapshots(store: Store) -> dict[str, Callable[[Release], Any]]:
    return {
        "copies": lambda r: store.copies(r, SOURCE),
        "documents": lambda _: [
            d.sha256 for d in store.documents(SOURCE, store.fetches(SOURCE)[0])
        ],
    }


def _marked(frame: pd.DataFrame) -> tuple[int, int]:
    """Two numbers that are equal where the rows are, whatever their order."""
    marks = pd.util.hash_pandas_object(frame, index=False)
    return len(frame), int(marks.sum())


def answers(folder: Path, number: int, of: str = "raw") -> dict[str, Answer]:
    """Every answer of a fresh process."""
    store = Store(str(folder))
    try:
        release = store.current()
    except StoreProblem as problem:
        return {"current": ("said", str(problem))}
    found: dict[str, Answer] = {"current": ("is", release.id)}
    if release.warning:
        found["current"] = ("warned", (release.id, release.warning))
    for name, ask in readings(store, number, of).items():
        try:
            found[name] = ("is", ask(release))
        except StoreProblem as problem:
            found[name] = ("said", str(problem))
    return found


def judged(found: dict[str, Answer], whole: dict[str, dict[str, Answer]]) -> tuple[bool, list[str]]:
    """Whether anything was said, and what changed without a word.

    Args:
        found: The answers.
        whole: The answers of the whole store, by the release that is served.
    """
    kind, told = found["current"]
    if kind == "said":
        return True, []
    served = told[0] if kind == "warned" else told
    before = whole.get(served)
    if before is None:
        return kind == "warned", [f"release {served} was never published"]
    beside = bool(found["side files"][1]) if found["side files"][0] == "is" else True
    lost = {"statuses", "channels", "decisions", "side files"} if beside else set()
    fewer = found["releases"][0] == "is" and bool(found["releases"][1][1])
    said = kind == "warned" or beside or fewer or any(k == "said" for k, _ in found.values())
    changed = [
        name
        for name, answer in found.items()
        if name != "current"
        and name not in lost
        and answer[0] == "is"
        and answer != before[name]
        and not (name == "releases" and (fewer or kind == "warned"))
    ]
    return said, changed


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
    f"accept {SOURCE}",
    f"reject {SOURCE}",
    "verify",
    "prune",
    "repair",
    "rollback",
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
PAGES: Final = (
    *("situation", "map", "place", "movements", "border", "compare", "figure", "surges"),
    *("sources", "downloads", "charts", "coverage", "check", "glossary"),
    "/nuzuh/health",
    "/nuzuh/metrics",
    "/nuzuh/light/en/index.html",
    "/nuzuh/light/ar/sources.html",
    "/nuzuh/feed.atom",
    "/nuzuh/releases.ics",
    "/nuzuh/stored/{copy}",
    "/nuzuh/embed/map.svg",
    "/nuzuh/api/v1/figures?place=SY07",
    "/nuzuh/api/v1/sources",
    "/nuzuh/api/v1/releases",
    "/nuzuh/ogc/collections",
    "/nuzuh/find?q=idlib",
)


def commanded(words: str, folder: Path) -> tuple[str, str, BaseException | None]:
    """What a command answered and said, and what it raised where that was no sentence."""
    from commands.main import main

    with tempfile.TemporaryDirectory() as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Path(made, "report.txt").write_text(REPORT, encoding="utf-8")
        Path(made, "provinces.csv").write_text(FORM, encoding="utf-8")
        figure = _a_figure(folder.with_name(folder.name.removesuffix("-copy")))
        given = ["--store", str(folder), *words.format(folder=made, figure=figure).split()]
        # The scheduler asks nobody: what it reads of the store is the question.
        alone = {"NUZUH_DISABLE": _others()} if words.startswith("serve") else {}
        done = CliRunner().invoke(main, given, env=alone)
        files = sorted(p for p in Path(made).rglob("*.csv") if p.name != "provinces.csv")
        out = done.stdout.replace(made, "").replace(str(folder), "the store")
        out += "".join(f.read_text() for f in files[:4])
        for packed in sorted(Path(made).glob("*.zip")):
            with zipfile.ZipFile(packed) as parts:
                out += str([(part.filename, part.CRC) for part in parts.infolist()])
    expected = done.exception is None or isinstance(done.exception, SystemExit)
    code = "" if done.exit_code == 0 else f"exit {done.exit_code}"
    return _steady(out), done.stderr + code, None if expected else done.exception


@cache
def _others() -> str:
    from pipelines.registry import SOURCES

    return ",".join(source.name for source in SOURCES if source.name != SOURCE)


@cache
def _a_figure(folder: Path) -> str:
    """The id of a figure; asked first while the store is whole."""
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
        return _steady(_address(name.format(copy=f"{SOURCE}/{copy}"))), None
    except Exception as error:  # noqa: BLE001 - that is what is counted
        return "", error


def _page(name: str) -> str:
    import streamlit as st
    from streamlit.testing.v1 import AppTest

    from data.store.mirror import stop_all

    st.cache_data.clear()
    st.cache_resource.clear()
    stop_all()
    with redirect_stderr(StringIO()), redirect_stdout(StringIO()):
        app = AppTest.from_file(str(settings.ROOT / "app.py"), default_timeout=1800)
        app.query_params["lang"] = "en"
        app.run()
        if name != "situation":
            app = app.switch_page(f"dashboard/pages/{name}.py").run()
    if app.exception:
        raise RuntimeError(app.exception[0].message)
    return " ".join(element.proto.body for element in app.get("html"))


def _address(path: str) -> str:
    from starlette.applications import Starlette

    from alerts import routes as alerts
    from api import routes as api
    from dashboard.server import routes
    from data.store.mirror import stop_all
    from editions import routes as editions

    stop_all()
    path, _, query = path.partition("?")
    app = Starlette(routes=[*editions.ROUTES, *alerts.ROUTES, *api.ROUTES, *routes.ROUTES])
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

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    body = b"".join(m.get("body", b"") for m in sent)
    return f"{sent[0]['status']} {body.decode(errors='replace')}"


def _clean(pristine: Path, asked: str, folder: Path) -> str:
    """What a command or a page says of the whole store, made once for all processes."""
    kept = pristine.with_name(f"clean-{sha256(asked.encode()).hexdigest()[:16]}")
    if not kept.exists():
        if asked in PAGES:
            text, problem = opened(asked, folder)
        else:
            text, _, problem = commanded(asked, _copied(folder))
        if problem is not None:
            raise problem
        kept.write_text(text, encoding="utf-8")
    return kept.read_text(encoding="utf-8")


def flipped(pristine: Path, folder: Path, numbers: range) -> Tally:
    """Flip one bit for each number, ask, and put the byte back."""
    tally, began = Tally(), perf_counter()
    if not folder.exists():
        shutil.copytree(pristine, folder)
    whole = _whole(folder)
    _a_figure(folder)
    for number in numbers:
        chance = random.Random(SEED + number)  # noqa: S311 - places on a disk, no secrets
        path = chance.choice(_files(folder))
        body = path.read_bytes()
        where, bit = chance.randrange(len(body)), chance.randrange(8)
        slow = _turn(SLOW, number + SLOW_EACH // 2, SLOW_EACH)
        long = _turn(LONG, number + LONG_EACH // 2, LONG_EACH)
        words = slow or long or _turn(COMMANDS, number, COMMAND_EACH)
        page = _turn(PAGES, number, PAGE_EACH)
        clean = "" if not words or words in SLOW else _clean(pristine, words, folder)
        clean_page = _clean(pristine, page, folder) if page else ""
        bent = bytearray(body)
        bent[where] ^= 1 << bit
        path.write_bytes(bent)
        intact.forget()
        place = f"{path.relative_to(folder)} byte {where} bit {bit}"
        tally.flips += 1
        tally.files[_kind(path.relative_to(folder))] += 1
        kind = path.relative_to(folder).parts[0]
        try:
            said, changed = judged(answers(folder, number, kind), whole(number))
        except Exception as error:  # noqa: BLE001 - that is what is counted
            tally.tracebacks.append(f"{place}: {type(error).__name__} {error}")
        else:
            tally.said += said
            tally.same += not said
            tally.silent += [f"{place}: {name}" for name in changed]
        if words:
            tally.asked[words.split()[0]] += 1
            _met(tally, place, words, clean, folder)
        if page:
            tally.asked[page] += 1
            shown, problem = opened(page, folder)
            if problem is not None:
                tally.tracebacks.append(f"{place}: page {page}: {problem!r}")
            elif shown != clean_page and not _says(shown):
                tally.silent.append(f"{place}: page {page}")
        path.write_bytes(body)
    tally.seconds = perf_counter() - began
    return tally


def _turn(of: tuple[str, ...], number: int, each: int) -> str:
    """Which one this flip meets; none for most."""
    return "" if number % each else of[number // each % len(of)]


def _met(tally: Tally, place: str, words: str, clean: str, folder: Path) -> None:
    """One command on the damaged store; one that writes, on a copy, which is then asked again."""
    writes = words.split()[0] in WRITING
    at = _copied(folder) if writes else folder
    out, err, problem = commanded(words, at)
    if problem is not None:
        tally.tracebacks.append(f"{place}: {words}: {problem!r}")
    elif out != clean and not _says(out + err):
        tally.silent.append(f"{place}: {words}")


def _says(text: str) -> bool:
    return any(word in text for word in SAID) or MENDED.search(text) is not None


def _copied(folder: Path) -> Path:
    """A copy of the store as it is now."""
    copy = folder.with_name(f"{folder.name}-copy")
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
def _whole(folder: Path) -> Callable[[int], dict[str, dict[str, Answer]]]:
    """The answers of the whole store by question, for each release that may be served."""
    store = Store(str(folder))
    kept = [info.id for info in store.releases()]
    known: dict[int, dict[str, dict[str, Answer]]] = {}

    def of(number: int) -> dict[str, dict[str, Answer]]:
        turn = number % 8
        if turn not in known:
            known[turn] = {
                release: {
                    name: ("is", ask(store.release(release)))
                    for name, ask in readings(store, number).items()
                }
                for release in kept
            }
        return known[turn]

    for turn in range(8):
        of(turn)
    return of


def _worker(pristine: Path, numbers: range) -> Tally:
    """A share of the flips, in a copy of its own that stays for the next share."""
    os.environ["NUZUH_PORT"] = "9"  # whatever else answers on this machine is not the question
    folder = pristine.with_name(f"copy-{os.getpid()}")
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
            _keep(known[part], _worker(pristine, part))
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            begun = {pool.submit(_worker, pristine, part): part for part in waiting}
            for done in as_completed(begun):
                if monotonic() > until:
                    pool.shutdown(cancel_futures=True)
                    break
                _keep(known[begun[done]], done.result())
                sys.stderr.write(f"{len(list(beside.glob('tally-*')))} of {len(parts)} shares\n")
    return sum((_kept(file) for file in known.values() if file.exists()), Tally())


def _keep(file: Path, tally: Tally) -> None:
    file.write_text(json.dumps(vars(tally)))


def _kept(file: Path) -> Tally:
    told = json.loads(file.read_text())
    counted = {name: Counter(told[name]) for name in ("files", "asked")}
    return Tally(**(told | counted))


def told(tally: Tally) -> Iterator[str]:
    """The tally as lines of docs/reliability.md."""
    yield "| what | count |"
    yield "|---|--:|"
    yield f"| single bits flipped, over every file of a store | {tally.flips:,} |"
    yield f"| … told in a sentence, with the release before where there is one | {tally.said:,} |"
    yield f"| … read by no answer (earlier releases, heads of gzip) | {tally.same:,} |"
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
    lines = list(told(tally))
    sys.stdout.write("\n".join([*lines, *tally.silent[:20], *tally.tracebacks[:20], ""]))
    sys.stdout.write(f"{tally.seconds:.0f} s\n")
    if given.docs:
        reliability.write("flips", lines)
    sys.exit(bool(tally.silent or tally.tracebacks))


if __name__ == "__main__":
    # Under its own name: a page that is opened in a worker takes the place of `__main__` there.
    from bench.flips import main as begin

    begin()
