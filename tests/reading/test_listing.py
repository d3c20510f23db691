import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from chaoxun.errors import InputError, PermissionRefused
from chaoxun.reading.listing import list_inputs, natural_key


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder `lk` in the current one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lk").mkdir()
    return tmp_path / "lk"


def fill(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("职工", encoding="utf-8")


def listed_in(*paths: Path | str) -> list[tuple[str, str]]:
    return [(each.relative, each.problem) for each in list_inputs(paths)]


def test_folders_are_entered_and_numbers_in_names_sorted_by_value(folder: Path) -> None:
    fill(folder, "10.txt", "2.txt", "b/1.txt", "a/x/03.txt", "a/x/1.txt", "第10版.txt", "第9版.txt")
    names = ["2.txt", "10.txt", "a/x/1.txt", "a/x/03.txt", "b/1.txt", "第9版.txt", "第10版.txt"]
    assert listed_in(folder) == [(name, "") for name in names]
    assert listed_in(folder) == listed_in(folder)


def test_the_order_is_total_and_does_not_compare_numbers_with_words() -> None:
    names = ["a1", "1a", "a", "01", "1", "10", "2", "A", "工1", "", "²"]
    assert sorted(names, key=natural_key) == sorted(reversed(names), key=natural_key)
    assert sorted(["1", "01", "2", "10"], key=natural_key) == ["01", "1", "2", "10"]


def test_a_link_is_listed_and_not_followed(folder: Path) -> None:
    fill(folder, "1.txt")
    (folder / "2.txt").symlink_to(folder / "1.txt")
    (folder / "loop").symlink_to(folder)
    (folder / "nowhere").symlink_to(folder / "nothing")
    assert listed_in(folder) == [("1.txt", ""), ("2.txt", "LINK"), ("loop", "LINK"), ("nowhere", "LINK")]


def test_pipes_and_sockets_are_listed_and_not_opened(folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("lk/socket.txt")
        assert listed_in(folder) == [("pipe.txt", "SPECIAL"), ("socket.txt", "SPECIAL")]


@pytest.fixture
def half_closed() -> Iterator[Path]:
    """A folder with one below it that the user may not read; root may read everything, so somebody else looks."""
    with TemporaryDirectory() as name:
        fill(Path(name), "1.txt", "closed/2.txt", "open/3.txt")
        Path(name).chmod(0o755)
        (Path(name) / "closed").chmod(0)
        user = os.geteuid()
        if user == 0:
            os.seteuid(65534)
        try:
            yield Path(name)
        finally:
            os.seteuid(user)
            (Path(name) / "closed").chmod(0o700)


def test_a_folder_that_cannot_be_read_is_listed_and_the_others_go_on(half_closed: Path) -> None:
    assert listed_in(half_closed) == [("1.txt", ""), ("closed", "PERMISSION"), ("open/3.txt", "")]
    with pytest.raises(PermissionRefused):
        list(list_inputs([half_closed / "closed" / "2.txt"]))


def test_a_folder_that_vanishes_after_it_was_seen_is_listed_with_the_reason(folder: Path) -> None:
    fill(folder, "1.txt", "later/2.txt")
    inputs = list_inputs([folder])
    assert next(inputs).relative == "1.txt"
    shutil.rmtree(folder / "later")
    assert [(each.relative, each.problem, bool(each.message)) for each in inputs] == [("later", "UNREADABLE", True)]


def test_what_is_hidden_is_listed_not_entered_unless_it_is_given(folder: Path) -> None:
    fill(folder, ".git/1.txt", ".hidden.txt", "2.txt")
    assert listed_in(folder) == [("2.txt", ""), (".git", "HIDDEN"), (".hidden.txt", "HIDDEN")]
    assert listed_in(folder / ".git") == [("1.txt", "")]


def test_notes_of_operating_systems_are_nobody_s_input(folder: Path) -> None:
    fill(folder, ".DS_Store", "._1.txt", "Thumbs.db", "desktop.ini", "~$报告.txt", ".~lock.1.txt#", "1.txt")
    assert listed_in(folder) == [("1.txt", "")]


def test_every_reason_comes_with_a_message(folder: Path) -> None:
    (folder / "link").symlink_to(folder)
    fill(folder, ".hidden")
    assert all(each.message for each in list_inputs([folder]))


def test_an_input_given_twice_is_listed_once(folder: Path) -> None:
    fill(folder, "1.txt", "2.txt")
    names = [each.path.name for each in list_inputs([folder / "2.txt", folder, folder / ".." / "lk" / "1.txt"])]
    assert names == ["2.txt", "1.txt"]


def test_ids_are_relative_to_the_deepest_folder_that_holds_everything_given(folder: Path) -> None:
    fill(folder, "a/1.txt", "b/1.txt")
    assert listed_in(folder / "a", folder / "b" / "1.txt") == [("a/1.txt", ""), ("b/1.txt", "")]
    assert listed_in(folder / "a" / "1.txt") == [("1.txt", "")]


@pytest.mark.parametrize(
    "given, shown",
    [
        ("./lk", "./lk/1.txt"),
        ("lk", "lk/1.txt"),
        ("lk/", "lk/1.txt"),
        (".", "./lk/1.txt"),
        ("./lk/1.txt", "./lk/1.txt"),
        ("../{}/lk", "../{}/lk/1.txt"),
        (Path("lk"), "lk/1.txt"),
    ],
)
def test_a_path_is_shown_as_it_was_typed(folder: Path, given: Path | str, shown: str) -> None:
    fill(folder, "1.txt")
    here = folder.parent.name
    (listed,) = list_inputs([given.format(here) if isinstance(given, str) else given])
    assert listed.display == shown.format(here) and listed.path.samefile(folder / "1.txt")


def test_a_name_in_another_encoding_is_listed(folder: Path) -> None:
    name = os.fsdecode("第3版.txt".encode("gbk"))
    (folder / name).write_text("职工", encoding="utf-8")
    assert listed_in(folder) == [(name, "")]


def test_folders_deeper_than_the_calls_of_python_are_listed(folder: Path) -> None:
    folders = [folder]
    for _ in range(1200):
        folders.append(folders[-1] / "d")
        folders[-1].mkdir()
    try:
        fill(folders[-1], "1.txt")
        assert [each.path.name for each in list_inputs([folder])] == ["1.txt"]
    finally:  # pytest's own way to remove folders is a recursion
        (folders[-1] / "1.txt").unlink()
        for each in reversed(folders):
            each.rmdir()


@pytest.mark.parametrize("name", ["nothing", "a\0b", "x" * 300])
def test_a_given_path_that_does_not_exist_ends_the_run_before_anything_is_listed(folder: Path, name: str) -> None:
    fill(folder, "1.txt")
    with pytest.raises(InputError):
        next(list_inputs([folder, folder / name]))
