"""Ctrl-C at any moment ends a command without a traceback, and leaves the store whole."""

import os
import signal
import subprocess
import sys
import time

import pytest

from data.settings import ROOT
from tests import carried

WAITS = (0.35, 0.9, 2.0)
"""Seconds after the start: while it is loaded, while it reads the store, while it works. Python's
own start, before `commands/entry.py`, is not ours to quieten."""

ENDLESS = "select max(hash(i)) from range(100000000000) t(i)"

NOT_WINDOWS = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no such signal for others"
)


@pytest.fixture(autouse=True, scope="module")
def heard():
    """Started in the background of a script, tests would hand on that Ctrl-C is not heard."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return carried.publish(tmp_path_factory.mktemp("ctrl-c") / "store")


@NOT_WINDOWS
@pytest.mark.parametrize(
    "command",
    [
        ("run", "published_figures"),
        ("replay", "published_figures"),
        ("verify",),
        ("export", "--to", "exported"),
        ("edition", "--out", "edition"),
        ("serve", "--once"),
    ],
    ids=lambda command: command[0],
)
def test_ctrl_c_ends_a_command_in_silence(store, tmp_path, command):
    for wait in WAITS:
        process = subprocess.Popen(
            [sys.executable, "-m", "pipelines", "--store", store.address, *command],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        time.sleep(wait)
        over = process.poll() is not None
        if not over:
            os.killpg(process.pid, signal.SIGINT)
        printed, said = process.communicate(timeout=30)
        ours = "entry.py" in said
        assert not (ours and "Traceback" in said), (wait, said)
        # One that had printed what it found was over when the signal came; `export` prints before.
        over = over or (bool(printed) and command[0] != "export")
        if not over and command[0] != "serve":
            assert process.returncode != 0, "a script must not go on"
    assert store.current().warning is None


def run_code(code, folder):
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@NOT_WINDOWS
def test_ctrl_c_while_a_module_is_being_loaded_ends_at_once(tmp_path):
    """A compiled module takes an exception within its beginning for a fault of its own."""
    module = "import signal\nsignal.raise_signal(signal.SIGINT)\n"
    (tmp_path / "half_loaded.py").write_text(module, encoding="utf-8")
    code = (
        "import commands.main\n"
        "def run():\n    import half_loaded\n"
        "commands.main.main = run\n"
        "from commands.entry import main\nmain()\n"
    )
    done = run_code(code, tmp_path)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")


@NOT_WINDOWS
def test_ctrl_c_ends_a_question_to_a_great_store(store, tmp_path):
    """DuckDB hears no signal while it waits for its own threads: such a question once ran on."""
    code = (
        "import os, signal, threading, click, commands.main\n"
        "from data.store import Store\n"
        "@click.command()\ndef run():\n"
        f"    release = Store({store.address!r}).current()\n"
        "    stop = lambda: os.kill(os.getpid(), signal.SIGINT)\n"
        "    threading.Timer(1, stop).start()\n"
        f"    release.sql({ENDLESS!r}, [])\n"
        "commands.main.main = run\n"
        "from commands.entry import main\nmain()\n"
    )
    done = run_code(code, tmp_path)
    assert (done.returncode, done.stderr.strip()) == (1, "Aborted!")
