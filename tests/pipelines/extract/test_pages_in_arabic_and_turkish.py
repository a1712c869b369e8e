"""Sentences in the shapes of Arabic and Turkish pages, in words of our own.

Each shape was misread on a real page: a right number of a press text would have been called wrong,
or held against the published number of another place, time or kind.
"""

from datetime import date

import pytest

from tests.compared_claims import compared

ON = date(2022, 10, 12)


def read(text, on=ON):
    return compared(text, on)


@pytest.mark.parametrize(
    ("time", "first", "last"),
    [
        ("خلال الربع الثاني من العام الحالي", "2022-04-01", "2022-06-30"),
        ("في الربع الثالث من العام الماضي", "2021-07-01", "2021-09-30"),
        ("خلال النصف الأول من عام 2022", "2022-01-01", "2022-06-30"),
        ("خلال الأشهر الأربعة الأولى من العام الجاري", "2022-01-01", "2022-04-30"),
        ("خلال أول خمسة أشهر من عام 2022", "2022-01-01", "2022-05-31"),
        ("في الفترة من 3 من آذار إلى 9 من أيار 2022", "2022-03-03", "2022-05-09"),
        ("بين الثالث والتاسع من أيلول", "2022-09-03", "2022-09-09"),
        ("بين شباط ونيسان 2022", "2022-02-01", "2022-04-30"),
        ("خلال العام الماضي", "2021-01-01", "2021-12-31"),
    ],
)
def test_a_part_of_a_year_is_known_by_its_words(time, first, last):
    """ "The second quarter of this year" had no days, and any year's number was held against it."""
    (claim,) = read(f"عاد 8,400 لاجئ سوري من الأردن إلى سوريا {time}.")
    assert claim == (8_400, "RET", "flow", "SYR", first, last)


@pytest.mark.parametrize(
    ("time", "first"),
    [
        ("منذ بداية العام الجاري", "2022-01-01"),
        ("منذ مطلع عام 2021", "2021-01-01"),
        ("منذ انتهاء الهدنة، في 4 من أيلول 2022", "2022-09-04"),
        ("منذ إعلان الهدنة في الـ 4 من أيلول", "2022-09-04"),
    ],
)
def test_since_an_event_or_the_start_of_a_year_is_since_its_day(time, first):
    (claim,) = read(f"عاد نحو 61 ألف لاجئ سوري من لبنان إلى سوريا {time}.")
    assert claim == (61_000, "RET", "cumulative", "SYR", first, "2022-10-12")


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ("مليون وثلاثمئة ألف لاجئ سوري", 1_300_000),
        ("مليونًا و240 ألفًا و615 لاجئًا سوريًا", 1_240_615),
        ("مليونا لاجئ سوري", 2_000_000),
        ("48.300 لاجئ سوري", 48_300),
        ("1.3 مليون لاجئ سوري", 1_300_000),
    ],
)
def test_a_number_in_arabic_words_is_whole(number, value):
    """A million lost the thousands behind it; a point between thousands left the value open."""
    assert [v for v, *_ in read(f"يعيش في تركيا {number}.")] == [value]


def test_the_level_of_another_time_is_no_count_of_now():
    """ "Down from 712,000" was held against this year's number of Türkiye, and called wrong."""
    text = (
        "بلغ عدد اللاجئين السوريين المسجلين نحو 690 ألفًا في لبنان، تراجعًا من 712 ألفًا في نهاية"
        " 2021، ونحو 655 ألفًا في الأردن، ارتفاعًا من 650 ألفًا."
    )
    assert read(text) == [
        (690_000, "REF", "stock", "LBN", "2022-10-12", "2022-10-12"),
        (712_000, "REF", "stock", "LBN", "2021-12-31", "2021-12-31"),
        (655_000, "REF", "stock", "JOR", "2022-10-12", "2022-10-12"),
    ]


def test_who_fled_from_two_parts_of_governorates_fled_within_the_country():
    text = "نزح أكثر من 71 ألف رجل وامرأة وطفل من جنوب إدلب وشمال حماة منذ آب 2022."
    assert read("نزح أكثر من 71 ألف شخص من جنوب إدلب وشمال حماة منذ آب 2022.") == read(
        text.replace("رجل وامرأة وطفل", "شخص")
    )
    assert read(text) == [(71_000, "NEWDISP", "cumulative", "SYR", "2022-08-01", "2022-10-12")]


