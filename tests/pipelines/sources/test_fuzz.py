"""Whatever is in a document, `read` gives figures that keep the contract, or refuses by name.

Any other exception would stop a night's run of every source with a traceback that nobody reads.
The number of examples for each source is NUZUH_FUZZ; without it 60, of `make test-all` 400: 2,000
of every source take a quarter of an hour of processor.
"""

import os

import pyarrow as arrow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from pyarrow import compute

from data.schema.arrow_rows import with_columns
from pipelines import registry
from pipelines.run.context import EXPECTED
from pipelines.source import Reading
from tests.builders import prepared
from tests.effort import tries
from tests.pipelines.sources.mutations import damaged
from tests.pipelines.sources.samples import AREA, SAMPLES, sample

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

EXAMPLES = int(os.environ.get("NUZUH_FUZZ") or tries(400, 60))
TOGETHER = 20
"""Examples whose figures are checked against the contract in one go: the check costs some 60 ms
whether it looks at one row or at a thousand. Where it refuses, each half is checked again."""
settings.register_profile(
    "fuzz",
    deadline=None,
    max_examples=-(-EXAMPLES // TOGETHER),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    print_blob=True,
)
FUZZ = settings.get_profile("fuzz")


@pytest.mark.parametrize("source", SAMPLES)
def test_the_sample_itself_is_read_without_complaint(source):
    """From a sample that is refused, every change would be refused too, and prove nothing."""
    reads = registry.by_name(source)
    reading = reads.read(sample(source), AREA)
    figures = prepared(reads, reading, sample(source))
    assert len(figures) or reading.tables


@pytest.mark.parametrize("source", SAMPLES)
@given(data=some.data())
@FUZZ
def test_any_document_gives_true_figures_or_a_named_refusal(source, data):
    reads = registry.by_name(source)
    readings = []
    for _ in range(min(TOGETHER, EXAMPLES)):
        documents = data.draw(damaged(sample(source)))
        try:
            reading = reads.read(documents, AREA)
        except EXPECTED as refused:
            said = str(refused)
        else:
            said = "read"
            readings.append((reading, documents))
        assert said.strip()
    _must_be_true(reads, readings)


def _must_be_true(reads, readings):
    """What was read keeps the contract, or is refused in a sentence."""
    rows = [reading.figures for reading, _ in readings if len(reading.figures)]
    if not rows:
        return
    # Each under a dataset of its own, so that no two examples say the same figure twice.
    apart = [
        with_columns(table, dataset=compute.binary_join_element_wise(table["dataset"], str(n), " "))
        for n, table in enumerate(rows)
    ]
    together = Reading(arrow.concat_tables(apart))
    try:
        figures = prepared(reads, together, [d for _, documents in readings for d in documents])
    except EXPECTED as refused:
        said = str(refused)
        figures = None
    if figures is None:
        assert said.strip()
        half = len(readings) // 2
        for part in (readings[:half], readings[half:]) if half else ():
            _must_be_true(reads, part)
        return
    assert (figures["value"].dropna() >= 0).all()
    assert (figures["value"].isna() == figures["missing_reason"].notna()).all()
    assert figures["locator"].notna().all()
