"""Sentences of the kinds that reports, proposals and the press write, and what they count.

A number that is held against another place's, day's or people's count is called wrong where it is
right, and the reader stops believing the page.
"""

from datetime import date

import pytest

from pipelines.extract import figures_in
from pipelines.extract.claims import claims_in

ON = date(2022, 6, 30)


def told(text, on=ON):
    return {
        (claim.value, claim.group, claim.unit, claim.place)
        for claim in claims_in(text, published_on=on)
        if claim.group
    }


@pytest.mark.parametrize(
    "text",
    [
        (
            "IDPs in camps, as of 31 May 2022\n\nHarim sub-district: 5,100 IDPs; Salqin "
            "sub-district: 6,200; Armanaz sub-district: 7,300."
        ),
        (
            "النازحون في المخيمات حتى 31 أيار 2022\n\nناحية حارم: 5,100 نازح؛ ناحية سلقين: 6,200 "
            "نازح؛ ناحية أرمناز: 7,300 نازح."
        ),
        (
            "Kamplardaki yerinden edilmiş kişiler, 31 Mayıs 2022 itibarıyla\n\nHarim nahiyesi: "
            "5.100 yerinden edilmiş kişi; Salkin nahiyesi: 6.200; Ermenaz nahiyesi – 7.300."
        ),
    ],
    ids=["en", "ar", "tr"],
)
def test_in_a_table_of_prose_a_place_before_a_colon_belongs_to_the_number_behind_it(text):
    read = {(value, place) for value, _, _, place in told(text)}
    assert read >= {(5_100, "SY070300"), (6_200, "SY070302")}
    assert all(place != "SY070300" for value, place in read if value != 5_100)


@pytest.mark.parametrize(
    "text",
    [
        (
            "Since 8 December 2024, 90,000 Syrians returned to Syria from abroad, of whom 40,000 "
            "came from Türkiye, 30,000 from Lebanon and 20,000 from Jordan."
        ),
        (
            "8 Aralık 2024'ten bu yana 90 bin Suriyeli Suriye'ye döndü; bunların 40 bini "
            "Türkiye'den, 30 bini Lübnan'dan, 20 bini Ürdün'den geldi."
        ),
    ],
    ids=["en", "tr"],
)
def test_a_place_closes_the_words_of_the_number_before_it(text):
    came = {
        claim.value: claim.asylum
        for claim in claims_in(text, published_on=date(2025, 5, 1))
        if claim.group == "RET"
    }
    assert came == {90_000: "ALL", 40_000: "TUR", 30_000: "LBN", 20_000: "JOR"}


@pytest.mark.parametrize(
    "text",
    [
        "استضاف كل من لبنان والأردن والعراق 5,100 و6,200 و7,300 لاجئ سوري على التوالي في 31 أيار.",
        (
            "31 Mayıs 2022 itibarıyla Lübnan, Ürdün ve Irak sırasıyla 5.100, 6.200 ve 7.300 "
            "Suriyeli mülteciye ev sahipliği yapıyor."
        ),
        (
            "As of 31 May 2022, Lebanon, Jordan and Iraq hosted 5,100, 6,200 and 7,300 Syrian "
            "refugees respectively."
        ),
    ],
    ids=["ar", "tr", "en"],
)
def test_respectively_hands_out_numbers_whether_it_stands_before_or_behind_them(text):
    assert told(text) == {
        (5_100, "REF", "people", "LBN"),
        (6_200, "REF", "people", "JOR"),
        (7_300, "REF", "people", "IRQ"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "استقبلت ناحيتا سلقين وأرمناز 5,100 و6,200 حركة نزوح على التوالي في أيار 2022.",
        "Mayıs 2022'de Salkin ve Afrin nahiyeleri sırasıyla 5.100 ve 6.200 hareket aldı.",
        (
            "At sub-district level, Salqin received 5,100 IDP movements in May 2022, followed by "
            "Afrin with some 6,200."
        ),
    ],
    ids=["ar", "tr", "en"],
)
def test_the_level_that_is_said_once_is_that_of_each_name(text):
    places = {place for _, _, _, place in told(text)}
    assert len(places) == 2
    assert all(len(place) == len("SY070302") for place in places)