@pytest.mark.parametrize(
    "sentence",
    [
        "قدمت المفوضية الدعم لأكثر من 3,100 لاجئ عائد في حزيران 2022.",
        "نقلت الحافلات 900 لاجئ يرغبون في العودة إلى سوريا.",
        "جرت إعادة توطين 2,400 لاجئ سوري في حزيران 2022.",
        "Haziran 2022'de 2.400 Suriyeli mülteci üçüncü ülkelere yerleştirildi.",
    ],
)
def test_the_helped_the_willing_and_the_resettled_have_not_returned(sentence):
    assert read(sentence) == []


def test_a_title_says_what_the_text_says_of_its_number():
    """The title's 92,000 had no time, and was called wrong beside those of every country."""
    text = (
        "92 bin Suriyeli ülkesine döndü\n\nİçişleri Bakanı, 1 Mart 2022'den bu yana 92 bin"
        " Suriyelinin ülkesine döndüğünü açıkladı."
    )
    assert read(text) == [(92_000, "RET", "cumulative", "SYR", "2022-03-01", "2022-10-12")] * 2


@pytest.mark.parametrize(
    ("time", "first"),
    [
        ("2017'den bugüne kadar", "2017-01-01"),
        ("3 Mayıs 2021 tarihinden bugüne", "2021-05-03"),
        ("yılın başından bu yana", "2022-01-01"),
        ("bugüne kadar", "None"),
    ],
)
def test_until_today_is_a_count_that_runs(time, first):
    (claim,) = read(f"Türkiye'den {time} 512 bin 40 Suriyeli ülkesine gönüllü olarak döndü.")
    assert claim == (512_040, "RET", "cumulative", "SYR", first, "2022-10-12")


def test_a_number_that_was_reached_is_no_arrival():
    """ "367 bine ulaştı" read as people who arrived somewhere."""
    text = "İdlib'den göç etmek zorunda kalan sivillerin sayısı 214 bine ulaştı."
    assert [(v, group) for v, group, *_ in read(text)] == [(214_000, "NEWDISP")]


def test_this_number_is_that_of_the_sentence_before_it():
    text = (
        "2021 yılında Türkiye'de geçici koruma altındaki Suriyeli sayısı 3.737.369 iken, Eylül 2022"
        " itibarıyla bu sayı 3.622.066'ya geriledi."
    )
    assert read(text)[1] == (3_622_066, "REF", "stock", "TUR", "2022-09-30", "2022-09-30")


def test_the_city_is_the_one_named_last():
    text = "Suriyelilerin en yoğun yaşadığı il Kilis. Kentte 88 bin 700 Suriyeli bulunuyor."
    assert read(text)[-1][:4] == (88_700, "REF", "stock", "TUR079")


def test_each_province_of_a_list_hosts_its_own_and_the_total_is_the_countrys():
    """A list that ends "… kişi, toplam 181 bin Suriyeli" left every province without a meaning."""
    text = (
        "Hatay'da 5 ayrı kampta 14 bin 300, Kilis`te 2 kampta 34 bin 60, Adana'da bin 470 kişi"
        " olmak üzere kamplarda toplam 49 bin 830 Suriyeli bulunuyor."
    )
    assert [row[:4] for row in read(text)] == [
        (14_300, "REF", "stock", "TUR031"),
        (34_060, "REF", "stock", "TUR079"),
        (1_470, "REF", "stock", "TUR001"),
        (49_830, "REF", "stock", "TUR"),
    ]


def test_numbered_lines_with_shares_are_rows_of_a_table():
    text = (
        "Kaç Suriyeli var?\n\n30 Eylül 2022 itibarıyla Türkiye'de 3.652.813 Suriyeli bulunuyor.\n"
        "İLLERE GÖRE GEÇİCİ KORUMA ALTINDAKİ SURİYELİLER\n"
        "1-İstanbul: 538.220 kişi (% 3.4)\n2- Gaziantep: 461.030 kişi (% 21.9)\n"
    )
    assert [row[:4] for row in read(text)] == [
        (3_652_813, "REF", "stock", "TUR"),
        (538_220, "REF", "stock", "TUR034"),
        (461_030, "REF", "stock", "TUR027"),
    ]


