"""Every number of a sentence in any of the three languages, and what it is worth. Pure.

`numbers_in` finds them all; `counts_in` those of which it is certain that they are counts.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from pipelines.extract.languages import Lexicon

_DIGITS: Final = r"\d{1,3}(?:(?:,\d{3})+|(?:\.\d{3}){2,}|(?: \d{3})+)(?!\d)|\d+(?:[.,]\d+)?"

_NUMBER: Final = re.compile(
    rf"(?<![0-9A-Za-zçğıöşüÇĞİÖŞÜ_.])(?:(?<![A-Za-z][/-])|(?=\d{{1,3}},\d{{3}}\b))(?<!\d,)(?:{_DIGITS})"
)

_SHARE: Final = re.compile(r"[ \n]?(?:%|٪|per[ \n]?cent|percent|في الم[اي]?ئه|بالم[اي]?ئه|pp\b|°)")

_SHARE_BEFORE: Final = re.compile(r"(?:%|yüzde|٪)[ \n]?$")

_COUNTED: Final = re.compile(
    r"[ \n]?\w*[ \n]?(?:people|idps?|famil|house|person|kişi|aile|suriyeli"
    r"|شخص|عائل|نازح|لاجئ|اسر|حرك|movement|return)"
)
"""Behind a number that looks like a year and is a count."""
_YEAR: Final = range(1900, 2101)


@dataclass(frozen=True)
class Number:
    """A number of a sentence: where it stands, its value, and how exact the text calls it.

    `value` is None where its writing is open to doubt (58.549), and of a range its low end. The
    phrase is the number with the words that qualify it. `scaled` tells whether a word of scale
    stands in it, `rounded_ends` whether one belongs to the low and to the high end of a range.
    """

    start: int
    end: int
    phrase_start: int
    phrase_end: int
    value: int | None
    high: int | None = None
    qualifier: str = "exact"
    scaled: bool = False
    rounded_ends: tuple[bool, bool] = (False, False)

    @property
    def qualifiers(self) -> tuple[str, str]:
        """How exact the low and the high end of a range are."""
        if self.qualifier not in ("exact", "rounded"):
            return self.qualifier, self.qualifier
        low, high = ("rounded" if rounded else "exact" for rounded in self.rounded_ends)
        return low, high


def numbers_in(lower: str, lexicon: Lexicon) -> Iterator[Number]:
    """The numbers of a sentence in lower case, dates blanked; the two ends of a range are one."""
    found = [*_printed(lower, lexicon)]
    found += [n for n in _in_words(lower, lexicon) if not _meets(n, found)]
    found = list(_composed(lower, sorted(found, key=lambda n: n.start), lexicon))
    if lexicon.respectively.search(lower):
        found = list(_with_shared_scale(lower, found, lexicon))
    held: list[Number] = []
    for number in found:
        if held and (joined := _range(lower, held[-1], number, lexicon)):
            held[-1] = joined
            continue
        held.append(number)
    for number in held:
        yield _qualified(lower, number, lexicon)


def _composed(lower: str, found: Sequence[Number], lexicon: Lexicon) -> Iterator[Number]:
    """The numbers; a million in words and the thousands behind it are one ("مليون و318 ألفا")."""
    held: Number | None = None
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


_SCALE_AT_END: Final = re.compile(r"[ \n](?P<scale>thousand|million)$")
_ONE_AND: Final = re.compile(r"(?<!\w)(?P<one>\w+)[ \n]and[ \n]$")


def _with_shared_scale(lower: str, found: Sequence[Number], lexicon: Lexicon) -> Iterator[Number]:
    """Of "8 and 7 thousand, respectively" and "five and four thousand": both are thousands."""
    for one, other in zip((None, *found), (*found, None), strict=True):
        scale = _SCALE_AT_END.search(lower, 0, other.end) if other else None
        if scale is not None and other is not None:
            ahead = _ONE_AND.search(lower, 0, other.start)
            word = f"{ahead['one']} {scale['scale']}" if ahead else ""
            listed = ahead is not None and one is not None and one.end == ahead.end("one")
            if listed and one is not None and one.value and one.value < 1_000 and not one.scaled:
                worth = _worth(lower[one.start : one.end], lower, scale.start(), lexicon)[0]
                one = replace(one, value=worth, scaled=True)
            elif ahead is not None and not listed:
                value = next((v for p, v in lexicon.spelled if p.fullmatch(word)), None)
                a, b = ahead.span("one")
                if one is not None:
                    yield one
                one = Number(a, b, a, b, value, scaled=True) if value else None
        if one is not None:
            yield one


def is_share(lower: str, number: Number) -> bool:
    """Whether a number is a percentage."""
    before = lower[max(0, number.start - 8) : number.start]
    return bool(_SHARE.match(lower, number.end) or _SHARE_BEFORE.search(before))


def in_brackets(text: str, number: Number) -> bool:
    """Whether a number stands alone in brackets: "Dana (3,688)"."""
    return text[: number.start].endswith("(") and text[number.end : number.end + 1] == ")"


_SITES: Final = re.compile(
    r"[ \n](?:(?:idp|displacement|informal|formal|self-settled|last-resort|planned|collective"
    r"|reception|temporary|accommodation|makeshift|tented|overcrowded|different|managed|active)"
    r"[ \n]){0,3}(?:sites|camps|settlements|cent(?:re|er)s|shelters|locations|communities|villages"
    r"|neighbou?rhoods|sub-?districts)\b"
)
_IN_CAMPS: Final = re.compile(
    r"[ \n](?:(?:ayrı|adet|geçici|konteyner|çadır|barınma)[ \n]){0,2}"
    r"(?:kamp|kent|çadırkent|merkezin|il|ilçe)[dt][ea]\b"
)
"""Behind the number of camps or provinces, in Turkish: "5 ayrı kampta 14 bin 657"."""
_NAWAHI: Final = re.compile(
    r"[ \n](?:ناحيه|نواحي?|قريه|قري|بلده|بلدات|مخيما?|مخيمات|مركزا?|مراكز|تجمعا?|موقعا?"
    r"|ولايه|ولايات|معبرا?|معابر|مدينه|مدن|دول|دوله)(?!\w)"
)
_ON: Final = re.compile(
    r"(?<!\w)(?:علي|في|ضمن|عبر|من|داخل)[ \n](?:(?:اكثر|اقل)[ \n]من[ \n]|نحو[ \n])?$"
)
"""The same in Arabic: "في أكثر من 12 ناحية"."""
_IN: Final = re.compile(r"\b(?:in|at|across|within|from|over)[ \n](?:the[ \n])?$")


def in_sites(lower: str, number: Number) -> bool:
    """Whether a number counts the sites in which others live: "in 1,420 camps"."""
    ahead = lower[max(0, number.phrase_start - 12) : number.phrase_start]
    if _IN_CAMPS.match(lower, number.phrase_end):
        return True
    if _NAWAHI.match(lower, number.phrase_end) and _ON.search(lower, 0, number.phrase_start):
        return True
    return bool(_SITES.match(lower, number.phrase_end) and _IN.search(ahead))


_WHOLE: Final = re.compile(
    r"\d(?:[ \n](?:million|thousand))?"
    r"(?:[ \n]of[ \n]|(?:[ \n](?:people|persons|individuals|residents))?[ \n]out[ \n]of[ \n])"
    r"(?:the[ \n])?$"
)


def is_total_of_part(lower: str, number: Number) -> bool:
    """Whether a number is that of which another tells a part: "2.9 million of the 4.5 million"."""
    return _WHOLE.search(lower[: number.phrase_start]) is not None


def _meets(number: Number, others: Sequence[Number]) -> bool:
    return any(o.start < number.end and number.start < o.end for o in others)


def _printed(lower: str, lexicon: Lexicon) -> Iterator[Number]:
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
        joins = lexicon.joins
        if lexicon.code == "en" and not _BETWEEN.search(lower, 0, match.start()):
            joins = _AND  # "2 million and 714 thousand and 85 people"
        while scaled and value is not None and (more := joins.match(lower, end)):
            following = _NUMBER.match(lower, more.end())
            if following is None:
                break
            part, stop, part_scaled = _worth(following.group(), lower, following.end(), lexicon)
            grain = 1_000_000 if value % 1_000_000 == 0 else 1_000
            if lexicon.code != "en" and _THOUSANDS.fullmatch(following.group()):
                part_scaled = True  # "3 milyon 104.217"
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
        start = match.start()
        thousand = _A_THOUSAND.search(lower, 0, start) if lexicon.code == "tr" else None
        if thousand is not None and value is not None and value < 1_000 and not scaled:
            value, start = value + 1_000, thousand.start("bin")
        yield Number(start, end, start, end, value, scaled=scaled)


_AND: Final = re.compile(r"(?:[ \n]and)?[ \n]")
_BETWEEN: Final = re.compile(r"\bbetween[ \n](?:\w+[ \n]){0,2}$")
_A_THOUSAND: Final = re.compile(r"(?<!\d)(?<!\d[ \n])(?<!\w)(?P<bin>bin[ \n])$")
"""In Turkish a thousand has no "one" before it: "Adana'da bin 470"."""
_THOUSANDS: Final = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")


def _worth(digits: str, lower: str, end: int, lexicon: Lexicon) -> tuple[int | None, int, bool]:
    """What printed digits with the scale behind them are worth, and where they end."""
    scale, stop = 1, end
    for pattern, factor in lexicon.scales:
        if match := pattern.match(lower, end):
            scale, stop = factor, match.end()
            break
    dotted = lexicon.code == "ar" or (lexicon.code == "tr" and "." in digits)
    if scale == 1 and dotted and _THOUSANDS.fullmatch(digits):
        return int(re.sub(r"[.,]", "", digits)), stop, False  # of people there are no fractions
    return _value(digits, scale, lexicon.decimal), stop, scale > 1


def _value(digits: str, scale: int, decimal: str) -> int | None:
    plain = digits.replace(" ", "")
    groups = re.split(r"[.,]", plain)
    if len(groups) > 1:
        grouped = all(len(g) == 3 for g in groups[1:]) and 1 <= len(groups[0]) <= 3
        other = "," if decimal == "." else "."
        if grouped and len(groups) > 2 and scale > 1:
            return None  # "1,694,418 million": open to doubt
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


_DIGIT_AHEAD: Final = re.compile(r"(?<!(?<!\d)(?:19|20)\d)\d[ \n]?$")
"""Of which the words are the scale ("5 million"); a year ahead of them is none."""


def _in_words(lower: str, lexicon: Lexicon) -> Iterator[Number]:
    taken: list[Number] = []
    for pattern, value in lexicon.spelled:
        for match in pattern.finditer(lower):
            if _DIGIT_AHEAD.search(lower, max(0, match.start() - 6), match.start()):
                continue
            number = Number(
                match.start(), match.end(), match.start(), match.end(), value, scaled=True
            )
            if not _meets(number, taken):
                taken.append(number)
    yield from taken


def _range(lower: str, low: Number, high: Number, lexicon: Lexicon) -> Number | None:
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
    elif not low.scaled and high.value % 1_000 == 0 and value * 1_000 < high.value:
        value *= 1_000  # "62 – 66,000"
    if value >= high.value:
        return None
    return replace(
        low,
        value=value,
        high=high.value,
        end=high.end,
        phrase_end=high.end,
        scaled=True,
        rounded_ends=(low.scaled or value != low.value, high.scaled),
    )


def _qualified(lower: str, number: Number, lexicon: Lexicon) -> Number:
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


_MONEY: Final = re.compile(
    r"[ \n]?(?:US\$|\$|€|£|USD|EUR|TRY|SYP|dollars?|euros?|lira|دولار|يورو|ليره|dolar|avro)"
)
_MONEY_BEFORE: Final = re.compile(r"(?:US\$|\$|€|£|USD|EUR|TRY|SYP)[ \n]?$")
_LABEL_BEFORE: Final = re.compile(
    r"\b(?:no|nos|number|round|phase|table|figure|fig|page|issue|update|resolution|article|tel|phone"
    r"|annex|version|(?<!bu[ \n])sayı|no|tur|madde|العدد|رقم|الجوله|القرار|صفحه)"
    r"[.:]?[ \n]?#?$|#[ \n]?$"
)
_RUN: Final = re.compile(r"[+\d()/. -]+")
_CALLED: Final = re.compile(r"\+\d{1,3}[ (-]{0,2}\d|(?<![\d.,])0\d|\d/\d")
"""A telephone number or the number of a document, where it is a part of such a run."""


def is_money(words: str, lower: str, number: Number) -> bool:
    """Whether a number is a sum of money."""
    return bool(
        _MONEY.match(words, number.end)
        or _MONEY_BEFORE.search(words[: number.start])
        or _MONEY.match(lower, number.phrase_end)
    )


def is_label(lower: str, number: Number) -> bool:
    """Whether a number is that of a page, a round, a document or a telephone."""
    at = number.start
    return _LABEL_BEFORE.search(lower[max(0, at - 16) : at]) is not None or any(
        run.start() <= at < run.end() and _CALLED.search(run.group())
        for run in _RUN.finditer(lower, max(0, at - 24), at + 32)
    )


_UNDER: Final = re.compile(r"(?:(?:fewer|less)[ \n]than|(?<!just[ \n])under|below)[ \n]$")


def is_bound(lower: str, number: Number) -> bool:
    """Whether the text only gives what a count lies under."""
    return _UNDER.search(lower[: number.start]) is not None


def counts_in(words: str, lower: str, lexicon: Lexicon) -> list[Number]:
    """The numbers of a sentence that count something for certain, in order."""
    return [
        number
        for number in numbers_in(lower, lexicon)
        if number.value is not None
        and not is_share(lower, number)
        and not is_money(words, lower, number)
        and not is_label(lower, number)
        and not _may_be_a_year(number)
        and not re.match(r"[/.,:-]\w", lower[number.end : number.end + 2])
    ]


def _may_be_a_year(number: Number) -> bool:
    """Whether a number may be a year; only a word such as "some" tells that it is none."""
    plain = number.end - number.start == 4 and number.qualifier == "exact"
    return plain and number.value in _YEAR
