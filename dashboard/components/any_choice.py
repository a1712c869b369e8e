"""A select box that asks of which group, measure or source figures are wanted, or of any."""

from collections.abc import Iterable, Mapping
from typing import Final

from dashboard.session import urlstate
from visuals.language.words import Words

ANY: Final = "any"


def of_codes(words: Words, key: str, codes: Iterable[str], prefix: str) -> str:
    """The chosen one of the codes of a vocabulary, or `ANY`; their names are `<prefix>.<code>`."""
    return of_names(words, key, {code: words(f"{prefix}.{code}") for code in codes})


def of_names(words: Words, key: str, names: Mapping[str, str]) -> str:
    """The chosen code, or `ANY`; `key` is the box's address parameter.

    Args:
        words: The reader's words.
        key: Of the box; its label is `downloads.<key>`.
        names: What readers see for each code.
    """
    return urlstate.choice(
        words(f"downloads.{key}"),
        [ANY, *names],
        key=key,
        name=lambda code: words("downloads.any") if code == ANY else names[code],
    )
