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
HASH: Final = sha256().digest_size
"""A font lies behind its own hash: damaged, it could draw one digit as another."""


def cached_font(name: str, path: Path, recipe: str, make: Callable[[], bytes]) -> bytes:
    """A font made out of another, from its place where it was made before.

    Args:
        name: What the file is called, without its ending.
        path: The font it is made of.
        recipe: What tells this way of making it from an earlier one.
        make: Makes it.
    """
    digest = sha256(path.read_bytes() + recipe.encode()).hexdigest()[:16]
    held = FOLDER / f"{name}-{digest}.hashed"
    with suppress(OSError):
        found = held.read_bytes()
        if found[:HASH] == sha256(found[HASH:]).digest():
            return found[HASH:]
    body = make()
    with suppress(OSError):
        held.parent.mkdir(parents=True, exist_ok=True)
        draft = held.with_suffix(f".{os.getpid()}")
        draft.write_bytes(sha256(body).digest() + body)
        draft.replace(held)
    return body
