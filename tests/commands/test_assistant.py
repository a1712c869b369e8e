"""An assistant asks by the protocol's own client; a number without its provenance would mislead."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import anyio
import httpx2
import pytest
import requests
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from commands import assistant, mcp
from data.gazetteer import places
from data.handover import tokens
from data.settings import ROOT
from data.store import Publication, Store, Token
from tests import asgi, builders, carried
from visuals.language.words import Words

PAPERS = {"figure_id", "publisher", "as_of", "source_url", "licence", "caveats", "citation"}


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    store = tmp_path_factory.mktemp("assistant")
    carried.publish(store)
    return {"store": str(store)}


def alone(asking, *given):
    """Run in a thread of its own: a browser's tests leave a loop in the one that runs the tests."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(anyio.run, asking, *given).result(60)


def ask(given, tool, **asked):
    """What an assistant is told, over the protocol inside this process."""

    async def asking():
        async with Client(assistant.server(given)) as client:
            answer = await client.call_tool(tool, asked)
            text = answer.content[0].text
            return text if answer.is_error else json.loads(text)

    return alone(asking)


def numbers(told):
    """Every object of an answer that gives a figure's number."""
    if isinstance(told, dict):
        if "figure_id" in told and "value" in told:
            yield told
        for value in told.values():
            yield from numbers(value)
    elif isinstance(told, list):
        for value in told:
            yield from numbers(value)


def test_every_tool_says_what_it_gives_and_only_reads(given):
    async def listed():
        async with Client(assistant.server(given)) as client:
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in alone(listed)}
    names = {"find_place", "figures", "compare", "situation", "surges", "check_text"}
    assert set(tools) == names
    assert all(tool.description and tool.annotations.read_only_hint for tool in tools.values())
    assert "SY07" not in tools["figures"].description


@pytest.mark.parametrize("typed", ["Sarmada", "سرمدا", "Idlib governorate", "Bab al-Hawa"])
def test_a_name_gives_a_code_that_the_other_tools_take(given, typed):
    best = ask(given, "find_place", name=typed)["places"][0]
    assert places.is_known_code(best["place_code"])
    told = ask(given, "figures", within=best["place_code"], limit=3)
    assert told["figures"]


def test_figures_come_newest_first_with_their_provenance_and_may_not_be_added(given):
    told = ask(given, "figures", place="SY07", limit=200)
    found = told["figures"]
    assert len(found) > 20
    assert all(set(one) >= PAPERS and one["citation"].count(one["figure_id"]) == 1 for one in found)
    assert [one["as_of"] for one in found] == sorted((one["as_of"] for one in found), reverse=True)
    assert len(told["not_to_be_added"]) > 3
    again = ask(given, "figures", place="SY07", limit=5)
    assert again["left_out"] == told["left_out"] + len(found) - 5


def test_a_past_day_gives_what_was_known_then(given):
    told = ask(given, "figures", place="X-SYR-NW", as_known_on="2020-02-11", limit=200)
    values = {one["value"] for one in told["figures"]}
    assert 700_000 in values
    assert 948_000 not in values


@pytest.mark.parametrize("lang", ["en", "ar", "tr"])
def test_the_comparison_gives_no_number_without_a_citation(given, lang):
    told = ask(given, "compare", place="X-SYR-NW", group="NEWDISP", on="2020-02-29", lang=lang)
    found = list(numbers(told))
    assert found
    assert told["pairs"]
    assert all(set(one) >= PAPERS for one in found)
    assert told["not_to_be_added"][0] == Words(lang)("adding.always")


def test_the_situation_gives_no_number_without_a_citation(given):
    told = ask(given, "situation", lang="ar")
    found = list(numbers(told))
    assert len(found) > 10
    assert all(set(one) >= PAPERS for one in found)


def test_a_text_is_held_against_what_was_published(given):
    text = "By 6 March 2020, 960,000 people had been newly displaced in north-west Syria."
    told = ask(given, "check_text", text=text, published_on="2020-03-06")
    assert [claim["value"] for claim in told["claims"]] == [960_000]
    assert told["claims"][0]["verdict"] != "not_understood"
    assert all({"figure_id", "citation"} <= set(one) for one in numbers(told["claims"]))


