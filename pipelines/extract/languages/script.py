"""Which language a text is written in, and the one form of Arabic letters. Pure.

Apart from the lexicons, so that a text in one language does not wait for the words of the others.
"""

import re
from typing import Final, Literal

ENGLISH: Final = re.compile(
    r"\b(?:the|of|and|in|were|have|from|to|by|under|with|for|on|as|is|was|has|people|syrians"
    r"|refugees|displaced)\b"
)
# A letter of its own in a word, and not in a name: an English text names Şanlıurfa too.
TURKISH: Final = re.compile(
    r"\b[a-zçöü]*[ışğçöü]|\d'[a-zıiü]{1,4}\b|\b(?:ve|bir|bu|ile|için|olarak|bin|milyon|kişi|yerinden|suriye|göre|aile)\b"
)
_NAME: Final = re.compile(r"\b[A-ZÇĞİÖŞÜ][\w']*")
SAMPLE: Final = 20_000
_ALIKE: Final = str.maketrans("أإآٱىةیک", "اااايهيك")
_MARKS: Final = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u0640]")


def language_of(text: str) -> Literal["ar", "en", "tr"]:
    """The language that most of a text is written in."""
    sample = text[:SAMPLE]
    letters = sum(c.isalpha() for c in sample)
    if sum("\u0600" <= c <= "\u06ff" and c.isalpha() for c in sample) * 3 > letters:
        return "ar"
    words = _NAME.sub(" ", sample) if sample != sample.upper() else sample.lower()
    turkish, english = len(TURKISH.findall(words)), len(ENGLISH.findall(sample.lower()))
    return "tr" if turkish > english else "en"


def lower_case(text: str) -> str:
    """The text in lower case, each character in its place: İ, which becomes two, stays."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def bare(text: str) -> tuple[str, list[int]]:
    """The text without vowel marks, one form of each letter, and where each character stood."""
    kept = [(c, n) for n, c in enumerate(text) if not _MARKS.match(c)]
    return "".join(c for c, _ in kept).translate(_ALIKE), [n for _, n in kept]
