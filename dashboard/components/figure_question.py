"""A reader's question for figures: place, group, measure, source and days, all in the address."""

from typing import Final

import streamlit as st

from dashboard.components import any_choice, markup, place_search
from dashboard.session import cached, urlstate
from dashboard.session.urlstate import View
from data.gazetteer import places
from data.schema import codes as vocabulary
from data.store import FigureFilter, Release
from visuals.language import figure_text

WITHIN: Final = "within"
MOST: Final = 20_000
"""Figures that a page gives out at most: some 15 MB as CSV, which a thin line still carries."""


def ask(view: View, release: Release) -> FigureFilter:
    """The reader's question, from the address or the boxes."""
    words = view.words
    within = _within(view)
    sources = cached.table(release, release.id, "sources")
    titles = {row["source"]: figure_text.source(words, row) for row in sources.to_dict("records")}
    with st.container(horizontal=True, gap="small"):
        group = any_choice.of_codes(words, "group", vocabulary.POPULATION_GROUPS, "group")
        measure = any_choice.of_codes(words, "measure", vocabulary.MEASURES, "measure")
        source = any_choice.of_names(words, "source", titles)
    with st.container(horizontal=True, gap="small"):
        since = urlstate.day(view, words("downloads.from"), key="from")
        until = urlstate.day(view, words("downloads.to"), key="to")
    return FigureFilter(
        within=(within,) if within else (),
        group=() if group == any_choice.ANY else (group,),
        measure=() if measure == any_choice.ANY else (measure,),
        source=() if source == any_choice.ANY else (source,),
        since=since,
        until=until,
        as_known_on=view.known,
        undated=view.undated,
    )


def _within(view: View) -> str | None:
    """The place whose own and whose parts' figures are wanted; None for all."""
    words = view.words
    if WITHIN not in st.session_state:
        named = st.query_params.get(WITHIN)
        st.session_state[WITHIN] = places.written(named or "")
        urlstate.refuse(WITHIN, named, taken=st.session_state[WITHIN] is not None)
    place_search.pick(view, WITHIN, words("downloads.within"))
    within: str | None = st.session_state[WITHIN]
    urlstate.write(WITHIN, within)
    if urlstate.is_refused(WITHIN):
        urlstate.say_refused(words("downloads.within"), words("downloads.everywhere"))
    if within is None:
        st.html(markup.block(markup.quiet_line(words("downloads.everywhere"))))
        return None
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.html(
            markup.block(
                markup.paragraph(
                    words("downloads.chosen", place=place_search.labelled(view, within))
                )
            )
        )
        st.button(words("downloads.clear"), key="clear-within", on_click=_clear, type="tertiary")
    return within


def _clear() -> None:
    st.session_state[WITHIN] = None


def counted(view: View, release: Release, wanted: FigureFilter) -> tuple[int, str]:
    """How many figures match, each published number once, and that as a sentence.

    Where they are more than a page gives out, the store counts them without reading them, and what
    came by two routes twice: then it is how many they are at most.
    """
    words = view.words
    count = cached.count_matching(release, release.id, wanted)
    if not count:
        return 0, words("downloads.none")
    if count > MOST:
        return count, words("downloads.at_most", count=words.number(count))
    count = cached.count_published(release, release.id, wanted)
    return count, words("downloads.count", count=words.number(count))
