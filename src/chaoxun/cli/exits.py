"""Errors to exit codes: whatever leaves a command becomes one line on standard error and the contract's number."""

import errno
import os
import signal
import sys
import traceback
from types import FrameType, TracebackType

import click

from chaoxun.cli.chinese import usage_error
from chaoxun.cli.terminal import printable
from chaoxun.errors import ChaoxunError
from chaoxun.language import say, user_language

BAD_INPUTS = 1
"""Finished, but some inputs are partial, quarantined or need OCR."""
NO_INPUT = 65
_UNAVAILABLE, _INTERNAL, _IO_ERROR = 69, 70, 74
_INTERRUPTED, _TERMINATED = 130, 143
# The outside world's fault, whatever call it surfaces in: the disk is full, over quota, failing or read-only.
_DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG}


class Terminated(KeyboardInterrupt):
    """SIGTERM, on the same way out as Ctrl-C."""


class ExitCodes:
    """A context that every command runs in: leaving it by an error ends the process with that error's exit code.

    A context manager and no `except`, because it has to see every error there is, our own and any library's.
    """

    def __init__(self, *, debug: bool) -> None:
        """`debug` prints tracebacks as well."""
        self._debug = debug

    def __enter__(self) -> "ExitCodes":
        self._before = signal.signal(signal.SIGTERM, _terminate)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.signal(signal.SIGTERM, self._before)
        lost = _flush()
        if error is None or isinstance(error, SystemExit):
            if lost is None:
                return
            error = lost
        if self._debug:
            traceback.print_exception(error)
        sys.exit(_explain(error))


def _explain(error: BaseException) -> int:
    """The exit code of an error, its line written to standard error."""
    if isinstance(error, ChaoxunError):
        _print(str(error))
        return error.exit_code
    if isinstance(error, click.ClickException):
        if user_language() == "zh":
            click.echo(usage_error(error), err=True)
        else:
            error.show()
        return error.exit_code
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.Abort | KeyboardInterrupt):
        stopped = isinstance(error, Terminated) or isinstance(error.__context__, Terminated)
        _print(say(en="stopped; what was finished is kept", zh="已停止；已完成的部分保留"))
        return _TERMINATED if stopped else _INTERRUPTED
    if isinstance(error, BrokenPipeError):
        # Whoever read our output has seen enough (`chaoxun tag ... | head`): nothing to say.
        return _IO_ERROR
    if isinstance(error, OSError) and error.errno in _DISK_ERRORS:
        _print(say(en=f"{error.filename or 'output'}: {error.strerror}. Free some space and run again.",
                   zh=f"{error.filename or '输出'}：{error.strerror}。请腾出空间后重试。"))  # fmt: skip
        return _IO_ERROR
    if isinstance(error, ModuleNotFoundError) and not (error.name or "").startswith("chaoxun"):
        _print(say(en=f"the library {error.name} is missing. Install chaoxun again, then run 'chaoxun doctor'.",
                   zh=f"缺少程序库 {error.name}。请重新安装 chaoxun，再运行 chaoxun doctor。"))  # fmt: skip
        return _UNAVAILABLE
    summary = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    _print(say(en=f"internal error ({summary}). Run again with --debug and report what it prints.",
               zh=f"内部错误（{summary}）。请加 --debug 重新运行，并反馈其输出。"))  # fmt: skip
    return _INTERNAL


def _terminate(number: int, frame: FrameType | None) -> None:
    raise Terminated


def _print(line: str) -> None:
    click.echo(f"chaoxun: {printable(line)}", err=True)


def _flush() -> OSError | None:
    """Writes out what is left for standard output; the error, if whoever takes it does not take it."""
    try:
        sys.stdout.flush()
    except OSError as error:
        # Points standard output nowhere, so that the interpreter's own last flush does not complain as well.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return error
    return None
