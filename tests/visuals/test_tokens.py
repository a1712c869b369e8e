"""The look is said once, and what is written can be read, on light and on dark."""

import re
import tomllib
from pathlib import Path

import pytest

from data.settings import ROOT
from visuals import tokens
from visuals.tokens import Pair

SAID_IN = "visuals/tokens.py"
CODE = (
    "alerts",
    "api",
    "cluster",
    "commands",
    "dashboard",
    "data",
    "editions",
    "pipelines",
    "surges",
    "visuals",
)
KINDS = {".py", ".js", ".css", ".typ", ".html", ".svg"}
ELSEWHERE = {
    # Pipelines stand on data alone; a spreadsheet's grey is no part of a page.
    "pipelines/forms/templates.py",
}
COLOUR = re.compile(
    r"(?<![\w&/#])#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})(?![\w-])|\b(?:rgb|hsl)a?\(\s*\d|RGBColor\(0x",
    re.I,
)
SIZE = re.compile(r"font(?:-size)?:\s*[\d.]+rem")
CONFIG = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]
SCHEMES = ("light", "dark")


def _files() -> list[Path]:
    found = [path for folder in CODE for path in (ROOT / folder).rglob("*")]
    found.append(ROOT / "app.py")
    apart = {SAID_IN, *ELSEWHERE}
    return [
        path
        for path in sorted(found)
        if path.suffix in KINDS and path.relative_to(ROOT).as_posix() not in apart
    ]


def _standing(pattern: re.Pattern[str], text: str) -> list[tuple[int, str]]:
    """Line and words of whatever stands in a text."""
    return [
        (number, found[0])
        for number, line in enumerate(text.splitlines(), 1)
        for found in pattern.finditer(line)
    ]


def _everywhere(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {found}"
        for path in _files()
        for number, found in _standing(pattern, path.read_text(encoding="utf-8"))
    ]


def test_colours_stand_in_one_file():
    """A colour of its own somewhere drifts from the others, as three near-blacks once did."""
    assert _everywhere(COLOUR) == []


def test_sizes_of_letters_are_steps_of_the_scale():
    """Fifteen sizes of letters, hardly apart, look like none was meant."""
    assert _everywhere(SIZE) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('INK = "#1d2730"', ["#1d2730"]),
        ("a{color:#FFF}", ["#FFF"]),
        ("border:1px solid #8888}", ["#8888"]),
        ("box-shadow:0 0 9px rgb(0 0 0/.18)", ["rgb(0"]),
        ('#let ink = rgb("#56616a")', ["#56616a"]),
        ("SOFT = RGBColor(0x56, 0x61, 0x6A)", ["RGBColor(0x"]),
        ("#let ink = rgb(d.look.ink)", []),
        ('<a href="#add-one">', []),
        ("&#160;", []),
    ],
)
def test_a_colour_is_seen_in_any_dress(line, found):
    """A pattern that sees no colour would let every one of them pass."""
    assert [colour for _, colour in _standing(COLOUR, line)] == found


def test_a_colour_is_written_in_six_digits_for_word():
    """Word opens no file with a colour of three."""
    assert tokens.in_six_digits("#bbb") == "BBBBBB"
    assert tokens.in_six_digits("#1f5f8b") == "1F5F8B"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_theme_of_streamlit_is_the_same(scheme):
    """Boxes and buttons that Streamlit draws stand beside ours; its file cannot import."""
    theme = CONFIG[scheme]
    meant = {
        "primaryColor": tokens.ACCENT,
        "backgroundColor": tokens.GROUND,
        "secondaryBackgroundColor": tokens.SURFACE,
        "textColor": tokens.INK,
        "linkColor": tokens.LINK,
        "borderColor": tokens.LINE,
    }
    assert {name: theme[name] for name in theme if name.endswith("Color")} == {
        name: getattr(pair, scheme) for name, pair in meant.items()
    }
    assert theme["chartCategoricalColors"] == [getattr(hue, scheme) for hue in tokens.HUES]


def test_headings_of_streamlit_are_steps_of_the_scale():
    """A heading that Streamlit sets is as large as one of ours."""
    steps = ("title", "head", "lead")
    assert CONFIG["headingFontSizes"] == [tokens.TYPE[step] for step in steps]


def _channels(colour: str) -> list[float]:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]


def _light(channels: list[float]) -> float:
    """Relative luminance as WCAG 2 defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(one: list[float], other: list[float]) -> float:
    darker, lighter = sorted((_light(one), _light(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("words", "ground"), tokens.WRITTEN)
def test_words_are_read_on_their_ground(words: Pair, ground: Pair, scheme):
    """WCAG 2 asks 4.5 to 1 for letters of our sizes."""
    pair = _channels(getattr(words, scheme)), _channels(getattr(ground, scheme))
    assert _contrast(*pair) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", [tokens.GROUND, tokens.SURFACE])
def test_faint_words_are_read(scheme, ground):
    """They are mixed in the browser, of the theme's words and what lies under them."""
    words, under = (_channels(getattr(pair, scheme)) for pair in (tokens.INK, ground))
    part = tokens.QUIET / 100
    mixed = [a * part + b * (1 - part) for a, b in zip(words, under, strict=True)]
    assert _contrast(mixed, under) >= 4.5


def test_words_on_paper_are_read():
    """An office prints in black and white."""
    for name in ("ink", "soft", "link"):
        read = _channels(tokens.PAPER[name]), _channels(tokens.PAPER["ground"])
        assert _contrast(*read) >= 4.5, name


@pytest.mark.parametrize("ground", tokens.GROUND)
@pytest.mark.parametrize("tone", [tone for tone, _ in tokens.LINES] + [*tokens.GROUP.values()])
def test_marks_are_seen_on_both_grounds(tone: Pair, ground: str):
    """A drawing does not know where it will lie; WCAG 2 asks 3 to 1 for what is no text."""
    assert _contrast(_channels(tone.light), _channels(ground)) >= 3


@pytest.mark.parametrize("ground", [*tokens.NEAR, *tokens.SEA])
@pytest.mark.parametrize("group", tokens.GROUP)
def test_circles_are_seen_on_the_land_and_sea_of_the_map(group: str, ground: str):
    """In the dark the violet of people abroad stood at 2.8 to 1 on land."""
    assert _contrast(_channels(tokens.GROUP[group].light), _channels(ground)) >= 3


def test_rules_that_stand_alone_have_values():
    """A page of the light edition that names a step nobody declares falls back to nothing."""
    assert tokens.flat("a{font-size:var(--small);margin:var(--s2);color:var(--ink)}") == (
        "a{font-size:.88rem;margin:.3rem;color:var(--ink)}"
    )


def test_every_step_that_is_used_is_declared():
    """A misspelt step is no error in a browser: the rule is dropped."""
    used = {
        found
        for path in _files()
        for _, found in _standing(
            re.compile(r"var\(--(?:s\d|fine|small|text|lead|head|title|lift)\w*\)"),
            path.read_text(encoding="utf-8"),
        )
    }
    known = {f"var(--{name})" for name in (*tokens.TYPE, *tokens.SPACE, "lift")}
    assert used == known


def test_each_colour_is_explained():
    """Whoever changes the look reads what a colour stands for, in one page."""
    page = (ROOT / "docs" / "look.md").read_text(encoding="utf-8")
    meant = [
        name
        for name, value in vars(tokens).items()
        if name.isupper() and isinstance(value, Pair) and not name.startswith("_")
    ]
    assert [name for name in meant if f"`{name}`" not in page] == []
