"""What every test shares: no time limit on an example, so that a busy machine fails nothing."""

import pytest
from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.hookimpl(tryfirst=True)  # xdist looks at the groups in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file's tests share one process and what it has started; the fuzz, an hour of a process if
    it stood in one line, is shared out source by source."""
    for item in items:
        if "test_fuzz" not in item.path.name:
            item.add_marker(pytest.mark.xdist_group(str(item.path)))
