"""Runs a program under a unit's `SystemCallFilter=`, where nobody booted systemd.

    python tests/system_calls.py EPERM @system-service ~@privileged -- PROGRAM WORDS

Standard library, `systemd-analyze` for what a group holds, and libseccomp.
"""

import ctypes
import errno
import os
import shutil
import subprocess
import sys
from ctypes.util import find_library

ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000


def can_be_filtered() -> bool:
    """Whether this machine knows systemd's groups of calls and can filter."""
    return bool(shutil.which("systemd-analyze") and find_library("seccomp"))


def calls(group: str) -> set[str]:
    """The system calls of a group, and of the groups in it."""
    if not group.startswith("@"):
        return {group}
    listed = subprocess.run(
        ["systemd-analyze", "syscall-filter", group],  # noqa: S607 - wherever it lies
        check=True,
        capture_output=True,
        text=True,
    )
    names = (line.strip() for line in listed.stdout.splitlines()[1:])
    return {call for name in names if name[:1] not in ("", "#") for call in calls(name)}


def filtered(refused: str, filters: list[str]) -> None:
    """Let this process, and what it becomes, make no other calls from now on."""
    allowed = calls("@default")
    for one in filters:
        allowed = allowed - calls(one[1:]) if one[0] == "~" else allowed | calls(one)
    library = ctypes.CDLL(find_library("seccomp"))
    library.seccomp_init.restype = ctypes.c_void_p
    held = ctypes.c_void_p(
        library.seccomp_init(REFUSE | getattr(errno, refused) if refused else KILL)
    )
    for name in sorted(allowed):
        number = library.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:  # a call of this machine's kind of processor
            library.seccomp_rule_add(held, ctypes.c_uint32(ALLOW), number, 0)
    if library.seccomp_load(held):
        sys.exit("The filter of system calls could not be set.")


if __name__ == "__main__":
    at = sys.argv.index("--")
    filtered(sys.argv[1], sys.argv[2:at])
    os.execvp(sys.argv[at + 1], sys.argv[at + 1 :])  # noqa: S606 - what the test names
