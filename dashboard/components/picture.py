"""Links to a chart as a picture that carries its title, source, dates and licence."""

from collections.abc import Mapping
from html import escape
from typing import Final
from urllib.parse import urlencode

import pandas as pd

from dashboard.components import markup
from dashboard.session import urlstate
from dashboard.session.urlstate import View
from data.analysis import shared_axis

ADDRESS: Final = "nuzuh/embed/series"
"""Of the picture, beside the pages; the app serves it, and its form follows."""
FORMS: Final = ("png", "svg")


def files(query: str, labels: Mapping[str, str], name: str) -> str:
    """A link for each form of a picture.

    Args:
        query: What the address chooses, as the chart studio's page says it.
        labels: The words of the link to each of `FORMS`.
        name: The file's name without its ending.
    """
    return " · ".join(
        f'<a href="{escape(f"{ADDRESS}.{form}?{query}", quote=True)}" '
        f'download="{escape(name, quote=True)}.{form}">{escape(labels[form])}</a>'
        for form in FORMS
    )


def chart_links(view: View, figures: pd.DataFrame) -> str:
    """The links under a chart of another page: its picture, and the same in the chart studio.

    Empty where the chart shows no count that the studio draws, or several: a picture of one of
    them would not be the chart above it.
    """
    counts = shared_axis.kinds_of_count(figures)
    if len(counts) != 1:
        return ""
    words, series = view.words, next(iter(counts))
    choices = {
        "places": str(figures["place_code"].iloc[0]),
        "series": series,
    }
    if figures["source"].nunique() == 1:
        choices["source"] = str(figures["source"].iloc[0])
    shown = {urlstate.LANG: words.language, urlstate.KNOWN: view.day.isoformat()}
    if view.undated:
        shown[urlstate.UNDATED] = urlstate.YES
    links = files(
        urlencode(choices | shown),
        {form: form.upper() for form in FORMS},
        f"nuzuh-{choices['places']}",
    )
    studio = markup.anchor(view.link("charts", **choices), words("charts.nav"))
    return f'<p class="soft nz-files">{escape(words("picture.save"))} {links} · {studio}</p>'
