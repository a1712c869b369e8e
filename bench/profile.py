"""`make profile SUBJECT=…`: where the time of one act goes, as a flame graph and the dearest calls.

The subjects are what people wait for: `refresh`, `page` (or `page:map`), `edition` (or
`edition:ar`), and any command line (`"command:figures --place SY07"`). Each runs once in this
process, on the store of the carried figures, under pyinstrument, which looks a thousand times a
second and so slows little down. The graph is one HTML file without anything from outside.
"""

import argparse
import os
import shlex
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, redirect_stdout
from functools import partial
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

from pyinstrument import Profiler
from pyinstrument.frame import Frame
from pyinstrument.renderers.html import HTMLRenderer
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.testing.v1 import AppTest

from bench import content as contents
from bench import refresh
from data import settings
from data.gazetteer import area
from data.settings import ROOT
from data.store import Store
from pipelines import registry

DEAREST = 10
INTERVAL = 0.001
Act = Callable[[Profiler], object]
"""What is measured, between the profiler's start and its end."""


def main() -> int:
    """Profile one subject, print its dearest calls and say where the graph lies."""
    asked = argparse.ArgumentParser(prog="python -m bench.profile", description=__doc__)
    asked.add_argument("subject", help="refresh, page[:NAME], edition[:LANG], command:WORDS")
    asked.add_argument("-o", "--output", type=Path, default=ROOT / "artifacts" / "profile.html")
    given = asked.parse_args()
    kind, _, detail = given.subject.partition(":")
    if kind not in SUBJECTS:
        asked.error(f"There is no {kind}; choose of {', '.join(SUBJECTS)}.")
    profiler = Profiler(interval=INTERVAL, async_mode="disabled")
    with SUBJECTS[kind](detail) as act:
        act(profiler)
    given.output.parent.mkdir(parents=True, exist_ok=True)
    given.output.write_text(profiler.output(HTMLRenderer(timeline=False)), encoding="utf-8")
    session = profiler.last_session
    root = session.root_frame() if session else None
    if session is None or root is None:
        print("It was over before anything could be measured.")
        return 1
    print(f"{given.subject}: {session.duration:.2f} s, {session.cpu_time:.2f} s of processor")
    for line in dearest(root):
        print(line)
    print(f"The flame graph: {given.output}")
    return 0


def dearest(root: Frame) -> list[str]:
    """A line for each of the calls with most time of their own: seconds, share, where."""
    alone: Counter[str] = Counter()
    waiting = [root]
    while waiting:
        frame = waiting.pop()
        waiting += frame.children
        owner = frame.parent if frame.is_synthetic and frame.parent else frame
        path = owner.file_path_short or "built in"
        alone[f"{owner.function}  {path}:{owner.line_no or 0}"] += frame.absorbed_time + max(
            0.0, frame.time - frame.absorbed_time - sum(child.time for child in frame.children)
        )
    return [
        f"{seconds:8.3f} s {seconds / root.time:5.0%}  {where}"
        for where, seconds in alone.most_common(DEAREST)
    ]


@contextmanager
def _refresh(_detail: str) -> Iterator[Act]:
    """A refresh in which one number of each source changed."""
    sources = [source for source in registry.SOURCES if source.name in refresh.NAMES]
    with refresh.publishers() as urls, tempfile.TemporaryDirectory() as folder:
        context = refresh.office(Path(folder), urls)
        changed = [refresh.with_one_number_changed(source, context) for source in sources]
        refresh.run(sources, context, "published")
        yield _alone(lambda: refresh.run(changed, context, "published"))


@contextmanager
def _page(name: str) -> Iterator[Act]:
    """A page as a browser asks for it, its modules loaded and the first page opened before."""
    with _carried():
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        app.query_params["lang"] = "en"
        app.run()
        if name:
            app.switch_page(f"dashboard/pages/{name}.py")
        yield partial(_in_its_thread, app)


def _in_its_thread(app: AppTest, profiler: Profiler) -> None:
    """Run the page's script with the profiler in the thread that Streamlit runs it in."""
    run = ScriptRunner._run_script

    def profiled(self: ScriptRunner, asked: Any) -> None:
        with profiler:
            run(self, asked)

    ScriptRunner._run_script = profiled  # type: ignore[method-assign]
    try:
        app.run()
    finally:
        ScriptRunner._run_script = run  # type: ignore[method-assign]


@contextmanager
def _edition(language: str) -> Iterator[Act]:
    """The light edition in one language, all pages."""
    from editions import light
    from editions.content import gather

    with _carried() as store:
        release = store.current()
        content = gather(release, area.load(settings.load().area), None)
        yield _alone(lambda: dict(light.files(content, (language or "en",))))


@contextmanager
def _command(words: str) -> Iterator[Act]:
    """A command, with what it imports, as `nuzuh` runs it."""

    def run() -> None:
        from commands.entry import main as nuzuh

        with redirect_stdout(TextIOWrapper(BytesIO())):
            try:
                nuzuh(args=shlex.split(words), prog_name="nuzuh")
            except SystemExit as ended:
                if ended.code not in (0, None):
                    raise

    with _carried():
        yield _alone(run)


def _alone(task: Callable[[], object]) -> Act:
    """The task as it is, between the profiler's start and end."""

    def act(profiler: Profiler) -> None:
        with profiler:
            task()

    return act


@contextmanager
def _carried() -> Iterator[Store]:
    """A store with the carried figures, which the settings of this process name."""
    before = os.environ.get("NUZUH_STORE")
    with tempfile.TemporaryDirectory() as folder:
        made = contents.carried(Path(folder))
        os.environ["NUZUH_STORE"] = folder
        try:
            yield made
        finally:
            os.environ.pop("NUZUH_STORE")
            if before is not None:
                os.environ["NUZUH_STORE"] = before


SUBJECTS: dict[str, Callable[[str], AbstractContextManager[Act]]] = {
    "refresh": _refresh,
    "page": _page,
    "edition": _edition,
    "command": _command,
}

if __name__ == "__main__":
    sys.exit(main())
