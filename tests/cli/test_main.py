"""The command `chaoxun` itself: what it loads, its help, and how errors leave it."""

import errno
import subprocess
import sys

import click
import pytest

from chaoxun import __version__, errors
from chaoxun.cli.exits import ExitCodes, Terminated
from chaoxun.cli.main import COMMANDS

HEAVY = ("torch", "transformers", "sklearn", "datasets", "numpy", "openpyxl", "sqlite3", "pypinyin")


def test_help_and_version_load_no_heavy_library(start):
    code = (
        "import sys\n"
        "from chaoxun.cli.main import main\n"
        "try:\n    main(['--version'])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="src", encoding="utf-8"
    )
    assert ended.stdout.splitlines() == [f"chaoxun, version {__version__}", "[]"]


def test_tagging_with_keywords_loads_no_model_library(pages):
    code = (
        "import sys\n"
        "from chaoxun.cli.main import main\n"
        f"try:\n    main(['tag', {str(pages)!r}, '--backend', 'keywords', '--json'])\nexcept SystemExit as e:\n    code = e.code\n"
        "print(code, [name for name in ('torch', 'transformers', 'sklearn', 'datasets') if name in sys.modules])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="src", encoding="utf-8"
    )
    assert ended.stdout.splitlines()[-1] == "0 []"


SUBCOMMANDS = [words for name in COMMANDS for words in {"annotations": ["annotations check"]}.get(name, [name])]


@pytest.mark.parametrize("command", SUBCOMMANDS)
def test_every_command_explains_itself_with_an_example(chaoxun, command):
    ended = chaoxun(*command.split(), "--help")
    assert ended.code == 0 and ended.err == ""
    assert "Example" in ended.out and f"chaoxun {command}" in ended.out


def test_help_speaks_chinese_when_asked(start):
    process = start("tag", "--help", env={"CHAOXUN_LANG": "zh"})
    out, _ = process.communicate(timeout=60)
    assert "示例" in out.decode("utf-8") and "结果库" in out.decode("utf-8")


@pytest.mark.parametrize(
    "words", [["unknown"], ["tag"], ["tag", "x", "--nonsense"], ["export", "a.db"], ["--nonsense"]]
)
def test_a_wrong_command_line_is_a_usage_error(chaoxun, words):
    ended = chaoxun(*words)
    assert ended.code == 2 and "Traceback" not in ended.err and ended.out == ""


def leave_by(error, *, debug=False):
    with pytest.raises(SystemExit) as ended, ExitCodes(debug=debug):
        raise error
    return ended.value.code


def our_errors(kind=errors.ChaoxunError):
    return [kind, *(below for sub in kind.__subclasses__() for below in our_errors(sub))]


@pytest.mark.parametrize("kind", our_errors())
def test_each_of_our_errors_leaves_with_its_code_and_one_line(capsys, kind):
    assert leave_by(kind(what="is wrong", where="a.txt", advice="mend it")) == kind.exit_code
    assert capsys.readouterr().err == "chaoxun: a.txt: is wrong. Mend it.\n"
    assert kind.exit_code in {1, 2, 65, 69, 70, 73, 74, 75, 77, 78}


@pytest.mark.parametrize(("error", "code", "words"), [
    (ZeroDivisionError("a\nb"), 70, "internal error (ZeroDivisionError: a b)"),
    (KeyboardInterrupt(), 130, "stopped"),
    (Terminated(), 143, "stopped"),
    (click.Abort(), 130, "stopped"),
    (OSError(errno.ENOSPC, "No space left on device", "out.xlsx"), 74, "out.xlsx: No space left"),
    (OSError(errno.EIO, "Input/output error"), 74, "Input/output error"),
    (ModuleNotFoundError("No module named 'torch'", name="torch"), 69, "the library torch is missing"),
    (MemoryError(), 70, "internal error"),
])  # fmt: skip
def test_any_other_error_is_one_line_too(capsys, error, code, words):
    assert leave_by(error) == code
    err = capsys.readouterr().err
    assert words in err and len(err.splitlines()) == 1 and "Traceback" not in err


def test_debug_shows_the_traceback(capsys):
    assert leave_by(ZeroDivisionError("x"), debug=True) == 70
    assert "Traceback" in capsys.readouterr().err


def test_a_line_of_our_own_that_is_broken_leaves_as_broken_pipe_without_a_word(capsys):
    assert leave_by(BrokenPipeError()) == 74
    assert capsys.readouterr().err == ""
