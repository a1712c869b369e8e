"""Small pieces of HTML, as the pages call them."""

from visuals.pieces import (
    anchor,
    block,
    chips,
    heading,
    note,
    outward,
    said,
    soft,
    to_papers,
    to_place,
)

__all__ = [
    "anchor",
    "block",
    "chips",
    "heading",
    "note",
    "outward",
    "said",
    "soft",
    "to_papers",
    "to_place",
]
