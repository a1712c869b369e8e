"""What a chart draws of figures, whatever draws it, and what may not share an axis."""

from typing import Final

import pandas as pd

from data.analysis.series import FORWARD, has_caveat
from visuals.language import figure_text
from visuals.language.words import Words

ALONE: Final = ("measure", "unit", "source", "population_group")


class MixedAxis(ValueError):  # noqa: N818 - reads as a fact where it is raised
    """Figures of two kinds, units, groups or sources were put on one axis."""


def points(words: Words, figures: pd.DataFrame) -> pd.DataFrame:
    """What a chart draws: one row for each figure that has a number.

    Returns:
        Columns as_of, start and end (of the period), value, line (name of the series), shown
        (value in words), when, mid_year (a mid-year value that stands under the year's label),
        caveats.
    """
    rows = [
        {
            "as_of": row["as_of"],
            "start": row["reference_period_start"],
            "end": row["reference_period_end"] + pd.Timedelta(days=1),
            "value": int(row["value"]),
            "line": figure_text.at_place(words, row),
            "shown": figure_text.value(words, row),
            "when": figure_text.when(words, row),
            "mid_year": has_caveat(row, FORWARD),
            "caveats": " · ".join(figure_text.caveats(words, row)),
        }
        for row in figures[figures["value"].notna()].to_dict("records")
    ]
    columns = ["as_of", "start", "end", "value", "line", "shown", "when", "mid_year", "caveats"]
    return pd.DataFrame(rows, columns=columns)


def must_share_an_axis(figures: pd.DataFrame) -> None:
    """Pass where figures may stand on one axis.

    Raises:
        MixedAxis: They are of more than one kind, unit, source or group.
    """
    for name in ALONE:
        if figures[name].nunique(dropna=False) > 1:
            raise MixedAxis(f"A chart was given figures of more than one {name}.")


def apart(drawn: pd.DataFrame) -> bool:
    """Whether no period reaches into another; columns of `points`."""
    periods = drawn.sort_values("start")
    return bool((periods["start"].iloc[1:].to_numpy() >= periods["end"].iloc[:-1].to_numpy()).all())
