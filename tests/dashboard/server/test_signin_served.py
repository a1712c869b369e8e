"""The app as it is served where readers sign in: nothing of it reaches who has not.

A real server, a real provider, real cookies and a real WebSocket. What is tried is not written down
here: it is every route that the app has, so that one which is added tomorrow is tried tomorrow.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from starlette.routing import Mount, WebSocketRoute
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette import starlette_app_utils
from streamlit.web.server.starlette.starlette_server_config import (
    USER_COOKIE_NAME,
    XSRF_COOKIE_NAME,
)
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol

import app as entry
from dashboard.server import auth_middleware, hashed_assets, signin
from data import settings
from data.handover import tokens
from data.store import Store, Token
from tests import carried
from tests.asgi import ran
from tests.browser.conftest import App, served
from tests.servers.oidc import ADMINISTRATOR, READER, SECRET, STRANGER, Provider
from tests.signing_in import HTML, PATIENCE, begun, chosen, cookie, signed_in
from visuals.language.words import Words

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

FIGURE = "1,182,989"
"""A number of the first page and of the light edition: Syrians in Türkiye."""
ON_THE_MAP = "537,713"
"""IDPs in Dana at the end of 2025, which the map opens with."""
HOLES = {
    "language": "en",
    "name": "index.html",
    "source": "published_figures",
    "file_id": "0.png",
    "session_id": "0",
    "path": "x",
    "figure": "0000000000000000",
    "collection": "idp-admin1",
    "form": "pdf",
}
"""What fills the holes of a route's path; `sha256` is of a file that is stored."""
ASKS_FOR_THE_SIGN_IN = {"/auth/login", "/auth/logout", "/oauth2callback"}


@dataclass(frozen=True)
class Office:
    """The served app, its provider, and the sign-in as the app is configured with it."""

    app: App
    provider: Provider
    configured: signin.SignInConfig

    def get(self, path: str, cookies: dict[str, str] | None = None, **more) -> requests.Response:
        session = requests.Session()
        session.trust_env = False
        given = {"allow_redirects": False, "timeout": PATIENCE, "cookies": cookies} | more
        return session.request(given.pop("method", "GET"), self.app.address + path, **given)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    store = tmp_path_factory.mktemp("guarded")
    carried.publish(store)
    with Provider() as provider:
        given = provider.settings(
            NUZUH_CACHE=str(store / "cache"),
            NUZUH_SIGN_IN_CONFIRM="1",
        )
        for app in served(store, **given):
            names = {name.removeprefix("NUZUH_").lower(): value for name, value in given.items()}
            configured = signin.config_of(settings.load(address=app.address, **names))
            assert configured is not None
            yield Office(app, provider, configured)


@pytest.fixture(scope="module")
def intruders(office) -> dict[str, dict[str, str]]:
    """Cookies with which nobody may see anything."""
    now, good = time.time(), cookie(office.configured)[USER_COOKIE_NAME]
    payload, made, signature = good.rsplit(".", 2)
    stranger = signed_in(office.app.address, STRANGER).cookies.get_dict()
    assert USER_COOKIE_NAME in stranger
    left = signed_in(office.app.address, READER)
    copied = left.cookies.get_dict()
    left.get(f"{office.app.address}/auth/logout", allow_redirects=False, timeout=PATIENCE)
    forged = f"{payload}.{made}.{signature[::-1]}"
    return {
        "no cookie": {},
        "tampered": {USER_COOKIE_NAME: forged},
        "expired": cookie(office.configured, made=now - office.configured.seconds - 1),
        "outside every group": stranger,
        "signed out": copied,
        "for another audience": cookie(office.configured, aud="another-dashboard"),
    }


def _routes() -> list[tuple[str, str]]:
    """Every path and method that the app answers, as the app itself lists them."""
    made = entry.app._build_starlette_app()
    found = {("/", "GET"), ("/map", "GET"), ("/admin", "GET"), ("/a/page/of/streamlit", "GET")}
    for route in made.routes:
        if isinstance(route, Mount | WebSocketRoute):
            continue
        for method in sorted(route.methods or {"GET"}):
            found.add((route.path, method))
    return sorted(found)


ROUTES = _routes()


def test_the_list_of_routes_is_the_apps_own():
    """Or the test below could pass by trying nothing."""
    paths = {path for path, _ in ROUTES}
    assert {"/nuzuh/light/{language}/{name}", "/media/{file_id:path}", "/nuzuh/feed.atom"} <= paths
    assert len(ROUTES) > 40


