"""What holds a run, and what must not: a person's time is short on both sides."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests import builders
from tests.builders import doubts, years
from tests.effort import tries

NONE = builders.figures({}).iloc[:0]


def test_the_same_answer_raises_no_doubt():
    figures = years(900_000, 1_000_000, 5, None)
    assert doubts(figures, figures) == []


def test_a_first_answer_raises_no_doubt():
    assert doubts(years(900_000, 1_000_000), NONE) == []


def test_a_table_shrunk_by_a_tenth_is_doubted_and_by_less_is_not():
    published = years(*range(1000, 1021))
    (gone,) = doubts(published.iloc[3:], published)
    assert "3 of 21" in gone.sentence
    assert doubts(published.iloc[1:], published) == []


def test_an_answer_that_is_never_complete_may_drop_figures_but_not_half_its_size():
    published = years(*range(1000, 1020))
    assert doubts(published.iloc[8:], published, complete=False, size_before=20) == []
    (shrunk,) = doubts(published.iloc[15:], published, complete=False, size_before=20)
    assert "5 figures where the one before had 20" in shrunk.sentence


def test_a_newest_day_that_went_back_is_doubted():
    published = years(*range(1000, 1020))
    (back,) = doubts(published.iloc[:-1], published)
    assert "2025-12-31 to 2024-12-31" in back.sentence


def test_a_newest_year_that_became_blank_is_doubted():
    (back,) = doubts(years(1000, None), years(1000, 1100))
    assert "went back" in back.sentence


def test_values_ten_times_larger_are_doubted():
    found = doubts(years(10_000, 11_000), years(1_000, 1_100))
    said = " ".join(doubt.sentence for doubt in found)
    assert "5-fold" in said
    assert "together" in said


def test_a_small_cell_may_change_as_it_likes():
    assert doubts(years(900), years(5)) == []


def test_the_years_flow_may_replace_the_half_years():
    """Returns grew several-fold between the two releases of 2025; news, not a fault."""
    half = years(40_000, measure="flow", population_group="RET", caveat="mid_year")
    whole = years(300_000, measure="flow", population_group="RET", caveat=None)
    assert not any("5-fold" in doubt.sentence for doubt in doubts(whole, half))
    assert any(
        "5-fold" in doubt.sentence for doubt in doubts(whole.assign(caveat="mid_year"), half)
    )


def test_a_stock_that_tripled_within_a_year_is_doubted_once_and_not_when_it_is_already_published():
    grown = years(20_000, 21_000, 70_000)
    published = grown.iloc[:2]
    (jump,) = doubts(grown, published)
    assert "21,000 became 70,000" in jump.sentence
    assert doubts(grown, grown) == []


@settings(max_examples=tries(40, 15), deadline=None)
@given(st.lists(st.integers(1_000, 10**7), min_size=2, max_size=8), st.integers(5, 50))
def test_whatever_the_figures_a_multiple_of_five_or_more_never_passes(values, times):
    published = years(*values)
    assert doubts(years(*(value * times for value in values)), published)
    assert doubts(published, published) == []
