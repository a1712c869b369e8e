"""Every recorded answer beside the project meets the reader it was recorded for.

The recordings lie outside the repository (`../shared/recordings`) and none of them may enter it.
Most are of other countries: the reader then has to say so by name, and never another exception.
"""

import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from data.gazetteer import area
from data.store import Document
from pipelines import registry
from pipelines.errors import SourceChanged
from pipelines.run.prepare import prepare
from tests import real_files

RECORDED = real_files.RECORDED
AT = datetime(2026, 11, 24, tzinfo=UTC)
READ: dict[str, tuple[str, str, str, int | str]] = {
    "dtm/displacement-admin0-admin0pcode-hti.json": (
        "dtm_api", "displacement-HTI-admin0", "SYR", "nothing about SYR"),
    "dtm/displacement-admin1-admin0pcode-hti.json": (
        "dtm_api", "displacement-HTI-admin1", "SYR", "nothing about SYR"),
    "dtm/global-iom-dtm-from-api-admin-0-to-2.sample.csv": (
        "dtm_api_hdx", "syr-iom-dtm-from-api/table", "SYR", "nothing about SYR"),
    "hapi/hdx_hapi_idps_global.csv": (
        "hapi_idps", "hdx-hapi-idps/file.csv", "SYR", "no row of SYR"),
    "hapi/hdx_hapi_conflict_event_shape.csv": (
        "hapi_conflict_events", "hdx-hapi/file.csv", "SYR", "no row of SYR"),
    "hapi/hdx_hapi_population_shape.csv": (
        "hapi_population", "hdx-hapi/file.csv", "SYR", "no row of SYR"),
    "hapi/hdx_hapi_humanitarian_needs_sample.csv": (
        "hapi_needs", "hdx-hapi/file.csv", "SYR", "no row of SYR"),
    "idmc/gidd_idps_all.csv": ("idmc_idu", "syr-idmc-idu-events/events", "SYR", "no column id"),
    "idmc/displacement_0.json": ("idmc_idu", "syr-idmc-idu-events/events", "SYR", "no column id"),
    "unhcr_api/idmc_coo-SYR_2023-2025.RECORDED-ROWS.json": (
        "unhcr_idmc", "idmc-SYR/page-1", "SYR", 3),
    "unhcr_api/population_coo-SYR_2023-2025.RECORDED-ROWS.json": (
        "unhcr_population", "origin-SYR/page-1", "SYR", 48),
    "unhcr_api/population_coo-SYR_coa-summed_2023-2025.RECORDED-ROWS.json": (
        "unhcr_population", "total-SYR/page-1", "SYR", 12),
    "unhcr_api/population_coo-SYR_coa-TUR-LBN-JOR-IRQ-EGY-DEU-SYR_2010-2025.DERIVED.json": (
        "unhcr_population", "origin-SYR/page-1", "SYR", 335),
    "unhcr_api/nowcasting_2026-08.RECORDED-ROWS.json": (
        "unhcr_nowcasting", "nowcast-TUR/page-1", "SYR", "which asked for TUR"),
    "unhcr_api/empty_result.RECORDED-SHAPE.json": (
        "unhcr_population", "origin-SYR/page-1", "SYR", ""),
    "unhcr_odp/get-origin-geo-id-220-population-collection-429.json": (
        "unhcr_odp", "origin-220", "SOM", "1 of several kinds in one number"),
    "unhcr_odp/get-origin-geo-id-259-population-collection-429.json": (
        "unhcr_odp", "origin-259", "SYR", ""),
    "unhcr_odp/get-origin-geo-id-295-population-collection-429.json": (
        "unhcr_odp", "origin-295", "SYR", ""),
    "unhcr_odp/download-unhcr-situations.csv": (
        "unhcr_odp", "REF-TUR", "SYR", "second line must be"),
    **{
        f"unhcr_odp/unhcr_population-population-collection-4-geo-id-{n}.json": (
            "unhcr_odp", "country", "SYR", 1)
        for n in (5, 36, 71)
    },
    **{
        f"unhcr_odp/get-sublocation-sv-id-{n}-population-collection-42981.json": (
            "unhcr_odp", "sublocation", "SYR", "")
        for n in (45, 47, 48, 51)
    },
}  # fmt: skip
"""Recording: its reader, the name under which it is given, the people followed, and how many
figures come of it or what the refusal says."""
NO_READER = {
    "dtm/dataset-global-iom-dtm-from-api.json": "a description of a dataset",
    "dtm/displacement-country-list.json": "a list of countries: Syria stands in it, Türkiye not",
    "dtm/displacement-operation-list.json": "a list of operations: Syria's two stand in it",
    "dtm/HDX_DTM_SYRIA_RESOURCE_URLS.md": "addresses; the workbooks were not recorded",
    "unhcr_api/BEHAVIOUR.md": "words",
    "unhcr_odp/dataset-unhcr-situations.json": "a description of a dataset",
    "unhcr_hdx/HDX_Demographics.csv": "the mirror on HDX is no source; the API is asked",
    "unhcr_hdx/HDX_Solutions.csv": "the mirror on HDX is no source; the API is asked",
    "unhcr_hdx/HDX_AsylumApplications.csv": "applications for asylum are no displacement",
    "unhcr_hdx/HDX_AsylumDecisions.csv": "decisions on asylum are no displacement",
    "unhcr_hdx/HDX_EndYearPopulationTotals.csv": "the mirror on HDX is no source; the API is asked",
}
ELSEWHERE = {
    "dtm_syria/": "test_dtm_syria_rounds reads the rounds to the last sum",
    "dtm_other/": "test_dtm_syria_rounds tries their headings",
    "ocha_movements/": "test_ocha_idp_movements reads the month and its summaries",
    "unhcr_releases/": "test_rules holds each release against the one before",
}
"""What other tests read, or nobody yet: a folder or the beginning of a name, and where or why."""
present = pytest.mark.skipif(
    not RECORDED.is_dir(),
    reason="NO RECORDED ANSWERS AT ../shared/recordings: the readers were tried on our own alone.",
)


@present
@pytest.mark.parametrize("name", READ)
def test_a_recorded_answer_is_figures_or_a_named_refusal(name, record_testsuite_property):
    source, called, people, expected = READ[name]
    reads = registry.by_name(source)
    known = area.load("idlib")
    if people != "SYR":
        known = replace(known, origins=(people,), hosts=("UGA",))
    document = Document(called, "https://example.org", (RECORDED / name).read_bytes(), AT,
                        {"coa": "TUR"} if "nowcast" in called else {})  # fmt: skip
    try:
        told: int | str = len(prepare(reads, reads.read([document], known), [document]))
    except SourceChanged as refusal:
        told = str(refusal)
    record_testsuite_property(name, f"{source}: {told}")
    sys.stderr.write(f"\nrecorded: {name} -> {source}: {told}\n")
    if isinstance(expected, int):
        assert told == expected
    else:
        assert isinstance(told, str)
        assert expected in told


@present
def test_every_recording_has_a_reader_or_a_reason():
    there = {str(p.relative_to(RECORDED)) for p in RECORDED.rglob("*") if p.is_file()}
    known = set(READ) | set(NO_READER)
    assert known <= there
    assert {name for name in there - known if not name.startswith(tuple(ELSEWHERE))} == set()
