"""What reading claims knows of a language: words for numbers, times, places and people."""

from typing import Literal

from pipelines.extract.languages.lexicon import Lexicon
from pipelines.extract.languages.script import language_of

__all__ = ["Lexicon", "lexicon", "lexicon_of"]


def lexicon_of(text: str) -> Lexicon:
    """The lexicon of the language that most of a text is written in."""
    return lexicon(language_of(text))


def lexicon(language: Literal["ar", "en", "tr"]) -> Lexicon:
    """The lexicon of a language.

    Each is made when a text first needs it: a command that reads one report waits for one.
    """
    if language == "ar":
        from pipelines.extract.languages import arabic

        return arabic.LEXICON
    if language == "tr":
        from pipelines.extract.languages import turkish

        return turkish.LEXICON
    from pipelines.extract.languages import english

    return english.LEXICON
