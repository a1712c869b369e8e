"""Who looks for the tests of a folder of code finds them at the same path below `tests/`."""

from pathlib import Path

TESTS = Path(__file__).parent
ROOT = TESTS.parent
NO_MIRROR = {
    "browser": "pages in Chromium, through the whole house",
    "clients": "what other offices read our files with",
    "servers": "stand-ins for publishers",
}
"""Folders of `tests/` that stand for no folder of code, and what is in them."""


def test_each_folder_of_tests_mirrors_a_folder_of_code():
    of_tests = {path.parent.relative_to(TESTS) for path in TESTS.rglob("test_*.py")}
    strays = [
        str(folder)
        for folder in of_tests
        if not (folder.parts and folder.parts[0] in NO_MIRROR)
        and not any((ROOT / folder).glob("*.py"))
    ]
    assert not strays, f"no code stands in {strays}"


def test_each_folder_that_mirrors_nothing_is_there_and_has_no_namesake_in_the_code():
    for name in NO_MIRROR:
        assert (TESTS / name).is_dir(), name
        assert not (ROOT / name).exists(), name