@pytest.mark.parametrize(
    "text",
    [
        "As of 31 May 2022, 5,100 Syrian refugees were registered in Hatay. It took 6,200 calls.",
        "يعيش 5,100 لاجئ سوري في ولاية هاتاي. وتلقى الخط 6,200 مكالمة و7,300 رسالة.",
        "31 Mayıs 2022'de Hatay'da 5.100 Suriyeli mülteci yaşıyordu. Hatta 6.200 çağrı geldi.",
    ],
    ids=["en", "ar", "tr"],
)
def test_a_noun_that_is_none_of_ours_lends_nothing_from_the_sentence_before(text):
    assert told(text) == {(5_100, "REF", "people", "TUR031")}


@pytest.mark.parametrize(
    "said", ["Call +90 342 211 4500", "Tel 00963 11 613 7900", "See 2022/1187 and 0326 214 55 66"]
)
def test_a_telephone_number_is_no_count(said):
    text = f"In Idleb governorate, 5,100 families were displaced in May 2022. {said}."
    assert told(text) == {(5_100, "NEWDISP", "families", "SY07")}
    assert {one.value for one in figures_in(text, published_on=ON)} <= {5_100}


def test_families_who_are_displaced_and_get_cash_are_helped_and_not_displaced_then():
    text = "In May 2022, 5,100 displaced families in Idleb governorate received cash of $120 each."
    assert told(text) == set()
    assert figures_in(text, published_on=ON) == []


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        (("From 1 December 2019 to 4 March 2020, 5,100 people were displaced in Idleb "
         "governorate."), "cumulative"),
        ("From 1 May to 30 June 2020, 5,100 people were displaced in Idleb governorate.", "flow"),
        (("Between 1 December 2019 and 4 March 2020, 5,100 people were displaced in Idleb "
         "governorate."), "flow"),
        ("From 15 to 19 January 2020, 5,100 people were displaced in Idleb governorate.", "flow"),
    ],
)  # fmt: skip
def test_from_a_day_to_a_day_is_a_running_count_unless_it_is_whole_months(text, measure):
    on = date(2020, 7, 15)
    assert {c.measure for c in claims_in(text, published_on=on) if c.group} == {measure}
    assert {one.measure for one in figures_in(text, published_on=on)} == {measure}


def test_what_stands_behind_while_has_the_time_in_front_of_its_sentence():
    text = (
        "At 31 March 2022, Lebanon and Jordan hosted 5,100 and 6,200 registered Syrian refugees, "
        "respectively, while Türkiye hosted 7,300 registered Syrian refugees."
    )
    days = {(one.value, one.reference_period_end) for one in figures_in(text, published_on=ON)}
    assert (7_300, date(2022, 3, 31)) in days
    two = (
        "On 31 March 2022 Lebanon and on 30 April 2022 Jordan hosted 5,100 and 6,200 registered "
        "Syrian refugees, respectively, while Türkiye hosted 7,300 registered Syrian refugees."
    )
    found = {(one.value, one.reference_period_end) for one in figures_in(two, published_on=ON)}
    assert all(value != 7_300 for value, _ in found)


def test_displacements_are_no_arrivals_and_moves_that_a_place_received_are():
    text = (
        "Between 1 and 31 May 2022, 5,100 displacements were recorded in Idleb governorate. In the "
        "same period, Dana sub-district received 1,200 movements."
    )
    wanted = {
        (5_100, "NEWDISP", "movements", "SY07"),
        (1_200, "IDP_ARR", "movements", "SY070301"),
    }
    assert told(text) == wanted
    figures = figures_in(text, published_on=ON)
    assert {(f.value, f.population_group, f.unit, f.place_code) for f in figures} <= wanted


