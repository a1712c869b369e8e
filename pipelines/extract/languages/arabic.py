"""Arabic as UN offices and the press of the region write it. Pure.

Texts come here without vowel marks and with one form of each letter (`bare`); a name may carry
"and", "in" or "to" as its first letter.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, partial
from itertools import pairwise
from typing import Final

from data.gazetteer import places as tables
from pipelines.extract.languages.calendar import Period, Span, Times, found_near, overlaps
from pipelines.extract.languages.lexicon import Lexicon, Pattern
from pipelines.extract.languages.script import bare
from pipelines.extract.places import Mention, Role

_LEVANT: Final = (
    *("كانون الثاني", "شباط", "اذار", "نيسان", "ايار", "حزيران", "تموز", "اب", "ايلول"),
    *("تشرين الاول", "تشرين الثاني", "كانون الاول"),
)
_LATIN: Final = (
    *("يناير", "فبراير", "مارس", "ابريل", "مايو", "يونيو", "يوليو", "اغسطس", "سبتمبر"),
    *("اكتوبر", "نوفمبر", "ديسمبر"),
)
_MONTHS: Final = {
    **{name: n for n, name in enumerate(_LEVANT, 1)},
    **{name: n for n, name in enumerate(_LATIN, 1)},
    "يونيه": 6,
    "يوليه": 7,
    "نيسان ابريل": 4,
}
_TENS: Final = (
    *("الاول", "الثاني", "الثالث", "الرابع", "الخامس", "السادس", "السابع", "الثامن"),
    "التاسع",
)
_ORDINALS: Final = {
    **{name: n for n, name in enumerate(_TENS, 1)},
    **{f"{name} عشر": n + 10 for n, name in enumerate(_TENS, 1)},
    **{f"{name} والعشرين": n + 20 for n, name in enumerate(_TENS, 1)},
    "الحادي عشر": 11, "الحادي والعشرين": 21, "الحادي والثلاثين": 31,
    "العاشر": 10, "العشرين": 20, "الثلاثين": 30,
}  # fmt: skip
"""Days of a month in words: "the eighth of December"."""
_ANY: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_TWO: Final = rf"(?:(?:[ \n]?[/(][ \n]?|[ \n])(?:{_ANY})\)?(?!\w))?"
"""A month has two names, and some texts give both."""
_OF_NOW: Final = r"(?:[ \n](?:من[ \n](?:هذا[ \n])?العام[ \n])?ال(?:جاري|حالي)(?!\w)|[ \n]من[ \n]هذا[ \n]العام(?!\w))?"
_M: Final = rf"(?P<m>{_ANY})(?!\w){_TWO}{_OF_NOW}"
_D: Final = r"(?:ال[ \n]?)?(?P<d>\d{1,2})(?:[ \n]من(?:[ \n]شهر)?)?"
"""Also "the 8th of December"."""
_Y: Final = r"(?:[ \n](?:من[ \n])?(?:ل?عام[ \n]|سنه[ \n]|العام[ \n])?(?P<y>(?:19|20)\d\d))"
_THE_YEAR: Final = (
    r"(?:(?:عام|سنه|العام)[ \n](?P<y>20\d\d)|(?:هذا[ \n])?(?:ال)?(?:عام|سنه)(?:[ \n]ال)?(?P<which>حالي|جاري|ماضي|فائت|منصرم)ه?"
    r"|(?P<y2>20\d\d))(?!\w)"
)
"""A year by its number, or as this one or the last."""
_COUNT: Final = {
    **{word: n for n, word in enumerate(
        ("ثلاث", "اربع", "خمس", "ست", "سبع", "ثماني", "تسع", "عشر"), 3)},
    **{str(n): n for n in range(2, 12)},
}  # fmt: skip
"""Months in words, without their ending."""
_N: Final = rf"(?P<n>{'|'.join(sorted(_COUNT, key=len, reverse=True))})(?:ه|يه)?"
_NTH: Final = rf"(?P<nth>{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})"
_NTH_1: Final = _NTH.replace("?P<nth>", "?P<nth1>")
_NTH_OF: Final = rf"{_NTH}[ \n]من[ \n](?:شهر[ \n])?"
_TO: Final = r"(?:-|–|و?[ \n]?(?:حتي|الي|لغايه)|و)[ \n]?"
"""Between two days: also "and until"."""
_OF_THE_RULE: Final = r"(?:(?:ال)?نظام|(?:ال)?حكم|(?:ال)?رئيس|بشار|الاسد|السوري|السابق|المخلوع|البائد|البعث|حزب|عائله|ال)"
_FALL: Final = (
    r"(?:اسقاط|سقوط|انهيار|(?:ال)?اطاحه(?:[ \n]ب)?|خلع|رحيل)[ \n]?ب?"
    rf"{_OF_THE_RULE}(?:[ \n]{_OF_THE_RULE}){{0,5}}(?!\w)"
    r"|(?:ال)?تحرير(?:[ \n](?:سوري[اه]|البلاد|دمشق))?(?!\w)"
)
"""The fall of Syria's government, also called the liberation."""
_PATTERNS: Final = (
    ("since_fall", re.compile(rf"(?:منذ|من[ \n]بعد)[ \n](?:{_FALL})(?:،?[ \n](?:(?:في|يوم|بتاريخ)[ \n]){{1,2}}"
                              rf"(?:{_D}|{_NTH_OF})[ \n]?{_M}{_Y}?(?:[ \n](?:الماضي|الفائت))?)?")),
    ("nth_range", re.compile(rf"(?:بين|من)[ \n]{_NTH_1}[ \n]من[ \n](?:شهر[ \n])?(?P<m1>{_ANY})(?!\w){_TWO}[ \n]{_TO}"
                             rf"{_D}[ \n]{_M}{_Y}?")),
    ("to_month_end", re.compile(rf"(?:بين|من)[ \n](?P<d1>\d{{1,2}})[ \n](?:من[ \n])?(?P<m1>{_ANY})(?!\w){_TWO}"
                                rf"(?:[ \n](?:ل?عام[ \n])?(?P<y1>20\d\d))?[ \n]و?[ \n]?(?:(?:حتي|الي)[ \n])?نهايه[ \n](?:شهر[ \n])?{_M}{_Y}?")),
    ("since_year", re.compile(r"منذ[ \n](?:اندلاع|بدء|بدايه|انطلاق|انطلاقه)[ \n](?:\w+[ \n]){1,5}?(?:في[ \n]|عام[ \n]|سنه[ \n]|العام[ \n]){1,2}(?P<y>20\d\d)")),
    ("since_year", re.compile(r"من[ \n](?:ال)?عام[ \n](?P<y>20\d\d)[ \n]و?حتي[ \n](?:اليوم|الان)")),
    ("since_part", re.compile(rf"منذ[ \n](?P<part>منتصف|اواسط|اواخر)[ \n](?:شهر[ \n])?{_M}{_Y}?")),
    ("of_this_month", re.compile(r"(?:(?P<until>حتي|لغايه)[ \n]|في[ \n])?(?:ال[ \n]?)?(?P<d>\d{1,2})[ \n]من[ \n](?:ال)?شهر[ \n]"
                                 r"ال(?P<which>حالي|جاري|ماضي|فائت|منصرم)")),
    ("vague", re.compile(r"(?:ال[ \n]?)?\d{1,2}[ \n]من[ \n]ال(?:شهر)[ \n](?:ذاته|نفسه)")),
    ("since", re.compile(rf"(?:منذ|عقب|بعد)[ \n](?:(?!و?(?:حتي|الي|لغايه)[ \n])\w+،?[ \n]){{1,4}}(?:في[ \n]|يوم[ \n])?{_D}[ \n]{_M}{_Y}?")),
    ("nth_days", re.compile(rf"(?:بين|من)[ \n]{_NTH_1}[ \n](?:و|الي[ \n]|حتي[ \n]){_NTH_OF}{_M}{_Y}?")),
    ("days", re.compile(rf"(?<!\d)(?P<d1>\d{{1,2}})[ \n]?(?:-|–|و|الي|حتي)[ \n]?{_D}[ \n]{_M}{_Y}?")),
    ("range", re.compile(rf"(?<!\d)(?<!منذ[ \n])(?P<d1>\d{{1,2}})[ \n](?:من[ \n])?(?P<m1>{_ANY})(?!\w){_TWO}(?:[ \n](?:ل?عام[ \n])?(?P<y1>20\d\d))?[ \n]"
                         rf"{_TO}{_D}[ \n]{_M}{_Y}?")),
    ("range", re.compile(rf"(?<!\w)(?<!منذ[ \n])(?<!\d[ \n])(?<!\d[ \n]من[ \n])(?P<m1>{_ANY})[ \n](?P<y1>20\d\d)[ \n]{_TO}"
                         rf"{_D}[ \n]{_M}{_Y}?")),
    ("months", re.compile(rf"(?:من|بين)[ \n](?P<m1>{_ANY})(?!\w){_TWO}[ \n](?:الي|حتي|و)[ \n]?{_M}{_Y}?")),
    ("this_month", re.compile(r"منذ[ \n](?:بدايه|مطلع|اول)[ \n](?:هذا[ \n])?الشهر(?:[ \n]\w+)?")),
    ("since", re.compile(rf"(?:منذ|ابتداء[ \n]من|بعد)[ \n](?:يوم[ \n])?{_D}[ \n]{_M}{_Y}?")),
    ("since", re.compile(rf"(?:منذ|ابتداء[ \n]من|بعد)[ \n](?:يوم[ \n])?{_NTH_OF}{_M}{_Y}?")),
    ("since", re.compile(rf"منذ[ \n](?:(?:بدايه|مطلع|اوائل|شهر|اول)[ \n]){{0,2}}{_M}{_Y}?")),
    ("since", re.compile(rf"منذ[ \n](?:(?!و?(?:حتي|الي|لغايه)[ \n])\w+،?[ \n]){{1,7}}(?:في|مطلع|بدايه|اوائل)[ \n](?:شهر[ \n])?{_M}{_Y}?")),
    ("years", re.compile(r"بين[ \n](?:عامي|العامين)[ \n](?P<y1>20\d\d)[ \n]و[ \n]?(?P<y>20\d\d)")),
    ("so_far", re.compile(rf"منذ[ \n](?:بدايه|مطلع|اول)[ \n]{_THE_YEAR}")),
    ("since_year", re.compile(r"منذ[ \n](?:(?:بدايه|مطلع|عام|سنه|العام)[ \n]){0,2}(?P<y>20\d\d)")),
    ("quarter", re.compile(rf"الربع[ \n](?P<q>الاول|الثاني|الثالث|الرابع|الاخير)[ \n]من[ \n]{_THE_YEAR}")),
    ("half", re.compile(rf"النصف[ \n](?P<q>الاول|الثاني|الاخير)[ \n]من[ \n]{_THE_YEAR}")),
    ("first_months", re.compile(rf"(?:ال(?:اشهر|شهور)[ \n]ال{_N}[ \n]الاولي[ \n]من[ \n]){_THE_YEAR}")),
    ("first_months", re.compile(rf"(?:(?:اول[ \n]|ال)?{_N}[ \n](?:ال)?(?:اشهر|شهور)(?:[ \n]الاولي)?[ \n]من[ \n]){_THE_YEAR}")),
    ("week_end", re.compile(rf"(?:حتي|لغايه)[ \n](?:نهايه[ \n])?الاسبوع[ \n](?P<week>الاول|الثاني|الثالث)[ \n]من[ \n](?:شهر[ \n])?{_M}{_Y}?")),
    ("year_end", re.compile(rf"نهايه[ \n]{_THE_YEAR}")),
    ("month_end", re.compile(rf"نهايه[ \n](?:شهر[ \n])?{_M}(?:{_Y}|[ \n]من[ \n]العام[ \n]ال(?P<which>حالي|جاري|ماضي|فائت|منصرم))?")),
    ("as_of", re.compile(rf"(?:حتي|بحلول|لغايه)[ \n](?:(?:يوم|تاريخ)[ \n])?{_D}[ \n]{_M}{_Y}?")),
    ("as_of", re.compile(rf"(?:حتي|بحلول|لغايه)[ \n](?:(?:يوم|تاريخ)[ \n])?{_NTH_OF}"
                         rf"{_M}{_Y}?")),
    ("day", re.compile(rf"(?<!\d){_D}[ \n]{_M}{_Y}?")),
    ("day", re.compile(rf"(?<!\w)(?:في[ \n])?{_NTH_OF}{_M}{_Y}?")),
    ("month", re.compile(rf"(?<!\w)(?:شهر[ \n])?{_M}{_Y}")),
    ("month", re.compile(rf"(?<!\w)(?:(?:في|خلال)[ \n](?:شهر[ \n])?|[بل]?شهر[ \n]){_M}(?!\w)")),
    ("year", re.compile(r"(?:عام|سنه|العام)[ \n](?P<y>20\d\d)")),
    ("year", re.compile(r"(?<!\w)(?:(?:في|خلال)[ \n]|ب)(?P<y>20\d\d)(?!\d|[.,]\d)")),
    ("this_year", re.compile(r"(?:هذا[ \n])?العام[ \n]ال(?P<which>حالي|جاري|ماضي|فائت|منصرم)(?!\w)(?:[ \n](?P<y>20\d\d)(?!\d))?|هذا[ \n]العام(?!\w)")),
    ("vague", re.compile(r"في[ \n]ذروه[ \n]|حتي[ \n](?:الان|اليوم|تاريخه)")),
    ("vague", re.compile(r"(?:خلال|في)[ \n](?:يوم|يومين|اسبوع|شهر|شهرين|\w+[ \n](?:ايام|اشهر|اسابيع))"
                         r"(?!\w)|(?:الايام|الاشهر|الاسابيع)[ \n](?:الماضيه|الاخيره)")),
)  # fmt: skip
_QUARTERS: Final = {"الاول": 1, "الثاني": 2, "الثالث": 3, "الرابع": 4, "الاخير": 4}


