"""What a first visit moves. Bytes are exact, so they are tested; seconds are left to `bench/`."""

import pytest

from bench import relay, serving
from bench.chromium import Stands, visits
from bench.page import BESIDE_COMPRESSED, BESIDE_EMPTY

MOST = {"": BESIDE_EMPTY, "map": 0.36}
"""Of what an empty Streamlit page moves by default: the budget of a first visit."""
TEXT = Stands("document.querySelector('.stMarkdown')")
DRAWN = Stands("document.querySelectorAll('.nz-stage circle.disc').length")


@pytest.fixture(scope="module")
def empty(browser):
    with serving.empty() as server:
        yield visits(browser, server.address, TEXT)[0]


def carried(browser, host, path, stands):
    """A first visit through a relay: bytes as a line carries them, both ways."""
    with relay.counted(host) as line:
        address = f"http://{line.host}{path}"
        found = visits(browser, address, stands, moved=lambda: line.moved)[0]
    assert not found.gave_up, "the page never stood"
    return found


@pytest.fixture(scope="module")
def compressed(browser):
    with serving.empty_compressed() as server:
        yield carried(browser, server.host, "/", TEXT)


@pytest.mark.parametrize("path", MOST)
def test_a_first_visit_is_lighter_than_an_empty_streamlit_page(app, browser, empty, path):
    """An office on a shared line waits for every byte of this."""
    found = visits(browser, app.at(path, lang="ar"), DRAWN)[0]
    assert not found.gave_up, "the map never stood"
    assert found.size <= MOST[path] * empty.size, (found, empty)


def test_the_first_page_adds_little_to_an_empty_page_as_compressed(app, browser, compressed):
    """What is ours to save, once Streamlit's own weight is saved."""
    found = carried(browser, app.address.removeprefix("http://"), "/?lang=ar", DRAWN)
    assert found.size <= BESIDE_COMPRESSED * compressed.size, (found, compressed)
