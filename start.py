"""Set Nuzuh up, serve it or test it, wherever there is Python 3.11 or newer.

    python start.py run      serve the dashboard at http://127.0.0.1:8501
    python start.py check    run the checks alone: style, types, import contracts
    python start.py test     run the checks and the tests
    python start.py test-all the same at every width, in every theme and with every repetition
    python start.py setup    only set up (the environment is .venv)

`make` has the same commands and calls it. Standard library only: it runs before anything is
installed. An office with its own package mirror sets PIP_INDEX_URL once.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
READY = VENV / ".ready"
LOG = VENV / "setup.log"
DEPENDS_ON = ("requirements.lock", "requirements-setup.lock", "pyproject.toml")
# Compiled once here: where Python may not write later, every start would compile them again.
COMPILED = (
    "import dashboard.shell.navigation, editions.brief, editions.pdf, editions.word, "
    "pipelines.run.run, surges.situation"
)
QUICK = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("lint-imports",))
SLOW = ("mypy", "-n", "2")
TESTS = ("pytest", "-q", "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder")


def main(words: list) -> int:
    """Run one of the commands; its exit code."""
    commands = {"run": run, "check": check, "test": test, "test-all": test_all, "setup": setup}
    if len(words) != 1 or words[0] not in commands:
        sys.stderr.write(__doc__ or "")
        return 2
    if sys.version_info < (3, 11):  # noqa: UP036 - an older one is what a newcomer may have
        return _failed(
            f"Nuzuh needs Python 3.11 or newer, and {sys.executable} is {sys.version.split()[0]}; "
            "install a newer one, or name it: python3.12 start.py, make PYTHON=python3.12."
        )
    os.chdir(ROOT)
    return commands[words[0]]()


def setup() -> int:
    """Bring the environment to what the locks say, where it is not there already."""
    if _is_ready():
        return 0
    if (
        not PYTHON.exists()
        and subprocess.run(
            [sys.executable, "-m", "venv", str(VENV)], capture_output=True, check=False
        ).returncode
    ):
        return _failed(
            f"{sys.executable} cannot make a virtual environment; install its venv package "
            "(on Debian: apt install python3-venv) and try again."
        )
    with LOG.open("wb") as log:
        for step in _steps():
            done = subprocess.run(step, stdout=log, stderr=log, env=_environment(), check=False)
            if done.returncode:
                return _failed(
                    "The packages could not be installed; check that the package index can be "
                    f"reached (a mirror: PIP_INDEX_URL) and see {LOG.relative_to(ROOT)}."
                )
    READY.touch()
    return 0


def run() -> int:
    """Publish what is carried along, then serve the dashboard until it is stopped."""
    if code := setup():
        return code
    if subprocess.run(
        [PYTHON, "-m", "pipelines", "run", "published_figures"], check=False
    ).returncode:
        sys.stdout.write(
            "The carried figures could not be published; serving what the store has.\n"
        )
        sys.stdout.flush()
    return _become("-m", "dashboard")


def test_all() -> int:
    """Run `test` with the wide tests: every width, theme and repetition."""
    os.environ["NUZUH_TESTS"] = "all"
    return test()


def check() -> int:
    """Run the checks; stop at the first that fails."""
    return setup() or _all(*QUICK, SLOW)


def test() -> int:
    """Run the checks and the tests.

    Types are looked at while the tests run, which wait now and then; what was found is said below
    their outcome.
    """
    if code := setup() or _all(*QUICK):
        return code
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            _command(*SLOW), env=_environment(), stdout=said, stderr=subprocess.STDOUT
        ) as checking,
    ):
        try:
            tested = _all(TESTS)
            checked = checking.wait()
        except BaseException:
            checking.kill()
            raise
        said.seek(0)
        sys.stdout.write(said.read().decode(errors="replace"))
        sys.stdout.flush()
    return tested or checked


def _all(*commands: tuple) -> int:
    for words in commands:
        if code := subprocess.run(_command(*words), env=_environment(), check=False).returncode:
            return code
    return 0


def _command(name: str, *words: str) -> list:
    return [_script(name), *words]


def _is_ready() -> bool:
    if not READY.exists():
        return False
    made = READY.stat().st_mtime
    return all((ROOT / name).stat().st_mtime <= made for name in DEPENDS_ON)


def _steps() -> list:
    """The commands of a set-up, in order."""
    uv, to = _script("uv"), ("--python", str(PYTHON))
    pip = (PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check")
    ourselves = ("--no-deps", "--no-build-isolation", "--no-index", "-e", ".")
    return [
        [*pip, "--require-hashes", "-r", "requirements-setup.lock"],
        [uv, "pip", "sync", "-q", *to, "--require-hashes", "requirements.lock"],
        [uv, "pip", "install", "-q", *to, *ourselves],
        [PYTHON, "-m", "dashboard.theme.fonts.build"],
        [PYTHON, "-c", COMPILED],
    ]


def _environment() -> dict:
    """Settings of pip, passed to uv too; certificates are those of the machine."""
    given = dict(os.environ)
    given.pop("PYTHONDONTWRITEBYTECODE", None)
    given.setdefault("UV_SYSTEM_CERTS", "1")
    given.setdefault("UV_LINK_MODE", "copy")
    if given.get("PIP_INDEX_URL"):
        given.setdefault("UV_DEFAULT_INDEX", given["PIP_INDEX_URL"])
    return given


def _script(name: str) -> Path:
    return BIN / (f"{name}.exe" if os.name == "nt" else name)


def _become(*words: str) -> int:
    """Go on as our own interpreter with these words.

    Windows knows no exec: the console would come back while the dashboard still runs.
    """
    if os.name != "nt":
        os.execv(PYTHON, [str(PYTHON), *words])
    try:
        return subprocess.run([PYTHON, *words], check=False).returncode
    except KeyboardInterrupt:
        return 0


def _failed(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
