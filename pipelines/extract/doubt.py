"""Words beside which a number is no plain statement of a count. Pure."""

import re
from typing import Final

from pipelines.extract import topics
from pipelines.extract.numbers import Number

_UNREAL: Final = re.compile(r"\b(?:not|never|if|could|might|would|expect\w*)\b")
_MORE_THAN: Final = re.compile(
    r"[ \n](?:more|fewer|less|higher|lower)[ \n]than\b|[ \n](?:increase|decrease)"
)
RECEIVED: Final = re.compile(
    r"[ \n](?:\w+[ \n])?receiv(?:e|ed|es)[ \n](?!(?:about|around|some|over|more|nearly)\b|\d)"
)
"""Behind people who were given something; a place that received people stands before them."""
_TOO_FINE: Final = re.compile(
    r"\b(?:community|communities|villages?|neighbou?rhoods?|towns?|city|cities)\b"
)
_NOT_FINE: Final = re.compile(
    r"\b(?:humanitarian|international|host|home)[ \n]communit|communities[ \n]of[ \n]origin"
    r"|(?:to|their)[ \n](?:\w+[ \n]){0,3}communities"
)


def doubtful(
    text: str, lower: str, number: Number, part: tuple[int, int], counted_end: int
) -> bool:
    """Whether a word puts a number in doubt, compares it or makes it an addition.

    Args:
        text: The sentence.
        lower: The same in lower case, dates blanked.
        number: The number.
        part: Where the words that belong to it begin and end.
        counted_end: Where its noun ends.
    """
    start, end = part
    mine, lead = lower[start:end], lower[max(0, start - 40) : start]
    ahead = text[: number.phrase_start]
    return (
        topics.DOUBT.search(mine) is not None
        or _UNREAL.search(lead) is not None
        or topics.COMPARED.search(lower[start : number.phrase_start]) is not None
        or (
            topics.REACHED_BEFORE.search(lower[: number.phrase_start]) is not None
            and not re.search(
                r"\b(?:numbers?|total|figure|movements|returns|arrivals|displacements?)\b",
                lower[start : number.phrase_start],
            )
        )
        or topics.INCREMENT.match(text, number.end) is not None
        or topics.SHARE_BEFORE.search(ahead) is not None
        or topics.INCREMENT_BEFORE.search(ahead) is not None
        or RECEIVED.match(lower[counted_end : counted_end + 40]) is not None
        or _MORE_THAN.match(lower[counted_end : counted_end + 20]) is not None
        or (_TOO_FINE.search(mine) is not None and _NOT_FINE.search(mine) is None)
    )
