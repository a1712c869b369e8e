"""Turkish as offices and the press of Türkiye write it. Pure.

A name or a number carries its ending behind an apostrophe ("İdlib'den", "649'u"), which tells what
part a place plays; the verb ends the sentence, and a list leaves its noun to the last number.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache, partial
from typing import Final

from data.gazetteer import places as tables
from pipelines.extract.languages.calendar import Period, Times, found_near, overlaps
from pipelines.extract.languages.lexicon import Lexicon, any_of, stems
from pipelines.extract.languages.script import lower_case
from pipelines.extract.places import Mention, Role


def _lower(text: str) -> str:
    return lower_case(text.replace("İ", "i").replace("I", "ı"))


_MONTHS: Final = {
    name: n
    for n, name in enumerate(
        ("ocak", "şubat", "mart", "nisan", "mayıs", "haziran", "temmuz", "ağustos", "eylül",
         "ekim", "kasım", "aralık"), 1)
}  # fmt: skip
_M: Final = rf"(?P<m>{'|'.join(_MONTHS)}|aralığ|ocağ)"
_D: Final = r"(?P<d>\d{1,2})"
_Y: Final = r"(?P<y>(?:19|20)\d\d)"
_END: Final = r"(?:'?[a-zçğıöşü]{0,6})"
_SINCE: Final = r"[ \n](?:bu[ \n]?yana|beri|itibaren|sonra(?:sı\w*)?|(?:[\w']+[ \n]){0,3}bugüne(?:[ \n](?:kadar|dek))?)"
_FALL: Final = (
    r"\b(?:(?:esad|esed|baas|rejim|iktidar|yönetim|hükümet)\w*'?\w*[ \n]){1,3}(?:devril|yıkıl|düş|çök)(?:me)\w*[ \n]"
    r"(?:bu[ \n]?yana|beri|itibaren|sonra)\b"
)
"""Since the fall of Syria's government."""
_PATTERNS: Final = (
    ("since_fall", re.compile(_FALL)),
    ("years", re.compile(r"\b(?P<y1>20\d\d)[ \n]?(?:-|–|ve|ile)[ \n]?(?P<y>20\d\d)[ \n]yıl\w*(?:[ \n]arasında)?")),
    ("days", re.compile(rf"\b(?P<d1>\d{{1,2}})[ \n]?(?:-|–|ila|ile)[ \n]?{_D}[ \n]{_M}(?:[ \n]{_Y})?")),
    ("range", re.compile(rf"\b(?P<d1>\d{{1,2}})[ \n](?P<m1>{'|'.join(_MONTHS)})(?:[ \n](?P<y1>20\d\d))?"
                         rf"[ \n]?(?:-|–|ila|ile)[ \n]?{_D}[ \n]{_M}(?:[ \n]{_Y})?")),
    ("since", re.compile(rf"\b{_D}[ \n]{_M}(?:[ \n]{_Y})?{_END}(?:[ \n]\w+)?{_SINCE}\b")),
    ("since", re.compile(rf"\b{_M}(?:[ \n]{_Y})?(?:[ \n]ayı(?:n[ıi]n)?)?(?:[ \n]?(?:başı|başından|başlarından))?"
                         rf"{_END}{_SINCE}\b")),
    ("since_year", re.compile(rf"\b{_Y}{_END}(?:[ \n]yılından)?{_SINCE}\b")),
    ("this_month", re.compile(r"\b(?:bu[ \n]ayın|ayın)[ \n]başından[ \n](?:bu[ \n]yana|beri)\b")),
    ("so_far", re.compile(rf"\b{_M}(?:[ \n]{_Y})?(?:[ \n]ayında|{_END})[ \n](?:şu[ \n]ana|şimdiye)"
                          r"[ \n](?:kadar|dek)\b")),
    ("last_year", re.compile(r"\b(?:geçen|geçtiğimiz)[ \n]yıl\b")),
    ("quarter", re.compile(rf"\b{_Y}{_END}(?:[ \n]yılının)?[ \n](?P<q>ilk|ikinci|üçüncü|son)[ \n]çeyre")),
    ("month_end", re.compile(rf"\b{_M}(?:[ \n]{_Y})?(?:[ \n]ayı)?[ \n]son(?:unda|u|una)\b")),
    ("year_end", re.compile(rf"\b{_Y}{_END}(?:[ \n]yılı)?[ \n](?:yıl[ \n])?son(?:unda|u|una)\b")),
    ("as_of", re.compile(rf"\b{_D}[ \n]{_M}(?:[ \n]{_Y})?{_END}[ \n](?:itibar\w+|kadar|dek)\b")),
    ("as_of_month", re.compile(rf"\b{_Y}[ \n]{_M}(?:[ \n]ayı)?[ \n]itibar\w+\b")),
    ("vague", re.compile(rf"\b{_M}(?:[ \n]{_Y})?(?:[ \n]ayına|{_END})[ \n](?:göre|kıyasla)\b")),
    ("as_of_month", re.compile(rf"\b{_M}(?:[ \n]{_Y})?{_END}[ \n]itibar\w+\b")),
    ("day", re.compile(rf"\b{_D}[ \n]{_M}\b(?:[ \n]{_Y})?")),
    ("month", re.compile(rf"\b{_M}[ \n]{_Y}")),
    ("month", re.compile(rf"\b(?P<m>{'|'.join(_MONTHS)})(?:'?(?:[td][ae]|ın|in|un|ün)\b|[ \n]ayı\w*)")),
    ("year", re.compile(rf"\b{_Y}(?:'?[td][ae]\b|[ \n]yılı\w*)")),
    ("this_year", re.compile(r"\b(?:bu[ \n]yıl|(?:bu[ \n]yılın|yılın)[ \n]başından[ \n](?P<since>bu[ \n]yana|beri))\b")),
    ("vague", re.compile(r"\b(?:bugüne|şimdiye)[ \n](?:kadar|dek)\b")),
    ("vague", re.compile(r"\b(?:son[ \n](?:\w+[ \n])?(?:ay|gün|hafta|yıl)\w*|(?:iki|üç|dört|beş|altı"
                         r"|birkaç|\d{1,2}(?:[.,]\d)?)[ \n](?:ay|gün|hafta|yıl)(?:da|de|ta|te)|geçen[ \n]\w+)\b")),
)  # fmt: skip


