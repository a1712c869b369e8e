"""A sentence cut into its numbers, each with the words that belong to it. Pure."""

import re
from collections.abc import Sequence
from typing import Final

from pipelines.extract.claim_reading.model import Clause
from pipelines.extract.languages import Lexicon
from pipelines.extract.numbers import Number, in_brackets
from pipelines.extract.places import Mention
from pipelines.extract.prose import AHEAD, FOLLOWED, MOVES_OF, VERB

_OR: Final = frozenset(
    {"or", ", or", "(", "/", "in", "اي", "، اي", "yani", ", yani"}
    | {"- اي", "– اي", "ما يعادل", "اي ما يعادل", "، اي ما يعادل", "او ما يقابل", "ما يقابل"}
)
_NEAR_NOUN: Final = 60
"""Characters behind a number within which its noun stands."""


def clauses_of(
    lower: str, numbers: Sequence[Number], mentions: Sequence[Mention], lexicon: Lexicon
) -> list[Clause]:
    """Each number of a sentence with its noun and its words."""
    starts: list[int] = []
    ends: list[tuple[str | None, int]] = []
    after = 0
    for i, number in enumerate(numbers):
        turn = AHEAD.search(lower, 0, number.phrase_start) if lexicon.code == "en" else None
        first = turn.start() if turn else 0
        if turn is None and lexicon.code == "en":
            joined = _AND_AHEAD.search(lower[: number.phrase_start])
            first = joined.start("and") if joined else 0
        starts.append(_start(lower, after, number, mentions, lexicon) if i else first)
        stop = numbers[i + 1].phrase_start if i + 1 < len(numbers) else len(lower)
        behind = _noun(lower, number, stop, lexicon)
        ends.append(behind)
        foreign = behind[0] is None and lexicon.cues["thing"].match(lower, number.phrase_end + 1)
        if i and starts[i] == after and foreign and not lexicon.noun_follows:
            # "68,000 people were displaced by attacks that hit 1,400 locations": the words between
            # are the people's.
            starts[i] = number.phrase_start
        total = _BRINGING.search(lower[: number.phrase_start], after)
        if total is not None and lexicon.code == "en":
            starts[i] = total.start()
        after = max(behind[1], number.phrase_end)
    stops = [*starts[1:], len(lower)]
    for i in range(len(numbers) - 1):
        if _twins(lower, ends[i], ends[i + 1], numbers[i + 1]):
            # "2,100 families, or 10,500 people, left": both have the same words.
            starts[i + 1], stops[i] = starts[i], stops[i + 1]
    found = []
    for i, number in enumerate(numbers):
        stop = stops[i]
        noun, end = ends[i]
        if noun in ("idps", "people") and MOVES_OF.search(lower, starts[i], number.phrase_start):
            noun = "moves"
        own = noun is not None
        if noun in (None, "people"):
            # "The number of IDPs … stood at 944,801 people": the first noun tells more.
            ahead = _noun_before(lower, starts[i], number, lexicon)
            noun = ahead if noun is None or ahead in ("idps", "syrians", "refugees") else noun
            own = noun is not None
        if lexicon.code == "ar" and _NUMBER_OF_IDPS.search(lower, 0, number.phrase_start):
            noun, own = "idps", True
        level = lexicon.noun_follows and _LEVEL.match(lower, number.phrase_end)
        if noun in (None, "people") and level:
            subject = _noun_before(lower, 0, number, lexicon)
            noun = subject if noun is None or subject in _TELLING else noun
        if noun == "people" and lexicon.code == "ar" and _TO_NUMBER.search(lower[: number.start]):
            subject = _noun_before(lower, 0, number, lexicon)
            noun = subject if subject in _TELLING else noun
        if lexicon.code == "en" and in_brackets(lower, number):
            beside = _beside(lower, number, lexicon) or noun or _of_predicate(lower, number)
            noun, own = beside, beside is not None
        if noun is None:
            noun = _of_list(lower, numbers[i:], [n for n, _ in ends[i:]])
        if noun is None and lexicon.noun_follows:
            noun = next((n for n, _ in ends[i + 1 :] if n), None)
        if noun is None:
            noun = next((n for n, _ in reversed(ends[:i]) if n), None)
        found.append(Clause(number, starts[i], max(stop, number.end), noun, end, own))
    return found