@pytest.mark.parametrize(("path", "method"), ROUTES)
def test_no_route_answers_who_may_not_read(office, intruders, path, method):
    filled = _filled(path, _stored(office))
    for kind, cookies in intruders.items():
        answer = office.get(filled, cookies, method=method)
        if path in auth_middleware.OPEN:
            assert FIGURE not in answer.text
            assert "figures" not in answer.text
            continue
        if path in ASKS_FOR_THE_SIGN_IN:
            assert answer.status_code in (302, 303, 400, 405), (kind, answer.status_code)
            continue
        assert answer.status_code in (401, 403), (kind, answer.status_code)
        assert method == "HEAD" or answer.text.startswith("Sign in first"), kind
        opened = office.get(filled, cookies, method=method, headers=HTML)
        assert opened.status_code in (303, 401, 403), (kind, opened.status_code)
        assert FIGURE not in opened.text


@pytest.mark.parametrize(
    "path",
    [
        "/nuzuh/light/en/index.html",
        "/nuzuh/light",
        "/nuzuh/embed/map.svg",
        "/nuzuh/feed.atom",
        "/nuzuh/releases.ics",
        "/nuzuh/stored/published_figures/{sha256}",
        "/nuzuh/kept/{kept}",
        "/",
    ],
)
def test_a_reader_gets_what_nobody_else_does_and_no_shared_cache_keeps_it(office, path):
    """The other half: a guard that refuses everybody guards nothing worth having."""
    reader = signed_in(office.app.address, READER)
    answer = reader.get(
        office.app.address + _filled(path, _stored(office)), headers=HTML, timeout=PATIENCE
    )
    assert answer.status_code == 200
    held = answer.headers["Cache-Control"]
    assert "private" in held or "no-store" in held
    assert "public" not in held
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Cookie" in answer.headers["Vary"]
    assert "/nuzuh/sign-in" not in answer.url


def test_health_says_no_figure_and_streamlits_scripts_are_open(office):
    told = office.get("/nuzuh/health").json()
    assert told["ok"] is True
    assert "figures" not in told
    assert told["release"]
    index = office.get("/static/").status_code
    assert index != 500
    for path in ("/static/../nuzuh/light/en/index.html", "/static//nuzuh/feed.atom"):
        session = requests.Session()
        session.trust_env = False
        asked = requests.Request("GET", office.app.address).prepare()
        asked.url = office.app.address + path  # as it is written: a client would tidy it
        answer = session.send(asked, allow_redirects=False, timeout=PATIENCE)
        assert answer.status_code in (400, 401, 404), path
        assert FIGURE not in answer.text


def test_an_upload_is_for_who_may_read(office):
    """A reader may bring a text to be checked; who is not signed in sends nothing."""
    sent = {"method": "PUT", "files": {"file": ("a.txt", b"948,000 people")}}
    path = "/_stcore/upload_file/session/file"
    assert office.get(path, {}, **sent).status_code == 401
    reader = signed_in(office.app.address, READER).cookies.get_dict()
    # Past the guard it is Streamlit's to refuse: there is no such session, no such token.
    assert "sign in" not in office.get(path, reader, **sent).text.lower()


def test_a_sign_in_leads_back_to_where_it_began_with_cookies_of_its_length(office):
    shared = "/map?day=2025-12-31&lang=ar"
    session, there = begun(office.app.address, shared)
    asked = office.provider.asked[-1]
    assert asked["code_challenge_method"] == "S256"
    assert asked["nonce"]
    assert asked["state"]
    sent = session.post(
        there.url, data={"account": READER}, allow_redirects=False, timeout=PATIENCE
    )
    answer = session.get(sent.headers["Location"], allow_redirects=False, timeout=PATIENCE)
    assert answer.headers["Location"] == office.app.address + shared
    cookies = answer.raw.headers.getlist("Set-Cookie")
    mine = next(text for text in cookies if text.startswith(f"{USER_COOKIE_NAME}="))
    assert f"Max-Age={int(office.configured.seconds)}" in mine
    assert "HttpOnly" in mine
    assert "samesite=lax" in mine.lower()
    # The same answer of the provider, sent a second time, signs nobody in.
    other = requests.Session()
    other.trust_env = False
    other.cookies.update(session.cookies.get_dict())
    del other.cookies[USER_COOKIE_NAME]
    replayed = other.get(sent.headers["Location"], allow_redirects=False, timeout=PATIENCE)
    assert replayed.headers["Location"].endswith("/nuzuh/sign-in?failed=1")
    assert USER_COOKIE_NAME not in other.cookies


