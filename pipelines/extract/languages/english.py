"""English as OCHA, UNHCR, IOM and the press write it. Times and places are the strict reader's."""

import re
from dataclasses import replace
from datetime import date
from typing import Final

from data.gazetteer import places as tables
from pipelines.extract import periods, places
from pipelines.extract.languages.calendar import Period, Times
from pipelines.extract.languages.lexicon import Lexicon, any_of, stems
from pipelines.extract.languages.script import lower_case
from pipelines.extract.places import Mention


def _places(text: str, masked: list[tuple[int, int]]) -> list[Mention]:
    """The strict reader's places; a part of one ("southern Idleb") stands for the whole here."""
    found = []
    fine = places.AT_SUB_DISTRICTS.search(text) is not None
    for mention in places.find(text, masked, sub_districts=fine):
        if _OF_TOWNS.match(text, mention.end):
            found.append(mention)
            continue
        bare_name = _PART.sub("", mention.name)
        kinds = tables.meanings_of_name(mention.name) or tables.meanings_of_name(bare_name)
        if not mention.codes and kinds:
            order = ("region", "country", "admin1", "admin2", "admin3")
            kind = next((k for k in order if k in kinds), None)
            if kind and len(kinds[kind]) == 1:
                fled = _LEFT.search(text, max(0, mention.start - 30), mention.start)
                role = "from" if fled else mention.role
                found.append(replace(mention, codes=tuple(kinds[kind]), role=role))
                continue
        found.append(mention)
    return sorted(found, key=lambda m: m.start)


def _periods(text: str, near: date | None) -> list[Period]:
    """The strict reader's times; "since the fall of the government on 8 December" runs since then."""
    found = periods.find(text, near)
    joined: list[Period] = []
    for period in found:
        if period.kind == "vague" and (quarter := _QUARTER.search(text, period.start)):
            which = _ORDINALS.index(quarter["which"].lower()) % 4 + 1
            if quarter.start() - period.start <= len("in the "):
                span = (period.start, max(period.end, quarter.end()))
                joined.append(Times(near).quarter(span, int(quarter["year"]), which))
                continue
        if period.kind == "vague" and (part := _SINCE_PART.match(text, period.start)):
            month = periods.MONTH_NAMES.index(part["month"].lower()) + 1
            day = {"early": 1, "mid": 15, "late": 25}[part["part"].lower()]
            first = Times(near).on(day, month, int(part["year"]) if part["year"] else None)
            if first is not None:
                joined.append(Period(*part.span(), "since", first, None, rough=True))
                continue
        before = joined[-1] if joined else None
        vague = before is not None and before.kind == "vague"
        words = text[before.end : period.start] if before is not None else ""
        between = before is not None and before.kind == "day" and _BETWEEN_EVENT.search(
            text, 0, before.start
        )  # fmt: skip
        if between and before is not None and period.last and words.strip() in (", and", "and"):
            joined[-1] = Period(between.start(), period.end, "span", before.first, period.last)
            continue
        opens = vague and before is not None and text[before.start :][:5].lower() == "since"
        if opens and before is not None and period.kind == "day" and _EVENT.fullmatch(words):
            joined[-1] = Period(before.start, period.end, "since", period.first, None)
            continue
        if opens and before is not None and period.kind == "month" and _EVENT_OF_MONTH.fullmatch(
            words
        ):  # fmt: skip
            joined[-1] = Period(before.start, period.end, "since", period.first, None, rough=True)
            continue
        joined.append(period)
    return [
        Times(near).since_the_fall((period.start, fall.end()))
        if period.kind == "vague" and (fall := _FALL.match(text, period.start))
        else period
        for period in joined
    ]


_FALL: Final = re.compile(
    r"since[ \n](?:the[ \n])?(?:(?:fall|collapse|ouster|overthrow|toppling|downfall|ousting)[ \n]of[ \n]"
    r"(?:the[ \n])?(?:former[ \n]|syrian[ \n]|president[ \n]|dictator[ \n]){0,2}"
    r"(?:bashar[ \n])?(?:al[ -])?assad(?:'s)?(?:[ \n](?:government|regime|rule))?"
    r"|(?:former[ \n])?(?:bashar[ \n])?(?:al[ -])?assad(?:'s)?[ \n](?:fall|ouster|downfall|(?:government|regime)"
    r"(?:'s)?[ \n](?:fell|fall|collapsed|collapse|was[ \n](?:toppled|ousted|overthrown))))\b",
    re.IGNORECASE,
)
"""Since the fall of Syria's government."""


