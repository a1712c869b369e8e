"""Words beside which a number is no plain statement of a count. Pure."""

import re
from typing import Final

from pipelines.extract.numbers import Number

_DOUBT: Final = re.compile(
    r"\b(?:no[ \n]longer|not|never|nor|without|denied|den(?:y|ies)|cannot|unable|unlikely|could"
    r"|might|would|should|if|whether|expect(?:ed|s|ing)?|anticipat\w+|project(?:ed|ions?)"
    r"|forecast\w*|plan(?:s|ned|ning)?|potential(?:ly)?|risk|intend\w*|want|wish(?:es)?|hop(?:e|es|ing)"
    r"|likely|scenarios?|contingency|target\w*|appeal\w*|capacity|aims?|goals?|threat\w*"
    r"|worst-case|pledg\w*|propos(?:al|als|ed|es)|will|prepar\w+|assum\w+|rumou?r\w*|unconfirmed|unverified|alleged\w*"
    r"|claim(?:s|ed)?|can[ \n]be|estimat\w+[ \n]that[ \n]up|ready[ \n]to|elsewhere|each"
    r"|bringing|down[ \n]from|up[ \n]from|retract\w+|incorrect\w*|erroneous\w*|corrected|correction"
    r"|instead[ \n]of|rather[ \n]than|previously[ \n](?:reported|stated)|on[ \n]average|average"
    r"|double[ -]count\w*|daily|per[ \n]day)\b"
)
"""Words beside which a number is no plain statement of what happened."""
_BEYOND: Final = re.compile(r",[ \n](?:exceeding|surpassing|well[ \n]above|beyond)\b")
"""Behind a number: goes on about a plan that it went beyond, and is none itself."""
PROPOSED: Final = re.compile(r"\bproposals?[ \n](?:for|to)[ \n]")
"""Before the numbers of a proposal, however many it has."""
AID: Final = re.compile(
    r"\b(?:assist\w*|aid|food|tents?|kits?|cash|vaccin\w*|health|educat\w*|schools?|benefici\w*"
    r"|distribut\w*|provid\w*|support(?:s|ed|ing)?|deliver\w*|donat\w*|killed|injured|died|deaths?"
    r"|casualt\w*|wounded|detain\w*|arrest\w*|missing|students?|pupils?|patients?|water|bread|meals?"
    r"|rations?|litres?|interviewed|surveyed|assess(?:ed|ment)|screened|trained|fund\w*|protests?"
    r"|blankets|mattresses|trucks?|loans?|grants?|jobs|unemployed|malnourish\w*|bodies|need|needs|treatment"
    r"|hospitali[sz]ed|needed|served|benefit\w*|go-and-see|worldwide|globally"
    r"|receiv\w+[ \n](?:\w+[ \n])?(?:assistance|services))\b"
)
"""Words beside which people are counted for another reason than displacement."""
PROVIDED_TO: Final = re.compile(
    r"\b(?:distributed|delivered|provid(?:ed|ing)|dispatched|assistance|aid|food|cash|support|supplies"
    r"|sufficient|enough)\b[^.;]{0,80}\b(?:to|for)[ \n](?:\w+[ \n])?$"
)
"""Before people who were given something, displaced or not."""
GIVEN_TO: Final = re.compile(
    rf"{PROVIDED_TO.pattern}"
    r"|\b(?:reach|assist|help|serv)(?:ed|ing|e)?[ \n](?:\w+[ \n])?$"
)
"""Before people in need who were given something, and are not all who are in need."""
_BY_EVENTS: Final = re.compile(
    r"\b(?:caused|driven|triggered)[ \n]by[ \n][^.;]{3,50}"
    r"\b(?:evacuations?|offensives?|operations?),?[ \n]which\b"
)
"""Names in it are those of the event, and of no place where people came to."""
CAME_FROM: Final = re.compile(
    r"\b(?:last|previous|common)[ \n]places?[ \n]of[ \n](?:arrivals?|origin|departure|residence)\b"
)
"""Names behind it are where people came from, and not where they are."""
_COMPARED: Final = re.compile(
    r"\b(?:compared[ \n](?:to|with)|up[ \n]from|down[ \n]from|than[ \n](?:the[ \n])?$"
    r"|(?:increase|decrease|rise|drop|decline|reduction|fall|difference|growth)[ \n](?:of|by)"
    r"|(?:in|de)creas(?:ed|ing)[ \n]by|rose[ \n]by|fell[ \n]by|dropped[ \n]by|against|versus"
    r"|from[ \n](?:\w+[ \n])?$|by[ \n](?:\w+[ \n])?$"
    r"|out[ \n]of[ \n](?:the[ \n]|a[ \n]total[ \n]of[ \n])?$)"
)
_INCREMENT: Final = re.compile(
    r"[ \n]{0,3}(?:\w+[ \n])?(?:more|additional|further|fewer|less|extra|other)\b", re.IGNORECASE
)
_INCREMENT_BEFORE: Final = re.compile(
    r"\b(?:additional|further|another|extra|remaining|other|next|first|last)[ \n]$", re.IGNORECASE
)
_SHARE_BEFORE: Final = re.compile(
    r"\b(?:most|majority|half|many|some|few|part|portion|proportion|thirds?|quarters?|share|bulk"
    r"|remainder|rest|cent|percent|all|none|number|each|any)[ \n](?:of|among)[ \n]"
    r"(?:the[ \n]|these[ \n]|those[ \n])?(?:\w+[ \n])?$",
    re.IGNORECASE,
)
"""Before a number that is a whole of which the sentence tells a share."""
_SHARE_GIVEN: Final = re.compile(r"(?:%|per[ \n]?cent|percent)[ \n]\($", re.IGNORECASE)
_OF_THOSE: Final = re.compile(r"\)[ \n]of[ \n](?:the|these|those|them|all)\b")
"""Around a number that tells a share of others: "five per cent (37,000) of those returnees"."""
_REACHED_BEFORE: Final = re.compile(r"\breach(?:ed|ing)?[ \n](?:\w+[ \n]){0,2}$")
"""Before people whom somebody helped; after "the number" it tells of a count."""
ROSE_TO: Final = re.compile(r"\breach(?:ed|es)\b")
"""In "the number of displaced people reached 68,000": counted since some day, perhaps."""
_UNREAL: Final = re.compile(r"\b(?:not|never|if|could|might|would|expect\w*)\b")
_MORE_THAN: Final = re.compile(
    r"[ \n](?:more|fewer|less|higher|lower)[ \n]than\b|[ \n](?:increase|decrease)"
)
RECEIVED: Final = re.compile(
    r"[ \n](?:\w+[ \n])?receiv(?:e|ed|es|ing)[ \n]"
    r"(?!(?:about|around|some|over|more|nearly|by)\b|\d)"
)
"""Behind people who were given something; a place that received people stands before them."""
_TOO_FINE: Final = re.compile(
    r"\b(?:hard-to-reach|community|communities|villages?|neighbou?rhoods?|towns?|city|cities)\b"
)
_NOT_FINE: Final = re.compile(
    r"\b(?:humanitarian|international|host|home)[ \n]communit|communities[ \n]of[ \n]origin"
    r"|(?:to|their)[ \n](?:\w+[ \n]){0,3}communities"
)


