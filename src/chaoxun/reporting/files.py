"""A file that is either the old one or the whole new one, whatever happens while it is written."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp

from chaoxun.errors import OutputError, OutputFull
from chaoxun.language import say

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG}


@contextmanager
def replaced_file(to: Path) -> Iterator[Path]:
    """The path of an empty file beside `to`; it takes the place of `to` when the block ends well, and goes when not.

    Raises OutputError if no file can be created there, OutputFull if the disk gives out while it is written.
    """
    try:
        handle, name = mkstemp(prefix=f".{to.name[:60]}.", suffix=".new", dir=to.parent)
    except OSError as error:
        raise _refused(to, error) from error
    os.close(handle)
    new = Path(name)
    try:
        yield new
        new.chmod(0o666 & ~_umask())
        _to_disk(new)
        new.replace(to)
    except OSError as error:
        raise _refused(to, error) from error
    finally:
        with suppress(FileNotFoundError):
            new.unlink()


def _umask() -> int:
    # The only way to read it is to set it.
    current = os.umask(0o022)
    os.umask(current)
    return current


def _to_disk(path: Path) -> None:
    """Makes the content outlive a power cut before the name points to it."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _refused(to: Path, error: OSError) -> OutputError:
    if error.errno in _FULL:
        return OutputFull(
            what=say(en=f"cannot be written ({error.strerror})", zh=f"写入失败（{error.strerror}）"),
            where=str(to),
            advice=say(en="free some space and run the command again", zh="请腾出磁盘空间后重试"),
        )
    return OutputError(
        what=say(en=f"cannot be created ({error.strerror})", zh=f"无法创建（{error.strerror}）"),
        where=str(to),
        advice=say(en="give --to a file in a folder that exists and that you may write to",
                   zh="请用 --to 指定已存在且可写的文件夹中的文件"),
    )  # fmt: skip
