"""`make profile` names the call that takes the time, and its page asks nobody for anything."""

import re

from pyinstrument import Profiler
from pyinstrument.renderers.html import HTMLRenderer

from bench.profile import DEAREST, dearest


def slow_sum() -> int:
    return sum(number * number % 7 for number in range(600_000))


def test_the_dearest_call_comes_first_and_the_graph_stands_alone():
    profiler = Profiler(interval=0.001, async_mode="disabled")
    with profiler:
        slow_sum()
    session = profiler.last_session
    assert session is not None
    root = session.root_frame()
    assert root is not None
    named = dearest(root)
    assert 0 < len(named) <= DEAREST
    assert "test_profile.py" in named[0]
    page = profiler.output(HTMLRenderer(timeline=False))
    assert not re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=\"https?:", page)
