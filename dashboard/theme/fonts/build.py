"""Streamlit's fonts cut to what these pages can draw: half of what a first visit would move.

Each is cut at set-up (`python -m dashboard.fonts`) and lies beside the packages it belongs to.
Without that file the whole font is served.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from streamlit import file_util

from dashboard.theme.fonts import icons, latin


@dataclass(frozen=True)
class Cut:
    """One of Streamlit's fonts, and how it is cut.

    Attributes:
        name: What the cut font is called on the disk.
        pattern: The file name of Streamlit's.
        make: Cuts it.
        recipe: What tells this way of cutting it from an earlier one.
    """

    name: str
    pattern: str
    make: Callable[[Path], bytes]
    recipe: str = ""


ICONS: Final = Cut("icons", "MaterialSymbols-Rounded*.woff2", icons.cut)
LETTERS: Final = Cut("nuzuh-sans", "SourceSansVF-Upright*.woff2", latin.cut, latin.RECIPE)


@cache
def original(font: Cut) -> Path | None:
    """Streamlit's own; None where this version has none of that name."""
    folder = Path(file_util.get_static_dir()) / "static" / "media"
    return next(iter(sorted(folder.glob(font.pattern))), None)


@cache
def small(font: Cut) -> Path | None:
    """The font that was cut from it; None where set-up did not make one for this version."""
    whole = original(font)
    if whole is None:
        return None
    made = _place(font, whole)
    return made if made.is_file() else None


@cache
def served() -> dict[str, Path]:
    """The cut fonts by the name of the file of Streamlit's in whose place they are sent."""
    pairs = [(original(font), small(font)) for font in (ICONS, LETTERS)]
    return {whole.name: made for whole, made in pairs if whole is not None and made is not None}


def write() -> None:
    """Cut each font and write it beside the packages, unless it lies there."""
    for font in (ICONS, LETTERS):
        whole = original(font)
        if whole is None:
            continue
        made = _place(font, whole)
        if not made.is_file():
            made.parent.mkdir(parents=True, exist_ok=True)
            draft = made.with_suffix(".draft")
            draft.write_bytes(font.make(whole))
            draft.replace(made)


def _place(font: Cut, whole: Path) -> Path:
    digest = sha256(whole.read_bytes() + font.recipe.encode()).hexdigest()[:16]
    return Path(sys.prefix) / "share" / "nuzuh" / f"{font.name}-{digest}.woff2"


if __name__ == "__main__":
    write()
