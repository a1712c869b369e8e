"""JSON that says two things of one name: Python takes the last, and the other is never seen."""

import pytest

from data.store import Document
from pipelines.errors import SourceChanged
from pipelines.json_documents import decoded
from tests.builders import RETRIEVED


def document(text: str) -> Document:
    """A stored answer."""
    return Document("answer", "https://example.org/x", text.encode(), RETRIEVED)


def test_two_values_of_one_name_are_refused_by_the_name():
    with pytest.raises(SourceChanged, match="answer says two things of 'refugees' in one place"):
        decoded(document('{"items": [{"refugees": 7, "year": 2025, "refugees": 2347756}]}'))


def test_a_name_that_is_given_twice_alike_says_one_thing():
    assert decoded(document('{"page": 1, "page": 1}')) == {"page": 1}


def test_one_name_in_two_objects_is_no_contradiction():
    assert decoded(document('[{"year": 1}, {"year": 2}]')) == [{"year": 1}, {"year": 2}]
