"""Who reads, where an office lets in only whom its OpenID Connect provider signs in.

Streamlit's own `st.login` does the signing in and leaves a signed cookie with what the provider
says of the reader. Here that cookie is read, by the middleware before every answer and by the page
before every run: whose it is, what they may do, and until when. Without a provider in the settings
`config()` is None and nothing of this runs. See docs/sign-in.md.
"""

import hmac
import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import streamlit as st
from itsdangerous import BadData, URLSafeTimedSerializer
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.starlette.starlette_server_config import (
    TOKENS_COOKIE_NAME,
    USER_COOKIE_NAME,
)

from dashboard.server import standing
from data import settings
from data.settings import EVERYBODY, BadConfiguration, Settings

Rights = Literal["none", "reader", "administrator"]
PROVIDER: Final = "default"
"""Streamlit's name for the one provider of its settings."""
CALLBACK: Final = "/oauth2callback"
SKEW: Final = 60
"""Seconds by which the clocks of two machines that serve one office may differ."""
_MEMBERS: Final = 200
"""Groups of one person that are looked at."""


@dataclass(frozen=True, slots=True)
class SignInConfig:
    """How an office lets readers in.

    Attributes:
        provider: The address of the provider's metadata.
        client: What the provider calls this dashboard; every token must be meant for it.
        secret: What the provider knows it by.
        address: The dashboard's own address, without a slash at its end.
        claim: The claim that lists a person's groups.
        name: The claim that names an administrator in what they decide.
        readers: Groups that may read; `*` for everybody whom the provider signs in.
        administrators: Groups that may also decide.
        seconds: How long a sign-in lasts.
        confirm: Seconds between two questions to the provider whether somebody is still in the
            groups that they were in.
        left: Folder that remembers who signed out, shared by the processes of a machine.
    """

    provider: str
    client: str
    secret: str = field(repr=False)
    address: str
    claim: str
    name: str
    readers: frozenset[str]
    administrators: frozenset[str]
    seconds: float
    confirm: float
    left: Path

    @property
    def origin(self) -> str:
        """Scheme, host and port of the dashboard."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def encrypted(self) -> bool:
        """Whether readers come by https, so that no cookie need ever travel without."""
        return self.address.startswith("https://")

    @property
    def cookie_secret(self) -> str:
        """What cookies are signed with: one for all processes, gone with the provider's secret."""
        label = f"nuzuh cookies {self.client} {self.origin}".encode()
        return hmac.new(self.secret.encode(), label, sha256).hexdigest()

    def streamlit_secrets(self) -> dict[str, Any]:
        """What Streamlit reads from secrets.toml elsewhere; handed over in memory, never a file."""
        return {
            "auth": {
                "redirect_uri": f"{self.address}{CALLBACK}",
                "cookie_secret": self.cookie_secret,
                "client_id": self.client,
                "client_secret": self.secret,
                "server_metadata_url": self.provider,
            }
        }


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody whom the provider signed in.

    Attributes:
        subject: The provider's own name for them.
        name: How they are called in what they decide.
        rights: What they may do here.
        until: When their sign-in ends, in seconds since 1970.
        lapsed: Whether it is longer than five minutes ago that the provider said in which groups
            they are: what they may read they still may, but nothing is decided in their name.
        mark: A digest of their cookie, by which it is known once they have signed out.
    """

    subject: str
    name: str
    rights: Rights
    until: float
    mark: str
    lapsed: bool = False

    @property
    def reads(self) -> bool:
        """Whether they may see figures."""
        return self.rights != "none"

    @property
    def decides(self) -> bool:
        """Whether they may decide on held runs, import, and see the alerts."""
        return self.administers and not self.lapsed

    @property
    def administers(self) -> bool:
        """Whether they were among the administrators when the provider was last heard."""
        return self.rights == "administrator"


@cache
def config() -> SignInConfig | None:
    """How this process lets readers in, by the settings when it started.

    Raises:
        BadConfiguration: A sign-in is wanted that cannot work; nothing may be served then.
    """
    return config_of(settings.load())


def config_of(given: Settings) -> SignInConfig | None:
    """The sign-in that the settings describe; None where everybody may read.

    Raises:
        BadConfiguration: It cannot work.
    """
    if not given.sign_in:
        return None
    faults = given.sign_in_faults
    if faults:
        raise BadConfiguration(f"{'; '.join(faults.values())}. See docs/sign-in.md.")
    return SignInConfig(
        provider=given.sign_in,
        client=given.sign_in_client,
        secret=given.sign_in_secret,
        address=given.address or f"http://127.0.0.1:{given.port}",
        claim=given.sign_in_groups,
        name=given.sign_in_name,
        readers=settings.names(given.sign_in_readers),
        administrators=settings.names(given.sign_in_administrators),
        seconds=given.sign_in_hours * 3600,
        confirm=given.sign_in_confirm,
        left=given.cache / "signed-out",
    )


def visitor(
    at: SignInConfig, cookies: Mapping[str, str], now: float | None = None
) -> Visitor | None:
    """Whose cookies these are; None where nobody is signed in, or not any more.

    A cookie counts if it is signed with this office's secret and younger than a sign-in lasts, if
    it was given at this address, if its token was meant for this dashboard, and if nobody has
    signed out with it.
    """
    raw = cookies.get(USER_COOKIE_NAME)
    if not raw:
        return None
    moment = time.time() if now is None else now
    body, signed = _opened(at, cookies, USER_COOKIE_NAME)
    if body is None or any(not -SKEW <= moment - made < at.seconds for made in signed):
        return None
    claims = _claims(body)
    mark = sha256(raw.encode()).hexdigest()
    if not _meant_for(at, claims) or _has_left(at, mark):
        return None
    subject = str(claims.get("sub", ""))
    name = str(claims.get(at.name) or subject)
    if any(min(signed) <= _signed_out_at(at, who) for who in {subject, name}):
        return None
    answer = _provider(at).of(mark)
    return Visitor(
        subject=subject,
        name=name,
        rights=rights(at, groups(claims if answer.claims is None else answer.claims, at.claim)),
        until=min(signed) + at.seconds,
        mark=mark,
        lapsed=moment - max(min(signed), answer.answered_at) > standing.LASTS,
    )


def is_due(at: SignInConfig, who: Visitor) -> bool:
    """Whether it is time to ask the provider in which groups somebody is now."""
    if EVERYBODY in at.readers and not who.administers:
        return False  # nothing hangs on their groups
    known = max(who.until - at.seconds, _provider(at).of(who.mark).asked_at)
    return time.time() - known >= at.confirm


def confirm(at: SignInConfig, cookies: Mapping[str, str], who: Visitor) -> Visitor | None:
    """The same visitor by what the provider says now; it waits for the answer.

    Where none can be had, what was known before stays known.
    """
    body, _ = _opened(at, cookies, TOKENS_COOKIE_NAME)
    token = _claims(body or b"").get("access_token")
    _provider(at).ask(who.mark, who.subject, token if isinstance(token, str) else None, at.confirm)
    return visitor(at, cookies)


@cache
def _provider(at: SignInConfig) -> standing.Provider:
    return standing.Provider(at.provider, at.claim)


def _opened(
    at: SignInConfig, cookies: Mapping[str, str], which: str
) -> tuple[bytes | None, list[float]]:
    """What a signed cookie holds, and when each of its parts was signed."""
    signed: list[float] = []

    def opened(name: str) -> bytes | None:
        given = cookies.get(name)
        if not given:
            return None
        try:
            serializer = URLSafeTimedSerializer(at.cookie_secret, salt=name)
            value, made = serializer.loads(given, return_timestamp=True)
        except BadData:
            return None
        signed.append(made.timestamp())
        return value.encode() if isinstance(value, str) else None

    return get_cookie_with_chunks(opened, which), signed


def _claims(body: bytes) -> dict[str, Any]:
    with suppress(ValueError):
        found = json.loads(body)
        if isinstance(found, dict):
            return found
    return {}


def _meant_for(at: SignInConfig, claims: Mapping[str, Any]) -> bool:
    """Whether a token was given to this dashboard, at this address.

    Authlib lets a token pass that names another audience if its `azp` is right; the audience is
    asked for here as well, since OpenID Connect Core 3.1.3.7 asks for it.
    """
    audience = claims.get("aud")
    meant = audience if isinstance(audience, list) else [audience]
    given_here = claims.get("is_logged_in") is True and claims.get("origin") == at.origin
    return given_here and at.client in meant and bool(claims.get("sub"))


def groups(claims: Mapping[str, Any], claim: str) -> frozenset[str]:
    """The groups that a claim lists: an array or one text; none where it is anything else.

    The claim's whole name comes first, so that a provider's `https://example.org/groups` is found;
    else dots lead into objects, as in `realm_access.roles`.
    """
    found: Any = claims.get(claim)
    if found is None:
        found = claims
        for step in claim.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
    listed = [found] if isinstance(found, str) else found
    if not isinstance(listed, list):
        return frozenset()
    return frozenset(name for name in listed[:_MEMBERS] if isinstance(name, str))


def rights(at: SignInConfig, member_of: frozenset[str]) -> Rights:
    """What somebody of these groups may do."""
    if member_of & at.administrators:
        return "administrator"
    if EVERYBODY in at.readers or member_of & at.readers:
        return "reader"
    return "none"


_left_here: Final[set[str]] = set()
"""Marks of cookies that this process saw signing out; the folder tells the other processes."""


def sign_out(at: SignInConfig, who: Visitor) -> None:
    """From now on the visitor's cookie opens nothing, whoever has kept a copy of it."""
    _left_here.add(who.mark)
    # Where nothing can be written, the browser forgets the cookie all the same.
    with suppress(OSError):
        at.left.mkdir(mode=0o700, parents=True, exist_ok=True)
        (at.left / who.mark).touch(mode=0o600)
        for old in at.left.iterdir():
            if time.time() - old.stat().st_mtime > at.seconds:
                old.unlink(missing_ok=True)


