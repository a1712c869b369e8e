"""Whatever is in a document, `read` gives figures that keep the contract, or refuses by name.

Any other exception would stop a night's run of every source with a traceback that nobody reads.
The number of examples for each source is NUZUH_FUZZ; without it 2,000 in CI and 60 elsewhere.
"""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from pipelines import registry
from pipelines.prepare import prepare
from pipelines.run import EXPECTED
from tests.sources.mutations import damaged
from tests.sources.samples import AREA, SAMPLES, sample

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

IN_CI, HERE = 2_000, 60
settings.register_profile(
    "fuzz",
    deadline=None,
    max_examples=int(os.environ.get("NUZUH_FUZZ") or (IN_CI if os.environ.get("CI") else HERE)),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    print_blob=True,
)
FUZZ = settings.get_profile("fuzz")
WAITING = ("camp_ledger", "crossing_status", "pmm_provinces", "report_figures")
"""Sources brought by hand whose sample is still to be written; nothing else may stand here."""
SOURCES = [source.name for source in registry.SOURCES]


def test_every_source_offers_a_sample():
    """A source without one is fuzzed by nobody but its publisher."""
    assert sorted({*SAMPLES, *WAITING}) == sorted(SOURCES)


@pytest.mark.parametrize("source", SAMPLES)
def test_the_sample_itself_is_read_without_complaint(source):
    """From a sample that is refused, every change would be refused too, and prove nothing."""
    reads = registry.by_name(source)
    reading = reads.read(sample(source), AREA)
    figures = prepare(reads, reading, sample(source))
    assert len(figures) or reading.tables


@pytest.mark.parametrize("source", SAMPLES)
@given(data=some.data())
@FUZZ
def test_any_document_gives_true_figures_or_a_named_refusal(source, data):
    reads = registry.by_name(source)
    documents = data.draw(damaged(sample(source)))
    try:
        figures = prepare(reads, reads.read(documents, AREA), documents)
    except EXPECTED as refused:
        said = str(refused)
    else:
        said = "read"
        assert (figures["value"].dropna() >= 0).all()
        assert (figures["value"].isna() == figures["missing_reason"].notna()).all()
        assert figures["locator"].notna().all()
    assert said.strip()
