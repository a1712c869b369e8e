"""What every test shares: no time limit on an example, so that a busy machine fails nothing.

CI tries the same examples each time, so that a change is judged by what it changed; `make test`
elsewhere tries new ones.
"""

import os

import pytest
from hypothesis import settings

LONG = (
    "test_every_mark.py",
    "test_whole_run.py",
    "test_kill.py",
    "test_surges.py",
    "test_survival.py",
)
"""Files in which one test or its preparation takes a minute: begun first, so that none is waited
for at the end while the other processes have nothing left to do."""

settings.register_profile("unhurried", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "unhurried")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first; the rest as they stand."""
    items.sort(key=lambda item: item.path.name not in LONG)