def find_periods(text: str, near: date | None) -> list[Period]:
    """The times of one sentence, in order; a missing year as `found_near` completes it."""
    return found_near(text, _PATTERNS, lambda times: partial(_period, times=times), near)


def _period(kind: str, match: re.Match[str], *, times: Times) -> Period:
    g = match.groupdict()
    month = _MONTHS[g["m"]] if g.get("m") else None
    day = int(g["d"]) if g.get("d") else _ORDINALS.get(" ".join((g.get("nth") or "").split()))
    year = _year(g, times)
    span = match.span()
    if (told := _window(kind, g, times, span, (day, month, year))) is not None:
        return told
    if kind in ("quarter", "half", "first_months") and year:
        return _part_of_year(kind, g, times, span, year)
    if kind == "years" and year:
        last = min(date(year, 12, 31), times.near or date.max)
        return times.made(span, "span", date(int(str(g["y1"])), 1, 1), last)
    if kind == "so_far" and year:
        return times.made(span, "since", date(year, 1, 1), None)
    if kind == "this_year" and times.near:
        year = year or times.near.year
        last = date(year, 12, 31) if year < times.near.year else times.near
        return times.made(span, "year", date(year, 1, 1), last)
    if kind == "nth_days" and month and day:
        return times.days(span, _ORDINALS[" ".join(str(g["nth1"]).split())], day, month, year)
    if kind == "days" and month and day:
        return times.days(span, int(str(g["d1"])), day, month, year)
    if kind == "months" and month:
        return times.months(span, (_MONTHS[str(g["m1"])], None), (month, year))
    if kind == "range" and month and day:
        first = (int(g.get("d1") or 1), _MONTHS[str(g["m1"])], int(g["y1"]) if g["y1"] else None)
        return times.between(span, first, (day, month, year))
    return times.of(kind)(times, span, day, month, year)


