"""Find a place by any of its names, in Latin or Arabic letters, with the keyboard alone."""

from collections.abc import Callable
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from dashboard.components import markup
from dashboard.session import cached, urlstate
from dashboard.session.urlstate import View
from data.gazetteer import places, search
from visuals.language import area_text

HITS: Final = 12


def pick(view: View, key: str, label: str) -> None:
    """A box to type a name into, and the places found as buttons that choose one.

    The search runs on the server: Streamlit's own lists are searched in the browser by their
    labels, letter by letter, where Idlib would not find İdlib nor ادلب.

    Args:
        view: The reader.
        key: Where the chosen code goes in the session: the key of a choice of the address.
        label: Of the box.
    """
    words = view.words
    typed = st.text_input(
        label,
        key=f"{key}-typed",
        placeholder=area_text.examples(words, cached.area()),
        help=words("search.help"),
    )
    if not typed.strip():
        return
    hits = search.find(typed, words.language, limit=2 * HITS)
    # A town and a crossing lead to the sub-district that they lie in.
    leads = [hit.entry.place_code if hit.entry.kind != "place" else hit.entry.code for hit in hits]
    found = list(dict.fromkeys(code for code in leads if code is not None))[: HITS + 1]
    if not found:
        st.html(markup.note(words("search.nothing")))
        return
    with st.container(horizontal=True, gap="small"):
        for code in found[:HITS]:
            st.button(
                labelled(view, code),
                key=f"{key}-to-{code}",
                on_click=_choose,
                args=(key, code),
                width="content",
            )
    if len(found) > HITS:
        st.html(markup.block(markup.quiet_line(words("search.more", count=words.number(HITS)))))


def labelled(view: View, code: str) -> str:
    """A place in the reader's language and the other script, with the one above it and its kind."""
    words = view.words
    row = places.row(code)
    own = words.place(code)
    other = row["name_en" if words.rtl else "name_ar"]
    both = own if pd.isna(other) or other == own else f"{own} · {other}"
    parent = row["parent_code"]
    above = words.kind(code)
    if pd.notna(parent) and parent != code:
        above = words("search.above", kind=above, parent=words.place(str(parent)))
    return words("place.inside", place=both, parent=above)


def places_from_core() -> list[str]:
    """The places of the area, from the core outwards: the short list beside the search."""
    area = cached.area()
    codes = [*area.core, *area.border, *area.around, *area.behind, *area.regions, *area.countries]
    return list(dict.fromkeys(code for code in codes if places.is_known_code(code)))


def choose(view: View, label: str, name: Callable[[str], str] | None = None) -> str:
    """The place of the address, one that was searched for, or one of the area.

    Args:
        view: The reader.
        label: Of the short list beside the search.
        name: What the list calls a place; without, its name with the one above it.
    """
    pick(view, "place", view.words("search.label"))
    codes = places_from_core()
    for asked in (st.query_params.get("place"), st.session_state.get("place")):
        meant = places.written(asked or "")
        if meant is not None and meant not in codes:
            codes.append(meant)
    named = name or partial(_inside_parent, view)
    return urlstate.choice(view.words(label), codes, key="place", name=named)


def _inside_parent(view: View, code: str) -> str:
    """A place with the one above it, since names repeat."""
    parent = places.row(code)["parent_code"]
    name = view.words.place(code)
    if pd.isna(parent) or parent == code:
        return name
    return view.words("place.inside", place=name, parent=view.words.place(str(parent)))


def _choose(key: str, code: str) -> None:
    st.session_state[key] = code
    st.session_state[f"{key}-typed"] = ""
