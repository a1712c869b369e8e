"""What the press in Arabic and Turkish leaves to its readers, in words of our own.

Each was misread on a real page, and a right number was then held against another day, place or
people: `check` accused the text of a mistake that it had not made.
"""

from datetime import date

import pytest

from pipelines.extract.claims import claims_in
from tests.compared_claims import compared

AFTER = date(2025, 10, 20)
BEFORE = date(2019, 6, 9)


def read(text, on=AFTER):
    return compared(text, on)


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("عاد 31 ألف لاجئ سوري إلى بلادهم منذ إسقاط النظام وحتى 9 أيلول 2025.", "2025-09-09"),
        ("عاد 31 ألف لاجئ سوري إلى بلادهم من لبنان منذ سقوط نظام الأسد.", "2025-10-20"),
        (
            "عاد 31 ألف لاجئ منذ سقوط الأسد في الثامن من كانون الأول وحتى الـ12 من الشهر الجاري.",
            "2025-10-12",
        ),
        ("Esad iktidarının devrilmesinden bu yana 31 bin Suriyeli ülkesine döndü.", "2025-10-20"),
        ("Baas rejiminin düşmesinden buyana 31 bin Suriyeli ülkesine geri döndü.", "2025-10-20"),
    ],
)  # fmt: skip
def test_the_fall_of_the_government_is_a_day(text, until):
    (one,) = read(text)
    assert one == (31_000, "RET", "cumulative", "SYR", "2024-12-08", until)


def test_before_the_government_fell_its_fall_is_no_day():
    (one,) = read("عاد 31 ألف لاجئ سوري إلى بلادهم منذ سقوط النظام.", BEFORE)
    assert one[-2] == "None"


@pytest.mark.parametrize(
    ("time", "first", "last"),
    [
        ("بين الأول من آذار/ مارس وحتى 9 نيسان/ أبريل", "2025-03-01", "2025-04-09"),
        ("من 5 كانون الثاني لعام 2025 وحتى 17 نيسان الجاري", "2025-01-05", "2025-04-17"),
        ("بين 8 كانون الأول 2024 ونهاية أيلول 2025", "2024-12-08", "2025-09-30"),
        ("خلال العام الفائت 2024", "2024-01-01", "2024-12-31"),
    ],
)  # fmt: skip
def test_a_window_ends_where_its_words_say(time, first, last):
    (one,) = read(f"عاد 6,400 لاجئ سوري من الأردن إلى سوريا {time}.")
    assert one[-2:] == (first, last)


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("عاد 6,400 لاجئ سوري من الأردن إلى سوريا منذ منتصف حزيران.", "2025-06-15"),
        ("من العام 2017 وحتى اليوم، عاد 6,400 سوري من تركيا إلى سوريا.", "2017-01-01"),
        ("2021 yılından buyana 6 bin 400 Suriyeli ülkesine döndü.", "2021-01-01"),
    ],
)
def test_a_count_runs_since_the_part_of_a_month_or_the_year_named(text, since):
    (one,) = read(text)
    assert one[-2] == since


def test_the_year_of_a_wars_outbreak_is_no_day_of_a_count():
    text = (
        "منذ اندلاع الحرب في سوريا عام 2011، وصل عدد اللاجئين السوريين في تركيا إلى 2,417,300 لاجئ."
    )
    assert read(text) == [(2_417_300, "REF", "stock", "TUR", "2025-10-20", "2025-10-20")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Türkiye'de kayıtlı Suriyeli sayısı 3 milyon 104.217 oldu.", 3_104_217),
        ("Türkiye'de kayıtlı Suriyeli sayısı 904.217 oldu.", 904_217),
        ("بلغ عدد السوريين في تركيا حتى عام 2018 ثلاثة ملايين و104 آلاف و217 سورياً.", 3_104_217),
        ("يقيم في مخيمات إدلب أكثر من /612/ ألف نازح.", 612_000),
    ],
)
def test_a_number_is_read_whole(text, value):
    assert [one[0] for one in read(text)] == [value]


def test_a_syrian_behind_a_number_is_not_the_country():
    """In Arabic "a Syrian" is written as "Syria": the province named beside it was lost to it."""
    text = (
        "تصدرت إسطنبول الولايات التركية من حيث عدد السوريين بـ 487,300 سورياً، "
        "تلتها ولاية شانلي أورفة بـ 271,600، ثم هطاي بـ 198,400 سورياً."
    )
    assert [(one[0], one[3]) for one in read(text)] == [
        (487_300, "TUR034"),
        (271_600, "TUR063"),
        (198_400, "TUR031"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "غادرت 3,120 عائلة مخيمات إدلب، وفي مدينة سرمدا بقيت 2,040 عائلة نازحة.",
        "İstanbul'da 487 bin 300 Suriyeli yaşıyor. Diğer illerde toplam 2.040 Suriyeli bulunuyor.",
        "Türkiye'de yaşayan Suriyelilerin 2.040'ı sınır kentlerinde kaldı.",
        "2.040 Suriyeli Türkiye sınırına doğru yola çıktı.",
    ],
)
def test_an_unknown_place_does_not_take_the_one_named_before(text):
    assert [one[3] for one in read(text) if one[0] == 2_040] in ([], [None])


