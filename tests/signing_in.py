"""Signing in without a browser: the redirects of OpenID Connect walked by hand, cookies kept."""

import json
from typing import Any

import requests
from streamlit.web.server.starlette.starlette_server_config import (
    TOKENS_COOKIE_NAME,
    USER_COOKIE_NAME,
)

from tests.servers.oidc import CLIENT

HTML = {"Accept": "text/html"}
PATIENCE = 90
"""Seconds: a bound for what hangs, not for what a busy machine takes."""


def begun(address: str, back: str = "/") -> tuple[requests.Session, requests.Response]:
    """Somebody who stands before the provider's list of accounts."""
    session = requests.Session()
    session.trust_env = False
    there = session.get(f"{address}/nuzuh/sign-in/go", params={"back": back}, timeout=PATIENCE)
    return session, there


def chosen(address: str, account: str, back: str = "/") -> tuple[requests.Session, str]:
    """Somebody who chose an account there, and where the dashboard then sends them."""
    session, there = begun(address, back)
    sent = session.post(
        there.url, data={"account": account}, allow_redirects=False, timeout=PATIENCE
    )
    answer = session.get(sent.headers["Location"], allow_redirects=False, timeout=PATIENCE)
    return session, answer.headers["Location"]


def signed_in(address: str, account: str) -> requests.Session:
    """Somebody who is signed in."""
    session, _ = chosen(address, account)
    return session


def cookie(
    configured: Any, made: float | None = None, tokens: dict[str, str] | None = None, **claims: Any
) -> dict[str, str]:
    """A cookie as Streamlit signs it after a sign-in at that moment, with those claims changed.

    With `tokens` its second one as well, which holds what the provider gave for asking it again.
    """
    from itsdangerous import TimestampSigner, URLSafeTimedSerializer

    class Then(TimestampSigner):
        def get_timestamp(self) -> int:
            return int(made) if made is not None else super().get_timestamp()

    said = {
        "sub": "subject-of-rana",
        "email": "rana@example.org",
        "aud": CLIENT,
        "groups": ["field-staff"],
        "origin": configured.origin,
        "is_logged_in": True,
        "provider": "default",
    }

    def signed(name: str, value: dict[str, Any]) -> str:
        serializer = URLSafeTimedSerializer(configured.cookie_secret, salt=name, signer=Then)
        return str(serializer.dumps(json.dumps(value)))

    made_here = {USER_COOKIE_NAME: signed(USER_COOKIE_NAME, said | claims)}
    return made_here | ({TOKENS_COOKIE_NAME: signed(TOKENS_COOKIE_NAME, tokens)} if tokens else {})
