"""How much the tests try: `make test` in small, `make test-all` in full.

NUZUH_TESTS=all asks for the full: what is tried again at another width, in another language or
theme, with more examples, answers or repetitions. Both ask the same questions.
"""

import itertools
import os
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import pytest

from visuals.language.words import LANGUAGES

_PARAM: Final = type(pytest.param())
ALL: Final = os.environ.get("NUZUH_TESTS") == "all"


def tries(full: int, small: int) -> int:
    """How often something is tried."""
    return full if ALL else small


def each_with_each(**axes: Collection[Any]) -> pytest.MarkDecorator:
    """A test for each combination; in small, each value once: the second of each, the third, …"""
    longest = max(map(len, axes.values()))
    return _combined(axes, longest)


def first_of_each(**axes: Collection[Any]) -> pytest.MarkDecorator:
    """A test for each combination; in small the first value of each alone."""
    return _combined(axes, 1)


def _combined(given: Mapping[str, Collection[Any]], number: int) -> pytest.MarkDecorator:
    axes = {name: tuple(values) for name, values in given.items()}
    small = [tuple(v[n % len(v)] for v in axes.values()) for n in range(number)]
    return pytest.mark.parametrize(
        tuple(axes),
        [
            pytest.param(*one, marks=[] if one in small else pytest.mark.wide)
            for one in itertools.product(*axes.values())
        ],
    )


def one_in(number: int, cases: Sequence[Any]) -> list[Any]:
    """Cases of one argument or of a tuple; in small one of so many, the first among them."""
    made = []
    for at, case in enumerate(cases):
        marks = [] if at % number == 0 else [pytest.mark.wide]
        if isinstance(case, _PARAM):
            made.append(pytest.param(*case.values, id=case.id, marks=marks))
        else:
            made.append(pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=marks))
    return made


def in_each_language(*languages: str) -> pytest.MarkDecorator:
    """A test for each language; in small for Arabic, which runs from the right, alone.

    In small a browser opens every page in Arabic, and `tests/dashboard/pages/test_pages.py` each in
    the other languages without one.
    """
    return pytest.mark.parametrize(
        "language",
        [
            pytest.param(one, marks=[] if one == "ar" else pytest.mark.wide)
            for one in languages or LANGUAGES
        ],
    )
