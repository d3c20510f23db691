"""Options that take several words, and the name under which a user calls us."""

import shlex
import sys

import click
import pytest

from chaoxun.cli.options import ListCommand, command_name
from chaoxun.cli.split import split
from chaoxun.cli.store import export, status
from chaoxun.cli.tag import tag


@click.command(cls=ListCommand)
@click.option("--corpus", multiple=True)
@click.option("--to")
@click.option("--resume", is_flag=True)
def collect(corpus, to, resume):
    return corpus, to, resume


@pytest.mark.parametrize(("words", "wanted"), [
    (["--corpus", "a", "b", "--to", "c"], (("a", "b"), "c", False)),
    (["--corpus", "a", "--corpus", "b", "c"], (("a", "b", "c"), None, False)),
    (["--resume", "--corpus", "a", "-", "--to", "c"], (("a", "-"), "c", True)),
    (["--corpus=a", "--to=c"], (("a",), "c", False)),
    ([], ((), None, False)),
])  # fmt: skip
def test_a_list_goes_on_until_the_next_option(words, wanted):
    assert collect.main(words, standalone_mode=False) == wanted


@pytest.mark.parametrize("words", [["stray"], ["--to", "a", "stray"], ["--resume", "stray"], ["--corpus"]])
def test_a_word_that_belongs_to_no_option_is_refused(words):
    with pytest.raises(click.UsageError):
        collect.main(words, standalone_mode=False)


def paths_of(command):
    return [p.type for p in command.params if isinstance(p.type, click.Path)]


@pytest.mark.parametrize("command", [tag, split, status, export], ids=lambda command: command.name)
def test_click_leaves_it_to_us_to_say_what_cannot_be_read(command):
    assert paths_of(command) and not any(kind.readable or kind.exists for kind in paths_of(command))


def test_the_next_command_is_shown_as_it_has_to_be_typed(tmp_path, monkeypatch):
    script = tmp_path / "chaoxun"
    script.write_text("#!/bin/sh\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(sys, "argv", [str(script)])
    assert command_name() == str(script)
    spaced = script.rename(tmp_path / "chaoxun 2")
    monkeypatch.setattr(sys, "argv", [str(spaced)])
    assert shlex.split(command_name()) == [str(spaced)] or sys.platform == "win32"
    spaced.rename(script)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert command_name() == "chaoxun"
    monkeypatch.setattr(sys, "argv", ["/x/chaoxun/__main__.py"])
    assert command_name() == "python -m chaoxun"
