"""The table that says how good the rule is: a manager weighs an alert by it."""

import re
from datetime import date

import pytest

from dashboard.session import cached
from dashboard.session.urlstate import View
from dashboard.views.surges import score
from data.settings import ROOT
from data.store import Store
from visuals.language.words import Words


@pytest.fixture
def shown(carried_store, monkeypatch):
    """Each row of the table as text, cell by cell, in English."""
    monkeypatch.setenv("NUZUH_STORE", str(carried_store))
    release = Store(str(carried_store)).current()
    told = score.scores(
        View(Words("en"), None, date(2026, 12, 1)),
        cached.surge_scores(release, release.id, None),
        cached.great_waves(release, release.id, None),
    )
    body = told.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [re.sub("<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[dh].*?</t[dh]>", row)]
        for row in re.findall(r"<tr.*?</tr>", body, re.S)
    ]


def test_great_waves_are_scored_by_the_list_and_by_the_figures(shown):
    """The counts are those that docs/surges.md gives of the same rule."""
    documented = (ROOT / "docs" / "surges.md").read_text("utf-8")
    (line,) = re.findall(
        r"\| `robust` \| (\d+) of (\d+) \|.*\| (\d+) of (\d+) \| 9.*\|", documented
    )
    listed, there, told, waves = line
    found = {(row[0], row[1]): row for row in shown}
    assert found["This rule", "since 2018, large surges on the list"][2].startswith(
        f"{listed} of {there}: "
    )
    assert found["This rule", "since 2018, large surges in the figures"][2].startswith(
        f"{told} of {waves}: "
    )
    assert [row[0] for row in shown].count("HDX Signals’ rule") == 3
