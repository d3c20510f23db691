"""Options that take several words, and the name under which a user calls us."""

import sys

import click
import pytest

from chaoxun.cli.options import ListCommand, command_name


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


def test_the_next_command_is_shown_as_it_has_to_be_typed(tmp_path, monkeypatch):
    script = tmp_path / "chaoxun"
    script.write_text("#!/bin/sh\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(sys, "argv", [str(script)])
    assert command_name() == str(script)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert command_name() == "chaoxun"
    monkeypatch.setattr(sys, "argv", ["/x/chaoxun/__main__.py"])
    assert command_name() == "python -m chaoxun"