@pytest.mark.parametrize(
    "fault",
    ["audience", "audience, azp ours", "nonce", "no nonce", "expired", "issuer", "key", "none"],
)
def test_a_token_that_is_wrong_in_one_thing_signs_nobody_in(office, fault):
    office.provider.fault = fault
    try:
        session, there = chosen(office.app.address, ADMINISTRATOR)
    finally:
        office.provider.fault = None
    page = session.get(f"{office.app.address}/nuzuh/light/en/index.html", timeout=PATIENCE)
    assert page.status_code == 401
    if fault != "audience, azp ours":  # Authlib lets it pass; the guard does not
        assert there.endswith("/nuzuh/sign-in?failed=1")
    # The same provider without the fault signs in, so it was the fault.
    assert USER_COOKIE_NAME in signed_in(office.app.address, ADMINISTRATOR).cookies


def test_who_refuses_at_the_provider_is_told_so_and_is_not_signed_in(office):
    session, there = chosen(office.app.address, "refuse")
    assert there.endswith("/nuzuh/sign-in?failed=1")
    told = session.get(there, headers={"Accept-Language": "tr"}, timeout=PATIENCE)
    assert Words("tr")("signin.failed") in told.text


def test_a_state_of_another_browser_signs_nobody_in(office):
    """Signing somebody in to an account of the attacker's begins so."""
    session, there = begun(office.app.address)
    sent = session.post(
        there.url, data={"account": READER}, allow_redirects=False, timeout=PATIENCE
    )
    answer = office.get(sent.headers["Location"].removeprefix(office.app.address))
    assert answer.headers["Location"].endswith("/nuzuh/sign-in?failed=1")
    assert USER_COOKIE_NAME not in answer.cookies


def test_signing_out_ends_it_at_the_provider_as_well(office):
    reader = signed_in(office.app.address, READER)
    reader.get(f"{office.app.address}/auth/logout", timeout=PATIENCE)
    assert office.provider.left[-1]["post_logout_redirect_uri"].startswith(office.app.address)
    assert USER_COOKIE_NAME not in reader.cookies


def test_no_secret_and_no_reader_is_in_a_log_or_a_file_of_the_store(office):
    store = Path(office.app.store)
    found = [path for path in store.rglob("*") if path.is_file()]
    assert store / "app.log" in found
    for path in found:
        body = path.read_bytes()
        assert SECRET.encode() not in body, path
        assert office.configured.cookie_secret.encode() not in body, path
        # A log that somebody is made to hand over must not say who read.
        assert READER.encode() not in body, path


# The WebSocket, spoken as Streamlit's script in the browser speaks it.


async def _page(
    office: Office,
    cookies: dict[str, str],
    *,
    page: str = "",
    origin: str | None = None,
    runs: int = 1,
    pause: float = 0,
    press: bool | str = False,
    query: str = "lang=en",
    forged: bool = False,
    between: Callable[[], Awaitable[None]] | None = None,
) -> list[list[ForwardMsg]]:
    """What each run of a page brings over the line.

    Without `forged` the token against forged requests is the one of the cookie.
    """
    token = starlette_app_utils.generate_xsrf_token_string()
    told = starlette_app_utils.generate_xsrf_token_string() if forged else token
    jar = cookies | {XSRF_COOKIE_NAME: token}
    host = office.app.address.removeprefix("http://")
    brought: list[list[ForwardMsg]] = []
    async with connect(
        f"ws://{host}/_stcore/stream",
        subprotocols=[Subprotocol("streamlit"), Subprotocol(told)],
        origin=origin or office.app.address,  # type: ignore[arg-type]
        additional_headers={"Cookie": "; ".join(f"{n}={v}" for n, v in jar.items())},
        max_size=64 * 1024 * 1024,
        proxy=None,
    ) as line:
        for number in range(runs):
            asked = BackMsg()
            asked.rerun_script.page_name = page
            if number:
                await asyncio.sleep(pause)
                if between is not None:
                    await between()
                if press is True:
                    _press(asked, brought[-1])
                elif press:
                    _sign_out(asked, brought[-1], press)
            asked.rerun_script.query_string = query
            await line.send(asked.SerializeToString())
            messages = []
            async with asyncio.timeout(PATIENCE):
                while True:
                    message = ForwardMsg.FromString(await line.recv())  # type: ignore[arg-type]
                    messages.append(message)
                    if message.WhichOneof("type") == "script_finished":
                        break
            brought.append(messages)
    return brought


