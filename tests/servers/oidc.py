"""A real OpenID Connect provider on 127.0.0.1: Authlib's own provider classes behind Flask.

Discovery, the authorization code with PKCE and nonce, ID tokens signed with a key of its own and
the key set that tells it, who somebody is now, and the end of a session. `fault` makes it
hand out tokens which nobody may accept; `people` says who has an account and in which groups;
`tells` is whether it says so when it is asked again ("groups", "nothing", "refused", "broken").
"""

import threading
import time
from dataclasses import dataclass, field
from html import escape
from types import TracebackType
from typing import Any, Self

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, Response, redirect, request
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import WSGIRequestHandler, make_server

CLIENT, SECRET = "nuzuh-tests", "a-secret-that-only-tests-know-0123456789"
READER, ADMINISTRATOR, STRANGER = "rana@example.org", "amal@example.org", "walid@example.org"
PEOPLE = {
    READER: ["field-staff"],
    ADMINISTRATOR: ["field-staff", "information-management"],
    STRANGER: ["another-office"],
}
SETTINGS = {
    "NUZUH_SIGN_IN_CLIENT": CLIENT,
    "NUZUH_SIGN_IN_SECRET": SECRET,
    "NUZUH_SIGN_IN_READERS": "field-staff",
    "NUZUH_SIGN_IN_ADMINISTRATORS": "information-management",
}
"""What an office sets, but for the provider's address, which is a new one for each test."""


class _Client(ClientMixin):
    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.startswith("http://127.0.0.1:") and redirect_uri.endswith(
            "/oauth2callback"
        )

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in ("client_secret_basic", "client_secret_post")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class _Code:
    """A code that was given out, with what the token's maker asks of it."""

    code: str
    subject: str
    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str | None
    code_challenge_method: str | None
    made: int = field(default_factory=lambda: int(time.time()))

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.made

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """Nothing: a test says what it wants to know."""


class Provider:
    """`with Provider() as provider: … provider.metadata`; stopped at the end."""

    def __init__(self) -> None:
        self.people: dict[str, list[str]] = dict(PEOPLE)
        self.fault: str | None = None
        self.asked: list[dict[str, str]] = []
        self.left: list[dict[str, str]] = []
        self.confirmed: list[str] = []
        self.tells: str = "groups"
        self._granted: dict[str, str] = {}
        self._codes: dict[str, _Code] = {}
        self._key = RSAKey.generate_key(
            2048, parameters={"kid": "tests", "use": "sig"}, private=True
        )
        self._other = RSAKey.generate_key(2048, parameters={"kid": "tests"}, private=True)
        self._server = make_server(
            "127.0.0.1", 0, self._app(), threaded=True, request_handler=_Quiet
        )
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    @property
    def metadata(self) -> str:
        return f"{self.address}/.well-known/openid-configuration"

    def settings(self, **more: str) -> dict[str, str]:
        """The settings of an office that asks here."""
        return {"NUZUH_SIGN_IN": self.metadata, **SETTINGS, **more}

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def _app(self) -> Flask:
        app = Flask("provider")
        server = AuthorizationServer(
            app,
            lambda _: _Client(),
            lambda token, request: self._granted.update({token["access_token"]: request.user}),
        )
        server.register_grant(_grant(self), [_tokens(self)(), CodeChallenge(required=False)])

        @app.get("/.well-known/openid-configuration")
        def metadata() -> dict[str, Any]:
            return {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
                "userinfo_endpoint": f"{self.address}/userinfo",
                "end_session_endpoint": f"{self.address}/leave",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }

        @app.get("/keys")
        def keys() -> dict[str, Any]:
            return dict(KeySet([self._key]).as_dict(private=False))

        @app.route("/authorize", methods=["GET", "POST"])
        def authorize() -> Any:
            if request.method == "GET":
                self.asked.append(request.args.to_dict())
                server.get_consent_grant(end_user=None)
                return _accounts(list(self.people))
            chosen = request.form["account"]
            if chosen == "refuse":
                grant = server.get_consent_grant(end_user=None)
                return server.create_authorization_response(grant_user=None, grant=grant)
            grant = server.get_consent_grant(end_user=chosen)
            return server.create_authorization_response(grant_user=chosen, grant=grant)

        @app.post("/token")
        def token() -> Any:
            return server.create_token_response()

        @app.get("/userinfo")
        def userinfo() -> Any:
            token = request.headers.get("Authorization", "").removeprefix("Bearer ")
            account = self._granted.get(token)
            if account is None or self.tells == "refused":
                return {"error": "invalid_token"}, 401
            if self.tells == "broken":
                return "out of order", 503
            self.confirmed.append(account)
            groups = {"groups": self.people[account]} if self.tells == "groups" else {}
            return {"sub": f"subject-of-{account}", **groups}

        @app.get("/leave")
        def leave() -> Any:
            self.left.append(request.args.to_dict())
            return redirect(request.args["post_logout_redirect_uri"])

        return app

    def _signed(self, token: str) -> str:
        """The ID token as this provider hands it out; wrong where a fault is set."""
        if self.fault is None:
            return token
        claims = dict(jwt.decode(token, self._key).claims)
        now = int(time.time())
        match self.fault:
            case "audience":
                claims["aud"] = ["another-dashboard"]
            case "audience, azp ours":
                claims |= {"aud": ["another-dashboard"], "azp": CLIENT}
            case "nonce":
                claims["nonce"] = "of-another-sign-in"
            case "no nonce":
                del claims["nonce"]
            case "expired":
                claims |= {"iat": now - 7200, "exp": now - 3600}
            case "issuer":
                claims["iss"] = "https://another.example.org"
            case "none":
                return str(jwt.encode({"alg": "none"}, claims, None, ["none"]))
        key = self._other if self.fault == "key" else self._key
        return str(jwt.encode({"alg": "RS256", "kid": "tests"}, claims, key))


