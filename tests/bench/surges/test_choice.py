"""How the surge rule was chosen, repeated; and the document that says so."""

import pytest

from bench.surges import choice, document
from data.settings import ROOT
from surges import events, figures, holdout
from surges.rule import CHOSEN, Robust
from tests import carried


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    return figures.lines(carried.publish(tmp_path_factory.mktemp("store")).current())


def test_the_parameters_are_those_that_score_best_before_2018_and_see_nothing_later(lines):
    """Whoever chooses on the test flatters the rule; this repeats the choice."""
    robust = next(family for family in choice.FAMILIES if family.name == "robust")
    early = holdout.before(lines)
    assert all(r.end < events.SPLIT for line in early for r in line.reports)
    given_, judge, _ = choice.choose(early, robust)
    assert (given_["z"], given_["far"]) == (CHOSEN.z, CHOSEN.far)
    assert judge == Robust(CHOSEN)
    assert choice.choose_opening(early) == CHOSEN.opening


@pytest.mark.wide
# statsmodels 0.14 uses what pandas 3 will drop; only the comparison imports it.
@pytest.mark.filterwarnings("ignore:Substitution is deprecated")
@pytest.mark.filterwarnings("ignore::Warning:statsmodels")
def test_the_document_says_what_the_command_says(lines):
    """`make surges` rewrites it; nothing in it is typed."""
    written = (ROOT / "docs" / "surges.md").read_text(encoding="utf-8")
    assert written == document.render(lines), "run make surges"
