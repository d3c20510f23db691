"""Outcomes to a manifest, JSONL: one line per input, for those who count (`--manifest FILE`)."""

import errno
import json
from collections.abc import Iterable, Iterator
from io import FileIO
from pathlib import Path

from chaoxun.archive.outcomes import Outcome
from chaoxun.errors import OutputError, OutputFull
from chaoxun.language import say

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG)


def record_manifest(outcomes: Iterable[Outcome], path: Path) -> Iterator[Outcome]:
    """The outcomes, unchanged, while their lines are written; the file appears when the last one has come.

    Raises OutputError when the file cannot be created, before the first outcome is asked for, and OutputFull.
    """
    unfinished = path.with_name(path.name + ".part")
    with _create(unfinished) as file:
        try:
            for outcome in outcomes:
                _write(file, manifest_line(outcome) + "\n", path)
                yield outcome
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)


def manifest_line(outcome: Outcome) -> str:
    """One line of JSON: {source, sha256, state, stage, reason, message, articles}."""
    failure = outcome.failure
    return json.dumps(
        {
            "source": outcome.source, "sha256": outcome.sha256, "state": outcome.state,
            "stage": failure.stage if failure else "", "reason": failure.reason if failure else "",
            "message": failure.message if failure else "", "articles": outcome.n_articles,
        },
        ensure_ascii=False,
    )  # fmt: skip


def _create(path: Path) -> FileIO:
    """Without a buffer: a full disk is noticed at the line that no longer fits, not when the file is closed."""
    try:
        return path.open("wb", buffering=0)
    except OSError as error:
        raise _output_error(error, path) from error


def _write(file: FileIO, text: str, path: Path) -> None:
    data = text.encode("utf-8", "backslashreplace")
    try:
        while data:
            data = data[file.write(data) :]
    except OSError as error:
        raise _output_error(error, path) from error


def _output_error(error: OSError, path: Path) -> OutputError:
    kind = OutputFull if error.errno in _FULL else OutputError
    return kind(
        what=say(en="cannot be written", zh="无法写入") + f" ({error.strerror})", where=str(path),
        advice=say(en="check the folder, its permissions and the free space", zh="请检查文件夹、权限和剩余空间"),
    )  # fmt: skip