_AND_AHEAD: Final = re.compile(
    r"(?<=[ \n])(?:are|is|were|was|have|has|had|continued?)[ \n][^.;:]*?(?P<and>[ \n]and[ \n])$"
)
"""In front of a sentence's first number: what stands before it has a verb of its own."""
_BRINGING: Final = re.compile(
    r"\bbringing[ \n](?:the[ \n])?(?:(?:total|overall)[ \n])?(?:number|total|count)\b[^.;:\d]{0,90}"
    r"\bto[ \n]$"
)
"""Opens what a count has come to, whoever is named between: "bringing the number of … to"."""
_LEVEL: Final = re.compile(
    r"'?\w{0,4}[ \n](?:kişi\w{0,3}[ \n])?(?:düş|geril|çık|yüksel|ulaş|indi|oldu|olmuş)"
)
"""Behind the level that a subject reached: "Suriyelilerin sayısı … 2 milyon 888 bine düştü"."""
_NUMBER_OF_IDPS: Final = re.compile(r"(?:عدد|اعداد)[ \n]النازحين(?:[ \n]\w+){0,2}[ \n]$")
"""Right before a number, in Arabic; "the movement of displacement" may stand before it."""
_TELLING: Final = ("idps", "syrians", "refugees")
_TO_NUMBER: Final = re.compile(r"(?<!\w)الي[ \n](?:نحو[ \n])?$")
"""Before it, in Arabic: "fell … to two million and 699 thousand people"."""
_LISTED: Final = re.compile(r"[ \n]?[,،]?[ \n]?(?:(?:and|ve)[ \n]|و[ \n]?)?")


def _of_list(lower: str, numbers: Sequence[Number], nouns: Sequence[str | None]) -> str | None:
    """The noun behind the last of numbers that stand side by side: "952,500 and 671,600 people"."""
    for one, other, noun in zip(numbers, numbers[1:], nouns[1:], strict=False):
        if not _LISTED.fullmatch(lower, one.phrase_end, other.phrase_start):
            return None
        if noun:
            return noun
    return None


_PREDICATE: Final = re.compile(
    r"\b(?:(?:highest|largest|lowest|greatest)[ \n]numbers?[ \n]of|(?:the[ \n]total|most))[ \n]"
    r"(?:reported[ \n])?(?:idp[ \n])?(?P<noun>arrivals|departures|returns|srs|movements)\b"
)
_SERIES_NOUNS: Final = {"srs": "returns", "movements": "moves"}


def _beside(lower: str, number: Number, lexicon: Lexicon) -> str | None:
    """The noun right before a bracket: "SR arrivals (2,070) and IDP arrivals (5,707)"."""
    end = number.start - len(" (")
    found = [
        (match.start(), noun)
        for pattern, noun in lexicon.nouns
        for match in pattern.finditer(lower, max(0, end - 30), end)
        if match.end() == end
    ]
    return min(found)[1] if found else None


def _of_predicate(lower: str, number: Number) -> str | None:
    """The noun of "Zarbah (4,891) and Dana (3,688) reported the highest number of arrivals"."""
    found = _PREDICATE.search(lower, number.end)
    return _SERIES_NOUNS.get(found["noun"], found["noun"]) if found else None


def _twins(
    lower: str, one: tuple[str | None, int], other: tuple[str | None, int], number: Number
) -> bool:
    """Whether a number tells the people of the families before it, or the other way round."""
    nouns = {one[0], other[0]}
    between = lower[one[1] : number.phrase_start].strip()
    return "families" in nouns and len(nouns) > 1 and between in _OR


