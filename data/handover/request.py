"""One thing that an administrator wants done, as the inbox holds it.

Whoever can write the inbox can write anything into it: what is read here is checked like any
untrusted input, and says no more than a name, a choice among few, and ids.
"""

import json
import re
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final, Literal, get_args

from data.store import seal

Kind = Literal[
    "accept",
    "reject",
    "import",
    "rollback",
    "ask",
    "pause",
    "resume",
    "schedule",
    "token",
    "revoke",
]
KINDS: Final = get_args(Kind)
LONGEST_NAME: Final = 300
"""Characters of a name, a reason or any other text that a person typed."""
LONGEST: Final = 4_000_000
"""Bytes of a request: one that leaves out every row of a large answer is the longest."""
MAPPING: Final = "mapping"
"""What the columns of an office's own table mean, as JSON on one line."""
LONGEST_MAPPING: Final = 50_000
"""Characters of a mapping: hundreds of columns with long headings."""
TOKEN, TOKEN_NAME, TOKEN_SHA256 = "token", "token_name", "token_sha256"
"""Of a read-only token: its id, what it is called, its digest; the token itself never."""
GIVEN: Final = frozenset(
    {"as_of", "publisher", "url", "published_on", "release", "expects", "cadence_days", MAPPING}
    | {TOKEN, TOKEN_NAME, TOKEN_SHA256}
)
"""What else a request may say: of a file where it comes from, of a rollback which release is
wanted and which one was looked at, of a schedule how many days lie between two questions, of a
token which."""
SOURCELESS: Final = frozenset({"rollback", "token", "revoke"})
"""Kinds that are about no source."""
_TOKEN: Final = re.compile(r"[0-9a-f]{12}")
_ID: Final = re.compile(r"[0-9a-f]{24}")
_SOURCE: Final = re.compile(r"[a-z][a-z0-9_]{0,60}")
_FIGURE: Final = re.compile(r"[0-9a-f]{8,64}")
_FETCH: Final = re.compile(r"[0-9A-Za-z-]{1,100}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


class BadRequest(Exception):  # noqa: N818 - reads as a fact where it is raised
    """What lies in the inbox is no request that this version understands."""


@dataclass(frozen=True)
class Request:
    """One request.

    Attributes:
        id: 24 hexadecimal digits; the same press handed over twice has the same one.
        kind: What is wanted.
        by: Who wants it, as their sign-in names them.
        asked_at: When it was handed over.
        source: The source that it is about; None for a rollback and for tokens.
        why: Their reason.
        held: The held fetch that they looked at.
        withheld: Ids of figures of that fetch that are not to be published.
        file_name: Name of the file that they brought.
        file_sha256: Its digest.
        given: What else it says, under the names of `GIVEN`.
    """

    id: str
    kind: Kind
    by: str
    asked_at: datetime
    source: str | None = None
    why: str | None = None
    held: str | None = None
    withheld: tuple[str, ...] = ()
    file_name: str | None = None
    file_sha256: str | None = None
    given: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what no page of ours writes."""
        _check(self)

    @classmethod
    def of(cls, kind: Kind, by: str, press: str, now: datetime, **more: Any) -> "Request":
        """A request with an id of its own.

        Args:
            kind: What is wanted.
            by: Who wants it.
            press: What is the same only when the same press arrives again (a double click, a page
                that was sent twice): two presses with one meaning still are two.
            now: When.
            more: The other attributes; typed text is made one line of a bounded length.
        """
        texts = {name: one_line(text) for name, text in more.items() if name in ("why",)}
        identity = sha256(f"{kind}\0{by}\0{press}".encode()).hexdigest()[:24]
        return cls(identity, kind, one_line(by) or "", now.astimezone(UTC), **(more | texts))

    def to_bytes(self) -> bytes:
        """As JSON under its own hash: a flipped bit may not withhold another figure."""
        body = json.dumps(asdict(self), default=str, ensure_ascii=False, indent=1)
        return seal.sealed(body.encode())


def from_bytes(body: bytes) -> Request:
    """The request that `body` holds.

    Raises:
        BadRequest: None, or one that says what no page of ours says.
    """
    if len(body) > LONGEST:
        raise BadRequest("It is longer than any request.")
    known = {each.name for each in fields(Request)}
    try:
        values = json.loads(seal.unsealed(body))
        given = {name: value for name, value in values.items() if name in known}
        at = datetime.fromisoformat(given.pop("asked_at"))
        withheld = tuple(given.pop("withheld", ()))
        return Request(**given, asked_at=at, withheld=withheld)
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise BadRequest(f"It is not readable ({type(problem).__name__}).") from None


def one_line(text: str | None) -> str | None:
    """What a person typed, on one line and of bounded length; None where it says nothing."""
    line = " ".join((text or "").split())[:LONGEST_NAME]
    return line or None


def _check(request: Request) -> None:
    given = dict(request.given)
    mapping = given.pop(MAPPING, "")
    texts = (request.by, request.why, request.file_name, *given.values())
    faults = {
        "its id is none": not _matches(_ID, request.id),
        "it asks for what nobody does": request.kind not in KINDS,
        "it names nobody": not request.by,
        "it has no time": request.asked_at.tzinfo is None,
        "its source is none": not _optional(_SOURCE, request.source),
        "its fetch is none": not _optional(_FETCH, request.held),
        "its file is none": not _optional(_SHA256, request.file_sha256),
        "it withholds what is no figure": not all(_matches(_FIGURE, i) for i in request.withheld),
        "it says what nobody asked": not set(request.given) <= GIVEN,
        "a text of it is too long": any(
            not isinstance(text, str) or len(text) > 2 * LONGEST_NAME or "\n" in text
            for text in texts
            if text is not None
        ),
        "its mapping is too long": not isinstance(mapping, str) or len(mapping) > LONGEST_MAPPING,
        "it brings no file": (request.kind == "import") != (request.file_sha256 is not None),
        "it names no source": (request.kind in SOURCELESS) != (request.source is None),
        "its token is none": (request.kind in ("token", "revoke"))
        != _matches(_TOKEN, given.get(TOKEN)),
        "its token has no digest": (request.kind == "token")
        != _matches(_SHA256, given.get(TOKEN_SHA256)),
        "its token has no name": (request.kind == "token") != bool(given.get(TOKEN_NAME)),
    }
    found = [sentence for sentence, wrong in faults.items() if wrong]
    if found:
        raise BadRequest(f"The request cannot be used: {'; '.join(found)}.")


def _matches(pattern: re.Pattern[str], text: object) -> bool:
    return isinstance(text, str) and pattern.fullmatch(text) is not None


def _optional(pattern: re.Pattern[str], text: object) -> bool:
    return text is None or _matches(pattern, text)