@pytest.mark.parametrize(
    ("text", "value", "qualifier"),
    [
        ("وعاد مليون و318 ألف سوري إلى سوريا منذ 2016.", 1_318_000, "rounded"),
        ("وصل إلى محافظة إدلب (5,107) نازحين في أيار 2022.", 5_107, "exact"),
        ("2016'dan bu yana 509 bin 387 Suriyeli Suriye'ye döndü.", 509_387, "exact"),
        ("2016'dan bu yana 509 bin Suriyeli Suriye'ye döndü.", 509_000, "rounded"),
    ],
)
def test_a_number_of_several_words_or_in_brackets_is_one_number(text, value, qualifier):
    found = [(c.value, c.qualifier) for c in claims_in(text, published_on=ON) if c.group]
    assert found == [(value, qualifier)]


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("الأول من كانون الأول 2019", date(2019, 12, 1)),
        ("الثامن من كانون الأول/ديسمبر 2021", date(2021, 12, 8)),
        ("السابع والعشرين من تشرين الثاني 2021", date(2021, 11, 27)),
    ],
)
def test_a_day_in_arabic_words_begins_a_running_count(said, first):
    text = f"نزح 5,100 شخص في محافظة إدلب منذ {said}."
    (claim,) = [c for c in claims_in(text, published_on=ON) if c.group]
    assert (claim.measure, claim.since) == ("cumulative", first)


def test_in_arabic_the_country_is_no_syrian():
    """One word is both; taken for people, a count of those displaced became one of refugees."""
    text = "بلغ عدد النازحين الجدد في سوريا منذ 1 أيار 2022 نحو 5,100 شخص."
    assert told(text) == {(5_100, "NEWDISP", "people", "SYR")}
    assert told("عاد 5,100 سوري من تركيا، ثم عاد 6,200 سورياً من لبنان في أيار 2022.") == {
        (5_100, "RET", "people", "SYR"),
        (6_200, "RET", "people", "SYR"),
    }


def test_the_place_of_a_part_that_comes_later_is_not_that_of_the_whole():
    text = (
        "8 Aralık 2021'den bu yana İdlib vilayetindeki kamplardan 5.100 aile ayrıldı. Kamplarda "
        "hâlâ 6.200 aile bulunuyor; bunların 1.900'ü Dana nahiyesinde."
    )
    assert told(text) >= {
        (6_200, "IDP", "families", "SY07"),
        (1_900, "IDP", "families", "SY070301"),
    }


def test_a_city_is_held_against_no_governorate_but_for_those_displaced_from_it():
    stays = "As of 31 May 2022, 5,100 IDPs were living in Idleb city."
    assert all(place != "SY07" for _, _, _, place in told(stays))
    fled = "Between 6 and 11 May 2022, 5,100 families were displaced in Aleppo city."
    assert told(fled) == {(5_100, "NEWDISP", "families", "SY02")}
    assert figures_in(fled, published_on=ON) == []


def test_since_early_december_is_compared_and_never_a_figure():
    """Nobody published a count since "early December": the day would be ours."""
    text = "5,100 people have been displaced in Idleb governorate since early December 2021."
    (claim,) = [c for c in claims_in(text, published_on=ON) if c.group]
    assert (claim.measure, claim.since) == ("cumulative", date(2021, 12, 1))
    assert figures_in(text, published_on=ON) == []


