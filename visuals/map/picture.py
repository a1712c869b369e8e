"""The map as a picture that leaves the product: title, days, sources, licence, scale, address."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from visuals.charts.frame import EDGE, WIDTH, Caption, Panel, framed
from visuals.charts.studio import credit_lines
from visuals.language.words import Words
from visuals.map import draw, shades
from visuals.map.geometry import Geometry


def picture(
    words: Words, shown: pd.DataFrame, address: str, *, dated: str, core: Sequence[str], **plan: Any
) -> str:
    """One `<svg>` element that needs nothing around it.

    Args:
        words: The reader's words.
        shown: The figures on the map, with columns of `tables.FIGURES`.
        address: Shows the same again.
        dated: Of which days the figures are, in words.
        core: Admin 1 codes drawn with a stronger outline.
        plan: What else `draw.draw` is given.
    """
    drawn = draw.draw(**plan, words=words, core=core, pixels=WIDTH - 2 * EDGE, alone=True)
    caption = Caption(plan["title"], dated, credit_lines(words, shown), address)
    return framed(words, caption, [Panel(drawn)])


def shaded(
    words: Words,
    shown: pd.DataFrame,
    address: str,
    *,
    outlines: Geometry,
    rates: shades.Picture,
    unknown: Sequence[str],
    view: draw.View,
    core: Sequence[str],
) -> str:
    """The same of a shaded map, with its sentence.

    Args:
        words: The reader's words.
        shown: The figures that the rates or changes are made of.
        address: Shows the same again.
        outlines: Of the area.
        rates: Of one picture, highest first.
        unknown: Places of the same level without a figure.
        view: What is seen.
        core: Admin 1 codes drawn with a stronger outline.
    """
    pixels = WIDTH - 2 * EDGE
    drawn = shades.picture(outlines, rates, unknown, words, view=view, core=core, pixels=pixels)
    title, dated = words(shades.look(rates).title), shades.source(words, rates)
    said = shades.described(words, rates, len(unknown))
    caption = Caption(title, dated, credit_lines(words, shown), address)
    return framed(words, caption, [Panel(drawn, notes=[said])])


def png(svg: str) -> bytes:
    """A picture as PNG, by the fonts of this machine."""
    import vl_convert  # of a server's readers few take a picture, and it takes 9 MB of memory

    return bytes(vl_convert.svg_to_png(svg, scale=2.0))