def test_who_follows_in_a_list_has_the_number_that_stands_before_it():
    text = (
        "İstanbul'u 271 bin 600 Suriyeli ile Şanlıurfa izliyor. "
        "Kilis'te, 61 bin 250 Suriyeli yaşıyor."
    )
    assert [(one[0], one[3]) for one in read(text)] == [(271_600, "TUR063"), (61_250, "TUR079")]


@pytest.mark.parametrize(
    "text",
    [
        "بلغ عدد السوريين من الذكور في تركيا 1,402,900.",
        "Suriyelilerin 1.402.900'ünü 0-18 yaş arası çocuklar oluşturuyor.",
        "غادر 1,402,900 سوري تركيا إلى سوريا لقضاء عطلة العيد.",
        "Türkiye'de 1.402.900 yabancı ikamet izniyle kalıyor.",
        "Türkiye'de 1.402.900 sığınmacı yaşıyor.",
        "أعيد توطين 22,500 لاجئ سوري في 2022، بينهم 7,140 من لبنان و1,402,900 من تركيا.",
        "من المتوقع أن يعود 1,402,900 لاجئ سوري إلى بلادهم.",
    ],
)
def test_parts_visitors_and_foreigners_are_not_compared(text):
    """Women against all, or foreigners against Syrians, made the commonest wrong accusations."""
    assert 1_402_900 not in [one[0] for one in read(text)]


def test_who_came_back_from_several_countries_is_no_count_of_one():
    (claim,) = (
        c
        for c in claims_in(
            "Türkiye, Ürdün ve Lübnan'dan 8 Aralık 2024'ten bu yana 115 bin kişi Suriye'ye döndü.",
            published_on=AFTER,
        )
        if c.group
    )
    assert (claim.group, claim.place, claim.asylum) == ("RET", "SYR", None)


def test_the_body_in_the_name_of_an_office_counts_nobody():
    """ "The refugees' High Commissioner said that 7 million are displaced" is of no refugees."""
    text = (
        "قالت المفوضية السامية لشؤون اللاجئين إن عدد النازحين في البلاد بلغ أكثر من 6 ملايين شخص."
    )
    assert read(text)[0][:4] == (6_000_000, "IDP", "stock", "SYR")


def test_a_heading_counts_whom_the_sentence_below_it_counts():
    text = (
        "Bakanlık açıkladı\n\n8 Aralık 2024'ten bu yana 412 bin Suriyeli Türkiye'den ülkesine "
        "döndü.\n\n412 BİN KİŞİ DÖNDÜ\n\nAyrıntılar yarın açıklanacak."
    )
    assert {one[:3] for one in read(text)} == {(412_000, "RET", "cumulative")}


def test_the_number_of_the_displaced_counts_no_moves():
    text = (
        "إدلب هي المنطقة التي سجلت حركة النزوح الأكثر كثافة في أيلول 2025، "
        "إذ بلغ عدد النازحين الجدد 31,480 شخصاً."
    )
    assert [one[:4] for one in read(text)] == [(31_480, "NEWDISP", "flow", "SY07")]


def understood(text, on=AFTER):
    return {(c.value, c.group, c.measure, c.place) for c in claims_in(text, published_on=on)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # A plan to return is spoken of; those counted are the ones whom the country hosts.
        (
            "وتقدر السلطات اللبنانية التي وضعت خطة لعودة اللاجئين أنها تستضيف نحو 1,3 مليون سوري.",
            (1_300_000, "REF", "stock", "LBN"),
        ),
        # The capital is the government with which something is agreed.
        (
            "أعلنت الوزيرة عودة أكثر من 300 ألف لاجئ سوري خلال العام 2024، بالتنسيق مع دمشق.",
            (300_000, "RET", "flow", "SYR"),
        ),
        # A corner of the country that is none of our regions, and not the whole.
        ("بلغ عدد النازحين في جنوب غربي سوريا 170 ألف شخص.", (170_000, "IDP", "stock", None)),
        # Three governorates, of which none has them all.
        (
            "ذكرت المفوضية أن 66 ألف شخص عادوا إلى مناطقهم في الحسكة والرقة وحلب.",
            (66_000, "RDP", "flow", None),
        ),
        # Who is displaced stands before those who came back, who are not counted.
        ("سوريا: 70 ألف نازح في إدلب وعودة تدريجية للسكان.", (70_000, "IDP", "stock", "SY07")),
        # A province of Iraq that no table has.
        (
            "يتواجد 31 ألف لاجئ سوري في محافظة أربيل في العراق، وأربعة آلاف في محافظة الأنبار.",
            (4_000, "REF", "stock", None),
        ),
        # Displaced in Lebanon.
        (
            "İsrail'in Lübnan saldırıları bir haftada 300 bin kişiyi yerinden etti.",
            (300_000, "NEWDISP", "flow", None),
        ),
    ],
)
def test_a_number_is_given_to_nobody_whom_its_sentence_does_not_count(text, said):
    """Each was held against another place or group, and two were said to differ from it."""
    assert said in understood(text)