def _start(
    lower: str, after: int, number: Number, mentions: Sequence[Mention], lexicon: Lexicon
) -> int:
    """The last connective before a number; the place right before a bracket belongs to it."""
    until = number.phrase_start
    found, cut = after, False
    held = lower[after:until].rstrip()
    if held.endswith(("(", ":", " –", " -")):
        edge = after + len(held[:-1].rstrip())
        beside = [m for m in mentions if after <= m.start and 0 <= edge - m.end <= 1]
        if held.endswith(":") and lexicon.code == "en":
            # "displaced in north-western Syria: 163,000 within Idleb" is no label.
            beside = [m for m in beside if m.role == "none"]
        if beside:
            until = beside[0].start
    # One character more, so that what must stand before a word sees the number itself.
    for match in lexicon.connectives.finditer(lower, after, until + 1):
        if match.start() >= until or any(m.start < match.start() < m.end for m in mentions):
            continue
        # Where the noun ends the sentence, "540 bini Kilis'te, 461 bini …" closes with its place.
        beside_it = [m for m in mentions if 0 <= match.start() - m.end <= 1]
        placed = bool(beside_it) and not lexicon.noun_follows
        at_it = bool(beside_it) and beside_it[0].role == "at" and cut
        if match.group() == "," and at_it and not lower[match.end() : until].strip():
            continue  # "…, Kilis'te, 61 bin 250"
        opens = match.group() == "(" or (match.group() == "," and placed)
        if match.group() == "with" and placed and not VERB.search(lower, found, match.start()):
            continue  # "A'zaz with some 900"
        bracket = match.group() == "("
        if (
            match.group() == "("
            and _OF_THEN.match(lower, number.phrase_end)
            and match.end() == until
        ):
            found = match.start()  # "6,700 (7,900 in July)"
            continue
        if match.group() == "," and lower.startswith("bringing", found):
            continue  # "bringing the total since 8 December, to 75,500"
        between = lower[max(found, after) : match.start()]
        if match.group() == "," and found > after and _ONLY_A_TIME.fullmatch(between):
            continue  # "; in January 2018 alone, 106,000"
        bare = opens and not lower[match.end() : until].strip()
        if bare and (bracket or not _closes(lower, after, beside_it[0], lexicon)):
            continue  # "Aleppo, 5,525" and "the most returns (8,900)"
        opened = lexicon.cues["subset"].match(lower, match.start())
        verb = lower[found : match.start()].strip(" \n,،").split()
        if (
            opened
            and found > after
            and len(verb) <= _FEW
            and not _holds(mentions, found, match.start())
        ):
            continue  # "…، عاد منهم 29 ألفا": the verb belongs to the part
        found, cut = match.start(), True
    turns = [t.start() for t in _BUT.finditer(lower, after, found)] if lexicon.code == "en" else []
    if turns and _holds(mentions, turns[-1], found) and not _holds(mentions, found, until):
        found = turns[-1]  # "…, but Lebanon hosts the most for its size, with some 1.5 million"
    then = _TO_LEVEL.search(lower[:until])
    if then is not None:
        return then.start("to")  # "from 41,000 in May to 35,000 in June"
    if which := _WHICH.search(lower[:until], after):
        of_no_role = [m for m in mentions if m.end == which.start() and m.role == "none"]
        if of_no_role:
            return of_no_role[0].start  # "while Turkey, which hosts 3.5 million"
    follows = FOLLOWED.search(lower, after, until)
    return follows.start() if follows else found


_BUT: Final = re.compile(r",[ \n](?:but|while|whereas)[ \n]")
_WHICH: Final = re.compile(r",[ \n](?:which[ \n](?:\w+[ \n]){1,3}|home[ \n]to[ \n])$")
_ONLY_A_TIME: Final = re.compile(
    r"[;,]?[ \n]?(?:(?:and|while|whereas|but|in|during|alone)[ \n]*)* {5,}(?:[ \n]*(?:alone))?"
)
_TO_LEVEL: Final = re.compile(r"from[ \n]\d[\d.,]*(?:[ \n]\w+)? {5,}(?P<to>to[ \n])$")
_OF_THEN: Final = re.compile(r" {5,}\)")
"""Behind a number in brackets that has a time of its own, blanked."""
_FEW: Final = 2
"""Words of a verb that stands before "of them"."""


def _holds(mentions: Sequence[Mention], start: int, end: int) -> bool:
    return any(start <= m.start < end for m in mentions)


