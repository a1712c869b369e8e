"""The link to the page that leads to other tools, with the filters of the figures shown."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from dashboard.components import markup
from dashboard.session.urlstate import View
from data.gazetteer import places
from data.store import FigureFilter

NAME: Final = "elsewhere"
COMMON: Final = (("group", "population_group"), ("measure", "measure"), ("source", "source"))


def of_figures(view: View, figures: pd.DataFrame) -> str:
    """For figures that are shown: what they have in common is what is asked."""
    common = {
        name: str(figures[column].iloc[0])
        for name, column in COMMON
        if figures[column].nunique() == 1
    }
    within = _around([str(code) for code in figures["place_code"].unique()])
    return markup.anchor(view.link(NAME, within=within, **common), view.words("elsewhere.link"))


def of_question(view: View, wanted: FigureFilter) -> str:
    """For a question of the page Downloads, as it is asked."""
    given: dict[str, str | None] = {
        "within": next(iter(wanted.within), None),
        "group": next(iter(wanted.group), None),
        "measure": next(iter(wanted.measure), None),
        "source": next(iter(wanted.source), None),
        "from": wanted.since.isoformat() if wanted.since else None,
        "to": wanted.until.isoformat() if wanted.until else None,
    }
    return markup.anchor(view.link(NAME, **given), view.words("elsewhere.link"))


def _around(codes: Sequence[str]) -> str | None:
    """The smallest place that holds all of these; None where none does."""
    chains = [[code, *places.ancestors(code)] for code in codes]
    return next((code for code in chains[0] if all(code in chain for chain in chains)), None)
