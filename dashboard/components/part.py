"""A part of a page that runs by itself, as long as what it was made of is what is served.

Streamlit runs such a part again with what it was given when the page was opened. A tab that is
left open all day would show the release of the morning, until its files are pruned.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

import streamlit as st

from dashboard.components import markup
from dashboard.session import cached
from dashboard.session.urlstate import View
from data.store import Release, StoreProblem

P = ParamSpec("P")


def rerun_alone(
    draw: Callable[Concatenate[View, Release, P], None],
) -> Callable[Concatenate[View, Release, P], None]:
    """Let a choice in this part move this part alone; with a new release the whole page moves.

    Args:
        draw: Draws the part for a reader out of a release.
    """

    @wraps(draw)
    def shown(view: View, release: Release, /, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            if cached.release().id != release.id:
                st.rerun()
            draw(view, release, *args, **kwargs)
        except StoreProblem:
            # Above this part stands the page of an earlier run, so that nobody else says it.
            st.html(markup.note(view.words("app.broken")))

    return st.fragment(shown)
