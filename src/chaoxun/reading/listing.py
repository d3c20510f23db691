"""Paths as given to every input there is below them, in one order on every machine.

Nothing is left out in silence: what is not read stands in the list with the reason.  The only exceptions are the
notes that operating systems and editors keep for themselves, which nobody put there as an input.
"""

import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chaoxun.errors import InputError, PermissionRefused
from chaoxun.language import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One input."""

    path: Path
    display: str
    """The path as given, a `./` in front included where it was given as a string, joined with what lies below it."""
    relative: str
    """The path relative to what was given: what ids are made from, the same wherever the archive lies."""
    problem: str = ""
    """Reason code why it is not read: LINK, SPECIAL, HIDDEN, PERMISSION or UNREADABLE."""
    message: str = ""


_NOTES = re.compile(r"\.DS_Store|\._.*|\.~lock\..*|~\$.*|Thumbs\.db|ehthumbs\.db|desktop\.ini", re.IGNORECASE)
_DIGITS = re.compile("([0-9]+)")


def list_inputs(paths: Sequence[Path | str]) -> Iterator[Listed]:
    """Every file, link and special file under `paths`, each once, folders in the order of their names, numbers in
    names by value.

    A given path may be hidden; below it, what is hidden is listed and not entered.
    Raises InputError for a given path that does not exist, before anything is listed.
    """
    for path in paths:
        _require(Path(path))
    seen: set[str] = set()
    root = _common_root([Path(path) for path in paths])
    for path in paths:
        for listed in _walk(Path(path), display=os.fspath(path), root=root):
            key = os.path.abspath(listed.path)  # noqa: PTH100  # Path.absolute() keeps `..`
            if key not in seen:
                seen.add(key)
                yield listed


def natural_key(name: str) -> tuple[list[str | int], str]:
    """What names are sorted by: `2.txt` before `10.txt`, independent of the locale.

    Example: "p10b" -> (["p", 10, "b"], "p10b")
    """
    parts = _DIGITS.split(name)
    return [int(part) if n % 2 else part for n, part in enumerate(parts)], name


def _require(path: Path) -> None:
    try:
        path.lstat()
    except PermissionError as error:
        raise PermissionRefused(
            what=say(en="permission refused", zh="没有访问权限"),
            where=str(path),
            advice=say(en="change the rights of the file or its folder", zh="请修改文件或文件夹的权限"),
        ) from error
    except (OSError, ValueError) as error:
        raise InputError(
            what=say(en="no such file or folder", zh="没有这个文件或文件夹"),
            where=str(path),
            advice=say(en="check the path", zh="请检查路径"),
        ) from error


def _common_root(paths: Sequence[Path]) -> str:
    """The folder that all ids are relative to: the given one, or the deepest that holds everything given."""
    folders = [os.path.abspath(path if _is_folder(path) else path.parent) for path in paths]  # noqa: PTH100
    try:
        return os.path.commonpath(folders)
    except ValueError:  # nothing given, or several drives of Windows
        return ""


def _is_folder(path: Path) -> bool:
    return stat.S_ISDIR(path.lstat().st_mode)


def _walk(given: Path, *, display: str, root: str) -> Iterator[Listed]:
    """Everything under a given path; a stack instead of recursion, because paths can be deeper than Python's calls.

    display: the path as it was typed, which `Path` does not keep.
    """
    stack = [(given, display)]
    while stack:
        path, display = stack.pop()
        relative = os.path.relpath(path, root) if root else path.name
        listed = Listed(path=path, display=display, relative=Path(relative).as_posix())
        try:
            mode = path.lstat().st_mode
            problem, message = _problem(mode, name="" if path == given else path.name)
            if stat.S_ISDIR(mode) and not problem:
                # Path.joinpath would drop the `./` again.
                stack += [(path / name, os.path.join(display, name)) for name in reversed(_entries(path))]  # noqa: PTH118
                continue
        except OSError as error:
            problem, message = _problem_of_error(error)
        yield replace(listed, problem=problem, message=message)


def _entries(folder: Path) -> list[str]:
    names = sorted(os.listdir(folder), key=natural_key)  # noqa: PTH208  # names, not paths, are sorted
    return [name for name in names if not _NOTES.fullmatch(name)]


def _problem(mode: int, *, name: str) -> tuple[str, str]:
    if stat.S_ISLNK(mode):
        zh = "符号链接，不跟随：请直接指定目标路径"
        return "LINK", say(en="a link, not followed: give the path it points to", zh=zh)
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        return "SPECIAL", say(en="a pipe, socket or device, not read", zh="管道、套接字或设备，不读取")
    if name.startswith("."):
        return "HIDDEN", say(en="hidden, not read unless it is given by name", zh="隐藏文件，除非直接指定，否则不读取")
    return "", ""


def _problem_of_error(error: OSError) -> tuple[str, str]:
    if isinstance(error, PermissionError):
        return "PERMISSION", say(en="permission refused", zh="没有访问权限")
    return "UNREADABLE", str(error.strerror)
