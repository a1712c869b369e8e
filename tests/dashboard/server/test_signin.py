"""Whose cookie opens what: an office that asks for a sign-in hands no figure to anybody else."""

import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from dashboard.server import auth_middleware, signin, signin_page, standing
from data import settings
from data.settings import BadConfiguration
from tests.servers.oidc import ADMINISTRATOR, SETTINGS, Provider
from tests.signing_in import cookie
from visuals.language.words import LANGUAGES, Words

OFFICE = {name.removeprefix("NUZUH_").lower(): value for name, value in SETTINGS.items()}
RENEWED = "a-new-secret-of-the-provider"
PROVIDER = "https://login.example.org/.well-known/openid-configuration"


def configured(folder: Path, **more) -> signin.SignInConfig:
    asked = {
        "sign_in": PROVIDER,
        "address": "https://figures.example.org",
        "cache": folder,
        **OFFICE,
    } | more
    made = signin.config_of(settings.load(**asked))
    assert made is not None
    return made


@pytest.fixture(scope="module")
def at(tmp_path_factory):
    return configured(tmp_path_factory.mktemp("cache"))


def test_an_office_that_says_nothing_has_no_door():
    assert signin.config_of(settings.load()) is None
    assert auth_middleware.sign_in_middleware(None) == []
    assert auth_middleware.secrets(None) is None


def test_an_office_without_a_sign_in_loads_nothing_for_it():
    said = "import sys, app; print([n for n in sys.modules if n.split('.')[0] in NAMES])"
    names = "{'authlib', 'joserfc', 'httpx2', 'httpcore2'}"
    done = subprocess.run(
        [sys.executable, "-c", said.replace("NAMES", names)],
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"sign_in_client": ""}, "NUZUH_SIGN_IN_CLIENT"),
        ({"sign_in_secret": ""}, "NUZUH_SIGN_IN_SECRET"),
        ({"sign_in_secret": "short-secret-15"}, "NUZUH_SIGN_IN_SECRET"),
        ({"sign_in_readers": " , ", "sign_in_administrators": ""}, "NUZUH_SIGN_IN_READERS"),
        ({"sign_in_administrators": "*"}, "NUZUH_SIGN_IN_ADMINISTRATORS"),
        ({"address": "http://figures.example.org"}, "NUZUH_ADDRESS"),
        ({"sign_in": "http://login.example.org/x"}, "NUZUH_SIGN_IN"),
        ({"sign_in": "http://127.0.0.1.example.org/x"}, "NUZUH_SIGN_IN"),
        ({"sign_in_hours": 0}, "NUZUH_SIGN_IN_HOURS"),
    ],
)
def test_a_sign_in_that_cannot_work_serves_nothing_and_says_why(tmp_path, changed, named):
    """An office that believes itself guarded and is not would be worse than none."""
    with pytest.raises(BadConfiguration, match=named) as refused:
        configured(tmp_path, **changed)
    assert "short-secret-15" not in str(refused.value)


def test_a_secret_in_the_file_is_refused_and_not_repeated(tmp_path, monkeypatch):
    """nuzuh.toml is mailed, copied and committed."""
    monkeypatch.chdir(tmp_path)
    Path("nuzuh.toml").write_text('sign_in_secret = "do-not-tell-anybody-0123"', encoding="utf-8")
    with pytest.raises(BadConfiguration, match="NUZUH_SIGN_IN_SECRET") as refused:
        settings.load()
    assert "do-not-tell" not in str(refused.value)


def test_a_secret_is_in_no_text_of_door_or_settings(at):
    given = settings.load(sign_in_secret=RENEWED)
    assert RENEWED not in repr(given)
    assert at.secret not in repr(at)
    assert at.secret not in at.cookie_secret


@pytest.mark.parametrize(
    ("claims", "rights"),
    [
        ({}, "reader"),
        ({"groups": ["another", "information-management"]}, "administrator"),
        ({"groups": "field-staff"}, "reader"),
        ({"groups": []}, "none"),
        ({"groups": ["Field-Staff"]}, "none"),
        ({"groups": ["*"]}, "none"),
        ({"groups": None}, "none"),
        ({"groups": {"field-staff": True}}, "none"),
        ({"groups": [["field-staff"], 7]}, "none"),
    ],
)
def test_rights_come_from_groups_and_from_nothing_else(at, claims, rights):
    who = signin.visitor(at, cookie(at, **claims))
    assert who is not None
    assert who.rights == rights


def test_groups_may_lie_deeper_or_under_an_address():
    claims = {"realm_access": {"roles": ["a"]}, "https://example.org/groups": ["b"]}
    assert signin.groups(claims, "realm_access.roles") == {"a"}
    assert signin.groups(claims, "https://example.org/groups") == {"b"}
    assert signin.groups(claims, "realm_access.roles.deeper") == frozenset()


