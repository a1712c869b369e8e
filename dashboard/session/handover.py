"""What an administrator decides, handed to the scheduler; the page itself writes no store."""

import secrets
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from dashboard.server.signin import Visitor
from data import settings
from data.handover import BadRequest, Inbox, Kind, NotHandedOver, Request, inbox_of
from data.handover.inbox import Readiness
from data.store import Decision, StoreProblem, serving

HANDED = "handed-over"
"""Requests of this session whose outcome was not shown yet."""
_PRESS = "press"


def readiness() -> Readiness:
    """Whether what is decided now would be carried out by somebody."""
    inbox = _inbox()
    return "not_set" if inbox is None else inbox.readiness(datetime.now(UTC))


def submission_id(name: str) -> str:
    """What names one decision that is about to be made: the same however often it is sent.

    A double click, or a page that the browser sends again, is one press; `over` begins another.
    """
    key = f"{_PRESS}-{name}"
    return str(st.session_state.setdefault(key, secrets.token_hex(12)))


def hand_over(
    kind: Kind, who: Visitor, name: str, body: bytes | None = None, **more: Any
) -> str | None:
    """Hand a decision over; None where it was taken, else why not, in English.

    Args:
        kind: What is wanted.
        who: Who wants it.
        name: What `submission_id` was asked with.
        body: The file that they bring.
        more: Other attributes of `data.handover.Request`.
    """
    inbox = _inbox()
    if inbox is None:
        return "NUZUH_INBOX is not set."
    try:
        request = Request.of(kind, who.name, submission_id(name), datetime.now(UTC), **more)
        inbox.hand_over(request, body)
    except (BadRequest, NotHandedOver) as problem:
        return str(problem)
    handed: list[Request] = st.session_state.setdefault(HANDED, [])
    if request.id not in {one.id for one in handed}:
        handed.append(request)
    st.session_state.pop(f"{_PRESS}-{name}", None)
    return None


def handed_over() -> list[tuple[Request, Decision | None]]:
    """The decisions of this session that were handed over, with what became of each so far."""
    given = settings.load()
    store = serving(given.store, given.cache)
    found = []
    for request in st.session_state.get(HANDED, []):
        asked = Decision(id=request.id, kind=request.kind, asked_at=request.asked_at)
        try:
            noted = store.noted(asked)
        except StoreProblem:
            noted = None
        found.append((request, noted if noted is not None and noted.state == "done" else None))
    return found


def mark_as_shown(request: Request) -> None:
    """Its outcome was shown: the record has it from now on."""
    left = [one for one in st.session_state.get(HANDED, []) if one.id != request.id]
    st.session_state[HANDED] = left


def waiting() -> list[Request]:
    """Every request that waits, whoever handed it over."""
    inbox = _inbox()
    return [] if inbox is None else inbox.waiting()


def decisions(most: int | None = None) -> list[Decision]:
    """The record of decisions, newest first.

    Raises:
        StoreProblem: The store cannot be read.
    """
    given = settings.load()
    return serving(given.store, given.cache).decisions(most)


def _inbox() -> Inbox | None:
    return inbox_of(settings.load())
