"""Outcomes to a manifest, JSONL: one line per input, for those who count (`--manifest FILE`).

It never takes the place of what the run reads or keeps: `check_manifest` refuses such a path before anything begins.
"""

import atexit
import errno
import json
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from io import FileIO
from pathlib import Path
from typing import NoReturn

from chaoxun.archive.lock import own_paths
from chaoxun.archive.outcomes import Outcome
from chaoxun.archive.status import with_advice
from chaoxun.errors import OutputError, OutputFull
from chaoxun.language import say

_MAX_LINE_BYTES = 1_000_000
"""Of the first line of a file that may be a manifest: a path and a message are far shorter."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG)


def record_manifest(outcomes: Iterable[Outcome], path: Path) -> Iterator[Outcome]:
    """The outcomes, unchanged, while their lines are written; the file appears when the last one has come.

    Raises OutputError when the file cannot be created, before the first outcome is asked for, and OutputFull.
    """
    unfinished = unfinished_path(path)
    with _create(unfinished, path) as file:
        # A signal ends the loop over this generator outside of it, and its own end then comes too late or never.
        atexit.register(_remove, unfinished)
        try:
            for outcome in outcomes:
                _write(file, manifest_line(outcome) + "\n", path)
                yield outcome
            _replace(unfinished, path)
        finally:
            _remove(unfinished)
            atexit.unregister(_remove)


def unfinished_path(path: Path) -> Path:
    """Where a manifest is written until it is whole: under a name that listing takes for no input (`._*`)."""
    return path.with_name(f"._{path.name[:60]}.part")


def check_manifest(path: Path | None, *, store: Path | None, inputs: Sequence[Path | str]) -> None:
    """Raises OutputError for a manifest that would take the place of the store, of one of its files or of an input.

    An earlier manifest that lies among the inputs may be replaced.  None = no manifest: nothing to check.
    """
    if path is None:
        return
    place, mode = _place_of(path), _mode_of(path)
    given_places = [_place_of(given) for given in inputs]
    if store is not None and (place in map(_place_of, own_paths(store)) or _is_same_file(path, store)):
        _refuse(path, say(en="this file belongs to the store", zh="该文件属于结果库"))
    if place in given_places or any(_is_same_file(path, Path(given)) for given in inputs):
        _refuse(path, say(en="given as an input", zh="该路径是输入"))
    if mode and not stat.S_ISREG(mode):
        _refuse(path, say(en="a folder or a device, not a file", zh="这是文件夹或设备，不是文件"))
    if mode and any(map(place.is_relative_to, given_places)) and not _is_manifest(path):
        _refuse(path, say(en="this file is one of the inputs", zh="该文件是输入文件之一"))


def _refuse(path: Path, what: str) -> NoReturn:
    advice = say(en="give --manifest a file of its own", zh="请用 --manifest 指定另一个文件")
    raise OutputError(what=what, where=str(path), advice=advice)


def _place_of(path: Path | str) -> Path:
    """The same for every way to write a path, links followed."""
    return Path(os.path.normcase(os.path.realpath(path)))


def _is_same_file(path: Path, other: Path) -> bool:
    """True for two names of one file, as where the case of the letters makes no difference."""
    return _mode_of(path) != 0 != _mode_of(other) and path.samefile(other)


def _mode_of(path: Path) -> int:
    """0 = nothing there, or nothing that may be looked at: creating the file explains it."""
    try:
        return path.stat().st_mode
    except OSError:
        return 0


def _is_manifest(path: Path) -> bool:
    """True for a file that a run has written as its manifest, and for an empty one, which has nothing to lose."""
    try:
        with path.open("rb") as file:
            line = file.readline(_MAX_LINE_BYTES)
        return not line or json.loads(line).keys() >= {"source", "sha256", "state", "articles"}
    except (OSError, ValueError, AttributeError):
        return False


def manifest_line(outcome: Outcome) -> str:
    """One line of JSON: {source, sha256, state, stage, reason, message, advice, articles}."""
    failure = with_advice(outcome.failure) if outcome.failure else None
    return json.dumps(
        {
            "source": outcome.source, "sha256": outcome.sha256, "state": outcome.state,
            "stage": failure.stage if failure else "", "reason": failure.reason if failure else "",
            "message": failure.message if failure else "", "advice": failure.advice if failure else "",
            "articles": outcome.n_articles,
        },
        ensure_ascii=False,
    )  # fmt: skip


def _create(unfinished: Path, path: Path) -> FileIO:
    """Without a buffer: a full disk is noticed at the line that no longer fits, not when the file is closed."""
    try:
        return unfinished.open("wb", buffering=0)
    except OSError as error:
        raise _output_error(error, path) from error


def _write(file: FileIO, text: str, path: Path) -> None:
    data = text.encode("utf-8", "backslashreplace")
    try:
        while data:
            data = data[file.write(data) :]
    except OSError as error:
        raise _output_error(error, path) from error


def _replace(unfinished: Path, path: Path) -> None:
    try:
        unfinished.replace(path)
    except OSError as error:
        raise _output_error(error, path) from error


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


def _output_error(error: OSError, path: Path) -> OutputError:
    kind = OutputFull if error.errno in _FULL else OutputError
    return kind(
        what=say(en="cannot be written", zh="无法写入") + f" ({error.strerror})", where=str(path),
        advice=say(en="check the folder, its permissions and the free space", zh="请检查文件夹、权限和剩余空间"),
    )  # fmt: skip