def _month(name: str) -> int:
    return {"aralığ": 12, "ocağ": 1}.get(name) or _MONTHS[name]


def find_periods(text: str, near: date | None) -> list[Period]:
    """The times of one sentence, in order; a missing year as `found_near` completes it."""
    return found_near(_lower(text), _PATTERNS, lambda times: partial(_period, times=times), near)


def _period(kind: str, match: re.Match[str], *, times: Times) -> Period:
    g = match.groupdict()
    month = _month(g["m"]) if g.get("m") else None
    day = int(g["d"]) if g.get("d") else None
    year = int(g["y"]) if g.get("y") else None
    span = match.span()
    if kind == "last_year" and times.near:
        return times.of("year")(times, span, None, None, times.near.year - 1)
    if kind == "since_fall":
        return times.since_the_fall(span)
    if kind == "years" and year:
        last = min(date(year, 12, 31), times.near or date.max)
        return times.made(span, "span", date(int(str(g["y1"])), 1, 1), last)
    if kind == "quarter" and year:
        which = {"ilk": 1, "ikinci": 2, "üçüncü": 3, "son": 4}[str(g["q"])]
        return times.quarter(span, year, which)
    if kind == "this_year" and times.near:
        first_day = times.near.replace(month=1, day=1)
        if g["since"]:
            return times.made(span, "since", first_day, None)
        return times.made(span, "year", first_day, times.near)
    if kind == "days" and month and day:
        return times.days(span, int(str(g["d1"])), day, month, year)
    if kind == "range" and month and day:
        first = (int(str(g["d1"])), _month(str(g["m1"])), int(g["y1"]) if g["y1"] else None)
        return times.between(span, first, (day, month, year))
    return times.of(kind)(times, span, day, month, year)


# Places