def _window(
    kind: str,
    g: Mapping[str, str | None],
    times: Times,
    span: Span,
    printed: tuple[int | None, int | None, int | None],
) -> Period | None:
    """A time whose first or last day is told by an event, a part of a month or this month."""
    day, month, year = printed
    if kind == "since_fall":
        dated = month is not None and day is not None
        of = times.of("since")(times, span, day, month, year) if dated else None
        return of or times.since_the_fall(span)
    if kind == "since_part" and month:
        on = times.on({"اواخر": 25}.get(str(g["part"]), 15), month, year)
        return times.made(span, "since", on, None, rough=True)
    if kind == "week_end" and month:
        day = 7 * _ORDINALS[str(g["week"])]
        return times.of("as_of")(times, span, day, month, year)
    if kind == "of_this_month" and day:
        return _of_this_month(g, times, span, day)
    if kind == "nth_range" and month and day:
        nth = _ORDINALS[" ".join(str(g["nth1"]).split())]
        return times.between(span, (nth, _MONTHS[str(g["m1"])], None), (day, month, year))
    if kind == "to_month_end" and month and (end := times.whole(month, year)[1]):
        opened = (int(str(g["d1"])), _MONTHS[str(g["m1"])], int(g["y1"]) if g["y1"] else None)
        return times.between(span, opened, (end.day, month, end.year))
    return None


