"""A PostgreSQL of its own in a temporary folder, on 127.0.0.1, gone with the tests."""

import os
import pwd
import random
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

USER, DATABASE = "dagster", "dagster"
PASSWORD = "pg-password-that-must-stand-nowhere"  # noqa: S105 - of a server that lives for a test
PEOPLE = ("postgres", "nobody")
"""Accounts to run it as, where the tests run as root, which PostgreSQL refuses."""


def binaries() -> Path | None:
    """The folder with initdb and postgres; None where PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    named = shutil.which("initdb")
    path = found[-1] if found else Path(named).resolve() if named else None
    return path.parent if path else None


def free_port() -> int:
    """A port that nobody listens on, below those that the system gives to whoever calls out."""
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("No port is free on 127.0.0.1.")


@dataclass(frozen=True)
class Postgres:
    """A running server."""

    port: int
    bin: Path

    @property
    def environment(self) -> dict[str, str]:
        """What deploy/cluster/dagster.yaml reads."""
        return {
            "DAGSTER_PG_HOST": "127.0.0.1",
            "DAGSTER_PG_PORT": str(self.port),
            "DAGSTER_PG_DB": DATABASE,
            "DAGSTER_PG_USER": USER,
            "DAGSTER_PG_PASSWORD": PASSWORD,
        }

    def _client(self, name: str, *words: str) -> str:
        address = ["-h", "127.0.0.1", "-p", str(self.port), "-U", USER, "-d", DATABASE]
        done = subprocess.run(
            [str(self.bin / name), *address, *words],
            env={**os.environ, "PGPASSWORD": PASSWORD},
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        return done.stdout

    def asked(self, query: str) -> str:
        """The one value that a query gives."""
        return self._client("psql", "-Atc", query).strip()

    def dump(self) -> str:
        """Everything in it, as text."""
        return self._client("pg_dump", "--inserts")


@contextmanager
def postgres(bin_folder: Path) -> Iterator[Postgres]:
    """Start it, make the database, and stop it in the end."""
    folder = Path(tempfile.mkdtemp(prefix="nuzuh-postgres-", dir="/tmp"))
    account = None
    if os.geteuid() == 0:
        account = next(name for name in PEOPLE if _is_known(name))
        shutil.chown(folder, account)
    secret = folder / "password"
    secret.write_text(PASSWORD)
    secret.chmod(0o644)
    port, data = free_port(), folder / "data"

    def run(*command: str) -> None:
        with (folder / "log").open("ab") as log:
            subprocess.run(
                command, user=account, cwd=folder, stdout=log, stderr=log, timeout=120, check=True
            )

    made = [f"--pwfile={secret}", "-U", USER, "-A", "scram-sha-256", "--no-sync", "-E", "UTF8"]
    run(str(bin_folder / "initdb"), "-D", str(data), *made)
    options = f"-h 127.0.0.1 -p {port} -k {folder} -c fsync=off -c shared_buffers=64MB"
    control = str(bin_folder / "pg_ctl")
    run(control, "-D", str(data), "-w", "-o", options, "-l", str(data / "server.log"), "start")
    try:
        server = Postgres(port, bin_folder)
        subprocess.run(
            [
                str(bin_folder / "createdb"),
                "-h",
                "127.0.0.1",
                "-p",
                str(port),
                "-U",
                USER,
                DATABASE,
            ],
            env={**os.environ, "PGPASSWORD": PASSWORD},
            timeout=60,
            check=True,
        )
        yield server
    finally:
        run(control, "-D", str(data), "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _is_known(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
