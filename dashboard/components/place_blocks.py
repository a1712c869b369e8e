"""The parts of a place's page."""

from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard import cached, urlstate
from dashboard.components import chart_block, papers, tables
from dashboard.urlstate import View
from data import measures, places
from data.store import Release, Wanted

DRAWN: Final = 12
"""Charts drawn at once; the longest series come first, and every figure is in the tables."""
NEWEST: Final = ("group", "value", "period", "publisher", "caveat")


def offered() -> list[str]:
    """Codes in the order of the list: the area first, then its countries, then what is inside."""
    area = cached.area()
    table = places.table()
    near = [*area.core, *area.border, *area.around, *area.behind, *area.regions, *area.countries]
    inside = table[table["kind"].isin(("admin1", "admin3", "region"))]
    rest = inside.sort_values(["kind", "place_code"])["place_code"].tolist()
    return list(dict.fromkeys(code for code in [*near, *rest] if places.known(code)))


def choose(view: View) -> str:
    """The place of the address, or another."""
    words = view.words
    codes = offered()
    asked = st.query_params.get("place")
    if asked is not None and asked not in codes and places.known(asked):
        codes.append(asked)
    held = st.session_state.get("place")
    if held is not None and held not in codes and places.known(held):
        codes.append(held)
    return urlstate.choice(words("place.choose"), codes, key="place", name=lambda c: named(view, c))


def named(view: View, code: str) -> str:
    """A place with the one above it, since names repeat."""
    parent = _row(code).get("parent_code")
    name = view.words.place(code)
    if pd.isna(parent) or parent == code:
        return name
    return view.words("place.inside", place=name, parent=view.words.place(str(parent)))


def figures(view: View, release: Release, code: str) -> pd.DataFrame:
    """Figures about the place itself."""
    return cached.figures(release, release.id, Wanted(place=(code,), as_known_on=view.known))


def head(view: View, release: Release, code: str) -> str:
    """Name, code and the places around."""
    words = view.words
    row = _row(code)
    parts = [papers.heading(words.place(code), 1)]
    kind = words(f"kind.{row['kind']}")
    parts.append(f'<p class="soft">{escape(kind)} · <code>{escape(code)}</code></p>')
    parent = row.get("parent_code")
    if pd.notna(parent):
        parts.append(_links(view, "place.parent", [str(parent)]))
    parts.append(_links(view, "place.parts", _parts(code)))
    parts.append(_links(view, "place.beside", _beside(code, parent)))
    return papers.block(*parts)


def newest(view: View, found: pd.DataFrame) -> str:
    """The newest figure of every series."""
    kept = measures.newest_of_each(found)
    own = kept[kept["origin_code"].isna() | kept["origin_code"].eq("SYR")]
    words = view.words
    return papers.block(papers.heading(words("place.newest")), tables.of_figures(view, own, NEWEST))


def charts(view: View, release: Release, found: pd.DataFrame, code: str) -> None:
    """Every series that has more than one figure, one chart for each kind, unit and source."""
    words = view.words
    marked = _events(release, code)
    parts = [part for part in measures.charts(_whole(found)) if part["as_of"].nunique() > 1]
    if not parts:
        return
    st.html(papers.block(papers.heading(words("place.charts"))))
    for number, part in enumerate(parts[:DRAWN], start=1):
        chart_block.show(view, part, marked, f"nuzuh-{code}-{number}")
    if len(parts) > DRAWN:
        rest = pd.concat(parts[DRAWN:])
        st.html(
            papers.block(tables.folded(words("place.more"), tables.of_figures(view, rest, NEWEST)))
        )
    tables.download(view, found, f"nuzuh-{code}")


def _whole(found: pd.DataFrame) -> pd.DataFrame:
    """Without the parts of a count by origin inside the country; those are in the CSV."""
    inside = found["origin_code"].notna() & found["origin_location_code"].eq(found["location_code"])
    whole = found["gender"].eq("all") & found["age_range"].eq("all")
    return found[(~inside | found["population_group"].eq("RET")) & whole]


def _events(release: Release, code: str) -> pd.DataFrame:
    """Events at the place, inside it, above it, or in its country as a whole."""
    events = cached.table(release, release.id, "events")
    line = {code, *_above(code)}
    return events[events["place_code"].isin(line) | events["place_code"].str.startswith("X-")]


def _above(code: str) -> list[str]:
    found: list[str] = []
    at = _row(code).get("parent_code")
    while pd.notna(at) and at not in found and places.known(str(at)):
        found.append(str(at))
        at = _row(str(at)).get("parent_code")
    return found


def _parts(code: str) -> list[str]:
    table = places.table()
    below = table[table["parent_code"].eq(code).fillna(False)]
    listed = below["place_code"].tolist()
    if below["kind"].eq("admin2").all() and len(below):
        # Districts are a step that figures skip: go on to the sub-districts.
        under = table[table["parent_code"].isin(listed)]
        listed = under["place_code"].tolist() or listed
    return listed


def _beside(code: str, parent: Any) -> list[str]:
    if pd.isna(parent):
        return []
    return [other for other in _parts(str(parent)) if other != code]


def _links(view: View, label: str, codes: list[str]) -> str:
    if not codes:
        return ""
    inner = " ".join(f"<span>{papers.to_place(view, code)}</span>" for code in codes)
    listed = f'<div class="nz-list">{inner}</div>'
    if len(codes) > 16:
        return tables.folded(view.words(label), listed)
    return f'<p class="soft">{escape(view.words(label))}</p>{listed}'


def _row(code: str) -> dict[str, Any]:
    table = places.table()
    return table[table["place_code"] == code].iloc[0].to_dict()
