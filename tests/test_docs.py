"""What the documents promise must exist: a newcomer follows them to the letter."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_leads_to_a_file(page):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_python_file_that_is_named_is_there(page):
    for named_file in re.findall(r"`([a-z_]+/[a-z0-9_/]+\.py)`", page.read_text(encoding="utf-8")):
        assert (ROOT / named_file).is_file(), f"{page.name} names {named_file}"


def test_decisions_are_numbered_without_gaps_and_head_their_page():
    """Code and commits name a decision by its number: two of one number lead astray."""
    pages = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [page.name[:5] for page in pages] == [f"{n:04}-" for n in range(1, len(pages) + 1)]
    for number, page in enumerate(pages, 1):
        assert page.read_text(encoding="utf-8").startswith(f"# {number}. "), page.name


def test_the_readme_says_where_each_folder_of_code_is():
    """A folder that is not in the table is found by nobody who does not know it."""
    listed = set(re.findall(r"^\| `([a-z]+)/`", (ROOT / "README.md").read_text("utf-8"), re.M))
    there = {path.parent.name for path in ROOT.glob("[a-z]*/*") if path.suffix in (".py", ".md")}
    assert there <= listed


def test_every_command_in_the_readme_exists():
    from commands.main import main

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:\.venv/bin/|`)nuzuh ([a-z]+)", text))
    assert named
    assert named <= set(main.commands)


def test_every_make_target_in_the_readme_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"make ([a-z]+)", (ROOT / "README.md").read_text("utf-8"))):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_two_commands_are_the_first_thing_in_the_readme():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text.index("make run") < text.index("make test") < text.index("![")


def test_the_lock_names_no_index_and_pins_every_package_by_hash():
    """An office with a mirror would otherwise fetch from somewhere else than it thinks."""
    for name in ("requirements.lock", "requirements-setup.lock", *OF_THEIR_OWN.values()):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert pins
        assert all("==" in line and line.endswith("\\") for line in pins)
        assert text.count("--hash=sha256:") >= len(pins)


OF_THEIR_OWN = {
    "bench": "bench/requirements.lock",
    "clients": "tests/clients/requirements.lock",
    "cluster": "cluster/requirements.lock",
}
"""Groups with an environment of their own."""


def named(items):
    """The names of packages in a list of what is wanted."""
    return {re.match(r"[A-Za-z0-9_-]+", item)[0].lower().replace("_", "-") for item in items}


def test_the_locks_know_every_dependency_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    apart = {lock: groups.pop(group) for group, lock in OF_THEIR_OWN.items()}
    product = project["project"]["dependencies"]
    apart["cluster/requirements.lock"] += product  # its workers are the product
    wanted = [*product, *(i for group in groups.values() for i in group)]
    for name, items in (("requirements.lock", wanted), *apart.items()):
        lock = (ROOT / name).read_text(encoding="utf-8")
        locked = set(re.findall(r"^([a-z0-9-]+)(?:\[[a-z,0-9]+\])?==", lock, re.MULTILINE))
        assert named(items) <= locked, name
