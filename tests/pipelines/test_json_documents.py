"""JSON that says two things of one name: Python takes the last, and the other is never seen.

And JSON that is decoded once for all who look at it in a run, without holding more than is bounded.
"""

import json
from dataclasses import replace

import pytest

from data.store import Document
from pipelines import json_documents
from pipelines.errors import SourceChanged
from pipelines.json_documents import decoded, decoded_once, must_be_json
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


@pytest.fixture
def decodings(monkeypatch):
    """How often JSON was decoded, as a list that grows."""
    seen = []
    real = json.loads

    def counted(body, **given):
        seen.append(body)
        return real(body, **given)

    monkeypatch.setattr(json_documents.json, "loads", counted)
    return seen


def test_a_run_decodes_an_answer_once_for_client_fetch_and_reader(decodings):
    answer = document('{"page": 1}')
    with decoded_once():
        must_be_json(answer.body, "answer")
        assert decoded(answer) is decoded(replace(answer, name="the same")) == {"page": 1}
    assert len(decodings) == 1


def test_after_a_run_nothing_of_it_is_held(decodings):
    answer = document('{"page": 1}')
    with decoded_once():
        decoded(answer)
    assert decoded(answer) == {"page": 1}
    assert len(decodings) == 2


def test_what_is_beyond_the_bound_is_decoded_anew_and_not_held(decodings, monkeypatch):
    monkeypatch.setattr(json_documents, "MOST_HELD", 20)
    first, second = document('{"page": 1}'), document('{"page": 2}')
    with decoded_once():
        for _ in range(2):
            assert [decoded(first)["page"], decoded(second)["page"]] == [1, 2]
    assert decodings.count(first.body) == 1
    assert decodings.count(second.body) == 2


def test_the_client_takes_what_says_two_things_for_json_and_the_reader_refuses_it():
    answer = document('{"page": 1, "page": 2}')
    with decoded_once():
        must_be_json(answer.body, "answer")
        with pytest.raises(SourceChanged, match="two things of 'page'"):
            decoded(answer)


def test_two_things_of_one_name_and_then_no_json_is_no_json():
    with pytest.raises(ValueError, match="delimiter"):
        must_be_json(b'{"a": {"page": 1, "page": 2} "b": 3}', "answer")