_ORDINALS: Final = ("first", "second", "third", "fourth")
_QUARTER: Final = re.compile(
    r"(?P<which>first|second|third|fourth)[ \n]quarter[ \n]of[ \n](?P<year>20\d\d)", re.IGNORECASE
)
_SINCE_PART: Final = re.compile(
    rf"since[ \n](?P<part>early|mid|late)[ \n-](?P<month>{'|'.join(periods.MONTH_NAMES)})\b(?:[ \n](?P<year>20\d\d))?",
    re.IGNORECASE,
)
"""Open to doubt for a figure; what runs since then is compared with counts since about that day."""
_BETWEEN_EVENT: Final = re.compile(r"\bbetween[ \n](?:[\w'-]+[ \n]){1,8}$")
"""Before the day of an event that opens a window: "between the fall of Homs on 7 May and June"."""
_EVENT: Final = re.compile(r"[ \n](?:[\w'-]+[ \n]){1,12}(?:[\[(]?on[ \n])?")
_EVENT_OF_MONTH: Final = re.compile(
    r"[ \n]the[ \n](?:beginning|start|outbreak|onset)[ \n](?:[\w'-]+[ \n]){1,6}[\[(](?:in[ \n])?"
)


_NUMBERED: Final = r"[ \n]?\([ \n]?\d[\d.,]*\)"
_OF_TOWNS: Final = re.compile(
    rf"{_NUMBERED}(?:,?[ \n](?:and[ \n])?[^,;()]{{2,40}}{_NUMBERED}){{0,6}}[ \n](?:communities|towns|villages)\b"
)
"""Behind a name of a list of towns: "Harim (410) and Salqin (380) communities"."""
_LEFT: Final = re.compile(r"\b(?:fled|left|leaving|from|out of)[ \n](?:the[ \n])?(?:\w+[ \n])?$")
_PART: Final = re.compile(
    r"\b(?:northern|southern|eastern|western|rural|countryside|city|provinces?|governorates?)\b ?"
    r"|'s? ?|[ ]+$",
    re.IGNORECASE,
)
_TENS: Final = (
    *("ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
)
_ONES: Final = (*("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),)


def _spelled() -> tuple[tuple[re.Pattern[str], int], ...]:
    found: list[tuple[str, int]] = [
        ("half a million", 500_000),
        ("quarter of a million", 250_000),
        ("one and a half million", 1_500_000),
        ("a million and a half", 1_500_000),
        ("a million", 1_000_000),
        ("a hundred thousand", 100_000),
    ]
    for n, word in enumerate(_ONES, 1):
        found += [(f"{word} million", n * 1_000_000), (f"{word} hundred thousand", n * 100_000)]
        found += [(f"{word} thousand", n * 1_000)]
    found += [(f"{word} thousand", n * 10_000) for n, word in enumerate(_TENS, 1)]
    found.sort(key=lambda pair: -len(pair[0]))
    return tuple((any_of(words), value) for words, value in found)


LEXICON: Final = Lexicon(
    code="en",
    lower=lower_case,
    scales=(
        (re.compile(r"[ \n-]?thousand\b|k\b"), 1_000),
        (re.compile(r"[ \n-]?million\b|mn\b|m\b"
                    r"|[ ]m(?=[ ]*(?:\n|$)|[ ](?:\w+[ ]){0,2}(?:people|persons|individuals|idps?|displaced|refugees|syrians|returnees)\b)"),
         1_000_000),
        (re.compile(r"[ \n-]?billion\b"), 1_000_000_000),
    ),
    spelled=_spelled(),
    before=(
        (re.compile(r"(?<!\w)(?:more than|over|at least|exceeding|in excess of|upwards of|above|just over"
                    r"|well over|exceed(?:ed|s)|surpass(?:ed|es)|topped|passed|greater than|a minimum of|>)[ \n]?$"), "over"),
        (re.compile(r"(?<!\w)(?:nearly|almost|close to|just under|approaching|fewer than|less than|under"
                    r"|just short of)[ \n]$"), "nearly"),
        (re.compile(r"(?<!\w)(?:up to|as many as|at most|no more than|a maximum of)[ \n]$"), "up to"),
        (re.compile(r"(?<!\w)(?:about|around|approximately|roughly|circa|ca\.|an estimated|estimated"
                    r"|approx\.?|~|in the region of)[ \n]?$"), "about"),
        (re.compile(r"(?<!\w)some[ \n]$"), "some"),
    ),
    after=((re.compile(r"[ \n](?:or so|plus)\b|\+"), "over"),),
    decimal=".",
    joins=re.compile(r"[ \n]"),
    ranged=re.compile(r"[ \n]?(?:-|–|to|and)[ \n]?"),
    connectives=re.compile(
        r"[;:(]|,|\bfollowed[ \n](?:by|the)\b|\b(?:and|while|whereas|with|but|plus|including|compared"
        r"|although|however|bringing|together|of whom|of which|of these|of them|among them|among whom|as well as)\b"
    ),
    nouns=(
        (any_of("(?:idp |displaced |syrian |refugee )?famil(?:y|ies)", "(?:idp |displaced )?households?", "hhs?"), "families"),
        (any_of("(?:idp |displacement |internal |population )?movements?"), "moves"),
        (any_of("displacements", "displacement(?= ha(?:s|ve) been)"), "displacements"),
        (any_of("(?:spontaneous )?(?:idp |refugee )?returns(?: \\(srs\\))?", "srs", "sr arrivals"), "returns"),
        (any_of("(?:idp |refugee )?returnees?"), "returnees"),
        (any_of("(?:syrians? )?refugees(?! camp)"), "refugees"),
        (any_of("syrians", "syrian (?:nationals|citizens|individuals|people|persons)"), "syrians"),
        (any_of("(?:idp )?arrivals"), "arrivals"),
        (any_of("(?:idp )?departures"), "departures"),
        (any_of("idps?", "internally displaced(?: people| persons)?", "displaced people", "displaced syrians",
                "displaced persons", "displaced civilians", "of (?:those|the) displaced",
                "newly displaced"), "idps"),
        (any_of("people", "persons", "individuals", "civilians", "residents", "men, women",
                "women, (?:children|men),? and (?:children|men)",
                "souls"), "people"),
    ),
    cues={
        "returned": any_of(r"(?<!to\s)return", "returned", "returning", "returns", "returnees?", "came back",
                           "come back", "coming back", "gone back", "went back", "gone home",
                           "went home", "crossed back", "repatriat*",
                           r"(?:enabl|allow|permitt)(?:ed|ing)(?:\s[^;\s]+){1,9}\sto\sreturn"),
        "displaced": any_of(r"(?<!the\snewly\s)(?<!of\sthe\s)(?<!of\sthose\s)displaced(?! people| persons| syrians| famil| household| individuals| civilians| women"
                            "| children| communit| population)", "displacing",
                            "displacements(?! sites?| camps?)", "displacement of",
                            "displaces", "from their homes", "fled", "flee", "fleeing", "uprooted", "uproots?",
                            "driven", "forced out", "forced from", "left their homes", "evacuated",
                            "abandoned", "on the move", "run for", "had left", "moved"),
        "present": any_of("(?:are|is|remain|remains|remained|still|currently) (?:internally |newly "
                          "|currently |still )?displaced", "are idps", "in (?:\\w+ )?displacement",
                          "(?:estimated|believed|thought) to be (?:still |internally )?displaced"),
        "idps": any_of("idps?", "internally displaced", "internally", "displaced", "of those "
                       "displaced", "internal displacement"),
        "arrived": any_of("arriv*", "sought (?:refuge|shelter)", "took in", "received", r"reached(?! with| (?:over |some |about |nearly |almost |more than )?\d)", "receiving"),
        "left": any_of("depart*", "moved out of", "left(?! homeless)", "leaving", "left the camps?"),
        "stays": any_of("liv(?:e|es|ed|ing)", "resid(?:e|es|ed|ing)", "host(?:s|ed|ing)?",
                        "shelter(?:s|ed|ing)?", "home to", "there (?:are|were)", "stay(?:s|ed|ing)?",
                        "register(?:ed|s)", "accommodat*", "shelters?", "number of", r"(?<!this\s)population",
                        "took refuge", "(?:are|is) (?:now |still )?(?:in|at)", "stands? at", "stood at", "total(?:s|led)?", "taken in",
                        "take in", "takes in"),
        "remain": any_of("remain(?:s|ed|ing)?", "still"),
        "need": any_of("in need", "pin", "in (?:desperate|dire|urgent) need", "(?:needs?|requir(?:e|es|ing)) (?:some form of )?(?:(?:humanitarian(?: and protection)?|urgent|critical|immediate|emergency|relief|life-?saving) ){0,3}(?:aid|assistance)",
                       "in need of (?:humanitarian )?(?:aid|assistance)",
                       "(?:depend|rel(?:y|ies))(?:s|ing|ed|ent)? on (?:humanitarian )?(?:aid|assistance)"),
        "camps": any_of("camps?", "sites?", "tents?", "(?:collective|reception|accommodation) (?:shelters?|cent(?:re|er)s?)"),
        "protection": any_of("temporary protection", "under protection", "registered"),
        "abroad": any_of("from abroad", "to syria", "into syria", "neighbou?ring countries",
                         "voluntarily", "back to syria", "host countries", "from exile",
                         "countr(?:y|ies) of (?:departure|asylum)"),
        "spontaneous": any_of("spontaneous*", "srs?"),
        "moves": any_of("idp movements?", "movements? of idps?"),
        "harm": any_of("killed", "killing", "injuring", "wounding", "injured", "wounded", "died", "dead", "deaths?", "casualties",
                       "missing", "detained", "arrested", "bodies", "alive", "perished", "lost "
                       "their lives"),
        "aid": any_of("assist(?:ed|s|ing)?", "receiv(?:e|ed|es|ing) (?:food|non-food|nfis?|aid|assistance|cash|relief|kits|services|bread|rental|support|health)",
                      "with (?:food|tents|aid|cash|kits|health|water|winter\\w*)", "vaccinat*",
                      r"reached(?= (?:\w+ ){0,2}[\d.,]+ ?(?:thousand |million |k )?(?:\w+ )?(?:people|idps|"
                      r"families|households|persons|individuals|children|women|suspected))",
                      "beneficiar*", "benefit(?:s|t?ed)", "survey(?:ed|s)?", "interview*", "distribut*", "deliver*", "provid*", "enrol*",
                      "targets?", "targeted", "serve[sd]?", "to reach", "support(?:ed|s|ing)?", "trained", "treated",
                      "consultations"),
        "thing": stems("(?:displacement|idp|informal|tented) (?:camps?|sites?)", "cent(?:er|re)s?\\b", "locations?", "trucks?", "buildings?", "houses?(?!hold)", "schools?", "hospitals?", "kits?",
                       "tents?", "vehicles?", "buses", "camps?(?! popul)", "sites?", "countries",
                       "damaged", "destroyed", "villages?", "towns?", "communities", "governorates?", "districts?",
                       "percent", "days?", "months?", "weeks?", "years?", "hours?", "km", "kilomet",
                       "metric", "litres?", "tonnes?", "tons?", "rounds?", "times", "square",
                       "staff", "facilities", "cases", "pupils?", "students?", "health",
                       "sub-?districts?", "flights?", "attacks?", "air ?strikes?", "earthquakes?"),
        "part": stems("pupils?", "students?", "displaced (?:at least )?(?:twice|again)", "children",
                      "women(?!, (?:children|men),? and)", "girls", "boys", "men\\b", "elderly", "minors",
                      "infants", "pregnant"),
        "change": any_of("increase of", "decrease of", "rose by", "fell by", "dropped by",
                         "increased by", "decreased by", "rise of", "drop of"),
        "subset": any_of("of whom", "of which", "of them", r"(?<!result\s)(?<!because\s)of these", "of those", "including",
                         "among them", "among whom"),
        "compared": any_of("compared (?:to|with)", r"per\s?cent (?:less|more|fewer|higher|lower) than", "(?:down|up) from", "than in", "as many as", "against",
                           r"from(?=\s\d[\d.,]{0,12}(?:\smillion|\sthousand)?\s{4})"),
        "so_far": any_of("so far"),
        "here": any_of("(?:the|this|that) (?:same )?(?:governorate|province|district|sub-?district"
                       "|area|region)", "there(?! (?:are|were|is|was|have|has|had))"),
        "wished": any_of("plans? to return", "(?:are|is|were) planning to return", "intends? to return",
                         "(?:are|is|were) intending to return", "wish(?:es)? to return", "wants? to return"),
        "same_period": any_of("same (?:period|months?|days?|weeks?|time|date)", "that (?:period|month)"),
        "others": any_of("other nationalities", "non-syrians?", "afghans?", "iraqis?", "palestin*"),
        "counting": any_of("number of"),
        "rising": any_of("risen", "rose", "grown", "grew", "increas*"),
        "within": any_of("within", "inside", "other parts of"),
        "this_count": any_of("this (?:number|figure|total)"),
        "resettled": any_of("resettle*"),
    },
    skipped=re.compile(r"[ \n]{0,3}(?:[\w'-]+[ \n]){0,3}?"),
    periods=_periods,
    places=_places,
    respectively=any_of("respectively"),
    each=any_of("each"),
    goes_on=re.compile(
        r"[ \n]*(?:[^\w\s]|\d|$|(?:from|to|in|into|within|across|at|on|by|of|for|during|between|since|with"
        r"|and|or|but|who|which|that|while|whereas|as|were|was|had|have|has|are|is|did|more|less"
        r"|respectively|each|took place|came|come|went|in total|so far|also|all|others?|up|down|compared|per"
        r"|than|after|before|until|through|over|under|around|among|out|according|including|last"
        r"|this|the|then|there|inside|outside|said|following|throughout|due|because|\w+(?:ing|ed|ly))"
        r"(?!\w))"
    ),
)  # fmt: skip