def test_a_capital_that_hosts_millions_is_its_country():
    text = "Ankara, which hosts 3.7 million Syrian refugees, has closed the border."
    assert told(text) == {(3_700_000, "REF", "people", "TUR")}
    assert all(one.place_code == "TUR" for one in figures_in(text, published_on=ON))
    few = "As of 31 May 2022, 91,000 Syrian refugees were registered in Ankara province."
    assert told(few) == {(91_000, "REF", "people", "TUR006")}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("نزح سبعمئة ألف شخص في محافظة إدلب في أيار 2022.", 700_000),
        ("نزح أربعون ألف شخص في محافظة إدلب في أيار 2022.", 40_000),
        ("نزح خمسة آلاف شخص في محافظة إدلب في أيار 2022.", 5_000),
        ("نزحت قرابة المليون شخص في محافظة إدلب في أيار 2022.", 1_000_000),
        ("Mayıs 2022'de İdlib vilayetinde yedi yüz bin kişi yerinden edildi.", 700_000),
        ("Mayıs 2022'de İdlib vilayetinde kırk bin kişi yerinden edildi.", 40_000),
    ],
)
def test_a_number_in_words_is_a_number(text, value):
    assert told(text) == {(value, "NEWDISP", "people", "SY07")}


def test_what_goes_on_about_those_who_fled_has_their_place():
    text = "نزح 5,100 شخص من محافظة إدلب في أيار 2022، فيما شرّد القصف نحو 6,200 شخص."
    came = {(c.value, c.place, c.origin) for c in claims_in(text, published_on=ON) if c.group}
    assert came == {(5_100, "SYR", "SY07"), (6_200, "SYR", "SY07")}


@pytest.mark.parametrize(
    "text",
    [
        (
            "Since 8 December 2021, 5,100 families left the camps of Idleb governorate and 6,200 "
            "families are still living there."
        ),
        "غادرت 5,100 عائلة مخيمات إدلب منذ 8 كانون الأول 2021، فيما لا تزال 6,200 عائلة تقيم فيها.",
    ],
)
def test_those_who_remain_are_where_the_others_left(text):
    assert (6_200, "IDP", "families", "SY07") in told(text)


def test_places_side_by_side_are_one_region_or_none():
    """Held against one of them, the sum of three would be called a mistake."""
    said = "5,100 people were displaced in {} governorates since 17 June 2022."
    assert told(said.format("Dar'a, Quneitra and As-Sweida")) == {
        (5_100, "NEWDISP", "people", "X-SYR-S")
    }
    assert told(said.format("Hama and Idleb")) == {(5_100, "NEWDISP", "people", None)}
    assert figures_in(said.format("Hama and Idleb"), published_on=ON) == []


@pytest.mark.parametrize(
    "text",
    [
        (
            "On 14 May 2022, 5,100 families were displaced in Idleb governorate. Another 6,200 "
            "families were displaced in Hama governorate on the same day."
        ),
        "في 14 أيار 2022 نزحت 5,100 عائلة في محافظة إدلب. ونزحت 6,200 عائلة بحماة في اليوم نفسه.",
        (
            "14 Mayıs 2022'de İdlib vilayetinde 5.100 aile yerinden edildi. Aynı gün Hama "
            "vilayetinde 6.200 aile yerinden edildi."
        ),
    ],
)
def test_the_same_day_is_the_day_of_the_sentence_before(text):
    days = {c.value: c.first for c in claims_in(text, published_on=ON) if c.group}
    assert days == {5_100: date(2022, 5, 14), 6_200: date(2022, 5, 14)}


def test_the_same_period_is_not_that_of_the_comparison():
    text = (
        "في أيار 2022 استقبلت محافظة إدلب 5,100 حركة نزوح مقارنة بـ 6,200 حركة في نيسان 2022. وفي "
        "الفترة نفسها استقبلت محافظة حماة 700 حركة نزوح."
    )
    months = {c.value: c.first for c in claims_in(text, published_on=ON) if c.group}
    assert months[700] == date(2022, 5, 1)


@pytest.mark.parametrize(
    "text",
    [
        (
            "Since 1 May 2022 the number of newly displaced people in Idleb governorate has "
            "exceeded 5,100."
        ),
        "ومنذ 1 أيار 2022 تجاوز عدد النازحين في محافظة إدلب 5,100 شخص.",
        "1 Mayıs 2022'den bu yana İdlib vilayetinde yerinden edilenlerin sayısı 5.100'ü aştı.",
    ],
)
def test_the_number_of_those_displaced_since_a_day_is_no_count_of_all_who_are(text):
    (claim,) = [c for c in claims_in(text, published_on=ON) if c.group]
    assert (claim.group, claim.measure, claim.qualifier) == ("NEWDISP", "cumulative", "over")


