"""What people type, to the places, towns, crossings and whatever else bears such a name.

For people who look for a page. Figures are joined by `places.resolve`, which is strict: no spelling
of this module leads a number to a place.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal

import pandas as pd

from data.gazetteer import crossings, places
from data.schema.languages import LANGUAGES

Kind = Literal["place", "crossing", "town", "event", "source", "term", "word", "page"]
ORDER: Final[tuple[Kind, ...]] = (
    *("place", "crossing", "town", "page", "term", "source", "event", "word"),
)
"""Which kind comes first where two bear the name equally well."""
FEWEST: Final = 2
"""Characters below which a search finds nothing: it would find everything."""
_IGNORED_CHARACTERS: Final = dict.fromkeys(map(ord, "'’‘`´ʿʾʼ\u0640\u200c\u200d\u200e\u200f"))
_ALIKE: Final = str.maketrans(
    {"ı": "i", "ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك", "ھ": "ه", "-": " ", "_": " ", "/": " "}
)
_LEVELS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("governorate", "gov", "province", "muhafaza", "muhafazah"), "admin1"),
    **dict.fromkeys(("ili", "il", "vilayeti", "valiligi", "محافظه", "ولايه"), "admin1"),
    **dict.fromkeys(
        ("district", "mantika", "mantiqa", "ilcesi", "ilce", "منطقه", "قضاء"), "admin2"
    ),
    **dict.fromkeys(("subdistrict", "nahiya", "nahiyah", "nahiyesi", "bucagi", "ناحيه"), "admin3"),
}
"""Words that say at which level a name is meant, as `search_form` writes them."""
_FILLERS: Final = frozenset(
    {"of", "the", "city", "town", "sehri", "kenti", "kasabasi", "مدينه", "بلده", "crossing", "معبر"}
    | {"border", "kapisi", "sinir"}
)
"""Words that say of which sort a name is and are part of no name here."""
_ARTICLES: Final = frozenset(
    {"al", "el", "as", "es", "ash", "esh", "ad", "ed", "an", "en", "ar", "er", "at", "et"}
    | {"az", "ez"}
)
"""The Arabic article in Latin letters: Bab al-Salam is Bab es-Selame in Turkish."""
_ARTICLE: Final = re.compile(r"(?<!\S)ال(?=\S{3})")
_CASE: Final = re.compile(r"(?<=\S{3})ين(?!\S)")
_LAST: Final = re.compile(r"(?<=\S{3})ا(?!\S)")
_SUFFIX: Final = re.compile(r"(?<=\w{4})['’](?:[dt][ea]|[ea]|[iıuü]n|y[ea]|n[iıuü]n)\w*(?!\S)")
"""What Turkish hangs on a name: Kilis’teki, İdlib’e, Hatay’ın."""
_PLURAL: Final = re.compile(r"(?<=\S{3})(?:e?s|l[ae]r\S*|ات|ون)$")
"""How plurals end in the three languages; whatever follows it in Turkish too."""
_PAIRS: Final = (("sh", "s"), ("ch", "s"), ("kh", "h"), ("gh", "g"), ("th", "t"), ("dh", "d"))
_VOWELS: Final = str.maketrans({**dict.fromkeys("aeiouywv", ""), "q": "k", "j": "c"})
_DOUBLED: Final = re.compile(r"(.)\1+")
_SHORTEST: Final = 3
"""Letters below which no name is guessed from how it sounds, nor looked for in a sentence."""
_SUBDISTRICT: Final = re.compile(r"\b(?:sub|alt) (district|ilce)")
_NO_MATCH: Final = 9
_NAMES: Final = {language: f"name_{language}" for language in LANGUAGES}
"""The column that holds a place's name in each language; tables need not have every one."""


@dataclass(frozen=True)
class Entry:
    """Something that can be found.

    Attributes:
        kind: What it is.
        code: Its code: a P-code or ISO3, a crossing, an event, a source, a page. A town has none
            of its own and gives its sub-district's.
        names: Its name by language, as it is shown; a language may be missing.
        others: Spellings that find it and are not shown.
        place_code: Where it lies; None where that says nothing.
        level: Of a place: country, admin1, admin2, admin3 or region.
    """

    kind: Kind
    code: str
    names: Mapping[str, str]
    others: tuple[str, ...] = ()
    place_code: str | None = None
    level: str | None = None

    def name(self, language: str) -> str:
        """Its name in a language, else in the first there is."""
        return self.names.get(language) or next(iter(self.names.values()), self.code)


@dataclass(frozen=True)
class Hit:
    """An entry that was found.

    Attributes:
        entry: What it is.
        name: As the reader reads it.
        rank: 0 where the name is what was typed, 1 where it begins so, 2 where one of its words
            does, 3 where what was typed stands inside. Where no name begins so: 4 where its words
            begin as those typed, in any order and number, 5 where it sounds alike, 6 where it
            stands in what was typed.
    """

    entry: Entry
    name: str
    rank: int


