"""Sources side by side: every written contradiction, the rules, and that nothing is made up."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from data.analysis import comparison, gap_reasons, reconciliations
from data.analysis.comparison import compare
from data.analysis.gap_reasons import NOT_EXPLAINED, SAME_NUMBER, difference
from data.gazetteer import places
from data.schema import codes as vocabulary
from data.schema import tables
from data.store import FigureFilter
from tests.builders import figures

CASES = {
    "east-aleppo-2016": {
        ("boarded", "traced"): (36_000, 30_487, {"boarded_against_found", "cut_off"}),
    },
    "afrin-2018": {
        ("first", "revised"): (98_000, 137_070, {"revised_by_publisher", "later_revised"}),
        ("spoken", "revised"): (167_000, 137_070, {"revised_by_publisher", "later_revised"}),
        ("revised", "still"): (137_070, 134_000, {"still_displaced", "measure", "net_of_returns"}),
    },
    "nws-2019-05": {
        ("moves", "people"): (630_000, 400_000, {"moved_again", "unit"}),
        ("moves", "later"): (630_000, 400_000, {"moved_again", "unit", "cut_off"}),
    },
    "nws-2019-08": {
        ("july", "people"): (500_000, 400_000, {"unit_changed", "moved_again", "unit", "cut_off"}),
        ("august", "people"): (590_000, 400_000, {"moved_again", "unit", "cut_off"}),
    },
    "nws-2020-02": {
        ("hnap", "cccm"): (742_109, 375_000, {"a_month_at_least", "moves_in_month", "unit"}),
        ("hnap", "ocha"): (
            742_109,
            948_000,
            {"a_month_at_least", "runs_since_december", "measure"},
        ),
        ("cccm", "ocha"): (375_000, 948_000, {"moves_in_month", "unit", "measure"}),
    },
    "idlib-offensive-2020": {
        ("ocha", "cccm"): (948_000, 961_300, {"nine_days_later", "cut_off"}),
        ("cccm", "idmc"): (961_300, 960_000, {"within_2020", "measure", "unit"}),
    },
    "nws-quake-2023": {
        ("low", "high"): (55_000, 90_000, {"several_in_one_report", "range"}),
        ("low", "local"): (55_000, 153_893, {"several_in_one_report", "local_sources"}),
        ("wide", "ocha"): (302_500, 86_000, {"within_community", "cut_off"}),
    },
    "syria-2024-12": {
        ("north", "unhcr"): (178_000, 1_100_000, {"coverage_grew", "still_reconciled", "inside"}),
        ("low", "high"): (800_000, 1_000_000, {"one_range", "range"}),
        ("unhcr", "ocha"): (1_100_000, 880_000, {"returned_already", "net_of_returns"}),
        ("unhcr", "net"): (1_100_000, 664_000, {"returned_already", "measure", "net_of_returns"}),
        ("ocha", "net"): (880_000, 664_000, {"returned_meanwhile", "cut_off"}),
    },
    "returns-2024-12": {
        ("border", "stated"): (58_350, 115_000, {"statements_added", "method_break", "cut_off"}),
    },
    "returns-turkiye-2025": {
        ("unhcr", "minister"): (556_009, 509_387, {"year_against_since", "who_counts", "measure"}),
    },
    "returns-long-run": {
        ("unhcr", "pmm"): (434_840, 1_151_652, {"verified_only", "from_where", "cut_off"}),
        ("pmm", "recent"): (1_151_652, 411_649, {"one_holds_the_other", "window"}),
    },
    "idleb-2025": {
        ("dtm", "unhcr"): (944_801, 1_182_989, {"gap_not_explained"}),
    },
    "idps-2025": {
        ("unhcr", "idmc"): (
            5_542_227,
            5_964_000,
            {"two_custodians", "protected_or_assisted", "idmc_from_dtm"},
        ),
        ("unhcr", "press"): (5_542_227, 7_000_000, {"old_stock_kept", "cut_off"}),
        ("idmc", "press"): (5_964_000, 7_000_000, {"old_stock_kept", "cut_off"}),
    },
    "turkiye-winter-2025": {
        ("unhcr", "press"): (2_347_756, 2_371_400, {"day_not_stated", "day_uncertain"}),
    },
    "idleb-camps-2025-12": {
        ("left", "remain"): (117_884, 126_782, {"left_and_remaining", "measure"}),
    },
    "aleppo-2026-01": {
        ("second", "families"): (138_750, 27_750, {"families_times_five", "unit"}),
        ("first", "second"): (59_030, 138_750, {"families_times_five", "cut_off"}),
        ("second", "governor"): (138_750, 155_000, {"two_authorities", "cut_off"}),
        ("second", "ocha"): (138_750, 119_000, {"authority_against_ocha", "net_of_returns"}),
    },
}
"""Every row of the written list of contradictions: numbers as published, reasons as documented."""


@pytest.fixture(scope="module")
def everything(release):
    return release.figures()


def case_of(code: str) -> reconciliations.Case:
    return next(case for case in reconciliations.cases() if case.code == code)


def shown(release, case: reconciliations.Case, known: date | None = None) -> comparison.Comparison:
    place, group = case.places[0], case.groups[0]
    wanted = FigureFilter(place=reconciliations.places_of(place, group, case.on), as_known_on=known)
    found = release.figures(wanted)
    return compare(found, place, group, case.on, origins=("SYR",), known=known)


def test_no_written_case_is_without_a_test():
    assert {case.code for case in reconciliations.cases()} == set(CASES)


@pytest.mark.parametrize("code", CASES)
def test_a_known_contradiction_shows_its_numbers_and_its_reasons(release, everything, code):
    """An office that is asked why two reports differ finds both numbers and the written reason."""
    case = case_of(code)
    found = shown(release, case)
    assert code in {told.code for told in found.cases}
    assert case.known(None)
    picked = reconciliations.picked_by(case, everything)
    assert set(picked) == set(case.figures)
    assert found.changed == frozenset()
    for (left, right), (one, other, reasons) in CASES[code].items():
        ids = [str(picked[name]["figure_id"]) for name in (left, right)]
        assert [int(picked[name]["value"]) for name in (left, right)] == [one, other]
        told = {reason.code for reason in found.pair(*ids).reasons}
        assert reasons <= told
        assert NOT_EXPLAINED not in told


def test_the_camp_list_misses_its_totals_by_what_its_parts_say(release):
    """7 December 2025: 9,503 families too many left, 8,497 too many remain, and nobody says why."""
    found = shown(release, case_of("idleb-camps-2025-12"))
    assert [(part.total, part.summed, part.missing) for part in found.parts] == [
        (117_884, 127_387, 9_503),
        (126_782, 135_279, 8_497),
    ]
    assert {r.code for part in found.parts for r in part.reasons} == {"parts_not_explained"}


def test_a_case_says_nothing_before_the_day_it_was_documented(release):
    """As known on 27 February 2020 the WFP text of 3 March is not there to explain anything."""
    case = case_of("idlib-offensive-2020")
    then = shown(release, case, date(2020, 2, 27))
    assert not [p for p in then.pairs() if any(r.case for r in p.reasons)]
    assert 961_300 not in set(then.figures["value"])


@settings(max_examples=20)
@given(some.data())
def test_nothing_of_a_later_day_is_compared(release, data):
    """As known on a day, every figure and every citation was there to be read on it."""
    case = data.draw(some.sampled_from(reconciliations.cases()))
    known = case.on + timedelta(days=data.draw(some.integers(-60, 60)))
    found = shown(release, case, known)
    assert (found.figures["known_from"] <= pd.Timestamp(known)).all()
    for told in found.cases:
        assert all(citation.known_from <= known for citation in told.known(known))


def test_a_number_that_the_publisher_changed_is_said_to_be_another(everything):
    """A case is about the number that was printed then, not about what stands there now."""
    case = case_of("idps-2025")
    moved = everything.copy()
    row = reconciliations.picked_by(case, moved)["idmc"]
    moved.loc[moved["figure_id"].eq(row["figure_id"]), "value"] = 6_000_000
    found = compare(moved, "SYR", "IDP", case.on, origins=("SYR",))
    assert found.changed == {str(row["figure_id"])}


def test_what_no_rule_explains_is_not_explained():
    """Two bodies, one day, one kind, and no word on why: the page must not invent one."""
    pair = difference(*rows({"publisher": "UNHCR"}, {"publisher": "IOM", "value": 140}))
    assert [reason.code for reason in pair.reasons] == [NOT_EXPLAINED]
    assert pair.gap == 40


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"measure": "flow"}, "measure"),
        ({"unit": "families"}, "unit"),
        ({"population_group": "RDP"}, "group"),
        ({"as_of": "2025-06-30"}, "cut_off"),
        ({"place_code": "SY0703"}, "inside"),
        ({"place_code": "SYR"}, "inside"),
        ({"place_code": "SY02"}, "elsewhere"),
        ({"asylum_location_code": "TUR"}, "from_where"),
        ({"qualifier": "modelled"}, "modelled"),
        *[({"caveat": caveat}, code) for caveat, code in gap_reasons.ONE_SIDED.items()],
        *[({"caveat": caveat}, code) for caveat, code in gap_reasons.EITHER.items()],
    ],
)
def test_each_rule_is_told_whichever_figure_stands_left(more, code):
    left, right = rows({"value": 123}, {"value": 457, **more})
    assert code in {reason.code for reason in difference(left, right).reasons}
    assert code in {reason.code for reason in difference(right, left).reasons}


def test_two_windows_of_a_running_count_are_a_reason():
    since = {"measure": "cumulative", "as_of": "2025-06-30"}
    left, right = rows(
        since | {"cumulative_since": "2016-01-01"},
        since | {"cumulative_since": "2024-12-08", "value": 7},
    )
    assert {reason.code for reason in difference(left, right).reasons} == {"window"}


def test_a_gap_below_the_rounding_says_so():
    """IDMC rounds to thousands: 7,248,188 and 7,248,000 are one count."""
    left, right = rows({"value": 7_248_188}, {"value": 7_248_000, "qualifier": "rounded"})
    assert [reason.code for reason in difference(left, right).reasons] == ["rounding"]


def test_equal_numbers_need_no_reason():
    left, right = rows({"publisher": "UNHCR"}, {"publisher": "IOM"})
    assert [reason.code for reason in difference(left, right).reasons] == [SAME_NUMBER]


def test_idps_in_communities_are_told_to_be_a_part_and_no_gap_is_taken():
    """7,554 in communities stood as the reference for 944,801, with a gap of 937,247."""
    left, right = rows({"category": "community", "value": 7_554}, {"value": 944_801})
    pair = difference(left, right)
    assert pair.gap is None
    assert {reason.code for reason in pair.reasons} == {"part"}
    both = figures({"category": "community", "value": 7_554}, {"value": 944_801})
    found = compare(both, "SY07", "IDP", date(2025, 12, 31), origins=("SYR",))
    assert found.figures["value"].tolist() == [944_801, 7_554]


ROW = some.fixed_dictionaries(
    {
        "publisher": some.sampled_from(["UNHCR", "OCHA"]),
        "measure": some.sampled_from(["stock", "flow"]),
        "unit": some.sampled_from(["people", "movements", "families"]),
        "population_group": some.sampled_from(["IDP", "NEWDISP"]),
        "place_code": some.sampled_from(["SY07", "SY0703", "SYR", "SY02"]),
        "value": some.integers(0, 10_000_000),
        "as_of": some.sampled_from(["2025-12-31", "2025-06-30"]),
        "caveat": some.sampled_from([None, *vocabulary.CAVEATS]),
        "qualifier": some.sampled_from(sorted(vocabulary.QUALIFIERS)),
    }
)


@given(ROW, ROW)
def test_no_difference_is_taken_between_two_kinds_units_groups_or_a_part_and_its_whole(one, other):
    """The rule of truth that a page of gaps could break most easily."""
    left, right = rows(one, other)
    pair, back = difference(left, right), difference(right, left)
    alike = all(one[name] == other[name] for name in ("measure", "unit", "population_group"))
    partial = {"sites_only", "subset", "other_area_of_control"}
    alike &= {one["caveat"]} & partial == {other["caveat"]} & partial
    assert (pair.gap is not None) == alike
    assert {r.code for r in pair.reasons} == {r.code for r in back.reasons}
    assert bool(pair.reasons) == (left["figure_id"] != right["figure_id"])


@given(some.lists(ROW, min_size=1, max_size=8))
def test_an_axis_holds_one_kind_unit_and_group(drawn):
    frame = figures(*drawn).drop_duplicates("figure_id")
    found = compare(frame, "SY07", "IDP", date(2025, 12, 31), origins=("SYR",))
    for part in found.axes():
        for name in ("measure", "unit", "population_group"):
            assert part[name].nunique() == 1


def test_people_in_camps_stand_on_no_axis_beside_everybody():
    """Idleb's 775,009 in camps stood beneath 1,167,097 as if another had counted the same."""
    told = figures(
        {"publisher": "IOM", "value": 1_167_097},
        {"publisher": "UNHCR", "value": 2_323_711},
        {"publisher": "IOM", "category": "camp", "value": 775_009},
        {"publisher": "OCHA", "category": "camp", "value": 800_000},
        {"publisher": "IOM", "category": "neighbourhood", "value": 102_500},
    )
    found = compare(told, "SY07", "IDP", date(2025, 12, 31), origins=("SYR",))
    drawn = [sorted(part["value"].tolist()) for part in found.axes()]
    assert sorted(drawn) == [[775_009, 800_000], [1_167_097, 2_323_711]]


