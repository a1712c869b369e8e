"""Every number of a sentence in any of the three languages, and what it is worth. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from pipelines.extract.claim_reading.model import Printed
from pipelines.extract.languages import Lexicon

_DIGITS: Final = r"\d{1,3}(?:(?:,\d{3})+|(?:\.\d{3}){2,}|(?: \d{3})+)(?!\d)|\d+(?:[.,]\d+)?"

_NUMBER: Final = re.compile(
    rf"(?<![0-9A-Za-zçğıöşüÇĞİÖŞÜ_.])(?<![A-Za-z][/-])(?<!\d,)(?:{_DIGITS})"
)

_SHARE: Final = re.compile(r"[ \n]?(?:%|٪|per[ \n]?cent|percent|في الم[اي]?ئه|بالم[اي]?ئه|pp\b|°)")

_SHARE_BEFORE: Final = re.compile(r"(?:%|yüzde|٪)[ \n]?$")

_COUNTED: Final = re.compile(
    r"[ \n]?\w*[ \n]?(?:people|idps?|famil|house|person|kişi|aile|suriyeli"
    r"|شخص|عائل|نازح|لاجئ|اسر|حرك|movement|return)"
)
"""Behind a number that looks like a year and is a count."""
_YEAR: Final = range(1900, 2101)


def numbers_in(
    words: str, lower: str, masked: Sequence[tuple[int, int]], lexicon: Lexicon
) -> Iterator[Printed]:
    """The numbers of a sentence; the two ends of a range are one."""
    found = [*_printed(lower, lexicon)]
    found += [n for n in _in_words(lower, lexicon) if not _meets(n, found)]
    found = list(_composed(lower, sorted(found, key=lambda n: n.start), lexicon))
    held: list[Printed] = []
    for number in found:
        if held and (joined := _range(lower, held[-1], number, lexicon)):
            held[-1] = joined
            continue
        held.append(number)
    for number in held:
        yield _qualified(lower, number, lexicon)


def _composed(lower: str, found: Sequence[Printed], lexicon: Lexicon) -> Iterator[Printed]:
    """The numbers; a million in words and the thousands behind it are one ("مليون و318 ألفا")."""
    held: Printed | None = None
    for number in found:
        if (
            held is not None
            and held.value
            and number.value
            and not lower[held.start].isdigit()
            and held.value % 1_000_000 == 0
            and 1_000 <= number.value < 1_000_000
            and number.scaled
            and lexicon.joins.fullmatch(lower, held.end, number.start)
        ):
            held = replace(held, value=held.value + number.value, end=number.end,
                           phrase_end=number.phrase_end)  # fmt: skip
            continue
        if held is not None:
            yield held
        held = number
    if held is not None:
        yield held


def is_share(lower: str, number: Printed) -> bool:
    """Whether a number is a percentage."""
    before = lower[max(0, number.start - 8) : number.start]
    return bool(_SHARE.match(lower, number.end) or _SHARE_BEFORE.search(before))


_SITES: Final = re.compile(
    r"[ \n](?:(?:idp|displacement|informal|formal|self-settled|last-resort|planned|collective"
    r"|reception|temporary|accommodation|makeshift|tented|overcrowded|different|managed|active)"
    r"[ \n]){0,3}(?:sites|camps|settlements|cent(?:re|er)s|shelters|locations|communities|villages"
    r"|neighbou?rhoods|sub-?districts)\b"
)
_IN: Final = re.compile(r"\b(?:in|at|across|within|from|over)[ \n](?:the[ \n])?$")


def in_sites(lower: str, number: Printed) -> bool:
    """Whether a number counts the sites in which others live: "in 1,420 camps"."""
    ahead = lower[max(0, number.phrase_start - 12) : number.phrase_start]
    return bool(_SITES.match(lower, number.phrase_end) and _IN.search(ahead))


_WHOLE: Final = re.compile(
    r"\d(?:[ \n](?:million|thousand))?[ \n](?:out[ \n])?of[ \n](?:the[ \n])?$"
)


def is_total_of_part(lower: str, number: Printed) -> bool:
    """Whether a number is that of which another tells a part: "2.9 million of the 4.5 million"."""
    return _WHOLE.search(lower[: number.phrase_start]) is not None


def _meets(number: Printed, others: Sequence[Printed]) -> bool:
    return any(o.start < number.end and number.start < o.end for o in others)


def _printed(lower: str, lexicon: Lexicon) -> Iterator[Printed]:
    at = 0
    while match := _NUMBER.search(lower, at):
        value, end, scaled = _worth(match.group(), lower, match.end(), lexicon)
        at = end
        glued = lower[end : end + 1]
        if not scaled and glued.isalpha() and lexicon.code != "en":
            continue
        if (
            not scaled
            and glued.isalpha()
            and not re.match(r"idp|people|famil|person|indiv|house", lower[end:])
        ):
            continue  # 3rd, 4x4
        year = not scaled and value is not None and value in _YEAR and len(match.group()) == 4
        if year and not _COUNTED.match(lower, end):
            continue
        # The other parts of one number: "509 bin 387".
        while scaled and value is not None and (more := lexicon.joins.match(lower, end)):
            following = _NUMBER.match(lower, more.end())
            if following is None:
                break
            part, stop, part_scaled = _worth(following.group(), lower, following.end(), lexicon)
            grain = 1_000_000 if value % 1_000_000 == 0 else 1_000
            if (
                part is None
                or not 0 < part < grain
                or value % 1_000
                or (part_scaled and grain == 1_000)
                or (grain == 1_000_000 and not part_scaled)
            ):
                break
            if lexicon.code == "ar" and not part_scaled and len(following.group()) > 3:
                break
            value, end = value + part, stop
            at = end
        yield Printed(match.start(), end, match.start(), end, value, scaled=scaled)


def _worth(digits: str, lower: str, end: int, lexicon: Lexicon) -> tuple[int | None, int, bool]:
    """What printed digits with the scale behind them are worth, and where they end."""
    scale, stop = 1, end
    for pattern, factor in lexicon.scales:
        if match := pattern.match(lower, end):
            scale, stop = factor, match.end()
            break
    return _value(digits, scale, lexicon.decimal), stop, scale > 1


def _value(digits: str, scale: int, decimal: str) -> int | None:
    plain = digits.replace(" ", "")
    groups = re.split(r"[.,]", plain)
    if len(groups) > 1:
        grouped = all(len(g) == 3 for g in groups[1:]) and 1 <= len(groups[0]) <= 3
        other = "," if decimal == "." else "."
        if grouped and scale == 1 and (other in plain or len(groups) > 2):
            return int("".join(groups))
        if decimal == "." and scale == 1:
            return None  # 58.549: open to doubt
        if grouped and scale == 1 and decimal == ",":
            return None
        plain = ".".join(groups) if len(groups) == 2 else "".join(groups)
    if len(plain) > 15:
        return None
    worth = Decimal(plain) * scale
    return int(worth) if worth == worth.to_integral_value() else None


def _in_words(lower: str, lexicon: Lexicon) -> Iterator[Printed]:
    taken: list[Printed] = []
    for pattern, value in lexicon.spelled:
        for match in pattern.finditer(lower):
            if re.search(r"\d[ \n]?$", lower[max(0, match.start() - 2) : match.start()]):
                continue
            number = Printed(
                match.start(), match.end(), match.start(), match.end(), value, scaled=True
            )
            if not _meets(number, taken):
                taken.append(number)
    yield from taken


def _range(lower: str, low: Printed, high: Printed, lexicon: Lexicon) -> Printed | None:
    between = lower[low.end : high.start]
    if not lexicon.ranged.fullmatch(between) or low.value is None or high.value is None:
        return None
    joins = between.strip()
    before = lower[max(0, low.start - 14) : low.start]
    if joins in ("and", "و") and not re.search(r"(?:between|بين)[ \n]$", before):
        return None
    if joins in ("to", "الي") and re.search(r"(?:from)[ \n]$", before):
        return None
    value = low.value
    if not low.scaled and high.scaled and value < 1_000:
        value *= 1_000_000 if high.value >= 1_000_000 else 1_000
    if value >= high.value:
        return None
    return replace(
        low, value=value, high=high.value, end=high.end, phrase_end=high.end, scaled=True
    )


def _qualified(lower: str, number: Printed, lexicon: Lexicon) -> Printed:
    before = lower[max(0, number.start - 24) : number.start]
    for pattern, code in lexicon.before:
        if match := pattern.search(before):
            return replace(
                number, qualifier=code, phrase_start=number.start - (len(before) - match.start())
            )
    for pattern, code in lexicon.after:
        if match := pattern.match(lower, number.end):
            return replace(number, qualifier=code, phrase_end=match.end())
    if lexicon.passed is not None and lexicon.passed.search(lower[: number.start]):
        return replace(number, qualifier="over")
    # "509 bin 387" is printed to the last digit, also where words of scale stand in it.
    rounded = number.scaled and not (number.value or 0) % 1_000
    return replace(number, qualifier="rounded") if rounded else number
