"""The API on a real port of this machine, over the carried figures."""

from collections.abc import Iterator

import pytest
from pytest_socket import enable_socket
from starlette.applications import Starlette

from api import routes, serving
from tests import asgi, carried


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("api")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NUZUH_STORE", str(folder / "store"))
        patch.setenv("NUZUH_CACHE", str(folder / "cache"))
        carried.publish(folder / "store")
        yield str(folder / "store")


@pytest.fixture(scope="module")
def served(store: str) -> Iterator[str]:
    """The address that the API begins at."""
    enable_socket()
    with asgi.served(Starlette(routes=list(routes.ROUTES))) as address:
        yield f"{address}{routes.PREFIX}"


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """A server of our own on 127.0.0.1."""


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "LIMITS", serving.Limits())
    monkeypatch.setattr(serving, "CACHE", serving.AnswerCache())