def _of_this_month(g: Mapping[str, str | None], times: Times, span: Span, day: int) -> Period:
    """A day of the month in which the text speaks, or of the one before: "until the 12th"."""
    if times.near is None:
        return times.of("vague")(times, span, None, None, None)
    of = times.near.replace(day=1)
    if g["which"] not in ("حالي", "جاري"):
        of = (of - timedelta(days=1)).replace(day=1)
    return times.of("as_of" if g["until"] else "day")(times, span, day, of.month, of.year)


def _year(g: Mapping[str, str | None], times: Times) -> int | None:
    """The year that a match prints, or names as this one or the last."""
    if printed := g.get("y") or g.get("y2"):
        return int(printed)
    if times.near is None or not g.get("which"):
        return None
    return times.near.year - (g["which"] not in ("حالي", "جاري"))


def _part_of_year(
    kind: str, g: Mapping[str, str | None], times: Times, span: Span, year: int
) -> Period:
    """A quarter, a half or the first months of a year."""
    if kind == "quarter":
        return times.quarter(span, year, _QUARTERS[str(g["q"])])
    if kind == "first_months":
        return times.months(span, (1, year), (_COUNT[str(g["n"])], year))
    first = 1 if g["q"] == "الاول" else 7
    return times.months(span, (first, year), (first + 5, year))


# Places

_REGIONS: Final = (
    (re.compile(r"(?:شمالي?|الشمال)[ \n]?(?:ال)?(?:غرب|غربي)[ \n](?:سوري[اه]|السوري)"), "X-SYR-NW"),
    (re.compile(r"(?:شمالي?|الشمال)[ \n]?و?[ \n]?(?:ال)?(?:شرق|شرقي)[ \n](?:سوري[اه]|السوري)"), "X-SYR-NE"),
    (re.compile(r"(?:شمالي?|الشمال)[ \n](?:سوري[اه]|السوري)"), "X-SYR-N"),
    # No region of ours, and not the whole country.
    (re.compile(r"(?:ال)?جنوبي?[ \n]?(?:(?:ال)?(?:غرب|شرق)ي?[ \n])?(?:ل?سوري[اه]|السوري)"), ""),
    (re.compile(r"(?:وسط|شرقي?|غربي?)[ \n](?:ل?سوري[اه]|السوري)"), ""),
    (re.compile(r"(?:ال)?(?:ولايات|مدن|محافظات)[ \n](?:ال)?(?:جنوب\w*|حدودي\w*|منكوب\w*|اخري|متضرر\w*)(?!\w)"), ""),
    (re.compile(r"(?:دول|البلدان|بلدان|الدول)[ \n](?:ال)?(?:جوار|مجاوره)"), "X-NEIGHBOURS"),
    (re.compile(r"(?:ال)?غوطه[ \n]الشرقيه"), "X-SYR-EGHOUTA"),
    (re.compile(r"(?:محافظتي[ \n])?ادلب[ \n]وحلب|(?:محافظتي[ \n])?حلب[ \n]وادلب"),
     "X-SYR-ALEPPO-IDLEB"),
)  # fmt: skip
_EACH_ITS_OWN: Final = re.compile(r"علي[ \n]التوالي")
_WORD: Final = re.compile(r"[\u0621-\u064a]+")
_KINDS: Final = {"محافظه": "admin1", "ولايه": "admin1", "منطقه": "admin2", "ناحيه": "admin3"}
_MANY: Final = re.compile(r"(?:محافظ|ولاي|منطق|ناحي)(?:تا|تي|ات)(?!\w)")
"""Two or more of a kind; what "and" adds to them is of that kind too."""
_NAWAHI: Final = re.compile(r"مستوي[ \n](?:ال)?(?:نواحي|ناحيه)")
_LIST: Final = re.compile(r"[ \n]?،?[ \n]?")
_FINER: Final = frozenset(
    {"مدينه", "ريف", "ريفي", "ارياف", "بلده", "قريه", "مخيم", "مخيمات", "قري", "بلدات"}
)
_WORDS_TOO: Final = frozenset({"وان", "مالي", "بنين"})
"""Places whose names are words ("and that", "financial", "boys"): only behind their kind."""
_KIND_BEFORE: Final = re.compile(r"(?:ولايه|محافظه|دوله|جمهوريه)[ \n]$")
_CITY: Final = "مدينه"
_SEAT: Final = "مركز "
_SIDE: Final = r"(?:(?:شمالي?|جنوبي?|شرقي?|غربي?|وسط|جنوب[ \n]شرقي?|جنوب[ \n]غربي?|شمال[ \n]شرقي?|شمال[ \n]غربي?)[ \n])?"
_BEFORE: Final = (
    (
        "from",
        re.compile(rf"(?:^|[ \n])(?:و)?(?:من|عن|غادرت|غادروا|غادر|مغادره|ترك|اخلاء)[ \n]{_SIDE}$"),
    ),
    ("at", re.compile(rf"(?:^|[ \n])(?:و)?(?:في|الي|نحو|داخل|استقبلت|الى)[ \n]{_SIDE}$")),
)
_AND_FROM: Final = re.compile(rf"(?:[ \n]?،)?[ \n]و[ \n]?{_SIDE}(?:\w+[ \n])?")
"""Between places that people left: "from north Hama and south Idlib"."""