def _grant(provider: Provider) -> type[grants.AuthorizationCodeGrant]:
    class Grant(grants.AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")

        def save_authorization_code(self, code: str, request: Any) -> _Code:
            asked = request.payload.data
            provider._codes[code] = made = _Code(
                code,
                request.user,
                request.payload.redirect_uri,
                request.payload.scope,
                asked.get("nonce"),
                asked.get("code_challenge"),
                asked.get("code_challenge_method"),
            )
            return made

        def query_authorization_code(self, code: str, client: Any) -> _Code | None:
            return provider._codes.get(code)

        def delete_authorization_code(self, authorization_code: _Code) -> None:
            provider._codes.pop(authorization_code.code, None)

        def authenticate_user(self, authorization_code: _Code) -> str:
            return authorization_code.subject

    return Grant


def _tokens(provider: Provider) -> type[OpenIDCode]:
    class Tokens(OpenIDCode):
        def exists_nonce(self, nonce: str, request: Any) -> bool:
            return any(code.nonce == nonce for code in provider._codes.values())

        def get_client_algorithm(self, client: Any) -> str:
            return "RS256"

        def get_encode_header(self, client: Any) -> dict[str, str]:
            return {"alg": "RS256", "kid": "tests"}

        def resolve_client_private_key(self, client: Any) -> RSAKey:
            return provider._key

        def get_client_claims(self, client: Any) -> dict[str, Any]:
            return {"iss": provider.address, "aud": [CLIENT]}

        def generate_user_info(self, user: str, scope: str) -> UserInfo:
            return UserInfo(
                sub=f"subject-of-{user}", email=user, groups=provider.people.get(user, [])
            )

        def encode_id_token(self, token: Any, request: Any) -> str:
            return provider._signed(super().encode_id_token(token, request))

    return Tokens


def _accounts(people: list[str]) -> Response:
    """The provider's own page: one button for each account, as in a chooser of accounts."""
    buttons = "".join(
        f'<p><button name="account" value="{escape(name)}">{escape(name)}</button></p>'
        for name in [*people, "refuse"]
    )
    page = f'<!doctype html><title>Provider</title><form method="post">{buttons}</form>'
    return Response(page, content_type="text/html; charset=utf-8")
