"""The project's command line in a process of its own, for what a page may not do itself.

Pages read the store; publishing is the pipelines', and they know nothing of pages. What an
administrator does is therefore a command that a person could have typed, with the same checks and
sentences, ended after a time, bounded in its memory, and with an answer no longer than a page can
show: whoever brings a file that fills all there is takes nobody else's page along.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Any, Final, Literal

from data.process_limits import bound_memory

READ_TIMEOUT: Final = 120.0
"""Seconds for what changes nothing."""
WRITE_TIMEOUT: Final = 600.0
"""Seconds for what publishes or sends."""
LONGEST: Final = 4_000_000
"""Bytes of an answer."""
LONGEST_PIPED: Final = 30_000_000
"""The same where the answer repeats a document that was given."""
MESSAGE_LENGTH: Final = 1_000
"""Characters of a sentence that a page repeats."""
AT_ONCE: Final = 2
PATIENCE: Final = 20.0
"""Seconds that one deed waits for the others."""
KILL_GRACE: Final = 5.0
UNTOLD: Final = ("NUZUH_SIGN_IN_SECRET",)
"""What a command has no use for."""
UNSAID: Final = "It needed more memory than a page may give it; bring it in parts."
_NAME: Final = re.compile(r"[^\w.()\[\] -]")
_LONGEST_NAME: Final = 180
"""Bytes: a folder takes no name above 255."""
_turns: Final = BoundedSemaphore(AT_ONCE)

Trouble = Literal["late", "busy", "refused"]


@dataclass(frozen=True)
class CliResult:
    """What a command answered.

    Attributes:
        found: Its JSON; empty where it printed none.
        trouble: Why there is no answer: ended after its time, too many at once, or refused.
        sentence: Its message, in English as on the command line; without a path of ours.
        body: What it printed, where that is no JSON.
    """

    found: dict[str, Any] = field(default_factory=dict)
    trouble: Trouble | None = None
    sentence: str = ""
    body: bytes = field(default=b"", repr=False)


def run(
    *words: str, seconds: float, hidden: Path | None = None, given: bytes | None = None
) -> CliResult:
    """Run `nuzuh` with those words under the settings of this process.

    Args:
        words: The command and its options; a text of a person's goes in as `--name=text`.
        seconds: It is ended after so long.
        hidden: A folder whose name no sentence repeats.
        given: What the command reads from a pipe. Then nothing touches a disk: the answer, which
            may repeat it, comes back by a pipe too.
    """
    if not _turns.acquire(timeout=PATIENCE):
        return CliResult(trouble="busy")
    try:
        if given is not None:
            code, body, output = _piped(words, given, seconds)
            text = output.decode("utf-8", "replace")
        else:
            with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
                code = _ended(words, out, err, seconds)
                body, text = _read(out, LONGEST), _read(err, LONGEST).decode("utf-8", "replace")
    finally:
        _turns.release()
    if code is None:
        return CliResult(trouble="late")
    found = _json(body)
    if code and not found:
        ended = UNSAID if code < 0 else ""  # by the system, in the middle of a word
        return CliResult(trouble="refused", sentence=ended or _sentence(text, hidden))
    return CliResult(found=found, body=b"" if found else body)


def _piped(words: tuple[str, ...], given: bytes, seconds: float) -> tuple[int | None, bytes, bytes]:
    """Exit code, answer and errors of a command that is given something by a pipe."""
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "pipelines", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(),
        start_new_session=True,
    ) as process:
        bound_memory(process)
        try:
            body, output = process.communicate(given, seconds)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                _kill(process)
            process.communicate()
            return None, b"", b""
        return process.returncode, body if len(body) <= LONGEST_PIPED else b"", output[:LONGEST]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in UNTOLD}


def _ended(words: tuple[str, ...], out: IO[bytes], err: IO[bytes], seconds: float) -> int | None:
    """The command's exit code; None where it did not end in time and was ended."""
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "pipelines", *words],
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=err,
        env=_environment(),
        start_new_session=True,
    ) as process:
        bound_memory(process)
        for deadline, end in ((seconds, _ask_to_end), (KILL_GRACE, _kill)):
            try:
                code = process.wait(deadline)
            except subprocess.TimeoutExpired:
                # Whatever it was doing, the store is whole: a publish is one step.
                with suppress(ProcessLookupError):
                    end(process)
            else:
                return code if end is _ask_to_end else None
        process.wait()
    return None


def _ask_to_end(process: subprocess.Popen[bytes]) -> None:
    """Let it and its children put away what they hold; Windows knows no such wish."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGTERM)
    else:
        process.terminate()


def _kill(process: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def _read(file: IO[bytes], most: int) -> bytes:
    file.seek(0)
    body = file.read(most + 1)
    return b"" if len(body) > most else body


def _json(body: bytes) -> dict[str, Any]:
    with suppress(ValueError):
        found = json.loads(body)
        if isinstance(found, dict):
            return found
    return {}


def _sentence(text: str, hidden: Path | None) -> str:
    """The command's last line, which is its error; a traceback's last line tells its kind alone."""
    if hidden is not None:
        text = text.replace(f"{hidden}{os.sep}", "").replace(str(hidden), "")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return ""
    sentence = " ".join(lines) if lines[0].startswith("Error: ") else lines[-1]
    return sentence.removeprefix("Error: ")[:MESSAGE_LENGTH]


@contextmanager
def on_disk(name: str, body: bytes) -> Iterator[Path]:
    """A file that somebody brought, for the time of one command, readable by nobody else.

    Its name is kept as far as it is one, since sources read it; whatever could lead elsewhere goes.
    """
    with tempfile.TemporaryDirectory(prefix="nuzuh-brought-") as folder:
        path = Path(folder) / tidy(name)
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(body)
        yield path


def tidy(name: str) -> str:
    """A file's name without any way to another folder."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = _NAME.sub("_", last).lstrip(".- ")
    stem, dot, ending = plain.rpartition(".")
    kept = (stem or "file").encode()[:_LONGEST_NAME].decode(errors="ignore")
    return f"{kept}{dot}{ending[:10]}"
