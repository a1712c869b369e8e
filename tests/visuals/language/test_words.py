"""Words: the same ones in every language, and no code without one."""

import json
import re
import string
from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as some

from data.analysis import changes, gap_reasons, reconciliations
from data.gazetteer import places
from data.gazetteer.area import ASKS
from data.schema import codes
from visuals.language.words import LANGUAGES, LOCALES, Words, catalogue, preferred, reading

ALL = pytest.mark.parametrize("language", LANGUAGES)
OUTCOMES = ("published", "unchanged", "held", "failed", "none")
STATES = ("fresh", "due", "late", "dead", "never")
CHANGES = (
    "first",
    "corrected",
    "confirmed",
    "withdrawn",
    "back",
    "year_end",
    "method",
    "extended",
    "reupload",
)


UNNUMBERED = frozenset({"zero", "one", "two"})
"""Plurals that Arabic says without a number: a year ago, two figures."""


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@ALL
def test_every_language_has_the_same_keys_and_holes(language):
    english, other = catalogue("en"), catalogue(language)
    assert set(english) == set(other)
    # Arabic says "a year ago" and "two years ago" without a number.
    differing = [
        key
        for key in english
        if holes(english[key]) != holes(other[key]) and key.rpartition(".")[2] not in UNNUMBERED
    ]
    assert differing == []


@ALL
def test_catalogues_are_flat_and_sorted(language):
    text = (LOCALES / f"{language}.json").read_text(encoding="utf-8")
    read = json.loads(text)
    assert list(read) == sorted(read)
    assert all(isinstance(value, str) and value for value in read.values())


@ALL
def test_every_code_has_words(language):
    """A reader never meets a code such as IDP_ARR or mid_year."""
    keys = [
        *(f"measure.{code}" for code in codes.MEASURES),
        *(f"definition.{code}" for code in codes.MEASURES),
        *(f"group.{code}" for code in codes.POPULATION_GROUPS),
        *(f"unit.{code}" for code in codes.UNITS),
        *(f"definition.{code}" for code in codes.UNITS if code != "people"),
        *(f"qualifier.{code}" for code in codes.QUALIFIERS),
        *(f"caveat.{code}" for code in codes.CAVEATS),
        *(f"missing.{code}" for code in codes.MISSING_REASONS),
        *(f"outcome.{code}" for code in OUTCOMES),
        *(f"state.{code}" for code in STATES),
        *(f"change.{code}" for code in CHANGES),
        *(f"question.{asks}" for asks in ASKS),
        *(f"level.{code}" for code in ("0", "1", "2", "3", "none")),
        *(f"kind.{kind}" for kind in places.table()["kind"].unique()),
        *(f"key.{code}" for code in ("none", "optional", "required")),
        *(f"reason.{code}" for code in gap_reasons.RULED),
        *(f"case.{case.code}" for case in reconciliations.cases()),
        *(
            f"reason.{code}"
            for case in reconciliations.cases()
            for _, told in case.gaps
            for code in told
        ),
        *(
            f"reason.{code}"
            for case in reconciliations.cases()
            for *_, told in case.parts
            for code in told
        ),
        *(f"since.more.{kind}" for kind in changes.KINDS),
    ]
    assert [key for key in keys if key not in catalogue(language)] == []


def test_every_qualifier_that_is_printed_keeps_its_number():
    for code in set(codes.QUALIFIERS) - {"exact", "rounded", "modelled"}:
        for language in LANGUAGES:
            assert "7" in Words(language)(f"qualifier.{code}.value", number="7")


def test_arabic_has_no_english_left():
    """Names of laws of nature stay; words do not. Codes, commands and file formats may."""
    allowed = {"CSV", "SVG", "PNG", "SHA", "nuzuh", "sources", "verify", "run", "published_figures"}
    allowed |= {
        "NUZUH_INBOX",
        "SG",
        "repair",
        "SM",
        "API",
        "Signals",
        "Tab",
        "Enter",
        "UTC",
        "HDX",
        "HAPI",
        "Atom",
        "ZIP",
        "accept",
        "show",
    }
    allowed |= {
        "oEmbed",
        "Context",
        "Model",
        "Protocol",
        "DuckDB",
        "Python",
        "pandas",
        "BI",
        "Power",
        "Query",
        "QGIS",
        "Features",
        "OGC",
        "WFS",
        "R",
        "LibreOffice",
        "TOKEN",
        "Excel",
        "XLSX",
        "DOCX",
        "HXL",
        "JSON",
        "Arrow",
        "Parquet",
        "GeoJSON",
        "zip",
        "Word",
        "PDF",
        "iCalendar",
        "GeoParquet",
        "import",
        "serve",
    }
    for key, text in catalogue("ar").items():
        bare = "".join(part for part, *_ in string.Formatter().parse(text))
        bare = re.sub(r"/nuzuh/[\w/]+", "", bare)  # an address of ours stays as it is typed
        latin = {word for word in _latin(bare) if word not in allowed}
        assert not latin, (key, latin)