def test_a_number_that_a_change_leads_to_is_the_subjects():
    text = (
        "Türkiye'de geçici koruma altındaki Suriyelilerin sayısı 21 Temmuz 2022 tarihi"
        " itibarıyla bir önceki aya göre 4 bin 210 kişi azalarak toplam 3 milyon 648 bin 983 kişi"
        " oldu."
    )
    assert read(text) == [(3_648_983, "REF", "stock", "TUR", "2022-07-21", "2022-07-21")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Türkiye'ye bugüne kadar toplam 133 bin 410 Suriyeli giriş yaptı.",
        "Kilis'te 12 bin kişilik konteyner kent kuruldu.",
        "Çadır kentte 1 bin 640 Iraklı kalıyor.",
        "دخل 4,200 سوري إلى لبنان في أيلول 2022.",
    ],
)
def test_who_entered_places_in_a_camp_and_iraqis_are_no_syrians_present(sentence):
    assert [row for row in read(sentence) if row[1] == "REF"] == []


@pytest.mark.parametrize(
    ("sentence", "row"),
    [
        (
            "فر نحو 214 ألف سوري من إدلب إلى المناطق الحدودية مع تركيا منذ مطلع شهر أيلول.",
            (214_000, "NEWDISP", "cumulative", "SYR", "2022-09-01", "2022-10-12"),
        ),
        (
            "عاد 318,400 سوري ممن غادروا منازلهم (نزوح داخلي) خلال الأشهر التسعة الأولى من 2022.",
            (318_400, "RDP", "flow", "SYR", "2022-01-01", "2022-09-30"),
        ),
        (
            "لا يزال أكثر من 6 ملايين شخص نازحين داخليا في سوريا.",
            (6_000_000, "IDP", "stock", "SYR", "2022-10-12", "2022-10-12"),
        ),
        (
            "يعيش 8ر2 مليون نازح في شمال غرب سوريا.",
            (2_800_000, "IDP", "stock", "X-SYR-NW", "2022-10-12", "2022-10-12"),
        ),
        (
            "عاد /36120/ نازحا إلى قراهم في إدلب عقب الهدنة في 05 أيلول حتى تاريخ 3 تشرين الأول.",
            (36_120, "RDP", "cumulative", "SY07", "2022-09-05", "2022-10-03"),
        ),
        (
            "بلغ عدد العائلات المتبقية في مخيمات مناطق إدلب 12,400 عائلة.",
            (12_400, "IDP", "stock", "SY07", "2022-10-12", "2022-10-12"),
        ),
        (
            "سجلت غازي عنتاب 470 ألفا من السوريين المسجلين تحت الحماية المؤقتة.",
            (470_000, "REF", "stock", "TUR027", "2022-10-12", "2022-10-12"),
        ),
    ],
)
def test_arabic_words_of_flight_return_and_presence(sentence, row):
    assert read(sentence) == [row]


def test_the_same_period_may_be_that_of_a_paragraph_before():
    text = (
        "عاد 41 ألف نازح إلى منازلهم في إدلب في أيلول 2022.\n\n"
        "ونزح 63 ألف شخص في إدلب خلال الفترة نفسها."
    )
    assert [row[4:] for row in read(text)] == [("2022-09-01", "2022-09-30")] * 2


def test_each_year_of_a_list_has_its_own_number():
    """ "35,635 in 2021, and 38,235 in 2020" were all of this year."""
    text = (
        "بلغ عدد اللاجئين السوريين العائدين إلى سوريا 41300 في 2021، مقابل 37120 في 2020،"
        " و28900 في 2019."
    )
    assert [(value, first) for value, _, _, _, first, _ in read(text)] == [
        (41_300, "2021-01-01"),
        (37_120, "2020-01-01"),
        (28_900, "2019-01-01"),
    ]


def test_where_most_of_them_are_is_not_where_all_are():
    text = "نزح أكثر من 27 ألف شخص في سوريا في أيلول 2022، معظمهم في شمال غرب سوريا."
    assert [row[:4] for row in read(text)] == [(27_000, "NEWDISP", "flow", "SYR")]


def test_a_list_that_a_sentence_announces_counts_what_it_counts():
    text = (
        "Suriyeli sayısı açıklandı\n\nEn çok Suriyeli, 542 bin 310 kişiyle İstanbul'da bulunuyor."
        " Onu izleyen iller ise şöyle:\n\n1- Gaziantep: 462.110\n2- Hatay: 433 bin 205\n"
    )
    assert [row[:4] for row in read(text)] == [
        (542_310, "REF", "stock", "TUR034"),
        (462_110, "REF", "stock", "TUR027"),
        (433_205, "REF", "stock", "TUR031"),
    ]


def test_the_month_compared_with_is_not_the_counts():
    text = "Konya'da bulunan Suriyeli sayısı Mayıs ayına göre 310 artarak 121 bin 840'a ulaştı."
    assert read(text) == [(121_840, "REF", "stock", "TUR042", "2022-10-12", "2022-10-12")]