_SPELLED_ANEW: Final = {
    "هاتاي": "TUR031", "غازي عنتاب": "TUR027", "غازي عينتاب": "TUR027", "شانلي اورفا": "TUR063",
    "كيليس": "TUR079", "كلس": "TUR079", "كليس": "TUR079", "اسطنبول": "TUR034", "هطاي": "TUR031",
    "هاطاي": "TUR031", "شانلي اورفه": "TUR063", "اورفا": "TUR063", "اورفه": "TUR063",
    "سانليورفا": "TUR063", "سانلي اورفا": "TUR063", "قونيا": "TUR042", "قونيه": "TUR042",
}  # fmt: skip
"""Provinces of Türkiye as the press writes them, beside the tables' own names."""


@cache
def _names() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    seats: list[tuple[str, str]] = []
    for row in tables.rows():
        if row["kind"] in ("region", "world") or not row["name_ar"]:
            continue
        if row["location_code"] not in ("SYR", "TUR") and row["kind"] != "country":
            continue
        name = bare(str(row["name_ar"]))[0]
        found.setdefault(name, {}).setdefault(str(row["kind"]), str(row["place_code"]))
        if row["kind"] == "admin3" and name.startswith(_SEAT):
            # A district's seat is "the centre of Harim" in the tables, and "Harim" in a text.
            seats.append((name.removeprefix(_SEAT), str(row["place_code"])))
    for name, code in seats:
        found.setdefault(name, {}).setdefault("admin3", code)
    found["سوريه"] = {"country": "SYR"}
    found |= {name: {"admin1": code} for name, code in _SPELLED_ANEW.items()}
    return found


def find_places(text: str, masked: list[tuple[int, int]]) -> list[Mention]:
    """The places of one sentence, in order, each with the part that the word before it gives."""
    found = [
        Mention(m.start(), m.end(), (code,) if code else (), _role(text, m.start()), m[0])
        for pattern, code in _REGIONS
        for m in pattern.finditer(text)
        if not (code == "X-SYR-ALEPPO-IDLEB" and _EACH_ITS_OWN.search(text))
    ]
    kept: list[Mention] = []
    for mention in found:
        if not overlaps((mention.start, mention.end), kept):
            kept.append(mention)
    kept += [m for m in _named(text, masked) if not overlaps((m.start, m.end), kept)]
    kept.sort(key=lambda m: m.start)
    for i, (one, other) in enumerate(pairwise(kept), 1):
        if kept[i - 1].role == "from" and other.role == "none" and _AND_FROM.fullmatch(
            text, one.end, other.start
        ):  # fmt: skip
            kept[i] = replace(other, role="from")
    return kept


def _named(text: str, masked: list[tuple[int, int]]) -> Iterator[Mention]:
    words = [m for m in _WORD.finditer(text) if not any(a <= m.start() < b for a, b in masked)]
    at = 0
    fine = "admin3" if _NAWAHI.search(text) else None
    listed: str | None = None
    last: Mention | None = None
    while at < len(words):
        if last is not None and not _LIST.fullmatch(text[last.end : words[at].start()]):
            listed = None
        found = _at(text, words, at, listed or fine)
        if found is None:
            if unknown := _unknown(text, words, at):
                yield unknown
            at += 1
            continue
        mention, size = found
        many = _MANY.match(text, mention.start)
        if many:
            listed = next(k for name, k in _KINDS.items() if many.group().startswith(name[:-1]))
        last = mention
        yield mention
        at += size


_OF_A_KIND: Final = re.compile(
    r"(?:^|[ \n])[وفبل]?(?P<kind>مدينه|بلده|قريه|ناحيه|ولايه|محافظه|قضاء)[ \n]$"
)
_NO_NAME: Final = re.compile(
    r"(?:ال|[وفبل]ال|من(?!\w)|عن(?!\w)|في(?!\w)|الي(?!\w)|علي(?!\w)|تركيه|سوريه|لبنانيه|حدوديه|اخري|واحده|كبيره|كل(?!\w)|عبر|ذات|منها)"
)


def _unknown(text: str, words: list[re.Match[str]], at: int) -> Mention | None:
    """A place behind its kind that no table has: it must not take another's place."""
    word = words[at]
    kind = _OF_A_KIND.search(text, max(0, word.start() - 12), word.start())
    if kind is None:
        return None
    if _NO_NAME.match(word.group()) and not (
        kind["kind"] == "محافظه" and _NAMED_SO.match(word.group())
    ):
        return None
    start = kind.start("kind")
    return Mention(start, word.end(), (), _role(text, start), text[start : word.end()])


_NAMED_SO: Final = re.compile(r"ال(?!تي|ذي|منشا|شمال|جنوب|شرق|غرب|واحد|اخر)")
"""Right behind "governorate" a name with its article: "محافظة السليمانية"."""
_WITH_DAMASCUS: Final = re.compile(r"(?<!\w)(?:مع|حكومه|سلطات|تجاه)[ \n]$")
"""Before the capital that stands for the government in it."""
_COUNTED: Final = re.compile(r"(?:\d|الفا?|مليونا?|لاجئا|نازحا|شخصا|مواطنا|الاف)[)ر]?[ \n]$")
"""Behind it "سوريا" is a Syrian, and not the country."""


