"""Words, numbers and dates in the reader's language. No global state: one `Words` a reader."""

import calendar
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from babel import Locale, dates, lists, numbers

from data.analysis.cells import day_of, is_null
from data.gazetteer import places
from data.schema import languages

LOCALES: Final = Path(__file__).resolve().parents[1] / "locales"
LANGUAGES: Final = {code: language.name for code, language in languages.LANGUAGES.items()}
"""The languages that readers choose from, each by its own name."""
FALLBACK: Final = "en"
MONTH: Final = 30.4375
YEAR: Final = 365.25
AGE_IN_DAYS: Final = 45
"""Up to so many days an age is said in days; above, in months."""
AGE_IN_MONTHS: Final = 730
"""Up to so many days an age is said in months; above, in years: 22 months are not one year."""


@cache
def catalogue(language: str) -> dict[str, str]:
    """Every text of a language by key."""
    text = (LOCALES / f"{language}.json").read_text(encoding="utf-8")
    loaded: dict[str, str] = json.loads(text)
    return loaded


@cache
def _place_names() -> dict[str, dict[str, Any]]:
    return {str(row["place_code"]): row for row in places.rows()}


@dataclass(frozen=True, slots=True)
class Words:
    """The catalogue of one language, and its formats."""

    language: str

    def __call__(self, key: str, **values: object) -> str:
        """The text for `key`; a key that does not exist is a bug and raises KeyError."""
        text = catalogue(self.language)[key]
        return text.format(**values) if values else text

    @property
    def written(self) -> languages.Language:
        """How the language is written."""
        return languages.LANGUAGES[self.language]

    @property
    def rtl(self) -> bool:
        """Whether the language runs from right to left."""
        return self.written.right_to_left

    @property
    def semicolons(self) -> bool:
        """Whether Excel in this language expects semicolons between the columns of a CSV."""
        return self.written.semicolons

    @property
    def direction(self) -> str:
        """The value of HTML's `dir`."""
        return "rtl" if self.rtl else "ltr"

    @property
    def locale(self) -> str:
        """The Unicode locale."""
        return self.written.locale

    def count(self, number: float | None) -> str:
        """A whole number; the words for "not reported" where there is none, never a zero."""
        if number is None or is_null(number):
            return self("figure.not_reported")
        return self.number(number)

    def number(self, number: float) -> str:
        """A whole number with this language's grouping."""
        return _grouped(int(number), self.locale)

    def times(self, ratio: float) -> str:
        """A multiple: one digit after the point below ten, none from there on."""
        form = "#,##0.#" if ratio < 10 else "#,##0"
        return str(numbers.format_decimal(ratio, form, self.locale, numbering_system="latn"))

    def per_hundred(self, rate: float) -> str:
        """So many of each hundred, with one digit after the point."""
        return str(numbers.format_decimal(rate, "0.0", self.locale, numbering_system="latn"))

    def hundredths(self, rate: float) -> str:
        """A small rate with two digits after the point."""
        return str(numbers.format_decimal(rate, "#,##0.00", self.locale, numbering_system="latn"))

    def percent(self, share: float) -> str:
        """A share (0.12) as a percentage with one digit."""
        form = self.written.percent
        return str(numbers.format_percent(share, form, self.locale, numbering_system="latn"))

    def signed_percent(self, share: float) -> str:
        """A change (-0.12) as a percentage with its sign; whole from 10 % on."""
        shown = round(abs(share) * 100, 1 if abs(share) < 0.1 else 0)
        sign = "±" if not shown else "+" if share > 0 else "−"
        return f"\u2066{sign}{self.percent(shown / 100)}\u2069"

    def month(self, day: date) -> str:
        """A month and year."""
        return _dated(day_of(day), "LLLL y", self.locale)

    def period(self, start: date, end: date) -> str:
        """A whole year, a whole month, or two days."""
        first, last = day_of(start), day_of(end)
        if (first.day, first.month, last.day, last.month) == (1, 1, 31, 12):
            if first.year == last.year:
                return str(first.year)
        elif (first.day, first.year, first.month) == (1, last.year, last.month) and (
            last.day == calendar.monthrange(last.year, last.month)[1]
        ):
            return self.month(first)
        return self.day(last) if first == last else f"{self.day(first)} – {self.day(last)}"

    def signed(self, number: float) -> str:
        """A change, with its sign."""
        sign = "+" if number > 0 else "−" if number < 0 else "±"
        # Isolated, so that the sign stays at the number's left where the text runs from the right.
        return f"\u2066{sign}{self.count(abs(number))}\u2069"

    def day(self, day: date | None) -> str:
        """A day in words."""
        return _day(self, day)

    def listed(self, parts: list[str]) -> str:
        """Several names in one sentence, as the language lists them."""
        return lists.format_list(parts, "standard", self.locale)

    def joined(self, parts: Iterable[str]) -> str:
        """Several codes or names behind a colon, with the comma of the language and no "and"."""
        return self("list.comma").join(parts)

    def moment(self, at: datetime | None) -> str:
        """A day and time, UTC."""
        if is_null(at) or at is None:
            return self("figure.day_unknown")
        return self("date.moment", day=self.day(at), time=f"{at:%H:%M}")

    def days(self, count: int, key: str) -> str:
        """A number of days in this language's plural; `key` is the start of the texts' keys."""
        form = Locale.parse(self.locale).plural_form(count)
        return self(f"{key}.{form}", count=self.number(count))

    def age(self, day: date, today: date) -> str:
        """How long ago, in plain words, rounded: days to six weeks, months to two years, years."""
        passed = (today - day_of(day)).days
        if passed <= 0:
            return self("age.today")
        unit, length = "day", passed
        if passed > AGE_IN_DAYS:
            unit, length = "month", round(passed / MONTH)
        if passed > AGE_IN_MONTHS:
            unit, length = "year", round(passed / YEAR)
        form = Locale.parse(self.locale).plural_form(length)
        return self(f"age.{unit}.{form}", count=self.number(length))

    def span(self, length: timedelta) -> str:
        """A length of time in whole days; in hours or minutes where it is shorter than one."""
        seconds = length.total_seconds()
        hours, minutes = round(seconds / 3600), max(1, round(seconds / 60))
        unit, count = ("hour", hours) if seconds >= 3600 else ("minute", minutes)
        if length.days:
            unit, count = "day", length.days
        form = Locale.parse(self.locale).plural_form(count)
        return self(f"span.{unit}.{form}", count=self.number(count))

    def isolated(self, text: str) -> str:
        """A text as its language runs, for a drawing: it knows no page and runs from the left."""
        return f"\u2067{text}\u2069" if self.rtl else text

    def place(self, code: str) -> str:
        """A place's name in this language, else in English; a code nobody named stays a code."""
        row = _place_names().get(code)
        if row is None:
            return code
        return str(row.get(f"name_{self.language}") or row["name_en"])

    def kind(self, code: str) -> str:
        """What a place is, as its country calls it: governorate or province."""
        row = _place_names()[code]
        return self._of_country(f"kind.{row['kind']}", {str(row["location_code"])})

    def level(self, level: str, codes: Iterable[str]) -> str:
        """An admin level as the countries of some places call it; both words where they differ."""
        known = _place_names()
        countries = {str(known[code]["location_code"]) for code in codes if code in known}
        return self._of_country(f"level.{level}", countries)

    def _of_country(self, key: str, countries: set[str]) -> str:
        own = f"{key}.{min(countries)}" if len(countries) == 1 else key
        return self(own if own in catalogue(self.language) else key)

    def caveats(self, codes: str | None) -> list[str]:
        """The caveats of a figure in words."""
        if codes is None or is_null(codes):
            return []
        return [self(f"caveat.{code}") for code in str(codes).split()]


