"""What stands before an office's figures: a page without script, and the same inside an open page.

The page is HTML of four kilobytes, so that whoever signs in over a thin line, or without script, is
not made to wait for a dashboard that they may not see.
"""

import time
from collections.abc import Mapping
from datetime import timedelta
from html import escape
from typing import Final
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import streamlit as st

from dashboard.server.signin import SignInConfig, Visitor
from visuals import tokens
from visuals.html import elements
from visuals.language.words import LANGUAGES, Words, reading

_COLOURS: Final = {
    "ink": tokens.INK,
    "soft": tokens.SOFT,
    "line": tokens.LINE,
    "ground": tokens.GROUND,
    "deed": tokens.ACCENT,
    "on-deed": tokens.ON_ACCENT,
}
# Written out: no script of Streamlit's runs here.
_CSS: Final = tokens.schemes(_COLOURS) + tokens.flat("""
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;background:var(--ground);
color:var(--ink);line-height:1.5;
font-family:"IBM Plex Sans","Tajawal",system-ui,"Noto Sans","Noto Sans Arabic",sans-serif}
header{display:flex;flex-wrap:wrap;justify-content:space-between;gap:var(--s2) var(--s5);
border-bottom:1px solid var(--line);padding:var(--s4) var(--s5)}
header b{font-size:var(--lead)}
header nav{display:flex;gap:var(--s4)}
main{margin:auto;padding:var(--s5) var(--s5) 4rem;width:100%;max-width:31rem}
h1{font-size:var(--title);line-height:1.2;margin:0 0 var(--s3)}
p{margin:var(--s3) 0;overflow-wrap:anywhere}
.soft{color:var(--soft);font-size:var(--small)}
.note{border-inline-start:3px solid currentColor;padding:var(--s1) var(--s4);margin:var(--s4) 0}
a{color:inherit;text-underline-offset:.18em}
a[aria-current]{font-weight:650;text-decoration:none}
a.deed{display:inline-block;margin:var(--s4) 0 var(--s2);margin-inline-end:var(--s5);
padding:var(--s3) var(--s5);
border-radius:4px;background:var(--deed);color:var(--on-deed);font-weight:600;
text-decoration:none}
a.deed:hover{text-decoration:underline}
:focus-visible{outline:2px solid currentColor;outline-offset:3px}
""")
_HOUR: Final = 3600
_GO: Final = "nuzuh/sign-in/go"
_PAGE: Final = "nuzuh/sign-in"
BUTTON: Final = "nuzuh-sign-in"
"""The key of the one button that whoever is not signed in may press."""
OUT: Final = "auth/logout"
"""Where a link signs out; Streamlit's own address."""


_ENDS: Final = "sign-in-ends"
_LONGEST_TIMER: Final = 2_000_000_000
"""Milliseconds that a browser's timer can count."""
_UNSEEN: Final = "<style>.st-key-watch { display: none; }</style>"
WATCH: Final = """
window.nuzuhEnds ??= setTimeout(function ended() {
  fetch("./nuzuh/health").then(() => location.reload(), () => setTimeout(ended, 60000));
}, Number(document.querySelector(".nz-ends").dataset.left));
"""
"""The same for everybody, so that the page's policy can name it."""


def language(asked: str | None, back: str | None, accepted: str | None) -> str:
    """The reader's language: as asked, as in the address they come for, as the browser says."""
    wanted = parse_qs(urlsplit(back or "").query).get("lang", [""])[0]
    steps = (back or "").split("/")
    for code in (asked, wanted, *steps):
        if code in LANGUAGES:
            return str(code)
    return reading(None, accepted)


def in_language(back: str, language: str) -> str:
    """A page of the dashboard in a language that was chosen before it."""
    parts = urlsplit(back)
    if parts.path.startswith("/nuzuh/"):
        return back
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name != "lang"]
    return f"{parts.path}?{urlencode([*kept, ('lang', language)])}"


