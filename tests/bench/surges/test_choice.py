"""How the surge rule was chosen, repeated; and the document that says so."""

import pytest

from bench.surges import choice, document, rounds_trial
from data.settings import ROOT
from surges import events, figures, holdout
from surges.rounds import THRESHOLDS
from surges.rule import CHOSEN


@pytest.fixture(scope="module")
def lines(release):
    return figures.lines(release)


def test_the_parameters_are_those_that_score_best_before_2018_and_see_nothing_later(lines):
    """Whoever chooses on the test flatters the rule; this repeats the choice."""
    early = holdout.before_split(lines)
    assert all(r.end < events.SPLIT for line in early for r in line.reports)
    given_, _, _ = choice.choose(early, choice.BY_SPREAD)
    assert given_["z"] == CHOSEN.z
    assert choice.choose_far(early, CHOSEN.z) == CHOSEN.times
    assert choice.choose_opening(early) == CHOSEN.opening


def test_waves_put_between_rounds_are_told_and_none_across_other_places(release):
    """Nine in ten of those of 20,000 and more, on draws that chose nothing; few where none is."""
    run = rounds_trial.run(rounds_trial.carried(release), 5, without=rounds_trial.GREATEST)
    found = rounds_trial.tried([run], THRESHOLDS)
    great = [found.alerted[size] for size in (20_000, 50_000)]
    assert sum(told for told, _ in great) >= 0.9 * sum(of for _, of in great)
    assert found.guarded == (0, 40)
    assert found.changes == 408 * rounds_trial.MADE
    assert found.per_thousand < 10


@pytest.mark.wide
# statsmodels 0.14 uses what pandas 3 will drop; only the comparison imports it.
@pytest.mark.filterwarnings("ignore:Substitution is deprecated")
@pytest.mark.filterwarnings("ignore::Warning:statsmodels")
def test_the_document_says_what_the_command_says(release, lines):
    """`make surges` rewrites it; nothing in it is typed."""
    written = (ROOT / "docs" / "surges.md").read_text(encoding="utf-8")
    assert written == document.render(lines, rounds_trial.carried(release)), "run make surges"
