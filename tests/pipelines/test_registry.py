"""What must be true of every source that is registered."""

from data.settings import APIS
from pipelines import registry


def test_the_settings_know_the_apis_that_sources_ask_and_no_others():
    """One that is missing there could not be given a key; one too many is a key for nothing."""
    assert set(APIS) == {source.api for source in registry.SOURCES if source.api}