def page(
    sign_in: SignInConfig,
    who: Visitor | None,
    language: str,
    back: str | None,
    *,
    failed: bool = False,
) -> str:
    """The page before the dashboard.

    Args:
        sign_in: How the office lets readers in.
        who: Who is signed in already, if only in no group that may read.
        language: The page's.
        back: Where the reader was going.
        failed: Whether they come from a sign-in that did not succeed.
    """
    words = Words(language)
    going = {"back": back} if back and back != "/" else {}
    parts = [f"<h1>{escape(words('signin.title'))}</h1>"]
    if failed and who is None:
        parts.append(f'<p class="note" role="alert">{escape(words("signin.failed"))}</p>')
    if who is None:
        parts += [
            f"<p>{escape(words('signin.intro'))}</p>",
            _action(sign_in, _GO, going, words("signin.button")),
        ]
        if sign_in.seconds >= _HOUR:
            lasts = words.span(timedelta(seconds=sign_in.seconds))
            parts.append(_soft(words("signin.lasts", span=lasts)))
    elif who.reads:
        on = _at(sign_in, (back or "/").removeprefix("/"), {})
        parts += [
            f"<p>{escape(words('signin.here', name=who.name))}</p>",
            f'<p><a class="deed" href="{on}">{escape(words("signin.on"))}</a>',
            f"{_out(sign_in, words)}</p>",
        ]
    else:
        sentence = escape(words("signin.outside", name=who.name))
        parts += [f'<p class="note" role="alert">{sentence}</p>', f"<p>{_out(sign_in, words)}</p>"]
    return (
        f'<!doctype html><html lang="{language}" dir="{words.direction}"><head>'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex"><link rel="icon" href="data:,">'
        f"<title>{escape(words('signin.title'))} – {escape(words('app.brand'))}</title>"
        f"<style>{_CSS}</style></head><body><header><b>{escape(words('app.brand'))}</b>"
        f"{_languages(sign_in, words, going)}</header><main>{''.join(parts)}</main></body></html>"
    )


def _languages(sign_in: SignInConfig, words: Words, going: Mapping[str, str]) -> str:
    links = []
    for code, name in LANGUAGES.items():
        here = ' aria-current="true"' if code == words.language else ""
        address = _at(sign_in, _PAGE, {**going, "lang": code})
        links.append(f'<a lang="{code}" href="{address}"{here}>{escape(name)}</a>')
    label = escape(words("app.language"), quote=True)
    return f'<nav aria-label="{label}">{"".join(links)}</nav>'


def _action(sign_in: SignInConfig, path: str, going: Mapping[str, str], label: str) -> str:
    return f'<p><a class="deed" href="{_at(sign_in, path, going)}">{escape(label)}</a></p>'


def _out(sign_in: SignInConfig, words: Words) -> str:
    return f'<a href="{_at(sign_in, OUT, {})}">{escape(words("signin.out"))}</a>'


def _soft(sentence: str) -> str:
    return f'<p class="soft">{escape(sentence)}</p>'


def _at(sign_in: SignInConfig, path: str, query: Mapping[str, str]) -> str:
    asked = f"?{urlencode(query)}" if query else ""
    return escape(f"{sign_in.address}/{path}{asked}", quote=True)


def show(words: Words) -> None:
    """The same inside an open page, whose reader's sign-in has ended."""
    _show(words, words("signin.title"), words("signin.ended"))


def show_lapsed(words: Words) -> None:
    """Inside an administrator's open page, once the provider has not confirmed them for long."""
    _show(words, words("admin.title"), words("signin.lapsed"))


def _show(words: Words, title: str, sentence: str) -> None:
    st.html(elements.block(elements.heading(title, 1), elements.paragraph(sentence)))
    st.button(words("signin.button"), key=BUTTON, on_click=st.login, type="primary")


def watch(who: Visitor) -> None:
    """Let the browser ask again when the sign-in ends: nobody may be there to press anything.

    A laptop that slept past the hour asks when it wakes; one without a line keeps its page until
    it has one. The time is sent once for the life of a page, so that a run sends nothing new.
    """
    left = st.session_state.setdefault(_ENDS, max(1, round((who.until - time.time()) * 1000)))
    ends = f'<span class="nz-ends" data-left="{min(left, _LONGEST_TIMER)}"></span>'
    with st.container(key="watch"):
        st.html(f"{_UNSEEN}{ends}<script>{WATCH}</script>", unsafe_allow_javascript=True)
