"""What every address shares: how often it is asked, which release answers, how it refuses."""

from collections.abc import Callable, Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import answers, parameters
from api.answer_cache import AnswerCache
from api.answers import Frozen
from api.limits import KNOWN, Limits
from api.parameters import Parameter, Question
from api.problems import Problem
from data import settings
from data.gazetteer import area
from data.publication.harm import HarmFound
from data.settings import Settings
from data.store import StoreProblem, serving

CORS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, If-None-Match, Range",
    "Access-Control-Max-Age": "86400",
}
LIMITS: Final = Limits()
CACHE: Final = AnswerCache()
ANEW: Final = ("content-length", "content-type")
"""Headers that each answer makes for itself."""

Answer = Callable[[Request, Question, Frozen, Settings, dict[str, str]], Response]


def route(path: str, allowed: Sequence[Parameter], answer: Answer, *, keeps: bool = True) -> Route:
    """One address: bounds, release, tag and problems are the same for all.

    Args:
        path: The address.
        allowed: What may be asked.
        answer: Answers it.
        keeps: Whether a release gives the same answer whenever it is asked.
    """

    def served(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=CORS)
        try:
            return _answered(request, allowed, answer, keeps=keeps)
        except Problem as problem:
            return problem.response()
        except HarmFound as found:
            return Problem(503, str(found)).response()
        except (StoreProblem, settings.BadConfiguration, area.NoSuchArea) as found:
            return Problem(503, str(found), retry_after=60).response()

    return Route(path, served, methods=["GET", "OPTIONS"])


def _answered(
    request: Request, allowed: Sequence[Parameter], answer: Answer, *, keeps: bool
) -> Response:
    client = request.client.host if request.client else ""
    LIMITS.ask(client, KNOWN)
    question = parameters.read(request.query_params, allowed)
    given = settings.load()
    frozen = _frozen(question.one("release"), given)
    headers = frozen.headers(request, question)
    same = answers.unchanged(request, headers)
    if same is not None:
        return same
    # The release's tag stands for the question too; the office's settings may differ by process.
    key = (
        *(str(request.base_url), request.method, str(given.public), given.area),
        *headers.values(),
    )
    if keeps and (known := CACHE.get(key)):
        return known
    LIMITS.ask(client, 1 - KNOWN)
    # All of it in turn: whatever asks the store takes a processor from the pages.
    with LIMITS.turn():
        made = answer(request, question, frozen, given, headers)
    if keeps:
        sent = {k: v for k, v in made.headers.items() if k not in ANEW}
        CACHE.put(key, made, sent)
    return made


def _frozen(named: str, given: Settings) -> Frozen:
    """The release that is asked for, else the newest."""
    store = serving(given.store, given.cache)
    private = bool(given.sign_in)
    newest = store.current()
    if not named or named == newest.id:
        return Frozen(newest, bool(named), private)
    if named not in {info.id for info in store.releases()}:
        raise Problem(
            410, f"Release {named!r} is not kept here; the address `releases` lists those."
        )
    return Frozen(store.release(named), True, private)
