"""`-o` writes where it is told: never in the place of a device, a link, or somebody else's file."""

import os
import stat
import subprocess
import sys

import pytest

from data.publication.atomic_write import write
from data.publication.exports import CannotWrite


def test_a_link_is_followed_and_stays_one(tmp_path):
    """An office links `latest.csv` to a shared file; were the link replaced, it would get old."""
    target = tmp_path / "shared.csv"
    target.write_bytes(b"before")
    link = tmp_path / "latest.csv"
    link.symlink_to(target)
    write(link, b"after")
    assert link.is_symlink()
    assert target.read_bytes() == b"after"


def test_a_file_keeps_its_mode(tmp_path):
    file = tmp_path / "private.csv"
    file.write_bytes(b"before")
    file.chmod(0o600)
    write(file, b"after")
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"after", 0o600)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_a_file_keeps_its_owner(tmp_path):
    file = tmp_path / "theirs.csv"
    file.write_bytes(b"before")
    os.chown(file, 65534, 65534)
    write(file, b"after")
    assert (file.read_bytes(), file.stat().st_uid) == (b"after", 65534)


def test_a_file_with_two_names_stays_one_file(tmp_path):
    file, other = tmp_path / "a", tmp_path / "b"
    file.write_bytes(b"before, and longer")
    other.hardlink_to(file)
    write(file, b"after")
    assert other.read_bytes() == b"after"


def test_a_new_file_is_as_the_person_wants_new_files(tmp_path):
    before = os.umask(0o027)
    try:
        write(tmp_path / "new.csv", b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new.csv").stat().st_mode) == 0o640


@pytest.mark.parametrize(("name", "kind"), [("pipe", "a pipe"), ("folder", "a folder")])
def test_what_is_no_file_is_refused_and_stays(tmp_path, name, kind):
    place = tmp_path / name
    os.mkfifo(place) if name == "pipe" else place.mkdir()
    with pytest.raises(CannotWrite, match=kind):
        write(place, b"x")
    assert stat.S_ISFIFO(place.stat().st_mode) if name == "pipe" else place.is_dir()


def test_a_device_is_refused_also_behind_a_link(tmp_path):
    link = tmp_path / "link"
    link.symlink_to("/dev/null")
    for place in (link, link.readlink()):
        with pytest.raises(CannotWrite, match="a device"):
            write(place, b"x")


def test_links_in_a_ring_and_a_folder_that_is_not_there_are_a_sentence(tmp_path):
    ring = tmp_path / "ring"
    ring.symlink_to(ring)
    for place in (ring, tmp_path / "none" / "file.csv"):
        with pytest.raises(CannotWrite, match="cannot be written"):
            write(place, b"x")


@pytest.mark.parametrize("name", ["-", "/dev/stdout"])
def test_the_output_is_written_to_after_what_it_holds(tmp_path, name):
    """`nuzuh figures -o /dev/stdout >> all.csv`: what was there before stays."""
    code = "from pathlib import Path; from data.publication.atomic_write import write; "
    code += f"write(Path({name!r}), b'after')"
    file = tmp_path / "all.csv"
    file.write_bytes(b"before ")
    with file.open("ab") as output:
        subprocess.run([sys.executable, "-c", code], stdout=output, check=True, timeout=60)
    assert file.read_bytes() == b"before after"