def test_one_count_that_two_sources_carry_is_shown_once(everything):
    """IOM's rounds reach HDX by three ways: a reader sees one number and two checks."""
    frame = figures(
        {"publisher": "IOM", "source": "dtm", "dataset": "DTM"},
        {"publisher": "IOM", "source": "hapi", "dataset": "HAPI"},
        {"publisher": "IOM", "source": "hdx", "dataset": "HDX", "value": 101},
        {"publisher": "UNHCR", "value": 90},
    )
    found = compare(frame, "SY07", "IDP", date(2025, 12, 31), origins=("SYR",))
    assert sorted(found.figures["publisher"]) == ["IOM", "UNHCR"]
    (checks,) = found.checks.values()
    assert len(checks) == 2


def test_the_nearest_figure_of_each_series_answers_for_the_day():
    years = {"reference_period_start": "2024-01-01", "reference_period_end": "2024-12-31"}
    frame = figures(
        {"value": 1, "as_of": "2024-12-31", **years}, {"value": 2, "as_of": "2025-12-31"}
    )
    for day, value in ((date(2025, 2, 1), 1), (date(2025, 12, 1), 2)):
        found = compare(frame, "SY07", "IDP", day, origins=("SYR",))
        assert found.figures["value"].tolist() == [value]
    assert compare(frame, "SY07", "IDP", date(2030, 1, 1), origins=("SYR",)).reference is None


