"""The words of a page. Pure."""

import re
from html.parser import HTMLParser
from typing import Final

_BLOCKS_WORDS: Final = """
    p div li ul ol h1 h2 h3 h4 h5 h6 tr td th table section article header footer br title
    blockquote figure figcaption main aside dl dt dd
"""
_BLOCKS: Final = frozenset(_BLOCKS_WORDS.split())
_SILENT: Final = frozenset({"script", "style", "noscript", "template", "svg"})
_VOID: Final = frozenset({"br"})


def html_text(html: str) -> str:
    """The words of a page, a blank line between its blocks; scripts and styles left out."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.words)).strip()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BLOCKS:
            self.words.append("\n" if tag in _VOID else "\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCKS:
            self.words.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(re.sub(r"\s+", " ", data))
