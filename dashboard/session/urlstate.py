"""Choices that live in the address, as codes, so that a link shows the same in any language.

Whatever an address holds, nothing here raises: a value that is not offered means the default.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import streamlit as st

from dashboard.session import day_box
from data.store import FigureFilter
from visuals.html import elements
from visuals.language.words import LANGUAGES, Words, preferred

EARLIEST: Final = date(2011, 1, 1)
LANG: Final = "lang"
KNOWN: Final = "known"
UNDATED: Final = "undated"
YES: Final = "1"
OWN: Final = frozenset({LANG, KNOWN, UNDATED})
"""What of an address every page's link says anew."""
FIRST: Final = "situation"
GO: Final = "go"
"""Where a followed link leads, until the page is switched."""
HERE: Final = "here"
"""The page that this session is on."""
UNCHANGED: Final = object()
"""An address that is as the session left it."""
_WROTE: Final = "wrote-"
_REFUSED: Final = "refused-"
OPEN: Final = "open"
"""Which part of the page is unfolded."""
PASSING: Final = frozenset({"format", OPEN})
"""Choices that change a file and not what is on the screen."""


@dataclass(frozen=True)
class View:
    """What every page needs to know of its reader."""

    words: Words
    known: date | None
    """Show what was known at the end of that day; None for now."""
    today: date
    undated: bool = False
    """As known on a day, show figures whose day of publication nobody knows as well."""

    @property
    def day(self) -> date:
        """The day the page speaks from."""
        return self.known or self.today

    @property
    def key(self) -> tuple[str, date | None, date, bool]:
        """Everything that a page may say differently to another reader of the same release."""
        return self.words.language, self.known, self.today, self.undated

    def wanted(self, **asked: Any) -> FigureFilter:
        """A question to a release, as known on this reader's day."""
        return FigureFilter(**asked, as_known_on=self.known, undated=self.undated)

    def link(self, page: str, **choices: str | None) -> str:
        """The address of a page with this reader's language and day."""
        given = {
            LANG: self.words.language,
            KNOWN: self.known.isoformat() if self.known else None,
            UNDATED: YES if self.undated else None,
        }
        query = urlencode({k: v for k, v in (given | choices).items() if v})
        # The first page has no name in the address: Streamlit calls its own name "not found".
        return f"./{'' if page == FIRST else page}?{query}"


def view() -> View:
    """The reader's language and day, from the address first, then the browser."""
    today = datetime.now(UTC).date()
    own = preferred(st.context.locale)
    given = _arrived(LANG)
    if given is not UNCHANGED or st.session_state.get(LANG) not in LANGUAGES:
        st.session_state[LANG] = given if given in LANGUAGES else own
    given = _arrived(KNOWN)
    if given is not UNCHANGED or KNOWN not in st.session_state:
        st.session_state[KNOWN] = read_day(_text(given), today)
        refuse(KNOWN, _text(given), taken=st.session_state[KNOWN] is not None)
    known = st.session_state[KNOWN]
    write(LANG, st.session_state[LANG], default=own)
    write(KNOWN, known.isoformat() if known else None)
    given = _arrived(UNDATED)
    if given is not UNCHANGED or UNDATED not in st.session_state:
        st.session_state[UNDATED] = given == YES
    # Now, every figure is shown: the choice is about a past day alone.
    undated = bool(known and st.session_state[UNDATED])
    write(UNDATED, YES if undated else None)
    return View(Words(st.session_state[LANG]), known, today, undated)


