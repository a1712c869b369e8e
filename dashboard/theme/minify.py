"""Our own scripts and style rules without what only their writers read: they travel to everyone."""

import re
from functools import cache


@cache
def script(text: str) -> str:
    """A script without indentation, empty lines and lines of remarks; every statement stays."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"


@cache
def rules(css: str) -> str:
    """Style rules on one line, without remarks."""
    return " ".join(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).split())
