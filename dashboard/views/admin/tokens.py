"""Read-only tokens: made, named and revoked; the token itself is seen once and stored nowhere."""

from html import escape
from typing import Final

import streamlit as st

from dashboard.components import markup
from dashboard.server.signin import Visitor
from dashboard.session import handover
from dashboard.session.urlstate import View
from data import settings
from data.handover import tokens
from data.handover.request import TOKEN, TOKEN_NAME, TOKEN_SHA256
from data.store import StoreProblem, Token, serving

LONGEST: Final = 80
"""Characters of a token's name."""
MADE: Final = "token-made"
"""The token that was made last and not yet copied, with its name: in this session alone."""


def show(view: View, who: Visitor, *, ready: bool) -> None:
    """The tokens there are, making one, revoking one."""
    words, given = view.words, settings.load()
    st.html(
        markup.block(
            markup.heading(words("admin.task.tokens")),
            markup.quiet_line(words("admin.tokens.intro")),
        )
    )
    try:
        found = serving(given.store, given.cache).tokens()
    except StoreProblem:
        st.html(markup.note(words("app.broken")))
        return
    _once(view)
    _make(view, who, ready=ready)
    if not found:
        st.html(markup.block(markup.quiet_line(words("admin.tokens.none"))))
        return
    listed = "".join(f"<li>{_line(view, token)}</li>" for token in reversed(found))
    st.html(markup.block(f"<ul>{listed}</ul>"))
    _revoke(view, who, [token for token in found if token.opens], ready=ready)


def _once(view: View) -> None:
    """The token that was just made, until whoever made it says that they have it."""
    made = st.session_state.get(MADE)
    if made is None:
        return
    words = view.words
    name, token = made
    st.html(markup.note(words("admin.tokens.once", name=name)))
    st.code(token, language=None, wrap_lines=True)
    if st.button(words("admin.tokens.copied"), key="token-copied"):
        del st.session_state[MADE]
        st.rerun()


def _make(view: View, who: Visitor, *, ready: bool) -> None:
    words = view.words
    name = " ".join(
        st.text_input(
            words("admin.tokens.name"), key="token-name", max_chars=LONGEST, autocomplete="off"
        ).split()
    )
    pressed = st.button(
        words("admin.tokens.make"),
        key="token-make",
        disabled=not (ready and name and MADE not in st.session_state),
    )
    if not pressed:
        return
    made = tokens.make()
    given = {TOKEN: made.id, TOKEN_NAME: name, TOKEN_SHA256: made.sha256}
    outcome = handover.hand_over("token", who, f"token {made.id}", given=given)
    if outcome is None:
        st.session_state[MADE] = (name, made.secret)
        st.rerun()
    st.html(markup.note(words("admin.not_handed_over"), markup.untranslated(outcome)))


def _revoke(view: View, who: Visitor, opening: list[Token], *, ready: bool) -> None:
    words = view.words
    if not opening:
        return
    by_id = {token.id: token for token in opening}
    wanted = st.selectbox(
        words("admin.tokens.which"),
        list(by_id),
        format_func=lambda id_: f"{by_id[id_].name} (nuzuh_{id_}_…)",
        key="token-which",
    )
    if not st.button(words("admin.tokens.revoke"), key="token-revoke", disabled=not ready):
        return
    outcome = handover.hand_over("revoke", who, f"revoke {wanted}", given={TOKEN: wanted})
    if outcome is None:
        st.rerun()
    st.html(markup.note(words("admin.not_handed_over"), markup.untranslated(outcome)))


def _line(view: View, token: Token) -> str:
    words = view.words
    made = words("admin.tokens.made", who=token.made_by, at=words.moment(token.made_at))
    state = words("admin.tokens.opens")
    if token.revoked_at is not None:
        at = words.moment(token.revoked_at)
        state = words("admin.tokens.revoked", who=token.revoked_by or "–", at=at)
    return (
        f"<strong><bdi>{escape(token.name)}</bdi></strong>: {escape(state)}"
        f'<br><span class="soft"><code>nuzuh_{escape(token.id)}_…</code> · {escape(made)}</span>'
    )