def search_form(text: str) -> str:
    """A name as it is compared: without marks, apostrophes, case, hyphens and doubled space."""
    folded = unicodedata.normalize("NFKC", str(text)).casefold()
    decomposed = unicodedata.normalize("NFKD", folded).translate(_IGNORED_CHARACTERS)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(bare.translate(_ALIKE).split())


def loose_form(form: str) -> str:
    """A `search_form` without articles and Arabic endings: النازحين becomes نازحون."""
    words = form.split()
    plain = " ".join(word for word in words if word not in _ARTICLES) or form
    return _LAST.sub("ه", _CASE.sub("ون", _ARTICLE.sub("", plain)))


def sounds(form: str) -> str:
    """The consonants of a `search_form` in Latin letters; empty where it has others.

    Maarat, Maaret and Ma'arrat differ in vowels and doubling alone, Hawa and Hava in a half-vowel.
    """
    joined = form.replace(" ", "")
    if not (joined.isascii() and joined.isalpha()):
        return ""
    for pair, one in _PAIRS:
        joined = joined.replace(pair, one)
    heard = _DOUBLED.sub(r"\1", joined.translate(_VOWELS))
    return heard if len(heard) >= _SHORTEST else ""


@dataclass(frozen=True)
class Index:
    """Entries made ready to be searched as somebody types; build it once."""

    entries: tuple[Entry, ...]
    _names: tuple[tuple[tuple[str, str], ...], ...] = field(init=False, repr=False)
    _texts: tuple[str, ...] = field(init=False, repr=False)
    """All names of an entry in one text, to pass over what cannot match."""
    _sounds: tuple[frozenset[str], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Spell every name as queries are compared."""
        names = tuple(_spelled(entry) for entry in self.entries)
        object.__setattr__(self, "_names", names)
        texts = tuple("\n".join(joined for _, joined in known) for known in names)
        object.__setattr__(self, "_texts", texts)
        heard = tuple(frozenset(sounds(name) for name, _ in known) - {""} for known in names)
        object.__setattr__(self, "_sounds", heard)

    def find(
        self, query: str, language: str, *, limit: int = 12, kinds: Iterable[Kind] = ()
    ) -> list[Hit]:
        """What bears a name like the query, best first.

        Letters count without marks and case, spaces and hyphens not at all: Idleb, İdlib, Deir
        Ezzor and Deir ez-Zor, أعزاز and اعزاز are found however they are typed. A word for a level
        (governorate, محافظة, ili) is no part of the name and brings that level to the front.

        Args:
            query: What was typed, in Latin or Arabic letters.
            language: In which the names are given.
            limit: The most to give.
            kinds: Only of these; all where empty.
        """
        names, level = _asked(query)
        asked = [(name, close) for name in names if len(close := name.replace(" ", "")) >= FEWEST]
        wanted = frozenset(kinds)
        among = [at for at, one in enumerate(self.entries) if not wanted or one.kind in wanted]
        found: list[tuple[int, int, int, int, Entry]] = []
        ranked = self._near(among, asked)
        if min(ranked.values(), default=_NO_MATCH) > 1:
            # Nothing is called so, nor begins so.
            ranked = self._far(among, [name for name, _ in asked]) | ranked
        for at, rank in ranked.items():
            entry = self.entries[at]
            other = int(level is not None and entry.level != level)
            found.append((other, rank, ORDER.index(entry.kind), at, entry))
        found.sort(key=lambda hit: hit[:4])
        return [Hit(entry, entry.name(language), rank) for _, rank, _, _, entry in found[:limit]]

    def _near(self, among: list[int], asked: list[tuple[str, str]]) -> dict[int, int]:
        """Which entries bear a name that has what was typed in it, and their ranks."""
        found = {}
        for at in among:
            meant = [one for one in asked if one[1] in self._texts[at]]
            if meant:
                rank = min(_rank(*one, *name) for one in meant for name in self._names[at])
                if rank < _NO_MATCH:
                    found[at] = rank
        return found

    def _far(self, among: list[int], asked: list[str]) -> dict[int, int]:
        """Which may be meant where no name begins with what was typed, and their ranks."""
        found = {}
        begun = [[_PLURAL.sub("", word) for word in name.split()] for name in asked]
        heard = {sounds(name) for name in asked} - {""}
        parts = {part for name in asked for part in _parts(name.split())}
        parts |= {part for stems in begun for part in _parts(stems)}
        for at in among:
            text, names = self._texts[at], self._names[at]
            if any(_begin(stems, text) for stems in begun) and any(
                _begin(stems, f" {name}", " ") for stems in begun for name, _ in names
            ):
                found[at] = 4
            elif not heard.isdisjoint(self._sounds[at]):
                found[at] = 5
            elif any(name in parts for name, _ in names):
                found[at] = 6
        return found


def find(query: str, language: str, *, limit: int = 12, kinds: Iterable[Kind] = ()) -> list[Hit]:
    """The same over all places, towns and crossings."""
    return gazetteer().find(query, language, limit=limit, kinds=kinds)


@cache
def gazetteer() -> Index:
    """Every place, town and crossing that the project knows."""
    return Index((*of_places(), *of_crossings(), *of_towns()))


@cache
def of_places() -> tuple[Entry, ...]:
    """Countries first, regions beside governorates, then down to sub-districts."""
    spelled = _spellings()
    rows = places.table().to_dict("records")
    order = {kind: rank for rank, kind in enumerate(("country", "admin1", "region", "admin2"))}
    rows.sort(key=lambda row: order.get(str(row["kind"]), 9))
    return tuple(
        Entry(
            "place",
            str(row["place_code"]),
            _names(row, _NAMES),
            tuple(spelled.get(str(row["place_code"]), ())),
            str(row["parent_code"]) if pd.notna(row["parent_code"]) else None,
            str(row["kind"]),
        )
        for row in rows
    )


@cache
def of_crossings() -> tuple[Entry, ...]:
    """The crossings between Syria and Türkiye, under both sides' names."""
    return tuple(
        Entry(
            "crossing",
            str(row["crossing_code"]),
            _names(row, _NAMES),
            place_code=str(row["syria_code"]) if pd.notna(row["syria_code"]) else None,
        )
        for row in crossings.table().to_dict("records")
    )


@cache
def of_towns() -> tuple[Entry, ...]:
    """Towns that are no seat of a sub-district; each leads to the sub-district it lies in."""
    towns = _towns()
    return tuple(
        Entry(
            "town",
            str(row["place_code"]),
            _names(row, {"en": "name", "ar": "name_ar"}),
            _listed(row["other_names"]),
            str(row["place_code"]),
        )
        for row in towns[towns["kind"] == "town"].to_dict("records")
    )


@cache
def _towns() -> pd.DataFrame:
    return pd.read_csv(places.REFERENCE / "towns.csv", dtype="string")


@cache
def _spellings() -> dict[str, list[str]]:
    """Every further spelling of a place: printed aliases, what people type, its town's names."""
    found: dict[str, list[str]] = {}
    for code, name in places.printed():
        found.setdefault(code, []).append(name)
    typed = pd.read_csv(places.REFERENCE / "spellings.csv", dtype="string")
    towns = _towns()
    seats = towns[towns["kind"] == "seat"]
    for frame, columns in ((typed, ("names",)), (seats, ("name", "other_names"))):
        for row in frame.to_dict("records"):
            for column in columns:
                found.setdefault(str(row["place_code"]), []).extend(_listed(row[column]))
    return found


def _listed(names: object) -> tuple[str, ...]:
    return () if pd.isna(names) else tuple(str(names).split("|"))


def _names(row: Mapping[str, object], columns: Mapping[str, str]) -> dict[str, str]:
    found = {language: row.get(column) for language, column in columns.items()}
    return {language: str(name) for language, name in found.items() if pd.notna(name)}


def _spelled(entry: Entry) -> tuple[tuple[str, str], ...]:
    forms = {search_form(name) for name in (*entry.names.values(), *entry.others, entry.code)}
    names = forms | {loose_form(form) for form in forms}
    return tuple((name, name.replace(" ", "")) for name in names if name)


def _asked(query: str) -> tuple[list[str], str | None]:
    """The names that may be meant, as typed, without words for a sort and loosely; the level."""
    typed = search_form(query)
    words = _SUBDISTRICT.sub("subdistrict", typed).split()
    levels = [_LEVELS[word] for word in words if word in _LEVELS]
    named = " ".join(word for word in words if word not in _LEVELS and word not in _FILLERS)
    # A name that is nothing but such words is meant as it stands.
    bare = loose_form(named or typed)
    names = [typed, named or typed, *([bare] if len(bare) >= _SHORTEST else [])]
    names.append(search_form(_SUFFIX.sub("", query)))
    return list(dict.fromkeys(names)), levels[0] if levels else None


def _rank(asked: str, close: str, name: str, joined: str) -> int:
    if name == asked or joined == close:
        return 0
    if name.startswith(asked) or joined.startswith(close):
        return 1
    if f" {asked}" in f" {name}" or f" ال{asked}" in f" {name}":
        return 2
    return 3 if asked in name else _NO_MATCH


def _begin(stems: list[str], text: str, before: str = "") -> bool:
    """Whether each word typed stands in a text, behind `before`; short ones would stand in any."""
    long = bool(stems) and min(map(len, stems)) >= _SHORTEST
    return long and all(f"{before}{stem}" in text for stem in stems)


def _parts(words: list[str]) -> list[str]:
    """The words that stand together in a sentence: each, and each run of several."""
    return [
        part
        for begin in range(len(words))
        for end in range(begin + 1, len(words) + 1)
        if len(part := " ".join(words[begin:end])) >= _SHORTEST
    ]
