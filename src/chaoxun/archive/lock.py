"""The path of a store to the right to write it: one run at a time, kept by a lock of the operating system.

The lock is on `<store>.lock`, whose text tells others who holds it.  It dies with the process, so a killed run
leaves at most a file without meaning behind.
"""

import errno
import json
import os
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from chaoxun.errors import OutputError, StoreBusy, StoreError
from chaoxun.language import say

# The holder writes its name right after it got the lock; whoever is refused in between looks again this long.
_NAME_WAIT_SECONDS = 1.0
# Windows forbids others to read a locked range, so the byte that is locked lies far behind the text.
_LOCKED_BYTE = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who writes a store."""

    pid: int
    started: str
    """ISO 8601, local time."""


def lock_path(store: Path) -> Path:
    """The lock file of a store."""
    return store.with_name(store.name + ".lock")


def own_paths(store: Path) -> list[Path]:
    """The files of a store, by the path as given and by that which links lead to: itself, its lock, its journal."""
    paths = [Path(os.path.abspath(store)), store.resolve()]  # noqa: PTH100  # Path.absolute() keeps `..`
    return [own for path in paths for own in (path, lock_path(path), path.with_name(path.name + "-journal"))]


class StoreLock:
    """The right to write a store, as a context.  Entering raises StoreBusy at once when another run has it."""

    def __init__(self, store: Path) -> None:
        self._store, self._path, self._file = store, lock_path(store), -1

    def __enter__(self) -> Self:
        while True:
            file = self._open()
            if not _try_lock(file):
                os.close(file)
                raise self._busy()
            # Between our open and our lock the last holder may have removed the file: then it is another one's turn.
            if _is_same_file(file, self._path):
                break
            os.close(file)
        os.ftruncate(file, 0)
        started = datetime.now().astimezone().isoformat(timespec="seconds")
        os.write(file, json.dumps({"pid": os.getpid(), "started": started}).encode())
        self._file = file
        return self

    def __exit__(self, *_: object) -> None:
        if os.name != "nt":  # Windows does not remove open files; there the file stays, without meaning
            self._path.unlink(missing_ok=True)
        os.close(self._file)

    def _open(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            kind: type[OutputError | StoreError] = StoreError if self._store.exists() else OutputError
            raise kind(
                what=say(en="cannot be created", zh="无法创建") + f" ({error.strerror})", where=str(self._path),
                advice=say(en="check that the folder is there and writable", zh="请检查文件夹是否存在、是否可写"),
            ) from error  # fmt: skip

    def _busy(self) -> StoreBusy:
        holder = read_holder(self._store)
        pid, started = (str(holder.pid), holder.started) if holder else ("?", "?")
        return StoreBusy(
            what=say(
                en=f"another run writes this store (process {pid}, since {started})",
                zh=f"另一次运行正在写入此结果库（进程 {pid}，始于 {started}）",
            ),
            where=str(self._store),
            advice=say(en="wait until it has finished, or stop it", zh="请等它结束，或先停止它"),
        )


def read_holder(store: Path) -> Holder | None:
    """Who wrote its name into the lock file of a store last; None when nobody did within a second."""
    deadline = time.monotonic() + _NAME_WAIT_SECONDS
    while True:
        try:
            record = json.loads(lock_path(store).read_bytes()[:200])
            return Holder(pid=int(record["pid"]), started=str(record["started"]))
        except (OSError, ValueError, KeyError, TypeError):
            if time.monotonic() > deadline:
                return None
            time.sleep(0.02)


def _is_same_file(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except OSError:
        return False


def _try_lock(file: int) -> bool:
    """True when the lock was free.  Raises StoreError where the file system has no locks."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(file, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            os.lseek(file, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
            return False
        raise StoreError(
            what=say(en="the file system cannot lock files", zh="文件系统不支持文件锁") + f" ({error.strerror})",
            advice=say(en="put the store on a local disk", zh="请把结果库放在本地磁盘上"),
        ) from error
    return True
