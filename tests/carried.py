"""A store with the carried figures, as a fresh machine has it, for tests of the pages."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from data import settings
from data.store import Store
from pipelines.registry import SOURCES
from pipelines.run.context import context_of
from pipelines.run.run import prime


def publish(folder: Path) -> Store:
    """Publish the carried figures into an empty folder; no network.

    Each process publishes them once, as a first start does, and copies what came of it: forty
    modules ask for it, and each publish takes seconds.
    """
    shutil.copytree(_published(), folder, dirs_exist_ok=True)
    return Store(str(folder))


@cache
def _published() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="nuzuh-carried-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    at = context_of(settings.load(store=str(folder), cache=folder / "cache"), SOURCES)
    outcome = prime(at)
    assert outcome is not None
    assert outcome.state == "published", outcome.sentence
    return folder