@pytest.mark.parametrize(
    ("tool", "asked", "said"),
    [
        ("figures", {}, "find_place knows the codes"),
        ("figures", {"place": "Idlib"}, "There is no place 'Idlib'"),
        ("figures", {"place": "SY07", "group": "EVERYBODY"}, "group"),
        ("compare", {"place": "SY07", "group": "IDP", "on": "yesterday"}, "on"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words_and_not_guessed(given, tool, asked, said):
    told = ask(given, tool, **asked)
    assert isinstance(told, str)
    assert said in told


def test_the_command_speaks_over_its_pipes(given):
    """As an assistant's configuration starts it."""
    words = ["-m", "pipelines", "--store", given["store"], "mcp"]
    started = StdioServerParameters(command=sys.executable, args=words, cwd=str(ROOT))

    async def asking():
        async with Client(started) as client:
            answer = await client.call_tool("figures", {"place": "TUR", "group": "REF"})
            return json.loads(answer.content[0].text)

    assert alone(asking)["figures"][0]["place_code"] == "TUR"


@contextmanager
def over_http(given):
    """The address of the server over HTTP."""
    with asgi.served(mcp.served(given, "127.0.0.1")) as address:
        yield f"{address}/mcp"


@pytest.fixture
def guarded(given, socket_enabled):
    """The server over HTTP where people sign in, and a token for it."""
    made = tokens.make()
    at = datetime.now(UTC)
    Store(given["store"]).set_token(Token(made.id, "assistant", made.sha256, "amal", at))
    signing_in = given | {"sign_in": "https://login.example.org/.well-known/openid-configuration"}
    with over_http(signing_in) as address:
        yield address, made.secret


@asynccontextmanager
async def client_of(address, headers=None):
    """The SDK's client at an address; a busy machine answers late."""
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as http,
        Client(streamable_http_client(address, http_client=http)) as client,
    ):
        yield client


def test_over_http_a_token_is_asked_for_and_no_other_site_may_speak(guarded):
    address, secret = guarded
    bearer = {"Authorization": f"Bearer {secret}"}

    async def asking(headers):
        async with client_of(address, headers) as client:
            answer = await client.call_tool("figures", {"place": "TUR", "group": "REF"})
            return json.loads(answer.content[0].text)

    assert alone(asking, bearer)["figures"][0]["publisher"]
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    for headers in ({}, {"Authorization": f"Bearer {tokens.make().secret}"}):
        refused = requests.post(address, json=asked, headers=headers, timeout=30)
        assert refused.status_code == 401
        assert "read-only token" in refused.text
    for odd in ({"Origin": "https://elsewhere.example"}, {"Host": "elsewhere.example"}):
        foreign = requests.post(address, json=asked, headers=bearer | odd, timeout=30)
        assert foreign.status_code in (403, 421)


ASKED = {
    "figures": {"place": "TUR", "group": "REF"},
    "compare": {"place": "X-SYR-NW", "group": "NEWDISP", "on": "2020-02-29"},
    "situation": {},
    "surges": {"as_known_on": "2020-02-20"},
    "check_text": {"text": "By 6 March 2020, 960,000 people had been newly displaced."},
}
"""A question to each tool that reads the store."""


def flip(store, path):
    """One bit of one byte, in the middle."""
    file = Path(store.address) / path
    bent = bytearray(file.read_bytes())
    bent[len(bent) // 2] ^= 16
    file.write_bytes(bent)


async def every_tool(connected):
    """What each tool answers: whether it is a refusal, and the text."""
    async with connected as client:
        answers = {name: await client.call_tool(name, asked) for name, asked in ASKED.items()}
        return {name: (one.is_error, one.content[0].text) for name, one in answers.items()}


@pytest.mark.parametrize("way", ["pipes", "http"])
def test_a_damaged_store_is_told_in_a_sentence_and_no_number_comes_of_it(
    tmp_path, socket_enabled, way
):
    """There is no release before this one: nothing can be told until it is repaired."""
    store = carried.publish(tmp_path / "store")
    for file in store.current().manifest.figures.values():
        flip(store, file.path)
    given = {"store": store.address}
    if way == "pipes":
        words = ["-m", "pipelines", "--store", store.address, "mcp"]
        started = StdioServerParameters(command=sys.executable, args=words, cwd=str(ROOT))
        told = alone(every_tool, Client(started))
    else:
        with over_http(given) as address:
            told = alone(every_tool, client_of(address))
    for name, (refused, text) in told.items():
        assert refused, name
        assert "run `nuzuh" in text, name
        assert "Traceback" not in text
        assert len(text.splitlines()) == 1
    assert ask(given, "find_place", name="Sarmada")["places"]


def test_the_release_before_a_damaged_one_answers_and_says_so(tmp_path):
    store = Store(str(tmp_path))
    for day, value in enumerate((6329, 6330), 1):
        rows = builders.years(value, source="test_source", via="test_source", known_from=None)
        at = datetime(2026, 11, day, tzinfo=UTC)
        store.publish(Publication("test_source", rows, "test"), now=at)
    flip(store, store.current().manifest.figures["test_source"].path)
    told = ask({"store": str(tmp_path)}, "figures", place="SY07")
    assert [one["value"] for one in told["figures"]] == [6329]
    assert "nuzuh repair" in told["warning"]


WITHOUT = """
import sys
class Lacking:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("mcp", "mcp_types"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Lacking())
from commands.main import main
main(["mcp", *sys.argv[1:]])
"""


@pytest.mark.parametrize("words", [[], ["--http"]])
def test_without_the_extra_it_says_how_to_get_it(words):
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, *words], cwd=ROOT, capture_output=True, timeout=60
    )
    assert done.returncode == 1
    assert done.stdout == b""
    assert done.stderr.decode().splitlines() == [f"Error: {mcp.LACKING}"]
    assert f"{sys.executable} -m pip install" in mcp.LACKING