def test_everybody_of_the_provider_only_where_the_office_says_so(tmp_path):
    every = configured(tmp_path, sign_in_readers="*")
    who = signin.visitor(every, cookie(every, groups=[]))
    assert who is not None
    assert who.rights == "reader"


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-dashboard"},
        {"aud": ["another-dashboard"]},
        {"aud": None},
        {"origin": "https://figures.example.org.evil.example"},
        {"is_logged_in": False},
        {"is_logged_in": "true"},
        {"sub": ""},
    ],
)
def test_a_token_for_somebody_else_or_somewhere_else_opens_nothing(at, claims):
    assert signin.visitor(at, cookie(at, **claims)) is None


def test_a_sign_in_ends_at_its_hour_and_no_cookie_comes_from_the_future(at):
    now = time.time()
    day = at.seconds
    assert signin.visitor(at, cookie(at, made=now - day + 5)) is not None
    assert signin.visitor(at, cookie(at, made=now - day - 1)) is None
    assert signin.visitor(at, cookie(at, made=now + 3600)) is None
    who = signin.visitor(at, cookie(at, made=now - 100))
    assert who is not None
    assert abs(who.until - (now - 100 + day)) < 2


def test_another_secret_ends_every_sign_in(at, tmp_path):
    """What an administrator does when a laptop is lost: a new secret at the provider."""
    renewed = configured(tmp_path, sign_in_secret=RENEWED)
    assert signin.visitor(renewed, cookie(at)) is None


def test_who_signed_out_stays_out_with_a_kept_copy_of_the_cookie_in_every_process(tmp_path):
    here = configured(tmp_path)
    kept = cookie(here)
    who = signin.visitor(here, kept)
    assert who is not None
    signin.sign_out(here, who)
    assert signin.visitor(here, kept) is None
    signin._left_here.discard(who.mark)  # as another process of the same machine sees it
    assert signin.visitor(here, kept) is None
    assert [path.stat().st_mode & 0o77 for path in here.left.iterdir()] == [0]


@pytest.mark.parametrize("name", ["rana@example.org", " Rana@Example.org ", "subject-of-rana"])
def test_a_person_who_is_signed_out_is_out_on_every_device_until_they_sign_in_again(tmp_path, name):
    """Somebody left the office: an administrator need not wait eight hours."""
    here = configured(tmp_path)
    now = time.time()
    old = [cookie(here, made=now - seconds) for seconds in (10, 3600)]
    other = cookie(here, sub="subject-of-omar", email="omar@example.org")
    assert signin.sign_out_person(here, name)
    assert [signin.visitor(here, one) for one in old] == [None, None]
    assert signin.visitor(here, other) is not None
    again = cookie(here, made=now + 30)
    assert signin.visitor(here, again, now=now + 31) is not None
    (mark,) = here.left.iterdir()
    assert "rana" not in mark.name


@given(st.data())
def test_no_changed_cookie_opens_anything(at, data):
    """Signed by the office or worth nothing: one letter is enough."""
    (name, value), *_ = cookie(at).items()
    place = data.draw(st.integers(0, len(value) - 1))
    letter = data.draw(st.sampled_from("abcXYZ019-_."))
    changed = value[:place] + letter + value[place + 1 :]
    who = signin.visitor(at, {name: changed})
    # The signature's last letter holds bits that say nothing.
    assert changed == value or who is None or place == len(value) - 1


@given(st.text(max_size=300))
def test_whatever_a_cookie_holds_it_raises_nothing(at, text):
    assert signin.visitor(at, {USER_COOKIE_NAME: text}) is None


@given(
    st.one_of(
        st.text(max_size=80),
        st.from_regex(r"/{0,3}\\?[a-z@:./\\?#%5C]{0,40}", fullmatch=True),
    )
)
def test_nobody_is_led_to_another_site_after_signing_in(text):
    """An open redirect after a sign-in is how people are led to a page that asks for passwords."""
    back = auth_middleware.safe_back(text)
    if back is None:
        return
    back.encode("latin-1")  # as a header carries it
    there = urlsplit(urljoin("https://figures.example.org/", back))
    assert (there.scheme, there.netloc) == ("https", "figures.example.org")
    assert "\\" not in back


@pytest.mark.parametrize(
    "text",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil",
        "/nuzuh/sign-in",
        "/auth/logout",
        "/oauth2callback?code=1",
        "",
        None,
        "/" + "a" * 2000,
    ],
)
def test_these_are_no_places_to_come_back_to(text):
    assert auth_middleware.safe_back(text) is None


def test_a_shared_link_survives_the_sign_in():
    shared = "/map?series=refugees&day=2025-12-31&lang=ar"
    assert auth_middleware.safe_back(shared) == shared


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_provider_says_of_somebody_is_text_on_the_page(at, language):
    """A name at a provider is chosen by its owner."""
    who = signin.visitor(at, cookie(at, email='"><script>alert(1)</script>', groups=[]))
    made = signin_page.page(at, who, language, '/map?x="><script>')
    assert "<script" not in made
    assert f'dir="{Words(language).direction}"' in made


def test_the_page_before_the_figures_is_light_enough_for_a_thin_line(at):
    for language in LANGUAGES:
        assert len(signin_page.page(at, None, language, "/map", failed=True).encode()) < 4_000


