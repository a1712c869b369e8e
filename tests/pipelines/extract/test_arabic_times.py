"""Times and shares in Arabic, and where they are one rule in Turkish, in sentences of our own."""

from datetime import date

import pytest

from pipelines.extract.claims import claims_in

ON = date(2022, 3, 20)


def read(sentence):
    found = claims_in(sentence, published_on=ON)
    return [(c.value, c.group, c.place, c.first, c.last) for c in found if c.group is not None]


def test_from_a_day_of_one_year_until_a_day_of_the_next_is_one_span():
    """Of "2021 until 12" the 21 was taken for a day, and "1" and "20" became people displaced."""
    sentence = "نزح أكثر من 640 ألف شخص في شمال غرب سوريا منذ 1 كانون الأول 2021 حتى 12 شباط 2022."
    assert read(sentence) == [
        (640_000, "NEWDISP", "X-SYR-NW", date(2021, 12, 1), date(2022, 2, 12)),
    ]


def test_from_a_month_until_a_day_begins_with_the_month():
    sentence = "بين تشرين الثاني 2021 و27 شباط 2022 نزح 81,500 شخص في محافظة إدلب."
    assert read(sentence) == [(81_500, "NEWDISP", "SY07", date(2021, 11, 1), date(2022, 2, 27))]


@pytest.mark.parametrize("share", ["بالمئة", "بالمائة", "في المئة", "%"])
def test_a_share_in_any_spelling_is_no_number_of_people(share):
    sentence = f"نزح 52 ألف شخص في محافظة إدلب في شباط 2022، 60 {share} منهم أطفال."
    assert [value for value, *_ in read(sentence)] == [52_000]


def test_a_party_to_the_war_hosts_nobody_by_being_named():
    """ "Bombed by Russia" made Syrian refugees in Russia out of people who fled in Idleb."""
    sentence = (
        "دفع القصف أكثر من 21 ألف شخص إلى النزوح في شباط 2022 في محافظة إدلب التي تقصفها روسيا."
    )
    assert [(group, place) for _, group, place, *_ in read(sentence)] == [("NEWDISP", "SY07")]


@pytest.mark.parametrize(
    ("sentence", "place"),
    [
        (
            (
                "قالت الأمم المتحدة في 11 شباط/فبراير 2020 إن نحو 612 ألف شخص نزحوا في شمال "
                "غرب سوريا منذ كانون الأول."
            ),
            "X-SYR-NW",
        ),
        (
            (
                "Birleşmiş Milletler 11 Şubat 2020'de, 1 Aralık'tan bu yana İdlib'de 612 bin "
                "kişinin yerinden edildiğini açıkladı."
            ),
            "SY07",
        ),
    ],
)
def test_a_text_without_a_day_that_names_one_counts_since_the_winter_before_it(sentence, place):
    """Nothing was found for such a text: its count since December began at no known day."""
    (claim,) = (c for c in claims_in(sentence) if c.group)
    assert (claim.value, claim.place, claim.since, claim.last) == (
        612_000, place, date(2019, 12, 1), date(2020, 2, 11),
    )  # fmt: skip