def test_a_verb_before_of_them_is_that_of_the_part():
    text = "نزح 5,100 شخص من محافظة حلب في أيار 2022، عاد منهم 1,200 شخص."
    assert {(value, group) for value, group, _, _ in told(text)} == {
        (5_100, "NEWDISP"),
        (1_200, "RDP"),
    }


def test_refugees_of_other_nationalities_are_no_syrians():
    text = (
        "As of 31 May 2022, Türkiye hosts 5,100 Syrians under temporary protection and 6,200 "
        "refugees of other nationalities."
    )
    assert told(text) == {(5_100, "REF", "people", "TUR")}


def test_children_told_behind_a_comma_are_a_part():
    text = "Since 1 May 2022, 5,100 people fled Idleb. Most of them, over 3,200, are children."
    assert {value for value, _, _, _ in told(text)} == {5_100}


def test_two_numbers_with_one_verb_run_since_the_same_day():
    text = "About 5,100 IDPs and 1,200 refugees had returned to Syria since 8 December 2021."
    since = {c.value: c.since for c in claims_in(text, published_on=ON) if c.group}
    assert since == {5_100: date(2021, 12, 8), 1_200: date(2021, 12, 8)}


@pytest.mark.parametrize(
    "text",
    [
        "On 11 February 2020 OCHA said that about 5,100 people were displaced in Idlib since {}.",
        "The UN said on 11 February 2020 that 5,100 people had been displaced in Idlib since {}.",
    ],
)
@pytest.mark.parametrize(
    ("begun", "since"),
    [
        ("December", date(2019, 12, 1)),
        ("31 December", date(2019, 12, 31)),
        ("January", date(2020, 1, 1)),
        ("1 December 2019", date(2019, 12, 1)),
    ],
)
def test_a_text_without_its_day_counts_since_the_month_before_the_day_it_names(text, begun, since):
    """It was looked for since December 2020, which nobody publishes, and nothing was found."""
    (claim,) = [c for c in claims_in(text.format(begun)) if c.group]
    assert (claim.since, claim.last) == (since, date(2020, 2, 11))


@pytest.mark.parametrize(
    "text",
    [
        "In May 2022, 5,100 IDP movements took place within Idleb governorate.",
        "سُجلت في أيار 2022 نحو 5,100 حركة نزوح داخل محافظة إدلب.",
        "Mayıs 2022'de İdlib vilayeti içinde 5.100 yerinden edilme hareketi kaydedildi.",
    ],
)
def test_moves_within_a_place_are_told_apart_from_those_into_it(text):
    (claim,) = [c for c in claims_in(text, published_on=ON) if c.group]
    assert (claim.place, claim.origin) == ("SY07", "SY07")


@pytest.mark.parametrize(
    "text",
    [
        "Between 1 and 10 May 2022, 5,100 families arrived in Afrin district.",
        "وصلت 5,100 عائلة إلى منطقة عفرين بين 1 و10 أيار 2022.",
        "1-10 Mayıs 2022 tarihlerinde Afrin ilçesine gelen 5.100 aile kaydedildi.",
    ],
)
def test_families_who_arrive_are_compared_and_become_no_figure(text):
    assert told(text) == {(5_100, "IDP_ARR", "families", "SY0203")}
    assert figures_in(text, published_on=ON) == []


@pytest.mark.parametrize(
    "text",
    [
        (
            "قال الوزير إن 5,100 لاجئ سوري عادوا إلى سوريا، وأن 6,200 سوري ما زالوا تحت الحماية "
            "المؤقتة في تركيا."
        ),
        "Mali krizde 6.200 Suriyeli Türkiye'de geçici koruma altında.",
        "Ordu birliklerine göre 6.200 Suriyeli Türkiye'de geçici koruma altında.",
    ],
)
def test_a_word_that_is_also_a_place_elsewhere_is_no_place(text):
    """ "And that" was read as Van, "army" and "financial" as Ordu and Mali."""
    assert (6_200, "REF", "people", "TUR") in told(text)