def test_a_handshake_without_a_sign_in_is_nobodys():
    """A session that a reader left is not given to who knows its id."""
    scope = {
        "type": "websocket",
        "headers": [
            (b"cookie", b"_streamlit_user=a; theme=dark; _streamlit_user_1=b; _streamlit_xsrf=c"),
            (b"sec-websocket-protocol", b"streamlit, token, an-old-session"),
        ],
        "subprotocols": ["streamlit", "token", "an-old-session"],
    }
    made = auth_middleware.nobodys(scope)
    headers = dict(made["headers"])
    assert headers[b"cookie"] == b" theme=dark; _streamlit_xsrf=c"
    assert headers[b"sec-websocket-protocol"] == b"streamlit, token"
    assert made["subprotocols"] == ["streamlit", "token"]


@pytest.mark.parametrize(
    ("address", "secure"), [("https://figures.example.org", True), ("http://127.0.0.1:8501", False)]
)
def test_every_cookie_is_kept_from_scripts_and_from_lines_that_others_hear(
    tmp_path, address, secure
):
    """Streamlit sends its own for thirty days and without `Secure`."""
    guard = auth_middleware.SignInRequired(None, configured(tmp_path, address=address))
    remembered = Response()
    guard._remember(remembered, "/map")
    for name in ("_streamlit_user", "_streamlit_user_tokens", "_streamlit_user_1"):
        sent = guard._cookie(f"{name}=x; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax")
        for text in (sent, remembered.headers["set-cookie"]):
            flags = {part.strip().lower() for part in text.split(";")[1:]}
            assert {"httponly", "samesite=lax", "path=/"} <= flags, text
            assert ("secure" in flags) == secure, text
        assert "max-age=28800" in sent.lower()


# Who loses a group while a page is open

AMAL = {"sub": f"subject-of-{ADMINISTRATOR}", "email": ADMINISTRATOR}
MANAGES = ["field-staff", "information-management"]


@pytest.fixture
def asked(tmp_path):
    """A provider that is asked, and what an administrator who signed in a while ago brings."""
    with Provider() as provider:
        here = configured(tmp_path, sign_in=provider.metadata, address="http://127.0.0.1:8501")
        provider._granted["token-of-amal"] = ADMINISTRATOR

        def brings(ago: float) -> dict[str, str]:
            token = {"access_token": "token-of-amal"}
            return cookie(here, time.time() - ago, tokens=token, groups=MANAGES, **AMAL)

        yield provider, here, brings


def confirmed(here, cookies):
    who = signin.visitor(here, cookies)
    assert who is not None
    return signin.confirm(here, cookies, who) if signin.is_due(here, who) else who


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_who_lost_the_administrators_group_decides_nothing_any_more(asked):
    """Dismissed at noon, with the page left open: nothing is accepted in the office's name."""
    provider, here, brings = asked
    cookies = brings(130)
    assert confirmed(here, cookies).decides
    provider.people[ADMINISTRATOR] = ["field-staff"]
    assert confirmed(here, cookies).decides  # asked a moment ago
    later = brings(140)  # as one that was not asked about yet
    who = confirmed(here, later)
    assert (who.decides, who.reads, who.rights) == (False, True, "reader")
    provider.people[ADMINISTRATOR] = []
    assert not confirmed(here, brings(150)).reads


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_provider_that_named_groups_and_names_none_means_none(asked):
    """Keycloak leaves the claim out for whoever is in no group."""
    provider, here, brings = asked
    assert confirmed(here, brings(130)).decides
    provider.tells = "nothing"
    assert confirmed(here, brings(140)).rights == "none"


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize("tells", ["nothing", "refused", "broken"])
def test_nobody_decides_on_what_nobody_knows(asked, tells):
    """The provider is away, or names no groups: five minutes, and then a sign-in once more."""
    provider, here, brings = asked
    provider.tells = tells
    assert confirmed(here, brings(290)).decides
    who = confirmed(here, brings(310))
    assert (who.decides, who.administers, who.lapsed, who.reads) == (False, True, True, True)


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_an_answer_about_somebody_else_is_none(asked):
    """A token that was exchanged for an administrator's makes nobody an administrator."""
    provider, here, _ = asked
    provider._granted["token-of-amal"] = ADMINISTRATOR
    rana = cookie(here, time.time() - 130, tokens={"access_token": "token-of-amal"})
    assert confirmed(here, rana).rights == "reader"
    provider.people[ADMINISTRATOR] = []
    assert confirmed(here, cookie(here, time.time() - 140, tokens={"access_token": "?"})).reads


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_provider_is_asked_once_in_two_minutes_however_often_a_page_is(asked):
    provider, here, brings = asked
    cookies = brings(130)
    for _ in range(20):
        confirmed(here, cookies)
    assert provider.confirmed == [ADMINISTRATOR]
    assert confirmed(here, brings(60)).decides
    assert len(provider.confirmed) == 1  # signed in a minute ago


@pytest.mark.parametrize(
    "address", ["http://login.example.org/userinfo", "ftp://127.0.0.1/", "//x", "http://[::1", ""]
)
def test_a_token_is_sent_where_nobody_listens_or_nowhere(address):
    assert not standing._safe(address)
