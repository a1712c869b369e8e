"""Colours that charts and drawings share; chosen to stay apart for the colour-blind.

The theme's own colours are in `.streamlit/config.toml`. These mid-tones read on light and on dark.
"""

from typing import Final

GROUP: Final = {
    "IDP": "#2f7fb8",
    "NEWDISP": "#c8641b",
    "IDP_ARR": "#c8641b",
    "IDP_DEP": "#9a7d2e",
    "RDP": "#2c8c74",
    "RET": "#2c8c74",
    "REF": "#8567b8",
    "ASY": "#8567b8",
}
OTHER: Final = "#6f7d8c"
EVENT: Final = "#8a8f98"
SHADES: Final = (
    ("#fbe0bf", "#4a3020"),
    ("#f2bb80", "#784820"),
    ("#dc8f47", "#ad6c30"),
    ("#b0601c", "#dc9a5e"),
    ("#72390a", "#f8d3a8"),
)
"""Classes of a rate from the lowest up, on light and on dark: one hue, told apart by lightness.

Not the blue of people displaced: its light end would be read as the sea.
"""
SHIFTS: Final = (
    ("#2b7a78", "#6fc3bf"),
    ("#a3cfcb", "#2f6d6a"),
    ("#f4f0e4", "#3a4148"),
    ("#f2bb80", "#8a5325"),
    ("#b0601c", "#e2a468"),
)
"""Classes of a change from the largest fall up: two hues that part at "about as many", and stay
apart for who does not see red or green."""


def group(code: str) -> str:
    """The colour of a population group."""
    return GROUP.get(code, OTHER)


LINES: Final = (
    ("#2f7fb8", ""),
    ("#c8641b", "7 3"),
    ("#2c8c74", "2 3"),
    ("#8567b8", "9 3 2 3"),
    ("#9a7d2e", "4 2"),
    ("#b84a6a", "12 4"),
    ("#4f6d7a", "2 2 6 2"),
    ("#5f7f1f", "1 4"),
)
"""Colour and dashes of each of several lines on one axis: told apart without the colour too."""
