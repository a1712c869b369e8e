"""What a pasted link unfolds into: the right page's words, and nothing that an address can add."""

import io
import json
import re
from datetime import date
from html import unescape

import pytest
from PIL import Image
from starlette.requests import Request

from editions import link_preview
from visuals.language.words import LANGUAGES, Words

PAGES = frozenset({"situation", "place", "figure", "map", "charts"})


@pytest.fixture(autouse=True)
def serving(store, monkeypatch):
    monkeypatch.setenv("NUZUH_STORE", store.address)


def scope(path, query=""):
    headers = [(b"host", b"figures.example.org")]
    told = {"type": "http", "method": "GET", "scheme": "https", "server": ("x", 443)}
    return told | {"path": path, "query_string": query.encode(), "headers": headers}


def told(path, query=""):
    tags = link_preview.tags(scope(path, query), PAGES)
    return {
        name: unescape(value)
        for name, value in re.findall(r'property="og:([\w:]+)" content="([^"]*)"', tags)
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_place_unfolds_into_its_name_in_the_addresss_language(language):
    found = told("/place", f"lang={language}&place=SY07")
    assert Words(language).place("SY07") in found["title"]
    assert found["image"].startswith("https://figures.example.org/nuzuh/preview.png?page=place")


def test_a_place_unfolds_into_all_who_are_displaced_there_and_no_part_of_them():
    """A card of Idleb led with returns and with the population of its communities."""
    description = told("/place", "lang=en&place=SY07")["description"]
    assert description.startswith("Internally displaced persons (IDPs) (at a date, individuals): ")
    assert "1,182,989" in description


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chart_unfolds_into_its_places_and_what_is_counted(language):
    """A chart of Idleb and Aleppo unfolded into the situation of the whole area."""
    query = f"lang={language}&places=SY07,SY02&series=IDP~stock~people&from=2015-01-01"
    found, words = told("/charts", query), Words(language)
    assert words.place("SY07") in found["title"]
    assert words.place("SY02") in found["title"]
    assert words.place("SY07") in found["description"]
    for choice in ("places=SY07%2CSY02", "series=IDP~stock~people", "from=2015-01-01"):
        assert choice in found["image"]


def test_a_chart_unfolds_into_the_figures_of_one_dataset():
    """Aleppo's 119,000 by OCHA, newly displaced alone, stood beside Idleb's 1,182,989 by UNHCR."""
    asked = link_preview.parse_address("charts", "lang=en&places=SY07,SY02", None)
    lines = link_preview.preview(asked).lines
    assert len(lines) == 2
    publishers = {line.when.rpartition(" · ")[2] for line in lines}
    assert len(publishers) == 1
    assert "OCHA" not in publishers


def test_a_chart_of_nothing_unfolds_into_the_pages_name():
    words = Words("en")
    for query in ("places=SY07&series=NAT~stock~people", "places=SY07&series=IDP(1)&from=never"):
        assert words("charts.nav") in told("/charts", f"lang=en&{query}")["title"]


IDPS = "dtm_syria_rounds~IDP~stock~people~IOM~DTM_Syria:_mobility_tracking_by_round~BA"
ARRIVALS = "published_figures~IDP_ARR~flow~movements~OCHA~IDP_movements"


def drawn(query):
    found = link_preview.preview(link_preview.parse_address("map", query, None)).maps
    return found.drawings


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_map_unfolds_into_what_it_shows_and_is_drawn_itself(language):
    """A map of one round of IOM's, sent to a group, unfolded into the situation of the area."""
    query = f"lang={language}&series={IDPS}&level=3"
    found, words = told("/map", query), Words(language)
    assert words("group.IDP") in found["title"]
    for said in (words.place("SY070301"), words.day(date(2025, 12, 31)), words("publisher.IOM")):
        assert said in found["description"]
    assert re.search(r"537[,.]713", found["description"])
    assert "&series=dtm_syria_rounds" in found["image"]
    (picture,) = drawn(query)
    assert words.place("SY070301") in picture
    assert words("app.disclaimer").split()[0] in picture


def test_a_map_unfolds_into_the_date_that_its_address_names():
    """538,000 of December under an address of August would be cited as August's."""
    query = f"lang=en&series={IDPS}&level=3&day=2025-08-31"
    found = told("/map", query)
    assert "31 August 2025" in found["description"]
    assert "684,548" in found["description"]
    assert "684,548" in drawn(query)[0]
    assert "September 2022" in told("/map", f"lang=en&series={ARRIVALS}")["description"]


def test_two_maps_unfold_into_both_and_say_whether_their_circles_compare():
    query = f"lang=en&series={IDPS}&level=3&beside=date&day2=2025-08-31"
    description = told("/map", query)["description"]
    for said in ("31 December 2025", "31 August 2025", Words("en")("map.one_scale")):
        assert said in description
    one, other = drawn(query)
    sizes = [re.findall(r'class="size"[^>]* r="([\d.]+)"', svg) for svg in (one, other)]
    assert sizes[0] == sizes[1] != []
    arrivals = told("/map", f"lang=en&series={IDPS}&level=3&beside={ARRIVALS}")["description"]
    assert Words("en")("map.two_scales") in arrivals


def test_a_map_of_rates_unfolds_into_both_numbers_of_its_highest():
    description = told("/map", "lang=en&series=rate&level=1")["description"]
    for said in ("35.9", "944,801", "2,633,164", "IOM"):
        assert said in description
    assert "35.9" in drawn("lang=en&series=rate&level=1")[0]


def test_an_address_of_the_map_that_chooses_nothing_there_is_unfolds_into_the_first_map():
    first = told("/map", "lang=en")
    for query in ("series=nothing&level=9&day=never&beside=x&day2=y", "series=%22%3E%3Cscript%3E"):
        found = told("/map", f"lang=en&{query}")
        assert (found["title"], found["description"]) == (first["title"], first["description"])


def test_without_its_figures_in_time_a_page_says_what_it_is():
    tags = link_preview.plain_tags(scope("/map", "lang=ar"), PAGES)
    words = Words("ar")
    assert words("map.nav") in tags
    assert words("preview.plain") in tags


def test_a_map_does_not_wait_for_the_first_page_nor_a_second_time_for_another():
    """Nine links pasted at once into a group: those that waited unfolded without their figures."""
    first = told("/map", f"lang=en&series={IDPS}&level=1")
    assert "1,278,433" in first["description"]
    with link_preview._SITUATIONS._one:
        assert told("/map", f"lang=tr&series={IDPS}&level=1")["title"] != "Harita · Nuzuh"
        assert told("/", "lang=en&known=2015-01-01")["description"] == Words("en")("preview.plain")
    with link_preview._OTHERS._one:
        assert told("/map", f"lang=en&series={IDPS}&level=1") == first


def test_the_first_page_tells_of_a_past_day_as_it_was_known():
    """11 February 2020: the surge of that winter, not the silence of today."""
    assert "1 December 2019" in told("/", "lang=en&known=2020-02-11")["description"]
    assert "1 December 2019" not in told("/", "lang=en")["description"]


@pytest.mark.parametrize(
    "query",
    [
        "lang=en&place=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "lang=%22%3E%3Cscript%3E&known=%22%3E%3Cscript%3E",
        "figure=%22%3E%3Cscript%3E&place=SY07%22%3E",
    ],
)
@pytest.mark.parametrize("path", ["/", "/place", "/figure", "/charts", "/map"])
def test_no_address_puts_anything_of_its_own_into_the_page(path, query):
    """A link that a stranger made is pasted into an office's group."""
    tags = link_preview.tags(scope(path, query), PAGES)
    data = re.findall(r'<script type="application/ld\+json">([^<>]*)</script>', tags)
    assert len(data) == (path == "/")
    for one in data:
        assert "alert" not in one
        tags = tags.replace(f'<script type="application/ld+json">{one}</script>', "")
    assert "<script" not in unescape(tags)
    assert tags.count("<meta") == tags.count(">")


@pytest.mark.parametrize("language", LANGUAGES)
def test_searches_for_data_find_the_figures_with_their_licences(language):
    """What Google's and others' searches for data sets ask of a schema.org `Dataset`."""
    tags = link_preview.tags(scope("/", f"lang={language}"), PAGES)
    (body,) = re.findall(r'<script type="application/ld\+json">([^<>]*)</script>', tags)
    found = json.loads(body)
    assert (found["@context"], found["@type"]) == ("https://schema.org/", "Dataset")
    assert 50 <= len(found["description"]) <= 5000
    assert found["name"].startswith(Words(language)("app.title"))
    assert {"CC BY 4.0"} <= set(found["license"])
    assert "UNHCR" in [one["name"] for one in found["creator"]]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d", found["temporalCoverage"])
    for each in found["distribution"]:
        assert each["contentUrl"].startswith("https://figures.example.org/nuzuh/api/v1/figures?")


def test_the_picture_is_of_the_size_it_is_said_to_be():
    for asked in ("page=place&place=SY07&lang=ar", f"page=map&lang=ar&series={IDPS}&beside=date"):
        answer = link_preview.picture(Request(scope(link_preview.PATH, asked)))
        assert Image.open(io.BytesIO(answer.body)).size == (link_preview.WIDE, link_preview.HIGH)
    unknown = Request(scope(link_preview.PATH, "page=nothing"))
    assert link_preview.picture(unknown).status_code == 404


def test_a_store_without_figures_still_says_what_the_page_is(monkeypatch, tmp_path):
    monkeypatch.setenv("NUZUH_STORE", str(tmp_path))
    assert told("/map", "lang=tr")["description"] == Words("tr")("preview.plain")
