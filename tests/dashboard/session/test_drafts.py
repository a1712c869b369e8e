"""What an administrator began to type, kept until they sign in again."""

import pytest

from dashboard.server.signin import Visitor
from dashboard.session import drafts
from dashboard.session.drafts import Draft

WHO = Visitor("subject-of-amal", "amal@example.org", "administrator", 2e9, "0")
BODY = b"province,as_of,syrians\nHatay,2026-08-17,245100\n"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("NUZUH_CACHE", str(tmp_path))
    return tmp_path


def test_a_form_that_was_begun_is_there_again_with_its_file():
    drafts.keep(WHO, Draft({"as_of": "2026-08-17"}, "form.csv"), BODY)
    found, body = drafts.read(WHO)
    assert (found.typed, found.file_name, body) == ({"as_of": "2026-08-17"}, "form.csv", BODY)
    drafts.forget(WHO)
    assert drafts.read(WHO) == (Draft(), None)


@pytest.mark.parametrize("part", ["draft.json", "file"])
def test_no_flipped_bit_of_a_form_is_shown_as_what_somebody_typed(cache, part):
    """245100 is one bit from 245180: it would have been published in their name."""
    drafts.keep(WHO, Draft({"as_of": "2026-08-17"}, "form.csv"), BODY)
    (file,) = cache.rglob(part)
    whole = file.read_bytes()
    for where in range(0, len(whole), 7):
        bent = bytearray(whole)
        bent[where] ^= 1
        file.write_bytes(bent)
        assert drafts.read(WHO) == (Draft(), None)
