"""The address at which an app serves the brief of its newest release, as PDF and as Word."""

from collections.abc import Callable
from functools import lru_cache
from threading import Lock
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from data import settings
from data.gazetteer.area import NoSuchArea
from data.publication.harm import HarmFound
from data.store import StoreProblem
from editions import brief, pdf
from editions.brief import Brief
from editions.content import Content
from editions.release_key import ByRelease
from editions.routes import SHORT, conditional_response, newest, text_response
from visuals.language.words import LANGUAGES

PATH: Final = "/nuzuh/brief"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _word(asked: Brief) -> bytes:
    from editions import word  # of a server's readers few ask for it, and it takes 6 MB of memory

    return word.render(asked)


FORMS: Final[dict[str, tuple[str, Callable[[Brief], bytes]]]] = {
    "pdf": ("application/pdf", pdf.render),
    "docx": (DOCX, _word),
}
_ONE: Final = Lock()


def file(request: Request) -> Response:
    """`/nuzuh/brief/ar.pdf`, `/nuzuh/brief/tr.docx`."""
    language, _, form = request.path_params["name"].partition(".")
    if language not in LANGUAGES or form not in FORMS:
        return text_response("A brief is en, ar or tr, ending in .pdf or .docx.", 404)
    try:
        content = newest()
        with _ONE:
            # Setting a page takes a second of a processor: one at a time, and kept.
            at = str(content.situation.asked)
            body = _made(at, language, form, ByRelease(content.release_id, content))
    except (StoreProblem, settings.BadConfiguration, NoSuchArea, HarmFound) as problem:
        return text_response(str(problem), 503)
    name = f"nuzuh-brief-{language}-{content.day.isoformat()}.{form}"
    shown = {**SHORT, "Content-Disposition": f'attachment; filename="{name}"'}
    return conditional_response(request, body, shown, FORMS[form][0])


@lru_cache(maxsize=len(LANGUAGES) * len(FORMS))
def _made(at: str, language: str, form: str, of: ByRelease[Content]) -> bytes:
    return FORMS[form][1](brief.compose(of.held, language))


ROUTES: Final = (Route(f"{PATH}/{{name}}", file),)
