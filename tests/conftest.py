"""What every test shares: no time limit on an example, so that a busy machine fails nothing.

CI tries the same examples each time, so that a change is judged by what it changed; `make test`
elsewhere tries new ones.
"""

import functools
import os
from pathlib import Path

import pytest
from hypothesis import settings
from streamlit.components.v2 import manifest_scanner

from data.store import Release, Store
from tests import carried
from tests.effort import ALL, tries

LONG = (
    "test_every_mark.py",
    "test_whole_run.py",
    "test_kill.py",
    "test_surges.py",
    "test_survival.py",
)
"""Files in which one test or its preparation takes a minute: begun first, so that none is waited
for at the end while the other processes have nothing left to do."""

EXAMPLES = tries(100, 30)
"""Of each property that names no number of its own."""

settings.register_profile("unhurried", deadline=None, max_examples=EXAMPLES)
settings.register_profile("ci", deadline=None, derandomize=True, max_examples=EXAMPLES)
settings.load_profile("ci" if os.environ.get("CI") else "unhurried")


# Each `AppTest` asks every installed package anew whether it brings a component, which takes longer
# than most of the pages that it then opens; what is installed stays the same while tests run.
manifest_scanner.scan_component_manifests = functools.cache(
    manifest_scanner.scan_component_manifests
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The wide tests only where they are asked for; the long files first."""
    wide = [item for item in items if item.get_closest_marker("wide")]
    if wide and not ALL:
        config.hook.pytest_deselected(items=wide)
        items[:] = [item for item in items if not item.get_closest_marker("wide")]
    items.sort(key=lambda item: item.path.name not in LONG)


@pytest.fixture(scope="session")
def carried_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store with the carried figures, for tests that only read."""
    folder = tmp_path_factory.mktemp("carried")
    carried.publish(folder)
    return folder


@pytest.fixture(scope="session")
def store(carried_store: Path) -> Store:
    """The same as a store, as a fresh machine has it; who writes to one makes another."""
    return Store(str(carried_store))


@pytest.fixture(scope="session")
def release(store: Store) -> Release:
    """Its release."""
    return store.current()
