"""An office's spreadsheet, notebook or GIS asks these addresses each morning."""

import io
import json

import geopandas as gpd
import pandas as pd
import pyarrow
import pyarrow.ipc
import pytest
import requests
from click.testing import CliRunner
from starlette.responses import Response

from api import answer_cache, answers, documentation, limits, routes, serving
from api.problems import Problem
from commands.main import main
from data import settings
from data.publication import licences
from data.schema.tables import FIGURES

IDLEB = {"within": "SY07", "group": "IDP"}


def command(*words: str) -> bytes:
    """What `nuzuh` prints."""
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    return done.stdout_bytes


def get(address: str, /, **asked: object) -> requests.Response:
    return requests.get(address, params=asked, timeout=60)


@pytest.mark.parametrize("form", ["csv", "json", "geojson", "parquet", "arrow"])
def test_the_api_gives_the_bytes_that_the_command_gives(served, form):
    """Whoever checks a colleague's file compares two hashes, not two numbers of rows."""
    asked = ["--within", "SY07", "--group", "IDP", "--format", form]
    got = get(f"{served}/figures", **IDLEB, format=form)
    assert got.status_code == 200
    assert got.content == command("figures", *asked)


def test_versions_and_a_past_day_are_the_commands_too(served):
    asked = {"place": "X-SYR-NW", "format": "csv"}
    assert get(f"{served}/vintages", **asked).content == command(
        "figures", "--place", "X-SYR-NW", "--vintages"
    )
    got = get(f"{served}/figures", **asked, as_known_on="2020-02-11")
    assert got.content == command("figures", "--place", "X-SYR-NW", "--as-known-on", "2020-02-11")
    assert b"700000" in got.content
    assert b"948000" not in got.content