def test_of_those_in_need_the_displaced_are_a_group_of_their_own():
    text = "يحتاج 16,500 شخص في محافظة إدلب إلى المساعدة الإنسانية، منهم 7,400 نازح داخلياً."
    assert told(text) == {(16_500, "PIN", "people", "SY07"), (7_400, "IDP", "people", "SY07")}


def test_what_the_minister_says_of_the_country_is_of_his():
    text = (
        "The interior minister said that 5,100 Syrians went home to Syria in May 2022. He said "
        "6,200 Syrians remain under temporary protection in the country."
    )
    assert (6_200, "REF", "people", "TUR") in told(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("In the first quarter of 2022, 5,100 IDPs returned to Idleb governorate.",
         date(2022, 1, 1), date(2022, 3, 31)),
        ("Mart 2022 sonunda İdlib vilayetinde 5.100 yerinden edilmiş kişi yaşıyordu.",
         date(2022, 3, 31), date(2022, 3, 31)),
        (("بلغ عدد حركات النزوح في محافظة إدلب 700 حركة في أيار 2022، واستقبلت محافظة حلب في الشهر "
         "ذاته 5,100 حركة نزوح."), date(2022, 5, 1), date(2022, 5, 31)),
    ],
)  # fmt: skip
def test_quarters_ends_of_months_and_the_same_month_are_times(text, first, last):
    found = {c.value: (c.first, c.last) for c in claims_in(text, published_on=ON) if c.group}
    assert found[5_100] == (first, last)


def test_a_time_behind_a_number_is_that_numbers_also_before_a_comma():
    """Otherwise the count of May became one of the report's day, and was offered as a figure."""
    text = (
        "Idleb governorate was home to 5,100 IDPs at the end of May 2022, 1,200 of them in camps."
    )
    on = date(2022, 8, 20)
    assert {c.last for c in claims_in(text, published_on=on) if c.group} == {date(2022, 5, 31)}
    ends = {one.reference_period_end for one in figures_in(text, published_on=on)}
    assert ends <= {date(2022, 5, 31)}


def test_a_part_of_these_returns_is_of_the_same_returns():
    text = (
        "About 5,100 Syrians returned from abroad since 8 December 2021. Lebanon accounts for "
        "1,200 of these returns and Jordan for 700."
    )
    found = {c.value: (c.group, c.since, c.asylum) for c in claims_in(text, published_on=ON)}
    assert found[1_200] == ("RET", date(2021, 12, 8), "LBN")
    assert found[700] == ("RET", date(2021, 12, 8), "JOR")


def test_provinces_behind_a_countrys_dated_count_are_of_its_day():
    text = (
        "Türkiye hosts 51,000 Syrians under temporary protection, according to PMM figures of 30 "
        "January 2022. Kilis (6,600), Gaziantep (9,200) and Hatay (2,100) border Syria."
    )
    days = {claim.last for claim in claims_in(text, published_on=ON) if claim.group == "REF"}
    assert days == {date(2022, 1, 30)}
    assert {one.reference_period_end for one in figures_in(text, published_on=ON)} <= days