def _at(
    text: str, words: list[re.Match[str]], at: int, fine: str | None
) -> tuple[Mention, int] | None:
    for size in range(min(3, len(words) - at), 0, -1):
        start, end = words[at].start(), words[at + size - 1].end()
        printed = " ".join(text[start:end].split())
        if printed == "دمشق" and _WITH_DAMASCUS.search(text[:start]):
            return None
        for cut, role in (("", None), ("و", None), ("ب", "at"), ("ل", "at"), ("في", "at")):
            if not printed.startswith(cut) or len(printed) - len(cut) < 2:
                continue
            kinds = _names().get(printed[len(cut) :])
            if kinds is None and cut == "ل":
                kinds = _names().get("ا" + printed)  # للأردن is ل + الأردن
            counted = printed == "سوريا" and _COUNTED.search(text, max(0, start - 8), start)
            if (
                kinds
                and not counted
                and not (printed in _WORDS_TOO and not _KIND_BEFORE.search(text[:start]))
            ):
                return _mention(text, start + len(cut), end, kinds, role, start, fine), size
    return None


def _mention(
    text: str,
    start: int,
    end: int,
    kinds: dict[str, str],
    role: str | None,
    phrase_start: int,
    fine: str | None,
) -> Mention:
    before = text[:phrase_start].rstrip().rsplit(None, 1)
    word = before[-1].lstrip("وبل") if before else ""
    many = _MANY.fullmatch(word)
    kind = next(
        (k for name, k in _KINDS.items() if word == name or (many and word.startswith(name[:-1]))),
        None,
    )
    kind = "admin3" if word in ("نواحي", "النواحي") else kind
    kind = "admin2" if word == "مناطق" and "admin1" not in kinds else kind
    finer = word in _FINER
    from_ = phrase_start
    if kind or finer:
        from_ = len(text[:phrase_start].rstrip()) - len(before[-1])
    if set(kinds) == {"country"}:
        kind = None  # "the areas of Syria"
    order = [kind] if kind else [*([fine] if fine else []), "country", "admin1"]
    code = next((kinds[k] for k in order if k in kinds), None)
    meaning = role or _role(text, from_)
    name = text[from_ if word == _CITY else start : end]
    return Mention(from_, end, (code,) if code else (), meaning, name)  # type: ignore[arg-type]


def _role(text: str, start: int) -> Role:
    before = text[max(0, start - 26) : start]
    for role, pattern in _BEFORE:
        if pattern.search(before):
            return role  # type: ignore[return-value]
    return "none"


def any_of(*words: str) -> Pattern:
    """A pattern that finds any of the words, also behind "and" or "then"."""
    parts = [word.replace(" ", r"[ \n]{1,2}") for word in words]
    return re.compile(rf"(?<!\w)[وف]?[بل]?(?:{'|'.join(parts)})(?!\w)")


def _spaced(words: str) -> str:
    return words.replace(" ", r"[ \n]")


def _spelled() -> tuple[tuple[Pattern, int], ...]:
    """Whole thousands and millions in words, the longest first."""
    ones = {"ثلاث": 3, "اربع": 4, "خمس": 5, "ست": 6, "سبع": 7, "ثماني?": 8, "تسع": 9}
    tens = ("عشر", "ثلاث", "اربع", "خمس", "ست", "سبع", "ثمان", "تسع")
    hundreds = {f"{word}(?:مئه|مائه|مايه)": n * 100 for word, n in ones.items()}
    hundreds |= {"(?:مئتا|مئتي|مائتا|مائتي)": 200, "(?:مئه|مائه)": 100}
    found = {"نصف مليون": 500_000, "ربع مليون": 250_000, "مليون ونصف(?: المليون)?": 1_500_000}
    found |= {f"{word} الف": n * 1_000 for word, n in hundreds.items()}
    found |= {f"{word}(?:ون|ين) الفا?": n * 10_000 for n, word in enumerate(tens[1:], 3)}
    found |= {"عشر(?:ون|ين) الفا?": 20_000, "عشره الاف": 10_000}
    found |= {f"{word}ه الاف": n * 1_000 for word, n in ones.items()}
    found |= {f"{word}ه ملايين": n * 1_000_000 for word, n in ones.items()}
    # "مليون ومئتي ألف": the thousands carry their "and".
    return tuple(
        (re.compile(rf"(?:(?<!\w)|(?<=\Wو)){_spaced(words)}(?!\w)"), value)
        for words, value in found.items()
    )


_TURNED: Final = re.compile(r"(?<!\d)(\d)ر(\d{1,2})(?=[ \n](?:مليون|ملايين|مليار|الف))")
_BETWEEN_STROKES: Final = re.compile(r"/(\d[\d.,]*)/")


def _as_counted(text: str) -> str:
    """The text with numbers as they count, each character in its place.

    News agencies write 1.8 million as "8ر1 مليون", and other numbers between strokes.
    """
    text = _BETWEEN_STROKES.sub(r" \1 ", text)
    return _TURNED.sub(lambda m: f"{m[2]}.{m[1]}", text) if "ر" in text else text


_ADULT_OR_CHILD: Final = "(?:امراه|رجل|طفل)"

