"""Fonts made out of the packages' own, kept beside the packages once made.

Cutting a font takes longer than setting a brief with it. Where nothing may be written beside the
packages, it is made again for each process.
"""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

FOLDER: Final = Path(sys.prefix) / "share" / "nuzuh"


def kept(name: str, path: Path, recipe: str, make: Callable[[], bytes]) -> bytes:
    """A font made out of another, from its place where it was made before.

    Args:
        name: What the file is called, without its ending.
        path: The font it is made of.
        recipe: What tells this way of making it from an earlier one.
        make: Makes it.
    """
    digest = sha256(path.read_bytes() + recipe.encode()).hexdigest()[:16]
    held = FOLDER / f"{name}-{digest}.ttf"
    with suppress(OSError):
        return held.read_bytes()
    body = make()
    with suppress(OSError):
        held.parent.mkdir(parents=True, exist_ok=True)
        draft = held.with_suffix(f".{os.getpid()}")
        draft.write_bytes(body)
        draft.replace(held)
    return body
