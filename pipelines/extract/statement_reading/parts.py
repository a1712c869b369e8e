"""A sentence cut into its numbers, each with its noun and the words that belong to it. Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pipelines.extract.model import Context, Part, Sentence, Statement
from pipelines.extract.numbers import Number
from pipelines.extract.prose import AHEAD, FOLLOWED, MOVES_OF, TAIL, VERB
from pipelines.extract.statement_reading import topics
from pipelines.extract.statement_reading.topics import Counted

_CONNECTIVE: Final = re.compile(
    r"[;:(]|,|\bfollowed[ \n]by\b"
    r"|\b(?:and|while|whereas|with|but|plus|including|compared|although|however|bringing)\b"
)


_SUBSET: Final = re.compile(
    r"\b(?:of[ \n](?:whom|which|them|these|those)|including|among[ \n](?:them|these|whom)"
    r"|out[ \n]of[ \n](?:these|those|them))\b",
    re.IGNORECASE,
)


def parts_of(
    sentence: Sentence, context: Context, divided: Statement | None = None
) -> Iterator[Part]:
    """Each number with its noun and its words; one without a noun of ours is left out.

    Where the sentence divides what the one before it counted, its noun is that of the whole.
    """
    text = sentence.text
    counted: list[Counted | None] = []
    before: Counted | None = _noun_of(divided) if divided else None
    ends = 0
    starts: list[int] = []
    for number in sentence.numbers:
        start = _boundary(sentence, ends, number)
        starts.append(start)
        noun = topics.counted(text, number.end)
        if noun is not None and MOVES_OF.search(text, start, number.phrase_start):
            noun = replace(noun, noun="moves", words="idp movements")
        if noun is None and topics.elided(text, number.end):
            noun = topics.counted_before(text, start, number.phrase_start)
            if noun is None and before is not None:
                noun = Counted(number.end, before.noun, before.words)
            if noun is None:
                noun = _of_series(context, number, sentence.lower)
            noun = replace(noun, end=number.end) if noun else None
        counted.append(noun)
        before = noun or before if topics.elided(text, number.end) or noun else None
        ends = noun.end if noun else number.end
    twins = [i > 0 and _same_again(text, counted[i - 1], counted[i], n) for i, n in
             enumerate(sentence.numbers)]  # fmt: skip
    divides = False
    for i, number in enumerate(sentence.numbers):
        noun = counted[i]
        if noun is None:
            continue
        if twins[i]:
            starts[i] = starts[i - 1]
        if i + 1 < len(starts) and twins[i + 1]:
            end = starts[i + 2] if i + 2 < len(starts) else len(text)
            tail = TAIL.search(text, noun.end, end)
            yield Part(number, noun, starts[i], tail.start() if tail else end, False)
            continue
        end = starts[i + 1] if i + 1 < len(starts) else len(text)
        tail = TAIL.search(text, noun.end, end)
        subset = i > 0 and not twins[i] and _is_subset(text, starts[i], number)
        until = tail.start() if tail else end
        goes_on = divides and not twins[i] and _goes_on(sentence, starts[i], number, until)
        divides = subset or goes_on
        subset = divides
        yield Part(number, noun, starts[i], tail.start() if tail else end, subset)


def _noun_of(whole: Statement) -> Counted | None:
    """The noun that a statement's number had, as "of these" repeats it."""
    if whole.unit == "families":
        return Counted(0, "families", "families")
    if whole.population_group == "RET":
        return Counted(0, "refugees", "syrian refugees")
    if whole.population_group == "RDP":
        return Counted(0, "people", "idps")
    if whole.population_group in ("NEWDISP", "IDP_ARR", "IDP_DEP"):
        moves = whole.unit == "movements"
        return Counted(0, "moves", "idp movements") if moves else Counted(0, "people", "idps")
    return None


def _same_again(text: str, first: Counted | None, other: Counted | None, number: Number) -> bool:
    """Whether it tells the same people in families: "15,000 people (some 3,000 families)"."""
    if first is None or other is None or (first.noun == "families") == (other.noun == "families"):
        return False
    between = " ".join(text[first.end : number.phrase_start].split())
    return between in ("(", "or", ", or", "/", "in") and not (
        between == "(" and text[other.end : other.end + 1] != ")"
    )


