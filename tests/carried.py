"""A store with the carried figures, as a fresh machine has it, for tests of the pages."""

from pathlib import Path

from data import settings
from data.store import Store
from pipelines.registry import SOURCES
from pipelines.run.context import context_of
from pipelines.run.run import prime


def publish(folder: Path) -> Store:
    """Publish the carried figures into an empty folder; no network."""
    at = context_of(settings.load(store=str(folder), cache=folder / "cache"), SOURCES)
    outcome = prime(at)
    assert outcome is not None
    assert outcome.state == "published", outcome.sentence
    return at.store