def test_a_title_that_says_up_to_when_it_counts_ends_what_runs_since_its_first_day():
    text = (
        "IDP returns, 6 March to 10 June 2022\n\nSince 6 March 2022, some 5,100 IDPs have returned "
        "to Idleb governorate."
    )
    assert {c.last for c in claims_in(text, published_on=ON) if c.group} == {date(2022, 6, 10)}
    (figure,) = figures_in(text, published_on=ON)
    assert figure.reference_period_end == date(2022, 6, 10)


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("8 Aralık 2021 sonrasında toplam 5.100 Suriyeli ülkesine döndü.", date(2021, 12, 8)),
        ("8 Aralık 2021 tarihi sonrasında 5.100 Suriyeli ülkesine geri döndü.", date(2021, 12, 8)),
        ("8 Aralık 2021'den bugüne kadar 5.100 Suriyeli ülkesine döndü.", date(2021, 12, 8)),
        ("نزح 5,100 شخص في محافظة إدلب منذ ديسمبر 2021 وحتى 12 فبراير 2022.", date(2021, 12, 1)),
        ("نزح 5,100 شخص في محافظة إدلب منذ 1 كانون الأول ديسمبر 2021.", date(2021, 12, 1)),
    ],
)
def test_since_is_read_as_offices_and_the_press_write_it(text, since):
    (claim,) = [c for c in claims_in(text, published_on=ON) if c.group]
    assert (claim.measure, claim.since) == ("cumulative", since)


def test_from_one_month_to_another_in_arabic_is_the_months_between():
    text = "فر 5,100 شخص في محافظة إدلب في الفترة من مايو أيار إلى أغسطس آب 2021."
    (claim,) = [c for c in claims_in(text, published_on=ON) if c.group]
    assert (claim.first, claim.last) == (date(2021, 5, 1), date(2021, 8, 31))


def test_by_how_much_the_number_fell_is_a_change_and_what_it_fell_to_is_the_count():
    text = (
        "Türkiye'de geçici koruma altındaki Suriyelilerin sayısı bir ayda 4.900 kişi azalarak "
        "28.800'e düştü."
    )
    assert told(text) == {(28_800, "REF", "people", "TUR")}


def test_a_population_of_whom_half_are_displaced_is_no_count_of_the_displaced():
    text = "وتؤوي محافظة إدلب ما يقارب 3 ملايين نسمة نصفهم من النازحين."
    assert told(text) == set()
    assert told("Idleb governorate hosts 3 million people, half of them IDPs.") == set()


def test_a_small_number_with_no_noun_counts_nobody():
    text = (
        "Suriyeli mültecilerin ilk 10 ile göre dağılımı: Hatay'da 5.100 Suriyeli mülteci yaşıyor."
    )
    assert {value for value, _, _, _ in told(text)} == {5_100}


def test_words_between_people_and_things_are_the_peoples():
    text = (
        "Some 5,100 people have been newly displaced since 1 May 2022 by shelling that hit 1,400 "
        "locations across Idleb governorate."
    )
    assert {(value, group) for value, group, _, _ in told(text)} == {(5_100, "NEWDISP")}


@pytest.mark.parametrize(
    "text",
    [
        "As of 31 May 2022, 5,100 IDPs reside in 204 emergency collective centres in Idleb.",
        "In Idleb, services were suspended in 636 displacement camps; 5,100 IDPs live in camps.",
    ],
)
def test_centres_and_camps_are_counted_as_no_people(text):
    assert {value for value, _, _, _ in told(text)} == {5_100}


def test_a_number_of_displaced_that_was_reached_is_no_figure_of_all_who_are():
    text = "North-west Syria, 13 May 2022\n\nThe number of displaced people reached 68,000."
    assert figures_in(text, published_on=ON) == []


def test_a_title_of_an_unknown_part_of_the_country_lends_no_country():
    """Displacements of the north-west would become those of all Syria."""
    text = (
        "Syrian Arab Republic: Developments in Ras al-Nowhere, May 2022\n\nPartners tracked 5,100 "
        "new displacements of people in May 2022."
    )
    assert [one for one in figures_in(text, published_on=ON) if one.place_code == "SYR"] == []


def test_we_host_is_said_of_the_speakers_country():
    text = '"We host 51,000 Syrian refugees," {} said.'
    assert told(text.format("Türkiye's president")) == {(51_000, "REF", "people", "TUR")}
    assert told(text.format("a Lebanese cabinet minister")) == {(51_000, "REF", "people", "LBN")}
    assert figures_in(text.format("Türkiye's president"), published_on=ON) == []
