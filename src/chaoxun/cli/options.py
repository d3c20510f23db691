"""Options that several commands share, and commands that take `--annotations A B C` as well as one option a file."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import which
from typing import Any, TypeVar

import click

from chaoxun.cli.terminal import shell_word
from chaoxun.errors import UsageError
from chaoxun.language import say
from chaoxun.tagging.backends import BACKENDS

_Function = TypeVar("_Function", bound=Callable[..., Any])


class _GivenPath(click.Path):
    """A path that may not exist or not be readable: whoever opens it knows the exit code, and goes on without it."""

    def __init__(self, kind: type[Path] | type[str]) -> None:
        super().__init__(readable=False, path_type=kind)

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """The path.  Raises UsageError for "", which as a path would be the current folder."""
        if not os.fspath(value):
            raise UsageError(
                what=say(en="an empty path", zh="路径为空"),
                where=param.get_error_hint(ctx) if param else "",
                advice=say(en="check the variables on the command line", zh="请检查命令行中的变量是否已赋值"),
            )
        return super().convert(value, param, ctx)


PATH = _GivenPath(Path)
"""The type of paths on the command line."""
_INPUT = _GivenPath(str)
"""The type of inputs: `source` begins with the path as given, and a Path forgets the `./` in front."""


class ListCommand(click.Command):
    """A command without positional arguments whose repeatable options take every word up to the next option.

    Example: `--corpus a b --to c` is read as `--corpus a --corpus b --to c`
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What click leaves over, after each list was spread out."""
        lists = {name for p in self.params if isinstance(p, click.Option) and p.multiple for name in p.opts}
        spread: list[str] = []
        current, n_values = "", 0
        for word in args:
            if word.startswith("-") and word != "-":
                current, n_values = (word if word in lists else ""), 0
            elif current and n_values:
                spread.append(current)
            n_values += 1
            spread.append(word)
            if word == current:
                n_values = 0
        return super().parse_args(ctx, spread)


def paths_argument(function: _Function) -> _Function:
    """PATH...: files and folders, at least one; checked by the reader, which knows the exit code."""
    return click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=_INPUT)(function)


def encoding_option(function: _Function) -> _Function:
    """--encoding NAME."""
    text = say(en="Read text files in this encoding instead of finding it out.", zh="按指定编码读取，不自动判断。")
    return click.option("--encoding", metavar="NAME", help=text)(function)


def json_option(function: _Function) -> _Function:
    """--json."""
    text = say(en="Print JSON on standard output and nothing else there.", zh="标准输出只输出 JSON。")
    return click.option("--json", "as_json", is_flag=True, help=text)(function)


def backend_options(function: _Function) -> _Function:
    """--release, --backend and --device: which model, run by what, on what."""
    release = say(en="Release to tag with: a folder or a name.", zh="使用的模型版本：文件夹或名称。")
    backend = say(en="What runs the model; keywords needs no model.", zh="运行方式；keywords 不需要模型。")
    device = say(en="Where the model runs.", zh="模型在哪里运行。")
    function = click.option(
        "--device", type=click.Choice(["auto", "cpu", "cuda"]), default="auto", show_default=True, help=device
    )(function)
    function = click.option(
        "--backend", type=click.Choice(["auto", *BACKENDS]), default="auto", show_default=True, help=backend
    )(function)
    return click.option("--release", metavar="R", help=release)(function)


def example(*lines: str) -> str:
    """An epilog with each command on a line of its own."""
    title = say(en="Examples:", zh="示例：") if len(lines) > 1 else say(en="Example:", zh="示例：")
    return "\n".join(["\b", title, *(f"  {line}" for line in lines)])


def command_name() -> str:
    """How the user calls us: `chaoxun` where it is on the PATH, else the way to it."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return "python -m chaoxun"
    found = which("chaoxun")
    if called.name.startswith("chaoxun") and called.is_file() and (not found or not called.samefile(found)):
        return shell_word(str(called))
    return "chaoxun"
