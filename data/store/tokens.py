"""Read-only tokens: by what a spreadsheet or a notebook reads where people sign in.

One small object for each, by its id, never removed. It holds a digest of the token and no token:
whoever reads the store opens nothing with it.
"""

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Final

FOLDER: Final = "tokens"


@dataclass(frozen=True)
class Token:
    """One token.

    Attributes:
        id: 12 hexadecimal digits, the part of the token that is no secret.
        name: What its administrator called it.
        sha256: Digest of the whole token.
        made_by: Who made it.
        made_at: When.
        revoked_by: Who revoked it; None while it opens.
        revoked_at: When; None while it opens.
    """

    id: str
    name: str
    sha256: str
    made_by: str
    made_at: datetime
    revoked_by: str | None = None
    revoked_at: datetime | None = None

    @property
    def opens(self) -> bool:
        """Whether it was not revoked."""
        return self.revoked_at is None

    @property
    def path(self) -> str:
        """Where it lies in the store."""
        return f"{FOLDER}/{self.id}.json"

    def to_bytes(self) -> bytes:
        """As JSON, moments as text."""
        told: dict[str, Any] = asdict(self)
        for name in ("made_at", "revoked_at"):
            told[name] = told[name] and told[name].isoformat()
        return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()


def from_bytes(body: bytes) -> Token:
    """The token that `body` holds; what a newer version wrote beside it is left alone."""
    known = {each.name for each in fields(Token)}
    values = {name: value for name, value in json.loads(body).items() if name in known}
    for name in ("made_at", "revoked_at"):
        values[name] = datetime.fromisoformat(values[name]) if values.get(name) else None
    return Token(**values)