_ENDINGS: Final = re.compile(
    r"(?P<from>'(?:n?[dt][ae]n)\b)|(?P<at>'(?:n?[dt][ae]|y?[ae]|n[ae]|[dt]eki|[dt]aki)\w*)"
    r"|(?P<of>'\w{1,5})"
)
_KIND: Final = re.compile(
    r"[ \n](?P<kind>vilayet|il(?=\b|i|in)|ilçe|nahiye|bölge|şehir|şehr|kent|kırsal|kamp)(?P<end>\w*)"
)
_OF_LIST: Final = re.compile(
    r"(?:,[ \n][A-ZÇĞİÖŞÜ][\w-]*(?:[ \n][A-ZÇĞİÖŞÜ][\w-]*)?)*[ \n]ve[ \n][A-ZÇĞİÖŞÜ][\w'-]*"
    r"(?:[ \n][A-ZÇĞİÖŞÜ][\w-]*)?[ \n](?P<kind>vilayet|il|ilçe|nahiye)(?:ler|lar)"
)
_WORDS_TOO: Final = frozenset({"ordu", "mali", "ağrı", "benin", "van"})
"""Places whose names are words ("ordu" is an army): a place only with an ending or its kind."""
_BORDER: Final = re.compile(
    r"[ \n](?:sınır|hudu[dt])(?:ına|ında|ından|a|da|dan|[ıi]?[ \n](?:yakın|hatt|bölge)\w*)\b"
)
"""Behind a country at whose border people are, and not in it."""
_NAHIYE: Final = re.compile(r"\bnahiye[ \n](?:düzeyinde|bazında)")
_KINDS: Final = {"vilayet": "admin1", "il": "admin1", "ilçe": "admin2", "nahiye": "admin3"}
_REGIONS: Final = (
    (re.compile(r"\bsuriye'?nin[ \n]kuzeybatısı(?P<end>\w*)|\bkuzeybatı[ \n]suriye(?P<end2>'?\w*)"),
     "X-SYR-NW"),
    (re.compile(r"\bsuriye'?nin[ \n]kuzeydoğusu(?P<end>\w*)|\bkuzeydoğu[ \n]suriye(?P<end2>'?\w*)"),
     "X-SYR-NE"),
    (re.compile(r"\bsuriye'?nin[ \n]kuzeyi(?P<end>\w*)|\bkuzey[ \n]suriye(?P<end2>'?\w*)"), "X-SYR-N"),
    (re.compile(r"\b(?:sınır|diğer|geri[ \n]kalan)[ \n](?:kent|il|ilçe|vilayet)(?:ler|in)?(?P<end>\w*)(?P<end2>)"), ""),
    (re.compile(r"\bülkemiz(?P<end>\w*)(?P<end2>)|\bülke[ \n]genel\w*"), "TUR"),
    (re.compile(r"\bkomşu[ \n]ülkeler(?P<end>\w*)(?P<end2>)"), "X-NEIGHBOURS"),
)  # fmt: skip
_WORD: Final = re.compile(r"[A-ZÇĞİÖŞÜ][\w-]*(?:[ \n][A-ZÇĞİÖŞÜ][\w-]*){0,2}")


@cache
def _names() -> dict[str, dict[str, str]]:
    """Names of the places that Turkish texts name: to kind and code."""
    found: dict[str, dict[str, str]] = {}
    for row in tables.rows():
        if row["location_code"] not in ("SYR", "TUR") and row["kind"] != "country":
            continue
        if row["kind"] in ("region", "world"):
            continue
        for name in (row["name_tr"], row["name_en"]):
            if name:
                found.setdefault(_lower(str(name)), {}).setdefault(
                    str(row["kind"]), str(row["place_code"])
                )
    found["şam kırsalı"] = {"admin1": "SY03"}
    found["idlib"] = {"admin1": "SY07", **found.get("idlib", {})}
    return found


def find_places(text: str, masked: list[tuple[int, int]]) -> list[Mention]:
    """The places of one sentence, in order, each with the part that its ending gives it."""
    lower = _lower(text)
    found = [
        Mention(
            m.start(),
            m.end(),
            (code,) if code else (),
            _bare(m.group("end") or m.group("end2") or ""),
            m[0],
        )
        for pattern, code in _REGIONS
        for m in pattern.finditer(lower)
    ]
    fine = "admin3" if _NAHIYE.search(lower) else None
    found += [m for m in _named(text, lower, masked, fine) if not overlaps((m.start, m.end), found)]
    if _FOLLOWS.search(lower):
        # "İstanbul'u 310 bin 40 kişiyle Bursa izledi": the number is Bursa's.
        found = [m for m in found if not _FOLLOWED_ONE.search(lower, m.start, m.end)]
    return sorted(found, key=lambda m: m.start)


