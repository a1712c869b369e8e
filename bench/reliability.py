"""docs/reliability.md: each table in it is written by the command that made it."""

import re
from collections.abc import Iterable
from typing import Final

from bench.serving import ROOT

PAGE: Final = ROOT / "docs" / "reliability.md"


def write(name: str, lines: Iterable[str]) -> None:
    """Put lines between the marks of that name.

    Raises:
        KeyError: The page has no such marks.
    """
    text = PAGE.read_text(encoding="utf-8")
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    if begin not in text or end not in text:
        raise KeyError(name)
    body = "\n".join(lines)
    made = re.sub(
        f"{re.escape(begin)}.*?{re.escape(end)}",
        lambda _: f"{begin}\n\n{body}\n\n{end}",
        text,
        flags=re.DOTALL,
    )
    PAGE.write_text(made, encoding="utf-8")
