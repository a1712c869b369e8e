"""What the bolder reader knows of a language: words for numbers, times, places and people."""

from pipelines.extract.languages.lexicon import Lexicon

__all__ = ["Lexicon", "lexicon_of"]


def lexicon_of(text: str) -> Lexicon:
    """The lexicon of the language that most of a text is written in."""
    from pipelines.extract.languages import arabic, english, turkish

    sample = text[:20_000]
    letters = sum(c.isalpha() for c in sample)
    if sum("\u0600" <= c <= "\u06ff" and c.isalpha() for c in sample) * 3 > letters:
        return arabic.LEXICON
    lower = sample.lower()
    marks = len(turkish.TELLING.findall(lower))
    return turkish.LEXICON if marks > len(english.TELLING.findall(lower)) else english.LEXICON