def _latin(text: str) -> list[str]:
    kept = "".join(c if c.isascii() and (c.isalpha() or c == "_") else " " for c in text)
    return kept.split()


def test_a_key_that_is_missing_is_a_bug_and_raises():
    with pytest.raises(KeyError):
        Words("en")("no.such.key")


@pytest.mark.parametrize(
    ("locale", "language"),
    [("tr-TR", "tr"), ("ar", "ar"), ("ar_SY", "ar"), ("fr-FR", "en"), (None, "en"), ("", "en")],
)
def test_the_browsers_language_is_the_default(locale, language):
    assert preferred(locale) == language


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        ("ar", "tr-TR,tr;q=0.9", "ar"),
        (None, "tr-TR,tr;q=0.9", "tr"),
        (None, "tr;q=0.9, en", "tr"),
        ("xx", "ar", "ar"),
        (None, None, "en"),
    ],
)
def test_an_address_says_the_language_before_the_browser_does(asked, accepted, language):
    assert reading(asked, accepted) == language


def test_numbers_are_grouped_as_each_language_does_with_western_digits():
    assert Words("en").number(1182989) == "1,182,989"
    assert Words("ar").number(1182989) == "1,182,989"
    assert Words("tr").number(1182989) == "1.182.989"


def test_a_percentage_carries_its_sign_where_the_language_writes_it():
    """CLDR: 12.3% in English, %12,3 in Turkish."""
    assert Words("en").percent(0.123) == "12.3%"
    assert Words("tr").percent(0.123) == "%12,3"


@pytest.mark.parametrize(
    ("language", "shown"), [("ar", "يومان"), ("en", "2 days"), ("tr", "2 gün")]
)
def test_two_days_have_a_dual_in_arabic(language, shown):
    assert Words(language).days(2, "surges.days") == shown


@ALL
def test_null_is_said_and_is_not_zero(language):
    words = Words(language)
    assert words.count(None) != words.count(0)
    assert "0" not in words.count(None)


def test_syrian_month_names_in_arabic():
    assert Words("ar").day(date(2024, 12, 8)) == "8 كانون الأول 2024"
    assert Words("tr").day(date(2024, 12, 8)) == "8 Aralık 2024"


@given(some.integers(min_value=0, max_value=5000), some.sampled_from(sorted(LANGUAGES)))
def test_every_age_has_words(days, language):
    today = date(2026, 11, 24)
    assert Words(language).age(today - timedelta(days=days), today)


@ALL
@pytest.mark.parametrize("length", [timedelta(hours=6), timedelta(days=7), timedelta(days=90)])
def test_every_length_of_time_has_words(language, length):
    """Arabic has six plurals; a library's gap printed `duration-day` on the Sources page."""
    said = Words(language).span(length)
    number = length.days or length.seconds // 3600
    assert said.startswith(str(number))
    assert "duration" not in said


@ALL
def test_idleb_is_one_place_with_a_name_in_each_language(language):
    names = {"en": "Idleb", "ar": "إدلب", "tr": "İdlib"}
    # A language that has no names of its own yet shows the English ones.
    assert Words(language).place("SY07") == names.get(language, names["en"])


def test_a_place_without_a_name_in_the_language_falls_back_to_english():
    table = places.table()
    nameless = table[table["name_tr"].isna()].iloc[0]
    assert Words("tr").place(nameless["place_code"]) == nameless["name_en"]


def test_a_language_is_offered_everywhere_or_nowhere():
    """A reader whose language assistants or the catalogues do not know would be stopped there."""
    from commands import assistant

    known = set(LANGUAGES)
    assert known == {file.stem for file in LOCALES.glob("*.json")}
    assert known == set(get_args(get_args(assistant.Language)[0]))