def test_since_an_event_that_its_words_date_is_since_that_month():
    """Returns of two years were read as those of March 2011."""
    text = "عاد 22 ألف لاجئ سوري إلى بلدهم منذ اندلاع الأزمة في الجارة الشمالية سوريا في مارس 2011."
    (one,) = claims_in(text, published_on=date(2013, 4, 5))
    assert (one.measure, one.first, one.last) == ("cumulative", date(2011, 3, 1), date(2013, 4, 5))


@pytest.mark.parametrize(
    "text",
    [
        "Dünya çapında 11 milyon zorla yerinden edilmiş Suriyeli var.",
        "بلغ عدد النازحين في العالم 60 مليون شخص.",
    ],
)
def test_people_of_the_whole_world_are_held_against_no_country(text):
    assert [c.group for c in claims_in(text, published_on=AFTER)] == [None]


def test_whoever_is_named_only_for_the_next_number_is_not_the_source_of_this_one():
    text = "وأكد المتحدث أن نحو 91 ألف شخص نزحوا من عفرين، فيما أفادت اليونيسيف بأن 40 ألفا بقوا."
    first, second = claims_in(text, published_on=AFTER)
    assert (first.publisher, second.publisher) == (None, "UNICEF")


def test_the_people_of_so_many_families_are_people():
    text = "يبلغ عدد العائلات النازحة في محافظة السويداء 2884 عائلة، تضم 9839 فردا."
    units = {c.value: c.unit for c in claims_in(text, published_on=AFTER)}
    assert (units[2_884], units[9_839]) == ("families", "people")


def test_where_the_others_of_them_went_is_not_where_they_are():
    text = (
        "نزوح واسع في السويداء\n\nوبلغ عدد النازحين 87,200 شخص حتى 28 آب، بينما لجأ آخرون إلى درعا "
        "وريف دمشق."
    )
    (one,) = claims_in(text, published_on=AFTER)
    assert (one.group, one.place) == ("IDP", "SY13")


def test_until_the_first_week_of_a_month_is_until_its_seventh_day():
    text = "عاد 78 ألف سوري من الأردن إلى سوريا منذ 8 كانون الأول 2024 وحتى الأسبوع الأول من تموز."
    (one,) = claims_in(text, published_on=AFTER)
    assert one.last == date(2025, 7, 7)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # Who lived there came back.
        (
            "عاد من السوريين المقيمين في تركيا 175,000 لاجئ إلى سوريا منذ 8 كانون الأول 2024.",
            (175_000, "RET", "cumulative", "SYR"),
        ),
        (
            "Türkiye'de bulunan 411 bin Suriyeli ülkesine geri döndü.",
            (411_000, "RET", "flow", "SYR"),
        ),
        # The number's own verb is that of a return.
        (
            "عاد إلى حلب 12,300 نازح لكن الخدمات ضعيفة خلال شباط 2025.",
            (12_300, "RDP", "flow", "SY02"),
        ),
        # The border that they fled towards, out of a governorate.
        (
            "نزح 12,300 شخص من محافظة درعا باتجاه الحدود مع الأردن خلال تموز 2025.",
            (12_300, "NEWDISP", "flow", "SYR"),
        ),
        (
            "نزح 34 ألف شخص في شمال وشرق سوريا خلال آب 2025.",
            (34_000, "NEWDISP", "flow", "X-SYR-NE"),
        ),
    ],
)
def test_a_word_that_means_others_elsewhere_means_nothing_here(text, said):
    assert said in understood(text)


def test_one_number_or_another_is_neither():
    """The second of two was held against the returns of the year, and said to differ from them."""
    text = (
        "عاد 300 ألف لاجئ سوري خلال 2024.\nوعدد السوريين المقيمين في لبنان بحوالي 1.2 / 1.3 مليون."
    )
    claims = claims_in(text, published_on=AFTER)
    assert [c.group for c in claims] == ["RET", None, None]
