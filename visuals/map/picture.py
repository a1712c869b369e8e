"""The map as a picture that leaves the product: title, days, sources, licence, scale, address."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import vl_convert

from visuals.charts.frame import EDGE, WIDTH, Caption, Panel, framed
from visuals.charts.studio import credit_lines
from visuals.language.words import Words
from visuals.map import draw


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


def png(svg: str) -> bytes:
    """A picture as PNG, by the fonts of this machine."""
    return bytes(vl_convert.svg_to_png(svg, scale=2.0))