_FOLLOWS: Final = re.compile(r"\b(?:izl(?:iyor|edi|emekte|er)|takip[ \n](?:et|ed))")
_FOLLOWED_ONE: Final = re.compile(r"'[yn]?[ıiuü]$")


def _named(
    text: str, lower: str, masked: list[tuple[int, int]], fine: str | None
) -> Iterator[Mention]:
    for run in _WORD.finditer(text):
        at = run.start()
        if any(a <= at < b for a, b in masked):
            continue
        words = list(re.finditer(r"[\w-]+", run.group()))
        taken = 0
        for i in range(len(words)):
            if i < taken:
                continue
            for j in range(len(words), i, -1):
                start, end = at + words[i].start(), at + words[j - 1].end()
                kinds = _names().get(lower[start:end])
                if kinds:
                    mention = _mention(text, lower, start, end, kinds, fine)
                    if mention.name:
                        yield mention
                    taken = j
                    break


def _mention(
    text: str, lower: str, start: int, end: int, kinds: dict[str, str], fine: str | None
) -> Mention:
    ending = _ENDINGS.match(lower, end)
    stop = ending.end() if ending else end
    role: Role = "none"
    if ending:
        role = "from" if ending["from"] else "at" if ending["at"] else "none"
    after = _KIND.match(lower, stop)
    kind = None
    if _BORDER.match(lower, stop):
        return Mention(start, stop, (), role, text[start:end])
    if lower[start:end] in _WORDS_TOO and not (ending or after):
        return Mention(start, stop, (), "none", "")
    if after is None and (listed := _OF_LIST.match(text, stop)):
        # "Afrin ve Azez ilçeleri": the kind behind the last name is that of each.
        kind = _KINDS.get(listed["kind"])
    if after:
        kind, stop, role = _KINDS.get(after["kind"]), after.end(), _bare(after["end"])
    order = [kind] if kind else [*([fine] if fine else []), "country", "admin1", "admin2"]
    code = next((kinds[k] for k in order if k in kinds), None)
    return Mention(start, stop, (code,) if code else (), role, text[start:end])


def _bare(ending: str) -> Role:
    """The part that an ending gives, without its apostrophe."""
    plain = ending.strip("'")
    if re.search(r"[dt][ae]n$", plain):
        return "from"
    return "at" if re.search(r"(?:[dt][ae]|n?[ae]|ki)$", plain) and plain else "none"


def _spelled() -> tuple[tuple[re.Pattern[str], int], ...]:
    """Whole thousands and millions in words, the longest first."""
    ones = {"iki": 2, "üç": 3, "dört": 4, "beş": 5, "altı": 6, "yedi": 7, "sekiz": 8, "dokuz": 9}
    tens = ("on", "yirmi", "otuz", "kırk", "elli", "altmış", "yetmiş", "seksen", "doksan")
    found = {rf"{word}[ \n]?yüz[ \n]bin": n * 100_000 for word, n in ones.items()}
    found |= {rf"{word}[ \n]milyon": n * 1_000_000 for word, n in ones.items()}
    found |= {rf"{word}[ \n]bin": n * 10_000 for n, word in enumerate(tens, 1)}
    return tuple((re.compile(rf"\b{word}\w{{0,4}}\b"), value) for word, value in found.items())


