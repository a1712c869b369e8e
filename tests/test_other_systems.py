"""Most office laptops run Windows: what would break there, as far as it shows on this system."""

import os
import shutil
import subprocess
import sys
from pathlib import Path, PureWindowsPath

import pytest

import start
from commands.main import main
from dashboard.session import subprocess_cli
from data.publication import atomic_write
from data.settings import ROOT
from data.store import objects

POSIX_ONLY = ("fcntl", "pwd", "grp", "resource", "termios", "pty", "tty", "syslog")
CODE = ("data", "pipelines", "surges", "visuals", "editions", "alerts", "api", "commands")
PACKAGES = (*CODE, "dashboard")
EVERY_MODULE = f"""
import importlib, pkgutil, sys, warnings
warnings.simplefilter("ignore")
import mcp.server.stdio  # it asks for the system's name before it asks for these
for name in {POSIX_ONLY}:
    sys.modules[name] = None
for top in {PACKAGES}:
    package = importlib.import_module(top)
    for found in pkgutil.walk_packages(package.__path__, top + "."):
        if not found.name.startswith("dashboard.pages") and not found.name.endswith("__main__"):
            importlib.import_module(found.name)
"""
RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{n}{i}" for n in ("COM", "LPT") for i in range(1, 10))}


def fits_windows(name: str) -> bool:
    """Whether Windows would take this path, below a folder of a hundred letters."""
    parts = PureWindowsPath(name).parts
    return (
        len(name) < 150
        and not any(set(part) & set('<>:"|?*\\') or part[-1] in ". " for part in parts)
        and not any(part.split(".")[0].upper() in RESERVED for part in parts)
    )


@pytest.mark.wide
def test_every_module_loads_where_there_is_nothing_of_posix():
    done = subprocess.run(
        [sys.executable, "-c", EVERY_MODULE], cwd=ROOT, capture_output=True, text=True, timeout=180
    )
    assert done.returncode == 0, done.stderr[-800:]


def test_every_file_of_a_store_has_a_name_that_windows_takes(tmp_path):
    """A colon in a release's name would make the store unreadable, or a hidden stream of NTFS."""
    with pytest.raises(SystemExit) as ended:
        main(["--store", str(tmp_path / "store"), "run", "published_figures"])
    assert not ended.value.code
    names = [p.relative_to(tmp_path).as_posix() for p in (tmp_path / "store").rglob("*")]
    assert len(names) > 10
    assert [name for name in names if not fits_windows(name)] == []
    assert len({name.lower() for name in names}) == len(names)


def test_every_file_of_the_project_has_a_name_that_windows_takes():
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout")
    listed = subprocess.run([git, "ls-files"], cwd=ROOT, capture_output=True, text=True)
    names = listed.stdout.splitlines()
    assert [name for name in names if not fits_windows(name)] == []
    assert len({name.lower() for name in names}) == len(names)


def test_windows_flushes_files_and_no_folders(tmp_path, monkeypatch):
    """It opens no folder; a publish must not end there."""
    monkeypatch.setattr(objects, "WINDOWS", True)
    flushed = []
    monkeypatch.setattr(os, "fsync", flushed.append)
    (tmp_path / "file").write_bytes(b"x")
    objects._flush(tmp_path)
    objects._flush(tmp_path / "file")
    assert len(flushed) == 1


POSIX_CALLS = ("geteuid", "getegid", "chown", "killpg")


def test_a_file_is_written_over_another_where_nobody_owns_files(tmp_path, monkeypatch):
    for name in POSIX_CALLS:
        monkeypatch.delattr(os, name)
    atomic_write.write(tmp_path / "figures.csv", b"first")
    atomic_write.write(tmp_path / "figures.csv", b"second")
    assert (tmp_path / "figures.csv").read_bytes() == b"second"


def test_a_command_that_is_late_is_ended_where_there_are_no_groups_of_processes(monkeypatch):
    """A text whose reading hangs would hold the page for ever."""
    for name in POSIX_CALLS:
        monkeypatch.delattr(os, name)
    assert subprocess_cli._piped(("check", "-"), b"1", 0.01) == (None, b"", b"")


def test_start_says_what_it_can_do_and_stops_on_an_old_python(monkeypatch, capsys):
    assert start.main([]) == 2
    assert "start.py run" in capsys.readouterr().err
    monkeypatch.setattr(sys, "version_info", (3, 10, 1))
    assert start.main(["run"]) == 1
    assert "needs Python 3.11 or newer" in capsys.readouterr().err


def test_start_needs_nothing_that_is_not_installed_yet():
    """It runs before anything is: with the standard library alone, on an isolated interpreter."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(ROOT / "start.py")], capture_output=True, timeout=30
    )
    assert done.returncode == 2
    assert b"start.py test" in done.stderr


def test_a_failed_set_up_names_its_log(tmp_path, monkeypatch, capsys):
    """A newcomer without an index reads one sentence, not a traceback."""
    monkeypatch.setattr(start, "READY", tmp_path / ".ready")
    monkeypatch.setattr(start, "LOG", ROOT / ".venv" / "setup-test.log")
    monkeypatch.setattr(start, "_steps", lambda: [[sys.executable, "-c", "raise SystemExit(3)"]])
    assert start.setup() == 1
    assert "PIP_INDEX_URL" in capsys.readouterr().err
    assert not (tmp_path / ".ready").exists()
    Path(ROOT / ".venv" / "setup-test.log").unlink()


@pytest.mark.parametrize(("types", "tests", "expected"), [(0, 0, 0), (1, 0, 1), (0, 2, 2)])
def test_a_fault_found_beside_the_tests_is_read_below_them(
    monkeypatch, capfd, types, tests, expected
):
    """Who runs `make test` must not take it for passed, nor look for the fault above the dots."""
    monkeypatch.setattr(start, "setup", lambda: 0)
    monkeypatch.setattr(start, "_script", lambda name: sys.executable)
    monkeypatch.setattr(start, "QUICK", ())
    found = "import sys; print('a wrong type', file=sys.stderr); raise SystemExit({})"
    monkeypatch.setattr(start, "SLOW", ("mypy", "-c", found.format(types)))
    outcome = "print('a test'); raise SystemExit({})"
    monkeypatch.setattr(start, "TESTS", ("pytest", "-c", outcome.format(tests)))
    assert start.test() == expected
    assert capfd.readouterr().out.split("\n") == ["a test", "a wrong type", ""]


def test_a_fault_of_style_is_said_before_anything_long_is_begun(monkeypatch, capfd):
    monkeypatch.setattr(start, "setup", lambda: 0)
    monkeypatch.setattr(start, "_script", lambda name: sys.executable)
    monkeypatch.setattr(start, "QUICK", (("ruff", "-c", "raise SystemExit(3)"),))
    monkeypatch.setattr(start, "TESTS", ("pytest", "-c", "print('a test')"))
    assert start.test() == 3
    assert capfd.readouterr().out == ""


def test_the_makefile_calls_start_and_nothing_else():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    for word in ("run", "check", "test", "setup"):
        assert f"@$(START) {word}\n" in text