def _press(asked: BackMsg, page: list[ForwardMsg]) -> None:
    """Press the first button of a part of the page that can be pressed."""
    for told in page:
        element = told.delta.new_element
        if told.delta.fragment_id and element.WhichOneof("type") == "button":
            if element.button.disabled:
                continue
            asked.rerun_script.fragment_id = told.delta.fragment_id
            state = asked.rerun_script.widget_states.widgets.add()
            state.id, state.trigger_value = element.button.id, True
            return
    raise AssertionError("The page has no such button.")


def _sign_out(asked: BackMsg, page: list[ForwardMsg], name: str) -> None:
    """Type somebody's name on the administrators' page, and press that they are signed out."""
    found = {told.delta.new_element.WhichOneof("type"): told.delta.new_element for told in page}
    widgets = asked.rerun_script.widget_states.widgets
    typed, pressed = widgets.add(), widgets.add()
    typed.id, typed.string_value = found["text_input"].text_input.id, name
    pressed.id, pressed.trigger_value = found["button"].button.id, True
    assert "-sign-out" in pressed.id


def _said(messages: list[ForwardMsg]) -> str:
    return " ".join(str(message) for message in messages)


@pytest.mark.parametrize("page", ["", "map", "sources", "admin"])
def test_no_message_of_a_page_holds_a_figure_for_who_may_not_read(office, intruders, page):
    for kind, cookies in intruders.items():
        (messages,) = ran(_page(office, cookies, page=page))
        said = _said(messages)
        assert Words("en")("signin.ended") in said, kind
        assert not re.search(r"\d,\d{3}", said), kind
        assert "nuzuh_masthead" not in said, kind


def test_a_reader_sees_figures_and_no_office_an_administrator_both(office):
    reader = signed_in(office.app.address, READER).cookies.get_dict()
    (messages,) = ran(_page(office, reader))
    assert FIGURE in _said(messages)
    assert "auth/logout" in _said(messages)
    assert Words("en")("admin.nav") not in _said(messages)
    administrator = signed_in(office.app.address, ADMINISTRATOR).cookies.get_dict()
    (messages,) = ran(_page(office, administrator))
    assert FIGURE in _said(messages)
    assert Words("en")("admin.nav") in _said(messages)


def test_another_site_cannot_speak_over_a_readers_line(office):
    """A page of another site, open beside ours, would read and press with a reader's cookie."""
    reader = signed_in(office.app.address, READER).cookies.get_dict()
    with pytest.raises(InvalidStatus) as refused:
        ran(_page(office, reader, origin="https://evil.example"))
    assert refused.value.response.status_code == 403
    (messages,) = ran(_page(office, reader, forged=True))
    assert Words("en")("signin.ended") in _said(messages)
    assert FIGURE not in _said(messages)


def test_no_address_does_what_an_administrator_may_and_no_other_site_opens_their_page(office):
    """A page of another site, open in an administrator's browser, decides nothing in their name.

    Every deed travels over the line, whose origin and token are asked for: there is no address that
    another site's form or script could send one to.
    """
    sends = {(path, method) for path, method in ROUTES if method not in ("GET", "HEAD", "OPTIONS")}
    ours = {path for path, _ in sends if not path.startswith("/_stcore/")}
    assert ours == set()
    amal = signed_in(office.app.address, ADMINISTRATOR).cookies.get_dict()
    with pytest.raises(InvalidStatus):
        ran(_page(office, amal, page="admin", origin="https://evil.example"))
    (messages,) = ran(_page(office, amal, page="admin", forged=True))
    assert Words("en")("admin.intro", name=ADMINISTRATOR) not in _said(messages)
    assert Words("en")("signin.ended") in _said(messages)


def test_a_cookie_that_was_planted_before_a_sign_in_opens_nothing_after_it(office):
    """Whoever could set a cookie in somebody's browser must not share their sign-in."""
    session, there = begun(office.app.address)
    planted = cookie(office.configured, made=time.time() - office.configured.seconds - 60)
    session.cookies.update(planted)
    sent = session.post(
        there.url, data={"account": READER}, allow_redirects=False, timeout=PATIENCE
    )
    answer = session.get(sent.headers["Location"], allow_redirects=False, timeout=PATIENCE)
    given = answer.cookies.get_dict()
    assert given[USER_COOKIE_NAME] != planted[USER_COOKIE_NAME]
    assert office.get("/nuzuh/light/en/index.html", given).status_code == 200
    assert office.get("/nuzuh/light/en/index.html", planted).status_code == 401


