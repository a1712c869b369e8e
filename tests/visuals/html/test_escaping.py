"""Text reaches a page escaped (docs/adr/0013); tests/browser shows what becomes of an attack."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.settings import ROOT

MADE_OF_HTML = ("visuals", "editions", "dashboard", "alerts", "api")
FILES = sorted(
    file.relative_to(ROOT) for folder in MADE_OF_HTML for file in (ROOT / folder).rglob("*.py")
)
TAG = re.compile(r"</?[a-z][a-z0-9]*[ >/]|</?[a-z][a-z0-9]*$")
TEXTS = {"words", "figure_text", "area_text", "reasons", "claim_text"}
"""What a reader's language is asked of: everything it gives is plain text."""
PLAIN = {"language", "direction", "number"}
"""What of it can hold no mark of HTML: codes, and digits with their separators."""


def _root(node: ast.expr) -> str | None:
    """The name that an expression starts from: `words` of `view.words("x")` and `words.day(d)`."""
    while True:
        match node:
            case ast.Call(func=inner) | ast.Subscript(value=inner):
                node = inner
            case ast.Attribute(value=ast.Name("view" | "self" | "reader" | "content"), attr=name):
                return name
            case ast.Attribute(value=inner):
                node = inner
            case ast.Name(name):
                return name
            case _:
                return None


def _is_text(value: ast.expr) -> bool:
    """Whether an expression is plain text as it stands: of the catalogues, or of a figure."""
    if isinstance(value, ast.Subscript):
        return isinstance(value.slice, ast.Constant) and isinstance(value.slice.value, str)
    if _root(value) not in TEXTS:
        return False
    called = value.func if isinstance(value, ast.Call) else value
    return not (isinstance(called, ast.Attribute) and called.attr in PLAIN)


def unescaped(source: str) -> Iterator[int]:
    """Lines of a file where plain text is put between tags without `escape`."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.JoinedStr):
            continue
        written = [part.value for part in node.values if isinstance(part, ast.Constant)]
        if not any(TAG.search(str(text)) for text in written):
            continue
        for part in node.values:
            if isinstance(part, ast.FormattedValue) and _is_text(part.value):
                yield part.lineno


@pytest.mark.parametrize("file", FILES, ids=str)
def test_no_text_is_put_between_tags_unescaped(file: Path):
    """A publisher's name with a tag in it would run in the browser of everyone who reads it."""
    assert list(unescaped((ROOT / file).read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("f'<p>{words(\"a\")}</p>'", True),
        ("f'<p>{view.words(\"a\")}</p>'", True),
        ("f'<p>{figure_text.publisher(words, row)}</p>'", True),
        ('f\'<a href="{row["url"]}">\'', True),
        ("f'<p>{escape(words(\"a\"))}</p>'", False),
        ("f'<p lang=\"{words.language}\">'", False),
        ("f'{words(\"a\")} < 5'", False),
    ],
)
def test_what_is_met(line: str, found: bool):
    assert bool(list(unescaped(line))) is found