_DEPENDENT: Final = re.compile(
    r"(?:,|[ \n][–-])[ \n](?:(?:many|most|some|several|half|all|the[ \n]majority)[ \n]"
    r"(?:of[ \n](?:which|whom|them|these)|likely|reportedly|living|residing|staying)"
    r"|(?:up|down)[ \n]from|even[ \n]though|although|though|despite|possibly|reportedly"
    r"|likely|indicating|suggesting)\b"
)
"""Opens an aside behind a number, whose words are none of its own."""


def bearing(lower: str, start: int, end: int, counted_end: int) -> str:
    """The words of a number that may put it in doubt: none of an aside behind it."""
    aside = _DEPENDENT.search(lower, max(start, counted_end), end)
    return lower[start : aside.start() if aside else end]


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
    aside = _BEYOND.search(lower, counted_end, end)
    mine = bearing(lower, start, aside.start() if aside else end, counted_end)
    lead = lower[max(0, start - 40) : start]
    ahead = text[: number.phrase_start]
    return (
        _DOUBT.search(mine) is not None
        or PROPOSED.search(lower[: number.phrase_start]) is not None
        or _UNREAL.search(lead) is not None
        or _COMPARED.search(lower[start : number.phrase_start]) is not None
        or (
            _REACHED_BEFORE.search(lower[: number.phrase_start]) is not None
            and not re.search(
                r"\b(?:numbers?|total|figure|movements|returns|arrivals|displacements?)\b",
                lower[start : number.phrase_start],
            )
        )
        or CAME_FROM.search(lower) is not None
        or _BY_EVENTS.search(lower) is not None
        or _INCREMENT.match(text, number.end) is not None
        or _SHARE_BEFORE.search(ahead) is not None
        or _INCREMENT_BEFORE.search(ahead) is not None
        or (
            _SHARE_GIVEN.search(ahead) is not None and _OF_THOSE.match(text, number.end) is not None
        )
        or RECEIVED.match(lower[counted_end : counted_end + 40]) is not None
        or _MORE_THAN.match(lower[counted_end : counted_end + 20]) is not None
        or (_TOO_FINE.search(mine) is not None and _NOT_FINE.search(mine) is None)
    )