def test_an_open_page_asks_for_the_sign_in_at_its_next_run_once_it_has_ended(office):
    seconds = 3
    nearly = cookie(office.configured, made=time.time() - office.configured.seconds + seconds)
    first, second = ran(_page(office, nearly, page="map", runs=2, pause=seconds + 0.3))
    assert ON_THE_MAP in _said(first)
    assert Words("en")("signin.ended") in _said(second)
    assert not re.search(r"\d,\d{3}", _said(second))


def test_a_button_of_a_part_is_not_pressed_once_the_sign_in_has_ended(office):
    seconds = 3
    nearly = cookie(office.configured, made=time.time() - office.configured.seconds + seconds)
    first, second = ran(_page(office, nearly, page="map", runs=2, pause=seconds + 0.3, press=True))
    assert ON_THE_MAP in _said(first)
    assert Words("en")("signin.ended") in _said(second)
    assert not re.search(r"\d,\d{3}", _said(second))


def test_a_button_of_a_part_answers_while_the_sign_in_lasts(office):
    """The other half of the test above: it presses what really answers."""
    reader = signed_in(office.app.address, READER).cookies.get_dict()
    _, second = ran(_page(office, reader, page="map", runs=2, press=True))
    assert re.search(r"\d,\d{3}|\d{6}", _said(second))
    assert Words("en")("signin.ended") not in _said(second)


def test_an_open_page_of_who_signed_out_elsewhere_asks_for_the_sign_in(office):
    reader = signed_in(office.app.address, READER)
    cookies = reader.cookies.get_dict()

    async def leaves() -> None:
        await asyncio.to_thread(
            reader.get,
            f"{office.app.address}/auth/logout",
            allow_redirects=False,
            timeout=PATIENCE,
        )

    first, second = ran(_page(office, cookies, runs=2, between=leaves))
    assert FIGURE in _said(first)
    assert Words("en")("signin.ended") in _said(second)
    assert FIGURE not in _said(second)


def test_an_open_page_of_who_lost_the_administrators_group_decides_nothing_any_more(office):
    """Two minutes at an office, a second here: who was dismissed at noon presses in vain.

    The same press before counts; the page that answers the second one is a reader's, and once they
    are in no group it is nobody's.
    """
    account, left = "omar@example.org", iter([["field-staff"], []])
    office.provider.people[account] = ["field-staff", "information-management"]
    omar = signed_in(office.app.address, account).cookies.get_dict()

    async def dismissed() -> None:
        office.provider.people[account] = next(left)

    def signed_out() -> int:
        return len(list(office.configured.left.glob("person-*")))

    admin = {"page": "admin", "query": "lang=en&task=access"}
    given = {"runs": 2, "pause": 1.2, "between": dismissed}
    try:
        ran(_page(office, omar, runs=2, press="one@example.org", **admin))
        assert signed_out() == 1
        before, after = ran(_page(office, omar, press="another@example.org", **admin, **given))
        reader, nobody = ran(_page(office, omar, **given))
    finally:
        del office.provider.people[account]
    intro = Words("en")("admin.intro", name=account)
    assert signed_out() == 1
    assert intro in _said(before)
    assert intro not in _said(after)
    assert FIGURE in _said(after)
    assert FIGURE in _said(reader)
    assert Words("en")("signin.ended") in _said(nobody)
    assert FIGURE not in _said(nobody)


def test_a_readers_page_goes_on_while_the_provider_cannot_be_asked(office):
    """Figures do not go away because a provider does; deciding does, after five minutes."""
    signed = time.time() - 400
    admin = {
        "groups": ["field-staff", "information-management"],
        "sub": f"subject-of-{ADMINISTRATOR}",
        "email": ADMINISTRATOR,
    }
    lapsed = cookie(office.configured, signed, {"access_token": "ended"}, **admin)
    page, figures = ran(_page(office, lapsed, page="admin")), ran(_page(office, lapsed))
    assert Words("en")("signin.lapsed") in _said(page[0])
    assert Words("en")("admin.held.intro") not in _said(page[0])
    assert FIGURE in _said(figures[0])


