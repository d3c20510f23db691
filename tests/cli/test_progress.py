"""The line that says how far a run is."""

import io
import sys

import pytest

from chaoxun.archive.outcomes import Progress
from chaoxun.cli import progress as module
from chaoxun.cli.progress import ProgressLine, clock, progress_line


def at(n_done, **changes):
    return Progress(**({"n_found": 200, "n_known": 10, "n_done": n_done, "n_articles": 310, "seconds": 25.0} | changes))


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (75, "1:15"), (59.6, "1:00"), (4000, "1:06:40")])
def test_time_is_minutes_and_seconds_or_hours_too(seconds, shown):
    assert clock(seconds) == shown


def test_a_line_has_counts_rate_and_time_left():
    assert progress_line(at(50)) == "60/200 files, 310 articles, 12.4 articles/s, 1:10 left"
    assert progress_line(at(0, n_articles=0)) == "10/200 files, 0 articles, 0.0 articles/s"


def test_a_line_is_chinese_when_asked(chinese):
    assert progress_line(at(50)) == "文件 60/200，文章 310 篇，每秒 12.4 篇，剩余约 1:10"


class Screen(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_has_one_line_that_is_renewed_and_taken_away(monkeypatch):
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(module, "_TERMINAL_SECONDS", 0.0)
    line = ProgressLine()
    line.show(at(1))
    line.show(at(2))
    line.clear()
    assert "\n" not in screen.getvalue() and "12/200" in screen.getvalue() and screen.getvalue().endswith("\r\x1b[K")


def test_a_log_gets_a_plain_line_now_and_then(capsys, monkeypatch):
    line = ProgressLine()
    line.show(at(1))
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(line, "_said_at", line._said_at - 60)
    line.show(at(2))
    line.clear()
    assert capsys.readouterr().err.startswith("12/200 files")
