"""Every publisher at once, as an office with keys and a network reaches them.

A stand-in joins by lying in this folder and naming what it serves (`Publisher.SERVES`).
"""

import importlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines import registry
from pipelines.source import Source
from tests.servers.dtm import KEY
from tests.servers.hdx import HdxServer
from tests.servers.publisher import GONE, Publisher, Reply

OTHERS = frozenset({"everyone", "hostile", "oidc", "post", "raw"})
"""Modules of this folder that stand in for no publisher of figures."""


def _stand_ins() -> Iterator[tuple[str, type[Publisher]]]:
    for file in sorted(Path(__file__).parent.glob("*.py")):
        if file.stem in OTHERS:
            continue
        module = importlib.import_module(f"tests.servers.{file.stem}")
        for found in vars(module).values():
            if isinstance(found, type) and issubclass(found, Publisher) and found.SERVES:
                yield found.SERVES, found


SERVERS = dict(_stand_ins())
"""The server that stands in for the publisher behind an API, or behind one source."""


def server_of(source: Source) -> type[Publisher]:
    """What stands in for a source's publisher.

    Raises:
        LookupError: A new source has none yet: nobody has seen it read an answer, or fail.
    """
    found = SERVERS.get(source.name) or SERVERS.get(str(source.api))
    if found is None:
        raise LookupError(f"No server in tests/servers/ serves {source.name} or {source.api}.")
    return found


class WholeHdx(HdxServer):
    """One HDX with the datasets of several servers."""

    def __init__(self, *parts: Publisher) -> None:
        super().__init__()
        self._parts = parts

    def reply(self, path: str, query: dict[str, str]) -> Reply:
        """What the part answers that knows the address; it lies here, not at the part's own."""
        for part in self._parts:
            found = part.reply(path, query)
            if found.status != 404:
                here = found.body.replace(part.url.encode(), self.url.encode())
                return replace(found, body=here)
        return GONE


@dataclass(frozen=True)
class Everyone:
    """The running publishers by API, and what an office sets to reach them."""

    by_api: dict[str, Publisher]
    environment: dict[str, str]


@contextmanager
def everyone() -> Iterator[Everyone]:
    """All of them on 127.0.0.1, until the block ends."""
    with ExitStack() as stack:
        running = {name: stack.enter_context(server()) for name, server in SERVERS.items()}
        parts = [running.pop(name) for name in registry.names() if name in running]
        running["HDX"] = stack.enter_context(WholeHdx(*parts))
        yield Everyone(
            running,
            {
                **{f"NUZUH_URL_{api}": server.base_url for api, server in running.items()},
                **{f"NUZUH_KEY_{s.api}": KEY for s in registry.SOURCES if s.key != "none"},
                "NUZUH_CONTACT": "im@example.org",
            },
        )
