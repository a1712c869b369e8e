"""`python -m dashboard`: serve the app, after a look at the port."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from data import settings

APP = Path(__file__).resolve().parent.parent / "app.py"
SPARING: Final = {"MALLOC_ARENA_MAX": "2", "ARROW_DEFAULT_MEMORY_POOL": "system"}
"""Give memory that pages no longer need back to the system, unless an office says otherwise.

Else each of Streamlit's threads keeps an arena of its own, and Arrow a pool beside it
(docs/speed.md).
"""


def port_is_free(port: int) -> bool:
    """Whether this machine would let the app listen on `port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def main() -> int:  # noqa: RET503 - the last line never returns
    """Replace this process by Streamlit; 1 and one sentence where that cannot work."""
    try:
        given = settings.load()
        if given.sign_in:
            # Streamlit is loaded for it, which is why an office without does not ask.
            from dashboard.server import signin

            signin.config_of(given)
    except settings.BadConfiguration as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    port = given.port
    if not port_is_free(port):
        sys.stderr.write(
            f"Port {port} is taken on this machine; stop what uses it, "
            f"or choose another: NUZUH_PORT={port + 1} make run\n"
        )
        return 1
    # Named, so that Streamlit does not ask another host which address this machine has.
    host = urlsplit(given.address).hostname or "localhost"
    command = [sys.executable, "-m", "streamlit", "run", str(APP)]
    command += [f"--server.port={port}", f"--browser.serverAddress={host}"]
    sys.stdout.write(f"Nuzuh is at http://127.0.0.1:{port} (Ctrl+C stops it)\n")
    sys.stdout.flush()
    os.chdir(APP.parent)
    for name, value in SPARING.items():
        os.environ.setdefault(name, value)
    if os.name == "nt":
        # No exec there: the console would come back while the dashboard still runs.
        return subprocess.run(command, check=False).returncode  # noqa: S603
    os.execv(command[0], command)  # noqa: S606 - our own interpreter, fixed words


if __name__ == "__main__":
    sys.exit(main())