LEXICON: Final = Lexicon(
    code="tr",
    lower=_lower,
    scales=(
        (re.compile(r"[ \n]?bin(?:den|in|i|e|inin|ini|inden|ine|dir|lik)?\b"), 1_000),
        (re.compile(r"[ \n]?milyon(?:dan|un|u|a|luk|dur|unun|unu)?\b"), 1_000_000),
        (re.compile(r"[ \n]?milyar\w{0,4}\b"), 1_000_000_000),
    ),
    spelled=(
        (re.compile(r"\byarım[ \n]milyon\w{0,4}\b"), 500_000),
        (re.compile(r"\bbir[ \n]buçuk[ \n]milyon\w{0,4}\b"), 1_500_000),
        (re.compile(r"\bbir[ \n]milyon\w{0,4}\b"), 1_000_000),
        (re.compile(r"\biki[ \n]milyon\w{0,4}\b"), 2_000_000),
        (re.compile(r"\büç[ \n]milyon\w{0,4}\b"), 3_000_000),
        *_spelled(),
        (re.compile(r"\byüz[ \n]bin\w{0,4}\b"), 100_000),
    ),
    before=(
        (re.compile(r"(?:en az|asgari)[ \n]$"), "over"),
        (re.compile(r"(?:yaklaşık|takriben|tahminen|ortalama|yaklaşık olarak)[ \n]$"), "about"),
        (re.compile(r"(?:neredeyse|hemen hemen)[ \n]$"), "nearly"),
        (re.compile(r"(?:en fazla|en çok)[ \n]$"), "up to"),
    ),
    after=(
        (re.compile(r"(?:'?[dt][ae]n|'?[yı]?[ıiuü])?[ \n](?:fazla|aşkın|çok|üzerinde|üstünde)\b"),
         "over"),
        (re.compile(r"(?:'?[yns]?[ıiuü])?[ \n](?:aş(?:tı|mış|ıyor)|geç(?:ti|miş|iyor))"), "over"),
        (re.compile(r"(?:'?y?[ae])?[ \n](?:yakın|yaklaş\w*)\b"), "nearly"),
        (re.compile(r"[ \n]civarında\b|[ \n]kadar\b"), "about"),
    ),
    decimal=",",
    joins=re.compile(r"[ \n]"),
    ranged=re.compile(r"[ \n]?(?:-|–|ila|ile)[ \n]?"),
    connectives=re.compile(r"[;:(]|,(?!\d)|\b(?:ve|ancak|fakat|bunların|bunlardan|onların|aralarında)\b"),
    nouns=(
        (stems("aile", "hane"), "families"),
        (stems("yerinden edilme (?:vakası|olayı)"), "displacements"),
        (stems("yerinden edilme hareketi", "nüfus hareketi", "hareket"), "moves"),
        (stems("dönüş"), "returns"),
        (stems("mülteci", "sığınmacı"), "refugees"),
        (stems("suriyeli", "suriye vatandaş"), "syrians"),
        (stems("ülke içinde yerinden edilmiş", "yerinden edilmiş kişi", "yerinden edilmiş",
               "yerinden edilenler", "yerinden olmuş", "iç göçmen", "idp"), "idps"),
        (stems("kişi", "sivil", "insan", "vatandaş"), "people"),
    ),
    cues={
        "returned": stems("dön(?:dü|en|üş|müş|me|enler)", "geri dön", "döndüğünü"),
        "displaced": stems("yerinden (?:edildi|oldu|edilmesi|edildiği|edilme|ed(?:ildiğini))",
                           "evini terk", "evlerini terk", "evinden", "evlerinden", "kaç(?:tı|an|ıyor)",
                           "göç e(?:tti|den|tmek)", "göçe zorla", "yerinden et(?:ti|en|miş|mek)", "yerinden edilmesi",
                           "yerlerinden (?:et|ed|ol)", "terk e(?:tti|den)", "yurdundan", "yollara"),
        "present": stems("yerinden edilmiş durumda", "yerinden edilmiş halde"),
        "idps": stems("ülke içinde yerinden", "yerinden edil", "yerinden ol", "iç göç", "idp"),
        "arrived": stems(r"(?<!\d'[ae]\s)(?<!\d'[yn][ae]\s)(?<!bine\s)(?<!milyona\s)(?<!kişiye\s)ulaş(?:tı(?!r)|an)", "gel(?:di|en|miş)", "varış", "vardı", "sığındı"),
        "left": stems("ayrıl(?:dı|an|mış)"),
        "stays": stems("yaşıyor", "yaşarken", "yaşayan", "yaşadığı", "barın", "barındır", "ev sahipliği", "kayıtlı", "kalıyor",
                       "bulun(?:uyor|du|an)", "sayısı", "ikamet", "misafir", "kalan", "yaşamakta"),
        "remain": stems("hâlâ", "hala", "halen"),
        "need": stems("yardım\\w* ihtiyaç", "yardıma ihtiyac", "yardıma ihtiyaç", "yardıma muhtaç", "ihtiyaç sahibi"),
        "camps": stems("kamp", "çadır"),
        "protection": stems("geçici koruma", "kayıtlı"),
        "abroad": stems("suriye'ye", "ülkesine", "ülkelerine", "komşu ülke", "gönüllü", "türkiye'den",
                        "lübnan'dan", "ürdün'den", "ırak'tan", "memleket"),
        "spontaneous": stems("kendiliğinden"),
        "moves": stems("yerinden edilme hareket"),
        "harm": stems("hayatını kaybet", "öldü", "ölü", "yaralan", r"yaralı(?!\w*\s(?:ile|birlikte))", "kayıp", "gözaltı",
                      "tutuk"),
        "aid": stems("yardım (?:yapıldı|ulaştır|sağla|dağıt|alan)", "gıda yardımı", "destek",
                     "yararlanıcı", "dağıt", "çadır ulaştır", "aşı"),
        "thing": stems("kişilik", "tır", "kamyon", "çadır", "bina", "konut", "okul", "hastane", "ülke(?! içinde)",
                       "köy", "gün", "ay\\b", "hafta", "yıl", "saat", "il(?:i|in\\w*|de|den|ler\\w*)?\\b", "kilometre", "km", "ton\\b",
                       "koli", "araç", "otobüs", "kez", "yüzde", "ilçe", "kamp(?!\\w*d)", "ev\\b", "saldırı"),
        "part": stems("(?:yaş arası )?çocuk", "kadın", "erkek", "kız", "yaşlı", "öğrenci", "bebek"),
        "change": stems("artış", "azalış", "arttı", "azaldı", "düştü"),
        "subset": stems("bunların", "bunlardan", "aralarında", "onların", "bu kişilerin", "bu sayının",
                        "bu (?:ailelerin|hanelerin|hareketlerin|dönüşlerin)", "söz konusu kişilerin"),
        "here": stems("kentte\\b", "şehirde\\b", "ilde\\b", "aynı vilayet", "bu vilayet", "vilayet içi", "il içi", "vilayete\\b", "vilayette"),
        "compared": stems("kıyasla", "karşılaştırıl"),
        "so_far": stems("şu ana kadar", "şimdiye kadar", "şimdiye dek"),
        "same_period": stems("aynı dönem", "aynı gün", "aynı ay", "aynı hafta", "aynı süre"),
        "others": stems("diğer uyruk", "başka uyruk", "afgan", "ıraklı", "filistin"),
        "counting": stems("sayısı"),
        "rising": stems("yüksel", "arttı", "artarak", "çıktı"),
        "within": stems("içinde"),
        "entered": stems("giriş yap"),
        "this_count": stems("bu (?:sayı|rakam)"),
        "resettled": stems("yeniden yerleştir", "üçüncü ülke"),
        "wished": stems("dönmek iste", "dönmeyi planla", "dönmeyi düşün"),
    },
    skipped=re.compile(r"(?:'?[a-zçğıöşü]{1,6})?[ \n]?(?:[\w'-]+[ \n]){0,3}?"),
    periods=find_periods,
    places=find_places,
    respectively=any_of("sırasıyla"),
    each=any_of("her biri", "her birine", "her birinde"),
    goes_on=re.compile(
        r"(?:'?[a-zçğıöşü]{1,6})?[ \n]*(?:[^\w\s]|\d|$|(?:ve|ile|ise|de|da|kadar|civarında|olarak|old\w+"
        r"|olan\w*|iken|idi|dolayında|toplam|daha|fazla\w*|aşkın\w*|yakın\w*|kişilik|arasında|olmak|için"
        r"|\w+[dt][ıiuü]ğ\w+|ol\w+|et\w+|\w+(?:dı|di|du|dü|tı|ti|tu|tü|yor|miş|mış|muş|müş|an|en|de|da|den|dan|te|ta"
        r"|ten|tan))(?!\w))"
    ),
    noun_follows=True,
)  # fmt: skip
