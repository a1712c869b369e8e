"""What must be true of every source that is registered."""

from data.settings import APIS, ROOT
from pipelines import directory, registry


def test_the_settings_know_the_apis_that_sources_ask_and_no_others():
    """One that is missing there could not be given a key; one too many is a key for nothing."""
    assert APIS.read_text(encoding="utf-8") == directory.apis(), "run: make dictionary"


def test_the_notice_names_whom_each_source_asks_to_be_named():
    """Whoever hands the figures on takes their terms from there."""
    notice = " ".join((ROOT / "NOTICE").read_text(encoding="utf-8").split())
    asked = [source for source in registry.SOURCES if source.api and source.licence != "facts"]
    left_out = {s.name: s.attribution for s in asked if s.attribution not in notice}
    assert left_out == {}
