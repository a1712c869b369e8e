"""How long to wait before a publisher is asked once more."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST_WAIT: Final = 60.0
"""Seconds that a publisher's Retry-After may make us wait."""


def pause(attempt: int, first: float, asked: str | None = None) -> float:
    """Seconds until the next attempt.

    Args:
        attempt: How many went before, from 1; each waits twice as long as the one before it.
        first: Seconds after the first attempt; 0 for no waiting at all.
        asked: The publisher's Retry-After, in seconds or as a date; what is neither is ignored.
    """
    if not first:
        return 0.0
    return min(max(first * 2.0 ** (attempt - 1), _seconds(asked)), LONGEST_WAIT)


def _seconds(asked: str | None) -> float:
    text = (asked or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return (at - datetime.now(UTC)).total_seconds()
