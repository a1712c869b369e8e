"""Numbers that a sentence gives to several places, parts of a whole, and clauses of comparison.

The sentences are ours, in the manner of OCHA's monthly pages; what is expected was written first.
"""

from datetime import date

import pytest

from pipelines.extract import figures_in
from pipelines.extract.claims import claims_in

TITLE = "Syrian Arab Republic: IDP Movements (May 2022)\n\n"
DANA, ATAREB, HARIM, ARIHA = "SY070301", "SY020001", "SY070300", "SY070500"


def read(sentence, title=TITLE):
    found = figures_in(title + sentence, published_on=date(2022, 6, 20))
    assert all(str(one.reference_period_start)[:7] == "2022-05" for one in found)
    return {(one.value, one.place_code, one.origin_code) for one in found}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            (
                "Dana sub-district in Idleb governorate and Atareb sub-district in western Aleppo "
                "governorate saw around 9 and 6 thousand IDP movements respectively."
            ),
            {(9_000, DANA, None), (6_000, ATAREB, None)},
        ),
        (
            (
                "Dana sub-district in Idleb governorate and Atareb sub-district in Aleppo "
                "governorate received around six and three thousand IDP movements respectively "
                "while Harim sub-district in Idleb governorate received about 1,500 IDP movements."
            ),
            {(6_000, DANA, None), (3_000, ATAREB, None), (1_500, HARIM, None)},
        ),
        (
            (
                "Ariha sub-district in Idleb governorate received the most, with around 5,000 IDP "
                "movements, while the Dana sub-district in Idleb governorate and the Atareb "
                "sub-district in Aleppo governorate each received some 700 IDP movements."
            ),
            {(5_000, ARIHA, None), (700, DANA, None), (700, ATAREB, None)},
        ),
        (
            (
                "Ariha and Dana sub-districts in Idleb governorate received more than 2,000 IDP "
                "movements each."
            ),
            {(2_000, ARIHA, None), (2_000, DANA, None)},
        ),
    ],
    ids=["shared-scale", "written-out", "while-each", "each-at-the-end"],
)
def test_each_place_gets_its_own_number_and_no_other(sentence, expected):
    """Somebody else's 800 under one "each" would plan water for the wrong town."""
    assert read(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        # Towns are finer than a sub-district.
        "Dana and Harim towns in Idleb governorate received around 900 IDP movements each.",
        # Three places and two numbers.
        "Dana, Harim and Ariha sub-districts received 900 and 800 IDP movements respectively.",
        # A place inside another is no second one.
        "Idleb governorate and Dana sub-district received 900 IDP movements each.",
        # No table has it.
        "Dana and Nowhereville sub-districts received 900 IDP movements each.",
    ],
)
def test_what_belongs_to_which_must_not_be_guessed(sentence):
    assert read(sentence) == set()


@pytest.mark.parametrize(
    "clause",
    [
        ", which marks a six percent increase from April",
        ", with a thirty percent decrease compared to the previous month",
        ", marking a seven percent rise from April 2022",
        ", around 28 percent more than the numbers tracked in April",
        ", similar to numbers tracked in April 2022",
    ],
)
def test_a_last_clause_that_compares_leaves_the_number_before_it(clause):
    sentence = "In May 2022, the humanitarian community tracked 41,000 IDP movements across Syria"
    assert read(f"{sentence}{clause}.") == {(41_000, "SYR", None)}


def test_a_further_part_goes_to_the_place_of_its_whole():
    """From Aleppo to Idleb: as "to Syria" it would count people who never left the country."""
    sentence = (
        "The largest population movement was recorded in Idleb governorate with about 320,000 IDP "
        "movements, including 290,000 IDPs displaced from within Idleb governorate and 30,000 IDPs "
        "displaced from Aleppo governorate."
    )
    assert (30_000, "SY07", "SY02") in read(sentence)
    assert not any(place == "SYR" for _, place, _ in read(sentence))


def test_several_origins_of_which_some_are_named_are_none():
    sentence = (
        "Lattakia governorate received around 1,300 IDP movements from several governorates, "
        "including Aleppo, Homs and Hama governorates."
    )
    assert read(sentence) == {(1_300, "SY06", None)}


def test_moves_from_one_governorate_to_the_other_are_no_region_of_both():
    sentence = "About 4,600 IDPs were displaced east Idleb governorate to west Aleppo countryside."
    assert not any(place.startswith("X-") for _, place, _ in read(sentence))


def test_a_monthly_table_of_moves_gives_no_people():
    """OCHA's movements are moves, also where its page says individuals."""
    sentence = "Of this population, 57,000 individuals were displaced in Al-Hasakeh governorate."
    found = figures_in(TITLE + sentence, published_on=date(2022, 6, 20))
    assert all(one.unit == "movements" for one in found)


def test_the_bold_reader_gives_each_to_its_own_clause():
    sentence = (
        "Ariha sub-district received the most, with around 5,000 IDP movements, while Dana and "
        "Harim sub-districts each received some 700 IDP movements."
    )
    found = claims_in(TITLE + sentence, published_on=date(2022, 6, 20))
    assert sorted((c.value, c.place) for c in found) == [
        (700, HARIM),
        (700, DANA),
        (5_000, ARIHA),
    ]


def test_a_further_place_has_the_number_behind_it():
    """Read the other way round, Dana's 8,400 would be held against Atareb's count."""
    sentence = (
        "Dana sub-district in Idleb governorate received the most with around 8,400 IDP movements, "
        "followed by Atareb sub-district in Aleppo governorate, which received around 4,100 IDP "
        "movements."
    )
    assert read(sentence) == {(8_400, DANA, None), (4_100, ATAREB, None)}


def test_a_community_is_not_held_against_the_governorate_it_lies_in():
    sentence = (
        "At the community level, the Sarmada community in Idleb governorate received the largest "
        "number of displaced people, with around 1,700 movements."
    )
    found = claims_in(TITLE + sentence, published_on=date(2022, 6, 20))
    assert [(c.value, c.place) for c in found] == [(1_700, None)]
    assert read(sentence) == set()
