"""An S3 server with a bucket on 127.0.0.1, as a process: `python -m tests.cluster.bucket`.

moto's answers, one request at a time: a conditional write must be one step, as Amazon promises, and
moto alone looks and writes in two. A folder named on the command line may hold a file `hold` with a
part of a path: who writes there waits, the file `held` is written, and once `hold` is gone the
write is refused, as by a server that went down.
"""

import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import boto3
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

LONGEST_HOLD = 120.0


class Quiet(WSGIRequestHandler):
    """Without a line for each request."""

    def log(self, *_: Any) -> None:
        """Nothing."""


class OneByOne:
    """The application, behind one lock and one gate."""

    def __init__(self, inner: Callable[..., Iterable[bytes]], gate: Path) -> None:
        self._inner, self._gate, self._lock = inner, gate, threading.Lock()

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "PUT" and self._held(environ["PATH_INFO"]):
            start("503 Slow Down", [("content-length", "0")])
            return []
        # Read before the lock is taken, or a slow sender would hold everybody.
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = _Bytes(body)
        with self._lock:
            return [b"".join(self._inner(environ, start))]

    def _held(self, path: str) -> bool:
        hold = self._gate / "hold"
        if not hold.exists() or hold.read_text() not in path:
            return False
        (self._gate / "held").write_text(path)
        until = time.monotonic() + LONGEST_HOLD
        while hold.exists() and time.monotonic() < until:
            time.sleep(0.05)
        return True


class _Bytes:
    """A body that was read already."""

    def __init__(self, body: bytes) -> None:
        self._left = body

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        taken = self._left if size is None or size < 0 else self._left[:size]
        self._left = self._left[len(taken) :]
        return taken


def main(port: int, bucket: str, gate: Path) -> None:
    """Serve until killed."""
    app = OneByOne(DomainDispatcherApplication(create_backend_app), gate)
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)  # type: ignore[arg-type]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    client = boto3.client("s3", endpoint_url=f"http://127.0.0.1:{port}")
    client.create_bucket(Bucket=bucket)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
