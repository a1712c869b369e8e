"""The brief by address: the file that a phone gets, in the language that was asked for."""

import pypdfium2
import pytest
from starlette.requests import Request

from editions import brief_routes
from visuals.language.words import Words


@pytest.fixture
def asked(carried_store, monkeypatch):
    monkeypatch.setenv("NUZUH_STORE", str(carried_store))

    def ask(name):
        scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
        return brief_routes.file(Request(scope | {"path_params": {"name": name}}))

    return ask


def test_the_brief_comes_in_the_language_of_its_address(asked):
    answer = asked("tr.pdf")
    assert (answer.status_code, answer.media_type) == (200, "application/pdf")
    assert answer.headers["content-disposition"].startswith('attachment; filename="nuzuh-brief-tr-')
    first = pypdfium2.PdfDocument(answer.body)[0].get_textpage().get_text_range()
    assert Words("tr")("brief.changes") in first or "bilgi notu" in first
    assert asked("ar.docx").body.startswith(b"PK")


@pytest.mark.parametrize("name", ["fr.pdf", "en.exe", "en", "..%2f.pdf"])
def test_what_is_no_brief_is_not_there(asked, name):
    assert asked(name).status_code == 404