def read_day(text: str | None, today: date) -> date | None:
    """A day of an address; None where it is none, or lies outside what can be known."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if EARLIEST <= day <= today else None


@dataclass(frozen=True)
class Link:
    """A page of the dashboard and what its address chooses."""

    page: str
    choices: dict[str, str]


def read_link(address: str) -> Link:
    """The page and the choices that an address of `View.link` names."""
    parts = urlsplit(address)
    page = parts.path.removeprefix("./").strip("/") or FIRST
    return Link(page, dict(parse_qsl(parts.query)))


def forget_choices() -> None:
    """Drop every choice of this session, so that the address alone says what to show."""
    for key in list(st.session_state.keys()):
        del st.session_state[key]


def permanent_address(view: View, **chosen: str) -> str:
    """The full address of what is on the screen, as it is known on the day that is shown.

    Whoever opens it later sees the same figures, whatever was published since.

    Args:
        view: The reader.
        chosen: Choices that the address leaves out since they are the page's own.
    """
    here = urlsplit(st.context.url or "")
    choices = {k: v for k, v in st.query_params.to_dict().items() if k not in PASSING}
    choices |= chosen | {LANG: view.words.language, KNOWN: view.day.isoformat()}
    return urlunsplit((here.scheme, here.netloc, here.path or "/", urlencode(choices), ""))


def write(key: str, value: str | None, default: str | None = None) -> None:
    """Put a choice in the address, or take it out.

    The default is never put there: each write is a step of the browser's history, and who has
    chosen nothing leaves the page with one press of Back. What was refused stays as it is, so
    that the page goes on saying so until the reader chooses.
    """
    held = st.query_params.get(key)
    same = held is not None and value is not None and held.casefold() == value.casefold()
    if value is None or value == default:
        if held is not None and not same and not is_refused(key):
            del st.query_params[key]
    elif not same:
        st.query_params[key] = value
    st.session_state[_WROTE + key] = st.query_params.get(key)


def refuse(key: str, given: str | None, *, taken: bool) -> None:
    """Note whether what an address says of a choice was taken or refused."""
    st.session_state[_REFUSED + key] = None if taken else given


def is_refused(key: str) -> bool:
    """Whether the address holds a value for a choice that the page does not offer."""
    held = st.query_params.get(key)
    return held is not None and st.session_state.get(_REFUSED + key) == held


def _arrived(key: str) -> object:
    """What a reader brought by link or by going back: a text, or None where it left the address.

    `UNCHANGED` where the address is as this session left it.
    """
    given = st.query_params.get(key)
    return UNCHANGED if given == st.session_state.get(_WROTE + key) else given


def _text(given: object) -> str | None:
    return given if isinstance(given, str) else None


def _among(given: str | None, codes: Sequence[str]) -> str | None:
    """The code that an address means, whatever the case of its letters."""
    if given is None or given in codes:
        return given
    return next((code for code in codes if code.casefold() == given.casefold()), None)


def choice(
    label: str, codes: Sequence[str], *, key: str, name: Callable[[str], str], default: int = 0
) -> str:
    """A select box whose address parameter is the code, whatever language it is shown in.

    Streamlit's own binding would write the translated label, which dies in another language.
    Where the address names what is not offered, a sentence says so and what is shown instead.

    Args:
        label: Shown above the box.
        codes: What may be chosen; at least one.
        key: Widget key and address parameter.
        name: The reader's name for a code.
        default: Index of the code for an address that names none, or an unknown one.
    """
    chosen = current_choice(key, codes, codes[default])
    spoken = f"spoken-{key}"
    if st.session_state.get(spoken) != st.session_state.get(LANG):
        # Said anew, or the box would go on naming its choice in the language before.
        st.session_state[key] = chosen
        st.session_state[spoken] = st.session_state.get(LANG)
    chosen = str(st.selectbox(label, codes, key=key, format_func=name))
    write(key, chosen, default=codes[default])
    if is_refused(key):
        say_refused(label, name(chosen))
    return chosen


def current_choice(key: str, codes: Sequence[str], default: str) -> str:
    """The code that is chosen: the address's where it is new there, else the reader's.

    Where neither is offered, the default; what is chosen is in the session afterwards.
    """
    given = _arrived(key)
    if given is UNCHANGED and st.session_state.get(key) not in codes:
        # After a lost line the browser names its choice in words, maybe of the language before:
        # the address has the code still.
        given = st.query_params.get(key)
    if given is not UNCHANGED:
        meant = _among(_text(given), codes)
        refuse(key, _text(given), taken=meant is not None)
        st.session_state[key] = default if meant is None else meant
    return str(st.session_state[key])


def say_refused(label: str, shown: str) -> None:
    """Say that the address asked for what is not offered, and what is shown instead."""
    words = Words(st.session_state[LANG])
    st.html(elements.note(words("address.not_offered", choice=label, shown=shown)))


def arrived_day(key: str, today: date) -> date | None:
    """A day that is new in the address, also where it was left out; None where it is as it was."""
    given = _arrived(key)
    if given is UNCHANGED:
        return None
    st.session_state.pop(key, None)
    read = read_day(_text(given), today)
    refuse(key, _text(given), taken=read is not None)
    return read


def day(view: View, label: str, *, key: str) -> date | None:
    """A day to choose, or none; in the address."""
    given = _arrived(key)
    if given is not UNCHANGED or key not in st.session_state:
        st.session_state[key] = read_day(_text(given), view.today)
        refuse(key, _text(given), taken=st.session_state[key] is not None)

    def take(given: str) -> None:
        st.session_state[key] = read_day(given, view.today)

    chosen: date | None = st.session_state[key]
    day_box.show(label, chosen, take, key=f"{key}-box", earliest=EARLIEST, latest=view.today)
    write(key, chosen.isoformat() if chosen else None)
    if is_refused(key):
        say_refused(label, view.words("address.no_day"))
    return chosen


def remember_choice(key: str, value: str) -> None:
    """Choose what `remembered_choice` gives from now on."""
    st.session_state[f"asked-{key}"] = value
    write(key, value)


def remembered_choice(key: str) -> str | None:
    """A value of the address that survives a change of language or day on the same page."""
    given = _arrived(key)
    if given is not UNCHANGED:
        st.session_state[f"asked-{key}"] = given
    held: str | None = st.session_state.get(f"asked-{key}")
    write(key, held)
    return held