def preferred(locale: str | None) -> str:
    """The offered language nearest to a browser locale such as "tr-TR"."""
    language = (locale or FALLBACK).replace("_", "-").split("-")[0].lower()
    return language if language in LANGUAGES else FALLBACK


def reading(asked: str | None, accepted: str | None) -> str:
    """The language of an answer.

    Args:
        asked: What the address asks for, if anything.
        accepted: The browser's Accept-Language; its first language counts.
    """
    first = (accepted or "").split(",")[0].split(";")[0]
    return asked if asked in LANGUAGES else preferred(first)


@lru_cache(maxsize=16_384)
def _grouped(number: int, locale: str) -> str:
    """A whole number: a page says the same few hundred again and again, and Babel is slow."""
    between = _by_thousands(locale)
    if number < 0 or between is None:
        return str(numbers.format_decimal(number, locale=locale, numbering_system="latn"))
    return f"{number:,}".replace(",", between)


@cache
def _by_thousands(locale: str) -> str | None:
    """What stands between thousands, where all groups of a whole number are of three digits."""
    written = Locale.parse(locale)
    if written.decimal_formats[None].grouping != (3, 3):
        return None
    return str(written.number_symbols["latn"]["group"])


@lru_cache(maxsize=4_096)
def _day(words: Words, day: date | None) -> str:
    """A day in words: a page says the same few again and again."""
    if day is None or is_null(day):
        return words("figure.day_unknown")
    return _dated(day_of(day), "d MMMM y", words.locale)


@lru_cache(maxsize=4_096)
def _dated(day: date, pattern: str, locale: str) -> str:
    return _western(dates.format_date(day, pattern, locale))


def _western(text: str) -> str:
    """Babel writes Arabic dates in Eastern digits; the numbers beside them are Western."""
    return text.translate(str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789"))