def test_a_sign_in_that_begins_at_one_process_ends_at_another(office):
    """Two processes behind one proxy: each must read what the other has signed."""
    given = office.provider.settings(
        NUZUH_CACHE=str(office.app.store / "cache"), NUZUH_ADDRESS=office.app.address
    )
    for other in served(office.app.store, **given):
        session, there = begun(office.app.address)
        sent = session.post(
            there.url, data={"account": READER}, allow_redirects=False, timeout=PATIENCE
        )
        moved = sent.headers["Location"].replace(office.app.address, other.address)
        session.get(moved, allow_redirects=False, timeout=PATIENCE)
        for address in (other.address, office.app.address):
            page = session.get(f"{address}/nuzuh/light/en/index.html", timeout=PATIENCE)
            assert FIGURE in page.text
        session.get(f"{other.address}/auth/logout", allow_redirects=False, timeout=PATIENCE)


def test_a_provider_that_is_away_is_said_in_words(office):
    """Not a blank page, and not a traceback."""
    moved = office.provider.metadata
    assert moved.startswith("http://127.0.0.1")
    with Provider() as gone:
        given = gone.settings(NUZUH_CACHE=str(office.app.store / "other"))
    # The provider is stopped by now.
    for app in served(office.app.store, **given):
        session = requests.Session()
        session.trust_env = False
        answer = session.get(
            f"{app.address}/nuzuh/sign-in/go",
            headers={"Accept-Language": "ar"},
            timeout=PATIENCE,
        )
        assert answer.status_code == 200
        assert Words("ar")("signin.failed") in answer.text


def _stored(office: Office) -> dict[str, str]:
    """A stored file's hash and a kept file's name, as pages link to them."""
    store = Store(str(office.app.store))
    release = store.current()
    (digest, *_) = store.copies(release, "published_figures")
    return {"sha256": digest, "kept": hashed_assets.script().name}


def _filled(path: str, more: dict[str, str]) -> str:
    holes = HOLES | more
    return re.sub(r"{(\w+)(?::path)?}", lambda hole: holes[hole[1]], path)


@pytest.fixture
def token(office) -> tuple[str, Token]:
    """A token that an administrator made, as the scheduler notes it."""
    made = tokens.make()
    noted = Token(made.id, "Excel", made.sha256, ADMINISTRATOR, datetime.now(UTC))
    Store(str(office.app.store)).set_token(noted)
    time.sleep(tokens.READ_AGAIN_AFTER)
    return made.secret, noted


TOOLS = ("/nuzuh/api/v1/figures?within=SY07&format=csv", "/nuzuh/api/v1/sources", "/nuzuh/ogc")


def test_a_token_opens_the_figures_for_tools_and_nothing_else_until_it_is_revoked(office, token):
    secret, noted = token
    bearer = {"Authorization": f"Bearer {secret}"}
    for path in TOOLS:
        answer = office.get(path, headers=bearer)
        assert answer.status_code == 200, path
        assert "public" not in answer.headers["Cache-Control"]
        # As a spreadsheet or a GIS asks a person for a name and a password.
        assert office.get(path, auth=("anybody", secret)).status_code == 200
    for path, _ in ROUTES:
        if path.startswith(auth_middleware.FOR_TOOLS) or auth_middleware.is_open(path):
            continue
        if path not in ASKS_FOR_THE_SIGN_IN:
            answer = office.get(_filled(path, _stored(office)), headers=bearer)
            assert answer.status_code in (401, 403), path
    for path in ("/nuzuh/api/v1/../../map", "/nuzuh/api/v1/%2e%2e/%2e%2e/map", "/nuzuh/api/v1x"):
        assert office.get(path, headers=bearer).status_code in (401, 403), path
    Store(str(office.app.store)).set_token(replace(noted, revoked_at=datetime.now(UTC)))
    time.sleep(tokens.READ_AGAIN_AFTER)
    assert office.get(TOOLS[0], headers=bearer).status_code == 401


@pytest.mark.parametrize("path", TOOLS)
def test_what_is_no_token_opens_nothing_and_is_told_how(office, token, path):
    secret, _ = token
    other = tokens.make().secret
    swapped = secret[:18] + other[18:]
    for given in (f"Bearer {swapped}", f"Bearer {other}", f"Token {secret}", "Basic !!!", "Bearer"):
        answer = office.get(path, headers={"Authorization": given})
        assert answer.status_code == 401, given
        assert "Basic" in answer.headers["WWW-Authenticate"]
        assert "Administration" in answer.text
        assert secret not in answer.text
