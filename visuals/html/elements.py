"""Small pieces of HTML that pages and editions share. Whatever comes from data is escaped here."""

from collections.abc import Iterable, Mapping
from datetime import date
from html import escape
from typing import Any, Final, Protocol

from visuals.language import figure_text
from visuals.language.words import Words


class Reader(Protocol):
    """Who reads: a tab of the dashboard, or a page of an edition."""

    @property
    def words(self) -> Words:
        """The reader's words."""
        ...

    @property
    def known(self) -> date | None:
        """Show what was known at the end of that day; None for now."""
        ...

    @property
    def day(self) -> date:
        """The day the page speaks from."""
        ...

    def link(self, page: str, **choices: str | None) -> str:
        """The address of another page for the same reader; "" where there is none."""
        ...


def anchor(address: str, label: str) -> str:
    """A link to another page of ours, in the same tab."""
    return f'<a href="{escape(address, quote=True)}" target="_self">{escape(label)}</a>'


def frame(address: str, title: str, width: int, height: int) -> str:
    """An `<iframe>` to paste into another site: as narrow as a phone, and nothing in it may run."""
    return (
        f'<iframe src="{escape(address, quote=True)}" title="{escape(title, quote=True)}" '
        f'width="{width}" height="{height}" style="max-width:100%;border:0" loading="lazy" '
        'sandbox="allow-popups" referrerpolicy="no-referrer"></iframe>'
    )


def external_link(address: str) -> str:
    """A publisher's address; only what is really a web address becomes a link."""
    shown = f"<code>{escape(address)}</code>"
    if not address.startswith(("https://", "http://")):
        return shown
    return f'<a href="{escape(address, quote=True)}" rel="noreferrer">{shown}</a>'


def untranslated(sentence: str) -> str:
    """Words that stay English in every language (a publisher's, a command's), marked as such."""
    return f'<span lang="en" dir="ltr">{escape(sentence)}</span>'


def note(sentence: str, more: str = "") -> str:
    """A sentence that must not be overlooked; `more` is HTML."""
    return f'<div class="nz nz-note" role="status"><p>{escape(sentence)} {more}</p></div>'


def to_figure(reader: Reader, figure: Mapping[str, Any], label: str | None = None) -> str:
    """The number, linked to its provenance."""
    shown = label if label is not None else figure_text.value(reader.words, figure)
    return anchor(reader.link("figure", figure=str(figure["figure_id"])), shown)


def to_place(reader: Reader, code: str) -> str:
    """A place's name, linked to its page where the reader has one."""
    address, name = reader.link("place", place=code), reader.words.place(code)
    return anchor(address, name) if address else escape(name)


def tags(labels: Iterable[str]) -> str:
    """Caveats and the like as small tags; nothing where there are none."""
    inner = "".join(f'<span class="nz-chip">{escape(label)}</span>' for label in labels)
    return f'<div class="nz-chips">{inner}</div>' if inner else ""


DERIVED: Final = ("sum", "difference", "share", "rate", "usual", "count")
"""How a number came about that no publisher printed; a test finds no other one on any page."""


def derived(kind: str, shown: str) -> str:
    """A number of ours, marked with how it was made: one of `DERIVED`."""
    if kind not in DERIVED:
        raise ValueError(f"{kind} is no way to make a number: {', '.join(DERIVED)}")
    return f'<span data-derived="{kind}">{escape(shown)}</span>'


def derived_link(kind: str, link: str) -> str:
    """The same where the number leads somewhere; `link` is the HTML of one link."""
    return derived(kind, "\0").replace("\0", link)


def block(*parts: str) -> str:
    """Parts of a page as one element."""
    return f'<div class="nz">{"".join(parts)}</div>'


def heading(words: str, level: int = 2) -> str:
    """A heading."""
    return f"<h{level}>{escape(words)}</h{level}>"


def paragraph(sentence: str) -> str:
    """A line of full weight."""
    return f"<p>{escape(sentence)}</p>"


def alone(link: str) -> str:
    """A link on a line of its own, with room for a finger where fingers are."""
    return f'<p class="nz-alone">{link}</p>'


def quiet_line(sentence: str) -> str:
    """A line of lesser weight."""
    return f'<p class="soft">{escape(sentence)}</p>'
