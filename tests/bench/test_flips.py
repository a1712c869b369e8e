"""Single bits flipped over every file of a store; ten thousand are in docs/reliability.md."""

import pytest

from bench import flips


@pytest.mark.enable_socket
def test_no_flipped_bit_changes_an_answer_without_a_word(tmp_path):
    """One of 150 showed SY11 as 65,517 where 6,329 was published, and nobody was told."""
    tally = flips.tried(150, tmp_path, workers=1)
    assert (tally.flips, tally.silent, tally.tracebacks) == (150, [], [])
    assert tally.sentences > 100
