"""What the map shows: one figure for each place, chosen so that kinds never mix."""

from typing import Final

import pandas as pd
import streamlit as st

from dashboard import cached, urlstate
from dashboard.components import drawing, papers, tables
from dashboard.urlstate import View
from data import measures, places
from data.store import Release, Wanted
from visuals import geometry, map_svg, palette, text
from visuals.map_svg import Circle

COLUMNS: Final = ("place", "value", "as_of", "publisher", "caveat")
TOP: Final = 60


def overview(view: View, release: Release) -> None:
    """The first page's map: people at a date on both sides of the border.

    IDPs by governorate from one source, Syrians by province from another: all of them people at a
    date, so circles compare; never added, as the note says.
    """
    words = view.words
    shown = overview_figures(view, release)
    st.html(papers.block(papers.heading(words("situation.map"))))
    if shown.empty:
        st.html(papers.block(papers.soft(words("figure.none_known"))))
        return
    listed = tables.of_figures(view, shown, ("place", "group", "value", "as_of", "publisher"))
    note = papers.soft(words("situation.map_note"))
    drawing.show(picture(view, shown, words("situation.map")), "drawing-situation")
    st.html(
        papers.block(
            note,
            tables.folded(words("map.table"), listed),
        )
    )


def overview_figures(view: View, release: Release) -> pd.DataFrame:
    """The newest stock of each governorate and province, largest first."""
    wanted = Wanted(
        measure=("stock",),
        group=("IDP", "REF"),
        unit=("people",),
        admin_level=(1,),
        as_known_on=view.known,
    )
    found = cached.figures(release, release.id, wanted)
    idps = found[found["source"].eq("unhcr_demographics") & found["location_code"].eq("SYR")]
    hosts = found[found["population_group"].eq("REF") & found["location_code"].eq("TUR")]
    both = pd.concat([idps[idps["population_group"].eq("IDP")], hosts])
    return measures.abreast(newest_by_place(both[both["place_code"].isin(_placed())]))


def newest_by_place(figures: pd.DataFrame) -> pd.DataFrame:
    """The newest figure with a number of each place, largest first: one row for each place."""
    whole = figures["gender"].eq("all") & figures["age_range"].eq("all")
    partial = figures["caveat"].fillna("").str.contains(r"\b(?:sites_only|subset)\b")
    kept = measures.ordered(figures[figures["value"].notna() & whole & ~partial])
    newest = kept.drop_duplicates("place_code", keep="last")
    return newest.sort_values(["value", "place_code"], ascending=[False, True])


def layer_name(view: View, layer: pd.DataFrame) -> str:
    """A layer in words: what is counted, who says so, how many places."""
    words = view.words
    first = layer.iloc[0]
    return words(
        "map.layer",
        series=text.series_name(words, first),
        publisher=text.publisher(words, first),
        dataset=text.dataset(words, first),
        places=words("map.places", count=words.number(layer["place_code"].nunique())),
    )


def choose(view: View, release: Release) -> pd.DataFrame:
    """The reader's series, level and day: one figure for each place, largest first."""
    words = view.words
    found = cached.figures(release, release.id, Wanted(as_known_on=view.known))
    drawable = found[found["place_code"].isin(_placed()) & found["value"].notna()]
    layers = {measures.layer_id(layer): layer for layer in measures.layers(drawable)}
    layers = {code: layer for code, layer in layers.items() if layer["place_code"].nunique() > 1}
    if not layers:
        return drawable.iloc[0:0]
    names = {code: layer_name(view, layer) for code, layer in list(layers.items())[:TOP]}
    series = urlstate.choice(words("map.series"), list(names), key="series", name=names.__getitem__)
    layer = layers[series]
    levels = _levels(layer)
    with st.container(horizontal=True, gap="small"):
        level = urlstate.choice(
            words("map.level"), levels, key="level", name=lambda code: words(f"level.{code}")
        )
        at_level = layer[_level_of(layer).eq(level)]
        days = _days(at_level)
        day = urlstate.choice(
            words("map.date"), days, key="day", name=lambda code: day_name(view, at_level, code)
        )
    return newest_by_place(at_level[at_level["as_of"].eq(pd.Timestamp(day))])


def day_name(view: View, layer: pd.DataFrame, day: str) -> str:
    """A day of a stock, or the period of a flow, in words with the number of places."""
    rows = layer[layer["as_of"].eq(pd.Timestamp(day))]
    count = view.words("map.places", count=view.words.number(rows["place_code"].nunique()))
    return f"{text.when(view.words, rows.iloc[0])} · {count}"


def listed(view: View, shown: pd.DataFrame) -> None:
    """Exactly what the map shows, as a table."""
    words = view.words
    heading = papers.heading(words("map.table"))
    st.html(papers.block(heading, tables.of_figures(view, shown, COLUMNS)))


def described(view: View, title: str, shown: pd.DataFrame) -> str:
    """The map in one sentence."""
    words = view.words
    largest = shown.iloc[0]
    return words(
        "map.alt",
        title=title,
        day=words.day(shown["as_of"].max()),
        place=words.place(largest["place_code"]),
        count=words.number(largest["value"]),
        shown=words.number(shown["place_code"].nunique()),
    )


def _placed() -> set[str]:
    """Places whose seat lies in the picture."""
    west, south, east, north = cached.area().bounds
    table = places.table()
    inside = table["lon"].between(west, east) & table["lat"].between(south, north)
    return set(table.loc[inside.fillna(False), "place_code"])


def _level_of(figures: pd.DataFrame) -> pd.Series:
    return figures["admin_level"].astype("string").fillna("none")


def _levels(layer: pd.DataFrame) -> list[str]:
    """The level with the most places first."""
    counts = layer.groupby(_level_of(layer))["place_code"].nunique()
    return [str(level) for level in counts.sort_values(ascending=False, kind="stable").index]


def _days(layer: pd.DataFrame) -> list[str]:
    """Days that have figures, newest first."""
    days = sorted(layer["as_of"].dropna().unique(), reverse=True)
    return [str(pd.Timestamp(day).date()) for day in days]


def draw(view: View, release: Release, shown: pd.DataFrame, key: str) -> None:
    """The picture, its sentence, and the picture as a file."""
    words = view.words
    title = text.series_name(words, shown.iloc[0])
    svg = picture(view, shown, title)
    drawing.show(svg, f"drawing-{key}")
    st.html(papers.block(papers.soft(described(view, title, shown))))
    with st.container(horizontal=True, gap="small"):
        for form, mime, body in (
            ("svg", "image/svg+xml", lambda: svg.encode()),
            ("png", "image/png", lambda: map_svg.png(svg)),
        ):
            st.download_button(
                words(f"map.{form}"),
                body,
                file_name=f"nuzuh-{key}.{form}",
                mime=mime,
                key=f"{key}-{form}",
                on_click="ignore",
            )


def picture(view: View, shown: pd.DataFrame, title: str) -> str:
    """The figures as circles on the area's map; each leads to its place's page."""
    area = cached.area()
    circles = [
        Circle(
            str(row["place_code"]),
            int(row["value"]),
            view.words(
                "map.circle",
                place=view.words.place(row["place_code"]),
                value=text.value(view.words, row),
                when=text.when(view.words, row),
                series=text.series_name(view.words, row),
                publisher=text.publisher(view.words, row),
            ),
            palette.group(str(row["population_group"])),
            view.link("place", place=str(row["place_code"])),
        )
        for row in shown.to_dict("records")
    ]
    return map_svg.draw(
        geometry.of_area(area.code),
        circles,
        view.words,
        title=title,
        description=described(view, title, shown),
        core=area.core,
    )
