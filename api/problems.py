"""Why a question has no answer, as RFC 9457 says it: one sentence with a remedy, and a status."""

import json
from typing import Final

from starlette.responses import Response

MEDIA_TYPE: Final = "application/problem+json"
TITLES: Final = {
    400: "The question cannot be understood",
    401: "A token is needed",
    404: "There is nothing at this address",
    405: "This address is only read",
    406: "There is no such format",
    410: "That release is no longer kept",
    413: "The answer is too large",
    429: "Too many questions",
    503: "The figures cannot be read now",
}


class Problem(Exception):  # noqa: N818 - the RFC's word
    """A question that is not answered.

    Attributes:
        status: The HTTP status.
        sentence: What is wrong and what to do, in English.
        retry_after: Seconds after which it may be asked again; None where that changes nothing.
    """

    def __init__(self, status: int, sentence: str, *, retry_after: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.retry_after = retry_after

    def response(self) -> Response:
        """The problem as an answer."""
        problem = {"title": TITLES[self.status], "status": self.status, "detail": self.sentence}
        headers = {"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"}
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        body = json.dumps(problem, ensure_ascii=False).encode() + b"\n"
        return Response(body, self.status, headers, MEDIA_TYPE)
