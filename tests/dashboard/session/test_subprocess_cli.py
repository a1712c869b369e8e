"""What a page has done by the command line is bounded: it takes nobody else's page along."""

import sys

import pytest

from dashboard.session import subprocess_cli

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds another process")
HUNGRY = "import time; time.sleep(1); held = bytearray(3_000_000_000); print(len(held))"


@pytest.fixture
def hungry(monkeypatch):
    """A command that wants 3 GB, in place of ours."""
    popen = subprocess_cli.subprocess.Popen

    def started(command, **given):
        return popen([command[0], "-c", HUNGRY], **given)

    monkeypatch.setattr(subprocess_cli.subprocess, "Popen", started)


@pytest.mark.parametrize("given", [None, b"a document"])
def test_a_command_that_wants_all_the_memory_is_refused_it(hungry, given):
    told = subprocess_cli.run("import", seconds=30, given=given)
    assert told.trouble == "refused"
    assert "MemoryError" in told.sentence