_ANOTHER: Final = re.compile(
    r"\b(?:returned|returns|returnees|srs?|departures|departing|departed)\b"
)


def _of_series(context: Context, number: Number, lower: str) -> Counted | None:
    """The noun of a monthly series, where its sentence speaks of nothing else."""
    if context.series == "moves" and _ANOTHER.search(lower):
        return None
    if context.series == "moves":
        return Counted(number.end, "moves", "idp movements")
    if context.series == "returns":
        return Counted(number.end, "returns", "spontaneous returns")
    return None


def _boundary(sentence: Sentence, after: int, number: Number) -> int:
    """Where the words of a number begin: at the last connective before it."""
    if after == 0:
        turn = AHEAD.search(sentence.lower, 0, number.phrase_start)
        return turn.start() if turn else 0
    until = number.phrase_start
    before = sentence.text[after:until].rstrip()
    if before.endswith(("(", ":")):
        # "Aleppo (5,525)": the place before the bracket belongs to it.
        edge = after + len(before) - 1
        held = next(
            (
                m
                for m in sentence.mentions
                if m.end <= edge and edge - m.end <= 1 and m.start > after
            ),
            None,
        )
        until = held.start if held else until
    if follows := FOLLOWED.search(sentence.lower, after, until):
        return follows.start()
    found = after
    for match in _CONNECTIVE.finditer(sentence.text.lower(), after, until):
        if any(m.start <= match.start() < m.end for m in sentence.mentions):
            continue
        if match.group() == "," and _beside_a_time(sentence, match.start(), after):
            continue
        placed = any(m.end + 1 == match.start() for m in sentence.mentions)
        if match.group() == "with" and placed and not VERB.search(
            sentence.text, found, match.start()
        ):  # fmt: skip
            continue  # "Atareb sub-district with 3,900", but not "moved to Atareb with 3,900 of …"
        if match.group() == "and" and sentence.text[found : match.start()].strip() in (",", ""):
            found = match.start()
            continue
        found = match.start()
    return _with_subset(sentence, after, found, number)


def _with_subset(sentence: Sentence, after: int, found: int, number: Number) -> int:
    """Where the part begins if "of whom" opens it: "… of whom 4,600 came from Hama"."""
    opened = None
    for match in _SUBSET.finditer(sentence.text, after, number.phrase_start):
        opened = match.start()
    return found if opened is None or opened < found else opened


def _beside_a_time(sentence: Sentence, comma: int, after: int) -> bool:
    """Whether a comma parts a number from a time; not where the time closes the one before.

    As in "1.7 million IDPs at the end of May 2021, 1.1 million of them in camps".
    """
    text = sentence.text.lower()
    closes = any(
        after <= p.start
        and 0 <= comma - p.end <= 1
        and not _CONNECTIVE.search(text, after, p.start)
        for p in sentence.periods
    )
    beside = any(0 <= p.start - comma <= 5 or 0 <= comma - p.end <= 1 for p in sentence.periods)
    return beside and not closes


def _is_subset(text: str, start: int, number: Number) -> bool:
    before = text[start : number.phrase_start]
    if re.match(r"[ \n]of[ \n](?:whom|which|them)\b", text[number.end : number.end + 12]):
        return True
    return bool(_SUBSET.search(before)) or before.rstrip() == "("


def _goes_on(sentence: Sentence, start: int, number: Number, end: int) -> bool:
    """Whether it is a further part of what the one before divides, by where they came from.

    As in "320,600 people, including 297,000 from within Idleb and 23,500 from Aleppo".
    """
    lead = sentence.text[start : number.phrase_start].strip(" \n,").lower()
    origins = [m for m in sentence.mentions if number.end <= m.start < end]
    return lead == "and" and bool(origins) and all(m.role == "from" for m in origins)


def split_at(sentence: Sentence, at: int) -> tuple[Sentence, Sentence]:
    """The sentence with what stands before a word alone, and with what stands after it."""

    def half(after: bool) -> Sentence:
        return replace(
            sentence,
            numbers=tuple(n for n in sentence.numbers if (n.end > at) == after),
            mentions=tuple(m for m in sentence.mentions if (m.end > at) == after),
        )

    return half(after=False), half(after=True)
