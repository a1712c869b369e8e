"""Areas without a figure: hatched, so that nobody takes them for a zero or for the lowest class."""

from collections.abc import Collection
from typing import Final

from data.gazetteer import places
from visuals import tokens
from visuals.map.geometry import Geometry

PATTERN: Final = (
    '<defs><pattern id="no-figure" width="6" height="6" patternUnits="userSpaceOnUse">'
    f'<rect width="6" height="6" fill="{tokens.NEAR.light}"/>'
    f'<path d="M0 6L6 0" stroke="{tokens.CORE.light}"/>'
    "</pattern></defs>"
)
FILL: Final = "url(#no-figure)"
"""Of a drawing that has `PATTERN`."""


def grounds(outlines: Geometry, level: str) -> set[str]:
    """The places of a level that have an outline; a district has those of its sub-districts."""
    if level == "1":
        return {code for code, path in outlines.admin1.items() if path}
    if level not in ("2", "3"):
        return set()
    fine = {code for code, path in outlines.admin3.items() if path}
    return fine if level == "3" else {code[:-2] for code in fine}


def without(
    ground: Collection[str], known: Collection[str], countries: Collection[str]
) -> list[str]:
    """Places of some countries that could be drawn and have no figure.

    Args:
        ground: As `grounds` gives them.
        known: Places that have one.
        countries: ISO 3166-1 alpha-3: those that the publisher reports on.
    """
    return [
        code
        for code in sorted(ground)
        if code not in known and places.codes(code)["location_code"] in countries
    ]


def shapes(outlines: Geometry, codes: Collection[str]) -> list[tuple[str, str]]:
    """The outlines of places of one level: the place, and an SVG path of it or of a part of it."""
    of = set(codes)
    near = [(code, path) for code, path in outlines.admin1.items() if path and code in of]
    # A district has the outlines of its sub-districts.
    fine = [
        (own, path)
        for code, path in outlines.admin3.items()
        for own in (code, code[:-2])
        if path and own in of
    ]
    return near + fine
