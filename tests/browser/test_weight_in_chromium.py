"""What a first visit moves. Bytes are exact, so they are tested; seconds are left to `bench/`."""

import pytest

from bench import page

MOST = 0.45
"""Of what an empty Streamlit page moves by default: the budget of a first visit."""


@pytest.fixture(scope="module")
def empty(browser):
    with page.empty_page() as address:
        yield page.visit(browser, address, ".stMarkdown")


@pytest.mark.parametrize("path", ["", "map"])
def test_a_first_visit_is_lighter_than_an_empty_streamlit_page(app, browser, empty, path):
    """An office on a shared line waits for every byte of this."""
    found = page.visit(browser, app.at(path, lang="ar"), ".nz-stage circle")
    total = found.http_bytes + found.socket_bytes
    assert total <= MOST * (empty.http_bytes + empty.socket_bytes), (total, found, empty)