def sign_out_person(at: SignInConfig, name: str) -> bool:
    """End every sign-in that somebody has now, wherever they are; whether it could be noted.

    Args:
        at: How the office lets readers in.
        name: How they are called in what they decide, or the provider's own name for them.
    """
    try:
        at.left.mkdir(mode=0o700, parents=True, exist_ok=True)
        (at.left / _person(name)).touch(mode=0o600)
    except OSError:
        return False
    return True


def _signed_out_at(at: SignInConfig, name: str) -> float:
    """When somebody was signed out by an administrator; long ago where nobody did."""
    try:
        return (at.left / _person(name)).stat().st_mtime
    except OSError:
        return float("-inf")


def _person(name: str) -> str:
    """The name of a mark: of no use to whoever reads the folder."""
    return f"person-{sha256(name.strip().casefold().encode()).hexdigest()}"


def _has_left(at: SignInConfig, mark: str) -> bool:
    return mark in _left_here or (at.left / mark).exists()


def here() -> Visitor | None:
    """Who looks at the page that is being run; None where nobody is signed in any more.

    Asked anew at every run and before every deed: a sign-in ends while a page is open.
    """
    at = config()
    if at is None or not st.user.get("is_logged_in", False):
        return None
    cookies = st.context.cookies
    who = visitor(at, cookies)
    return confirm(at, cookies, who) if who is not None and is_due(at, who) else who
