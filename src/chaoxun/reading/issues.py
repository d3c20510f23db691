"""A path to the `Issue` in it: bytes, format, characters, pages, names."""

import hashlib
import os
import re
import stat
import time
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from chaoxun.errors import ChangedWhileReading, InputError, NoText, PermissionRefused, TooLarge
from chaoxun.language import say
from chaoxun.reading.formats import Extracted, find_format, open_reader
from chaoxun.reading.naming import name_issue
from chaoxun.records import Issue, Source

MAX_BYTES = 200_000_000
"""Of one file (reliability goal G5)."""
_FRESH_SECONDS = 2.0
"""A file changed this recently may change again within one tick of the file system's clock: it is read twice."""
_WORD = re.compile(r"[^\W_]")


def read_issue(path: Path, *, display: str, relative: str, encoding: str | None = None) -> Issue:
    """The pages of one file with newspaper, date, page numbers and id as far as they can be known.

    display: the path as given, for messages and names.  relative: the path relative to what was given, for ids.
    Raises InputError: UnknownFormat, UndecodableText, NoText, TooLarge, ChangedWhileReading, PermissionRefused.
    """
    shown = display.encode("utf-8", "backslashreplace").decode("utf-8")
    try:
        data = read_bytes(path)
        extracted = _extract(data, name=path.name, encoding=encoding)
    except InputError as error:
        raise type(error)(what=error.what, where=shown, advice=error.advice) from error
    naming = name_issue(display=display, relative=relative, pages=[page.text for page in extracted.pages])
    pages = zip(extracted.pages, naming.page_numbers, strict=True)
    return Issue(
        id=naming.issue_id,
        newspaper=naming.newspaper,
        date=naming.date,
        source=Source(path=shown, sha256=hashlib.sha256(data).hexdigest()),
        pages=tuple(replace(page, number=number) for page, number in pages),
        encoding=extracted.encoding,
        is_damaged=extracted.is_damaged,
    )


def _extract(data: bytes, *, name: str, encoding: str | None) -> Extracted:
    """What the reader of this format gets out of `data`.  Raises NoText when there is not a word in it."""
    if not data.strip(b" \t\r\n\f\x1a"):
        raise _no_text(say(en="empty file", zh="空文件"))
    extracted = open_reader(find_format(data, name=name))(data, encoding=encoding)
    if not any(_WORD.search(page.text) for page in extracted.pages):
        raise _no_text(say(en="not a word in it", zh="没有任何文字"))
    return extracted


def _no_text(what: str) -> NoText:
    return NoText(what=what, advice=say(en="extract the page again", zh="请重新提取该版面"))


def read_bytes(path: Path) -> bytes:
    """The bytes of a file that is the same before and after.

    Raises ChangedWhileReading, TooLarge, PermissionRefused, or InputError for what is no file.
    """
    # A link or a pipe put there since the listing is neither followed nor waited for.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            before = os.fstat(file.fileno())
            _require_file(before)
            data = file.read(MAX_BYTES + 1)
            if time.time() - before.st_mtime < _FRESH_SECONDS:
                file.seek(0)
                if file.read(MAX_BYTES + 1) != data:
                    raise _changed()
        after = path.lstat()
    except OSError as error:
        _refuse(error)
    if _identity(before) != _identity(after) or len(data) != after.st_size:
        raise _changed()
    return data


def _identity(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _require_file(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise InputError(
            what=say(en="not a regular file", zh="不是普通文件"),
            advice=say(en="give a file or a folder", zh="请指定文件或文件夹"),
        )
    if status.st_size > MAX_BYTES:
        raise TooLarge(
            what=say(
                en=f"{status.st_size:,} bytes, at most {MAX_BYTES:,} are read",
                zh=f"{status.st_size:,} 字节，最多读取 {MAX_BYTES:,} 字节",
            ),
            advice=say(en="split the file, one issue a file", zh="请拆分文件，每期一个文件"),
        )


def _changed() -> ChangedWhileReading:
    return ChangedWhileReading(
        what=say(en="changed while it was read", zh="读取过程中文件发生变化"),
        advice=say(en="run again when nothing writes to it any more", zh="待写入结束后请重新运行"),
    )


def _refuse(error: OSError) -> NoReturn:
    """Raises what this error of the operating system means for the input."""
    if isinstance(error, FileNotFoundError):
        raise ChangedWhileReading(
            what=say(en="vanished since it was listed", zh="列出之后文件已消失"),
            advice=say(en="run again", zh="请重新运行"),
        ) from error
    if isinstance(error, PermissionError):
        raise PermissionRefused(
            what=say(en="permission refused", zh="没有访问权限"),
            advice=say(en="change the rights of the file or its folder", zh="请修改文件或文件夹的权限"),
        ) from error
    raise InputError(
        what=say(en=f"cannot be read ({error.strerror})", zh=f"无法读取（{error.strerror}）"),
        advice=say(en="check the file and its disk", zh="请检查文件和磁盘"),
    ) from error
