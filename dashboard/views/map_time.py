"""The times of a map: a slider with a button on either side."""

from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st

from dashboard.components import markup
from dashboard.session import urlstate
from dashboard.session.urlstate import View

DAY: Final = "day"


def moment(view: View, codes: list[str], names: dict[str, str]) -> str:
    """The reader's time: a slider with a button on either side; the newest at first."""
    words = view.words
    urlstate.current_choice(DAY, codes, codes[-1])
    at = codes.index(st.session_state[DAY])
    if len(codes) == 1:
        urlstate.write(DAY, codes[0], default=codes[0])
        st.html(markup.block(markup.quiet_line(names[codes[0]])))
        return codes[0]
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="map-time"):
        arrows = ("chevron_left", "chevron_right")
        back, on = reversed(arrows) if words.rtl else arrows
        _step(words("map.earlier"), "earlier", back, codes, at - 1)
        st.select_slider(words("map.date"), codes, key=DAY, format_func=names.__getitem__)
        _step(words("map.later"), "later", on, codes, at + 1)
    chosen = str(st.session_state[DAY])
    urlstate.write(DAY, chosen, default=codes[-1])
    if urlstate.is_refused(DAY):
        urlstate.say_refused(words("map.date"), names[chosen])
    return chosen


def player(codes: Sequence[str]) -> Callable[[int], None]:
    """What a map that plays asks for the time of a turn with."""

    def play(turn: int) -> None:
        if 0 <= turn < len(codes):
            st.session_state[DAY] = codes[turn]

    return play


def _step(label: str, way: str, icon: str, codes: list[str], to: int) -> None:
    def go() -> None:
        st.session_state[DAY] = codes[to]

    st.button(
        label,
        icon=f":material/{icon}:",
        key=f"map-{way}",
        on_click=go,
        disabled=not 0 <= to < len(codes),
        width="content",
    )
