"""Sources side by side: one place, one group, one year, every publisher's newest number."""

from functools import partial
from html import escape
from typing import Final

import pandas as pd

from data import measures
from editions.content import Content
from editions.shell import Folder, Page
from visuals import pieces, tables

COLUMNS: Final = ("publisher", "value", "group", "period", "caveat")
MOST: Final = 24
"""Comparisons on the page, the area's own places first."""


def pages(reader: Folder) -> list[Page]:
    """One page."""
    title = reader.words("edition.nav.compare")
    return [Page(reader.link("compare"), title, partial(_body, reader), "compare")]


def found(content: Content) -> list[pd.DataFrame]:
    """For each place and group the newest year in which several publishers speak.

    Returns:
        One frame for each: the newest figure of every publisher, kind and unit in that year,
        newest day first. Figures stand side by side and are neither added nor ranked.
    """
    kept = measures.wholes(content.figures)
    abroad = kept["origin_code"].notna() & ~kept["origin_code"].isin(content.area.origins)
    # Parts by origin inside the country are not the place's number.
    inside = (
        kept["origin_location_code"].eq(kept["location_code"]).fillna(False)
        & kept["origin_code"].notna()
    )
    kept = kept[~abroad & (~inside | kept["population_group"].eq("RET"))]
    order = {code: number for number, code in enumerate(content.places)}
    cases = []
    for (place, group), rows in kept.groupby(["place_code", "population_group"], sort=False):
        years = rows["as_of"].dt.year
        several = rows.groupby(years)["publisher"].nunique()
        years_of_several = several[several > 1].index
        if not len(years_of_several):
            continue
        year = int(max(years_of_several))
        same = measures.ordered(rows[years.eq(year)])
        same = same.drop_duplicates(["publisher", "measure", "unit"], keep="last")
        cases.append((order[str(place)], -year, str(group), same.iloc[::-1]))
    cases.sort(key=lambda case: case[:3])
    return [rows for *_, rows in cases[:MOST]]


def _body(reader: Folder) -> str:
    words = reader.words
    parts = [pieces.soft(words("edition.compare_intro"))]
    for rows in found(reader.content):
        first = rows.iloc[0]
        title = words(
            "series.at",
            place=words.place(first["place_code"]),
            series=words(f"group.{first['population_group']}"),
        )
        parts.append(f"<h2>{escape(title)}</h2>")
        parts.append(tables.of_figures(reader, rows, COLUMNS, full=True))
    if len(parts) == 1:
        parts.append(pieces.soft(words("map.none")))
    return "".join(parts)
