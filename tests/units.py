"""Runs a systemd unit of `deploy/` as it is written, where nobody booted systemd.

Of a unit are kept: its user's rights as far as a mount namespace gives them (everything read-only
but its State- and CacheDirectory, a /tmp of its own, no capabilities), its filter of system calls
where the machine has systemd's tools, environment, working folder and command. Not kept: `User=`
and `ProtectHome=`.
"""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.settings import ROOT
from tests import system_calls

DEPLOY = ROOT / "deploy"
MACHINE = (
    "mount -t tmpfs tmpfs /opt && mkdir /opt/nuzuh && mount --bind {root} /opt/nuzuh"
    " && mount --bind {lib} /var/lib && mount --bind {cache} /var/cache"
)
"""A machine on which this checkout lies where docs/deploy.md puts it."""
STRICT = "for at in /opt/nuzuh /var/lib /var/cache /; do mount -o remount,bind,ro $at; done"
PRIVILEGES = "setpriv --no-new-privs --bounding-set=-all --inh-caps=-all"


def can_be_run() -> bool:
    """Whether this machine lets anybody make a mount namespace."""
    if not (shutil.which("unshare") and shutil.which("setpriv")):
        return False
    words = apart(f"mount -t tmpfs tmpfs /opt && {PRIVILEGES} true")
    return subprocess.run(words, check=False, capture_output=True, timeout=30).returncode == 0


def apart(script: str) -> list[str]:
    """What runs a shell's script in a mount namespace of its own."""
    return ["unshare", "--mount", "sh", "-ec", script]


def read(name: str) -> dict[str, list[str]]:
    """The values of each key of a unit's section [Service], in order."""
    found: dict[str, list[str]] = {}
    section = ""
    for line in (DEPLOY / f"{name}.service").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line
        elif section == "[Service]" and "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def command(name: str, machine: Path, words: list[str] | None = None) -> list[str]:
    """What starts the unit's command, or other words in its place, on a machine.

    Args:
        name: Of the unit, without its ending.
        machine: A folder that holds the machine's /var/lib and /var/cache.
        words: Instead of `ExecStart=`.
    """
    unit = read(name)
    assert unit["ProtectSystem"] == ["strict"]
    lib, cache = machine / "lib", machine / "cache"
    for folder in (lib, cache):
        folder.mkdir(exist_ok=True)
    writes = [f"/var/lib/{one}" for one in unit.get("StateDirectory", [])]
    writes += [f"/var/cache/{one}" for one in unit.get("CacheDirectory", [])]
    own = [f"mkdir -p {at} && mount --bind {at} {at}" for at in writes]
    steps = [
        MACHINE.format(root=shlex.quote(str(ROOT)), lib=lib, cache=cache),
        *own,
        STRICT,
        "mount -t tmpfs tmpfs /tmp",
        *_beside_tmp(),
        f"umask {unit['UMask'][0]}",
        f"cd {unit['WorkingDirectory'][0]}",
        f"exec {PRIVILEGES} {_filter(unit)} {shlex.join(words) if words else unit['ExecStart'][0]}",
    ]
    return apart(" && ".join(steps))


def _filter(unit: dict[str, list[str]]) -> str:
    """What starts a command under the unit's filter of system calls, if that can be had."""
    if not system_calls.can_be_filtered():
        return ""
    refused = unit.get("SystemCallErrorNumber", [""])[0]
    words = [sys.executable, "/opt/nuzuh/tests/system_calls.py", refused, *unit["SystemCallFilter"]]
    return shlex.join([*words, "--"])


def _beside_tmp() -> list[str]:
    """A checkout below /tmp, which no office has, is found there by its environment's programs."""
    if Path("/tmp") not in ROOT.parents:  # noqa: S108 - only looked at
        return []
    root = shlex.quote(str(ROOT))
    return [f"mkdir -p {root}", f"mount --bind /opt/nuzuh {root}"]


def environment(name: str, **more: str) -> dict[str, str]:
    """What the unit's command finds in its environment, and what /etc/nuzuh.env adds."""
    given = [pair for line in read(name)["Environment"] for pair in line.split()]
    kept = {n: v for n, v in os.environ.items() if not n.startswith("NUZUH_") and n != "HOME"}
    return kept | dict(pair.split("=", 1) for pair in given) | more


@contextmanager
def running(name: str, machine: Path, **more: str) -> Iterator["subprocess.Popen[bytes]"]:
    """The unit as a process, stopped as `systemctl stop` does; its log is `machine/NAME.log`."""
    with (
        (machine / f"{name}.log").open("wb") as log,
        subprocess.Popen(
            command(name, machine), env=environment(name, **more), stdout=log, stderr=log
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)
