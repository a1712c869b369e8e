"""What a PDF's pages say: words, numbers and lines as a reader sees them, not as they were drawn.

A number read backwards, or that of another line, would be held against published figures; one that
is stuck to a word would pass unseen.
"""

import pytest

from pipelines.extract import figures_in
from pipelines.extract.claims import claims_in
from pipelines.extract.pdf_lines import as_read


@pytest.mark.parametrize(
    ("drawn", "read"),
    [
        ("fled to north-\nwest Syria, to", "fled to north-west\nSyria, to"),
        ("the newly dis-\nplaced, who", "the newly displaced,\nwho"),
        ("in Deir-ez-\nZor governorate", "in Deir-ez-Zor\ngovernorate"),
        ("un\ufb01nished buildings", "unfinished buildings"),
        ("Between 1 -\n16 May", "Between 1 -\n16 May"),
        # As drawn from left to right: 948 thousand people, since 1 December 2019, fled.
        (" \u0623\u0644\u0641 \u0634\u062e\u0635948  \u0646\u0632\u062d2019 \u0645\u0646\u0630",
         "\u0645\u0646\u0630 2019 \u0646\u0632\u062d 948 \u0623\u0644\u0641 \u0634\u062e\u0635"),
        # The digits of the east come turned round.
        ("\u0634\u062e\u0635\u0660\u0660\u0660\u066c\u0668\u0664\u0669\u0646\u0632\u062d ",
         "\u0646\u0632\u062d \u0669\u0664\u0668\u066c\u0660\u0660\u0660 \u0634\u062e\u0635"),
        (".2019 \u0639\u0627\u0645", "\u0639\u0627\u0645 2019."),
        # Two cells of a table stand in the table's own order.
        ("\u0625\u062f\u0644\u0628320,600", "\u0625\u062f\u0644\u0628 320,600"),
        # The forms in which the letters of Idlib join.
        ("\ufe87\ufea9\ufedf\ufe90", "\u0625\u062f\u0644\u0628"),
        # In the order in which it is read already.
        ("\u0646\u0632\u062d 948 \u0623\u0644\u0641 \u0634\u062e\u0635.",
         "\u0646\u0632\u062d 948 \u0623\u0644\u0641 \u0634\u062e\u0635."),
    ],
    ids=["hyphen", "broken", "name", "ligature", "range", "from-the-right", "eastern-digits",
         "full-stop", "cells", "joined-forms", "in-order"],
)  # fmt: skip
def test_a_page_is_read_as_a_reader_sees_it(drawn, read):
    assert as_read(drawn) == read


LINES = """Syria: Situation Report (as of 26 February 2020)

COUNTRIES OF ASYLUM
As of 31 January 2020, Lebanon hosted
912,300 registered Syrian refugees, Jordan
651,400 and Iraq 244,100. Some 91,000
refugees returned to Syria in 2019.
"""


def test_a_line_that_begins_with_a_number_goes_on_with_the_one_before():
    """As a key figure, Lebanon's refugees would be proposed as Jordan's, whose name ends it."""
    said = {(o.value, o.population_group, o.place_code) for o in figures_in(LINES)}
    hosts = {(912_300, "REF", "LBN"), (651_400, "REF", "JOR"), (244_100, "REF", "IRQ")}
    assert said == hosts | {(91_000, "RET", "SYR")}


TABLE = """Syria: IDP movements and returns by governorate, January 2020

Governorate IDP arrivals IDP returns
Idleb 321,400 4,200
Aleppo 131,900 12,100
Total 453,300 16,300
"""


def test_of_a_row_with_several_numbers_none_is_given_the_meaning_of_another():
    claims = claims_in(TABLE)
    assert [c.value for c in claims] == [321_400, 4_200, 131_900, 12_100, 453_300, 16_300]
    assert {(c.group, c.why) for c in claims} == {(None, "topic")}
    assert figures_in(TABLE) == []


def test_refugees_of_the_whole_region_are_those_of_no_country():
    said = "Türkiye and Lebanon host them. UNHCR counted 5,551,200 Syrian refugees in the region."
    assert {c.place for c in claims_in(said) if c.value == 5_551_200} == {None}
