"""What a terminal can show."""

import json
import os
import subprocess
import sys

import pytest

from chaoxun.cli.terminal import printable, shorten, width


@pytest.mark.parametrize(("text", "shown"), [
    ("本报讯 5月", "本报讯 5月"),
    ("\x1b[31m红\x07\x00", "\ufffd[31m红\ufffd\ufffd"),
    ("甲\u202e乙\u2066", "甲\ufffd乙\ufffd"),
    ("\udc80", "\ufffd"),
    ("😀", "😀"),
])  # fmt: skip
def test_only_what_can_be_seen_is_shown(text, shown):
    assert printable(text) == shown


@pytest.mark.parametrize(("text", "columns"), [("本报讯 12", 9), ("", 0), ("a", 1), ("（）", 4), ("e\u0301", 1)])
def test_a_wide_character_takes_two_columns(text, columns):
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "columns", "shown"), [("凉茶", 4, "凉茶"), ("凉茶送到工地", 6, "凉茶…"), ("abcdef", 4, "abc…")]
)
def test_a_text_too_wide_is_cut_with_an_ellipsis(text, columns, shown):
    assert shorten(text, columns=columns) == shown
    assert width(shorten(text, columns=columns)) <= columns


@pytest.mark.parametrize("environment", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}])
def test_a_pipe_gets_utf_8_whatever_the_locale(environment):
    code = 'from chaoxun.cli.terminal import prepare_streams\nprepare_streams()\nprint(\'{"text": "工地\\udc80"}\')'
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, cwd="src", env=os.environ | environment
    ).stdout
    assert json.loads(out.decode("utf-8")) == {"text": "工地\udc80"}
