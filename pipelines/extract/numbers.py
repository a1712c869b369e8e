"""Numbers as reports print them, with how exact the text calls them. Pure.

What is no count is not given: percentages, money, dates, ordinals, phone numbers, "tens of
thousands". A number whose writing is open to doubt (58.549) is not given either.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

SCALES: Final = {
    "thousand": 1_000,
    "k": 1_000,
    "million": 1_000_000,
    "m": 1_000_000,
    "mn": 1_000_000,
    "billion": 1_000_000_000,
}
_ONES: Final = {
    word: n + 1
    for n, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
    )
}
_QUALIFIERS: Final = {
    "some": "some",
    "about": "about",
    "around": "about",
    "approximately": "about",
    "approx.": "about",
    "approx": "about",
    "roughly": "about",
    "circa": "about",
    "ca.": "about",
    "c.": "about",
    "~": "about",
    "estimated": "about",
    "an estimated": "about",
    "over": "over",
    "more than": "over",
    "at least": "over",
    "exceeding": "over",
    "in excess of": "over",
    "upwards of": "over",
    ">": "over",
    "up to": "up to",
    "as many as": "up to",
    "at most": "up to",
    "a maximum of": "up to",
    "no more than": "up to",
    "nearly": "nearly",
    "almost": "nearly",
    "close to": "nearly",
    "just under": "nearly",
    "just over": "over",
    "well over": "over",
}
_DOUBTFUL: Final = ("less than", "fewer than", "under", "below", "not more than")
_ONE: Final = (
    r"(?:\d{1,3}(?:,\d{3}){1,4}(?![\d])|\d{1,3}(?: \d{3}){1,4}(?![\d])|\d{1,12}(?:\.\d{1,3})?)"
)
_SCALE: Final = r"(?:[ \n]?(?:thousand|million|billion)\b|(?:k|mn?|M|K)\b)"
_NUMBER: Final = re.compile(
    rf"(?<![\w.,/+#-])(?P<a>{_ONE})(?P<as>{_SCALE})?"
    rf"(?:[ \n]?(?P<to>-|–|to|and)[ \n]?(?P<b>{_ONE})(?P<bs>{_SCALE})?)?"
)
_WORDS: Final = re.compile(
    r"\b(?P<w>half a|a quarter of a|one and a half|a|"
    + "|".join(_ONES)
    + r")[ \n](?P<scale>million|thousand)\b",
    re.IGNORECASE,
)
_NOT_A_COUNT: Final = re.compile(r"[ \n]?(?:%|per[ \n]?cent|percent|percentage|pp\b|°|/)")
_MONEY_BEFORE: Final = re.compile(
    r"(?:US\$|\$|€|£|USD|EUR|TRY|SYP)[ \n]?$|\b(?:no|nos|number|numbers|round|phase|table|figure"
    r"|fig|page|issue|update|resolution|resolutions|unscr|section|article|tel|phone|mobile|fax"
    r"|version|box|level|step|chapter|annex|map|route|week|year|years|day|report|s/res)[.:]?"
    r"[ \n]?#?$",
    re.IGNORECASE,
)
_MONEY_AFTER: Final = re.compile(
    r"[ \n]?(?:US|USD|EUR|TRY|SYP|dollars|euros|lira|km|kilomet|metres?|meters?|m²|m3|litres?"
    r"|hectares?|tons?|tonnes|mm|cm|kg)\b",
)
_YEAR_BEFORE: Final = re.compile(
    r"\b(?:in|since|during|of|by|end|mid|early|late|until|till|from|to|and|throughout|year)[ \n-]$",
    re.IGNORECASE,
)


_RESPECTIVELY: Final = re.compile(r"\brespectively\b", re.IGNORECASE)
_SCALE_AT_END: Final = re.compile(r"[ \n](?P<scale>thousand|million)$", re.IGNORECASE)
_ONE_AND: Final = re.compile(
    r"(?<!\w)(?P<one>" + "|".join(_ONES) + r")[ \n]and[ \n]$", re.IGNORECASE
)


@dataclass(frozen=True)
class Number:
    """One printed count, or a range of two.

    Attributes:
        start: Where it begins, without its qualifier.
        end: Where it ends.
        value: The number; the low end of a range.
        high: The high end of a range; None otherwise.
        qualifier: A code of `vocabulary.QUALIFIERS`; None where the text puts it in doubt
            ("fewer than").
        phrase_start: Where its qualifier begins.
        raw: As printed, with its scale.
        high_qualifier: The same for the high end.
    """

    start: int
    end: int
    value: int
    high: int | None
    qualifier: str | None
    phrase_start: int
    raw: str
    high_qualifier: str = "exact"


def find(text: str, masked: list[tuple[int, int]]) -> list[Number]:
    """The counts of one sentence, in order.

    Args:
        text: A uniform sentence (`prose.uniform`).
        masked: Spans that are dates.
    """
    found = [*_digits(text, masked), *_written(text)]
    found.sort(key=lambda number: number.start)
    apart = [n for i, n in enumerate(found) if not i or n.start >= found[i - 1].end]
    return _with_shared_scale(text, apart) if _RESPECTIVELY.search(text) else apart


def _with_shared_scale(text: str, found: list[Number]) -> list[Number]:
    """Of "8 and 7 thousand, respectively" and "five and four thousand": both are thousands."""
    shared: list[Number] = []
    for number in found:
        scale = _SCALE_AT_END.search(number.raw)
        if scale is not None and number.high is None:
            times = SCALES[scale["scale"].lower()]
            before = shared[-1] if shared else None
            if before is not None and text[before.end : number.start].split() == ["and"]:
                if before.high is None and before.value < 1_000 and before.raw.isdigit():
                    qualifier = "rounded" if before.qualifier == "exact" else before.qualifier
                    shared[-1] = replace(before, value=before.value * times, qualifier=qualifier)
            elif (word := _ONE_AND.search(text, 0, number.start)) is not None:
                start = word.start("one")
                qualifier, phrase_start = _qualifier(text, start, True)
                value = _ONES[word["one"].lower()] * times
                raw = text[start : word.end("one")]
                shared.append(
                    Number(start, word.end("one"), value, None, qualifier, phrase_start, raw)
                )
        shared.append(number)
    return shared


def _digits(text: str, masked: list[tuple[int, int]]) -> Iterator[Number]:
    at = 0
    while match := _NUMBER.search(text, at):
        at = match.end()
        start = match.start()
        if covering := next((b for a, b in masked if a <= start < b), None):
            at = max(covering, start + 1)
            continue
        end_of_first = match.end("as") if match["as"] else match.end("a")
        low = _value(match["a"], match["as"])
        if match["b"] and _ranged(text, match, masked):
            high = _value(match["b"], match["bs"])
            low = _value(match["a"], match["as"] or match["bs"]) if _borrows(match) else low
            end = match.end()
            if low is None or high is None or low >= high:
                continue
        else:
            high, end, at = None, end_of_first, end_of_first
        if low is None or _spoiled(text, start, end, match["a"], bool(match["as"])):
            continue
        rounded = bool(match["as"]) or (high is not None and _borrows(match))
        qualifier, phrase_start = _qualifier(text, start, rounded)
        of_high = _qualifier(text, start, bool(match["bs"]))[0] or "exact"
        yield Number(start, end, low, high, qualifier, phrase_start, text[start:end], of_high)


def _ranged(text: str, match: re.Match[str], masked: list[tuple[int, int]]) -> bool:
    if any(a <= match.start("b") < b for a, b in masked):
        return False
    if match["to"] == "and":
        return text[: match.start()].lower().rstrip().endswith("between")
    before = text[: match.start()].lower().rstrip()
    # "increased from 4,000 to 6,000" tells of two times, not of a range.
    return not before.endswith("from")


def _borrows(match: re.Match[str]) -> bool:
    """Whether "1.2 to 1.5 million" lends its million to the first."""
    return not match["as"] and bool(match["bs"]) and len(match["a"].replace(",", "")) <= 3


def _value(digits: str, scale: str | None) -> int | None:
    plain = digits.replace(",", "").replace(" ", "")
    if "." in plain and not scale:
        return None
    times = SCALES[scale.strip().lower()] if scale else 1
    value = Decimal(plain) * times
    return int(value) if value == value.to_integral_value() else None


def _spoiled(text: str, start: int, end: int, digits: str, scaled: bool) -> bool:
    """Whether what stands around it makes it something other than a count."""
    before, after = text[max(0, start - 14) : start], text[end : end + 14]
    if _NOT_A_COUNT.match(after) or _MONEY_BEFORE.search(before) or _MONEY_AFTER.match(after):
        return True
    if after[:1] in ".,:" and after[1:2].isdigit():
        return True
    if not scaled and digits.isdigit() and len(digits) == 4 and 1900 <= int(digits) <= 2100:
        # A year, or a count that looks like one: only a qualifier tells.
        return _YEAR_BEFORE.search(before) is not None or _qualifier(text, start, False)[0] in (
            "exact",
            None,
        )
    joined = re.match(r"[A-Za-z]+", after)
    if joined and not joined.group().startswith(("IDP", "people", "famil", "individual", "person")):
        return True  # 3rd, 4x4, 12am
    return after[:1] == "-" and after[1:2].isalnum()


def _written(text: str) -> Iterator[Number]:
    for match in _WORDS.finditer(text):
        word, scale = match["w"].lower(), SCALES[match["scale"].lower()]
        before = text[max(0, match.start() - 12) : match.start()].lower()
        listed = _ONE_AND.search(text, 0, match.start()) and _RESPECTIVELY.search(text)
        if not listed and re.search(
            r"(?:half|quarter|and|several|many|few|hundred|per)[ \n]$", before
        ):
            continue
        parts = {"half a": (1, 2), "a quarter of a": (1, 4), "one and a half": (3, 2), "a": (1, 1)}
        above, below = parts.get(word, (_ONES.get(word, 0), 1))
        qualifier, phrase_start = _qualifier(text, match.start(), True)
        yield Number(
            match.start(),
            match.end(),
            scale * above // below,
            None,
            qualifier,
            phrase_start,
            text[match.start() : match.end()],
        )


def _qualifier(text: str, start: int, rounded: bool) -> tuple[str | None, int]:
    """How exact the text calls the number at `start`, and where those words begin."""
    before = text[max(0, start - 18) : start].lower().replace("\n", " ")
    bare = before.rstrip()
    if bare.endswith(_DOUBTFUL):
        return None, start
    for words in sorted(_QUALIFIERS, key=len, reverse=True):
        if not bare.endswith(words):
            continue
        ahead = bare[: -len(words)]
        if ahead and ahead[-1].isalpha() and words[0].isalpha():
            continue
        return _QUALIFIERS[words], start - (len(before) - len(ahead))
    return ("rounded" if rounded else "exact"), start
