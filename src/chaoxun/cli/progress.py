"""How far a run is, on standard error: one line that renews itself on a terminal, now and then a line elsewhere."""

import sys
import time

import click

from chaoxun.archive.outcomes import Progress
from chaoxun.cli.terminal import is_terminal
from chaoxun.language import say

# Often enough to see that it moves; in a log file, rarely enough to keep it readable.
_TERMINAL_SECONDS, _LOG_SECONDS = 0.2, 15.0
_ERASE = "\r\x1b[K"


class ProgressLine:
    """Shows a run's `Progress` values, not more often than somebody can read."""

    def __init__(self) -> None:
        self._on_terminal = is_terminal(sys.stderr)
        self._wait = _TERMINAL_SECONDS if self._on_terminal else _LOG_SECONDS
        self._said_at, self._is_shown = time.monotonic(), False

    def show(self, progress: Progress) -> None:
        """Prints a line if the last one is old enough."""
        now = time.monotonic()
        if now - self._said_at < self._wait:
            return
        self._said_at = now
        line = progress_line(progress)
        click.echo(f"{_ERASE}{line}" if self._on_terminal else line, err=True, nl=not self._on_terminal)
        self._is_shown = self._on_terminal

    def clear(self) -> None:
        """Takes the line off the terminal, before something else is printed there."""
        if self._is_shown:
            click.echo(_ERASE, err=True, nl=False)
            self._is_shown = False


def progress_line(progress: Progress) -> str:
    """One line on a run.

    Example: "50/200 files, 310 articles, 12.4 articles/s, 1:15 left"
    """
    n_through, rate = progress.n_known + progress.n_done, progress.n_articles / max(progress.seconds, 1e-3)
    left = "" if progress.seconds_left is None else clock(progress.seconds_left)
    return say(
        en=f"{n_through}/{progress.n_found} files, {progress.n_articles} articles, {rate:.1f} articles/s"
        + (f", {left} left" if left else ""),
        zh=f"文件 {n_through}/{progress.n_found}，文章 {progress.n_articles} 篇，每秒 {rate:.1f} 篇"
        + (f"，剩余约 {left}" if left else ""),
    )


def clock(seconds: float) -> str:
    """Hours, minutes and seconds.

    Example: 75 -> "1:15", 4000 -> "1:06:40"
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
