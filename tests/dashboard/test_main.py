"""How the dashboard is started: a sentence where it cannot be, and lean where it can."""

import os

import pytest

from dashboard import __main__ as start


@pytest.fixture
def started(monkeypatch):
    """The environments of what this process would have been replaced by."""
    found = []
    monkeypatch.setattr(os, "environ", dict(os.environ))
    monkeypatch.setattr(os, "execv", lambda _file, _command: found.append(dict(os.environ)))
    monkeypatch.setattr(os, "chdir", lambda _folder: None)
    monkeypatch.setattr(start, "port_is_free", lambda _port: True)
    for name in start.SPARING:
        os.environ.pop(name, None)
    return found


def test_memory_is_given_back_unless_the_office_says_otherwise(started):
    """On a machine of 1 GB each thread's own arena is what other services lack."""
    start.main()
    assert started[-1]["MALLOC_ARENA_MAX"] == "2"
    os.environ["MALLOC_ARENA_MAX"] = "8"
    start.main()
    assert started[-1]["MALLOC_ARENA_MAX"] == "8"


def test_a_port_that_is_taken_is_a_sentence_with_a_remedy(started, monkeypatch, capsys):
    monkeypatch.setattr(start, "port_is_free", lambda _port: False)
    os.environ["NUZUH_PORT"] = "8600"
    assert start.main() == 1
    assert "NUZUH_PORT=8601" in capsys.readouterr().err
    assert not started
