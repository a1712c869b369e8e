"""What an answer says, in one digest: the same figures again are the same answer.

A publisher's file may differ in a time stamp and say nothing new; what a person decided on is what
it says.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256

import pandas as pd
import pyarrow as arrow

from data.schema.tables import FIGURES
from data.store.status import Rejection, Status

_STATED_COLUMNS = ["figure_id", "value", "missing_reason", "qualifier", "caveat", "as_of"]
_OF_THE_FETCH = ["retrieved_at", "content_sha256", "locator", "geometry"]


def answer_of(figures: arrow.Table, tables: Mapping[str, pd.DataFrame]) -> str:
    """The digest of what an answer says.

    Args:
        figures: Prepared figures, in any order.
        tables: Companion tables by name.
    """
    digest = sha256(_text(FIGURES.frame(figures.select(_STATED_COLUMNS))))
    for name in sorted(tables):
        frame = pd.DataFrame(tables[name])
        said = frame.drop(columns=[column for column in _OF_THE_FETCH if column in frame])
        digest.update(name.encode() + _text(said))
    return digest.hexdigest()


def _text(frame: pd.DataFrame) -> bytes:
    lines: list[str] = frame.to_csv(index=False, header=False).splitlines()
    return "\n".join(sorted(lines)).encode()


def rejected(status: Status | None, answer: Callable[[], str]) -> Rejection | None:
    """The rejection of the same answer, if somebody rejected it."""
    found = () if status is None else status.rejected
    return next((one for one in found if one.answer == answer()), None)


def told(rejection: Rejection) -> str:
    """Who rejected an answer, when and why, in one sentence."""
    by = f" by {rejection.by}" if rejection.by else ""
    why = f": {rejection.why}" if rejection.why else ""
    said = f"The same answer was rejected on {_day(rejection.at)}{by}{why}"
    return f"{said}; the published figures stay."


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"