def _closes(lower: str, after: int, mention: Mention, lexicon: Lexicon) -> bool:
    """Whether a place belongs to the number before it: "301,000 came from Türkiye, 249,000 …"."""
    ends = after > 0 and mention.role != "none" and mention.start >= after
    cuts = lexicon.connectives.finditer(lower, after, mention.start)
    # "of them", right behind its number, cuts nothing.
    return ends and not any(not lexicon.cues["subset"].match(lower, c.start()) for c in cuts)


def _noun(lower: str, number: Number, stop: int, lexicon: Lexicon) -> tuple[str | None, int]:
    """The noun right behind a number, and where it ends."""
    at = number.phrase_end
    if lower[at : at + 1] == ")" and lower[number.phrase_start - 1 : number.phrase_start] == "(":
        at += 1  # "(102,267) people"
    end = min(stop, at + _NEAR_NOUN)
    best: tuple[int, int, str] | None = None
    for pattern, noun in lexicon.nouns:
        match = pattern.search(lower, at, end)
        if match is None:
            continue
        between = lower[at : match.start()]
        if not lexicon.skipped.fullmatch(between) or re.search(r"[.;:,()،]", between):
            continue
        if best is None or match.start() < best[0] - 1:
            best = (match.start(), match.end(), noun)
    return (best[2], best[1]) if best else (None, number.phrase_end)


def _noun_before(lower: str, start: int, number: Number, lexicon: Lexicon) -> str | None:
    """The noun of "the number of IDPs … stood at 5" and "IDP movements: 5"."""
    for pattern, noun in lexicon.nouns:
        if pattern.search(lower, start, number.phrase_start):
            return noun
    return None


_RESPECTIVELY_AHEAD: Final = re.compile(
    r"\brespectively[ \n](?:received|saw|recorded|hosted|registered)\b"
)
"""Before the numbers that it hands out."""
_TURN: Final = re.compile(r"\b(?:while|whereas)\b|;|\bبينما\b|\bفي حين\b|\biken\b")
"""Goes on to speak of other places."""


def handed_out(
    lower: str, clauses: Sequence[Clause], mentions: Sequence[Mention], lexicon: Lexicon
) -> dict[int, list[str | None]]:
    """Places that "respectively" and "each" give to numbers, by where the number begins."""
    listed: list[str] = []
    for mention in mentions:
        listed += [code for code in mention.codes if code]
    found: dict[int, list[str | None]] = {}
    ahead = _RESPECTIVELY_AHEAD.search(lower) if lexicon.code == "en" else None
    if ahead is not None:
        following = [c for c in clauses if c.number.start > ahead.start()]
        turns = [turn.end() for turn in _TURN.finditer(lower, 0, ahead.start())]
        near = [m for m in mentions if max(turns, default=0) <= m.start < ahead.start()]
        codes = [code for m in near for code in m.codes]
        if len(codes) == len([m for m in near if m.codes]) == len(near) <= len(following):
            pairs = zip(following, codes, strict=False)
            found |= {c.number.start: [code] for c, code in pairs}
    elif lexicon.respectively.search(lower):
        at = lexicon.respectively.search(lower)
        before = [c for c in clauses if at and c.number.start < at.start()]
        # In Turkish the word stands in front: "sırasıyla 865.500, 662.800 ve 242.700".
        before = before or list(clauses)
        codes = next((list(m.codes) for m in mentions if len(m.codes) > 1), listed)
        for n in range(len(before), 1, -1):
            if len(codes) == n:
                pairs = zip(before[-n:], codes, strict=True)
                found |= {c.number.start: [code] for c, code in pairs}
                break
    if (match := lexicon.each.search(lower)) and len(listed) > 1:
        following = [c for c in clauses if c.number.start > match.start()]
        # "Ehsem received the most, while Ariha and Dana each received 800": Ehsem has its own.
        turns = [turn.end() for turn in _TURN.finditer(lower, 0, match.start())]
        first = max(turns, default=0)
        near = [m for m in mentions if first <= m.start and m.end <= match.start()]
        here = [code for m in near for code in m.codes]
        if following and len(here) > 1:
            found[following[0].number.start] = list(here)
    return found