LEXICON: Final = Lexicon(
    code="ar",
    lower=_as_counted,
    scales=(
        # Two blanks where a stroke closed the number: "/612/ ألف".
        (re.compile(r"[ \n]{0,2}(?:الفا?|الاف)(?!\w)"), 1_000),
        (re.compile(r"[ \n]{0,2}(?:مليونا?|ملايين)(?!\w)"), 1_000_000),
        (re.compile(r"[ \n]?(?:مليارا?|مليارات)(?!\w)"), 1_000_000_000),
    ),
    spelled=(
        *_spelled(),
        # Before more of the number it is one million, else the two of "مليونا شخص".
        (re.compile(r"(?<!\w)مليونا(?=[ \n]و)"), 1_000_000),
        (re.compile(r"(?<!\w)(?:مليوني|مليونا|مليونين)(?!\w)"), 2_000_000),
        (re.compile(r"(?<!\d)(?<!\d )(?<!\w)(?:ال)?مليون(?!\w)"), 1_000_000),
    ),
    before=(
        (re.compile(r"(?:اكثر من|ما يزيد (?:عن|علي)|يزيد (?:عن|علي)|ما لا يقل عن|لا يقل عن"
                    r"|اكثر|فوق)[ \n]$"), "over"),
        (re.compile(r"(?:اقل من|يقل عن|بالكاد)[ \n]$"), "nearly"),
        (re.compile(r"(?:ما يصل الي|يصل الي|حتي)[ \n]$"), "up to"),
        (re.compile(r"(?:ما يقارب|قرابه|زهاء|ما يقرب من|يقارب|نحو|حوالي|تقريبا|ما يقدر ب|يقدر ب|بنحو|بحوالي)[ \n]?$"), "about"),
    ),
    after=((re.compile(r"[ \n](?:تقريبا)(?!\w)"), "about"),),
    passed=re.compile(r"(?<!\w)[وف]?(?:تجاوز|يتجاوز|فاق|تخط[يت])(?:ت)?(?!\w)[^\d]*$"),
    decimal=".",
    joins=re.compile(r"[ \n]و[ \n]?"),
    ranged=re.compile(r"[ \n]?(?:-|–|الي|و)[ \n]?"),
    connectives=re.compile(
        r"[؛;:(،]|,(?!\d)|(?<!\S)و(?=\S)|(?<!\w)(?:بينما|فيما|منهم|منها|بينهم|بينها|في حين|مقابل"
        r"|اضافه|كما)(?!\w)"
    ),
    nouns=(
        (any_of("(?:ال)?عائل(?:ه|ات)", "(?:ال)?اسره?"), "families"),
        (any_of("(?:حاله|حالات) نزوح"), "displacements"),
        (any_of("حرك(?:ه|ات)(?: نزوح)?", "تحركات", "حركات النزوح"), "moves"),
        (any_of("(?:حالات? )?عوده"), "returns"),
        (any_of("عائدا?", "عائدين", "عائدون", "العائدين"), "returnees"),
        (any_of("(?:ال)?لاجئ(?:ا|ين|ون)?", "لاجئا"), "refugees"),
        # "سوريا" is the country, and a Syrian only right behind a number.
        (any_of(r"(?:ال)?سوري(?:ين|ون)?(?! اللاجئ)",
                r"(?<=[\d)]\s)سوريا", r"(?<=الف\s)سوريا", r"(?<=الفا\s)سوريا",
                r"(?<=مليون\s)سوريا"), "syrians"),
        (any_of("(?:شخصا? )(?:اخر )?(?:من )?(?:ال)?نازح(?:ا|ين|ون|ه)?(?: داخليا)?", "(?:ال)?نازح(?:ا|ين|ون|ه)?", "(?:ال)?نازحين داخليا", "مهجرا?", "مهجرين"), "idps"),
        (any_of(f"{_ADULT_OR_CHILD} و{_ADULT_OR_CHILD} و{_ADULT_OR_CHILD}"), "people"),
        (any_of("(?:ال)?شخصا?", "(?:ال)?اشخاص", "(?:ال)?مدنيا?", "مدنيين", "انسان", "نسمه",
                "مواطنا?", "مواطنين", "فردا?", "افراد"), "people"),
    ),
    cues={
        "returned": any_of("عاد(?:وا|ت)?", "يعود(?:وا|ون)?", "(?:ال)?عوده", "لعوده", "(?:ال)?عائد\\w*",
                           "رجع(?:وا)?", "عودتهم", "عبر(?:وا)? (?:الحدود )?الي سوري[اه]"),
        "displaced": any_of("(?:ال)?فارين", "(?:ال)?نازح(?:ين|ون) (?:ال)?جدد", "نازحا جديدا", "اجبر(?:وا|ت)?", "اضطر(?:وا|ت)?", "نزح(?:وا|ت)?", "(?:ال)?نزوح", "تشريد", "شرد(?:وا|ت)?", "(?:لل|ال)?فرار",
                            "فر(?:وا|ت)?", "هجر(?:وا|ت)?", "تهجير", "هرب(?:وا|ت)?", "يفر(?:ون)?", "هربوا",
                            "تشرد(?:وا)?", "(?:ترك|غادر)(?:وا|ت)?(?: \\S+){0,6} (?:منازل|بيوت|ديار)هم", "وفر", "نزوحهم", "ونزح(?:وا|ت)?"),
        "present": any_of("(?:هم|كانوا) نازح(?:ون|ين)", "في حاله نزوح"),
        "idps": any_of("(?:ال)?نازح\\w*", "داخليا", "نزوح", "(?:ل|ب)?لنازحين", "ديارهم"),
        "arrived": any_of("وصل(?:وا|ت)?(?! (?:ال)?عدد| (?:ال)?اعداد)", "وصول", "استقبل(?:ت)?", "قدم(?:وا)?", "وصول"),
        "left": any_of("غادر(?:ت|وا)?", "مغادره"),
        "stays": any_of("يعيش(?:ون)?", "تعيش", "استضاف(?:ت)?", "اوت", "ضمت", "يقيم(?:ون)?", "تقيم", "تستضيف", "يستضيف", "عدد(?:هم|ها)?", "تعداد", "(?:ال)?اعداد(?:هم)?",
                        "تؤوي", "تاوي", "يقطن(?:ون)?", "مسجل(?:ا|ين|ون)?", "يوجد", "هناك",
                        "استضافه", "تضم", "بلغ عدد", "المسجلين", "المقيمين", "الخاضعين"),
        "remain": any_of("بقيت", "بقاء", "(?:ال)?متبقي(?:ه|ن)", "ظلت?", "(?:لا|ما) (?:ي|ت)زال(?:ون)?", "ما زال(?:وا|ت)?", "بقي(?:وا)?", "لايزال"),
        "need": any_of("(?:ي|ت)حتاج(?:ون)?(?! خطه)", "(?:ب|في )?حاجه (?:الي|ماسه)", "المحتاجين"),
        "camps": any_of("(?:ال)?مخيم(?:ات)?", "خيام", "(?:ال)?مواقع"),
        "protection": any_of("(?:ل|ب)?(?:ل|ال)حمايه المؤقته", "مسجل\\w*"),
        "abroad": any_of("الي سوري[اه]", "الي بلد(?:هم|ه)", "الي بلادهم", "دول الجوار", "طوعا", "(?:ال)?طوعي\\w*",
                         "من (?:تركيا|لبنان|الاردن|العراق|مصر)", "الي وطنهم", "من الخارج"),
        "spontaneous": any_of("تلقائيا", "(?:ال)?تلقائيه?", "عفويا", "(?:ال)?عفويه"),
        "moves": any_of("حرك(?:ه|ات) (?:ال)?نزوح"),
        "harm": any_of("قتل(?:وا|ت|ي)?", "مقتل", "اصيب(?:وا)?", "جريحا?", "جرحي", "توفي", "(?:ال)?ضحايا",
                       "مفقودا?", "اعتقل(?:ت)?", "واصيب"),
        "aid": any_of("(?:ال)?غذاء", "مساعدات غذائيه", "قدم(?:ت)? الشركاء", "استفاد(?:وا)?",
                      "مستفيدا?", "(?:ال)?دعم", "توزيع", "لايواء", "خدمات", "تلقي"),
        "thing": re.compile(r"(?:شاحن|مبن|مبان|منزل|مدرس|مستشف|خيم[هة]|خيام|يوم|ايام|شهر|اشهر|سن[هو]|"
                            r"عام|ساع|كيلومتر|كم|طن|دول[هة]|قري|بلد[هة]|مر[هة]|مرات|اسبوع|اسابيع|حافل|"
                            r"سيار|مخيم)"),
        "part": re.compile(rf"(?!{_ADULT_OR_CHILD}[ \n]و{_ADULT_OR_CHILD}[ \n]و)(?:طفل|من[ \n]ال(?:ذكور|اناث)|من[ \n]السوريات|ذكور|اناث|ذكرا|انثي|اطفال|نساء|امرا|رجال|رجل|مسن|فتيات|طالب|طلاب|ذوي|من[ \n]ذوي|ال?اطفال|ال?نساء)"),
        "change": any_of("بمقدار", "بزياده", "زياده قدرها", "انخفاض قدره"),
        "subset": any_of("منهم", "منها", "بينهم", "بينها", "من بينهم"),
        "here": any_of("المحافظه", "المنطقه", "الناحيه"),
        "compared": any_of("مقارنه (?:ب|مع)\\w*", "مقابل", "بعد (?:ان|ما) كان(?:ت|وا)?",
                           "(?:انخفاضا|ارتفاعا|تراجعا|صعودا|نزولا|هبوطا) (?:من|عن)"),
        "so_far": any_of("حتي الان"),
        "same_period": any_of("(?:الفتره|المده|الايام) (?:نفسها|ذاتها)", "نفس (?:الفتره|المده|الشهر|اليوم)",
                              "(?:الشهر|اليوم) (?:نفسه|ذاته)"),
        "others": any_of("(?:من )?جنسيات اخري", "غير سوريين?", "افغان\\w*", "عراقي\\w*", "فلسطيني\\w*"),
        "counting": any_of("عدد", "تعداد"),
        "rising": any_of("ارتفع", "ازداد", "زاد"),
        "within": any_of("داخل", "ضمن"),
        "entered": any_of("دخل(?:وا|ت)?"),
        "this_count": any_of("هذا (?:العدد|الرقم)"),
        "given": re.compile(r"(?<!\w)(?:تلقي|تلقت|حصل|حصلت|استفاد)[ \n]$|(?:(?:ال)?دعم|(?:ال)?مساعد(?:ه|ات)|نقل)(?:[ \n]\w+){0,2}[ \n]ل?$"),
        "resettled": any_of("طلبات", "(?:ل)?(?:ا)?عاده (?:ال)?توطين\\w*", "اعيد توطين\\w*"),
        "wished": any_of("يرغب\\w*", "راغبين", "(?:ي|ت)عتزم\\w*", "(?:ي|ت)خطط\\w*", "(?:ي|ت)نو(?:ي|ون|ين)", "توقع\\w*", "(?:ي|ت)توقع\\w*", "(?:ال)?متوقعا?", "قلقه", "مخاوف", "سجل\\w* للعوده"),
    },
    skipped=re.compile(r"[ \n]?(?:[\w]+[ \n]){0,2}?"),
    periods=find_periods,
    places=find_places,
    respectively=any_of("علي التوالي"),
    each=any_of("كل منها", "لكل منها", "كل منهما"),
    goes_on=re.compile(
        r"[ \n]*(?:[^\w\s]|\d|$|[وف]\w+|[بل](?:ال|محافظ|ناحي|منطق|مدين|سبب|حسب)\w*|(?:في|من|الي|علي|عن|داخل|ضمن|بين|خلال|منذ|حتي|عبر|مع|او|ام"
        r"|كانوا|كان|كانت|حاله|حالات|هم|هي|مما|بعد|قبل|تقريبا|اخر(?:ي|ين|ون)?|اضافي\w*|علي التوالي|جديد\w*|اي|كل"
        r"|لدي|نحو|عند|تحت|فوق|قرب|ممن|الذين|التي|ثم|كما|فيما|بينما|حيث|[ايتن]\w+(?:ت|وا|ون))(?!\w))"
    ),
)  # fmt: skip
