"""What a terminal can show."""

import json
import os
import subprocess
import sys

import pytest

from chaoxun.cli.terminal import printable, shell_word, shorten, width


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


@pytest.mark.parametrize("word", ["", "a b", "$(id)", "o'brien", "a;b", "&", "河柳工人报", "a.txt", "--to"])
@pytest.mark.skipif(os.name == "nt", reason="POSIX shells")
def test_a_quoted_word_reaches_the_program_as_it_is(word):
    ended = subprocess.run(["sh", "-c", f"printf %s {shell_word(word)}"], capture_output=True, check=True)
    assert ended.stdout.decode("utf-8") == word


def test_a_word_that_needs_no_quotes_has_none():
    assert [shell_word(word) for word in ("tag", "--store", "archive.db")] == ["tag", "--store", "archive.db"]


@pytest.mark.skipif(os.name == "nt", reason="POSIX shells")
@pytest.mark.parametrize(("closed", "code"), [
    (">&-", 74), ("<&- >&-", 74), (">&- 2>&-", 74), ("<&- >&- 2>&-", 74), ("2>&-", 0), ("<&-", 0),
])  # fmt: skip
def test_a_process_without_a_standard_stream_ends_without_a_complaint(pages, closed, code):
    words = [sys.executable, "-m", "chaoxun", "tag", str(pages), "--json", "--backend", "keywords"]
    ended = subprocess.run(["sh", "-c", f'"$@" {closed}', "sh", *words], capture_output=True, check=False)
    assert ended.returncode == code and b"Traceback" not in ended.stderr and b"rror" not in ended.stderr


@pytest.mark.skipif(os.name == "nt", reason="POSIX shells")
def test_a_store_is_filled_and_whole_when_standard_output_is_closed(pages, chaoxun, tmp_path):
    words = [
        sys.executable,
        "-m",
        "chaoxun",
        "tag",
        str(pages),
        "--store",
        str(tmp_path / "a.db"),
        "--backend",
        "keywords",
    ]
    ended = subprocess.run(["sh", "-c", '"$@" >&-', "sh", *words], capture_output=True, check=False)
    assert ended.returncode == 0 and json.loads(chaoxun("status", tmp_path / "a.db", "--json").out)["found"] == 2


@pytest.mark.skipif(os.name == "nt", reason="POSIX shells")
def test_standard_input_that_is_closed_holds_no_text():
    words = [sys.executable, "-m", "chaoxun", "tag", "-", "--backend", "keywords"]
    ended = subprocess.run(["sh", "-c", '"$@" <&-', "sh", *words], capture_output=True, check=False)
    assert ended.returncode == 65 and b"no text" in ended.stderr
