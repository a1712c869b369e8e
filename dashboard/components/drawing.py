"""A drawing on the page: Streamlit's `st.html` takes SVG out, so a small element puts it in.

The element is a Components v2 one: its script comes from the app itself, and each change sends the
drawing alone.
"""

from functools import cache
from typing import Any, Final

import streamlit as st

SCRIPT: Final = """
export default function ({ data, parentElement }) {
  const place = parentElement.querySelector(".nz-drawing");
  if (place.dataset.drawn === data.svg) return;
  place.innerHTML = data.svg;
  place.dataset.drawn = data.svg;
}
"""


@cache
def _element() -> Any:
    return st.components.v2.component(
        "nuzuh_drawing",
        html='<div class="nz-drawing"></div>',
        js=SCRIPT,
    )


def show(svg: str, key: str) -> None:
    """Put a drawing made by `visuals` on the page; everything in it was escaped there."""
    _element()(key=key, data={"svg": svg})