@pytest.mark.parametrize("form", ["parquet", "arrow", "xlsx"])
def test_a_file_that_the_disk_damaged_since_it_was_made_is_made_anew(served, form):
    """It was made once for a release and handed out for as long as that lasted."""
    first = get(f"{served}/figures", place="SY07", group="IDP", format=form).content
    ours = [f for f in (settings.load().cache / "answers").iterdir() if f.read_bytes() == first]
    assert ours
    for file in ours:
        bent = bytearray(first)
        bent[len(bent) // 2] ^= 1
        file.write_bytes(bent)
    assert get(f"{served}/figures", place="SY07", group="IDP", format=form).content == first


def test_names_of_hapi_ask_the_same(served):
    one = get(f"{served}/figures", **IDLEB)
    other = get(
        f"{served}/figures", admin1_code="sy07", population_group="IDP", output_format="json"
    )
    assert one.json() == other.json() != []


@pytest.mark.parametrize("address", [address for _, address in documentation.EXAMPLES])
def test_every_example_of_the_page_is_answered(served, address):
    got = requests.get(f"{served}/{address}", timeout=60)
    assert got.status_code == 200
    assert len(got.content) > 10
    assert address.replace("&", "&amp;") in requests.get(served, timeout=10).text


def test_pages_hold_every_row_once_in_the_same_order(served):
    """A tool that pages must not lose the rows between two pages, nor count any twice."""
    whole = get(f"{served}/figures", within="SY07").json()
    for limit in (37, 1000):
        found, url = [], f"{served}/figures?within=SY07&limit={limit}"
        while url:
            got = requests.get(url, timeout=60)
            assert len(got.json()) <= limit
            found += got.json()
            link = got.links.get("next")
            url = link and served.split("/nuzuh")[0] + link["url"]
        assert found == whole


def test_an_answer_is_not_sent_again_to_whoever_has_it(served):
    first = get(f"{served}/figures", **IDLEB)
    again = requests.get(first.url, headers={"If-None-Match": first.headers["ETag"]}, timeout=10)
    assert again.status_code == 304
    assert not again.content
    head = requests.head(first.url, timeout=10)
    assert head.headers["ETag"] == first.headers["ETag"]
    assert not head.content
    assert first.headers["Cache-Control"] == "no-cache"
    frozen = get(f"{served}/figures", **IDLEB, release=first.headers["Nuzuh-Release"])
    assert "immutable" in frozen.headers["Cache-Control"]
    assert frozen.content == first.content


def test_every_answer_says_licence_and_attribution(served):
    """A number that was copied without its licence cannot be printed."""
    got = get(f"{served}/figures", asylum="TUR", group="REF")
    assert "CC BY 4.0" in got.headers["Nuzuh-Licence"]
    assert got.headers["Access-Control-Allow-Origin"] == "*"
    assert {row["licence"] for row in got.json()}


def test_rows_that_may_not_be_used_by_all_can_be_left_out(served):
    every = pd.read_csv(io.BytesIO(get(f"{served}/figures", format="csv").content))
    opened = pd.read_csv(io.BytesIO(get(f"{served}/figures", format="csv", licence="open").content))
    assert 0 < len(opened) <= len(every)
    assert not opened["licence"].str.contains("non-commercial", case=False).any()
    left = every[~every["figure_id"].isin(opened["figure_id"])]
    assert left["licence"].str.contains("commercial", case=False).all()


@pytest.mark.parametrize(
    ("licence", "is_open"),
    [
        ("CC BY 4.0", True),
        ("facts", True),
        ("CC BY-IGO", True),
        ("CC BY-NC 4.0", False),
        ("CC BY-ND 4.0", False),
        ("IOM: non-commercial use only", False),
        ("to be asked", False),
    ],
)
def test_what_is_not_known_to_be_open_is_left_out(licence, is_open):
    assert licences.is_open(licence) is is_open


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("figures?plaec=SY07", 400, "did you mean place?"),
        ("figures?place=Idlib", 400, "places go by code"),
        ("figures?group=PEOPLE", 400, "group is one of"),
        ("figures?from=yesterday", 400, "from is a day as 2025-12-31"),
        ("figures?limit=-1", 400, "whole number"),
        ("figures?format=doc", 400, "format is one of"),
        ("figures?as_known_on=2020-01-01&as_known_on=2021-01-01", 400, "give it once"),
        ("figures?cursor=!!!", 400, "none of ours"),
        ("figures?release=20200101T000000Z-aaaa", 410, "not kept here"),
        ("compare?place=SY07", 400, "Give group"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why_in_a_sentence(served, address, status, said):
    got = requests.get(f"{served}/{address}", timeout=10)
    assert got.status_code == status
    assert got.headers["Content-Type"] == "application/problem+json"
    assert said in got.json()["detail"]
    assert got.json()["status"] == status


@pytest.mark.parametrize(
    ("asked", "licence"),
    [
        ("compare?place=X-SYR-NW&group=NEWDISP&on=2020-02-29", "facts"),
        ("surges?as_known_on=2020-02-20", "facts"),
        ("situation", "facts"),
        ("table?place=TUR", "facts"),
        ("places", "CC BY-IGO"),
        ("sources", "CC BY-IGO; "),
    ],
)
def test_every_answer_says_its_licence_and_whom_to_credit(served, asked, licence):
    got = get(f"{served}/{asked}")
    assert got.status_code == 200
    assert licence in got.headers["Nuzuh-Licence"]
    assert got.headers["Nuzuh-Attribution"]


def test_compare_and_surges_are_what_the_commands_print(served):
    got = get(f"{served}/compare", place="X-SYR-NW", group="NEWDISP", on="2020-02-29")
    asked = ["--place", "X-SYR-NW", "--group", "NEWDISP", "--on", "2020-02-29"]
    assert got.json() == json.loads(command("compare", *asked, "--json"))
    got = get(f"{served}/surges", as_known_on="2020-02-20")
    assert got.json() == json.loads(command("surges", "--as-known-on", "2020-02-20", "--json"))


def test_the_situation_is_what_the_command_prints(served):
    got = get(f"{served}/situation", as_known_on="2020-02-11").json()
    told = json.loads(command("situation", "--as-known-on", "2020-02-11", "--json"))
    del got["late"], told["late"]  # as late as the minute they are asked in
    assert got == told
    assert got["headlines"]


def test_places_sources_and_releases_are_listed(served):
    inside = get(f"{served}/places", within="SY07", admin_level=3).json()
    assert {row["place_code"][:4] for row in inside} == {"SY07"}
    assert len(inside) == 26
    assert any(row["source"] == "unhcr_population" for row in get(f"{served}/sources").json())
    assert [row["is_current"] for row in get(f"{served}/releases").json()] == [True]


@pytest.mark.parametrize("form", ["csv", "parquet", "arrow", "xlsx", "geojson"])
def test_places_and_sources_come_in_every_format_that_fits(served, form):
    read = {
        "csv": lambda body: pd.read_csv(io.BytesIO(body), keep_default_na=False, na_values=[""]),
        "parquet": lambda body: pd.read_parquet(io.BytesIO(body)),
        "arrow": lambda body: pyarrow.ipc.open_stream(body).read_pandas(),
        "xlsx": lambda body: pd.read_excel(io.BytesIO(body), engine="calamine"),
        "geojson": lambda body: gpd.read_file(io.BytesIO(body)),
    }[form]
    for name, key in (("places", "place_code"), ("sources", "source")):
        got = get(f"{served}/{name}", format=form)
        if (name, form) == ("sources", "geojson"):
            assert got.status_code == 400  # a publisher has no place on a map
            continue
        assert list(read(got.content)[key]) == [one[key] for one in get(f"{served}/{name}").json()]


def test_openapi_names_every_column_and_address(served):
    told = get(f"{served}/openapi.json").json()
    assert set(told["paths"]) == {f"/{name}" for name in routes.ENDPOINTS}
    assert list(told["components"]["schemas"]["Figure"]["properties"]) == FIGURES.names


def test_a_notebook_reads_an_address_whole_or_in_parts(served):
    """One line in pandas; a reader of Parquet asks for the parts that it needs."""
    address = f"{served}/figures?within=SY07&format=parquet"
    expected = len(get(f"{served}/figures", within="SY07").json())
    assert len(pd.read_parquet(io.BytesIO(requests.get(address, timeout=60).content))) == expected
    part = requests.get(address, headers={"Range": "bytes=0-3"}, timeout=60)
    assert part.status_code == 206
    assert part.content == b"PAR1"
    arrow = get(f"{served}/figures", within="SY07", format="arrow").content
    assert pyarrow.ipc.open_stream(arrow).read_all().num_rows == expected
    part = requests.get(address, headers={"Range": "bytes=-4"}, timeout=60)
    assert part.content == b"PAR1"


def test_a_client_in_a_hurry_is_asked_to_slow_down_and_no_other():
    bounds = limits.Limits()
    for _ in range(int(limits.BURST)):
        bounds.ask("a", now=0.0)
    with pytest.raises(Problem) as told:
        bounds.ask("a", now=0.0)
    assert told.value.status == 429
    assert told.value.retry_after
    bounds.ask("b", now=0.0)
    bounds.ask("a", now=1.0)


def test_an_answer_that_is_there_takes_a_tenth_of_a_question(served, monkeypatch):
    """A dashboard of forty tiles that reloads, or QGIS, asks again what it asked a minute ago."""
    monkeypatch.setattr(limits, "BURST", 2.0)
    monkeypatch.setattr(limits, "EACH_SECOND", 0.001)
    first = get(f"{served}/figures", **IDLEB)
    tag = {"If-None-Match": first.headers["ETag"]}
    assert first.status_code == 200
    for _ in range(4):
        assert get(f"{served}/figures", **IDLEB).status_code == 200
        assert requests.get(first.url, headers=tag, timeout=10).status_code == 304
    assert get(f"{served}/figures", place="TUR").status_code == 429


@pytest.mark.wide
def test_memory_is_that_of_a_piece_and_not_of_the_answer(served, monkeypatch):
    """Five million rows are asked for by somebody one day."""
    seen = []
    pieces = answers.Rows.pieces

    def counted(self, frames):
        def watched():
            for frame in frames:
                seen.append(len(frame))
                yield frame

        return pieces(self, watched())

    monkeypatch.setattr(answers.Rows, "pieces", counted)
    monkeypatch.setattr(
        "data.analysis.precedence.pieces.__kwdefaults__",
        {"vintages": False, "every_route": False, "start": None, "rows": 50},
    )
    whole = get(f"{served}/figures", within="SYR").json()
    assert sum(seen) == len(whole) > 1000
    assert max(seen) < len(whole) / 4


def test_an_answer_that_has_begun_goes_on_to_its_end_however_many_wait():
    """A table cut off in the middle would be read as whole."""
    bounds = limits.Limits()
    bounds._waiting = limits.WAITING
    with pytest.raises(Problem) as told, bounds.turn():
        pass
    assert told.value.status == 503
    assert list(answers.streamed(iter([b"b", b"c"]), bounds)) == [b"b", b"c"]


def test_the_same_question_of_the_same_release_costs_no_second_turn(served, monkeypatch):
    """Two hundred people who open one dashboard ask one question two hundred times."""
    asked = f"{served}/figures?within=SY07&group=IDP&format=csv"
    first = requests.get(asked, timeout=30)
    full = limits.Limits()
    full._waiting = limits.WAITING
    monkeypatch.setattr(serving, "LIMITS", full)
    again = requests.get(asked, timeout=30)
    assert (again.status_code, again.content) == (200, first.content)
    for header in ("ETag", "Nuzuh-Licence", "Content-Type", "Content-Disposition"):
        assert again.headers[header] == first.headers[header]
    assert requests.get(f"{served}/situation", timeout=30).status_code == 503


def test_answers_are_kept_within_a_bound(monkeypatch):
    monkeypatch.setattr(answer_cache, "ALL", 100)
    held = answer_cache.AnswerCache()
    for number in range(5):
        held.put((str(number),), Response(b"x" * 40), {})
    assert [held.get((str(n),)) is not None for n in range(5)] == [False] * 3 + [True] * 2
    held.put(("problem",), Response(b"no", 503), {})
    assert held.get(("problem",)) is None


def test_whatever_asks_the_store_waits_its_turn(served, monkeypatch):
    """Two hundred clients otherwise ask at once, and the pages wait for all of them."""
    full = limits.Limits()
    full._waiting = limits.WAITING
    monkeypatch.setattr(serving, "LIMITS", full)
    ogc = served.replace("/api/v1", "/ogc")
    for address in (*routes.ENDPOINTS, "proof/0000000000000000"):
        asked = "?place=X-SYR-NW&group=NEWDISP&on=2020-02-29" if address == "compare" else ""
        got = requests.get(f"{served}/{address}{asked}", timeout=30)
        assert got.status_code == 503, address
        assert got.headers["Retry-After"]
    assert requests.get(f"{ogc}/collections", timeout=30).status_code == 503


def test_a_turn_inside_a_turn_is_the_same_one():
    """Or two answers that each need a second turn would wait for one another for ever."""
    bounds = limits.Limits()
    with bounds.turn(), bounds.turn(), bounds.turn():
        pass
    with bounds.turn():
        pass
