"""A file is the old one or the whole new one."""

import os
from pathlib import Path

import pytest

from chaoxun.errors import OutputError, OutputFull
from chaoxun.reporting.files import replaced_file


def test_a_new_file_takes_the_place_of_the_old_one(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("old", encoding="utf-8")
    with replaced_file(target) as new:
        new.write_text("new", encoding="utf-8")
        assert target.read_text(encoding="utf-8") == "old"
    assert target.read_text(encoding="utf-8") == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_an_error_on_the_way_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt), replaced_file(target) as new:
        new.write_text("half", encoding="utf-8")
        raise KeyboardInterrupt
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("place", ["missing/a.txt", "file/a.txt"])
def test_a_file_that_cannot_be_created_is_an_output_error(tmp_path, place):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be created") as caught, replaced_file(tmp_path / place):
        pass
    assert caught.value.exit_code == 73


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_named_and_leaves_nothing(tmp_path):
    target = tmp_path / "a.txt"
    with pytest.raises(OutputFull) as caught, replaced_file(target), Path("/dev/full").open("w") as full:
        full.write("x" * 100_000)
    assert caught.value.exit_code == 74 and "free some space" in str(caught.value).lower()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_the_new_file_is_readable_as_the_umask_says(tmp_path):
    before = os.umask(0o027)
    try:
        with replaced_file(tmp_path / "a.txt"):
            pass
    finally:
        os.umask(before)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o640