def test_every_case_names_places_groups_and_columns_that_exist():
    for case in reconciliations.cases():
        assert all(places.is_known_code(place) for place in case.places)
        assert set(case.groups) <= set(vocabulary.POPULATION_GROUPS)
        assert case.first <= case.on <= case.last
        for asked in case.figures.values():
            assert set(asked) <= {column.name for column in tables.FIGURES.columns}
        for pair, _ in case.gaps:
            assert set(pair) <= set(case.figures)
        assert all(c.address.startswith("https://") for c in case.citations)


def test_situation_reports_of_one_story_are_told_together(everything):
    """Afrin: 98,000 stands beside the 137,070 that replaced it, each with the day it was known."""
    for value, others in ((98_000, {167_000, 137_070, 134_000}), (664_000, {178_000, 1_100_000})):
        rows = everything[everything["value"].eq(value) & everything["publisher"].eq("OCHA")]
        told = reconciliations.story(rows.iloc[0].to_dict(), everything)
        assert others | {value} <= set(told["value"])
        assert told["as_of"].is_monotonic_increasing
        codes = reconciliations.story_places(rows.iloc[0].to_dict())
        assert set(told["place_code"]) <= set(codes)


def rows(left: dict[str, object], right: dict[str, object]) -> list[dict[str, object]]:
    """Two rows of two bodies, unless they name their own."""
    return figures(left, {"publisher": "OCHA"} | right).to_dict("records")
